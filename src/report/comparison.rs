//! `compare.csv`: scenarios and their paired differences, one figure a row.

use super::ReportError;
use super::profile::Profile;
use super::sheet::Sheet;
use crate::measure::{Statistic, UnitKind};
use crate::study::compare::{Compared, Comparison, Figures};

/// The name of the file.
pub const NAME: &str = "compare.csv";

/// The header of the file. `minus` is blank where the figure is the scenario's own.
const HEADER: [&str; 10] =
    ["scenario", "minus", "investment", "party", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// The letter of a scenario by its place on the command line: A, B, C.
#[must_use]
pub fn letter(scenario: usize) -> char {
    char::from(b'A' + scenario.min(25) as u8)
}

/// Writes the file: each scenario by itself, then each against the first.
///
/// # Errors
/// Only when memory runs out.
pub fn comparison(comparison: &Comparison, currency: &str, profile: Profile) -> Result<Vec<u8>, ReportError> {
    let mut sheet = Sheet::new(profile, &HEADER)?;
    let scenarios = comparison.unmatched.len() + 1;
    for scenario in 0..scenarios {
        for cell in &comparison.cells {
            rows(
                &mut sheet,
                [letter(scenario).to_string(), String::new()],
                cell,
                cell.own[scenario],
                currency,
            )?;
        }
    }
    for scenario in 1..scenarios {
        let who = [letter(scenario).to_string(), letter(0).to_string()];
        for cell in &comparison.cells {
            rows(&mut sheet, who.clone(), cell, cell.differences[scenario - 1].figures, currency)?;
        }
    }
    Ok(sheet.finish())
}

fn rows(
    sheet: &mut Sheet,
    [scenario, minus]: [String; 2],
    cell: &Compared,
    figures: Figures,
    currency: &str,
) -> Result<(), ReportError> {
    let [investment, party, year] = &cell.names;
    for (statistic, estimate) in figures.named() {
        let texts = sheet.encode(&[&scenario, &minus, investment, party, year, statistic.name()])?;
        sheet.begin(&texts);
        sheet.estimate(Some(estimate), statistic.unit(), statistic == Statistic::Mean);
        let unit = match statistic.unit() {
            UnitKind::Money => sheet.encode(&[currency])?,
            UnitKind::Share => sheet.encode(&["share"])?,
        };
        sheet.texts(&unit);
        sheet.end();
    }
    Ok(())
}
