"""Packages of one folder of the crate, as it is or with all its changes in one program."""
import collections
import json
import pathlib
import re
import shutil
import tomllib

ROOT = pathlib.Path(__file__).resolve().parents[2]
# `src/draw`, `src/measure` and `src/contract` need nothing else of the crate, so each is built and tested in seconds.
MODULES = {"contract": ["contract", "money"], "measure": ["measure"], "draw": ["draw"]}
# What applies limits, splits and return caps to trials needs all of it, and is tested from outside.
WHOLE = {"engine": "src/engine/block/**"}

# Which copy of a function is taken: 0 for none, the number of a change, or `cover` to write down which functions are reached.
SWITCH = """
#[doc(hidden)]
pub mod mutant {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

    const UNREAD: u32 = u32::MAX;
    const COVER: u32 = u32::MAX - 1;
    static CHANGE: AtomicU32 = AtomicU32::new(UNREAD);
    static REACHED: [AtomicBool; FUNCTIONS] = [const { AtomicBool::new(false) }; FUNCTIONS];

    #[inline(always)]
    pub fn at(function: usize) -> u32 {
        let change = CHANGE.load(Relaxed);
        if change < COVER { change } else { read(change, function) }
    }

    #[cold]
    #[inline(never)]
    fn read(mut change: u32, function: usize) -> u32 {
        if change == UNREAD {
            let text = std::env::var("MUTANT").unwrap_or_default();
            change = if text == "cover" { COVER } else { text.parse().unwrap_or(0) };
            CHANGE.store(change, Relaxed);
        }
        if change == COVER && !REACHED[function].swap(true, Relaxed) {
            let log = std::env::var("MUTANT_LOG").unwrap();
            let mut log = std::fs::OpenOptions::new().append(true).open(log).unwrap();
            log.write_all(format!("{function}\\n").as_bytes()).unwrap();
        }
        change
    }

    #[cold]
    #[inline(never)]
    pub fn changed<R>(body: impl FnOnce() -> R) -> R {
        body()
    }
}
"""


def assemble_whole(home):
    """The crate under another version, so that its builds do not take the place of ordinary ones."""
    shutil.copytree(ROOT, home, ignore=shutil.ignore_patterns("target", ".git"))
    manifest = (home / "Cargo.toml").read_text()
    manifest = re.sub(r'(?m)^version = ".*"$', 'version = "0.0.1"', manifest, count=1)
    manifest = re.sub(r"(?s)\[lints.*?(?=\n\[profile)", "", manifest)
    (home / "Cargo.toml").write_text(manifest + "\n[profile.test.package.udfald]\nopt-level = 1\ndebug = false\n\n[workspace]\n")


def assemble(home, folder):
    """A package with the module paths of the crate, and the dependencies that its files use."""
    source = home / "src"
    shutil.rmtree(home, ignore_errors=True)
    if folder in WHOLE:
        return assemble_whole(home)
    source.mkdir(parents=True)
    for module in MODULES[folder]:
        path = ROOT / "src" / module
        shutil.copytree(path, source / module) if path.is_dir() else shutil.copy(path.with_suffix(".rs"), source)
    (source / "lib.rs").write_text("".join(f"pub mod {module};\n" for module in MODULES[folder]))
    text = "".join(path.read_text() for path in source.rglob("*.rs"))
    crate = tomllib.loads((ROOT / "Cargo.toml").read_text())
    # Builds share dependencies, and must not share a program.
    name = f"{home.parent.name}-{folder}"
    lines = [f'[package]\nname = "{name}"\nversion = "0.0.0"\nedition = "{crate["package"]["edition"]}"\n\n[workspace]\n']
    lines.append("\n[profile.test]\nopt-level = 1\ndebug = false\n\n[profile.test.package.\"*\"]\nopt-level = 2\n\n[dependencies]\n")
    for name, what in (crate["dependencies"] | crate["dev-dependencies"]).items():
        if f"{name.replace('-', '_')}::" in text:
            what = {"version": what} if isinstance(what, str) else what
            fields = ", ".join(f"{key} = {json.dumps(value)}" for key, value in what.items())
            lines.append(f"{name} = {{ {fields} }}\n")
    (home / "Cargo.toml").write_text("".join(lines))
    shutil.copy(ROOT / "Cargo.lock", home)


def offset(lines, place):
    """Where a line and column (from 1, in characters) lie in a text of these lines."""
    return sum(len(line) + 1 for line in lines[: place["line"] - 1]) + place["column"] - 1


def span(text, place):
    lines = text.split("\n")
    return offset(lines, place["start"]), offset(lines, place["end"])


def change(path, mutant):
    """Makes one change in a file."""
    text = path.read_text()
    start, end = span(text, mutant["span"])
    path.write_text(f"{text[:start]} {mutant['replacement']} {text[end:]}")


TOKENS = re.compile(r"""//[^\n]*|/\*.*?\*/|b?r\#*"|b?"(?:\\.|[^"\\])*"|b?'(?:\\.[^']*|[^\\'])'|[{}]""", re.S)


def body_of(text, start, end):
    """Where the block that ends a function begins, after its brace."""
    opened = []
    for token in TOKENS.finditer(text, start, end):
        if token.group() == "{":
            opened.append(token.end())
        elif token.group() == "}":
            begin = opened.pop()
            if token.end() == end:
                return begin
    raise ValueError("no body: " + text[start:end])


def can_switch(mutant):
    """Whether a change lies in a function that can choose between copies of its body when it runs."""
    function = mutant.get("function")
    return bool(function) and "impl " not in (function["return_type"] or "") and not mutant.get("const")


def assemble_switched(home, folder, mutants):
    """The package with all changes; which numbers stand on each line of each file."""
    assemble(home, folder)
    files = collections.defaultdict(lambda: collections.defaultdict(list))
    for mutant in mutants:
        place = mutant["function"]["span"]
        key = tuple(place[side][part] for side in ("start", "end") for part in ("line", "column"))
        files[mutant["file"]][key].append(mutant)
    where, count = {}, 0
    for file, functions in files.items():
        path = home / file
        text, numbers = switch_file(path.read_text(), functions, count)
        count += len(functions)
        path.write_text(text)
        where[file.removeprefix("src/")] = numbers
    for path in (home / "src").rglob("*.rs"):
        # Bits are the same on every instruction set; one is enough, and quick to compile.
        plain = re.sub(r"#\[multiversion::multiversion\(.*?\)\)\]", "", path.read_text(), flags=re.S)
        path.write_text(plain.replace("#[inline(always)]", "#[inline]"))
    with (home / "src/lib.rs").open("a") as library:
        library.write(SWITCH.replace("FUNCTIONS]", f"{count + 1}]").replace("; FUNCTIONS", f"; {count + 1}"))
    return where


def switch_file(text, functions, count):
    """The text with a switch at the start of each function, and the numbers on each line."""
    pieces, last = [], 0
    numbers = collections.defaultdict(list)
    line = 1

    def put(piece):
        nonlocal line
        pieces.append(piece)
        line += piece.count("\n")

    for number, (_, mutants) in enumerate(sorted(functions.items()), count):
        start, end = span(text, mutants[0]["function"]["span"])
        begin = body_of(text, start, end)
        put(text[last:begin])
        put(f" match crate::mutant::at({number}) {{\n")
        for mutant in mutants:
            mutant["function_number"] = number
            left, right = span(text, mutant["span"])
            first = line
            put(f"{mutant['number']} => return crate::mutant::changed(move || {{\n{text[begin:left]} {mutant['replacement']} ")
            put(f"{text[right:end]}),\n")
            for at in range(first, line):
                numbers[at].append(mutant["number"])
        put("_ => {} }\n")
        last = begin
    put(text[last:])
    return "".join(pieces), numbers
