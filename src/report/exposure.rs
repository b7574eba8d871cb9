//! `exposure.csv`: what each payer may have to pay, one budget year a row.

use super::ReportError;
use super::axes::Axes;
use super::figures::Figures;
use super::number::to_ore;
use super::profile::Profile;
use super::sheet::Sheet;
use crate::engine::grid::{Cell, Flow};
use crate::measure::{Statistic, SummaryError};

/// The header of the file.
const HEADER: [&str; 14] = [
    "investment",
    "party",
    "year",
    "mean",
    "p10",
    "p50",
    "p80",
    "p90",
    "contract_max",
    "prob_cut",
    "prob_zero",
    "appropriation",
    "prob_over",
    "mean_over",
];

/// The amounts of a row that are read from the trials.
const AMOUNTS: [Statistic; 5] =
    [Statistic::Mean, Statistic::P10, Statistic::P50, Statistic::P80, Statistic::P90];

/// Writes the file.
///
/// # Errors
/// Only when memory runs out.
pub fn exposure(figures: &Figures<'_>, profile: Profile) -> Result<Vec<u8>, ReportError> {
    let results = figures.results();
    let axes = Axes::new(results);
    let mut sheet = Sheet::new(profile, &HEADER)?;
    for (names, cell) in axes.payer_cells() {
        let series = figures.of(cell, Flow::Payment);
        let names = sheet.encode(&names)?;
        sheet.begin(&names);
        for statistic in AMOUNTS {
            sheet.money(series.get(statistic).map(|estimate| to_ore(estimate.value)));
        }
        sheet.money(results.contract_max(cell, Flow::Payment));
        sheet.ratio(Some(figures.cut(cell).value));
        sheet.ratio(series.get(Statistic::ProbZero).map(|estimate| estimate.value));
        let over = axes.appropriation(cell).map(|amount| Over::new(figures, cell, amount)).transpose()?;
        sheet.money(over.as_ref().map(|over| over.appropriation));
        sheet.ratio(over.as_ref().map(|over| over.probability));
        sheet.money(over.as_ref().map(|over| to_ore(over.mean)));
        sheet.end();
    }
    Ok(sheet.finish())
}

/// A payment held against what was appropriated for it.
#[derive(Debug)]
pub(crate) struct Over {
    /// In øre.
    pub(crate) appropriation: i64,
    /// The chance that the payment is larger.
    pub(crate) probability: f64,
    /// What is missing on average over all trials, in øre.
    pub(crate) mean: f64,
}

impl Over {
    pub(crate) fn new(figures: &Figures<'_>, cell: Cell, appropriation: i64) -> Result<Self, SummaryError> {
        let summary = figures.results().summary(cell, Flow::Payment)?;
        let probability = summary.exceedance(appropriation).value;
        Ok(Self { appropriation, probability, mean: summary.mean_excess(appropriation).value })
    }
}
