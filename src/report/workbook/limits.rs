//! What each limit does, by year.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_rows};
use crate::engine::grid::LimitFigures;
use crate::measure::Statistic;
use crate::report::ReportError;

/// Contract, limit, year, takes, full, lost, moved.
const WIDTHS: [f64; 7] = [40.0, 40.0, 10.0, 14.0, 14.0, 16.0, 16.0];

/// The columns of what is lost and what is moved.
const AMOUNTS: [u16; 2] = [5, 6];

impl Book<'_> {
    /// Nothing where there is no limit.
    pub(super) fn limits(&self) -> Result<Option<Worksheet>, ReportError> {
        let limits = self.builder.figures.results().grid().limits();
        if limits.is_empty() {
            return Ok(None);
        }
        let words = self.builder.words;
        let mut paper = self.paper(&self.words.limits(), &words.limits_caption(&self.currency()), &WIDTHS)?;
        let mut head = vec![self.words.contract(), words.limit(), self.words.year()];
        head.extend([words.limit_cuts(), words.limit_full(), words.limit_takes(), words.limit_moves()]);
        let head = paper.head(&head, 3)?;
        for limit in limits {
            self.limit(&mut paper, limit)?;
        }
        paper.filter(head)?;
        paper.keep_head(head, 3)?;
        paper.skip();
        paper.prose(&words.limits_note())?;
        Ok(Some(paper.finish()?))
    }

    fn limit(&self, paper: &mut Paper<'_>, limit: &LimitFigures) -> Result<(), ReportError> {
        let first = paper.next();
        let figures = self.builder.figures;
        for (year, acted) in &limit.years {
            let row = paper.next();
            let share = |figure| Value::Share(figures.series(figure).positive().value);
            let mut values = vec![
                Value::Text(self.contract(limit.investment())),
                Value::Text(self.builder.limit_name(limit)),
                year.map_or_else(|| Value::Text(self.words.total()), Value::Year),
                share(acted.taken),
                share(acted.full),
            ];
            for (figure, column) in [acted.lost, acted.moved].into_iter().zip(AMOUNTS) {
                let mean = figures.series(figure).value(Statistic::Mean);
                values.push(if year.is_none() && row > first {
                    Value::Formula(sum_of_rows(first, row - 1, column), mean)
                } else {
                    Value::Money(mean)
                });
            }
            paper.row(&values, if year.is_none() { Weight::Total } else { Weight::Plain })?;
        }
        Ok(())
    }
}
