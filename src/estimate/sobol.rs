//! Sobol indices of a driver by pick-freeze: how much of the variance it brings alone, and with all it interacts with.
//!
//! With two independent samples A and B of all drivers, and C the trials of A whose driver i is that of B,
//!
//! ```text
//! first order  S  = E[f(B)·(f(C) − f(A))] / V     Saltelli and others, Computer Physics Communications 181, 2010, table 2 (b)
//! total order  ST = E[(f(A) − f(C))²] / (2 V)     Jansen, Computer Physics Communications 117, 1999
//! ```
//!
//! V the variance over A and B together. f(B) stands for its distance from the common mean, which changes no expectation and
//! takes the size of the mean out of the error. Both hold for independent drivers, or groups of them that are independent of the
//! rest. Intervals are those of 32 batches ([`super::batches`]).

use super::batches::{self, BATCHES};
use crate::measure::Estimate;

/// First and total order of a driver; nothing where the figure never varies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Indices {
    /// The share of the variance that goes when the driver is known, on average.
    pub first: Estimate,
    /// The share of the variance that stays when everything else is known, on average.
    pub total: Estimate,
}

/// Sums over trials from which the indices are read.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    trials: f64,
    /// Σ a + b and Σ a² + b², from the common mean.
    values: f64,
    squares: f64,
    /// Σ b (c − a) and Σ (a − c)².
    first: f64,
    total: f64,
}

impl Sums {
    fn plus(self, other: &Self) -> Self {
        Self {
            trials: self.trials + other.trials,
            values: self.values + other.values,
            squares: self.squares + other.squares,
            first: self.first + other.first,
            total: self.total + other.total,
        }
    }

    fn variance(&self) -> f64 {
        let n = 2.0 * self.trials;
        let mean = self.values / n;
        self.squares / n - mean * mean
    }

    fn first(&self) -> f64 {
        self.first / self.trials / self.variance()
    }

    fn total(&self) -> f64 {
        self.total / (2.0 * self.trials) / self.variance()
    }
}

/// The indices of the driver that `c` takes from `b` and all else from `a`; one value a trial.
#[must_use]
pub fn indices(a: &[f64], b: &[f64], c: &[f64]) -> Option<Indices> {
    let batches = sums(a, b, c);
    let all = batches.iter().fold(Sums::default(), Sums::plus);
    if !(all.variance() > 0.0) {
        return None;
    }
    let enough = a.len() >= 8 * BATCHES;
    let of = |read: fn(&Sums) -> f64| {
        let value = read(&all);
        let each: Vec<f64> = batches.iter().map(read).collect();
        Estimate { value, interval: if enough { batches::interval(value, &each) } else { None } }
    };
    Some(Indices { first: of(Sums::first), total: of(Sums::total) })
}

fn sums(a: &[f64], b: &[f64], c: &[f64]) -> [Sums; BATCHES] {
    let centre = mean(a).midpoint(mean(b));
    let mut batches = [Sums::default(); BATCHES];
    for (trial, ((a, b), c)) in a.iter().zip(b).zip(c).enumerate() {
        let (a, b, c) = (a - centre, b - centre, c - centre);
        let sums = &mut batches[trial % BATCHES];
        sums.trials += 1.0;
        sums.values += a + b;
        sums.squares += a * a + b * b;
        sums.first += b * (c - a);
        sums.total += (a - c) * (a - c);
    }
    batches
}

fn mean(series: &[f64]) -> f64 {
    series.iter().sum::<f64>() / series.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::test_words::Words;

    const TRIALS: usize = 40_000;

    /// The indices of every driver of a function of independent uniforms.
    fn all<const N: usize>(f: impl Fn(&[f64; N]) -> f64, seed: u64) -> Vec<Indices> {
        let mut words = Words(seed);
        let mut draw =
            || -> Vec<[f64; N]> { (0..TRIALS).map(|_| [(); N].map(|()| words.uniform())).collect() };
        let (a, b) = (draw(), draw());
        let run = |points: &[[f64; N]]| points.iter().map(&f).collect::<Vec<f64>>();
        let driver = |i: usize| {
            let mix = a.iter().zip(&b).map(|(a, b)| {
                let mut point = *a;
                point[i] = b[i];
                point
            });
            indices(&run(&a), &run(&b), &run(&mix.collect::<Vec<_>>())).unwrap()
        };
        (0..N).map(driver).collect()
    }

    fn check(found: &[Indices], first: &[f64], total: &[f64], most: f64) {
        for (i, indices) in found.iter().enumerate() {
            for (estimate, truth) in [(indices.first, first[i]), (indices.total, total[i])] {
                let (low, high) = estimate.interval.unwrap();
                let half = (high - low) / 2.0;
                assert!(
                    (estimate.value - truth).abs() <= 1.5 * half + 1e-12,
                    "driver {i}: {estimate:?} {truth}"
                );
                assert!(half < most, "driver {i}: {half}");
            }
        }
    }

    /// sin x + 7 sin² y + 0.1 z⁴ sin x on (−π, π)³ (Ishigami and Homma, ISUMA 1990; Saltelli and others 2000).
    #[test]
    fn ishigami() {
        let pi = std::f64::consts::PI;
        let angle = move |u: f64| pi * (2.0 * u - 1.0);
        let function = move |u: &[f64; 3]| {
            let [x, y, z] = u.map(angle);
            x.sin() + 7.0 * y.sin() * y.sin() + 0.1 * z.powi(4) * x.sin()
        };
        let found = all(function, 1);
        let (first, total) = ([0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]);
        check(&found, &first, &total, 0.03);
        // The twin: another function, with 5 in place of 7, is told apart.
        let twin = all(move |u: &[f64; 3]| function(u) - 2.0 * angle(u[1]).sin() * angle(u[1]).sin(), 1);
        let (low, high) = twin[1].first.interval.unwrap();
        assert!(!(low..=high).contains(&first[1]), "{:?}", twin[1].first);
    }

    /// Π (|4u − 2| + a)/(1 + a) (Sobol, Mathematics and Computers in Simulation 55, 2001): the variance of a factor is 1/(3 (1 + a)²).
    #[test]
    fn sobol_g() {
        let a = [0.0, 1.0, 4.5, 9.0, 99.0];
        let function = move |u: &[f64; 5]| {
            u.iter().zip(a).map(|(u, a)| ((4.0 * u - 2.0).abs() + a) / (1.0 + a)).product::<f64>()
        };
        let own = a.map(|a| 1.0 / (3.0 * (1.0 + a) * (1.0 + a)));
        let whole: f64 = own.iter().map(|v| 1.0 + v).product();
        let first = own.map(|v| v / (whole - 1.0));
        let total = own.map(|v| v * whole / (1.0 + v) / (whole - 1.0));
        check(&all(function, 2), &first, &total, 0.03);
    }

    #[test]
    fn what_never_varies_has_no_indices() {
        let same = [7.0; 300];
        assert_eq!(indices(&same, &same, &same), None);
    }

    #[test]
    fn a_driver_that_is_everything_and_one_that_is_nothing() {
        let mut words = Words(5);
        let [a, b]: [Vec<f64>; 2] = [0, 1].map(|_| (0..1_000).map(|_| words.uniform()).collect());
        let nothing = indices(&a, &b, &a).unwrap();
        assert_eq!((nothing.first.value, nothing.total.value), (0.0, 0.0));
        assert_eq!((nothing.first.interval, nothing.total.interval), (Some((0.0, 0.0)), Some((0.0, 0.0))));
        let everything = indices(&a, &b, &b).unwrap();
        assert!((everything.first.value - 1.0).abs() < 0.1 && (everything.total.value - 1.0).abs() < 0.1);
    }
}
