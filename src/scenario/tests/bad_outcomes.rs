//! Ladders and formulas that will not do.

use insta::assert_snapshot;

use super::*;

#[test]
fn a_ladder_without_steps_or_of_a_level() {
    let ladder = |kind: &str, at: &str| {
        refused_text(&format!("{GOOD}[outcome.x]\nof = \"enrolled\"\nat = {at}\nladder = true\n{kind}\n"))
    };
    assert_snapshot!(ladder("rate = 0.5", "\"6 months\""), @r#"
    error: `ladder` of outcome `x` has one measuring point
      --> homes.toml:61:10
       |
    61 | ladder = true
       |          ^^^^ this value
       |
       = help: write several, `at = { every = "3 months", times = 4 }`, or leave `ladder` out
    "#);
    assert_snapshot!(ladder("level = 0.5", "[\"6 months\", \"9 months\"]"), @r"
    error: `ladder` of outcome `x` is of a level, which nobody reaches
      --> homes.toml:61:10
       |
    61 | ladder = true
       |          ^^^^ this value
       |
       = help: a ladder counts people: give it a `rate`
    ");
}
