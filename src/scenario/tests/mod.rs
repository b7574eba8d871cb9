//! Whole files: the shipped kinds load and mean what they say; every kind of bad file is refused.

mod bad_cases;
mod bad_files;
mod bad_groups;
mod bad_limits;
mod bad_money;
mod bad_outcomes;
mod bad_people;
mod bad_persons;
mod bad_terms;
mod documentation;
mod meaning;
mod robustness;
mod schema;
mod variants;

use std::path::{Path, PathBuf};

use super::*;

/// A small contract that uses most words once; tests change one line of it.
const GOOD: &str = r#"udfald     = 1
investment = "homes"
currency   = "DKK"
starts     = 2026-01-01
ends       = 2029-12-31
stated     = "s1: annex 2"
[documents]
s1 = "Contract of 2025-12-01"
[party]
town   = { name = "Town" }
region = {}
fund   = {}
[fund.loan]
party      = "fund"
amount     = 1_000_000
drawn      = { 2026-01-01 = 0.5, 2027-01-01 = "rest" }
return_cap = { balance = 0.05 }
[factor.labour_market]
[event.reform]
chance = 0.25
on     = 2026-09-01
[input]
places    = { pert = { low = 80, mode = 95, high = 95 }, class = "shock" }
home_rate = { beta = { a = 8, b = 8 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
effect    = { normal = { mean = 0.1, sd = 0.05 }, at_least = 0 }
[cohort]
people  = "places"
intakes = { 2026-01-01 = "1/3", 2027-01-01 = "rest" }
[outcome.in_home]
of   = "enrolled"
at   = "12 months"
rate = "home_rate"
[outcome.fewer_nights]
of    = "enrolled"
at    = "12 months"
level = "effect"
noise = { sd = 0.7, people = "enrolled", matched = 10 }
[term.home]
for     = "in_home"
price   = 12_500
paid_by = { town = 0.75, region = 0.25 }
[term.nights]
for      = "fewer_nights"
measured = "each intake"
price    = [ { from = 0.03, pay = 0, rise_to = 1 }, { from = 0.11, pay = 1 } ]
base     = [100_000, 200_000]
paid_by  = "region"
[limit.town]
payer   = "town"
per     = "contract"
at_most = 300_000
excess  = "lost"
[payment]
due = { after = "6 months" }
[case.plan]
home_rate = 0.5
reform    = false
"#;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn loaded(name: &str) -> Scenario {
    let (scenario, warnings) =
        load_with_warnings(&fixture(name)).unwrap_or_else(|errors| panic!("\n{errors}"));
    assert!(warnings.is_empty(), "\n{warnings}");
    scenario
}

/// Files in memory, by name.
fn files(files: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
}

fn read_text(text: &str) -> Result<(Scenario, Diagnostics), Diagnostics> {
    load_from_memory(&files(&[("homes.toml", text)]), "homes.toml")
}

/// The good contract with one text changed into another.
fn changed(from: &str, to: &str) -> String {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` must stand once in the good contract");
    GOOD.replace(from, to)
}

/// What the program says about the changed contract.
fn refused(from: &str, to: &str) -> String {
    refused_text(&changed(from, to))
}

fn refused_text(text: &str) -> String {
    match read_text(text) {
        Ok(_) => panic!("accepted:\n{text}"),
        Err(errors) => errors.to_string(),
    }
}

/// What the contract means, without the places where it is written.
fn meaning(scenario: &Scenario) -> String {
    let text = format!("{scenario:#?}");
    let place = |line: &&str| {
        let line = line.trim_start();
        line.starts_with("span: ") || line.starts_with("sources: ")
    };
    let end = text.find("\n    sources: ").unwrap_or(text.len());
    text[..end].lines().filter(|line| !place(line)).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_good_contract_is_good() {
    let (_, warnings) = read_text(GOOD).unwrap_or_else(|errors| panic!("\n{errors}"));
    assert!(warnings.is_empty(), "\n{warnings}");
}
