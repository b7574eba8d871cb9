//! The normal distribution: the bell curve.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// mean + sd Z with Z standard normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean: f64,
    sd: f64,
}

/// Why a [`Normal`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NormalError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The standard deviation is not positive.
    #[error("sd {sd} must be above 0; write the mean as a plain number if it is known")]
    Spread {
        /// The standard deviation as given.
        sd: f64,
    },
}

impl Normal {
    /// From mean and standard deviation.
    ///
    /// # Errors
    ///
    /// When a parameter is not finite or `sd` is not positive.
    pub fn new(mean: f64, sd: f64) -> Result<Self, NormalError> {
        let (mean, sd) = (number("mean", mean)?, number("sd", sd)?);
        if !(sd > 0.0) {
            return Err(NormalError::Spread { sd });
        }
        Ok(Self { mean, sd })
    }
}

impl Law for Normal {
    fn cdf(&self, x: f64) -> Tails {
        if x.is_nan() { Tails::BOTTOM } else { Tails::from_score((x - self.mean) / self.sd) }
    }

    fn quantile(&self, at: Tails) -> f64 {
        self.mean + self.sd * at.score()
    }

    fn mean(&self) -> f64 {
        self.mean
    }

    fn standard_deviation(&self) -> f64 {
        self.sd
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&Normal::new(0.13, 0.06).unwrap());
        harness::check(&Normal::new(-5e6, 3e4).unwrap());
    }

    #[test]
    fn agrees_with_statrs() {
        let oracle = statrs::distribution::Normal::new(0.13, 0.06).unwrap();
        harness::agrees_with(&Normal::new(0.13, 0.06).unwrap(), &oracle, 1e-10);
    }

    #[test]
    fn refuses_what_makes_no_bell() {
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| Normal::new(p[0], p[1]).is_err());
        assert!(Normal::new(1.0, -1.0).is_err());
        let text = Normal::new(1.0, 0.0).unwrap_err().to_string();
        assert_eq!(text, "sd 0 must be above 0; write the mean as a plain number if it is known");
    }
}
