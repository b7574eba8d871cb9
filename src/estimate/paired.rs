//! Paired differences of two series of the same trials: of means, of chances, of quantiles.

use super::batches;
use crate::measure::interval::Z;
use crate::measure::{Estimate, Level};

/// The mean of b − a, with mean ± 1.96·s/√n, s the standard deviation of the differences trial by trial.
///
/// Sums are of integers, so that a series against itself gives exactly zero. The two are of the same length.
#[must_use]
pub fn mean(a: &[i64], b: &[i64]) -> Estimate {
    of_differences(a.iter().zip(b).map(|(a, b)| b - a), a.len())
}

/// The change of the share of trials in which the amount is above zero, with the interval of the paired difference.
#[must_use]
pub fn share(a: &[i64], b: &[i64]) -> Estimate {
    let flags = a.iter().zip(b).map(|(a, b)| i64::from(*b > 0) - i64::from(*a > 0));
    of_differences(flags, a.len())
}

/// The mean of some integers, ± 1.96·s/√n.
pub(super) fn of_differences(differences: impl Iterator<Item = i64>, trials: usize) -> Estimate {
    let (mut sum, mut squares) = (0i128, 0i128);
    for difference in differences {
        let difference = i128::from(difference);
        sum += difference;
        squares = squares.saturating_add(difference * difference);
    }
    let n = trials as f64;
    let value = sum as f64 / n;
    // Both terms are integers before the one rounding: n Σ d² − (Σ d)² is never negative.
    let central = i128::try_from(trials).unwrap_or(1).saturating_mul(squares) - sum.saturating_mul(sum);
    let variance = central.max(0) as f64 / n / (n - 1.0);
    let half = Z * (variance / n).sqrt();
    Estimate { value, interval: (trials > 1).then_some((value - half, value + half)) }
}

/// The difference b − a of a quantile, with the interval of 32 batches. `a` and `b` are in the order of trials.
#[must_use]
pub fn quantile(a: &[i64], b: &[i64], level: Level) -> Estimate {
    batches::estimate(a.len(), |batch| match batch {
        None => (of_all(b, level) - of_all(a, level)) as f64,
        Some(batch) => (of_batch(b, batch, level) - of_batch(a, batch, level)) as f64,
    })
}

/// The order statistic of rank max(1, ⌈n·p⌉) of a series.
#[must_use]
pub fn of_all(series: &[i64], level: Level) -> i64 {
    order_statistic(series.to_vec(), level)
}

/// The same of the trials of a batch.
#[must_use]
pub fn of_batch(series: &[i64], batch: usize, level: Level) -> i64 {
    order_statistic(batches::of(series, batch).collect(), level)
}

fn order_statistic(mut values: Vec<i64>, level: Level) -> i64 {
    if values.is_empty() {
        return 0;
    }
    let rank = (level.rank(values.len() as u64) as usize - 1).min(values.len() - 1);
    *values.select_nth_unstable(rank).1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::test_words::Words;

    fn level(percent: u32) -> Level {
        Level::new(percent, 100).unwrap()
    }

    /// A series, and the same with a tenth more, up to a ceiling.
    fn pair(seed: u64, trials: usize) -> (Vec<i64>, Vec<i64>) {
        let mut words = Words(seed);
        let a: Vec<i64> = (0..trials).map(|_| (words.uniform() * 1_000_000.0) as i64).collect();
        let b = a.iter().map(|a| (a + a / 10).min(900_000)).collect();
        (a, b)
    }

    #[test]
    fn a_series_against_itself_is_exactly_zero() {
        let (a, _) = pair(1, 10_007);
        let nothing = Some((0.0, 0.0));
        for found in [mean(&a, &a), share(&a, &a), quantile(&a, &a, level(90))] {
            assert_eq!((found.value, found.interval), (0.0, nothing));
        }
    }

    #[test]
    fn a_constant_difference_is_known_exactly() {
        let (a, _) = pair(2, 1_000);
        let b: Vec<i64> = a.iter().map(|a| a + 7).collect();
        assert_eq!(mean(&a, &b).interval, Some((7.0, 7.0)));
        assert_eq!(quantile(&a, &b, level(50)).interval, Some((7.0, 7.0)));
    }

    /// Intervals hold the truth in about 95 of 100 repetitions: within 90 and 99 of 100 at fixed seeds.
    #[test]
    fn intervals_cover() {
        // min(1.1 u, 0.9) − u for a uniform u: the mean is that of both pieces.
        let edge: f64 = 0.9 / 1.1;
        let truth = 1e6 * (0.1 * edge * edge / 2.0 + 0.9 * (1.0 - edge) - (1.0 - edge * edge) / 2.0);
        let medians = 1e6 * (0.55 - 0.5);
        let inside = |estimate: Estimate, truth: f64| {
            estimate.interval.is_some_and(|(low, high)| (low..=high).contains(&truth))
        };
        let (mut means, mut quantiles) = (0, 0);
        for seed in 0..200 {
            let (a, b) = pair(1_000 + seed, 3_200);
            means += u32::from(inside(mean(&a, &b), truth));
            quantiles += u32::from(inside(quantile(&a, &b, level(50)), medians));
        }
        assert!((180..=198).contains(&means) && (178..=199).contains(&quantiles), "{means} {quantiles}");
    }

    #[test]
    fn quantiles_are_order_statistics() {
        let series = [30, 10, 20, 40];
        assert_eq!([1, 25, 26, 50, 100].map(|p| of_all(&series, level(p))), [10, 10, 20, 20, 40]);
    }
}
