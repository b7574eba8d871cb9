//! From rank correlations, which an analyst states, to correlations of scores, which a copula has, and back.
//!
//! Gaussian: ρ = (6/π) arcsin(r/2), so r = 2 sin(πρ/6) (Pearson 1907; Kruskal, Journal of the American Statistical
//! Association 53, 1958). A t copula: given the scales, two concordant pairs are normal, so that
//! ρ = (6/π) E arcsin(r √(W₂/(W₁ + W₂) · W₃/(W₁ + W₃))) with W₁, W₂, W₃ independent chi-squares of ν degrees (Heinen and
//! Valdesogo, Journal of Multivariate Analysis 179, 2020): a little less than the Gaussian at the same r.

use std::f64::consts::PI;

use super::chi::ChiSquare;
use super::copula::Family;
use crate::dist::Tails;

/// Nodes of each chi-square: scores from −5.5 to 5.5 by halves, where the trapezoid rule has no error to speak of.
const NODES: i32 = 11;
/// Points at which the difference to the Gaussian is tabulated, in arcs of r from 0 to 1.
const POINTS: usize = 65;

/// Rank correlation as a function of the correlation of scores.
#[derive(Clone, Debug)]
pub(super) struct Ranks {
    /// What a t copula has less than the Gaussian, at r = sin(πk/128).
    less: Option<Vec<f64>>,
}

impl Ranks {
    pub(super) fn of(family: Family) -> Self {
        let less = match family {
            Family::Gaussian => None,
            Family::Student(degrees) => Some(less(degrees.get())),
        };
        Self { less }
    }

    /// The rank correlation at a correlation of scores; odd and rising.
    pub(super) fn rank(&self, r: f64) -> f64 {
        let gaussian = 6.0 / PI * libm::asin(0.5 * r);
        let Some(less) = &self.less else { return gaussian };
        let place = libm::asin(r.abs().min(1.0)) * 2.0 / PI * (POINTS - 1) as f64;
        let cell = (place.floor() as usize).min(POINTS - 2);
        let part = place - cell as f64;
        gaussian - (less[cell] * (1.0 - part) + less[cell + 1] * part).copysign(r)
    }

    /// The correlation of scores that gives a rank correlation.
    pub(super) fn score(&self, rank: f64) -> f64 {
        let gaussian = (2.0 * libm::sin(PI * rank / 6.0)).clamp(-1.0, 1.0);
        if self.less.is_none() || rank.abs() >= 1.0 {
            return gaussian;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.rank(middle) < rank.abs() { low = middle } else { high = middle }
        }
        (0.5 * (low + high)).copysign(rank)
    }
}

/// The differences to the Gaussian, by quadrature over three chi-squares.
fn less(degrees: u32) -> Vec<f64> {
    let parts = parts(degrees);
    let point = |k: usize| {
        let r = libm::sin(0.5 * PI * k as f64 / (POINTS - 1) as f64);
        let rank: f64 = parts.iter().map(|(weight, part)| weight * libm::asin(r * part)).sum();
        6.0 / PI * (libm::asin(0.5 * r) - rank)
    };
    let mut found: Vec<f64> = (0..POINTS).map(point).collect();
    // At r = 1 both are 1; what the quadrature leaves there is not a difference.
    found[POINTS - 1] = 0.0;
    found
}

/// √(W₂/(W₁ + W₂) · W₃/(W₁ + W₃)) with weights that add up to 1.
fn parts(degrees: u32) -> Vec<(f64, f64)> {
    let law = ChiSquare::new(degrees);
    let nodes: Vec<(f64, f64)> = (-NODES..=NODES)
        .map(|step| {
            let z = 0.5 * f64::from(step);
            (libm::exp(-0.5 * z * z), law.quantile(Tails::from_score(z)))
        })
        .collect();
    let whole: f64 = nodes.iter().map(|(weight, _)| weight).sum();
    let mut found = Vec::new();
    for (first, w1) in &nodes {
        for (at, (second, w2)) in nodes.iter().enumerate() {
            for (third, w3) in &nodes[..=at] {
                let both = if (w2 - w3).abs() > 0.0 { 2.0 } else { 1.0 };
                let weight = both * first * second * third / (whole * whole * whole);
                found.push((weight, (w2 / (w1 + w2) * (w3 / (w1 + w3))).sqrt()));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::student::Degrees;
    use super::*;

    fn student(degrees: u32) -> Ranks {
        Ranks::of(Family::Student(Degrees::new(degrees).unwrap()))
    }

    #[test]
    fn the_gaussian_is_the_closed_form() {
        let ranks = Ranks::of(Family::Gaussian);
        assert!((ranks.score(0.5) - 2.0 * (PI / 12.0).sin()).abs() < 1e-15);
        assert!((ranks.rank(ranks.score(-0.37)) + 0.37).abs() < 1e-15);
        assert!((ranks.score(1.0) - 1.0).abs() < 1e-15 && ranks.score(0.0) == 0.0);
    }

    #[test]
    fn both_directions_are_inverse_and_end_at_one() {
        for degrees in [2, 3, 4, 10, 50] {
            let ranks = student(degrees);
            for step in -19..=19 {
                let rank = f64::from(step) * 0.05;
                assert!((ranks.rank(ranks.score(rank)) - rank).abs() < 1e-12, "{degrees} {rank}");
            }
            assert!((ranks.rank(1.0) - 1.0).abs() < 1e-12 && (ranks.score(1.0) - 1.0).abs() < 1e-12);
        }
    }

    /// Many degrees of freedom are the Gaussian; few have less rank correlation at the same r.
    #[test]
    fn the_difference_to_the_gaussian_falls_with_the_degrees() {
        let at = |degrees| student(degrees).rank(0.5);
        let gaussian = Ranks::of(Family::Gaussian).rank(0.5);
        let found: Vec<f64> = [2, 3, 5, 10, 50].map(at).into();
        assert!(found.windows(2).all(|pair| pair[0] < pair[1]) && found[4] < gaussian, "{found:?}");
        assert!(gaussian - found[4] < 1e-3 && gaussian - found[0] > 0.01, "{found:?}");
    }

    /// Against counted ranks: with W = 1 / (sum of squares) drawn plainly, ρ = 12 E[F(X) F(Y)] − 3.
    #[test]
    fn agrees_with_draws() {
        use rand::{RngExt as _, SeedableRng as _};
        use rand_distr::{ChiSquared, StandardNormal};
        use statrs::distribution::{ContinuousCDF as _, StudentsT};
        let (degrees, r, n) = (3.0, 0.6, 200_000);
        let mut rng = rand::rngs::Xoshiro256PlusPlus::seed_from_u64(77);
        let law = StudentsT::new(0.0, 1.0, degrees).unwrap();
        let mut sum = 0.0;
        for _ in 0..n {
            let scale = (degrees / rng.sample::<f64, _>(ChiSquared::new(degrees).unwrap())).sqrt();
            let (a, b): (f64, f64) = (rng.sample(StandardNormal), rng.sample(StandardNormal));
            let y = r * a + (1.0 - r * r).sqrt() * b;
            sum += law.cdf(a * scale) * law.cdf(y * scale);
        }
        let found = 12.0 * sum / f64::from(n) - 3.0;
        let expected = student(3).rank(r);
        // The standard error of a product of uniforms, 12 times 0.22 / sqrt(n), is 0.006.
        assert!((found - expected).abs() < 0.02, "{found} {expected}");
        assert!((student(3).rank(0.65) - found).abs() > 0.03);
    }
}
