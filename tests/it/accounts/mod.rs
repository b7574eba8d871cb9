//! Limits and accounts against a plain scalar model, written from the definitions in docs/model.md, sections 8 to 12.
//!
//! The scalar model does one trial at a time with integers and knows nothing of plans, columns or merging. Both are
//! driven by generated contracts in which chance is a number of coins: how many people come, and which of two goals is
//! reached by all or nobody. A second file with the same names and no limits says how often each course occurred; every
//! figure of every payer and year must then have exactly the counts that the scalar model predicts.

mod contract;
mod file;
mod laws;
mod made_up;
mod scalar;

use std::collections::BTreeMap;

use udfald::engine::grid::Flow;
use udfald::engine::results::Results;

use crate::support::{counts, excess, model, run_here};
pub use contract::Contract;
use contract::{Cap, Course, Excess, Limit, Moving, Ore, Source};
use made_up::Words;
use scalar::Accounts;

const FLOWS: [Flow; 10] = [
    Flow::Earned,
    Flow::Cut,
    Flow::MovedIn,
    Flow::MovedOut,
    Flow::ToppedUp,
    Flow::Payment,
    Flow::Receipt,
    Flow::Guarantee,
    Flow::Returned,
    Flow::Fee,
];

/// Compares every figure of every party and year, and the totals, of a contract in the program with those of `twin` in
/// the scalar model. The message of the first difference.
pub fn compare(contract: &Contract, twin: &Contract, trials: u64, seed: u64) -> Result<(), String> {
    let courses = contract.courses(trials, seed);
    let accounts: Vec<_> = courses.iter().map(|(course, n)| (twin.accounts(*course), *n)).collect();
    let model = model(&contract.toml());
    let results = run_here(&model, trials, seed);
    compare_limits(contract, &accounts, &results)?;
    for (party, name) in contract.parties.iter().map(|party| party.id.as_str()).enumerate() {
        for year in (2025..=2031).map(Some).chain([None]) {
            let label = year.map_or("total".to_owned(), |year: i16| year.to_string());
            for flow in FLOWS {
                let amount = |flows: &BTreeMap<(Flow, usize, i16), Ore>| {
                    let here = |(f, p, y): (Flow, usize, i16)| {
                        (f, p) == (flow, party) && year.is_none_or(|year| year == y)
                    };
                    flows.iter().filter(|(at, _)| here(**at)).map(|(_, amount)| amount).sum()
                };
                let expected = tally(accounts.iter().map(|(accounts, n)| (amount(&accounts.flows), *n)));
                let found = match results.cell("made-up", name, &label) {
                    Some(cell) => counts(&results.summary(cell, flow).unwrap()),
                    None => vec![(0, trials)],
                };
                if found != expected {
                    let flow = flow.name();
                    return Err(format!(
                        "{flow} of {name} in {label}\n{found:?}\n{expected:?}\n{}",
                        contract.toml()
                    ));
                }
            }
        }
    }
    Ok(())
}

/// What each limit did not let through.
fn compare_limits(
    contract: &Contract,
    accounts: &[(Accounts, u64)],
    results: &Results<'_>,
) -> Result<(), String> {
    let mut ids: Vec<_> = contract.limits.iter().map(|limit| limit.id.as_str()).collect();
    let capped = |cap: Option<Cap>| cap.is_some();
    if (capped(contract.cap) && !contract.returns_surplus)
        || contract.second.as_ref().is_some_and(|second| capped(second.cap))
    {
        ids.push("return-cap");
    }
    for (index, id) in ids.into_iter().enumerate() {
        let expected = tally(accounts.iter().map(|(accounts, n)| (accounts.over[index], *n)));
        let found = counts(&excess(results, id));
        if found != expected {
            return Err(format!("excess of {id}\n{found:?}\n{expected:?}\n{}", contract.toml()));
        }
    }
    Ok(())
}

/// So many generated contracts, as files.
pub fn generated(seed: u64, count: usize) -> Vec<String> {
    let mut words = Words(seed);
    (0..count).map(|_| words.contract().toml()).collect()
}

fn tally(amounts: impl Iterator<Item = (Ore, u64)>) -> Vec<(Ore, u64)> {
    let mut counts: BTreeMap<Ore, u64> = BTreeMap::new();
    for (amount, n) in amounts {
        *counts.entry(amount).or_default() += n;
    }
    counts.into_iter().collect()
}

/// What a twin changes in a contract, by name.
type Change<'a> = (&'a str, &'a dyn Fn(&mut Contract));

#[test]
fn generated_contracts_pay_what_the_scalar_model_pays() {
    let mut words = Words(2026);
    let mut failures = Vec::new();
    let mut moved = BTreeMap::new();
    for number in 0..400 {
        let contract = words.contract();
        if let Err(message) = compare(&contract, &contract, 256, number) {
            failures.push(format!("contract {number}: {message}"));
        }
        let course = Course { people: contract.people[1], coins: [true; 2] };
        let flows = contract.accounts(course).flows;
        for flow in FLOWS.into_iter().filter(|flow| flows.iter().any(|((f, ..), ore)| f == flow && *ore > 0))
        {
            *moved.entry(flow).or_insert(0) += 1;
        }
    }
    let shortest = failures.iter().min_by_key(|message| message.len());
    assert!(failures.is_empty(), "{} contracts differ; the shortest:\n{}", failures.len(), shortest.unwrap());
    // The contracts reach what they are made for.
    assert!(FLOWS.iter().all(|flow| moved[flow] > 20), "{moved:?}");
}

/// The comparison sees each rule: a scalar model of a slightly different contract must differ.
#[test]
fn twins_with_one_rule_changed_are_told_apart() {
    let mut words = Words(2026);
    let contracts: Vec<_> = (0..200).map(|_| words.contract()).collect();
    let told_apart = |change: &dyn Fn(&mut Contract)| {
        let differs = |contract: &&Contract| {
            let mut twin = (*contract).clone();
            change(&mut twin);
            compare(contract, &twin, 64, 1).is_err()
        };
        contracts.iter().filter(differs).count()
    };
    let changes: [Change<'_>; 16] = [
        ("nothing rolls", &|twin| {
            twin.limits
                .iter_mut()
                .filter(|l| l.excess == Excess::Rolls)
                .for_each(|l| l.excess = Excess::Lost);
        }),
        ("an øre more room", &|twin| twin.limits.iter_mut().for_each(|limit| limit.at_most += 1)),
        ("limits the other way round", &|twin| twin.limits.reverse()),
        ("calendar years", &|twin| twin.parties.iter_mut().for_each(|party| party.begins = (1, 1))),
        ("booked when due", &|twin| twin.parties.iter_mut().for_each(|party| party.books_when_paid = false)),
        ("no return cap", &|twin| twin.cap = None),
        ("floors an øre higher", &|twin| {
            twin.limits.iter_mut().filter_map(|l| l.at_least.as_mut()).for_each(|least| *least += 1);
        }),
        ("one rank", &|twin| {
            twin.second.iter_mut().for_each(|second| second.rank = 1);
        }),
        ("all funds", &|twin| twin.terms.iter_mut().for_each(|term| term.to = None)),
        ("no surplus", &|twin| twin.returns_surplus = false),
        ("a guarantee a little higher", &|twin| {
            if let Some((Cap::Amount(ore) | Cap::Multiple(ore), _)) = &mut twin.guarantee {
                *ore += 1;
            }
        }),
        ("nothing is negative", &|twin| {
            for term in &mut twin.terms {
                match &mut term.source {
                    Source::Fixed(amounts) => amounts.iter_mut().for_each(|(_, ore)| *ore = ore.abs()),
                    Source::People { price, .. } => *price = price.abs(),
                }
            }
        }),
        ("nothing passes in part", &|twin| {
            let passes = |l: &&mut Limit| matches!(l.excess, Excess::Passes(_));
            twin.limits.iter_mut().filter(passes).for_each(|l| l.excess = Excess::Lost);
        }),
        ("shares of others alone", &|twin| {
            for limit in &mut twin.limits {
                if let Some(Moving::Share(_, of)) = &mut limit.moving {
                    *of = &*of - &limit.terms;
                }
            }
        }),
        ("hurdles a little higher", &|twin| {
            for limit in &mut twin.limits {
                match &mut limit.moving {
                    Some(Moving::Due(Cap::Multiple(h))) => *h += 1,
                    Some(Moving::Due(Cap::Balance(r) | Cap::Simple(r))) => *r += 1,
                    _ => {}
                }
            }
        }),
        ("the first payers for ever", &|twin| {
            twin.terms.iter_mut().for_each(|term| term.splits[0].0 = None);
        }),
    ];
    for (name, change) in changes {
        let told = told_apart(change);
        assert!(told >= 5, "{name}: only {told} of {} contracts differ", contracts.len());
    }
}
