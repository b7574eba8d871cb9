//! What was typed: the tree of a TOML file, every part with its place, numbers as exact decimals.
//!
//! The tree is kept instead of being read into structs by serde, whose first error would hide the others: all
//! mistakes of a file are to be shown at once. [`super::words`] says which words a table may hold.

use std::collections::BTreeMap;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnose::{Diagnostic, Findings};
use super::model::Span;
use super::value::Decimal;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) span: Span,
    pub(crate) value: Value,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(Decimal),
    Text(String),
    Flag(bool),
    Date(Date),
    List(Vec<Item>),
    Table(Table),
    /// Something that was reported when the file was read; checks pass over it in silence.
    Broken,
}

impl Value {
    /// The kind in words, for "found ...".
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Number(_) => "a number",
            Self::Text(_) => "a text",
            Self::Flag(_) => "true or false",
            Self::Date(_) => "a date",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Broken => "something unreadable",
        }
    }
}

/// A table: its entries by key, in ascending order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table(pub(crate) BTreeMap<String, Entry>);

/// A key with its place, and its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: Span,
    pub(crate) item: Item,
}

impl Table {
    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    pub(crate) fn item(&self, key: &str) -> Option<&Item> {
        self.0.get(key).map(|entry| &entry.item)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Entry)> {
        self.0.iter().map(|(key, entry)| (key.as_str(), entry))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }
}

/// Parses one file; every span is shifted by `offset` into the joined text of all files.
///
/// # Errors
/// The first syntax error of the file.
pub(crate) fn parse(text: &str, offset: usize, findings: &mut Findings) -> Result<Table, Diagnostic> {
    let document = DeTable::parse(text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let end = offset + text.len();
        let span = (offset + span.start).min(end)..(offset + span.end).min(end);
        Diagnostic::error(span, format!("this is not TOML: {}", error.message()))
            .label("here")
            .maybe_help(syntax_help(error.message()))
    })?;
    Ok(table(document.into_inner(), offset, findings))
}

fn syntax_help(message: &str) -> Option<String> {
    let help = if message.contains("duplicate key") {
        "a key stands once in a table, and a table once in a file"
    } else if message.contains("recursion limit") {
        "a scenario needs no more than five levels of brackets"
    } else {
        return None;
    };
    Some(help.to_owned())
}

fn table(raw: DeTable<'_>, offset: usize, findings: &mut Findings) -> Table {
    let entries = raw.into_iter().map(|(key, value)| {
        let entry = Entry { key: shifted(&key.span(), offset), item: item(value, offset, findings) };
        (key.into_inner().into_owned(), entry)
    });
    Table(entries.collect())
}

fn shifted(span: &Span, offset: usize) -> Span {
    span.start + offset..span.end + offset
}

fn item(raw: Spanned<DeValue<'_>>, offset: usize, findings: &mut Findings) -> Item {
    let span = shifted(&raw.span(), offset);
    let value = match raw.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Boolean(flag) => Value::Flag(flag),
        DeValue::Integer(number) if number.radix() == 10 => decimal(number.as_str(), &span, findings),
        DeValue::Integer(number) => decimal(&format!("0x{}", number.as_str()), &span, findings),
        DeValue::Float(number) => decimal(number.as_str(), &span, findings),
        DeValue::Datetime(date) => date_only(date, &span, findings),
        DeValue::Array(list) => {
            Value::List(list.into_iter().map(|value| item(value, offset, findings)).collect())
        }
        DeValue::Table(raw) => Value::Table(table(raw, offset, findings)),
    };
    Item { span, value }
}

fn decimal(text: &str, span: &Span, findings: &mut Findings) -> Value {
    if let Some(number) = Decimal::parse(text) {
        return Value::Number(number);
    }
    let (title, help) = if text.contains("nan") || text.contains("inf") {
        (format!("`{text}` is not a number that a scenario can use"), "leave a limit out where there is none")
    } else if text.starts_with("0x") {
        ("numbers are written in base ten".to_owned(), "for example `5_000`")
    } else {
        ("this number has more than 30 digits".to_owned(), "for example `5_450_000` or `0.046`")
    };
    findings.push(Diagnostic::error(span.clone(), title).label("this number").help(help));
    Value::Broken
}

fn date_only(date: toml::value::Datetime, span: &Span, findings: &mut Findings) -> Value {
    if let (Some(day), None, None) = (date.date, date.time, date.offset) {
        let found =
            i16::try_from(day.year).ok().zip(i8::try_from(day.month).ok().zip(i8::try_from(day.day).ok()));
        if let Some(Ok(date)) = found.map(|(year, (month, day))| Date::new(year, month, day))
            && (1900..=2999).contains(&date.year())
        {
            return Value::Date(date);
        }
    }
    findings.push(
        Diagnostic::error(span.clone(), "a date is a day between 1900 and 2999, without time")
            .label("not such a day")
            .help("for example `2028-06-30`"),
    );
    Value::Broken
}
