//! Compiling a scenario: from the checked model to a plan and the grid of figures that are read from it.
//!
//! The order is that of one trial: inputs, outcomes, amounts, limits date by date, the fund, accounts.

mod accounts;
mod amounts;
mod conditions;
mod flows;
mod funds;
mod inputs;
mod ledger;
mod limits;
mod measured;
mod outcomes;
mod persons;
mod stops;
mod vessel;

use std::collections::BTreeMap;

use super::grid::{Grid, Undefined};
use super::ledger::{Journal, Line, Step};
use super::plan::build::{Builder, RangeError};
use super::plan::column::{Origin, RealColumn, Whole, WholeColumn};
use super::plan::{Kept, Plan};
use crate::scenario::model::{Case, Investment, Scenario};
use crate::scenario::name::{Id, Name};

/// A plan and what can be read from it.
#[derive(Debug)]
pub struct Compiled {
    pub(crate) plan: Plan,
    pub(crate) grid: Grid,
}

/// What investments of one scenario share while they are compiled.
struct Shared<'s> {
    scenario: &'s Scenario,
    builder: Builder,
    factors: BTreeMap<Name, RealColumn>,
    events: BTreeMap<Name, Whole>,
    /// The position of each party in ascending order.
    parties: BTreeMap<Id, usize>,
    /// What is known of single persons in the investment that is being compiled.
    persons: persons::Known,
    /// The named case, when one is run instead of chance.
    case: Option<Name>,
    /// What the lines of a ledger are, when one is asked for.
    journal: Journal,
    /// Flags of the trials in which formulas of outcomes have no value, by investment and outcome.
    undefined: BTreeMap<(Id, Name), Vec<Whole>>,
}

impl Shared<'_> {
    fn case_of<'i>(&self, investment: &'i Investment) -> Option<&'i Case> {
        investment.cases.get(self.case.as_ref()?)
    }

    fn party(&self, id: &Id) -> usize {
        self.parties[id]
    }
}

/// Compiles a scenario, to be run by chance or as one of its named cases.
///
/// # Errors
/// When an amount or a count can leave the range in which everything is exact.
pub fn compile(scenario: &Scenario, case: Option<&Name>) -> Result<Compiled, RangeError> {
    let (builder, grid, _) = parts(scenario, case, Journal::new(false))?;
    let counted = counted_columns(&grid);
    Ok(Compiled { plan: Plan::finish(builder, &counted), grid })
}

/// Compiles the same plan to read single trials from: it keeps the columns of every line of the ledger and of every
/// figure, and counts nothing.
///
/// # Errors
/// As [`compile`], of which every plan is also one without error.
pub(crate) fn compile_ledger(
    scenario: &Scenario,
    case: Option<&Name>,
) -> Result<(Compiled, Vec<Line>), RangeError> {
    let (builder, grid, journal) = parts(scenario, case, Journal::new(true))?;
    let lines = journal.into_lines();
    let mut kept: Vec<_> = counted_columns(&grid).into_iter().map(Kept::Whole).collect();
    kept.extend(lines.iter().flat_map(Line::columns));
    kept.sort_unstable();
    kept.dedup();
    Ok((Compiled { plan: Plan::keeping(builder, &kept), grid }, lines))
}

/// Compiles the same plan to read some figures from, trial by trial.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_figures(
    scenario: &Scenario,
    case: Option<&Name>,
    figures: impl FnOnce(&Grid) -> Vec<Whole>,
) -> Result<(Plan, Vec<Whole>), RangeError> {
    let (builder, grid, _) = parts(scenario, case, Journal::new(false))?;
    let figures = figures(&grid);
    let kept: Vec<_> = columns(figures.iter().copied()).map(Kept::Whole).collect();
    Ok((Plan::keeping(builder, &kept), figures))
}

/// Compiles the same plan to read some figures from, trial by trial, together with the numbers drawn: inputs, factors
/// and events.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_probe(
    scenario: &Scenario,
    case: Option<&Name>,
    figures: impl FnOnce(&Grid) -> Vec<Whole>,
) -> Result<(Plan, Vec<Whole>, Vec<Line>), RangeError> {
    let (builder, grid, journal) = parts(scenario, case, Journal::new(true))?;
    let figures = figures(&grid);
    let lines = drawn(journal);
    let mut kept: Vec<_> = columns(figures.iter().copied()).map(Kept::Whole).collect();
    kept.extend(lines.iter().flat_map(Line::columns));
    kept.sort_unstable();
    kept.dedup();
    Ok((Plan::keeping(builder, &kept), figures, lines))
}

/// Compiles what is drawn, inputs, factors and events, and nothing that follows from it.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_drawn(
    scenario: &Scenario,
    case: Option<&Name>,
) -> Result<(Plan, Vec<Line>), RangeError> {
    let (builder, _, journal) = parts(scenario, case, Journal::new(true))?;
    let lines = drawn(journal);
    let mut kept: Vec<_> = lines.iter().flat_map(Line::columns).collect();
    kept.sort_unstable();
    kept.dedup();
    Ok((Plan::keeping_only(builder, &kept), lines))
}

/// Compiles what some terms are applied to and earn, and nothing that follows from it.
///
/// # Errors
/// As [`compile`].
pub(crate) fn compile_amounts(
    scenario: &Scenario,
    case: Option<&Name>,
    these: impl Fn(&Line) -> bool,
) -> Result<(Plan, Vec<Line>), RangeError> {
    let (builder, _, journal) = parts(scenario, case, Journal::new(true))?;
    let wanted = |line: &Line| line.step() == Step::Amount && these(line);
    let lines: Vec<_> = journal.into_lines().into_iter().filter(wanted).collect();
    let mut kept: Vec<_> = lines.iter().flat_map(Line::columns).collect();
    kept.sort_unstable();
    kept.dedup();
    Ok((Plan::keeping_only(builder, &kept), lines))
}

/// The lines of numbers that are drawn.
fn drawn(journal: Journal) -> Vec<Line> {
    let drawn = |line: &Line| matches!(line.step(), Step::Factor | Step::Event | Step::Input);
    journal.into_lines().into_iter().filter(drawn).collect()
}

/// A plan before it is finished, its grid, and what the ledger index was told.
fn parts(
    scenario: &Scenario,
    case: Option<&Name>,
    journal: Journal,
) -> Result<(Builder, Grid, Journal), RangeError> {
    let parties = scenario.parties.keys().enumerate().map(|(index, id)| (id.clone(), index)).collect();
    let mut shared = Shared {
        scenario,
        builder: Builder::default(),
        factors: BTreeMap::new(),
        events: BTreeMap::new(),
        parties,
        persons: persons::Known::default(),
        case: case.cloned(),
        journal,
        undefined: BTreeMap::new(),
    };
    let mut flows = Vec::with_capacity(scenario.investments.len());
    for (index, investment) in scenario.investments.iter().enumerate() {
        shared.journal.begin(index);
        shared.persons = persons::Known::default();
        let inputs = inputs::compile(&mut shared, investment);
        let outcomes = outcomes::compile(&mut shared, investment, &inputs)?;
        let amounts = amounts::compile(&mut shared, investment, &inputs, &outcomes)?;
        let passes = persons::limits(&mut shared, investment, &inputs, &outcomes)?;
        flows.push(limits::compile(&mut shared, investment, &amounts, passes)?);
    }
    let grid = Grid { undefined: undefined(&mut shared), ..accounts::assemble(&mut shared, &flows)? };
    Ok((shared.builder, grid, shared.journal))
}

/// Formulas of outcomes that may have no value, each with a flag over all its readings.
fn undefined(shared: &mut Shared<'_>) -> Vec<Undefined> {
    let all = std::mem::take(&mut shared.undefined);
    let found = all.into_iter().map(|((investment, outcome), flags)| {
        let origin = Origin::of(format!("{investment}.{outcome} has no value"));
        Undefined { investment, outcome, flag: shared.builder.any(&flags, origin) }
    });
    found.collect()
}

/// Every column that a figure is read from.
fn counted_columns(grid: &Grid) -> Vec<WholeColumn> {
    let limits = grid
        .limits
        .iter()
        .flat_map(|limit| &limit.years)
        .flat_map(|(_, y)| [y.excess, y.lost, y.moved, y.taken, y.full]);
    let undefined = grid.undefined.iter().map(|undefined| undefined.flag);
    let all = grid.cells.values().chain(grid.spared.values()).copied().chain(limits).chain(undefined);
    columns(all).collect()
}

fn columns(values: impl Iterator<Item = Whole>) -> impl Iterator<Item = WholeColumn> {
    values.filter_map(|value| match value {
        Whole::Column(column) => Some(column),
        Whole::Constant(_) => None,
    })
}
