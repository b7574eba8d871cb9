"""Nanoseconds a value to write the files of a results folder: runs with files less runs without, in pairs.

python3.11 benches/writing/run.py [--udfald PATH] [--rounds R] [--write]
"""

import argparse
import csv
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "scale"))

import portfolio
from common.environment import ROOT, WORK, ask_for_udfald, load, machine, udfald, versions
from common.page import Section, ask_to_write
from common.process import Cost, run

OUT = WORK / "writing"
INVESTMENTS = (10, 40)
HEADER = ("scenario", "values", "MiB", "processor ns a value", "spread", "without, s", "with, s")


def values(folder: Path) -> int:
    """The numbers in the CSV files of a folder."""
    count = 0
    for path in folder.glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows)
            numbers = [i for i, name in enumerate(header) if name not in {"investment", "party", "year", "unit"}]
            count += sum(row[i][:1].isdigit() or row[i][:1] == "-" for row in rows for i in numbers)
    return count


def measured(binary: Path, name: str, scenario: Path, rounds: int) -> list[str]:
    """The row of a scenario; one trial is enough, since what is written does not grow with trials."""
    out = OUT / "out"
    without = [str(binary), "run", str(scenario), "--trials", "1", "--threads", "1"]
    pairs: list[tuple[Cost, Cost]] = []
    for _ in range(rounds):
        shutil.rmtree(out, ignore_errors=True)
        bare = run(without, 1)
        pairs.append((bare, run([*without, "--out", str(out)], 1)))
    count = values(out)
    size = sum(path.stat().st_size for path in out.glob("*.csv")) / 2**20
    shutil.rmtree(out)
    cpu = sorted(1e9 * (filed.cpu - bare.cpu) / count for bare, filed in pairs)
    seconds = [f"{median(pair[i].wall for pair in pairs):.3f}" for i in (0, 1)]
    return [
        name,
        f"{count:,}",
        f"{size:,.1f}",
        f"**{median(cpu):,.0f}**",
        f"{cpu[0]:,.0f} .. {cpu[-1]:,.0f}",
        *seconds,
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=11)
    ask_for_udfald(parser)
    ask_to_write(parser)
    options = parser.parse_args()
    binary = udfald(options)
    section = Section("writing")
    section.say(f"{machine()}.\n{versions(binary)}, rounds: {options.rounds}, load {load()}.")

    def rows() -> Iterator[list[str]]:
        yield measured(binary, "norddjurs.toml", ROOT / "scenarios" / "norddjurs.toml", options.rounds)
        for investments in INVESTMENTS:
            path = portfolio.write(OUT / f"portfolio-{investments}", investments, seed=1)
            yield measured(binary, f"synthetic, {investments} investments", path, options.rounds)

    section.table(HEADER, rows())
    if options.write:
        section.write()


if __name__ == "__main__":
    main()
