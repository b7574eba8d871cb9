"""Golden case G1 as numba kernels: one core, all cores, and by hand: amounts counted, trials not kept."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from numba import njit, prange, set_num_threads

import peer

PEOPLE, QUARTERS, YEARS = 60, 12, ("2026", "2027", "2028")
PRICE, QUARTER_LIMIT, LIFETIME_LIMIT = 5_000, 150_000, 1_300_000
PAYERS = ("municipality", "region", "foundation")
SHARES, LIMITS = np.array([50, 30, 20]), np.array([600_000, 400_000, 350_000])  # per cent, kroner
PIECE = 10_000
STEP = 500  # every amount of the contract is a multiple of it
BINS = LIFETIME_LIMIT // STEP + 1


@njit(cache=True)
def contract(counts: peer.Ints, payment: peer.Ints, cut: peer.Bools) -> None:
    """What each payer pays and whether anything was cut, by year and in total, from the successes by quarter."""
    payable_before = 0
    paid_before = np.zeros(3, dtype=np.int64)
    payment[:, 3] = 0
    cut[:, 3] = False
    for year in range(3):
        earned = 0
        payable = payable_before
        for quarter in range(4 * year, 4 * year + 4):
            due = PRICE * counts[quarter]
            earned += due
            payable = min(payable + min(due, QUARTER_LIMIT), LIFETIME_LIMIT)
        everybody, cut_of_anybody = 0, False
        for payer in range(3):
            paid = min(payable * SHARES[payer] // 100, LIMITS[payer])
            payment[payer, year] = paid - paid_before[payer]
            cut[payer, year] = payment[payer, year] < earned * SHARES[payer] // 100
            payment[payer, 3] = paid
            cut[payer, 3] |= cut[payer, year]
            everybody += payment[payer, year]
            cut_of_anybody |= cut[payer, year]
            paid_before[payer] = paid
        payment[3, year] = everybody
        cut[3, year] = cut_of_anybody
        payment[3, 3] += everybody
        cut[3, 3] |= cut_of_anybody
        payable_before = payable


@njit(cache=True)
def run_piece(seed: int, first: int, last: int, payments: peer.Ints, cuts: peer.Bools) -> None:
    """Trials `first` to `last` with the library's draws."""
    np.random.seed(seed)
    counts = np.empty(QUARTERS, dtype=np.int64)
    payment, cut = np.empty((4, 4), dtype=np.int64), np.empty((4, 4), dtype=np.bool_)
    for trial in range(first, last):
        rate = np.random.beta(18, 27)
        for quarter in range(QUARTERS):
            counts[quarter] = np.random.binomial(PEOPLE, rate)
        contract(counts, payment, cut)
        for payer in range(4):
            for year in range(4):
                payments[payer, year, trial] = payment[payer, year]
                cuts[payer, year, trial] = cut[payer, year]


@njit(cache=True)
def run_serial(seeds: peer.Ints, payments: peer.Ints, cuts: peer.Bools) -> None:
    """All trials on one core."""
    trials = payments.shape[2]
    for piece in range(seeds.size):
        run_piece(seeds[piece], piece * PIECE, min((piece + 1) * PIECE, trials), payments, cuts)


@njit(cache=True, parallel=True)
def run_parallel(seeds: peer.Ints, payments: peer.Ints, cuts: peer.Bools) -> None:
    """All trials on several cores; each piece seeds the generator of the core it runs on."""
    trials = payments.shape[2]
    for piece in prange(seeds.size):
        run_piece(seeds[piece], piece * PIECE, min((piece + 1) * PIECE, trials), payments, cuts)


@njit(cache=True)
def inverted_counts(
    rng: np.random.Generator, rate: float, ratios: peer.Floats, cumulative: peer.Floats, counts: peer.Ints
) -> None:
    """Successes by quarter: the distribution is computed once a trial; a count is how much of it a number exceeds."""
    odds = rate / (1 - rate)
    probability = (1 - rate) ** PEOPLE
    cumulative[0] = probability
    for successes in range(1, PEOPLE):
        probability *= odds * ratios[successes]
        cumulative[successes] = cumulative[successes - 1] + probability
    for quarter in range(QUARTERS):
        uniform = rng.random()
        exceeded = 0
        for successes in range(PEOPLE):  # without branches: faster than a search
            exceeded += uniform > cumulative[successes]
        counts[quarter] = exceeded


@njit(cache=True, nogil=True)
def count_piece(
    rng: np.random.Generator, trials: int, ratios: peer.Floats, bins: peer.Ints, cut_trials: peer.Ints
) -> None:
    """Add so many trials to the counters of amounts and of cuts."""
    counts, cumulative = np.empty(QUARTERS, dtype=np.int64), np.empty(PEOPLE)
    payment, cut = np.empty((4, 4), dtype=np.int64), np.empty((4, 4), dtype=np.bool_)
    for _ in range(trials):
        inverted_counts(rng, rng.beta(18.0, 27.0), ratios, cumulative, counts)
        contract(counts, payment, cut)
        for payer in range(4):
            for year in range(4):
                bins[payer, year, payment[payer, year] // STEP] += 1
                cut_trials[payer, year] += cut[payer, year]


def seeds_of(trials: int, seed: int) -> peer.Ints:
    """A seed for each piece of the trials."""
    return np.random.SeedSequence(seed).generate_state(-(-trials // PIECE)).astype(np.int64)


def cells() -> dict[peer.Cell, tuple[int, int]]:
    """Where each cell stands in the arrays of payments."""
    payers, years = (*PAYERS, "all"), (*YEARS, "total")
    return {("g1-quarterly-cap", payer, year): (i, j) for i, payer in enumerate(payers) for j, year in enumerate(years)}


def keep(parallel: bool, trials: int, seed: int, threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """Figures from all trials, kept."""
    set_num_threads(threads)
    payments, cuts = np.empty((4, 4, trials), dtype=np.int64), np.empty((4, 4, trials), dtype=np.bool_)
    (run_parallel if parallel else run_serial)(seeds_of(trials, seed), payments, cuts)
    series = {cell: peer.Series(payments[at], cuts[at]) for cell, at in cells().items()}
    return peer.summarise(series, levels, 1, threads)


def count(trials: int, seed: int, threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """Figures from counters: how often each amount occurred."""
    successes = np.arange(1, PEOPLE + 1)
    ratios = np.concatenate([[0.0], (PEOPLE - successes + 1) / successes])
    bins = np.zeros((threads, 4, 4, BINS), dtype=np.int64)
    cut_trials = np.zeros((threads, 4, 4), dtype=np.int64)
    streams = np.random.SeedSequence(seed).spawn(threads)

    def part(thread: int) -> None:
        rng = np.random.Generator(np.random.PCG64(streams[thread]))
        size = trials * (thread + 1) // threads - trials * thread // threads
        count_piece(rng, size, ratios, bins[thread], cut_trials[thread])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(threads)))
    occurred, cut = bins.sum(axis=0), cut_trials.sum(axis=0)
    return {cell: counted(occurred[at], int(cut[at]), trials, levels) for cell, at in cells().items()}


def counted(occurred: peer.Ints, cut: int, trials: int, levels: peer.Floats) -> peer.Figures:
    """Figures of one series from its counters."""
    amounts = STEP * np.arange(BINS)
    mean = float(occurred @ amounts) / trials
    ranks = np.maximum(np.ceil(levels * trials), 1)
    return peer.Figures(
        mean=mean,
        sd=float(occurred @ (amounts - mean) ** 2 / (trials - 1)) ** 0.5,
        quantiles=amounts[np.searchsorted(occurred.cumsum(), ranks)].astype(np.float64),
        prob_cut=cut / trials,
        prob_zero=float(occurred[0]) / trials,
    )


if __name__ == "__main__":
    peer.main(__doc__, {"serial": partial(keep, False), "parallel": partial(keep, True), "by-hand": count})
