//! `sweep.csv`: the figures of every variant of a sweep, one a row.

use super::ReportError;
use super::profile::Profile;
use super::sheet::{Encoded, Sheet};
use crate::measure::{Estimate, Statistic, UnitKind};
use crate::study::sweep::{Parameter, Point, Row};

/// The name of the file.
pub const NAME: &str = "sweep.csv";

/// The columns behind those of the parameters, which bear their paths.
const HEADER: [&str; 9] =
    ["investment", "party", "flow", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// The price of the first and of the second parameter, where it is a ceiling.
const PRICES: [&str; 2] = ["price_of_cap", "price_of_second_cap"];

/// The chance that more is earned than the ceiling, where it is that price exactly.
const OVER: [&str; 2] = ["prob_earned_over_cap", "prob_earned_over_second_cap"];

/// Writes the file.
///
/// # Errors
/// Only when memory runs out.
pub fn sweep(
    parameters: &[Parameter],
    points: &[Point],
    currency: &str,
    profile: Profile,
) -> Result<Vec<u8>, ReportError> {
    let paths = parameters.iter().map(|parameter| parameter.path.as_str());
    let header: Vec<&str> = paths.chain(HEADER).collect();
    let mut sheet = Sheet::new(profile, &header)?;
    for point in points {
        for row in &point.rows {
            Lines { sheet: &mut sheet, point, row, currency }.write()?;
        }
    }
    Ok(sheet.finish())
}

struct Lines<'l> {
    sheet: &'l mut Sheet,
    point: &'l Point,
    row: &'l Row,
    currency: &'l str,
}

impl Lines<'_> {
    fn write(mut self) -> Result<(), ReportError> {
        self.line("mean", Some(self.row.mean), Statistic::Mean.unit(), self.currency)?;
        self.line("p90", Some(self.row.p90), Statistic::P90.unit(), self.currency)?;
        self.line("prob_cut", self.row.cut, UnitKind::Share, "share")?;
        for (at, (price, over)) in self.row.prices.iter().zip(&self.row.over).enumerate() {
            self.line(PRICES[at.min(1)], *price, UnitKind::Share, "ratio")?;
            self.line(OVER[at.min(1)], *over, UnitKind::Share, "share")?;
        }
        Ok(())
    }

    fn line(
        &mut self,
        statistic: &str,
        estimate: Option<Estimate>,
        kind: UnitKind,
        unit: &str,
    ) -> Result<(), ReportError> {
        let Some(estimate) = estimate else { return Ok(()) };
        let [investment, party, year] = &self.row.names;
        let values = self.point.values.iter().map(String::as_str);
        let names = [investment, party, self.row.flow.name(), year, statistic];
        let texts: Encoded = self.sheet.encode(&values.chain(names).collect::<Vec<_>>())?;
        self.sheet.begin(&texts);
        self.sheet.estimate(Some(estimate), kind, statistic == "mean");
        let unit = self.sheet.encode(&[unit])?;
        self.sheet.texts(&unit);
        self.sheet.end();
        Ok(())
    }
}
