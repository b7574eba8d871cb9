//! Uncertain numbers that do not say what they mean.

use std::collections::BTreeSet;

use super::{Found, Rule};
use crate::dist::Distribution;
use crate::engine::model::Model;
use crate::scenario::formula::Expr;
use crate::scenario::model::{
    Input, InputIndex, InputKind, Investment, Number, Outcome, OutcomeIndex, OutcomeKind, Population,
};
use crate::scenario::name::Name;

/// Read from the loadings.
pub(super) const INDEPENDENT_OUTCOMES: Rule = Rule {
    id: "independent-outcomes",
    looks_for: "two priced outcomes of one cohort whose uncertain rates share no factor and no event",
    why: "what makes a programme work works for all its goals: drawn apart they even each other out, and the range of \
          the bill comes out too narrow",
    fix: "declare a factor and let both load on it: `[factor.works]`, `loads = { works = 0.6 }`",
    find: independent_outcomes,
};

/// Read from the formulas.
pub(super) const EVENT_AS_EXPECTATION: Rule = Rule {
    id: "event-as-expectation",
    looks_for: "a formula that multiplies by a fixed probability",
    why: "probability times impact is a small effect in every course; what is meant is a large one in some",
    fix: "declare `[event.NAME]` with `chance` and `on`, and let inputs name it in `shifts`",
    find: event_as_expectation,
};

/// Read from the words of the outcome.
pub(super) const DISPERSION_TWICE: Rule = Rule {
    id: "dispersion-twice",
    looks_for: "an outcome with `clustering` whose rate is also drawn anew for each intake",
    why: "both say that intakes differ by more than chance: said twice, they differ by too much, and the range of the bill \
          comes out too wide",
    fix: "keep one: `clustering` where the differences were measured, `drawn = \"each intake\"` where they are a judgement",
    find: dispersion_twice,
};

fn dispersion_twice(model: &Model, found: &mut Found<'_>) {
    for investment in &model.scenario().investments {
        for outcome in investment.outcomes.iter().filter(|outcome| outcome.clustering.is_some()) {
            let mut inputs = BTreeSet::new();
            numbers(outcome).into_iter().for_each(|number| leaves(investment, number, &mut inputs));
            let anew =
                inputs.into_iter().map(|input| &investment.inputs[input]).find(|input| input.each_intake);
            if let Some(input) = anew {
                let title = format!("`{}` counts the differences between intakes twice", outcome.name);
                found.at(&outcome.span, title, format!("`clustering`, and `{}` of each intake", input.name));
            }
        }
    }
}

fn independent_outcomes(model: &Model, found: &mut Found<'_>) {
    for investment in &model.scenario().investments {
        let priced: BTreeSet<OutcomeIndex> =
            investment.terms.iter().filter_map(|term| term.outcome).collect();
        let uncertain: Vec<_> = priced
            .into_iter()
            .map(|outcome| (outcome, sources(investment, outcome)))
            .filter(|(_, (inputs, _))| !inputs.is_empty())
            .collect();
        for (position, (a, (inputs, shared))) in uncertain.iter().enumerate() {
            for (b, (other_inputs, other_shared)) in &uncertain[position + 1..] {
                if inputs.is_disjoint(other_inputs) && shared.is_disjoint(other_shared) {
                    let (first, second) = (&investment.outcomes[*a], &investment.outcomes[*b]);
                    let title = format!("`{}` and `{}` are drawn apart", first.name, second.name);
                    found.at(&second.span, title, "no factor, event or input in common");
                }
            }
        }
    }
}

/// The random inputs behind an outcome and all it is `of`, and the factors and events they depend on.
fn sources(investment: &Investment, outcome: OutcomeIndex) -> (BTreeSet<InputIndex>, BTreeSet<Name>) {
    let mut inputs = BTreeSet::new();
    let mut at = Some(outcome);
    while let Some(index) = at {
        let outcome = &investment.outcomes[index];
        for number in numbers(outcome) {
            leaves(investment, number, &mut inputs);
        }
        at = match outcome.of {
            Population::Reached(parent) => Some(parent),
            Population::Enrolled | Population::Group(_) => None,
        };
    }
    let of = |input: &Input| -> Vec<Name> {
        let factors = input.loads.iter().map(|(factor, _)| factor.clone());
        factors.chain(input.shifts.iter().map(|shift| shift.event.clone())).collect()
    };
    let groups = |input: &InputIndex| {
        let groups = investment.correlations.iter().filter(|group| group.inputs.contains(input));
        groups.map(|group| group.name.clone()).collect::<Vec<_>>()
    };
    let shared = inputs
        .iter()
        .flat_map(|input| of(&investment.inputs[*input]).into_iter().chain(groups(input)))
        .collect();
    (inputs, shared)
}

/// The numbers an outcome is drawn from.
fn numbers(outcome: &Outcome) -> Vec<Number> {
    match &outcome.kind {
        OutcomeKind::Rate(rates) => rates.clone(),
        OutcomeKind::Level { levels, .. } => levels.clone(),
        // What it is computed from has lines of its own, as have the outcomes that single persons are asked for.
        OutcomeKind::Formula(_) | OutcomeKind::PeopleWith(_) | OutcomeKind::Each(_) => Vec::new(),
        OutcomeKind::Stays(stays) => vec![stays.start, stays.leave, stays.back],
    }
}

/// The random inputs a number is, or is computed from.
fn leaves(investment: &Investment, number: Number, inputs: &mut BTreeSet<InputIndex>) {
    let Number::Input(index) = number else { return };
    match &investment.inputs[index].kind {
        InputKind::Random(bounded) if matches!(bounded.distribution(), Distribution::Fixed(_)) => {}
        InputKind::Random(_) => {
            inputs.insert(index);
        }
        InputKind::Formula(formula) => {
            for leaf in mentioned(formula.expression()) {
                leaves(investment, Number::Input(leaf), inputs);
            }
        }
    }
}

fn mentioned(expression: &Expr) -> Vec<InputIndex> {
    let mut found = Vec::new();
    expression.visit(&mut |leaf| found.push(*leaf));
    found
}

fn event_as_expectation(model: &Model, found: &mut Found<'_>) {
    for investment in &model.scenario().investments {
        for input in &investment.inputs {
            let InputKind::Formula(formula) = &input.kind else { continue };
            for name in
                factors_of(formula.expression()).into_iter().filter_map(|p| probability(investment, p))
            {
                let title = format!("`{}` multiplies by the chance `{name}`", input.name);
                found.at(&input.span, title, "the same small effect in every trial");
            }
        }
    }
}

/// Inputs that are a factor of a product somewhere in a formula.
fn factors_of(expression: &Expr) -> Vec<InputIndex> {
    match expression {
        Expr::Number(_) | Expr::Input(_) => Vec::new(),
        Expr::Negate(a) => factors_of(a),
        Expr::Multiply(a, b) => {
            let own = [a, b].into_iter().filter_map(|side| match side.as_ref() {
                Expr::Input(index) => Some(*index),
                _ => None,
            });
            own.chain(factors_of(a)).chain(factors_of(b)).collect()
        }
        Expr::Add(a, b)
        | Expr::Subtract(a, b)
        | Expr::Divide(a, b)
        | Expr::Minimum(a, b)
        | Expr::Maximum(a, b) => factors_of(a).into_iter().chain(factors_of(b)).collect(),
    }
}

/// The name of an input that is a fixed share and is called a chance.
fn probability(investment: &Investment, input: InputIndex) -> Option<&Name> {
    let input = &investment.inputs[input];
    let InputKind::Random(bounded) = &input.kind else { return None };
    let Distribution::Fixed(fixed) = bounded.distribution() else { return None };
    let called =
        ["chance", "prob", "risk", "likelihood"].iter().any(|word| input.name.as_str().contains(word));
    (called && fixed.value() > 0.0 && fixed.value() < 1.0).then_some(&input.name)
}
