//! What a plan's operations say of their columns, in the words of a linear programme.

use microlp::Variable;

use super::programme::{Expression, Programme};
use super::{Largest, SCALE};
use crate::engine::plan::column::{Whole, WholeColumn};
use crate::engine::plan::op::Op;

impl Largest<'_> {
    /// A column in the variables of a programme.
    pub(super) fn express(&self, programme: &mut Programme, column: WholeColumn) -> Expression {
        if let Some(known) = programme.expressions.get(&column) {
            return known.clone();
        }
        let lattice = self.plan.whole[column.0 as usize].lattice;
        let (low, high) = (lattice.low as f64 / SCALE, lattice.high as f64 / SCALE);
        let found = if let Some(found) = self.linear(programme, column) {
            programme.within(&found, low, high);
            found
        } else {
            let variable = programme.problem.add_var(0.0, (low, high));
            programme.bounds.push((low, high));
            programme.open.push((column, variable));
            Expression::default().with(variable, 1.0)
        };
        programme.expressions.insert(column, found.clone());
        found
    }

    /// A column that is a sum, or an exact share, of others.
    fn linear(&self, programme: &mut Programme, column: WholeColumn) -> Option<Expression> {
        match &self.plan.ops[self.writer(column)?] {
            Op::Sum { plus, minus, constant, .. } => {
                let mut sum = Expression::constant(*constant as f64 / SCALE);
                for (columns, sign) in [(plus, 1.0), (minus, -1.0)] {
                    for column in columns {
                        sum = sum.plus(sign, &self.express(programme, *column));
                    }
                }
                Some(sum)
            }
            Op::Divide { total, numerators, denominator, out } => {
                let share = share(numerators, out, column);
                let exact = self.plan.whole[total.0 as usize].lattice.times(share, *denominator).is_some();
                let factor = share as f64 / *denominator as f64;
                exact.then(|| Expression::default().plus(factor, &self.express(programme, *total)))
            }
            _ => None,
        }
    }

    /// A number or a column as an expression.
    fn term(&self, programme: &mut Programme, value: Whole) -> Expression {
        match value {
            Whole::Constant(value) => Expression::constant(value as f64 / SCALE),
            Whole::Column(column) => self.express(programme, column),
        }
    }

    /// States that a variable is at most `factor · value + slack`.
    fn at_most(&self, programme: &mut Programme, own: Variable, (factor, value): (f64, Whole), slack: f64) {
        let value = self.term(programme, value);
        let row = Expression::constant(-slack).with(own, 1.0).plus(-factor, &value);
        programme.at_most_zero(&row);
    }

    /// States what the operation that writes a variable's column says of it.
    pub(super) fn state(&self, programme: &mut Programme, column: WholeColumn, own: Variable) {
        let Some(index) = self.writer(column) else { return };
        let place = |out: &[WholeColumn]| out.iter().position(|c| *c == column).unwrap_or(0);
        match &self.plan.ops[index] {
            // Rounding two boundaries can add one øre to a part that is not exact.
            Op::Divide { total, numerators, denominator, out } => {
                let factor = share(numerators, out, column) as f64 / *denominator as f64;
                self.at_most(programme, own, (factor, Whole::Column(*total)), 1.0 / SCALE);
            }
            Op::Vessel { entries, headroom, passed, signed } => {
                self.at_most(programme, own, (1.0, entries[place(passed)]), 0.0);
                self.term(programme, *headroom);
                if *signed {
                    // What is below zero gives the others room, so all that passes must stand in the row.
                    passed.iter().for_each(|column| drop(self.express(programme, *column)));
                }
                programme.vessels.entry(index).or_default().push(own);
            }
            Op::Due { constant, slack, paid, .. } => {
                // What is due is never below zero; where earlier payments can exceed a promise, its row leaves room.
                let mut row = Expression::constant(-(constant + slack) / SCALE).with(own, 1.0);
                for (weight, amount) in paid {
                    row = row.plus(*weight, &self.term(programme, *amount));
                }
                programme.at_most_zero(&row);
            }
            Op::PersonLimit(limit) if limit.full != column => {
                // All claims of a person stay within the limit, and no claim pays more than it is worth.
                self.term(programme, limit.enrolled);
                programme.vessels.entry(index).or_default().push(own);
            }
            // What is below zero and not paid is more than it would have been.
            Op::Gate { amount, .. } if self.plan.whole[amount.0 as usize].lattice.low >= 0 => {
                self.at_most(programme, own, (1.0, Whole::Column(*amount)), 0.0);
            }
            // A ceiling of less than nothing is nothing, and no longer a share of it.
            Op::Ceiling { value, numerator, denominator, .. }
                if self.plan.whole[value.0 as usize].lattice.low >= 0 =>
            {
                let factor = *numerator as f64 / *denominator as f64;
                self.at_most(programme, own, (factor, Whole::Column(*value)), 0.0);
            }
            Op::Portion { amounts, numerator, denominator, out } => {
                let factor = *numerator as f64 / *denominator as f64;
                self.at_most(programme, own, (factor, amounts[place(out)]), 1.0 / SCALE);
            }
            // Everything else is bounded by its range alone.
            _ => {}
        }
    }

    /// What passes a vessel together stays within its headroom.
    pub(super) fn state_vessels(&self, programme: &mut Programme) {
        for (index, passed) in std::mem::take(&mut programme.vessels) {
            let own = passed.into_iter().fold(Expression::default(), |sum, passed| sum.with(passed, 1.0));
            let (factor, room) = match &self.plan.ops[index] {
                Op::Vessel { headroom, .. } => (1.0, *headroom),
                Op::PersonLimit(limit) => (limit.at_most as f64, limit.enrolled),
                _ => continue,
            };
            let room = self.term(programme, room);
            programme.at_most_zero(&own.plus(-factor, &room));
        }
    }
}

/// The numerator of one part of a division.
fn share(numerators: &[i64], out: &[WholeColumn], column: WholeColumn) -> i64 {
    let at = out.iter().position(|c| *c == column).unwrap_or(0);
    numerators[at] - if at == 0 { 0 } else { numerators[at - 1] }
}
