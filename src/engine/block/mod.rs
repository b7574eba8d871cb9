//! A block: the columns of one page of trials, and the interpreter that runs a plan over them.

mod draw;
mod kernels;
mod money;
mod narrow;
mod persons;
mod real;
mod vessel;
mod whole;

use thiserror::Error;

use self::kernels::NarrowPage;
use super::plan::Plan;
use super::plan::column::{Real, RealColumn, Whole, WholeColumn};
use super::plan::op::Op;
use super::program::step::Step;
use super::run::Settings;
use crate::draw::address::PAGE;
use crate::draw::binomial::Prepared;
use crate::draw::points::{REPLICATES, WordSource};
use crate::engine::spool::Spools;

/// Where the random numbers of a run come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chance {
    /// The product's sampler: exact monotone inversion of addressed uniforms, independent from trial to trial.
    Inversion,
    /// The same inversion of uniforms that are spread as Latin hypercubes, in 32 replicates.
    Latin,
    /// The same inversion of uniforms that are scrambled Sobol points, in 32 replicates.
    Sobol,
    /// Textbook draws by `rand_distr`, a second way to the same figures.
    Reference,
    /// No chance: scores at zero, uniforms at one half, counts at their expectation. For named cases.
    Expected,
}

impl Chance {
    /// The name on the command line and in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Inversion => "plain",
            Self::Latin => "lhs",
            Self::Sobol => "sobol",
            Self::Reference => "reference",
            Self::Expected => "expected",
        }
    }

    /// A name that an older version had for the same draws.
    const OLDER: [(&'static str, Self); 1] = [("inversion", Self::Inversion)];

    /// The sampler of that name, or of that name in an older version.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Inversion, Self::Latin, Self::Sobol, Self::Reference, Self::Expected];
        let older = || Self::OLDER.into_iter().find(|(older, _)| *older == name).map(|(_, chance)| chance);
        all.into_iter().find(|chance| chance.name() == name).or_else(older)
    }

    /// How many independent randomisations a run is made of.
    #[must_use]
    pub const fn replicates(self) -> u64 {
        match self {
            Self::Latin | Self::Sobol => REPLICATES,
            Self::Inversion | Self::Reference | Self::Expected => 1,
        }
    }

    /// Whether numbers are the exact inversion of uniforms.
    const fn inverts(self) -> bool {
        matches!(self, Self::Inversion | Self::Latin | Self::Sobol)
    }
}

/// An account that does not close: a fault of the program, never of the user.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the account of {account} does not close in trial {trial}: {plus} øre against {minus}")]
pub struct Imbalance {
    pub(crate) account: String,
    pub(crate) trial: u64,
    pub(crate) plus: i64,
    pub(crate) minus: i64,
}

impl Imbalance {
    /// Its trial from the page and lane that it stands for.
    pub(crate) fn in_trial_of(self, settings: Settings) -> Self {
        let page = PAGE as u64;
        Self { trial: settings.trial_at(self.trial / page, (self.trial % page) as usize), ..self }
    }
}

/// One page of an integer column.
pub(crate) type WholePage = [i64; PAGE];
/// One page of a real column.
pub(crate) type RealPage = [f64; PAGE];

/// Memory for one page of trials.
#[derive(Debug)]
pub struct Block<'a> {
    plan: &'a Plan,
    streams: &'a [WordSource],
    chance: Chance,
    narrow: Vec<Option<Box<NarrowPage>>>,
    whole: Vec<Box<[i64]>>,
    real: Vec<Box<[f64]>>,
    words: Box<[u64; PAGE]>,
    prepared: Option<Box<Prepared>>,
    scratch: Option<Box<Scratch>>,
    persons: persons::Memory,
}

/// What a limit that several amounts share is worked out in.
#[derive(Clone, Debug)]
struct Scratch {
    sum: NarrowPage,
    /// The headroom, then what passes of the sum.
    room: NarrowPage,
    cumulative: NarrowPage,
    before: NarrowPage,
    /// The part of the sum that passes.
    ratio: RealPage,
}

impl Default for Scratch {
    fn default() -> Self {
        let zero = NarrowPage::default;
        Self { sum: zero(), room: zero(), cumulative: zero(), before: zero(), ratio: [0.0; PAGE] }
    }
}

impl<'a> Block<'a> {
    /// Memory for a plan, drawing from `streams` (one per address of the plan).
    #[must_use]
    pub fn new(plan: &'a Plan, streams: &'a [WordSource], chance: Chance) -> Self {
        let [narrow, whole, real, _] = plan.program.slots();
        Self {
            plan,
            streams,
            chance,
            narrow: vec![None; narrow],
            whole: (0..whole).map(|_| vec![0; PAGE].into_boxed_slice()).collect(),
            real: (0..real).map(|_| vec![0.0; PAGE].into_boxed_slice()).collect(),
            words: Box::new([0; PAGE]),
            prepared: None,
            scratch: None,
            persons: persons::Memory::new(plan),
        }
    }

    /// Runs the plan over the trials of a page and counts the first `trials` of them.
    ///
    /// # Errors
    /// When an account does not close.
    pub(crate) fn run(&mut self, page: u64, trials: usize, spools: &mut Spools<'_>) -> Result<(), Imbalance> {
        let plan = self.plan;
        for step in &plan.program.steps {
            match step {
                Step::Plain(Op::Tally { column, tally }) => {
                    spools.record(*tally as usize, &self.whole(*column)[..trials]);
                }
                Step::Plain(Op::Close { plus, minus, account }) => {
                    self.close(plus, minus, *account, page, trials)?;
                }
                Step::Plain(op) => self.step(op, page),
                narrow => self.narrow_step(narrow, page, trials, spools)?,
            }
        }
        Ok(())
    }

    fn step(&mut self, op: &Op, page: u64) {
        match op {
            Op::Uniform { .. }
            | Op::Score { .. }
            | Op::Sample { .. }
            | Op::Count { .. }
            | Op::ClusteredCount { .. } => {
                self.draw(op, page);
            }
            Op::Mix { .. }
            | Op::Student { .. }
            | Op::Probability { .. }
            | Op::Arithmetic { .. }
            | Op::Clamp { .. }
            | Op::Value { .. }
            | Op::ShiftLogit { .. }
            | Op::ShiftLinear { .. } => self.real_step(op),
            Op::Happens { .. }
            | Op::People { .. }
            | Op::Divide { .. }
            | Op::Measure { .. }
            | Op::Nano { .. }
            | Op::RoundTo { .. }
            | Op::Within { .. }
            | Op::Pool { .. }
            | Op::Sum { .. }
            | Op::IsZero { .. }
            | Op::Any { .. } => self.whole_step(op),
            Op::Scale { .. }
            | Op::Larger { .. }
            | Op::Gate { .. }
            | Op::PriceUncertain { .. }
            | Op::Function { .. }
            | Op::Vessel { .. }
            | Op::Due { .. }
            | Op::Ceiling { .. }
            | Op::Portion { .. } => {
                self.money_step(op);
            }
            Op::Faces(_)
            | Op::Between { .. }
            | Op::Stays(_)
            | Op::With { .. }
            | Op::CountMembers { .. }
            | Op::SumUnits { .. }
            | Op::PersonLimit(_) => self.persons_step(op, page),
            Op::Close { .. } | Op::Tally { .. } => {}
        }
    }

    fn close(
        &self,
        plus: &[Whole],
        minus: &[Whole],
        account: u32,
        page: u64,
        trials: usize,
    ) -> Result<(), Imbalance> {
        let total = |side: &[Whole]| {
            let mut sums = [0i64; PAGE];
            for value in side {
                self.each(*value, |i, x| sums[i] += x);
            }
            sums
        };
        let (plus, minus) = (total(plus), total(minus));
        match (0..trials).find(|i| plus[*i] != minus[*i]) {
            None => Ok(()),
            Some(i) => Err(Imbalance {
                account: self.plan.accounts[account as usize].clone(),
                trial: page * PAGE as u64 + i as u64,
                plus: plus[i],
                minus: minus[i],
            }),
        }
    }

    /// The page of an integer column.
    pub(crate) fn whole(&self, column: WholeColumn) -> &WholePage {
        page_of(&self.whole[self.plan.program.whole(column)])
    }

    /// The page of a real column.
    pub(crate) fn real(&self, column: RealColumn) -> &RealPage {
        page_of(&self.real[self.plan.program.real(column)])
    }

    /// The value of an integer that is kept behind the last step, in lane `i`.
    pub(crate) fn whole_at(&self, value: Whole, i: usize) -> i64 {
        match value {
            Whole::Constant(value) => value,
            Whole::Column(column) => match self.plan.program.view(column) {
                Some(view) => view.unit * i64::from(self.page(view.page)[i]),
                None => self.whole(column)[i],
            },
        }
    }

    /// The value of an integer that an operation reads, in lane `i`.
    fn wide_at(&self, value: Whole, i: usize) -> i64 {
        match value {
            Whole::Constant(value) => value,
            Whole::Column(column) => self.whole(column)[i],
        }
    }

    /// Visits an integer, lane by lane, without asking in each lane what it is.
    pub(crate) fn each(&self, value: Whole, mut visit: impl FnMut(usize, i64)) {
        match value {
            Whole::Constant(value) => (0..PAGE).for_each(|i| visit(i, value)),
            Whole::Column(column) => self.whole(column).iter().enumerate().for_each(|(i, x)| visit(i, *x)),
        }
    }

    /// A copy of the page of an integer that an operation reads; constants are spread.
    fn wide(&self, value: Whole) -> WholePage {
        match value {
            Whole::Constant(value) => [value; PAGE],
            Whole::Column(column) => *self.whole(column),
        }
    }

    /// A copy of the page of an integer that is kept behind the last step; constants are spread.
    pub(crate) fn spread(&self, value: Whole) -> WholePage {
        match value {
            Whole::Column(column) => match self.plan.program.view(column) {
                Some(view) => {
                    let mut page = [0; PAGE];
                    kernels::widen(&mut page, view.unit, self.page(view.page));
                    page
                }
                None => *self.whole(column),
            },
            Whole::Constant(value) => [value; PAGE],
        }
    }

    /// A copy of a real's page; constants are spread.
    pub(crate) fn spread_real(&self, value: Real) -> RealPage {
        match value {
            Real::Constant(value) => [value; PAGE],
            Real::Column(column) => *self.real(column),
        }
    }

    /// Writes an integer column: `write` sees the block for reading and the page for writing.
    pub(crate) fn write(&mut self, column: WholeColumn, write: impl FnOnce(&Self, &mut WholePage)) {
        let slot = self.plan.program.whole(column);
        let mut page = std::mem::take(&mut self.whole[slot]);
        write(self, page_of_mut(&mut page));
        self.whole[slot] = page;
    }

    /// Writes a real column.
    pub(crate) fn write_real(&mut self, column: RealColumn, write: impl FnOnce(&Self, &mut RealPage)) {
        let slot = self.plan.program.real(column);
        let mut page = std::mem::take(&mut self.real[slot]);
        write(self, page_of_mut(&mut page));
        self.real[slot] = page;
    }
}

fn page_of<T>(slot: &[T]) -> &[T; PAGE] {
    slot.first_chunk().expect("a slot that is read holds a page: outputs never share a slot with inputs")
}

fn page_of_mut<T>(slot: &mut [T]) -> &mut [T; PAGE] {
    slot.first_chunk_mut().expect("a slot that is written holds a page: each has one writer at a time")
}
