//! What each investor puts in and gets back, by year, with what stands out.

use rust_xlsxwriter::utility::row_col_to_cell;
use rust_xlsxwriter::{Chart, Worksheet};

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_rows};
use crate::engine::grid::{Cell, Pick};
use crate::report::ReportError;
use crate::report::returns::Returns;

/// Year, out, back, difference, since the start.
const WIDTHS: [f64; 6] = [36.0, 16.0, 16.0, 16.0, 16.0, 16.0];

impl Book<'_> {
    /// Nothing where nobody puts in money.
    pub(super) fn investors(&self) -> Result<Option<Worksheet>, ReportError> {
        let cells = (0..self.builder.axes.scenario.parties.len()).map(|index| Cell {
            investment: Pick::All,
            party: Pick::One(index),
            year: Pick::All,
        });
        let found = cells.filter_map(|cell| Some((cell, Returns::new(self.builder.figures, cell)?)));
        let found: Vec<_> = found.collect();
        if found.is_empty() {
            return Ok(None);
        }
        let words = self.builder.words;
        let sheet = self.words.investors();
        let mut paper = self.paper(&sheet, &words.investor_caption(&self.currency()), &WIDTHS)?;
        let mut charts = Vec::new();
        for (cell, returns) in found {
            charts.push(self.investor(&mut paper, &sheet, cell)?);
            paper.skip();
            paper.prose(&self.builder.in_words(cell, returns))?;
            paper.skip();
        }
        paper.prose(&words.investor_note())?;
        paper.skip();
        paper.charts(charts)?;
        Ok(Some(paper.finish()?))
    }

    fn investor(&self, paper: &mut Paper<'_>, sheet: &str, cell: Cell) -> Result<Chart, ReportError> {
        let words = self.builder.words;
        let name = self.builder.party(cell.party);
        let mut head = vec![name.clone(), words.puts_in(), words.gets_back()];
        head.extend([self.words.difference(), self.words.running()]);
        paper.head(&head, 1)?;
        let first = paper.next();
        let mut sums = [0.0; 2];
        for (year, out, back) in self.builder.flows(cell) {
            let row = paper.next();
            sums = [sums[0] + out, sums[1] + back];
            let [out_cell, back_cell, difference] = [1, 2, 3].map(|column| row_col_to_cell(row, column));
            let running = if row == first {
                format!("={difference}")
            } else {
                format!("={}+{difference}", row_col_to_cell(row - 1, 4))
            };
            let values = [
                Value::Year(year),
                Value::Money(out),
                Value::Money(back),
                Value::Formula(format!("={back_cell}-{out_cell}"), back - out),
                Value::Formula(running, sums[1] - sums[0]),
            ];
            paper.row(&values, Weight::Plain)?;
        }
        let last = paper.next() - 1;
        let sum = |column, ore| Value::Formula(sum_of_rows(first, last, column), ore);
        let total = Value::Text(self.words.total());
        paper.row(&[total, sum(1, sums[0]), sum(2, sums[1]), sum(3, sums[1] - sums[0])], Weight::Total)?;
        let names = [words.puts_in(), words.gets_back()];
        Ok(self.flows_chart(&words.investor_title(&name), sheet, (first, last), &names))
    }
}
