//! What each clause became in a scenario, by document; then what is derived, assumed, and without a source.

use super::layout::{paragraph, prose_first, safe};
use crate::report::sources::{ORDER, Sourced, sourced};
use crate::report::text::Language;
use crate::scenario::model::Scenario;
use crate::scenario::register::Class;

/// The tables, ending in a line break.
#[must_use]
pub fn sources(scenario: &Scenario, language: Language) -> String {
    let words = language.sources();
    let all = sourced(scenario);
    let several = scenario.investments.len() > 1;
    let counts = ORDER.map(|class| scenario.register.count(class));
    let mut text = paragraph(&language.sources_counted(counts));
    if counts[0] == 0 {
        text.push_str(&paragraph(words.no_document));
    }
    let stated: Vec<_> = all.iter().filter(|sourced| sourced.entry.class == Class::Stated).collect();
    for of_one in stated.chunk_by(|a, b| a.document == b.document) {
        let Sourced { document, title, .. } = of_one[0];
        text.push_str(&format!("\n{}", paragraph(&format!("{}: {}", safe(document), safe(title)))));
        text.push_str(&of_document(of_one, several, language));
    }
    for (class, title) in
        [(Class::Derived, words.derived), (Class::Assumed, words.assumed), (Class::None, words.none)]
    {
        let of: Vec<_> = all.iter().filter(|sourced| sourced.entry.class == class).collect();
        if !of.is_empty() {
            text.push_str(&format!("\n{}{}", paragraph(title), unstated(&of, several, language)));
        }
    }
    text
}

/// What a document says, with a column of clauses where it names some.
fn of_document(of: &[&Sourced<'_>], several: bool, language: Language) -> String {
    let words = language.sources();
    let clauses = of.iter().any(|sourced| sourced.entry.clause.is_some());
    let mut header = vec![words.says, words.number, words.value, words.line];
    if clauses {
        header.insert(0, words.clause);
    }
    let mut before = None;
    let rows = of.iter().map(|sourced| {
        let entry = sourced.entry;
        // A clause that several numbers come from is told once.
        let said = (&entry.clause, &entry.reason);
        let again = before.replace(said) == Some(said);
        let text = |text: &str| if again { String::new() } else { safe(text) };
        let mut row = vec![text(&entry.reason)];
        if clauses {
            row.insert(0, text(entry.clause.as_deref().unwrap_or_default()));
        }
        row.extend(number(sourced, several));
        row
    });
    prose_first(header.into_iter().map(str::to_owned).collect(), rows.collect())
}

/// Numbers that no document states, with their reasons where there are some.
fn unstated(of: &[&Sourced<'_>], several: bool, language: Language) -> String {
    let words = language.sources();
    let reasons = of.iter().any(|sourced| !sourced.entry.reason.is_empty());
    let mut header = vec![words.number, words.value, words.line];
    if reasons {
        header.insert(0, words.why);
    }
    let mut before = None;
    let rows = of.iter().map(|sourced| {
        let reason = &sourced.entry.reason;
        let again = before.replace(reason) == Some(reason);
        let why = if again { String::new() } else { safe(reason) };
        reasons.then_some(why).into_iter().chain(number(sourced, several)).collect()
    });
    prose_first(header.into_iter().map(str::to_owned).collect(), rows.collect())
}

/// The number, its value, and where it stands.
fn number(sourced: &Sourced<'_>, several: bool) -> [String; 3] {
    let entry = sourced.entry;
    let of = entry.investment.as_ref().filter(|_| several);
    let of = of.map_or_else(String::new, |investment| format!("{investment}."));
    [
        over_lines(&safe(&format!("{of}{}", entry.path))),
        safe(&entry.value),
        safe(&format!("{}:{}", sourced.file, sourced.line)),
    ]
}

/// The widest part of a path that stands in one line, if it has parts.
const WIDEST: usize = 30;

/// A path over several lines, broken before a point.
fn over_lines(path: &str) -> String {
    let mut text = String::new();
    let mut width = 0;
    for (index, part) in path.split('.').enumerate() {
        let letters = part.chars().count() + usize::from(index > 0);
        if index > 0 && width + letters > WIDEST {
            text.push('\n');
            width = 0;
        }
        if index > 0 {
            text.push('.');
        }
        text.push_str(part);
        width += letters;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_break_before_points() {
        assert_eq!(over_lines("term.job.price"), "term.job.price");
        assert_eq!(
            over_lines("social-referrals.input.enrolled_people.pert.mode"),
            "social-referrals.input\n.enrolled_people.pert.mode"
        );
    }
}
