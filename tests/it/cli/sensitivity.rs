//! Sensitivity on the terminal and in its file.

use std::fs;

use super::{SMALL, files, stderr, stdout, text, udfald};

const PORTFOLIO: &str = "scenarios/norddjurs.toml";

fn sensitivity(arguments: &[&str]) -> String {
    stdout(&udfald(["sensitivity", "--trials", "3_000"]).args(arguments).assert().code(0))
}

#[test]
fn the_text_in_both_languages() {
    insta::assert_snapshot!(sensitivity(&[PORTFOLIO]));
    insta::assert_snapshot!(sensitivity(&[PORTFOLIO, "--party", "norddjurs", "--lang", "da"]));
}

#[test]
fn a_text_fits_a_hundred_columns() {
    for language in ["en", "da"] {
        for scenario in [SMALL, "scenarios/youth.toml"] {
            let found = sensitivity(&[scenario, "--lang", language]);
            assert!(found.lines().all(|line| line.chars().count() <= 100), "{found}");
        }
    }
}

#[test]
fn threads_and_language_change_no_byte() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let written = |more: &[&str]| {
        sensitivity(&[&[SMALL, "--out", text(&out)], more].concat());
        files(&out)
    };
    let one = written(&["--threads", "1"]);
    let names: Vec<_> = one.keys().map(|name| text(name)).collect();
    assert_eq!(names, ["passport.json", "scenario/small.toml", "sensitivity.csv"]);
    assert_eq!(written(&["--threads", "3", "--lang", "da", "--party", "town"]), one);
    assert_ne!(written(&["--seed", "2"]), one);
    let csv = fs::read_to_string(out.join("sensitivity.csv")).unwrap();
    let header = "party,year,flow,kind,item,statistic,value,ci_low,ci_high,unit";
    assert_eq!(csv.lines().next(), Some(header));
    // No index without its interval.
    for line in csv.lines().filter(|line| line.contains("_order,") || line.contains("variance_share")) {
        assert!(!line.contains(",,"), "{line}");
    }
}

#[test]
fn a_payer_that_is_none_is_refused() {
    let message = stderr(&udfald(["sensitivity", PORTFOLIO, "--party", "nordjurs"]).assert().code(2));
    assert!(message.contains("did you mean `norddjurs`?"), "{message}");
}
