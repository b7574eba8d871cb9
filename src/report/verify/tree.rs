//! Comparing JSON files by key.

use serde_json::Value;

use super::{Difference, Telling};

/// What a file says of its run: told first, since it is why the rest differs.
const OF_THE_RUN: [&str; 2] = ["run.", "scenario."];

/// How a JSON file differs; `None` when only names of an older version do.
pub(super) fn difference(found: &[u8], expected: &[u8], telling: Telling<'_>) -> Option<Difference> {
    let words = telling.words;
    let (found, expected) = match (read(found), read(expected)) {
        (Ok(found), Ok(expected)) => (found, expected),
        (Err(why), _) | (_, Err(why)) => return Some(Difference::line(words.no_json(&why))),
    };
    let mut values = differences(&found, &expected);
    let all = values.len();
    values.retain(|value| !value.is_renamed(telling));
    if values.is_empty() && all > 0 {
        return None;
    }
    let (run, rest): (Vec<_>, Vec<_>) =
        values.into_iter().partition(|value| OF_THE_RUN.iter().any(|of| value.path.starts_with(of)));
    let lines = run.iter().chain(&rest).map(|value| value.told(telling)).collect();
    let said: Vec<_> = run.iter().map(|value| format!("{} {}", value.path, value.found)).collect();
    let other_run = (!said.is_empty()).then(|| words.said_run(&said.join(", ")));
    let mut told = Difference { lines, other_run }.shortened(words);
    if told.lines.is_empty() {
        told.lines.push(words.same_figures("0"));
    }
    Some(told)
}

fn read(bytes: &[u8]) -> Result<Value, String> {
    serde_json::from_slice(bytes).map_err(|error| error.to_string())
}

/// A value that is not what it should be.
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) found: Value,
    expected: Value,
}

impl Changed {
    pub(super) fn told(&self, telling: Telling<'_>) -> String {
        telling.words.value_is(&self.path, &self.found.to_string(), &self.expected.to_string())
    }

    /// Whether an older version only had another name for it.
    pub(super) fn is_renamed(&self, telling: Telling<'_>) -> bool {
        let (Value::String(found), Value::String(expected)) = (&self.found, &self.expected) else {
            return false;
        };
        telling.renamed.iter().any(|(old, new)| old == found && new == expected)
    }
}

/// The values that differ, in the order of the file that is expected.
pub(super) fn differences(found: &Value, expected: &Value) -> Vec<Changed> {
    let mut all = Vec::new();
    walk("", found, expected, &mut all);
    all
}

fn walk(path: &str, found: &Value, expected: &Value, all: &mut Vec<Changed>) {
    match (found, expected) {
        (Value::Object(found), Value::Object(expected)) => {
            for (key, expected) in expected {
                let found = found.get(key).unwrap_or(&Value::Null);
                walk(&format!("{path}.{key}"), found, expected, all);
            }
            for (key, value) in found.iter().filter(|(key, _)| !expected.contains_key(*key)) {
                walk(&format!("{path}.{key}"), value, &Value::Null, all);
            }
        }
        (Value::Array(found), Value::Array(expected)) if found.len() == expected.len() => {
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                walk(&format!("{path}.{}", index + 1), found, expected, all);
            }
        }
        _ if found != expected => {
            let path = path.trim_start_matches('.').to_owned();
            all.push(Changed { path, found: found.clone(), expected: expected.clone() });
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::profile::Profile;
    use crate::report::text::Language;

    fn told(found: &str, expected: &str) -> Option<Difference> {
        let renamed = vec![("inversion".to_owned(), "plain".to_owned())];
        let telling =
            Telling { words: Language::En.verify(), profile: Profile::Plain, trials: 1, renamed: &renamed };
        difference(found.as_bytes(), expected.as_bytes(), telling)
    }

    #[test]
    fn values_are_named_by_their_keys() {
        let told = |found: &str, expected: &str| told(found, expected).unwrap();
        let lines = told(r#"{"a": [{"b": 1}], "d": 1}"#, r#"{"a": [{"b": 2}]}"#).lines;
        assert_eq!(lines, ["a.1.b is 1, should be 2", "d is 1, should be null"]);
        assert!(told("{", "{}").lines[0].starts_with("damaged: "));
        assert!(told("{ }", "{}").lines[0].starts_with("no figure differs"));
        let other = told(r#"{"a": 1, "run": {"seed": 2}}"#, r#"{"a": 2, "run": {"seed": 1}}"#);
        assert_eq!(other.other_run.unwrap(), "it says itself of which run it is: run.seed 2");
    }

    #[test]
    fn a_name_that_changed_is_no_difference() {
        assert_eq!(told(r#"{"sampler": "inversion"}"#, r#"{"sampler": "plain"}"#), None);
        assert!(told(r#"{"sampler": "inversion", "a": 1}"#, r#"{"sampler": "plain", "a": 2}"#).is_some());
    }
}
