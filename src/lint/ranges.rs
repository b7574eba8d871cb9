//! The smallest and largest value of every input, as the checks of the loader see them.

use crate::dist::Law as _;
use crate::scenario::model::{InputKind, Investment, Number};

/// Support of every input of an investment, in order; formulas by interval arithmetic.
pub(super) fn ranges(investment: &Investment) -> Vec<(f64, f64)> {
    let mut ranges = Vec::with_capacity(investment.inputs.len());
    for input in &investment.inputs {
        ranges.push(match &input.kind {
            InputKind::Random(bounded) => bounded.support(),
            InputKind::Formula(formula) => {
                formula.range(&ranges).unwrap_or((f64::NEG_INFINITY, f64::INFINITY))
            }
        });
    }
    ranges
}

/// The largest value of a number.
pub(super) fn largest(investment: &Investment, number: Number) -> f64 {
    match number {
        Number::Fixed(value) => value,
        Number::Input(input) => ranges(investment)[input].1,
    }
}
