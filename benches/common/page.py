"""Markdown that is printed as it comes, and put into its section of docs/performance.md when that is asked for."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from common.environment import ROOT

PAGE = ROOT / "docs" / "performance.md"


def ask_to_write(parser: argparse.ArgumentParser) -> None:
    """The option that writes the page."""
    parser.add_argument("--write", action="store_true", help="also put what is printed into docs/performance.md")


class Section:
    """What one command prints; it stands in the page between two comments with its name."""

    def __init__(self, name: str) -> None:
        """An empty section."""
        self.name = name
        self.lines: list[str] = []

    def say(self, text: str = "") -> None:
        """Print a paragraph or a line."""
        self.lines.append(text)
        print(text, flush=True)

    def table(self, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table, row by row as they come."""
        self.say()
        self.say(f"| {' | '.join(header)} |")
        self.say("|" + "---|" * len(header))
        for row in rows:
            self.say(f"| {' | '.join(row)} |")
        self.say()

    def write(self, page: Path = PAGE) -> None:
        """Replace the section of the page."""
        text = page.read_text(encoding="utf-8")
        begin, end = f"<!-- {self.name}: begin -->\n", f"<!-- {self.name}: end -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not (found and closed):
            sys.exit(f"{page} has no section `{begin.strip()}` .. `{end}`")
        own = "\n".join(self.lines).strip() + "\n"
        replaced = page.with_suffix(".tmp")
        replaced.write_text(before + begin + own + end + after, encoding="utf-8")
        replaced.replace(page)
