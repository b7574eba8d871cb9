//! Reads values of the tree as what they are meant to be, or says what is wrong and what to type instead.

mod numbers;

use std::str::FromStr;

use jiff::civil::Date;

pub(crate) use numbers::shares;

use super::diagnose::{Diagnostic, Findings};
use super::model::Span;
use super::name::Id;
use super::raw::{Item, Table, Value};
use super::suggest;
use super::words::Words;
use crate::contract::schedule::Duration;

/// A value with the words that name it in messages, such as "`price` of term `health`".
#[derive(Clone, Debug)]
pub(crate) struct Field<'a> {
    pub(crate) item: &'a Item,
    pub(crate) what: String,
}

/// A table whose words were checked.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    pub(crate) table: &'a Table,
    /// Such as "term `health`".
    pub(crate) what: String,
    /// Where its name stands.
    pub(crate) span: Span,
    /// Words that do not belong here and were reported.
    pub(crate) strays: Vec<&'a str>,
}

/// A mistake that was reported; its details are among the findings.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reported;

impl<'a> Fields<'a> {
    /// Opens a table, reporting every word that does not belong in it.
    pub(crate) fn open(
        table: &'a Table,
        what: impl Into<String>,
        span: Span,
        words: &Words,
        findings: &mut Findings,
    ) -> Self {
        let what = what.into();
        let mut strays = Vec::new();
        for (key, entry) in table.iter().filter(|(key, _)| !words.now.contains(key)) {
            strays.push(key);
            let reserved = words.reserved.iter().find(|(word, _)| *word == key);
            findings.push(match reserved {
                Some((_, nearest)) => {
                    Diagnostic::error(entry.key.clone(), format!("`{key}` of {what} is not built yet"))
                        .label("a word reserved for later")
                        .help(format!("nearest: {nearest}"))
                }
                None => Diagnostic::error(entry.key.clone(), format!("`{key}` is no word of {what}"))
                    .label("unknown")
                    .maybe_help(suggest::help(key, words.now.iter().copied())),
            });
        }
        Self { table, what, span, strays }
    }

    pub(crate) fn get(&self, key: &str) -> Option<Field<'a>> {
        let item = self.table.item(key)?;
        Some(Field { item, what: format!("`{key}` of {}", self.what) })
    }

    /// A word that may be said, read by `read`, whose `None` means that it could not.
    pub(crate) fn optional<T>(
        &self,
        key: &str,
        findings: &mut Findings,
        read: impl FnOnce(&Field<'a>, &mut Findings) -> Option<T>,
    ) -> Result<Option<T>, Reported> {
        self.get(key).map(|field| read(&field, findings).ok_or(Reported)).transpose()
    }

    /// A word that must be said.
    pub(crate) fn need(&self, key: &str, example: &str, findings: &mut Findings) -> Option<Field<'a>> {
        let field = self.get(key);
        // A misspelt word was reported; that the right one is missing is the same mistake.
        if field.is_none() && suggest::nearest(key, self.strays.iter().copied()).is_none() {
            let title = format!("{} has no `{key}`", self.what);
            findings.push(
                Diagnostic::error(self.span.clone(), title)
                    .label("here")
                    .help(format!("write for example `{example}`")),
            );
        }
        field
    }

    /// The one word of several that is said.
    pub(crate) fn one_of(
        &self,
        words: &[&'static str],
        findings: &mut Findings,
    ) -> Option<(&'static str, Field<'a>)> {
        let mut found = words.iter().filter_map(|word| Some((*word, self.get(word)?)));
        let first = found.next()?;
        for (word, field) in found {
            let title = format!("{} says both `{}` and `{word}`", self.what, first.0);
            findings.push(
                Diagnostic::error(field.item.span.clone(), title)
                    .label("the second")
                    .help("keep one of them"),
            );
        }
        Some(first)
    }

    /// Reports what a table lacks, unless a word in it is unknown: that may be meant as what is lacking.
    pub(crate) fn lacks(&self, findings: &mut Findings, title: &str, help: impl Into<String>) {
        if self.strays.is_empty() {
            self.error(findings, title, help);
        }
    }

    pub(crate) fn error(
        &self,
        findings: &mut Findings,
        title: impl std::fmt::Display,
        help: impl Into<String>,
    ) {
        let title = format!("{} {title}", self.what);
        findings.push(Diagnostic::error(self.span.clone(), title).label("here").help(help));
    }
}

impl<'a> Field<'a> {
    pub(crate) fn span(&self) -> Span {
        self.item.span.clone()
    }

    /// Reports that the value will not do.
    pub(crate) fn error(
        &self,
        findings: &mut Findings,
        title: impl std::fmt::Display,
        help: impl Into<String>,
    ) {
        let title = format!("{} {title}", self.what);
        findings.push(Diagnostic::error(self.span(), title).label("this value").help(help));
    }

    fn expected(&self, findings: &mut Findings, wanted: &str, example: &str) {
        if !matches!(self.item.value, Value::Broken) {
            let title = format!("must be {wanted}, not {}", self.item.value.kind());
            self.error(findings, title, format!("write for example `{example}`"));
        }
    }

    pub(crate) fn text(&self, findings: &mut Findings) -> Option<&'a str> {
        if let Value::Text(text) = &self.item.value {
            Some(text)
        } else {
            self.expected(findings, "a text", "\"...\"");
            None
        }
    }

    pub(crate) fn flag(&self, findings: &mut Findings) -> Option<bool> {
        if let Value::Flag(flag) = self.item.value {
            Some(flag)
        } else {
            self.expected(findings, "true or false", "true");
            None
        }
    }

    pub(crate) fn date(&self, findings: &mut Findings) -> Option<Date> {
        match &self.item.value {
            Value::Date(date) => Some(*date),
            Value::Text(text) => {
                self.error(
                    findings,
                    format_args!("is a text, `{text}`"),
                    "dates stand without quotes: 2028-06-30",
                );
                None
            }
            _ => {
                self.expected(findings, "a date", "2028-06-30");
                None
            }
        }
    }

    pub(crate) fn duration(&self, findings: &mut Findings) -> Option<Duration> {
        if let Value::Text(text) = &self.item.value {
            parsed(text, self, findings)
        } else {
            self.expected(findings, "a duration", "\"6 months\"");
            None
        }
    }

    pub(crate) fn year(&self, findings: &mut Findings) -> Option<i16> {
        let number = self.decimal(findings)?;
        let year = number.scaled(0).and_then(|n| i16::try_from(n).ok()).filter(|n| (1900..=2999).contains(n));
        if year.is_none() {
            self.error(findings, format_args!("is no year: {number}"), "for example `2028`");
        }
        year
    }

    pub(crate) fn id(&self, findings: &mut Findings) -> Option<Id> {
        let text = self.text(findings)?;
        Id::new(text)
            .map_err(|error| self.error(findings, format_args!("is no id: {error}"), error.help()))
            .ok()
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&self, words: &[(&str, T)], findings: &mut Findings) -> Option<T> {
        let text = self.text(findings)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning);
        if found.is_none() {
            let listed: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.error(
                findings,
                format_args!("cannot be \"{text}\""),
                format!("write one of {}", listed.join(", ")),
            );
        }
        found
    }

    /// The values of a list, or a single value as a list of one.
    pub(crate) fn one_or_more(&self) -> Vec<Field<'a>> {
        match &self.item.value {
            Value::List(items) => self.numbered(items),
            _ => vec![self.clone()],
        }
    }

    /// The values of a list.
    pub(crate) fn list(&self, example: &str, findings: &mut Findings) -> Option<Vec<Field<'a>>> {
        if let Value::List(items) = &self.item.value {
            Some(self.numbered(items))
        } else {
            self.expected(findings, "a list", example);
            None
        }
    }

    fn numbered(&self, items: &'a [Item]) -> Vec<Field<'a>> {
        let what = |index: usize| format!("number {} of {}", index + 1, self.what);
        items.iter().enumerate().map(|(index, item)| Field { item, what: what(index) }).collect()
    }

    /// The value as a table with checked words.
    pub(crate) fn fields(&self, words: &Words, example: &str, findings: &mut Findings) -> Option<Fields<'a>> {
        if let Value::Table(table) = &self.item.value {
            Some(Fields::open(table, self.what.clone(), self.span(), words, findings))
        } else {
            self.expected(findings, "a table", example);
            None
        }
    }

    /// The entries of a table whose keys are free: place and text of the key, and the value.
    pub(crate) fn entries(
        &self,
        example: &str,
        findings: &mut Findings,
    ) -> Option<Vec<(Span, &'a str, Field<'a>)>> {
        let Value::Table(table) = &self.item.value else {
            self.expected(findings, "a table", example);
            return None;
        };
        let field = |key: &str, item| Field { item, what: format!("`{key}` in {}", self.what) };
        Some(table.iter().map(|(key, entry)| (entry.key.clone(), key, field(key, &entry.item))).collect())
    }
}

fn parsed<T: FromStr<Err: std::fmt::Display>>(
    text: &str,
    field: &Field<'_>,
    findings: &mut Findings,
) -> Option<T> {
    text.parse()
        .map_err(|error: T::Err| {
            let title = format!("{} cannot be read", field.what);
            findings.push(Diagnostic::error(field.span(), title).label("this value").help(error.to_string()));
        })
        .ok()
}

/// Reads a key that is a date, such as `2026-07-01 = 0.5`.
pub(crate) fn date_key(key: &str, span: &Span, what: &str, findings: &mut Findings) -> Option<Date> {
    let date =
        key.parse::<Date>().ok().filter(|date| key.len() == 10 && (1900..=2999).contains(&date.year()));
    if date.is_none() {
        findings.push(
            Diagnostic::error(span.clone(), format!("`{key}` in {what} is no date"))
                .label("this key")
                .help("write for example `2026-07-01 = 0.5`"),
        );
    }
    date
}

/// Reads a key that is a year, such as `2028 = 500_000`.
pub(crate) fn year_key(key: &str, span: &Span, what: &str, findings: &mut Findings) -> Option<i16> {
    let year = key.parse::<i16>().ok().filter(|year| (1900..=2999).contains(year));
    if year.is_none() {
        findings.push(
            Diagnostic::error(span.clone(), format!("`{key}` in {what} is no year"))
                .label("this key")
                .help("write for example `2028 = 500_000`"),
        );
    }
    year
}
