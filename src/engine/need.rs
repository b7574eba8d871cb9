//! What a run will need, told before it runs: memory from its plan, time from its first pages.
//!
//! Memory hardly depends on the number of trials: counts have as many cells as amounts can have, and amounts that wait to be
//! counted have a fixed length. It grows with series, threads, and what is written.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::model::Model;
use super::plan::Plan;
use super::plan::column::{Whole, WholeColumn};
use super::plan::op::Op;
use super::program::{Counted, Pair};
use super::run::{RunError, Runner, Settings, Unwatched};
use super::spans::Span;
use super::spool::{AT_ONCE, LENGTH};
use crate::draw::address::PAGE;
use crate::draw::points::REPLICATES;
use crate::measure::{
    EXACT_LIMIT, FULL_COUNT, MORE_BYTES, MOST_KNOTS, OCTAVE_BYTES, PIECES_BYTES, Shape, Statistic,
};

/// Octaves in which a series without a lattice has most of its amounts: with three the estimates of the shipped and the
/// synthetic portfolios are within a factor of 2 of what is held.
const OCTAVES: u64 = 3;

/// Bytes of a cell of series that are counted two at once: two counters of 32 bits, of which a run touches a quarter.
const PAIR: u64 = 2;

/// Bytes of the statistics of a series, and of a cell of the largest amounts.
const STATISTIC: u64 = 40;
const LARGEST: u64 = 100;

/// Pages of the first measurement of time; the second has twice as many.
const FIRST_PAGES: u64 = 8;

/// How long a measurement must take to tell something.
const LONG_ENOUGH: Duration = Duration::from_millis(40);

/// A shorter measurement is repeated, and the least of so many taken: what else the machine does can only add. Of single
/// measurements on a busy machine one in five was wrong by a factor of 3.
const TRIES: usize = 3;
const SHORT: Duration = Duration::from_millis(100);

/// After so long a measurement has to do.
const PATIENCE: Duration = Duration::from_millis(500);

/// Which figures a run counts.
pub(crate) enum Figures<'f> {
    All,
    /// These alone.
    Some {
        figures: &'f [Whole],
        /// Whether these are above zero.
        signs: &'f [Whole],
    },
}

/// Bytes that a run needs beside what the compiled scenario holds already.
#[must_use]
pub(crate) fn memory(model: &Model, settings: Settings, threads: u64, figures: &Figures<'_>) -> u64 {
    let plan = model.plan();
    let counted: Vec<usize> = counted(plan, figures);
    let series: BTreeSet<usize> = counted.iter().filter_map(|tally| series_of(plan, *tally)).collect();
    let cells: u64 = series.iter().map(|series| plan.program.series[*series].bins).map(lattice).sum();
    let pairs = plan.program.pairs.iter().map(|Pair { of: [a, b] }| u64::from(a.bins * b.bins));
    let pairs = pairs.sum::<u64>() * PAIR;
    let own = counted.iter().filter(|tally| series_of(plan, **tally).is_none());
    let (mut shared, mut private, mut whole) = (0, 0, 0);
    for tally in own {
        match plan.shape(plan.tallies[*tally]) {
            Shape::Lattice { bins, .. } => private += lattice(bins),
            Shape::General => shared += general(plan, plan.tallies[*tally], settings),
        }
    }
    for tally in &counted {
        if let Shape::Lattice { bins, .. } = plan.shape(plan.tallies[*tally]) {
            whole += u64::from(bins) * 8;
        }
    }
    // What waits is swapped with memory of the thread, and sorted beside it; figures are read on the same threads.
    let thread =
        block(plan) + cells + pairs + private + 2 * waiting(settings, LENGTH) + EXACT_LIMIT as u64 * 40;
    let statistics = counted.len() as u64 * Statistic::ALL.len() as u64 * STATISTIC;
    let largest = model.compiled().grid.cells.len() as u64 * LARGEST;
    let replicates = replicates(settings, counted.len() as u64, shared + whole);
    threads * thread + shared + whole + statistics + largest + replicates
}

/// The tallies that are counted.
fn counted(plan: &Plan, figures: &Figures<'_>) -> Vec<usize> {
    let written = plan.ops.iter().filter_map(|op| match op {
        Op::Tally { tally, .. } => Some(*tally as usize),
        _ => None,
    });
    match figures {
        Figures::All => written.collect(),
        Figures::Some { figures, .. } => {
            let columns: BTreeSet<WholeColumn> = figures.iter().copied().filter_map(Whole::column).collect();
            written.filter(|tally| columns.contains(&plan.tallies[*tally])).collect()
        }
    }
}

fn series_of(plan: &Plan, tally: usize) -> Option<usize> {
    match plan.program.counted[tally] {
        Counted::As { series, .. } => Some(series as usize),
        Counted::Alone => None,
    }
}

/// The counters of a lattice: several short ones a cell, and one to fold them into.
fn lattice(bins: u32) -> u64 {
    Shape::Lattice { lowest: 0, step: 1, bins }.memory_estimate() as u64
}

/// Amounts of a series that wait, `most` at a time.
fn waiting(settings: Settings, most: usize) -> u64 {
    settings.trials.min((most + PAGE) as u64) * 4
}

/// A series without a lattice: what waits, and a list of amounts or buckets.
fn general(plan: &Plan, column: WholeColumn, settings: Settings) -> u64 {
    let range = plan.whole[column.0 as usize].lattice;
    let few = range.points(EXACT_LIMIT as u32).is_some();
    // Lists become long at different times, and many go over to buckets before: two thirds of the longest were held at once.
    let list = settings.trials.min(EXACT_LIMIT as u64) * 16;
    let listed = waiting(settings, LENGTH) + if few { list } else { list / 3 * 2 };
    if settings.trials <= EXACT_LIMIT as u64 || few {
        return listed;
    }
    let most = range.low.unsigned_abs().max(range.high.unsigned_abs());
    let octaves = u64::from(most.max(1).ilog2()).saturating_sub(11).clamp(1, OCTAVES);
    // What no longer fits in a bucket stands apart: as many as can have been filled.
    let filled = (settings.trials / FULL_COUNT).min(octaves << 12);
    let buckets = PIECES_BYTES as u64 + octaves * OCTAVE_BYTES as u64 + filled * MORE_BYTES as u64;
    listed.max(waiting(settings, AT_ONCE) + buckets)
}

/// The pages of a thread.
fn block(plan: &Plan) -> u64 {
    let [narrow, whole, real, members] = plan.program.slots().map(|slots| slots as u64);
    let people = plan.members.iter().map(|facts| u64::from(facts.people)).max().unwrap_or(0);
    PAGE as u64 * (4 * narrow + 8 * (whole + real)) + members * people * PAGE as u64 / 8
}

/// What replicates keep: one is counted beside the whole run, and of each the knots of its distributions.
fn replicates(settings: Settings, series: u64, counts: u64) -> u64 {
    if settings.chance.replicates() == 1 {
        return 0;
    }
    let trials = settings.trials / REPLICATES;
    counts + series * REPLICATES * trials.min(MOST_KNOTS) * 32
}

/// How long a trial takes on one thread, from the first pages of a run that counts these figures.
///
/// # Errors
/// What the run itself would fail by.
pub(crate) fn nanoseconds(model: &Model, settings: Settings, figures: &Figures<'_>) -> Result<f64, RunError> {
    let plan = match figures {
        Figures::All => Cow::Borrowed(model.plan()),
        Figures::Some { figures, signs } => Cow::Owned(model.counting(figures, signs)),
    };
    let runner = Runner::new(&plan, settings, &model.plan().dimensions(), Some(1))?;
    let once = |pages: u64| -> Result<Duration, RunError> {
        let begun = Instant::now();
        runner.count(Span { replicate: 0, from: 0, to: pages }, &Unwatched)?;
        Ok(begun.elapsed())
    };
    let time = |pages: u64| -> Result<Duration, RunError> {
        let mut least = once(pages)?;
        for _ in 1..TRIES {
            if least < SHORT {
                least = least.min(once(pages)?);
            }
        }
        Ok(least)
    };
    let mut pages = FIRST_PAGES;
    let mut before = time(pages)?;
    loop {
        let now = time(2 * pages)?;
        // The difference leaves out what starting and ending cost.
        let more = now.saturating_sub(before);
        // Where starting takes long, or the machine does other things, two measurements may hardly differ.
        let tells = now > LONG_ENOUGH && 4 * more > now && 3 * more < 2 * now;
        if tells || now > PATIENCE {
            // The second half does not take longer than the first with all that starting costs.
            return Ok(more.clamp(now / 8, now / 2).as_nanos() as f64 / (pages * PAGE as u64) as f64);
        }
        (pages, before) = (2 * pages, now);
    }
}
