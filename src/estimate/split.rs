//! Chance, shock and ignorance: which part of the variance of a figure is of which kind.
//!
//! With Y′ the figure of the same trial under a second stream of chance on the same inputs, Cov(Y, Y′) is the variance of
//! E[Y | inputs] (law of total variance): ignorance and shock together; what is left is chance. With Y″ the figure of other
//! inputs and chance under the same shocks, Cov(Y, Y″) is the variance of E[Y | shocks]: shock. Ignorance is the difference of
//! the two, what interacts with shocks included. It holds whatever the contract does to amounts; quantiles have no such split.
//!
//! Cov(Y, Y′) is estimated as V − E(Y − Y′)²/2, and Cov(Y, Y″) as the first-order index of shocks ([`super::sobol`]).

use super::sobol::indices;
use super::{batches, batches::BATCHES};
use crate::measure::Estimate;

/// Shares of the variance; they add up to one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Split {
    /// Which people succeed, and noise of measurement.
    pub chance: Estimate,
    /// What happens to everyone at once.
    pub shock: Estimate,
    /// What we do not know.
    pub ignorance: Estimate,
}

/// Splits the variance of `a`: `rechanced` has its inputs and another chance; `b` is independent of it, and `reshocked` is `b`
/// under the shocks of `a`. Nothing where the figure never varies, or
/// with too few trials for an interval.
#[must_use]
pub fn split(a: &[f64], rechanced: &[f64], b: &[f64], reshocked: &[f64]) -> Option<Split> {
    let whole = shares(a, rechanced, b, reshocked)?;
    let part = |batch: usize| {
        let of = |series: &[f64]| batches::of(series, batch).collect::<Vec<_>>();
        // A batch in which nothing varies has no split, and then there is no interval.
        shares(&of(a), &of(rechanced), &of(b), &of(reshocked)).unwrap_or([f64::NAN; 3])
    };
    let enough = a.len() >= 8 * BATCHES;
    let parts: Vec<[f64; 3]> = if enough { (0..BATCHES).map(part).collect() } else { Vec::new() };
    let of = |kind: usize| {
        let each: Vec<f64> = parts.iter().map(|part| part[kind]).collect();
        Estimate { value: whole[kind], interval: batches::interval(whole[kind], &each) }
    };
    // No share without its interval.
    let found = Split { chance: of(0), shock: of(1), ignorance: of(2) };
    [found.chance, found.shock, found.ignorance].iter().all(|e| e.interval.is_some()).then_some(found)
}

fn shares(a: &[f64], rechanced: &[f64], b: &[f64], reshocked: &[f64]) -> Option<[f64; 3]> {
    let chance = indices(a, b, rechanced)?.total.value;
    // From the side of b: reshocked is b with the shocks of a.
    let shock = indices(b, a, reshocked)?.first.value;
    Some([chance, shock, 1.0 - chance - shock])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::test_words::Words;

    /// A shock and an unknown number of equal weight, and noise of twice their variance together.
    #[test]
    fn a_sum_is_split_into_its_parts() {
        let mut words = Words(9);
        let mut draw = |spread: f64| -> Vec<f64> {
            (0..20_000).map(|_| spread * 12f64.sqrt() * (words.uniform() - 0.5)).collect()
        };
        let (shock, other_shock) = (draw(1.0), draw(1.0));
        let (unknown, other_unknown) = (draw(1.0), draw(1.0));
        let (noise, other_noise) = (draw(2.0), draw(2.0));
        let sum = |parts: [&Vec<f64>; 3]| -> Vec<f64> {
            (0..20_000).map(|t| parts.iter().map(|part| part[t]).sum()).collect()
        };
        let a = sum([&shock, &unknown, &noise]);
        let b = sum([&other_shock, &other_unknown, &other_noise]);
        let found = split(
            &a,
            &sum([&shock, &unknown, &other_noise]),
            &b,
            &sum([&shock, &other_unknown, &other_noise]),
        )
        .unwrap();
        for (estimate, truth) in
            [(found.chance, 4.0 / 6.0), (found.shock, 1.0 / 6.0), (found.ignorance, 1.0 / 6.0)]
        {
            let (low, high) = estimate.interval.unwrap();
            let half = (high - low) / 2.0;
            assert!((estimate.value - truth).abs() < 1.5 * half && half < 0.05, "{estimate:?} {truth}");
        }
        let whole = found.chance.value + found.shock.value + found.ignorance.value;
        assert!((whole - 1.0).abs() < 1e-12);
    }

    #[test]
    fn what_never_varies_has_no_split() {
        assert_eq!(split(&[1.0; 10], &[1.0; 10], &[1.0; 10], &[1.0; 10]), None);
    }
}
