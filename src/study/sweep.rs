//! One scenario under many values of one or two of its numbers, on the same random numbers.
//!
//! The **price of a cap** is what payers pay and the investor gets per krone by which a ceiling is raised: the paired
//! difference of a run with the ceiling one krone higher. For a payer whose contract has a single plain ceiling it is
//! exactly the chance that more is earned than the ceiling, since d min(X, c)/dc is 1 where X > c and else 0.

use super::cells::{self, Names};
use super::{StudyError, compare::payments};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::engine::results::Results;
use crate::engine::run::{Settings, Watch};
use crate::estimate::paired;
use crate::measure::{Estimate, Statistic};
use crate::money::Ore;
use crate::scenario::diagnose::Diagnostics;
use crate::scenario::model::{AtMost, Excess, Limit, Per, Scenario};
use crate::scenario::set::{Set, SetError};

/// More variants than this are refused: each is compiled before the first trial.
pub const MOST_VARIANTS: usize = 2_000;

/// Øre of a krone.
const KRONE: f64 = 100.0;

/// A number of the scenario and the values it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its path, with points between keys.
    pub path: String,
    /// Its values as written.
    pub values: Vec<String>,
}

/// A scenario with a value for each parameter, ready to run.
#[derive(Debug)]
pub struct Variant {
    values: Vec<String>,
    model: Model,
    /// By parameter that is a ceiling in whole kroner: the same with the ceiling one krone higher.
    raised: Vec<Option<Model>>,
}

/// A figure of a variant; money in øre.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Investment, party and year.
    pub names: Names,
    /// What a payer pays, or what the investor gets.
    pub flow: Flow,
    /// Its mean.
    pub mean: Estimate,
    /// What 9 of 10 trials do not exceed.
    pub p90: Estimate,
    /// The share of trials in which a limit takes something from a payer.
    pub cut: Option<Estimate>,
    /// By parameter: kroner more per krone of a higher ceiling; of totals over all investments only.
    pub prices: Vec<Option<Estimate>>,
    /// By parameter: the chance that more is earned than the ceiling, where it is the price exactly.
    pub over: Vec<Option<Estimate>>,
}

/// A variant and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct Point {
    /// By parameter.
    pub values: Vec<String>,
    /// In the order of files.
    pub rows: Vec<Row>,
}

/// Loads and compiles every combination of values; the last parameter varies fastest.
///
/// # Errors
/// When a path or value does not fit the scenario, or there are more than [`MOST_VARIANTS`] combinations.
pub fn variants(
    parameters: &[Parameter],
    load: &dyn Fn(&[Set]) -> Result<Scenario, Diagnostics>,
) -> Result<Vec<Variant>, StudyError> {
    let count = parameters.iter().fold(1usize, |count, p| count.saturating_mul(p.values.len()));
    if count > MOST_VARIANTS {
        let most = format!("{count} combinations of values are more than {MOST_VARIANTS}; sweep in parts");
        return Err(StudyError::Set(most));
    }
    (0..count).map(|index| variant(parameters, index, load)).collect()
}

fn variant(
    parameters: &[Parameter],
    index: usize,
    load: &dyn Fn(&[Set]) -> Result<Scenario, Diagnostics>,
) -> Result<Variant, StudyError> {
    let mut rest = index;
    let mut values: Vec<String> = Vec::with_capacity(parameters.len());
    for parameter in parameters.iter().rev() {
        values.push(parameter.values[rest % parameter.values.len()].clone());
        rest /= parameter.values.len();
    }
    values.reverse();
    let compile = |values: &[String]| -> Result<Model, StudyError> {
        let sets = parameters.iter().zip(values).map(|(p, value)| Set::new(&p.path, value));
        let sets = sets.collect::<Result<Vec<_>, SetError>>().map_err(|e| StudyError::Set(e.to_string()))?;
        Ok(Model::new(load(&sets)?)?)
    };
    let model = compile(&values)?;
    let raised = (0..parameters.len()).map(|at| {
        let higher = one_krone_more(&parameters[at].path, &values[at])?;
        let mut values = values.clone();
        values[at] = higher;
        Some(compile(&values))
    });
    let raised = raised.map(Option::transpose).collect::<Result<_, _>>()?;
    Ok(Variant { values, model, raised })
}

/// The next krone of a ceiling in whole kroner.
fn one_krone_more(path: &str, value: &str) -> Option<String> {
    let keys: Vec<&str> = path.split('.').collect();
    let ceiling = keys.last() == Some(&"at_most") && keys.contains(&"limit");
    let kroner: u64 = value.replace('_', "").parse().ok().filter(|_| ceiling)?;
    Some(kroner.checked_add(1)?.to_string())
}

impl Variant {
    /// The compiled scenario.
    #[must_use]
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// How often all trials are run for it.
    #[must_use]
    pub fn passes(&self) -> u64 {
        let raised = self.raised.iter().flatten().count() as u64;
        1 + if raised > 0 { raised + 1 } else { 0 }
    }

    /// Runs it and reads its figures.
    ///
    /// # Errors
    /// See [`run`](crate::engine::run::run).
    pub fn run(
        &self,
        parameters: &[Parameter],
        names: &[Names],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Point, StudyError> {
        let results = self.model.run_watched(settings, threads, watch)?;
        let mut rows = Vec::new();
        for names in names {
            rows.extend(self.row(&results, names, Flow::Payment)?);
        }
        for party in receivers(&self.model) {
            let names = ["all".to_owned(), party, "total".to_owned()];
            rows.extend(self.row(&results, &names, Flow::Receipt)?);
        }
        for (at, raised) in self.raised.iter().enumerate() {
            let Some(raised) = raised else { continue };
            self.prices(raised, at, &mut rows, settings, threads, watch)?;
            self.exact_price(&results, &parameters[at].path, at, &mut rows)?;
        }
        Ok(Point { values: self.values.clone(), rows })
    }

    fn row(&self, results: &Results<'_>, names: &Names, flow: Flow) -> Result<Option<Row>, StudyError> {
        let Some(cell) = cells::cell(&self.model, names) else { return Ok(None) };
        let summary = results.summary(cell, flow)?;
        let p90 = Statistic::P90.level().map_or(summary.mean(), |level| summary.quantile(level));
        let cut = match flow {
            Flow::Payment => Some(results.summary_of(results.grid().spared(cell))?.exceedance(0)),
            _ => None,
        };
        let none = vec![None; self.raised.len()];
        let (names, mean) = (names.clone(), summary.mean());
        Ok(Some(Row { names, flow, mean, p90, cut, prices: none.clone(), over: none }))
    }

    /// The paired difference per krone of every total.
    fn prices(
        &self,
        raised: &Model,
        at: usize,
        rows: &mut [Row],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<(), StudyError> {
        let totals: Vec<usize> = (0..rows.len())
            .filter(|row| rows[*row].names[0] == "all" && rows[*row].names[2] == "total")
            .collect();
        let figures = |model: &Model| -> Vec<Whole> {
            let figure = |row: &usize| {
                let cell = cells::cell(model, &rows[*row].names);
                cell.map_or(Whole::ZERO, |cell| model.compiled().grid.figure(cell, rows[*row].flow))
            };
            totals.iter().map(figure).collect()
        };
        let now = payments(&self.model, &figures(&self.model), settings, threads, watch)?;
        let then = payments(raised, &figures(raised), settings, threads, watch)?;
        for (row, (now, then)) in totals.into_iter().zip(now.iter().zip(&then)) {
            let Estimate { value, interval } = paired::mean(now, then);
            let interval = interval.map(|(low, high)| (low / KRONE, high / KRONE));
            rows[row].prices[at] = Some(Estimate { value: value / KRONE, interval });
        }
        Ok(())
    }

    /// The chance that more is earned than a plain ceiling.
    fn exact_price(
        &self,
        results: &Results<'_>,
        path: &str,
        at: usize,
        rows: &mut [Row],
    ) -> Result<(), StudyError> {
        let Some(plain) = plain_ceiling(self.model.scenario(), path) else { return Ok(()) };
        let parties = &self.model.scenario().parties;
        let Some(party) = parties.keys().position(|id| id.as_str() == plain.payer) else { return Ok(()) };
        let cell = Cell { investment: Pick::One(plain.investment), party: Pick::One(party), year: Pick::All };
        let over = results.summary(cell, Flow::Earned)?.exceedance(plain.ceiling);
        let mine = |row: &&mut Row| row.names == ["all", plain.payer.as_str(), "total"];
        if let Some(row) = rows.iter_mut().find(mine) {
            row.over[at] = Some(over);
        }
        Ok(())
    }
}

/// The parties that get something back.
fn receivers(model: &Model) -> Vec<String> {
    let ids: Vec<_> = model.scenario().parties.keys().map(ToString::to_string).collect();
    let receives = |party: usize| {
        let cell = Cell { investment: Pick::All, party: Pick::One(party), year: Pick::All };
        model.compiled().grid.cells.contains_key(&(cell, Flow::Receipt))
    };
    (0..ids.len()).filter(|party| receives(*party)).map(|party| ids[party].clone()).collect()
}

/// A payer's only limit, over the whole contract, whose excess is lost.
struct Plain {
    investment: usize,
    payer: String,
    ceiling: Ore,
}

fn plain_ceiling(scenario: &Scenario, path: &str) -> Option<Plain> {
    let keys: Vec<&str> = path.split('.').collect();
    let [rest @ .., "limit", id, "at_most"] = keys.as_slice() else { return None };
    let named = |name: &str| rest.first().is_none_or(|first| *first == name);
    let investment = scenario.investments.iter().position(|i| named(i.id.as_str()))?;
    let contract = &scenario.investments[investment];
    let limit = contract.limits.iter().find(|limit| limit.id.as_str() == *id)?;
    let payer = limit.payer.clone()?;
    let AtMost::Amount(ceiling) = limit.at_most else { return None };
    let simple = limit.per == Per::Contract && limit.excess == Excess::Lost && limit.at_least.is_none();
    let all_terms = limit.terms.len() == contract.terms.len();
    let touches = |other: &Limit| {
        other.payer.as_ref().is_none_or(|p| *p == payer) || other.excess == Excess::FallsOn(payer.clone())
    };
    let others = contract.limits.iter().any(|other| other.id != limit.id && touches(other));
    let capped = contract.funds.iter().any(|fund| fund.return_cap.is_some());
    (simple && all_terms && !others && !capped).then(|| Plain {
        investment,
        payer: payer.to_string(),
        ceiling,
    })
}
