//! When amounts fall due and are paid, and by whom: of a term, or by default of `[payment]`.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::investment::Period;
use super::parties::party;
use crate::contract::schedule::{Duration, period_end};
use crate::contract::share::Shares;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Party, Reading, Split};
use crate::scenario::name::Id;
use crate::scenario::raw::Value;
use crate::scenario::read::{self, Field, Fields};
use crate::scenario::words;

/// The table of defaults, if the file has one.
pub(super) fn defaults<'a>(top: &Fields<'a>, findings: &mut Findings) -> Option<Fields<'a>> {
    let entry = top.table.get("payment")?;
    let Value::Table(table) = &entry.item.value else {
        let title = "[payment] must be a table";
        findings.push(
            Diagnostic::error(entry.key.clone(), title)
                .label("here")
                .help("write `[payment]` and `paid_by = ...` below"),
        );
        return None;
    };
    Some(Fields::open(table, "[payment]", entry.key.clone(), &words::PAYMENT, findings))
}

/// Checks defaults that no term may need: what is wrong in them is wrong all the same.
pub(super) fn check(defaults: &Fields<'_>, parties: &BTreeMap<Id, Party>, findings: &mut Findings) {
    if let Some(field) = defaults.get("paid_by") {
        splits(&field, parties, findings);
    }
    if let Some(fields) = defaults.get("due").and_then(|due| due.fields(&words::DUE, DUE, findings)) {
        match fields.one_of(words::DUE.now, findings) {
            Some(("after", field)) => drop(field.duration(findings)),
            Some((_, field)) => drop(listed_dates(&field, findings)),
            None => fields.lacks(findings, "does not say when", SAY_WHEN),
        }
    }
    if let Some(fields) = defaults.get("paid").and_then(|paid| paid.fields(&words::PAID, PAID, findings)) {
        fields.need("after", PAID, findings).and_then(|field| field.duration(findings));
    }
}

const DUE: &str = "due = { after = \"12 months\" }";
const PAID: &str = "paid = { after = \"30 days\" }";
const SAY_WHEN: &str = "write `{ after = \"12 months\" }` or `{ on = 2028-07-01 }`";

/// A word of a term, or of the defaults.
pub(super) fn said<'a>(term: &Fields<'a>, defaults: Option<&Fields<'a>>, word: &str) -> Option<Field<'a>> {
    term.get(word).or_else(|| defaults?.get(word))
}

/// The party that gets a payment.
pub(super) fn receiver(
    field: &Field<'_>,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Id> {
    party(field, parties, findings)
}

/// Who pays which share, in order of time: one split, or a list of splits that end one after the other.
pub(super) fn splits(
    field: &Field<'_>,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Vec<Split>> {
    let Value::List(items) = &field.item.value else {
        let (payers, shares) = payers(field, parties, findings)?;
        return Some(vec![Split { until: None, payers, shares }]);
    };
    let last = items.len().saturating_sub(1);
    let mut found: Vec<Split> = Vec::with_capacity(items.len());
    for (index, item) in field.one_or_more().iter().enumerate() {
        let split = split(item, index == last, parties, findings)?;
        if found.last().is_some_and(|before| before.until >= split.until && split.until.is_some()) {
            item.error(findings, "does not end after the one before it", "write splits from early to late");
            return None;
        }
        found.push(split);
    }
    if found.is_empty() {
        field.error(findings, "is an empty list", SPLITS);
        return None;
    }
    Some(found)
}

const SPLITS: &str = "write `[{ until = 2027-12-31, shares = { a = 0.5, b = \"rest\" } }, { shares = \"a\" }]`, the last without end";

fn split(
    field: &Field<'_>,
    last: bool,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<Split> {
    let fields = field.fields(&words::SPLIT, "{ until = 2027-12-31, shares = \"a\" }", findings)?;
    let until = fields.optional("until", findings, Field::date);
    let shares = fields.need("shares", "shares = { a = 0.5, b = \"rest\" }", findings)?;
    let (payers, shares) = payers(&shares, parties, findings)?;
    let until = until.ok()?;
    if until.is_some() == last {
        let title =
            if last { "is the last and ends, so that later amounts have no payer" } else { "has no `until`" };
        field.error(findings, title, SPLITS);
        return None;
    }
    Some(Split { until, payers, shares })
}

/// Payers in ascending order and their shares.
fn payers(
    field: &Field<'_>,
    parties: &BTreeMap<Id, Party>,
    findings: &mut Findings,
) -> Option<(Vec<Id>, Shares)> {
    if let Value::Text(_) = field.item.value {
        return Some((vec![party(field, parties, findings)?], Shares::equal(1).ok()?));
    }
    let entries = field.entries("{ municipality = 0.60, region = \"rest\" }", findings)?;
    let ids: Vec<Option<Id>> = entries
        .iter()
        .map(|(span, id, _)| {
            let names = parties.keys().map(|id| (id.as_str(), id));
            super::known((&field.what, span.clone()), id, "party", names, findings).cloned()
        })
        .collect();
    let parts: Vec<Field<'_>> = entries.into_iter().map(|(_, _, share)| share).collect();
    let fractions = read::shares(&parts, field, findings)?;
    let ids: Vec<Id> = ids.into_iter().collect::<Option<_>>()?;
    let shares = Shares::new(&fractions);
    let shares = shares
        .map_err(|error| {
            field.error(findings, format_args!("cannot be divided: {error}"), "use round shares");
        })
        .ok()?;
    Some((ids, shares))
}

/// Dates of a term: what it says, or the defaults, for readings of which only the measuring dates are known.
pub(super) struct Dates<'a> {
    pub(super) due: Option<Field<'a>>,
    pub(super) paid: Option<Field<'a>>,
    pub(super) period: Period,
}

impl Dates<'_> {
    /// Sets due and paid dates of readings.
    pub(super) fn set(&self, readings: &mut [Reading], findings: &mut Findings) -> Option<()> {
        if let Some(field) = &self.due {
            set_due(field, readings, findings)?;
        }
        for (index, reading) in readings.iter_mut().enumerate() {
            reading.paid = reading.due;
            self.check(index, reading, findings)?;
        }
        if let Some(field) = &self.paid {
            paid(field, readings, findings)?;
        }
        Some(())
    }

    fn check(&self, index: usize, reading: &Reading, findings: &mut Findings) -> Option<()> {
        let Some(field) = &self.due else { return Some(()) };
        let due = reading.due;
        if due < reading.measured {
            let title =
                format!("is {due} for reading {}, before it is measured on {}", index + 1, reading.measured);
            field.error(findings, title, "an amount falls due when it is measured or later");
            return None;
        }
        if !self.period.holds(due) {
            let title = format!("is {due} for reading {}, outside the contract", index + 1);
            field.error(findings, title, self.period.help());
            return None;
        }
        Some(())
    }
}

fn set_due(field: &Field<'_>, readings: &mut [Reading], findings: &mut Findings) -> Option<()> {
    let fields = field.fields(&words::DUE, DUE, findings)?;
    let Some((word, field)) = fields.one_of(&["after", "on"], findings) else {
        fields.lacks(findings, "does not say when", SAY_WHEN);
        return None;
    };
    if word == "after" {
        let length = field.duration(findings)?;
        for reading in readings {
            reading.due = later(reading.measured, length, &field, findings)?;
        }
        return Some(());
    }
    let dates: Vec<Date> = listed_dates(&field, findings)?;
    if dates.len() != 1 && dates.len() != readings.len() {
        let measured: Vec<_> = readings.iter().take(12).map(|reading| reading.measured.to_string()).collect();
        let title = format!("has {} dates for {} readings", dates.len(), readings.len());
        field.error(
            findings,
            title,
            format!("one date, or one for each reading, measured {}", measured.join(", ")),
        );
        return None;
    }
    for (index, reading) in readings.iter_mut().enumerate() {
        reading.due = dates[index % dates.len()];
    }
    Some(())
}

/// The dates of `due.on`, for terms without an outcome.
pub(super) fn due_on(field: Option<&Field<'_>>, findings: &mut Findings) -> Option<Vec<Date>> {
    let fields = field?.fields(&words::DUE, DUE, findings)?;
    listed_dates(&fields.get("on")?, findings)
}

fn listed_dates(field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Date>> {
    let dates: Vec<_> = field.one_or_more().iter().map(|date| date.date(findings)).collect();
    let dates: Vec<Date> = dates.into_iter().collect::<Option<_>>()?;
    if dates.is_empty() {
        field.error(findings, "is an empty list", "write at least one date");
        return None;
    }
    Some(dates)
}

fn paid(field: &Field<'_>, readings: &mut [Reading], findings: &mut Findings) -> Option<()> {
    let fields = field.fields(&words::PAID, PAID, findings)?;
    let field = fields.need("after", PAID, findings)?;
    let length = field.duration(findings)?;
    for reading in readings {
        reading.paid = later(reading.due, length, &field, findings)?;
    }
    Some(())
}

fn later(from: Date, length: Duration, field: &Field<'_>, findings: &mut Findings) -> Option<Date> {
    let date = period_end(from, length).filter(|date| date.year() <= 2999);
    if date.is_none() {
        field.error(findings, "leads beyond the calendar", "write for example `\"12 months\"`");
    }
    date.map(|date| date.max(from))
}
