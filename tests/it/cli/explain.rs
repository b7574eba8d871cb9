//! The ledger of one trial, as a table in both languages and as a file.

use std::collections::BTreeMap;
use std::fs;

use super::{SMALL, stderr, stdout, text, udfald};

const PORTFOLIO: &str = "scenarios/norddjurs.toml";
const G1: &str = "scenarios/gallery/g1-quarterly-cap.toml";

const EVERYTHING: &str = "tests/fixtures/everything.toml";

fn explain(arguments: &[&str]) -> String {
    stdout(&udfald(["explain"]).args(arguments).assert().code(0))
}

#[test]
fn the_ledger_at_p90_in_english() {
    insta::assert_snapshot!(explain(&[PORTFOLIO, "--at", "P90", "--party", "norddjurs"]));
}

#[test]
fn the_ledger_at_p90_in_danish() {
    insta::assert_snapshot!(explain(&[PORTFOLIO, "--at", "P90", "--party", "norddjurs", "--lang", "da"]));
}

#[test]
fn the_ledger_of_all_payers_in_danish() {
    insta::assert_snapshot!(explain(&[PORTFOLIO, "--at", "P90", "--lang", "da"]));
}

#[test]
fn the_ledger_of_twelve_quarters() {
    insta::assert_snapshot!(explain(&[G1, "--at", "P90"]));
}

/// The city paid nothing; the guarantor paid the lender on the last day, outside the limits.
#[test]
fn a_guarantee_is_a_row_of_its_own() {
    let ledger = explain(&["scenarios/gallery/nyc-able.toml", "--case", "actual"]);
    let row = ledger.lines().find(|line| line.contains("guarantee of fund goldman")).expect("a row");
    assert_eq!(row.matches("7,200,000.00").count(), 2, "{ledger}");
    assert!(!ledger.contains("not itemised"), "{ledger}");
}

/// Groups, a ladder of prices, a condition, persons, what falls on another payer and rolls; more payers than columns.
#[test]
fn the_ledger_of_a_contract_with_everything() {
    insta::assert_snapshot!(explain(&[EVERYTHING, "--trial", "3"]));
    insta::assert_snapshot!(explain(&[EVERYTHING, "--case", "actual", "--party", "region", "--lang", "da"]));
}

#[test]
fn the_ledger_of_a_course() {
    insta::assert_snapshot!(explain(&["scenarios/social-referrals.toml", "--case", "plan"]));
}

#[test]
fn a_ledger_fits_a_hundred_columns_and_a_screen() {
    for language in ["en", "da"] {
        for more in [&["--party", "norddjurs"][..], &[]] {
            let mut arguments = vec![PORTFOLIO, "--at", "P90", "--lang", language];
            arguments.extend(more);
            let text = explain(&arguments);
            assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
            assert!(!text.contains("not itemised") && !text.contains("ikke specificeret"), "{text}");
            assert!(more.is_empty() || text.lines().count() <= 62, "{} lines\n{text}", text.lines().count());
        }
    }
}

#[test]
fn the_same_trial_by_any_number_of_threads_and_by_its_index() {
    let at = |threads: &str| explain(&[PORTFOLIO, "--at", "P90", "--trials", "20_000", "--threads", threads]);
    let found = at("1");
    assert_eq!(found, at("3"));
    let (_, rest) = found.split_once("trial ").unwrap();
    let trial: String = rest.chars().take_while(|c| *c != ' ').filter(char::is_ascii_digit).collect();
    let alone = explain(&[PORTFOLIO, "--trial", &trial]);
    let below = |text: &str| text.split_once("In DKK.").unwrap().1.to_owned();
    assert_eq!(below(&alone), below(&found));
}

#[test]
fn a_trial_beyond_the_last_of_a_run_can_be_computed_alone() {
    let text = explain(&[SMALL, "--trial", "123_456_789", "--trials", "10"]);
    assert!(text.contains("trial 123,456,789 (seed 1)"), "{text}");
}

/// Kroner as øre.
fn ore(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

#[test]
fn the_lines_of_the_file_add_up_to_its_accounts() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("ledger.csv");
    for (scenario, trial) in
        [(PORTFOLIO, "60_734"), (PORTFOLIO, "3"), (G1, "5"), (SMALL, "0"), (EVERYTHING, "3")]
    {
        explain(&[scenario, "--trial", trial, "--ledger", text(&path)]);
        let mut reader = csv::Reader::from_path(&path).unwrap();
        let header = reader.headers().unwrap().clone();
        let column = |name: &str| header.iter().position(|found| found == name).unwrap();
        let [investment, step, party, year, measure, value] =
            ["investment", "step", "party", "year", "measure", "value"].map(column);
        let (mut lines, mut accounts) = (BTreeMap::new(), BTreeMap::new());
        for row in reader.records() {
            let row = row.unwrap();
            let flow = if &row[step] == "account" { &row[measure] } else { &row[step] };
            let at = |i: &str, p: &str, y: &str| (i.to_owned(), p.to_owned(), y.to_owned(), flow.to_owned());
            if &row[step] == "account" {
                accounts.insert(at(&row[investment], &row[party], &row[year]), ore(&row[value]));
            } else if &row[measure] == "amount" && &row[step] != "amount" {
                for i in [&row[investment], "all"] {
                    for p in [&row[party], "all"] {
                        for y in [&row[year], "total"] {
                            *lines.entry(at(i, p, y)).or_insert(0) += ore(&row[value]);
                        }
                    }
                }
            }
        }
        assert!(accounts.len() > 20);
        assert_eq!(lines, accounts, "{scenario}");
        let total = |flow: &str| {
            let at = ["all", "all", "total", flow].map(str::to_owned);
            let [i, p, y, f] = at;
            accounts.get(&(i, p, y, f)).copied().unwrap_or(0)
        };
        let left = total("earned") - total("cut") - total("moved_out") + total("moved_in") - total("payment");
        assert_eq!(left, 0, "{scenario}");
    }
}

#[test]
fn the_file_in_both_profiles() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("ledger.csv");
    explain(&[SMALL, "--trial", "7", "--ledger", text(&path)]);
    let plain = fs::read_to_string(&path).unwrap();
    insta::assert_snapshot!(plain);
    // A file of another profile is not taken for an older ledger.
    udfald(["explain", SMALL, "--trial", "7", "--csv", "excel-da", "--ledger", text(&path)]).assert().code(2);
    let danish = place.path().join("regnskab.csv");
    explain(&[SMALL, "--trial", "7", "--csv", "excel-da", "--ledger", text(&danish)]);
    let danish = fs::read_to_string(&danish).unwrap();
    assert!(danish.starts_with("\u{feff}line;investment;step;"), "{danish}");
    let rows: Vec<_> = danish.lines().zip(plain.lines()).collect();
    assert_eq!(danish.lines().count(), plain.lines().count());
    let same = |(danish, plain): &(&str, &str)| danish.replace(',', ".").replace(';', ",") == **plain;
    assert!(rows[1..].iter().all(same));
}

#[test]
fn a_file_that_is_no_ledger_is_left_alone() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("notes.txt");
    fs::write(&path, "dear diary").unwrap();
    udfald(["explain", SMALL, "--trial", "7", "--ledger", text(&path)]).assert().code(2).stdout("");
    assert_eq!(fs::read_to_string(&path).unwrap(), "dear diary");
}

#[test]
fn what_does_not_fit_is_refused_with_help() {
    let refused = |arguments: &[&str]| {
        let assert = udfald(["explain", PORTFOLIO]).args(arguments).assert().code(2).stdout("");
        stderr(&assert)
    };
    for at in ["P0", "P100", "90", "P9.5", "median"] {
        assert!(refused(&["--at", at]).contains("write P1 to P99"), "{at}");
    }
    for trial in ["-1", "1.5", "1_099_511_627_776", "first"] {
        refused(&["--trial", trial]);
    }
    refused(&[]);
    refused(&["--trial", "1", "--at", "P90"]);
    refused(&["--trial", "1", "--case", "plan"]);
    assert!(refused(&["--at", "P90", "--party", "nordjurs"]).contains("did you mean `norddjurs`?"));
    let message = refused(&["--at", "P90", "--party", "dsi"]);
    assert!(message.contains("`dsi` pays nothing") && message.contains("`ostifterne`"), "{message}");
    assert!(refused(&["--case", "plann"]).contains("did you mean `plan`?"));
    let message = stderr(&udfald(["explain", G1, "--case", "plan"]).assert().code(2));
    assert!(message.contains("has no [case]"), "{message}");
}

#[test]
fn quantiles_may_be_written_small() {
    let at = |percent: &str| explain(&[SMALL, "--at", percent, "--trials", "2_000"]);
    assert_eq!(at("p90"), at("P90"));
}
