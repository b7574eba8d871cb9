//! The compiled form of a distribution: what a run evaluates, with + − × and square roots only.

use super::bounded::Cut;
use super::pieces::Pieces;
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
    /// Quantiles that jump or stand still at some scores.
    Pieces(Pieces),
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
            Distribution::Mixture(law) => Form::Pieces(Pieces::of(law)),
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
            Form::Score(_) | Form::Pieces(_) => Feed::Score,
            _ => Feed::Uniform,
        }
    }

    /// The smallest and the largest value that can come out, both finite.
    pub fn support(&self) -> (f64, f64) {
        let ends = |values: &[f64]| (values[0], values[values.len() - 1]);
        match &self.form {
            Form::Constant(value) => (*value, *value),
            Form::Score(table) => table.range(),
            Form::Pieces(pieces) => pieces.range(),
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
            Form::Pieces(pieces) => map(z, out, |z| pieces.value(z)),
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
            Form::Pieces(pieces) => map(u, out, |u| pieces.value(Tails::from_lower(u).score())),
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

    const STABLE: &str = "
fixed: 2 2 2
uniform: -0.9619458400507748 1.1593113464491944 2.565594185852881
uniform cut: 0.019027079974612587 1.0796556732245972 1.7827970929264405
triangular: 1.1689396932692815 2.338364365955578 3.192777155166754
triangular cut: 1.2518001357600377 2.1933326139359544 2.7613236292715695
triangular cut above its mode: 2.507152206342334 2.982460139541291 3.5056789803601767
discrete: 0 1 5
discrete cut: 1 1 5
empirical: 1 3 9
empirical cut: 1 2 4
normal far out: 3.0028418289833283 3.2211966957560962 3.5754206899520833
mixture of bells: -1.9998082544809586 1.3919808584256055 3.5219209990804217
mixture with a known part: -0.08270194301386462 0.09168731987016136 0.19096104432180724
mixture with a gap: 0.02378384784154191 3.427270342469755 6.75981484972867
beta 8 8: 0.22691363017396407 0.512694660301828 0.6528897907841225
beta 8 12: 0.17185534977862488 0.4077104254845762 0.5359566791354964
beta 11 9: 0.2962153046650189 0.5629395184690007 0.6853308125769265
beta mean 0.77: 0.594993935202242 0.7814398260379425 0.850348442826348
beta mean 0.46: 0.2574146799601781 0.46832401758657766 0.5728794866570034
beta 18 27: 0.23958969152433826 0.4058588682901567 0.49060213000491315
beta 0.7 2: 0.0006065402499492694 0.22284805433924537 0.5932330464457638
pert referrals: 191.9400985800269 292.70243979026253 331.6431187797763
pert answers: 0.5962228688448513 0.7510096167966982 0.8257753511836841
pert mode at the end: 85.91234389165899 93.25996305603125 94.65904383422749
normal: -0.010700000000000046 0.13599999999999998 0.20404
log-normal: 13250.167388795902 21022.24885296276 26040.675279553783
range plain: -0.11957758670476755 0.10468182487643428 0.15777371897519893
range log: 84.39031118351451 304.29849202057306 357.5728250217989
range logit: 0.09973258038135427 0.40761672944438987 0.4962389072892238
range of 90 %: 0.263544274023989 0.401818697441074 0.47356976683562907
metalog: 0.15672455732200774 0.42712127155083357 0.4970580754520656
metalog between bounds: 0.18542813262776986 0.4273378492680968 0.4971365584393111
metalog above a bound: 0.198363199621592 0.427616376514957 0.49718808735547154
metalog below a bound: 0.12860535424386857 0.4269646036198982 0.4970844358413215
normal not below 0: 0.011884226754232997 0.13705336627740936 0.204572061359023
";

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

    /// Bits that must not change by themselves: another value here breaks every published figure.
    #[test]
    fn values_are_stable() {
        let fed = [-2.345, 0.1, 1.234];
        let found: Vec<String> = every_kind()
            .into_iter()
            .chain(shipped())
            .map(|(name, law)| {
                let mut out = [0.0; 3];
                Sampler::from(&law).fill_from_scores(&fed, &mut out);
                format!("{name}: {} {} {}", out[0], out[1], out[2])
            })
            .collect();
        assert_eq!(found.join("\n"), STABLE.trim());
    }
}
