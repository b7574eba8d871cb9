//! A copula of a group of numbers: the rank correlations asked for, those that can hold, and the weights that give them.

use thiserror::Error;

use super::matrix::Matrix;
use super::nearest::nearest;
use super::spearman::Ranks;
use super::student::Degrees;

/// The largest group: beyond it, factors say the same with fewer numbers.
const LARGEST: usize = 200;

/// How extremes of a group hang together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// As normal numbers do: far out, each goes its own way.
    Gaussian,
    /// As numbers with one common scale do: extremes come together.
    Student(Degrees),
}

/// Rank correlations of a group, made ready for a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Copula {
    family: Family,
    asked: Matrix,
    used: Matrix,
    scores: Matrix,
    distance: f64,
    weights: Vec<Vec<f64>>,
}

/// Why a [`Copula`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CopulaError {
    /// It has too many numbers.
    #[error("{0} numbers in one group; at most {LARGEST}: let them load on a factor instead")]
    TooMany(usize),
}

impl Copula {
    /// From rank correlations (Spearman's); those that cannot hold together are replaced by the nearest that can.
    ///
    /// # Errors
    /// When the group has more than 200 numbers.
    pub fn new(asked: Matrix, family: Family) -> Result<Self, CopulaError> {
        if asked.size() > LARGEST {
            return Err(CopulaError::TooMany(asked.size()));
        }
        let ranks = Ranks::of(family);
        let found = nearest(&asked.map(|rank| ranks.score(rank)));
        let weights = found.matrix.lower().unwrap_or_default();
        let repaired = found.distance > 0.0;
        let used = if repaired { found.matrix.map(|r| ranks.rank(r)) } else { asked.clone() };
        Ok(Self { family, asked, used, scores: found.matrix, distance: found.distance, weights })
    }

    /// How extremes hang together.
    #[must_use]
    pub fn family(&self) -> Family {
        self.family
    }

    /// The rank correlations asked for.
    #[must_use]
    pub fn asked(&self) -> &Matrix {
        &self.asked
    }

    /// The rank correlations that a run has: those asked for, or the nearest that can hold.
    #[must_use]
    pub fn used(&self) -> &Matrix {
        &self.used
    }

    /// The correlations of scores behind them.
    #[must_use]
    pub fn scores(&self) -> &Matrix {
        &self.scores
    }

    /// How far the matrix asked for is from the one used, as the Frobenius norm of the difference of scores; 0 where it
    /// can hold.
    #[must_use]
    pub fn distance(&self) -> f64 {
        self.distance
    }

    /// By number, the weights of the independent scores of itself and those before it: the squares add up to 1.
    #[must_use]
    pub fn weights(&self) -> &[Vec<f64>] {
        &self.weights
    }

    /// The pair that was moved furthest, and from what to what.
    #[must_use]
    pub fn most_moved(&self) -> Option<((usize, usize), f64, f64)> {
        let moved = |(i, j): &(usize, usize)| (self.asked.at(*i, *j) - self.used.at(*i, *j)).abs();
        let pair = self.asked.pairs().max_by(|a, b| moved(a).total_cmp(&moved(b)))?;
        (self.distance > 0.0).then(|| (pair, self.asked.at(pair.0, pair.1), self.used.at(pair.0, pair.1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three(a: f64, b: f64, c: f64) -> Matrix {
        Matrix::new(3, vec![1.0, a, b, a, 1.0, c, b, c, 1.0]).unwrap()
    }

    #[test]
    fn what_can_hold_is_used_as_asked() {
        let copula = Copula::new(three(0.5, 0.3, 0.2), Family::Gaussian).unwrap();
        assert_eq!(copula.used(), copula.asked());
        assert!(copula.distance() == 0.0 && copula.most_moved().is_none());
        for row in copula.weights() {
            assert!((row.iter().map(|w| w * w).sum::<f64>() - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn what_contradicts_itself_is_moved_and_said() {
        let copula = Copula::new(three(0.9, 0.9, -0.5), Family::Gaussian).unwrap();
        let (pair, asked, used) = copula.most_moved().unwrap();
        assert!(pair.0 == 0 && used < asked && copula.distance() > 0.1, "{pair:?} {asked} {used}");
        assert!((copula.used().at(0, 1) - copula.used().at(0, 2)).abs() < 1e-6);
        assert!(copula.used().at(1, 2) > -0.5);
    }

    #[test]
    fn refuses_too_many() {
        let n = 201;
        let values = (0..n * n).map(|i| f64::from(u8::from(i / n == i % n))).collect();
        let text = Copula::new(Matrix::new(n, values).unwrap(), Family::Gaussian).unwrap_err().to_string();
        assert_eq!(text, "201 numbers in one group; at most 200: let them load on a factor instead");
    }
}
