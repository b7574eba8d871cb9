"""Whether all programs give the same answers."""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from common.page import Section
from common.process import run
from contracts import Cell, Contract, Peer, Settings, peer_command, udfald_command

STANDARD_ERRORS = 5.0  # how far apart two programs may be
BUCKET = 1 / 4096  # a quantile of an amount with very many values may be so much too high (docs/model.md, section 15)
QUANTILES = ("p10", "p50", "p80", "p90", "p95", "p99")
HEADER = ("program", "figures", "farthest, standard errors", "quantiles outside", "from exact; standard errors")

Table = dict[Cell, dict[str, float]]


def read_udfald(folder: Path) -> tuple[Table, Table]:
    """Payments by cell and statistic, and the standard errors of those that have an interval."""
    values: Table = {}
    errors: Table = {}
    with (folder / "summary.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["flow"] == "payment":
                cell = (row["investment"], row["party"], row["year"])
                values.setdefault(cell, {})[row["statistic"]] = float(row["value"] or "nan")
                if row["ci_low"]:
                    width = float(row["ci_high"]) - float(row["ci_low"])
                    errors.setdefault(cell, {})[row["statistic"]] = width / (2 * 1.96)
    return values, errors


def read_peer(path: Path) -> Table:
    """Figures by cell and statistic."""
    with path.open(newline="", encoding="utf-8") as file:
        return {
            (row.pop("investment"), row.pop("party"), row.pop("year")): {name: float(x) for name, x in row.items()}
            for row in csv.DictReader(file)
        }


def distance(difference: float, error: float, smallest: float) -> float:
    """A difference in standard errors; what is printed the same is the same."""
    if abs(difference) <= smallest:
        return 0.0
    return abs(difference) / error if error > 0 else float("inf")


def distances(
    ours: dict[str, float], errors: dict[str, float], theirs: dict[str, float], trials: int, samples: int
) -> dict[str, float]:
    """How far mean, spread and probabilities are apart, in standard errors of a difference with so many samples."""
    variance = ours["sd"] ** 2 + (theirs["sd"] ** 2 if samples > 1 else 0.0)
    apart = {"mean": distance(ours["mean"] - theirs["mean"], (variance / trials) ** 0.5, 0.01)}
    apart["sd"] = distance(ours["sd"] - theirs["sd"], samples**0.5 * errors.get("sd", 0.0), 0.01)
    for name in ("prob_cut", "prob_zero"):
        pooled = (ours[name] + theirs[name]) / 2 if samples > 1 else theirs[name]
        error = (samples * pooled * (1 - pooled) / trials) ** 0.5
        apart[name] = distance(ours[name] - theirs[name], error, 1e-9)
    return apart


def outside(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Quantiles that lie outside the peer's interval."""
    return [
        name
        for name in QUANTILES
        if not theirs[f"{name}_low"] - 0.02 <= ours[name] <= theirs[f"{name}_high"] * (1 + BUCKET) + 0.02
    ]


def from_exact(contract: Contract, table: Table, trials: int) -> str:
    """How far the means are from the exact ones: in per cent of the total, and the worst in standard errors."""
    if not contract.exact:
        return ""
    worst = max(
        distance(table[cell]["mean"] - exact, table[cell]["sd"] / trials**0.5, 0.0)
        for cell, exact in contract.exact.items()
    )
    cell, exact = list(contract.exact.items())[-1]
    return f"{100 * (table[cell]['mean'] / exact - 1):+.4f} %; {worst:.1f}"


def compare(settings: Settings, contract: Contract, peer: Peer, ours: Table, errors: Table) -> tuple[list[str], ...]:
    """The row of a peer, and every figure that is too far from ours."""
    threads = peer.threads[-1]
    run([*peer_command(settings, peer, threads), "--intervals", str(STANDARD_ERRORS)], threads)
    theirs = read_peer(peer.file())
    samples = 2 if peer.sampled else 1
    apart = {
        cell: distances(ours[cell], errors.get(cell, {}), one, settings.trials, samples) for cell, one in theirs.items()
    }
    missed = [(cell, name) for cell, one in theirs.items() for name in outside(ours[cell], one)]
    worst = max(one for by_name in apart.values() for one in by_name.values())
    figures = len(theirs) * (len(QUANTILES) + 4)
    exact = from_exact(contract, theirs, settings.trials)
    row = [peer.name, str(figures), f"{worst:.2f}", str(len(missed)), exact]
    missed += [(cell, name) for cell, one in apart.items() for name, far in one.items() if far > STANDARD_ERRORS]
    return row, [
        f"{peer.name}: {'/'.join(cell)} {name}: udfald {ours[cell][name]}, peer {theirs[cell][name]}"
        for cell, name in missed
    ]


def check(settings: Settings, contract: Contract, section: Section) -> bool:
    """Run every program once, compare all figures, and print a table of it."""
    threads = settings.threads[-1]
    command = udfald_command(settings, contract, threads)
    run(command, threads)
    ours, errors = read_udfald(Path(command[-1]))
    total = ours[list(ours)[-1]]
    error = 100 * total["sd"] / settings.trials**0.5 / total["mean"]
    section.say(
        f"\n**{contract.name}: the same answers.** {settings.trials:,} trials each. The mean of all payments has a"
    )
    section.say(f"standard error of {error:.4f} % in every program that draws.")
    failures: list[str] = []

    def rows() -> Iterator[list[str]]:
        yield ["udfald", "", "", "", from_exact(contract, ours, settings.trials)]
        for peer in contract.peers:
            row, missed = compare(settings, contract, peer, ours, errors)
            failures.extend(missed)
            yield row

    section.table(HEADER, rows())
    for failure in failures:
        print(f"DIFFERENT: {failure}", file=sys.stderr)
    return not failures
