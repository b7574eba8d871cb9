//! Limits: ceilings on sums of amounts, in the order in which they act on one date.

mod ceiling;
mod floor;
mod grown;
mod order;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use ceiling::by_year;

use super::indexes::Indexes;
use super::investment::Period;
use super::parties::party;
use super::{checked_id, known, persons, tables};
use crate::scenario::choices;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{AtMost, Excess, Fund, Limit, Outcome, Party, Per, Term};
use crate::scenario::name::{Id, RETURN_CAP};
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// What limits refer to.
pub(super) struct Around<'a> {
    /// The ids of all terms, ascending.
    pub(super) terms: &'a [&'a str],
    pub(super) parties: &'a BTreeMap<Id, Party>,
    /// `None` when a fund could not be read.
    pub(super) funds: Option<&'a [Fund]>,
    pub(super) indexes: &'a Indexes,
    pub(super) period: Period,
}

/// The limits of an investment as far as they can be checked without its terms. `None` after an error.
pub(super) fn limits(top: &Fields<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<Vec<Limit>> {
    let raw = tables(top, "limit", &words::LIMIT, findings);
    let limits: Vec<_> = raw.iter().map(|(id, fields)| limit(id, fields, around, findings)).collect();
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
        floor::check_payers(limit, terms, findings);
        warn_idle(limit, terms, findings);
    }
    persons::check_limits(&limits, terms, outcomes, findings);
    let limits = order::ordered(limits, payment, terms.len(), findings)?;
    floor::check_later(&limits, findings);
    Some(limits)
}

fn limit(text: &str, fields: &Fields<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<Limit> {
    let Around { terms, parties, .. } = *around;
    let id = checked_id(fields, text, findings);
    if text == RETURN_CAP {
        let fix = "choose another id, or write `return_cap` in the fund";
        fields.error(findings, format_args!("bears the id of the fund's own cap"), fix);
        return None;
    }
    let covered = match fields.get("terms") {
        None => Some((0..terms.len()).collect()),
        Some(field) => named_terms(&field, terms, findings),
    };
    let payer = match fields.get("payer") {
        None => Some(None),
        Some(field) => party(&field, parties, findings).map(Some),
    };
    let per = fields.need("per", "per = \"contract\"", findings).and_then(|field| per(&field, findings));
    let at_least =
        fields.optional("at_least", findings, |field, findings| floor::at_least(field, per, findings));
    let (at_most, excess) = match ceiling(fields, per, covered.as_deref(), around, findings) {
        Some((at_most, excess)) => (at_most, excess),
        None => (None, None),
    };
    let (at_most, at_least) = grown::by_index(fields, per, (at_most?, at_least.ok()?), around, findings)?;
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
    let limit = Limit {
        id: id?,
        terms: covered?,
        payer,
        per: per?,
        at_most,
        excess: excess?,
        at_least,
        span: fields.span.clone(),
    };
    floor::check_ceiling(&limit, findings).then_some(limit)
}

type Ceiling = (Option<AtMost>, Option<Excess>);

/// What passes at most, and what becomes of the rest; a limit that is a floor needs neither.
fn ceiling(
    fields: &Fields<'_>,
    per: Option<Per>,
    covered: Option<&[usize]>,
    around: &Around<'_>,
    findings: &mut Findings,
) -> Option<Ceiling> {
    if fields.get("at_least").is_some() && fields.get("at_most").is_none() {
        if let Some(excess) = fields.get("excess") {
            excess.error(
                findings,
                "is of a limit without `at_most`",
                "write `at_most`, or take `excess` out",
            );
            return None;
        }
        return Some((Some(AtMost::Open), Some(Excess::Lost)));
    }
    let at_most = fields.need("at_most", "at_most = 1_000_000", findings);
    let at_most = at_most.and_then(|field| ceiling::at_most(&field, per, covered, around, findings));
    let excess = fields.need("excess", "excess = \"lost\"", findings);
    Some((at_most, excess.and_then(|field| ceiling::excess(&field, around.parties, findings))))
}

/// The terms that a list names, ascending.
fn named_terms(field: &Field<'_>, terms: &[&str], findings: &mut Findings) -> Option<Vec<usize>> {
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
    field.word(&choices::PERS, findings)
}

/// A limit per intake must know the intake of every amount.
fn check_intakes(limit: &Limit, terms: &[Term], outcomes: &[Outcome], findings: &mut Findings) {
    if limit.per != Per::Intake {
        return;
    }
    let counted = terms.iter().enumerate().filter(|(index, _)| limit.counts(*index));
    for (_, term) in counted {
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
