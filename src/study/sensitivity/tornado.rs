//! A tornado: every number at its P10 and at its P90, everything else drawn as before.

use rayon::prelude::*;

use super::Asked;
use super::drivers::Number;
use super::passes::{Passes, Values};
use crate::estimate::paired;
use crate::measure::{Estimate, Statistic};
use crate::study::StudyError;

/// The figures of a payment with a number at one end; money in øre.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Ends {
    /// Mean payment.
    pub mean: f64,
    /// Median payment.
    pub p50: f64,
    /// The payment that 9 of 10 trials do not exceed.
    pub p90: f64,
    /// The share of trials in which a limit takes something.
    pub cut: f64,
    /// The mean earned before limits.
    pub earned: f64,
}

/// What a payment does between the P10 and the P90 of a number, paired trial by trial; money in øre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Swing {
    /// At P10 and at P90.
    pub ends: [Ends; 2],
    /// How much more on average at P90.
    pub mean: Estimate,
    /// How much higher the median is.
    pub p50: Estimate,
    /// How much higher P90 of the payment is.
    pub p90: Estimate,
    /// How much more often a limit cuts.
    pub cut: Estimate,
    /// How much more is earned on average.
    pub earned: Estimate,
}

/// Holds a number at both ends and compares, by target.
pub(super) fn swings(
    passes: &mut Passes<'_>,
    part: &[Asked],
    number: &Number,
) -> Result<Vec<Swing>, StudyError> {
    let [low, high] = number.ends;
    let low = held(passes, part, number, low)?;
    let high = held(passes, part, number, high)?;
    Ok((0..part.len()).into_par_iter().map(|at| swing(&low, &high, at)).collect())
}

fn held(passes: &mut Passes<'_>, part: &[Asked], number: &Number, value: f64) -> Result<Values, StudyError> {
    let held = passes.probe_mut().hold(number.drawn, value);
    let found = passes.run(part, |_| false);
    passes.probe_mut().release(held);
    found
}

fn swing(low: &Values, high: &Values, at: usize) -> Swing {
    let (a, b) = (&low.payment[at], &high.payment[at]);
    let quantile = |statistic: Statistic| match statistic.level() {
        Some(level) => paired::quantile(a, b, level),
        None => paired::mean(a, b),
    };
    Swing {
        ends: [ends(low, at), ends(high, at)],
        mean: paired::mean(a, b),
        p50: quantile(Statistic::P50),
        p90: quantile(Statistic::P90),
        cut: paired::share(&low.spared[at], &high.spared[at]),
        earned: paired::mean(&low.earned[at], &high.earned[at]),
    }
}

fn ends(values: &Values, at: usize) -> Ends {
    let n = values.payment[at].len() as f64;
    let mean = |series: &[i64]| series.iter().map(|ore| i128::from(*ore)).sum::<i128>() as f64 / n;
    let quantile = |statistic: Statistic| {
        statistic.level().map_or(f64::NAN, |level| paired::of_all(&values.payment[at], level) as f64)
    };
    Ends {
        mean: mean(&values.payment[at]),
        p50: quantile(Statistic::P50),
        p90: quantile(Statistic::P90),
        cut: values.spared[at].iter().filter(|ore| **ore > 0).count() as f64 / n,
        earned: mean(&values.earned[at]),
    }
}
