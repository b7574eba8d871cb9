//! Values put in place of those of a file: `limit.norddjurs.at_most = 800_000`, as a variant would.
//!
//! A setting is read as a file of one line, so that what is wrong with it is shown with its place like everything else.
//! In a portfolio the path begins with the id of the contract.

use thiserror::Error;

use super::diagnose::Diagnostic;
use super::model::Span;
use super::overlay::Reader;
use super::raw::{self, Entry, Item, Table, Value};
use super::suggest;
use super::words::{self, ALONE, BY_ID};

/// A value for a place in a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    path: Vec<String>,
    line: String,
}

/// Why a setting is none.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// A part of the path is no key.
    #[error("`{0}` is no path; write the keys of a scenario with points between: `limit.norddjurs.at_most`")]
    Path(String),
    /// The value is empty or goes over several lines.
    #[error(
        "`{0}` is no value; write it as in a scenario: `800_000`, `0.05`, `{{ balance = 0.05 }}`, `lost`"
    )]
    Value(String),
}

impl Set {
    /// The value for a path of keys with points between; a value that is no TOML is taken as a text.
    ///
    /// # Errors
    /// When the path or the value cannot be one.
    pub fn new(path: &str, value: &str) -> Result<Self, SetError> {
        let plain = |key: &str| {
            !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        };
        let keys: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
        if !keys.iter().all(|key| plain(key)) {
            return Err(SetError::Path(path.to_owned()));
        }
        let value = value.trim();
        let word = plain(value) && value.starts_with(|c: char| c.is_ascii_alphabetic());
        let value = match value {
            "true" | "false" => value.to_owned(),
            _ if word => format!("\"{value}\""),
            _ => value.to_owned(),
        };
        let set = Self { line: format!("{} = {value}", keys.join(".")), path: keys };
        let one_line = !value.is_empty() && !value.contains(['\n', '\r']);
        if one_line && toml::de::DeTable::parse(&set.line).is_ok() {
            Ok(set)
        } else {
            Err(SetError::Value(value))
        }
    }

    /// The path as written.
    #[must_use]
    pub fn path(&self) -> String {
        self.path.join(".")
    }
}

/// A setting, and whether a tree has taken it.
#[derive(Debug)]
pub(crate) struct Pending {
    set: Set,
    used: bool,
}

impl Pending {
    pub(crate) fn new(set: &Set) -> Self {
        Self { set: set.clone(), used: false }
    }
}

impl Reader<'_> {
    /// Puts the settings that belong to a tree into it: those of its contract by id, and those whose first key it has.
    /// `within` is the id of the contract; the settings of a portfolio's own file have none.
    pub(crate) fn put_sets(&mut self, tree: &mut Table, alone: bool) {
        let id = match tree.item("investment").map(|item| &item.value) {
            Some(Value::Text(id)) => Some(id.clone()),
            _ => None,
        };
        for index in 0..self.sets.len() {
            let Pending { set, used } = &self.sets[index];
            let named = set.path.len() > 1 && Some(&set.path[0]) == id.as_ref();
            let here = named || (alone && (tree.get(&set.path[0]).is_some() || id.is_some()));
            if *used || !here {
                continue;
            }
            let set = set.clone();
            self.sets[index].used = true;
            self.put(tree, &set, usize::from(named));
        }
    }

    /// Reports settings that no tree took.
    pub(crate) fn unused_sets(&mut self, ids: &[String]) {
        let left: Vec<Set> = self.sets.iter().filter(|p| !p.used).map(|p| p.set.clone()).collect();
        for set in left {
            let Some((_, span)) = self.line(&set) else { continue };
            let first = &set.path[0];
            let known = BY_ID.contains(&first.as_str()) || ALONE.contains(&first.as_str());
            let (title, help) = if known {
                let examples: Vec<_> = ids.iter().map(|id| format!("`{id}.{}`", set.path())).collect();
                let title = "this scenario holds several contracts; say which one is meant".to_owned();
                (title, Some(format!("write {}", examples.join(" or "))))
            } else {
                let help = suggest::help(first, ids.iter().map(String::as_str));
                (format!("there is no contract `{first}` in this scenario"), help)
            };
            self.findings.push(Diagnostic::error(span, title).label("this path").maybe_help(help));
        }
    }

    /// A setting as an entry of its last key, and the span of its path.
    fn line(&mut self, set: &Set) -> Option<(Entry, Span)> {
        let (text, offset) = self.sources.add_line("--set", &set.line);
        let mut table = raw::parse(&text, offset, &mut self.findings).ok()?;
        let span = offset..offset + set.path().len();
        for key in &set.path[..set.path.len() - 1] {
            match table.0.remove(key)?.item.value {
                Value::Table(inner) => table = inner,
                _ => return None,
            }
        }
        table.0.remove(set.path.last()?).map(|entry| (entry, span))
    }

    fn put(&mut self, tree: &mut Table, set: &Set, skip: usize) {
        let Some((entry, span)) = self.line(set) else { return };
        let path = &set.path[skip..];
        if let Err(missing) = put_at(tree, path, entry) {
            let title = format!("the scenario has no `{}` to set", missing.path);
            let error = Diagnostic::error(span, title).label("this path");
            self.findings.push(error.maybe_help(missing.help));
        }
    }
}

/// The part of a path that is not there.
struct Missing {
    path: String,
    help: Option<String>,
}

/// Puts an entry at a path whose tables all exist; what excludes it goes, as under a variant.
fn put_at(tree: &mut Table, path: &[String], entry: Entry) -> Result<(), Missing> {
    let Some((last, tables)) = path.split_last() else { return Ok(()) };
    let mut at = tree;
    for (depth, key) in tables.iter().enumerate() {
        let missing = |help| Missing { path: path[..=depth].join("."), help };
        let help = suggest::help(key, at.keys());
        at = match at.0.get_mut(key).map(|entry| &mut entry.item.value) {
            Some(Value::Table(inner)) => inner,
            Some(Value::List(items)) => {
                return put_in_list(items, &path[depth + 1..], entry)
                    .ok_or_else(|| Missing { path: path.join("."), help: Some(list_help(items.len())) });
            }
            Some(_) => return Err(missing(Some(format!("`{key}` is a value, not a table")))),
            None => return Err(missing(help)),
        };
    }
    let words = words::of_table(&path[0]);
    let depth = if BY_ID.contains(&path[0].as_str()) { 3 } else { 2 };
    if path.len() == depth {
        let groups = words.map_or(&[][..], |words| words.one_of);
        for other in groups.iter().filter(|group| group.contains(&last.as_str())).copied().flatten() {
            at.0.remove(*other);
        }
    }
    if let Some(Value::List(items)) = at.0.get_mut(last).map(|entry| &mut entry.item.value)
        && path.len() > depth
        && items.is_empty()
    {
        items.push(entry.item);
        return Ok(());
    }
    at.0.insert(last.clone(), entry);
    Ok(())
}

/// Parts of lists are counted from 1.
fn put_in_list(items: &mut [Item], path: &[String], entry: Entry) -> Option<()> {
    let (first, rest) = path.split_first()?;
    let index: usize = first.parse().ok()?;
    let item = items.get_mut(index.checked_sub(1)?)?;
    match (&mut item.value, rest) {
        (_, []) => {
            *item = entry.item;
            Some(())
        }
        (Value::Table(inner), [key]) => inner.0.insert(key.clone(), entry).map(|_| ()),
        _ => None,
    }
}

fn list_help(count: usize) -> String {
    format!("the list has {count} parts, counted from 1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::load_with;

    const PORTFOLIO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/norddjurs.toml");
    const SINGLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/social-referrals.toml");

    fn loaded(file: &str, path: &str, value: &str) -> Result<crate::scenario::Scenario, String> {
        let set = Set::new(path, value).map_err(|error| error.to_string())?;
        load_with(std::path::Path::new(file), &[set]).map_err(|error| error.to_string())
    }

    fn limit(scenario: &crate::scenario::Scenario) -> String {
        format!("{:?}", scenario.investments[0].limits.iter().map(|limit| &limit.at_most).collect::<Vec<_>>())
    }

    #[test]
    fn a_value_is_put_in_place() {
        let found = loaded(SINGLE, "limit.norddjurs.at_most", "800_000").unwrap();
        assert!(limit(&found).contains("Amount(80000000)"), "{}", limit(&found));
        let found = loaded(PORTFOLIO, "social-referrals.limit.norddjurs.at_most", "800_000").unwrap();
        assert!(limit(&found).contains("Amount(80000000)"), "{}", limit(&found));
        for (path, value) in [
            ("input.referrals.pert.mode", "280"),
            ("input.referrals.triangular", "{ low = 150, mode = 300, high = 360 }"),
            ("social-referrals.input.referrals.class", "ignorance"),
            ("term.health.base.1", "1_400_000"),
            ("term.health.price.1.from", "0.02"),
            ("fund.dsi.return_cap", "{ balance = 0.05 }"),
            ("limit.norddjurs.per", "year"),
        ] {
            if let Err(error) = loaded(SINGLE, path, value) {
                panic!("{path}: {error}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_says_what_to_write() {
        for (file, path, value, help) in [
            (SINGLE, "limit.nordjurs.at_most", "1", "did you mean `norddjurs`?"),
            (SINGLE, "limits.norddjurs.at_most", "1", "did you mean `limit`?"),
            (SINGLE, "limit.norddjurs.at_mots", "1", "at_most"),
            (SINGLE, "limit.norddjurs.at_most", "-5", "--set"),
            (SINGLE, "term.health.base.3", "1", "counted from 1"),
            (SINGLE, "limit.norddjurs.at_most.more", "1", "not a table"),
            (PORTFOLIO, "limit.norddjurs.at_most", "1", "`social-referrals.limit.norddjurs.at_most`"),
            (PORTFOLIO, "yuoth.limit.norddjurs.at_most", "1", "did you mean `youth`?"),
        ] {
            let error = loaded(file, path, value).unwrap_err();
            assert!(error.contains(help), "{path}={value}: {error}");
        }
        assert!(Set::new("limit..x", "1").is_err() && Set::new("", "1").is_err());
        assert!(
            Set::new("a.b", "").is_err()
                && Set::new("a.b", "[1").is_err()
                && Set::new("a.b", "1\nc = 2").is_err()
        );
    }
}
