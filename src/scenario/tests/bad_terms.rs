//! Multipliers, indices, readings and conditions of terms that will not do.

use insta::assert_snapshot;

use super::*;

#[test]
fn an_index_without_the_year_that_is_needed() {
    let index = "[index.wages]\nyears = { 2027 = 1 }\n";
    let good = format!("{GOOD}{index}");
    let text = good.replace("price   = 12_500", "price   = 12_500\nindex   = \"wages\"");
    assert_snapshot!(refused_text(&text.replace("2027 = 1 }\n", "2026 = 1 }\n")), @r#"
    error: `index` of term `home` has no number for 2027, a year of measuring
      --> homes.toml:41:11
       |
    41 | index   = "wages"
       |           ^^^^^^^ this value
       |
       = help: it names 2026; add `2027 = ...`
    "#);
    assert_snapshot!(refused_text(&text.replace("= \"wages\"", "= \"wage\"")), @r#"
    error: `index` of term `home` names `wage`, which is no index
      --> homes.toml:41:11
       |
    41 | index   = "wage"
       |           ^^^^^^ unknown
       |
       = help: did you mean `wages`?
    "#);
    assert_snapshot!(refused_text(&text.replace("years = { 2027 = 1 }", "yearly = 2")), @r"
    error: index `wages` has no `from`
      --> homes.toml:59:8
       |
    59 | [index.wages]
       |        ^^^^^ here
       |
       = help: write for example `from = 2026`
    ");
    assert_snapshot!(refused_text(&text.replace("{ 2027 = 1 }", "{ 2027 = 0 }\nfrom = 2026")), @r"
    error: `from` of index `wages` belongs to `yearly`
      --> homes.toml:61:8
       |
    61 | from = 2026
       |        ^^^^ this value
       |
       = help: `years` names each year itself: leave `from` out
    ");
}

#[test]
fn a_multiplier_below_zero_or_of_too_many_digits() {
    let times =
        |value: &str| refused("price   = 12_500", &format!("price   = 12_500.123457\ntimes   = {value}"));
    assert_snapshot!(times("-1"), @r"
    error: `times` of term `home` is -1
      --> homes.toml:41:11
       |
    41 | times   = -1
       |           ^^ this value
       |
       = help: `times = 0.67` leaves two thirds, `times = 1.5` adds a half; it is never negative
    ");
    assert_snapshot!(times("0.123456789123"), @r"
    error: `price` of term `home` has too many digits to be multiplied exactly
      --> homes.toml:40:11
       |
    40 | price   = 12_500.123457
       |           ^^^^^^^^^^^^^ this value
       |
       = help: use fewer decimals in the price, `times` or the index
    ");
    assert_snapshot!(times("[1, 2, 3]"), @r"
    error: `times` of term `home` has 3 numbers for 2 readings
      --> homes.toml:41:11
       |
    41 | times   = [1, 2, 3]
       |           ^^^^^^^^^ this value
       |
       = help: write one number, one for each reading in the order of their dates, or one for each measuring point
    ");
}

#[test]
fn to_date_without_pays_and_pays_without_to_date() {
    let term = |words: &str| refused("price   = 12_500", &format!("price   = 12_500\n{words}"));
    assert_snapshot!(term("measured = \"to date\""), @r#"
    error: term `home` reads what is measured to date and does not say how much of it it pays
      --> homes.toml:38:7
       |
    38 | [term.home]
       |       ^^^^ here
       |
       = help: write `pays = "increase"` (what the reading is worth more than the most before) or `pays = "in full"` (all of it, every time)
    "#);
    assert_snapshot!(term("pays = \"increase\""), @r#"
    error: `pays` of term `home` goes with `measured = "to date"`
      --> homes.toml:41:8
       |
    41 | pays = "increase"
       |        ^^^^^^^^^^ this value
       |
       = help: only readings "to date" go over the same measurements again: leave it out
    "#);
    assert_snapshot!(term("measured = \"to date\"\npays = \"increase or refund\""), @r#"
    error: `pays` of term `home` can be below zero
      --> homes.toml:42:8
       |
    42 | pays = "increase or refund"
       |        ^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: write `two_sided = true` beside it, or pay the "increase" alone
    "#);
    assert_snapshot!(term("measured = \"to date\"\npays = \"increase\"\ntimes = [1, 2]"), @r#"
    error: `times` of term `home` changes from reading to reading, and the increase would raise what was already paid
      --> homes.toml:43:9
       |
    43 | times = [1, 2]
       |         ^^^^^^ this value
       |
       = help: pay "in full", or read "each time"
    "#);
}

/// The good contract with tests, and a term that waits for one called `t`.
fn waits(tests: &str) -> String {
    let good = format!("{GOOD}[test]\n{tests}\n");
    refused_text(&good.replace("price   = 12_500", "price   = 12_500\nwhen    = [\"t\"]"))
}

#[test]
fn tests_that_will_not_do() {
    assert_snapshot!(waits("u = { all = [{ outcome = \"in_home\", at_least = 1 }] }"), @r#"
    error: number 1 of `when` of term `home` names `t`, which is no test or event
      --> homes.toml:41:12
       |
    41 | when    = ["t"]
       |            ^^^ unknown
       |
       = help: did you mean `u`?
    "#);
    assert_snapshot!(waits("t = { all = [\"u\"] }\nu = { none = [\"t\"] }"), @r#"
    error: test `t` names itself: t -> u -> t
      --> homes.toml:60:1
       |
    60 | t = { all = ["u"] }
       | ^ here
       |
       = help: a test names tests that stand by themselves
    "#);
    assert_snapshot!(waits("t = { at_least = 3, of = [\"reform\", \"reform\"] }"), @r#"
    error: `at_least` of test `t` must be a whole number from 1 to 2
      --> homes.toml:60:18
       |
    60 | t = { at_least = 3, of = ["reform", "reform"] }
       |                  ^ this value
       |
       = help: for example `4`
    "#);
    assert_snapshot!(waits("t = { all = [\"reform\"], at_least = 1 }"), @r#"
    error: `at_least` of test `t` stands beside `all`
      --> homes.toml:60:36
       |
    60 | t = { all = ["reform"], at_least = 1 }
       |                                    ^ this value
       |
       = help: `at_least = 2` goes with `of = [...]`
    "#);
    assert_snapshot!(waits("t = { all = [{ outcome = \"in_home\", above = 3, below = 3 }] }"), @r#"
    error: number 1 of `all` of test `t` can never hold
      --> homes.toml:60:14
       |
    60 | t = { all = [{ outcome = "in_home", above = 3, below = 3 }] }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: the lower bound lies above the upper one
    "#);
    assert_snapshot!(waits("t = { all = [{ outcome = \"in_hom\", above = 3 }] }"), @r#"
    error: `outcome` of number 1 of `all` of test `t` names `in_hom`, which is no outcome
      --> homes.toml:60:26
       |
    60 | t = { all = [{ outcome = "in_hom", above = 3 }] }
       |                          ^^^^^^^^ unknown
       |
       = help: did you mean `in_home`?
    "#);
    assert_snapshot!(waits("t = { all = [{ outcome = \"in_home\" }] }"), @r#"
    error: number 1 of `all` of test `t` compares with nothing
      --> homes.toml:60:14
       |
    60 | t = { all = [{ outcome = "in_home" }] }
       |              ^^^^^^^^^^^^^^^^^^^^^^^ here
       |
       = help: write for example `{ outcome = "its_name", at_least = 0.8 }`; or `above`, `at_most`, `below`
    "#);
    assert_snapshot!(waits("t = { all = [] }"), @r"
    error: `all` of test `t` is an empty list
      --> homes.toml:60:13
       |
    60 | t = { all = [] }
       |             ^^ this value
       |
       = help: name a test, an event or a comparison
    ");
    assert_snapshot!(waits("in_home = { all = [\"reform\"] }"), @r#"
    error: number 1 of `when` of term `home` names `t`, which is no test or event
      --> homes.toml:41:12
       |
    41 | when    = ["t"]
       |            ^^^ unknown
       |
       = help: there is `in_home`, `reform`

    error: test `in_home` has the name of an outcome
      --> homes.toml:60:1
       |
    60 | in_home = { all = ["reform"] }
       | ^^^^^^^ here
       |
       = help: rename the test: both may stand in the same places
    "#);
}

#[test]
fn a_test_that_looks_ahead() {
    let at_the_end = "t = { all = [{ outcome = \"in_home\", at_least = 50 }], measured = \"at the end\" }";
    assert_snapshot!(waits(at_the_end), @r#"
    error: term `home` asks for `in_home`, which is measured on 2027-12-31, after its reading of 2026-12-31
      --> homes.toml:60:14
       |
    60 | t = { all = [{ outcome = "in_home", at_least = 50 }], measured = "at the end" }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this test
       |
       = help: a test looks at what is measured by then: `measured = "to date"` in the test, or a later term
    "#);
    let later = "t = { all = [{ outcome = \"after\", at_least = 50 }] }\n\
                 [outcome.after]\nof = \"in_home\"\nat = \"15 months\"\nrate = 0.5";
    assert_snapshot!(waits(later), @r#"
    error: term `home` asks for `after`, which is measured on 2027-03-31, after its reading of 2026-12-31
      --> homes.toml:60:14
       |
    60 | t = { all = [{ outcome = "after", at_least = 50 }] }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this test
       |
       = help: a test looks at what is measured by then: `measured = "to date"` in the test, or a later term
    "#);
    let pooled =
        GOOD.replace("price   = 12_500", "price   = 12_500\nmeasured = \"at the end\"\nwhen = \"t\"");
    let by_intake =
        "[test.t]\nall = [{ outcome = \"in_home\", at_least = 50 }]\nmeasured = \"each intake\"\n";
    assert_snapshot!(refused_text(&format!("{pooled}{by_intake}")), @r#"
    error: term `home` asks for `in_home`, intake by intake, and pools several intakes itself
      --> homes.toml:61:8
       |
    61 | all = [{ outcome = "in_home", at_least = 50 }]
       |        ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this test
       |
       = help: say in the test what it looks at: `measured = "to date"` or "at the end"
    "#);
}

#[test]
fn a_test_that_nobody_asks_for() {
    let text = format!("{GOOD}[test.t]\nall = [\"reform\"]\n");
    let (_, warnings) = read_text(&text).unwrap();
    assert_snapshot!(warnings.to_string(), @r"
    warning: test `t` is used nowhere
      --> homes.toml:58:7
       |
    58 | [test.t]
       |       ^ has no effect
    ");
}
