//! Spools: amounts of one series waiting to be counted together.
//!
//! A series without a useful lattice is counted in a table of a megabyte or two. A portfolio has dozens of them: counted
//! page by page they push each other out of the caches. An amount then took 30 ns, in runs of 16 pages 15 and in runs
//! of 256 pages 7 (one thread, the shipped portfolio).

use std::sync::{Mutex, PoisonError};

use super::plan::Plan;
use super::plan::column::Lattice;
use crate::draw::address::PAGE;
use crate::measure::{MergeError, Shape, ShapeError, Tally};

/// Amounts that wait, per series and thread: half a megabyte, as offsets of 32 bits.
const LENGTH: usize = 256 * PAGE;

/// The tallies of a run: lattices are counted privately by each thread, other series in one table for all threads,
/// so that tables do not grow with threads. What merges is integer, so it never matters who counts when.
#[derive(Debug)]
pub(crate) struct Tallies(Vec<Series>);

#[derive(Debug)]
struct Series {
    shape: Shape,
    lattice: Lattice,
    /// The table of a series without a useful lattice.
    shared: Option<Mutex<Tally>>,
}

impl Tallies {
    /// Nothing counted yet.
    pub(crate) fn new(plan: &Plan) -> Result<Self, ShapeError> {
        let series = plan.shapes().into_iter().zip(&plan.tallies).map(|(shape, column)| {
            let lattice = plan.whole[column.0 as usize].lattice;
            let shared = match shape {
                Shape::General => Some(Mutex::new(Tally::new(shape)?)),
                Shape::Lattice { .. } => None,
            };
            Ok(Series { shape, lattice, shared })
        });
        series.collect::<Result<_, _>>().map(Self)
    }

    /// A thread's own tallies, and what waits for the shared ones.
    pub(crate) fn spools(&self) -> Result<Spools<'_>, ShapeError> {
        let spools = self.0.iter().map(|series| match &series.shared {
            Some(tally) => Ok(Spool::Shared { waiting: Waiting::new(series.lattice), tally }),
            None => Tally::new(series.shape).map(Spool::Own),
        });
        spools.collect::<Result<_, _>>().map(Spools)
    }

    /// All counts, from the own tallies of every thread and the shared ones.
    pub(crate) fn merge(self, threads: Vec<Vec<Option<Tally>>>) -> Result<Vec<Tally>, MergeError> {
        let mut threads = threads.into_iter();
        let first = threads.next().unwrap_or_default();
        let shared = self.0.into_iter().map(|series| series.shared);
        let shared =
            shared.map(|tally| tally.map(|t| t.into_inner().unwrap_or_else(PoisonError::into_inner)));
        let mut total: Vec<_> = shared.zip(first).filter_map(|(shared, own)| shared.or(own)).collect();
        for thread in threads {
            for (sum, part) in total.iter_mut().zip(thread) {
                part.map_or(Ok(()), |part| sum.merge(&part))?;
            }
        }
        Ok(total)
    }
}

/// Where a thread counts each series.
#[derive(Debug)]
pub(crate) struct Spools<'a>(Vec<Spool<'a>>);

#[derive(Debug)]
enum Spool<'a> {
    Own(Tally),
    Shared { waiting: Waiting, tally: &'a Mutex<Tally> },
}

impl Spools<'_> {
    /// Counts amounts of a series, now or later.
    pub(crate) fn record(&mut self, series: usize, amounts: &[i64]) {
        match &mut self.0[series] {
            Spool::Own(tally) => tally.record(amounts),
            Spool::Shared { waiting, tally } => {
                if waiting.push(amounts) >= LENGTH {
                    waiting.count(tally);
                }
            }
        }
    }

    /// Counts what waits and gives the thread's own tallies.
    pub(crate) fn finish(self) -> Vec<Option<Tally>> {
        let done = self.0.into_iter().map(|spool| match spool {
            Spool::Own(tally) => Some(tally),
            Spool::Shared { mut waiting, tally } => {
                waiting.count(tally);
                None
            }
        });
        done.collect()
    }
}

/// Amounts that wait, as offsets from the smallest the plan allows where they fit 32 bits (43 million kroner).
#[derive(Debug)]
enum Waiting {
    Narrow { low: i64, offsets: Vec<u32> },
    Wide(Vec<i64>),
}

impl Waiting {
    fn new(lattice: Lattice) -> Self {
        // The exact range of plans, 2^52, keeps the difference within 64 bits.
        if lattice.high - lattice.low <= i64::from(u32::MAX) {
            Self::Narrow { low: lattice.low, offsets: Vec::new() }
        } else {
            Self::Wide(Vec::new())
        }
    }

    /// Adds amounts and says how many wait.
    fn push(&mut self, amounts: &[i64]) -> usize {
        match self {
            Self::Narrow { low, offsets } => {
                offsets.extend(amounts.iter().map(|amount| (amount - *low) as u32));
                offsets.len()
            }
            Self::Wide(waiting) => {
                waiting.extend_from_slice(amounts);
                waiting.len()
            }
        }
    }

    fn count(&mut self, tally: &Mutex<Tally>) {
        // A thread that panicked while counting ends the run; until it does, others may go on.
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        match self {
            Self::Narrow { low, offsets } => {
                let mut amounts = [0; PAGE];
                for chunk in offsets.chunks(PAGE) {
                    let amounts = &mut amounts[..chunk.len()];
                    amounts
                        .iter_mut()
                        .zip(chunk)
                        .for_each(|(amount, offset)| *amount = *low + i64::from(*offset));
                    tally.record(amounts);
                }
                offsets.clear();
            }
            Self::Wide(waiting) => {
                tally.record(waiting);
                waiting.clear();
            }
        }
    }
}
