//! Rank correlation of a drawn number and a figure (Spearman, American Journal of Psychology 15, 1904).
//!
//! Pearson's correlation of ranks, equal values sharing the mean of theirs. The interval is that of Fisher's z with the standard
//! error √((1 + r²/2)/(n − 3)) (Bonett and Wright, Psychometrika 65, 2000, equation 2).

use crate::measure::Estimate;
use crate::measure::interval::Z;

/// The rank correlation of two series; nothing where one of them never varies.
#[must_use]
pub fn correlation(x: &[f64], y: &[f64]) -> Option<Estimate> {
    of_ranks(&ranks(x), &ranks(y))
}

/// The correlation of two series of ranks, for callers that rank a series once.
#[must_use]
pub fn of_ranks(x: &[f64], y: &[f64]) -> Option<Estimate> {
    let n = x.len() as f64;
    let centre = f64::midpoint(n, 1.0);
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - centre, y - centre);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    let value = xy / (xx.sqrt() * yy.sqrt());
    value.is_finite().then(|| Estimate { value, interval: interval(value, n) })
}

/// Ranks from 1, equal values sharing the mean of theirs.
#[must_use]
pub fn ranks(series: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..series.len()).collect();
    order.sort_unstable_by(|a, b| series[*a].total_cmp(&series[*b]));
    let mut ranks = vec![0.0; series.len()];
    let mut first = 0;
    for group in order.chunk_by(|a, b| series[*a].total_cmp(&series[*b]).is_eq()) {
        let shared = first as f64 + f64::midpoint(group.len() as f64, 1.0);
        group.iter().for_each(|trial| ranks[*trial] = shared);
        first += group.len();
    }
    ranks
}

fn interval(r: f64, n: f64) -> Option<(f64, f64)> {
    if !(n > 3.0) {
        return None;
    }
    let z = libm::atanh(r.clamp(-1.0, 1.0));
    let half = Z * ((1.0 + r * r / 2.0) / (n - 3.0)).sqrt();
    Some((libm::tanh(z - half), libm::tanh(z + half)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::test_words::Words;

    #[test]
    fn equal_values_share_their_ranks() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn a_monotone_function_has_rank_correlation_one() {
        let x: Vec<f64> = (0..50).map(f64::from).collect();
        let y: Vec<f64> = x.iter().map(|x| x * x * x).collect();
        let down: Vec<f64> = y.iter().map(|y| -y).collect();
        assert!((correlation(&x, &y).unwrap().value - 1.0).abs() < 1e-12);
        assert!((correlation(&x, &down).unwrap().value + 1.0).abs() < 1e-12);
        assert_eq!(correlation(&x, &[1.0; 50]), None);
    }

    /// By hand: ranks 1 2 3 4 5 against 2 1 4 3 5 have Σd² = 4, so 1 − 6·4/(5·24) = 0.8.
    #[test]
    fn a_textbook_case() {
        let found = correlation(&[1.0, 2.0, 3.0, 4.0, 5.0], &[20.0, 10.0, 40.0, 30.0, 50.0]).unwrap();
        assert!((found.value - 0.8).abs() < 1e-12);
    }

    /// Intervals hold the mean of 300 repetitions in about 95 of 100 of them.
    #[test]
    fn intervals_cover() {
        let repetition = |seed: u64| {
            let mut words = Words(seed);
            let x: Vec<f64> = (0..400).map(|_| words.uniform()).collect();
            let y: Vec<f64> = x.iter().map(|x| x + words.uniform()).collect();
            correlation(&x, &y).unwrap()
        };
        let found: Vec<Estimate> = (0..300).map(|seed| repetition(7_000 + seed)).collect();
        let truth = found.iter().map(|e| e.value).sum::<f64>() / 300.0;
        let inside =
            found.iter().filter(|e| e.interval.is_some_and(|(l, h)| (l..=h).contains(&truth))).count();
        assert!((275..=298).contains(&inside), "{inside}");
    }
}
