//! Building operations on integers: people, counts, measured levels, amounts, limits.

use std::ops::Not as _;

use super::build::{Builder, PartOf, RangeError, checked, too_large};
use super::column::{Lattice, Origin, Real, RealColumn, Unit, Whole, WholeColumn};
use super::op::{Op, StreamIndex};
use crate::contract::NANO;
use crate::contract::price::{Base, Pieces};
use crate::contract::share::Shares;
use crate::money::mul_div;

/// A measured number nobody was measured for: it pays nothing and weighs nothing.
pub const UNDEFINED: i64 = i64::MIN;

/// Totals of at most so many values are divided one by one to find the exact range of their parts.
const FEW_VALUES: u32 = 4096;

impl Builder {
    /// The nearest whole number of people.
    ///
    /// # Errors
    /// When there can be more people than are counted exactly.
    pub fn people(&mut self, value: Real, origin: Origin) -> Result<Whole, RangeError> {
        let round = |x: f64| (x + 0.5).floor().max(0.0);
        let (low, high) = self.bounds(value);
        if high >= super::MOST_PEOPLE {
            return Err(RangeError::TooLarge {
                origin,
                value: high as i128,
                most: super::MOST_PEOPLE as i64,
            });
        }
        match value {
            Real::Constant(value) => Ok(Whole::Constant(round(value) as i64)),
            Real::Column(value) => {
                let lattice = Lattice::integers(round(low) as i64, round(high) as i64);
                let out = self.whole_column(lattice, Unit::People, origin);
                self.ops.push(Op::People { value, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// Divides a total by shares, by cumulative boundaries.
    pub fn divide(&mut self, total: Whole, shares: &Shares, unit: Unit, origin: &Origin) -> Vec<Whole> {
        let column = match total {
            Whole::Constant(total) => return shares.divide(total).map(Whole::Constant).collect(),
            Whole::Column(_) if shares.len() == 1 => return vec![total],
            Whole::Column(column) => column,
        };
        let (numerators, denominator) = shares.boundaries();
        let lattices = self.part_lattices(column, numerators, denominator);
        let exact = lattices.is_some();
        let lattices = lattices.unwrap_or_else(|| self.loose_parts(column, numerators, denominator));
        let out: Vec<_> =
            lattices.into_iter().map(|lattice| self.whole_column(lattice, unit, origin.clone())).collect();
        if exact {
            self.remember_parts(column, &out, numerators, denominator);
        }
        self.ops.push(Op::Divide {
            total: column,
            numerators: numerators.to_vec(),
            denominator,
            out: out.clone(),
        });
        out.into_iter().map(Whole::Column).collect()
    }

    /// Lattices of parts that are exact in every trial; `None` when a part would need rounding.
    pub(crate) fn part_lattices(
        &self,
        total: WholeColumn,
        numerators: &[i64],
        denominator: i64,
    ) -> Option<Vec<Lattice>> {
        let lattice = self.whole[total.0 as usize].lattice;
        let mut before = 0;
        numerators
            .iter()
            .map(|numerator| {
                let part = lattice.times(numerator - before, denominator);
                before = *numerator;
                part
            })
            .collect()
    }

    fn loose_parts(&self, total: WholeColumn, numerators: &[i64], denominator: i64) -> Vec<Lattice> {
        let lattice = self.whole[total.0 as usize].lattice;
        let starts = std::iter::once(0).chain(numerators.iter().copied());
        let shares = starts.zip(numerators).map(|(before, numerator)| (before, *numerator));
        shares.map(|(before, numerator)| part_range(lattice, before, numerator, denominator)).collect()
    }

    fn remember_parts(
        &mut self,
        parent: WholeColumn,
        parts: &[WholeColumn],
        numerators: &[i64],
        denominator: i64,
    ) {
        for (index, part) in parts.iter().enumerate() {
            let of = PartOf { parent, index, numerators: numerators.to_vec(), denominator };
            self.parts.insert(*part, of);
        }
    }

    /// A binomial count of `of` people at a rate.
    pub fn count(&mut self, stream: StreamIndex, of: Whole, rate: Real, origin: Origin) -> Whole {
        let people = self.lattice(of);
        let (least, most) = self.bounds(rate);
        if people.high <= 0 || most <= 0.0 {
            return Whole::ZERO;
        }
        if least >= 1.0 {
            return of;
        }
        let out = self.whole_column(Lattice::integers(0, people.high), Unit::People, origin);
        self.ops.push(Op::Count { stream, of, rate, out });
        Whole::Column(out)
    }

    /// A beta-binomial count of `of` people at a rate, `alike` as said.
    pub fn clustered_count(
        &mut self,
        stream: StreamIndex,
        of: Whole,
        rate: Real,
        alike: Real,
        origin: Origin,
    ) -> Whole {
        let people = self.lattice(of);
        let (least, most) = self.bounds(rate);
        if people.high <= 1 || most <= 0.0 || least >= 1.0 || self.bounds(alike).1 <= 0.0 {
            return self.count(stream, of, rate, origin);
        }
        let out = self.whole_column(Lattice::integers(0, people.high), Unit::People, origin);
        self.ops.push(Op::ClusteredCount { stream, of, rate, alike, out });
        Whole::Column(out)
    }

    /// `quantity · numerator / denominator` øre, half away from zero.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn scale(
        &mut self,
        quantity: Whole,
        numerator: i64,
        denominator: i64,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        let lattice = self.lattice(quantity);
        for end in [lattice.low, lattice.high] {
            let size = i128::from(end) * i128::from(numerator) / i128::from(denominator);
            if size.abs() > i128::from(super::build::LARGEST) {
                return Err(too_large(&origin, size));
            }
        }
        let loose = || {
            let ends =
                [mul_div(lattice.low, numerator, denominator), mul_div(lattice.high, numerator, denominator)];
            Lattice::integers(ends[0].min(ends[1]), ends[0].max(ends[1]))
        };
        let scaled = lattice.times(numerator, denominator).unwrap_or_else(loose);
        match quantity {
            Whole::Constant(quantity) => Ok(Whole::Constant(mul_div(quantity, numerator, denominator))),
            Whole::Column(_) if scaled.is_point() && self.may_be_undefined(quantity).not() => {
                Ok(Whole::Constant(scaled.low))
            }
            Whole::Column(quantity) => {
                let lattice = self.with_nothing(scaled, Whole::Column(quantity));
                let out = self.whole_column(lattice, Unit::Ore, origin);
                self.ops.push(Op::Scale { quantity, numerator, denominator, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// `quantity / per` units at an uncertain price in kroner.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn price_uncertain(
        &mut self,
        quantity: Whole,
        per: i64,
        price: RealColumn,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        let lattice = self.lattice(quantity);
        let (low, high) = self.bounds(Real::Column(price));
        let corner = |q: i64, p: f64| q as f64 / per as f64 * p * 100.0;
        let corners = [
            corner(lattice.low, low),
            corner(lattice.low, high),
            corner(lattice.high, low),
            corner(lattice.high, high),
        ];
        let least = corners.iter().copied().fold(0.0, f64::min).floor();
        let most = corners.iter().copied().fold(0.0, f64::max).ceil();
        if !(least > -(super::build::LARGEST as f64) && most < super::build::LARGEST as f64) {
            return Err(too_large(&origin, most.abs().max(least.abs()) as i128));
        }
        let out = self.whole_column(Lattice::integers(least as i64, most as i64), Unit::Ore, origin);
        self.ops.push(Op::PriceUncertain { quantity, per, price, out });
        Ok(Whole::Column(out))
    }

    /// A payment function of a quantity; `nano` turns a count into 10⁻⁹ (1 when it is a level).
    ///
    /// # Errors
    /// When an amount can leave the exact range.
    pub fn function(
        &mut self,
        quantity: Whole,
        nano: i64,
        pieces: &Pieces,
        base: Base,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        let lattice = self.lattice(quantity);
        let (Some(low), Some(high)) = (lattice.low.checked_mul(nano), lattice.high.checked_mul(nano)) else {
            return Err(too_large(&origin, i128::from(lattice.high) * i128::from(nano)));
        };
        match quantity {
            Whole::Constant(_) => Ok(Whole::Constant(pieces.amount(low, base))),
            Whole::Column(column) => {
                let (least, most) = pieces.range(low, high, base);
                let lattice = self.with_nothing(Lattice::integers(least, most), quantity);
                let lattice = checked(lattice, &origin)?;
                let out = self.whole_column(lattice, Unit::Ore, origin);
                self.ops.push(Op::Function { quantity: column, nano, pieces: pieces.clone(), base, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// A measured level may have no value, and then pays nothing: zero joins its amounts.
    fn with_nothing(&self, amounts: Lattice, quantity: Whole) -> Lattice {
        if self.may_be_undefined(quantity) {
            Lattice::integers(amounts.low.min(0), amounts.high.max(0))
        } else {
            amounts
        }
    }

    pub(crate) fn may_be_undefined(&self, quantity: Whole) -> bool {
        matches!(quantity, Whole::Column(c) if self.whole[c.0 as usize].unit == Unit::Nano)
    }
}

/// The range of one part of a total: exact where the total takes few values, as people do; otherwise its exact share
/// and the one by which rounding two boundaries can move it.
fn part_range(total: Lattice, before: i64, numerator: i64, denominator: i64) -> Lattice {
    let part = |t: i64| mul_div(t, numerator, denominator) - mul_div(t, before, denominator);
    if let Some(points) = total.points(FEW_VALUES) {
        let parts = (0..points).map(|k| part(total.low + i64::from(k) * total.step));
        let (low, high) = parts.fold((i64::MAX, i64::MIN), |(low, high), p| (low.min(p), high.max(p)));
        return Lattice::integers(low, high);
    }
    let low = mul_div(total.low, numerator - before, denominator) - 1;
    let high = mul_div(total.high, numerator - before, denominator) + 1;
    Lattice::integers(if total.low >= 0 { low.max(0) } else { low }, high)
}

/// Boundaries as shares; `None` when they are no parts of one whole.
pub(crate) fn fractions(numerators: &[i64], denominator: i64) -> Option<Shares> {
    let mut before = 0;
    let parts: Vec<_> = numerators
        .iter()
        .map(|numerator| {
            let part = num_rational::Ratio::new(numerator - before, denominator);
            before = *numerator;
            part
        })
        .collect();
    Shares::new(&parts).ok()
}

/// Turns a count of people into the integers that edges of prices are compared with.
pub const PERSON: i64 = NANO;
