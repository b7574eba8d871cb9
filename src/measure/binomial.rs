//! Binomial probabilities that are accurate for any number of trials, with the same bits on every machine.

use std::f64::consts::PI;

/// ln n! − ln(sqrt(2πn)(n/e)^n), the error of Stirling's formula, for a whole n of at least 1.
fn stirling_error(n: f64) -> f64 {
    if n <= 15.0 {
        let factorial = (2..=n as u32).fold(1.0, |product, factor| product * f64::from(factor));
        return libm::log(factorial) - (n + 0.5) * libm::log(n) + n - 0.5 * libm::log(2.0 * PI);
    }
    let square = n * n;
    (1.0 / 12.0
        - (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / square) / square) / square) / square)
        / n
}

/// x ln(x/m) + m − x without cancellation where x is near m (Loader 2000, section 3).
fn deviance(x: f64, m: f64) -> f64 {
    if (x - m).abs() >= 0.1 * (x + m) {
        return x * libm::log(x / m) + m - x;
    }
    let v = (x - m) / (x + m);
    let mut sum = (x - m) * v;
    let mut power = 2.0 * x * v;
    for j in 1..1000 {
        power *= v * v;
        let next = sum + power / f64::from(2 * j + 1);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

/// P(B = k) for B binomial(n, p), by Loader's saddle-point expansion (C. Loader, "Fast and accurate computation of
/// binomial probabilities", 2000). `k <= n`, 0 < p < 1.
pub(super) fn mass(k: u64, n: u64, p: f64) -> f64 {
    let (x, m) = (k as f64, n as f64);
    if k == 0 {
        return libm::exp(m * libm::log1p(-p));
    }
    if k == n {
        return libm::exp(m * libm::log(p));
    }
    let rest = (n - k) as f64;
    let exponent = stirling_error(m)
        - stirling_error(x)
        - stirling_error(rest)
        - deviance(x, m * p)
        - deviance(rest, m * (1.0 - p));
    libm::exp(exponent) * (m / (2.0 * PI * x * rest)).sqrt()
}

/// P(B <= k) for B binomial(n, p): the shorter tail is summed from its largest term until terms no longer count.
pub(super) fn lower_tail(k: u64, n: u64, p: f64) -> f64 {
    if k >= n || p <= 0.0 {
        return 1.0;
    }
    if p >= 1.0 {
        return 0.0;
    }
    let odds = p / (1.0 - p);
    if k as f64 <= n as f64 * p {
        let ratio = |i: u64| i as f64 / ((n - i + 1) as f64 * odds);
        sum_falling(mass(k, n, p), (1..=k).rev().map(ratio))
    } else {
        let ratio = |i: u64| (n - i) as f64 * odds / (i + 1) as f64;
        1.0 - sum_falling(mass(k + 1, n, p), (k + 1..n).map(ratio))
    }
}

/// The sum of a first term and of the terms that follow from it by falling ratios.
fn sum_falling(first: f64, ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut term) = (first, first);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term <= sum * 1e-18 {
            break;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

    #[test]
    fn masses_and_tails_agree_with_statrs() {
        for n in [1u64, 2, 9, 60, 1000, 20_000] {
            for p in [0.001, 0.05, 0.3, 0.5, 0.9, 0.999] {
                let oracle = Binomial::new(p, n).unwrap();
                for k in (0..=n).step_by(1 + n as usize / 50) {
                    let (found, expected) = (mass(k, n, p), oracle.pmf(k));
                    assert!(
                        (found - expected).abs() <= expected * 1e-9 + 1e-300,
                        "{k} {n} {p} {found} {expected}"
                    );
                    let (found, expected) = (lower_tail(k, n, p), oracle.cdf(k));
                    assert!((found - expected).abs() <= 1e-11, "{k} {n} {p} {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn masses_of_a_million_million_trials_follow_poisson() {
        let n = 1u64 << 40;
        let mut expected = libm::exp(-3.0);
        for k in 0..20 {
            let found = mass(k, n, 3.0 / n as f64);
            assert!((found / expected - 1.0).abs() < 1e-9, "{k} {found} {expected}");
            expected *= 3.0 / (k + 1) as f64;
        }
    }

    /// ln n! − ln(sqrt(2πn)(n/e)^n), computed with 50 digits.
    #[test]
    fn stirling_errors_are_those_of_many_digits() {
        let known = [
            (1.0, 0.081_061_466_795_327_26),
            (2.0, 0.041_340_695_955_409_29),
            (10.0, 0.008_330_563_433_362_87),
            (15.0, 0.005_554_733_551_962_801),
            (16.0, 0.005_207_655_919_609_64),
            (17.0, 0.004_901_395_948_434_738),
            (20.0, 0.004_166_319_691_996_922),
            (1000.0, 0.000_083_333_330_555_556_35),
        ];
        for (n, expected) in known {
            let room = if n > 15.0 { 1e-15 } else { 1e-13 };
            assert!((stirling_error(n) - expected).abs() < room, "{n}");
        }
    }

    /// x ln(x/m) + m − x, computed with 50 digits: near the mean, where terms cancel, and far from it, where a series is slow.
    #[test]
    fn deviances_are_those_of_many_digits() {
        let known = [
            (1.0, 1.007_812_5, 3.035_955_794_505_105e-5),
            (2.0, 2.031_25, 2.416_269_280_694_917e-4),
            (10.0, 10.5, 0.012_098_358_305_679_97),
            (1000.0, 999.5, 1.250_416_822_979_192_7e-4),
            (1e6, 1.001e6, 0.499_666_916_466_833_2),
            (10.0, 8.0, 0.231_435_513_142_097_56),
            (10.0, 13.0, 0.376_357_355_325_089_5),
            (3.0, 30.0, 20.092_244_721_017_863),
            (100.0, 1e6, 998_978.965_962_802_4),
        ];
        for (x, m, expected) in known {
            let found = deviance(x, m);
            assert!((found / expected - 1.0).abs() < 4e-15, "{x} {m} {found}");
        }
    }

    #[test]
    fn small_cases_are_exact_fractions() {
        assert!((mass(2, 4, 0.5) - 0.375).abs() < 1e-15);
        assert!((lower_tail(1, 3, 0.25) - 54.0 / 64.0).abs() < 1e-15);
        assert!((lower_tail(2, 3, 0.25) - 63.0 / 64.0).abs() < 1e-15);
    }
}
