//! The table of payments: payer by budget year.

use super::Page;
use super::layout::{paragraph, table};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::axes::Member;
use crate::report::text::PaymentHeaders;

impl Page<'_> {
    pub(super) fn payments(&self) -> String {
        let text = self.style.text;
        if self.axes.payers.len() == 1 {
            return paragraph(text.no_payments());
        }
        let mut section = paragraph(&text.payments_title(&self.currency()));
        for investment in &self.shown {
            section.push('\n');
            section.push_str(&self.heading(investment.0));
            section.push_str(&self.payments_of(investment.0));
        }
        section.push('\n');
        section.push_str(&paragraph(text.payments_legend()));
        section.push_str(&paragraph(text.quantiles_do_not_add()));
        let investments = self.axes.scenario.investments.len();
        if investments > 1 && self.shown.len() == 1 {
            section.push_str(&paragraph(&text.more_in_files(&self.style.count(investments as u64))));
        }
        section
    }

    fn payments_of(&self, investment: Pick) -> String {
        let PaymentHeaders { payer, year, mean, most, cut, nothing } = self.style.text.payment_headers();
        let header = [payer, year, mean, "P10", "P50", "P90", most, cut, nothing].map(str::to_owned);
        let mut rows = Vec::new();
        for payer in self.payers_of(investment) {
            let mut name = self.party(payer.0);
            for year in &self.axes.years {
                let cell = Cell { investment, party: payer.0, year: year.0 };
                if self.can_be_paid(cell) {
                    rows.push(self.payment_row(std::mem::take(&mut name), year, cell));
                }
            }
        }
        table(header.to_vec(), rows, 2)
    }

    fn payment_row(&self, payer: String, year: &Member, cell: Cell) -> Vec<String> {
        let series = self.figures.of(cell, Flow::Payment);
        let most = self.figures.results().contract_max(cell, Flow::Payment).unwrap_or(0);
        let amounts =
            [Statistic::Mean, Statistic::P10, Statistic::P50, Statistic::P90].map(|s| series.value(s));
        let shares = [self.figures.cut(cell).value, series.value(Statistic::ProbZero)];
        let mut row = vec![payer, self.year(year).to_owned()];
        row.extend(amounts.into_iter().chain([most as f64]).map(|amount| self.style.amount(amount)));
        row.extend(shares.map(|share| self.style.share(share)));
        row
    }
}
