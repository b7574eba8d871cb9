//! Building a plan: every method adds at most one operation, folds constants, and derives the range of its result.

use std::collections::BTreeMap;

use thiserror::Error;

use super::Law;
use super::column::{Lattice, Origin, Real, RealColumn, RealFacts, Unit, Whole, WholeColumn, WholeFacts};
use super::op::{LawIndex, Op, StreamIndex};
use super::persons::{MOST_PERSONS, MembersFacts};
use super::whole::fractions;
use crate::dependence::Student;
use crate::dist::{Bounded, ReferenceSampler, Sampler};
use crate::draw::address::Address;

/// Amounts and counts of a plan stay below 2⁵², so that sums of columns and conversions to `f64` are exact.
pub const LARGEST: i64 = 1 << 52;

/// More operations than this are refused: the largest contracts in public sources need a few thousand.
pub const MOST_OPERATIONS: usize = 500_000;

/// Sums of more columns are not taken apart again.
const LONGEST_EXPANSION: usize = 128;

/// Why a scenario cannot be compiled, found by interval analysis.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RangeError {
    /// A count or an amount can leave the exact range.
    #[error("{} can become as large as {value}, beyond {most}, the most that is computed exactly", origin.label)]
    TooLarge {
        /// What it is.
        origin: Origin,
        /// How large it can become, in people, øre, or units of an outcome.
        value: i128,
        /// How large it may become.
        most: i64,
    },
    /// A formula of measured numbers divides by something that can come close to zero.
    #[error("{} can become endless: what it divides by can come close to zero", origin.label)]
    Unbounded {
        /// What it is.
        origin: Origin,
    },
    /// The contract needs more operations than are worth running.
    #[error("{} needs more than {MOST_OPERATIONS} operations a trial", origin.label)]
    TooMany {
        /// What needs them.
        origin: Origin,
    },
    /// Single persons are needed, and an intake can have too many of them.
    #[error("{} needs single persons, and an intake can have {people} of them: the most is {MOST_PERSONS}", origin.label)]
    TooManyPersons {
        /// What needs them.
        origin: Origin,
        /// How many people one intake can have.
        people: i64,
    },
    /// An amount that a payer owes can fall below zero.
    #[error("{} can fall to {value} øre: an amount to pay is never negative", origin.label)]
    Negative {
        /// What it is.
        origin: Origin,
        /// How low it can fall.
        value: i64,
    },
}

impl RangeError {
    /// What leaves its range.
    #[must_use]
    pub fn origin(&self) -> &Origin {
        match self {
            Self::TooLarge { origin, .. }
            | Self::Unbounded { origin }
            | Self::TooMany { origin }
            | Self::TooManyPersons { origin, .. }
            | Self::Negative { origin, .. } => origin,
        }
    }

    /// What to write instead.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "check the prices, the people and the bounds that lead here",
            Self::Unbounded { .. } => "bound the divisor in the formula: `a / max(0.01, b)`",
            Self::TooMany { .. } => "use fewer dates: where amounts roll, each date meets all earlier ones",
            Self::TooManyPersons { .. } => {
                "divide the cohort into more intakes, or leave out the limit per person, composite or units"
            }
            Self::Negative { .. } => {
                "bound the level or the price from below (`at_least = 0`, in a formula `max(0, ...)`), or price it by rows: below the first edge nothing is paid; or say `two_sided = true`, where the investor pays then"
            }
        }
    }
}

/// A plan in the making.
#[derive(Debug, Default)]
pub struct Builder {
    pub(crate) ops: Vec<Op>,
    pub(crate) whole: Vec<WholeFacts>,
    pub(crate) real: Vec<RealFacts>,
    pub(crate) members: Vec<MembersFacts>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) laws: Vec<Law>,
    pub(crate) students: Vec<Student>,
    pub(crate) accounts: Vec<String>,
    /// Sums already computed, so that a figure that equals another shares its column and its tally.
    sums: BTreeMap<Terms, Whole>,
    /// What each sum is of columns that are no sums themselves.
    expansions: BTreeMap<WholeColumn, Terms>,
    zeros: BTreeMap<WholeColumn, Whole>,
    /// Totals that were divided for differences of parts, by boundaries.
    divided: BTreeMap<(WholeColumn, Vec<i64>, i64), Vec<Whole>>,
    /// Columns that are exact fixed parts of another, with all their siblings.
    pub(crate) parts: BTreeMap<WholeColumn, PartOf>,
}

/// `Σ plus − Σ minus + constant`, columns ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Terms {
    plus: Vec<WholeColumn>,
    minus: Vec<WholeColumn>,
    constant: i64,
}

/// A column that is exactly `numerator / denominator` of its parent in every trial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartOf {
    pub(crate) parent: WholeColumn,
    pub(crate) index: usize,
    /// Cumulative boundaries of all siblings.
    pub(crate) numerators: Vec<i64>,
    pub(crate) denominator: i64,
}

impl Builder {
    /// Adds an address to draw from.
    pub fn stream(&mut self, address: Address) -> StreamIndex {
        let known = self.addresses.iter().position(|a| *a == address);
        known.unwrap_or_else(|| {
            self.addresses.push(address);
            self.addresses.len() - 1
        }) as StreamIndex
    }

    /// Adds a distribution.
    pub fn law(&mut self, bounded: Bounded, sampler: Sampler) -> LawIndex {
        let reference = ReferenceSampler::from(&bounded);
        self.laws.push(Law { bounded, sampler, reference });
        self.laws.len() as LawIndex - 1
    }

    /// A new real column within bounds.
    pub(crate) fn real_column(&mut self, low: f64, high: f64, origin: Origin) -> RealColumn {
        self.real.push(RealFacts { low, high, origin });
        RealColumn(self.real.len() as u32 - 1)
    }

    /// A new integer column on a lattice.
    pub(crate) fn whole_column(&mut self, lattice: Lattice, unit: Unit, origin: Origin) -> WholeColumn {
        self.whole.push(WholeFacts { lattice, unit, origin });
        WholeColumn(self.whole.len() as u32 - 1)
    }

    /// The values an integer can take.
    pub(crate) fn lattice(&self, value: Whole) -> Lattice {
        match value {
            Whole::Constant(value) => Lattice::point(value),
            Whole::Column(column) => self.whole[column.0 as usize].lattice,
        }
    }

    /// The values a real can take, as bounds.
    pub(crate) fn bounds(&self, value: Real) -> (f64, f64) {
        match value {
            Real::Constant(value) => (value, value),
            Real::Column(column) => {
                let facts = &self.real[column.0 as usize];
                (facts.low, facts.high)
            }
        }
    }

    /// The sum of some integers.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn sum(&mut self, parts: &[Whole], unit: Unit, origin: Origin) -> Result<Whole, RangeError> {
        self.difference(parts, &[], unit, origin)
    }

    /// `Σ plus − Σ minus`, with terms on both sides cancelled and a sum that was computed before found again.
    ///
    /// # Errors
    /// When it can leave the exact range.
    pub fn difference(
        &mut self,
        plus: &[Whole],
        minus: &[Whole],
        unit: Unit,
        origin: Origin,
    ) -> Result<Whole, RangeError> {
        if let Some(part) = self.difference_of_parts(plus, minus, unit, &origin)? {
            return Ok(part);
        }
        let terms = self.terms(plus, minus);
        if terms.plus.is_empty() && terms.minus.is_empty() {
            return Ok(Whole::Constant(terms.constant));
        }
        if terms.constant == 0 && terms.minus.is_empty() && terms.plus.len() == 1 {
            return Ok(Whole::Column(terms.plus[0]));
        }
        let expansion = self.expand(&terms);
        if let Some(known) = self.sums.get(&expansion) {
            return Ok(*known);
        }
        let lattice = self.sum_lattice(&terms, &origin)?;
        let found = if lattice.is_point() {
            Whole::Constant(lattice.low)
        } else {
            let out = self.whole_column(lattice, unit, origin);
            let Terms { plus, minus, constant } = terms;
            self.ops.push(Op::Sum { plus, minus, constant, out });
            // Longer ones count as columns of their own: expanded, the headroom of a limit after n dates has n terms.
            if expansion.plus.len() + expansion.minus.len() <= LONGEST_EXPANSION {
                self.expansions.insert(out, expansion.clone());
            }
            Whole::Column(out)
        };
        self.sums.insert(expansion, found);
        Ok(found)
    }

    /// The difference of the same exact part of two totals is that part of their difference: amounts that are cut or
    /// roll keep the proportions of their payers.
    fn difference_of_parts(
        &mut self,
        plus: &[Whole],
        minus: &[Whole],
        unit: Unit,
        origin: &Origin,
    ) -> Result<Option<Whole>, RangeError> {
        let ([Whole::Column(a)], [Whole::Column(b)]) = (plus, minus) else { return Ok(None) };
        let (Some(of_a), Some(of_b)) = (self.parts.get(a).cloned(), self.parts.get(b).cloned()) else {
            return Ok(None);
        };
        let alike = of_a.index == of_b.index
            && of_a.numerators == of_b.numerators
            && of_a.denominator == of_b.denominator
            && of_a.parent != of_b.parent;
        if !alike {
            return Ok(None);
        }
        let parents = [Whole::Column(of_a.parent), Whole::Column(of_b.parent)];
        let parent = self.difference(&parents[..1], &parents[1..], unit, origin.clone())?;
        // What a limit leaves over is never negative, nor is what it leaves of a part.
        let parent = if unit == Unit::Ore { self.never_negative(parent) } else { parent };
        Ok(self.part_of(parent, &of_a, unit, origin))
    }

    /// One exact part of a total, divided at most once; `None` when the parts would need rounding.
    fn part_of(&mut self, total: Whole, like: &PartOf, unit: Unit, origin: &Origin) -> Option<Whole> {
        let Whole::Column(column) = total else {
            let shares = fractions(&like.numerators, like.denominator)?;
            return self.divide(total, &shares, unit, origin).get(like.index).copied();
        };
        let key = (column, like.numerators.clone(), like.denominator);
        if !self.divided.contains_key(&key) {
            self.part_lattices(column, &like.numerators, like.denominator)?;
            let shares = fractions(&like.numerators, like.denominator)?;
            let parts = self.divide(total, &shares, unit, origin);
            self.divided.insert(key.clone(), parts);
        }
        self.divided[&key].get(like.index).copied()
    }

    /// What is added and subtracted, with constants gathered, parts replaced by their wholes, and both sides cancelled.
    fn terms(&self, plus: &[Whole], minus: &[Whole]) -> Terms {
        let (mut plus, constant_plus) = split_constants(plus);
        let (mut minus, constant_minus) = split_constants(minus);
        cancel(&mut plus, &mut minus);
        self.gather_siblings(&mut plus);
        self.gather_siblings(&mut minus);
        cancel(&mut plus, &mut minus);
        Terms { plus, minus, constant: constant_plus - constant_minus }
    }

    /// The same in columns that are no sums: two ways of adding up the same amounts have one expansion.
    fn expand(&self, terms: &Terms) -> Terms {
        let mut found = Terms { constant: terms.constant, ..Terms::default() };
        for (columns, negative) in [(&terms.plus, false), (&terms.minus, true)] {
            for column in columns {
                let single = Terms { plus: vec![*column], ..Terms::default() };
                let of = self.expansions.get(column).unwrap_or(&single);
                let (plus, minus) = if negative { (&of.minus, &of.plus) } else { (&of.plus, &of.minus) };
                found.plus.extend(plus);
                found.minus.extend(minus);
                found.constant += if negative { -of.constant } else { of.constant };
            }
        }
        found.plus.sort_unstable();
        found.minus.sort_unstable();
        cancel(&mut found.plus, &mut found.minus);
        found
    }

    fn sum_lattice(&self, terms: &Terms, origin: &Origin) -> Result<Lattice, RangeError> {
        let of = |column: &WholeColumn| self.whole[column.0 as usize].lattice;
        let start = Some(Lattice::point(terms.constant));
        let added = terms.plus.iter().fold(start, |sum, column| sum?.plus(of(column)));
        let found = terms.minus.iter().fold(added, |sum, column| sum?.minus(of(column)));
        checked(found.ok_or_else(|| too_large(origin, i128::MAX))?, origin)
    }

    /// Says that a difference never falls below zero, as what a limit leaves over never does.
    pub(crate) fn never_negative(&mut self, value: Whole) -> Whole {
        if let Whole::Column(column) = value {
            let lattice = &mut self.whole[column.0 as usize].lattice;
            if lattice.low < 0 {
                let step = lattice.step.max(1);
                lattice.low += (-lattice.low + step - 1) / step * step;
            }
        }
        value
    }

    /// Replaces a full set of siblings by their parent, of which they are exact parts.
    fn gather_siblings(&self, columns: &mut Vec<WholeColumn>) {
        let mut index = 0;
        while index < columns.len() {
            match self.siblings_of(columns[index]) {
                Some((parent, siblings)) if siblings.iter().all(|s| columns.contains(s)) => {
                    for sibling in siblings {
                        if let Some(at) = columns.iter().position(|c| *c == sibling) {
                            columns.remove(at);
                        }
                    }
                    columns.push(parent);
                    columns.sort_unstable();
                    index = 0;
                }
                _ => index += 1,
            }
        }
    }

    /// The parent of a column that is an exact part, and all columns that are parts of it in the same division.
    pub(crate) fn siblings_of(&self, column: WholeColumn) -> Option<(WholeColumn, Vec<WholeColumn>)> {
        let part = self.parts.get(&column)?;
        // Siblings are allocated together, in order; see `divide`.
        let first = column.0 - part.index as u32;
        let siblings = (0..part.numerators.len() as u32).map(|i| WholeColumn(first + i)).collect();
        Some((part.parent, siblings))
    }

    /// 1 where `value` is zero, else 0.
    pub fn is_zero(&mut self, value: Whole, origin: Origin) -> Whole {
        let lattice = self.lattice(value);
        if lattice.is_point() || lattice.low > 0 || lattice.high < 0 {
            return Whole::Constant(i64::from(lattice.low == 0 && lattice.is_point()));
        }
        let Whole::Column(column) = value else { return Whole::ZERO };
        if let Some(known) = self.zeros.get(&column) {
            return *known;
        }
        let out = self.whole_column(Lattice::integers(0, 1), Unit::Flag, origin);
        self.ops.push(Op::IsZero { value: column, out });
        self.zeros.insert(column, Whole::Column(out));
        Whole::Column(out)
    }

    /// 1 where any flag is 1.
    pub fn any(&mut self, flags: &[Whole], origin: Origin) -> Whole {
        let (mut columns, constant) = split_constants(flags);
        columns.dedup();
        if constant > 0 {
            return Whole::Constant(1);
        }
        match columns.as_slice() {
            [] => Whole::ZERO,
            [one] => Whole::Column(*one),
            _ => {
                let out = self.whole_column(Lattice::integers(0, 1), Unit::Flag, origin);
                self.ops.push(Op::Any { flags: columns, out });
                Whole::Column(out)
            }
        }
    }

    /// Asserts that two sides of an account are equal in every trial.
    pub fn close(&mut self, plus: &[Whole], minus: &[Whole], account: String) {
        let moving = plus.iter().chain(minus).any(|w| w.constant().is_none());
        if moving {
            self.accounts.push(account);
            let account = self.accounts.len() as u32 - 1;
            self.ops.push(Op::Close { plus: plus.to_vec(), minus: minus.to_vec(), account });
        }
    }
}

/// Refuses a lattice that leaves the exact range.
pub(crate) fn checked(lattice: Lattice, origin: &Origin) -> Result<Lattice, RangeError> {
    let worst = lattice.low.unsigned_abs().max(lattice.high.unsigned_abs());
    if worst > LARGEST as u64 { Err(too_large(origin, i128::from(worst))) } else { Ok(lattice) }
}

pub(crate) fn too_large(origin: &Origin, value: i128) -> RangeError {
    RangeError::TooLarge { origin: origin.clone(), value, most: LARGEST }
}

/// Columns in ascending order, and the sum of the constants.
fn split_constants(values: &[Whole]) -> (Vec<WholeColumn>, i64) {
    let mut columns = Vec::new();
    let mut constant = 0i64;
    for value in values {
        match value {
            Whole::Constant(value) => constant = constant.saturating_add(*value),
            Whole::Column(column) => columns.push(*column),
        }
    }
    columns.sort_unstable();
    (columns, constant)
}

/// Removes what stands on both sides.
fn cancel(plus: &mut Vec<WholeColumn>, minus: &mut Vec<WholeColumn>) {
    minus.retain(|column| match plus.iter().position(|c| c == column) {
        Some(at) => {
            plus.remove(at);
            false
        }
        None => true,
    });
}
