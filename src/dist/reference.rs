//! The reference sampler: draws by plain textbook means, a second way to the same figures for checks and benches.

use super::bounded::Cut;
use super::{Bounded, Distribution, Law, Tails};
use rand::{Rng, RngExt};
use rand_distr::{Beta, LogNormal, Normal, Pert, StandardNormal, Triangular, Uniform};

/// Below this acceptance rejection is given up for inversion.
const LEAST_ACCEPTANCE: f64 = 0.01;

/// A distribution, bounded or not, drawn from with `rand_distr`; bounds by rejection.
///
/// By inversion where fewer than one draw in a hundred would be kept, and for choices. The bits of these draws may
/// differ between platforms and versions of `rand_distr`, so the default sampler never uses them.
#[derive(Clone, Debug)]
pub struct ReferenceSampler {
    textbook: Textbook,
    rejection: Option<Cut>,
}

#[derive(Clone, Debug)]
enum Textbook {
    Constant(f64),
    Uniform(Uniform<f64>),
    Triangular(Triangular<f64>),
    Pert(Pert<f64>),
    Beta(Beta<f64>),
    Normal(Normal<f64>),
    LogNormal(LogNormal<f64>),
    /// Two halves of a normal, by the score.
    Range(super::Range),
    Data(Vec<f64>),
    /// A part by its weight, then a draw of the part.
    Mixture(Vec<(f64, ReferenceSampler)>),
    Inversion(Bounded),
}

impl From<&Bounded> for ReferenceSampler {
    fn from(bounded: &Bounded) -> Self {
        let by_inversion = || Textbook::Inversion(bounded.clone());
        match bounded.cut() {
            Some(cut) if cut.masses().2 < LEAST_ACCEPTANCE => {
                Self { textbook: by_inversion(), rejection: None }
            }
            rejection => {
                let textbook = Textbook::of(bounded.distribution()).unwrap_or_else(by_inversion);
                Self { textbook, rejection }
            }
        }
    }
}

impl Textbook {
    /// The distribution of that name in `rand_distr`, where there is one that accepts the parameters.
    fn of(distribution: &Distribution) -> Option<Self> {
        match distribution {
            Distribution::Fixed(law) => Some(Self::Constant(law.value())),
            Distribution::Uniform(law) => {
                Uniform::new_inclusive(law.low(), law.high()).ok().map(Self::Uniform)
            }
            Distribution::Triangular(law) => {
                Triangular::new(law.low(), law.high(), law.mode()).ok().map(Self::Triangular)
            }
            Distribution::Pert(law) => {
                Pert::new(law.low(), law.high()).with_mode(law.mode()).ok().map(Self::Pert)
            }
            Distribution::Beta(law) => Beta::new(law.a(), law.b()).ok().map(Self::Beta),
            Distribution::Normal(law) => {
                Normal::new(law.mean(), law.standard_deviation()).ok().map(Self::Normal)
            }
            Distribution::LogNormal(law) => LogNormal::new(law.mu(), law.sigma()).ok().map(Self::LogNormal),
            Distribution::Range(law) => Some(Self::Range(*law)),
            Distribution::Empirical(law) => Some(Self::Data(law.data().to_vec())),
            Distribution::Mixture(law) => {
                let part = |(weight, part): &(f64, Bounded)| (*weight, ReferenceSampler::from(part));
                Some(Self::Mixture(law.parts().iter().map(part).collect()))
            }
            Distribution::Discrete(_) | Distribution::Metalog(_) => None,
        }
    }

    fn draw<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self {
            Self::Constant(value) => *value,
            Self::Uniform(law) => rng.sample(law),
            Self::Triangular(law) => rng.sample(law),
            Self::Pert(law) => rng.sample(law),
            Self::Beta(law) => rng.sample(law),
            Self::Normal(law) => rng.sample(law),
            Self::LogNormal(law) => rng.sample(law),
            Self::Range(law) => law.at_score(rng.sample(StandardNormal)),
            Self::Data(data) => data[rng.random_range(0..data.len())],
            Self::Mixture(parts) => {
                let mut left: f64 = rng.random();
                let chosen = parts.iter().find(|(weight, _)| {
                    left -= weight;
                    left < 0.0
                });
                chosen
                    .or(parts.last())
                    .map_or(f64::NAN, |(_, part)| rand_distr::Distribution::sample(part, rng))
            }
            Self::Inversion(law) => law.quantile(Tails::from_lower(rng.random())),
        }
    }
}

impl rand_distr::Distribution<f64> for ReferenceSampler {
    /// One independent draw.
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        loop {
            let value = self.textbook.draw(rng);
            if self.rejection.is_none_or(|cut| cut.keeps(value)) {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{every_kind, ks_distance, shipped};
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;
    use rand_distr::Distribution as _;

    const DRAWS: usize = 100_000;
    /// Kolmogorov's limit at level 0.0001 for 100 000 draws: sqrt(-ln(0.00005) / 2 / n).
    const LIMIT: f64 = 0.007_04;

    fn distance(drawn: &Bounded, law: &Bounded) -> f64 {
        let rng = Xoshiro256PlusPlus::seed_from_u64(20_261);
        ks_distance(law, ReferenceSampler::from(drawn).sample_iter(rng).take(DRAWS).collect())
    }

    #[test]
    fn draws_follow_the_law() {
        for (name, law) in every_kind().into_iter().chain(shipped()) {
            let distance = distance(&law, &law);
            assert!(distance < LIMIT, "{name}: {distance}");
        }
    }

    #[test]
    fn draws_of_another_law_are_told_apart() {
        let bounded = |law: Distribution| Bounded::from(law);
        let beta = |b| bounded(super::super::Beta::new(8.0, b).unwrap().into());
        assert!(distance(&beta(12.3), &beta(12.0)) > LIMIT);
        let normal = |sd| bounded(super::super::Normal::new(0.13, sd).unwrap().into());
        assert!(distance(&normal(0.0625), &normal(0.06)) > LIMIT);
    }
}
