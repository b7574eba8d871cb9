//! Building operations of limits: what is due, what passes a vessel, ceilings that grow, shares of an excess.

use super::build::{Builder, PartOf, RangeError, checked};
use super::column::{Lattice, Origin, Unit, Whole, WholeColumn};
use super::op::Op;
use super::whole::fractions;
use crate::contract::promise::PromiseTable;
use crate::contract::share::Fraction;
use crate::money::{floor_ore, mul_div, mul_div_down};

impl Builder {
    /// What a promise leaves due on date `date` after what was `paid` on the dates before.
    ///
    /// `held` says that nothing was paid but what this promise itself left due. A hurdle that lets a part pass, or a
    /// guarantee, is passed by what is paid: then bounds of the terms must leave that much room.
    pub fn due(
        &mut self,
        table: &PromiseTable,
        date: usize,
        paid: &[Whole],
        held: bool,
        origin: Origin,
    ) -> Whole {
        let mut constant = table.constant(date);
        let mut moving = Vec::new();
        for (weight, amount) in table.weights(date).iter().zip(paid) {
            match amount {
                Whole::Constant(amount) => constant -= weight * *amount as f64,
                Whole::Column(_) => moving.push((*weight, *amount)),
            }
        }
        let least =
            moving.iter().fold(constant, |due, (weight, w)| due - weight * self.lattice(*w).high as f64);
        let most =
            moving.iter().fold(constant, |due, (weight, w)| due - weight * self.lattice(*w).low as f64);
        if moving.is_empty() {
            return Whole::Constant(floor_ore(constant).max(0));
        }
        let lattice = Lattice::integers(floor_ore(least).max(0), floor_ore(most).max(0));
        let out = self.whole_column(lattice, Unit::Ore, origin);
        // The slack of the table supposes that nothing is paid back.
        let signed = moving.iter().any(|(_, amount)| self.lattice(*amount).low < 0);
        let slack = if held && !signed { table.slack(date) } else { table.slack(date).max(-least) };
        self.ops.push(Op::Due { constant, slack, paid: moving, out });
        Whole::Column(out)
    }

    /// What was `paid` above a promise by date `date`: `max(0, ⌊Σ weight·paid − constant⌋)`.
    pub fn surplus(&mut self, table: &PromiseTable, date: usize, paid: &[Whole], origin: Origin) -> Whole {
        let mut constant = -table.constant(date);
        let mut moving = Vec::new();
        for (weight, amount) in table.weights(date).iter().zip(paid) {
            match amount {
                Whole::Constant(amount) => constant += weight * *amount as f64,
                Whole::Column(_) => moving.push((-weight, *amount)),
            }
        }
        let end = |high: bool| {
            moving.iter().fold(constant, |sum, (weight, amount)| {
                let lattice = self.lattice(*amount);
                sum - weight * (if high { lattice.high } else { lattice.low }) as f64
            })
        };
        let (least, most) = (floor_ore(end(false)), floor_ore(end(true)));
        if moving.is_empty() || most <= 0 {
            return Whole::Constant(floor_ore(constant).max(0).min(most.max(0)));
        }
        let out = self.whole_column(Lattice::integers(least.max(0), most), Unit::Ore, origin);
        self.ops.push(Op::Due { constant, slack: (-least.min(0)) as f64 + 1.0, paid: moving, out });
        Whole::Column(out)
    }

    /// `max(0, most − Σ used)`: what is left of a capacity, or missing of a floor.
    pub fn what_is_left(&mut self, most: Whole, used: &[Whole], origin: Origin) -> Whole {
        let mut constant = 0i64;
        let mut moving = Vec::new();
        for (weight, value) in std::iter::once((-1, most)).chain(used.iter().map(|used| (1, *used))) {
            match value {
                Whole::Constant(value) => constant -= weight * value,
                Whole::Column(_) => moving.push((weight, value)),
            }
        }
        if moving.is_empty() {
            return Whole::Constant(constant.max(0));
        }
        let end = |high: bool| {
            moving.iter().fold(constant, |sum, (weight, value)| {
                let lattice = self.lattice(*value);
                sum - weight * if (*weight > 0) == high { lattice.low } else { lattice.high }
            })
        };
        let (least, most) = (end(false), end(true));
        if most <= 0 {
            return Whole::ZERO;
        }
        // How far what is used can exceed the capacity: bounds of the terms leave that much room.
        let slack = -(least.min(0)) as f64;
        let out = self.whole_column(Lattice::integers(least.max(0), most), Unit::Ore, origin);
        let paid = moving.into_iter().map(|(weight, value)| (weight as f64, value)).collect();
        self.ops.push(Op::Due { constant: constant as f64, slack, paid, out });
        Whole::Column(out)
    }

    /// A ceiling that is a share of an amount: `max(0, ⌊amount · share⌋)`.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn ceiling(&mut self, amount: Whole, share: Fraction, origin: &Origin) -> Result<Whole, RangeError> {
        let (numerator, denominator) = (*share.numer(), *share.denom());
        let of = |amount: i64| mul_div_down(amount, numerator, denominator).max(0);
        let lattice = self.lattice(amount);
        let exact = lattice.times(numerator, denominator).filter(|lattice| lattice.low >= 0);
        let lattice = exact.unwrap_or_else(|| Lattice::integers(of(lattice.low), of(lattice.high)));
        let lattice = checked(lattice, origin)?;
        match amount {
            Whole::Constant(amount) => Ok(Whole::Constant(of(amount))),
            Whole::Column(_) if lattice.is_point() => Ok(Whole::Constant(lattice.low)),
            Whole::Column(value) => {
                let out = self.whole_column(lattice, Unit::Ore, origin.clone());
                self.ops.push(Op::Ceiling { value, numerator, denominator, out });
                Ok(Whole::Column(out))
            }
        }
    }

    /// The same share of several amounts that are not negative, by cumulative boundaries.
    pub fn portion(&mut self, amounts: &[Whole], share: Fraction, origin: &Origin) -> Vec<Whole> {
        let (numerator, denominator) = (*share.numer(), *share.denom());
        let of = |amount: i64| mul_div(amount, numerator, denominator);
        if amounts.iter().all(|amount| amount.constant().is_some()) {
            let (mut sum, mut before) = (0, 0);
            let parts = amounts.iter().filter_map(|amount| amount.constant()).map(|amount| {
                sum += amount;
                Whole::Constant(of(sum) - std::mem::replace(&mut before, of(sum)))
            });
            return parts.collect();
        }
        let alone = amounts.iter().filter(|amount| **amount != Whole::ZERO).count() == 1;
        let mut out = Vec::with_capacity(amounts.len());
        for amount in amounts {
            let own = self.lattice(*amount);
            let exact = if alone { own.times(numerator, denominator) } else { None };
            // Rounding two boundaries can add one øre, but never more than the amount itself.
            let loose = || Lattice::integers(0, (of(own.high) + 1).min(own.high));
            out.push(self.whole_column(exact.unwrap_or_else(loose), Unit::Ore, origin.clone()));
        }
        let passed = out.iter().copied().map(Whole::Column).collect();
        self.ops.push(Op::Portion { amounts: amounts.to_vec(), numerator, denominator, out });
        passed
    }

    /// Lets entries through a limit with this headroom; returns what passes, in the order of the entries.
    ///
    /// A limit that provably never cuts costs nothing. Entries that are exact parts of common parents are cut as
    /// their parents and divided again: the same amounts, in a fraction of the operations.
    ///
    /// # Errors
    /// When a sum can leave the exact range.
    pub fn vessel(
        &mut self,
        entries: &[Whole],
        headroom: Whole,
        origin: &Origin,
    ) -> Result<Vec<Whole>, RangeError> {
        let sum = self.sum(entries, Unit::Ore, origin.clone())?;
        if self.lattice(sum).high <= self.lattice(headroom).low {
            return Ok(entries.to_vec());
        }
        let signed = entries.iter().any(|entry| self.lattice(*entry).low < 0);
        if self.lattice(headroom).high <= 0 && !signed {
            return Ok(vec![Whole::ZERO; entries.len()]);
        }
        if let Some(passed) = self.vessel_of_parents(entries, headroom, origin)? {
            return Ok(passed);
        }
        let mut passed = Vec::with_capacity(entries.len());
        let mut out = Vec::with_capacity(entries.len());
        for lattice in self.lattices_of_passed(entries, sum, headroom) {
            out.push(self.whole_column(lattice, Unit::Ore, origin.clone()));
            passed.push(Whole::Column(out[out.len() - 1]));
        }
        self.ops.push(Op::Vessel { entries: entries.to_vec(), headroom, passed: out, signed });
        Ok(passed)
    }

    fn lattices_of_passed(&self, entries: &[Whole], sum: Whole, headroom: Whole) -> Vec<Lattice> {
        let total = self.lattice(sum).smaller(self.lattice(headroom));
        let alone = entries.iter().filter(|e| **e != Whole::ZERO).count() == 1;
        let lows = entries.iter().map(|entry| self.lattice(*entry).low.min(0));
        let room = self.lattice(headroom).high - lows.sum::<i64>();
        let lattice = |entry: &Whole| {
            let own = self.lattice(*entry);
            if alone && *entry != Whole::ZERO {
                return if own.low < 0 { total } else { Lattice { low: total.low.max(0), ..total } };
            }
            // What other entries give back is room for this one.
            let most = if room > self.lattice(headroom).high { room } else { total.high };
            Lattice::integers(own.low.min(0), own.high.min(most))
        };
        entries.iter().map(lattice).collect()
    }

    /// Cuts the parent instead of its exact parts, when the entries are all parts of one parent.
    fn vessel_of_parents(
        &mut self,
        entries: &[Whole],
        headroom: Whole,
        origin: &Origin,
    ) -> Result<Option<Vec<Whole>>, RangeError> {
        let Some(Whole::Column(first)) = entries.first().copied() else { return Ok(None) };
        let Some((parent, siblings)) = self.siblings_of(first) else { return Ok(None) };
        let whole = siblings.len() == entries.len()
            && siblings.iter().zip(entries).all(|(s, e)| *e == Whole::Column(*s));
        let part = self.parts[&first].clone();
        if !whole || !self.divides_exactly(parent, headroom, &part) {
            return Ok(None);
        }
        let passed = self.vessel(&[Whole::Column(parent)], headroom, origin)?[0];
        let shares = fractions(&part.numerators, part.denominator);
        Ok(shares.map(|shares| self.divide(passed, &shares, Unit::Ore, origin)))
    }

    fn divides_exactly(&self, parent: WholeColumn, headroom: Whole, part: &PartOf) -> bool {
        let total = self.whole[parent.0 as usize].lattice.smaller(self.lattice(headroom));
        let mut before = 0;
        part.numerators.iter().all(|numerator| {
            let exact = total.times(numerator - before, part.denominator).is_some();
            before = *numerator;
            exact
        })
    }
}
