//! The log-normal distribution: a positive number whose logarithm is normal.

use super::number::{NumberError, number};
use super::range::SCORE_90;
use super::{Law, Tails};

/// Beyond this the quantiles span more than a factor of e^80 and squares overflow.
const WIDEST: f64 = 10.0;

/// exp(μ + σ Z) with Z standard normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    mu: f64,
    sigma: f64,
}

/// Why a [`LogNormal`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LogNormalError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The mean or median is not positive.
    #[error("{name} {value} must be above 0: a log-normal number is always positive")]
    Centre {
        /// Which parameter: mean or median.
        name: &'static str,
        /// Its value as given.
        value: f64,
    },
    /// The standard deviation is not positive or out of all proportion to the mean.
    #[error("sd {sd} must be above 0 and at most 1e6 times the mean")]
    Spread {
        /// The standard deviation as given.
        sd: f64,
    },
    /// The factor is not above one or absurdly large.
    #[error(
        "factor {factor} must be above 1 and at most 100000; 1.5 means from two thirds to one and a half times"
    )]
    Factor {
        /// The factor as given.
        factor: f64,
    },
}

impl LogNormal {
    /// From mean and standard deviation of the number itself, not of its logarithm.
    ///
    /// σ² = ln(1 + (sd / mean)²), μ = ln mean − σ² / 2.
    ///
    /// # Errors
    ///
    /// When the mean is not positive, or the standard deviation not above 0 and at most 1e6 times the mean.
    pub fn from_mean_sd(mean: f64, sd: f64) -> Result<Self, LogNormalError> {
        let (mean, sd) = (positive("mean", mean)?, number("sd", sd)?);
        if !(sd > 0.0 && sd <= 1e6 * mean) {
            return Err(LogNormalError::Spread { sd });
        }
        let ratio = sd / mean;
        let variance = libm::log1p(ratio * ratio);
        Self::of(libm::log(mean) - 0.5 * variance, variance.sqrt()).ok_or(LogNormalError::Spread { sd })
    }

    /// From the median and a factor: with 80 % chance the number lies between median / factor and median × factor.
    ///
    /// The factor reaches from the median to the 90 % point, as low and high of a [`super::Range`] do;
    /// σ = ln factor / 1.28155.
    ///
    /// # Errors
    ///
    /// When the median is not positive, or the factor not above 1 and at most 100 000.
    pub fn from_median_factor(median: f64, factor: f64) -> Result<Self, LogNormalError> {
        let (median, factor) = (positive("median", median)?, number("factor", factor)?);
        if !(factor > 1.0 && factor <= 1e5) {
            return Err(LogNormalError::Factor { factor });
        }
        Self::of(libm::log(median), libm::log(factor) / SCORE_90).ok_or(LogNormalError::Factor { factor })
    }

    fn of(mu: f64, sigma: f64) -> Option<Self> {
        (sigma > 0.0 && sigma <= WIDEST).then_some(Self { mu, sigma })
    }

    /// Mean of the logarithm.
    pub fn mu(&self) -> f64 {
        self.mu
    }

    /// Standard deviation of the logarithm.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The median, and by what it is multiplied at the 90 % point.
    pub fn median_and_factor(&self) -> (f64, f64) {
        (libm::exp(self.mu), libm::exp(self.sigma * SCORE_90))
    }
}

fn positive(name: &'static str, value: f64) -> Result<f64, LogNormalError> {
    let value = number(name, value)?;
    if value > 0.0 { Ok(value) } else { Err(LogNormalError::Centre { name, value }) }
}

impl Law for LogNormal {
    fn cdf(&self, x: f64) -> Tails {
        if x > 0.0 { Tails::from_score((libm::log(x) - self.mu) / self.sigma) } else { Tails::BOTTOM }
    }

    fn quantile(&self, at: Tails) -> f64 {
        libm::exp(self.mu + self.sigma * at.score())
    }

    fn mean(&self) -> f64 {
        libm::exp(self.mu + 0.5 * self.sigma * self.sigma)
    }

    fn standard_deviation(&self) -> f64 {
        self.mean() * libm::expm1(self.sigma * self.sigma).sqrt()
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&LogNormal::from_mean_sd(21_000.0, 4_000.0).unwrap());
        harness::check(&LogNormal::from_median_factor(0.2, 3.0).unwrap());
    }

    #[test]
    fn agrees_with_statrs() {
        let law = LogNormal::from_mean_sd(3.0, 2.0).unwrap();
        let oracle = statrs::distribution::LogNormal::new(law.mu(), law.sigma()).unwrap();
        harness::agrees_with(&law, &oracle, 1e-10);
    }

    #[test]
    fn parameters_are_those_of_the_number_itself() {
        let law = LogNormal::from_mean_sd(21_000.0, 4_000.0).unwrap();
        assert!((law.mean() / 21_000.0 - 1.0).abs() < 1e-14);
        assert!((law.standard_deviation() / 4_000.0 - 1.0).abs() < 1e-13);
        let law = LogNormal::from_median_factor(100.0, 1.5).unwrap();
        assert!((law.quantile(Tails::from_lower(0.9)) - 150.0).abs() < 1e-11);
        assert!((law.quantile(Tails::from_lower(0.1)) - 100.0 / 1.5).abs() < 1e-11);
    }

    #[test]
    fn refuses_what_is_not_positive() {
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| LogNormal::from_mean_sd(p[0], p[1]).is_err());
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| LogNormal::from_median_factor(p[0], p[1]).is_err());
        assert!(LogNormal::from_mean_sd(1.0, 0.0).is_err() && LogNormal::from_mean_sd(1e-300, 1.0).is_err());
        assert!(LogNormal::from_mean_sd(1e15, 1e-300).is_err());
        assert!(LogNormal::from_median_factor(2.0, 1.0).is_err());
        let text = LogNormal::from_mean_sd(-3.0, 1.0).unwrap_err().to_string();
        assert_eq!(text, "mean -3 must be above 0: a log-normal number is always positive");
    }
}
