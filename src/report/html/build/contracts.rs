//! Each payer and year in full, for all investments together and one by one.

use super::{Builder, section};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::{Estimate, Statistic};
use crate::report::axes::Member;
use crate::report::html::audience::Audience;
use crate::report::html::names::shown;
use crate::report::html::view::{Block, Group, Row, Section, Table};

/// Quantiles that finance sees, and those that analysts see besides.
const QUANTILES: [Statistic; 4] = [Statistic::P10, Statistic::P50, Statistic::P80, Statistic::P90];
const MORE: [Statistic; 3] = [Statistic::P95, Statistic::P99, Statistic::Tvar95];

impl Builder<'_> {
    pub(super) fn contracts(&self) -> Section {
        let mut blocks = Vec::new();
        if self.axes.payers.len() > 1 {
            for investment in self.shown_investments() {
                blocks.extend(self.investment_heading(investment));
                blocks.push(Block::Table(self.payments_table(investment)));
                if self.audience == Audience::Analyst {
                    blocks.push(Block::Table(self.intervals_table(investment)));
                }
            }
            blocks.push(Block::Paragraph(self.style.text.payments_legend().to_owned()));
            if self.audience == Audience::Analyst {
                blocks.push(Block::Paragraph(self.words.more_columns()));
                blocks.push(Block::Paragraph(self.words.interval_note()));
            }
        }
        section("contracts", self.words.contracts(), blocks)
    }

    /// The name of an investment; nothing when there is only one.
    pub(super) fn investment_heading(&self, investment: Pick) -> Option<Block> {
        if self.axes.scenario.investments.len() == 1 {
            return None;
        }
        Some(Block::Heading(match investment {
            Pick::All => self.style.text.all_investments().to_owned(),
            Pick::One(index) => shown(&self.axes.scenario.investments[index].title),
        }))
    }

    fn payments_table(&self, investment: Pick) -> Table {
        let headers = self.style.text.payment_headers();
        let more = if self.audience == Audience::Analyst { &MORE[..] } else { &[] };
        let mut head = vec![self.words.payer_and_year(), headers.mean.to_owned()];
        head.extend(QUANTILES.iter().chain(more).map(|statistic| statistic.name().to_uppercase()));
        head.extend([headers.most, headers.cut, headers.nothing].map(str::to_owned));
        let row = |cell: Cell| {
            let statistics = [Statistic::Mean].iter().chain(&QUANTILES).chain(more);
            let mut cells: Vec<_> =
                statistics.map(|statistic| self.style.amount(self.paid(cell, *statistic))).collect();
            cells.push(self.style.amount(self.most(cell)));
            let shares = [self.figures.cut(cell).value, self.paid(cell, Statistic::ProbZero)];
            cells.extend(shares.map(|share| self.style.share(share)));
            cells
        };
        let caption = self.style.text.payments_title(&self.currency());
        Table { caption, head, groups: self.year_groups(investment, &row), folded: false, texts: false }
    }

    /// The simulation's error of means, P90 and chances.
    fn intervals_table(&self, investment: Pick) -> Table {
        let headers = self.style.text.payment_headers();
        let head =
            [self.words.payer_and_year(), headers.mean.to_owned(), "P90".to_owned(), headers.cut.to_owned()];
        let row = |cell: Cell| {
            let series = self.figures.of(cell, Flow::Payment);
            vec![
                self.amounts_between(series.get(Statistic::Mean)),
                self.amounts_between(series.get(Statistic::P90)),
                self.shares_between(self.figures.cut(cell)),
            ]
        };
        let groups = self.year_groups(investment, &row);
        let currency = &self.axes.scenario.currency;
        let currency = self.style.text.currency(&currency.code, false, currency.price_level);
        let caption = self.words.intervals_caption(&currency);
        Table { caption, head: head.to_vec(), groups, folded: false, texts: false }
    }

    /// Errors are small, so that amounts are in units.
    pub(super) fn amounts_between(&self, estimate: Option<Estimate>) -> String {
        let Some(estimate) = estimate else { return String::new() };
        let between = |(low, high)| self.words.low_to_high(&self.style.units(low), &self.style.units(high));
        estimate.interval.map_or_else(|| self.words.exactly(&self.style.units(estimate.value)), between)
    }

    pub(super) fn shares_between(&self, estimate: Estimate) -> String {
        let between = |(low, high)| self.words.low_to_high(&self.style.share(low), &self.style.share(high));
        estimate.interval.map_or_else(|| self.words.exactly(&self.style.share(estimate.value)), between)
    }

    /// A group for each payer with a row for each year in which it can pay.
    pub(super) fn year_groups(&self, investment: Pick, cells: &dyn Fn(Cell) -> Vec<String>) -> Vec<Group> {
        let payers = self.payers_of(investment);
        let rows = |payer: &Member| {
            let years =
                self.axes.years.iter().map(|year| (year, Cell { investment, party: payer.0, year: year.0 }));
            let years = years.filter(|(_, cell)| self.can_be_paid(*cell));
            years.map(|(year, cell)| Row { name: self.year(year), cells: cells(cell) }).collect()
        };
        payers.into_iter().map(|payer| Group { name: self.party(payer.0), rows: rows(payer) }).collect()
    }
}
