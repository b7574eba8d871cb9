//! The named cases: what each payer pays when the contract runs as a case says, without chance.

use super::Page;
use super::layout::{paragraph, table};
use crate::engine::grid::{Flow, Pick};
use crate::engine::model::{CASE, Model};
use crate::engine::results::Results;
use crate::engine::run::Unwatched;
use crate::report::ReportError;
use crate::scenario::name::Name;

impl Page<'_> {
    pub(super) fn cases(&self, cases: &[(Name, Model)]) -> Result<String, ReportError> {
        if cases.is_empty() || self.axes.payers.len() == 1 {
            return Ok(String::new());
        }
        let text = self.style.text;
        let mut header = vec![text.case_header().to_owned(), text.payment_headers().payer.to_owned()];
        header.extend(self.axes.years.iter().map(|year| self.year(year).to_owned()));
        let mut rows = Vec::new();
        for (name, model) in cases {
            let results = model.run_watched(CASE, Some(1), &Unwatched)?;
            for (index, payer) in self.payers_of(Pick::All).into_iter().enumerate() {
                let mut row =
                    vec![if index == 0 { name.to_string() } else { String::new() }, self.party(payer.0)];
                for (_, year) in &self.axes.years {
                    row.push(self.style.amount(paid(&results, &payer.1, year)?));
                }
                rows.push(row);
            }
        }
        let title = paragraph(&text.cases_title(&self.currency()));
        Ok(title + &table(header, rows, 2) + &paragraph(text.cases_legend()))
    }
}

/// A case in which nothing can fall in a cell does not have it.
fn paid(results: &Results<'_>, payer: &str, year: &str) -> Result<f64, ReportError> {
    let cell = results.cell("all", payer, year);
    Ok(cell
        .map(|cell| results.summary(cell, Flow::Payment))
        .transpose()?
        .map_or(0.0, |summary| summary.mean().value))
}
