"""NumPy and SciPy programs of the two contracts, plain and with scrambled Sobol numbers; needs the pinned packages.

One process runs several seeds after another and prints, for each, the mean of all payments, their P90 and the seconds.
"""

import argparse
import json
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv
from scipy.stats import qmc

from exact import PEOPLE, PRICES, A, B

Floats = npt.NDArray[np.float64]
QUARTERS = 12
PIECE = 1 << 14


def plain(trials: int, seed: int) -> Floats:
    """Rows of independent numbers: one for the rate, and one for each quarter."""
    return np.random.Generator(np.random.PCG64(seed)).random((trials, 1 + QUARTERS))


def sobol(trials: int, seed: int) -> Floats:
    """Rows of a scrambled Sobol sequence, as many as a power of 2."""
    return qmc.Sobol(1 + QUARTERS, scramble=True, seed=np.random.default_rng(seed)).random(trials)


def counts(numbers: Floats) -> npt.NDArray[np.uint8]:
    """Successes by quarter and trial, by inversion: what depends on numbers one by one keeps what Sobol gains."""
    rate = betaincinv(A, B, numbers[:, 0])
    uniform = np.ascontiguousarray(numbers[:, 1:].T)
    odds = rate / (1 - rate)
    probability = (1 - rate) ** PEOPLE
    cumulative = probability.copy()
    counted = np.zeros(uniform.shape, dtype=np.uint8)
    for successes in range(1, PEOPLE + 1):
        counted += uniform > cumulative
        probability *= odds * ((PEOPLE - successes + 1) / successes)
        cumulative += probability
    return counted


def g1(counted: npt.NDArray[np.uint8]) -> Floats:
    """What all pay in golden case G1."""
    payable = np.minimum(np.minimum(5_000.0 * counted, 150_000).sum(axis=0), 1_300_000)
    return np.minimum(0.5 * payable, 600_000) + 0.5 * payable


def twelve_prices(counted: npt.NDArray[np.uint8]) -> Floats:
    """What is paid at twelve prices."""
    return np.array(PRICES, dtype=float) @ counted


SAMPLERS: dict[str, Callable[[int, int], Floats]] = {"plain": plain, "sobol": sobol}
CONTRACTS = {"g1-quarterly-cap": g1, "twelve-prices": twelve_prices}


def run(contract: str, sampler: str, trials: int, seed: int) -> dict[str, float]:
    """One run: mean, P90 and seconds."""
    start = time.perf_counter()
    cpu = time.process_time()
    numbers = SAMPLERS[sampler](trials, seed)
    paid = np.concatenate([
        CONTRACTS[contract](counts(numbers[first : first + PIECE])) for first in range(0, trials, PIECE)
    ])
    mean, p90 = float(paid.mean()), float(np.quantile(paid, 0.9, method="inverted_cdf"))
    return {
        "mean": mean,
        "p90": p90,
        "wall": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
    }


def main() -> None:
    """Run the seeds and print one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("contract", choices=list(CONTRACTS))
    parser.add_argument("--sampler", choices=list(SAMPLERS), default="plain")
    parser.add_argument("--trials", type=int, required=True)
    parser.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    runs = [run(options.contract, options.sampler, options.trials, seed) for seed in range(1, options.seeds + 1)]
    print(json.dumps(runs))


if __name__ == "__main__":
    main()
