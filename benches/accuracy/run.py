"""Seconds until a figure is known to a given accuracy: udfald with each of its samplers, NumPy, SciPy's Sobol numbers.

python3.11 benches/accuracy/run.py [--seeds N] [--udfald PATH] [--write]
"""

import argparse
import csv
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from common.environment import ROOT, WORK, ask_for_udfald, machine, python, udfald, versions
from common.page import Section, ask_to_write
from common.process import run as run_process
from common.process import variables

HERE = Path(__file__).resolve().parent
OUT = WORK / "accuracy"
SIZES = [1 << power for power in range(8, 25)]
SAMPLERS = ("plain", "lhs", "sobol")  # ours, as far as the binary has them
HEADER = ("program", "sampler", "trials needed", "processor s", "s", "with the start of the process, s")


@dataclass(frozen=True)
class Goal:
    """A figure that is known exactly, and how near is near enough, in parts of it."""

    name: str
    contract: str
    scenario: Path
    statistic: str
    exact: float
    tolerance: float


GOALS = (
    Goal(  # docs/facts.md, section 5: payable less the shortfall
        name="the mean of all payments of G1, within 0.02 %",
        contract="g1-quarterly-cap",
        scenario=ROOT / "scenarios" / "gallery" / "g1-quarterly-cap.toml",
        statistic="mean",
        exact=1_249_406.061 - 37_642.745,
        tolerance=0.0002,
    ),
    Goal(  # benches/accuracy/exact.py
        name="P90 of the total of G1 with twelve prices, within 0.1 %",
        contract="twelve-prices",
        scenario=HERE / "twelve-prices.toml",
        statistic="p90",
        exact=1_799_220.0,
        tolerance=0.001,
    ),
)


@dataclass(frozen=True)
class Run:
    """A figure as one seed gives it, and its cost: processor seconds, seconds, seconds of the whole process."""

    figure: float
    cpu: float
    wall: float
    process: float


Simulate = Callable[[Goal, int, int], list[Run]]
"""Runs of a goal, from the number of trials and the number of seeds."""


def ours(binary: Path, sampler: str) -> Simulate:
    """udfald, a process for each seed; its start is in all figures."""

    def simulate(goal: Goal, trials: int, seeds: int) -> list[Run]:
        runs = []
        for seed in range(1, seeds + 1):
            command = [str(binary), "run", str(goal.scenario), "--trials", str(trials), "--seed", str(seed)]
            cost = run_process([*command, "--threads", "1", "--sampler", sampler, "--out", str(OUT / "out")], 1)
            runs.append(Run(figure(OUT / "out" / "summary.csv", goal), cost.cpu, cost.wall, cost.wall))
        return runs

    return simulate


def figure(path: Path, goal: Goal) -> float:
    """The payments of all in a results folder."""
    wanted = (goal.contract, "all", "payment", "total", goal.statistic)
    with path.open(newline="", encoding="utf-8") as file:
        names = ("investment", "party", "flow", "year", "statistic")
        return next(float(row["value"]) for row in csv.DictReader(file) if tuple(row[n] for n in names) == wanted)


def theirs(interpreter: Path, sampler: str) -> Simulate:
    """The Python program: all seeds in one warm process, and one process for a single seed."""

    def simulate(goal: Goal, trials: int, seeds: int) -> list[Run]:
        command = [str(interpreter), str(HERE / "samplers.py"), goal.contract, "--sampler", sampler]
        command += ["--trials", str(trials)]
        process = run_process(command, 1).wall
        told = subprocess.run(
            [*command, "--seeds", str(seeds + 1)], env=variables(command, 1), check=True, capture_output=True, text=True
        )
        warm = json.loads(told.stdout)[1:]  # the first run of a process loads code
        return [Run(one[goal.statistic], one["cpu"], one["wall"], process) for one in warm]

    return simulate


def error(goal: Goal, runs: list[Run]) -> float:
    """The root mean square error of some runs, in parts of the exact figure."""
    return math.sqrt(sum((run.figure / goal.exact - 1) ** 2 for run in runs) / len(runs))


def between(low: tuple[float, float], high: tuple[float, float], at: float) -> float:
    """A value between two points, in a line on logarithmic scales."""
    share = (math.log(at) - math.log(low[0])) / (math.log(high[0]) - math.log(low[0]))
    return math.exp(math.log(low[1]) + share * (math.log(high[1]) - math.log(low[1])))


def needed(goal: Goal, simulate: Simulate, seeds: int, *, powers: bool) -> list[str] | None:
    """Trials and seconds until the error is small enough; sizes that must be powers of 2 are not interpolated."""
    before: tuple[float, int, list[float]] | None = None
    for size in SIZES:
        trials = size
        runs = simulate(goal, size, seeds)
        found = error(goal, runs)
        costs = [median(run.cpu for run in runs), median(run.wall for run in runs), runs[0].process]
        if found <= goal.tolerance:
            if not (powers or before is None or before[0] <= found):
                at = between((before[0], before[1]), (found, size), goal.tolerance)
                pairs = zip(before[2], costs, strict=True)
                costs = [between((before[1], low), (size, high), at) for low, high in pairs]
                trials = round(at)
            return [f"{trials:,}", *(f"{cost:.4f}" for cost in costs)]
        before = (found, size, costs)
    return None


def programs(binary: Path) -> list[tuple[str, str, Simulate]]:
    """What is compared: those of our samplers that the binary has, and the peers."""
    told = subprocess.run([binary, "run", "--help"], check=True, capture_output=True, text=True).stdout
    known = [name for name in SAMPLERS if f"- {name}:" in told]
    own = [("udfald", name, ours(binary, name)) for name in known]
    interpreter = python()
    return [
        *own,
        ("NumPy and SciPy", "plain", theirs(interpreter, "plain")),
        ("NumPy and SciPy", "sobol", theirs(interpreter, "sobol")),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=48, help="runs whose errors are averaged")
    ask_for_udfald(parser)
    ask_to_write(parser)
    options = parser.parse_args()
    binary = udfald(options)
    compared = programs(binary)
    OUT.mkdir(parents=True, exist_ok=True)
    section = Section("accuracy")
    section.say(f"{machine()}.\n{versions(binary, ('numpy', 'scipy'))}, {options.seeds} seeds.")
    for goal in GOALS:
        section.say(f"\n**Until it is known: {goal.name}** (root mean square error over seeds), one thread.")

        def rows(goal: Goal = goal) -> Iterator[list[str]]:
            for program, sampler, simulate in compared:
                print(f"{goal.contract}: {program}, {sampler} ...", file=sys.stderr)
                found = needed(goal, simulate, options.seeds, powers=sampler == "sobol")
                yield [program, sampler, *(found or [f"more than {SIZES[-1]:,}", "", "", ""])]

        section.table(HEADER, rows())
    shutil.rmtree(OUT / "out", ignore_errors=True)
    if options.write:
        section.write()


if __name__ == "__main__":
    main()
