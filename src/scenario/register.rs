//! Where every number of a scenario comes from: stated in a document, derived from others, or assumed.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::diagnose::{Diagnostic, Findings};
use super::model::Span;
use super::name::Id;
use super::raw::{Entry as TableEntry, Item, Table, Value};
use super::suggest;
use super::value;

/// What stands behind a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A document says it.
    Stated,
    /// It follows from other numbers.
    Derived,
    /// It is a judgement.
    Assumed,
    /// Nothing is said: an assumption without a reason.
    None,
}

impl Class {
    const WORDS: [(&'static str, Self); 3] =
        [("stated", Self::Stated), ("derived", Self::Derived), ("assumed", Self::Assumed)];

    /// The word in the file; "assumed" when none is given.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Derived => "derived",
            Self::Assumed | Self::None => "assumed",
        }
    }
}

/// One number or date of the scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The investment; `None` in a portfolio's own file.
    pub investment: Option<Id>,
    /// Its path, such as `term.municipal.price`; parts of lists are counted from 1.
    pub path: String,
    /// As written, without grouping.
    pub value: String,
    /// What stands behind it.
    pub class: Class,
    /// The text of the source, without the document it begins with; "no reason given" is empty.
    pub reason: String,
    /// The document of a stated number.
    pub document: Option<String>,
    /// Where in the document: a clause, an annex, a page, a table. As written.
    pub clause: Option<String>,
    /// Where it stands.
    pub span: Span,
}

impl Entry {
    /// The document of a stated number, with where in it: `s1`, or `s1 annex 2`.
    #[must_use]
    pub fn cited(&self) -> Option<String> {
        let document = self.document.as_deref()?;
        let clause = self.clause.as_deref().map(|clause| format!(" {clause}"));
        Some(format!("{document}{}", clause.unwrap_or_default()))
    }
}

/// All numbers and dates of a scenario, by investment and path.
#[derive(Clone, Debug, Default)]
pub struct Register {
    entries: Vec<Entry>,
}

impl Register {
    /// The entries, in ascending order of investment and then in the order of the file's tables.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// How many numbers are of a class.
    #[must_use]
    pub fn count(&self, class: Class) -> usize {
        self.entries.iter().filter(|entry| entry.class == class).count()
    }

    pub(crate) fn extend(&mut self, entries: Vec<Entry>) {
        self.entries.extend(entries);
    }

    /// Puts entries in order of investment; those of one stay in the order of its tables.
    pub(crate) fn sort(&mut self) {
        self.entries.sort_by(|a, b| a.investment.cmp(&b.investment));
    }
}

/// A source as written.
#[derive(Debug)]
pub(crate) struct Note {
    class: Class,
    reason: String,
    document: Option<(String, Span)>,
    clause: Option<String>,
}

/// Sources of numbers by the place of the number. Places survive the merging of files, so a number that a variant
/// changes loses the source of its base.
#[derive(Debug, Default)]
pub(crate) struct Notes(BTreeMap<usize, Rc<Note>>);

impl Notes {
    /// Takes the sources of one file out of its tree.
    pub(crate) fn take(&mut self, tree: &mut Table, findings: &mut Findings) {
        self.table(tree, None, "this file", 0, findings);
    }

    fn table(
        &mut self,
        table: &mut Table,
        outer: Option<&Rc<Note>>,
        what: &str,
        depth: usize,
        findings: &mut Findings,
    ) {
        let sources = Sources::take(table, what, findings);
        let default = sources.default.as_ref().or(outer);
        for (key, entry) in &mut table.0 {
            // Documents are names of texts, not numbers; one of them may be called anything.
            if depth == 0 && key == "documents" {
                continue;
            }
            let note = sources.own.get(key).or(default);
            self.item(&mut entry.item, note, &format!("`{key}`"), depth + 1, findings);
        }
    }

    fn item(
        &mut self,
        item: &mut Item,
        note: Option<&Rc<Note>>,
        what: &str,
        depth: usize,
        findings: &mut Findings,
    ) {
        match &mut item.value {
            Value::Table(table) => self.table(table, note, what, depth, findings),
            Value::List(items) => {
                for item in items {
                    self.item(item, note, what, depth, findings);
                }
            }
            _ => {
                if let Some(note) = note {
                    self.0.insert(item.span.start, Rc::clone(note));
                }
            }
        }
    }

    /// Every number and date of a merged tree with its source; stated ones must name a document that exists.
    pub(crate) fn entries(
        &self,
        tree: &Table,
        investment: Option<&Id>,
        findings: &mut Findings,
    ) -> Vec<Entry> {
        let mut walk = Walk { notes: self, investment, entries: Vec::new() };
        for (key, entry) in tree.iter().filter(|(key, _)| !ABOUT_THE_FILE.contains(key)) {
            walk.item(key.to_owned(), &entry.item);
        }
        let documents = tree.item("documents");
        let known: Vec<&str> = match documents.map(|item| &item.value) {
            Some(Value::Table(table)) => table.keys().collect(),
            _ => Vec::new(),
        };
        self.check_documents(&walk.entries, &known, findings);
        walk.entries
    }

    fn check_documents(&self, entries: &[Entry], known: &[&str], findings: &mut Findings) {
        let used = entries.iter().filter_map(|entry| self.0.get(&entry.span.start)?.document.as_ref());
        let missing: BTreeMap<usize, &(String, Span)> = used
            .filter(|(id, _)| !known.contains(&id.as_str()))
            .map(|found| (found.1.start, found))
            .collect();
        for (id, span) in missing.into_values() {
            let help = suggest::help(id, known.iter().copied())
                .unwrap_or_else(|| format!("add it: [documents] and `{id} = \"title, date, page\"`"));
            findings.push(
                Diagnostic::error(
                    span.clone(),
                    format!("`stated` names a document `{id}` that is not in [documents]"),
                )
                .label("begins with the id of a document: \"s2: 1.0 m kr.\"")
                .help(help),
            );
        }
    }
}

/// What says how the file is read, not what the contract is.
const ABOUT_THE_FILE: [&str; 11] = [
    "udfald",
    "ids",
    "as_of",
    "budget_years",
    "price_level",
    "documents",
    "base",
    "remove",
    "include",
    "investment",
    "portfolio",
];

struct Walk<'a> {
    notes: &'a Notes,
    investment: Option<&'a Id>,
    entries: Vec<Entry>,
}

impl Walk<'_> {
    fn item(&mut self, path: String, item: &Item) {
        let written = match &item.value {
            Value::Number(number) => number.to_string(),
            Value::Date(date) => date.to_string(),
            Value::Text(text) if value::fraction(text).is_some() => text.clone(),
            Value::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(format!("{path}.{}", index + 1), item);
                }
                return;
            }
            Value::Table(table) => {
                for (key, TableEntry { item, .. }) in table.iter().filter(|(key, _)| *key != "ids") {
                    self.item(format!("{path}.{key}"), item);
                }
                return;
            }
            _ => return,
        };
        let note = self.notes.0.get(&item.span.start);
        self.entries.push(Entry {
            investment: self.investment.cloned(),
            path,
            value: written,
            class: note.map_or(Class::None, |note| note.class),
            reason: note.map_or_else(String::new, |note| note.reason.clone()),
            document: note.and_then(|note| Some(note.document.as_ref()?.0.clone())),
            clause: note.and_then(|note| note.clause.clone()),
            span: item.span.clone(),
        });
    }
}

/// The source words of one table.
#[derive(Default)]
struct Sources {
    default: Option<Rc<Note>>,
    own: BTreeMap<String, Rc<Note>>,
}

impl Sources {
    fn take(table: &mut Table, what: &str, findings: &mut Findings) -> Self {
        let mut sources = Self::default();
        for (word, class) in Class::WORDS {
            let Some(TableEntry { key, item }) = table.0.remove(word) else { continue };
            match item.value {
                Value::Text(text) => sources.for_all(&text, class, &item.span, what, findings),
                Value::Table(keys) => {
                    for (name, entry) in keys.0 {
                        sources.own(&name, entry, class, table, what, findings);
                    }
                }
                Value::Broken => {}
                _ => findings.push(
                    Diagnostic::error(
                        item.span,
                        format!("`{word}` in {what} must be a text or a table of texts"),
                    )
                    .label("this value")
                    .help(format!("`{word} = \"reason\"`, or `{word} = {{ key = \"reason\" }}`")),
                ),
            }
            let _ = key;
        }
        sources
    }

    fn for_all(&mut self, text: &str, class: Class, span: &Span, what: &str, findings: &mut Findings) {
        if let Some(first) = &self.default {
            let title = format!(
                "{what} has two sources for all its numbers, `{}` and `{}`",
                first.class.word(),
                class.word()
            );
            findings.push(
                Diagnostic::error(span.clone(), title)
                    .label("the second")
                    .help(format!("name the numbers it is about: `{} = {{ key = \"...\" }}`", class.word())),
            );
            return;
        }
        self.default = note(text, class, span, findings);
    }

    fn own(
        &mut self,
        name: &str,
        entry: TableEntry,
        class: Class,
        table: &Table,
        what: &str,
        findings: &mut Findings,
    ) {
        let Value::Text(text) = &entry.item.value else {
            let title = format!("the source of `{name}` in {what} must be a text");
            findings.push(
                Diagnostic::error(entry.item.span, title)
                    .label("this value")
                    .help("write the reason in quotes"),
            );
            return;
        };
        if table.get(name).is_none() {
            let words: Vec<&str> = table.keys().collect();
            let help = suggest::nearest(name, words.iter().copied())
                .map_or("a source stands in the same table and file as its number".to_owned(), |near| {
                    format!("did you mean `{near}`?")
                });
            let title = format!("`{}` names `{name}`, which {what} does not have", class.word());
            findings.push(Diagnostic::error(entry.key, title).label("no such key here").help(help));
            return;
        }
        if let Some(first) = self.own.get(name) {
            let title = format!("`{name}` in {what} is both `{}` and `{}`", first.class.word(), class.word());
            findings.push(
                Diagnostic::error(entry.key, title)
                    .label("the second source")
                    .help("a number has one source"),
            );
            return;
        }
        if let Some(note) = note(text, class, &entry.item.span, findings) {
            self.own.insert(name.to_owned(), note);
        }
    }
}

fn note(text: &str, class: Class, span: &Span, findings: &mut Findings) -> Option<Rc<Note>> {
    let text = text.trim();
    if text.is_empty() {
        let title = format!("an empty `{}` says nothing", class.word());
        findings.push(
            Diagnostic::error(span.clone(), title)
                .label("this text")
                .help("write the reason, or leave it out"),
        );
        return None;
    }
    if class != Class::Stated {
        return Some(Rc::new(Note { class, reason: text.to_owned(), document: None, clause: None }));
    }
    let end = text.find([':', ' ', ',']).unwrap_or(text.len());
    let (clause, reason) = clause(text[end..].trim_start_matches([' ', ',']));
    let document = Some((text[..end].to_owned(), span.clone()));
    Some(Rc::new(Note { class, reason: reason.to_owned(), document, clause: clause.map(str::to_owned) }))
}

/// What stands between the id of a document and the first colon is where in the document, unless it begins to quote it.
fn clause(text: &str) -> (Option<&str>, &str) {
    let found = text.split_once(':').map(|(clause, says)| (clause.trim(), says));
    let found = found.filter(|(clause, _)| !clause.contains('"'));
    let (clause, says) = found.unwrap_or(("", text));
    let clause = Some(clause).filter(|clause| !clause.is_empty());
    (clause, says.trim_start_matches([':', ' ', ',']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(text: &str) -> (String, Option<String>, String) {
        let note = note(text, Class::Stated, &(0..0), &mut Findings::default()).unwrap();
        let note = Rc::into_inner(note).unwrap();
        (note.document.unwrap().0, note.clause, note.reason)
    }

    #[test]
    fn a_stated_text_names_document_and_clause_and_says_something() {
        let of = |text: &str| {
            let (document, clause, says) = noted(text);
            format!("{document}|{}|{says}", clause.unwrap_or_default())
        };
        assert_eq!(of("s1"), "s1||");
        assert_eq!(of("s1: annex 2"), "s1||annex 2");
        assert_eq!(of("s1, annex 2"), "s1||annex 2");
        assert_eq!(of("s1 § 4, stk. 2: the price"), "s1|§ 4, stk. 2|the price");
        assert_eq!(of("s1 annex 2:"), "s1|annex 2|");
        assert_eq!(of("s1: the ceiling: 1.0 m"), "s1||the ceiling: 1.0 m");
        assert_eq!(of("s1 \"so: thus\""), "s1||\"so: thus\"");
    }
}
