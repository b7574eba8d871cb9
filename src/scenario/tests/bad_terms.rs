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
