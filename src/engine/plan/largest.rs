//! The largest value a figure can take by the terms: a linear programme over the plan's own operations.
//!
//! Ranges of single columns forget that amounts share a limit: two years of 1.0 m under a cap of 1.0 m over the
//! contract are at most 1.0 m together, and a payer of 30 % under a lifetime cap of 1.3 m never pays above 0.39 m.
//! Every operation on money is linear or a minimum of linear things, so the supremum over all ranges of the earned
//! amounts is a linear programme. It is an upper bound that is reached unless two amounts depend on the same people.

use std::collections::{BTreeMap, BTreeSet};

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

use super::Plan;
use super::column::{Whole, WholeColumn};
use super::op::Op;
use crate::engine::program::step::Page;
use crate::money::Ore;

/// Amounts enter the programme in units of 1,000 kroner, near 1, where its tolerances are meant to be.
const SCALE: f64 = 1e5;

/// A programme with more variables and rows than this is not solved: the range of the column, a looser bound, stands
/// instead. The shipped contracts need up to 200; contracts with hundreds of dates would take minutes.
const MOST_VARIABLES: usize = 600;

/// Figures that depend on more columns than this are not split into independent parts.
const MOST_SLICE: usize = 4 * MOST_VARIABLES;

/// Finds suprema of a plan's columns, remembering what it found.
#[derive(Debug)]
pub(crate) struct Largest<'p> {
    plan: &'p Plan,
    /// The operation that writes each column.
    writer: BTreeMap<WholeColumn, usize>,
    known: Known,
}

/// What was found of a plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    columns: BTreeMap<WholeColumn, Ore>,
    /// What is known of columns that are multiples of a page, by page: the unit and the supremum in it.
    multiples: BTreeMap<Page, (i64, Ore)>,
}

/// A linear programme in the making. Sums and exact shares are written in what they are made of instead of being
/// variables with an equation each: the headrooms of a limit are as many as its dates.
struct Programme {
    problem: Problem,
    expressions: BTreeMap<WholeColumn, Expression>,
    /// Bounds of the variables, by index.
    bounds: Vec<(f64, f64)>,
    /// Variables whose defining operation is not yet stated.
    open: Vec<(WholeColumn, Variable)>,
    /// What passes each vessel, by the index of its operation.
    vessels: BTreeMap<usize, Vec<Variable>>,
    /// Rows that stand already: that a headroom is not negative is what its limit says.
    rows: BTreeSet<Vec<(usize, u64)>>,
}

/// `Σ coefficient · variable + constant`, variables by index.
#[derive(Clone, Debug, Default)]
struct Expression {
    terms: BTreeMap<usize, (Variable, f64)>,
    constant: f64,
}

impl Expression {
    fn constant(constant: f64) -> Self {
        Self { constant, ..Self::default() }
    }

    /// Adds a multiple of a variable.
    fn with(mut self, variable: Variable, coefficient: f64) -> Self {
        self.terms.entry(variable.idx()).or_insert((variable, 0.0)).1 += coefficient;
        self
    }

    /// Adds a multiple of another expression.
    fn plus(mut self, factor: f64, other: &Self) -> Self {
        self.constant += factor * other.constant;
        let others = other.terms.values();
        others.fold(self, |sum, (variable, coefficient)| sum.with(*variable, factor * coefficient))
    }
}

impl Programme {
    /// States that an expression is not above zero.
    fn at_most_zero(&mut self, expression: &Expression) {
        let terms = expression.terms.values().filter(|(_, coefficient)| *coefficient != 0.0).copied();
        let terms: Vec<_> = terms.collect();
        let bits = |number: f64| (number + 0.0).to_bits();
        let row = terms.iter().map(|(variable, coefficient)| (variable.idx(), bits(*coefficient)));
        let row = row.chain([(usize::MAX, bits(expression.constant))]).collect();
        if !terms.is_empty() && self.rows.insert(row) {
            self.problem.add_constraint(terms, ComparisonOp::Le, -expression.constant);
        }
    }

    /// The largest value of an expression by the bounds of its variables.
    fn most(&self, expression: &Expression) -> f64 {
        let terms = expression.terms.values().filter(|(_, coefficient)| *coefficient != 0.0);
        let ends = terms.map(|(variable, coefficient)| {
            let (low, high) = self.bounds[variable.idx()];
            (coefficient * low).max(coefficient * high)
        });
        ends.fold(expression.constant, |sum, end| sum + end)
    }

    /// States the range of an expression where the bounds of its variables do not.
    fn within(&mut self, expression: &Expression, low: f64, high: f64) {
        let opposite = Expression::default().plus(-1.0, expression);
        if -self.most(&opposite) < low {
            self.at_most_zero(&opposite.plus(1.0, &Expression::constant(low)));
        }
        if self.most(expression) > high {
            self.at_most_zero(&Expression::constant(-high).plus(1.0, expression));
        }
    }
}

impl<'p> Largest<'p> {
    /// Prepares a plan for questions.
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self::knowing(plan, Known::default())
    }

    /// Goes on asking a plan of which something is known.
    pub(crate) fn knowing(plan: &'p Plan, known: Known) -> Self {
        let mut writer = BTreeMap::new();
        for (index, op) in plan.ops.iter().enumerate() {
            op.visit(
                &mut |column, writes| {
                    if writes {
                        writer.insert(column, index);
                    }
                },
                &mut |_, _| (),
            );
        }
        Self { plan, writer, known }
    }

    /// What was found.
    pub(crate) fn into_known(self) -> Known {
        self.known
    }

    /// The supremum of an integer of the plan.
    pub(crate) fn of(&mut self, figure: Whole) -> Ore {
        match figure {
            Whole::Constant(value) => value,
            Whole::Column(column) => self.of_column(column),
        }
    }

    /// The supremum of a sum of integers of the plan.
    pub(crate) fn of_sum(&mut self, figures: &[Whole]) -> Ore {
        let constant: Ore = figures.iter().filter_map(|figure| figure.constant()).sum();
        let columns = figures.iter().filter_map(|figure| match figure {
            Whole::Column(column) => Some(*column),
            Whole::Constant(_) => None,
        });
        let columns: Vec<_> = columns.collect();
        let distinct = columns.iter().collect::<BTreeSet<_>>().len() == columns.len();
        // A column that counts twice has one variable: its range bounds it well enough.
        constant + if distinct { self.solve(&columns) } else { self.high(&columns) }
    }

    fn of_column(&mut self, column: WholeColumn) -> Ore {
        if let Some(known) = self.known.columns.get(&column) {
            return *known;
        }
        let found = self.of_multiple(column).unwrap_or_else(|| {
            let found = self.of_parts(column).unwrap_or_else(|| self.solve(&[column]));
            if let Some(view) = self.plan.program.view(column) {
                self.known.multiples.insert(view.page, (view.unit, found));
            }
            found
        });
        self.known.columns.insert(column, found);
        found
    }

    /// A multiple of a figure that is known is as large a multiple: the payers of exact shares are asked for once.
    fn of_multiple(&self, column: WholeColumn) -> Option<Ore> {
        let view = self.plan.program.view(column)?;
        let (unit, most) = self.known.multiples.get(&view.page)?;
        (most % unit == 0).then_some(most / unit * view.unit)
    }

    /// A sum of figures that share nothing is as large as its parts together: one small programme each.
    fn of_parts(&mut self, column: WholeColumn) -> Option<Ore> {
        let Op::Sum { plus, minus, constant, .. } = &self.plan.ops[*self.writer.get(&column)?] else {
            return None;
        };
        if !minus.is_empty() {
            return None;
        }
        let slices: Vec<_> = plus.iter().map(|part| self.slice(*part)).collect::<Option<_>>()?;
        for (index, slice) in slices.iter().enumerate() {
            if slices[index + 1..].iter().any(|other| !slice.is_disjoint(other)) {
                return None;
            }
        }
        let plus = plus.clone();
        Some(constant + plus.into_iter().map(|part| self.of_column(part)).sum::<Ore>())
    }

    /// All columns a column depends on, and itself; `None` when they are too many to be worth separating.
    fn slice(&self, column: WholeColumn) -> Option<BTreeSet<WholeColumn>> {
        let mut found = BTreeSet::new();
        let mut open = vec![column];
        while let Some(next) = open.pop() {
            if found.insert(next)
                && let Some(op) = self.writer.get(&next)
            {
                self.plan.ops[*op].visit(&mut |c, _| open.push(c), &mut |_, _| ());
            }
            if found.len() > MOST_SLICE {
                return None;
            }
        }
        Some(found)
    }

    fn high(&self, columns: &[WholeColumn]) -> Ore {
        columns.iter().map(|column| self.plan.whole[column.0 as usize].lattice.high).sum()
    }

    fn solve(&self, columns: &[WholeColumn]) -> Ore {
        let high = self.high(columns);
        let mut programme = Programme {
            problem: Problem::new(OptimizationDirection::Maximize),
            expressions: BTreeMap::new(),
            bounds: Vec::new(),
            open: Vec::new(),
            vessels: BTreeMap::new(),
            rows: BTreeSet::new(),
        };
        // What is sought is a variable of its own: the objective stands with the variables.
        let sought = programme.problem.add_var(1.0, (f64::NEG_INFINITY, high as f64 / SCALE));
        programme.bounds.push((f64::NEG_INFINITY, high as f64 / SCALE));
        let mut sum = Expression::default().with(sought, 1.0);
        for column in columns {
            sum = sum.plus(-1.0, &self.express(&mut programme, *column));
        }
        programme.at_most_zero(&sum);
        let sum = Expression::default().plus(-1.0, &sum);
        while let Some((column, own)) = programme.open.pop() {
            if programme.bounds.len() + programme.rows.len() > MOST_VARIABLES {
                return high;
            }
            self.state(&mut programme, column, own);
        }
        self.state_vessels(&mut programme);
        if programme.rows.len() == 1 {
            // Nothing holds the parts together: each is as large as it can be.
            let most = programme.most(&sum.with(sought, 1.0));
            return ((most * SCALE).round() as Ore).min(high);
        }
        // The range of the column bounds it in any case; a programme that fails to solve loosens, never tightens.
        let optimum = programme.problem.solve().ok().and_then(|outcome| outcome.into_solution().ok());
        optimum.map_or(high, |solution| ((solution.objective() * SCALE).round() as Ore).min(high))
    }

    /// A column in the variables of a programme.
    fn express(&self, programme: &mut Programme, column: WholeColumn) -> Expression {
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
        match &self.plan.ops[*self.writer.get(&column)?] {
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
    fn state(&self, programme: &mut Programme, column: WholeColumn, own: Variable) {
        let Some(index) = self.writer.get(&column).copied() else { return };
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
    fn state_vessels(&self, programme: &mut Programme) {
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
