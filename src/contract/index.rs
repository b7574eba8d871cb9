//! Indices: what prices are multiplied by, by calendar year.

use std::collections::BTreeMap;

use thiserror::Error;

use super::NANO;
use super::share::Fraction;

/// A number for each calendar year, exact: at most nine decimals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Years(BTreeMap<i16, Fraction>),
    Yearly { rate: Fraction, from: i16 },
}

/// Why numbers are no index.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum IndexError {
    /// No year at all.
    #[error("an index needs at least one year")]
    Empty,
    /// A number that is not above zero and below a thousand, or has more than nine decimals.
    #[error("an index lies above 0 and below 1000 and has at most nine decimals, not {0}")]
    Value(Fraction),
    /// A yearly rise that is not above −1 and at most 1, or has more than nine decimals.
    #[error("a yearly rise lies above -1 and at most at 1 and has at most nine decimals, not {0}")]
    Rate(Fraction),
}

/// A rise is compounded over no more years than this; before and after it stands still.
const LONGEST: i16 = 100;

/// Powers are formed in units of 10⁻¹⁸ and rounded once to 10⁻⁹.
const FINE: i128 = NANO as i128 * NANO as i128;

fn in_nano(value: Fraction) -> Option<i64> {
    (NANO % value.denom() == 0).then(|| value.numer().checked_mul(NANO / value.denom()))?
}

impl Index {
    /// Numbers by year; a year that is not named has none.
    ///
    /// # Errors
    /// When there is no year, or a number is out of range.
    pub fn by_years(years: BTreeMap<i16, Fraction>) -> Result<Self, IndexError> {
        if years.is_empty() {
            return Err(IndexError::Empty);
        }
        let sound = |value: &Fraction| in_nano(*value).is_some_and(|nano| nano > 0 && nano < 1000 * NANO);
        match years.values().find(|value| !sound(value)) {
            Some(value) => Err(IndexError::Value(*value)),
            None => Ok(Self(Kind::Years(years))),
        }
    }

    /// `(1 + rate)^(year − from)`, rounded to nine decimals; 1 until `from`.
    ///
    /// # Errors
    /// When the rate is out of range.
    pub fn yearly(rate: Fraction, from: i16) -> Result<Self, IndexError> {
        let sound = in_nano(rate).is_some_and(|nano| nano > -NANO && nano <= NANO);
        if sound { Ok(Self(Kind::Yearly { rate, from })) } else { Err(IndexError::Rate(rate)) }
    }

    /// The number of a year; `None` for a year that is not named, or in which a rise has left all bounds.
    #[must_use]
    pub fn at(&self, year: i16) -> Option<Fraction> {
        match &self.0 {
            Kind::Years(years) => years.get(&year).copied(),
            Kind::Yearly { rate, from } => {
                let nano = i128::from(in_nano(*rate)? + NANO);
                let years = year.saturating_sub(*from).clamp(0, LONGEST);
                let mut power = FINE;
                for _ in 0..years {
                    power = power.checked_mul(nano)? / i128::from(NANO);
                }
                let rounded = (power + i128::from(NANO) / 2) / i128::from(NANO);
                let rounded = i64::try_from(rounded).ok().filter(|r| *r > 0 && *r < 1000 * NANO)?;
                Some(Fraction::new(rounded, NANO))
            }
        }
    }

    /// The years that are named; empty for a yearly rise, which has all.
    pub fn years(&self) -> impl Iterator<Item = i16> + '_ {
        let named = match &self.0 {
            Kind::Years(years) => Some(years.keys().copied()),
            Kind::Yearly { .. } => None,
        };
        named.into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_yearly_rise_compounds_and_is_rounded_once() {
        let index = Index::yearly(Fraction::new(2, 100), 2026).unwrap();
        let at = |year: i16| index.at(year).unwrap();
        assert_eq!(at(2024), Fraction::from(1));
        assert_eq!(at(2026), Fraction::from(1));
        assert_eq!(at(2028), Fraction::new(10_404, 10_000));
        // 1.02⁵ = 1.1040808032.
        assert_eq!(at(2031), Fraction::new(1_104_080_803, NANO));
        // 1.02⁷ = 1.14868566764928, whose tenth decimal rounds up.
        assert_eq!(at(2033), Fraction::new(1_148_685_668, NANO));
        let falling = Index::yearly(Fraction::new(-1, 2), 2026).unwrap();
        assert_eq!(falling.at(2027), Some(Fraction::new(1, 2)));
        assert_eq!(falling.at(2100), None);
    }

    #[test]
    fn a_year_that_is_not_named_has_no_number() {
        let years = BTreeMap::from([(2026, Fraction::from(1)), (2027, Fraction::new(1025, 1000))]);
        let index = Index::by_years(years).unwrap();
        assert_eq!((index.at(2027), index.at(2028)), (Some(Fraction::new(41, 40)), None));
        assert_eq!(index.years().collect::<Vec<_>>(), [2026, 2027]);
    }

    #[test]
    fn numbers_out_of_range_are_refused() {
        let one = |value| Index::by_years(BTreeMap::from([(2026, value)]));
        assert_eq!(Index::by_years(BTreeMap::new()), Err(IndexError::Empty));
        for value in [Fraction::from(0), Fraction::from(-1), Fraction::from(1000), Fraction::new(1, 3)] {
            assert_eq!(one(value), Err(IndexError::Value(value)));
        }
        for rate in [Fraction::from(-1), Fraction::from(2), Fraction::new(1, 3)] {
            assert_eq!(Index::yearly(rate, 2026), Err(IndexError::Rate(rate)));
        }
    }
}
