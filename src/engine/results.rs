//! Results: the counts of a run, and the figures that are read from them.

use super::grid::{Cell, Flow, Grid, Pick};
use super::model::Model;
use super::plan::column::Whole;
use super::run::Settings;
use super::total::Whole as Total;
use crate::measure::Tally;
use crate::measure::{Summary, SummaryError};
use crate::money::Ore;

/// The counts of a run.
#[derive(Debug)]
#[must_use = "a run is worth nothing until its results are read"]
pub struct Results<'m> {
    model: &'m Model,
    settings: Settings,
    whole: Total,
}

impl<'m> Results<'m> {
    pub(crate) fn new(model: &'m Model, settings: Settings, whole: Total) -> Self {
        Self { model, settings, whole }
    }

    /// The counts alone.
    pub(crate) fn into_whole(self) -> Total {
        self.whole
    }

    /// The model that was run.
    #[must_use]
    pub fn model(&self) -> &'m Model {
        self.model
    }

    /// What decided the figures.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// The grid of figures.
    #[must_use]
    pub fn grid(&self) -> &'m Grid {
        &self.model.compiled().grid
    }

    /// The counts, one per tallied column of the plan.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.whole.tallies
    }

    /// A cell by names: an id or `all`, a party's id or `all`, a year or `total`. `None` when there is no such cell.
    #[must_use]
    pub fn cell(&self, investment: &str, party: &str, year: &str) -> Option<Cell> {
        let scenario = self.model.scenario();
        let pick = |name: &str, all: &str, found: Option<usize>| {
            if name == all { Some(Pick::All) } else { found.map(Pick::One) }
        };
        Some(Cell {
            investment: pick(
                investment,
                "all",
                scenario.investments.iter().position(|i| i.id.as_str() == investment),
            )?,
            party: pick(party, "all", scenario.parties.keys().position(|id| id.as_str() == party))?,
            year: pick(year, "total", self.grid().years.iter().position(|y| y.to_string() == year))?,
        })
    }

    /// All statistics of a flow in a cell, in øre.
    ///
    /// # Errors
    /// Never for a complete run; an empty shard has no statistics.
    pub fn summary(&self, cell: Cell, flow: Flow) -> Result<Summary, SummaryError> {
        self.summary_of(self.grid().figure(cell, flow))
    }

    /// All statistics of an integer of the plan.
    ///
    /// # Errors
    /// Never for a complete run; an empty shard has no statistics.
    pub fn summary_of(&self, figure: Whole) -> Result<Summary, SummaryError> {
        match figure {
            Whole::Constant(value) => Summary::constant(value, self.settings.trials),
            Whole::Column(column) => match self.model.compiled().plan.tally_of(column) {
                Some(tally) => self.summary_at(tally),
                None => Summary::constant(0, self.settings.trials),
            },
        }
    }

    /// All statistics of the series that a tally counts.
    ///
    /// # Errors
    /// Never for a complete run; an empty shard has no statistics.
    pub fn summary_at(&self, tally: usize) -> Result<Summary, SummaryError> {
        let summary = Summary::new(&self.whole.tallies[tally])?;
        Ok(match self.whole.replicates.get(tally) {
            Some(replicates) => summary.with_replicates(replicates),
            None => summary,
        })
    }

    /// The index of the tally a figure is read from, so that figures that are the same are summarised once.
    #[must_use]
    pub fn tally_index(&self, figure: Whole) -> Option<usize> {
        match figure {
            Whole::Constant(_) => None,
            Whole::Column(column) => self.model.compiled().plan.tally_of(column),
        }
    }

    /// The largest amount of a flow in a cell that the terms allow, in øre; from the terms, not from the trials.
    ///
    /// `None` for what limits take and move, which the terms bound only together with what is earned.
    #[must_use]
    pub fn contract_max(&self, cell: Cell, flow: Flow) -> Option<Ore> {
        self.model.contract_max(cell, flow)
    }

    /// Whether quantiles of a figure are known only to within a bucket, because it took too many distinct amounts.
    #[must_use]
    pub fn bucketed(&self, figure: Whole) -> bool {
        self.tally_index(figure).is_some_and(|tally| self.whole.tallies[tally].buckets_used())
    }
}
