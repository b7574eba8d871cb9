//! Ledgers of single trials: the plan of a scenario run on one page with its columns kept, and read lane by lane.

use super::block::{Block, Chance};
use super::compile::{Compiled, compile_ledger};
use super::grid::{Cell, Flow, Grid};
use super::ledger::{Line, Measure, Source, Step};
use super::model::Model;
use super::plan::column::{Real, Whole};
use super::plan::whole::UNDEFINED;
use super::run::{RunError, Settings};
use super::spool::Tallies;
use crate::draw::address::PAGE;
use crate::draw::points::WordSource;
use crate::measure::MAX_TRIALS;
use crate::money::Ore;
use crate::scenario::diagnose::Diagnostics;

/// A figure of a line in one trial.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// A real number: a score, a rate, a price in kroner.
    Number(f64),
    /// Whether something happens.
    Flag(bool),
    /// People.
    People(i64),
    /// A measured level in 10⁻⁹; `None` when nobody was measured.
    Level(Option<i64>),
    /// Money.
    Money(Ore),
}

/// A scenario ready for ledgers of a run with a given seed and sampler.
#[derive(Debug)]
pub struct Ledgers {
    compiled: Compiled,
    lines: Vec<Line>,
    streams: Vec<WordSource>,
    settings: Settings,
}

impl Ledgers {
    /// Compiles the scenario of a model, or the case that it is, once more with its ledger index.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn new(model: &Model, settings: Settings) -> Result<Self, Diagnostics> {
        let (compiled, lines) = model.checked(compile_ledger(model.scenario(), model.as_case()))?;
        let streams = compiled.plan.sources(settings, &model.plan().dimensions());
        Ok(Self { compiled, lines, streams, settings })
    }

    /// The page that holds a trial: neighbouring trials are cheap to read together.
    ///
    /// Any trial can be computed alone: it does not depend on how many are run, except that a Latin hypercube has as many
    /// strata as trials.
    ///
    /// # Errors
    /// When there is no such trial, or an account does not close.
    pub fn page_of(&self, trial: u64) -> Result<Page<'_>, RunError> {
        let most = if self.settings.chance == Chance::Latin { self.settings.trials } else { MAX_TRIALS };
        if trial >= most {
            return Err(RunError::Trials(trial.saturating_add(1)));
        }
        let (page, _) = self.settings.place_of(trial);
        let mut block = Block::new(&self.compiled.plan, &self.streams, self.settings.chance);
        let tallies = Tallies::new(&self.compiled.plan)?;
        let run = block.run(page, PAGE, &mut tallies.spools()?);
        run.map_err(|error| error.in_trial_of(self.settings))?;
        Ok(Page { ledgers: self, block, number: page })
    }

    /// By line, whether what a party earns depends on it. A line that is the same in every trial is always taken to
    /// matter, since nothing shows what depends on it.
    #[must_use]
    pub fn behind_earned(&self, party: usize) -> Vec<bool> {
        let earned = |line: &&Line| line.step == Step::Flow(Flow::Earned) && line.party == Some(party);
        let roots = self.lines.iter().filter(earned).flat_map(Line::columns);
        let behind = self.compiled.plan.behind(roots);
        let matters = |line: &Line| {
            line.result().next().is_none() || line.result().any(|column| behind.contains(&column))
        };
        self.lines.iter().map(matters).collect()
    }

    /// The grid of figures.
    #[must_use]
    pub fn grid(&self) -> &Grid {
        &self.compiled.grid
    }
}

/// A page of trials, computed.
#[derive(Debug)]
pub struct Page<'l> {
    ledgers: &'l Ledgers,
    block: Block<'l>,
    number: u64,
}

impl Page<'_> {
    /// The ledger of a trial of this page; `None` for another.
    #[must_use]
    pub fn ledger(&self, trial: u64) -> Option<Ledger<'_>> {
        let (page, lane) = self.ledgers.settings.place_of(trial);
        (page == self.number).then_some(Ledger { page: self, trial, lane })
    }
}

/// The ledger of one trial.
#[derive(Clone, Copy, Debug)]
pub struct Ledger<'p> {
    page: &'p Page<'p>,
    trial: u64,
    lane: usize,
}

impl<'p> Ledger<'p> {
    /// Which trial it is, from 0.
    #[must_use]
    pub fn trial(&self) -> u64 {
        self.trial
    }

    /// The lines, in the order in which a trial runs: by investment, from inputs to payments.
    #[must_use]
    pub fn lines(&self) -> &'p [Line] {
        &self.page.ledgers.lines
    }

    /// The grid of figures.
    #[must_use]
    pub fn grid(&self) -> &'p Grid {
        self.page.ledgers.grid()
    }

    /// The figures of a line.
    pub fn figures(&self, line: &'p Line) -> impl Iterator<Item = (Measure, Reading)> {
        line.figures.iter().map(|(measure, source)| (*measure, self.read(source)))
    }

    /// One figure of a line, if it has it.
    #[must_use]
    pub fn figure(&self, line: &Line, measure: Measure) -> Option<Reading> {
        line.figures.iter().find(|(found, _)| *found == measure).map(|(_, source)| self.read(source))
    }

    /// An amount of a line in øre; zero where it has none.
    #[must_use]
    pub fn money(&self, line: &Line, measure: Measure) -> Ore {
        match self.figure(line, measure) {
            Some(Reading::Money(ore)) => ore,
            _ => 0,
        }
    }

    /// An integer of the plan, such as a figure of the grid.
    #[must_use]
    pub fn whole(&self, value: Whole) -> i64 {
        self.page.block.whole_at(value, self.lane)
    }

    /// A flow in a cell of the grid, in øre.
    #[must_use]
    pub fn account(&self, cell: Cell, flow: Flow) -> Ore {
        self.whole(self.grid().figure(cell, flow))
    }

    fn read(&self, source: &Source) -> Reading {
        let sum = |wholes: &[Whole]| wholes.iter().map(|whole| self.whole(*whole)).sum::<i64>();
        match source {
            Source::Number(Real::Constant(value)) => Reading::Number(*value),
            Source::Number(Real::Column(column)) => Reading::Number(self.page.block.real(*column)[self.lane]),
            Source::Flag(flag) => Reading::Flag(self.whole(*flag) != 0),
            Source::People(people) => Reading::People(sum(people)),
            Source::Level(level) => Reading::Level(Some(self.whole(*level)).filter(|x| *x != UNDEFINED)),
            Source::Ore { plus, minus } => Reading::Money(sum(plus) - sum(minus)),
        }
    }
}
