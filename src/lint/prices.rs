//! Prices that pay for the wrong thing.

use super::ranges::largest;
use super::{Found, Rule, kroner};
use std::collections::BTreeSet;

use num_traits::ToPrimitive as _;

use crate::contract::price::{Base, Pieces};
use crate::engine::model::Model;
use crate::money::Ore;
use crate::scenario::model::{Investment, Limit, Number, OutcomeKind, Price, Reading, Term};

/// Read from the rows.
pub(super) const CLIFF: Rule = Rule {
    id: "cliff",
    looks_for: "a price that jumps by half of all it can pay, or more, at one edge",
    why: "one person more or less decides the payment: it rewards stopping at the edge, and giving up below it",
    fix: "let the price rise between two edges: `{ from = 0.4, pay = 0, rise_to = 100_000 }, { from = 0.6, pay = 100_000 }`",
    find: cliff,
};

/// Computed from the number of people that can be measured.
pub(super) const FEW_PEOPLE: Rule = Rule {
    id: "few-people",
    looks_for: "a price with edges, or a measured level, read on fewer than 30 people",
    why: "with so few people which side of an edge the result falls on is mostly chance: it pays for luck",
    fix: "pool more people into one reading (`measured = \"at the end\"`), or pay per person",
    find: few_people,
};

/// Read from the plan: the amount is the same in every course.
pub(super) const MEAN_TIMES_PRICE: Rule = Rule {
    id: "mean-times-price",
    looks_for: "a fixed result times a price under a limit",
    why: "under a limit the mean of the payment is less than the payment of the mean: a ceiling cuts good courses and \
          nothing makes up for bad ones",
    fix: "give the result a `rate` or a `level` that is an input with a distribution",
    find: mean_times_price,
};

/// Fewer people than this in one reading are few.
const FEW: f64 = 30.0;

fn terms(model: &Model) -> impl Iterator<Item = (&Investment, &Term)> {
    model.scenario().investments.iter().flat_map(|i| i.terms.iter().map(move |term| (i, term)))
}

fn cliff(model: &Model, found: &mut Found<'_>) {
    for (_, term) in terms(model) {
        let Price::Function(pieces, bases) = &term.price else { continue };
        let Some(base) = bases.iter().copied().max() else { continue };
        let (jump, most) = largest_jump(pieces, base);
        if jump > 0 && jump * 2 >= most {
            let title = format!("the price of term `{}` has a cliff", term.id);
            found.at(&term.span, title, format!("{} of at most {} at one edge", kroner(jump), kroner(most)));
        }
    }
}

/// The largest jump upwards at an edge, and the largest amount at an edge, in øre.
fn largest_jump(pieces: &Pieces, base: Base) -> (Ore, Ore) {
    let edges = pieces.pieces().iter().map(|piece| piece.edge).filter(|edge| *edge > i64::MIN);
    let around = edges.map(|edge| (pieces.amount(edge - 1, base), pieces.amount(edge + 1, base)));
    around
        .fold((0, 0), |(jump, most), (before, after)| (jump.max(after - before), most.max(before).max(after)))
}

fn few_people(model: &Model, found: &mut Found<'_>) {
    for (investment, term) in terms(model) {
        let Some(outcome) = term.outcome.map(|index| &investment.outcomes[index]) else { continue };
        let level = !outcome.counts_people();
        if !(level || matches!(term.price, Price::Function(..))) {
            continue;
        }
        let people = |reading: &Reading| {
            let intakes: BTreeSet<_> = reading.cells.iter().map(|cell| outcome.cells[*cell].intake).collect();
            let share = |intake: &usize| investment.cohort.shares.fraction(*intake).to_f64().unwrap_or(1.0);
            largest(investment, investment.cohort.people) * intakes.iter().map(share).sum::<f64>()
        };
        let fewest = term.readings.iter().map(people).fold(f64::INFINITY, f64::min);
        if fewest < FEW {
            let title = format!("term `{}` reads a result of few people", term.id);
            found.at(&term.span, title, format!("at most {fewest:.0} in one reading"));
        }
    }
}

fn mean_times_price(model: &Model, found: &mut Found<'_>) {
    for (investment, term) in terms(model) {
        let Some(index) = term.outcome else { continue };
        let certain = match &investment.outcomes[index].kind {
            OutcomeKind::Level { levels, noise: None } => {
                levels.iter().all(|n| matches!(n, Number::Fixed(_)))
            }
            _ => false,
        };
        let position = investment.terms.iter().position(|other| other.id == term.id);
        let covers = |limit: &&Limit| position.is_some_and(|position| limit.terms.contains(&position));
        if let (true, Some(limit)) = (certain, investment.limits.iter().find(covers)) {
            let title = format!("term `{}` prices a fixed result", term.id);
            found.at(&term.span, title, format!("and limit `{}` may cut it", limit.id));
        }
    }
}
