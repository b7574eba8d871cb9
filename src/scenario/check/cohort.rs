//! The cohort: how many people, and when they start.

use jiff::civil::Date;

use super::inputs::{Inputs, Use};
use super::investment::Period;
use super::outcomes::ENROLLED;
use crate::contract::schedule::{Duration, later_start};
use crate::contract::share::{Fraction, Shares};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Cohort, Groups, Number};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{self, Field, Fields, date_key};
use crate::scenario::words;

/// The cohort; an investment without one has no people.
pub(super) fn cohort(
    top: &Fields<'_>,
    inputs: &mut Inputs<'_>,
    period: Period,
    findings: &mut Findings,
) -> Option<Cohort> {
    let Some(entry) = top.table.get("cohort") else {
        return Some(Cohort {
            people: Number::Fixed(0.0),
            intakes: vec![period.starts],
            shares: Shares::equal(1).ok()?,
            groups: None,
            alike: 0.0,
            span: top.span.clone(),
        });
    };
    let Value::Table(table) = &entry.item.value else {
        let title = "[cohort] must be a table";
        findings.push(
            Diagnostic::error(entry.key.clone(), title)
                .label("here")
                .help("write `[cohort]` and `people = 95` below"),
        );
        return None;
    };
    let fields = Fields::open(table, "the cohort", entry.key.clone(), &words::COHORT, findings);
    let people = fields
        .need("people", "people = 95", findings)
        .and_then(|field| inputs.number(&field, Use::People, findings));
    let (intakes, fractions) = intakes(&fields, period, findings)?;
    let alike = fields.get("alike").and_then(|field| field.share(findings));
    let alike = alike.map_or(0.0, |share| *share.numer() as f64 / *share.denom() as f64);
    let shares = Shares::new(&fractions);
    let shares = shares
        .map_err(|error| {
            fields.error(findings, format_args!("cannot be divided: {error}"), "use round shares");
        })
        .ok()?;
    let groups = fields.optional("groups", findings, groups).ok()?;
    // After an error the scenario is refused in any case; dates are known, so that what follows can be checked.
    let people = people.unwrap_or(Number::Fixed(0.0));
    Some(Cohort { people, intakes, shares, groups, alike, span: fields.span.clone() })
}

/// The groups of every intake, ascending by name.
fn groups(field: &Field<'_>, findings: &mut Findings) -> Option<Groups> {
    let entries = field.entries("{ hard = 0.3, others = \"rest\" }", findings)?;
    let names: Vec<_> = entries
        .iter()
        .map(|(span, text, _)| {
            let refused = |title: String, help: String| {
                Diagnostic::error(span.clone(), title).label("this name").help(help)
            };
            match Name::new(text) {
                Ok(_) if *text == ENROLLED => {
                    let title = "a group cannot be called `enrolled`".to_owned();
                    findings.push(refused(title, "`enrolled` is everyone in the cohort".to_owned()));
                    None
                }
                Ok(name) => Some(name),
                Err(error) => {
                    findings.push(refused(error.to_string(), error.help()));
                    None
                }
            }
        })
        .collect();
    let parts: Vec<Field<'_>> = entries.into_iter().map(|(_, _, share)| share).collect();
    let fractions = read::shares(&parts, field, findings)?;
    let shares = Shares::new(&fractions);
    let shares = shares
        .map_err(|error| {
            field.error(findings, format_args!("cannot be divided: {error}"), "use round shares");
        })
        .ok()?;
    Some(Groups { names: names.into_iter().collect::<Option<_>>()?, shares })
}

fn intakes(
    fields: &Fields<'_>,
    period: Period,
    findings: &mut Findings,
) -> Option<(Vec<Date>, Vec<Fraction>)> {
    let Some(field) = fields.get("intakes") else {
        return Some((vec![period.starts], vec![Fraction::from(1)]));
    };
    let repeated = matches!(&field.item.value, Value::Table(table) if words::EVERY.now.iter().any(|word| table.get(word).is_some()));
    let (dates, fractions) = if repeated { every(&field, findings)? } else { listed(&field, findings)? };
    for date in &dates {
        if !period.holds(*date) {
            field.error(findings, format_args!("has {date}, outside the contract"), period.help());
            return None;
        }
    }
    Some((dates, fractions))
}

fn listed(field: &Field<'_>, findings: &mut Findings) -> Option<(Vec<Date>, Vec<Fraction>)> {
    let entries = field.entries("{ 2026-07-01 = 0.45, 2027-07-01 = \"rest\" }", findings)?;
    let dates: Vec<_> =
        entries.iter().map(|(span, key, _)| date_key(key, span, &field.what, findings)).collect();
    let parts: Vec<Field<'_>> = entries.into_iter().map(|(_, _, share)| share).collect();
    let fractions = read::shares(&parts, field, findings)?;
    Some((dates.into_iter().collect::<Option<_>>()?, fractions))
}

/// Most intakes a cohort may have: a century of months.
const MOST_INTAKES: u32 = 1200;

fn every(field: &Field<'_>, findings: &mut Findings) -> Option<(Vec<Date>, Vec<Fraction>)> {
    let example = "{ from = 2026-01-01, every = \"quarter\", times = 12 }";
    let fields = field.fields(&words::EVERY, example, findings)?;
    let from = fields.need("from", example, findings).and_then(|field| field.date(findings));
    let every = fields.need("every", example, findings).and_then(|field| field.duration(findings));
    let times =
        fields.need("times", example, findings).and_then(|field| field.count(MOST_INTAKES, findings))?;
    let (from, every) = (from?, every?);
    let dates: Option<Vec<Date>> = (0..times).map(|index| start(from, every, index)).collect();
    match dates {
        Some(dates) if dates.windows(2).all(|pair| pair[0] < pair[1]) => {
            Some((dates, vec![Fraction::new(1, i64::from(times)); times as usize]))
        }
        _ => {
            field.error(findings, "does not move on", "write for example `every = \"quarter\"`");
            None
        }
    }
}

fn start(from: Date, every: Duration, index: u32) -> Option<Date> {
    match every {
        Duration::Months(months) => later_start(from, months, index),
        Duration::Days(days) => {
            let days = i64::from(days.checked_mul(index)?);
            from.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
        }
    }
}
