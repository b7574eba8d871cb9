//! Limits that do nothing, limits that always do something, and payers without any.

use super::{Found, Rule, kroner};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;
use crate::scenario::model::{Investment, Limit, Term};
use crate::scenario::name::Id;

/// Proven from the plan.
pub(super) const IDLE_LIMIT: Rule = Rule {
    id: "idle-limit",
    looks_for: "a limit that can never cut",
    why: "a reader takes comfort from a ceiling that nothing can reach; often a digit or a scope is wrong",
    fix: "remove it or lower `at_most`; a limit that only states a maximum may stay",
    find: idle_limit,
};

/// Proven from the plan.
pub(super) const FULL_LIMIT: Rule = Rule {
    id: "full-limit",
    looks_for: "a limit that always cuts",
    why: "the least that can be owed is already above it: the payer pays a fixed sum, whatever the outcomes",
    fix: "raise `at_most`, or say the fixed sum as a term",
    find: full_limit,
};

/// Proven from the terms.
pub(super) const UNCAPPED_PAYER: Rule = Rule {
    id: "uncapped-payer",
    looks_for: "a payer whose payments no limit holds",
    why: "a municipality may not owe more than it has decided; what an uncapped payer can owe follows only from how \
          many people can come",
    fix: "give the payer a limit: `[limit.ID] payer = ..., per = \"contract\", at_most = ..., excess = \"lost\"`",
    find: uncapped_payer,
};

fn idle_limit(model: &Model, found: &mut Found<'_>) {
    for idle in model.idle_limits() {
        let label = format!("at most {} can reach it, of {}", kroner(idle.most), kroner(idle.capacity));
        found.at(&idle.limit.span, format!("limit `{}` can never cut", idle.limit.id()), label);
    }
}

fn full_limit(model: &Model, found: &mut Found<'_>) {
    for full in model.full_limits() {
        let label = format!("at least {} reach it, of {}", kroner(full.reach), kroner(full.capacity));
        found.at(&full.limit.span, format!("limit `{}` always cuts", full.limit.id()), label);
    }
}

fn uncapped_payer(model: &Model, found: &mut Found<'_>) {
    let scenario = model.scenario();
    let uncapped: Vec<_> = scenario
        .investments
        .iter()
        .enumerate()
        .flat_map(|(index, investment)| {
            let payers = payers(investment).into_iter();
            payers.filter_map(move |payer| Some((index, payer, free_term(investment, payer)?)))
        })
        .collect();
    let party = |payer: &Id| scenario.parties.keys().position(|id| id == payer).map_or(Pick::All, Pick::One);
    let cell = |(index, payer, _): &(usize, &Id, &Term)| Cell {
        investment: Pick::One(*index),
        party: party(payer),
        year: Pick::All,
    };
    let most = model.contract_maxima(&uncapped.iter().map(cell).collect::<Vec<_>>(), Flow::Payment);
    for ((index, payer, term), most) in uncapped.into_iter().zip(most) {
        let title = format!("no limit holds what `{payer}` pays in `{}`", scenario.investments[index].id);
        found.at(&term.span, title, format!("as much as {} from the terms alone", kroner(most)));
    }
}

fn payers(investment: &Investment) -> Vec<&Id> {
    let mut payers: Vec<_> = investment.terms.iter().flat_map(|term| &term.payers).collect();
    payers.sort();
    payers.dedup();
    payers
}

/// A term the payer pays that stands under no ceiling: of that payer, of everyone, or the fund's return cap.
fn free_term<'i>(investment: &'i Investment, payer: &Id) -> Option<&'i Term> {
    if investment.funds.iter().any(|fund| fund.return_cap.is_some()) {
        return None;
    }
    let holds = |limit: &Limit, term: usize| {
        limit.payer.as_ref().is_none_or(|id| id == payer) && limit.terms.contains(&term)
    };
    let free = |term: usize| !investment.limits.iter().any(|limit| holds(limit, term));
    let mut terms = investment.terms.iter().enumerate();
    terms.find(|(index, term)| term.payers.contains(payer) && free(*index)).map(|(_, term)| term)
}
