//! A linear programme in the making: what bounds the largest value of a figure.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use crate::engine::plan::column::WholeColumn;

/// A linear programme in the making. Sums and exact shares are written in what they are made of instead of being
/// variables with an equation each: the headrooms of a limit are as many as its dates.
pub(super) struct Programme {
    pub(super) problem: Problem,
    pub(super) expressions: BTreeMap<WholeColumn, Expression>,
    /// Bounds of the variables, by index.
    pub(super) bounds: Vec<(f64, f64)>,
    /// Variables whose defining operation is not yet stated.
    pub(super) open: Vec<(WholeColumn, Variable)>,
    /// What passes each vessel, by the index of its operation.
    pub(super) vessels: BTreeMap<usize, Vec<Variable>>,
    /// Rows that stand already: that a headroom is not negative is what its limit says.
    pub(super) rows: BTreeSet<Vec<(usize, u64)>>,
}

/// `Σ coefficient · variable + constant`, variables by index.
#[derive(Clone, Debug, Default)]
pub(super) struct Expression {
    /// By the index of the variable.
    pub(super) terms: Vec<(Variable, f64)>,
    pub(super) constant: f64,
}

impl Expression {
    pub(super) fn constant(constant: f64) -> Self {
        Self { constant, ..Self::default() }
    }

    /// Adds a multiple of a variable.
    pub(super) fn with(mut self, variable: Variable, coefficient: f64) -> Self {
        match self.terms.binary_search_by_key(&variable.idx(), |(variable, _)| variable.idx()) {
            Ok(at) => self.terms[at].1 += coefficient,
            Err(at) => self.terms.insert(at, (variable, coefficient)),
        }
        self
    }

    /// Adds a multiple of another expression.
    pub(super) fn plus(mut self, factor: f64, other: &Self) -> Self {
        self.constant += factor * other.constant;
        let others = other.terms.iter();
        others.fold(self, |sum, (variable, coefficient)| sum.with(*variable, factor * coefficient))
    }
}

impl Programme {
    /// A programme that seeks the largest value of a variable, of at most `high`, which it returns.
    pub(super) fn seeking(high: f64) -> (Self, Variable) {
        let mut programme = Self {
            problem: Problem::new(OptimizationDirection::Maximize),
            expressions: BTreeMap::new(),
            bounds: vec![(f64::NEG_INFINITY, high)],
            open: Vec::new(),
            vessels: BTreeMap::new(),
            rows: BTreeSet::new(),
        };
        // What is sought is a variable of its own: the objective stands with the variables.
        let sought = programme.problem.add_var(1.0, (f64::NEG_INFINITY, high));
        (programme, sought)
    }

    /// States that an expression is not above zero.
    pub(super) fn at_most_zero(&mut self, expression: &Expression) {
        let terms: Vec<_> =
            expression.terms.iter().filter(|(_, coefficient)| *coefficient != 0.0).copied().collect();
        let bits = |number: f64| (number + 0.0).to_bits();
        let row = terms.iter().map(|(variable, coefficient)| (variable.idx(), bits(*coefficient)));
        let row = row.chain([(usize::MAX, bits(expression.constant))]).collect();
        if !terms.is_empty() && self.rows.insert(row) {
            self.problem.add_constraint(terms, ComparisonOp::Le, -expression.constant);
        }
    }

    /// The largest value of an expression by the bounds of its variables.
    pub(super) fn most(&self, expression: &Expression) -> f64 {
        let terms = expression.terms.iter().filter(|(_, coefficient)| *coefficient != 0.0);
        let ends = terms.map(|(variable, coefficient)| {
            let (low, high) = self.bounds[variable.idx()];
            (coefficient * low).max(coefficient * high)
        });
        ends.fold(expression.constant, |sum, end| sum + end)
    }

    /// States the range of an expression where the bounds of its variables do not.
    pub(super) fn within(&mut self, expression: &Expression, low: f64, high: f64) {
        let opposite = Expression::default().plus(-1.0, expression);
        if -self.most(&opposite) < low {
            self.at_most_zero(&opposite.plus(1.0, &Expression::constant(low)));
        }
        if self.most(expression) > high {
            self.at_most_zero(&Expression::constant(-high).plus(1.0, expression));
        }
    }
}
