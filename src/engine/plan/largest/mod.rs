//! The largest value a figure can take by the terms: a linear programme over the plan's own operations.
//!
//! Ranges of single columns forget that amounts share a limit: two years of 1.0 m under a cap of 1.0 m over the
//! contract are at most 1.0 m together, and a payer of 30 % under a lifetime cap of 1.3 m never pays above 0.39 m.
//! Every operation on money is linear or a minimum of linear things, so the supremum over all ranges of the earned
//! amounts is a linear programme. It is an upper bound that is reached unless two amounts depend on the same people.

mod programme;
mod state;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use self::programme::{Expression, Programme};
use super::Plan;
use super::column::{Whole, WholeColumn};
use super::op::Op;
use crate::engine::program::step::Page;
use crate::money::Ore;

/// Amounts enter the programme in units of 1,000 kroner, near 1, where its tolerances are meant to be.
const SCALE: f64 = 1e5;

/// A programme with more variables and rows than this is not solved: the range of the column, a looser bound, stands
/// instead. The shipped contracts need up to 200; contracts with hundreds of dates would take minutes.
const MOST_VARIABLES: usize = 600;

/// Bytes of the stack of a thread that looks: sums of sums are gone through one within another, and a limit has as many as
/// dates.
pub(crate) const STACK: usize = 16 << 20;

/// Figures that depend on more columns than this are not split into independent parts.
const MOST_SLICE: usize = 4 * MOST_VARIABLES;

/// Finds suprema of a plan's columns, remembering what it found.
#[derive(Debug)]
pub(crate) struct Largest<'p> {
    plan: &'p Plan,
    /// The operation that writes each column.
    writers: Vec<Option<usize>>,
    known: Known,
    /// What was looked into beforehand.
    ahead: BTreeMap<WholeColumn, Way>,
}

/// How the supremum of a column is found.
#[derive(Clone, Debug)]
enum Way {
    /// By a programme of its own.
    Solved(Ore),
    /// A sum of columns that share nothing is as large as its parts together: one small programme each.
    Parts { constant: Ore, parts: Vec<WholeColumn> },
}

/// What was found of a plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    columns: BTreeMap<WholeColumn, Ore>,
    /// What is known of columns that are multiples of a page, by page: the unit and the supremum in it.
    multiples: BTreeMap<Page, (i64, Ore)>,
}

impl<'p> Largest<'p> {
    /// Prepares a plan for questions.
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self::knowing(plan, Known::default())
    }

    /// Goes on asking a plan of which something is known.
    pub(crate) fn knowing(plan: &'p Plan, known: Known) -> Self {
        let mut writers = vec![None; plan.whole.len()];
        for (index, op) in plan.ops.iter().enumerate() {
            op.visit(
                &mut |column, writes| {
                    if writes {
                        writers[column.0 as usize] = Some(index);
                    }
                },
                &mut |_, _| (),
            );
        }
        Self { plan, writers, known, ahead: BTreeMap::new() }
    }

    fn writer(&self, column: WholeColumn) -> Option<usize> {
        self.writers[column.0 as usize]
    }

    /// What was found.
    pub(crate) fn into_known(self) -> Known {
        self.known
    }

    /// The supremum of an integer of the plan.
    fn of(&mut self, figure: Whole) -> Ore {
        match figure {
            Whole::Constant(value) => value,
            Whole::Column(column) => self.of_column(column),
        }
    }

    /// The supremum of a sum of integers of the plan.
    pub(crate) fn of_sum(&mut self, figures: &[Whole]) -> Ore {
        let constant: Ore = figures.iter().filter_map(|figure| figure.constant()).sum();
        let columns: Vec<_> = figures.iter().copied().filter_map(Whole::column).collect();
        let distinct = columns.iter().collect::<BTreeSet<_>>().len() == columns.len();
        // A column that counts twice has one variable: its range bounds it well enough.
        constant + if distinct { self.solve(&columns) } else { self.high(&columns) }
    }

    /// The suprema of several figures, looked into on so many threads.
    pub(crate) fn of_all(&mut self, figures: &[Whole], threads: usize) -> Vec<Ore> {
        self.look_ahead(figures, threads);
        figures.iter().map(|figure| self.of(*figure)).collect()
    }

    /// Looks into figures that will be asked for, on so many threads. It changes no answer: what is found of a column depends
    /// on the plan alone.
    ///
    /// Threads of its own, not those of the pool: who asks may be one of these and hold a lock that another one waits for.
    fn look_ahead(&mut self, figures: &[Whole], threads: usize) {
        let columns = self.unknown(figures);
        let (next, found) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        let this = &*self;
        let work = || {
            while let Some(column) = columns.get(next.fetch_add(1, Ordering::Relaxed)) {
                let way = this.way(*column);
                found.lock().unwrap_or_else(PoisonError::into_inner).push((*column, way));
            }
        };
        thread::scope(|scope| {
            for _ in 1..threads.min(columns.len()) {
                // Where no thread can be had, this one does it all.
                let _ = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            }
            work();
        });
        self.ahead.extend(found.into_inner().unwrap_or_else(PoisonError::into_inner));
    }

    /// The columns of figures of which nothing is known, of multiples of one page the first only.
    fn unknown(&self, figures: &[Whole]) -> Vec<WholeColumn> {
        let (mut pages, mut columns) = (BTreeSet::new(), BTreeSet::new());
        let mut first = |column: WholeColumn| {
            let view = self.plan.program.view(column);
            let mut page = |page| !self.known.multiples.contains_key(&page) && pages.insert(page);
            !self.known.columns.contains_key(&column) && view.is_none_or(|view| page(view.page))
        };
        let unknown = figures.iter().copied().filter_map(Whole::column);
        unknown.filter(|column| first(*column) && columns.insert(*column)).collect()
    }

    fn of_column(&mut self, column: WholeColumn) -> Ore {
        if let Some(known) = self.known.columns.get(&column) {
            return *known;
        }
        let found = self.of_multiple(column).unwrap_or_else(|| {
            let found = match self.ahead.remove(&column).unwrap_or_else(|| self.way(column)) {
                Way::Solved(found) => found,
                Way::Parts { constant, parts } => {
                    constant + parts.into_iter().map(|part| self.of_column(part)).sum::<Ore>()
                }
            };
            if let Some(view) = self.plan.program.view(column) {
                self.known.multiples.insert(view.page, (view.unit, found));
            }
            found
        });
        self.known.columns.insert(column, found);
        found
    }

    /// A multiple of a figure that is known is as large a multiple: the payers of exact shares are asked for once.
    fn of_multiple(&self, column: WholeColumn) -> Option<Ore> {
        let view = self.plan.program.view(column)?;
        let (unit, most) = self.known.multiples.get(&view.page)?;
        (most % unit == 0).then_some(most / unit * view.unit)
    }

    fn way(&self, column: WholeColumn) -> Way {
        if let Some(Op::Sum { plus, minus, constant, .. }) = self.writer(column).map(|op| &self.plan.ops[op])
            && minus.is_empty()
            && self.share_nothing(plus)
        {
            return Way::Parts { constant: *constant, parts: plus.clone() };
        }
        Way::Solved(self.solve(&[column]))
    }

    /// Whether no two columns depend on one; `false` when they depend on too many to be worth separating.
    fn share_nothing(&self, parts: &[WholeColumn]) -> bool {
        let mut all = HashSet::new();
        parts.iter().all(|part| {
            let before = all.len();
            let mut open = vec![*part];
            // What this part depends on; another one's is in `all` and not in here.
            let mut own = HashSet::new();
            while let Some(next) = open.pop() {
                if !own.insert(next) {
                    continue;
                }
                if !all.insert(next) || all.len() - before > MOST_SLICE {
                    return false;
                }
                if let Some(op) = self.writer(next) {
                    self.plan.ops[op].visit(&mut |c, _| open.push(c), &mut |_, _| ());
                }
            }
            true
        })
    }

    fn high(&self, columns: &[WholeColumn]) -> Ore {
        columns.iter().map(|column| self.plan.whole[column.0 as usize].lattice.high).sum()
    }

    fn solve(&self, columns: &[WholeColumn]) -> Ore {
        let high = self.high(columns);
        let (mut programme, sought) = Programme::seeking(high as f64 / SCALE);
        let mut sum = Expression::default().with(sought, 1.0);
        for column in columns {
            sum = sum.plus(-1.0, &self.express(&mut programme, *column));
        }
        programme.at_most_zero(&sum);
        let sum = Expression::default().plus(-1.0, &sum);
        while let Some((column, own)) = programme.open.pop() {
            if programme.bounds.len() + programme.rows.len() > MOST_VARIABLES {
                return high;
            }
            self.state(&mut programme, column, own);
        }
        self.state_vessels(&mut programme);
        if programme.rows.len() == 1 {
            // Nothing holds the parts together: each is as large as it can be.
            let most = programme.most(&sum.with(sought, 1.0));
            return ((most * SCALE).round() as Ore).min(high);
        }
        // The range of the column bounds it in any case; a programme that fails to solve loosens, never tightens.
        let optimum = programme.problem.solve().ok().and_then(|outcome| outcome.into_solution().ok());
        optimum.map_or(high, |solution| ((solution.objective() * SCALE).round() as Ore).min(high))
    }
}
