"""The gate against slower programs that needs no quiet machine: instructions of small fixed runs, counted by callgrind.

python3.11 benches/gate/instructions.py [--udfald PATH] [--accept]

Status 1 when a run needs 5 % more instructions than benches/gate/instructions.json says, or 5 % less, which is worth
accepting; --accept writes the file anew. Counts depend on the compiler and on the instructions that processor and
valgrind have, so the file says with which it was made. With others the table is printed and nothing is judged; without
valgrind there is nothing to print. Both end with status 0.
"""

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from common.environment import ROOT, WORK, ask_for_udfald, udfald
from common.page import Section

BASELINE = Path(__file__).resolve().parent / "instructions.json"
FAR = 0.05
G1 = "scenarios/gallery/g1-quarterly-cap.toml"
NORDDJURS = "scenarios/norddjurs.toml"
FIXED = ("--threads", "1", "--seed", "1")
RUNS: dict[str, tuple[str, ...]] = {
    "G1, checked": ("check", G1),
    "G1, one page": ("run", G1, "--trials", "512", *FIXED),
    "G1, 40 pages": ("run", G1, "--trials", "20480", *FIXED),
    "G1, one page, with files": ("run", G1, "--trials", "512", *FIXED, "--out"),
    "norddjurs.toml, checked": ("check", NORDDJURS),
    "norddjurs.toml, one page": ("run", NORDDJURS, "--trials", "512", *FIXED),
    "norddjurs.toml, 40 pages": ("run", NORDDJURS, "--trials", "20480", *FIXED),
    "norddjurs.toml, one page, with files": ("run", NORDDJURS, "--trials", "512", *FIXED, "--out"),
}


def instructions(binary: Path, arguments: tuple[str, ...]) -> int:
    """Instructions that a run executes, in all threads."""
    out = WORK / "gate"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    folder = [str(out / "out")] if arguments[-1] == "--out" else []
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary), *arguments, *folder]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stderr
    counted = re.search(r"Collected : (\d+)", told)
    if counted is None:
        sys.exit(f"callgrind told no number of instructions:\n{told}")
    return int(counted.group(1))


def made_with() -> str:
    """What counts depend on, besides the program."""
    rustc = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    valgrind = subprocess.run(["valgrind", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    about = Path("/proc/cpuinfo")
    flags = about.read_text(encoding="utf-8").split() if about.exists() else []
    return ", ".join([
        rustc,
        platform.machine(),
        *(["avx2"] if "avx2" in flags else []),
        valgrind,
        *platform.libc_ver(),
    ])


def row(name: str, now: int, before: int | None) -> list[str]:
    """The row of a run."""
    if before is None:
        return [name, f"{now:,}", "", "new", ""]
    change = now / before - 1
    verdict = "" if abs(change) <= FAR else "**more**" if change > 0 else "**less**"
    return [name, f"{now:,}", f"{before:,}", f"{100 * change:+.2f} %", verdict]


def main() -> int:
    """Count, compare, and accept if told to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accept", action="store_true", help="make these counts the ones to compare with")
    ask_for_udfald(parser)
    options = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("Skipped: instructions are counted by valgrind, which is not installed.")
        return 0
    binary, here = udfald(options), made_with()
    accepted = json.loads(BASELINE.read_text(encoding="utf-8")) if BASELINE.exists() else {"instructions": {}}
    before: dict[str, int] = accepted["instructions"]
    now: dict[str, int] = {}

    def rows() -> Iterator[list[str]]:
        for name, arguments in RUNS.items():
            now[name] = instructions(binary, arguments)
            yield row(name, now[name], before.get(name))

    section = Section("instructions")
    section.table(("run", "instructions", "accepted", "change", "verdict"), rows())
    if options.accept:
        text = json.dumps({"made with": here, "instructions": now}, indent=4)
        BASELINE.write_text(text + "\n", encoding="utf-8")
        return 0
    if accepted.get("made with") != here:
        print(f"Not judged: accepted with {accepted.get('made with')}, here it is {here}.")
        return 0
    return judge(now, before)


def judge(now: dict[str, int], before: dict[str, int]) -> int:
    """Say what moved; status 1 if anything did."""
    moved = [name for name, count in now.items() if name not in before or abs(count / before[name] - 1) > FAR]
    if moved:
        print(f"Moved by more than {100 * FAR:.0f} %: {', '.join(moved)}.", file=sys.stderr)
        print("Find out why. What is meant is accepted by benches/gate/instructions.py --accept.", file=sys.stderr)
    return 1 if moved else 0


if __name__ == "__main__":
    sys.exit(main())
