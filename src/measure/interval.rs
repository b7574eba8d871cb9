//! 95 % intervals for figures estimated from independent trials, as pure functions.
//!
//! They say how far a figure may move when the simulation is repeated with another seed; they say nothing about the
//! model. All use `+ − × ÷ sqrt` and functions of `libm` called by name, so that the bits are the same everywhere.

use super::Level;
use super::binomial::lower_tail;

/// The 97.5 % quantile of the standard normal distribution.
pub const Z: f64 = 1.959_963_984_540_054;

/// Probability left out on each side.
const TAIL: f64 = 0.025;

/// Below this many hits or misses the normal approximation of a share is not used.
pub(super) const FEW: u64 = 10;

/// mean ± z s/√n, with the unit of `mean`.
pub fn mean(mean: f64, sd: f64, trials: u64) -> (f64, f64) {
    let half = Z * sd / (trials as f64).sqrt();
    (mean - half, mean + half)
}

/// s ± z se(s), with Var(s²) = (m4 − s⁴ (n − 3)/(n − 1))/n and the delta method se(s) = se(s²)/(2s).
///
/// `fourth` is the fourth central moment m4 (unit⁴). Cramér, Mathematical Methods of Statistics (1946), 27.4.2.
/// Never below zero.
pub fn standard_deviation(sd: f64, fourth: f64, trials: u64) -> (f64, f64) {
    if !(sd > 0.0 && trials > 1) {
        return (sd, sd);
    }
    let n = trials as f64;
    let variance = (fourth - sd * sd * sd * sd * (n - 3.0) / (n - 1.0)) / n;
    let half = Z * variance.max(0.0).sqrt() / (2.0 * sd);
    ((sd - half).max(0.0), sd + half)
}

/// Interval of a probability: [`clopper_pearson`] with fewer than 10 hits or misses, else [`wilson`].
pub fn probability(hits: u64, trials: u64) -> (f64, f64) {
    if hits.min(trials.saturating_sub(hits)) < FEW {
        clopper_pearson(hits, trials)
    } else {
        wilson(hits, trials)
    }
}

/// The score interval of a probability (Wilson, JASA 22, 1927; Brown, Cai and `DasGupta` 2001, equation 4).
///
/// `hits` of `trials`; without trials (0, 1).
pub fn wilson(hits: u64, trials: u64) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (trials as f64, hits as f64 / trials as f64);
    let square = Z * Z;
    let centre = p + square / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + square / (4.0 * n * n)).sqrt();
    let scale = 1.0 + square / n;
    (((centre - half) / scale).max(0.0), ((centre + half) / scale).min(1.0))
}

/// The exact interval of a probability (Clopper and Pearson, Biometrika 26, 1934): the probabilities under which
/// so many hits, or so few, are no rarer than 2.5 %.
///
/// Accurate to 12 digits; takes time in the root of the smaller of hits and misses. Without trials (0, 1).
pub fn clopper_pearson(hits: u64, trials: u64) -> (f64, f64) {
    if trials == 0 || hits > trials {
        return (0.0, 1.0);
    }
    if hits > trials - hits {
        // Of the rarer event: 1 − p has no room for the digits of a small p.
        let (low, high) = clopper_pearson(trials - hits, trials);
        return (1.0 - high, 1.0 - low);
    }
    let low = if hits == 0 { 0.0 } else { solve(hits - 1, trials, 1.0 - TAIL) };
    let high =
        if hits == 0 { -libm::expm1(libm::log(TAIL) / trials as f64) } else { solve(hits, trials, TAIL) };
    (low, high)
}

/// The p at which P(B <= k) of a binomial falls to `tail`, by bisection; k at most half of the trials.
fn solve(k: u64, trials: u64, tail: f64) -> f64 {
    let mut high = ((k + 1) as f64 / trials as f64).min(1.0);
    while high < 1.0 && lower_tail(k, trials, high) > tail {
        high = (2.0 * high).min(1.0);
    }
    let mut low = 0.0;
    while high - low > high * 1e-13 {
        let middle = 0.5 * (low + high);
        if lower_tail(k, trials, middle) > tail {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// Ranks (1 is the smallest) of the order statistics that enclose a quantile with at least 95 %.
///
/// The number B of trials at or below the quantile is binomial(n, p), and the interval from rank l to rank u misses
/// it with P(B < l) + P(B >= u), each at most 2.5 % (Hahn and Meeker, Statistical Intervals, 1991, section 5.2).
/// Up to 1000 trials, and with a variance np(1 − p) below 100, from the exact distribution; beyond, from its normal
/// approximation with continuity correction and the Cornish-Fisher term for skewness, which is within one rank of
/// the exact one. `None` when no order statistic reaches so far: 10 trials have no interval for a quantile of 99 %.
pub fn quantile_ranks(level: Level, trials: u64) -> Option<(u64, u64)> {
    let (n, p) = (trials as f64, level.share());
    let variance = n * p * (1.0 - p);
    let (low, high) = if trials <= 1000 || variance < 100.0 {
        let first = |tail: f64| first_reaching(trials, p, tail);
        // P(B <= l − 1) <= 2.5 % and P(B <= u − 1) >= 97.5 %.
        (first_above(trials, p) as f64, first(1.0 - TAIL) as f64 + 1.0)
    } else {
        let skew = (1.0 - 2.0 * p) * (Z * Z - 1.0) / 6.0;
        let half = Z * variance.sqrt();
        ((n * p - half + skew + 0.5).floor(), (n * p + half + skew + 0.5).ceil())
    };
    (low >= 1.0 && high <= n).then_some((low as u64, high as u64))
}

/// The smallest k with P(B <= k) above the left tail, which is the largest l with P(B <= l − 1) in it.
fn first_above(trials: u64, p: f64) -> u64 {
    partition(trials, |k| lower_tail(k, trials, p) <= TAIL)
}

/// The smallest k with P(B <= k) of at least `tail`.
fn first_reaching(trials: u64, p: f64, tail: f64) -> u64 {
    partition(trials, |k| lower_tail(k, trials, p) < tail)
}

/// The smallest k up to `end` where `before` no longer holds.
fn partition(end: u64, before: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (0, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if before(middle) { low = middle + 1 } else { high = middle }
    }
    low
}

/// Interval of a tail mean T over the share α of the mass: T ± z sd(Y)/(α √n), Y the amounts beyond the quantile.
///
/// The influence function of T is (Y − E Y)/α (Manistre and Hancock, "Variance of the CTE estimator", North American
/// Actuarial Journal 9(2), 2005). `second` is E Y² and `first` is E Y. Meant for α n of some 20 trials or more.
pub fn tail_mean(value: f64, first: f64, second: f64, share: f64, trials: u64) -> (f64, f64) {
    let sd = (second - first * first).max(0.0).sqrt();
    mean(value, sd / share, trials)
}

#[cfg(test)]
#[allow(clippy::float_cmp)] // 0 and 1 are meant to the bit
mod tests {
    use super::*;
    use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF, Normal};

    #[test]
    fn the_constant_is_the_normal_quantile() {
        assert!((Z - Normal::standard().inverse_cdf(0.975)).abs() < 1e-9);
    }

    #[test]
    fn clopper_pearson_is_the_beta_quantile() {
        for (hits, trials) in [(1u64, 10u64), (3, 50), (9, 1000), (5, 6), (25, 50), (700, 2000), (991, 1000)]
        {
            let (k, n) = (hits as f64, trials as f64);
            let (low, high) = clopper_pearson(hits, trials);
            // The tails at the ends, by the incomplete beta function, rather than its inverse.
            let at_low = Beta::new(k, n - k + 1.0).unwrap().cdf(low);
            let at_high = Beta::new(k + 1.0, n - k).unwrap().cdf(high);
            assert!((at_low - 0.025).abs() < 1e-9, "{hits} of {trials}: {at_low}");
            assert!((at_high - 0.975).abs() < 1e-9, "{hits} of {trials}: {at_high}");
        }
    }

    #[test]
    fn no_hits_still_leave_room() {
        let (low, high) = probability(0, 1_000_000);
        assert_eq!(low, 0.0);
        // ln(40)/n, the rule of three for a two-sided interval.
        assert!((high - 3.688_872_65e-6).abs() < 1e-11, "{high}");
        assert_eq!(probability(1_000_000, 1_000_000), (1.0 - high, 1.0));
        let (low, high) = probability(1, 1 << 40);
        assert!(low > 0.0 && (high * (1u64 << 40) as f64 - 5.571_643).abs() < 1e-3);
        assert_eq!(probability(0, 0), (0.0, 1.0));
        assert_eq!(clopper_pearson(0, 1), (0.0, 0.975));
        assert_eq!(clopper_pearson(5, 3), (0.0, 1.0));
    }

    #[test]
    fn ten_hits_and_ten_misses_are_many() {
        assert_eq!(
            (probability(9, 100), probability(91, 100)),
            (clopper_pearson(9, 100), clopper_pearson(91, 100))
        );
        assert_eq!((probability(10, 100), probability(90, 100)), (wilson(10, 100), wilson(90, 100)));
    }

    #[test]
    fn wilson_solves_its_quadratic() {
        for (hits, trials) in [(10u64, 100u64), (500, 1000), (123, 12_345)] {
            let (n, p) = (trials as f64, hits as f64 / trials as f64);
            let (low, high) = wilson(hits, trials);
            for end in [low, high] {
                let score = (p - end) / (end * (1.0 - end) / n).sqrt();
                assert!((score.abs() - Z).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn exact_ranks_are_the_tightest_that_hold() {
        let few = [20, 100, 999, 1000].into_iter();
        let few = few.flat_map(|trials| [1, 5, 10, 25, 50, 90, 99].map(|percent| (trials, percent)));
        // Variances of 100 and more in few trials, and below 100 in many: the approximation would miss some of these ranks.
        let wide = (500..=1000).step_by(3).flat_map(|trials| [20, 30, 70].map(|percent| (trials, percent)));
        let narrow = (1010..10_000).step_by(431).flat_map(|trials| [1, 99].map(|percent| (trials, percent)));
        for (trials, percent) in few.chain(wide).chain(narrow) {
            let level = Level::new(percent, 100).unwrap();
            let binomial = Binomial::new(level.share(), trials).unwrap();
            let Some((low, high)) = quantile_ranks(level, trials) else { continue };
            assert!(binomial.cdf(low - 1) <= 0.025 && binomial.cdf(low) > 0.025);
            assert!(binomial.cdf(high - 1) >= 0.975 && (high < 2 || binomial.cdf(high - 2) < 0.975));
        }
    }

    #[test]
    fn quantiles_out_of_reach_have_no_interval() {
        let level = |percent| Level::new(percent, 100).unwrap();
        assert_eq!(quantile_ranks(level(99), 10), None);
        assert_eq!(quantile_ranks(level(1), 300), None);
        assert_eq!(quantile_ranks(level(50), 5), None);
        assert_eq!(quantile_ranks(level(50), 6), Some((1, 6)));
        assert_eq!(quantile_ranks(level(0), 1_000_000), None);
        assert_eq!(quantile_ranks(level(100), 1_000_000), None);
        assert_eq!(quantile_ranks(level(50), 0), None);
    }

    #[test]
    fn approximate_ranks_are_within_one_of_the_exact() {
        for trials in [1001, 5000, 100_000, 1_000_000] {
            for percent in [1, 5, 10, 50, 90, 99] {
                let level = Level::new(percent, 100).unwrap();
                let p = level.share();
                let (low, high) = quantile_ranks(level, trials).unwrap();
                let exact = (first_above(trials, p), first_reaching(trials, p, 1.0 - TAIL) + 1);
                assert!(
                    low.abs_diff(exact.0) <= 1 && high.abs_diff(exact.1) <= 1,
                    "{trials} {percent}: {low} {high} {exact:?}"
                );
            }
        }
    }

    /// Nearly always it is the exact rank: without the term for skewness it would be in four of ten cases.
    #[test]
    fn approximate_ranks_are_hardly_ever_beside_the_exact() {
        for percent in [10, 30, 50, 90] {
            let level = Level::new(percent, 100).unwrap();
            let p = level.share();
            let beside = |trials: &u64| {
                let exact = (first_above(*trials, p), first_reaching(*trials, p, 1.0 - TAIL) + 1);
                quantile_ranks(level, *trials) != Some(exact)
            };
            let count = (1200..1600).step_by(3).filter(beside).count();
            assert!(count <= 7, "{percent}: {count} of 134");
        }
    }

    #[test]
    fn deviations_of_a_normal_have_the_classical_error() {
        // m4 = 3 s^4 gives se(s) = s / sqrt(2 n) to first order.
        let (low, high) = standard_deviation(2.0, 48.0, 100_000);
        let expected = Z * 2.0 / (200_000.0f64).sqrt();
        assert!(((high - low) / 2.0 / expected - 1.0).abs() < 1e-4);
        assert_eq!(standard_deviation(0.0, 0.0, 5), (0.0, 0.0));
        assert_eq!(standard_deviation(2.0, 48.0, 1), (2.0, 2.0));
        // Five trials: Var(s²) = (48 − 16 · 2/4)/5 = 8, and se(s) = √8/4.
        let (low, high) = standard_deviation(2.0, 48.0, 5);
        assert!((high - 2.0 - Z * 8.0f64.sqrt() / 4.0).abs() < 1e-12 && (low - (4.0 - high)).abs() < 1e-12);
    }
}
