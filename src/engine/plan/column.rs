//! Columns of a plan: what each holds, the range it cannot leave, and the lattice it lies on.

use crate::contract::share::gcd;
use crate::scenario::model::Span;

/// A column of 64-bit integers: people, øre, quantities in 10⁻⁹, or 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WholeColumn(pub(crate) u32);

/// A column of real numbers: uniforms, normal scores, rates, levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RealColumn(pub(crate) u32);

/// An integer of the plan: the same in every trial, or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whole {
    /// The same in every trial.
    Constant(i64),
    /// A value per trial.
    Column(WholeColumn),
}

impl Whole {
    /// Nothing at all.
    pub const ZERO: Self = Self::Constant(0);

    /// The constant, if it is one.
    #[must_use]
    pub const fn constant(self) -> Option<i64> {
        match self {
            Self::Constant(value) => Some(value),
            Self::Column(_) => None,
        }
    }

    /// The column, if it is one.
    #[must_use]
    pub const fn column(self) -> Option<WholeColumn> {
        match self {
            Self::Constant(_) => None,
            Self::Column(column) => Some(column),
        }
    }
}

/// A real number of the plan: the same in every trial, or a column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Real {
    /// The same in every trial.
    Constant(f64),
    /// A value per trial.
    Column(RealColumn),
}

/// What the integers of a column count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// People.
    People,
    /// Øre.
    Ore,
    /// 10⁻⁹ of the unit of an outcome.
    Nano,
    /// 0 or 1.
    Flag,
    /// Claims, days or other units of single persons.
    Units,
}

/// Where a column comes from: a path in plain words, and the place in the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    pub(crate) label: String,
    pub(crate) span: Option<Span>,
}

impl Origin {
    /// An origin with a place in the file.
    #[must_use]
    pub fn at(label: impl Into<String>, span: &Span) -> Self {
        Self { label: label.into(), span: Some(span.clone()) }
    }

    /// An origin that several places share.
    #[must_use]
    pub fn of(label: impl Into<String>) -> Self {
        Self { label: label.into(), span: None }
    }
}

/// Values are `low + k · step`, up to `high`. A constant has `low = high` and `step = 0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lattice {
    /// The smallest value.
    pub low: i64,
    /// The largest value.
    pub high: i64,
    /// The distance between neighbouring values; zero for a constant.
    pub step: i64,
}

impl Lattice {
    /// A single value.
    #[must_use]
    pub const fn point(value: i64) -> Self {
        Self { low: value, high: value, step: 0 }
    }

    /// Every integer from `low` to `high`.
    #[must_use]
    pub const fn integers(low: i64, high: i64) -> Self {
        Self { low, high, step: if low == high { 0 } else { 1 } }
    }

    /// Whether only one value can occur.
    #[must_use]
    pub const fn is_point(self) -> bool {
        self.low == self.high
    }

    /// The lattice of a sum. `None` when a bound leaves 64 bits.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.checked_add(other.low)?, self.high.checked_add(other.high)?);
        Some(Self { low, high, step: gcd(self.step, other.step) })
    }

    /// The lattice of a difference. `None` when a bound leaves 64 bits.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let (low, high) = (self.low.checked_sub(other.high)?, self.high.checked_sub(other.low)?);
        Some(Self { low, high, step: gcd(self.step, other.step) })
    }

    /// The lattice of the smaller of two values.
    #[must_use]
    pub fn smaller(self, other: Self) -> Self {
        let step = gcd(gcd(self.step, other.step), self.low.abs_diff(other.low).min(i64::MAX as u64) as i64);
        Self { low: self.low.min(other.low), high: self.high.min(other.high), step }
    }

    /// The lattice of the larger of two values.
    #[must_use]
    pub fn larger(self, other: Self) -> Self {
        let Self { step, .. } = self.smaller(other);
        Self { low: self.low.max(other.low), high: self.high.max(other.high), step }
    }

    /// The lattice of a value or zero.
    #[must_use]
    pub fn or_nothing(self) -> Self {
        let step = gcd(self.step, self.low.saturating_abs());
        Self { low: self.low.min(0), high: self.high.max(0), step }
    }

    /// Exact multiplication by a fraction: `None` unless every value gives a whole number in 64 bits.
    #[must_use]
    pub fn times(self, numerator: i64, denominator: i64) -> Option<Self> {
        let scale = |value: i64| {
            let product = i128::from(value) * i128::from(numerator);
            let whole = product % i128::from(denominator) == 0;
            if whole { i64::try_from(product / i128::from(denominator)).ok() } else { None }
        };
        let (a, b) = (scale(self.low)?, scale(self.high)?);
        Some(Self { low: a.min(b), high: a.max(b), step: scale(self.step)?.abs() })
    }

    /// The number of lattice points, or `None` beyond `limit`.
    #[must_use]
    pub fn points(self, limit: u32) -> Option<u32> {
        if self.step == 0 {
            return Some(1);
        }
        let points = (i128::from(self.high) - i128::from(self.low)) / i128::from(self.step) + 1;
        u32::try_from(points).ok().filter(|n| *n <= limit)
    }
}

/// What the plan knows of an integer column.
#[derive(Clone, Debug)]
pub struct WholeFacts {
    pub(crate) lattice: Lattice,
    pub(crate) unit: Unit,
    pub(crate) origin: Origin,
}

/// What the plan knows of a real column.
#[derive(Clone, Debug)]
pub struct RealFacts {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) origin: Origin,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lattice() -> impl Strategy<Value = Lattice> {
        (-50i64..50, 1i64..12, 0i64..9).prop_map(|(low, step, n)| Lattice {
            low,
            high: low + n * step,
            step: if n == 0 { 0 } else { step },
        })
    }

    fn values(l: Lattice) -> Vec<i64> {
        (0..l.points(1000).unwrap()).map(|k| l.low + i64::from(k) * l.step).collect()
    }

    fn holds(l: Lattice, value: i64) -> bool {
        (l.low..=l.high).contains(&value) && (value == l.low || (l.step > 0 && (value - l.low) % l.step == 0))
    }

    proptest! {
        #[test]
        fn results_stay_on_the_lattice_of_the_operation(a in lattice(), b in lattice()) {
            for x in values(a) {
                for y in values(b) {
                    prop_assert!(holds(a.plus(b).unwrap(), x + y));
                    prop_assert!(holds(a.minus(b).unwrap(), x - y));
                    prop_assert!(holds(a.smaller(b), x.min(y)));
                    prop_assert!(holds(a.larger(b), x.max(y)));
                }
                prop_assert!(holds(a.or_nothing(), x) && holds(a.or_nothing(), 0));
                if let Some(third) = a.times(1, 3) {
                    prop_assert!(x % 3 == 0 && holds(third, x / 3));
                }
            }
        }
    }

    #[test]
    fn bounds_that_leave_64_bits_are_noticed() {
        let wide = Lattice::integers(0, i64::MAX);
        assert_eq!(wide.plus(wide), None);
        assert_eq!(Lattice::integers(i64::MIN, 0).minus(wide), None);
        assert_eq!(wide.points(10), None);
    }
}
