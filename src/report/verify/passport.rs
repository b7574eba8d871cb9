//! Comparing a passport with that of the run: which file's digest it has wrong, and what else it says.

use serde_json::Value;

use super::checked::{Checked, State};
use super::{Difference, Telling, tree};

/// What is wrong with a passport, given what is known of the files; it is the last of them.
pub(super) fn compared(
    found: &[u8],
    expected: &[u8],
    files: &[Checked],
    scenario_changed: bool,
    telling: Telling<'_>,
) -> (State, Difference) {
    if found == expected {
        return (State::Same, Difference::default());
    }
    if scenario_changed {
        return (State::OtherScenario, Difference::default());
    }
    let read = |bytes| serde_json::from_slice::<Value>(bytes).unwrap_or_default();
    let (mut found, mut expected) = (read(found), read(expected));
    let (ours, theirs) = (digests(&mut found), digests(&mut expected));
    let mut lines = digest_lines(&ours, &theirs, files, telling);
    let values = tree::differences(&found, &expected).into_iter();
    lines.extend(values.filter(|value| !value.is_renamed(telling)).map(|value| value.told(telling)));
    if !lines.is_empty() {
        return (State::Passport, Difference { lines, other_run: None }.shortened(telling.words));
    }
    if telling.renamed.is_empty() {
        return (State::Passport, Difference::line(telling.words.same_figures("0")));
    }
    (State::Renamed, Difference::default())
}

/// Takes the digests of files out of a passport.
fn digests(passport: &mut Value) -> Vec<(String, String)> {
    let files = passport.get_mut("files").map(Value::take).unwrap_or_default();
    let text = |file: &Value, key: &str| file.get(key).and_then(Value::as_str).map(str::to_owned);
    let pair = |file: &Value| Some((text(file, "name")?, text(file, "sha256")?));
    files.as_array().into_iter().flatten().filter_map(pair).collect()
}

fn digest_lines(
    found: &[(String, String)],
    expected: &[(String, String)],
    files: &[Checked],
    telling: Telling<'_>,
) -> Vec<String> {
    let words = telling.words;
    let of = |all: &[(String, String)], name: &str| {
        all.iter().find(|(known, _)| known == name).map(|(_, digest)| digest.clone())
    };
    let mut lines = Vec::new();
    for (name, digest) in expected {
        let state = files.iter().find(|file| file.name == *name).map(|file| file.state);
        lines.extend(match (of(found, name), state) {
            (None, _) => Some(words.digest_is_missing(name)),
            (Some(found), _) if found == *digest => None,
            (_, Some(State::Renamed | State::OtherVersion)) => None,
            (_, Some(State::Same)) => Some(words.digest_is_wrong(name)),
            (_, Some(State::WithDigest)) => Some(words.digest_of_the_file(name)),
            _ => Some(words.digest_of_another(name)),
        });
    }
    let more = found.iter().filter(|(name, _)| of(expected, name).is_none());
    lines.extend(more.map(|(name, _)| words.names_a_file(name)));
    lines
}
