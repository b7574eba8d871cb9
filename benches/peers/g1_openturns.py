"""Golden case G1 in OpenTURNS: a mixture of joint distributions, a symbolic function of it, and statistics of a sample.

OpenTURNS has no count whose chance is itself random. The Beta distribution is therefore replaced by the rates and
weights of a quadrature, which gives exactly the same distribution of the twelve counts.
"""

import numpy as np
import openturns as ot

import peer
from g1_numpy import LIFETIME_LIMIT, PAYERS, PEOPLE, PRICE, QUARTER_LIMIT, QUARTERS, YEARS
from g1_rates import rates

NODES = 361


def counts() -> ot.Mixture:
    """Twelve counts that share a rate."""
    at, weights = rates(NODES)
    given = [ot.JointDistribution([ot.Binomial(PEOPLE, float(rate))] * QUARTERS) for rate in at]
    return ot.Mixture(given, [float(weight) for weight in weights])


def contract() -> tuple[list[peer.Cell], ot.SymbolicFunction]:
    """What each payer pays, and what is cut of it, in each year and in all, as functions of the counts."""
    per_year = QUARTERS // len(YEARS)
    lines, all_earned, all_due = [], "0", "0"
    for year, name in enumerate(YEARS):
        of_year = range(year * per_year, (year + 1) * per_year)
        all_earned += "".join(f"+{PRICE}*k{i}" for i in of_year)
        all_due += "".join(f"+min({PRICE}*k{i},{QUARTER_LIMIT})" for i in of_year)
        lines += [f"var earned{name}:={all_earned}", f"var due{name}:=min({all_due},{LIFETIME_LIMIT})"]
        shares = [(payer, share / 100, limit) for payer, (share, limit) in PAYERS.items()]
        lines += [f"var {payer}{name}:=min({share}*due{name},{limit})" for payer, share, limit in shares]
        lines += [f"var all{name}:={'+'.join(f'{payer}{name}' for payer in PAYERS)}"]
    cells, payments, cuts = [], [], []
    for payer, share in [*((payer, share / 100) for payer, (share, _) in PAYERS.items()), ("all", 1)]:
        paid, owed = [f"{payer}{name}" for name in YEARS], [f"{share}*earned{name}" for name in YEARS]
        yearly = [f"({after})-({before})" for of in (paid, owed) for after, before in zip(of, ["0", *of], strict=False)]
        payments += [*yearly[: len(YEARS)], paid[-1]]
        cuts += [
            f"({owes})-({pays})" for owes, pays in zip([*yearly[len(YEARS) :], owed[-1]], payments[-4:], strict=True)
        ]
        cells += [("g1-quarterly-cap", payer, year) for year in (*YEARS, "total")]
    outputs = [f"out{i}:={output}" for i, output in enumerate(payments + cuts)]
    names = [output.split(":")[0] for output in outputs]
    return cells, ot.SymbolicFunction([f"k{i}" for i in range(QUARTERS)], names, ";".join(lines + outputs) + ";")


def simulate(trials: int, seed: int, _threads: int, levels: peer.Floats) -> dict[peer.Cell, peer.Figures]:
    """Figures of the whole contract; OpenTURNS draws on one thread."""
    ot.RandomGenerator.SetSeed(seed)
    cells, function = contract()
    sample = function(counts().getSample(trials))
    paid, cut = sample.getMarginal(range(len(cells))), sample.getMarginal(range(len(cells), 2 * len(cells)))
    mean, sd = paid.computeMean(), paid.computeStandardDeviation()
    quantiles = np.array(paid.computeQuantilePerComponent(levels.tolist()))
    prob_zero = [paid.getMarginal(i).computeEmpiricalCDF([0.005]) for i in range(len(cells))]
    uncut = [cut.getMarginal(i).computeEmpiricalCDF([0.005]) for i in range(len(cells))]
    return {
        cell: peer.Figures(mean[i], sd[i], quantiles[:, i], 1 - uncut[i], prob_zero[i]) for i, cell in enumerate(cells)
    }


if __name__ == "__main__":
    peer.main(__doc__, {"mixture": simulate})
