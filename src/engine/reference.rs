//! The reference sampler: the same plan with plain textbook draws, a second way to the same figures.
//!
//! Bits may differ between platforms and versions of `rand_distr`; nothing of the default sampler depends on it.

use rand_distr::{Beta, Binomial, Distribution as _, StandardNormal};

use super::plan::Law as Input;
use crate::dist::{Feed, Law as _, Tails};
use crate::draw::address::{PAGE, Stream};

/// Standard normal scores by `rand_distr`.
pub(crate) fn scores(stream: &Stream, page: u64, out: &mut [f64; PAGE]) {
    for (lane, score) in out.iter_mut().enumerate() {
        *score = StandardNormal.sample(&mut stream.rng(trial(page, lane)));
    }
}

/// An independent input by its textbook sampler.
pub(crate) fn sample(law: &Input, stream: &Stream, page: u64, out: &mut [f64; PAGE]) {
    for (lane, value) in out.iter_mut().enumerate() {
        *value = law.reference.sample(&mut stream.rng(trial(page, lane)));
    }
}

/// A correlated input: the exact quantile at its score, or at its uniform.
pub(crate) fn quantile(law: &Input, from: &[f64; PAGE], out: &mut [f64; PAGE]) {
    for (value, from) in out.iter_mut().zip(from) {
        let tails = match law.sampler.feed() {
            Feed::Score => Tails::from_score(*from),
            _ => Tails::from_lower(*from),
        };
        *value = law.bounded.quantile(tails);
    }
}

/// Binomial counts by `rand_distr`.
pub(crate) fn counts(
    stream: &Stream,
    page: u64,
    of: &[i64; PAGE],
    rate: &[f64; PAGE],
    out: &mut [i64; PAGE],
) {
    for lane in 0..PAGE {
        let mut rng = stream.rng(trial(page, lane));
        let drawn =
            Binomial::new(of[lane] as u64, rate[lane].clamp(0.0, 1.0)).map(|law| law.sample(&mut rng));
        // A rate within 0 and 1 is always accepted; nobody reaches it otherwise.
        out[lane] = drawn.map_or(0, |count| count as i64);
    }
}

/// Beta-binomial counts by `rand_distr`: a rate for the group, then a count.
pub(crate) fn clustered_counts(
    stream: &Stream,
    page: u64,
    of: &[i64; PAGE],
    (rate, alike): (&[f64; PAGE], &[f64; PAGE]),
    out: &mut [i64; PAGE],
) {
    for lane in 0..PAGE {
        let mut rng = stream.rng(trial(page, lane));
        let (p, spread) = (rate[lane].clamp(0.0, 1.0), 1.0 / alike[lane] - 1.0);
        // Without correlation, or at an end, the group has the rate itself.
        let group = Beta::new(p * spread, (1.0 - p) * spread).map_or(p, |law| law.sample(&mut rng));
        let drawn = Binomial::new(of[lane] as u64, group).map(|law| law.sample(&mut rng));
        out[lane] = drawn.map_or(0, |count| count as i64);
    }
}

fn trial(page: u64, lane: usize) -> u64 {
    page * PAGE as u64 + lane as u64
}
