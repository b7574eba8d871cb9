//! Counts of people who are alike: beta-binomial counts by exact inversion, K = min{k : F(k; n, p, ρ) ≥ u}.
//!
//! Given its mean rate p and the correlation ρ between two people, a count of n people has
//!
//!   P(k) = C(n, k) · B(k + a, n − k + b) / B(a, b), a = p·(1/ρ − 1), b = (1 − p)·(1/ρ − 1)
//!
//! (Skellam 1948). Neighbouring probabilities have the ratio P(k+1)/P(k) = (n−k)(a+k) / ((k+1)(b+n−k−1)), so that + − × ÷
//! are enough: no table, and the rate and the correlation may differ from trial to trial.

use super::binomial;

/// Weights this small beside their sum change no count.
const NOTHING: f64 = 1e-20;

/// The weights of the counts relative to that of a middle one.
#[derive(Clone, Copy)]
struct Weights {
    n: f64,
    a: f64,
    b: f64,
}

impl Weights {
    /// The weight of k + 1 beside that of k.
    fn up(self, k: f64) -> f64 {
        (self.n - k) * (self.a + k) / ((k + 1.0) * (self.b + self.n - k - 1.0))
    }

    /// Whether weights fall from the middle to both ends, so that a small one ends a sum.
    fn falls(self) -> bool {
        self.a >= 1.0 && self.b >= 1.0
    }

    /// The sum from the middle to an end, without the middle; `towards_all` goes up.
    fn side(self, middle: f64, towards_all: bool) -> f64 {
        let (mut k, mut weight, mut sum) = (middle, 1.0, 0.0);
        while if towards_all { k < self.n } else { k > 0.0 } {
            if towards_all {
                weight *= self.up(k);
                k += 1.0;
            } else {
                k -= 1.0;
                weight /= self.up(k);
            }
            sum += weight;
            if self.falls() && weight < NOTHING * (1.0 + sum) {
                break;
            }
        }
        sum
    }
}

/// The count of `n` people at rate `p` with correlation `rho` at the uniform `u`; rises with `u`.
///
/// `p` and `rho` outside [0, 1] count as the nearer end. Takes time in proportion to the spread of the count.
#[must_use]
pub fn invert(u: f64, n: u32, p: f64, rho: f64) -> u32 {
    if !(rho > 0.0 && p > 0.0 && p < 1.0) || n == 0 {
        return binomial::invert(u, n, p);
    }
    if rho >= 1.0 {
        return if u > 1.0 - p { n } else { 0 };
    }
    let spread = 1.0 / rho - 1.0;
    let weights = Weights { n: f64::from(n), a: p * spread, b: (1.0 - p) * spread };
    let middle = (weights.n * p).floor();
    let (below, above) = (weights.side(middle, false), weights.side(middle, true));
    let target = u * (below + 1.0 + above);
    let (mut k, mut weight) = (middle, 1.0);
    if target <= below + 1.0 {
        // What is left at and below k, until the next count down holds the target.
        let mut left = below + 1.0;
        while k > 0.0 && left - weight >= target {
            left -= weight;
            k -= 1.0;
            weight /= weights.up(k);
        }
    } else {
        let mut reached = below + 1.0;
        while k < weights.n && reached < target {
            weight *= weights.up(k);
            k += 1.0;
            reached += weight;
            if weights.falls() && weight < NOTHING * reached {
                break;
            }
        }
    }
    k as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use statrs::function::beta::ln_beta;
    use statrs::function::factorial::ln_binomial;

    fn mass(k: u32, n: u32, p: f64, rho: f64) -> f64 {
        let (a, b) = (p * (1.0 / rho - 1.0), (1.0 - p) * (1.0 / rho - 1.0));
        let (x, y) = (f64::from(k) + a, f64::from(n - k) + b);
        (ln_binomial(u64::from(n), u64::from(k)) + ln_beta(x, y) - ln_beta(a, b)).exp()
    }

    proptest! {
        #[test]
        fn a_count_is_the_first_whose_distribution_reaches_the_uniform(
            u in 0.0005f64..0.9995, n in 1u32..120, p in 0.01f64..0.99, rho in 0.001f64..0.9,
        ) {
            let below = |k: u32| (0..k).map(|j| mass(j, n, p, rho)).sum::<f64>();
            let k = invert(u, n, p, rho);
            prop_assert!(below(k) < u + 1e-9 && below(k + 1) > u - 1e-9, "{k}");
        }

        #[test]
        fn counts_rise_with_the_uniform_and_the_rate(
            u in 0.001f64..0.999, n in 1u32..200, p in 0.01f64..0.98, rho in 0.001f64..0.9,
        ) {
            prop_assert!(invert(u, n, p, rho) <= invert(u + 0.0009, n, p, rho));
            prop_assert!(invert(u, n, p, rho) <= invert(u, n, p + 0.01, rho));
        }
    }

    /// A correlation of 1/3 at a rate of a half makes the counts 0 to n equally likely, to the bit.
    #[test]
    fn a_step_belongs_to_the_count_that_reaches_it() {
        for n in [3u32, 7, 15, 31] {
            for k in 0..n {
                let step = f64::from(k + 1) / f64::from(n + 1);
                assert_eq!(invert(step, n, 0.5, 1.0 / 3.0), k, "{n}");
                assert_eq!(invert(step + 1e-9, n, 0.5, 1.0 / 3.0), k + 1, "{n}");
            }
        }
        assert_eq!(invert(0.5, 10, 0.5, 1.0), 0);
    }

    #[test]
    fn the_last_uniforms_stay_within_the_cohort() {
        for n in [1u32, 2, 10, 100, 1000] {
            for rate in 1..40 {
                for rho in [0.001, 0.02, 0.3, 0.5, 0.97] {
                    let last = invert(1.0 - 1.0 / (1u64 << 53) as f64, n, f64::from(rate) / 40.0, rho);
                    assert!(
                        last <= n
                            && invert(1.0 / (1u64 << 53) as f64, n, f64::from(rate) / 40.0, rho) <= last
                    );
                }
            }
        }
    }

    #[test]
    fn ends_are_binomial_or_all_or_nobody() {
        assert_eq!(invert(0.7, 50, 0.4, 0.0), binomial::invert(0.7, 50, 0.4));
        assert_eq!((invert(0.59, 50, 0.4, 1.0), invert(0.61, 50, 0.4, 1.0)), (0, 50));
        assert_eq!(
            (invert(0.5, 50, 0.0, 0.1), invert(0.5, 50, 1.0, 0.1), invert(0.5, 0, 0.5, 0.1)),
            (0, 50, 0)
        );
        // A large cohort nearly without correlation.
        assert!(invert(0.5, 100_000, 0.3, 1e-6).abs_diff(30_000) < 5);
    }
}
