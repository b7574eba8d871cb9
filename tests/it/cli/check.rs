//! `check` says what would run, without running it.

use super::{SMALL, stdout, udfald};

#[test]
fn a_scenario_is_shown_with_its_warnings_and_its_limits_in_order() {
    let text = stdout(&udfald(["check", SMALL]).assert().code(0));
    insta::assert_snapshot!(text, @r"
    warning[return-cap-idle]: the return cap of fund `loan` can never cut
      --> tests/fixtures/small.toml:15:7
       |
    15 | [fund.loan]
       |       ^^^^ the payers can owe at most 1,020,000
       |
       = help: lower the return cap, or leave it out if the payers' limits are meant to do its work

    tests/fixtures/small.toml: no errors, 1 warning(s)
    small: on one date limits act in this order
       1. region (per contract, region): at most 320,000; the rest is lost
       2. town (per contract, town): at most 700,000; the rest is lost
       3. return cap of fund loan
    ");
}

#[test]
fn the_plan_is_printed_on_demand() {
    let text = stdout(&udfald(["check", SMALL, "--plan"]).assert().code(0));
    assert!(text.contains("operations") && text.contains("series on lattices"), "{text}");
}

/// Golden case G1: 30 % and 20 % of 1,300,000 stay below the caps of the region and the foundation.
#[test]
fn finds_the_limits_that_can_never_cut() {
    let printed = stdout(&udfald(["check", "scenarios/gallery/g1-quarterly-cap.toml"]).assert().code(0));
    for (limit, most) in [("region", "at most 390,000"), ("foundation", "at most 260,000")] {
        assert!(printed.contains(&format!("limit `{limit}` can never cut")), "{printed}");
        assert!(printed.contains(most), "{printed}");
    }
    assert_eq!(printed.matches("can never cut").count(), 2, "{printed}");
    let youth = stdout(&udfald(["check", "scenarios/youth.toml"]).assert().code(0));
    assert!(!youth.contains("idle-limit") && youth.contains("return-cap-idle"), "{youth}");
}

#[test]
fn ids_of_other_registers_are_listed_and_go_along_to_the_results() {
    let place = tempfile::tempdir().unwrap();
    let norfolk = "scenarios/gallery/norfolk.toml";
    let said = stdout(&udfald(["check", norfolk]).assert().code(0));
    assert!(said.ends_with("norfolk is INDIGO-POJ-0178 in the register indigo\n"), "{said}");
    let folder = place.path().join("out");
    udfald(["run", norfolk, "--trials", "200", "--out", super::text(&folder)]).assert().code(0);
    let passport = std::fs::read_to_string(folder.join("passport.json")).unwrap();
    assert!(passport.contains("\"norfolk.ids.indigo\": \"INDIGO-POJ-0178\""), "{passport}");
    udfald(["verify", super::text(&folder)]).assert().code(0);
}

#[test]
fn what_inputs_were_computed_from_is_told() {
    let said =
        stdout(&udfald(["check", "scenarios/variants/social-referrals-evidence.toml"]).assert().code(0));
    let told: Vec<_> = said.lines().filter(|line| line.contains(": input ")).collect();
    insta::assert_snapshot!(told.join("\n"));
}
