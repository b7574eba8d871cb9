//! What each payer may have to pay, one budget year a row: the figures of `exposure.csv`.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_cells, sum_of_rows};
use super::summary::missing;
use crate::engine::grid::{Cell, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;

/// Counted amounts of a row.
const QUANTILES: [Statistic; 4] = [Statistic::P10, Statistic::P50, Statistic::P80, Statistic::P90];

/// Contract, payer, year; then average, quantiles, most; two shares; appropriation, share, missing.
const WIDTHS: [f64; 14] = [32.0, 28.0, 8.0, 13.0, 13.0, 13.0, 13.0, 13.0, 14.0, 11.0, 11.0, 14.0, 18.0, 14.0];

/// The column of averages.
const MEAN: u16 = 3;

impl Book<'_> {
    pub(super) fn exposure(&self) -> Result<Worksheet, ReportError> {
        let title = self.builder.style.text.payments_title(&self.currency());
        let head = self.exposure_head();
        let mut paper = self.paper(&self.words.exposure(), &title, &WIDTHS[..head.len()])?;
        let head = paper.head(&head, 3)?;
        for investment in self.builder.shown_investments() {
            // By year, the rows of payers that all payers add up.
            let mut means: Vec<(Pick, u32)> = Vec::new();
            for payer in self.builder.payers_of(investment) {
                self.exposure_of(&mut paper, investment, payer, &mut means)?;
            }
        }
        paper.filter(head)?;
        paper.keep_head(head, MEAN)?;
        Ok(paper.finish()?)
    }

    fn exposure_head(&self) -> Vec<String> {
        let (words, headers) = (self.builder.words, self.builder.style.text.payment_headers());
        let mut head = vec![self.words.contract(), self.words.payer(), self.words.year()];
        head.push(headers.mean.to_owned());
        head.extend(QUANTILES.iter().map(|statistic| statistic.name().to_uppercase()));
        head.extend([headers.most, headers.cut, headers.nothing].map(str::to_owned));
        if self.has_appropriations() {
            head.extend([words.row_appropriation(), words.row_over(), self.words.missing_then()]);
        }
        head
    }

    /// Whether anything is appropriated for anything that the sheet shows.
    fn has_appropriations(&self) -> bool {
        let scenario = self.builder.axes.scenario;
        !scenario.budgets.is_empty() || scenario.investments.iter().any(|one| !one.budgets.is_empty())
    }

    fn exposure_of(
        &self,
        paper: &mut Paper<'_>,
        investment: Pick,
        payer: &Member,
        means: &mut Vec<(Pick, u32)>,
    ) -> Result<(), ReportError> {
        let first = paper.next();
        for year in &self.builder.axes.years {
            let cell = Cell { investment, party: payer.0, year: year.0 };
            if !self.builder.can_be_paid(cell) {
                continue;
            }
            let row = paper.next();
            let mean = self.builder.paid(cell, Statistic::Mean);
            let value = if cell.year == Pick::All && row > first {
                Value::Formula(sum_of_rows(first, row - 1, MEAN), mean)
            } else if payer.0 == Pick::All {
                let cells = means.iter().filter(|(found, _)| *found == year.0);
                sum_of_cells(&cells.map(|(_, row)| (*row, MEAN)).collect::<Vec<_>>(), mean)
            } else {
                means.push((year.0, row));
                Value::Money(mean)
            };
            let weight = if cell.year == Pick::All { Weight::Total } else { Weight::Plain };
            paper.row(&self.exposure_row(cell, year, value)?, weight)?;
        }
        Ok(())
    }

    fn exposure_row(&self, cell: Cell, year: &Member, mean: Value) -> Result<Vec<Value>, ReportError> {
        let paid = |statistic: &Statistic| Value::Money(self.builder.paid(cell, *statistic));
        let year = if cell.year == Pick::All { self.words.total() } else { year.1.clone() };
        let mut row =
            vec![Value::Text(self.investment(cell.investment)), Value::Text(self.builder.party(cell.party))];
        row.extend([Value::year_or(&year), mean]);
        row.extend(QUANTILES.iter().map(paid));
        row.push(Value::Money(self.builder.most(cell)));
        let nothing = self.builder.paid(cell, Statistic::ProbZero);
        row.extend([self.builder.figures.cut(cell).value, nothing].map(Value::Share));
        if let Some((over, _)) = self.held(cell)? {
            row.extend([
                Value::Money(over.appropriation as f64),
                Value::Share(over.probability),
                missing(&over),
            ]);
        }
        Ok(row)
    }

    /// The name of an investment, or of all together; a scenario of one has its title.
    fn investment(&self, investment: Pick) -> String {
        match investment {
            Pick::One(index) => self.contract(index),
            Pick::All if self.builder.axes.scenario.investments.len() == 1 => self.contract(0),
            Pick::All => self.builder.style.text.all_investments().to_owned(),
        }
    }
}
