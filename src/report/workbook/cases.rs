//! The named courses without chance beside the average of the trials.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_columns};
use crate::engine::grid::{Cell, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::html::build::cases::paid_in;

/// The column of the first year.
const FIRST: u16 = 2;

impl Book<'_> {
    /// Nothing where no course is named or nobody pays.
    pub(super) fn cases(&self) -> Result<Option<Worksheet>, ReportError> {
        if self.builder.cases.is_empty() || self.builder.axes.payers.len() < 2 {
            return Ok(None);
        }
        let mut widths = vec![34.0, 30.0];
        widths.extend(self.builder.axes.years.iter().map(|_| 14.0));
        let title = self.builder.words.cases_by_year(&self.currency());
        let mut paper = self.paper(&self.words.cases(), &title, &widths)?;
        let mut head = vec![self.words.course(), self.words.payer()];
        head.extend(self.builder.axes.years.iter().map(|year| self.builder.year(year)));
        let head = paper.head(&head, 2)?;
        for (name, results) in &self.builder.cases {
            let name = self.builder.case_name(name.as_str());
            self.course(&mut paper, &name, &|payer, year| paid_in(results, &payer.1, &year.1))?;
        }
        self.course(&mut paper, &self.builder.words.average_of_trials(), &|payer, year| {
            let cell = Cell { investment: Pick::All, party: payer.0, year: year.0 };
            Ok(self.builder.paid(cell, Statistic::Mean))
        })?;
        paper.keep_head(head, FIRST)?;
        paper.skip();
        paper.prose(self.builder.style.text.cases_legend())?;
        Ok(Some(paper.finish()?))
    }

    fn course(
        &self,
        paper: &mut Paper<'_>,
        name: &str,
        paid: &dyn Fn(&Member, &Member) -> Result<f64, ReportError>,
    ) -> Result<(), ReportError> {
        for payer in self.builder.payers_of(Pick::All) {
            let row = paper.next();
            let mut values = vec![Value::Text(name.to_owned()), Value::Text(self.builder.party(payer.0))];
            for (index, year) in self.builder.axes.years.iter().enumerate() {
                let amount = paid(payer, year)?;
                values.push(if year.0 == Pick::All && index > 0 {
                    Value::Formula(sum_of_columns(row, FIRST, FIRST + index as u16 - 1), amount)
                } else {
                    Value::Money(amount)
                });
            }
            paper.row(&values, if payer.0 == Pick::All { Weight::Total } else { Weight::Plain })?;
        }
        Ok(())
    }
}
