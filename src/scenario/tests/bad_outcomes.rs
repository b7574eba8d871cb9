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

fn formula(text: &str, words: &str) -> String {
    let good = GOOD.replace(
        "[outcome.in_home]",
        &format!("[outcome.x]\nformula = \"{text}\"\n{words}[outcome.in_home]"),
    );
    match read_text(&good) {
        Ok((scenario, _)) => crate::engine::model::Model::new(scenario).map(|_| ()).unwrap_err().to_string(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn a_formula_of_what_is_not_there_or_not_measured_together() {
    assert_snapshot!(formula("in_hom / enrolled", ""), @r#"
    error: `formula` of outcome `x` names `in_hom`, which is no outcome, group or input
      --> homes.toml:30:12
       |
    30 | formula = "in_hom / enrolled"
       |            ^^^^^^ unknown
       |
       = help: did you mean `in_home`?
    "#);
    assert_snapshot!(formula("in_home / (enrolled", ""), @r#"
    error: `formula` of outcome `x` cannot be read
      --> homes.toml:30:31
       |
    30 | formula = "in_home / (enrolled"
       |                               ^ `)` is expected here
       |
       = help: a formula has `+ - * /`, `min(a, b)`, `max(a, b)`, parentheses, numbers and names of outcomes, groups and inputs
    "#);
    assert_snapshot!(formula("home_rate * enrolled", ""), @r#"
    error: `shifts` of input `home_rate` cannot shift a part of an outcome's formula
      --> homes.toml:24:82
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       |                                                                                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: events shift rates and levels of outcomes; put the shift on the formula that the outcome uses

    error: `logit` of `reform` in `shifts` of input `home_rate` shifts a number that is not a rate
      --> homes.toml:24:103
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       |                                                                                                       ^^^^ this value
       |
       = help: write `times = 0.8` or `plus = -0.1`

    error: `formula` of outcome `x` names nothing that is measured
      --> homes.toml:30:11
       |
    30 | formula = "home_rate * enrolled"
       |           ^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: name at least one outcome; a number for every trial is an input with a `formula`
    "#);
    assert_snapshot!(formula("in_home / next", "[outcome.next]\nof = \"in_home\"\nat = \"15 months\"\nrate = 0.5\n"), @r#"
    error: `formula` of outcome `x` names `in_home` and `next`, which are not measured on the same dates
      --> homes.toml:30:11
       |
    30 | formula = "in_home / next"
       |           ^^^^^^^^^^^^^^^^ this value
       |
       = help: give both the same `at`: a number pooled from two dates would have no date of its own
    "#);
    assert_snapshot!(formula("in_home / x", ""), @r"
    error: outcome `x` is measured of itself: x -> x
      --> homes.toml:29:10
       |
    29 | [outcome.x]
       |          ^ here
       |
       = help: an outcome is measured of people who reached an earlier one
    ");
    assert_snapshot!(formula("in_home / enrolled", "of = \"enrolled\"\n"), @r#"
    error: `of` of outcome `x` cannot stand beside a formula
      --> homes.toml:31:6
       |
    31 | of = "enrolled"
       |      ^^^^^^^^^^ this value
       |
       = help: the outcomes it names say of whom
    "#);
    assert_snapshot!(formula("in_home / enrolled", "round_to = 0\n"), @r"
    error: `round_to` of outcome `x` is 0
      --> homes.toml:31:12
       |
    31 | round_to = 0
       |            ^ this value
       |
       = help: write for example `round_to = 0.001` for tenths of a per cent
    ");
    assert_snapshot!(formula("in_home / enrolled", "rate = 0.5\n"), @r#"
    error: outcome `x` says both `rate` and `formula`
      --> homes.toml:30:11
       |
    30 | formula = "in_home / enrolled"
       |           ^^^^^^^^^^^^^^^^^^^^ the second
       |
       = help: keep one of them
    "#);
}

#[test]
fn a_formula_that_can_become_endless_or_negative() {
    let term = "[term.x]\nfor = \"x\"\nmeasured = \"at the end\"\nprice = 1000\npaid_by = \"town\"\n";
    assert_snapshot!(formula("in_home / fewer_nights", term), @r"
    error: homes.x, due 2028-06-30 can become endless: what it divides by can come close to zero
      --> homes.toml:31:7
       |
    31 | [term.x]
       |       ^
       |
       = help: bound the divisor in the formula: `a / max(0.01, b)`
    ");
    assert_snapshot!(formula("in_home - enrolled", term), @r"
    error: homes.x, due 2028-06-30 can fall to -9500000 øre: an amount to pay is never negative
      --> homes.toml:31:7
       |
    31 | [term.x]
       |       ^
       |
       = help: bound the level or the price from below (`at_least = 0`, in a formula `max(0, ...)`), or price it by rows: below the first edge nothing is paid; or say `two_sided = true`, where the investor pays then
    ");
    assert_snapshot!(formula("in_home * 1000000", term), @r"
    error: homes.x, due 2028-06-30 can become as large as 95000000, beyond 4000000, the most that is computed exactly
      --> homes.toml:31:7
       |
    31 | [term.x]
       |       ^
       |
       = help: check the prices, the people and the bounds that lead here
    ");
    assert_snapshot!(formula("in_home / enrolled", &term.replace("measured = \"at the end\"\n", "")), @r#"
    error: term `x` reads a formula over 2 measurements of `x` and does not say what one reading pools
      --> homes.toml:31:7
       |
    31 | [term.x]
       |       ^ add `measured`
       |
       = help: write `measured = "each intake"`, "each time", "each year", "to date" or "at the end"
    "#);
}

#[test]
fn noise_and_bias_where_they_do_not_belong() {
    let outcome = |words: &str| {
        refused_text(&format!("{GOOD}[outcome.x]\nof = \"enrolled\"\nat = \"6 months\"\n{words}\n"))
    };
    assert_snapshot!(outcome("rate = 0.5\nbias = 0.1"), @r"
    error: `bias` of outcome `x` belongs to a `level`
      --> homes.toml:62:8
       |
    62 | bias = 0.1
       |        ^^^ this value
       |
       = help: leave it out
    ");
    assert_snapshot!(outcome("level = 0.5\nclustering = 0.1"), @r"
    error: `clustering` of outcome `x` belongs to a `rate`
      --> homes.toml:62:14
       |
    62 | clustering = 0.1
       |              ^^^ this value
       |
       = help: leave it out
    ");
    assert_snapshot!(outcome("rate = 0.5\nclustering = 5"), @r"
    error: `clustering` of outcome `x` is not a share between 0 and 1
      --> homes.toml:62:14
       |
    62 | clustering = 5
       |              ^ this value
       |
       = help: did you mean 0.05?
    ");
    assert_snapshot!(outcome("level = 0.5\nnoise = { sd = 1, shared = \"controls\" }"), @r#"
    error: `shared` of `noise` of outcome `x` names a comparison group, and there is none
      --> homes.toml:62:28
       |
    62 | noise = { sd = 1, shared = "controls" }
       |                            ^^^^^^^^^^ this value
       |
       = help: say how large the group is: `against = 2_000`, or `matched = 10` for each person
    "#);
}
