"""Where the processor time of a run goes, by stage, in nanoseconds a trial: samples of one thread, told apart by source file.

python3.11 benches/stages/run.py [--udfald PATH] [--trials N] [--write]

It needs Linux with perf, setarch and addr2line (binutils). Without --udfald it builds with `--profile profiling`: the release
profile with line tables, by which a sample inside an inlined function is told from one around it.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from common.environment import ROOT, WORK, ask_for_udfald, load, machine, udfald, versions
from common.page import Section, ask_to_write
from common.process import run

OUT = WORK / "stages"
BASE = 0x555555554000
"""Where Linux loads a program whose addresses are not randomised."""
TRIALS = {"gallery/g1-quarterly-cap.toml": 20_000_000, "norddjurs.toml": 4_000_000}

STAGES = {
    "random words": r"draw/(threefry|address|points)",
    "scores, rates and other inputs": r"draw/normal|src/dist/|dependence/|block/(draw|real)|libm",
    "counts of people": r"draw/binomial|draw/beta_binomial",
    "prices, readings, rounding": r"contract/|block/(money|whole)|src/money",
    "sums, limits, shares, accounts": r"block/",
    "counting on a lattice": r"measure/(lattice|pairs|cells)",
    "counting without a lattice": r"measure/(scatter|buckets|few|radix|exact|tally)|engine/spool",
    "statistics": r"measure/(summary|statistic|interval|stored|binomial)|engine/results|report/figures",
    "start: loading, tables, plan, largest amounts": r"scenario/|engine/(plan|program|compile|model|bounds)|microlp|src/cli",
    "writing": r"report/|digest|sha2",
    "handing pages to threads": r"engine/(run|total|spans|part)",
}
"""The first whose pattern is found in the innermost source file of a sample that is one of these."""


def sampled(binary: Path, scenario: Path, trials: int) -> Counter[int]:
    """Addresses inside the program of samples of a run with one thread; -1 for those outside of it."""
    command = [str(binary), "run", str(scenario), "--trials", str(trials), "--threads", "1", "--out", str(OUT / "out")]
    data = OUT / "perf.data"
    record = ["perf", "record", "--quiet", "--freq", "4000", "--output", str(data), "setarch", "-R", *command]
    subprocess.run(record, check=True, stdout=subprocess.DEVNULL)
    script = ["perf", "script", "--input", str(data), "--fields", "ip,dso"]
    found: Counter[int] = Counter()
    for line in subprocess.run(script, check=True, capture_output=True, text=True).stdout.splitlines():
        address, _, place = line.strip().partition(" ")
        found[int(address, 16) - BASE if str(binary) in place else -1] += 1
    return found


def stages(binary: Path, samples: Counter[int]) -> Counter[str]:
    """Samples by stage."""
    addresses = sorted(samples.keys() - {-1})
    asked = "\n".join(hex(address) for address in addresses)
    tool = ["addr2line", "--exe", str(binary), "--inlines", "--addresses"]
    answer = subprocess.run(tool, input=asked, check=True, capture_output=True, text=True).stdout
    found = Counter({"the system: memory, files": samples[-1]})
    for block in re.split(r"^0x", answer, flags=re.MULTILINE)[1:]:
        address, *lines = block.splitlines()
        found[stage(lines)] += samples[int(address, 16)]
    return found


def stage(lines: list[str]) -> str:
    """The stage of a sample, from its source lines, the innermost first."""
    for line in lines:
        for name, pattern in STAGES.items():
            if re.search(pattern, line):
                return name
    return "other"


def rows(binary: Path) -> Iterator[list[str]]:
    """A row for each stage."""
    costs: dict[str, dict[str, float]] = {}
    for name, trials in TRIALS.items():
        scenario = ROOT / "scenarios" / name
        shutil.rmtree(OUT / "out", ignore_errors=True)
        command = [str(binary), "run", str(scenario), "--trials", str(trials), "--threads", "1", "--out", str(OUT / "out")]
        each = run(command, 1).cpu / trials * 1e9
        found = stages(binary, sampled(binary, scenario, trials))
        costs[name] = {stage: each * samples / found.total() for stage, samples in found.items()}
    for stage in [*STAGES, "the system: memory, files", "other"]:
        yield [stage, *(f"{cost.get(stage, 0):,.1f}" for cost in costs.values())]
    yield ["together", *(f"**{sum(cost.values()):,.1f}**" for cost in costs.values())]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask_for_udfald(parser)
    ask_to_write(parser)
    options = parser.parse_args()
    missing = [tool for tool in ("perf", "setarch", "addr2line") if shutil.which(tool) is None]
    if missing:
        sys.exit(f"skipped: {', '.join(missing)} not found")
    binary = udfald(options, "profiling")
    OUT.mkdir(parents=True, exist_ok=True)
    section = Section("stages")
    section.say(f"{machine()}.\n{versions(binary)}, threads: 1, with files, load {load()}.")
    header = ["stage", *(f"{name.split('/')[-1]}, ns a trial" for name in TRIALS)]
    section.table(header, rows(binary))
    if options.write:
        section.write()


if __name__ == "__main__":
    main()
