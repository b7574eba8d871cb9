//! Factors and events: what moves several inputs at once.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{checked_name, known, tables};
use crate::contract::course::Course;
use crate::scenario::choices;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Class, Event, Factor, Stop};
use crate::scenario::name::Name;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

pub(super) fn factors(top: &Fields<'_>, findings: &mut Findings) -> BTreeMap<Name, Factor> {
    let mut factors = BTreeMap::new();
    for (name, fields) in tables(top, "factor", &words::FACTOR, findings) {
        let class = class(&fields, Class::Shock, findings);
        if let Some(name) = checked_name(&fields, name, findings) {
            factors.insert(name, Factor { class, span: fields.span.clone() });
        }
    }
    factors
}

pub(super) fn events(
    top: &Fields<'_>,
    factors: &BTreeMap<Name, Factor>,
    ends: Option<Date>,
    findings: &mut Findings,
) -> BTreeMap<Name, Event> {
    let mut events = BTreeMap::new();
    for (name, fields) in tables(top, "event", &words::EVENT, findings) {
        let name = checked_name(&fields, name, findings);
        let chance =
            fields.need("chance", "chance = 0.25", findings).and_then(|field| chance(&field, findings));
        let on = fields.need("on", "on = 2026-09-01", findings).and_then(|field| on(&field, ends, findings));
        let loads = loads(&fields, factors, findings);
        let class = class(&fields, Class::Shock, findings);
        if let Some(name) = name {
            // After an error the scenario is refused in any case; the name is known, so that others may use it.
            let known = on.and_then(|on| course(&fields, on, findings));
            let (chance, course) = (chance.unwrap_or(0.0), known.unwrap_or(Course::at(Date::ZERO)));
            events.insert(name, Event { chance, course, loads, class, span: fields.span.clone() });
        }
    }
    events
}

/// How an event comes and fades.
fn course(fields: &Fields<'_>, on: Date, findings: &mut Findings) -> Option<Course> {
    let onset = fields.optional("onset", findings, Field::duration).ok()?;
    let until = fields.optional("until", findings, Field::date).ok()?;
    let recovery = fields.optional("recovery", findings, Field::duration).ok()?;
    Course::new(on, onset, until, recovery)
        .map_err(|error| {
            let text = error.to_string();
            let (wrong, help) = text.split_once("; ").unwrap_or((&text, "change its dates"));
            fields.error(findings, format_args!("will not do: it {wrong}"), help);
        })
        .ok()
}

/// What events end early in this contract; `persons` is whether it asks for single persons.
pub(super) fn stops(
    top: &Fields<'_>,
    events: &BTreeMap<Name, Event>,
    persons: bool,
    findings: &mut Findings,
) -> Vec<Stop> {
    let mut found = Vec::new();
    // What is wrong with the tables themselves was said when the events were read.
    for (name, fields) in tables(top, "event", &words::EVENT, &mut Findings::default()) {
        let Some(field) = fields.get("stops") else { continue };
        let what = field.word(&choices::STOPS, findings);
        if persons {
            let help = "say it by terms that wait for a test with `none` of the event";
            field.error(findings, "cannot end a contract that asks for single persons", help);
        }
        let event = events.iter().find(|(known, _)| known.as_str() == name);
        if let (Some(what), Some((name, event))) = (what, event) {
            found.push(Stop { event: name.clone(), on: event.course.on(), what: what.to_vec() });
        }
    }
    found.sort_by(|a, b| a.event.cmp(&b.event));
    found
}

/// An event before the contract begins hits all of it; one after its end would hit nothing.
fn on(field: &Field<'_>, ends: Option<Date>, findings: &mut Findings) -> Option<Date> {
    let date = field.date(findings)?;
    if let Some(ends) = ends.filter(|ends| date > *ends) {
        field.error(
            findings,
            format_args!("is {date}, after the contract ends on {ends}"),
            "it would change nothing",
        );
        return None;
    }
    Some(date)
}

pub(super) fn chance(field: &Field<'_>, findings: &mut Findings) -> Option<f64> {
    let share = field.share(findings)?;
    Some(*share.numer() as f64 / *share.denom() as f64)
}

pub(super) fn class(fields: &Fields<'_>, usual: Class, findings: &mut Findings) -> Class {
    fields.get("class").and_then(|field| field.word(&choices::CLASSES, findings)).unwrap_or(usual)
}

/// Loadings on factors, ascending, each in −1 to 1, squares adding up to at most 1.
pub(super) fn loads(
    fields: &Fields<'_>,
    factors: &BTreeMap<Name, Factor>,
    findings: &mut Findings,
) -> Vec<(Name, f64)> {
    let Some(field) = fields.get("loads") else { return Vec::new() };
    let Some(entries) = field.entries("loads = { works = 0.6 }", findings) else { return Vec::new() };
    let mut loads = Vec::new();
    for (span, name, loading) in entries {
        let names = factors.keys().map(|name| (name.as_str(), name));
        let factor = known((&field.what, span), name, "factor", names, findings);
        let Some(value) = loading.plain(findings) else { continue };
        if !(-1.0..=1.0).contains(&value) {
            loading.error(
                findings,
                format_args!("is {value}"),
                "a loading lies between -1 and 1, for example 0.6",
            );
        } else if let Some(factor) = factor {
            loads.push((factor.clone(), value));
        }
    }
    let squares: f64 = loads.iter().map(|(_, loading)| loading * loading).sum();
    if squares > 1.0 + 1e-12 {
        let help = "the squares of loadings may add up to 1 at most; what is left is the input's own";
        field.error(
            findings,
            format_args!("is more than everything: the squares add up to {squares:.4}"),
            help,
        );
    }
    loads
}
