//! The regularised incomplete beta function and its inverse, in logits, accurate in both tails.
//!
//! Everything is a function of the logit y = ln(x / (1 − x)), in which the Beta density
//! g(y) = x^a (1 − x)^b / B(a, b) is bounded and log-concave for all shapes. So ln I is concave in y, and Newton's
//! method on it converges from anywhere, where the density in x may be infinite or zero at either end.

use super::Tails;
use std::f64::consts::PI;

/// Logits beyond this are never needed: with the smallest allowed shape, a tail of 1e-300 lies at 7e4.
const WIDEST_LOGIT: f64 = 1e5;

/// A logarithm of a tail this near to its target is within one more Halley step of it, to the last bits.
const LAST_STEP: f64 = 3e-6;

/// x and 1 − x with their logarithms, each accurate where the other is not.
#[derive(Clone, Copy)]
pub(crate) struct Point {
    x: f64,
    complement: f64,
    ln_x: f64,
    ln_complement: f64,
}

impl Point {
    pub(super) fn at_logit(y: f64) -> Self {
        let e = libm::exp(-y.abs());
        let l = libm::log1p(e);
        let upper =
            Self { x: 1.0 / (1.0 + e), complement: e / (1.0 + e), ln_x: -l, ln_complement: -y.abs() - l };
        if y < 0.0 { upper.mirrored() } else { upper }
    }

    /// From x and 1 − x, both strictly positive.
    pub(crate) fn at(x: f64, complement: f64) -> Self {
        Self { x, complement, ln_x: libm::log(x), ln_complement: libm::log(complement) }
    }

    fn mirrored(self) -> Self {
        Self { x: self.complement, complement: self.x, ln_x: self.ln_complement, ln_complement: self.ln_x }
    }

    pub(super) fn x(self) -> f64 {
        self.x
    }
}

/// Iₓ(a, b) for fixed shapes, with what does not depend on x worked out once.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct IncompleteBeta {
    a: f64,
    b: f64,
    /// The mean a / (a + b), its complement, and their logarithms.
    mean: f64,
    complement: f64,
    ln_mean: f64,
    ln_complement: f64,
    /// Logarithm of g at the mean.
    ln_peak: f64,
}

impl IncompleteBeta {
    /// For finite positive shapes.
    pub(crate) fn new(a: f64, b: f64) -> Self {
        let n = a + b;
        let remainder = stirling_remainder(a) + stirling_remainder(b) - stirling_remainder(n);
        Self {
            a,
            b,
            mean: a / n,
            complement: b / n,
            ln_mean: libm::log(a / n),
            ln_complement: libm::log(b / n),
            ln_peak: 0.5 * libm::log(a / n * b / (2.0 * PI)) - remainder,
        }
    }

    fn mirrored(&self) -> Self {
        Self {
            a: self.b,
            b: self.a,
            mean: self.complement,
            complement: self.mean,
            ln_mean: self.ln_complement,
            ln_complement: self.ln_mean,
            ln_peak: self.ln_peak,
        }
    }

    /// ln g, the log density of the logit.
    ///
    /// As ln g(mean) minus a deviance, after Loader, "Fast and accurate computation of binomial probabilities"
    /// (2000): the textbook a ln x + b ln(1 − x) − ln B subtracts numbers of the size of a + b.
    fn ln_density(&self, at: Point) -> f64 {
        // The two terms share one difference, so its rounding error cancels to first order; it is taken between the
        // smaller numbers, since near 1 both have lost digits.
        let difference = if self.mean < 0.5 { at.x - self.mean } else { self.complement - at.complement };
        let left = ln_ratio(at.x, at.ln_x, difference, self.mean, self.ln_mean);
        let right =
            ln_ratio(at.complement, at.ln_complement, -difference, self.complement, self.ln_complement);
        self.ln_peak + self.a * left + self.b * right
    }

    /// Both tails at `at`.
    pub(crate) fn tails(&self, at: Point) -> Tails {
        self.tails_and_density(at).0
    }

    fn tails_and_density(&self, at: Point) -> (Tails, f64) {
        let density = libm::exp(self.ln_density(at));
        // Where the fraction converges fast (DLMF 8.17.22); elsewhere the other end's does.
        let tails = if at.x * (self.a + self.b + 2.0) <= self.a + 1.0 {
            let lower = (density / self.a * fraction(self.a, self.b, at.x)).min(1.0);
            Tails::from_both(lower, 1.0 - lower)
        } else {
            let upper = (density / self.b * fraction(self.b, self.a, at.complement)).min(1.0);
            Tails::from_both(1.0 - upper, upper)
        };
        (tails, density)
    }

    /// The logit below which `target` lies, ±1e5 at the very ends.
    pub(super) fn logit(&self, target: Tails) -> f64 {
        self.logit_from(target, None)
    }

    /// As [`Self::logit`], started at a guess: near it, one or two evaluations are enough.
    pub(super) fn logit_from(&self, target: Tails, guess: Option<f64>) -> f64 {
        if target.lower() <= target.upper() {
            let start = guess.unwrap_or_else(|| self.guess(target.lower()));
            self.solve_lower(target.lower(), start)
        } else {
            let mirror = self.mirrored();
            let start = guess.map_or_else(|| mirror.guess(target.upper()), |y| -y);
            -mirror.solve_lower(target.upper(), start)
        }
    }

    /// A first guess for a lower tail: the power law I ≈ x^a / (a B), which never lies above the answer when
    /// b ≥ 1, or the bulk if that is higher.
    fn guess(&self, tail: f64) -> f64 {
        let ln_scale = self.ln_peak - self.a * self.ln_mean - self.b * self.ln_complement - libm::log(self.a);
        let power_law = (libm::log(tail.max(1e-300)) - ln_scale) / self.a;
        let spread = (1.0 / self.a + 1.0 / self.b).sqrt();
        let bulk = self.ln_mean - self.ln_complement + Tails::from_lower(tail).score().max(-40.0) * spread;
        power_law.max(bulk).clamp(-WIDEST_LOGIT, WIDEST_LOGIT)
    }

    /// Solves ln I(y) = ln tail for a tail ≤ 1/2 by Halley steps inside a bracket that only tightens.
    fn solve_lower(&self, tail: f64, start: f64) -> f64 {
        if !(tail > 0.0) {
            return -WIDEST_LOGIT;
        }
        let ln_tail = libm::log(tail);
        let (mut low, mut high) = (-WIDEST_LOGIT, WIDEST_LOGIT);
        let mut y = start;
        // Halving the bracket alone takes 71 rounds from 2e5 to 1e-16.
        for _ in 0..200 {
            let at = Point::at_logit(y);
            let (tails, density) = self.tails_and_density(at);
            let miss = libm::log(tails.lower()) - ln_tail;
            (low, high) = if miss < 0.0 { (y, high) } else { (low, y) };
            let slope = density / tails.lower();
            let newton = miss / slope;
            // d ln slope / dy, never positive as ln I is concave.
            let bend = self.a * at.complement - self.b * at.x - slope;
            let next = y - newton / (1.0 - 0.5 * newton * bend).clamp(0.5, 2.0);
            if miss.abs() < LAST_STEP && next.is_finite() {
                return next;
            }
            let inside = next > low && next < high;
            y = if inside { next } else { 0.5 * (low + high) };
            if !(high - low > 1e-15 * y.abs()) {
                break;
            }
        }
        y
    }
}

/// ln(x / reference), from the difference when x is near the reference and from the logarithms when it is not.
fn ln_ratio(x: f64, ln_x: f64, difference: f64, reference: f64, ln_reference: f64) -> f64 {
    if x > 0.5 * reference { libm::log1p(difference / reference) } else { ln_x - ln_reference }
}

/// ln Γ(s) minus Stirling's (s − ½) ln s − s + ½ ln 2π (DLMF 5.11.1).
fn stirling_remainder(s: f64) -> f64 {
    if s < 16.0 {
        return libm::lgamma(s) - ((s - 0.5) * libm::log(s) - s + 0.5 * libm::log(2.0 * PI));
    }
    let w = 1.0 / (s * s);
    (1.0 / 12.0 - w * (1.0 / 360.0 - w * (1.0 / 1260.0 - w * (1.0 / 1680.0 - w / 1188.0)))) / s
}

/// The continued fraction of DLMF 8.17.22 by the modified Lentz method (Thompson & Barnett 1986).
///
/// Takes of the order of √max(a, b) rounds near the mean, a dozen in the tails.
fn fraction(a: f64, b: f64, x: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away = |value: f64| if value.abs() < TINY { TINY } else { value };
    let n = a + b;
    let mut c = 1.0;
    let mut d = 1.0 / away(1.0 - n * x / (a + 1.0));
    let mut h = d;
    for m in 1..20_000 {
        let m = f64::from(m);
        let a2m = a + 2.0 * m;
        let even = m * (b - m) * x / ((a2m - 1.0) * a2m);
        d = 1.0 / away(1.0 + even * d);
        c = away(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (n + m) * x / (a2m * (a2m + 1.0));
        d = 1.0 / away(1.0 + odd * d);
        c = away(1.0 + odd / c);
        let factor = d * c;
        h *= factor;
        if (factor - 1.0).abs() < 4e-16 {
            break;
        }
    }
    h
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// From `mpmath` 1.4 with 30 to 60 digits (`betainc`, and `quad` of the logit density for the large shapes).
    #[test]
    fn tails_agree_with_mpmath() {
        for (a, b, x, lower, upper) in [
            (0.05, 0.05, 1e-9, 0.178_088_124_700_246_35, 0.821_911_875_299_753_7),
            (0.05, 1e6, 1e-8, 0.815_559_786_757_311_4, 0.184_440_213_242_688_6),
            (1e6, 1e6, 0.4985, 1.104_480_463_642_480_7e-5, 0.999_988_955_195_363_6),
            (2e5, 8e5, 0.2005, 0.894_299_020_858_580_6, 0.105_700_979_141_419_38),
            (18.0, 27.0, 0.05, 1.114_689_247_727_325_4e-12, 0.999_999_999_998_885_3),
            (18.0, 27.0, 0.9, 0.999_999_999_999_999_9, 1.226_873_269_928_498e-16),
            (0.7, 2.0, 1e-20, 1.700_000_000_000_003_4e-14, 0.999_999_999_999_983),
            (900.0, 40.0, 0.9, 2.018_528_242_864_06e-11, 0.999_999_999_979_814_7),
            (1e6, 3.0, 0.99999, 0.002_769_259_518_250_689_3, 0.997_230_740_481_749_3),
        ] {
            let found = IncompleteBeta::new(a, b).tails(Point::at(x, 1.0 - x));
            // A last bit of x is worth (a + b) bits of a far tail.
            let tolerance = 1e-13 + (a + b) * 3e-18 / x.min(1.0 - x);
            assert!((found.lower() / lower - 1.0).abs() < tolerance, "{a} {b} {x}: {found:?}");
            assert!((found.upper() / upper - 1.0).abs() < tolerance, "{a} {b} {x}: {found:?}");
        }
    }

    #[test]
    fn one_shape_of_one_is_a_power() {
        let found = IncompleteBeta::new(3.0, 1.0).tails(Point::at(0.2, 0.8));
        assert!((found.lower() / 0.008 - 1.0).abs() < 1e-14);
        assert!((found.upper() / 0.992 - 1.0).abs() < 1e-14);
    }

    proptest! {
        #[test]
        fn logit_and_tails_are_inverse(
            ln_a in -3.0f64..14.0,
            ln_b in -3.0f64..14.0,
            decades in -17.0f64..-0.3,
            upper: bool,
            guess in prop::option::of(-50.0f64..50.0),
        ) {
            let beta = IncompleteBeta::new(ln_a.exp(), ln_b.exp());
            let tail = 10f64.powf(decades);
            let target = if upper { Tails::from_upper(tail) } else { Tails::from_lower(tail) };
            let y = beta.logit_from(target, guess);
            let found = beta.tails(Point::at_logit(y));
            let found = if upper { found.upper() } else { found.lower() };
            // At large shapes the spacing of floating-point logits is itself a step in probability.
            let slack = 1e-12 + 1e-14 * (ln_a.exp() + ln_b.exp()).sqrt() * (1.0 + y.abs());
            prop_assert!((found / tail - 1.0).abs() < slack, "{} {} {}", y, found, tail);
        }

        #[test]
        fn extremes_neither_hang_nor_break(
            ln_a in -4.6f64..16.1,
            ln_b in -4.6f64..16.1,
            decades in -320.0f64..0.0,
            upper: bool,
        ) {
            let beta = IncompleteBeta::new(ln_a.exp(), ln_b.exp());
            let tail = 10f64.powf(decades);
            let y = beta.logit(if upper { Tails::from_upper(tail) } else { Tails::from_lower(tail) });
            prop_assert!(y.is_finite() && y.abs() <= 2.0 * WIDEST_LOGIT);
        }
    }
}
