//! How well the totals of payers are known, and how many trials make them known well enough.
//!
//! Trials are doubled from [`FIRST`] until the mean and the P90 of every payer's total over all years are known to within an
//! amount, half the width of their 95 % intervals, in two rounds in a row: a width that is small by luck in one round is not
//! so in the next.

use super::grid::{Cell, Flow, Pick};
use super::plan::column::Whole;
use super::results::Results;
use crate::measure::interval::probability;
use crate::measure::{Estimate, Statistic, Summary, SummaryError};
use crate::money::Ore;

/// The trials of the first round: at least 10,000, on whole pages of all replicates.
pub const FIRST: u64 = 16_384;

/// The statistic of a payer's total that is known least well.
#[derive(Clone, Debug, PartialEq)]
pub struct Widest {
    /// The payer's position in ascending order.
    pub party: usize,
    /// The mean, or P90.
    pub statistic: Statistic,
    /// To within how much it is known (øre); infinite when the trials are too few to tell.
    pub within: f64,
}

/// The statistic that is known least well; nothing where no payer can owe anything that varies.
///
/// # Errors
/// Never for a complete run.
pub fn widest(results: &Results<'_>) -> Result<Option<Widest>, SummaryError> {
    let mut found: Option<Widest> = None;
    for party in 0..results.model().scenario().parties.len() {
        let cell = Cell { investment: Pick::All, party: Pick::One(party), year: Pick::All };
        let figure = results.grid().figure(cell, Flow::Payment);
        if matches!(figure, Whole::Constant(_)) {
            continue;
        }
        let summary = results.summary_of(figure)?;
        let most = results.contract_max(cell, Flow::Payment);
        let p90 = summary.statistic(Statistic::P90).map_or(f64::INFINITY, within);
        for (statistic, within) in [(Statistic::Mean, mean(&summary, most)), (Statistic::P90, p90)] {
            if found.as_ref().is_none_or(|widest| within > widest.within) {
                found = Some(Widest { party, statistic, within });
            }
        }
    }
    Ok(found)
}

/// To within how much a mean is known. The same amount in every trial is no certainty: what happens in a share of at most p
/// of all trials (95 %) moves the mean by at most p times what the terms allow beside that amount.
fn mean(summary: &Summary, most: Option<Ore>) -> f64 {
    if summary.min() < summary.max() {
        return within(summary.mean());
    }
    let amount = summary.min();
    let farthest =
        most.map_or(amount.unsigned_abs(), |most| most.abs_diff(amount).max(amount.unsigned_abs()));
    probability(0, summary.trials()).1 * farthest as f64
}

fn within(estimate: Estimate) -> f64 {
    estimate.within().unwrap_or(f64::INFINITY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Shape, Tally};

    fn summary(amounts: &[i64]) -> Summary {
        let mut tally = Tally::new(Shape::General).unwrap();
        tally.record(amounts);
        Summary::new(&tally).unwrap()
    }

    #[test]
    fn the_same_amount_in_every_trial_is_no_certainty() {
        let same = summary(&[5_000; 1_000]);
        // 1 − 0.025^(1/1000) is 0.003682.
        assert!((mean(&same, Some(1_000_000)) / (0.003_682_1 * 995_000.0) - 1.0).abs() < 1e-4);
        assert!((mean(&same, Some(5_000)) / (0.003_682_1 * 5_000.0) - 1.0).abs() < 1e-4);
        let varies = summary(&[0, 100]);
        assert!((mean(&varies, Some(100)) - 1.959_964 * 50.0).abs() < 0.01);
    }

    #[test]
    fn without_an_interval_nothing_is_known() {
        assert!(within(Estimate { value: 1.0, interval: None }).is_infinite());
        assert!((within(Estimate { value: 1.0, interval: Some((0.0, 4.0)) }) - 3.0).abs() < 1e-12);
    }
}
