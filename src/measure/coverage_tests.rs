//! The coverage of every interval: how often it holds the truth in two thousand repetitions, and how wide it is.

use super::interval::Z;
use super::summary_tests::{level, summary};
use super::test_words::Words;
use super::*;

const REPETITIONS: u64 = 2000;
const TRIALS: usize = 1000;

/// Shares of repetitions in which the intervals of a skewed series (the square of a uniform on 1 to 2, in øre) hold
/// the truth, and their mean half-widths over the theoretical one.
fn coverage(read: impl Fn(&Summary) -> Estimate, truth: f64, error: f64) -> (f64, f64) {
    let mut words = Words(2026);
    let (mut hits, mut widths) = (0, 0.0);
    for _ in 0..REPETITIONS {
        let amounts: Vec<i64> = (0..TRIALS).map(|_| amount_at(words.uniform()) as i64).collect();
        let (low, high) = read(&summary(&amounts)).interval.unwrap();
        hits += u64::from(low <= truth && truth <= high);
        widths += (high - low) / 2.0 / (Z * error / (TRIALS as f64).sqrt());
    }
    (hits as f64 / REPETITIONS as f64, widths / REPETITIONS as f64)
}

fn amount_at(u: f64) -> f64 {
    1e8 * (1.0 + u) * (1.0 + u)
}

fn honest(coverage: f64) -> bool {
    (0.935..=0.965).contains(&coverage)
}

/// E (1 + U)^k.
fn raw_moment(k: i32) -> f64 {
    (2f64.powi(k + 1) - 1.0) / f64::from(k + 1)
}

/// Variance and fourth central moment of (1 + U)².
fn central_moments() -> (f64, f64) {
    let [m1, m2, m3, m4] = [2, 4, 6, 8].map(raw_moment);
    let variance = m2 - m1 * m1;
    (variance, m4 - 4.0 * m3 * m1 + 6.0 * m2 * m1 * m1 - 3.0 * m1.powi(4))
}

#[test]
fn intervals_of_means_cover_and_narrower_ones_do_not() {
    let sd = central_moments().0.sqrt() * 1e8;
    let truth = raw_moment(2) * 1e8;
    let (share, width) = coverage(Summary::mean, truth, sd);
    assert!(honest(share) && (width - 1.0).abs() < 0.05, "{share} {width}");
    let narrow = |summary: &Summary| {
        let Estimate { value, interval } = summary.mean();
        let half = (interval.unwrap().1 - value) / Z;
        Estimate { value, interval: Some((value - half, value + half)) }
    };
    let (share, width) = coverage(narrow, truth, sd);
    assert!(!honest(share) && (width - 1.0).abs() > 0.05, "{share} {width}");
}

#[test]
fn intervals_of_deviations_cover() {
    let (variance, fourth) = central_moments();
    let error = ((fourth - variance * variance) / (4.0 * variance)).sqrt() * 1e8;
    let (share, width) =
        coverage(|summary| summary.standard_deviation().unwrap(), variance.sqrt() * 1e8, error);
    assert!(honest(share) && (width - 1.0).abs() < 0.05, "{share} {width}");
}

#[test]
fn intervals_of_quantiles_cover_and_those_of_another_level_do_not() {
    for percent in [10, 50, 90] {
        let p = f64::from(percent) / 100.0;
        // The density at the quantile is 1/(2e8 (1 + p)).
        let error = (p * (1.0 - p)).sqrt() * 2e8 * (1.0 + p);
        let read = |summary: &Summary| summary.quantile(level(percent, 100));
        let (share, width) = coverage(read, amount_at(p), error);
        assert!(honest(share) && (width - 1.0).abs() < 0.05, "p{percent} {share} {width}");
        let (share, _) = coverage(read, amount_at(p + 0.01), error);
        assert!(!honest(share), "p{percent} {share}");
    }
}

#[test]
fn intervals_of_shares_cover() {
    for p in [0.03f64, 0.3, 0.95] {
        let error = (p * (1.0 - p)).sqrt();
        let (share, width) = coverage(|summary| summary.exceedance(amount_at(1.0 - p) as i64), p, error);
        assert!(honest(share) && (width - 1.0).abs() < 0.05, "{p} {share} {width}");
    }
}

#[test]
fn intervals_of_tail_means_cover() {
    // Dearest 20 %: the mean of (1 + u)² over u from 0.8 to 1, and the variance of (X − q)+ over its density.
    let q = 1.8f64.powi(2);
    let primitive = |k: i32| (2f64.powi(k + 1) - 1.8f64.powi(k + 1)) / f64::from(k + 1);
    let [a0, a2, a4] = [0, 2, 4].map(primitive);
    let (first, second) = (a2 - q * a0, a4 - 2.0 * q * a2 + q * q * a0);
    let error = (second - first * first).sqrt() / 0.2 * 1e8;
    let read = |summary: &Summary| summary.tail_mean_high(level(1, 5));
    let (share, width) = coverage(read, a2 / 0.2 * 1e8, error);
    assert!(honest(share) && (width - 1.0).abs() < 0.05, "{share} {width}");
}

#[test]
fn intervals_of_mean_excesses_cover() {
    let threshold = 1.5f64.powi(2);
    let primitive = |k: i32| (2f64.powi(k + 1) - 1.5f64.powi(k + 1)) / f64::from(k + 1);
    let [a0, a2, a4] = [0, 2, 4].map(primitive);
    let (first, second) = (a2 - threshold * a0, a4 - 2.0 * threshold * a2 + threshold * threshold * a0);
    let read = |summary: &Summary| summary.mean_excess((threshold * 1e8) as i64);
    let (share, width) = coverage(read, first * 1e8, (second - first * first).sqrt() * 1e8);
    assert!(honest(share) && (width - 1.0).abs() < 0.05, "{share} {width}");
}
