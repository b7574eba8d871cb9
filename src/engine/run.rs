//! Running a plan: pages of trials handed to threads, counted privately, merged exactly.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

use super::block::{Block, Chance, Imbalance};
use super::plan::Plan;
use super::spool::Tallies;
use crate::draw::address::PAGE;
use crate::measure::{MAX_TRIALS, MergeError, ShapeError, Tally};

/// Pages a thread takes at a time: few enough that threads end together, many enough that the counter costs nothing.
const GRAB: u64 = 8;

/// What decides the figures of a run: nothing else does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The number of trials.
    pub trials: u64,
    /// The seed of every address.
    pub seed: u64,
    /// Where random numbers come from.
    pub chance: Chance,
}

impl Default for Settings {
    fn default() -> Self {
        Self { trials: 100_000, seed: 1, chance: Chance::Inversion }
    }
}

impl Settings {
    /// How many trials of a page are run.
    pub(crate) fn trials_in(self, page: u64) -> usize {
        (self.trials - page * PAGE as u64).min(PAGE as u64) as usize
    }
}

/// Part `index` (from 1) of `of` parts of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard {
    index: u64,
    of: u64,
}

/// Why a shard does not exist.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("there is no part {index} of {of}; write I/N with I from 1 to N and N at most 1000000")]
pub struct ShardError {
    index: u64,
    of: u64,
}

impl Shard {
    /// The whole run.
    pub const WHOLE: Self = Self { index: 1, of: 1 };

    /// Part `index` of `of`.
    ///
    /// # Errors
    /// Unless `1 ≤ index ≤ of ≤ 1,000,000`.
    pub fn new(index: u64, of: u64) -> Result<Self, ShardError> {
        let exists = (1..=of).contains(&index) && of <= 1_000_000;
        if exists { Ok(Self { index, of }) } else { Err(ShardError { index, of }) }
    }

    /// Which part this is, from 1.
    #[must_use]
    pub fn index(self) -> u64 {
        self.index
    }

    /// How many parts there are.
    #[must_use]
    pub fn of(self) -> u64 {
        self.of
    }

    /// The pages of this part; parts are contiguous, in order, and cover all pages of the run.
    #[must_use]
    pub fn pages(self, trials: u64) -> Range<u64> {
        let pages = trials.div_ceil(PAGE as u64);
        let boundary = |part: u64| (u128::from(pages) * u128::from(part) / u128::from(self.of)) as u64;
        boundary(self.index - 1)..boundary(self.index)
    }
}

/// Watches a run from outside.
pub trait Watch: Sync {
    /// So many more trials are done.
    fn advance(&self, _trials: u64) {}

    /// Whether to stop.
    fn stopped(&self) -> bool {
        false
    }
}

/// Nobody watches.
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwatched;

impl Watch for Unwatched {}

/// Why a run gave no results.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RunError {
    /// No or too many trials.
    #[error("a run has between 1 and {MAX_TRIALS} trials, not {0}")]
    Trials(u64),
    /// The watcher stopped it.
    #[error("stopped before the last trial; nothing was written")]
    Stopped,
    /// An account did not close.
    #[error(transparent)]
    Imbalance(#[from] Imbalance),
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {reason}")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system says.
        reason: String,
    },
    /// Tallies of one plan did not fit each other.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// A tally could not be made.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// Runs a shard of a plan on `threads` threads (all cores when `None`) and returns one tally per tallied column.
///
/// The result depends on the plan, the settings and the shard alone.
///
/// # Errors
/// When the number of trials is out of range, the watcher stops, threads cannot start, or an account does not close.
pub fn run(
    plan: &Plan,
    settings: Settings,
    shard: Shard,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<Vec<Tally>, RunError> {
    if !(1..=MAX_TRIALS).contains(&settings.trials) {
        return Err(RunError::Trials(settings.trials));
    }
    let streams = plan.streams(settings.seed);
    let tallies = Tallies::new(plan)?;
    let counted = over_pages(
        settings,
        shard,
        threads,
        watch,
        || Ok((tallies.spools()?, Block::new(plan, &streams, settings.chance))),
        |(spools, block), page, trials| Ok(block.run(page, trials, spools)?),
        |(spools, _)| spools.finish(),
    )?;
    tallies.merge(counted)
}

/// Hands the pages of a shard to threads. Each begins with memory of its own (a fold over an iterator would make as
/// many as it makes splits), works through pages with the number of their trials, and ends with what it found.
pub(crate) fn over_pages<T, R: Send>(
    settings: Settings,
    shard: Shard,
    threads: Option<usize>,
    watch: &dyn Watch,
    begin: impl Fn() -> Result<T, RunError> + Sync,
    work: impl Fn(&mut T, u64, usize) -> Result<(), RunError> + Sync,
    end: impl Fn(T) -> R + Sync,
) -> Result<Vec<R>, RunError> {
    let pages = shard.pages(settings.trials);
    let next = AtomicU64::new(pages.start);
    let failed = AtomicBool::new(false);
    let threads = threads.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| RunError::Threads { threads, reason: error.to_string() })?;
    let thread = || {
        let mut memory = begin()?;
        loop {
            let first = next.fetch_add(GRAB, Ordering::Relaxed);
            if first >= pages.end || failed.load(Ordering::Relaxed) {
                return Ok(end(memory));
            }
            if watch.stopped() {
                return Err(RunError::Stopped);
            }
            for page in first..(first + GRAB).min(pages.end) {
                let trials = settings.trials_in(page);
                let done = work(&mut memory, page, trials);
                done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
                watch.advance(trials as u64);
            }
        }
    };
    pool.broadcast(|_| thread()).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_cover_every_page_once() {
        for trials in [1, 511, 512, 513, 100_000] {
            for of in [1, 2, 3, 7, 64, 1000] {
                let mut next = 0;
                for index in 1..=of {
                    let pages = Shard::new(index, of).unwrap().pages(trials);
                    assert_eq!(pages.start, next);
                    next = pages.end;
                }
                assert_eq!(next, trials.div_ceil(512));
            }
        }
    }

    #[test]
    fn shards_that_do_not_exist_are_refused() {
        assert!(Shard::new(0, 3).is_err() && Shard::new(4, 3).is_err() && Shard::new(1, 2_000_000).is_err());
    }
}
