//! `summary.csv`: every statistic of every flow of every cell, one figure a row.

use super::axes::Axes;
use super::figures::{Figures, Series};
use super::profile::Profile;
use super::sheet::Sheet;
use crate::engine::grid::{Cell, Flow};
use crate::measure::{Estimate, Statistic, UnitKind};

/// The header of the file.
const HEADER: [&str; 9] =
    ["investment", "party", "flow", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// Writes the file.
///
/// # Errors
/// Only when memory runs out.
pub fn summary(figures: &Figures<'_>, profile: Profile) -> csv::Result<Vec<u8>> {
    let axes = Axes::new(figures.results());
    let currency = axes.currency();
    let mut sheet = Sheet::new(profile, &HEADER)?;
    for investment in &axes.investments {
        for party in &axes.parties {
            for flow in Flow::ALL {
                for year in &axes.years {
                    let cell = Cell { investment: investment.0, party: party.0, year: year.0 };
                    let names = [&investment.1, &party.1, flow.name(), &year.1];
                    rows(&mut sheet, figures, names, cell, flow, &currency)?;
                }
            }
        }
    }
    sheet.finish()
}

/// All statistics of a flow in a cell.
fn rows(
    sheet: &mut Sheet,
    figures: &Figures<'_>,
    names: [&str; 4],
    cell: Cell,
    flow: Flow,
    currency: &str,
) -> csv::Result<()> {
    let series = figures.of(cell, flow);
    for statistic in Statistic::ALL {
        for name in names {
            sheet.text(name)?;
        }
        sheet.text(statistic.name())?;
        let estimate = estimate(figures, series, cell, flow, statistic);
        sheet.estimate(estimate, statistic.unit(), statistic == Statistic::Mean)?;
        sheet.text(if statistic.unit() == UnitKind::Share { "share" } else { currency })?;
        sheet.end()?;
    }
    Ok(())
}

fn estimate(
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
