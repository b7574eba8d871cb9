//! Figures of one series, each with its interval: those of a run, read from the amounts instead of from counts.

use super::paired::of_differences;
use crate::measure::interval::{probability, quantile_ranks};
use crate::measure::{Estimate, Level};

/// The mean, ± 1.96·s/√n.
#[must_use]
pub fn mean(series: &[i64]) -> Estimate {
    of_differences(series.iter().copied(), series.len())
}

/// The order statistic of rank max(1, ⌈n·p⌉), with those that enclose it.
#[must_use]
pub fn quantile(series: &[i64], level: Level) -> Estimate {
    let mut values = series.to_vec();
    let trials = values.len() as u64;
    if values.is_empty() {
        return Estimate { value: f64::NAN, interval: None };
    }
    let rank = (level.rank(trials) as usize).min(values.len());
    let (below, value, above) = values.select_nth_unstable(rank - 1);
    let value = *value;
    // Ranks count from 1; those of the ends lie on their side of the quantile, or are its own.
    let interval = quantile_ranks(level, trials).map(|(low, high)| {
        let low = match low as usize {
            low if low < rank => *below.select_nth_unstable(low - 1).1,
            _ => value,
        };
        let high = match high as usize {
            high if high > rank => *above.select_nth_unstable(high - rank - 1).1,
            _ => value,
        };
        (low as f64, high as f64)
    });
    Estimate { value: value as f64, interval }
}

/// The share of trials in which the amount is above a threshold.
#[must_use]
pub fn share_above(series: &[i64], threshold: i64) -> Estimate {
    let (hits, trials) =
        (series.iter().filter(|amount| **amount > threshold).count() as u64, series.len() as u64);
    Estimate { value: hits as f64 / trials as f64, interval: Some(probability(hits, trials)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::test_words::Words;
    use crate::measure::{Shape, Summary, Tally};

    /// The figures of counts, on series with and without atoms, long and short.
    #[test]
    fn figures_are_those_of_a_summary() {
        let mut words = Words(4);
        for (trials, spread) in [(1, 10), (7, 10), (40, 3), (500, 1_000_000), (5_000, 40), (20_000, 1 << 40)]
        {
            let series: Vec<i64> =
                (0..trials).map(|_| ((words.word() % spread) as i64).min(spread as i64 / 2)).collect();
            let mut tally = Tally::new(Shape::General).unwrap();
            tally.record(&series);
            let summary = Summary::new(&tally).unwrap();
            for percent in [1, 10, 50, 90, 99] {
                let level = Level::new(percent, 100).unwrap();
                assert_eq!(quantile(&series, level), summary.quantile(level), "{trials} {percent}");
            }
            assert_eq!(share_above(&series, 1), summary.exceedance(1));
            let (found, expected) = (mean(&series), summary.mean());
            assert!((found.value - expected.value).abs() <= 1e-12 * expected.value.abs());
            if let (Some(found), Some(expected)) = (found.interval, expected.interval) {
                assert!((found.0 - expected.0).abs() <= 1e-9 * expected.1.abs(), "{found:?} {expected:?}");
            }
        }
    }
}
