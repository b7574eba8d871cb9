//! What is known of other people than those it is used for.

use super::{Found, Rule};
use crate::engine::model::Model;
use crate::scenario::model::{Input, Investment, Number, Outcome, OutcomeKind, Population};

/// Read from the words of inputs and outcomes.
pub(super) const OTHER_DENOMINATOR: Rule = Rule {
    id: "other-denominator",
    looks_for: "a rate or a level whose evidence counted other people than the outcome is measured of",
    why: "half of those who complete is fewer than half of those who enrol: used on other people than were counted, a rate \
          promises too much or too little",
    fix: "measure the outcome `of` those whom the evidence counted, or bring the evidence to the others with an input whose \
          `formula` multiplies by their share",
    find: other_denominator,
};

fn other_denominator(model: &Model, found: &mut Found<'_>) {
    for investment in &model.scenario().investments {
        for outcome in &investment.outcomes {
            let other = numbers(outcome).iter().enumerate().find_map(|(point, number)| {
                let input = input(investment, *number)?;
                let counted = input.of.as_ref()?.as_str();
                (!bases(investment, outcome, point).contains(&counted)).then_some((input, counted, point))
            });
            let Some((input, counted, point)) = other else { continue };
            let base = bases(investment, outcome, point)[0];
            let title =
                format!("`{}` is measured of `{base}`, and what is known is of `{counted}`", outcome.name);
            found.at(&outcome.span, title, format!("`{}` says `of = \"{counted}\"`", input.name));
        }
    }
}

/// The rate or level of each measuring point.
fn numbers(outcome: &Outcome) -> &[Number] {
    match &outcome.kind {
        OutcomeKind::Rate(numbers) | OutcomeKind::Level { levels: numbers, .. } => numbers,
        _ => &[],
    }
}

fn input(investment: &Investment, number: Number) -> Option<&Input> {
    match number {
        Number::Input(index) => Some(&investment.inputs[index]),
        Number::Fixed(_) => None,
    }
}

/// Whom a point is measured of: on a ladder, from the second point on, those who reached the point before, who may be
/// called after the outcome itself or after those it begins from.
fn bases<'i>(investment: &'i Investment, outcome: &'i Outcome, point: usize) -> Vec<&'i str> {
    let people = match outcome.of {
        Population::Enrolled => "enrolled",
        Population::Group(index) => {
            investment.cohort.groups.as_ref().map_or("", |groups| groups.names[index].as_str())
        }
        Population::Reached(index) => investment.outcomes[index].name.as_str(),
    };
    let mut bases = vec![people];
    if outcome.ladder && point > 0 {
        bases.push(outcome.name.as_str());
    }
    bases
}
