//! Limits: ceilings on sums of amounts, in the order in which they act on one date.

mod order;

use std::collections::{BTreeMap, BTreeSet};

use super::parties::party;
use super::{checked_id, known, persons, tables};
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
    persons::check_limits(&limits, terms, outcomes, findings);
    order::ordered(limits, payment, terms.len(), findings)
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
    let all = [Per::Person, Per::Payment, Per::Intake, Per::Quarter, Per::Year, Per::Contract];
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
