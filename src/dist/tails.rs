//! A probability with its complement, and the normal distribution function in both directions.

use std::f64::consts::{FRAC_1_SQRT_2, PI, SQRT_2};

/// The probability below a point and the probability above it; they add up to 1.
///
/// Both are kept because 1 − p loses every digit of a small tail: 1 − 1e-17 is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    lower: f64,
    upper: f64,
}

impl Tails {
    /// Everything lies above.
    pub const BOTTOM: Self = Self { lower: 0.0, upper: 1.0 };
    /// The median.
    pub const MIDDLE: Self = Self { lower: 0.5, upper: 0.5 };
    /// Everything lies below.
    pub const TOP: Self = Self { lower: 1.0, upper: 0.0 };

    /// From the probability of a smaller value, drawn into \[0, 1\].
    #[must_use]
    pub fn from_lower(lower: f64) -> Self {
        let lower = lower.clamp(0.0, 1.0);
        Self { lower, upper: 1.0 - lower }
    }

    /// From the probability of a larger value, drawn into \[0, 1\].
    #[must_use]
    pub fn from_upper(upper: f64) -> Self {
        Self::from_lower(upper).swapped()
    }

    /// From both, for callers that computed each to full accuracy.
    pub(crate) fn from_both(lower: f64, upper: f64) -> Self {
        // A cut that keeps 1e-9 magnifies rounding to 1e-7.
        debug_assert!((lower + upper - 1.0).abs() < 1e-6, "{lower} + {upper}");
        Self { lower: lower.clamp(0.0, 1.0), upper: upper.clamp(0.0, 1.0) }
    }

    /// 1 / (1 + e⁻ˡ) and 1 / (1 + eˡ) at a logit l.
    #[must_use]
    pub fn from_logit(logit: f64) -> Self {
        Self { lower: 1.0 / (1.0 + libm::exp(-logit)), upper: 1.0 / (1.0 + libm::exp(logit)) }
    }

    /// Φ(z) and 1 − Φ(z), the tails of the standard normal, by the complementary error function (DLMF 7.2.2).
    #[must_use]
    pub fn from_score(z: f64) -> Self {
        let scaled = z * FRAC_1_SQRT_2;
        Self { lower: 0.5 * libm::erfc(-scaled), upper: 0.5 * libm::erfc(scaled) }
    }

    /// Probability of a smaller value.
    #[must_use]
    pub fn lower(self) -> f64 {
        self.lower
    }

    /// Probability of a larger value.
    #[must_use]
    pub fn upper(self) -> f64 {
        self.upper
    }

    /// The same point seen from the other end: lower and upper change places.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }

    /// The probability between this point and a higher one, from whichever tails lose least.
    #[must_use]
    pub fn mass_to(self, higher: Self) -> f64 {
        let mass = if higher.lower <= 0.5 {
            higher.lower - self.lower
        } else if self.upper <= 0.5 {
            self.upper - higher.upper
        } else {
            1.0 - self.lower - higher.upper
        };
        mass.max(0.0)
    }

    /// The normal score z with Φ(z) = lower: infinite where a tail is zero.
    ///
    /// Start from Abramowitz & Stegun 26.2.23 (error 4.5e-4), then two Halley steps on the smaller tail, which
    /// leave less than one unit in the last places of the tail.
    #[must_use]
    pub fn score(self) -> f64 {
        if self.lower < self.upper { -upper_score(self.lower) } else { upper_score(self.upper) }
    }
}

/// The z ≥ 0 above which the standard normal has probability `tail` ≤ 1/2.
fn upper_score(tail: f64) -> f64 {
    if !(tail > 0.0) {
        return f64::INFINITY;
    }
    // Below 1e-300 the density underflows and a step would be 0/0; the score (37.05) is out of all use there.
    let tail = tail.max(1e-300);
    let t = (-2.0 * libm::log(tail)).sqrt();
    let mut z = t
        - (2.515_517 + t * (0.802_853 + t * 0.010_328))
            / (1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308)));
    for _ in 0..2 {
        let density = libm::exp(-0.5 * z * z) / (2.0 * PI).sqrt();
        let newton = (0.5 * libm::erfc(z / SQRT_2) - tail) / density;
        z += newton / (1.0 - 0.5 * z * newton);
    }
    z
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From `scipy.special.ndtri` 1.17.
    #[test]
    fn scores_agree_with_scipy() {
        for (p, z) in [
            (1e-17, -8.493_793_224_109_597),
            (1e-12, -7.034_483_825_301_131),
            (0.025, -1.959_963_984_540_054),
            (0.4, -0.253_347_103_135_799_8),
        ] {
            assert!((Tails::from_lower(p).score() - z).abs() < 4e-15 * z.abs(), "{p}");
            assert!((Tails::from_upper(p).score() + z).abs() < 4e-15 * z.abs(), "{p}");
        }
    }

    #[test]
    fn score_inverts_from_score() {
        for step in -370..=370 {
            let z = f64::from(step) * 0.1;
            let found = Tails::from_score(z).score();
            assert!((found - z).abs() < 1e-14 * (1.0 + z.abs()), "{z} {found}");
        }
    }

    #[test]
    fn ends_have_infinite_scores() {
        assert!(Tails::BOTTOM.score() == f64::NEG_INFINITY);
        assert!(Tails::TOP.score() == f64::INFINITY);
        assert!(Tails::MIDDLE.score().abs() < 1e-16);
    }

    #[test]
    fn mass_keeps_the_digits_of_either_tail() {
        let (far, farther) = (Tails::from_score(7.0), Tails::from_score(8.0));
        let expected = far.upper() - farther.upper();
        assert!((far.mass_to(farther) / expected - 1.0).abs() < 1e-12);
        assert!((farther.swapped().mass_to(far.swapped()) / expected - 1.0).abs() < 1e-12);
    }
}
