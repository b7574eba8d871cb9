//! `summary.json`: what the CSV files say, for programs: names, how it was run, every figure, appropriations, limits, cases.
//!
//! The shape is that of `docs/reports.md`; it changes only with the number under `format`. Amounts are in units of the
//! currency to the øre, shares have the digits of the CSV files.

use std::collections::BTreeMap;

use serde::Serialize;

use super::ReportError;
use super::axes::Axes;
use super::exposure::Over;
use super::figures::{Figures, Series};
use super::html::build::cases::paid_in;
use super::limits;
use super::number::{push_ratio, to_ore};
use super::sheet::rounded;
use super::summary::estimate;
use crate::engine::grid::{Cell, Flow};
use crate::engine::model::{CASE, Model};
use crate::engine::plan::column::Whole;
use crate::engine::run::Unwatched;
use crate::measure::{Estimate, Statistic, UnitKind};
use crate::scenario::name::Name;
use crate::scenario::register::Class;

/// The version of the shape.
const FORMAT: u32 = 1;

/// The name of the file.
pub const NAME: &str = "summary.json";

#[derive(Serialize)]
struct Summary {
    format: u32,
    engine: &'static str,
    scenario: Scenario,
    run: Run,
    investments: Vec<Named>,
    parties: Vec<Named>,
    /// How many numbers are stated, derived, assumed, and without a source.
    sources: BTreeMap<&'static str, usize>,
    figures: Vec<Figure>,
    appropriations: Vec<Held>,
    limits: Vec<Acted>,
    cases: Vec<Course>,
}

#[derive(Serialize)]
struct Scenario {
    id: String,
    title: String,
    as_of: Option<String>,
    currency: String,
    price_level: Option<i16>,
    budget_years: Vec<i16>,
    sha256: String,
}

#[derive(Serialize)]
struct Run {
    trials: u64,
    seed: u64,
    sampler: &'static str,
}

#[derive(Serialize)]
struct Named {
    id: String,
    name: String,
}

/// A figure with the ends of its interval; these are left out where there is none.
#[derive(Serialize)]
struct Told {
    value: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    ci_low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ci_high: Option<f64>,
}

type Statistics = BTreeMap<&'static str, Option<Told>>;

#[derive(Serialize)]
struct Figure {
    investment: String,
    party: String,
    flow: &'static str,
    year: String,
    statistics: Statistics,
}

#[derive(Serialize)]
struct Held {
    investment: String,
    party: String,
    year: String,
    appropriation: f64,
    prob_over: f64,
    /// Over all trials, and over those in which it is exceeded.
    mean_over: f64,
    mean_over_if_over: Option<f64>,
    /// The supplementary appropriation after which the amount is enough in 8 or 9 of 10 trials.
    to_add_p80: f64,
    to_add_p90: f64,
}

#[derive(Serialize)]
struct Acted {
    investment: String,
    limit: String,
    scope: &'static str,
    party: String,
    year: String,
    statistics: Statistics,
}

#[derive(Serialize)]
struct Course {
    case: String,
    party: String,
    year: String,
    payment: f64,
}

/// Writes the file.
///
/// # Errors
/// When a named case does not run, or memory runs out.
pub fn json(figures: &Figures<'_>, cases: &[(Name, Model)]) -> Result<Vec<u8>, ReportError> {
    let axes = Axes::new(figures.results());
    let settings = figures.results().settings();
    let scenario = axes.scenario;
    let summary = Summary {
        format: FORMAT,
        engine: env!("CARGO_PKG_VERSION"),
        scenario: about(&axes),
        run: Run { trials: settings.trials, seed: settings.seed, sampler: settings.chance.name() },
        investments: scenario.investments.iter().map(|one| named(&one.id, &one.title)).collect(),
        parties: scenario.parties.iter().map(|(id, party)| named(id, &party.name)).collect(),
        sources: sources(&axes),
        figures: all_figures(figures, &axes),
        appropriations: appropriations(figures, &axes)?,
        limits: all_limits(figures, &axes),
        cases: all_cases(cases, &axes)?,
    };
    let mut bytes = serde_json::to_vec(&summary)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn about(axes: &Axes<'_>) -> Scenario {
    let scenario = axes.scenario;
    Scenario {
        id: scenario.id.to_string(),
        title: scenario.title.clone(),
        as_of: scenario.as_of.map(|date| date.to_string()),
        currency: scenario.currency.code.clone(),
        price_level: scenario.currency.price_level,
        budget_years: scenario.budget_years.clone(),
        sha256: scenario.sources.sha256(),
    }
}

fn named(id: &impl ToString, name: &str) -> Named {
    Named { id: id.to_string(), name: name.to_owned() }
}

fn sources(axes: &Axes<'_>) -> BTreeMap<&'static str, usize> {
    let classes = [
        ("stated", Class::Stated),
        ("derived", Class::Derived),
        ("assumed", Class::Assumed),
        ("unsourced", Class::None),
    ];
    classes.map(|(name, class)| (name, axes.scenario.register.count(class))).into()
}

/// Every figure in which something can fall.
fn all_figures(figures: &Figures<'_>, axes: &Axes<'_>) -> Vec<Figure> {
    let mut found = Vec::new();
    let grid = figures.results().grid();
    for investment in &axes.investments {
        for party in &axes.parties {
            for flow in grid.flows() {
                for year in &axes.years {
                    let cell = Cell { investment: investment.0, party: party.0, year: year.0 };
                    if grid.figure(cell, flow) == Whole::ZERO {
                        continue;
                    }
                    let series = figures.of(cell, flow);
                    found.push(Figure {
                        investment: investment.1.clone(),
                        party: party.1.clone(),
                        flow: flow.name(),
                        year: year.1.clone(),
                        statistics: statistics(figures, series, cell, flow),
                    });
                }
            }
        }
    }
    found
}

fn statistics(figures: &Figures<'_>, series: &Series, cell: Cell, flow: Flow) -> Statistics {
    let of = |statistic: Statistic| {
        let estimate = estimate(figures, series, cell, flow, statistic);
        let symmetric = statistic == Statistic::Mean;
        (statistic.name(), estimate.map(|found| value(found, statistic.unit(), symmetric)))
    };
    Statistic::ALL.into_iter().map(of).collect()
}

fn value(estimate: Estimate, unit: UnitKind, symmetric: bool) -> Told {
    match unit {
        UnitKind::Share => Told {
            value: share(estimate.value),
            ci_low: estimate.interval.map(|ends| share(ends.0)),
            ci_high: estimate.interval.map(|ends| share(ends.1)),
        },
        UnitKind::Money => {
            let [value, low, high] = rounded(estimate, symmetric);
            Told { value: units(value.unwrap_or(0)), ci_low: low.map(units), ci_high: high.map(units) }
        }
    }
}

/// Øre in units of the currency: the double nearest to it, which is written with two decimals.
fn units(ore: i64) -> f64 {
    ore as f64 / 100.0
}

/// A share with the digits of the CSV files.
fn share(share: f64) -> f64 {
    let mut text = Vec::new();
    push_ratio(&mut text, share, b'.');
    String::from_utf8_lossy(&text).parse().unwrap_or(0.0)
}

fn appropriations(figures: &Figures<'_>, axes: &Axes<'_>) -> Result<Vec<Held>, ReportError> {
    let mut found = Vec::new();
    for ([investment, party, year], cell) in axes.payer_cells() {
        let Some(amount) = axes.appropriation(cell) else { continue };
        let over = Over::new(figures, cell, amount)?;
        let paid = figures.of(cell, Flow::Payment);
        let to_add = |statistic| units((to_ore(paid.value(statistic)) - amount).max(0));
        let exceeded = over.probability > 0.0;
        found.push(Held {
            investment: investment.to_owned(),
            party: party.to_owned(),
            year: year.to_owned(),
            appropriation: units(amount),
            prob_over: share(over.probability),
            mean_over: units(to_ore(over.mean)),
            mean_over_if_over: exceeded.then(|| units(to_ore(over.mean / over.probability))),
            to_add_p80: to_add(Statistic::P80),
            to_add_p90: to_add(Statistic::P90),
        });
    }
    Ok(found)
}

fn all_limits(figures: &Figures<'_>, axes: &Axes<'_>) -> Vec<Acted> {
    let mut found = Vec::new();
    for limit in &figures.results().grid().limits {
        for (year, acted) in &limit.years {
            let statistics = limits::statistics(figures, acted).into_iter().map(|(name, estimate, unit)| {
                (name, estimate.map(|found| value(found, unit, unit == UnitKind::Money)))
            });
            found.push(Acted {
                investment: axes.investments[limit.investment].1.clone(),
                limit: limit.id.clone(),
                scope: limit.scope,
                party: limit.party.map_or_else(|| "all".to_owned(), |party| axes.parties[party].1.clone()),
                year: year.map_or_else(|| "total".to_owned(), |year| year.to_string()),
                statistics: statistics.collect(),
            });
        }
    }
    found
}

fn all_cases(cases: &[(Name, Model)], axes: &Axes<'_>) -> Result<Vec<Course>, ReportError> {
    let mut found = Vec::new();
    for (name, model) in cases {
        let results = model.run_watched(CASE, Some(1), &Unwatched)?;
        for party in &axes.payers {
            for year in &axes.years {
                let payment = paid_in(&results, &party.1, &year.1)?;
                found.push(Course {
                    case: name.to_string(),
                    party: party.1.clone(),
                    year: year.1.clone(),
                    payment: units(to_ore(payment)),
                });
            }
        }
    }
    Ok(found)
}
