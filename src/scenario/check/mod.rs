//! From what was typed to what it means: one file for each kind of table.

mod budgets;
mod cases;
mod cohort;
mod conditions;
mod correlations;
mod distribution;
mod events;
mod evidence;
mod funds;
mod ids;
mod indexes;
mod inputs;
mod investment;
mod limits;
mod measured;
mod multipliers;
mod order;
mod outcomes;
mod parties;
mod payment;
mod persons;
mod portfolio;
mod price;
mod readings;
mod shifts;
mod terms;

pub(crate) use portfolio::scenario;

use super::diagnose::{Diagnostic, Findings};
use super::model::Span;
use super::name::{Id, Name};
use super::raw::Value;
use super::read::Fields;
use super::suggest;
use super::words::Words;

/// No contract has more of a kind; a file with more is not one, and comparing each with each would take its time.
const MOST_OF_A_KIND: usize = 2000;

/// The tables by id of one kind, such as all of `[term]`, with their words checked.
fn tables<'a>(
    top: &Fields<'a>,
    kind: &str,
    words: &Words,
    findings: &mut Findings,
) -> Vec<(&'a str, Fields<'a>)> {
    let Some(entry) = top.table.get(kind) else { return Vec::new() };
    let table = match &entry.item.value {
        Value::Table(table) => table,
        Value::Broken => return Vec::new(),
        other => {
            let title = format!("[{kind}] must hold tables by id, not {}", other.kind());
            let help = format!("write `[{kind}.some-id]`; lists, `[[{kind}]]`, have no ids");
            findings.push(Diagnostic::error(entry.key.clone(), title).label("here").help(help));
            return Vec::new();
        }
    };
    if table.0.len() > MOST_OF_A_KIND {
        let title = format!("[{kind}] holds {} tables; {MOST_OF_A_KIND} are allowed", table.0.len());
        let help = "divide the contract into several files, and include them in a portfolio";
        findings.push(Diagnostic::error(entry.key.clone(), title).label("here").help(help));
        return Vec::new();
    }
    let mut found = Vec::new();
    for (id, entry) in table.iter() {
        match &entry.item.value {
            Value::Table(inner) => {
                found.push((
                    id,
                    Fields::open(inner, format!("{kind} `{id}`"), entry.key.clone(), words, findings),
                ));
            }
            Value::Broken => {}
            other => {
                let title = format!("{kind} `{id}` must be a table, not {}", other.kind());
                let help =
                    format!("write `[{kind}.{id}]` and its words below, or `{id} = {{ ... }}` in [{kind}]");
                findings.push(Diagnostic::error(entry.key.clone(), title).label("here").help(help));
            }
        }
    }
    found
}

fn checked_id(fields: &Fields<'_>, id: &str, findings: &mut Findings) -> Option<Id> {
    Id::new(id)
        .map_err(|error| {
            findings.push(
                Diagnostic::error(fields.span.clone(), error.to_string()).label("this id").help(error.help()),
            );
        })
        .ok()
}

fn checked_name(fields: &Fields<'_>, name: &str, findings: &mut Findings) -> Option<Name> {
    Name::new(name)
        .map_err(|error| {
            findings.push(
                Diagnostic::error(fields.span.clone(), error.to_string())
                    .label("this name")
                    .help(error.help()),
            );
        })
        .ok()
}

/// Finds what a text names among known ids; reports it otherwise.
fn known<'k, T>(
    (what, span): (&str, Span),
    text: &str,
    kind: &str,
    mut all: impl Iterator<Item = (&'k str, T)> + Clone,
    findings: &mut Findings,
) -> Option<T> {
    let names = all.clone().map(|(name, _)| name);
    let found = all.find(|(name, _)| *name == text).map(|(_, found)| found);
    if found.is_none() {
        let help = suggest::help(text, names)
            .unwrap_or_else(|| format!("the file has none yet; add [{kind}.some_name]"));
        let title = format!("{what} names `{text}`, which is no {kind}");
        findings.push(Diagnostic::error(span, title).label("unknown").help(help));
    }
    found
}
