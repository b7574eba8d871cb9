//! The compiled form of a distribution: what a run evaluates, with + − × and square roots only.

use super::bounded::Cut;
use super::{Bounded, Distribution, Law, ScoreTable, Tails, Triangular};
use std::sync::LazyLock;

/// What a [`Sampler`] wants to be fed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feed {
    /// Nothing: it is a constant.
    Nothing,
    /// Normal scores.
    Score,
    /// Uniforms in 0..1, 1 excluded.
    Uniform,
}

/// A distribution, bounded or not, made ready for a run.
///
/// Every form rises with what it is fed: a higher score or uniform never gives a lower value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampler {
    form: Form,
}

#[derive(Clone, Debug, PartialEq)]
enum Form {
    Constant(f64),
    /// Quantiles that are smooth in the score.
    Score(ScoreTable),
    Uniform {
        low: f64,
        high: f64,
    },
    /// Not a table, which would blur the corner at the mode and the ends.
    Triangular(Triangle),
    /// `values[i]` from `thresholds[i - 1]` up to `thresholds[i]`.
    Steps {
        thresholds: Vec<f64>,
        values: Vec<f64>,
    },
    /// Equally likely values, ascending.
    Points(Vec<f64>),
}

/// A triangular distribution with the linear map of u that truncates it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Triangle {
    low: f64,
    high: f64,
    /// Squared distance from the end per unit of tail, left and right.
    squares: (f64, f64),
    share_below_mode: f64,
    /// Probability cut off below and above, and left between.
    masses: (f64, f64, f64),
    /// The kept range.
    kept: (f64, f64),
}

/// Turns scores into uniforms, for laws with corners whose input depends on a factor.
static UNIFORM_OF_SCORE: LazyLock<ScoreTable> = LazyLock::new(ScoreTable::of_uniform);

impl From<&Bounded> for Sampler {
    fn from(bounded: &Bounded) -> Self {
        let form = match bounded.distribution() {
            Distribution::Fixed(law) => Form::Constant(law.value()),
            Distribution::Uniform(law) => Form::Uniform { low: law.low(), high: law.high() },
            Distribution::Triangular(law) => {
                Form::Triangular(Triangle::new(law, bounded.cut(), bounded.support()))
            }
            Distribution::Discrete(law) => {
                Form::Steps { thresholds: law.thresholds(), values: law.values().to_vec() }
            }
            Distribution::Empirical(law) => Form::Points(law.data().to_vec()),
            _ => Form::Score(ScoreTable::of(bounded)),
        };
        Self { form }
    }
}

impl Triangle {
    fn new(law: &Triangular, cut: Option<Cut>, kept: (f64, f64)) -> Self {
        Self {
            low: law.low(),
            high: law.high(),
            squares: law.squares(),
            share_below_mode: law.share_below_mode(),
            masses: cut.map_or((0.0, 0.0, 1.0), |cut| cut.masses()),
            kept,
        }
    }

    #[inline]
    fn value(&self, u: f64) -> f64 {
        let (below, above, between) = self.masses;
        let (lower, upper) = (below + u * between, above + (1.0 - u) * between);
        let rising = lower < self.share_below_mode;
        let distance = (if rising { lower * self.squares.0 } else { upper * self.squares.1 }).sqrt();
        let value = if rising { self.low + distance } else { self.high - distance };
        value.max(self.kept.0).min(self.kept.1)
    }
}

impl Sampler {
    /// What it wants to be fed; the other kind is understood too, but with a detour.
    pub fn feed(&self) -> Feed {
        match self.form {
            Form::Constant(_) => Feed::Nothing,
            Form::Score(_) => Feed::Score,
            _ => Feed::Uniform,
        }
    }

    /// The smallest and the largest value that can come out, both finite.
    pub fn support(&self) -> (f64, f64) {
        let ends = |values: &[f64]| (values[0], values[values.len() - 1]);
        match &self.form {
            Form::Constant(value) => (*value, *value),
            Form::Score(table) => table.range(),
            Form::Uniform { low, high } => (*low, *high),
            Form::Triangular(triangle) => triangle.kept,
            Form::Steps { values, .. } | Form::Points(values) => ends(values),
        }
    }

    /// The values at normal scores.
    ///
    /// Where it wants uniforms, they are read from a table of Φ (error below 1e-8), as an input that loads on a factor
    /// needs.
    pub fn fill_from_scores<const N: usize>(&self, z: &[f64; N], out: &mut [f64; N]) {
        match &self.form {
            Form::Score(table) => table.fill(z, out),
            Form::Constant(value) => out.fill(*value),
            _ => {
                let mut u = [0.0; N];
                UNIFORM_OF_SCORE.fill(z, &mut u);
                self.fill_from_uniforms(&u, out);
            }
        }
    }

    /// The values at uniforms in 0..1.
    ///
    /// Where it wants scores, each is computed from its uniform with `libm`, some hundred times slower than the
    /// table: for checks, not for runs.
    pub fn fill_from_uniforms<const N: usize>(&self, u: &[f64; N], out: &mut [f64; N]) {
        match &self.form {
            Form::Constant(value) => out.fill(*value),
            Form::Score(table) => map(u, out, |u| table.value(Tails::from_lower(u).score())),
            Form::Uniform { low, high } => map(u, out, |u| (low + u * (high - low)).min(*high)),
            Form::Triangular(triangle) => map(u, out, |u| triangle.value(u)),
            Form::Steps { thresholds, values } => {
                map(u, out, |u| values[thresholds.partition_point(|threshold| *threshold <= u)]);
            }
            Form::Points(values) => {
                let n = values.len() as f64;
                // The product may round up to n for the largest uniform.
                map(u, out, |u| values[((u * n) as usize).min(values.len() - 1)]);
            }
        }
    }
}

#[inline]
fn map<const N: usize>(from: &[f64; N], to: &mut [f64; N], value: impl Fn(f64) -> f64) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = value(*from);
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{every_kind, ks_distance, shipped, van_der_corput};
    use super::super::{Discrete, Empirical, Fixed, Normal};
    use super::*;

    const DRAWS: u32 = 100_000;

    /// Values of the sampler at 100 000 evenly spread uniforms.
    fn draws(sampler: &Sampler) -> Vec<f64> {
        let mut values = Vec::new();
        for start in (0..DRAWS).step_by(500) {
            let u: [f64; 500] = std::array::from_fn(|i| van_der_corput(start + i as u32));
            let mut out = [0.0; 500];
            if sampler.feed() == Feed::Score {
                sampler.fill_from_scores(&u.map(|u| Tails::from_lower(u).score()), &mut out);
            } else {
                sampler.fill_from_uniforms(&u, &mut out);
            }
            values.extend(out);
        }
        values
    }

    #[test]
    fn draws_follow_the_law() {
        for (name, law) in every_kind().into_iter().chain(shipped()) {
            // The discrepancy of 100 000 van der Corput points is below 1e-4.
            let distance = ks_distance(&law, draws(&Sampler::from(&law)));
            assert!(distance < 1e-4, "{name}: {distance:e}");
        }
    }

    #[test]
    fn draws_of_another_law_are_told_apart() {
        let law = Bounded::from(Distribution::from(Normal::new(0.0, 1.0).unwrap()));
        let wrong = Bounded::from(Distribution::from(Normal::new(0.001, 1.0).unwrap()));
        assert!(ks_distance(&law, draws(&Sampler::from(&wrong))) > 3e-4);
    }

    #[test]
    fn both_feeds_give_the_same_values() {
        for (name, law) in every_kind() {
            let sampler = Sampler::from(&law);
            let u: [f64; 512] = std::array::from_fn(|i| (i as f64 + 0.37) / 512.0);
            let (mut from_u, mut from_z) = ([0.0; 512], [0.0; 512]);
            sampler.fill_from_uniforms(&u, &mut from_u);
            sampler.fill_from_scores(&u.map(|u| Tails::from_lower(u).score()), &mut from_z);
            let (low, high) = sampler.support();
            for (a, b) in from_u.iter().zip(from_z) {
                assert!((a - b).abs() <= 1e-4 * (high - low), "{name}: {a} {b}");
                assert!((low..=high).contains(a), "{name}: {a}");
            }
        }
    }

    #[test]
    fn constants_and_steps_are_exact() {
        let value = |law: Distribution, u: f64| {
            let mut out = [0.0];
            Sampler::from(&Bounded::from(law)).fill_from_uniforms(&[u], &mut out);
            out[0].to_string()
        };
        let choice = || Discrete::new([(0.0, 0.25), (1.0, 0.5), (7.0, 0.25)]).unwrap().into();
        let largest = 1.0 - 0.5_f64.powi(53);
        for (u, expected) in
            [(0.0, "0"), (0.249, "0"), (0.25, "1"), (0.749, "1"), (0.75, "7"), (largest, "7")]
        {
            assert_eq!(value(choice(), u), expected);
        }
        let data = || Empirical::new([3.0, 1.0, 2.0]).unwrap().into();
        for (u, expected) in [(0.0, "1"), (0.34, "2"), (0.99, "3"), (largest, "3")] {
            assert_eq!(value(data(), u), expected);
        }
        assert_eq!(value(Fixed::new(4.5).unwrap().into(), 0.3), "4.5");
    }
}
