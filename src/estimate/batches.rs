//! Intervals from 32 fixed batches, for figures whose error has no formula: trial t belongs to batch t mod 32.
//!
//! Batches are independent and of equal size to within a trial, whatever the number of trials. The figure is that of all
//! trials; its interval is figure ± t·s/√32, with s the standard deviation of the batches' figures and t of 31 degrees
//! of freedom (Schmeiser, "Batch size effects in the analysis of simulation output", Operations Research 30, 1982, which
//! finds little to gain beyond 30 batches).

use crate::measure::Estimate;

/// How many batches there are.
pub const BATCHES: usize = 32;

/// The 97.5 % quantile of Student's t with 31 degrees of freedom.
pub const T: f64 = 2.039_513_446_396_408;

/// With fewer trials in a batch its figures say nothing.
const FEWEST: usize = 8;

/// The values of a series that belong to a batch, in the order of trials.
pub fn of<V: Copy>(series: &[V], batch: usize) -> impl Iterator<Item = V> {
    series.iter().skip(batch).step_by(BATCHES).copied()
}

/// A figure of all trials with the interval that its values in the batches give; none with too few trials.
///
/// `figure` computes it from some of the trials: all (`None`), or those of a batch.
pub fn estimate(trials: usize, mut figure: impl FnMut(Option<usize>) -> f64) -> Estimate {
    let value = figure(None);
    let batches =
        (trials >= FEWEST * BATCHES).then(|| (0..BATCHES).map(|batch| figure(Some(batch))).collect());
    let interval = batches.and_then(|batches: Vec<f64>| interval(value, &batches));
    Estimate { value, interval }
}

/// value ± t·s/√k of the figures of k batches; none where one is undefined.
pub fn interval(value: f64, batches: &[f64]) -> Option<(f64, f64)> {
    let half = T * spread(batches)? / (batches.len() as f64).sqrt();
    half.is_finite().then_some((value - half, value + half))
}

/// The standard deviation of some figures; exactly zero where all are the same.
fn spread(figures: &[f64]) -> Option<f64> {
    let first = *figures.first().filter(|_| figures.len() > 1)?;
    let n = figures.len() as f64;
    // About the first: figures that are the same have no rounded mean beside them.
    let mean = figures.iter().map(|figure| figure - first).sum::<f64>() / n;
    let square = figures.iter().map(|figure| (figure - first - mean) * (figure - first - mean)).sum::<f64>();
    Some((square / (n - 1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, StudentsT};

    #[test]
    fn t_has_31_degrees_of_freedom() {
        let law = StudentsT::new(0.0, 1.0, 31.0).unwrap();
        assert!((law.inverse_cdf(0.975) - T).abs() < 1e-9);
    }

    #[test]
    fn batches_cover_every_trial_once() {
        let series: Vec<usize> = (0..1000).collect();
        let mut seen: Vec<usize> = (0..BATCHES).flat_map(|batch| of(&series, batch)).collect();
        assert!(of(&series, 5).all(|trial| trial % 32 == 5));
        seen.sort_unstable();
        assert_eq!(seen, series);
    }

    #[test]
    fn what_never_varies_has_an_interval_of_no_width() {
        let same = estimate(10_000, |_| 0.1);
        assert_eq!(same.interval, Some((0.1, 0.1)));
        assert_eq!(estimate(100, |_| 0.1).interval, None);
        assert_eq!(estimate(10_000, |batch| if batch == Some(3) { f64::NAN } else { 1.0 }).interval, None);
    }

    /// The interval of a mean of independent values is that of its standard deviation; a twin of a tenth of the spread is not.
    #[test]
    fn intervals_of_means_have_the_right_width() {
        let mut words = crate::measure::test_words::Words(3);
        let series: Vec<f64> = (0..32_000).map(|_| words.uniform()).collect();
        let mean = |values: Vec<f64>| values.iter().sum::<f64>() / values.len() as f64;
        let found = estimate(series.len(), |batch| match batch {
            None => mean(series.clone()),
            Some(batch) => mean(of(&series, batch).collect()),
        });
        let (low, high) = found.interval.unwrap();
        let expected = 2.0 * T / 12f64.sqrt() / (series.len() as f64).sqrt();
        // The standard deviation of 32 batches is itself known to 13 % (one standard error).
        assert!(((high - low) / expected - 1.0).abs() < 0.4, "{} {expected}", high - low);
    }
}
