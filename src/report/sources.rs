//! What each clause of a document became in a scenario, and every number that no document states.

use std::cmp::Ordering;

use super::profile::Profile;
use super::sheet::Sheet;
use crate::scenario::model::Scenario;
use crate::scenario::register::{Class, Entry};

/// The header of the file.
const HEADER: [&str; 11] = [
    "document",
    "title",
    "clause",
    "says",
    "investment",
    "number",
    "value",
    "kind",
    "file",
    "line",
    "column",
];

/// Documents first, what nothing is said of last.
pub(crate) const ORDER: [Class; 4] = [Class::Stated, Class::Derived, Class::Assumed, Class::None];

/// A number or date, and where it comes from.
#[derive(Debug)]
pub(crate) struct Sourced<'s> {
    pub(crate) entry: &'s Entry,
    /// The id of its document among all of the scenario; empty without one.
    pub(crate) document: String,
    /// What the document is.
    pub(crate) title: &'s str,
    /// The file, relative to that of the scenario.
    pub(crate) file: String,
    pub(crate) line: usize,
    column: usize,
}

/// All numbers and dates: those that documents state by document and clause, then the derived, the assumed and those without
/// a source, each in the order of the files.
#[must_use]
pub(crate) fn sourced(scenario: &Scenario) -> Vec<Sourced<'_>> {
    let mut all: Vec<_> = scenario.register.entries().iter().map(|entry| of(scenario, entry)).collect();
    let place = |class: Class| ORDER.iter().position(|other| *other == class);
    all.sort_by(|a, b| {
        let clause = |sourced: &Sourced<'_>| sourced.entry.clause.clone().unwrap_or_default();
        place(a.entry.class)
            .cmp(&place(b.entry.class))
            .then_with(|| a.document.cmp(&b.document))
            .then_with(|| in_order(&clause(a), &clause(b)))
            .then_with(|| a.entry.span.start.cmp(&b.entry.span.start))
    });
    all
}

fn of<'s>(scenario: &'s Scenario, entry: &'s Entry) -> Sourced<'s> {
    let id = entry.document.as_deref().unwrap_or_default();
    // Where two contracts mean different documents by one id, the second is kept under its contract.
    let own = entry.investment.as_ref().map(|investment| format!("{investment}/{id}"));
    let document = own.filter(|own| scenario.documents.contains_key(own)).unwrap_or_else(|| id.to_owned());
    let title = scenario.documents.get(&document).map_or("", String::as_str);
    let place = scenario.sources.place(&entry.span);
    Sourced { entry, document, title, file: place.file, line: place.line, column: place.column }
}

/// Texts with their numbers as numbers: clause 4.2 before clause 4.10.
fn in_order(a: &str, b: &str) -> Ordering {
    let key = |text: &str| -> Vec<(String, u64)> {
        let mut parts = vec![(String::new(), 0_u64)];
        for letter in text.chars() {
            let last = parts.len() - 1;
            match letter.to_digit(10) {
                Some(digit) => parts[last].1 = parts[last].1.saturating_mul(10).saturating_add(digit.into()),
                None if parts[last].1 > 0 => parts.push((letter.to_string(), 0)),
                None => parts[last].0.push(letter),
            }
        }
        parts
    };
    key(a).cmp(&key(b)).then_with(|| a.cmp(b))
}

/// What a file of sources begins with.
///
/// # Errors
/// Only when memory runs out.
pub fn mark(profile: Profile) -> csv::Result<Vec<u8>> {
    Ok(Sheet::new(profile, &HEADER)?.finish())
}

/// Writes the file, a number or date a row.
///
/// # Errors
/// Only when memory runs out.
pub fn sources(scenario: &Scenario, profile: Profile) -> csv::Result<Vec<u8>> {
    let mut sheet = Sheet::new(profile, &HEADER)?;
    for sourced in sourced(scenario) {
        let Sourced { entry, document, title, file, line, column } = &sourced;
        let investment = entry.investment.as_ref().map_or_else(|| "all".to_owned(), ToString::to_string);
        let clause = entry.clause.as_deref().unwrap_or_default();
        let texts =
            sheet.encode(&[document.as_str(), title, clause, &entry.reason, &investment, &entry.path])?;
        sheet.begin(&texts);
        match entry.value.parse::<f64>().ok().filter(|number| number.is_finite()) {
            Some(number) => sheet.number(number),
            None => sheet.texts(&sheet.encode(&[&entry.value])?),
        }
        let kind = if entry.class == Class::None { "none" } else { entry.class.word() };
        let place = sheet.encode(&[kind, file, &line.to_string(), &column.to_string()])?;
        sheet.texts(&place);
        sheet.end();
    }
    Ok(sheet.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clauses_are_in_the_order_of_their_numbers() {
        let mut clauses = ["§ 10", "annex 2", "§ 4.10", "", "§ 4.2", "§ 4"];
        clauses.sort_by(|a, b| in_order(a, b));
        assert_eq!(clauses, ["", "annex 2", "§ 4", "§ 4.2", "§ 4.10", "§ 10"]);
    }
}
