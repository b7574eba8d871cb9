//! Scenarios compared: the table in both languages, the file, and what is refused.

use std::fs;

use super::{SMALL, files, stderr, stdout, text, udfald};

const REFERRALS: &str = "scenarios/social-referrals.toml";
const RETURN_11: &str = "scenarios/variants/social-referrals-return-11.toml";

fn compare(arguments: &[&str]) -> String {
    stdout(&udfald(["compare", "--trials", "4_000"]).args(arguments).assert().code(0))
}

#[test]
fn the_table_in_both_languages() {
    insta::assert_snapshot!(compare(&[REFERRALS, RETURN_11]));
    insta::assert_snapshot!(compare(&[REFERRALS, RETURN_11, "--lang", "da"]));
}

#[test]
fn a_scenario_against_itself() {
    let found = compare(&[SMALL, SMALL, SMALL]);
    for other in ["B", "C"] {
        assert!(
            found.contains(&format!("The town: the same under {other} as under A in every trial.")),
            "{found}"
        );
    }
}

#[test]
fn a_table_fits_a_hundred_columns() {
    for language in ["en", "da"] {
        let found = compare(&[
            "scenarios/norddjurs.toml",
            "scenarios/variants/norddjurs-return-11.toml",
            "--lang",
            language,
        ]);
        assert!(found.lines().all(|line| line.chars().count() <= 100), "{found}");
    }
}

#[test]
fn threads_and_language_change_no_byte() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let written = |more: &[&str]| {
        compare(&[&[REFERRALS, RETURN_11, "--out", text(&out)], more].concat());
        files(&out)
    };
    let one = written(&["--threads", "1"]);
    let names: Vec<_> = one.keys().map(|name| text(name)).collect();
    assert_eq!(
        names,
        [
            "compare.csv",
            "passport.json",
            "scenario/A/social-referrals.toml",
            "scenario/B/social-referrals.toml",
            "scenario/B/variants/social-referrals-return-11.toml",
        ]
    );
    assert_eq!(written(&["--threads", "3", "--lang", "da"]), one);
    assert_ne!(written(&["--seed", "2"]), one);
    // It is no folder of a run, and says which command wrote it.
    let message = stderr(&udfald(["verify", text(&out)]).assert().code(2));
    assert!(message.contains("it is of `udfald compare`"), "{message}");
    // A run may replace it.
    udfald(["run", SMALL, "--trials", "100", "--out", text(&out)]).assert().code(0);
}

#[test]
fn the_file_holds_each_scenario_and_each_difference() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    compare(&[REFERRALS, RETURN_11, "--out", text(&out)]);
    let plain = fs::read_to_string(out.join("compare.csv")).unwrap();
    // Two scenarios and a difference; one investment and all, three payers and all, two years and the total.
    assert_eq!(plain.lines().count(), 1 + 3 * 2 * 4 * 3 * 4);
    let value = |who: &str| -> f64 {
        let row =
            plain.lines().find(|line| line.starts_with(&format!("{who}all,norddjurs,total,mean,"))).unwrap();
        row.split(',').nth(6).unwrap().parse().unwrap()
    };
    assert!((value("B,,") - value("A,,") - value("B,A,")).abs() < 0.011);
    compare(&[REFERRALS, RETURN_11, "--csv", "excel-da", "--out", text(&out)]);
    let danish = fs::read_to_string(out.join("compare.csv")).unwrap();
    assert!(danish.starts_with("\u{feff}scenario;minus;investment;"));
}

#[test]
fn what_cannot_be_compared_is_refused() {
    udfald(["compare", SMALL]).assert().code(2);
    udfald(["compare", SMALL, "none.toml"]).assert().code(2);
    let message = stderr(&udfald(["compare", SMALL, SMALL, "--out", "tests/fixtures"]).assert().code(2));
    assert!(message.contains("tests/fixtures"), "{message}");
}
