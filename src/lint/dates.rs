//! Dates outside the years a scenario is read for.

use std::collections::BTreeSet;

use super::{Found, Rule};
use crate::engine::model::Model;
use crate::scenario::model::{Booked, Reading, Scenario, Term};

/// Proven from the dates.
pub(super) const AFTER_HORIZON: Rule = Rule {
    id: "after-horizon",
    looks_for: "payments in years that are not among `budget_years`",
    why: "who budgets for these years only does not see them",
    fix: "add the years to `budget_years`, or end the contract earlier",
    find: after_horizon,
};

/// Proven from the dates.
pub(super) const BEFORE_AS_OF: Rule = Rule {
    id: "before-as-of",
    looks_for: "payments that fall due before `as_of`",
    why: "what has been paid already is not uncertain, and it is not in anybody's next budget",
    fix: "move `as_of`, or leave out what is over and set the rest to what is known",
    find: before_as_of,
};

fn after_horizon(model: &Model, found: &mut Found<'_>) {
    let scenario = model.scenario();
    if scenario.budget_years.is_empty() {
        return;
    }
    for investment in &scenario.investments {
        for term in &investment.terms {
            let years: BTreeSet<_> = term.readings.iter().flat_map(|r| years(scenario, term, r)).collect();
            let outside: Vec<_> = years.iter().filter(|year| !scenario.budget_years.contains(year)).collect();
            if !outside.is_empty() {
                let years: Vec<_> = outside.iter().map(ToString::to_string).collect();
                let title = format!("term `{}` is paid in years that nobody budgets for", term.id);
                found.at(&term.span, title, format!("in {}", years.join(", ")));
            }
        }
    }
}

/// The budget years in which a reading's payers book it.
fn years<'s>(scenario: &'s Scenario, term: &'s Term, reading: &'s Reading) -> impl Iterator<Item = i16> + 's {
    term.payers.iter().map(|payer| {
        let party = &scenario.parties[payer];
        let date = if party.booked == Booked::Paid { reading.paid } else { reading.due };
        party.year_start.year_of(date)
    })
}

fn before_as_of(model: &Model, found: &mut Found<'_>) {
    let scenario = model.scenario();
    let Some(as_of) = scenario.as_of else { return };
    for investment in &scenario.investments {
        for term in &investment.terms {
            let past = term.readings.iter().filter(|reading| reading.due < as_of).count();
            if past > 0 {
                let title = format!("term `{}` falls due before {as_of}", term.id);
                found.at(&term.span, title, format!("{past} of {} payments", term.readings.len()));
            }
        }
    }
}
