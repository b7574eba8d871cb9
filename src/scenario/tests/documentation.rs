//! Every example of the reference is read: whole files as they stand, fragments spliced into a small contract.

use super::*;
use crate::scenario::words::{self, Words};

const REFERENCE: &str = include_str!("../../../docs/scenario-format.md");

/// The fenced blocks of the reference with the words after `toml` on the fence.
pub(super) fn blocks() -> Vec<(&'static str, &'static str)> {
    let fenced = |part: &'static str| part.split_once('\n').map(|(words, text)| (words.trim(), text));
    REFERENCE
        .split("```toml")
        .skip(1)
        .filter_map(fenced)
        .map(|(w, t)| (w, t.split("```").next().unwrap_or("")))
        .collect()
}

/// The small contract that the reference prints first; fragments are laid over it.
pub(super) fn small() -> &'static str {
    blocks()[0].1
}

/// A fragment is laid over the small contract as a variant is over its base.
fn load_block(words: &str, text: &str) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let text =
        if words.contains("fragment") { format!("base = \"small.toml\"\n{text}") } else { text.to_owned() };
    load_from_memory(
        &files(&[("x.toml", &text), ("small.toml", small()), ("folder/small.toml", small())]),
        "x.toml",
    )
}

#[test]
fn every_example_is_read() {
    assert!(blocks().len() > 20);
    for (words, text) in blocks() {
        match load_block(words, text) {
            Ok((_, warnings)) => assert!(warnings.is_empty(), "{text}\n{warnings}"),
            Err(errors) => panic!("{text}\n{errors}"),
        }
    }
}

#[test]
fn every_word_is_explained() {
    let tables: &[&Words] = &[
        &words::TOP,
        &words::PORTFOLIO,
        &words::PARTY,
        &words::FUND,
        &words::PROMISE,
        &words::GUARANTEE,
        &words::SHARE,
        &words::DUE_TO,
        &words::BASE,
        &words::COHORT,
        &words::EVERY,
        &words::INPUT,
        &words::SHIFT,
        &words::LOW_MID_HIGH,
        &words::QUANTILES,
        &words::METALOG,
        &words::MIXED,
        &words::EXPERT,
        &words::EVIDENCE,
        &words::CORRELATION,
        &words::COPULA,
        &words::FACTOR,
        &words::EVENT,
        &words::INDEX,
        &words::OUTCOME,
        &words::NOISE,
        &words::PEOPLE_WITH,
        &words::EACH,
        &words::STAYS,
        &words::TERM,
        &words::ROW,
        &words::TEST,
        &words::COMPARE,
        &words::SPLIT,
        &words::LIMIT,
        &words::EXCESS,
        &words::PAYMENT,
        &words::BUDGET,
    ];
    for word in tables.iter().flat_map(|table| table.now) {
        let explained = REFERENCE.contains(&format!("`{word}")) || REFERENCE.contains(&format!("{word} ="));
        assert!(explained, "`{word}` is not in the reference");
    }
    for (word, _) in tables
        .iter()
        .flat_map(|table| table.reserved)
        .filter(|(word, _)| !["low", "mid", "high"].contains(word))
    {
        assert!(
            REFERENCE.contains(&format!("`{word}`")),
            "the reserved word `{word}` is not in the reference"
        );
    }
}
