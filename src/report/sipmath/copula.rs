//! How strongly amounts go together: correlations of normal scores, for the Gaussian copula of SIPmath 3.0.

use super::Sip;
use crate::draw::normal::quantile_exact;
use crate::engine::run::{Settings, Watch};
use crate::engine::trials::{Column, Trials};
use crate::estimate::rank::ranks;
use crate::report::ReportError;
use crate::report::figures::Figures;

/// Correlations are of the first trials only: with so many their error is below 0.005.
pub(super) const TRIALS: u64 = 65_536;

/// What is taken off correlations, so that amounts that are the same can still be told apart by a Cholesky decomposition.
const SHRINK: f64 = 1e-4;

/// The correlations of the amounts with each other, by row: those with the amounts before and with itself.
///
/// # Errors
/// When the watcher stops.
pub(super) fn correlations(
    figures: &Figures<'_>,
    sips: &[Sip],
    watch: &dyn Watch,
) -> Result<Vec<Vec<f64>>, ReportError> {
    let results = figures.results();
    let settings = results.settings();
    let settings = Settings { trials: settings.trials.min(TRIALS), ..settings };
    let trials = Trials::new(results.model(), |grid| {
        sips.iter().map(|sip| grid.figure(sip.cell, sip.flow)).collect()
    })?;
    let mut amounts: Vec<Vec<f64>> = vec![Vec::with_capacity(settings.trials as usize); sips.len()];
    let mut take = |_: u64, group: &[Column]| -> Result<(), ReportError> {
        amounts.iter_mut().zip(group).for_each(|(all, part)| all.extend(part.iter().map(|ore| *ore as f64)));
        Ok(())
    };
    trials.each(settings, Some(rayon::current_num_threads()), watch, &mut take)?;
    let scores: Vec<_> = amounts.into_iter().map(|amounts| scores(&amounts)).collect();
    Ok((0..scores.len())
        .map(|row| (0..=row).map(|column| correlation(&scores, row, column)).collect())
        .collect())
}

/// The standard normal scores of amounts, of length one; equal amounts share the mean of their ranks.
fn scores(amounts: &[f64]) -> Vec<f64> {
    let count = amounts.len() as f64;
    let score = |rank: f64| quantile_exact((rank - 0.5) / count, (count - rank + 0.5) / count);
    let scores: Vec<f64> = ranks(amounts).into_iter().map(score).collect();
    let mean = scores.iter().fold(0.0, |sum, score| sum + score) / count;
    let length = scores.iter().fold(0.0, |sum, score| sum + (score - mean) * (score - mean)).sqrt();
    scores.into_iter().map(|score| if length > 0.0 { (score - mean) / length } else { 0.0 }).collect()
}

fn correlation(scores: &[Vec<f64>], row: usize, column: usize) -> f64 {
    if row == column {
        return 1.0;
    }
    let sum = scores[row].iter().zip(&scores[column]).fold(0.0, |sum, (a, b)| sum + a * b);
    (1.0 - SHRINK) * sum
}
