//! Formulas as their tree says them: spaces and needless parentheses are no difference.

use super::facts::Around;
use crate::report::text::Say;
use crate::scenario::formula::Expr;
use crate::scenario::model::{Number, Part};

impl Around<'_> {
    /// A formula; `name` tells a leaf.
    pub(super) fn formula<Leaf>(&self, tree: &Expr<Leaf>, name: &impl Fn(&Leaf) -> String) -> String {
        self.part(tree, name, 0)
    }

    /// A part of a formula in parentheses if it binds less than what is around it.
    fn part<Leaf>(&self, tree: &Expr<Leaf>, name: &impl Fn(&Leaf) -> String, around: u8) -> String {
        let both = |a: &Expr<Leaf>, sign: &str, b: &Expr<Leaf>, own: u8| {
            let text = format!("{} {sign} {}", self.part(a, name, own), self.part(b, name, own + 1));
            if own < around { format!("({text})") } else { text }
        };
        let call = |word: &str, a: &Expr<Leaf>, b: &Expr<Leaf>| {
            format!("{word}({}; {})", self.part(a, name, 0), self.part(b, name, 0))
        };
        match tree {
            Expr::Number(number) => self.style.number(*number),
            Expr::Input(leaf) => name(leaf),
            Expr::Negate(a) => format!("-{}", self.part(a, name, 3)),
            Expr::Add(a, b) => both(a, "+", b, 1),
            Expr::Subtract(a, b) => both(a, "-", b, 1),
            Expr::Multiply(a, b) => both(a, "*", b, 2),
            Expr::Divide(a, b) => both(a, "/", b, 2),
            Expr::Minimum(a, b) => call("min", a, b),
            Expr::Maximum(a, b) => call("max", a, b),
        }
    }

    /// A number, or the name of the input that it is.
    pub(super) fn value(&self, number: &Number, share: bool) -> String {
        match number {
            Number::Fixed(value) if share => self.style.percent(*value),
            Number::Fixed(value) => self.style.number(*value),
            Number::Input(input) => self.input_name(*input),
        }
    }

    pub(super) fn input_name(&self, input: usize) -> String {
        self.investment.inputs.get(input).map(|input| input.name.to_string()).unwrap_or_default()
    }

    pub(super) fn outcome_name(&self, outcome: usize) -> String {
        self.investment.outcomes.get(outcome).map(|outcome| outcome.name.to_string()).unwrap_or_default()
    }

    pub(super) fn group_name(&self, group: usize) -> String {
        let groups = self.investment.cohort.groups.as_ref();
        groups.and_then(|groups| groups.names.get(group)).map(ToString::to_string).unwrap_or_default()
    }

    /// What a formula of an outcome names.
    pub(super) fn part_name(&self, part: &Part) -> String {
        match part {
            Part::Enrolled => self.say(&Say::Enrolled),
            Part::Group(group) => self.group_name(*group),
            Part::Outcome(outcome) => self.outcome_name(*outcome),
            Part::Input(input) => self.input_name(*input),
        }
    }
}
