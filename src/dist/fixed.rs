//! A number that is known: all probability on one value.

use super::number::{NumberError, number};
use super::{Law, Tails};

/// P(X = value) = 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fixed {
    value: f64,
}

/// Why a [`Fixed`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FixedError {
    /// The value is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
}

impl Fixed {
    /// The number itself.
    ///
    /// # Errors
    ///
    /// When it is not finite.
    pub fn new(value: f64) -> Result<Self, FixedError> {
        Ok(Self { value: number("value", value)? })
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.value
    }
}

impl Law for Fixed {
    fn cdf(&self, x: f64) -> Tails {
        if x >= self.value { Tails::TOP } else { Tails::BOTTOM }
    }

    fn below(&self, x: f64) -> Tails {
        if x > self.value { Tails::TOP } else { Tails::BOTTOM }
    }

    fn quantile(&self, _: Tails) -> f64 {
        self.value
    }

    fn mean(&self) -> f64 {
        self.value
    }

    fn standard_deviation(&self) -> f64 {
        0.0
    }

    fn support(&self) -> (f64, f64) {
        (self.value, self.value)
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        Some(vec![(self.value, 1.0)])
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check(&Fixed::new(-3.5).unwrap());
    }

    #[test]
    fn refuses_what_is_no_number() {
        harness::refuses_bad_numbers(&[1.0], |p| Fixed::new(p[0]).is_err());
    }
}
