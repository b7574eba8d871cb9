//! Reads values of the tree as what they are meant to be, or says what is wrong and what to type instead.

use std::str::FromStr;

use jiff::civil::Date;

use super::diagnose::{Diagnostic, Findings};
use super::model::Span;
use super::name::Id;
use super::raw::{Item, Table, Value};
use super::suggest;
use super::value::{self, Decimal};
use super::words::Words;
use crate::contract::schedule::Duration;
use crate::contract::share::Fraction;
use crate::money::Ore;

/// Amounts and numbers stay below this, so that sums of them stay exact.
const LARGEST: i64 = 1_000_000_000_000;

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

    pub(crate) fn decimal(&self, findings: &mut Findings) -> Option<Decimal> {
        if let Value::Number(number) = &self.item.value {
            Some(*number)
        } else {
            self.expected(findings, "a number", "0.5");
            None
        }
    }

    /// A number that is computed with, below 10¹² in magnitude.
    pub(crate) fn plain(&self, findings: &mut Findings) -> Option<f64> {
        let number = self.decimal(findings)?.to_f64();
        if number.abs() > LARGEST as f64 {
            self.error(findings, "is larger than a million million", "numbers of a contract are smaller");
            return None;
        }
        Some(number)
    }

    /// An amount of money in øre: at most two decimals, not negative.
    pub(crate) fn amount(&self, findings: &mut Findings) -> Option<Ore> {
        self.money(2, "an amount has at most two decimals", findings)
    }

    /// An amount of a term that may run both ways, in øre.
    pub(crate) fn signed_amount(&self, findings: &mut Findings) -> Option<Ore> {
        self.money_of_sign(2, "an amount has at most two decimals", findings)
    }

    /// A price in millionths of a krone: at most six decimals, not negative.
    pub(crate) fn price(&self, findings: &mut Findings) -> Option<i64> {
        self.money(6, "a price has at most six decimals", findings)
    }

    /// A price of a term that may run both ways, in millionths of a krone.
    pub(crate) fn signed_price(&self, findings: &mut Findings) -> Option<i64> {
        self.money_of_sign(6, "a price has at most six decimals", findings)
    }

    fn money(&self, places: u32, rule: &str, findings: &mut Findings) -> Option<i64> {
        let negative = matches!(self.item.value, Value::Number(number) if number.is_negative());
        if let (true, Value::Number(number)) = (negative, &self.item.value) {
            let help = format!("amounts run one way; write `{}`", number.to_string().trim_start_matches('-'));
            self.error(findings, format_args!("is negative: {number}"), help);
            return None;
        }
        self.money_of_sign(places, rule, findings)
    }

    fn money_of_sign(&self, places: u32, rule: &str, findings: &mut Findings) -> Option<i64> {
        let Value::Number(number) = self.item.value else {
            self.expected(findings, "an amount", "1_000_000");
            return None;
        };
        let whole = 10i64.pow(places);
        if number.reads_as_thousands() {
            let thousands = number.scaled(3).unwrap_or_default();
            let meant = format!("{}_{:03}", thousands / 1000, thousands % 1000);
            let help = format!("`.` is the decimal point: write `{meant}` for thousands, `{number}` else");
            self.error(findings, "is written with a thousands point", help);
            return None;
        }
        if number.to_f64().abs() > LARGEST as f64 {
            self.error(
                findings,
                "is larger than a million million",
                "amounts are in whole kroner, `1_000_000`",
            );
            return None;
        }
        let scaled = number.scaled(places).filter(|scaled| (scaled / whole).abs() <= LARGEST);
        if scaled.is_none() {
            self.error(findings, format_args!("has too many decimals: {number}"), rule);
        }
        scaled
    }

    /// An exact share: `0.30` or `"1/3"`.
    pub(crate) fn share(&self, findings: &mut Findings) -> Option<Fraction> {
        let fraction = self.fraction(findings)?;
        if fraction < Fraction::from(0) || fraction > Fraction::from(1) {
            self.not_a_share(findings);
            return None;
        }
        Some(fraction)
    }

    /// An exact number: `1.38` or `"4/3"`.
    pub(crate) fn fraction(&self, findings: &mut Findings) -> Option<Fraction> {
        let found = match &self.item.value {
            Value::Text(text) => value::fraction(text),
            Value::Number(number) => number.fraction(),
            _ => None,
        };
        if found.is_none() {
            self.expected_fraction(findings);
        }
        found
    }

    fn expected_fraction(&self, findings: &mut Findings) {
        match &self.item.value {
            Value::Text(text) => {
                self.error(findings, format_args!("is no share: `{text}`"), "write `0.30` or `\"1/3\"`");
            }
            Value::Number(_) => {
                self.error(findings, "has too many digits for a share", "write `\"1/3\"` for a third");
            }
            _ => self.expected(findings, "a share", "0.30"),
        }
    }

    /// Reports a number outside 0 to 1, with the share that was probably meant.
    pub(crate) fn not_a_share(&self, findings: &mut Findings) {
        let help = match &self.item.value {
            Value::Number(number) if (1.0..=100.0).contains(&number.to_f64()) => {
                let meant = number.hundredth().to_string();
                let padded = if meant.len() == 3 { format!("{meant}0") } else { meant };
                format!("did you mean {padded}?")
            }
            _ => "a share lies between 0 and 1".to_owned(),
        };
        self.error(findings, "is not a share between 0 and 1", help);
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn count(&self, most: u32, findings: &mut Findings) -> Option<u32> {
        let number = self.decimal(findings)?;
        let count = number.scaled(0).and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=most).contains(n));
        if count.is_none() {
            self.error(findings, format_args!("must be a whole number from 1 to {most}"), "for example `4`");
        }
        count
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

/// Shares of one whole in the order of the fields; one of them may be `"rest"`.
pub(crate) fn shares(
    fields: &[Field<'_>],
    whole: &Field<'_>,
    findings: &mut Findings,
) -> Option<Vec<Fraction>> {
    let is_rest = |field: &Field<'_>| matches!(&field.item.value, Value::Text(text) if text == "rest");
    let rests = fields.iter().filter(|field| is_rest(field)).count();
    if rests > 1 {
        whole.error(findings, "has more than one \"rest\"", "one share may be \"rest\"");
        return None;
    }
    let read: Vec<_> =
        fields.iter().filter(|field| !is_rest(field)).map(|field| field.share(findings)).collect();
    let read: Vec<Fraction> = read.into_iter().collect::<Option<_>>()?;
    let sum = read
        .iter()
        .try_fold(Fraction::from(0), |sum, share| num_traits::CheckedAdd::checked_add(&sum, share));
    let one = Fraction::from(1);
    match sum {
        Some(sum) if sum == one || (rests == 1 && sum < one) => {
            let mut read = read.into_iter();
            Some(
                fields
                    .iter()
                    .filter_map(|f| if is_rest(f) { Some(one - sum) } else { read.next() })
                    .collect(),
            )
        }
        sum => {
            let sum = sum.map_or("more digits than fit".to_owned(), shown);
            let help = "shares of one thing add up to exactly 1; write \"rest\" for the last, or `\"1/3\"` for a third";
            whole.error(findings, format_args!("adds up to {sum}, not to 1"), help);
            None
        }
    }
}

/// A fraction as a decimal where that is exact enough to read.
fn shown(fraction: Fraction) -> String {
    let value = *fraction.numer() as f64 / *fraction.denom() as f64;
    if 1_000_000 % fraction.denom() == 0 { format!("{value}") } else { fraction.to_string() }
}
