//! The first sheet: what it comes to in sentences, the budget years of each payer, and a chart of each.

use rust_xlsxwriter::{Chart, Worksheet};

use super::Book;
use super::chart::Payments;
use super::formats::Weight;
use super::paper::{Paper, Value, sum_of_cells, sum_of_columns};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::exposure::Over;
use crate::report::html::build::payments::Column;
use crate::report::html::names::shown;

/// Charts are drawn of so many payers; the table has all.
const MOST_CHARTS: usize = 6;

/// The width of the column of names, and of those of amounts, in letters.
const NAMES: f64 = 44.0;
const AMOUNTS: f64 = 14.0;

/// Rows of the table with averages, of all payers but the last, which adds them up.
type Means = Vec<u32>;

impl Book<'_> {
    pub(super) fn summary(&self) -> Result<Worksheet, ReportError> {
        let columns = self.builder.columns();
        let mut widths = vec![NAMES];
        widths.extend(std::iter::repeat_n(AMOUNTS, columns.len().max(5)));
        let name = self.words.summary();
        let mut paper = Paper::new(&name, &widths, &self.formats)?;
        paper.title(&shown(&self.builder.axes.scenario.title), &self.builder.about())?;
        for sentence in self.builder.in_short()? {
            paper.prose(&sentence)?;
        }
        if self.builder.axes.payers.len() > 1 {
            let charts = self.budget_years(&mut paper, &name, &columns)?;
            paper.skip();
            paper.prose(&self.words.formulas_note())?;
            paper.skip();
            paper.charts(charts)?;
        }
        Ok(paper.finish()?)
    }

    fn budget_years(
        &self,
        paper: &mut Paper<'_>,
        sheet: &str,
        columns: &[Column<'_>],
    ) -> Result<Vec<Chart>, ReportError> {
        paper.skip();
        let mut head = vec![self.builder.words.budget_view(&self.currency())];
        head.extend(columns.iter().map(|column| match column {
            Column::Year(year, _) => year.clone(),
            Column::Later(_) => self.builder.words.later(),
            Column::Total(_) => self.words.total(),
        }));
        let head = paper.head(&head, 1)?;
        let (mut means, mut charts) = (Means::new(), Vec::new());
        for payer in self.builder.payers_of(Pick::All) {
            let chart = self.payer(paper, payer, columns, &mut means)?;
            if payer.0 != Pick::All && charts.len() < MOST_CHARTS {
                charts.push(
                    self.payments_chart(&Payments { head, last: columns.len() as u16 - 1, ..chart }, sheet),
                );
            }
        }
        Ok(charts)
    }

    fn payer(
        &self,
        paper: &mut Paper<'_>,
        payer: &Member,
        columns: &[Column<'_>],
        means: &mut Means,
    ) -> Result<Payments, ReportError> {
        let words = self.builder.words;
        let name = self.builder.party(payer.0);
        paper.heading(&name)?;
        let cell = |year: &Member| Cell { investment: Pick::All, party: payer.0, year: year.0 };
        let amount = |statistic: Statistic| move |cell: Cell| self.builder.paid(cell, statistic);
        let mean = paper.next();
        let means_of_years = amounts(columns, true, &|year| self.builder.paid(cell(year), Statistic::Mean));
        paper.row(&with_name(words.row_mean(), add_up(means_of_years, payer, mean, means)), Weight::Total)?;
        if payer.0 != Pick::All {
            means.push(mean);
        }
        let mut plain = |name: String, of: &dyn Fn(Cell) -> f64| -> Result<u32, ReportError> {
            let row = paper.next();
            paper.row(&with_name(name, amounts(columns, false, &|year| of(cell(year)))), Weight::Plain)?;
            Ok(row)
        };
        plain(words.enough_in_eight(), &amount(Statistic::P80))?;
        let p90 = plain(words.enough_in_nine(), &amount(Statistic::P90))?;
        let most = plain(words.row_most(), &|cell| self.builder.most(cell))?;
        let appropriation = self.appropriation(paper, &cell, columns)?;
        Ok(Payments { name, head: 0, mean, p90, most, appropriation, last: 0 })
    }

    /// What is appropriated, how often it is exceeded, what is missing then, and what is to be added; the row of what is
    /// appropriated.
    fn appropriation(
        &self,
        paper: &mut Paper<'_>,
        cell: &dyn Fn(&Member) -> Cell,
        columns: &[Column<'_>],
    ) -> Result<Option<u32>, ReportError> {
        let found = columns.iter().map(|column| match column {
            Column::Year(_, Some(year)) | Column::Total(year) => self.held(cell(year)),
            Column::Later(years) if years.len() == 1 => self.held(cell(years[0])),
            _ => Ok(None),
        });
        let found = found.collect::<Result<Vec<_>, _>>()?;
        if found.iter().all(Option::is_none) {
            return Ok(None);
        }
        let words = self.builder.words;
        let row = paper.next();
        let mut write = |name: String, of: &dyn Fn(&Over, Cell) -> Value| {
            let value = |held: &Option<(Over, Cell)>| {
                held.as_ref().map_or(Value::Blank, |(over, cell)| of(over, *cell))
            };
            paper.row(&with_name(name, found.iter().map(value).collect()), Weight::Plain)
        };
        write(words.row_appropriation(), &|over, _| Value::Money(over.appropriation as f64))?;
        write(words.row_over(), &|over, _| Value::Share(over.probability))?;
        write(words.row_short(), &|over, _| missing(over))?;
        let added = |statistic| {
            move |over: &Over, cell: Cell| {
                let enough = self.builder.figures.of(cell, Flow::Payment).value(statistic);
                Value::Money((enough - over.appropriation as f64).max(0.0))
            }
        };
        write(words.add_for_eight(), &added(Statistic::P80))?;
        write(words.add_for_nine(), &added(Statistic::P90))?;
        Ok(Some(row))
    }

    /// A cell with what is appropriated for it.
    pub(super) fn held(&self, cell: Cell) -> Result<Option<(Over, Cell)>, ReportError> {
        Ok(self.builder.over(cell)?.map(|over| (over, cell)))
    }
}

/// What is missing on average where an appropriation is exceeded.
pub(super) fn missing(over: &Over) -> Value {
    if over.probability > 0.0 { Value::Money(over.mean / over.probability) } else { Value::Blank }
}

/// An amount of each column, in øre; of several later years together only what adds up is known.
fn amounts(columns: &[Column<'_>], adds_up: bool, of: &dyn Fn(&Member) -> f64) -> Vec<Value> {
    let amount = |column: &Column<'_>| match column {
        Column::Year(_, year) => Value::Money(year.map_or(0.0, of)),
        Column::Total(year) => Value::Money(of(year)),
        Column::Later(years) if years.len() < 2 || adds_up => {
            Value::Money(years.iter().map(|year| of(year)).sum())
        }
        Column::Later(_) => Value::Blank,
    };
    columns.iter().map(amount).collect()
}

fn with_name(name: String, values: Vec<Value>) -> Vec<Value> {
    std::iter::once(Value::Text(name)).chain(values).collect()
}

/// Averages with formulas: the last column adds up a row, and all payers together add up the payers.
fn add_up(amounts: Vec<Value>, payer: &Member, row: u32, means: &[u32]) -> Vec<Value> {
    let last = amounts.len() - 1;
    let formula = |(index, value): (usize, Value)| match value {
        Value::Money(ore) if index == last && last > 0 => {
            Value::Formula(sum_of_columns(row, 1, last as u16), ore)
        }
        Value::Money(ore) if payer.0 == Pick::All => {
            let cells: Vec<_> = means.iter().map(|row| (*row, index as u16 + 1)).collect();
            sum_of_cells(&cells, ore)
        }
        other => other,
    };
    amounts.into_iter().enumerate().map(formula).collect()
}
