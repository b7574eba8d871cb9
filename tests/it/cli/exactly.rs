//! `verify --exact` sets the exact answer beside the simulation, or says what is out of reach.

use super::{SMALL, stderr, stdout, udfald};

#[test]
fn a_small_contract_agrees_in_both_languages() {
    for (language, verdict, all) in
        [("en", "agree: largest z", "All payers"), ("da", "stemmer: største z", "Alle betalere")]
    {
        let assert =
            udfald(["verify", SMALL, "--exact", "--trials", "20_000", "--lang", language]).assert().code(0);
        let text = stdout(&assert);
        assert!(text.contains(verdict) && text.contains(all) && text.contains("return-cap"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
    }
}

#[test]
fn what_is_out_of_reach_is_known_before_the_first_trial() {
    let assert = udfald(["verify", "scenarios/social-referrals.toml", "--exact"]).assert().code(2);
    let text = stderr(&assert);
    assert!(text.contains("out of reach") && text.contains("`wellbeing_rate`"), "{text}");
    assert_eq!(stdout(&assert), "");
}

#[test]
fn its_options_go_with_it() {
    for option in [["--trials", "10"], ["--seed", "2"]] {
        let [name, value] = option;
        let assert = udfald(["verify", "somewhere", name, value]).assert().code(2);
        assert!(stderr(&assert).contains("--exact"), "{}", stderr(&assert));
    }
}
