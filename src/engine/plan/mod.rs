//! The plan: a scenario compiled to operations over columns, before any trial runs.
//!
//! A plan is data. For every column it knows what it holds, the range it cannot leave, the lattice of its values
//! and where in the file it comes from; `check --plan` prints exactly what runs.

pub(crate) mod build;
pub mod column;
pub(crate) mod largest;
mod measured;
pub(crate) mod op;
pub(crate) mod persons;
mod print;
pub(crate) mod real;
mod vessel;
pub(crate) mod whole;

use std::collections::BTreeSet;

use column::{Lattice, RealColumn, RealFacts, Unit, WholeColumn, WholeFacts};
use op::Op;
use persons::MembersFacts;

use self::build::Builder;
use super::block::Chance;
use super::program::Program;
use super::run::Settings;
use crate::dependence::Student;
use crate::dist::{Bounded, ReferenceSampler, Sampler};
use crate::draw::address::{Address, Kind};
use crate::draw::points::{Dimensions, Spread, WordSource};
use crate::measure::Shape;

/// More people than this are not counted one by one.
pub const MOST_PEOPLE: f64 = 1_000_000.0;

/// Lattices of at most this many points are counted densely; finer series by distinct amounts.
const MOST_BINS: u32 = 1 << 16;

/// A column that is read behind the last operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kept {
    Whole(WholeColumn),
    Real(RealColumn),
}

/// A distribution, and the form in which it is sampled.
#[derive(Clone, Debug)]
pub struct Law {
    pub(crate) bounded: Bounded,
    pub(crate) sampler: Sampler,
    pub(crate) reference: ReferenceSampler,
}

/// A compiled scenario.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(crate) ops: Vec<Op>,
    pub(crate) whole: Vec<WholeFacts>,
    pub(crate) real: Vec<RealFacts>,
    pub(crate) members: Vec<MembersFacts>,
    pub(crate) addresses: Vec<Address>,
    pub(crate) laws: Vec<Law>,
    pub(crate) students: Vec<Student>,
    pub(crate) accounts: Vec<String>,
    /// The column each tally counts.
    pub(crate) tallies: Vec<WholeColumn>,
    /// Columns that are read behind the last step.
    kept: Vec<Kept>,
    /// What a block runs.
    pub(crate) program: Program,
}

impl Plan {
    /// Finishes a plan: tallies the columns that figures are read from, as soon as each is computed.
    pub(crate) fn finish(mut builder: Builder, counted: &[WholeColumn]) -> Self {
        let mut tallies = counted.to_vec();
        tallies.sort_unstable();
        tallies.dedup();
        let ops = needed(with_tallies(std::mem::take(&mut builder.ops), &tallies));
        Self::of(builder, ops, tallies, &[])
    }

    /// Finishes a plan for reading single trials: the same operations, all of them, with the kept columns still there
    /// behind the last, and nothing counted.
    pub(crate) fn keeping(mut builder: Builder, kept: &[Kept]) -> Self {
        let ops = std::mem::take(&mut builder.ops);
        Self::of(builder, ops, Vec::new(), kept)
    }

    /// As [`Self::keeping`], without the operations that the kept columns do not depend on.
    pub(crate) fn keeping_only(mut builder: Builder, kept: &[Kept]) -> Self {
        let ops = std::mem::take(&mut builder.ops);
        let behind = behind(&ops, kept.iter().copied());
        let leads = |op: &Op| {
            let leads = std::cell::Cell::new(false);
            op.visit(
                &mut |column, writes| {
                    leads.set(leads.get() || writes && behind.contains(&Kept::Whole(column)));
                },
                &mut |column, writes| {
                    leads.set(leads.get() || writes && behind.contains(&Kept::Real(column)));
                },
            );
            leads.get()
        };
        let ops = ops.into_iter().filter(leads).collect();
        Self::of(builder, ops, Vec::new(), kept)
    }

    fn of(builder: Builder, ops: Vec<Op>, tallies: Vec<WholeColumn>, kept: &[Kept]) -> Self {
        let mut plan = Self {
            ops,
            whole: builder.whole,
            real: builder.real,
            members: builder.members,
            addresses: builder.addresses,
            laws: builder.laws,
            students: builder.students,
            accounts: builder.accounts,
            tallies,
            kept: kept.to_vec(),
            program: Program::default(),
        };
        plan.lower();
        plan
    }

    /// Makes the program of these operations; to be called again where operations are replaced.
    pub(crate) fn lower(&mut self) {
        self.program = Program::new(self, &self.kept);
    }

    /// The same plan counting only some of its columns, and of others only whether they are above zero, as amounts of 0
    /// and 1. The tallies of the rest stay empty. Accounts are asserted as ever.
    pub(crate) fn counting(&self, counted: &BTreeSet<WholeColumn>, signs: &BTreeSet<WholeColumn>) -> Self {
        let mut plan = self.clone();
        plan.ops.clear();
        for op in &self.ops {
            match op {
                Op::Tally { column, .. } if counted.contains(column) => plan.ops.push(op.clone()),
                Op::Tally { column, tally } if signs.contains(column) => plan.count_sign(*column, *tally),
                Op::Tally { .. } => {}
                op => plan.ops.push(op.clone()),
            }
        }
        plan.lower();
        plan
    }

    fn count_sign(&mut self, column: WholeColumn, tally: u32) {
        // A lattice is counted as fast as its signs.
        if self.shape(column) != Shape::General || self.whole[column.0 as usize].lattice.low < 0 {
            return self.ops.push(Op::Tally { column, tally });
        }
        let origin = self.whole[column.0 as usize].origin.clone();
        let [zero, sign] = [0, 1].map(|more| WholeColumn((self.whole.len() + more) as u32));
        let facts = WholeFacts { lattice: Lattice::integers(0, 1), unit: Unit::Flag, origin };
        self.whole.extend([facts.clone(), facts]);
        self.ops.push(Op::IsZero { value: column, out: zero });
        self.ops.push(Op::Sum { plus: vec![], minus: vec![zero], constant: 1, out: sign });
        self.ops.push(Op::Tally { column: sign, tally });
    }

    /// Every column that some columns are computed from, and these.
    pub(crate) fn behind(&self, columns: impl IntoIterator<Item = Kept>) -> BTreeSet<Kept> {
        behind(&self.ops, columns)
    }

    /// Where a run with these settings draws from, one per address. Dimensions are those of the plan that is run.
    pub(crate) fn sources(&self, settings: Settings, dimensions: &Dimensions) -> Vec<WordSource> {
        let spread = match settings.chance {
            Chance::Latin => Spread::Latin(settings.trials),
            Chance::Sobol => Spread::Sobol(dimensions),
            Chance::Inversion | Chance::Reference | Chance::Expected => Spread::Independent,
        };
        self.addresses.iter().map(|address| WordSource::new(settings.seed, address, spread)).collect()
    }

    /// The dimensions of Sobol points: first what all trials share in (factors and events), then inputs, then chance, each in
    /// the order of the plan. Draws that no figure needs have none, nor have those of single persons.
    #[must_use]
    pub fn dimensions(&self) -> Dimensions {
        let drawn = self.ops.iter().filter_map(|op| match op {
            Op::Uniform { stream, .. }
            | Op::Score { stream, .. }
            | Op::Count { stream, .. }
            | Op::ClusteredCount { stream, .. } => Some(&self.addresses[*stream as usize]),
            _ => None,
        });
        let mut drawn: Vec<&Address> = drawn.collect();
        drawn.sort_by_key(|address| match address.kind {
            Kind::Factor => 0,
            Kind::Input => 1,
            Kind::Chance => 2,
        });
        Dimensions::new(drawn.into_iter().cloned())
    }

    /// The index of the tally of a column.
    #[must_use]
    pub(crate) fn tally_of(&self, column: WholeColumn) -> Option<usize> {
        self.tallies.binary_search(&column).ok()
    }

    /// The shapes of all tallies, in order.
    pub(crate) fn shapes(&self) -> Vec<Shape> {
        self.tallies.iter().map(|column| self.shape(*column)).collect()
    }

    pub(crate) fn shape(&self, column: WholeColumn) -> Shape {
        let lattice = self.whole[column.0 as usize].lattice;
        match lattice.points(MOST_BINS) {
            Some(bins) => Shape::Lattice { lowest: lattice.low, step: lattice.step.max(1), bins },
            None => Shape::General,
        }
    }
}

/// Every column that some columns are computed from, and these.
fn behind(ops: &[Op], columns: impl IntoIterator<Item = Kept>) -> BTreeSet<Kept> {
    let mut found: BTreeSet<Kept> = columns.into_iter().collect();
    let mut members = BTreeSet::new();
    for op in ops.iter().rev() {
        let (mut leads, mut touched) = (false, Vec::new());
        let mut visit = |column: Kept, writes: bool| {
            leads |= writes && found.contains(&column);
            touched.push(column);
        };
        let visit = std::cell::RefCell::new(&mut visit);
        op.visit(
            &mut |column, writes| visit.borrow_mut()(Kept::Whole(column), writes),
            &mut |column, writes| visit.borrow_mut()(Kept::Real(column), writes),
        );
        op.visit_members(&mut |column, writes| leads |= writes && members.contains(&column));
        if leads {
            found.extend(touched);
            op.visit_members(&mut |column, _| {
                members.insert(column);
            });
        }
    }
    found
}

/// Drops what no figure and no account depends on: an outcome that is measured and not priced costs nothing.
fn needed(ops: Vec<Op>) -> Vec<Op> {
    let (mut wholes, mut reals, mut members) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut kept: Vec<Op> = Vec::with_capacity(ops.len());
    for op in ops.into_iter().rev() {
        let mut needed = matches!(op, Op::Close { .. } | Op::Tally { .. });
        op.visit(&mut |column, writes| needed |= writes && wholes.contains(&column), &mut |_, _| ());
        op.visit(&mut |_, _| (), &mut |column, writes| needed |= writes && reals.contains(&column));
        op.visit_members(&mut |column, writes| needed |= writes && members.contains(&column));
        if needed {
            op.visit(
                &mut |column, _| {
                    wholes.insert(column);
                },
                &mut |column, _| {
                    reals.insert(column);
                },
            );
            op.visit_members(&mut |column, _| {
                members.insert(column);
            });
            kept.push(op);
        }
    }
    kept.reverse();
    kept
}

/// Places each tally right behind the operation that writes its column, so that the column can be reused after it.
fn with_tallies(ops: Vec<Op>, tallies: &[WholeColumn]) -> Vec<Op> {
    let mut found = Vec::with_capacity(ops.len() + tallies.len());
    for op in ops {
        let mut written = Vec::new();
        op.visit(
            &mut |column, writes| {
                if writes {
                    written.push(column);
                }
            },
            &mut |_, _| (),
        );
        found.push(op);
        for column in written {
            if let Ok(tally) = tallies.binary_search(&column) {
                found.push(Op::Tally { column, tally: tally as u32 });
            }
        }
    }
    found
}
