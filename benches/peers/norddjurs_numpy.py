"""The portfolio `norddjurs.toml` in NumPy and SciPy: both contracts with what they have in common."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from itertools import pairwise

import numpy as np
from scipy.special import betaincinv, ndtr

import peer


def beta_of(mean: float, sd: float) -> tuple[float, float]:
    """Parameters of the Beta distribution with this mean and spread."""
    weight = mean * (1 - mean) / sd**2 - 1
    return mean * weight, (1 - mean) * weight


ORE = 100  # money is whole øre
YEARS = ("2027", "2028", "2029")
DUE = [date(2027, 7, 1), date(2028, 7, 1), date(2029, 7, 1)]
LIMITS = {"norddjurs": 1_000_000 * ORE, "ostifterne": 2_200_000 * ORE, "region-midtjylland": 3_300_000 * ORE}
YOUTH_LIMIT = 5_150_000 * ORE
REFERRALS_DRAWN = {date(2026, 7, 1): 2_725_000 * ORE, date(2027, 7, 1): 2_725_000 * ORE}
YOUTH_DRAWN = {date(2025, 12, 1): 593_750 * ORE, date(2026, 7, 1): 2_375_000 * ORE, date(2027, 6, 1): 1_781_250 * ORE}
PIECE = 20_000
WELLBEING, LESS_HELP = (8.0, 8.0), (8.0, 12.0)
COMPLETION, JOB = beta_of(0.77, 0.067), beta_of(0.46, 0.09)
SCORES = np.linspace(-8.0, 8.0, 4_097)


@dataclass(frozen=True)
class Money:
    """What a payer owes before any limit and what it pays, trial by trial, in øre."""

    earned: peer.Ints
    paid: peer.Ints


def exact_beta(score: peer.Floats, a: float, b: float) -> peer.Floats:
    """Values of Beta(a, b) at normal scores."""
    values: peer.Floats = betaincinv(a, b, ndtr(score))
    return values


@cache
def table(a: float, b: float) -> peer.Floats:
    """Values of Beta(a, b) at the scores of the table."""
    return exact_beta(SCORES, a, b)


def tabulated_beta(score: peer.Floats, a: float, b: float) -> peer.Floats:
    """The same by linear interpolation: what an analyst does who finds the exact one slow."""
    return np.interp(score, SCORES, table(a, b))


Contracts = dict[str, dict[str, dict[str, Money]]]
"""By investment, payer and budget year."""

Beta = Callable[[peer.Floats, float, float], peer.Floats]


def pert(rng: np.random.Generator, low: float, mode: float, high: float, size: int) -> peer.Floats:
    """A PERT distribution: a Beta distribution stretched from low to high."""
    return low + (high - low) * rng.beta(
        1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low), size
    )


def rounded(x: peer.Floats) -> peer.Ints:
    """The nearest whole number of one that is not negative, half up."""
    return np.floor(x + 0.5).astype(np.int64)


def intakes(people: peer.Ints, shares: list[int]) -> list[peer.Ints]:
    """Divide people by shares in per cent; the parts add up."""
    boundaries = [(people * share + 50) // 100 for share in np.cumsum(shares).tolist()]
    return [upper - lower for lower, upper in zip([0, *boundaries[:-1]], boundaries, strict=True)]


def limited(due: list[peer.Ints], limit: int) -> list[peer.Ints]:
    """What a payer's limit over the contract lets through, date by date."""
    passed = [np.minimum(total, limit) for total in np.cumsum(due, axis=0)]
    return [passed[0], *(later - before for before, later in pairwise(passed))]


def years(start: date, end: date) -> float:
    """Whole anniversaries, and days of 365 for the rest."""
    whole = end.year - start.year - ((end.month, end.day) < (start.month, start.day))
    return whole + (end - start.replace(year=start.year + whole)).days / 365


def promises(drawn: dict[date, int], due: list[date], rate: float) -> list[float]:
    """What the fund's money has grown to on each due date, if nothing has been repaid."""
    return [sum(amount * (1 + rate) ** years(start, end) for start, amount in drawn.items()) for end in due]


def return_cap(due: dict[str, list[peer.Ints]], promised: list[float], rate: float) -> dict[str, list[peer.Ints]]:
    """Cut each date's payments, in proportion, to what the fund may still get; dates are a year apart."""
    paid: dict[str, list[peer.Ints]] = {payer: [] for payer in due}
    repaid: peer.Floats | float = 0.0  # with interest to the date
    for at, promise in enumerate(promised):
        cumulative = np.cumsum([amounts[at] for amounts in due.values()], axis=0)
        left = np.floor(np.maximum(promise - repaid, 0) + 1e-6).astype(np.int64)
        allowed = np.minimum(cumulative[-1], left)
        boundaries = rounded(allowed / np.maximum(cumulative[-1], 1) * cumulative)
        for payer, amounts in zip(due, np.diff(boundaries, axis=0, prepend=0), strict=True):
            paid[payer].append(amounts)
        repaid = (repaid + allowed) * (1 + rate)
    return paid


def referrals(rng: np.random.Generator, labour: peer.Floats, beta: Beta) -> dict[str, dict[str, Money]]:
    """Social referrals: what each payer owes and pays, by year."""
    size = labour.size
    people = rounded(pert(rng, 150, 300, 360, size))
    answers = pert(rng, 0.55, 0.75, 0.90, size)
    works = rng.standard_normal(size)
    own = rng.standard_normal((3, size))
    wellbeing_rate = beta(0.6 * works + 0.8 * own[0], *WELLBEING)
    less_help_rate = beta(0.6 * works + 0.1 * labour + np.sqrt(1 - 0.37) * own[1], *LESS_HELP)
    effect = np.maximum(0.13 + 0.06 * (0.6 * works + 0.8 * own[2]), 0) * (rng.random(size) < 0.85)

    earned: dict[str, list[peer.Ints]] = {"norddjurs": [], "ostifterne": [], "region-midtjylland": []}
    for enrolled, base in zip(intakes(people, [45, 55]), (1_485_000 * ORE, 1_815_000 * ORE), strict=True):
        answered = rng.binomial(enrolled, answers)
        earned["norddjurs"].append(12_500 * ORE * rng.binomial(answered, less_help_rate))
        earned["ostifterne"].append(21_000 * ORE * rng.binomial(answered, wellbeing_rate))
        noise = 0.7 * np.sqrt(1.1 / enrolled) * rng.standard_normal(size)  # ten matched people for each
        measured = np.round(effect + noise, 9)
        earned["region-midtjylland"].append(rounded(base * np.clip((measured - 0.03) / (0.11 - 0.03), 0, 1)))

    due = {payer: limited(amounts, LIMITS[payer]) for payer, amounts in earned.items()}
    paid = return_cap(due, promises(REFERRALS_DRAWN, DUE[1:], 0.08), 0.08)
    return {
        payer: {year: Money(*money) for year, *money in zip(YEARS[1:], earned[payer], paid[payer], strict=True)}
        for payer in paid
    }


def youth(rng: np.random.Generator, labour: peer.Floats, beta: Beta) -> dict[str, dict[str, Money]]:
    """Young people 15-29: what Norddjurs owes and pays, by year."""
    size = labour.size
    people = rounded(pert(rng, 80, 95, 95, size))
    completion = rng.beta(*COMPLETION, size)
    job_rate = beta(0.5 * labour + np.sqrt(0.75) * rng.standard_normal(size), *JOB)
    coping_rate = rng.beta(11, 9, size)
    odds_ratio = np.where(rng.random(size) < 0.25, np.exp(-0.4), 1.0)  # the ceiling on mentors, from the second intake

    earned: list[peer.Ints] = []
    for intake, enrolled in enumerate(intakes(people, [20, 45, 35])):
        hit = odds_ratio if intake > 0 else 1.0
        completed = rng.binomial(enrolled, completion * hit / (1 - completion + completion * hit))
        jobs = rng.binomial(completed, job_rate * hit / (1 - job_rate + job_rate * hit))
        coping = rng.binomial(rng.binomial(completed, 0.85), coping_rate)
        earned.append((12_000 * completed + 115_000 * jobs + 10_000 * coping) * ORE)

    due = limited(earned, YOUTH_LIMIT)
    paid = return_cap({"norddjurs": due}, promises(YOUTH_DRAWN, DUE, 0.046), 0.046)["norddjurs"]
    return {"norddjurs": {year: Money(*money) for year, *money in zip(YEARS, earned, paid, strict=True)}}


def portfolio(rng: np.random.Generator, size: int, beta: Beta) -> Contracts:
    """Both contracts of so many trials."""
    labour = rng.standard_normal(size)
    return {"social-referrals": referrals(rng, labour, beta), "youth": youth(rng, labour, beta)}


def cells(contracts: Contracts) -> dict[peer.Cell, peer.Series]:
    """Every cell in which a payment can fall: of each contract and of both together."""
    money: dict[peer.Cell, Money] = {}
    for investment, payers in contracts.items():
        for payer, by_year in payers.items():
            for year, one in by_year.items():
                for key in ((investment, payer, year), (investment, payer, "total")):
                    add(money, key, one)
    for (investment, payer, year), one in list(money.items()):
        for key in ((investment, "all", year), ("all", payer, year), ("all", "all", year)):
            add(money, key, one)
    series = {id(one): peer.Series(one.paid, one.paid < one.earned) for one in money.values()}
    return {cell: series[id(one)] for cell, one in money.items()}


def add(money: dict[peer.Cell, Money], cell: peer.Cell, one: Money) -> None:
    """Add to a cell; the first amounts stand in it as they are, so that they are summarised once."""
    before = money.get(cell)
    money[cell] = one if before is None else Money(before.earned + one.earned, before.paid + one.paid)


def simulate(
    tabulated: bool, trials: int, seed: int, threads: int, levels: peer.Floats
) -> dict[peer.Cell, peer.Figures]:
    """Figures of the portfolio; pieces of the trials run side by side, each with its own generator."""
    pieces = peer.sizes(trials, PIECE)
    streams = np.random.SeedSequence(seed).spawn(len(pieces))
    beta = tabulated_beta if tabulated else exact_beta

    def piece(stream: np.random.SeedSequence, size: int) -> dict[peer.Cell, peer.Series]:
        return cells(portfolio(np.random.Generator(np.random.PCG64(stream)), size, beta))

    with ThreadPoolExecutor(threads) as pool:
        joined = peer.join(list(pool.map(piece, streams, pieces)))
    return peer.summarise(joined, levels, ORE, threads)


if __name__ == "__main__":
    peer.main(__doc__, {"exact": partial(simulate, False), "tabulated": partial(simulate, True)})
