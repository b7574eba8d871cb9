//! Metalog distributions, fitted to quantiles: the form in which SIPmath 3.0 carries a distribution.
//!
//! T. W. Keelin, *The Metalog Distributions*, Decision Analysis 13(4), 2016: with L = ln(y / (1 − y)) and c = y − ½ the quantile
//! is M(y) = a₁ + a₂L + a₃cL + a₄c + a₅c² + a₆c²L + …, and between bounds l and u it is (l + u·e^M) / (1 + e^M). Coefficients
//! are those of least squares over the quantiles that are given (ibid., 3.4).

use crate::dist::metalog_term;

/// The most coefficients: more follow the steps of an atom instead of its size.
const MOST_TERMS: usize = 9;

/// Shares of the range that values are held away from the bounds, where the logarithm has an end. Which of them fits best
/// depends on how much lies at a bound.
const MARGINS: [f64; 4] = [0.02, 0.005, 0.001, 0.0001];

/// Where a fitted curve is held to rise.
const CHECKS: usize = 1000;

/// A metalog between two bounds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Metalog {
    pub(super) bounds: (f64, f64),
    pub(super) coefficients: Vec<f64>,
}

impl Metalog {
    /// The metalog nearest to quantiles `(probability, value)` of those by least squares that rise everywhere; `None` when the
    /// bounds do not enclose anything.
    pub(super) fn fit(quantiles: &[(f64, f64)], bounds: (f64, f64)) -> Option<Self> {
        if !(bounds.1 > bounds.0) {
            return None;
        }
        let tried = MARGINS.iter().flat_map(|margin| (2..=MOST_TERMS).map(move |terms| (*margin, terms)));
        let fits = tried.filter_map(|(margin, terms)| {
            let coefficients = least_squares(quantiles, bounds, margin, terms)?;
            let fit = Self { bounds, coefficients };
            fit.rises().then(|| (fit.error(quantiles), fit))
        });
        fits.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, fit)| fit)
    }

    /// The quantile of a probability strictly between 0 and 1.
    pub(super) fn quantile(&self, probability: f64) -> f64 {
        let terms = basis(probability, self.coefficients.len());
        let m = terms.iter().zip(&self.coefficients).fold(0.0, |sum, (term, a)| sum + term * a);
        let (low, high) = self.bounds;
        // Written so that neither end overflows.
        if m > 0.0 {
            let small = libm::exp(-m);
            (low * small + high) / (1.0 + small)
        } else {
            let small = libm::exp(m);
            (low + high * small) / (1.0 + small)
        }
    }

    /// What the curve is off the quantiles: the root of the mean square, and the mean, which models add up.
    fn error(&self, quantiles: &[(f64, f64)]) -> f64 {
        let count = quantiles.len() as f64;
        let off = |(y, x): &(f64, f64)| self.quantile(*y) - x;
        let square = quantiles.iter().map(off).fold(0.0, |sum, off| sum + off * off);
        let mean = quantiles.iter().map(off).fold(0.0, |sum, off| sum + off) / count;
        (square / count).sqrt() + 4.0 * mean.abs()
    }

    fn rises(&self) -> bool {
        let at = |index: usize| self.quantile((index as f64 + 0.5) / CHECKS as f64);
        let finite = self.coefficients.iter().all(|a| a.is_finite());
        finite && (1..CHECKS).all(|index| at(index) >= at(index - 1))
    }

    /// The density at so many places, evenly spaced over the bounds: slopes of the quantile turned around.
    pub(super) fn densities(&self, places: usize) -> Vec<f64> {
        let (low, high) = self.bounds;
        let width = (high - low) / places as f64;
        let below = |x: f64| {
            let (mut from, mut to) = (0.0, 1.0);
            for _ in 0..50 {
                let middle = 0.5 * (from + to);
                if self.quantile(middle) <= x { from = middle } else { to = middle }
            }
            0.5 * (from + to)
        };
        let edge = |index: usize| match index {
            0 => 0.0,
            _ if index == places => 1.0,
            _ => below(low + width * index as f64),
        };
        (0..places).map(|index| (edge(index + 1) - edge(index)) / width).collect()
    }
}

/// The terms that the coefficients multiply.
fn basis(y: f64, terms: usize) -> Vec<f64> {
    let logit = libm::log(y / (1.0 - y));
    (0..terms).map(|index| metalog_term(index, y - 0.5, logit)).collect()
}

/// Coefficients of least squares by a QR decomposition (modified Gram-Schmidt).
fn least_squares(
    quantiles: &[(f64, f64)],
    bounds: (f64, f64),
    margin: f64,
    terms: usize,
) -> Option<Vec<f64>> {
    let (low, high) = bounds;
    let margin = margin * (high - low);
    let target = |x: f64| {
        let x = x.clamp(low + margin, high - margin);
        libm::log((x - low) / (high - x))
    };
    let mut columns: Vec<Vec<f64>> = vec![Vec::with_capacity(quantiles.len()); terms];
    for (y, _) in quantiles {
        columns.iter_mut().zip(basis(*y, terms)).for_each(|(column, term)| column.push(term));
    }
    let mut rest: Vec<f64> = quantiles.iter().map(|(_, x)| target(*x)).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).fold(0.0, |sum, (a, b)| sum + a * b);
    let mut upper = vec![vec![0.0; terms + 1]; terms];
    for index in 0..terms {
        let length = dot(&columns[index], &columns[index]).sqrt();
        if !(length > 1e-9) {
            return None;
        }
        columns[index].iter_mut().for_each(|value| *value /= length);
        upper[index][index] = length;
        let direction = columns[index].clone();
        for later in index + 1..terms {
            let part = dot(&direction, &columns[later]);
            upper[index][later] = part;
            columns[later].iter_mut().zip(&direction).for_each(|(value, unit)| *value -= part * unit);
        }
        let part = dot(&direction, &rest);
        upper[index][terms] = part;
        rest.iter_mut().zip(&direction).for_each(|(value, unit)| *value -= part * unit);
    }
    let mut solved = vec![0.0; terms];
    for index in (0..terms).rev() {
        let known = (index + 1..terms).fold(0.0, |sum, later| sum + upper[index][later] * solved[later]);
        solved[index] = (upper[index][terms] - known) / upper[index][index];
    }
    Some(solved)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(of: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (0..200).map(|index| (f64::from(index) + 0.5) / 200.0).map(|y| (y, of(y))).collect()
    }

    #[test]
    fn a_metalog_is_found_again_from_its_quantiles() {
        let known = Metalog { bounds: (0.0, 10.0), coefficients: vec![0.4, 0.5, 0.1, 0.3] };
        let found = Metalog::fit(&points(|y| known.quantile(y)), known.bounds).unwrap();
        for y in [0.01, 0.2, 0.5, 0.9, 0.99] {
            assert!((found.quantile(y) - known.quantile(y)).abs() < 1e-6, "{y}: {found:?}");
        }
        // A test of the test: another curve is further away.
        let other = Metalog { coefficients: vec![0.6, 0.5, 0.1, 0.3], ..known.clone() };
        assert!((found.quantile(0.5) - other.quantile(0.5)).abs() > 0.1);
    }

    #[test]
    fn a_uniform_distribution_is_nearly_met_and_its_density_is_level() {
        let found = Metalog::fit(&points(|y| 3.0 + y), (3.0, 4.0)).unwrap();
        assert!((found.quantile(0.3) - 3.3).abs() < 0.005, "{}", found.quantile(0.3));
        let densities = found.densities(25);
        let sum: f64 = densities.iter().sum();
        assert!(
            (sum / 25.0 - 1.0).abs() < 1e-9 && densities.iter().all(|d| (d - 1.0).abs() < 0.35),
            "{densities:?}"
        );
    }

    #[test]
    fn what_has_an_atom_at_its_bound_is_met_on_average_and_never_left() {
        let atom = |y: f64| if y < 0.2 { 0.0 } else { ((y - 0.2) / 0.6).min(1.0) };
        let found = Metalog::fit(&points(atom), (0.0, 1.0)).unwrap();
        let mean: f64 = points(|y| found.quantile(y)).iter().map(|point| point.1).sum::<f64>() / 200.0;
        let exact: f64 = points(atom).iter().map(|point| point.1).sum::<f64>() / 200.0;
        assert!((mean - exact).abs() < 0.02, "{mean} {exact}");
        assert!((0.0..=1.0).contains(&found.quantile(1e-9)) && found.quantile(1.0 - 1e-9) <= 1.0);
        assert_eq!(Metalog::fit(&points(|_| 2.0), (2.0, 2.0)), None);
    }
}
