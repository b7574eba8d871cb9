//! Spools: amounts of one series waiting to be counted together.
//!
//! A series without a useful lattice is counted in runs of [`LENGTH`] amounts, of which many are equal, or which are sorted
//! and merged into a list; and when that has become too long, in runs of [`AT_ONCE`] that buckets take as they come. A
//! portfolio has dozens of such series: counted page by page they push each other out of the caches, and an amount took 30 ns.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rayon::prelude::*;

use super::plan::Plan;
use super::program;
use super::run::RunError;
use crate::draw::address::PAGE;
use crate::measure::{Cells, Few, Occurred, Pairs, Radix, Shape, ShapeError, Sorted, Tally};

/// Amounts that wait, per series: a quarter of a megabyte on 32 bits, for all threads together. Half as many take a
/// twelfth longer.
pub(crate) const LENGTH: usize = 128 * PAGE;

/// Amounts that wait where there are buckets for them, which take them in any order. With an eighth of them hardly two fall in
/// one line of the cache before the buckets of another series push it out, and counting takes half as long again; twice
/// as many are 5 MiB more for the shipped portfolio.
pub(crate) const AT_ONCE: usize = 64 * PAGE;

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
    Shared(Mutex<Shared>),
}

/// Counts that all threads share, and the amounts that wait for them.
#[derive(Debug)]
struct Shared {
    waiting: Waiting,
    tally: Tally,
}

/// What a thread counted.
#[derive(Debug, Default)]
pub(crate) struct Counted {
    cells: Vec<Cells>,
    /// By pair of the program, what occurred.
    pairs: Vec<Vec<Occurred>>,
    own: Vec<Option<Tally>>,
}

impl<'p> Tallies<'p> {
    /// Nothing counted yet.
    pub(crate) fn new(plan: &'p Plan) -> Result<Self, ShapeError> {
        let each = plan.shapes().into_iter().zip(&plan.program.counted);
        let each = each.map(|(shape, counted)| {
            Ok(match (counted, shape) {
                (program::Counted::As { series, unit }, _) => {
                    Place::Series { series: *series as usize, unit: *unit, shape }
                }
                (program::Counted::Alone, Shape::General) => {
                    Place::Shared(Mutex::new(Shared { waiting: Waiting::Nothing, tally: Tally::new(shape)? }))
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
        let pairs = self.plan.program.pairs.iter();
        let pairs = pairs.map(|pair| Pairs::new(pair.of.map(|of| of.low), pair.of.map(|of| of.bins)));
        let each = self.each.iter().map(|place| {
            Ok(match place {
                Place::Series { .. } => Spool::Elsewhere,
                Place::Threads(shape) => Spool::Own(Tally::new(*shape)?),
                Place::Shared(shared) => Spool::Shared(shared),
            })
        });
        Ok(Spools {
            cells: cells.collect::<Result<_, _>>()?,
            pairs: pairs.collect::<Result<_, _>>()?,
            each: each.collect::<Result<_, _>>()?,
            spare: Waiting::Nothing,
            few: Few::default(),
            radix: Radix::default(),
        })
    }

    /// All counts, from those of every thread and the shared ones, on the threads of the current pool.
    pub(crate) fn merge(self, threads: Vec<Counted>) -> Result<Vec<Tally>, RunError> {
        let mut threads = threads.into_iter();
        let mut total = threads.next().unwrap_or_default();
        for thread in threads {
            total.cells.par_iter_mut().zip(&thread.cells).for_each(|(sum, part)| sum.merge(part));
            total.pairs.iter_mut().zip(thread.pairs).for_each(|(all, one)| all.extend(one));
            for (sum, part) in total.own.iter_mut().zip(&thread.own) {
                if let (Some(sum), Some(part)) = (sum, part) {
                    sum.merge(part)?;
                }
            }
        }
        let Counted { mut cells, pairs, own } = total;
        let sources = cells.par_iter_mut().zip(&self.plan.program.sources);
        sources.for_each(|(cells, source)| read(cells, *source, &pairs));
        let each = self.each.into_par_iter().zip(own).map(|(place, own)| match (place, own) {
            (Place::Series { series, unit, shape }, _) => Ok(cells[series].scaled(shape, unit)?),
            (Place::Shared(shared), _) => {
                // Every thread that ended took what waited.
                Ok(shared.into_inner().unwrap_or_else(PoisonError::into_inner).tally)
            }
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
    /// By pair of the program.
    pairs: Vec<Pairs>,
    /// By tally of the plan.
    each: Vec<Spool<'a>>,
    /// Memory to go on with while what waited is counted.
    spare: Waiting,
    few: Few,
    radix: Radix,
}

#[derive(Debug)]
enum Spool<'a> {
    Elsewhere,
    Own(Tally),
    Shared(&'a Mutex<Shared>),
}

impl Spools<'_> {
    /// Counts the values of a series of the program.
    pub(crate) fn count(&mut self, series: u32, values: &[i32]) {
        self.cells[series as usize].record(values);
    }

    /// Counts the values of two series of the program at once.
    pub(crate) fn count_pair(&mut self, pair: u32, [first, second]: [&[i32]; 2]) {
        self.pairs[pair as usize].record(first, second);
    }

    /// Counts trials of a series that has one value only.
    pub(crate) fn count_known(&mut self, series: u32, trials: usize) {
        self.cells[series as usize].record_known(trials);
    }

    /// Counts amounts of a tally of the plan, now or later.
    pub(crate) fn record(&mut self, tally: usize, amounts: &[i64]) {
        match &mut self.each[tally] {
            Spool::Own(tally) => tally.record(amounts),
            Spool::Shared(shared) => {
                let shared = *shared;
                self.wait(shared, |waiting| waiting.push_wide(amounts));
            }
            Spool::Elsewhere => unreachable!("counted as a series"),
        }
    }

    /// Counts amounts of a tally of the plan without a lattice, given as multiples of `unit`.
    pub(crate) fn record_view(&mut self, tally: u32, values: &[i32], unit: i64) {
        let Spool::Shared(shared) = self.each[tally as usize] else {
            unreachable!("only a series without a lattice is recorded")
        };
        self.wait(shared, |waiting| waiting.push(values, unit));
    }

    /// Adds to what waits, and counts it when it is long enough: at once where there are buckets, else sorted while others go
    /// on.
    fn wait(&mut self, shared: &Mutex<Shared>, push: impl FnOnce(&mut Waiting) -> usize) {
        let mut held = hold(shared);
        let waiting = push(&mut held.waiting);
        // Where an amount does not fit, all of them are for the sorted way, and not looked through at every page.
        if (AT_ONCE..AT_ONCE + PAGE).contains(&waiting) {
            let Shared { waiting, tally } = &mut *held;
            waiting.scatter(tally);
        } else if waiting >= LENGTH {
            std::mem::swap(&mut held.waiting, &mut self.spare);
            drop(held);
            self.count_spare(shared);
        }
    }

    fn count_spare(&mut self, shared: &Mutex<Shared>) {
        if self.spare.scatter(&mut hold(shared).tally) {
            return;
        }
        if let Waiting::Narrow { unit, values, held, zeros } = &self.spare
            && let Some(pairs) = self.few.count(&values[..*held], *unit, &mut self.radix)
        {
            let mut shared = hold(shared);
            shared.tally.record_pairs(pairs);
            shared.tally.place(0, *zeros);
            drop(shared);
            return self.spare.clear();
        }
        let (sorted, zeros) = self.spare.sorted(&mut self.radix);
        let mut held = hold(shared);
        held.tally.record_sorted(sorted);
        held.tally.place(0, zeros);
        drop(held);
        self.spare.clear();
    }

    /// Counts what waits and gives the thread's own counts.
    pub(crate) fn finish(mut self) -> Counted {
        // Threads that end together share what is left: one finds nothing where another was before.
        for index in 0..self.each.len() {
            if let Spool::Shared(shared) = self.each[index] {
                std::mem::swap(&mut hold(shared).waiting, &mut self.spare);
                self.count_spare(shared);
            }
        }
        let own = self.each.into_iter().map(|spool| match spool {
            Spool::Own(tally) => Some(tally),
            Spool::Elsewhere | Spool::Shared(_) => None,
        });
        let pairs = self.pairs.iter().map(Pairs::occurred);
        Counted { cells: self.cells, pairs: pairs.collect(), own: own.collect() }
    }
}

/// Reads the counts of a series from those of a pair, if that is where they are.
fn read(cells: &mut Cells, source: program::Source, pairs: &[Vec<Occurred>]) {
    if let program::Source::Pair { pair, factors: [a, b], constant } = source {
        for ([first, second], count) in pairs.get(pair as usize).into_iter().flatten() {
            cells.place(a * first + b * second + constant, *count);
        }
    }
}

/// A thread that panicked while counting ends the run; until it does, others may go on.
fn hold(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Amounts that wait: multiples of a unit on 32 bits where the program has them so. A series comes in one form.
#[derive(Debug)]
enum Waiting {
    Nothing,
    /// The first `held` of the values wait: what is behind them was filled once, not anew for every page.
    Narrow {
        unit: i64,
        values: Vec<i32>,
        held: usize,
        zeros: u64,
    },
    Wide(Vec<i64>),
}

impl Waiting {
    /// Adds multiples of a unit and says how many wait. Zeros are only counted: what a limit cuts is mostly nothing.
    fn push(&mut self, more: &[i32], unit: i64) -> usize {
        // Memory that comes from another series is of its unit, or wide.
        let fits = matches!(self, Self::Narrow { unit: of, held, .. } if *of == unit || *held == 0);
        if !fits {
            debug_assert!(self.is_empty(), "a series comes in one form");
            *self = Self::Narrow { unit, values: Vec::new(), held: 0, zeros: 0 };
        }
        let Self::Narrow { unit: of, values, held, zeros } = self else { unreachable!("made so above") };
        *of = unit;
        if values.len() < *held + more.len() {
            values.reserve_exact(LENGTH + PAGE - values.len());
            values.resize((2 * values.len()).clamp(*held + more.len(), LENGTH + PAGE), 0);
        }
        let (room, mut end) = (&mut values[*held..*held + more.len()], 0);
        for value in more {
            // Written whether zero or not: a branch would be guessed wrong every few values.
            room[end] = *value;
            end += usize::from(*value != 0);
        }
        *held += end;
        *zeros += (more.len() - end) as u64;
        *held
    }

    /// Adds amounts and says how many wait.
    fn push_wide(&mut self, more: &[i64]) -> usize {
        if !matches!(self, Self::Wide(_)) {
            debug_assert!(self.is_empty(), "a series comes in one form");
            *self = Self::Wide(Vec::with_capacity(LENGTH + PAGE));
        }
        let Self::Wide(amounts) = self else { unreachable!("made so above") };
        amounts.extend_from_slice(more);
        amounts.len()
    }

    /// Counts what waits in buckets, if the tally has them and they take it, and keeps only the memory that is then needed.
    fn scatter(&mut self, tally: &mut Tally) -> bool {
        let Self::Narrow { unit, values, held, zeros } = self else { return false };
        if !tally.record_scattered(&values[..*held], *unit) {
            return false;
        }
        tally.place(0, std::mem::take(zeros));
        *held = 0;
        values.truncate(AT_ONCE + PAGE);
        values.shrink_to_fit();
        true
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Narrow { held, zeros, .. } => *held == 0 && *zeros == 0,
            Self::Wide(amounts) => amounts.is_empty(),
        }
    }

    /// What waits, ascending, and how many zeros beside it.
    fn sorted<'r>(&self, radix: &'r mut Radix) -> (Sorted<'r>, u64) {
        match self {
            Self::Nothing => (Sorted::Wide(&[]), 0),
            Self::Narrow { unit, values, held, zeros } => (radix.sorted(&values[..*held], *unit), *zeros),
            Self::Wide(amounts) => (radix.sorted_wide(amounts), 0),
        }
    }

    /// Forgets what waited and keeps its memory.
    fn clear(&mut self) {
        match self {
            Self::Nothing => {}
            Self::Narrow { held, zeros, .. } => (*held, *zeros) = (0, 0),
            Self::Wide(amounts) => amounts.clear(),
        }
    }
}
