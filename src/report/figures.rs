//! The figures that all writers read: every statistic of every counted series, read once.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use super::ReportError;
use crate::engine::grid::{Cell, Flow};
use crate::engine::plan::column::Whole;
use crate::engine::results::Results;
use crate::measure::{Estimate, Statistic, Summary, SummaryError};
use crate::study::dependence::Dependence;

/// The statistics of one series.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// By position in [`Statistic::ALL`]; money in øre.
    estimates: [Option<Estimate>; Statistic::ALL.len()],
    /// P(X > 0).
    positive: Estimate,
}

impl Series {
    fn of(summary: &Summary) -> Self {
        Self {
            estimates: Statistic::ALL.map(|statistic| summary.statistic(statistic)),
            positive: summary.exceedance(0),
        }
    }

    /// A statistic that is read from the series itself.
    pub(crate) fn get(&self, statistic: Statistic) -> Option<Estimate> {
        self.estimates[statistic as usize]
    }

    /// The value of a statistic; zero where it is undefined, for statistics that never are.
    pub(crate) fn value(&self, statistic: Statistic) -> f64 {
        self.get(statistic).map_or(0.0, |estimate| estimate.value)
    }

    /// The share of trials in which the amount is above zero.
    pub(crate) fn positive(&self) -> Estimate {
        self.positive
    }
}

/// All figures of a run. Cells that are the same column share one series, so that it is summarised once.
#[derive(Debug)]
pub struct Figures<'r> {
    results: &'r Results<'r>,
    /// By tally; nothing where a run was not asked to count it.
    counted: Vec<Option<Series>>,
    constants: BTreeMap<i64, Series>,
    dependence: Dependence,
}

impl<'r> Figures<'r> {
    /// Reads all statistics, on the threads of the current pool, and how inputs hung together where that is stated.
    ///
    /// # Errors
    /// When a series has no trials.
    pub fn new(results: &'r Results<'r>) -> Result<Self, ReportError> {
        let counted = results.tallies().par_iter().enumerate().map(|(index, tally)| {
            let read = || results.summary_at(index).map(|summary| Series::of(&summary));
            (tally.trials() > 0).then(read).transpose()
        });
        let grid = results.grid();
        let years = grid.limits.iter().flat_map(|limit| &limit.years);
        let limits = years.flat_map(|(_, year)| [year.excess, year.lost, year.moved, year.taken, year.full]);
        let all = grid.cells.values().chain(grid.spared.values()).copied().chain(limits).chain([Whole::ZERO]);
        let mut constants = BTreeMap::new();
        for figure in all {
            let Whole::Constant(amount) = figure else { continue };
            if let Entry::Vacant(entry) = constants.entry(amount) {
                entry.insert(Series::of(&results.summary_of(figure)?));
            }
        }
        let dependence = Dependence::new(results.model(), results.settings())?;
        Ok(Self { results, counted: counted.collect::<Result<_, SummaryError>>()?, constants, dependence })
    }

    /// The run.
    pub fn results(&self) -> &'r Results<'r> {
        self.results
    }

    /// Rank correlations asked for and achieved.
    pub fn dependence(&self) -> &Dependence {
        &self.dependence
    }

    /// The statistics of an integer of the plan.
    pub(crate) fn series(&self, figure: Whole) -> &Series {
        match (figure, self.results.tally_index(figure)) {
            (_, Some(tally)) => {
                self.counted[tally].as_ref().expect("a report reads what its run was asked to count")
            }
            (Whole::Constant(amount), None) => &self.constants[&amount],
            (Whole::Column(_), None) => &self.constants[&0],
        }
    }

    /// The statistics of what is zero in every trial: those of every flow that cannot fall in a cell are these.
    pub(crate) fn nothing(&self) -> &Series {
        &self.constants[&0]
    }

    /// The statistics of a flow in a cell.
    pub(crate) fn of(&self, cell: Cell, flow: Flow) -> &Series {
        self.series(self.results.grid().figure(cell, flow))
    }

    /// The share of trials in which limits took something in a cell.
    pub(crate) fn cut(&self, cell: Cell) -> Estimate {
        self.series(self.results.grid().spared(cell)).positive()
    }
}
