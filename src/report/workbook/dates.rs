//! When payments fall due, and what is earned and not yet due at the end of each year.

use jiff::civil::date;
use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_columns};
use crate::engine::grid::Pick;
use crate::report::ReportError;

/// Contract or payer; term or day; then texts or amounts.
const WIDTHS: [f64; 5] = [34.0, 24.0, 34.0, 34.0, 22.0];

impl Book<'_> {
    /// Nothing where nothing falls due.
    pub(super) fn dates(&self) -> Result<Option<Worksheet>, ReportError> {
        let dues = self.builder.dues();
        if dues.is_empty() {
            return Ok(None);
        }
        let words = self.builder.words;
        let mut paper = self.paper(&self.words.dates(), &words.dates(), &WIDTHS)?;
        let mut head = vec![self.words.contract(), words.term(), words.paid_by()];
        head.extend([words.falls_due(), words.account()]);
        paper.head(&head, 5)?;
        for group in dues {
            for row in group.rows {
                let texts = [group.name.clone(), row.name].into_iter().chain(row.cells);
                paper.row(&texts.map(Value::Text).collect::<Vec<_>>(), Weight::Plain)?;
            }
        }
        self.open(&mut paper)?;
        Ok(Some(paper.finish()?))
    }

    fn open(&self, paper: &mut Paper<'_>) -> Result<(), ReportError> {
        let (words, ends) = (self.builder.words, self.builder.year_ends());
        let payers = self.builder.single_payers(Pick::All);
        if ends.is_empty() || payers.is_empty() {
            return Ok(());
        }
        paper.skip();
        paper.heading(&words.open_caption(&self.currency()))?;
        let head =
            [self.words.payer(), words.day(), words.open_measured(), words.open_rest(), words.open_all()];
        paper.head(&head, 2)?;
        for payer in payers {
            for year in &ends {
                let row = paper.next();
                let [measured, rest] = self.builder.open_at(payer, *year);
                let values = [
                    Value::Text(self.builder.party(payer.0)),
                    Value::Day(date(*year, 12, 31)),
                    Value::Money(measured),
                    Value::Money(rest),
                    Value::Formula(sum_of_columns(row, 2, 3), measured + rest),
                ];
                paper.row(&values, Weight::Plain)?;
            }
        }
        paper.skip();
        paper.prose(&words.open_note())?;
        Ok(())
    }
}
