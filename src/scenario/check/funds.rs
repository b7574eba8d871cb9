//! Funds: money put in, when it is drawn, and what is promised back.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::investment::Period;
use super::parties::party;
use super::{checked_id, tables};
use crate::contract::promise::Promise;
use crate::contract::share::{Fraction, Shares};
use crate::money::Ore;
use crate::scenario::choices;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Fund, Guarantee, Party};
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
    check_ranks(&funds, findings);
    Some(funds)
}

/// A fund that may take everything leaves nothing to those after it.
fn check_ranks(funds: &[Fund], findings: &mut Findings) {
    let repayable = || funds.iter().filter(|fund| fund.repayable);
    for fund in repayable().filter(|fund| fund.return_cap.is_none() || fund.returns_surplus) {
        if let Some(later) = repayable().find(|other| other.rank > fund.rank) {
            let title =
                format!("fund `{}` takes everything, so that nothing comes to fund `{}`", fund.id, later.id);
            let help = "give it a `return_cap` that cuts, or the last `rank`";
            findings.push(Diagnostic::error(fund.span.clone(), title).label("of an earlier rank").help(help));
        }
    }
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
    let repayable = fields.get("repaid").and_then(|field| field.word(&choices::REPAID, findings)).is_none();
    let cap = fields.get("return_cap");
    if let (Some(cap), false) = (&cap, repayable) {
        cap.error(findings, "caps the return of a donation", "take it out: a donation is never repaid");
    }
    for word in ["rank", "surplus", "guarantee"] {
        if let (Some(field), false) = (fields.get(word), repayable) {
            field.error(findings, "is of a donation", "take it out: a donation is never repaid");
        }
    }
    let rank = fields.optional("rank", findings, |rank, findings| rank.count(100, findings));
    let returns_surplus = surplus(fields, findings);
    let guarantee =
        fields.optional("guarantee", findings, |field, findings| guarantee(field, parties, findings));
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
    let (party, guarantee) = (party?, guarantee.ok()?);
    if let (Some(guarantee), Some(field)) = (&guarantee, fields.get("guarantee"))
        && guarantee.by == party
    {
        field.error(findings, "is given by the party whose fund it is", "name another party in `by`");
        return None;
    }
    Some(Fund {
        id: id?,
        party,
        amount,
        drawn,
        repayable,
        rank: rank.ok()?.unwrap_or(1),
        return_cap: return_cap?,
        returns_surplus: returns_surplus?,
        guarantee,
        span: fields.span.clone(),
    })
}

/// Whether what is above the return cap is taken and given back. `None` after an error.
fn surplus(fields: &Fields<'_>, findings: &mut Findings) -> Option<bool> {
    let Some(field) = fields.get("surplus") else { return Some(false) };
    let returned = field.word(&choices::SURPLUS, findings)?;
    if returned && fields.get("return_cap").is_none() {
        field.error(findings, "is of a fund without `return_cap`", "write above what there is a surplus");
        return None;
    }
    Some(returned)
}

fn guarantee(field: &Field<'_>, parties: &BTreeMap<Id, Party>, findings: &mut Findings) -> Option<Guarantee> {
    let example = "{ share = 0.75, by = \"foundation\" }";
    let fields = field.fields(&words::GUARANTEE, example, findings)?;
    let by = fields.need("by", example, findings).and_then(|by| party(&by, parties, findings));
    let up_to = fields.optional("up_to", findings, Field::amount);
    let promise = match fields.one_of(&words::GUARANTEED, findings) {
        Some(("amount", amount)) => amount.amount(findings).map(Promise::Amount),
        Some(("share", share)) => share.share(findings).map(Promise::Multiple),
        Some(_) => promised(&fields, findings),
        None => {
            let help = "write `amount = 7_200_000`, `share = 0.75` of what is drawn, or a promise such as `balance = 0.02`";
            fields.lacks(findings, "does not say what is guaranteed", help);
            None
        }
    };
    Some(Guarantee { promise: promise?, by: by?, up_to: up_to.ok()? })
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
    promised(&field.fields(&words::PROMISE, "{ balance = 0.08 }", findings)?, findings)
}

/// A promise in words: the one of `multiple`, `balance`, `simple` and `average` that a table says.
pub(super) fn promised(fields: &Fields<'_>, findings: &mut Findings) -> Option<Promise> {
    let Some((word, rate)) = fields.one_of(words::PROMISE.now, findings) else {
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
