//! The uniform distribution: every value of an interval equally likely.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// Density 1 / (high − low) on low..high; quantile low + u (high − low).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Uniform {
    low: f64,
    high: f64,
}

/// Why a [`Uniform`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum UniformError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The interval is reversed or a single point.
    #[error("low {low} is not below high {high}; exchange them, or write the one number if it is known")]
    Reversed {
        /// The lower end as given.
        low: f64,
        /// The upper end as given.
        high: f64,
    },
}

impl Uniform {
    /// On low..high.
    ///
    /// # Errors
    ///
    /// When an end is not finite or `low` is not below `high`.
    pub fn new(low: f64, high: f64) -> Result<Self, UniformError> {
        let (low, high) = (number("low", low)?, number("high", high)?);
        if !(low < high) {
            return Err(UniformError::Reversed { low, high });
        }
        Ok(Self { low, high })
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.high
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }
}

impl Law for Uniform {
    fn cdf(&self, x: f64) -> Tails {
        if !(x > self.low) {
            Tails::BOTTOM
        } else if x >= self.high {
            Tails::TOP
        } else {
            Tails::from_both((x - self.low) / self.width(), (self.high - x) / self.width())
        }
    }

    fn quantile(&self, at: Tails) -> f64 {
        let value = if at.lower() <= at.upper() {
            self.low + at.lower() * self.width()
        } else {
            self.high - at.upper() * self.width()
        };
        value.clamp(self.low, self.high)
    }

    fn mean(&self) -> f64 {
        0.5 * (self.low + self.high)
    }

    fn standard_deviation(&self) -> f64 {
        self.width() / 12.0_f64.sqrt()
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&Uniform::new(-2.0, 5.0).unwrap());
        harness::check(&Uniform::new(0.2, 0.3).unwrap());
    }

    #[test]
    fn agrees_with_statrs() {
        let oracle = statrs::distribution::Uniform::new(-2.0, 5.0).unwrap();
        harness::agrees_with(&Uniform::new(-2.0, 5.0).unwrap(), &oracle, 1e-15);
    }

    #[test]
    fn refuses_what_makes_no_interval() {
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| Uniform::new(p[0], p[1]).is_err());
        assert!(Uniform::new(2.0, 2.0).is_err());
        let text = Uniform::new(3.0, 2.0).unwrap_err().to_string();
        assert_eq!(text, "low 3 is not below high 2; exchange them, or write the one number if it is known");
    }
}
