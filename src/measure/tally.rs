//! A tally counts how often each amount of one series occurred, on a lattice or by distinct amount.

use super::Cell;
use super::buckets::{Buckets, MAX_AMOUNT, OCTAVE_BYTES, width};
use super::exact::{EXACT_LIMIT, Exact, runs};
use super::lattice::{Lattice, MAX_BINS};
use super::radix::Sorted;
use super::squares::Squares;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Most trials a tally may hold. Every integer formed when a tally is read fits its type up to here.
pub const MAX_TRIALS: u64 = 1 << 40;

/// Where the amounts of a series can lie; chosen when the plan is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// Every amount is `lowest + k * step` (øre) with `k` below `bins`.
    Lattice {
        /// The amount of cell 0 (øre).
        lowest: i64,
        /// Distance between cells (øre), at least 1.
        step: i64,
        /// Number of cells, from 1 to [`MAX_BINS`].
        bins: u32,
    },
    /// No useful lattice: exact counts up to [`EXACT_LIMIT`] distinct amounts, log buckets beyond.
    General,
}

impl Shape {
    /// Bytes that a tally of this shape may come to need, with its amounts below 10 million kroner.
    pub fn memory_estimate(self) -> usize {
        match self {
            // Four or eight 16-bit counters, or two of 32 bits, and one of 64.
            Self::Lattice { bins, .. } => bins as usize * if bins <= 16 { 24 } else { 16 },
            Self::General => EXACT_LIMIT * 16 + 18 * OCTAVE_BYTES,
        }
    }
}

/// Why a shape cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ShapeError {
    /// The step is not positive.
    #[error("the step of a lattice is {0}, and must be at least 1")]
    Step(i64),
    /// No cell, or more than [`MAX_BINS`].
    #[error("a lattice has {0} cells, and must have 1 to {MAX_BINS}")]
    Bins(u32),
    /// An end of the lattice lies beyond [`MAX_AMOUNT`].
    #[error("a lattice from {lowest} with {bins} steps of {step} leaves ±2^53 øre")]
    Range {
        /// The amount of cell 0 (øre).
        lowest: i64,
        /// Distance between cells (øre).
        step: i64,
        /// Number of cells.
        bins: u32,
    },
}

/// Checks the numbers of a lattice.
pub(super) fn check_lattice(lowest: i64, step: i64, bins: u32) -> Result<(), ShapeError> {
    if step < 1 {
        return Err(ShapeError::Step(step));
    }
    if !(1..=MAX_BINS).contains(&bins) {
        return Err(ShapeError::Bins(bins));
    }
    let highest = i128::from(lowest) + i128::from(step) * i128::from(bins - 1);
    if lowest < -MAX_AMOUNT || highest > i128::from(MAX_AMOUNT) {
        return Err(ShapeError::Range { lowest, step, bins });
    }
    Ok(())
}

/// Why two tallies cannot be merged; the first is left as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum MergeError {
    /// The shapes differ.
    #[error("tallies of different shapes cannot be merged: {0:?} and {1:?}")]
    ShapeMismatch(Shape, Shape),
    /// The union has more than [`MAX_TRIALS`].
    #[error("a tally of {0} trials is too large: the most is 2^40")]
    TooManyTrials(u64),
}

#[derive(Debug, Clone)]
pub(super) enum Counts {
    Lattice(Lattice),
    Exact(Exact),
    Buckets(Buckets),
}

/// Counts of the amounts (øre) of one series.
///
/// The state is a function of the multiset of recorded amounts alone: whether a general series is exact or in
/// buckets depends only on the number of distinct amounts in the whole of it. A part with more than
/// [`EXACT_LIMIT`] has already switched, and so has every union with it; two exact parts whose union exceeds the
/// limit switch when merged.
#[derive(Debug, Clone)]
pub struct Tally {
    pub(super) shape: Shape,
    pub(super) trials: u64,
    pub(super) counts: Counts,
}

impl Tally {
    /// An empty tally.
    ///
    /// # Errors
    /// A lattice with a step below 1, no or too many cells, or amounts beyond [`MAX_AMOUNT`].
    pub fn new(shape: Shape) -> Result<Self, ShapeError> {
        let counts = match shape {
            Shape::Lattice { lowest, step, bins } => Counts::Lattice(Lattice::new(lowest, step, bins)?),
            Shape::General => Counts::Exact(Exact::default()),
        };
        Ok(Self { shape, trials: 0, counts })
    }

    /// The shape the tally was made with.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Number of recorded trials.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// Counts a block of amounts (øre).
    ///
    /// # Panics
    /// When an amount is off the lattice or beyond [`MAX_AMOUNT`], or with more than [`MAX_TRIALS`] trials. The
    /// compiled plan proves that neither happens; a wrong count must not go unseen.
    pub fn record(&mut self, amounts: &[i64]) {
        if let Counts::Lattice(lattice) = &mut self.counts {
            lattice.record(amounts);
            self.enter(amounts.len() as u64);
        } else {
            let mut sorted = amounts.to_vec();
            sorted.sort_unstable();
            self.record_sorted(Sorted::Wide(&sorted));
        }
    }

    /// Counts a block of lattice amounts given as cell numbers `k`, which spares the division.
    ///
    /// # Panics
    /// When the shape is general, and as [`Tally::record`].
    pub fn record_cells(&mut self, cells: &[u32]) {
        self.enter(cells.len() as u64);
        match &mut self.counts {
            Counts::Lattice(lattice) => lattice.record_cells(cells),
            Counts::Exact(_) | Counts::Buckets(_) => panic!("a general tally has no cells"),
        }
    }

    fn enter(&mut self, trials: u64) {
        self.trials += trials;
        assert!(self.trials <= MAX_TRIALS, "more than 2^40 trials");
    }

    /// Counts ascending amounts (øre) of a general tally, long runs of which are counted faster than short ones.
    ///
    /// # Panics
    /// As [`Tally::record`], and when the shape is a lattice.
    pub(crate) fn record_sorted(&mut self, sorted: Sorted<'_>) {
        match sorted {
            Sorted::Wide(amounts) => self.record_run(amounts, |amount| amount),
            Sorted::Offsets { offsets, low, unit: 1 } => {
                self.record_run(offsets, move |offset| low + i64::from(offset));
            }
            Sorted::Offsets { offsets, low, unit } => {
                self.record_run(offsets, move |offset| unit * (low + i64::from(offset)));
            }
        }
    }

    fn record_run<T: Copy + PartialEq>(&mut self, sorted: &[T], amount: impl Fn(T) -> i64 + Copy) {
        let (Some(first), Some(last)) = (sorted.first(), sorted.last()) else { return };
        let within = amount(*first) >= -MAX_AMOUNT && amount(*last) <= MAX_AMOUNT;
        assert!(within, "an amount lies beyond 2^53 øre");
        self.enter(sorted.len() as u64);
        match &mut self.counts {
            Counts::Exact(exact) => {
                exact.add(runs(sorted).map(move |(value, count)| (amount(value), count)));
                self.switch();
            }
            Counts::Buckets(buckets) => buckets.record(sorted, amount),
            Counts::Lattice(_) => panic!("a lattice does not sort"),
        }
    }

    /// Counts `unit` times each value in whatever order they come, if there are buckets for them; else `false`, and nothing is
    /// counted.
    ///
    /// # Panics
    /// With more than [`MAX_TRIALS`] trials.
    pub(crate) fn record_scattered(&mut self, values: &[i32], unit: i64) -> bool {
        let scattered = match &mut self.counts {
            Counts::Buckets(buckets) => buckets.scatter(values, unit),
            Counts::Exact(_) | Counts::Lattice(_) => false,
        };
        if scattered {
            self.enter(values.len() as u64);
        }
        scattered
    }

    /// Counts distinct amounts (øre) of a general tally with their trials, ascending.
    ///
    /// # Panics
    /// As [`Tally::record`], and when the shape is a lattice.
    pub(crate) fn record_pairs(&mut self, pairs: &[(i64, u64)]) {
        let within = pairs.iter().all(|(amount, _)| amount.abs() <= MAX_AMOUNT);
        assert!(within, "an amount lies beyond 2^53 øre");
        self.enter(pairs.iter().map(|(_, count)| count).sum());
        self.add_pairs(pairs);
    }

    /// Goes over to buckets where there are too many distinct amounts.
    fn switch(&mut self) {
        if matches!(&self.counts, Counts::Exact(exact) if exact.distinct() > EXACT_LIMIT) {
            self.buckets();
        }
    }

    /// Adds ascending amounts of a general tally with their trials.
    pub(super) fn add_pairs(&mut self, pairs: &[(i64, u64)]) {
        match &mut self.counts {
            Counts::Exact(exact) => {
                exact.add(pairs.iter().copied());
                self.switch();
            }
            Counts::Buckets(buckets) => pairs.iter().for_each(|&(amount, count)| buckets.add(amount, count)),
            Counts::Lattice(_) => unreachable!("a lattice has no pairs"),
        }
    }

    /// The buckets of a general tally, after switching to them where it was still exact.
    fn buckets(&mut self) -> &mut Buckets {
        if let Counts::Exact(exact) = &self.counts {
            let mut buckets = Buckets::new();
            exact.pairs().iter().for_each(|&(amount, count)| buckets.add(amount, count));
            self.counts = Counts::Buckets(buckets);
        }
        match &mut self.counts {
            Counts::Buckets(buckets) => buckets,
            _ => unreachable!("only general tallies have buckets"),
        }
    }

    /// Adds trials of one amount.
    ///
    /// # Panics
    /// As [`Tally::record`].
    pub(crate) fn place(&mut self, amount: i64, count: u64) {
        if count == 0 {
            return;
        }
        self.enter(count);
        match &mut self.counts {
            Counts::Lattice(lattice) => {
                lattice
                    .add(amount, count)
                    .expect("the plan proves that amounts are on the lattice of their series");
            }
            Counts::Exact(_) | Counts::Buckets(_) => self.add_pairs(&[(amount, count)]),
        }
    }

    /// Adds the trials of another tally, exactly; the order of merges does not matter.
    ///
    /// # Errors
    /// Different shapes, or more than [`MAX_TRIALS`] together.
    pub fn merge(&mut self, other: &Self) -> Result<(), MergeError> {
        if self.shape != other.shape {
            return Err(MergeError::ShapeMismatch(self.shape, other.shape));
        }
        let trials = self.trials + other.trials;
        if trials > MAX_TRIALS {
            return Err(MergeError::TooManyTrials(trials));
        }
        self.trials = trials;
        match (&mut self.counts, &other.counts) {
            (Counts::Lattice(lattice), Counts::Lattice(other)) => lattice.merge(other),
            (_, Counts::Exact(other)) => {
                self.add_pairs(other.pairs());
            }
            (_, Counts::Buckets(other)) => self.buckets().merge(other),
            (_, Counts::Lattice(_)) => unreachable!("equal shapes"),
        }
        Ok(())
    }

    /// Whether amounts are known only to within a bucket: then a quantile may be off by less than
    /// [`RELATIVE_WIDTH`](super::RELATIVE_WIDTH) of itself ([`Tally::resolution`]).
    pub fn buckets_used(&self) -> bool {
        matches!(self.counts, Counts::Buckets(_))
    }

    /// To within how many øre amounts near `amount` are told apart: 1 when the counts are exact.
    pub fn resolution(&self, amount: i64) -> i64 {
        if self.buckets_used() { width(amount.clamp(-MAX_AMOUNT, MAX_AMOUNT)) } else { 1 }
    }

    /// The cells that occurred, in ascending order.
    pub fn cells(&self) -> Vec<Cell> {
        match &self.counts {
            Counts::Lattice(lattice) => lattice.cells(),
            Counts::Exact(exact) => exact.cells(),
            Counts::Buckets(buckets) => buckets.cells(),
        }
    }

    /// The exact sum of squares, kept where it does not follow from the cells.
    pub(super) fn squares(&self) -> Option<Squares> {
        match &self.counts {
            Counts::Buckets(buckets) => Some(buckets.squares()),
            _ => None,
        }
    }

    /// Bytes now held on the heap.
    pub fn memory(&self) -> usize {
        match &self.counts {
            Counts::Lattice(lattice) => lattice.memory(),
            Counts::Exact(exact) => exact.memory(),
            Counts::Buckets(buckets) => buckets.memory(),
        }
    }
}

/// Equal when the same amounts were counted: order of insertion and folding do not show.
impl PartialEq for Tally {
    fn eq(&self, other: &Self) -> bool {
        let digits = |tally: &Self| tally.squares().map(|squares| squares.digits());
        self.shape == other.shape
            && self.buckets_used() == other.buckets_used()
            && digits(self) == digits(other)
            && self.cells() == other.cells()
    }
}

impl Eq for Tally {}
