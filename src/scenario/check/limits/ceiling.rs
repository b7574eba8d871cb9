//! What a limit lets through, and what happens to the rest.

use std::collections::{BTreeMap, BTreeSet};

use super::super::funds::promised;
use super::super::known;
use super::super::parties::party;
use super::{Around, named_terms};
use crate::contract::share::Fraction;
use crate::money::Ore;
use crate::scenario::choices;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{AtMost, Excess, Party, Per, Span, TermIndex};
use crate::scenario::name::Id;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, year_key};
use crate::scenario::words;

/// `at_most`: an amount, amounts by year, a share of terms, or what is still due to a fund.
pub(super) fn at_most(
    field: &Field<'_>,
    per: Option<Per>,
    covered: Option<&[TermIndex]>,
    around: &Around<'_>,
    findings: &mut Findings,
) -> Option<AtMost> {
    if let Value::Text(text) = &field.item.value {
        let help = "a ceiling is agreed, not drawn; write the amount, and try others with variants";
        field.error(findings, format_args!("is a text, `{text}`"), help);
        return None;
    }
    let Value::Table(table) = &field.item.value else { return field.amount(findings).map(AtMost::Amount) };
    let says = |words: &[&str]| words.iter().any(|word| table.get(word).is_some());
    if says(words::SHARE.now) {
        return share(field, covered?, around, findings);
    }
    if says(words::DUE_TO.now) {
        return due(field, per, around, findings);
    }
    if per.is_some_and(|per| per != Per::Year) {
        field.error(findings, "differs by year", "write `per = \"year\"` beside it");
        return None;
    }
    by_year(field, findings).map(AtMost::ByYear)
}

/// Amounts by year, `{ 2028 = 500_000 }`.
pub(in crate::scenario::check) fn by_year(
    field: &Field<'_>,
    findings: &mut Findings,
) -> Option<BTreeMap<i16, Ore>> {
    let entries = field.entries("{ 2028 = 500_000, 2029 = 500_000 }", findings)?;
    let read = |(span, key, amount): (Span, &str, Field<'_>), findings: &mut Findings| {
        let year = year_key(key, &span, &field.what, findings);
        let amount = amount.amount(findings);
        Some((year?, amount?))
    };
    let read: Vec<_> = entries.into_iter().map(|entry| read(entry, findings)).collect();
    read.into_iter().collect()
}

/// A share of what terms come to: with all terms of the limit among them, or none, so that it has one meaning.
fn share(
    field: &Field<'_>,
    covered: &[TermIndex],
    around: &Around<'_>,
    findings: &mut Findings,
) -> Option<AtMost> {
    let example = "{ share = 0.30, of = \"total\" }";
    let fields = field.fields(&words::SHARE, example, findings)?;
    let share = fields.need("share", example, findings).and_then(|share| share.share(findings));
    let named = fields.need("of", example, findings)?;
    let of = match &named.item.value {
        Value::Text(text) if text == "total" => (0..around.terms.len()).collect(),
        _ => named_terms(&named, around.terms, findings)?,
    };
    let share = share?;
    let own: BTreeSet<_> = covered.iter().collect();
    let among = of.iter().filter(|term| own.contains(term)).count();
    if among != 0 && among != own.len() {
        let help = "name all terms of the limit in `of`, or none of them";
        named.error(findings, "holds some of the limit's terms and not others", help);
        return None;
    }
    if among == of.len() {
        let help = "a share of the limit's own terms limits nothing; name others, or narrow `terms`";
        named.error(findings, "names no other term", help);
        return None;
    }
    if among > 0 && share == Fraction::from(1) {
        field.error(findings, "is all of it", "a share below 1, or no limit");
        return None;
    }
    Some(AtMost::Share { share, of })
}

/// What is still due to a fund by a promise: a hurdle.
fn due(field: &Field<'_>, per: Option<Per>, around: &Around<'_>, findings: &mut Findings) -> Option<AtMost> {
    let example = "{ fund = \"dsi\", balance = 0.05 }";
    let fields = field.fields(&words::DUE_TO, example, findings)?;
    let promise = promised(&fields, findings);
    let named = fields.need("fund", example, findings)?;
    let id = named.text(findings)?;
    let funds = around.funds?.iter().map(|fund| (fund.id.as_str(), fund));
    let fund = known((&named.what, named.span()), id, "fund", funds, findings)?;
    if !fund.repayable {
        named.error(findings, "is never repaid", "name a fund that is to be repaid");
        return None;
    }
    if per? != Per::Contract {
        field.error(findings, "is what is due at any time", "write `per = \"contract\"` beside it");
        return None;
    }
    Some(AtMost::Due { fund: fund.id.clone(), promise: promise? })
}

/// `excess`: lost, rolling, falling on a payer, or passing in part.
pub(super) fn excess(
    field: &Field<'_>,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Excess> {
    if let Value::Text(_) = field.item.value {
        let rolls = field.word(&choices::EXCESSES, findings)?;
        return Some(if rolls { Excess::Rolls } else { Excess::Lost });
    }
    let example = "excess = { payer = \"region\" }";
    let fields = field.fields(&words::EXCESS, example, findings)?;
    let Some((word, said)) = fields.one_of(&["payer", "pass"], findings) else {
        let help = "write `{ payer = \"region\" }`, `{ pass = 0.40 }`, \"lost\" or \"rolls\"";
        fields.lacks(findings, "says nothing", help);
        return None;
    };
    if word == "payer" {
        return party(&said, parties, findings).map(Excess::FallsOn);
    }
    let share = said.share(findings)?;
    if share == Fraction::from(0) || share == Fraction::from(1) {
        let help = "nothing that passes is `excess = \"lost\"`; where all passes, there is no limit";
        said.error(findings, "is all or nothing", help);
        return None;
    }
    Some(Excess::Passes(share))
}
