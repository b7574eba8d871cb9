//! Shares of a whole, as exact fractions that add up to one.

use num_rational::Ratio;
use num_traits::{CheckedAdd, One, Zero};
use thiserror::Error;

use crate::money::{Ore, mul_div};

/// A fraction between 0 and 1, exact.
pub type Fraction = Ratio<i64>;

/// Cumulative shares of one whole: the boundaries `S_1 … S_n = 1` between its parts.
///
/// Dividing by boundaries, `round(T·S_i) − round(T·S_{i−1})`, makes parts add up to the total exactly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares {
    numerators: Vec<i64>,
    denominator: i64,
}

/// Why fractions are not the shares of one whole.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ShareError {
    /// There is no part at all.
    #[error("there is no share at all")]
    Empty,
    /// A fraction lies outside 0 to 1.
    #[error("a share lies between 0 and 1, not {0}")]
    Outside(Fraction),
    /// The fractions do not add up to one.
    #[error("the shares add up to {0}, not to 1")]
    Sum(Fraction),
    /// The common denominator leaves 64 bits.
    #[error("the shares have no common denominator below 10^12")]
    Denominator,
}

/// Common denominators stay below this, so that a share of any amount is formed in 128 bits without overflow.
const LARGEST_DENOMINATOR: i64 = 1_000_000_000_000;

impl Shares {
    /// Checks that the fractions add up to exactly one.
    ///
    /// # Errors
    /// When there are none, one lies outside 0 to 1, they do not add up, or have no common denominator below 10¹².
    pub fn new(fractions: &[Fraction]) -> Result<Self, ShareError> {
        if fractions.is_empty() {
            return Err(ShareError::Empty);
        }
        let mut sum = Fraction::zero();
        let mut boundaries = Vec::with_capacity(fractions.len());
        for fraction in fractions {
            if *fraction < Fraction::zero() || *fraction > Fraction::one() {
                return Err(ShareError::Outside(*fraction));
            }
            sum = sum.checked_add(fraction).ok_or(ShareError::Denominator)?;
            boundaries.push(sum);
        }
        if sum != Fraction::one() {
            return Err(ShareError::Sum(sum));
        }
        let denominator = common_denominator(&boundaries)?;
        let numerators = boundaries.iter().map(|b| b.numer() * (denominator / b.denom())).collect();
        Ok(Self { numerators, denominator })
    }

    /// `n` equal shares.
    ///
    /// # Errors
    /// When `n` is zero or above 10¹².
    pub fn equal(n: usize) -> Result<Self, ShareError> {
        let count = i64::try_from(n).map_err(|_| ShareError::Denominator)?;
        if count == 0 {
            return Err(ShareError::Empty);
        }
        Self::new(&vec![Fraction::new(1, count); n])
    }

    /// The number of parts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.numerators.len()
    }

    /// Whether there is no part; never true of a checked value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.numerators.is_empty()
    }

    /// Cumulative numerators and their common denominator.
    #[must_use]
    pub fn boundaries(&self) -> (&[i64], i64) {
        (&self.numerators, self.denominator)
    }

    /// Part `index` as a fraction.
    #[must_use]
    pub fn fraction(&self, index: usize) -> Fraction {
        let before = if index == 0 { 0 } else { self.numerators[index - 1] };
        Fraction::new(self.numerators[index] - before, self.denominator)
    }

    /// Divides a total into its parts, in øre (or people), by cumulative boundaries.
    pub fn divide(&self, total: Ore) -> impl Iterator<Item = Ore> + '_ {
        let mut before = 0;
        self.numerators.iter().map(move |numerator| {
            let boundary = mul_div(total, *numerator, self.denominator);
            let part = boundary - before;
            before = boundary;
            part
        })
    }
}

fn common_denominator(fractions: &[Fraction]) -> Result<i64, ShareError> {
    let mut common = 1i64;
    for fraction in fractions {
        let divisor = gcd(common, *fraction.denom());
        common = common
            .checked_mul(fraction.denom() / divisor)
            .filter(|d| *d <= LARGEST_DENOMINATOR)
            .ok_or(ShareError::Denominator)?;
    }
    Ok(common)
}

/// The greatest common divisor of two non-negative integers; `gcd(0, b)` is `b`.
#[must_use]
pub fn gcd(mut a: i64, mut b: i64) -> i64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_add_up() {
        let thirds = Shares::equal(3).unwrap();
        assert_eq!(thirds.divide(100).collect::<Vec<_>>(), [33, 34, 33]);
        assert_eq!(thirds.fraction(1), Fraction::new(1, 3));
    }

    #[test]
    fn decimals_add_up_or_are_refused() {
        let shares = [Fraction::new(45, 100), Fraction::new(55, 100)];
        assert_eq!(Shares::new(&shares).unwrap().boundaries(), (&[9, 20][..], 20));
        assert_eq!(Shares::new(&shares[..1]), Err(ShareError::Sum(Fraction::new(9, 20))));
        assert_eq!(Shares::new(&[Fraction::new(3, 2)]), Err(ShareError::Outside(Fraction::new(3, 2))));
        assert_eq!(Shares::new(&[]), Err(ShareError::Empty));
    }

    #[test]
    fn boundaries_have_the_smallest_denominator() {
        let shares = Shares::new(&[Fraction::new(1, 4), Fraction::new(1, 4), Fraction::new(1, 2)]).unwrap();
        assert_eq!(shares.boundaries(), (&[1, 2, 4][..], 4));
        assert_eq!((shares.len(), shares.is_empty()), (3, false));
        assert_eq!((gcd(12, 18), gcd(0, 5), gcd(7, 0), gcd(-4, 6)), (6, 5, 7, 2));
    }

    #[test]
    fn wild_denominators_are_refused_not_overflowed() {
        let wild =
            [Fraction::new(1, 999_999_937), Fraction::new(1, 999_999_929), Fraction::new(1, 999_999_893)];
        assert_eq!(Shares::new(&wild), Err(ShareError::Denominator));
    }
}
