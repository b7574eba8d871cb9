//! The chi-square distribution of whole degrees of freedom, in both tails.

use crate::dist::Tails;

/// W, the sum of the squares of ν independent standard normals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChiSquare {
    degrees: u32,
}

impl ChiSquare {
    pub(super) fn new(degrees: u32) -> Self {
        Self { degrees }
    }

    /// P(W ≤ w) and P(W > w), w > 0.
    ///
    /// With a = ν/2, x = w/2: the upper tail is that of one or two degrees, erfc(√x) or e^{−x}, and a finite sum of
    /// x^k e^{−x} / Γ(k + 1) (Abramowitz and Stegun 26.4.4 and 26.4.5); the lower tail below the mean is the series
    /// x^a e^{−x} / Γ(a + 1) · Σ x^k / ((a + 1) … (a + k)) (6.5.29). All terms are positive.
    pub(super) fn tails(self, w: f64) -> Tails {
        let (a, x) = (0.5 * f64::from(self.degrees), 0.5 * w);
        let odd = self.degrees % 2 == 1;
        let mut order = if odd { 0.5 } else { 1.0 };
        let decay = libm::exp(-x);
        let mut upper = if odd { libm::erfc(x.sqrt()) } else { decay };
        // x^k e^{−x} / Γ(k + 1); Γ(3/2) = √π / 2.
        let mut term = if odd { x.sqrt() * decay * 2.0 / std::f64::consts::PI.sqrt() } else { x * decay };
        while order < a {
            upper += term;
            order += 1.0;
            term *= x / order;
        }
        if x < a { Tails::from_both(lower(a, x, term), upper) } else { Tails::from_upper(upper) }
    }

    /// The w with those tails, by bisection on its logarithm.
    pub(super) fn quantile(self, at: Tails) -> f64 {
        let (mut low, mut high) = (-90.0, 8.0);
        for _ in 0..70 {
            let middle = 0.5 * (low + high);
            let found = self.tails(libm::exp(middle));
            let above = if at.lower() <= at.upper() {
                found.lower() > at.lower()
            } else {
                found.upper() < at.upper()
            };
            if above { high = middle } else { low = middle }
        }
        libm::exp(0.5 * (low + high))
    }
}

/// The series of the lower tail from its first term.
fn lower(a: f64, x: f64, first: f64) -> f64 {
    let (mut sum, mut term, mut order) = (0.0, first, a);
    while term > sum * 1e-18 {
        sum += term;
        order += 1.0;
        term *= x / order;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ChiSquared, ContinuousCDF as _};

    #[test]
    fn both_tails_agree_with_statrs() {
        for degrees in [2, 3, 4, 7, 10, 31, 50] {
            let (law, oracle) = (ChiSquare::new(degrees), ChiSquared::new(f64::from(degrees)).unwrap());
            for step in 1..400 {
                let w = f64::from(step) * 0.3;
                let found = law.tails(w);
                assert!(
                    (found.lower() - oracle.cdf(w)).abs() < 1e-12 * (1e-3 + oracle.cdf(w)) + 1e-15,
                    "{degrees} {w}"
                );
                assert!(
                    (found.upper() - oracle.sf(w)).abs() < 1e-11 * oracle.sf(w) + 1e-300,
                    "{degrees} {w}"
                );
            }
        }
    }

    #[test]
    fn the_quantile_inverts_both_tails() {
        for degrees in [2, 5, 20] {
            let law = ChiSquare::new(degrees);
            for p in [1e-16, 1e-9, 0.01, 0.5] {
                let found = law.tails(law.quantile(Tails::from_lower(p))).lower();
                assert!((found / p - 1.0).abs() < 1e-12, "{degrees} {p:e} {found:e}");
                let found = law.tails(law.quantile(Tails::from_upper(p))).upper();
                assert!((found / p - 1.0).abs() < 1e-11, "{degrees} {p:e} {found:e}");
            }
        }
    }
}
