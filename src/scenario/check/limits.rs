//! Limits: ceilings on sums of amounts, in the order in which they act on one date.

use std::collections::{BTreeMap, BTreeSet};

use super::parties::party;
use super::{checked_id, known, tables};
use crate::money::Ore;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{AtMost, Excess, Limit, Outcome, Party, Per, Term};
use crate::scenario::name::{Id, RETURN_CAP};
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields, year_key};
use crate::scenario::words;

/// The limits of an investment as far as they can be checked without its terms. `None` after an error.
pub(super) fn limits(
    top: &Fields<'_>,
    terms: &[&str],
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Vec<Limit>> {
    let raw = tables(top, "limit", &words::LIMIT, findings);
    let limits: Vec<_> = raw.iter().map(|(id, fields)| limit(id, fields, terms, parties, findings)).collect();
    limits.into_iter().collect()
}

/// The limits in the order in which they act. `None` after an error.
pub(super) fn in_order(
    limits: Vec<Limit>,
    payment: Option<&Fields<'_>>,
    terms: &[Term],
    outcomes: &[Outcome],
    findings: &mut Findings,
) -> Option<Vec<Limit>> {
    for limit in &limits {
        check_intakes(limit, terms, outcomes, findings);
        warn_idle(limit, terms, findings);
    }
    ordered(limits, payment, terms.len(), findings)
}

fn limit(
    text: &str,
    fields: &Fields<'_>,
    terms: &[&str],
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Limit> {
    let id = checked_id(fields, text, findings);
    if text == RETURN_CAP {
        let fix = "choose another id, or write `return_cap` in the fund";
        fields.error(findings, format_args!("bears the id of the fund's own cap"), fix);
        return None;
    }
    let covered = covered(fields, terms, findings);
    let payer = match fields.get("payer") {
        None => Some(None),
        Some(field) => party(&field, parties, findings).map(Some),
    };
    let per = fields.need("per", "per = \"contract\"", findings).and_then(|field| per(&field, findings));
    let at_most = fields.need("at_most", "at_most = 1_000_000", findings);
    let at_most = at_most.and_then(|field| at_most_of(&field, per, findings));
    let excess = fields.need("excess", "excess = \"lost\"", findings);
    let excess = excess.and_then(|field| excess_of(&field, parties, findings));
    let payer = payer?;
    if let (Some(Excess::FallsOn(receiver)), Some(payer)) = (&excess, &payer)
        && receiver == payer
    {
        fields.error(
            findings,
            format_args!("lets its excess fall on `{payer}`, whose limit it is"),
            "name another payer, or \"lost\"",
        );
        return None;
    }
    Some(Limit {
        id: id?,
        terms: covered?,
        payer,
        per: per?,
        at_most: at_most?,
        excess: excess?,
        span: fields.span.clone(),
    })
}

fn covered(fields: &Fields<'_>, terms: &[&str], findings: &mut Findings) -> Option<Vec<usize>> {
    let Some(field) = fields.get("terms") else { return Some((0..terms.len()).collect()) };
    let mut found = BTreeSet::new();
    for named in field.one_or_more() {
        let text = named.text(findings)?;
        let all = terms.iter().enumerate().map(|(index, term)| (*term, index));
        found.insert(known((&field.what, named.span()), text, "term", all, findings)?);
    }
    if found.is_empty() {
        field.error(findings, "is an empty list", "name terms, or leave it out for all");
        return None;
    }
    Some(found.into_iter().collect())
}

fn per(field: &Field<'_>, findings: &mut Findings) -> Option<Per> {
    if matches!(&field.item.value, Value::Text(text) if text == "person") {
        field.error(
            findings,
            "\"person\" is not built yet",
            "nearest: a price that no person exceeds, or per = \"intake\"",
        );
        return None;
    }
    let all = [Per::Payment, Per::Intake, Per::Quarter, Per::Year, Per::Contract];
    field.word(&all.map(|per| (per.word(), per)), findings)
}

fn at_most_of(field: &Field<'_>, per: Option<Per>, findings: &mut Findings) -> Option<AtMost> {
    if let Value::Text(text) = &field.item.value {
        let help = "a ceiling is agreed, not drawn; write the amount, and try others with variants";
        field.error(findings, format_args!("is a text, `{text}`"), help);
        return None;
    }
    let Value::Table(table) = &field.item.value else { return field.amount(findings).map(AtMost::Amount) };
    for word in ["share", "of", "fund", "multiple", "balance", "simple", "average"] {
        if table.get(word).is_some() {
            field.error(
                findings,
                format_args!("with `{word}` is not built yet"),
                "nearest: an amount, or `return_cap` of the fund",
            );
            return None;
        }
    }
    if per.is_some_and(|per| per != Per::Year) {
        field.error(findings, "differs by year", "write `per = \"year\"` beside it");
        return None;
    }
    by_year(field, findings).map(AtMost::ByYear)
}

/// Amounts by year, `{ 2028 = 500_000 }`.
pub(super) fn by_year(field: &Field<'_>, findings: &mut Findings) -> Option<BTreeMap<i16, Ore>> {
    let entries = field.entries("{ 2028 = 500_000, 2029 = 500_000 }", findings)?;
    let read = |(span, key, amount): (crate::scenario::model::Span, &str, Field<'_>),
                findings: &mut Findings| {
        let year = year_key(key, &span, &field.what, findings);
        let amount = amount.amount(findings);
        Some((year?, amount?))
    };
    let read: Vec<_> = entries.into_iter().map(|entry| read(entry, findings)).collect();
    read.into_iter().collect()
}

fn excess_of(field: &Field<'_>, parties: &BTreeMap<Id, Party>, findings: &mut Findings) -> Option<Excess> {
    if let Value::Text(_) = field.item.value {
        return field
            .word(&[("lost", false), ("rolls", true)], findings)
            .map(|rolls| if rolls { Excess::Rolls } else { Excess::Lost });
    }
    let example = "excess = { payer = \"region\" }";
    let fields = field.fields(&words::EXCESS, example, findings)?;
    let payer = fields.need("payer", example, findings)?;
    party(&payer, parties, findings).map(Excess::FallsOn)
}

/// A limit per intake must know the intake of every amount.
fn check_intakes(limit: &Limit, terms: &[Term], outcomes: &[Outcome], findings: &mut Findings) {
    if limit.per != Per::Intake {
        return;
    }
    for term in limit.terms.iter().map(|index| &terms[*index]) {
        let intakes = |cells: &[usize]| -> BTreeSet<usize> {
            let outcome = term.outcome.map(|index| &outcomes[index]);
            cells.iter().filter_map(|cell| Some(outcome?.cells[*cell].intake)).collect()
        };
        if term.readings.iter().any(|reading| intakes(&reading.cells).len() != 1) {
            let title = format!(
                "limit `{}` is per intake, but an amount of term `{}` belongs to no single one",
                limit.id, term.id
            );
            findings.push(
                Diagnostic::error(limit.span.clone(), title)
                    .label("here")
                    .help("name other `terms`, or write `measured = \"each intake\"` in the term"),
            );
            return;
        }
    }
}

fn warn_idle(limit: &Limit, terms: &[Term], findings: &mut Findings) {
    let Some(payer) = &limit.payer else { return };
    // A payer may owe only what falls on it from another limit.
    if !limit.terms.iter().any(|index| terms[*index].payers.contains(payer))
        && limit.terms.len() < terms.len()
    {
        let title = format!("limit `{}`: `{payer}` pays for none of its terms", limit.id);
        findings.push(
            Diagnostic::warning(limit.span.clone(), title)
                .label("only what falls on it from another limit counts"),
        );
    }
}

/// Where a limit stands among others on one date; equal keys of overlapping limits must be ordered by the file.
type Rank = (usize, u8, Per);

fn ordered(
    mut limits: Vec<Limit>,
    payment: Option<&Fields<'_>>,
    terms: usize,
    findings: &mut Findings,
) -> Option<Vec<Limit>> {
    let depths = depths(&limits, findings)?;
    let rank = |limit: &Limit| -> Rank {
        let payer = limit.payer.as_ref().map_or(0, |payer| 1 + depths.get(payer).copied().unwrap_or(0));
        let scope = match limit.terms.len() {
            n if n == terms => 2,
            1 => 0,
            _ => 1,
        };
        (payer, scope, limit.per)
    };
    limits.sort_by(|a, b| (rank(a), &a.id).cmp(&(rank(b), &b.id)));
    let said = match payment.and_then(|payment| payment.get("order")) {
        Some(field) => said_order(&field, &limits, findings)?,
        None => Vec::new(),
    };
    refuse_ties(&limits, &said, rank, findings);
    let limits = reorder(limits, &said);
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
    match super::order::sorted(&givers) {
        Ok(order) => {
            let mut depths = vec![0; ids.len()];
            for index in order {
                depths[index] = givers[index].iter().map(|giver| depths[*giver] + 1).max().unwrap_or(0);
            }
            Some(ids.into_iter().cloned().zip(depths).collect())
        }
        Err(mut circle) => {
            circle.reverse();
            let chain = super::order::chain(&circle, |index| ids[index].as_str());
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

/// Whether two ascending lists of terms meet.
fn share_a_term(first: &Limit, second: &Limit) -> bool {
    first.terms.iter().any(|term| second.terms.binary_search(term).is_ok())
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
