//! Funds: money put in, when it is drawn, and what is promised back.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::investment::Period;
use super::parties::party;
use super::{checked_id, tables};
use crate::contract::promise::Promise;
use crate::contract::share::{Fraction, Shares};
use crate::money::Ore;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Fund, Party};
use crate::scenario::name::Id;
use crate::scenario::raw::Value;
use crate::scenario::read::{self, Field, Fields, date_key};
use crate::scenario::words;

/// All funds, ascending by id. `None` after an error.
pub(super) fn funds(
    top: &Fields<'_>,
    parties: &BTreeMap<Id, Party>,
    period: Period,
    findings: &mut Findings,
) -> Option<Vec<Fund>> {
    let raw = tables(top, "fund", &words::FUND, findings);
    let funds: Vec<_> = raw.iter().map(|(id, fields)| fund(id, fields, parties, period, findings)).collect();
    let funds: Vec<Fund> = funds.into_iter().collect::<Option<_>>()?;
    let mut repayable = funds.iter().filter(|fund| fund.repayable);
    if let (Some(first), Some(second)) = (repayable.next(), repayable.next()) {
        let title = format!("funds `{}` and `{}` are both to be repaid", first.id, second.id);
        let help = "more than one repayable fund is not built yet; a donation says `repaid = \"never\"`";
        findings.push(Diagnostic::error(second.span.clone(), title).label("the second").help(help));
    }
    Some(funds)
}

fn fund(
    text: &str,
    fields: &Fields<'_>,
    parties: &BTreeMap<Id, Party>,
    period: Period,
    findings: &mut Findings,
) -> Option<Fund> {
    let id = checked_id(fields, text, findings);
    let party =
        fields.need("party", "party = \"dsi\"", findings).and_then(|field| party(&field, parties, findings));
    let amount =
        fields.need("amount", "amount = 5_450_000", findings).and_then(|field| field.amount(findings));
    let repayable = fields.get("repaid").and_then(|field| field.word(&[("never", ())], findings)).is_none();
    let cap = fields.get("return_cap");
    if let (Some(cap), false) = (&cap, repayable) {
        cap.error(findings, "caps the return of a donation", "take it out: a donation is never repaid");
    }
    let return_cap = match cap {
        None => Some(None),
        Some(field) => promise(&field, findings).map(Some),
    };
    let amount = amount?;
    if let (Some(Some(Promise::Amount(most))), Some(cap)) = (return_cap, fields.get("return_cap"))
        && most < amount
    {
        let title = format!("{} is an amount below what is put in", cap.what);
        let help =
            "write `{ multiple = 1.15 }` or `{ balance = 0.05 }` for a return; a bare number is in kroner";
        findings.push(Diagnostic::warning(cap.item.span.clone(), title).label("in kroner").help(help));
    }
    let drawn = drawn(fields, amount, period, findings)?;
    let span = fields.span.clone();
    Some(Fund { id: id?, party: party?, amount, drawn, repayable, return_cap: return_cap?, span })
}

fn drawn(
    fields: &Fields<'_>,
    amount: Ore,
    period: Period,
    findings: &mut Findings,
) -> Option<Vec<(Date, Ore)>> {
    let Some(field) = fields.get("drawn") else { return Some(vec![(period.starts, amount)]) };
    let entries = field.entries("{ 2026-07-01 = 0.5, 2027-07-01 = 0.5 }", findings)?;
    let mut dates = Vec::new();
    for (span, key, _) in &entries {
        let date = date_key(key, span, &field.what, findings)?;
        if !period.holds(date) {
            let title = format!("{} has {date}, outside the contract", field.what);
            findings.push(Diagnostic::error(span.clone(), title).label("this date").help(period.help()));
            return None;
        }
        dates.push(date);
    }
    let parts: Vec<Field<'_>> = entries.into_iter().map(|(_, _, share)| share).collect();
    let fractions = read::shares(&parts, &field, findings)?;
    let shares = Shares::new(&fractions);
    let shares = shares
        .map_err(|error| {
            field.error(findings, format_args!("cannot be divided: {error}"), "use round shares");
        })
        .ok()?;
    Some(dates.into_iter().zip(shares.divide(amount)).collect())
}

fn promise(field: &Field<'_>, findings: &mut Findings) -> Option<Promise> {
    if let Value::Number(_) = field.item.value {
        return field.amount(findings).map(Promise::Amount);
    }
    let example = "{ balance = 0.08 }";
    let fields = field.fields(&words::PROMISE, example, findings)?;
    let Some((word, rate)) = fields.one_of(&["multiple", "balance", "simple", "average"], findings) else {
        let help = "write `{ balance = 0.08 }`, `{ simple = ... }`, `{ average = ... }`, `{ multiple = ... }` or an amount; they differ";
        fields.lacks(findings, "does not say what is promised", help);
        return None;
    };
    if word == "multiple" {
        let multiple = rate.fraction(findings)?;
        if multiple < Fraction::from(0) || multiple > Fraction::from(1000) {
            rate.error(findings, "is no multiple", "`multiple = 1.38` is the money and 38 % of it");
            return None;
        }
        return Some(Promise::Multiple(multiple));
    }
    let share = rate.share(findings)?;
    let rate = *share.numer() as f64 / *share.denom() as f64;
    Some(match word {
        "balance" => Promise::Balance(rate),
        "simple" => Promise::Simple(rate),
        _ => Promise::Average(rate),
    })
}
