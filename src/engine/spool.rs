//! Spools: amounts of one series waiting to be counted together.
//!
//! A series without a useful lattice is counted in a table of a megabyte or two. A portfolio has dozens of them: counted
//! page by page they push each other out of the caches. An amount then took 30 ns, in runs of 16 pages 15 and in runs
//! of 256 pages 7 (one thread, the shipped portfolio).

use std::sync::{Mutex, PoisonError};

use super::plan::Plan;
use super::plan::column::Lattice;
use super::program;
use super::run::RunError;
use crate::draw::address::PAGE;
use crate::measure::{Cells, Shape, ShapeError, Tally};

/// Amounts that wait, per series and thread: half a megabyte, as offsets of 32 bits.
const LENGTH: usize = 256 * PAGE;

/// The tallies of a run: lattices are counted privately by each thread, other series in one table for all threads,
/// so that tables do not grow with threads. What merges is integer, so it never matters who counts when.
#[derive(Debug)]
pub(crate) struct Tallies<'p> {
    plan: &'p Plan,
    each: Vec<Place>,
}

/// Where the amounts of a tally of the plan are counted.
#[derive(Debug)]
enum Place {
    /// As multiples of a series of the program.
    Series { series: usize, unit: i64, shape: Shape },
    /// By each thread: a lattice that does not fit narrow pages.
    Threads(Shape),
    /// In a table that all threads share: a series without a useful lattice.
    Shared(Lattice, Mutex<Tally>),
}

/// What a thread counted.
#[derive(Debug)]
pub(crate) struct Counted {
    cells: Vec<Cells>,
    own: Vec<Option<Tally>>,
}

impl<'p> Tallies<'p> {
    /// Nothing counted yet.
    pub(crate) fn new(plan: &'p Plan) -> Result<Self, ShapeError> {
        let each = plan.shapes().into_iter().zip(&plan.tallies).zip(&plan.program.counted);
        let each = each.map(|((shape, column), counted)| {
            let lattice = plan.whole[column.0 as usize].lattice;
            Ok(match (counted, shape) {
                (program::Counted::As { series, unit }, _) => {
                    Place::Series { series: *series as usize, unit: *unit, shape }
                }
                (program::Counted::Alone, Shape::General) => {
                    Place::Shared(lattice, Mutex::new(Tally::new(shape)?))
                }
                (program::Counted::Alone, Shape::Lattice { .. }) => Place::Threads(shape),
            })
        });
        let each = each.collect::<Result<_, _>>()?;
        Ok(Self { plan, each })
    }

    /// A thread's own counts, and what waits for the shared ones.
    pub(crate) fn spools(&self) -> Result<Spools<'_>, ShapeError> {
        let series = self.plan.program.series.iter();
        let cells = series.map(|series| Cells::new(series.low, series.stride, series.bins));
        let each = self.each.iter().map(|place| {
            Ok(match place {
                Place::Series { .. } => Spool::Elsewhere,
                Place::Threads(shape) => Spool::Own(Tally::new(*shape)?),
                Place::Shared(lattice, tally) => Spool::Shared { waiting: Waiting::new(*lattice), tally },
            })
        });
        Ok(Spools { cells: cells.collect::<Result<_, _>>()?, each: each.collect::<Result<_, _>>()? })
    }

    /// All counts, from those of every thread and the shared ones.
    pub(crate) fn merge(self, threads: Vec<Counted>) -> Result<Vec<Tally>, RunError> {
        let mut threads = threads.into_iter();
        let mut total = threads.next().unwrap_or(Counted { cells: Vec::new(), own: Vec::new() });
        for thread in threads {
            total.cells.iter_mut().zip(&thread.cells).for_each(|(sum, part)| sum.merge(part));
            for (sum, part) in total.own.iter_mut().zip(&thread.own) {
                if let (Some(sum), Some(part)) = (sum, part) {
                    sum.merge(part)?;
                }
            }
        }
        let Counted { cells, own } = total;
        let each = self.each.into_iter().zip(own).map(|(place, own)| match (place, own) {
            (Place::Series { series, unit, shape }, _) => Ok(cells[series].scaled(shape, unit)?),
            (Place::Shared(_, tally), _) => Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner)),
            (Place::Threads(_), Some(own)) => Ok(own),
            (Place::Threads(shape), None) => Ok(Tally::new(shape)?),
        });
        each.collect()
    }
}

/// Where a thread counts.
#[derive(Debug)]
pub(crate) struct Spools<'a> {
    /// By series of the program.
    cells: Vec<Cells>,
    /// By tally of the plan.
    each: Vec<Spool<'a>>,
}

#[derive(Debug)]
enum Spool<'a> {
    Elsewhere,
    Own(Tally),
    Shared { waiting: Waiting, tally: &'a Mutex<Tally> },
}

impl Spools<'_> {
    /// Counts the values of a series of the program.
    pub(crate) fn count(&mut self, series: u32, values: &[i32]) {
        self.cells[series as usize].record(values);
    }

    /// Counts amounts of a tally of the plan, now or later.
    pub(crate) fn record(&mut self, tally: usize, amounts: &[i64]) {
        match &mut self.each[tally] {
            Spool::Own(tally) => tally.record(amounts),
            Spool::Shared { waiting, tally } => {
                if waiting.push(amounts) >= LENGTH {
                    waiting.count(tally);
                }
            }
            Spool::Elsewhere => unreachable!("counted as a series"),
        }
    }

    /// Counts amounts of a tally of the plan given as multiples of `unit`.
    pub(crate) fn record_view(&mut self, tally: u32, values: &[i32], unit: i64) {
        let mut amounts = [0; PAGE];
        let amounts = &mut amounts[..values.len()];
        amounts.iter_mut().zip(values).for_each(|(amount, value)| *amount = unit * i64::from(*value));
        self.record(tally as usize, amounts);
    }

    /// Counts what waits and gives the thread's own counts.
    pub(crate) fn finish(self) -> Counted {
        let own = self.each.into_iter().map(|spool| match spool {
            Spool::Elsewhere => None,
            Spool::Own(tally) => Some(tally),
            Spool::Shared { mut waiting, tally } => {
                waiting.count(tally);
                None
            }
        });
        Counted { cells: self.cells, own: own.collect() }
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
