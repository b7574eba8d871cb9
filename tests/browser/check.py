"""Opens every page of a results folder in headless Chromium and checks what text alone cannot show."""

import argparse
import os
import shutil
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

from playwright.sync_api import sync_playwright
from pypdf import PdfReader

# Views: the width in pixels and the colours of the device.
VIEWS = {"desk": (1100, "light"), "phone": (390, "light"), "dark": (1100, "dark")}

# WCAG 2.2, 1.4.3 and 1.4.11.
TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3.0

# Runs in the page: every text and every shape of a picture with its colour and that of its ground.
COLOURS = """() => {
  const seen = [];
  const ground = getComputedStyle(document.documentElement).backgroundColor;
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height || style.visibility === 'hidden') continue;
    const own = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const svg = element.namespaceURI.endsWith('svg');
    if (own && !['title', 'desc', 'style'].includes(element.localName))
      seen.push(['text', element.outerHTML.slice(0, 70), svg ? style.fill : style.color, ground]);
    else if (svg && ['rect', 'circle', 'path'].includes(element.localName))
      seen.push(['shape', element.outerHTML.slice(0, 70), style.fill === 'none' ? style.stroke : style.fill, ground]);
  }
  return seen;
}"""

STRUCTURE = """() => ({
  headings: [...document.querySelectorAll('h1,h2,h3,h4')].map(h => +h.localName[1]),
  lang: document.documentElement.lang,
  landmarks: [!!document.querySelector('main'), !!document.querySelector('header')],
  tables: [...document.querySelectorAll('table')].map(t => ({
    caption: t.caption?.textContent || '',
    bare: [...t.querySelectorAll('th')].filter(h => !h.scope).length,
    ragged: [...t.tBodies].flatMap(b => [...b.rows]).filter(r => !r.classList.contains('group'))
      .filter(r => r.cells.length !== t.tHead.rows[0].cells.length).length,
    reached: !!t.closest('[tabindex="0"][role=region][aria-label]'),
  })),
  pictures: [...document.querySelectorAll('figure svg[role=img]')].map(s => ({
    name: s.getAttribute('aria-labelledby').split(' ').map(id => document.getElementById(id)?.textContent || '').join('|'),
    table: !!s.closest('section').querySelector('table'),
    box: s.getBoundingClientRect().width,
    clipped: [...s.querySelectorAll('text')].filter(t => {
      const a = t.getBoundingClientRect(), b = s.getBoundingClientRect();
      return a.left < b.left - 1 || a.right > b.right + 1 || a.bottom > b.bottom + 1;
    }).map(t => t.textContent),
  })),
  ids: [...document.querySelectorAll('[id]')].map(e => e.id),
  wide: document.documentElement.scrollWidth > innerWidth,
  scripts: document.scripts.length,
})"""


def luminance(colour):
    channels = [float(c) / 255 for c in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


class Checks:
    """Findings, told at the end."""

    def __init__(self):
        self.bad, self.done = [], 0

    def that(self, holds, what):
        self.done += 1
        if not holds:
            self.bad.append(what)


def look(page, name, view, checks):
    facts = page.evaluate(STRUCTURE)
    where = f"{name} ({view})"
    levels = facts["headings"]
    checks.that(levels[0] == 1 and levels.count(1) == 1, f"{where}: one h1, first")
    checks.that(all(b - a <= 1 for a, b in zip(levels, levels[1:])), f"{where}: a heading skips a level")
    checks.that(facts["lang"] in ("en", "da"), f"{where}: no language")
    checks.that(all(facts["landmarks"]), f"{where}: no main or header")
    checks.that(len(set(facts["ids"])) == len(facts["ids"]), f"{where}: an id stands twice")
    checks.that(not facts["wide"], f"{where}: wider than the window")
    checks.that(facts["scripts"] == 0, f"{where}: a script")
    checks.that(len(facts["tables"]) > 0, f"{where}: no table")
    for table in facts["tables"]:
        checks.that(table["caption"] and not table["bare"], f"{where}: table without caption or scope: {table}")
        checks.that(not table["ragged"], f"{where}: rows of another length: {table}")
        checks.that(table["reached"], f"{where}: a keyboard cannot scroll the table {table['caption']}")
    for picture in facts["pictures"]:
        title, _, description = picture["name"].partition("|")
        checks.that(title and description, f"{where}: picture without title or description")
        checks.that(picture["table"], f"{where}: no table beside the picture {title}")
        checks.that(not picture["clipped"], f"{where}: text cut off in {title}: {picture['clipped']}")
    for kind, what, ink, ground in page.evaluate(COLOURS):
        least = TEXT_CONTRAST if kind == "text" else SHAPE_CONTRAST
        checks.that(contrast(ink, ground) >= least, f"{where}: {contrast(ink, ground):.1f} is too little contrast: {what}")


def open_page(browser, path, view, checks):
    width, colours = VIEWS[view]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=colours)
    page = context.new_page()
    page.on("request", lambda r: checks.that(r.url.startswith(("file:", "data:")) and path.name in r.url + path.name, f"{path.name} fetches {r.url}"))
    page.on("dialog", lambda d: (checks.that(False, f"{path.name} runs a script"), d.dismiss()))
    page.on("console", lambda m: checks.that(m.type != "error", f"{path.name}: {m.text}"))
    page.goto(path.resolve().as_uri())
    return context, page


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--shots", type=Path, default=None, help="folder for pictures of what is seen")
    options.add_argument("--sides", type=int, default=2, help="sides of A4 that the council gets at most")
    options = options.parse_args()
    shots = options.shots or options.folder.parent / ".shots"
    shots.mkdir(parents=True, exist_ok=True)
    checks = Checks()
    pages = sorted(options.folder.glob("report*.html"))
    checks.that(pages, f"no page in {options.folder}")
    for picture in sorted(options.folder.glob("pictures/*.svg")):
        root = xml.parse(picture).getroot()
        checks.that(root.tag.endswith("svg") and root.find("{*}title") is not None, f"{picture.name}: no SVG with a title")
    found = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for path in pages:
            for view in VIEWS:
                context, page = open_page(browser, path, view, checks)
                look(page, path.name, view, checks)
                if options.shots:
                    page.screenshot(path=shots / f"{path.stem}-{view}.png", full_page=True)
                if view == "desk":
                    paper = shots / f"{path.stem}.pdf"
                    page.pdf(path=paper, prefer_css_page_size=True, print_background=True)
                    sides = len(PdfReader(paper).pages)
                    print(f"{path.name}: {sides} sides of A4")
                    if path.stem == "report-council":
                        checks.that(sides <= options.sides, f"{path.name} has {sides} sides")
                context.close()
        browser.close()
    if not options.shots:
        shutil.rmtree(shots)
    for finding in checks.bad:
        print(finding, file=sys.stderr)
    print(f"{checks.done} checks, {len(checks.bad)} findings")
    return 1 if checks.bad else 0


if __name__ == "__main__":
    sys.exit(main())
