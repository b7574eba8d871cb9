//! `summary.csv`: every statistic of every flow of every cell, one figure a row.

use super::axes::Axes;
use super::figures::{Figures, Series};
use super::profile::Profile;
use super::sheet::{Encoded, Sheet};
use crate::engine::grid::{Cell, Flow};
use crate::engine::model::Model;
use crate::measure::{Estimate, Statistic, UnitKind};

/// The header of the file.
const HEADER: [&str; 9] =
    ["investment", "party", "flow", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// What every row ends with, encoded once.
struct Labels {
    /// By position in [`Statistic::ALL`].
    statistics: Vec<Encoded>,
    share: Encoded,
    currency: Encoded,
}

/// Writes the file: a dense grid in fixed order.
///
/// # Errors
/// Only when memory runs out.
pub fn summary(figures: &Figures<'_>, profile: Profile) -> csv::Result<Vec<u8>> {
    let axes = Axes::new(figures.results());
    let mut sheet = Sheet::new(profile, &HEADER)?;
    let labels = Labels {
        statistics: Statistic::ALL.iter().map(|s| sheet.encode(&[s.name()])).collect::<Result<_, _>>()?,
        share: sheet.encode(&["share"])?,
        currency: sheet.encode(&[&axes.currency()])?,
    };
    for investment in &axes.investments {
        for party in &axes.parties {
            for flow in figures.results().grid().flows() {
                for year in &axes.years {
                    let cell = Cell { investment: investment.0, party: party.0, year: year.0 };
                    let names = sheet.encode(&[&investment.1, &party.1, flow.name(), &year.1])?;
                    rows(&mut sheet, figures, &names, cell, flow, &labels);
                }
            }
        }
    }
    Ok(sheet.finish())
}

/// Bytes of a row, most of which are of flows that a party cannot have.
const ROW: u64 = 50;

/// About how large the file of a scenario is, in bytes.
pub(crate) fn size(model: &Model) -> u64 {
    let (scenario, grid) = (model.scenario(), &model.compiled().grid);
    let axes = [scenario.investments.len(), scenario.parties.len(), grid.payment_years.len()];
    let cells: u64 = axes.into_iter().map(|members| members as u64 + 1).product();
    cells * grid.flows().count() as u64 * Statistic::ALL.len() as u64 * ROW
}

/// All statistics of a flow in a cell.
fn rows(sheet: &mut Sheet, figures: &Figures<'_>, names: &Encoded, cell: Cell, flow: Flow, labels: &Labels) {
    let series = figures.of(cell, flow);
    for (statistic, label) in Statistic::ALL.into_iter().zip(&labels.statistics) {
        sheet.begin(names);
        sheet.texts(label);
        let estimate = estimate(figures, series, cell, flow, statistic);
        sheet.estimate(estimate, statistic.unit(), statistic == Statistic::Mean);
        sheet.texts(if statistic.unit() == UnitKind::Share { &labels.share } else { &labels.currency });
        sheet.end();
    }
}

/// A statistic of a flow in a cell; what does not apply to the flow is undefined.
pub(super) fn estimate(
    figures: &Figures<'_>,
    series: &Series,
    cell: Cell,
    flow: Flow,
    statistic: Statistic,
) -> Option<Estimate> {
    match statistic {
        // Limits act on what is owed and paid; a donation or a receipt is not cut.
        Statistic::ProbCut => {
            matches!(flow, Flow::Earned | Flow::Cut | Flow::Payment).then(|| figures.cut(cell))
        }
        Statistic::ContractMax => {
            let most = figures.results().contract_max(cell, flow)?;
            Some(Estimate { value: most as f64, interval: None })
        }
        _ => series.get(statistic),
    }
}
