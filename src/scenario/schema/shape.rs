//! Shapes of values in JSON Schema (draft 7): what may stand after a key.

use serde_json::{Map, Value, json};

use crate::scenario::words::Words;

/// A word of a table, the sentence that an editor shows for it, and what may stand after it.
pub(super) type Said = (&'static str, &'static str, Value);

/// `[a-z0-9][a-z0-9-]*`, as [`crate::scenario::name::Id`] reads it.
const ID: &str = "^[a-z0-9][a-z0-9-]*$";
/// `[a-z][a-z0-9_]*`, as [`crate::scenario::name::Name`] reads it.
const NAME: &str = "^[a-z][a-z0-9_]*$";
const DATE: &str = "^(19|2[0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}$";
const YEAR: &str = "^(19|2[0-9])[0-9]{2}$";
const DURATION: &str = r"^\s*(\+?[0-9]{1,10} +)?(day|week|month|quarter|year)s?\s*$";
const FRACTION: &str = r"^\s*\+?[0-9]+\s*/\s*\+?0*[1-9][0-9]*\s*$";
/// Amounts and numbers stay below this.
const LARGEST: i64 = 1_000_000_000_000;

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn flag() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn number() -> Value {
    json!({ "type": "number", "minimum": -LARGEST, "maximum": LARGEST })
}

/// Money that runs one way.
pub(super) fn amount() -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": LARGEST })
}

/// A number from `low` to `high`.
pub(super) fn between(low: i64, high: i64) -> Value {
    json!({ "type": "number", "minimum": low, "maximum": high })
}

/// A whole number from 1.
pub(super) fn count(most: u32) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": most })
}

pub(super) fn year() -> Value {
    json!({ "type": "integer", "minimum": 1900, "maximum": 2999 })
}

/// A day. JSON has no dates: tools hand them over as texts, so a date in quotes passes here and is refused when it is read.
pub(super) fn date() -> Value {
    json!({ "type": "string", "format": "date", "pattern": DATE })
}

pub(super) fn duration() -> Value {
    json!({ "type": "string", "pattern": DURATION, "examples": ["6 months", "30 days", "quarter", "2 years"] })
}

fn written_fraction() -> Value {
    json!({ "type": "string", "pattern": FRACTION, "examples": ["1/3"] })
}

/// `1.38` or `"4/3"`.
pub(super) fn fraction() -> Value {
    any(&[number(), written_fraction()])
}

/// `0.30` or `"1/3"`.
pub(super) fn share() -> Value {
    any(&[between(0, 1), written_fraction()])
}

/// A share of a whole whose shares add up to 1; one of them may be the rest.
pub(super) fn part() -> Value {
    any(&[between(0, 1), written_fraction(), json!({ "const": "rest" })])
}

/// The name of an input, outcome, factor, event, test or case.
pub(super) fn name() -> Value {
    json!({ "type": "string", "pattern": NAME })
}

/// The id of an investment, party, fund, term or limit.
pub(super) fn id() -> Value {
    json!({ "type": "string", "pattern": ID })
}

/// A number, or the input that holds it.
pub(super) fn uncertain() -> Value {
    any(&[number(), written_fraction(), name()])
}

/// One of the words of a list in [`crate::scenario::choices`].
pub(super) fn choice<T>(words: &[(&'static str, T)]) -> Value {
    let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    json!({ "type": "string", "enum": words })
}

pub(super) fn any(shapes: &[Value]) -> Value {
    json!({ "anyOf": shapes })
}

pub(super) fn list(shape: &Value) -> Value {
    json!({ "type": "array", "items": shape })
}

/// A value, or a list of them.
pub(super) fn one_or_more(shape: &Value) -> Value {
    any(&[shape.clone(), list(shape)])
}

/// A table with the words that the loader reads in it.
///
/// Keys come from `words`, never from `said`, so that the schema allows what the loader allows; a word that nothing is
/// said of may be anything, and a test finds it.
pub(super) fn table(words: &Words, said: Vec<Said>) -> Value {
    let mut properties = sources();
    for (word, sentence, mut shape) in said.into_iter().filter(|(word, ..)| words.now.contains(word)) {
        shape["description"] = json!(sentence);
        properties.insert(word.to_owned(), shape);
    }
    for word in words.now {
        properties.entry(*word).or_insert(json!(true));
    }
    let mut table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    let rules: Vec<_> = words.one_of.iter().map(|group| at_most_one(group)).collect();
    if !rules.is_empty() {
        table["allOf"] = json!(rules);
    }
    table
}

/// A table in which these words must be said.
pub(super) fn needing(mut table: Value, words: &[&str]) -> Value {
    table["required"] = json!(words);
    table
}

/// A table with exactly one of these words.
pub(super) fn with_one_of(mut table: Value, words: &[&str]) -> Value {
    table["oneOf"] = json!(words.iter().map(|word| requires(&[word])).collect::<Vec<_>>());
    table
}

/// A rule that these words are said, and others may be: a tool that reads rules strictly takes silence for none.
pub(super) fn requires(words: &[&str]) -> Value {
    open(json!({ "required": words }))
}

/// A rule that leaves to the table itself which words it has.
pub(super) fn open(mut rule: Value) -> Value {
    rule["additionalProperties"] = json!(true);
    rule
}

/// A rule that no two of these words are said.
fn at_most_one(words: &[&str]) -> Value {
    let each: Vec<_> = words.iter().map(|word| requires(&[word])).collect();
    let none = open(json!({ "not": { "anyOf": each } }));
    open(json!({ "oneOf": each.into_iter().chain([none]).collect::<Vec<_>>() }))
}

/// Tables by id.
pub(super) fn by_id(shape: &Value) -> Value {
    keyed(ID, shape)
}

/// Anything by name.
pub(super) fn by_name(shape: &Value) -> Value {
    keyed(NAME, shape)
}

/// Texts by name.
pub(super) fn texts() -> Value {
    by_name(&json!({ "type": "string", "minLength": 1 }))
}

fn keyed(pattern: &str, shape: &Value) -> Value {
    json!({
        "type": "object",
        "properties": sources(),
        "additionalProperties": shape,
        "propertyNames": { "pattern": pattern, "maxLength": 100, "not": { "enum": crate::scenario::name::RESERVED } },
    })
}

/// Values by date: `{ 2026-07-01 = 0.5 }`.
pub(super) fn by_date(shape: &Value) -> Value {
    dated(DATE, shape)
}

/// Values by year: `{ 2027 = 500_000 }`.
pub(super) fn by_year(shape: &Value) -> Value {
    dated(YEAR, shape)
}

fn dated(pattern: &str, shape: &Value) -> Value {
    json!({
        "type": "object",
        "properties": sources(),
        "patternProperties": { pattern: shape },
        "additionalProperties": false,
    })
}

/// `stated`, `derived` and `assumed`, which may stand in any table.
fn sources() -> Map<String, Value> {
    let reference = |word: &str| (word.to_owned(), json!({ "$ref": format!("#/definitions/{word}") }));
    ["stated", "derived", "assumed"].map(reference).into_iter().collect()
}

/// What the source words hold.
pub(super) fn source(sentence: &str) -> Value {
    let reason = json!({ "type": "string", "minLength": 1 });
    let mut shape = any(&[reason.clone(), json!({ "type": "object", "additionalProperties": reason })]);
    shape["description"] = json!(sentence);
    shape
}
