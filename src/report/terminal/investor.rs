//! What investors put in and get back, and what is given.

use super::Page;
use super::layout::paragraph;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;

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
        let drawdown = self.figures.of(cell, Flow::Drawdown).value(Statistic::Max);
        if drawdown <= 0.0 {
            return String::new();
        }
        let (style, words) = (self.style, self.style.text);
        let receipts = self.figures.of(cell, Flow::Receipt);
        let mean = receipts.value(Statistic::Mean);
        let investor = self.party(cell.party);
        let mut sentences = vec![
            words.gets_back(
                &investor,
                &style.amount(drawdown),
                &style.amount(mean),
                &style.share(mean / drawdown),
            ),
            words.gets_between(
                &style.amount(receipts.value(Statistic::P10)),
                &style.amount(receipts.value(Statistic::P90)),
            ),
        ];
        sentences.extend(self.chance_of_loss(cell, drawdown).map(|share| words.loses(&style.share(share))));
        sentences.extend(self.annual_return(cell).map(|rate| words.annual_return(&style.rate(rate))));
        paragraph(&sentences.join(" "))
    }

    /// The share of trials whose receipts are below the drawdown; amounts are whole øre.
    fn chance_of_loss(&self, cell: Cell, drawdown: f64) -> Option<f64> {
        let summary = self.figures.results().summary(cell, Flow::Receipt).ok()?;
        Some(1.0 - summary.exceedance(drawdown as i64 - 1).value)
    }

    /// The rate at which the mean flows balance, each taken at the same day of its budget year.
    fn annual_return(&self, cell: Cell) -> Option<f64> {
        let years = &self.figures.results().grid().years;
        let mean = |flow, index| {
            self.figures.of(Cell { year: Pick::One(index), ..cell }, flow).value(Statistic::Mean)
        };
        let first = years.first()?;
        let flows: Vec<_> = years
            .iter()
            .enumerate()
            .map(|(index, year)| (year - first, mean(Flow::Receipt, index) - mean(Flow::Drawdown, index)))
            .collect();
        rate_of(&flows)
    }
}

/// The rate r in (−1, 10] with Σ flow·(1 + r)^−year = 0, by bisection; `None` when the ends do not enclose one.
///
/// Years count from the first flow. With money out before money in there is at most one rate.
fn rate_of(flows: &[(i16, f64)]) -> Option<f64> {
    let value = |rate: f64| {
        let discount = 1.0 / (1.0 + rate);
        flows
            .iter()
            .fold(0.0, |sum, (year, flow)| sum + flow * (0..*year).fold(1.0, |power, _| power * discount))
    };
    let (mut low, mut high) = (-0.99, 10.0);
    if !(value(low) > 0.0 && value(high) < 0.0) {
        return None;
    }
    for _ in 0..100 {
        let middle = 0.5 * (low + high);
        if value(middle) > 0.0 { low = middle } else { high = middle }
    }
    Some(0.5 * (low + high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_that_comes_back_as_121_after_two_years_earns_ten_percent() {
        let rate = rate_of(&[(0, -100.0), (1, 0.0), (2, 121.0)]).unwrap();
        assert!((rate - 0.1).abs() < 1e-12, "{rate}");
        assert!((rate_of(&[(0, -100.0), (1, 50.0)]).unwrap() + 0.5).abs() < 1e-12);
    }

    #[test]
    fn without_receipts_there_is_no_rate() {
        assert_eq!(rate_of(&[(0, -100.0), (1, 0.0)]), None);
        assert_eq!(rate_of(&[]), None);
    }
}
