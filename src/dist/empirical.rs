//! Observed values, all equally likely.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// P(X = xᵢ) = 1 / n; the quantile at u is the observation of rank ⌊u n⌋ counted from 0, without interpolation.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    data: Vec<f64>,
}

/// Why an [`Empirical`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EmpiricalError {
    /// A value is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// There are no data.
    #[error("data need at least one value")]
    Empty,
}

impl Empirical {
    /// From observations in any order; repeated values count as often as they stand.
    ///
    /// # Errors
    ///
    /// When there is none or one is not finite.
    pub fn new(data: impl IntoIterator<Item = f64>) -> Result<Self, EmpiricalError> {
        let mut data = data.into_iter().map(|value| number("data", value)).collect::<Result<Vec<_>, _>>()?;
        if data.is_empty() {
            return Err(EmpiricalError::Empty);
        }
        data.sort_by(f64::total_cmp);
        Ok(Self { data })
    }

    /// The observations, ascending.
    pub fn data(&self) -> &[f64] {
        &self.data
    }

    /// Those observations that lie in `lower..=upper`, if there are any.
    pub(super) fn between(&self, lower: f64, upper: f64) -> Option<Self> {
        let data: Vec<f64> = self.data.iter().copied().filter(|x| (lower..=upper).contains(x)).collect();
        (!data.is_empty()).then_some(Self { data })
    }

    fn after(&self, count: usize) -> Tails {
        let n = self.data.len();
        Tails::from_both(count as f64 / n as f64, (n - count) as f64 / n as f64)
    }
}

impl Law for Empirical {
    fn cdf(&self, x: f64) -> Tails {
        self.after(self.data.partition_point(|value| *value <= x))
    }

    fn below(&self, x: f64) -> Tails {
        self.after(self.data.partition_point(|value| *value < x))
    }

    fn quantile(&self, at: Tails) -> f64 {
        let n = self.data.len();
        let index = if at.lower() <= at.upper() {
            (at.lower() * n as f64) as usize
        } else {
            n.saturating_sub((at.upper() * n as f64).ceil() as usize)
        };
        self.data[index.min(n - 1)]
    }

    fn mean(&self) -> f64 {
        super::moments::moments(self).0
    }

    /// That of the data as a whole population: division by n.
    fn standard_deviation(&self) -> f64 {
        super::moments::moments(self).1
    }

    fn support(&self) -> (f64, f64) {
        (self.data[0], self.data[self.data.len() - 1])
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        let chance = 1.0 / self.data.len() as f64;
        Some(self.data.iter().map(|value| (*value, chance)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&Empirical::new([3.0, 1.0, 4.0, 1.0, 5.0]).unwrap());
        harness::check(&Empirical::new([7.0]).unwrap());
    }

    #[test]
    fn quantiles_are_observations_by_rank() {
        let data = Empirical::new([30.0, 10.0, 20.0, 40.0]).unwrap();
        for (u, expected) in [(0.0, 10.0), (0.24, 10.0), (0.25, 20.0), (0.6, 30.0), (0.75, 40.0), (1.0, 40.0)]
        {
            assert!((data.quantile(Tails::from_lower(u)) - expected).abs() < 1e-12, "{u}");
        }
        assert!((data.mean() - 25.0).abs() < 1e-12);
        assert!((data.standard_deviation() - 125.0_f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn refuses_what_is_no_data() {
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| Empirical::new(p.iter().copied()).is_err());
        assert_eq!(Empirical::new([]).unwrap_err().to_string(), "data need at least one value");
    }
}
