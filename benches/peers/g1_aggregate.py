"""Golden case G1 in `aggregate`, by Fourier transforms and without trials: the first year and the total of each payer.

A sum of quarters under a limit of each is a compound distribution with a fixed number of claims, given the rate; the
uncertain rate is a weighted sum of such. The second and third year cannot be said: what is left of the lifetime limit
depends on the years before, and `aggregate` has no joint distribution of two sums.
"""

import numpy as np
from aggregate import Aggregate
from scipy.stats import binom

import peer
from g1_numpy import LIFETIME_LIMIT, PAYERS, PEOPLE, PRICE, QUARTER_LIMIT, QUARTERS
from g1_rates import rates

LIMIT = QUARTER_LIMIT // PRICE  # successes that a quarter pays for
NODES = 60  # more change no digit that is printed


def compound(quarters: int, chances: peer.Floats) -> peer.Floats:
    """The distribution of a sum of so many independent quarters, each with these chances of 0, 1, .. successes."""
    severity = {"sev_name": "dhistogram", "sev_xs": np.arange(chances.size, dtype=float), "sev_ps": chances}
    sums = Aggregate("G1", exp_en=quarters, freq_name="fixed", **severity)
    sums.update(log2=int(np.ceil(np.log2(quarters * LIMIT + 1))), bs=1)
    return np.asarray(sums.agg_density)


def paid_and_uncut(quarters: int) -> tuple[peer.Floats, peer.Floats]:
    """Chances of each number of successes that quarters pay for: in all, and of those in which no quarter was cut."""
    paid: list[peer.Floats] = []
    uncut: list[peer.Floats] = []
    for rate in rates(NODES)[0]:
        chances = binom.pmf(np.arange(PEOPLE + 1), PEOPLE, rate)
        within = chances[: LIMIT + 1].copy()
        share = within.sum()
        uncut.append(share**quarters * compound(quarters, within / share))
        within[-1] += 1 - share
        paid.append(compound(quarters, within))
    weights = rates(NODES)[1]
    return weights @ np.array(paid), weights @ np.array(uncut)


def summary(chances: peer.Floats, paid: peer.Floats, cut: peer.Floats, levels: peer.Floats) -> peer.Figures:
    """Figures of an amount by number of successes; `cut` is the chance that something was cut."""
    mean = float(chances @ paid)
    cumulative = np.cumsum(chances) * (1 + 1e-12)  # so that a sum of chances reaches 1
    at = np.minimum(np.searchsorted(cumulative, levels), chances.size - 1)
    sd = float(chances @ (paid - mean) ** 2) ** 0.5
    return peer.Figures(mean, sd, paid[at], float(cut), max(float(chances[paid == 0].sum()), 0.0))


def cells(year: str, quarters: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """What each payer pays for the first so many quarters."""
    chances, uncut = paid_and_uncut(quarters)
    due = PRICE * np.arange(chances.size, dtype=float)
    payable = np.minimum(due, LIFETIME_LIMIT)
    amounts = {name: np.minimum(payable * share / 100, limit) for name, (share, limit) in PAYERS.items()}
    earned = {name: due * share / 100 for name, (share, _) in PAYERS.items()}
    amounts["all"], earned["all"] = sum(amounts.values()), due
    return {
        ("g1-quarterly-cap", name, year): summary(chances, paid, 1 - uncut[paid == earned[name]].sum(), levels)
        for name, paid in amounts.items()
    }


def simulate(_trials: int, _seed: int, _threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """The figures that can be said; trials, seed and threads mean nothing here."""
    return cells("2026", QUARTERS // 3, levels) | cells("total", QUARTERS, levels)


if __name__ == "__main__":
    peer.main(__doc__, {"exact": simulate})
