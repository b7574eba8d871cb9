//! The order in which limits act on one date.

use std::collections::{BTreeMap, BTreeSet};

use super::super::{known, order};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Excess, Limit, Per};
use crate::scenario::name::Id;
use crate::scenario::read::{Field, Fields};

/// Where a limit stands among others on one date; equal keys of overlapping limits must be ordered by the file.
type Rank = (usize, u8, Per);

/// Limits in the order that follows from the rules and from what the file says; ties that matter are refused.
pub(super) fn ordered(
    mut limits: Vec<Limit>,
    payment: Option<&Fields<'_>>,
    terms: usize,
    findings: &mut Findings,
) -> Option<Vec<Limit>> {
    let depths = depths(&limits, findings)?;
    let rank = |limit: &Limit| -> Rank {
        // Persons come before everything else: their claims are what every other limit counts.
        if limit.per == Per::Person {
            return (0, 0, Per::Person);
        }
        let payer = limit.payer.as_ref().map_or(0, |payer| 1 + depths.get(payer).copied().unwrap_or(0));
        let scope = match limit.terms.len() {
            n if n == terms => 2,
            1 => 0,
            _ => 1,
        };
        (1 + payer, scope, limit.per)
    };
    limits.sort_by(|a, b| (rank(a), &a.id).cmp(&(rank(b), &b.id)));
    let said = match payment.and_then(|payment| payment.get("order")) {
        Some(field) => said_order(&field, &limits, findings)?,
        None => Vec::new(),
    };
    refuse_ties(&limits, &said, rank, findings);
    let limits = reorder(limits, &said);
    check_persons_first(&limits, findings);
    check_givers(&limits, findings);
    Some(limits)
}

/// How many payers stand before each in the chain of excesses; a circle is refused.
fn depths(limits: &[Limit], findings: &mut Findings) -> Option<BTreeMap<Id, usize>> {
    let mut gives: BTreeMap<&Id, BTreeSet<&Id>> = BTreeMap::new();
    for limit in limits {
        if let (Some(giver), Excess::FallsOn(receiver)) = (&limit.payer, &limit.excess) {
            gives.entry(giver).or_default().insert(receiver);
            gives.entry(receiver).or_default();
        }
    }
    let ids: Vec<&Id> = gives.keys().copied().collect();
    let at = |id: &Id| ids.iter().position(|known| *known == id);
    let mut givers = vec![Vec::new(); ids.len()];
    for (giver, receivers) in &gives {
        for receiver in receivers {
            if let (Some(giver), Some(receiver)) = (at(giver), at(receiver)) {
                givers[receiver].push(giver);
            }
        }
    }
    match order::sorted(&givers) {
        Ok(order) => {
            let mut depths = vec![0; ids.len()];
            for index in order {
                depths[index] = givers[index].iter().map(|giver| depths[*giver] + 1).max().unwrap_or(0);
            }
            Some(ids.into_iter().cloned().zip(depths).collect())
        }
        Err(mut circle) => {
            circle.reverse();
            let chain = order::chain(&circle, |index| ids[index].as_str());
            let span = limits.iter().find(|limit| {
                limit.payer.as_ref() == Some(ids[circle[0]]) && matches!(limit.excess, Excess::FallsOn(_))
            });
            let span = span.map_or(0..0, |limit| limit.span.clone());
            findings.push(
                Diagnostic::error(span, format!("excess goes round in a circle: {chain}"))
                    .label("begins here")
                    .help("let one of these limits end it: `excess = \"lost\"`"),
            );
            None
        }
    }
}

fn said_order(field: &Field<'_>, limits: &[Limit], findings: &mut Findings) -> Option<Vec<usize>> {
    let mut order = Vec::new();
    for named in field.list("order = [\"quarter\", \"lifetime\"]", findings)? {
        let text = named.text(findings)?;
        let all = limits.iter().enumerate().map(|(index, limit)| (limit.id.as_str(), index));
        let index = known((&field.what, named.span()), text, "limit", all, findings)?;
        if order.contains(&index) {
            named.error(findings, "stands twice", "name each limit once");
            return None;
        }
        order.push(index);
    }
    Some(order)
}

fn refuse_ties(limits: &[Limit], said: &[usize], rank: impl Fn(&Limit) -> Rank, findings: &mut Findings) {
    for (index, first) in limits.iter().enumerate() {
        for (offset, second) in limits[index + 1..].iter().enumerate() {
            if rank(first) != rank(second) {
                break;
            }
            let overlap = first.payer == second.payer && share_a_term(first, second);
            let ordered = said.contains(&index) && said.contains(&(index + 1 + offset));
            if overlap && !ordered {
                let title = format!(
                    "limits `{}` and `{}` act on the same amounts, and nothing says which first",
                    first.id, second.id
                );
                let help = format!(
                    "write in [payment] `order = [\"{}\", \"{}\"]`, or the other way round",
                    first.id, second.id
                );
                findings.push(Diagnostic::error(second.span.clone(), title).label("the second").help(help));
            }
        }
    }
}

/// Whether two limits count amounts of the same term. What a share limit compares with counts: a limit on that before
/// it or after it gives another share.
fn share_a_term(first: &Limit, second: &Limit) -> bool {
    let last = first.terms.iter().chain(&second.terms).max().copied().unwrap_or(0);
    (0..=last).any(|term| first.counts(term) && second.counts(term))
}

/// The limits named in the file take each other's places in the order; the others stay where they are.
fn reorder(limits: Vec<Limit>, said: &[usize]) -> Vec<Limit> {
    let mut places = said.to_vec();
    places.sort_unstable();
    let mut source: Vec<usize> = (0..limits.len()).collect();
    for (place, index) in places.iter().zip(said) {
        source[*place] = *index;
    }
    let mut slots: Vec<Option<Limit>> = limits.into_iter().map(Some).collect();
    source.into_iter().filter_map(|index| slots[index].take()).collect()
}

/// A limit per person divides what was earned, so nothing may act before it.
fn check_persons_first(limits: &[Limit], findings: &mut Findings) {
    for pair in limits.windows(2) {
        if pair[1].per == Per::Person && pair[0].per != Per::Person {
            let title = format!("limit `{}` acts before `{}`, which is per person", pair[0].id, pair[1].id);
            let help = format!("write `order = [\"{}\", \"{}\"]` in [payment]", pair[1].id, pair[0].id);
            findings.push(Diagnostic::error(pair[0].span.clone(), title).label("too early").help(help));
        }
    }
}

/// What falls on a payer must still meet that payer's own limits.
fn check_givers(limits: &[Limit], findings: &mut Findings) {
    for (index, giver) in limits.iter().enumerate() {
        let Excess::FallsOn(receiver) = &giver.excess else { continue };
        if let Some(earlier) = limits[..index].iter().find(|limit| limit.payer.as_ref() == Some(receiver)) {
            let title = format!(
                "limit `{}` of `{receiver}` acts before `{}`, whose excess falls on `{receiver}`",
                earlier.id, giver.id
            );
            let help = format!("write `order = [\"{}\", \"{}\"]` in [payment]", giver.id, earlier.id);
            findings.push(Diagnostic::error(earlier.span.clone(), title).label("too early").help(help));
        }
    }
}
