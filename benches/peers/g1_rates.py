"""The uncertain rate of G1 as a few rates with weights, by Gauss-Jacobi quadrature."""

from scipy.special import roots_jacobi

import peer

A, B = 18, 27


def rates(nodes: int) -> tuple[peer.Floats, peer.Floats]:
    """Rates and their weights, without those that weigh nothing.

    The probability of twelve counts of 60 is a polynomial of degree 720 in the rate, and n nodes integrate degree
    2n - 1 exactly: 361 nodes stand for the Beta distribution without any error.
    """
    at, weight = roots_jacobi(nodes, B - 1, A - 1)
    weight /= weight.sum()
    kept = weight > 1e-15
    return (1 + at[kept]) / 2, weight[kept]
