//! Draws by plain textbook means: a second way to the same figures, for checks and benches.
//!
//! The bits of these draws may differ between platforms and versions of `rand_distr`; the default sampler never uses
//! them.

use super::{Bounded, Distribution, Law, Tails};
use rand::{Rng, RngExt};
use rand_distr::Distribution as _;

/// Below this acceptance rejection is given up for inversion.
const LEAST_ACCEPTANCE: f64 = 0.01;

impl Distribution {
    /// One independent draw.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let textbook = match self {
            Self::Fixed(law) => Some(law.value()),
            Self::Uniform(law) => {
                rand_distr::Uniform::new_inclusive(law.low(), law.high()).ok().map(|d| d.sample(rng))
            }
            Self::Triangular(law) => {
                rand_distr::Triangular::new(law.low(), law.high(), law.mode()).ok().map(|d| d.sample(rng))
            }
            Self::Pert(law) => {
                rand_distr::Pert::new(law.low(), law.high()).with_mode(law.mode()).ok().map(|d| d.sample(rng))
            }
            Self::Beta(law) => rand_distr::Beta::new(law.a(), law.b()).ok().map(|d| d.sample(rng)),
            Self::Normal(law) => {
                rand_distr::Normal::new(law.mean(), law.standard_deviation()).ok().map(|d| d.sample(rng))
            }
            Self::LogNormal(law) => {
                rand_distr::LogNormal::new(law.mu(), law.sigma()).ok().map(|d| d.sample(rng))
            }
            Self::Range(law) => Some(law.at_score(rand_distr::StandardNormal.sample(rng))),
            Self::Empirical(law) => Some(law.data()[rng.random_range(0..law.data().len())]),
            Self::Discrete(_) => None,
        };
        textbook.unwrap_or_else(|| self.quantile(Tails::from_lower(rng.random())))
    }
}

impl Bounded {
    /// One independent draw: by rejection, or by inversion where fewer than one draw in a hundred would be kept.
    pub fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let Some(cut) = self.cut() else { return self.distribution().sample(rng) };
        if cut.masses().2 < LEAST_ACCEPTANCE {
            return self.quantile(Tails::from_lower(rng.random()));
        }
        loop {
            let value = self.distribution().sample(rng);
            if cut.keeps(value) {
                return value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness::{every_kind, ks_distance, shipped};
    use super::super::{Beta, Normal};
    use super::*;
    use rand::SeedableRng;
    use rand::rngs::Xoshiro256PlusPlus;

    const DRAWS: usize = 100_000;
    /// Kolmogorov's limit at level 0.0001 for 100 000 draws: sqrt(-ln(0.00005) / 2 / n).
    const LIMIT: f64 = 0.007_04;

    fn distance(drawn: &Bounded, law: &Bounded) -> f64 {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(20_261);
        ks_distance(law, (0..DRAWS).map(|_| drawn.sample(&mut rng)).collect())
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
        let beta = |b| bounded(Beta::new(8.0, b).unwrap().into());
        assert!(distance(&beta(12.3), &beta(12.0)) > LIMIT);
        let normal = |sd| bounded(Normal::new(0.13, sd).unwrap().into());
        assert!(distance(&normal(0.0625), &normal(0.06)) > LIMIT);
    }
}
