//! The metalog: a distribution through any quantiles, bounded or not (Keelin, Decision Analysis 13, 2016).

use super::number::{NumberError, number};
use super::{Law, Tails, moments};

/// As many quantiles as a person can state; more would follow noise.
const MOST_POINTS: usize = 9;
/// Logits of the grid on which the quantile must rise; beyond them only the logarithm moves it.
const REACH: f64 = 18.0;
/// Points of the grid.
const GRID: i32 = 4_000;
/// A half-bounded metalog whose open tail is heavier than this has no standard deviation to speak of.
const HEAVIEST: f64 = 0.35;

/// scale(X) = Σ aᵢ gᵢ(y) at the probability y, with g = 1, L, dL, d, d², d²L, … , L = ln(y/(1 − y)), d = y − ½.
///
/// Equations 6 to 8 of the paper; as many terms as quantiles, so that all of them are met exactly. The scale is plain, or
/// the logarithm of the distance from one bound, or of the ratio of the distances from both (table 1 there).
#[derive(Clone, Debug, PartialEq)]
pub struct Metalog {
    points: Vec<(f64, f64)>,
    low: Option<f64>,
    high: Option<f64>,
    terms: Vec<f64>,
}

/// Why a [`Metalog`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MetalogError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// Too few or too many quantiles.
    #[error("{0} quantiles; a metalog goes through 2 to {MOST_POINTS} of them, such as `p10`, `p50`, `p90`")]
    Count(usize),
    /// The quantiles do not ascend.
    #[error("the quantiles at {low} and {high} do not ascend; a higher probability has a higher value")]
    Order {
        /// The lower probability.
        low: f64,
        /// The higher.
        high: f64,
    },
    /// A quantile lies beyond a bound.
    #[error("the quantile {0} is not within the bounds; bounds are the lowest and the highest that can be")]
    Beyond(f64),
    /// There is no such distribution: the curve through the quantiles falls somewhere.
    #[error(
        "no metalog goes through these quantiles: the curve would fall near P{percent:.0}; use fewer or other quantiles, or `range`"
    )]
    Infeasible {
        /// Where it falls, in per cent.
        percent: f64,
    },
    /// The open tail is too heavy.
    #[error("the tail is so heavy that there is no standard deviation; state the other bound too")]
    Heavy,
}

impl Metalog {
    /// Through quantiles (probability, value) in any order, within bounds where there are some.
    ///
    /// # Errors
    ///
    /// When a number is not finite, there are fewer than 2 or more than 9 quantiles, they do not ascend or lie beyond a
    /// bound, or no metalog goes through them.
    pub fn new(
        points: impl IntoIterator<Item = (f64, f64)>,
        low: Option<f64>,
        high: Option<f64>,
    ) -> Result<Self, MetalogError> {
        let mut points: Vec<(f64, f64)> = points.into_iter().collect();
        for (at, value) in &points {
            number("probability", *at)?;
            number("quantile", *value)?;
        }
        for bound in [low, high].into_iter().flatten() {
            number("bound", bound)?;
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        if !(2..=MOST_POINTS).contains(&points.len()) {
            return Err(MetalogError::Count(points.len()));
        }
        let ascends = |pair: &[(f64, f64)]| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1;
        if let Some(pair) = points.windows(2).find(|pair| !ascends(pair)) {
            return Err(MetalogError::Order { low: pair[0].0, high: pair[1].0 });
        }
        let inside = |x: f64| low.is_none_or(|low| x > low) && high.is_none_or(|high| x < high);
        if let Some((_, beyond)) = points.iter().find(|(p, x)| !(*p > 0.0 && *p < 1.0 && inside(*x))) {
            return Err(MetalogError::Beyond(*beyond));
        }
        let mut found = Self { points, low, high, terms: Vec::new() };
        found.terms = found.solved()?;
        found.check()?;
        Ok(found)
    }

    /// The quantiles it goes through, ascending: probability and value.
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }

    /// Its bounds, as stated.
    pub fn bounds(&self) -> (Option<f64>, Option<f64>) {
        (self.low, self.high)
    }

    /// The terms that meet all quantiles, by elimination with the largest pivots.
    fn solved(&self) -> Result<Vec<f64>, MetalogError> {
        let n = self.points.len();
        let mut rows: Vec<Vec<f64>> = self
            .points
            .iter()
            .map(|(p, x)| {
                let logit = libm::log(*p) - libm::log1p(-*p);
                let mut row: Vec<f64> = (0..n).map(|term| basis(term, logit)).collect();
                row.push(self.onto(*x));
                row
            })
            .collect();
        for column in 0..n {
            let pivot = (column..n).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()));
            rows.swap(column, pivot.unwrap_or(column));
            let (above, below) = rows.split_at_mut(column + 1);
            let lead = &above[column];
            if !(lead[column].abs() > 1e-12) {
                return Err(MetalogError::Infeasible { percent: 100.0 * self.points[column].0 });
            }
            for row in below {
                let factor = row[column] / lead[column];
                (column..=n).for_each(|k| row[k] -= factor * lead[k]);
            }
        }
        let mut terms = vec![0.0; n];
        for row in (0..n).rev() {
            let known: f64 = (row + 1..n).map(|k| rows[row][k] * terms[k]).sum();
            terms[row] = (rows[row][n] - known) / rows[row][row];
        }
        Ok(terms)
    }

    /// Refuses a curve that falls anywhere, and tails without a standard deviation.
    fn check(&self) -> Result<(), MetalogError> {
        for step in -GRID..=GRID {
            let logit = REACH * f64::from(step) / f64::from(GRID);
            if !(self.slope(logit) > 0.0) {
                let percent = 100.0 * Tails::from_logit(logit).lower();
                return Err(MetalogError::Infeasible { percent });
            }
        }
        let [bottom, top] = [-40.0, 40.0].map(|logit| self.slope(logit));
        if !(bottom > 1e-12 && top > 1e-12) {
            return Err(MetalogError::Infeasible { percent: if bottom > 1e-12 { 100.0 } else { 0.0 } });
        }
        match (self.low, self.high) {
            (Some(_), None) if top > HEAVIEST => Err(MetalogError::Heavy),
            (None, Some(_)) if bottom > HEAVIEST => Err(MetalogError::Heavy),
            _ => Ok(()),
        }
    }

    /// Σ aᵢ gᵢ at a logit.
    fn curve(&self, logit: f64) -> f64 {
        self.terms.iter().enumerate().map(|(term, a)| a * basis(term, logit)).sum()
    }

    /// Its derivative in the logit.
    fn slope(&self, logit: f64) -> f64 {
        self.terms.iter().enumerate().map(|(term, a)| a * slope(term, logit)).sum()
    }

    fn onto(&self, x: f64) -> f64 {
        match (self.low, self.high) {
            (None, None) => x,
            (Some(low), None) => libm::log(x - low),
            (None, Some(high)) => -libm::log(high - x),
            (Some(low), Some(high)) => libm::log(x - low) - libm::log(high - x),
        }
    }

    fn back(&self, y: f64) -> f64 {
        match (self.low, self.high) {
            (None, None) => y,
            (Some(low), None) => low + libm::exp(y),
            (None, Some(high)) => high - libm::exp(-y),
            (Some(low), Some(high)) if y < 0.0 => low + (high - low) * (libm::exp(y) / (1.0 + libm::exp(y))),
            (Some(low), Some(high)) => high - (high - low) * (libm::exp(-y) / (1.0 + libm::exp(-y))),
        }
    }
}

/// d = y − ½ at a logit, and d's derivative y(1 − y).
fn middle(logit: f64) -> (f64, f64) {
    let at = Tails::from_logit(logit);
    (0.5 * (at.lower() - at.upper()), at.lower() * at.upper())
}

/// Term i, counted from 0: its power of d, and whether the logit is a factor.
fn shape(term: usize) -> (i32, bool) {
    match term {
        0 => (0, false),
        1 => (0, true),
        2 => (1, true),
        3 => (1, false),
        // d², d²L, d³, d³L, …
        _ => ((term / 2) as i32, term % 2 == 1),
    }
}

fn power(d: f64, exponent: i32) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * d)
}

/// Term i, counted from 0, at d = y − ½ and the logit of y.
pub(crate) fn term(index: usize, d: f64, logit: f64) -> f64 {
    let (exponent, logarithm) = shape(index);
    power(d, exponent) * if logarithm { logit } else { 1.0 }
}

fn basis(index: usize, logit: f64) -> f64 {
    term(index, middle(logit).0, logit)
}

fn slope(term: usize, logit: f64) -> f64 {
    let (exponent, logarithm) = shape(term);
    let (d, rise) = middle(logit);
    let bent = if exponent == 0 { 0.0 } else { f64::from(exponent) * power(d, exponent - 1) * rise };
    if logarithm { bent * logit + power(d, exponent) } else { bent }
}

impl Law for Metalog {
    /// By bisection on the logit, to the last bit.
    fn cdf(&self, x: f64) -> Tails {
        let (bottom, top) = self.support();
        if !(x > bottom) {
            return Tails::BOTTOM;
        }
        if x >= top {
            return Tails::TOP;
        }
        let target = self.onto(x);
        let (mut low, mut high) = (-740.0, 740.0);
        loop {
            let logit = 0.5 * (low + high);
            if !(low < logit && logit < high) {
                return Tails::from_logit(logit);
            }
            if self.curve(logit) > target { high = logit } else { low = logit }
        }
    }

    fn quantile(&self, at: Tails) -> f64 {
        if !(at.lower() > 0.0) {
            return self.support().0;
        }
        if !(at.upper() > 0.0) {
            return self.support().1;
        }
        self.back(self.curve(libm::log(at.lower()) - libm::log(at.upper())))
    }

    /// By quadrature.
    fn mean(&self) -> f64 {
        moments::moments(self).0
    }

    /// By quadrature.
    fn standard_deviation(&self) -> f64 {
        moments::moments(self).1
    }

    fn support(&self) -> (f64, f64) {
        (self.low.unwrap_or(f64::NEG_INFINITY), self.high.unwrap_or(f64::INFINITY))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    const THREE: [(f64, f64); 3] = [(0.1, 0.30), (0.5, 0.42), (0.9, 0.50)];

    fn examples() -> Vec<Metalog> {
        vec![
            Metalog::new(THREE, None, None).unwrap(),
            Metalog::new(THREE, Some(0.0), Some(1.0)).unwrap(),
            Metalog::new(THREE, Some(0.0), None).unwrap(),
            Metalog::new(THREE, None, Some(1.0)).unwrap(),
            Metalog::new([(0.05, -3.0), (0.25, 1.0), (0.5, 2.0), (0.75, 3.5), (0.95, 9.0)], None, None)
                .unwrap(),
            Metalog::new([(0.001, 1.0), (0.999, 2.0)], None, None).unwrap(),
        ]
    }

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for law in examples() {
            harness::check_to(&law, 1e-14 * law.standard_deviation());
        }
    }

    #[test]
    fn meets_its_quantiles() {
        for law in examples() {
            for (p, x) in law.points() {
                assert!((law.cdf(*x).lower() - p).abs() < 1e-12, "{law:?}");
                assert!((law.quantile(Tails::from_lower(*p)) / x - 1.0).abs() < 1e-12, "{law:?}");
            }
        }
    }

    /// Two terms are the logistic distribution, F = 1 / (1 + exp(−(x − μ) / s)).
    #[test]
    fn two_quantiles_are_the_logistic() {
        let law = Metalog::new([(0.1, -1.0), (0.9, 1.0)], None, None).unwrap();
        let s = 1.0 / 9.0_f64.ln();
        for step in -40..=40 {
            let x = f64::from(step) * 0.2;
            let (lower, upper) = (1.0 / (1.0 + (-x / s).exp()), 1.0 / (1.0 + (x / s).exp()));
            let found = law.cdf(x);
            assert!(
                (found.lower() / lower - 1.0).abs() < 1e-11 && (found.upper() / upper - 1.0).abs() < 1e-11,
                "{x}"
            );
        }
        let sd = s * std::f64::consts::PI / 3.0_f64.sqrt();
        assert!(law.mean().abs() < 1e-12 && (law.standard_deviation() / sd - 1.0).abs() < 1e-9);
    }

    /// Equation 19 of the paper: the three terms of a symmetric-percentile triplet in closed form.
    #[test]
    fn three_quantiles_are_the_closed_form() {
        let law = Metalog::new(THREE, None, None).unwrap();
        let (width, share, odds) = (0.2, 0.12 / 0.2, 9.0_f64.ln());
        let expected = [0.42, width / (2.0 * odds), width * (1.0 - 2.0 * share) / (0.8 * odds)];
        for (found, expected) in law.terms.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-14, "{found} {expected}");
        }
    }

    #[test]
    fn refuses_what_no_curve_goes_through() {
        harness::refuses_bad_numbers(&[1.0, 2.0], |p| {
            Metalog::new([(0.1, p[0]), (0.9, p[1])], None, None).is_err()
        });
        // The paper's limit of feasibility for 10/50/90: the median beyond a third of a sixth of the way.
        assert!(matches!(
            Metalog::new([(0.1, 0.0), (0.5, 0.1), (0.9, 1.0)], None, None),
            Err(MetalogError::Infeasible { .. })
        ));
        assert!(Metalog::new([(0.1, 0.0), (0.5, 0.2), (0.9, 1.0)], None, None).is_ok());
        assert_eq!(Metalog::new([(0.5, 1.0)], None, None), Err(MetalogError::Count(1)));
        assert_eq!(Metalog::new(THREE, Some(0.3), None), Err(MetalogError::Beyond(0.3)));
        assert_eq!(Metalog::new([(0.1, 1.0), (0.9, 1e6)], Some(0.0), None), Err(MetalogError::Heavy));
        let text = Metalog::new([(0.1, 2.0), (0.9, 1.0)], None, None).unwrap_err().to_string();
        assert_eq!(
            text,
            "the quantiles at 0.1 and 0.9 do not ascend; a higher probability has a higher value"
        );
    }
}
