//! What every distribution is tested for, in one place.

use super::{
    Beta, Bounded, Discrete, Distribution, Empirical, Fixed, Law, LogNormal, Metalog, Mixture, Normal, Pert,
    Range, Scale, ScoreTable, Tails, Triangular, Uniform, moments,
};
use statrs::distribution::ContinuousCDF;

/// Tails from 1e-12 to 1 − 1e-12.
fn grid() -> Vec<Tails> {
    let small = [1e-12, 1e-9, 1e-6, 1e-4, 0.001, 0.01, 0.03];
    let mut grid: Vec<Tails> = small.iter().map(|p| Tails::from_lower(*p)).collect();
    grid.extend((1..20).map(|k| Tails::from_lower(f64::from(k) * 0.05)));
    grid.extend(small.iter().rev().map(|p| Tails::from_upper(*p)));
    grid
}

/// Quantile and distribution function are inverse, the quantile never falls and stays in the support, the moments
/// are those of the quantile, and the tabulated form is the same law.
pub fn check(law: &(impl Law + std::fmt::Debug)) {
    check_to(law, 0.0);
}

/// As [`check`], for a law whose values are only good to `grain`, because they count from the far end.
pub fn check_to(law: &(impl Law + std::fmt::Debug), grain: f64) {
    let mut before = f64::NEG_INFINITY;
    let (low, high) = law.support();
    for at in grid() {
        let x = law.quantile(at);
        assert!(x >= before && (low..=high).contains(&x), "{law:?}: {x} at {at:?}");
        before = x;
        check_inverse(law, at, x, grain);
    }
    check_ends(law);
    check_moments(law);
}

/// A value next to x in floating point has another probability: that much is not the law's fault.
fn check_inverse(law: &(impl Law + std::fmt::Debug), at: Tails, x: f64, grain: f64) {
    let step =
        grain + 4.0 * f64::EPSILON * x.abs().max(law.support().0.abs().min(1e300)).max(f64::MIN_POSITIVE);
    let (below, above) = (law.below(x - step), law.cdf(x + step));
    let slack = 1e-12;
    let text = format!("{law:?}: {at:?} {x} {below:?} {above:?}");
    assert!(
        below.lower() <= at.lower() * (1.0 + slack) && above.upper() <= at.upper() * (1.0 + slack),
        "{text}"
    );
    assert!(
        above.lower() >= at.lower() * (1.0 - slack) && below.upper() >= at.upper() * (1.0 - slack),
        "{text}"
    );
}

fn check_ends(law: &(impl Law + std::fmt::Debug)) {
    assert_eq!(law.below(f64::NEG_INFINITY), Tails::BOTTOM);
    assert_eq!(law.cdf(f64::INFINITY), Tails::TOP);
    assert_eq!(law.cdf(f64::NAN), Tails::BOTTOM);
    for at in [Tails::BOTTOM, Tails::TOP, Tails::from_lower(1e-300), Tails::from_upper(1e-300)] {
        assert!(!law.quantile(at).is_nan(), "{law:?}: {at:?}");
    }
}

fn check_moments(law: &(impl Law + std::fmt::Debug)) {
    let (mean, sd) = moments::moments(law);
    let scale = 1e-9 * law.standard_deviation() + 4.0 * f64::EPSILON * mean.abs();
    assert!((law.mean() - mean).abs() <= scale, "{law:?}: mean {} {mean}", law.mean());
    let found = law.standard_deviation();
    assert!((found - sd).abs() <= scale, "{law:?}: sd {found} {sd}");
}

/// Distribution function against an independent one, relative in the smaller tail.
pub fn agrees_with(law: &impl Law, oracle: &impl ContinuousCDF<f64, f64>, tolerance: f64) {
    for at in grid() {
        let x = law.quantile(at);
        let found = law.cdf(x);
        let (lower, upper) = (oracle.cdf(x), oracle.sf(x));
        assert!((found.lower() - lower).abs() <= tolerance * lower, "{x}: {found:?} {lower:e}");
        assert!((found.upper() - upper).abs() <= tolerance * upper, "{x}: {found:?} {upper:e}");
    }
}

/// Each parameter in turn is NaN, infinite or far too large, and is refused.
pub fn refuses_bad_numbers(good: &[f64], refused: impl Fn(&[f64]) -> bool) {
    assert!(!refused(good), "{good:?} must be accepted");
    for index in 0..good.len() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            let mut parameters = good.to_vec();
            parameters[index] = bad;
            assert!(refused(&parameters), "{parameters:?}");
        }
    }
}

/// The smooth inputs of the shipped contracts, and ranges on each scale.
pub fn shipped() -> Vec<(&'static str, Bounded)> {
    let beta = |a, b| Beta::new(a, b).unwrap().into();
    let beta_sd = |mean, sd| Beta::from_mean_sd(mean, sd).unwrap().into();
    let pert = |low, mode, high| Pert::new(low, mode, high).unwrap().into();
    let range = |low, mid, high, scale| Range::new(low, mid, high, scale).unwrap().into();
    let mut laws: Vec<(&'static str, Bounded)> = [
        ("beta 8 8", beta(8.0, 8.0)),
        ("beta 8 12", beta(8.0, 12.0)),
        ("beta 11 9", beta(11.0, 9.0)),
        ("beta mean 0.77", beta_sd(0.77, 0.067)),
        ("beta mean 0.46", beta_sd(0.46, 0.09)),
        ("beta 18 27", beta(18.0, 27.0)),
        ("beta 0.7 2", beta(0.7, 2.0)),
        ("pert referrals", pert(150.0, 300.0, 360.0)),
        ("pert answers", pert(0.55, 0.75, 0.90)),
        ("pert mode at the end", pert(80.0, 95.0, 95.0)),
        ("normal", Distribution::from(Normal::new(0.13, 0.06).unwrap())),
        ("log-normal", LogNormal::from_mean_sd(21_000.0, 4_000.0).unwrap().into()),
        ("range plain", range(-0.02, 0.1, 0.16, Scale::Plain)),
        ("range log", range(150.0, 300.0, 360.0, Scale::Log)),
        ("range logit", range(0.2, 0.4, 0.5, Scale::Logit)),
    ]
    .map(|(name, law)| (name, Bounded::from(law)))
    .into();
    let three = [(0.1, 0.30), (0.5, 0.42), (0.9, 0.50)];
    let metalog = |low, high| Distribution::from(Metalog::new(three, low, high).unwrap()).into();
    laws.extend([
        (
            "range of 90 %",
            Distribution::from(Range::covering(0.3, None, 0.5, 0.9, Scale::Logit).unwrap()).into(),
        ),
        ("metalog", metalog(None, None)),
        ("metalog between bounds", metalog(Some(0.0), Some(1.0))),
        ("metalog above a bound", metalog(Some(0.0), None)),
        ("metalog below a bound", metalog(None, Some(1.0))),
    ]);
    let effect = Bounded::new(Normal::new(0.13, 0.06).unwrap(), Some(0.0), None).unwrap();
    laws.push(("normal not below 0", effect));
    laws
}

/// One of each kind that is not smooth in the score, bounded and not.
pub fn every_kind() -> Vec<(&'static str, Bounded)> {
    let triangle = || Triangular::new(1.0, 2.0, 4.0).unwrap();
    let choice = || Discrete::new([(0.0, 0.15), (1.0, 0.6), (5.0, 0.25)]).unwrap();
    let data = || Empirical::new([3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0]).unwrap();
    let far = Bounded::new(Normal::new(0.0, 1.0).unwrap(), Some(3.0), Some(4.0)).unwrap();
    vec![
        ("fixed", Distribution::from(Fixed::new(2.0).unwrap()).into()),
        ("uniform", Distribution::from(Uniform::new(-1.0, 3.0).unwrap()).into()),
        ("uniform cut", Bounded::new(Uniform::new(-1.0, 3.0).unwrap(), Some(0.0), Some(2.0)).unwrap()),
        ("triangular", Distribution::from(triangle()).into()),
        ("triangular cut", Bounded::new(triangle(), Some(1.2), Some(3.0)).unwrap()),
        ("triangular cut above its mode", Bounded::new(triangle(), Some(2.5), None).unwrap()),
        ("discrete", Distribution::from(choice()).into()),
        ("discrete cut", Bounded::new(choice(), Some(0.5), None).unwrap()),
        ("empirical", Distribution::from(data()).into()),
        ("empirical cut", Bounded::new(data(), None, Some(4.0)).unwrap()),
        ("normal far out", far),
        ("mixture of bells", bells()),
        ("mixture with a known part", known()),
        ("mixture with a gap", gap()),
    ]
}

fn mixture<const N: usize>(parts: [(f64, Distribution); N]) -> Bounded {
    let parts = parts.map(|(weight, part)| (weight, Bounded::from(part)));
    Distribution::from(Mixture::new(parts).unwrap()).into()
}

fn bells() -> Bounded {
    let bell = |mean, sd| Normal::new(mean, sd).unwrap().into();
    mixture([(0.3, bell(-1.0, 0.5)), (0.7, bell(2.0, 1.5))])
}

fn known() -> Bounded {
    mixture([(0.15, Fixed::new(0.0).unwrap().into()), (0.85, Normal::new(0.1, 0.08).unwrap().into())])
}

fn gap() -> Bounded {
    let parts = [
        (0.4, Uniform::new(0.0, 1.0).unwrap().into()),
        (0.4, Pert::new(5.0, 6.0, 9.0).unwrap().into()),
        (0.2, Triangular::new(0.5, 2.0, 6.0).unwrap().into()),
    ];
    mixture(parts)
}

/// max |F(table(z)) − Φ(z)| over a fine grid.
pub fn table_error(law: &impl Law, table: &ScoreTable) -> f64 {
    let error = |step: i32| {
        let z = f64::from(step) * 1.03e-3;
        (law.cdf(table.value(z)).lower() - Tails::from_score(z).lower()).abs()
    };
    (-8000..=8000).map(error).fold(0.0, f64::max)
}

/// The largest distance between the distribution function of the draws and that of the law, atoms included.
pub fn ks_distance(law: &impl Law, mut draws: Vec<f64>) -> f64 {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let mut distance: f64 = 0.0;
    let mut start = 0;
    for run in draws.chunk_by(|a, b| a.total_cmp(b).is_eq()) {
        let end = start + run.len();
        let under = (law.below(run[0]).lower() - start as f64 / n).abs();
        let over = (law.cdf(run[0]).lower() - end as f64 / n).abs();
        distance = distance.max(under).max(over);
        start = end;
    }
    distance
}

/// The binary digits of `index` mirrored at the point, in the middle of their cell of 2⁻³².
pub fn van_der_corput(index: u32) -> f64 {
    (f64::from(index.reverse_bits()) + 0.5) * 0.5_f64.powi(32)
}
