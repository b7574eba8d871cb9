//! Cases: named, non-random courses of the contract, such as the plan.

use std::collections::BTreeMap;

use super::inputs::range_of;
use super::measured::People;
use super::{checked_name, tables};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Case, Event, Input};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::suggest;
use crate::scenario::words::plain;

/// What a case may set.
pub(super) struct Around<'a> {
    pub(super) inputs: &'a [Input],
    pub(super) events: &'a BTreeMap<Name, Event>,
    pub(super) people: People<'a>,
    /// The names of outcomes that were reported.
    pub(super) failed: &'a [String],
}

pub(super) fn cases(top: &Fields<'_>, around: &Around<'_>, findings: &mut Findings) -> BTreeMap<Name, Case> {
    let mut ranges = Vec::with_capacity(around.inputs.len());
    for input in around.inputs {
        ranges.push(range_of(&input.kind, &ranges));
    }
    let Some(entry) = top.table.get("case") else { return BTreeMap::new() };
    // The words of a case are names of inputs, events and outcomes, so every word that is there is let through.
    let Value::Table(all) = &entry.item.value else {
        tables(top, "case", &plain(&[]), findings);
        return BTreeMap::new();
    };
    let mut cases = BTreeMap::new();
    for (text, entry) in all.iter() {
        let Value::Table(table) = &entry.item.value else {
            let title = format!("case `{text}` must be a table, not {}", entry.item.value.kind());
            findings.push(
                Diagnostic::error(entry.key.clone(), title)
                    .label("here")
                    .help("write `[case.plan]` and `input = value` below"),
            );
            continue;
        };
        let fields =
            Fields { table, what: format!("case `{text}`"), span: entry.key.clone(), strays: Vec::new() };
        let case = case(&fields, around, &ranges, findings);
        if let Some(name) = checked_name(&fields, text, findings) {
            cases.insert(name, case);
        }
    }
    cases
}

/// Everything one case sets.
fn case(fields: &Fields<'_>, around: &Around<'_>, ranges: &[(f64, f64)], findings: &mut Findings) -> Case {
    let mut case = Case::default();
    for (name, entry) in fields.table.iter() {
        let field = Field { item: &entry.item, what: format!("`{name}` of {}", fields.what) };
        let event = around.events.keys().find(|event| event.as_str() == name);
        let input = around.inputs.iter().position(|input| input.name.as_str() == name);
        match (event, input) {
            (Some(event), _) if happens(&field, findings) => case.events.push(event.clone()),
            (Some(_), _) => {}
            (_, Some(index)) => {
                if let Some(value) = value(&field, ranges[index], findings) {
                    case.inputs.insert(index, value);
                }
            }
            _ if around.people.set(name, &field, &mut case, findings) => {}
            _ if around.failed.iter().any(|failed| failed == name) => {}
            _ => {
                let inputs = around.inputs.iter().map(|input| input.name.as_str());
                let names = inputs.chain(around.events.keys().map(Name::as_str)).chain(around.people.names());
                let title = format!("{} sets `{name}`, which is no input, event or outcome", fields.what);
                let help = suggest::help(name, names);
                findings.push(Diagnostic::error(entry.key.clone(), title).label("unknown").maybe_help(help));
            }
        }
    }
    around.people.warn_of_more_than_there_are(fields, &case, findings);
    case
}

fn happens(field: &Field<'_>, findings: &mut Findings) -> bool {
    match &field.item.value {
        Value::Flag(flag) => *flag,
        Value::Number(number) if number.scaled(0) == Some(0) => false,
        Value::Number(number) if number.scaled(0) == Some(1) => true,
        Value::Broken => false,
        _ => {
            field.error(findings, "is an event: it happens or not", "write `true` or `false`");
            false
        }
    }
}

fn value(field: &Field<'_>, (low, high): (f64, f64), findings: &mut Findings) -> Option<f64> {
    let value = field.plain(findings)?;
    if value >= low && value <= high {
        return Some(value);
    }
    if (low, high) == (0.0, 1.0) {
        field.not_a_share(findings);
    } else {
        field.error(findings, format_args!("is {value}"), format!("the input lies between {low} and {high}"));
    }
    None
}
