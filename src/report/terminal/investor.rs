//! What investors put in and get back, and what is given.

use super::Page;
use super::layout::paragraph;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::returns::Returns;

impl Page<'_> {
    pub(super) fn investor(&self) -> String {
        let mut section = String::new();
        for investment in &self.shown {
            let parties = || (0..self.axes.scenario.parties.len()).map(Pick::One);
            let cell = |party| Cell { investment: investment.0, party, year: Pick::All };
            let mut text: String = parties().map(|party| self.receipts(cell(party))).collect();
            text.extend(parties().map(|party| self.donation(cell(party))));
            if !text.is_empty() {
                section.push('\n');
                section.push_str(&self.heading(investment.0));
                section.push_str(&text);
            }
        }
        if section.is_empty() {
            return section;
        }
        paragraph(&self.style.text.investor_title(&self.currency())) + &section
    }

    fn donation(&self, cell: Cell) -> String {
        let given = self.figures.of(cell, Flow::Donation).value(Statistic::Max);
        if given <= 0.0 {
            return String::new();
        }
        paragraph(&self.style.text.donation(&self.party(cell.party), &self.style.amount(given)))
    }

    /// What a party puts in and gets back; nothing is said of a party that puts in nothing.
    fn receipts(&self, cell: Cell) -> String {
        let Some(returns) = Returns::new(self.figures, cell) else { return String::new() };
        let (style, words) = (self.style, self.style.text);
        let investor = self.party(cell.party);
        let mut sentences = vec![
            words.gets_back(
                &investor,
                &style.amount(returns.drawdown),
                &style.amount(returns.mean),
                &style.share(returns.mean / returns.drawdown),
            ),
            words.gets_between(&style.amount(returns.p10), &style.amount(returns.p90)),
        ];
        sentences.extend(returns.loss.map(|share| words.loses(&style.share(share))));
        sentences.extend(returns.rate.map(|rate| words.annual_return(&style.rate(rate))));
        paragraph(&sentences.join(" "))
    }
}
