//! One scenario under many values of one or two of its numbers, on the same random numbers.
//!
//! The **price of a cap** is what payers pay and the investor gets per krone by which a ceiling is raised: the paired
//! difference of a run with the ceiling one krone higher. For a payer whose contract has a single plain ceiling it is
//! exactly the chance that more is earned than the ceiling, since d min(X, c)/dc is 1 where X > c and else 0.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::StudyError;
use super::cells::{self, Names};
use super::compare;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::engine::probe::Series;
use crate::engine::run::{Settings, Watch};
use crate::estimate::{paired, single};
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

    /// About how often all trials are run for it.
    #[must_use]
    pub fn passes(&self) -> u64 {
        1 + self.raised.iter().flatten().count() as u64
    }

    /// Runs it and reads its figures.
    ///
    /// # Errors
    /// See [`RunError`](crate::engine::run::RunError).
    pub fn run(
        &self,
        parameters: &[Parameter],
        names: &[Names],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Point, StudyError> {
        let asked = self.asked(names);
        let mut rows = Vec::with_capacity(asked.len());
        for part in asked.chunks(compare::at_a_time(2, settings.trials)) {
            let runner = Runner { settings, threads, watch };
            rows.extend(self.part(part, parameters, &runner)?);
        }
        Ok(Point { values: self.values.clone(), rows })
    }

    /// What payers pay in every cell, and what the investor gets in all.
    fn asked(&self, names: &[Names]) -> Vec<Asked> {
        let payments = names.iter().map(|names| (names.clone(), Flow::Payment));
        let total = |party| (["all".to_owned(), party, "total".to_owned()], Flow::Receipt);
        let receipts = receivers(&self.model).into_iter().map(total);
        let asked = payments.chain(receipts).filter_map(|(names, flow)| {
            let pair = pair(&self.model, &names, flow)?;
            Some(Asked { names, flow, pair })
        });
        asked.collect()
    }

    fn part(
        &self,
        part: &[Asked],
        parameters: &[Parameter],
        runner: &Runner<'_>,
    ) -> Result<Vec<Row>, StudyError> {
        let plain = parameters.iter().map(|p| plain_ceiling(self.model.scenario(), &p.path));
        let plain: Vec<Option<Plain>> = plain.collect();
        let earned = plain.iter().flatten().filter_map(|plain| plain.earned(&self.model));
        let wholes: Vec<Whole> = part.iter().flat_map(|asked| asked.pair).chain(earned).collect();
        let base = runner.series(&self.model, &wholes)?;
        let distinct: BTreeSet<[Whole; 2]> = part.iter().map(|asked| asked.pair).collect();
        let figures = distinct.into_par_iter().map(|pair| {
            let [flow, taken] = pair.map(|whole| base.of(whole));
            let p90 =
                Statistic::P90.level().map_or_else(|| single::mean(&flow), |p| single::quantile(&flow, p));
            let [mean, p90] = [single::mean(&flow), p90].map(|figure| known(figure, pair[0]));
            (pair, [mean, p90, known(single::share_above(&taken, 0), pair[1])])
        });
        let figures: BTreeMap<[Whole; 2], [Estimate; 3]> = figures.collect();
        let none = vec![None; self.raised.len()];
        let row = |asked: &Asked| {
            let [mean, p90, cut] = figures[&asked.pair];
            let cut = (asked.flow == Flow::Payment).then_some(cut);
            let (names, flow) = (asked.names.clone(), asked.flow);
            Row { names, flow, mean, p90, cut, prices: none.clone(), over: none.clone() }
        };
        let mut rows: Vec<Row> = part.iter().map(row).collect();
        for (at, raised) in self.raised.iter().enumerate() {
            let Some(raised) = raised else { continue };
            prices(raised, &base, part, at, &mut rows, runner)?;
            if let Some(plain) = &plain[at] {
                self.exact_price(plain, &base, at, &mut rows);
            }
        }
        Ok(rows)
    }

    /// The chance that more is earned than a plain ceiling.
    fn exact_price(&self, plain: &Plain, base: &Amounts, at: usize, rows: &mut [Row]) {
        let mine = |row: &&mut Row| row.names == ["all", plain.payer.as_str(), "total"];
        let found = rows.iter_mut().find(mine).zip(plain.earned(&self.model));
        let Some((row, earned)) = found else { return };
        row.over[at] = Some(single::share_above(&base.of(earned), plain.ceiling));
    }
}

/// A figure of a variant that is read.
#[derive(Clone, Debug)]
struct Asked {
    names: Names,
    flow: Flow,
    /// The flow, and what limits took.
    pair: [Whole; 2],
}

fn pair(model: &Model, names: &Names, flow: Flow) -> Option<[Whole; 2]> {
    let (cell, grid) = (cells::cell(model, names)?, &model.compiled().grid);
    Some([grid.figure(cell, flow), grid.spared(cell)])
}

/// A figure without interval where the plan knows the amount: nothing is estimated then.
fn known(figure: Estimate, whole: Whole) -> Estimate {
    Estimate { interval: figure.interval.filter(|_| whole.constant().is_none()), ..figure }
}

/// How models are run.
struct Runner<'r> {
    settings: Settings,
    threads: Option<usize>,
    watch: &'r dyn Watch,
}

/// Amounts of figures in every trial.
struct Amounts {
    columns: BTreeMap<Whole, Series>,
    trials: usize,
}

impl Amounts {
    fn of(&self, whole: Whole) -> Cow<'_, [i64]> {
        match (whole, self.columns.get(&whole)) {
            (Whole::Constant(value), _) => Cow::Owned(vec![value; self.trials]),
            (Whole::Column(_), Some(series)) => Cow::Borrowed(series),
            (Whole::Column(_), None) => Cow::Borrowed(&[]),
        }
    }
}

impl Runner<'_> {
    fn series(&self, model: &Model, wholes: &[Whole]) -> Result<Amounts, StudyError> {
        let columns = compare::series(model, wholes, self.settings, self.threads, self.watch)?;
        Ok(Amounts { columns, trials: self.settings.trials as usize })
    }
}

/// The paired difference per krone of every total.
fn prices(
    raised: &Model,
    base: &Amounts,
    part: &[Asked],
    at: usize,
    rows: &mut [Row],
    runner: &Runner<'_>,
) -> Result<(), StudyError> {
    let is_total = |asked: &Asked| asked.names[0] == "all" && asked.names[2] == "total";
    let totals: Vec<usize> = (0..part.len()).filter(|row| is_total(&part[*row])).collect();
    let higher = |row: &usize| {
        pair(raised, &part[*row].names, part[*row].flow).map_or(Whole::ZERO, |[figure, _]| figure)
    };
    let wholes: Vec<Whole> = totals.iter().map(higher).collect();
    if wholes.is_empty() {
        return Ok(());
    }
    let then = runner.series(raised, &wholes)?;
    for (row, whole) in totals.into_iter().zip(wholes) {
        let Estimate { value, interval } = paired::mean(&base.of(part[row].pair[0]), &then.of(whole));
        let interval = interval.map(|(low, high)| (low / KRONE, high / KRONE));
        rows[row].prices[at] = Some(Estimate { value: value / KRONE, interval });
    }
    Ok(())
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
    investment: String,
    payer: String,
    ceiling: Ore,
}

impl Plain {
    /// What the payer has earned of its contract.
    fn earned(&self, model: &Model) -> Option<Whole> {
        let names = [self.investment.clone(), self.payer.clone(), "total".to_owned()];
        pair(model, &names, Flow::Earned).map(|[earned, _]| earned)
    }
}

fn plain_ceiling(scenario: &Scenario, path: &str) -> Option<Plain> {
    let keys: Vec<&str> = path.split('.').collect();
    let [rest @ .., "limit", id, "at_most"] = keys.as_slice() else { return None };
    let named = |name: &str| rest.first().is_none_or(|first| *first == name);
    let contract = scenario.investments.iter().find(|i| named(i.id.as_str()))?;
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
    let negative = contract.terms.iter().any(|term| term.two_sided);
    let plain = simple && all_terms && !others && !capped && !negative;
    let (investment, payer) = (contract.id.to_string(), payer.to_string());
    plain.then_some(Plain { investment, payer, ceiling })
}
