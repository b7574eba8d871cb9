//! `sipmath.json`: distributions of results as a SIPmath 3.0 library, which models in spreadsheets can draw from.
//!
//! The standard (ProbabilityManagement.org) carries each distribution as a metalog, fed by a counter-based random number of
//! its own and held together by a Gaussian copula. A metalog has no atoms: where a share of the trials pays nothing, or exactly
//! a limit, it spreads that share over a narrow range. `trials.csv` has the trials themselves.

mod copula;
mod metalog;

use serde_json::{Value, json};

use super::ReportError;
use super::axes::Axes;
use super::figures::Figures;
use super::passport;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::run::Watch;
use crate::measure::{Level, Statistic, Summary};
use metalog::Metalog;

/// The name of the file.
pub const NAME: &str = "sipmath.json";

/// Distributions of a library, at most: correlations grow with the square of them.
const MOST: usize = 60;

/// Quantiles that a metalog is fitted to, and places of its density.
const POINTS: u32 = 200;
const DENSITIES: usize = 25;

/// A distribution of the library.
struct Sip {
    name: String,
    cell: Cell,
    flow: Flow,
}

/// Writes the file: payments of each payer by year and over all years, and what each investor gets back.
///
/// # Errors
/// When the watcher stops, or memory runs out.
pub fn sipmath(figures: &Figures<'_>, watch: &dyn Watch) -> Result<Vec<u8>, ReportError> {
    let axes = Axes::new(figures.results());
    let mut fitted = Vec::new();
    for sip in wanted(figures, &axes) {
        let summary = figures.results().summary(sip.cell, sip.flow)?;
        // What is the same in every trial is no distribution.
        if let Some(metalog) = fit(&summary) {
            fitted.push((sip, summary, metalog));
        }
    }
    let sips: Vec<Sip> = fitted.iter().map(|(sip, ..)| Sip { name: sip.name.clone(), ..*sip }).collect();
    let correlations = copula::correlations(figures, &sips, watch)?;
    let names: Vec<_> = sips.iter().map(|sip| sip.name.as_str()).collect();
    let library = json!({
        "name": axes.scenario.title,
        "objectType": "sipModel",
        "libraryType": "SIPmath_3_0",
        "dateCreated": created(&axes),
        "provenance": provenance(figures, &axes),
        "version": "1",
        "globalVariables": [{ "name": "correlationMatrix", "value": matrix(&names, &correlations) }],
        "U01": { "rng": random_numbers(names.len()), "copula": [copula_of(names.len())] },
        "sips": fitted
            .iter()
            .enumerate()
            .map(|(index, (sip, summary, metalog))| entry(index, sip, summary, metalog))
            .collect::<Vec<_>>(),
    });
    let mut bytes = serde_json::to_vec_pretty(&library)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Totals first, so that a large portfolio keeps them.
fn wanted(figures: &Figures<'_>, axes: &Axes<'_>) -> Vec<Sip> {
    let mut found = Vec::new();
    let mut sip = |party: &(Pick, String), flow: Flow, year: &(Pick, String)| {
        let cell = Cell { investment: Pick::All, party: party.0, year: year.0 };
        if figures.of(cell, flow).value(Statistic::Max) > 0.0 && found.len() < MOST {
            let name = format!("{}_{}_{}", party.1, flow.name(), year.1).replace('-', "_");
            found.push(Sip { name, cell, flow });
        }
    };
    let (years, totals): (Vec<_>, Vec<_>) = axes.years.iter().partition(|year| year.0 != Pick::All);
    let single = |party: &&(Pick, String)| party.0 != Pick::All;
    for year in totals {
        axes.payers.iter().for_each(|payer| sip(payer, Flow::Payment, year));
        axes.parties.iter().filter(single).for_each(|party| sip(party, Flow::Receipt, year));
    }
    for year in years {
        axes.payers.iter().filter(single).for_each(|payer| sip(payer, Flow::Payment, year));
    }
    found
}

/// A metalog between the least and the largest amount that occurred.
fn fit(summary: &Summary) -> Option<Metalog> {
    let level = |index: u32| Level::new(2 * index + 1, 2 * POINTS).ok();
    let points = (0..POINTS)
        .filter_map(level)
        .map(|level| (level.share(), summary.quantile_amount(level) as f64 / 100.0));
    let bounds = (summary.min() as f64 / 100.0, summary.max() as f64 / 100.0);
    Metalog::fit(&points.collect::<Vec<_>>(), bounds)
}

fn entry(index: usize, sip: &Sip, summary: &Summary, metalog: &Metalog) -> Value {
    let units = |statistic: Statistic| summary.statistic(statistic).map(|found| found.value / 100.0);
    json!({
        "name": sip.name,
        "ref": { "source": "copula", "name": "Gaussian", "copulaLayer": format!("c{}", index + 1) },
        "function": "Metalog_1_0",
        "arguments": {
            "lowerBound": metalog.bounds.0,
            "upperBound": metalog.bounds.1,
            "aCoefficients": metalog.coefficients,
        },
        "metadata": {
            "count": summary.trials(),
            "mean": units(Statistic::Mean),
            "std": units(Statistic::Sd),
            "min": units(Statistic::Min),
            "P25": units(Statistic::P25),
            "P50": units(Statistic::P50),
            "P75": units(Statistic::P75),
            "max": units(Statistic::Max),
            "prob_zero": summary.statistic(Statistic::ProbZero).map(|found| found.value),
            "density": metalog.densities(DENSITIES),
        },
    })
}

/// The lower half with the diagonal.
fn matrix(names: &[&str], correlations: &[Vec<f64>]) -> Value {
    let cells = correlations.iter().enumerate().flat_map(|(row, values)| {
        values
            .iter()
            .enumerate()
            .map(move |(column, value)| json!({ "row": names[row], "col": names[column], "value": value }))
    });
    json!({ "columns": names, "rows": names, "matrix": cells.collect::<Vec<_>>() })
}

/// Hubbard's counter-based generator, a stream for each distribution.
fn random_numbers(count: usize) -> Vec<Value> {
    let stream = |index: usize| {
        json!({
            "name": format!("hdr{index}"),
            "function": "HDR_2_0",
            "arguments": { "counter": "PM_Index", "entity": 1, "varId": index, "seed3": 0, "seed4": 0 },
        })
    };
    (1..=count).map(stream).collect()
}

fn copula_of(count: usize) -> Value {
    let names = |letter: &str| (1..=count).map(|index| format!("{letter}{index}")).collect::<Vec<_>>();
    json!({
        "name": "Gaussian",
        "function": "GaussianCopula",
        "copulaLayer": names("c"),
        "arguments": {
            "correlationMatrix": { "type": "globalVariables", "value": "correlationMatrix" },
            "rng": names("hdr"),
        },
    })
}

/// The date of the scenario: a library made twice is the same.
fn created(axes: &Axes<'_>) -> String {
    let date = axes.scenario.as_of.unwrap_or(jiff::civil::date(2000, 1, 1));
    format!("{:02}-{:02}-{}", date.month(), date.day(), date.year())
}

fn provenance(figures: &Figures<'_>, axes: &Axes<'_>) -> String {
    let settings = figures.results().settings();
    let digest = axes.scenario.sources.sha256();
    format!(
        "udfald {}, {} trials, seed {}, scenario SHA-256 {digest}; amounts in {}; see {}",
        env!("CARGO_PKG_VERSION"),
        settings.trials,
        settings.seed,
        axes.currency(),
        passport::NAME,
    )
}
