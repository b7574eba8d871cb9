//! Scores that depend on each other through common factors, one regressed on those before it.

use std::collections::BTreeMap;

use crate::scenario::name::Name;

/// Loadings by factor; a factor loads on itself with 1.
pub(super) type Loads = BTreeMap<Name, f64>;

/// A score as `Σ on_j · e_j + own · e`, with independent standard normal e.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    pub(super) on: Vec<f64>,
    pub(super) own: f64,
}

/// A score that is decided by those before it but for rounding.
const DECIDED: f64 = 1e-7;

impl Row {
    /// Whether something of its own remains.
    pub(super) fn is_free(&self) -> bool {
        self.own > DECIDED
    }

    /// What the scores before it bring.
    pub(super) fn shift(&self, scores: &[f64]) -> f64 {
        self.on.iter().zip(scores).map(|(on, e)| on * e).sum()
    }

    /// Whether it depends on nothing else.
    pub(super) fn is_alone(&self) -> bool {
        self.on.iter().all(|on| on.abs() < DECIDED)
    }
}

/// The rows of Cholesky's factor of the correlation matrix of the scores that are dimensions.
#[derive(Debug, Default)]
pub(super) struct Rows {
    dimensions: Vec<(Loads, Row)>,
}

impl Rows {
    /// The row of a score, on the dimensions so far.
    pub(super) fn row(&self, loads: &Loads) -> Row {
        let mut on: Vec<f64> = Vec::with_capacity(self.dimensions.len());
        for (other, row) in &self.dimensions {
            let explained: f64 = on.iter().zip(&row.on).map(|(a, b)| a * b).sum();
            let rest = correlation(loads, other) - explained;
            on.push(if row.is_free() { rest / row.own } else { 0.0 });
        }
        let explained: f64 = on.iter().map(|a| a * a).sum();
        Row { on, own: (1.0 - explained).max(0.0).sqrt() }
    }

    /// The row of a score that becomes a dimension.
    pub(super) fn dimension(&mut self, loads: Loads) -> Row {
        let row = self.row(&loads);
        self.dimensions.push((loads, row.clone()));
        row
    }
}

/// Of two different scores: the sum of products of their loadings on common factors.
fn correlation(a: &Loads, b: &Loads) -> f64 {
    a.iter().filter_map(|(factor, load)| Some(load * b.get(factor)?)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loads(pairs: &[(&str, f64)]) -> Loads {
        pairs.iter().filter_map(|(name, load)| Some((Name::new(name).ok()?, *load))).collect()
    }

    #[test]
    fn rows_give_back_the_correlations() {
        let all = [loads(&[("f", 0.6)]), loads(&[("f", 0.5), ("g", -0.4)]), loads(&[("g", 0.9)])];
        let mut rows = Rows::default();
        let found: Vec<Row> = all.iter().map(|l| rows.dimension(l.clone())).collect();
        for (i, a) in found.iter().enumerate() {
            for (j, b) in found.iter().enumerate() {
                let full = |row: &Row| row.on.iter().copied().chain([row.own]).collect::<Vec<_>>();
                let product: f64 = full(a).iter().zip(full(b)).map(|(x, y)| x * y).sum();
                let expected = if i == j { 1.0 } else { correlation(&all[i], &all[j]) };
                assert!((product - expected).abs() < 1e-12, "{i} {j}");
            }
        }
    }

    #[test]
    fn a_factor_as_dimension_takes_what_is_common() {
        let mut rows = Rows::default();
        rows.dimension(loads(&[("f", 1.0)]));
        let row = rows.row(&loads(&[("f", 0.6)]));
        assert!((row.on[0] - 0.6).abs() < 1e-12 && (row.own - 0.8).abs() < 1e-12);
        assert!(!rows.row(&loads(&[("f", 1.0)])).is_free());
    }
}
