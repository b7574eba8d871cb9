//! `check` says what would run, without running it.

use super::{SMALL, stdout, udfald};

#[test]
fn a_sound_scenario_has_no_errors_and_its_limits_in_order() {
    let text = stdout(&udfald(["check", SMALL]).assert().code(0));
    insta::assert_snapshot!(text, @r"
    tests/fixtures/small.toml: no errors
    small: on one date limits act in this order
       1. region (per contract, region): at most 320,000; the rest is lost
       2. town (per contract, town): at most 700,000; the rest is lost
       3. return cap of fund loan
    ");
}

#[test]
fn the_plan_is_printed_on_demand() {
    let text = stdout(&udfald(["check", SMALL, "--plan"]).assert().code(0));
    assert!(text.contains("operations") && text.contains("series counted"), "{text}");
}
