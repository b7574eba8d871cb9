//! A scenario ready to run: the checked model together with its plan.

use std::path::Path;

use super::block::Chance;
use super::bounds::{Asked, Bounds, of_some};
use super::compile::{Compiled, compile};
use super::grid::{Cell, Flow, LimitFigures};
use super::plan::Plan;
use super::plan::build::RangeError;
use super::plan::column::Whole;
use super::plan::largest::Largest;
#[cfg(doc)]
use super::plan::largest::STACK;
use super::results::Results;
use super::run::{RunError, Settings, Unwatched, Watch, run};
use crate::money::Ore;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::model::{Per, Scenario};
use crate::scenario::name::Name;

/// A compiled scenario.
#[derive(Debug)]
pub struct Model {
    scenario: Scenario,
    compiled: Compiled,
    /// The named case that it is, without chance.
    case: Option<Name>,
    bounds: Bounds,
}

impl Model {
    /// Loads, checks and compiles a scenario file.
    ///
    /// # Errors
    /// Everything that is wrong with the file or with what it says, each with its place and what to write instead.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Diagnostics> {
        Self::new(crate::scenario::load(path.as_ref())?)
    }

    /// Compiles a checked scenario.
    ///
    /// # Errors
    /// When an amount or a count can leave the range in which everything is exact.
    pub fn new(scenario: Scenario) -> Result<Self, Diagnostics> {
        Self::compiled_as(scenario, None)
    }

    fn compiled_as(scenario: Scenario, case: Option<&Name>) -> Result<Self, Diagnostics> {
        match compile(&scenario, case) {
            Ok(compiled) => Ok(Self { scenario, compiled, case: case.cloned(), bounds: Bounds::default() }),
            Err(error) => Err(out_of_range(&scenario, &error)),
        }
    }

    /// The named case that it is, if it is one.
    #[must_use]
    pub fn as_case(&self) -> Option<&Name> {
        self.case.as_ref()
    }

    /// What was compiled from its scenario once more, or why it cannot be.
    pub(crate) fn checked<T>(&self, compiled: Result<T, RangeError>) -> Result<T, Diagnostics> {
        compiled.map_err(|error| out_of_range(&self.scenario, &error))
    }

    /// The scenario.
    #[must_use]
    pub fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The plan, to be printed.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.compiled.plan
    }

    /// The plan and its figures.
    #[must_use]
    pub(crate) fn compiled(&self) -> &Compiled {
        &self.compiled
    }

    /// Runs all trials on all cores.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn run(&self, settings: Settings) -> Result<Results<'_>, RunError> {
        self.run_watched(settings, None, &Unwatched)
    }

    /// Runs all trials on so many threads, watched.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn run_watched(
        &self,
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Results<'_>, RunError> {
        let plan = &self.compiled.plan;
        let whole = run(plan, settings, &plan.dimensions(), threads, watch)?;
        Ok(Results::new(self, settings, whole))
    }

    /// Runs all trials and counts nothing but some figures, which are the same as in a run that counts everything, and
    /// of others whether they are above zero. Nothing else can be read from the results.
    ///
    /// # Errors
    /// See [`run`].
    pub(crate) fn run_counting(
        &self,
        figures: &[Whole],
        signs: &[Whole],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Results<'_>, RunError> {
        let plan = self.counting(figures, signs);
        let dimensions = self.compiled.plan.dimensions();
        let whole = run(&plan, settings, &dimensions, threads, watch)?;
        Ok(Results::new(self, settings, whole))
    }

    /// The plan that counts nothing but some figures, and of others whether they are above zero.
    pub(crate) fn counting(&self, figures: &[Whole], signs: &[Whole]) -> Plan {
        let columns = |figures: &[Whole]| figures.iter().copied().filter_map(Whole::column).collect();
        self.compiled.plan.counting(&columns(figures), &columns(signs))
    }

    /// The largest amount of a flow in a cell that the terms allow, in øre; zero where nothing can fall.
    pub(crate) fn contract_max(&self, cell: Cell, flow: Flow) -> Option<Ore> {
        self.bounds.of(&self.compiled, cell, flow)
    }

    /// Looks for the largest amounts on one thread of the current pool while the others are at work: they are asked for as soon
    /// as the last trial is done. These threads need stacks of [`STACK`].
    pub(crate) fn beside_largest<R>(&self, asked: Asked, work: impl FnOnce() -> R) -> R {
        if rayon::current_num_threads() == 1 {
            return work();
        }
        rayon::in_place_scope(|scope| {
            scope.spawn(|_| self.bounds.prepare(&self.compiled, asked));
            work()
        })
    }

    /// The largest amounts of a flow in some cells, in øre. A portfolio of a thousand contracts has a hundred thousand cells, and
    /// a programme to solve for many of them.
    pub(crate) fn contract_maxima(&self, cells: &[Cell], flow: Flow) -> Vec<Ore> {
        of_some(&self.compiled, cells, flow)
    }

    /// Limits that can never cut, proven from the terms: what can reach them at most, and what they let through.
    #[must_use]
    pub fn idle_limits(&self) -> Vec<IdleLimit<'_>> {
        let mut largest = Largest::new(&self.compiled.plan);
        let mut idle = Vec::new();
        for limit in self.compiled.grid.limits.iter().filter(|limit| !limit.presented.is_empty()) {
            let windows = limit.presented.iter().map(|w| (largest.of_sum(&w.amounts), w.capacity));
            let windows: Vec<_> = windows.collect();
            let tightest = windows.iter().max_by_key(|(most, capacity)| most - capacity);
            if let Some((most, capacity)) = tightest.filter(|(most, capacity)| most <= capacity) {
                idle.push(IdleLimit { limit, most: *most, capacity: *capacity });
            }
        }
        idle
    }

    /// Limits that cut in every trial, proven from the ranges of the plan: the least that reaches a window of theirs is
    /// more than it lets through. What reaches a limit per person is only known at most, so it is not among them.
    #[must_use]
    pub fn full_limits(&self) -> Vec<FullLimit<'_>> {
        let least = |amount: &Whole| match amount {
            Whole::Constant(amount) => *amount,
            Whole::Column(column) => self.compiled.plan.whole[column.0 as usize].lattice.low,
        };
        let limits = self.compiled.grid.limits.iter().filter(|limit| limit.scope != Per::Person.word());
        let full = limits.filter_map(|limit| {
            let windows = limit.presented.iter().map(|w| (w.amounts.iter().map(least).sum(), w.capacity));
            let tightest = windows.max_by_key(|(least, capacity): &(Ore, Ore)| least - capacity);
            let (reach, capacity) = tightest.filter(|(least, capacity)| least > capacity)?;
            Some(FullLimit { limit, reach, capacity })
        });
        full.collect()
    }

    /// The names of the scenario's non-random cases, ascending.
    #[must_use]
    pub fn cases(&self) -> Vec<Name> {
        let mut names: Vec<_> =
            self.scenario.investments.iter().flat_map(|i| i.cases.keys().cloned()).collect();
        names.sort();
        names.dedup();
        names
    }

    /// The same scenario as one of its named cases, without chance: inputs and events as the case sets them, the
    /// other inputs at their median, counts at their expectation. Run it for one trial with [`CASE`].
    ///
    /// # Errors
    /// When an amount can leave the exact range.
    pub fn case(&self, name: &Name) -> Result<Self, Diagnostics> {
        Self::compiled_as(self.scenario.clone(), Some(name))
    }
}

/// A limit that can never cut.
#[derive(Clone, Copy, Debug)]
pub struct IdleLimit<'m> {
    /// The limit.
    pub limit: &'m LimitFigures,
    /// The most that can reach it in a window, in øre.
    pub most: Ore,
    /// What it lets through in that window, in øre.
    pub capacity: Ore,
}

/// A limit that cuts in every trial.
#[derive(Clone, Copy, Debug)]
pub struct FullLimit<'m> {
    /// The limit.
    pub limit: &'m LimitFigures,
    /// The least that reaches it in a window, in øre.
    pub reach: Ore,
    /// What it lets through in that window, in øre.
    pub capacity: Ore,
}

/// How a named case is run: one trial without chance.
pub const CASE: Settings = Settings { trials: 1, seed: 1, chance: Chance::Expected };

fn out_of_range(scenario: &Scenario, error: &RangeError) -> Diagnostics {
    let span = error.origin().span.clone().unwrap_or(0..0);
    let finding = Diagnostic::error(span, error.to_string()).help(error.help());
    Diagnostics::new(vec![finding], scenario.sources.clone())
}
