"""Golden case G1 in vectorised NumPy: quarterly, lifetime and payers' limits, by payer and budget year."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

import peer

PEOPLE, QUARTERS, YEARS = 60, 12, ("2026", "2027", "2028")
PRICE, QUARTER_LIMIT, LIFETIME_LIMIT = 5_000, 150_000, 1_300_000
PAYERS = {"municipality": (50, 600_000), "region": (30, 400_000), "foundation": (20, 350_000)}  # per cent, limit
PIECE = 20_000


def library_counts(rng: np.random.Generator, rate: peer.Floats) -> peer.Ints:
    """Successes by trial and quarter; quarters are neighbours, since NumPy keeps what it computed for a rate."""
    return rng.binomial(PEOPLE, rate[:, None], size=(rate.size, QUARTERS))


def inverted_counts(rng: np.random.Generator, rate: peer.Floats) -> peer.Ints:
    """The same by hand: a count is the number of cumulative probabilities that a uniform number exceeds."""
    uniform = rng.random((QUARTERS, rate.size))
    odds = rate / (1 - rate)
    probability = (1 - rate) ** PEOPLE
    cumulative = probability.copy()
    counts = np.zeros((QUARTERS, rate.size), dtype=np.uint8)
    for successes in range(1, PEOPLE + 1):
        counts += uniform > cumulative
        probability *= odds * ((PEOPLE - successes + 1) / successes)
        cumulative += probability
    return counts.T.astype(np.int64)


def contract(counts: peer.Ints) -> dict[peer.Cell, peer.Series]:
    """What each payer pays, from the successes by trial and quarter; money in kroner."""
    due = PRICE * counts.reshape(-1, len(YEARS), QUARTERS // len(YEARS))
    earned = due.sum(axis=2).cumsum(axis=1)  # to the end of each year
    payable = np.minimum(np.minimum(due, QUARTER_LIMIT).sum(axis=2).cumsum(axis=1), LIFETIME_LIMIT)
    earned_by_payer = {payer: earned * share // 100 for payer, (share, _) in PAYERS.items()}
    paid_by_payer = {payer: np.minimum(payable * share // 100, limit) for payer, (share, limit) in PAYERS.items()}
    earned_by_payer["all"] = earned
    paid_by_payer["all"] = sum(paid_by_payer.values(), start=np.zeros_like(earned))
    return {
        ("g1-quarterly-cap", payer, year): series
        for payer, paid in paid_by_payer.items()
        for year, series in by_year(earned_by_payer[payer], paid).items()
    }


def by_year(earned: peer.Ints, paid: peer.Ints) -> dict[str, peer.Series]:
    """Series of each year and of the total, from amounts to the end of each year."""
    yearly_earned = np.diff(earned, axis=1, prepend=0)
    yearly_paid = np.diff(paid, axis=1, prepend=0)
    series = {
        year: peer.Series(yearly_paid[:, i].copy(), yearly_paid[:, i] < yearly_earned[:, i])
        for i, year in enumerate(YEARS)
    }
    return series | {"total": peer.Series(paid[:, -1].copy(), paid[:, -1] < earned[:, -1])}


def simulate(by_hand: bool, trials: int, seed: int, threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """Figures of the whole contract; pieces of the trials run side by side, each with its own generator."""
    pieces = peer.sizes(trials, PIECE)
    streams = np.random.SeedSequence(seed).spawn(len(pieces))

    def piece(stream: np.random.SeedSequence, size: int) -> dict[peer.Cell, peer.Series]:
        rng = np.random.Generator(np.random.PCG64(stream))
        rate = rng.beta(18, 27, size)
        return contract(inverted_counts(rng, rate) if by_hand else library_counts(rng, rate))

    with ThreadPoolExecutor(threads) as pool:
        joined = peer.join(list(pool.map(piece, streams, pieces)))
    return peer.summarise(joined, levels, 1, threads)


if __name__ == "__main__":
    peer.main(__doc__, {"library": partial(simulate, False), "by-hand": partial(simulate, True)})
