"""What the peers share: the figures of a series, the file they are written to, and the command line."""

import argparse
import csv
import json
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Cell = tuple[str, str, str]
"""Investment, party and budget year."""

QUANTILES = {"p10": 0.10, "p50": 0.50, "p80": 0.80, "p90": 0.90, "p95": 0.95, "p99": 0.99}


@dataclass(frozen=True)
class Series:
    """What a party pays in a year, trial by trial, and whether anything was cut there."""

    payment: Ints
    cut: Bools


@dataclass(frozen=True)
class Figures:
    """The figures of one series, money in kroner."""

    mean: float
    sd: float
    quantiles: Floats
    prob_cut: float
    prob_zero: float


Simulate = Callable[[int, int, int, Floats], dict[Cell, Figures]]
"""Figures by cell, from the number of trials, the seed, the threads and the levels of the quantiles."""


def figures(series: Series, levels: Floats, per_krone: int) -> Figures:
    """Summarise one series; a quantile is an amount that occurs."""
    payment = series.payment
    return Figures(
        mean=float(payment.mean()) / per_krone,
        sd=float(payment.std(ddof=1)) / per_krone,
        quantiles=np.quantile(payment, levels, method="inverted_cdf") / per_krone,
        prob_cut=float(series.cut.mean()),
        prob_zero=float((payment == 0).mean()),
    )


def summarise(series: dict[Cell, Series], levels: Floats, per_krone: int, threads: int) -> dict[Cell, Figures]:
    """Summarise every series, several at a time; a series that stands in two cells is summarised once."""
    distinct = {id(one): one for one in series.values()}
    with ThreadPoolExecutor(threads) as pool:
        summaries = list(pool.map(lambda one: figures(one, levels, per_krone), distinct.values()))
    by_id = dict(zip(distinct, summaries, strict=True))
    return {cell: by_id[id(one)] for cell, one in series.items()}


def sizes(trials: int, size: int) -> list[int]:
    """Divide the trials into pieces that stay in the cache."""
    whole, rest = divmod(trials, size)
    return [size] * whole + ([rest] if rest else [])


def join(pieces: Sequence[dict[Cell, Series]]) -> dict[Cell, Series]:
    """Put the pieces of every series together."""
    joined: dict[int, Series] = {}
    for cell, first in pieces[0].items():
        if id(first) not in joined:
            joined[id(first)] = Series(
                np.concatenate([piece[cell].payment for piece in pieces]),
                np.concatenate([piece[cell].cut for piece in pieces]),
            )
    return {cell: joined[id(first)] for cell, first in pieces[0].items()}


def levels_of(names: Iterable[str], trials: int, standard_errors: float) -> dict[str, float]:
    """Each quantile with the two levels so many standard errors (of a difference of two runs) away."""
    levels: dict[str, float] = {}
    for name in names:
        level = QUANTILES[name]
        away = standard_errors * (2 * level * (1 - level) / trials) ** 0.5
        levels |= {name: level, f"{name}_low": max(level - away, 0.0), f"{name}_high": min(level + away, 1.0)}
    return levels


def write(path: Path, table: dict[Cell, Figures], names: Sequence[str]) -> None:
    """Write the figures as one CSV file."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["investment", "party", "year", "mean", "sd", "prob_cut", "prob_zero", *names])
        for cell, one in table.items():
            rows.writerow([*cell, one.mean, one.sd, one.prob_cut, one.prob_zero, *one.quantiles.tolist()])


def main(description: str, variants: dict[str, Simulate]) -> None:
    """Run one program: once to its file, or again for each line of standard input."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--variant", choices=list(variants), default=next(iter(variants)))
    parser.add_argument("--trials", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True, help="the CSV file")
    parser.add_argument(
        "--intervals", type=float, help="write intervals of the quantiles, so many standard errors wide"
    )
    parser.add_argument("--serve", action="store_true", help="run once for each line read, and print its seconds")
    options = parser.parse_args()
    levels = QUANTILES
    if options.intervals is not None:
        levels = levels_of(QUANTILES, options.trials, options.intervals)

    def run() -> None:
        simulate = variants[options.variant]
        table = simulate(options.trials, options.seed, options.threads, np.array(list(levels.values())))
        write(options.out, table, list(levels))

    if not options.serve:
        run()
        return
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        seconds = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps(seconds), flush=True)
