//! Spools: amounts of one series waiting to be counted together.
//!
//! A series without a useful lattice is counted in a table of up to a megabyte. A portfolio has dozens of them: counted
//! page by page they push each other out of the cache (30 ns an amount, measured), counted in long runs each stays.

use std::sync::{Mutex, PoisonError};

use super::run::RunError;
use crate::draw::address::PAGE;
use crate::measure::{Shape, ShapeError, Tally};

/// Amounts that wait, per series. 128 KiB: long enough that loading a table into the cache is cheap beside counting.
const LENGTH: usize = 32 * PAGE;

/// The tallies of a run: lattices are counted privately by each thread, other series in one table for all threads,
/// so that memory does not grow with threads. What merges is integer, so it never matters who counts when.
#[derive(Debug)]
pub(crate) struct Tallies {
    shapes: Vec<Shape>,
    shared: Vec<Option<Mutex<Tally>>>,
}

impl Tallies {
    /// Nothing counted yet.
    pub(crate) fn new(shapes: Vec<Shape>) -> Result<Self, ShapeError> {
        let shared = shapes
            .iter()
            .map(|shape| match shape {
                Shape::General => Tally::new(*shape).map(|tally| Some(Mutex::new(tally))),
                Shape::Lattice { .. } => Ok(None),
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { shapes, shared })
    }

    /// A thread's own tallies, and what waits for the shared ones.
    pub(crate) fn spools(&self) -> Result<Spools<'_>, ShapeError> {
        let spools = self.shapes.iter().zip(&self.shared).map(|(shape, shared)| match shared {
            Some(shared) => Ok(Spool::Shared { waiting: Vec::with_capacity(LENGTH), tally: shared }),
            None => Tally::new(*shape).map(Spool::Own),
        });
        Ok(Spools(spools.collect::<Result<_, _>>()?))
    }

    /// All counts, when every thread has finished.
    pub(crate) fn merge(self, threads: Vec<Vec<Option<Tally>>>) -> Result<Vec<Tally>, RunError> {
        let mut total = Vec::with_capacity(self.shapes.len());
        for (shape, shared) in self.shapes.into_iter().zip(self.shared) {
            total.push(match shared {
                Some(tally) => tally.into_inner().unwrap_or_else(PoisonError::into_inner),
                None => Tally::new(shape)?,
            });
        }
        for thread in threads {
            for (sum, part) in total.iter_mut().zip(thread) {
                if let Some(part) = part {
                    sum.merge(&part)?;
                }
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
    Shared { waiting: Vec<i64>, tally: &'a Mutex<Tally> },
}

impl Spools<'_> {
    /// Counts amounts of a series, now or later.
    pub(crate) fn record(&mut self, series: usize, amounts: &[i64]) {
        match &mut self.0[series] {
            Spool::Own(tally) => tally.record(amounts),
            Spool::Shared { waiting, tally } => {
                waiting.extend_from_slice(amounts);
                if waiting.len() >= LENGTH {
                    count(tally, waiting);
                }
            }
        }
    }

    /// Counts what waits and gives the thread's own tallies.
    pub(crate) fn finish(self) -> Vec<Option<Tally>> {
        let done = self.0.into_iter().map(|spool| match spool {
            Spool::Own(tally) => Some(tally),
            Spool::Shared { mut waiting, tally } => {
                count(tally, &mut waiting);
                None
            }
        });
        done.collect()
    }
}

fn count(tally: &Mutex<Tally>, waiting: &mut Vec<i64>) {
    // A thread that panicked while counting ends the run; until it does, others may go on.
    tally.lock().unwrap_or_else(PoisonError::into_inner).record(waiting);
    waiting.clear();
}
