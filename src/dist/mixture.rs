//! A mixture: one of several distributions, each with its weight; also the pool of several experts' views.

use super::number::{NumberError, number};
use super::{Bounded, Law, Tails};

/// F(x) = Σ wᵢ Fᵢ(x): the linear opinion pool (Stone, Annals of Mathematical Statistics 32, 1961).
///
/// The quantile is found between the smallest and the largest of the parts' own, to the last bit.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    parts: Vec<(f64, Bounded)>,
}

/// Why a [`Mixture`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MixtureError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// There are fewer than two parts.
    #[error("a mixture has at least two parts; write the one distribution by itself")]
    Few,
    /// A weight is not positive.
    #[error("weight {0} is not above 0; leave out what has no weight")]
    Weight(f64),
}

impl Mixture {
    /// From distributions with weights, which are scaled to add up to 1.
    ///
    /// # Errors
    ///
    /// When there are fewer than two, or a weight is not positive and finite.
    pub fn new(parts: impl IntoIterator<Item = (f64, Bounded)>) -> Result<Self, MixtureError> {
        let mut parts: Vec<(f64, Bounded)> = parts.into_iter().collect();
        if parts.len() < 2 {
            return Err(MixtureError::Few);
        }
        for (weight, _) in &parts {
            if !(number("weight", *weight)? > 0.0) {
                return Err(MixtureError::Weight(*weight));
            }
        }
        let whole: f64 = parts.iter().map(|(weight, _)| weight).sum();
        parts.iter_mut().for_each(|(weight, _)| *weight /= whole);
        Ok(Self { parts })
    }

    /// Its parts with their weights, which add up to 1.
    pub fn parts(&self) -> &[(f64, Bounded)] {
        &self.parts
    }

    fn pooled(&self, tails: impl Fn(&Bounded) -> Tails) -> Tails {
        let (mut lower, mut upper) = (0.0, 0.0);
        for (weight, part) in &self.parts {
            let at = tails(part);
            lower += weight * at.lower();
            upper += weight * at.upper();
        }
        // Weights add up to 1 but for their last bits.
        Tails::from_both(lower.min(1.0), upper.min(1.0))
    }

    /// Where the quantile may jump, stand still or bend: ends, corners and single values of the parts, ascending.
    pub(super) fn corners(&self) -> Vec<f64> {
        let mut found = Vec::new();
        for (_, part) in &self.parts {
            let (low, high) = part.support();
            found.extend([low, high]);
            found.extend(part.kink().map(|kink| part.quantile(kink)));
            found.extend(part.atoms().into_iter().flatten().map(|(value, _)| value));
        }
        found.retain(|value| value.is_finite());
        found.sort_by(f64::total_cmp);
        found.dedup_by(|a, b| a.total_cmp(b).is_eq());
        found
    }
}

impl Law for Mixture {
    fn cdf(&self, x: f64) -> Tails {
        self.pooled(|part| part.cdf(x))
    }

    fn below(&self, x: f64) -> Tails {
        self.pooled(|part| part.below(x))
    }

    fn quantile(&self, at: Tails) -> f64 {
        let own = || self.parts.iter().map(|(_, part)| part.quantile(at));
        let mut low = own().fold(f64::INFINITY, f64::min);
        let mut high = own().fold(f64::NEG_INFINITY, f64::max);
        let beyond = |x: f64| {
            let found = self.cdf(x);
            if at.lower() <= at.upper() { found.lower() > at.lower() } else { found.upper() < at.upper() }
        };
        if !(low < high) || !low.is_finite() || !high.is_finite() {
            return if at.lower() <= at.upper() { low } else { high };
        }
        if beyond(low) {
            return low;
        }
        loop {
            let middle = 0.5 * low + 0.5 * high;
            if !(low < middle && middle < high) {
                return high;
            }
            if beyond(middle) { high = middle } else { low = middle }
        }
    }

    fn mean(&self) -> f64 {
        self.parts.iter().map(|(weight, part)| weight * part.mean()).sum()
    }

    /// Σ w (sd² + (mean − whole mean)²).
    fn standard_deviation(&self) -> f64 {
        let mean = self.mean();
        let square = |part: &Bounded| {
            let (sd, off) = (part.standard_deviation(), part.mean() - mean);
            sd * sd + off * off
        };
        self.parts.iter().map(|(weight, part)| weight * square(part)).sum::<f64>().sqrt()
    }

    fn support(&self) -> (f64, f64) {
        let ends = || self.parts.iter().map(|(_, part)| part.support());
        (
            ends().map(|(low, _)| low).fold(f64::INFINITY, f64::min),
            ends().map(|(_, high)| high).fold(f64::NEG_INFINITY, f64::max),
        )
    }

    /// Only when every part has finitely many values.
    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        let mut all = Vec::new();
        for (weight, part) in &self.parts {
            all.extend(part.atoms()?.into_iter().map(|(value, chance)| (value, weight * chance)));
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut merged: Vec<(f64, f64)> = Vec::new();
        for (value, chance) in all {
            match merged.last_mut() {
                Some((last, sum)) if last.total_cmp(&value).is_eq() => *sum += chance,
                _ => merged.push((value, chance)),
            }
        }
        Some(merged)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Beta, Discrete, Fixed, LogNormal, Normal, Pert, Uniform, harness};
    use super::*;
    use statrs::distribution::ContinuousCDF as _;

    fn bounded(law: impl Into<super::super::Distribution>) -> Bounded {
        Bounded::from(law.into())
    }

    fn normals() -> Mixture {
        let parts = [(0.3, Normal::new(-1.0, 0.5).unwrap()), (0.7, Normal::new(2.0, 1.5).unwrap())];
        Mixture::new(parts.map(|(weight, law)| (weight, bounded(law)))).unwrap()
    }

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        harness::check_to(&normals(), 1e-14);
        let betas = [(1.0, Beta::new(2.0, 8.0).unwrap()), (3.0, Beta::new(12.0, 6.0).unwrap())];
        harness::check_to(&Mixture::new(betas.map(|(w, law)| (w, bounded(law)))).unwrap(), 1e-14);
        let choices = [
            (0.5, bounded(Discrete::new([(0.0, 0.5), (1.0, 0.5)]).unwrap())),
            (0.5, bounded(Fixed::new(1.0).unwrap())),
        ];
        let choices = Mixture::new(choices).unwrap();
        harness::check(&choices);
        assert_eq!(choices.atoms(), Some(vec![(0.0, 0.25), (1.0, 0.75)]));
    }

    #[test]
    fn agrees_with_statrs() {
        let [a, b] = [(-1.0, 0.5), (2.0, 1.5)].map(|(m, s)| statrs::distribution::Normal::new(m, s).unwrap());
        let law = normals();
        for step in -400..=400 {
            let x = f64::from(step) * 0.03;
            let expected = 0.3 * a.cdf(x) + 0.7 * b.cdf(x);
            assert!((law.cdf(x).lower() - expected).abs() < 1e-10, "{x}");
        }
    }

    /// Mean Σ wμ = 1.1, variance Σ w(σ² + μ²) − 1.1².
    #[test]
    fn moments_are_those_of_the_parts() {
        let law = normals();
        let variance = 0.3 * (0.25 + 1.0) + 0.7 * (2.25 + 4.0) - 1.21_f64;
        assert!(
            (law.mean() - 1.1).abs() < 1e-14 && (law.standard_deviation() - variance.sqrt()).abs() < 1e-14
        );
    }

    #[test]
    fn a_part_that_is_known_has_its_probability() {
        let law = Mixture::new([
            (0.15, bounded(Fixed::new(0.0).unwrap())),
            (0.85, bounded(Normal::new(0.1, 0.05).unwrap())),
        ])
        .unwrap();
        let jump = law.cdf(0.0).lower() - law.below(0.0).lower();
        assert!((jump - 0.15).abs() < 1e-14);
        let below = law.below(0.0).lower();
        for u in [below + 1e-9, below + 0.1, below + 0.149] {
            assert!(law.quantile(Tails::from_lower(u)).abs() < 1e-14, "{u}");
        }
    }

    #[test]
    fn parts_that_are_far_apart_leave_a_gap() {
        let law = Mixture::new([
            (1.0, bounded(Uniform::new(0.0, 1.0).unwrap())),
            (1.0, bounded(Pert::new(5.0, 6.0, 9.0).unwrap())),
        ])
        .unwrap();
        assert!((law.quantile(Tails::from_lower(0.499)) - 0.998).abs() < 1e-12);
        assert!(law.quantile(Tails::from_lower(0.501)) > 5.0);
        assert_eq!(law.support(), (0.0, 9.0));
    }

    #[test]
    fn refuses_what_is_no_mixture() {
        let one = || bounded(LogNormal::from_mean_sd(1.0, 1.0).unwrap());
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| Mixture::new([(p[0], one()), (p[1], one())]).is_err());
        assert_eq!(Mixture::new([(1.0, one())]), Err(MixtureError::Few));
        let text = Mixture::new([(1.0, one()), (0.0, one())]).unwrap_err().to_string();
        assert_eq!(text, "weight 0 is not above 0; leave out what has no weight");
    }
}
