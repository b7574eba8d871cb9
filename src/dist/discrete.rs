//! A few values, each with its chance.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// P(X = xᵢ) = pᵢ, the values xᵢ ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrete {
    values: Vec<f64>,
    chances: Vec<f64>,
    /// P(X ≤ xᵢ) with P(X > xᵢ), each summed from its own end.
    tails: Vec<Tails>,
}

/// Why a [`Discrete`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscreteError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// There is nothing to choose from.
    #[error("a choice needs at least one value with its chance")]
    Empty,
    /// A chance is not a probability.
    #[error("chance {chance} of value {value} is not between 0 and 1; write 15 % as 0.15")]
    Chance {
        /// The value.
        value: f64,
        /// Its chance as given.
        chance: f64,
    },
    /// The chances do not add up.
    #[error("the chances add up to {sum}, not to 1; what happens in the remaining cases?")]
    Sum {
        /// Their sum.
        sum: f64,
    },
    /// A value stands twice.
    #[error("value {value} stands twice; add its chances together")]
    Repeated {
        /// The value.
        value: f64,
    },
}

impl Discrete {
    /// From pairs of value and chance in any order. The chances may miss 1 by 1e-9 and are then scaled to it.
    ///
    /// # Errors
    ///
    /// When there is no pair, a number is not finite, a chance is no probability, the chances do not add up to 1,
    /// or a value stands twice.
    pub fn new(pairs: impl IntoIterator<Item = (f64, f64)>) -> Result<Self, DiscreteError> {
        let mut pairs: Vec<(f64, f64)> = pairs.into_iter().collect();
        if pairs.is_empty() {
            return Err(DiscreteError::Empty);
        }
        for &(value, chance) in &pairs {
            number("value", value)?;
            if !(0.0..=1.0).contains(&chance) {
                return Err(DiscreteError::Chance { value, chance });
            }
        }
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        if let Some(twice) = pairs.windows(2).find(|pair| !(pair[0].0 < pair[1].0)) {
            return Err(DiscreteError::Repeated { value: twice[0].0 });
        }
        let sum: f64 = pairs.iter().map(|(_, chance)| chance).sum();
        if !((sum - 1.0).abs() <= 1e-9) {
            return Err(DiscreteError::Sum { sum });
        }
        Ok(Self::scaled(&pairs))
    }

    /// From ascending pairs with a positive sum, scaled to 1.
    pub(super) fn scaled(pairs: &[(f64, f64)]) -> Self {
        let sum: f64 = pairs.iter().map(|(_, chance)| chance).sum();
        let chances: Vec<f64> = pairs.iter().map(|(_, chance)| chance / sum).collect();
        let mut above = vec![0.0; chances.len()];
        for i in (1..chances.len()).rev() {
            above[i - 1] = above[i] + chances[i];
        }
        let mut below = 0.0;
        let mut tails = Vec::with_capacity(chances.len());
        for (chance, above) in chances.iter().zip(above) {
            below += chance;
            tails.push(if below <= above { Tails::from_lower(below) } else { Tails::from_upper(above) });
        }
        Self { values: pairs.iter().map(|(value, _)| *value).collect(), chances, tails }
    }

    /// The values, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Their chances, adding up to 1.
    pub fn chances(&self) -> &[f64] {
        &self.chances
    }

    /// P(X ≤ xᵢ) for all but the last value: the points of 0..1 where the value changes.
    pub(super) fn thresholds(&self) -> Vec<f64> {
        let inner = &self.tails[..self.tails.len() - 1];
        inner.iter().map(|at| at.lower()).collect()
    }

    /// Tails after the first `count` values.
    fn after(&self, count: usize) -> Tails {
        count.checked_sub(1).map_or(Tails::BOTTOM, |last| self.tails[last])
    }
}

impl Law for Discrete {
    fn cdf(&self, x: f64) -> Tails {
        self.after(self.values.partition_point(|value| *value <= x))
    }

    fn below(&self, x: f64) -> Tails {
        self.after(self.values.partition_point(|value| *value < x))
    }

    fn quantile(&self, at: Tails) -> f64 {
        let passed = |tails: &Tails| {
            if at.lower() <= at.upper() { tails.lower() <= at.lower() } else { tails.upper() >= at.upper() }
        };
        let index = self.tails.partition_point(passed);
        self.values[index.min(self.values.len() - 1)]
    }

    fn mean(&self) -> f64 {
        super::moments::moments(self).0
    }

    fn standard_deviation(&self) -> f64 {
        super::moments::moments(self).1
    }

    fn support(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(self.values.iter().copied().zip(self.chances.iter().copied()).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&Discrete::new([(1.0, 0.85), (0.0, 0.15)]).unwrap());
        harness::check(&Discrete::new([(5.0, 1.0 / 3.0), (-1.0, 1.0 / 3.0), (9.0, 1.0 / 3.0)]).unwrap());
        harness::check(&Discrete::new([(2.0, 1.0)]).unwrap());
    }

    #[test]
    fn moments_are_those_of_the_pairs() {
        let choice = Discrete::new([(1.0, 0.85), (0.0, 0.15)]).unwrap();
        assert!((choice.mean() - 0.85).abs() < 1e-15);
        assert!((choice.standard_deviation() - (0.85_f64 * 0.15).sqrt()).abs() < 1e-15);
    }

    #[test]
    fn refuses_what_is_no_choice() {
        let pairs = |p: &[f64]| Discrete::new([(p[0], p[1]), (p[2], p[3])]);
        harness::refuses_bad_numbers(&[1.0, 0.5, 2.0, 0.5], |p| pairs(p).is_err());
        assert_eq!(Discrete::new([]).unwrap_err(), DiscreteError::Empty);
        assert!(pairs(&[1.0, 0.5, 1.0, 0.5]).is_err() && pairs(&[0.0, 0.5, -0.0, 0.5]).is_err());
        let text = pairs(&[1.0, 0.5, 2.0, 0.4]).unwrap_err().to_string();
        assert_eq!(text, "the chances add up to 0.9, not to 1; what happens in the remaining cases?");
        let text = pairs(&[1.0, 15.0, 2.0, 0.4]).unwrap_err().to_string();
        assert_eq!(text, "chance 15 of value 1 is not between 0 and 1; write 15 % as 0.15");
    }
}
