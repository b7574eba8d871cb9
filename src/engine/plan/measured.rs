//! Building operations on measured numbers: levels with noise, pools, formulas, stated rounding, and what waits for them.

use super::build::{Builder, RangeError, checked};
use super::column::{Lattice, Origin, Real, Unit, Whole, WholeFacts};
use super::op::{NoiseOp, Op};
use super::whole::UNDEFINED;
use crate::contract::price::to_nano;
use crate::money::mul_div;

/// Measured numbers stay within ±4,000,000 units, so that 10⁻⁹ of them fit the exact range.
const LARGEST_MEASURED: f64 = 4.0e6;

impl Builder {
    /// A measured level, in 10⁻⁹.
    ///
    /// # Errors
    /// When it can leave ±4,000,000 units.
    pub fn measure(
        &mut self,
        level: Real,
        noise: Option<NoiseOp>,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        let reach = noise.map_or(0.0, |noise| {
            let (_, sd) = self.bounds(noise.sd);
            let (_, score) = self.bounds(Real::Column(noise.score));
            // One person measured is the noisiest measurement that has a value.
            let two = if noise.comparison.is_some() { std::f64::consts::SQRT_2 } else { 1.0 };
            two * sd * score * (1.0 + noise.fixed + noise.matched).sqrt()
        });
        let (low, high) = self.bounds(level);
        let (low, high) = (low - reach, high + reach);
        if !(low > -LARGEST_MEASURED && high < LARGEST_MEASURED) {
            let value = high.abs().max(low.abs()) as i128;
            return Err(RangeError::TooLarge { origin, value, most: LARGEST_MEASURED as i64 });
        }
        if let (Real::Constant(level), None) = (level, noise) {
            return Ok(Whole::Constant(to_nano(level)));
        }
        let out = self.whole_column(Lattice::integers(to_nano(low), to_nano(high)), Unit::Nano, origin);
        self.ops.push(Op::Measure { level, noise, out });
        Ok(Whole::Column(out))
    }

    /// A computed number in 10⁻⁹, undefined where it has no value.
    ///
    /// # Errors
    /// When it can leave ±4,000,000 units.
    pub fn nano(&mut self, value: Real, origin: Origin) -> Result<Whole, RangeError> {
        let (low, high) = self.bounds(value);
        match value {
            Real::Constant(value) if value.is_nan() => Ok(Whole::Constant(UNDEFINED)),
            _ if !(low > -LARGEST_MEASURED && high < LARGEST_MEASURED) => {
                let value = high.abs().max(low.abs()) as i128;
                Err(RangeError::TooLarge { origin, value, most: LARGEST_MEASURED as i64 })
            }
            Real::Constant(value) => Ok(Whole::Constant(to_nano(value))),
            Real::Column(value) => {
                let lattice = Lattice::integers(to_nano(low), to_nano(high));
                let out = self.whole_column(lattice, Unit::Nano, origin);
                self.ops.push(Op::Nano { value, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// The nearest multiple of a step.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn round_to(&mut self, quantity: Whole, step: i64, origin: Origin) -> Result<Whole, RangeError> {
        let round = |quantity: i64| mul_div(quantity, 1, step) * step;
        let column = match quantity {
            Whole::Constant(UNDEFINED) => return Ok(quantity),
            Whole::Constant(quantity) => return Ok(Whole::Constant(round(quantity))),
            Whole::Column(column) => column,
        };
        let WholeFacts { lattice, unit, .. } = self.whole[column.0 as usize];
        if lattice.low % step == 0 && lattice.step % step == 0 {
            return Ok(quantity);
        }
        let (low, high) = (round(lattice.low), round(lattice.high));
        let lattice = Lattice { low, high, step: if low == high { 0 } else { step } };
        let out = self.whole_column(checked(lattice, &origin)?, unit, origin);
        self.ops.push(Op::RoundTo { quantity: column, step, out });
        Ok(Whole::Column(out))
    }

    /// The mean of measured levels, weighted by people.
    pub fn pool(&mut self, parts: Vec<(Whole, Whole)>, origin: Origin) -> Whole {
        if let [(value, _)] = parts.as_slice() {
            return *value;
        }
        let low = parts.iter().map(|(v, _)| self.lattice(*v).low).min().unwrap_or(0);
        let high = parts.iter().map(|(v, _)| self.lattice(*v).high).max().unwrap_or(0);
        let out = self.whole_column(Lattice::integers(low, high), Unit::Nano, origin);
        self.ops.push(Op::Pool { parts, out });
        Whole::Column(out)
    }

    /// 1 where a quantity has a value from `low` to `high`, else 0.
    pub fn within(&mut self, quantity: Whole, low: i64, high: i64, origin: Origin) -> Whole {
        let column = match quantity {
            Whole::Constant(UNDEFINED) => return Whole::ZERO,
            Whole::Constant(quantity) => {
                return Whole::Constant(i64::from(low <= quantity && quantity <= high));
            }
            Whole::Column(column) => column,
        };
        let lattice = self.lattice(quantity);
        if lattice.high < low || lattice.low > high {
            return Whole::ZERO;
        }
        if lattice.low >= low && lattice.high <= high && !self.may_be_undefined(quantity) {
            return Whole::Constant(1);
        }
        let out = self.whole_column(Lattice::integers(0, 1), Unit::Flag, origin);
        self.ops.push(Op::Within { quantity: column, low, high, out });
        Whole::Column(out)
    }

    /// A level that has a value only where its weight, a flag, is 1.
    pub fn weighed(&mut self, level: Whole, flag: Whole, origin: Origin) -> Whole {
        let Lattice { low, high, .. } = self.lattice(level);
        let out = self.whole_column(Lattice::integers(low, high), Unit::Nano, origin);
        self.ops.push(Op::Pool { parts: vec![(level, flag)], out });
        Whole::Column(out)
    }

    /// An amount where a flag is 1, else nothing.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn gate(&mut self, amount: Whole, flag: Whole, origin: Origin) -> Result<Whole, RangeError> {
        self.keep(amount, flag, Unit::Ore, origin)
    }

    /// A number of something where a flag is 1, else zero.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn keep(
        &mut self,
        amount: Whole,
        flag: Whole,
        unit: Unit,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        match (amount, flag) {
            (_, Whole::Constant(0)) => Ok(Whole::ZERO),
            (_, Whole::Constant(_)) | (Whole::Constant(0), _) => Ok(amount),
            (Whole::Constant(amount), flag) => self.scale(flag, amount, 1, origin),
            (Whole::Column(column), Whole::Column(flag)) => {
                let own = self.lattice(amount);
                let lattice = own.or_nothing();
                let out = self.whole_column(lattice, unit, origin);
                self.ops.push(Op::Gate { amount: column, flag, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// The larger of two amounts.
    pub fn larger(&mut self, a: Whole, b: Whole, origin: Origin) -> Whole {
        let (of_a, of_b) = (self.lattice(a), self.lattice(b));
        let column = match (a, b) {
            _ if of_b.low >= of_a.high => return b,
            _ if of_a.low >= of_b.high => return a,
            (_, Whole::Column(column)) => (a, column),
            (Whole::Column(column), _) => (b, column),
            (Whole::Constant(a), Whole::Constant(b)) => return Whole::Constant(a.max(b)),
        };
        let out = self.whole_column(of_a.larger(of_b), Unit::Ore, origin);
        self.ops.push(Op::Larger { a: column.0, b: column.1, out });
        Whole::Column(out)
    }
}
