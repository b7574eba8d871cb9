//! From what is earned to what is paid: averages that add up, by payer and year.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_columns, sum_of_rows};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::report::ReportError;
use crate::report::axes::Member;

/// The column of the first line.
const FIRST: u16 = 2;

impl Book<'_> {
    pub(super) fn accounts(&self) -> Result<Worksheet, ReportError> {
        let lines = self.builder.account_lines();
        let mut widths = vec![32.0, 10.0];
        widths.extend(lines.iter().map(|_| 16.0));
        let title = self.words.earned_and_paid_title(&self.currency());
        let mut paper = self.paper(&self.words.accounts(), &title, &widths)?;
        let mut head = vec![self.words.payer(), self.words.year()];
        head.extend(lines.iter().map(|flow| self.builder.line_name(*flow)));
        let head = paper.head(&head, 2)?;
        for payer in self.builder.payers_of(Pick::All) {
            self.account_of(&mut paper, payer, &lines)?;
        }
        paper.filter(head)?;
        paper.keep_head(head, FIRST)?;
        paper.skip();
        paper.prose(&self.words.accounts_note())?;
        Ok(paper.finish()?)
    }

    fn account_of(&self, paper: &mut Paper<'_>, payer: &Member, lines: &[Flow]) -> Result<(), ReportError> {
        let first = paper.next();
        for year in &self.builder.axes.years {
            let cell = Cell { investment: Pick::All, party: payer.0, year: year.0 };
            if !self.builder.can_be_paid(cell) {
                continue;
            }
            let (row, all) = (paper.next(), cell.year == Pick::All);
            let name = if all { self.words.total() } else { year.1.clone() };
            let mut values = vec![Value::Text(self.builder.party(payer.0)), Value::year_or(&name)];
            for (index, flow) in lines.iter().enumerate() {
                let sign = if matches!(flow, Flow::Cut | Flow::MovedOut) { -1.0 } else { 1.0 };
                let (column, amount) = (FIRST + index as u16, sign * self.builder.mean(cell, *flow));
                values.push(if *flow == Flow::Payment {
                    Value::Formula(sum_of_columns(row, FIRST, column - 1), amount)
                } else if all && row > first {
                    Value::Formula(sum_of_rows(first, row - 1, column), amount)
                } else {
                    Value::Money(amount)
                });
            }
            paper.row(&values, if all { Weight::Total } else { Weight::Plain })?;
        }
        Ok(())
    }
}
