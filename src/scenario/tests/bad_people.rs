//! Inputs, cohorts, outcomes, events and cases that will not do.

use insta::assert_snapshot;

use super::*;

#[test]
fn a_share_written_in_percent() {
    assert_snapshot!(refused("rate = \"home_rate\"", "rate = 30"), @r"
    error: `rate` of outcome `in_home` is not a share between 0 and 1
      --> homes.toml:32:8
       |
    32 | rate = 30
       |        ^^ this value
       |
       = help: did you mean 0.30?
    ");
    assert_snapshot!(refused("chance = 0.25", "chance = 25"), @r"
    error: `chance` of event `reform` is not a share between 0 and 1
      --> homes.toml:20:10
       |
    20 | chance = 25
       |          ^^ this value
       |
       = help: did you mean 0.25?
    ");
    assert_snapshot!(refused("home_rate = 0.5\n", "home_rate = 50\n"), @r"
    error: `home_rate` of case `plan` is not a share between 0 and 1
      --> homes.toml:56:13
       |
    56 | home_rate = 50
       |             ^^ this value
       |
       = help: did you mean 0.50?
    ");
}

#[test]
fn a_mode_outside_its_range() {
    assert_snapshot!(refused("mode = 95", "mode = 70"), @r#"
    error: `pert` of input `places` will not do: mode 70 lies outside low..high (80..95)
      --> homes.toml:23:22
       |
    23 | places    = { pert = { low = 80, mode = 70, high = 95 }, class = "shock" }
       |                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: move it inside or widen the interval
    "#);
}

#[test]
fn a_rate_that_can_leave_zero_to_one() {
    assert_snapshot!(refused("beta = { a = 8, b = 8 }", "normal = { mean = 0.5, sd = 0.1 }"), @r"
    error: input `home_rate` is used as a rate but can be below 0
      --> homes.toml:24:1
       |
    24 | home_rate = { normal = { mean = 0.5, sd = 0.1 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       | ^^^^^^^^^ this input
       |
       = help: truncate it: `at_least = 0, at_most = 1`
    ");
    assert_snapshot!(refused("beta = { a = 8, b = 8 }", "uniform = { low = 30, high = 50 }"), @r"
    error: input `home_rate` is used as a rate but can be above 1
      --> homes.toml:24:1
       |
    24 | home_rate = { uniform = { low = 30, high = 50 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       | ^^^^^^^^^ this input
       |
       = help: shares are written 0.30, not 30

    error: `home_rate` of case `plan` is 0.5
      --> homes.toml:56:13
       |
    56 | home_rate = 0.5
       |             ^^^ this value
       |
       = help: the input lies between 30 and 50
    ");
    assert_snapshot!(refused("pert = { low = 80, mode = 95, high = 95 }", "normal = { mean = 90, sd = 9 }"), @r#"
    error: input `places` is used as a number of people but can be below 0
      --> homes.toml:23:1
       |
    23 | places    = { normal = { mean = 90, sd = 9 }, class = "shock" }
       | ^^^^^^ this input
       |
       = help: truncate it: `at_least = 0`
    "#);
}

#[test]
fn no_distribution_or_two() {
    assert_snapshot!(refused("beta = { a = 8, b = 8 }, ", ""), @r"
    error: input `home_rate` has no distribution
      --> homes.toml:24:1
       |
    24 | home_rate = { loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       | ^^^^^^^^^ here
       |
       = help: write for example `range = { low = 0.3, mid = 0.4, high = 0.5 }`, or `value = 0.4`
    ");
    assert_snapshot!(refused("beta = { a = 8, b = 8 }", "beta = { a = 8, b = 8 }, value = 0.5"), @r"
    error: input `home_rate` says both `value` and `beta`
      --> homes.toml:24:22
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, value = 0.5, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       |                      ^^^^^^^^^^^^^^^^ the second
       |
       = help: keep one of them
    ");
    assert_snapshot!(refused("beta = { a = 8, b = 8 }", "beta = { a = 8 }"), @r"
    error: `beta` of input `home_rate` has no `b`
      --> homes.toml:24:22
       |
    24 | home_rate = { beta = { a = 8 }, loads = { labour_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       |                      ^^^^^^^^^ here
       |
       = help: write for example `{ a = ..., b = ... }`
    ");
}

#[test]
fn loads_and_shifts() {
    assert_snapshot!(refused("loads = { labour_market = 0.5 }", "loads = { labor_market = 0.5 }"), @r"
    error: `loads` of input `home_rate` names `labor_market`, which is no factor
      --> homes.toml:24:50
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, loads = { labor_market = 0.5 }, shifts = { reform = { logit = -0.4 } } }
       |                                                  ^^^^^^^^^^^^ unknown
       |
       = help: did you mean `labour_market`?
    ");
    assert_snapshot!(refused("loads = { labour_market = 0.5 }", "loads = { labour_market = 1.5 }"), @r"
    error: `labour_market` in `loads` of input `home_rate` is 1.5
      --> homes.toml:24:66
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, loads = { labour_market = 1.5 }, shifts = { reform = { logit = -0.4 } } }
       |                                                                  ^^^ this value
       |
       = help: a loading lies between -1 and 1, for example 0.6
    ");
    assert_snapshot!(refused("class = \"shock\"", "shifts = { reform = { times = 0.5 } }"), @r"
    error: `shifts` of input `places` cannot shift a number of people
      --> homes.toml:23:67
       |
    23 | places    = { pert = { low = 80, mode = 95, high = 95 }, shifts = { reform = { times = 0.5 } } }
       |                                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: events shift rates and levels of outcomes; put the shift on the formula that the outcome uses
    ");
    assert_snapshot!(refused("{ logit = -0.4 }", "{ logit = -0.4, intakes = [2026-02-01] }"), @r"
    error: number 1 of `intakes` of `reform` in `shifts` of input `home_rate` is 2026-02-01, which is no intake
      --> homes.toml:24:120
       |
    24 | ...0.5 }, shifts = { reform = { logit = -0.4, intakes = [2026-02-01] } } }
       |                                                          ^^^^^^^^^^ this value
       |
       = help: intakes: 2026-01-01, 2027-01-01
    ");
    assert_snapshot!(refused("{ logit = -0.4 }", "{ plus = 0.1 }"), @r"
    error: `plus` of `reform` in `shifts` of input `home_rate` can take the rate out of 0 to 1
      --> homes.toml:24:102
       |
    24 | home_rate = { beta = { a = 8, b = 8 }, loads = { labour_market = 0.5 }, shifts = { reform = { plus = 0.1 } } }
       |                                                                                                      ^^^ this value
       |
       = help: write `logit = -0.4`, which cannot
    ");
}

#[test]
fn formulas() {
    let with = |formula: &str| {
        format!("normal = {{ mean = 0.1, sd = 0.05 }}, at_least = 0 }}\nhalf = {{ formula = \"{formula}\"")
    };
    let from = "normal = { mean = 0.1, sd = 0.05 }, at_least = 0";
    assert_snapshot!(refused(from, &with("effect + ")), @r#"
    error: `formula` of input `half` cannot be read
      --> homes.toml:26:30
       |
    26 | half = { formula = "effect + " }
       |                              ^ a number, a name, `min(`, `max(` or `(` is expected here
       |
       = help: a formula has `+ - * /`, `min(a, b)`, `max(a, b)`, parentheses, numbers and names of inputs
    "#);
    assert_snapshot!(refused(from, &with("effect * hom_rate")), @r#"
    error: `formula` of input `half` names `hom_rate`, which is no input
      --> homes.toml:26:30
       |
    26 | half = { formula = "effect * hom_rate" }
       |                              ^^^^^^^^ unknown
       |
       = help: did you mean `home_rate`?
    "#);
    assert_snapshot!(refused(from, &with("1 / effect")), @r#"
    error: `formula` of input `half` may divide by zero
      --> homes.toml:26:20
       |
    26 | half = { formula = "1 / effect" }
       |                    ^^^^^^^^^^^^ this value
       |
       = help: truncate the divisor: `at_least = ...` on its input
    "#);
    assert_snapshot!(refused(from, &with("half + 1")), @r#"
    error: input `half` depends on itself: half -> half
      --> homes.toml:26:1
       |
    26 | half = { formula = "half + 1" }
       | ^^^^ here
       |
       = help: a formula names inputs that stand by themselves
    "#);
}

#[test]
fn a_range_used_in_two_ways() {
    let text =
        changed("pert = { low = 80, mode = 95, high = 95 }", "range = { low = 80, mid = 90, high = 95 }")
            .replace("level = \"effect\"", "level = \"places\"");
    assert_snapshot!(refused_text(&text), @r#"
    error: `range` of input `places` is used in two ways that imply different scales
      --> homes.toml:23:23
       |
    23 | places    = { range = { low = 80, mid = 90, high = 95 }, class = "shock" }
       |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: say it: `scale = "log"` (people, prices), "logit" (shares) or "plain" inside `range`
    "#);
}

#[test]
fn outcomes() {
    assert_snapshot!(refused("of   = \"enrolled\"\n", ""), @r#"
    error: outcome `in_home` has no `of`
      --> homes.toml:29:10
       |
    29 | [outcome.in_home]
       |          ^^^^^^^ here
       |
       = help: write for example `of = "enrolled"`
    "#);
    assert_snapshot!(refused("of   = \"enrolled\"", "of   = \"fewer_nights\""), @r#"
    error: `of` of outcome `in_home` is `fewer_nights`, a measured number, which nobody reaches
      --> homes.toml:30:8
       |
    30 | of   = "fewer_nights"
       |        ^^^^^^^^^^^^^^ this value
       |
       = help: name an outcome with a `rate`
    "#);
    assert_snapshot!(refused("of   = \"enrolled\"", "of   = \"in_home\""), @r"
    error: outcome `in_home` is measured of itself: in_home -> in_home
      --> homes.toml:29:10
       |
    29 | [outcome.in_home]
       |          ^^^^^^^ here
       |
       = help: an outcome is measured of people who reached an earlier one
    ");
    assert_snapshot!(refused("at   = \"12 months\"", "at   = \"12 moons\""), @r#"
    error: `at` of outcome `in_home` cannot be read
      --> homes.toml:31:8
       |
    31 | at   = "12 moons"
       |        ^^^^^^^^^^ this value
       |
       = help: `12 moons` is not a duration; write for example "6 months", "30 days", "1 quarter" or "2 years"
    "#);
    assert_snapshot!(refused("at   = \"12 months\"", "on   = 2026-06-30"), @r#"
    error: `on` of outcome `in_home` measures on 2026-06-30, before the intake of 2027-01-01 begins
      --> homes.toml:31:8
       |
    31 | on   = 2026-06-30
       |        ^^^^^^^^^^ this value
       |
       = help: write `at = "12 months"`, which counts from each intake
    "#);
    assert_snapshot!(refused("at   = \"12 months\"", "at   = \"5 years\""), @r#"
    error: `at` of outcome `in_home` measures the intake of 2026-01-01 on 2030-12-31, after the contract ends on 2029-12-31
      --> homes.toml:31:8
       |
    31 | at   = "5 years"
       |        ^^^^^^^^^ this value
       |
       = help: measure earlier, or move `ends`
    "#);
    assert_snapshot!(refused("rate = \"home_rate\"", "rate = \"home_rat\""), @r#"
    error: `rate` of outcome `in_home` names `home_rat`, which is no input
      --> homes.toml:32:8
       |
    32 | rate = "home_rat"
       |        ^^^^^^^^^^ unknown
       |
       = help: did you mean `home_rate`?
    "#);
}

#[test]
fn an_event_that_would_change_nothing() {
    assert_snapshot!(refused("on     = 2026-09-01", "on     = 2030-01-01"), @r"
    error: `on` of event `reform` is 2030-01-01, after the contract ends on 2029-12-31
      --> homes.toml:21:10
       |
    21 | on     = 2030-01-01
       |          ^^^^^^^^^^ this value
       |
       = help: it would change nothing
    ");
}

#[test]
fn cases_name_inputs_and_events() {
    assert_snapshot!(refused("reform    = false", "refrom    = false"), @r"
    error: case `plan` sets `refrom`, which is no input, event or outcome
      --> homes.toml:57:1
       |
    57 | refrom    = false
       | ^^^^^^ unknown
       |
       = help: did you mean `reform`?
    ");
    assert_snapshot!(refused("reform    = false", "reform    = 0.5"), @r"
    error: `reform` of case `plan` is an event: it happens or not
      --> homes.toml:57:13
       |
    57 | reform    = 0.5
       |             ^^^ this value
       |
       = help: write `true` or `false`
    ");
}

#[test]
fn one_name_for_two_things() {
    assert_snapshot!(refused("[factor.labour_market]", "[factor.labour_market]\n[factor.reform]"), @r"
    error: `reform` is both an event and a factor
      --> homes.toml:19:9
       |
    19 | [factor.reform]
       |         ^^^^^^ the second
       |
       = help: rename one: they may stand in the same places
    ");
    assert_snapshot!(refused("[outcome.in_home]", "[outcome.places]"), @r#"
    error: outcome `places` has the name of an input
      --> homes.toml:29:10
       |
    29 | [outcome.places]
       |          ^^^^^^ here
       |
       = help: rename one: `success` and `success_rate`

    error: `for` of term `home` names `in_home`, which is no outcome
      --> homes.toml:39:11
       |
    39 | for     = "in_home"
       |           ^^^^^^^^^ unknown
       |
       = help: there is `fewer_nights`
    "#);
}

#[test]
fn an_input_that_is_used_nowhere_is_a_warning() {
    let text = changed("[cohort]", "idle = { value = 1 }\n[cohort]");
    let (_, warnings) = read_text(&text).unwrap_or_else(|errors| panic!("\n{errors}"));
    assert_snapshot!(warnings.to_string(), @r"
    warning: input `idle` is used nowhere
      --> homes.toml:26:1
       |
    26 | idle = { value = 1 }
       | ^^^^ has no effect
    ");
}
