//! Comparing a file of a results folder with what it should be: which figure differs, in the file's own keys.

use std::path::Path;

use super::passport;
use super::profile::Profile;

/// Differences of one file that are shown one by one.
const MOST_SHOWN: usize = 5;

/// How a file differs from what it should be, one line a difference; none when it is the same.
#[must_use]
pub fn differences(name: &str, found: &[u8], expected: &[u8], profile: Profile) -> Vec<String> {
    if found == expected {
        return Vec::new();
    }
    let mut lines = if name == passport::NAME {
        passport_differences(found, expected)
    } else if Path::new(name).extension().is_some_and(|kind| kind == "csv") {
        cell_differences(found, expected, profile)
    } else {
        Vec::new()
    };
    if lines.is_empty() {
        let equal = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
        lines.push(format!("other bytes, from byte {equal} on; no figure differs"));
    }
    if lines.len() > MOST_SHOWN {
        let more = lines.len() - MOST_SHOWN;
        lines.truncate(MOST_SHOWN);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn rows(bytes: &[u8], profile: Profile) -> Vec<csv::ByteRecord> {
    let bytes = bytes.strip_prefix(profile.opening()).unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(profile.separator())
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    // A byte record is never refused: there is nothing that must be UTF-8.
    reader.byte_records().map_while(Result::ok).collect()
}

fn cell_differences(found: &[u8], expected: &[u8], profile: Profile) -> Vec<String> {
    let (found, expected) = (rows(found, profile), rows(expected, profile));
    let Some(header) = expected.first() else { return Vec::new() };
    let mut lines = Vec::new();
    if found.len() != expected.len() {
        lines.push(format!("{} rows instead of {}", found.len(), expected.len()));
    }
    for (found, expected) in found.iter().zip(&expected) {
        for (index, column) in header.iter().enumerate() {
            let (was, should) =
                (found.get(index).unwrap_or_default(), expected.get(index).unwrap_or_default());
            if was != should {
                let [column, was, should] = [column, was, should].map(String::from_utf8_lossy);
                lines.push(format!("{}: {column} is `{was}`, should be `{should}`", keys(header, expected)));
            }
        }
    }
    lines
}

/// The cells that name a row: all before its figures.
fn keys(header: &csv::ByteRecord, row: &csv::ByteRecord) -> String {
    let figures = header.iter().position(|name| name == b"value" || name == b"mean").unwrap_or(0);
    row.iter().take(figures).map(String::from_utf8_lossy).collect::<Vec<_>>().join(", ")
}

fn passport_differences(found: &[u8], expected: &[u8]) -> Vec<String> {
    let read = |bytes| serde_json::from_slice::<serde_json::Value>(bytes);
    let (Ok(found), Ok(expected)) = (read(found), read(expected)) else { return Vec::new() };
    let mut lines = Vec::new();
    value_differences("", &found, &expected, &mut lines);
    lines
}

fn value_differences(
    path: &str,
    found: &serde_json::Value,
    expected: &serde_json::Value,
    lines: &mut Vec<String>,
) {
    use serde_json::Value::{Array, Object};
    match (found, expected) {
        (Object(found), Object(expected)) => {
            for (key, expected) in expected {
                let found = found.get(key).unwrap_or(&serde_json::Value::Null);
                value_differences(&format!("{path}.{key}"), found, expected, lines);
            }
        }
        (Array(found), Array(expected)) if found.len() == expected.len() => {
            for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
                value_differences(&format!("{path}.{}", index + 1), found, expected, lines);
            }
        }
        _ if found != expected => {
            let path = path.trim_start_matches('.');
            lines.push(format!("{path} is {found}, should be {expected}"));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str =
        "investment,year,statistic,value,unit\nyouth,2028,p90,1.50,DKK\nyouth,2029,p90,2.50,DKK\n";

    fn compare(found: &str) -> Vec<String> {
        differences("summary.csv", found.as_bytes(), FILE.as_bytes(), Profile::Plain)
    }

    #[test]
    fn the_figure_that_differs_is_named() {
        assert!(compare(FILE).is_empty());
        assert_eq!(
            compare(&FILE.replace("2.50", "2.51")),
            ["youth, 2029, p90: value is `2.51`, should be `2.50`"]
        );
        assert_eq!(compare("a\n")[0], "1 rows instead of 3");
        assert_eq!(compare(&FILE.replace('\n', "\r\n")), ["other bytes, from byte 36 on; no figure differs"]);
    }

    #[test]
    fn many_differences_are_counted() {
        let long = |unit: &str| format!("id,value\n{}", format!("x,{unit}\n").repeat(9));
        let lines = differences("a.csv", long("1").as_bytes(), long("2").as_bytes(), Profile::Plain);
        assert_eq!((lines.len(), lines[5].as_str()), (6, "and 4 more"));
    }

    #[test]
    fn a_passport_differs_by_key() {
        let lines = differences(
            passport::NAME,
            br#"{"seed": 1, "files": [{"sha256": "a"}]}"#,
            br#"{"seed": 2, "files": [{"sha256": "b"}]}"#,
            Profile::Plain,
        );
        assert_eq!(lines, ["files.1.sha256 is \"a\", should be \"b\"", "seed is 1, should be 2"]);
    }
}
