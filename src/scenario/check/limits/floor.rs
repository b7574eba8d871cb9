//! Floors: what must pass a limit at least, who pays what is missing, and what later limits make of it.

use super::by_year;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{AtLeast, AtMost, Limit, Per, Term};
use crate::scenario::raw::Value;
use crate::scenario::read::Field;

/// `at_least`: an amount, or amounts by year.
pub(super) fn at_least(field: &Field<'_>, per: Option<Per>, findings: &mut Findings) -> Option<AtLeast> {
    if matches!(per, Some(Per::Intake | Per::Person)) {
        field.error(
            findings,
            "has no date: an intake never closes, nor does a person",
            "write `per = \"contract\"`, \"year\", \"quarter\" or \"payment\" beside it",
        );
        return None;
    }
    let Value::Table(_) = &field.item.value else { return field.amount(findings).map(AtLeast::Amount) };
    if per.is_some_and(|per| per != Per::Year) {
        field.error(findings, "differs by year", "write `per = \"year\"` beside it");
        return None;
    }
    by_year(field, findings).map(AtLeast::ByYear)
}

/// A floor does not lie above its ceiling.
pub(super) fn check_ceiling(limit: &Limit, findings: &mut Findings) -> bool {
    let above = match (&limit.at_least, &limit.at_most) {
        (Some(AtLeast::Amount(least)), AtMost::Amount(most)) => least > most,
        (Some(AtLeast::ByYear(least)), AtMost::Amount(most)) => least.values().any(|least| least > most),
        (Some(AtLeast::Amount(least)), AtMost::ByYear(most)) => most.values().any(|most| least > most),
        (Some(AtLeast::ByYear(least)), AtMost::ByYear(most)) => {
            least.iter().any(|(year, least)| least > most.get(year).unwrap_or(&0))
        }
        _ => false,
    };
    if above {
        let title = format!("limit `{}` lets less through than must pass", limit.id);
        findings.push(
            Diagnostic::error(limit.span.clone(), title)
                .label("here")
                .help("write an `at_least` that is not above `at_most`"),
        );
    }
    !above
}

/// Someone must owe what is missing: the limit's payer, or the payers of its terms in the one split they share.
pub(super) fn check_payers(limit: &Limit, terms: &[Term], findings: &mut Findings) {
    let mut splits = limit.terms.iter().map(|index| &terms[*index].splits);
    let first = splits.next();
    if limit.at_least.is_none() || limit.payer.is_some() || splits.all(|split| Some(split) == first) {
        return;
    }
    let title = format!("limit `{}` does not say who pays what is missing", limit.id);
    findings.push(
        Diagnostic::error(limit.span.clone(), title)
            .label("its terms have different payers or shares")
            .help("write one floor for each payer, with `payer = ...`, or for terms that are paid alike"),
    );
}

/// What is topped up counts for all terms of its limit: a later limit covers all of them, or none.
pub(super) fn check_later(limits: &[Limit], findings: &mut Findings) {
    for (index, floor) in limits.iter().enumerate().filter(|(_, limit)| limit.at_least.is_some()) {
        for later in &limits[index + 1..] {
            let counted = floor.terms.iter().filter(|term| later.counts(**term)).count();
            let apart = counted > 0 && (counted < floor.terms.len() || later.per == Per::Intake);
            let meet = floor.payer.is_none() || later.payer.is_none() || floor.payer == later.payer;
            if apart && meet {
                let title = format!(
                    "limit `{}` acts on a part of what `{}` tops up, which belongs to no single term or intake",
                    later.id, floor.id
                );
                let help = format!(
                    "let it act before: `order = [\"{}\", \"{}\"]` in [payment]; or a floor for its terms alone",
                    later.id, floor.id
                );
                findings.push(Diagnostic::error(later.span.clone(), title).label("too late").help(help));
            }
        }
    }
}
