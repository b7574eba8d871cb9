//! The triangular distribution: straight up from low to the mode, straight down to high.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// Density 2 (x − low) / ((high − low)(mode − low)) below the mode, its mirror image above.
///
/// Quantile low + √(u (high − low)(mode − low)) up to the mode, high − √((1 − u)(high − low)(high − mode)) above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

/// Why a [`Triangular`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TriangularError {
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
    /// The mode is not in the interval.
    #[error("mode {mode} lies outside low..high ({low}..{high}); move it inside or widen the interval")]
    ModeOutside {
        /// The lower end as given.
        low: f64,
        /// The mode as given.
        mode: f64,
        /// The upper end as given.
        high: f64,
    },
}

impl Triangular {
    /// From the smallest, the most likely and the largest value; the mode may lie at an end.
    ///
    /// # Errors
    ///
    /// When a parameter is not finite, `low` is not below `high`, or the mode lies outside them.
    pub fn new(low: f64, mode: f64, high: f64) -> Result<Self, TriangularError> {
        let (low, mode, high) = (number("low", low)?, number("mode", mode)?, number("high", high)?);
        if !(low < high) {
            return Err(TriangularError::Reversed { low, high });
        }
        if !(low..=high).contains(&mode) {
            return Err(TriangularError::ModeOutside { low, mode, high });
        }
        Ok(Self { low, mode, high })
    }

    /// The smallest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The most likely value.
    pub fn mode(&self) -> f64 {
        self.mode
    }

    /// The largest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }

    /// The probability below the mode.
    pub(super) fn share_below_mode(&self) -> f64 {
        (self.mode - self.low) / self.width()
    }

    /// (high − low)(mode − low) and (high − low)(high − mode): squared distances from the ends per unit of tail.
    pub(super) fn squares(&self) -> (f64, f64) {
        (self.width() * (self.mode - self.low), self.width() * (self.high - self.mode))
    }
}

impl Law for Triangular {
    fn cdf(&self, x: f64) -> Tails {
        let (left, right) = self.squares();
        if !(x > self.low) {
            Tails::BOTTOM
        } else if x >= self.high {
            Tails::TOP
        } else if x < self.mode {
            Tails::from_lower((x - self.low) * (x - self.low) / left)
        } else {
            Tails::from_upper((self.high - x) * (self.high - x) / right)
        }
    }

    fn quantile(&self, at: Tails) -> f64 {
        let (left, right) = self.squares();
        if at.lower() < self.share_below_mode() {
            (self.low + (at.lower() * left).sqrt()).clamp(self.low, self.mode)
        } else {
            (self.high - (at.upper() * right).sqrt()).clamp(self.mode, self.high)
        }
    }

    fn mean(&self) -> f64 {
        (self.low + self.mode + self.high) / 3.0
    }

    /// √((p² + pq + q²) / 18) with p, q the distances of the ends from the mode.
    fn standard_deviation(&self) -> f64 {
        let (p, q) = (self.mode - self.low, self.high - self.mode);
        ((p * p + p * q + q * q) / 18.0).sqrt()
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn kink(&self) -> Option<Tails> {
        Some(self.cdf(self.mode))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for (low, mode, high) in [(1.0, 2.0, 4.0), (0.0, 0.0, 1.0), (-1.0, 3.0, 3.0), (0.02, 0.025, 0.2)] {
            harness::check_to(&Triangular::new(low, mode, high).unwrap(), 4.0 * f64::EPSILON * (high - low));
        }
    }

    #[test]
    fn agrees_with_statrs() {
        let oracle = statrs::distribution::Triangular::new(1.0, 4.0, 2.0).unwrap();
        harness::agrees_with(&Triangular::new(1.0, 2.0, 4.0).unwrap(), &oracle, 1e-14);
    }

    #[test]
    fn refuses_what_makes_no_triangle() {
        harness::refuses_bad_numbers(&[1.0, 2.0, 3.0], |p| Triangular::new(p[0], p[1], p[2]).is_err());
        assert!(Triangular::new(2.0, 2.0, 2.0).is_err());
        assert!(Triangular::new(3.0, 2.0, 1.0).is_err());
        let text = Triangular::new(150.0, 400.0, 360.0).unwrap_err().to_string();
        assert_eq!(text, "mode 400 lies outside low..high (150..360); move it inside or widen the interval");
    }
}
