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
use crate::money::Ore;

/// Amounts enter the programme in units of 1,000 kroner, near 1, where its tolerances are meant to be.
const SCALE: f64 = 1e5;

/// A programme with more variables than this is not solved: the range of the column, a looser bound, stands instead.
/// The shipped contracts need up to 200; contracts with hundreds of dates would take minutes.
const MOST_VARIABLES: usize = 600;

/// Figures that depend on more columns than this are not split into independent parts.
const MOST_SLICE: usize = 4 * MOST_VARIABLES;

/// Finds suprema of a plan's columns, remembering what it found.
#[derive(Debug)]
pub(crate) struct Largest<'p> {
    plan: &'p Plan,
    /// The operation that writes each column.
    writer: BTreeMap<WholeColumn, usize>,
    known: BTreeMap<WholeColumn, Ore>,
}

/// A linear programme in the making.
struct Programme {
    problem: Problem,
    variables: BTreeMap<WholeColumn, Variable>,
    /// Columns whose defining operation is not yet stated.
    open: Vec<WholeColumn>,
    /// What passes each vessel, by the index of its operation.
    vessels: BTreeMap<usize, Vec<Variable>>,
}

impl Programme {
    /// Adds a constraint; a column that stands in it twice has its coefficients added up.
    fn constrain(
        &mut self,
        terms: impl IntoIterator<Item = (Variable, f64)>,
        relation: ComparisonOp,
        limit: f64,
    ) {
        let mut merged: BTreeMap<usize, (Variable, f64)> = BTreeMap::new();
        for (variable, coefficient) in terms {
            merged.entry(variable.idx()).or_insert((variable, 0.0)).1 += coefficient;
        }
        let terms: Vec<_> = merged.into_values().collect();
        self.problem.add_constraint(terms, relation, limit);
    }
}

impl<'p> Largest<'p> {
    /// Prepares a plan for questions.
    pub(crate) fn new(plan: &'p Plan) -> Self {
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
        Self { plan, writer, known: BTreeMap::new() }
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
        if let Some(known) = self.known.get(&column) {
            return *known;
        }
        let found = self.of_parts(column).unwrap_or_else(|| self.solve(&[column]));
        self.known.insert(column, found);
        found
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
            variables: BTreeMap::new(),
            open: Vec::new(),
            vessels: BTreeMap::new(),
        };
        for column in columns {
            self.variable(&mut programme, *column, 1.0);
        }
        while let Some(next) = programme.open.pop() {
            if programme.variables.len() > MOST_VARIABLES {
                return high;
            }
            self.state(&mut programme, next);
        }
        self.state_vessels(&mut programme);
        // The range of the column bounds it in any case; a programme that fails to solve loosens, never tightens.
        let optimum = programme.problem.solve().ok().and_then(|outcome| outcome.into_solution().ok());
        optimum.map_or(high, |solution| ((solution.objective() * SCALE).round() as Ore).min(high))
    }

    fn variable(&self, programme: &mut Programme, column: WholeColumn, objective: f64) -> Variable {
        if let Some(known) = programme.variables.get(&column) {
            return *known;
        }
        let lattice = self.plan.whole[column.0 as usize].lattice;
        let bounds = (lattice.low as f64 / SCALE, lattice.high as f64 / SCALE);
        let variable = programme.problem.add_var(objective, bounds);
        programme.variables.insert(column, variable);
        programme.open.push(column);
        variable
    }

    /// A term of a constraint: a variable, or a constant to be taken to the right-hand side.
    fn term(&self, programme: &mut Programme, value: Whole) -> (Option<Variable>, f64) {
        match value {
            Whole::Constant(value) => (None, value as f64 / SCALE),
            Whole::Column(column) => (Some(self.variable(programme, column, 0.0)), 0.0),
        }
    }

    /// States what the operation that writes `column` says of it.
    fn state(&self, programme: &mut Programme, column: WholeColumn) {
        let Some(index) = self.writer.get(&column).copied() else { return };
        let own = programme.variables[&column];
        match &self.plan.ops[index] {
            Op::Sum { plus, minus, constant, .. } => {
                let mut terms = vec![(own, 1.0)];
                for (columns, sign) in [(plus, -1.0), (minus, 1.0)] {
                    terms.extend(columns.iter().map(|c| (self.variable(programme, *c, 0.0), sign)));
                }
                programme.constrain(terms, ComparisonOp::Eq, *constant as f64 / SCALE);
            }
            Op::Divide { total, numerators, denominator, out } => {
                let at = out.iter().position(|c| *c == column).unwrap_or(0);
                let before = if at == 0 { 0 } else { numerators[at - 1] };
                let share = numerators[at] - before;
                // Rounding two boundaries can add one øre to a part that is not exact.
                let exact = self.plan.whole[total.0 as usize].lattice.times(share, *denominator).is_some();
                let total = self.variable(programme, *total, 0.0);
                let terms = [(own, 1.0), (total, -(share as f64) / *denominator as f64)];
                let (relation, slack) =
                    if exact { (ComparisonOp::Eq, 0.0) } else { (ComparisonOp::Le, 1.0 / SCALE) };
                programme.constrain(terms, relation, slack);
            }
            Op::Vessel { entries, headroom, passed, .. } => {
                let at = passed.iter().position(|c| *c == column).unwrap_or(0);
                let (entry, constant) = self.term(programme, entries[at]);
                let terms: Vec<_> = std::iter::once((own, 1.0)).chain(entry.map(|e| (e, -1.0))).collect();
                programme.constrain(terms, ComparisonOp::Le, constant);
                self.term(programme, *headroom);
                programme.vessels.entry(index).or_default().push(own);
            }
            Op::Due { constant, slack, paid, .. } => {
                // What is due is never below zero; where earlier payments can exceed a promise, its row leaves room.
                let mut terms = vec![(own, 1.0)];
                let mut limit = (constant + slack) / SCALE;
                for (weight, amount) in paid {
                    let (variable, constant) = self.term(programme, *amount);
                    terms.extend(variable.map(|v| (v, *weight)));
                    limit -= weight * constant;
                }
                programme.constrain(terms, ComparisonOp::Le, limit);
            }
            Op::PersonLimit(limit) if limit.full != column => {
                // All claims of a person stay within the limit, and no claim pays more than it is worth.
                self.term(programme, limit.enrolled);
                programme.vessels.entry(index).or_default().push(own);
            }
            // What is below zero and not paid is more than it would have been.
            Op::Gate { amount, .. } if self.plan.whole[amount.0 as usize].lattice.low >= 0 => {
                let amount = self.variable(programme, *amount, 0.0);
                programme.constrain([(own, 1.0), (amount, -1.0)], ComparisonOp::Le, 0.0);
            }
            // A ceiling of less than nothing is nothing, and no longer a share of it.
            Op::Ceiling { value, numerator, denominator, .. }
                if self.plan.whole[value.0 as usize].lattice.low >= 0 =>
            {
                let value = self.variable(programme, *value, 0.0);
                let terms = [(own, 1.0), (value, -(*numerator as f64) / *denominator as f64)];
                programme.constrain(terms, ComparisonOp::Le, 0.0);
            }
            Op::Portion { amounts, numerator, denominator, out } => {
                let at = out.iter().position(|c| *c == column).unwrap_or(0);
                let (amount, constant) = self.term(programme, amounts[at]);
                let share = *numerator as f64 / *denominator as f64;
                let terms: Vec<_> = std::iter::once((own, 1.0)).chain(amount.map(|a| (a, -share))).collect();
                programme.constrain(terms, ComparisonOp::Le, share * constant + 1.0 / SCALE);
            }
            // Everything else is bounded by its range alone.
            _ => {}
        }
    }

    /// What passes a vessel together stays within its headroom.
    fn state_vessels(&self, programme: &mut Programme) {
        for (index, passed) in std::mem::take(&mut programme.vessels) {
            if let Op::Vessel { headroom, .. } = &self.plan.ops[index] {
                let (headroom, constant) = self.term(programme, *headroom);
                let terms: Vec<_> =
                    passed.iter().map(|p| (*p, 1.0)).chain(headroom.map(|h| (h, -1.0))).collect();
                programme.constrain(terms, ComparisonOp::Le, constant);
            }
            if let Op::PersonLimit(limit) = &self.plan.ops[index] {
                let (people, constant) = self.term(programme, limit.enrolled);
                let own = passed.iter().map(|p| (*p, 1.0));
                let at_most = limit.at_most as f64;
                let terms: Vec<_> = own.chain(people.map(|people| (people, -at_most))).collect();
                programme.constrain(terms, ComparisonOp::Le, constant * at_most);
            }
        }
    }
}
