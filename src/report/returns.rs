//! What a party puts in and gets back: the amounts, the chance of a loss, the annual rate.

use super::figures::Figures;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;

/// The money of an investor over all years; amounts in øre.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Returns {
    /// What is put in.
    pub(crate) drawdown: f64,
    pub(crate) mean: f64,
    pub(crate) p10: f64,
    pub(crate) p90: f64,
    /// The share of trials in which less comes back than was put in.
    pub(crate) loss: Option<f64>,
    /// The rate at which the mean flows balance, each taken at the same day of its budget year.
    pub(crate) rate: Option<f64>,
}

impl Returns {
    /// Of the party of a cell over all years; nothing for one that puts in nothing.
    pub(crate) fn new(figures: &Figures<'_>, cell: Cell) -> Option<Self> {
        let drawdown = figures.of(cell, Flow::Drawdown).value(Statistic::Max);
        if drawdown <= 0.0 {
            return None;
        }
        let receipts = figures.of(cell, Flow::Receipt);
        let [mean, p10, p90] =
            [Statistic::Mean, Statistic::P10, Statistic::P90].map(|statistic| receipts.value(statistic));
        // Amounts are whole øre, so that "below the drawdown" is "not above one øre less".
        let loss = figures.results().summary(cell, Flow::Receipt).ok();
        let loss = loss.map(|summary| 1.0 - summary.exceedance(drawdown as i64 - 1).value);
        Some(Self { drawdown, mean, p10, p90, loss, rate: annual(figures, cell) })
    }
}

fn annual(figures: &Figures<'_>, cell: Cell) -> Option<f64> {
    let years = &figures.results().grid().years;
    let mean = |flow, index| figures.of(Cell { year: Pick::One(index), ..cell }, flow).value(Statistic::Mean);
    let first = years.first()?;
    let flows: Vec<_> = years
        .iter()
        .enumerate()
        .map(|(index, year)| (year - first, mean(Flow::Receipt, index) - mean(Flow::Drawdown, index)))
        .collect();
    rate_of(&flows)
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
