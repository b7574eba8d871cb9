"""The portfolio `norddjurs.toml` as a numba kernel: one loop over trials, rates from tables built by SciPy."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit

import norddjurs_numpy as portfolio
import peer
from norddjurs_numpy import ORE, YEARS

PAYERS = tuple(portfolio.LIMITS)
LIMITS = np.array(list(portfolio.LIMITS.values()))
YOUTH_LIMIT = portfolio.YOUTH_LIMIT
BASES = np.array([1_485_000 * ORE, 1_815_000 * ORE])
A_COMPLETION, B_COMPLETION = portfolio.COMPLETION
FIRST_SCORE, CELLS_A_UNIT = portfolio.SCORES[0], 1 / (portfolio.SCORES[1] - portfolio.SCORES[0])
LAST_CELL = portfolio.SCORES.size - 2
CEILING = np.exp(-0.4)
WELLBEING, LESS_HELP, JOB = 0, 1, 2


@njit(cache=True, nogil=True)
def looked_up(table: peer.Floats, score: float) -> float:
    """The value of a distribution at a normal score, by linear interpolation."""
    at = (score - FIRST_SCORE) * CELLS_A_UNIT
    cell = min(max(int(at), 0), LAST_CELL)
    value: float = table[cell] + (at - cell) * (table[cell + 1] - table[cell])
    return value


@njit(cache=True, nogil=True)
def pert(rng: np.random.Generator, low: float, mode: float, high: float) -> float:
    """A PERT distribution: a Beta distribution stretched from low to high."""
    width = high - low
    return low + width * rng.beta(1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width)


@njit(cache=True, nogil=True)
def return_cap(paid: peer.Ints, at: int, promise: float, repaid: float) -> int:
    """Cut a date's payments, in proportion, to what the fund may still get; the sum that passes."""
    total = paid[:, at].sum()
    allowed: int = min(total, int(max(promise - repaid, 0.0) + 1e-6))
    if allowed < total:
        cumulative, boundary_before = 0, 0
        for payer in range(paid.shape[0]):
            cumulative += paid[payer, at]
            boundary = int(allowed / total * cumulative + 0.5)
            paid[payer, at] = boundary - boundary_before
            boundary_before = boundary
    return allowed


@njit(cache=True, nogil=True)
def referrals(
    rng: np.random.Generator,
    labour: float,
    tables: peer.Floats,
    promised: peer.Floats,
    earned: peer.Ints,
    paid: peer.Ints,
) -> None:
    """One trial of social referrals: what each payer owes and pays, by year."""
    people = int(pert(rng, 150.0, 300.0, 360.0) + 0.5)
    answers = pert(rng, 0.55, 0.75, 0.90)
    works = rng.standard_normal()
    wellbeing_rate = looked_up(tables[WELLBEING], 0.6 * works + 0.8 * rng.standard_normal())
    less_help_rate = looked_up(tables[LESS_HELP], 0.6 * works + 0.1 * labour + np.sqrt(0.63) * rng.standard_normal())
    effect = max(0.13 + 0.06 * (0.6 * works + 0.8 * rng.standard_normal()), 0.0)
    if rng.random() >= 0.85:
        effect = 0.0
    first = (people * 45 + 50) // 100
    repaid = 0.0
    for intake in range(2):
        enrolled = first if intake == 0 else people - first
        answered = rng.binomial(enrolled, answers)
        earned[0, intake] = 12_500 * ORE * rng.binomial(answered, less_help_rate)
        earned[1, intake] = 21_000 * ORE * rng.binomial(answered, wellbeing_rate)
        measured = round(effect + 0.7 * np.sqrt(1.1 / enrolled) * rng.standard_normal(), 9)
        earned[2, intake] = int(BASES[intake] * min(max((measured - 0.03) / (0.11 - 0.03), 0.0), 1.0) + 0.5)
        for payer in range(3):
            before = min(earned[payer, 0], LIMITS[payer]) if intake == 1 else 0
            paid[payer, intake] = min(earned[payer, intake], LIMITS[payer] - before)
        repaid = (repaid + return_cap(paid, intake, promised[intake], repaid)) * 1.08


@njit(cache=True, nogil=True)
def youth(
    rng: np.random.Generator,
    labour: float,
    tables: peer.Floats,
    promised: peer.Floats,
    earned: peer.Ints,
    paid: peer.Ints,
) -> None:
    """One trial of young people 15-29: what Norddjurs owes and pays, by year."""
    people = int(pert(rng, 80.0, 95.0, 95.0) + 0.5)
    completion = rng.beta(A_COMPLETION, B_COMPLETION)
    job_rate = looked_up(tables[JOB], 0.5 * labour + np.sqrt(0.75) * rng.standard_normal())
    coping_rate = rng.beta(11.0, 9.0)
    odds_ratio = CEILING if rng.random() < 0.25 else 1.0
    boundaries = ((people * 20 + 50) // 100, (people * 65 + 50) // 100, people)
    boundary_before, passed, repaid = 0, 0, 0.0
    for intake in range(3):
        enrolled = boundaries[intake] - boundary_before
        boundary_before = boundaries[intake]
        hit = odds_ratio if intake > 0 else 1.0
        completed = rng.binomial(enrolled, completion * hit / (1 - completion + completion * hit))
        jobs = rng.binomial(completed, job_rate * hit / (1 - job_rate + job_rate * hit))
        coping = rng.binomial(rng.binomial(completed, 0.85), coping_rate)
        earned[0, intake] = (12_000 * completed + 115_000 * jobs + 10_000 * coping) * ORE
        paid[0, intake] = min(earned[0, intake], YOUTH_LIMIT - passed)
        passed += paid[0, intake]
        repaid = (repaid + return_cap(paid, intake, promised[intake], repaid)) * 1.046


@njit(cache=True, nogil=True)
def run_piece(
    rng: np.random.Generator,
    tables: peer.Floats,
    promised: tuple[peer.Floats, peer.Floats],
    earned: tuple[peer.Ints, peer.Ints],
    paid: tuple[peer.Ints, peer.Ints],
) -> None:
    """All trials of a piece; the arrays are by trial, payer and year."""
    for trial in range(earned[0].shape[0]):
        labour = rng.standard_normal()
        referrals(rng, labour, tables, promised[0], earned[0][trial], paid[0][trial])
        youth(rng, labour, tables, promised[1], earned[1][trial], paid[1][trial])


def contracts(stream: np.random.SeedSequence, size: int) -> portfolio.Contracts:
    """Both contracts of so many trials."""
    tables = np.array([portfolio.table(*one) for one in (portfolio.WELLBEING, portfolio.LESS_HELP, portfolio.JOB)])
    promised = (
        np.array(portfolio.promises(portfolio.REFERRALS_DRAWN, portfolio.DUE[1:], 0.08)),
        np.array(portfolio.promises(portfolio.YOUTH_DRAWN, portfolio.DUE, 0.046)),
    )
    earned = (np.empty((size, 3, 2), dtype=np.int64), np.empty((size, 1, 3), dtype=np.int64))
    paid = (np.empty_like(earned[0]), np.empty_like(earned[1]))
    run_piece(np.random.Generator(np.random.PCG64(stream)), tables, promised, earned, paid)
    names = (("social-referrals", PAYERS, YEARS[1:]), ("youth", PAYERS[:1], YEARS))
    return {
        investment: {
            payer: {
                year: portfolio.Money(earned[at][:, i, j].copy(), paid[at][:, i, j].copy())
                for j, year in enumerate(years)
            }
            for i, payer in enumerate(payers)
        }
        for at, (investment, payers, years) in enumerate(names)
    }


def simulate(trials: int, seed: int, threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """Figures of the portfolio; pieces of the trials run side by side, each with its own generator."""
    pieces = peer.sizes(trials, portfolio.PIECE)
    streams = np.random.SeedSequence(seed).spawn(len(pieces))
    with ThreadPoolExecutor(threads) as pool:
        joined = peer.join(list(pool.map(lambda *one: portfolio.cells(contracts(*one)), streams, pieces)))
    return peer.summarise(joined, levels, ORE, threads)


if __name__ == "__main__":
    peer.main(__doc__, {"tabulated": simulate})
