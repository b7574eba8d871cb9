//! The schema allows what the loader allows: keys, words and kinds of values, compared at every place of real files.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::Value as Json;
use toml::{Table, Value as Toml};

use super::documentation::{blocks, small};
use super::robustness::VALUES;
use super::*;
use crate::scenario::schema::schema;

fn validator() -> &'static jsonschema::Validator {
    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::draft7::new(&schema()).unwrap());
    &VALIDATOR
}

/// As TOML tools hand a file to a validator: dates as texts.
fn json(value: &Toml) -> Json {
    match value {
        Toml::String(text) => Json::from(text.as_str()),
        Toml::Integer(number) => Json::from(*number),
        Toml::Float(number) => Json::from(*number),
        Toml::Boolean(flag) => Json::from(*flag),
        Toml::Datetime(date) => Json::from(date.to_string()),
        Toml::Array(items) => items.iter().map(json).collect(),
        Toml::Table(table) => table.iter().map(|(key, value)| (key.clone(), json(value))).collect(),
    }
}

fn json_of(text: &str) -> Json {
    json(&Toml::Table(text.parse().unwrap_or_else(|error| panic!("{error}\n{text}"))))
}

/// TOML text of a value, in one line.
fn written(value: &Toml) -> String {
    match value {
        Toml::String(text) => format!("{text:?}"),
        Toml::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Toml::Table(table) => format!("{{ {} }}", entries(table).join(", ")),
        Toml::Integer(number) => number.to_string(),
        Toml::Float(number) => format!("{number:?}"),
        Toml::Boolean(flag) => flag.to_string(),
        Toml::Datetime(date) => date.to_string(),
    }
}

fn entries(table: &Table) -> Vec<String> {
    table.iter().map(|(key, value)| format!("{key:?} = {}", written(value))).collect()
}

/// What the loader says of a file, laid over the small contract where it says so.
fn read(table: &Table) -> Result<Diagnostics, Diagnostics> {
    let text = entries(table).join("\n");
    let all = [("x.toml", text.as_str()), ("small.toml", small()), ("folder/small.toml", small())];
    load_from_memory(&files(&all), "x.toml").map(|(_, warnings)| warnings)
}

/// Files that use every word: the examples of the reference, the good contract, and what no example shows.
fn corpus() -> Vec<Table> {
    const MORE: &str = r#"base = "small.toml"
[input.home_rate]
range = { low = 0.3, mid = 0.4, high = 0.5, scale = "logit" }
drawn = "once"
class = "ignorance"
[event.storm]
chance = 0.1
on     = 2026-09-01
class  = "shock"
[input.mean]
beta = { mean = 0.4, n = 20 }
[input.spread]
lognormal = { mean = 0.4, sd = 0.1 }
[input.width]
uniform = { low = 0.1, high = 0.2 }
[input.other]
triangular = { low = 0.1, mode = 0.15, high = 0.2 }
[input.observed]
data = [0.31, 0.42]
[outcome.visits]
of   = "enrolled"
at   = "12 months"
each = { lognormal = { median = 2, factor = 2 }, at_most = 50 }
[outcome.some]
of          = "enrolled"
at          = "12 months"
people_with = { at_least = 1, of = ["in_home"], any = ["in_home"] }
[fund.loan]
guarantee = { multiple = 0.5, by = "region" }
[party.region]
booked = "due"
"#;
    let fragment = |(words, text): (&str, &str)| {
        if words.contains("fragment") { format!("base = \"small.toml\"\n{text}") } else { text.to_owned() }
    };
    let texts = blocks().into_iter().map(fragment).chain([GOOD.to_owned(), MORE.to_owned()]);
    texts.map(|text| text.parse().unwrap()).collect()
}

fn shipped() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open = vec![root.join("scenarios"), root.join("tests/fixtures")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                // What the loader was fuzzed with is no scenario.
                open.extend((!path.ends_with("fuzz")).then_some(path));
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn it_is_a_schema() {
    jsonschema::draft7::meta::validate(&schema()).unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_shipped_file_and_every_example_is_valid() {
    let validator = validator();
    let valid = |name: &str, file: &Json| {
        let errors: Vec<_> =
            validator.iter_errors(file).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {}", errors.join("\n"));
    };
    let shipped = shipped();
    assert!(shipped.len() > 30, "{}", shipped.len());
    for path in shipped {
        valid(&path.display().to_string(), &json_of(&std::fs::read_to_string(&path).unwrap()));
    }
    for table in corpus() {
        valid(&entries(&table).join("\n"), &json(&Toml::Table(table)));
    }
}

/// What is wrong with the good contract: one text for another.
const WRONG: &[(&str, &str)] = &[
    ("udfald     = 1", "udfald     = 2"),
    ("currency   = \"DKK\"", "currency   = \"kr\""),
    ("currency   = \"DKK\"\n", ""),
    ("starts     = 2026-01-01", "starts     = \"January\""),
    ("starts     = 2026-01-01", "starts     = 2026"),
    ("investment = \"homes\"", "investment = \"Our homes\""),
    ("[limit.town]", "[limits.town]"),
    ("[limit.town]", "[limit.Town]"),
    ("[limit.town]", "[limit.total]"),
    ("per     = \"contract\"", "per     = \"month\""),
    ("per     = \"contract\"\n", ""),
    ("excess  = \"lost\"", "excess  = \"gone\""),
    ("excess  = \"lost\"\n", ""),
    ("at_most = 300_000", "at_most = \"300_000\""),
    ("at_most = 300_000", "at_most = -1"),
    ("at_most = 300_000", "at_most = { share = 0.3 }"),
    ("price   = 12_500", "prise   = 12_500"),
    ("price   = 12_500\n", ""),
    ("price   = 12_500", "price   = true"),
    ("{ from = 0.11, pay = 1 }", "{ from = 0.11, pays = 1 }"),
    ("{ from = 0.11, pay = 1 }", "{ pay = 1 }"),
    ("measured = \"each intake\"", "measured = \"each month\""),
    ("town = 0.75", "town = 75"),
    ("rate = \"home_rate\"", "rate = \"home rate\""),
    ("rate = \"home_rate\"", "rate = \"home_rate\"\nlevel = 0.4"),
    ("rate = \"home_rate\"\n", ""),
    ("beta = { a = 8, b = 8 }", "beta = { a = 8 }"),
    ("beta = { a = 8, b = 8 }", "beta = { a = 8, b = \"8\" }"),
    ("pert = { low = 80, mode = 95, high = 95 }", "pert = [80, 95, 95]"),
    ("pert = { low = 80, mode = 95, high = 95 }", "pertt = { low = 80, mode = 95, high = 95 }"),
    ("class = \"shock\"", "class = \"schock\""),
    ("loads = { labour_market = 0.5 }", "loads = { labour_market = 5 }"),
    ("logit = -0.4", "logits = -0.4"),
    ("chance = 0.25", "chance = 25"),
    ("on     = 2026-09-01\n", ""),
    ("noise = { sd = 0.7, people", "noise = { people"),
    ("due = { after = \"6 months\" }", "due = { after = \"6 moons\" }"),
    ("due = { after = \"6 months\" }", "due = \"6 months\""),
    ("2026-01-01 = \"1/3\"", "2026-01 = \"1/3\""),
    ("2026-01-01 = \"1/3\"", "2026-01-01 = \"a third\""),
    ("stated     = \"s1: annex 2\"", "stated     = 1"),
    ("reform    = false", "reform    = \"no\""),
];

#[test]
fn wrong_files_are_refused_by_both() {
    let validator = validator();
    for (from, to) in WRONG {
        let text = changed(from, to);
        assert!(read_text(&text).is_err(), "the loader accepts `{to}`");
        assert!(!validator.is_valid(&json_of(&text)), "the schema accepts `{to}`");
    }
}

#[test]
fn every_word_has_a_sentence() {
    fn look(at: &str, node: &Json, bare: &mut Vec<String>) {
        let said = |value: &Json| value.get("description").is_some() || value.get("$ref").is_some();
        if node.get("additionalProperties") == Some(&Json::Bool(false)) {
            let properties = node["properties"].as_object().into_iter().flatten();
            bare.extend(properties.filter(|(_, value)| !said(value)).map(|(key, _)| format!("{at}/{key}")));
        }
        match node {
            Json::Object(map) => {
                map.iter().for_each(|(key, value)| look(&format!("{at}/{key}"), value, bare));
            }
            Json::Array(list) => list.iter().for_each(|value| look(at, value, bare)),
            _ => {}
        }
    }
    let mut bare = Vec::new();
    look("", &schema(), &mut bare);
    assert_eq!(bare, Vec::<String>::new());
}

/// A step from a value to one inside it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Key(String),
    Item(usize),
}

/// Every value of a file with the way to it.
fn places(value: &Toml) -> Vec<(Vec<Step>, &Toml)> {
    let inner: Vec<(Step, &Toml)> = match value {
        Toml::Table(table) => table.iter().map(|(key, value)| (Step::Key(key.clone()), value)).collect(),
        Toml::Array(items) => items.iter().enumerate().map(|(at, value)| (Step::Item(at), value)).collect(),
        _ => Vec::new(),
    };
    let below = inner.into_iter().flat_map(|(step, value)| {
        places(value)
            .into_iter()
            .map(move |(way, value)| (std::iter::once(step.clone()).chain(way).collect::<Vec<_>>(), value))
    });
    std::iter::once((Vec::new(), value)).chain(below).collect()
}

fn at<'a>(value: &'a mut Toml, way: &[Step]) -> &'a mut Toml {
    way.iter().fold(value, |value, step| match (value, step) {
        (Toml::Table(table), Step::Key(key)) => &mut table[key],
        (Toml::Array(items), Step::Item(at)) => &mut items[*at],
        _ => panic!("no way {way:?}"),
    })
}

/// A file with another value at a place.
fn with(file: &Table, way: &[Step], change: impl FnOnce(&mut Toml)) -> Table {
    let mut whole = Toml::Table(file.clone());
    change(at(&mut whole, way));
    match whole {
        Toml::Table(table) => table,
        _ => Table::new(),
    }
}

/// The parts of the schema that describe a place: one, or several alternatives.
fn described<'a>(schema: &'a Json, way: &[Step]) -> Vec<&'a Json> {
    fn alternatives<'a>(node: &'a Json, found: &mut Vec<&'a Json>) {
        found.push(node);
        node["anyOf"].as_array().into_iter().flatten().for_each(|node| alternatives(node, found));
    }
    let mut nodes = Vec::new();
    alternatives(schema, &mut nodes);
    for step in way {
        let mut inner = Vec::new();
        for node in nodes {
            let below = match step {
                Step::Item(_) => node.get("items"),
                Step::Key(key) => node["properties"].get(key).or_else(|| {
                    let by_pattern =
                        node["patternProperties"].as_object().and_then(|map| map.values().next());
                    by_pattern.or_else(|| node.get("additionalProperties"))
                }),
            };
            below.into_iter().for_each(|node| alternatives(node, &mut inner));
        }
        nodes = inner;
    }
    nodes
}

/// The words that a place allows beside dates, years and quantiles, by alternative; none where keys are names.
fn keys<'a>(schema: &'a Json, way: &[Step]) -> Vec<BTreeSet<&'a str>> {
    let tables: Vec<_> = described(schema, way).into_iter().filter(|node| node["type"] == "object").collect();
    if !tables.iter().all(|node| node["additionalProperties"] == Json::Bool(false)) {
        return Vec::new();
    }
    let properties = tables.iter().filter_map(|node| node["properties"].as_object());
    properties.map(|map| map.keys().map(String::as_str).collect()).collect()
}

/// Every word that stands anywhere: in the schema, in the files, reserved, or nowhere.
fn vocabulary(schema: &Json, corpus: &[Table]) -> BTreeSet<String> {
    fn look(node: &Json, found: &mut BTreeSet<String>) {
        found.extend(node["properties"].as_object().into_iter().flatten().map(|(key, _)| key.clone()));
        match node {
            Json::Object(map) => map.values().for_each(|node| look(node, found)),
            Json::Array(list) => list.iter().for_each(|node| look(node, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    look(schema, &mut found);
    for file in corpus {
        for (way, _) in places(&Toml::Table(file.clone())) {
            found.extend(
                way.into_iter().filter_map(|step| if let Step::Key(key) = step { Some(key) } else { None }),
            );
        }
    }
    let tables = words::BY_ID.iter().chain(&words::ALONE).filter_map(|table| words::of_table(table));
    found.extend(tables.flat_map(|table| table.reserved).map(|(word, _)| (*word).to_owned()));
    found.insert("no_such_word".to_owned());
    found.retain(|word| !is_dated(word));
    found
}

/// Whether a key is a date, a year or a quantile, such as `p10`.
fn is_dated(key: &str) -> bool {
    key.strip_prefix('p').unwrap_or(key).starts_with(|c: char| c.is_ascii_digit())
}

/// The words of which the loader says that they do not belong where they stand.
fn strays(file: &Table) -> BTreeSet<String> {
    let diagnostics = match read(file) {
        Ok(warnings) => warnings,
        Err(errors) => errors,
    };
    let reasons = ["is no word of", "is not built yet", "is no date", "is no year"];
    let titles = diagnostics.list().iter().map(|finding| &finding.title);
    let stray = titles.filter(|title| reasons.iter().any(|reason| title.contains(reason)));
    stray.filter_map(|title| Some(title.strip_prefix('`')?.split_once('`')?.0.to_owned())).collect()
}

/// The words that only one of the two takes in a table of a file, the loader or the schema.
fn apart(
    file: &Table,
    (way, table): (&[Step], &Table),
    keys: &[BTreeSet<&str>],
    all: &BTreeSet<String>,
) -> Vec<String> {
    let unknown = |words: &[&str]| {
        strays(&with(file, way, |table| {
            let added = words.iter().map(|word| ((*word).to_owned(), Toml::from("?")));
            table.as_table_mut().unwrap().extend(added);
        }))
    };
    let words = all.iter().map(String::as_str).filter(|word| !table.contains_key(*word));
    let (allowed, others): (Vec<_>, Vec<_>) =
        words.partition(|word| keys.iter().any(|keys| keys.contains(word)));
    let beside = |keys: &BTreeSet<&str>| table.keys().all(|key| keys.contains(key.as_str()) || is_dated(key));
    let possible = |word: &str| keys.iter().any(|keys| keys.contains(word) && beside(keys));
    let refused = allowed.into_iter().filter(|word| possible(word) && unknown(&[*word]).contains(*word));
    // Of several unknown words the loader may tell the first alone.
    let told = unknown(&others);
    let taken = others.iter().filter(|word| !told.contains(**word) && !unknown(&[**word]).contains(**word));
    let refused = refused.map(|word| format!("{way:?}: `{word}` is in the schema alone"));
    refused.chain(taken.map(|word| format!("{way:?}: `{word}` is known to the loader alone"))).collect()
}

/// At every kind of table in files, every word: the loader takes it for a word of the table when the schema does.
fn all_apart(schema: &Json, corpus: &[Table]) -> Vec<String> {
    let vocabulary = vocabulary(schema, corpus);
    let mut seen = BTreeSet::new();
    let mut found = Vec::new();
    // A portfolio has words of its own; its rule is compared below.
    for file in corpus.iter().filter(|file| !file.contains_key("portfolio")) {
        for (way, value) in places(&Toml::Table(file.clone())) {
            let (keys, Toml::Table(table)) = (keys(schema, &way), value) else { continue };
            // Tables with the same words are read alike, save short ones whose few words decide how.
            let said: Vec<_> = if table.len() > 2 { Vec::new() } else { table.keys().cloned().collect() };
            if !keys.is_empty() && seen.insert((keys.clone(), said)) {
                found.extend(apart(file, (&way, table), &keys, &vocabulary));
            }
        }
    }
    assert!(seen.len() > 20, "{}", seen.len());
    found
}

#[test]
fn the_loader_and_the_schema_know_the_same_words() {
    assert_eq!(all_apart(&schema(), &corpus()), Vec::<String>::new());
}

/// A test of the test: a schema that lacks a word of limits and has one too many.
#[test]
fn a_word_too_few_and_one_too_many_are_found() {
    let mut schema = schema();
    let limit = schema["properties"]["limit"]["additionalProperties"]["properties"].as_object_mut().unwrap();
    let index = limit.remove("index").unwrap();
    limit.insert("rounding".to_owned(), index);
    let found = all_apart(&schema, &[GOOD.parse().unwrap()]);
    let place = r#"[Key("limit"), Key("town")]"#;
    let expected = ["`rounding` is in the schema alone", "`index` is known to the loader alone"];
    assert_eq!(found, expected.map(|what| format!("{place}: {what}")));
}

#[test]
fn a_portfolio_has_words_of_its_own() {
    let validator = validator();
    let portfolio = "udfald = 1\nportfolio = \"p\"\ninclude = [\"small.toml\"]\n";
    for word in words::TOP.now.iter().filter(|word| !["base", "remove"].contains(word)) {
        if portfolio.contains(word) {
            continue;
        }
        let mut file: Table = portfolio.parse().unwrap();
        let value = if *word == "investment" { Toml::from("p") } else { Toml::Table(Table::new()) };
        file.insert((*word).to_owned(), value);
        let unknown = |error: &jsonschema::ValidationError<'_>| {
            error.schema_path().to_string().contains("propertyNames")
        };
        let allowed = !validator.iter_errors(&json(&Toml::Table(file.clone()))).any(|error| unknown(&error));
        assert_eq!(allowed, !strays(&file).contains(*word), "{word}");
    }
}

/// Wherever one of a few words stands, the loader lists the words that the schema lists.
#[test]
fn the_loader_and_the_schema_list_the_same_values() {
    let schema = schema();
    let mut seen: BTreeMap<BTreeSet<String>, usize> = BTreeMap::new();
    for file in corpus() {
        for (way, value) in places(&Toml::Table(file.clone())) {
            let lists = described(&schema, &way);
            let Some(listed) = lists.iter().find_map(|node| node["enum"].as_array()) else { continue };
            if !value.is_str() {
                continue;
            }
            let listed: BTreeSet<String> =
                listed.iter().map(|word| format!("\"{}\"", word.as_str().unwrap())).collect();
            let errors = read(&with(&file, &way, |value| *value = Toml::from("?"))).unwrap_err();
            let help =
                errors.list().iter().find_map(|error| error.help.as_deref()?.strip_prefix("write one of "));
            let help = help.unwrap_or_else(|| panic!("{way:?}: {errors}"));
            assert_eq!(help.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), listed, "{way:?}");
            *seen.entry(listed).or_default() += 1;
        }
    }
    assert_eq!(seen.len(), 13, "every list is met: {seen:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    /// The schema never refuses what the loader accepts.
    #[test]
    fn what_the_loader_accepts_is_valid(file in any::<prop::sample::Index>(), place in any::<prop::sample::Index>(), value in 0usize..VALUES.len() + 6) {
        const MORE: [&str; 6] = ["1", "2", "\"1/3\"", "\"rest\"", "[0.5, 0.5]", "\"2026-07-01\""];
        let corpus = corpus();
        let file = file.get(&corpus);
        let whole = Toml::Table(file.clone());
        let places = places(&whole);
        let (way, _) = place.get(&places);
        prop_assume!(!way.is_empty());
        let text = VALUES.iter().chain(&MORE).nth(value).unwrap();
        let Ok(parsed) = format!("x = {text}").parse::<Table>() else { return Ok(()) };
        let changed = with(file, way, |value| *value = parsed["x"].clone());
        if read(&changed).is_ok() {
            let errors: Vec<_> = validator().iter_errors(&json(&Toml::Table(changed))).map(|error| error.to_string()).collect();
            prop_assert!(errors.is_empty(), "{way:?} = {text}: {}", errors.join("\n"));
        }
    }
}
