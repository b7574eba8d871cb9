//! The scores of a t copula: a normal score and a common scale to one score, with + − × ÷, square roots and two tables.
//!
//! T = z·S with S = √(ν/W), W chi-square with ν degrees of freedom, has Student's distribution; numbers that share W have
//! a t copula. Back to a standard normal score through y = T/√(ν + T²), whose law is a Beta on −1..1: the score is
//! tabulated against v = 1 − |y|, in 32 equal cells to each octave of v, which needs no logarithm.

use std::f64::consts::PI;

use thiserror::Error;

use super::chi::ChiSquare;
use crate::dist::incomplete_beta::{IncompleteBeta, Point};
use crate::dist::{Law, ScoreTable, Tails};

/// Octaves of v: T of 1e9 with two degrees of freedom lies at 2⁻⁵⁹.
const OCTAVES: usize = 64;
/// Cells in an octave.
const CELLS: usize = 32;
/// Bits of a number below its cell: 52 of the significand less 5 for the cell.
const BELOW: u32 = 47;
/// The cell just below 1: its exponent and the first bits of its significand.
const FIRST: u64 = (1.0_f64.to_bits() >> BELOW) - 1;
/// No score beyond this is of use: distributions are tabulated up to it.
const LARGEST: f64 = 8.5;

/// Degrees of freedom of a t copula: few let extremes come together, many are the Gaussian copula.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Degrees(u32);

/// Why [`Degrees`] were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "{0} degrees of freedom; a t copula has 2 to 50, 4 where extremes come together, and above 50 it is the Gaussian"
)]
pub struct DegreesError(u32);

impl Degrees {
    /// From 2 to 50.
    ///
    /// # Errors
    /// Otherwise.
    pub fn new(degrees: u32) -> Result<Self, DegreesError> {
        if (2..=50).contains(&degrees) { Ok(Self(degrees)) } else { Err(DegreesError(degrees)) }
    }

    /// The number.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }

    /// λ = 2 t_{ν+1}(−√((ν + 1)(1 − r)/(1 + r))): how often one is far out when another is, in the limit, at the
    /// correlation r of scores (Demarta and `McNeil`, International Statistical Review 73, 2005, equation 10).
    #[must_use]
    pub fn tail_dependence(self, r: f64) -> f64 {
        let nu = f64::from(self.0) + 1.0;
        let t_squared = nu * (1.0 - r) / (1.0 + r).max(f64::MIN_POSITIVE);
        let (q, rest) = (nu / (nu + t_squared), t_squared / (nu + t_squared));
        match (q > 0.0, rest > 0.0) {
            (true, true) => IncompleteBeta::new(0.5 * nu, 0.5).tails(Point::at(q, rest)).lower(),
            (at_all, _) => f64::from(u8::from(at_all)),
        }
    }
}

/// S = √(ν/W), rising with its score.
#[derive(Clone, Copy, Debug)]
struct Scale(u32);

impl Law for Scale {
    fn cdf(&self, x: f64) -> Tails {
        if !(x > 0.0) {
            return Tails::BOTTOM;
        }
        ChiSquare::new(self.0).tails(f64::from(self.0) / (x * x)).swapped()
    }

    fn quantile(&self, at: Tails) -> f64 {
        (f64::from(self.0) / ChiSquare::new(self.0).quantile(at.swapped())).sqrt()
    }

    /// √(ν/2)·Γ((ν − 1)/2)/Γ(ν/2).
    fn mean(&self) -> f64 {
        let nu = f64::from(self.0);
        (0.5 * nu).sqrt() * libm::exp(libm::lgamma(0.5 * nu - 0.5) - libm::lgamma(0.5 * nu))
    }

    /// E S² = ν/(ν − 2): infinite with two degrees of freedom.
    fn standard_deviation(&self) -> f64 {
        let nu = f64::from(self.0);
        (nu / (nu - 2.0) - self.mean() * self.mean()).sqrt()
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// The tables of a t copula.
#[derive(Clone, Debug, PartialEq)]
pub struct Student {
    degrees: Degrees,
    scale: ScoreTable,
    /// The score over each cell of v, from 1 down; coefficients of 1, t, t², t³.
    scores: Box<[[f64; 4]]>,
}

impl Student {
    /// Builds the tables: 3 ms.
    #[must_use]
    pub fn new(degrees: Degrees) -> Self {
        let scores = (0..OCTAVES * CELLS).map(|cell| cubic(degrees.0, cell)).collect();
        Self { degrees, scale: ScoreTable::of(&Scale(degrees.0)), scores }
    }

    /// Its degrees of freedom.
    #[must_use]
    pub fn degrees(&self) -> Degrees {
        self.degrees
    }

    /// Scores of a t copula from correlated normal scores `z` and the normal scores `common` of the shared scale.
    ///
    /// Standard normal each, to 1e-7; rise with `z`. Zero stays zero.
    pub fn fill<const N: usize>(&self, z: &[f64; N], common: &[f64; N], out: &mut [f64; N]) {
        self.scale.fill(common, out);
        for (out, z) in out.iter_mut().zip(z) {
            *out = self.score(z * *out);
        }
    }

    /// The normal score of a number with Student's distribution.
    fn score(&self, t: f64) -> f64 {
        let nu = f64::from(self.degrees.0);
        let (size, root) = (t.abs(), (nu + t * t).sqrt());
        let v = nu / (root * (root + size));
        if !(v < 1.0 && size > 0.0) {
            return 0.0;
        }
        let (cell, place) = locate(v);
        let [c0, c1, c2, c3] = self.scores[cell];
        let score = (c0 + place * (c1 + place * (c2 + place * c3))).min(LARGEST);
        if t < 0.0 { -score } else { score }
    }
}

/// The cell of v below 1, counted from 1 down, and the place in it from 0 to 1, upwards.
fn locate(v: f64) -> (usize, f64) {
    let bits = v.to_bits();
    let cell = (FIRST - (bits >> BELOW).min(FIRST)) as usize;
    let place = f64::from_bits(1.0_f64.to_bits() | bits << (52 - BELOW) & ((1 << 52) - 1)) - 1.0;
    (cell.min(OCTAVES * CELLS - 1), place)
}

/// The cubic with the exact scores and slopes at the ends of a cell.
fn cubic(degrees: u32, cell: usize) -> [f64; 4] {
    let end = |cell: u64| f64::from_bits((FIRST - cell) << BELOW);
    let (low, high) = (end(cell as u64), if cell == 0 { 1.0 } else { end(cell as u64 - 1) });
    let width = high - low;
    let ((a, slope), (b, last)) = (exact(degrees, low), exact(degrees, high));
    let (rise, slope, last) = (b - a, slope * width, last * width);
    [a, slope, 3.0 * rise - 2.0 * slope - last, slope + last - 2.0 * rise]
}

/// The score at v, and its slope: U(v) = ½ Iq(ν/2, ½) with q = v(2 − v), and dU/dv = q^{ν/2 − 1} / B(½, ν/2).
fn exact(degrees: u32, v: f64) -> (f64, f64) {
    let (half, q) = (0.5 * f64::from(degrees), v * (2.0 - v));
    let ln_beta = libm::lgamma(0.5) + libm::lgamma(half) - libm::lgamma(half + 0.5);
    let density = libm::exp((half - 1.0) * libm::log(q) - ln_beta);
    let rest = (1.0 - v) * (1.0 - v);
    let upper =
        if rest > 0.0 { 0.5 * IncompleteBeta::new(half, 0.5).tails(Point::at(q, rest)).lower() } else { 0.5 };
    let score = if rest > 0.0 { Tails::from_upper(upper).score() } else { 0.0 };
    let normal = libm::exp(-0.5 * score * score) / (2.0 * PI).sqrt();
    (score, -density / normal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF as _, StudentsT};

    fn student(degrees: u32) -> Student {
        Student::new(Degrees::new(degrees).unwrap())
    }

    #[test]
    fn scores_agree_with_students_distribution() {
        for degrees in [2, 3, 4, 10, 50] {
            let (student, oracle) = (student(degrees), StudentsT::new(0.0, 1.0, f64::from(degrees)).unwrap());
            for step in -400..=400 {
                let t = libm::sinh(f64::from(step) * 0.012);
                let score = student.score(t);
                let expected = Tails::from_upper(oracle.sf(t.abs())).score().min(LARGEST).copysign(t);
                assert!((score - expected).abs() < 2e-7, "{degrees} {t}: {score} {expected}");
            }
        }
    }

    #[test]
    fn scores_rise_and_stay_finite() {
        for degrees in [2, 5, 50] {
            let student = student(degrees);
            let mut before = f64::NEG_INFINITY;
            for step in -20_000..=20_000 {
                let score = student.score(libm::sinh(f64::from(step) * 0.001_05));
                assert!(score >= before && score.abs() <= LARGEST, "{degrees} {step}");
                before = score;
            }
            assert!(student.score(1e300) > 8.0 && student.score(0.0) == 0.0);
        }
    }

    /// One score each is standard normal whatever the scale: the mean of Φ(score) over even scores of both is that of a
    /// uniform, in its first four moments.
    #[test]
    fn each_score_is_standard_normal() {
        let uniformity = |student: &Student, scale: &Student| {
            let (n, mut sums) = (600, [0.0; 4]);
            let score = |i: i32| Tails::from_lower((f64::from(i) + 0.5) / f64::from(n)).score();
            for i in 0..n {
                let common = scale.scale.value(score(i));
                for j in 0..n {
                    let u = Tails::from_score(student.score(score(j) * common)).lower();
                    (0..4).for_each(|k| sums[k] += u.powi(k as i32 + 1) / f64::from(n * n));
                }
            }
            (0..4).map(|k| (sums[k] - 1.0 / (k as f64 + 2.0)).abs()).fold(0.0, f64::max)
        };
        for degrees in [2, 4, 30] {
            assert!(uniformity(&student(degrees), &student(degrees)) < 2e-5, "{degrees}");
        }
        // The wrong scale is told apart.
        assert!(uniformity(&student(4), &student(5)) > 1e-3);
    }

    #[test]
    fn the_scale_obeys_its_distribution() {
        for degrees in [3, 8] {
            let law = Scale(degrees);
            for p in [1e-12, 0.01, 0.5, 0.99] {
                let found = law.cdf(law.quantile(Tails::from_lower(p)));
                assert!((found.lower() / p - 1.0).abs() < 1e-10, "{degrees} {p}");
            }
            let table = ScoreTable::of(&law);
            let error = (0..1600)
                .map(|step| f64::from(step) * 0.01 - 8.0)
                .map(|z| (law.cdf(table.value(z)).lower() - Tails::from_score(z).lower()).abs())
                .fold(0.0, f64::max);
            assert!(error < 1e-7, "{degrees}: {error:e}");
        }
    }

    /// Demarta and `McNeil` (2005), table 1: ν = 4, ρ = 0.5 gives 0.25, ν = 10 gives 0.08; ν = 4, ρ = 0 gives 0.08.
    #[test]
    fn tail_dependence_is_that_of_the_table() {
        let lambda = |degrees, r| Degrees::new(degrees).unwrap().tail_dependence(r);
        assert!((lambda(4, 0.5) - 0.25).abs() < 0.005 && (lambda(10, 0.5) - 0.08).abs() < 0.005);
        assert!((lambda(4, 0.0) - 0.08).abs() < 0.005 && (lambda(4, 0.9) - 0.63).abs() < 0.005);
        assert!((lambda(4, 1.0) - 1.0).abs() < 1e-12 && lambda(4, -1.0).abs() < 1e-12);
    }

    /// Literal bits: a value of another build or machine must be the same.
    #[test]
    fn values_are_stable() {
        let mut out = [0.0; 5];
        student(4).fill(&[-2.345, -0.3, 0.0, 0.1, 1.234], &[0.4, -1.2, 2.0, 3.1, -0.5], &mut out);
        let found: Vec<String> = out.iter().map(ToString::to_string).collect();
        assert_eq!(
            found.join(" "),
            "-2.055366918938612 -0.20637134576625996 0 0.6128651464794193 0.9884572772546049"
        );
    }

    #[test]
    fn refuses_what_is_no_t_copula() {
        assert!(Degrees::new(1).is_err() && Degrees::new(51).is_err());
        let text = Degrees::new(0).unwrap_err().to_string();
        assert!(text.starts_with("0 degrees of freedom; a t copula has 2 to 50"), "{text}");
    }
}
