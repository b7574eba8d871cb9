//! Fitting a distribution to quantiles that more parameters would be needed to meet, and how well it fits.

use super::number::{NumberError, number};
use super::{Beta, Distribution, DistributionError, Law as _, LogNormal, Normal, Scale, Tails};

/// What quantiles are fitted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The bell curve: levels.
    Normal,
    /// A positive number whose logarithm is normal: people, prices.
    LogNormal,
    /// A share.
    Beta,
}

impl Family {
    /// What fits a number that is used on such a scale.
    #[must_use]
    pub fn on(scale: Scale) -> Self {
        match scale {
            Scale::Plain => Self::Normal,
            Scale::Log => Self::LogNormal,
            Scale::Logit => Self::Beta,
        }
    }
}

/// A fitted distribution with the quantiles that were asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// The distribution.
    pub distribution: Distribution,
    /// By quantile asked for, ascending: probability, value asked for, value of the distribution.
    pub points: Vec<(f64, f64, f64)>,
}

/// Why nothing was fitted.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum FitError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Fewer than two quantiles.
    #[error("fewer than two quantiles; write for example `p10 = 0.3, p90 = 0.5`")]
    Few,
    /// They do not ascend, or do not fit the family.
    #[error(
        "the quantiles at {low} and {high} do not ascend, or leave where the distribution lies; a share lies between 0 and 1, people and prices above 0"
    )]
    Order {
        /// The lower probability.
        low: f64,
        /// The higher.
        high: f64,
    },
    /// The distribution found was refused.
    #[error(transparent)]
    Distribution(#[from] DistributionError),
}

impl Fit {
    /// Fits by least squares: a normal on the plain or the log scale over the scores, a Beta on the logits of its quantiles.
    ///
    /// # Errors
    ///
    /// When there are fewer than two quantiles, one is not finite or they do not ascend within the family's support.
    pub fn new(points: impl IntoIterator<Item = (f64, f64)>, family: Family) -> Result<Self, FitError> {
        let mut points: Vec<(f64, f64)> = points.into_iter().collect();
        for (_, value) in &points {
            number("quantile", *value)?;
        }
        if points.len() < 2 {
            return Err(FitError::Few);
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let inside = |x: f64| match family {
            Family::Normal => true,
            Family::LogNormal => x > 0.0,
            Family::Beta => x > 0.0 && x < 1.0,
        };
        let holds = |(a, b): (&(f64, f64), &(f64, f64))| a.0 < b.0 && a.1 < b.1 && inside(a.1) && inside(b.1);
        if let Some((a, b)) = points.iter().zip(&points[1..]).find(|pair| !holds(*pair)) {
            return Err(FitError::Order { low: a.0, high: b.0 });
        }
        let distribution = match family {
            Family::Normal => {
                let (centre, spread) = line(&points, |x| x);
                Normal::new(centre, spread).map_err(DistributionError::from)?.into()
            }
            Family::LogNormal => {
                let (centre, spread) = line(&points, libm::log);
                let factor = libm::exp(spread * super::range::SCORE_90);
                LogNormal::from_median_factor(libm::exp(centre), factor)
                    .map_err(DistributionError::from)?
                    .into()
            }
            Family::Beta => beta(&points)?,
        };
        let quantile = |p: f64| distribution.quantile(Tails::from_lower(p));
        let points = points.iter().map(|(p, x)| (*p, *x, quantile(*p))).collect();
        Ok(Self { distribution, points })
    }

    /// The largest difference between a stated probability and that of the distribution at the stated value.
    #[must_use]
    pub fn misfit(&self) -> f64 {
        let off = |(p, x, _): &(f64, f64, f64)| (self.distribution.cdf(*x).lower() - p).abs();
        self.points.iter().map(off).fold(0.0, f64::max)
    }
}

/// Centre and spread of scale(x) = centre + spread · z, by least squares.
fn line(points: &[(f64, f64)], scale: impl Fn(f64) -> f64) -> (f64, f64) {
    let pairs: Vec<(f64, f64)> =
        points.iter().map(|(p, x)| (Tails::from_lower(*p).score(), scale(*x))).collect();
    let n = pairs.len() as f64;
    let (mz, mx) = (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
    let (mut zz, mut zx) = (0.0, 0.0);
    for (z, x) in &pairs {
        zz += (z - mz) * (z - mz);
        zx += (z - mz) * (x - mx);
    }
    let spread = zx / zz;
    (mx - spread * mz, spread)
}

fn logit(x: f64) -> f64 {
    libm::log(x) - libm::log1p(-x)
}

/// Gauss and Newton's method on the logit of the mean and the logarithm of a + b, with halved steps where one does not help.
fn beta(points: &[(f64, f64)]) -> Result<Distribution, FitError> {
    let of = |[mean, worth]: [f64; 2]| {
        let share = 1.0 / (1.0 + libm::exp(-mean));
        Beta::from_mean_n(share, libm::exp(worth))
    };
    let residuals = |at: [f64; 2]| -> Option<Vec<f64>> {
        let law = of(at).ok()?;
        Some(points.iter().map(|(p, x)| logit(law.quantile(Tails::from_lower(*p))) - logit(*x)).collect())
    };
    let square = |r: &[f64]| r.iter().map(|r| r * r).sum::<f64>();
    // Near the middle a logit with spread s has a + b of about 1 / (s² mean (1 − mean)).
    let (centre, spread) = line(points, logit);
    let share = 1.0 / (1.0 + libm::exp(-centre));
    let mut at = [centre, libm::log(1.0 / (spread * spread * share * (1.0 - share)) + 1.0)];
    for _ in 0..60 {
        let Some(r) = residuals(at) else { break };
        let small = 1e-6;
        let (Some(a), Some(b)) = (residuals([at[0] + small, at[1]]), residuals([at[0], at[1] + small]))
        else {
            break;
        };
        let slope =
            |moved: &[f64]| -> Vec<f64> { moved.iter().zip(&r).map(|(m, r)| (m - r) / small).collect() };
        let (a, b) = (slope(&a), slope(&b));
        let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        let (aa, ab, bb, ar, br) = (dot(&a, &a), dot(&a, &b), dot(&b, &b), dot(&a, &r), dot(&b, &r));
        let determinant = aa * bb - ab * ab;
        if !(determinant.abs() > 1e-300) {
            break;
        }
        let step = [(bb * ar - ab * br) / determinant, (aa * br - ab * ar) / determinant];
        let mut part = 1.0;
        let next = loop {
            let next = [at[0] - part * step[0], at[1] - part * step[1]];
            if residuals(next).is_some_and(|found| square(&found) <= square(&r)) {
                break next;
            }
            part *= 0.5;
            if part < 1e-6 {
                break at;
            }
        };
        let moved = (next[0] - at[0]).abs() + (next[1] - at[1]).abs();
        at = next;
        if moved < 1e-12 {
            break;
        }
    }
    Ok(of(at).map_err(DistributionError::from)?.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_quantiles_are_met_exactly() {
        for (family, low, high) in
            [(Family::Normal, -1.0, 3.0), (Family::LogNormal, 80.0, 300.0), (Family::Beta, 0.2, 0.55)]
        {
            let fit = Fit::new([(0.1, low), (0.9, high)], family).unwrap();
            assert!(fit.misfit() < 1e-8, "{family:?} {}", fit.misfit());
        }
    }

    #[test]
    fn quantiles_of_a_family_find_it_again() {
        let beta = Beta::new(8.0, 12.0).unwrap();
        let points = [0.05, 0.25, 0.5, 0.75, 0.95].map(|p| (p, beta.quantile(Tails::from_lower(p))));
        let fit = Fit::new(points, Family::Beta).unwrap();
        let Distribution::Beta(found) = &fit.distribution else { panic!("no Beta") };
        assert!((found.a() - 8.0).abs() < 1e-5 && (found.b() - 12.0).abs() < 1e-5, "{found:?}");
        // Another family does not fit, and says so.
        assert!(Fit::new(points, Family::LogNormal).unwrap().misfit() > 0.01);
    }

    #[test]
    fn extreme_quantiles_are_fitted() {
        for points in
            [[(0.025, 0.001), (0.975, 0.02)], [(0.01, 0.98), (0.99, 0.9999)], [(0.05, 0.01), (0.95, 0.99)]]
        {
            let fit = Fit::new(points, Family::Beta).unwrap();
            assert!(fit.misfit() < 1e-6, "{points:?} {}", fit.misfit());
        }
    }

    #[test]
    fn refuses_what_is_no_quantile() {
        assert_eq!(Fit::new([(0.5, 1.0)], Family::Normal).unwrap_err(), FitError::Few);
        assert!(Fit::new([(0.1, 0.5), (0.9, 1.5)], Family::Beta).is_err());
        assert!(Fit::new([(0.1, -1.0), (0.9, 1.5)], Family::LogNormal).is_err());
        assert!(Fit::new([(0.1, 2.0), (0.9, 1.0)], Family::Normal).is_err());
        assert!(Fit::new([(0.1, f64::NAN), (0.9, 1.0)], Family::Normal).is_err());
    }
}
