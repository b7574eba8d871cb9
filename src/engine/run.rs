//! Running a plan: pages of trials handed to threads, counted privately, merged exactly.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use thiserror::Error;

use super::block::{Block, Chance, Imbalance};
use super::plan::Plan;
use super::spans::Span;
use super::spool::Tallies;
use super::total::{Counts, Total, Whole};
use crate::draw::points::{Dimensions, WordSource};
use crate::measure::{MAX_TRIALS, MergeError, ShapeError};

/// Pages a thread takes at a time: few enough that threads end together, many enough that the counter costs nothing.
const GRAB: u64 = 2;

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
}

/// Watches a run from outside.
pub trait Watch: Sync {
    /// So many more trials are done.
    fn advance(&self, _trials: u64) {}

    /// Whether to stop; what was counted is lost.
    fn stopped(&self) -> bool {
        false
    }

    /// Whether to stop counting for now, so that what was counted can be kept.
    fn paused(&self) -> bool {
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
    /// Trials that are not independent where they are held against each other.
    #[error("trials are compared one by one with --sampler plain or reference, not with {0}")]
    Paired(&'static str),
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

/// Runs all trials of a plan on `threads` threads (those of the current pool when `None`).
///
/// The result depends on the plan, the settings and the dimensions of Sobol points alone.
///
/// # Errors
/// When the number of trials is out of range, the watcher stops, threads cannot start, or an account does not close.
pub(crate) fn run(
    plan: &Plan,
    settings: Settings,
    dimensions: &Dimensions,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<Whole, RunError> {
    let mut total = Total::new(plan, settings)?;
    let runner = Runner::new(plan, settings, dimensions, threads)?;
    for span in Shard::WHOLE.spans(settings) {
        total.add(runner.count(span, watch)?)?;
    }
    Ok(total.finish())
}

/// What the spans of a run share.
pub struct Runner<'p> {
    plan: &'p Plan,
    settings: Settings,
    sources: Vec<WordSource>,
    threads: Threads,
}

impl<'p> Runner<'p> {
    /// Threads, and where numbers are drawn from.
    ///
    /// # Errors
    /// When the number of trials is out of range, or threads cannot start.
    pub fn new(
        plan: &'p Plan,
        settings: Settings,
        dimensions: &Dimensions,
        threads: Option<usize>,
    ) -> Result<Self, RunError> {
        if !(1..=MAX_TRIALS).contains(&settings.trials) {
            return Err(RunError::Trials(settings.trials));
        }
        let sources = plan.sources(settings, dimensions);
        Ok(Self { plan, settings, sources, threads: Threads::new(threads)? })
    }

    /// Counts the trials of a span, or, when the watcher pauses, of its first pages.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn count(&self, span: Span, watch: &dyn Watch) -> Result<Counts, RunError> {
        let tallies = Tallies::new(self.plan)?;
        let settings = self.settings;
        let (counted, to) = self.threads.over(
            span.from..span.to,
            watch,
            || Ok((tallies.spools()?, Block::new(self.plan, &self.sources, settings.chance))),
            |(spools, block), number| {
                let page = settings.page(span.replicate, number);
                let trials = settings.trials_in(page);
                block.run(page, trials, spools).map_err(|error| error.in_trial_of(settings))?;
                Ok(trials)
            },
            |(spools, _)| spools.finish(),
        )?;
        let tallies = self.threads.within(|| tallies.merge(counted))?;
        Ok(Counts { span: Span { to, ..span }, tallies })
    }
}

/// Hands some pages of a run to threads; see [`Threads::over`].
pub(crate) fn over_pages<T, R: Send>(
    settings: Settings,
    pages: Range<u64>,
    threads: Option<usize>,
    watch: &dyn Watch,
    begin: impl Fn() -> Result<T, RunError> + Sync,
    work: impl Fn(&mut T, u64, usize) -> Result<(), RunError> + Sync,
    end: impl Fn(T) -> R + Sync,
) -> Result<Vec<R>, RunError> {
    let work = |memory: &mut T, page: u64| {
        let trials = settings.trials_in(page);
        if trials > 0 {
            work(memory, page, trials)?;
        }
        Ok(trials)
    };
    Ok(Threads::new(threads)?.over(pages, watch, begin, work, end)?.0)
}

/// Threads of a run: those that are there already where they are as many, else a pool of its own.
struct Threads(Option<rayon::ThreadPool>);

impl Threads {
    fn new(threads: Option<usize>) -> Result<Self, RunError> {
        let Some(threads) = threads.filter(|threads| *threads != rayon::current_num_threads()) else {
            return Ok(Self(None));
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        pool.map(|pool| Self(Some(pool)))
            .map_err(|error| RunError::Threads { threads, reason: error.to_string() })
    }

    fn broadcast<R: Send>(&self, work: impl Fn() -> R + Sync) -> Vec<R> {
        match &self.0 {
            Some(pool) => pool.broadcast(|_| work()),
            None => rayon::broadcast(|_| work()),
        }
    }

    /// Does work whose parts these threads may take.
    fn within<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        match &self.0 {
            Some(pool) => pool.install(work),
            None => work(),
        }
    }

    /// Hands numbered pages to threads. Each begins with memory of its own (a fold over an iterator would make as many as it
    /// makes splits), works through pages, of which `work` says how many trials they have, and ends with what it found.
    ///
    /// When the watcher pauses, only the first pages are worked through; their end is returned too.
    fn over<T, R: Send>(
        &self,
        pages: Range<u64>,
        watch: &dyn Watch,
        begin: impl Fn() -> Result<T, RunError> + Sync,
        work: impl Fn(&mut T, u64) -> Result<usize, RunError> + Sync,
        end: impl Fn(T) -> R + Sync,
    ) -> Result<(Vec<R>, u64), RunError> {
        let next = AtomicU64::new(pages.start);
        let failed = AtomicBool::new(false);
        let thread = || {
            let mut memory = begin()?;
            let mut begun = false;
            loop {
                if watch.stopped() {
                    return Err(RunError::Stopped);
                }
                // What is taken is worked through, so that what is done is always contiguous; and something always is,
                // however short the time to the next pause.
                if begun && watch.paused() || failed.load(Ordering::Relaxed) {
                    return Ok(end(memory));
                }
                begun = true;
                let first = next.fetch_add(GRAB, Ordering::Relaxed);
                if first >= pages.end {
                    return Ok(end(memory));
                }
                for page in first..(first + GRAB).min(pages.end) {
                    let done = work(&mut memory, page);
                    let trials = done.inspect_err(|_| failed.store(true, Ordering::Relaxed))?;
                    watch.advance(trials as u64);
                }
            }
        };
        let found = self.broadcast(thread).into_iter().collect::<Result<_, _>>()?;
        Ok((found, next.into_inner().min(pages.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shards_that_do_not_exist_are_refused() {
        assert!(Shard::new(0, 3).is_err() && Shard::new(4, 3).is_err() && Shard::new(1, 2_000_000).is_err());
    }
}
