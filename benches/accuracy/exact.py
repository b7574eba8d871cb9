"""Exact figures of the two contracts whose accuracy is measured, without trials; needs the pinned packages.

What twelve quarters earn at twelve prices, given the rate, is a sum of independent counts. Its characteristic function
is a product, the uncertain rate a weighted sum over the nodes of a quadrature, and one Fourier transform gives the
distribution on multiples of 10 kroner. The nodes are 361, which is exact for any polynomial of degree 720.
"""

import numpy as np
from scipy.special import roots_jacobi

PEOPLE, A, B = 60, 18, 27
PRICES = (4_710, 5_230, 3_890, 6_070, 5_510, 4_330, 4_970, 5_690, 4_090, 5_870, 4_570, 5_390)
STEP = 10


def distribution() -> np.ndarray:
    """Chances of 0, 10, 20 .. kroner."""
    size = 1 << int(np.ceil(np.log2(PEOPLE * sum(PRICES) / STEP + 1)))
    turns = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    powers = [turns ** (price // STEP) for price in PRICES]
    at, weights = roots_jacobi(PEOPLE * len(PRICES) // 2 + 1, B - 1, A - 1)
    weights /= weights.sum()
    transform = np.zeros(turns.size, dtype=complex)
    for rate, weight in zip((1 + at) / 2, weights, strict=True):
        if weight > 1e-15:
            product = np.ones(turns.size, dtype=complex)
            for power in powers:
                product *= 1 - rate + rate * power
            transform += weight * product**PEOPLE
    return np.fft.irfft(transform, size)


def main() -> None:
    """Print mean and P90 of the twelve prices."""
    chances = distribution()
    amounts = STEP * np.arange(chances.size)
    print("mean", float(chances @ amounts), "exactly", PEOPLE * sum(PRICES) * A / (A + B))
    print("P90", int(amounts[np.searchsorted(np.cumsum(chances), 0.9)]))


if __name__ == "__main__":
    main()
