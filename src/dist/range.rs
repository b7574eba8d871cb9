//! A number given by its 10, 50 and 90 % points: a normal with a spread of its own on each side.

use super::number::{NumberError, number};
use super::{Law, Tails, moments};
use std::f64::consts::PI;

/// The 90 % point of the standard normal.
pub(super) const SCORE_90: f64 = 1.281_551_565_544_600_4;

/// More than this many units of the scale on one side of the middle would overflow at the far quantiles.
const WIDEST: f64 = 10.0;

/// The scale on which the two halves are normal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// The number itself: effects and levels, which may be negative.
    Plain,
    /// Its logarithm: people, prices, amounts, which are positive.
    Log,
    /// ln(x / (1 − x)): shares between 0 and 1.
    Logit,
}

impl Scale {
    fn onto(self, x: f64) -> f64 {
        match self {
            Self::Plain => x,
            Self::Log => libm::log(x),
            Self::Logit => libm::log(x) - libm::log1p(-x),
        }
    }

    fn back(self, y: f64) -> f64 {
        match self {
            Self::Plain => y,
            Self::Log => libm::exp(y),
            Self::Logit => 1.0 / (1.0 + libm::exp(-y)),
        }
    }

    fn ends(self) -> (f64, f64) {
        match self {
            Self::Plain => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Log => (0.0, f64::INFINITY),
            Self::Logit => (0.0, 1.0),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Log => "log",
            Self::Logit => "logit",
        }
    }
}

/// scale(X) = scale(mid) + s Z with Z standard normal; s = left for Z < 0, right for Z > 0.
///
/// Left and right follow from the three points: (scale(mid) − scale(low)) / 1.28155 and the mirror image. This form
/// was chosen because it exists for any low < mid < high, rises everywhere, and meets all three points exactly. A
/// metalog or a fitted Beta may not exist or miss a point; a triangle through three quantiles has ends that nobody
/// stated. Its price is a step in the density at the middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    low: f64,
    mid: f64,
    high: f64,
    scale: Scale,
    covers: f64,
    centre: f64,
    left: f64,
    right: f64,
}

/// Why a [`Range`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The three points do not ascend.
    #[error("low {low}, mid {mid}, high {high} must ascend; write the one number if it is known")]
    Order {
        /// The 10 % point as given.
        low: f64,
        /// The median as given.
        mid: f64,
        /// The 90 % point as given.
        high: f64,
    },
    /// A point is not on the scale.
    #[error("{value} does not fit a {} scale, which runs from {} to {}", scale.name(), scale.ends().0, scale.ends().1)]
    OffScale {
        /// The first point that is off.
        value: f64,
        /// The scale.
        scale: Scale,
    },
    /// The share it covers is none.
    #[error("it covers {covers}, which is no share of what can happen; write 0.80 or 0.90")]
    Covers {
        /// The share as given.
        covers: f64,
    },
    /// Two neighbouring points are too near to be told apart, or a factor of more than 300 000 apart.
    #[error("{near} and {far} are too near or too far apart for a {} scale", scale.name())]
    Spacing {
        /// The smaller point.
        near: f64,
        /// The larger point.
        far: f64,
        /// The scale.
        scale: Scale,
    },
}

impl Range {
    /// From the values that are undercut with 10, 50 and 90 % chance.
    ///
    /// # Errors
    ///
    /// When a parameter is not finite, the points do not ascend, or one is not on the scale.
    pub fn new(low: f64, mid: f64, high: f64, scale: Scale) -> Result<Self, RangeError> {
        Self::covering(low, Some(mid), high, 0.8, scale)
    }

    /// From two values between which it lies with the probability `covers`, with equal chance beyond each, and the median;
    /// without it the median is the middle on the scale.
    ///
    /// # Errors
    ///
    /// When a parameter is not finite, the points do not ascend, one is not on the scale, or `covers` is not between 0 and 1.
    pub fn covering(
        low: f64,
        mid: Option<f64>,
        high: f64,
        covers: f64,
        scale: Scale,
    ) -> Result<Self, RangeError> {
        let (low, high) = (number("low", low)?, number("high", high)?);
        let (bottom, top) = scale.ends();
        let off = |x: f64| !(x > bottom && x < top);
        let middle = || scale.back(0.5 * (scale.onto(low) + scale.onto(high)));
        let mid = match mid {
            Some(mid) => number("mid", mid)?,
            None if off(low) || off(high) => 0.5 * (low + high),
            None => middle(),
        };
        if !(low < mid && mid < high) {
            return Err(RangeError::Order { low, mid, high });
        }
        if let Some(value) = [low, high].into_iter().find(|x| off(*x)) {
            return Err(RangeError::OffScale { value, scale });
        }
        let reach = score_of(covers)?;
        let (left, right) = (spread((low, mid), reach, scale)?, spread((mid, high), reach, scale)?);
        Ok(Self { low, mid, high, scale, covers, centre: scale.onto(mid), left, right })
    }

    /// The low end, the median and the high end: the 10, 50 and 90 % points where it covers 80 %.
    pub fn points(&self) -> (f64, f64, f64) {
        (self.low, self.mid, self.high)
    }

    /// The probability between the low and the high end.
    pub fn covers(&self) -> f64 {
        self.covers
    }

    /// The scale on which the halves are normal.
    pub fn scale(&self) -> Scale {
        self.scale
    }

    /// The value at a normal score.
    pub(super) fn at_score(&self, z: f64) -> f64 {
        let spread = if z < 0.0 { self.left } else { self.right };
        self.scale.back(self.centre + spread * z)
    }

    /// Moments of exp(k y) for the two halves: E = Σ exp(k centre + k² s² / 2) Φ(± k s).
    fn exponential_moment(&self, k: f64) -> f64 {
        let (left, right) = (k * self.left, k * self.right);
        let half = |s: f64, share: f64| libm::exp(k * self.centre + 0.5 * s * s) * share;
        half(left, Tails::from_score(left).upper()) + half(right, Tails::from_score(right).lower())
    }
}

/// The score of the high end.
fn score_of(covers: f64) -> Result<f64, RangeError> {
    // The usual share has the constant that published figures rest on.
    if (covers - 0.8).abs() < 1e-12 {
        return Ok(SCORE_90);
    }
    let usable = covers > 0.0 && covers < 1.0;
    if usable {
        Ok(Tails::from_upper(0.5 - 0.5 * covers).score())
    } else {
        Err(RangeError::Covers { covers })
    }
}

fn spread((near, far): (f64, f64), reach: f64, scale: Scale) -> Result<f64, RangeError> {
    let spread = (scale.onto(far) - scale.onto(near)) / reach;
    let usable = spread > 0.0 && (scale == Scale::Plain || spread <= WIDEST);
    if usable { Ok(spread) } else { Err(RangeError::Spacing { near, far, scale }) }
}

impl Law for Range {
    fn cdf(&self, x: f64) -> Tails {
        let (bottom, top) = self.scale.ends();
        if !(x > bottom) {
            return Tails::BOTTOM;
        }
        if x >= top {
            return Tails::TOP;
        }
        let y = self.scale.onto(x) - self.centre;
        Tails::from_score(if y < 0.0 { y / self.left } else { y / self.right })
    }

    fn quantile(&self, at: Tails) -> f64 {
        self.at_score(at.score())
    }

    /// Plain and log in closed form; logit by quadrature.
    fn mean(&self) -> f64 {
        match self.scale {
            Scale::Plain => self.mid + (self.right - self.left) / (2.0 * PI).sqrt(),
            Scale::Log => self.exponential_moment(1.0),
            Scale::Logit => moments::moments(self).0,
        }
    }

    /// Plain and log in closed form; logit by quadrature.
    fn standard_deviation(&self) -> f64 {
        match self.scale {
            Scale::Plain => {
                let (l, r) = (self.left, self.right);
                (0.5 * (l * l + r * r) - (r - l) * (r - l) / (2.0 * PI)).sqrt()
            }
            Scale::Log => {
                let mean = self.exponential_moment(1.0);
                let relative = self.exponential_moment(2.0) / (mean * mean) - 1.0;
                mean * relative.max(0.0).sqrt()
            }
            Scale::Logit => moments::moments(self).1,
        }
    }

    fn support(&self) -> (f64, f64) {
        self.scale.ends()
    }

    fn kink(&self) -> Option<Tails> {
        Some(Tails::MIDDLE)
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    fn examples() -> [Range; 4] {
        [
            Range::new(-0.02, 0.1, 0.16, Scale::Plain).unwrap(),
            Range::new(150.0, 300.0, 360.0, Scale::Log).unwrap(),
            Range::new(0.2, 0.4, 0.5, Scale::Logit).unwrap(),
            Range::new(0.9, 0.99, 0.9999, Scale::Logit).unwrap(),
        ]
    }

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for range in examples() {
            harness::check(&range);
        }
    }

    #[test]
    fn meets_its_three_points() {
        for range in examples() {
            let (low, mid, high) = range.points();
            for (p, x) in [(0.1, low), (0.5, mid), (0.9, high)] {
                assert!((range.cdf(x).lower() - p).abs() < 1e-14, "{range:?}");
                assert!((range.quantile(Tails::from_lower(p)) / x - 1.0).abs() < 1e-13, "{range:?}");
            }
        }
    }

    #[test]
    fn equal_sides_on_a_plain_scale_are_the_normal() {
        let range = Range::new(1.0, 2.0, 3.0, Scale::Plain).unwrap();
        let oracle = statrs::distribution::Normal::new(2.0, 1.0 / SCORE_90).unwrap();
        harness::agrees_with(&range, &oracle, 1e-10);
        let logs = Range::new(50.0, 100.0, 200.0, Scale::Log).unwrap();
        let oracle = statrs::distribution::LogNormal::new(100.0_f64.ln(), 2.0_f64.ln() / SCORE_90).unwrap();
        harness::agrees_with(&logs, &oracle, 1e-10);
    }

    #[test]
    fn a_range_of_any_share_has_that_share() {
        for (covers, scale) in
            [(0.5, Scale::Log), (0.9, Scale::Logit), (0.95, Scale::Plain), (0.99, Scale::Logit)]
        {
            let range = Range::covering(0.3, None, 0.5, covers, scale).unwrap();
            let (low, high) = (range.cdf(0.3).lower(), range.cdf(0.5).upper());
            assert!((low - high).abs() < 1e-14 && (1.0 - low - high - covers).abs() < 1e-13, "{covers}");
            harness::check(&range);
        }
        assert_eq!(
            Range::covering(0.3, Some(0.4), 0.5, 0.8, Scale::Logit).unwrap(),
            Range::new(0.3, 0.4, 0.5, Scale::Logit).unwrap()
        );
        assert!(Range::covering(0.3, None, 0.5, 1.0, Scale::Logit).is_err());
        let text = Range::covering(0.3, None, 0.5, 90.0, Scale::Logit).unwrap_err().to_string();
        assert_eq!(text, "it covers 90, which is no share of what can happen; write 0.80 or 0.90");
    }

    #[test]
    fn refuses_what_does_not_ascend() {
        for scale in [Scale::Plain, Scale::Log, Scale::Logit] {
            harness::refuses_bad_numbers(&[0.1, 0.2, 0.3], |p| Range::new(p[0], p[1], p[2], scale).is_err());
            assert!(Range::new(0.3, 0.2, 0.1, scale).is_err() && Range::new(0.1, 0.1, 0.2, scale).is_err());
        }
        assert!(Range::new(1.0, 2.0, 1e14, Scale::Log).is_err());
        let text = Range::new(0.0, 0.2, 0.3, Scale::Logit).unwrap_err().to_string();
        assert_eq!(text, "0 does not fit a logit scale, which runs from 0 to 1");
        let text = Range::new(1.0, 5.0, 4.0, Scale::Log).unwrap_err().to_string();
        assert_eq!(text, "low 1, mid 5, high 4 must ascend; write the one number if it is known");
    }
}
