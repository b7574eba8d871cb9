//! Correlations as `check` and `run` tell them, and their file.

use super::{files, stdout, text, udfald};

const CORRELATED: &str = "scenarios/variants/social-referrals-correlated.toml";

#[test]
fn check_tells_every_pair() {
    let said = stdout(&udfald(["check", CORRELATED]).assert().code(0));
    assert!(said.contains("correlation goals, extremes together (t copula, 4 degrees of freedom)"), "{said}");
    assert!(said.contains("      wellbeing_rate with less_help_rate: rank correlation 0.6\n"), "{said}");
}

#[test]
fn run_tells_what_was_asked_and_what_came_out() {
    let said = |language: &str| {
        let run = udfald(["run", CORRELATED, "--trials", "20_000", "--lang", language]).assert().code(0);
        let said = stdout(&run).split_whitespace().collect::<Vec<_>>().join(" ");
        let start = said.find("orrelation goals").or(said.find("amvariation goals")).unwrap_or(0);
        said[start - 1..].split_inclusive(").").next().unwrap_or("").to_owned()
    };
    insta::assert_snapshot!(format!("{}\n{}", said("en"), said("da")));
}

#[test]
fn the_file_has_three_rows_a_pair() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    udfald(["run", CORRELATED, "--trials", "20_000", "--out", text(&out)]).assert().code(0);
    let found = files(&out);
    let sheet = String::from_utf8(found[std::path::Path::new("correlations.csv")].clone()).unwrap();
    insta::assert_snapshot!(sheet);
    udfald(["verify", text(&out)]).assert().code(0);
}

#[test]
fn sensitivity_draws_a_correlation_as_one() {
    let mut run = udfald(["sensitivity", CORRELATED, "--trials", "2_000", "--party", "norddjurs"]);
    let said = stdout(&run.assert().code(0));
    let sources = said.split("Alone").nth(1).unwrap_or("");
    assert!(sources.lines().any(|line| line.trim_start().starts_with("goals ")), "{said}");
}

#[test]
fn trials_that_are_spread_are_ranked_too() {
    for sampler in ["lhs", "sobol"] {
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let run = ["run", CORRELATED, "--trials", "8_192", "--sampler", sampler, "--out", text(&out)];
        let said = stdout(&udfald(run).assert().code(0));
        assert!(said.contains("Rank correlation asked for"), "{sampler}: {said}");
        udfald(["verify", text(&out)]).assert().code(0);
    }
}
