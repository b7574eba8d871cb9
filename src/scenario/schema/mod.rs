//! The JSON Schema of a scenario file, so that an editor completes and checks one while it is written.
//!
//! Keys come from `words.rs` and lists of words from `choices.rs`, which the loader reads as well. The tree of a
//! file is not read into structs (`raw.rs` says why), so there are no types from which a derive could make it. The schema
//! says which words stand where and what kind of value each takes; what the words mean together, the loader alone says.

mod measured;
mod money;
mod people;
mod shape;
mod uncertain;

use serde_json::{Map, Value, json};

use super::words::{self, BY_ID};
use shape::{any, date, id, one_or_more, open, requires, source, text, year};

/// What is said of `ids` wherever they stand.
const IDS: &str =
    "Ids under which it is known elsewhere, by register, such as `{ indigo = \"INDIGO-POJ-0178\" }`.";

/// The schema, in draft 7: the newest that TOML language servers read.
#[must_use]
pub fn schema() -> Value {
    let mut schema = shape::table(&words::TOP, top());
    let head = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of udfald",
        "description": "An outcome contract, a variant of one, or a portfolio of several, in the language of udfald 1.",
        "dependencies": { "remove": ["base"] },
        "if": open(any(&[requires(&["portfolio"]), requires(&["include"])])),
        "then": portfolio(),
        "else": open(json!({ "if": open(json!({ "not": requires(&["base"]) })), "then": complete() })),
        "definitions": definitions(),
    });
    if let (Value::Object(schema), Value::Object(head)) = (&mut schema, head) {
        schema.extend(head);
    }
    schema
}

fn definitions() -> Value {
    json!({
        "stated": source("A document says these numbers: its id in [documents], where in it, a colon, and what it says, such as \"s1 annex 2: at least a fifth\"."),
        "derived": source("These numbers follow from others: how."),
        "assumed": source("These numbers are a judgement: the reason."),
    })
}

fn top() -> Vec<shape::Said> {
    let currency = json!({ "type": "string", "pattern": "^[A-Z]{3}$", "examples": ["DKK"] });
    vec![
        ("udfald", "The version of the language: 1.", json!({ "type": "number", "const": 1 })),
        ("investment", "The id of the contract.", id()),
        ("portfolio", "The id of a portfolio, which includes the files of several contracts.", id()),
        ("name", "The title as reports show it.", text()),
        ("ids", IDS, shape::texts()),
        ("currency", "The currency of all amounts, in three capital letters.", currency),
        ("price_level", "The year whose prices the amounts are in.", year()),
        ("as_of", "The day on which the numbers were right.", date()),
        ("starts", "The first day of the contract.", date()),
        ("ends", "The last day on which anything can fall due.", date()),
        ("budget_years", "The years for which the scenario is read.", one_or_more(&year())),
        ("base", "The file that this one is laid over, relative to this one.", text()),
        ("remove", "What is taken out of the base, such as \"limit.region\".", one_or_more(&text())),
        ("include", "The files of a portfolio, relative to this one.", one_or_more(&text())),
        ("documents", "Where numbers come from: titles of documents by id.", documents()),
        ("party", "Who takes part: pays, invests, gives or is paid.", people::parties()),
        ("fund", "Money that is put in, and what comes back.", people::funds()),
        ("cohort", "The people: how many, and when they start.", people::cohort()),
        ("input", "What is not known: a distribution each.", uncertain::inputs()),
        (
            "correlation",
            "Inputs that go up and down together, by rank correlation.",
            uncertain::correlations(),
        ),
        ("factor", "What moves several inputs at once, up and down.", uncertain::factors()),
        ("event", "What may happen, with a chance and a date.", uncertain::events()),
        ("index", "Numbers by year that prices and limits are multiplied by.", uncertain::indexes()),
        ("outcome", "What is measured, of whom and when.", measured::outcomes()),
        ("test", "Conditions on outcomes and events, which terms wait for.", measured::tests()),
        ("term", "What is paid, for what, by whom.", money::terms()),
        ("limit", "Ceilings and floors.", money::limits()),
        ("payment", "Defaults of terms, and the order of limits.", money::payment()),
        ("budget", "What each payer has appropriated; compared with, never cutting.", people::budgets()),
        (
            "case",
            "Named courses without chance: inputs, events and outcomes set to values.",
            uncertain::cases(),
        ),
    ]
}

fn documents() -> Value {
    json!({ "type": "object", "additionalProperties": { "type": "string" } })
}

/// What a portfolio must and may say.
fn portfolio() -> Value {
    let laid_over = ["base", "remove", "stated", "derived", "assumed"];
    let allowed: Vec<&str> = words::PORTFOLIO.now.iter().copied().chain(laid_over).collect();
    let needed = requires(&["udfald", "portfolio", "include"]);
    open(json!({ "propertyNames": { "enum": allowed }, "anyOf": [requires(&["base"]), needed] }))
}

/// What a contract must say when it stands alone: a variant may leave to its base whatever it does not change.
fn complete() -> Value {
    let properties: Map<String, Value> =
        BY_ID.iter().filter_map(|kind| Some(((*kind).to_owned(), by_id(&needed(kind)?)))).collect();
    let mut rules = requires(&["udfald", "investment", "currency", "starts", "ends", "term"]);
    rules["properties"] = json!(properties);
    rules["properties"]["cohort"] = requires(&["people"]);
    rules
}

/// The rule for every table of a kind; source words beside them are no such tables.
fn by_id(rule: &Value) -> Value {
    json!({ "properties": { "stated": true, "derived": true, "assumed": true }, "additionalProperties": rule })
}

/// What a table of a kind must say.
fn needed(kind: &str) -> Option<Value> {
    let one_of = |words: &[&str]| open(any(&words.iter().map(|word| requires(&[word])).collect::<Vec<_>>()));
    Some(match kind {
        "fund" => requires(&["party", "amount"]),
        "input" => one_of(&words::KINDS),
        "correlation" => requires(&["between", "rank"]),
        "event" => requires(&["chance", "on"]),
        "index" => open(any(&[requires(&["years"]), requires(&["yearly", "from"])])),
        "outcome" => {
            let when = [requires(&["formula"]), requires(&["of", "at"]), requires(&["of", "on"])];
            open(json!({ "allOf": [one_of(&words::OUTCOME_KINDS), open(any(&when))] }))
        }
        "test" => {
            let of = requires(&["at_least", "of"]);
            open(any(&[one_of(&["all", "any", "none"]), of]))
        }
        "term" => requires(&["price"]),
        "limit" => {
            let mut rule = requires(&["per"]);
            rule["anyOf"] = json!([requires(&["at_least"]), requires(&["at_most", "excess"])]);
            rule
        }
        _ => return None,
    })
}
