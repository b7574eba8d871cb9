"""Time and memory against trials, investments and threads, as tables and as a picture.

python3.11 benches/scale/run.py [--udfald PATH] [--most-trials N] [--most-investments N] [--rounds R] [--write]
"""

import argparse
import json
import math
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import portfolio
from common.environment import ROOT, WORK, ask_for_udfald, load, machine, python, threads, udfald, versions
from common.page import Section, ask_to_write
from common.process import observe

G1 = ("G1", ROOT / "scenarios" / "gallery" / "g1-quarterly-cap.toml", 8)
NORDDJURS = ("norddjurs.toml", ROOT / "scenarios" / "norddjurs.toml", 7)
INVESTMENTS = (1, 10, 100, 1_000)
TRIALS_OF_PORTFOLIOS = 100_000
OUT = WORK / "scale"
PICTURE = ROOT / "docs" / "pictures" / "scale.svg"
SHARE_OF_FREE = 0.85  # of memory and disk; a point that would need more is not run


@dataclass(frozen=True)
class Point:
    """One measurement; `size` is what grows, trials or investments."""

    series: str
    axis: str
    size: int
    seconds: float
    spread: tuple[float, float]
    cpu: float
    mib: float
    files: float


def free_memory() -> float:
    """What can still be occupied, in MiB; without limit where the system does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return math.inf
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("MemAvailable"))


def exponent(sizes: Sequence[int], values: Sequence[float]) -> float:
    """The power of the size by which a value grows between the last two points; 1 is linear."""
    return math.log(values[-1] / values[-2]) / math.log(sizes[-1] / sizes[-2])


def expected(points: Sequence[Point], values: Sequence[float], size: int) -> float:
    """What the next point will take if that goes on growing as it did last."""
    if len(points) < 2 or min(values) <= 0:
        return 0.0
    power = max(exponent([point.size for point in points], values), 0.0)
    return values[-1] * (size / points[-1].size) ** power


def refusal(points: Sequence[Point], size: int) -> str | None:
    """Why the next point is not run: it would need more memory or more room for files than there is."""
    memory = expected(points, [point.mib for point in points], size)
    if memory > SHARE_OF_FREE * free_memory():
        return f"not run: would occupy about {memory / 1024:.0f} GiB"
    files = expected(points, [point.files for point in points], size)
    if files > SHARE_OF_FREE * shutil.disk_usage(OUT).free / 2**20:
        return f"not run: would write about {files / 1024:.0f} GiB"
    return None


@dataclass(frozen=True)
class Bench:
    """What is measured with."""

    binary: Path
    rounds: int
    section: Section
    points: list[Point]

    def measure(self, series: str, axis: str, size: int, arguments: list[str], workers: int) -> Point:
        """Run as often as asked for, or once when it takes long."""
        command = [str(self.binary), "run", *arguments, "--threads", str(workers)]
        shutil.rmtree(OUT / "out", ignore_errors=True)
        runs = [observe(command, workers)]
        while len(runs) < self.rounds and runs[0][0].wall < 20:
            runs.append(observe(command, workers))
        walls = [cost.wall for cost, _ in runs]
        cpu = median(cost.cpu for cost, _ in runs)
        memory = max((mib or math.nan) for _, mib in runs)
        return Point(series, axis, size, median(walls), (min(walls), max(walls)), cpu, memory, size_of(OUT / "out"))

    def sizes(self, series: str, axis: str, sizes: Sequence[int], workers: int, *, files: bool) -> Iterator[list[str]]:
        """Measure a series and give its rows; it ends before a size that would not fit into memory."""
        own: list[Point] = []
        for size in sizes:
            reason = refusal(own, size)
            if reason is not None:
                yield [series, f"{size:,}", reason, *[""] * (5 + files)]
                break
            print(f"{series}, {size:,} {axis} ...", file=sys.stderr)
            point = self.measure(series, axis, size, arguments(series, axis, size, files=files), workers)
            own.append(point)
            power = exponent([one.size for one in own], [one.cpu for one in own]) if len(own) > 1 else None
            yield [*row(point, power), *([f"{point.files:,.1f}"] if files else [])]
        self.points.extend(own)


def arguments(series: str, axis: str, size: int, *, files: bool) -> list[str]:
    """What is run: a shipped scenario with so many trials, or a synthetic portfolio of so many investments."""
    out = ["--out", str(OUT / "out")] if files else []
    if axis == "trials":
        scenario = next(path for name, path, _ in (G1, NORDDJURS) if name == series)
        return [str(scenario), "--trials", str(size), *out]
    path = portfolio.write(OUT / f"portfolio-{size}", size, seed=1)
    return [str(path), "--trials", str(TRIALS_OF_PORTFOLIOS), *out]


def row(point: Point, power: float | None) -> list[str]:
    """The row of a point; processor time is in nanoseconds a trial, or in milliseconds an investment."""
    each = point.cpu / point.size * (1e9 if point.axis == "trials" else 1e3)
    return [
        point.series,
        f"{point.size:,}",
        f"{point.seconds:.3f}",
        f"{point.spread[0]:.3f} .. {point.spread[1]:.3f}",
        f"{point.cpu:.3f}",
        "" if power is None else f"{power:.2f}",
        f"{point.mib:,.0f}",
        f"{each:,.0f}",
    ]


def size_of(folder: Path) -> float:
    """The size of a results folder, in MiB."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 2**20


def trials(bench: Bench, most: int) -> None:
    """Against trials, from start of process to files."""
    workers = threads()[-1]
    bench.section.say(f"**Against trials**, start of process to files, threads: {workers}, load {load()}.")

    def rows() -> Iterator[list[str]]:
        for name, _, power in (G1, NORDDJURS):
            sizes = [10**digits for digits in range(4, power + 1) if 10**digits <= most]
            for cells in bench.sizes(name, "trials", sizes, workers, files=True):
                yield cells[:-1]  # the size of the files is the same for all

    bench.section.table(
        ("scenario", "trials", "s", "spread", "processor s", "exponent", "peak MiB", "processor ns a trial"), rows()
    )


def investments(bench: Bench, most: int) -> None:
    """Against investments, without and with files."""
    workers = threads()[-1]
    sizes = [size for size in INVESTMENTS if size <= most]
    for files, what, also in ((False, "without files", ()), (True, "with files", ("files, MiB",))):
        series = f"synthetic, {what}"
        bench.section.say(
            f"**Against investments**, {TRIALS_OF_PORTFOLIOS:,} trials, {what}, threads: {workers}, load {load()}."
        )
        header = ("portfolio", "investments", "s", "spread", "processor s", "exponent", "peak MiB", "processor ms each")
        bench.section.table((*header, *also), bench.sizes(series, "investments", sizes, workers, files=files))


def against_threads(bench: Bench, most: int) -> None:
    """Against threads."""
    size = min(1_000_000, most)
    bench.section.say(f"**Against threads**, {size:,} trials, start of process to files, load {load()}.")

    def rows() -> Iterator[list[str]]:
        for name, _, _ in (G1, NORDDJURS):
            first = None
            for workers in threads():
                point = bench.measure(name, "threads", size, arguments(name, "trials", size, files=True), workers)
                first = first or point
                times = f"{first.seconds / point.seconds:.2f}"
                yield [name, str(workers), *row(point, None)[2:5], times, f"{point.mib:,.0f}"]

    bench.section.table(("scenario", "threads", "s", "spread", "processor s", "times as fast", "peak MiB"), rows())


def draw(points: list[Point], path: Path) -> None:
    """Draw the picture, in the environment that has matplotlib."""
    data = OUT / "points.json"
    data.write_text(json.dumps([asdict(point) for point in points]), encoding="utf-8")
    subprocess.run([python(), Path(__file__).resolve().parent / "picture.py", data, path], check=True)
    print(f"Picture: {path}", file=sys.stderr)


def main() -> None:
    """Measure, print and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most-trials", type=int, default=10**8)
    parser.add_argument("--most-investments", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3, help="runs of each point that takes less than 20 s")
    ask_for_udfald(parser)
    ask_to_write(parser)
    options = parser.parse_args()
    python()
    binary = udfald(options)
    OUT.mkdir(parents=True, exist_ok=True)
    bench = Bench(binary, options.rounds, Section("scale"), [])
    bench.section.say(f"{machine()}, {free_memory() / 1024:.0f} GiB free.\n{versions(binary)}.\n")
    trials(bench, options.most_trials)
    investments(bench, options.most_investments)
    against_threads(bench, options.most_trials)
    shutil.rmtree(OUT / "out", ignore_errors=True)
    draw(bench.points, PICTURE if options.write else OUT / PICTURE.name)
    if options.write:
        bench.section.write()


if __name__ == "__main__":
    main()
