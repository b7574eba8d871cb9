//! The exact inversion of the binomial distribution: the definition that every faster way must meet.
//!
//! Probabilities are those of Loader, "Fast and accurate computation of binomial probabilities" (2000): Stirling's
//! series and deviances, so that no large logarithms cancel. A tail is the sum of its terms from the largest one
//! outwards, each from the last by its ratio; ratios fall, so the rest is below a geometric series.

use std::cmp::Ordering;
use std::f64::consts::PI;

use super::proposal;

/// `K = min{k : F(k; n, p) >= u}` for K binomial of `n` trials with probability `p`, and `u` in (0, 1).
///
/// Each decision `F(k) >= u` compares the smaller tail, so that `u` near 1 is as exact as `u` near 0, and depends on
/// (k, n, p) alone apart from the comparison: the count never falls as `u` rises. Accuracy of the tails: about 1e-14
/// relative for hundreds, 1e-12 for a million.
///
/// `p` outside [0, 1] counts as the nearer end, and NaN as 0.
#[must_use]
pub fn invert(u: f64, n: u32, p: f64) -> u32 {
    let p = if p > 0.0 { p.min(1.0) } else { 0.0 };
    let law = Law { n: f64::from(n), p, q: 1.0 - p };
    if n == 0 || law.p <= 0.0 {
        return 0;
    }
    if law.q <= 0.0 {
        return n;
    }
    let guess = proposal::guess(u, law.n, law.p).clamp(0.0, law.n);
    search(guess as u32, n, |k| law.reaches(f64::from(k), u))
}

/// Whether `F(k; n, p) >= u`, for `k < n` and `p` in (0, 1): the decision that [`invert`] makes of each count.
pub(super) fn reaches(u: f64, k: u32, n: u32, p: f64) -> bool {
    Law { n: f64::from(n), p, q: 1.0 - p }.reaches(f64::from(k), u)
}

/// The least k in `0..=n` that `reached` holds for, where it holds for `n` and all k from some k on.
///
/// Brackets in doubling steps from `guess`, then halves: two decisions where the guess is right.
fn search(guess: u32, n: u32, reached: impl Fn(u32) -> bool) -> u32 {
    let reached = |k| k == n || reached(k);
    let (mut low, mut high); // not reached at low - 1, reached at high
    let mut step = 1;
    if reached(guess) {
        (low, high) = (0, guess);
        while high > 0 {
            let next = high.saturating_sub(step);
            if !reached(next) {
                low = next + 1;
                break;
            }
            high = next;
            step *= 2;
        }
    } else {
        (low, high) = (guess + 1, n);
        while low < n {
            let next = n.min(low.saturating_add(step - 1));
            if reached(next) {
                high = next;
                break;
            }
            low = next + 1;
            step *= 2;
        }
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if reached(middle) { high = middle } else { low = middle + 1 }
    }
    high
}

/// A binomial distribution with `n >= 1` and `p`, `q` above 0.
#[derive(Clone, Copy, Debug)]
struct Law {
    n: f64,
    p: f64,
    q: f64,
}

impl Law {
    /// Whether F(k) >= u, for `k < n`.
    fn reaches(self, k: f64, u: f64) -> bool {
        if k + 1.0 <= (self.n + 1.0) * self.p {
            // The lower tail is the upper tail of the failures.
            let failures = Self { n: self.n, p: self.q, q: self.p };
            failures.compare_tail(self.n - k, u) != Ordering::Less
        } else {
            self.compare_tail(k + 1.0, 1.0 - u) != Ordering::Greater
        }
    }

    /// Compares P(K >= first) with `target`, for `first` at or above the mode.
    ///
    /// Stops as soon as the sum so far, or the bound on the rest, decides; neither can contradict the full sum.
    fn compare_tail(self, first: f64, target: f64) -> Ordering {
        let target = target / self.mass(first);
        let odds = self.p / self.q;
        let (mut sum, mut term, mut k) = (1.0, 1.0, first);
        while sum <= target {
            let ratio = odds * (self.n - k) / (k + 1.0);
            term *= ratio;
            // The rest is below term / (1 - ratio); multiplied out, to divide only once a term.
            if term < (target * (1.0 - 1e-12) - sum) * (1.0 - ratio) {
                return Ordering::Less;
            }
            if term <= sum * (1.0 - ratio) * 1e-17 {
                return sum.total_cmp(&target);
            }
            sum += term;
            k += 1.0;
        }
        Ordering::Greater
    }

    /// P(K = k) (Loader, equations 3 to 5).
    fn mass(self, k: f64) -> f64 {
        let Self { n, p, q } = self;
        if k <= 0.0 {
            return power(q, p, n);
        }
        if k >= n {
            return power(p, q, n);
        }
        let remainder = stirling_error(n) - stirling_error(k) - stirling_error(n - k);
        let exponent = remainder - deviance(k, n * p) - deviance(n - k, n * q);
        libm::exp(exponent) * libm::sqrt(n / (2.0 * PI * k * (n - k)))
    }
}

/// `base^n`, where `complement = 1 - base` is the more accurate of the two if it is small.
fn power(base: f64, complement: f64, n: f64) -> f64 {
    let logarithm = if complement < 0.5 { libm::log1p(-complement) } else { libm::log(base) };
    libm::exp(n * logarithm)
}

/// The deviance `x ln(x / mean) + mean - x` (Loader's bd0, equation 5.2), by series where the terms would cancel.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * libm::log(x / mean) - difference;
    }
    let v = difference / (x + mean);
    let mut power = 2.0 * x * v;
    let mut sum = difference * v;
    let mut divisor = 3.0;
    loop {
        power *= v * v;
        let next = sum + power / divisor;
        if next.to_bits() == sum.to_bits() {
            return sum;
        }
        sum = next;
        divisor += 2.0;
    }
}

/// `ln k! - ln(sqrt(2 pi k) (k/e)^k)` for `k` from 1 to 15, computed with 40 digits.
const STIRLING_ERRORS: [f64; 15] = [
    0.081_061_466_795_327_26,
    0.041_340_695_955_409_29,
    0.027_677_925_684_998_34,
    0.020_790_672_103_765_093,
    0.016_644_691_189_821_193,
    0.013_876_128_823_070_748,
    0.011_896_709_945_891_77,
    0.010_411_265_261_972_096,
    0.009_255_462_182_712_733,
    0.008_330_563_433_362_87,
    0.007_573_675_487_951_841,
    0.006_942_840_107_209_53,
    0.006_408_994_188_004_207,
    0.005_951_370_112_758_848,
    0.005_554_733_551_962_801,
];

/// `ln k! - ln(sqrt(2 pi k) (k/e)^k)`: the table, then Stirling's series (Abramowitz and Stegun 6.1.40).
fn stirling_error(k: f64) -> f64 {
    if let Some(error) = STIRLING_ERRORS.get((k as usize).wrapping_sub(1)) {
        return *error;
    }
    let r = 1.0 / (k * k);
    (1.0 / 12.0 - r * (1.0 / 360.0 - r * (1.0 / 1260.0 - r * (1.0 / 1680.0 - r / 1188.0)))) / k
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::search;

    /// Two decisions where the guess is right or one too low, and two for every doubling of what it is off by.
    #[test]
    fn a_search_takes_few_decisions() {
        let target = 1_000_000_u32;
        for (off, most) in [(0, 2), (1, 4), (-1, 2), (-3, 4), (1000, 20), (-1000, 20)] {
            let decisions = Cell::new(0);
            let found = search(target.saturating_add_signed(off), u32::MAX, |k| {
                decisions.set(decisions.get() + 1);
                k >= target
            });
            assert_eq!(found, target);
            assert!(decisions.get() <= most, "off by {off}: {}", decisions.get());
        }
    }
}
