//! A distribution cut to a range: truncation, which redistributes what is cut, not clamping, which piles it up.

use super::number::{NumberError, number};
use super::{Discrete, Distribution, Law, Tails, Uniform, moments};

/// A range that keeps less probability than this says something else than was meant.
const LEAST_MASS: f64 = 1e-9;

/// The law of X given lower ≤ X ≤ upper.
///
/// Quantile Q(F(lower) + u (F(upper) − F(lower))), carried in both tails; next to a bound it is good to the last bits
/// of those two, which is some 1e-15 of a standard deviation. What can be cut by itself (a uniform, a
/// choice, data) is; "not below 0, else 0" is the formula `max(0, x)` and no bound.
#[derive(Clone, Debug, PartialEq)]
pub struct Bounded {
    distribution: Distribution,
    lower: Option<f64>,
    upper: Option<f64>,
    cut: Option<Cut>,
}

/// What is left of a distribution that cannot be cut by itself.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Cut {
    low: f64,
    high: f64,
    from: Tails,
    to: Tails,
    mass: f64,
}

/// Why bounds were refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BoundedError {
    /// A bound is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The bounds are reversed or equal.
    #[error(
        "at_least {lower} is not below at_most {upper}; exchange them, or write the one number if it is known"
    )]
    Reversed {
        /// The lower bound as given.
        lower: f64,
        /// The upper bound as given.
        upper: f64,
    },
    /// The bounds exclude (practically) everything.
    #[error(
        "only {mass:.1e} of the distribution lies between {lower} and {upper}; \
         widen at_least and at_most, or change the distribution"
    )]
    Empty {
        /// The lower bound, −∞ where there is none.
        lower: f64,
        /// The upper bound, ∞ where there is none.
        upper: f64,
        /// The probability they leave.
        mass: f64,
    },
}

impl Bounded {
    /// Cuts `distribution` to `lower..=upper`, both ends included.
    ///
    /// # Errors
    ///
    /// When a bound is not finite, they are reversed, or less than 1e-9 of the probability lies between them.
    pub fn new(
        distribution: impl Into<Distribution>,
        lower: Option<f64>,
        upper: Option<f64>,
    ) -> Result<Self, BoundedError> {
        let distribution = distribution.into();
        let low = lower.map_or(Ok(f64::NEG_INFINITY), |bound| number("at_least", bound))?;
        let high = upper.map_or(Ok(f64::INFINITY), |bound| number("at_most", bound))?;
        if !(low < high) {
            return Err(BoundedError::Reversed { lower: low, upper: high });
        }
        let (from, to) = (distribution.below(low), distribution.cdf(high));
        let mass = from.mass_to(to);
        if !(mass >= LEAST_MASS) {
            return Err(BoundedError::Empty { lower: low, upper: high, mass });
        }
        if lower.is_none() && upper.is_none() {
            return Ok(distribution.into());
        }
        let (distribution, cut) = match cut_by_itself(&distribution, low, high) {
            Some(narrower) => (narrower, None),
            None => (distribution, Some(Cut { low, high, from, to, mass })),
        };
        Ok(Self { distribution, lower, upper, cut })
    }

    /// The distribution that is cut, or what is left of it if it could be cut by itself.
    pub fn distribution(&self) -> &Distribution {
        &self.distribution
    }

    /// The lower bound as given.
    pub fn lower(&self) -> Option<f64> {
        self.lower
    }

    /// The upper bound as given.
    pub fn upper(&self) -> Option<f64> {
        self.upper
    }

    /// The cut that remains to be made by whoever evaluates [`Self::distribution`].
    pub(super) fn cut(&self) -> Option<Cut> {
        self.cut
    }
}

impl Cut {
    /// The tails within the uncut distribution.
    fn outside(&self, at: Tails) -> Tails {
        Tails::from_both(self.from.lower() + at.lower() * self.mass, self.to.upper() + at.upper() * self.mass)
    }

    /// The tails within what is left.
    fn inside(&self, at: Tails) -> Tails {
        Tails::from_both(self.from.mass_to(at) / self.mass, at.mass_to(self.to) / self.mass)
    }

    /// P(X < lower), P(X > upper) and the probability between.
    pub(super) fn masses(&self) -> (f64, f64, f64) {
        (self.from.lower(), self.to.upper(), self.mass)
    }

    /// Whether a value is kept.
    pub(super) fn keeps(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    fn clamp(&self, value: f64) -> f64 {
        value.clamp(self.low, self.high)
    }
}

/// The narrower distribution of the same kind, where there is one.
fn cut_by_itself(distribution: &Distribution, low: f64, high: f64) -> Option<Distribution> {
    match distribution {
        Distribution::Fixed(_) => Some(distribution.clone()),
        Distribution::Uniform(law) => {
            Uniform::new(law.low().max(low), law.high().min(high)).ok().map(Distribution::from)
        }
        Distribution::Empirical(law) => law.between(low, high).map(Distribution::from),
        Distribution::Discrete(law) => {
            let mut pairs = law.atoms()?;
            pairs.retain(|(value, _)| (low..=high).contains(value));
            Some(Discrete::scaled(&pairs).into())
        }
        _ => None,
    }
}

impl From<Distribution> for Bounded {
    fn from(distribution: Distribution) -> Self {
        Self { distribution, lower: None, upper: None, cut: None }
    }
}

impl Law for Bounded {
    fn cdf(&self, x: f64) -> Tails {
        let Some(cut) = self.cut else { return self.distribution.cdf(x) };
        if !(x >= cut.low) {
            Tails::BOTTOM
        } else if x >= cut.high {
            Tails::TOP
        } else {
            cut.inside(self.distribution.cdf(x))
        }
    }

    fn below(&self, x: f64) -> Tails {
        if self.cut.is_some() { self.cdf(x) } else { self.distribution.below(x) }
    }

    fn quantile(&self, at: Tails) -> f64 {
        match self.cut {
            Some(cut) => cut.clamp(self.distribution.quantile(cut.outside(at))),
            None => self.distribution.quantile(at),
        }
    }

    /// By quadrature where something was cut, with a relative error below 1e-9 of the standard deviation.
    fn mean(&self) -> f64 {
        if self.cut.is_some() { moments::moments(self).0 } else { self.distribution.mean() }
    }

    /// By quadrature where something was cut, with a relative error below 1e-9.
    fn standard_deviation(&self) -> f64 {
        if self.cut.is_some() { moments::moments(self).1 } else { self.distribution.standard_deviation() }
    }

    fn support(&self) -> (f64, f64) {
        let (low, high) = self.distribution.support();
        self.cut.map_or((low, high), |cut| (low.max(cut.low), high.min(cut.high)))
    }

    fn kink(&self) -> Option<Tails> {
        let kink = self.distribution.kink()?;
        let Some(cut) = self.cut else { return Some(kink) };
        let inside = cut.from.lower() < kink.lower() && cut.to.upper() < kink.upper();
        inside.then(|| cut.inside(kink))
    }

    fn atoms(&self) -> Option<Vec<(f64, f64)>> {
        self.distribution.atoms()
    }

    fn marching(&self) -> Box<dyn FnMut(Tails) -> f64 + '_> {
        let mut march = self.distribution.marching();
        match self.cut {
            Some(cut) => Box::new(move |at| cut.clamp(march(cut.outside(at)))),
            None => march,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Beta, Empirical, Fixed, LogNormal, Normal, Pert, Range, Sampler, Scale, Triangular, harness,
    };
    use super::*;
    use proptest::prelude::*;

    fn examples() -> Vec<Bounded> {
        let bounded = |law: Distribution, lower, upper| Bounded::new(law, lower, upper).unwrap();
        vec![
            bounded(Normal::new(0.13, 0.06).unwrap().into(), Some(0.0), None),
            bounded(Normal::new(0.0, 1.0).unwrap().into(), Some(4.0), Some(5.0)),
            bounded(Normal::new(0.0, 1.0).unwrap().into(), None, Some(-4.0)),
            bounded(Beta::new(2.0, 3.0).unwrap().into(), Some(0.1), Some(0.9)),
            bounded(Pert::new(80.0, 95.0, 95.0).unwrap().into(), Some(90.0), None),
            bounded(Triangular::new(1.0, 2.0, 4.0).unwrap().into(), Some(1.5), Some(3.5)),
            bounded(Uniform::new(0.0, 1.0).unwrap().into(), Some(0.25), None),
            bounded(LogNormal::from_mean_sd(3.0, 2.0).unwrap().into(), None, Some(8.0)),
            bounded(Range::new(1.0, 3.0, 4.0, Scale::Plain).unwrap().into(), Some(0.0), Some(5.0)),
            bounded(Empirical::new([1.0, 2.0, 3.0, 4.0]).unwrap().into(), Some(2.0), Some(3.0)),
            bounded(Fixed::new(1.0).unwrap().into(), Some(0.0), None),
        ]
    }

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for bounded in examples() {
            // Next to a bound the value is a small difference of tails of the uncut law.
            harness::check_to(&bounded, 1e-14 * bounded.standard_deviation());
        }
    }

    /// E = μ + σ (φ(α) − φ(β)) / Z, Var = σ² (1 + (α φ(α) − β φ(β)) / Z − ((φ(α) − φ(β)) / Z)²).
    #[test]
    fn moments_of_a_truncated_normal_are_the_closed_form() {
        let law = Bounded::new(Normal::new(0.13, 0.06).unwrap(), Some(0.0), None).unwrap();
        let alpha = -0.13 / 0.06;
        let hazard = (-0.5_f64 * alpha * alpha).exp()
            / (2.0 * std::f64::consts::PI).sqrt()
            / Tails::from_score(alpha).upper();
        let sd = 0.06 * (1.0 + alpha * hazard - hazard * hazard).sqrt();
        assert!((law.mean() - (0.13 + 0.06 * hazard)).abs() < 1e-13);
        assert!((law.standard_deviation() - sd).abs() < 1e-13);
    }

    #[test]
    fn truncation_does_not_pile_up_at_the_bound() {
        let law = Bounded::new(Normal::new(0.0, 1.0).unwrap(), Some(0.0), None).unwrap();
        assert!(law.cdf(0.0).lower().abs() < 1e-300);
        assert!((law.cdf(1.0).lower() - 0.682_689_492_137_085_9).abs() < 1e-15);
    }

    #[test]
    fn a_choice_keeps_the_proportion_of_what_is_left() {
        let choice = Discrete::new([(0.0, 0.2), (1.0, 0.2), (2.0, 0.6)]).unwrap();
        let law = Bounded::new(choice, Some(0.5), None).unwrap();
        assert!((law.cdf(1.0).lower() - 0.25).abs() < 1e-15);
    }

    #[test]
    fn refuses_bounds_that_leave_nothing() {
        let normal = || Normal::new(0.0, 1.0).unwrap();
        harness::refuses_bad_numbers(&[-1.0, 1.0], |p| {
            Bounded::new(normal(), Some(p[0]), Some(p[1])).is_err()
        });
        assert!(Bounded::new(normal(), Some(1.0), Some(1.0)).is_err());
        assert!(Bounded::new(normal(), Some(5.9), None).is_ok());
        let text = Bounded::new(normal(), Some(6.1), None).unwrap_err().to_string();
        assert_eq!(
            text,
            "only 5.3e-10 of the distribution lies between 6.1 and inf; \
             widen at_least and at_most, or change the distribution"
        );
    }

    proptest! {
        /// Whatever the bounds, they are refused or kept, by the law and by its compiled form.
        #[test]
        fn bounds_are_refused_or_kept(
            kind in 0usize..6,
            lower in prop::option::of(-1.0f64..5.0),
            width in prop::option::of(-1.0f64..5.0),
            u in 0.0f64..1.0,
        ) {
            let law: Distribution = match kind {
                0 => Normal::new(1.0, 0.7).unwrap().into(),
                1 => Beta::new(0.4, 1.7).unwrap().into(),
                2 => Pert::new(0.0, 1.0, 3.0).unwrap().into(),
                3 => Triangular::new(0.0, 1.0, 3.0).unwrap().into(),
                4 => LogNormal::from_median_factor(1.0, 3.0).unwrap().into(),
                _ => Range::new(0.5, 1.0, 4.0, Scale::Log).unwrap().into(),
            };
            let upper = width.map(|width| lower.unwrap_or(0.0) + width);
            if let Ok(bounded) = Bounded::new(law, lower, upper) {
                let x = bounded.quantile(Tails::from_lower(u));
                prop_assert!((bounded.cdf(x).lower() - u).abs() < 1e-6);
                let mut drawn = [0.0];
                Sampler::from(&bounded).fill_from_uniforms(&[u], &mut drawn);
                for x in [x, drawn[0]] {
                    prop_assert!(lower.is_none_or(|bound| x >= bound) && upper.is_none_or(|bound| x <= bound));
                }
            }
        }
    }
}
