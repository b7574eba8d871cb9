//! Terms, limits, funds and dates that will not do.

use insta::assert_snapshot;

use super::*;

#[test]
fn a_misspelt_payer() {
    assert_snapshot!(refused("paid_by  = \"region\"", "paid_by  = \"regoin\""), @r#"
    error: `paid_by` of term `nights` names `regoin`, which is no party
      --> homes.toml:47:12
       |
    47 | paid_by  = "regoin"
       |            ^^^^^^^^ unknown
       |
       = help: did you mean `region`?
    "#);
    assert_snapshot!(refused("{ town = 0.75, region = 0.25 }", "{ twon = 0.75, region = 0.25 }"), @r"
    error: `paid_by` of term `home` names `twon`, which is no party
      --> homes.toml:41:13
       |
    41 | paid_by = { twon = 0.75, region = 0.25 }
       |             ^^^^ unknown
       |
       = help: did you mean `town`?
    ");
}

#[test]
fn a_thousands_point() {
    assert_snapshot!(refused("at_most = 300_000", "at_most = 300.000"), @r"
    error: `at_most` of limit `town` is written with a thousands point
      --> homes.toml:51:11
       |
    51 | at_most = 300.000
       |           ^^^^^^^ this value
       |
       = help: `.` is the decimal point: write `300_000` for thousands, `300` else
    ");
    assert_snapshot!(refused("price   = 12_500", "price   = 12.500"), @r"
    error: `price` of term `home` is written with a thousands point
      --> homes.toml:40:11
       |
    40 | price   = 12.500
       |           ^^^^^^ this value
       |
       = help: `.` is the decimal point: write `12_500` for thousands, `12.5` else
    ");
}

#[test]
fn a_negative_price_and_a_price_of_too_many_decimals() {
    assert_snapshot!(refused("price   = 12_500", "price   = -12_500"), @r"
    error: `price` of term `home` is negative: -12500
      --> homes.toml:40:11
       |
    40 | price   = -12_500
       |           ^^^^^^^ this value
       |
       = help: amounts run one way; write `12500`
    ");
    assert_snapshot!(refused("at_most = 300_000", "at_most = 300_000.005"), @r"
    error: `at_most` of limit `town` has too many decimals: 300000.005
      --> homes.toml:51:11
       |
    51 | at_most = 300_000.005
       |           ^^^^^^^^^^^ this value
       |
       = help: an amount has at most two decimals
    ");
}

#[test]
fn shares_that_do_not_add_up() {
    assert_snapshot!(refused("{ town = 0.75, region = 0.25 }", "{ town = 0.75, region = 0.20 }"), @r#"
    error: `paid_by` of term `home` adds up to 0.95, not to 1
      --> homes.toml:41:11
       |
    41 | paid_by = { town = 0.75, region = 0.20 }
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: shares of one thing add up to exactly 1; write "rest" for the last, or `"1/3"` for a third
    "#);
    assert_snapshot!(refused("{ town = 0.75, region = 0.25 }", "{ town = 75, region = 25 }"), @r"
    error: `town` in `paid_by` of term `home` is not a share between 0 and 1
      --> homes.toml:41:20
       |
    41 | paid_by = { town = 75, region = 25 }
       |                    ^^ this value
       |
       = help: did you mean 0.75?

    error: `region` in `paid_by` of term `home` is not a share between 0 and 1
      --> homes.toml:41:33
       |
    41 | paid_by = { town = 75, region = 25 }
       |                                 ^^ this value
       |
       = help: did you mean 0.25?
    ");
    assert_snapshot!(refused("drawn      = { 2026-01-01 = 0.5,", "drawn      = { 2026-01-01 = 1.5,"), @r#"
    error: `2026-01-01` in `drawn` of fund `loan` is not a share between 0 and 1
      --> homes.toml:16:29
       |
    16 | drawn      = { 2026-01-01 = 1.5, 2027-01-01 = "rest" }
       |                             ^^^ this value
       |
       = help: did you mean 0.015?
    "#);
}

#[test]
fn dates_outside_the_contract_or_before_measuring() {
    assert_snapshot!(refused("{ 2026-01-01 = 0.5, 2027-01-01 = \"rest\" }", "{ 2025-01-01 = 0.5, 2027-01-01 = \"rest\" }"), @r#"
    error: `drawn` of fund `loan` has 2025-01-01, outside the contract
      --> homes.toml:16:16
       |
    16 | drawn      = { 2025-01-01 = 0.5, 2027-01-01 = "rest" }
       |                ^^^^^^^^^^ this date
       |
       = help: the contract runs from 2026-01-01 to 2029-12-31; change the date, or `starts` and `ends`
    "#);
    assert_snapshot!(refused("due = { after = \"6 months\" }", "due = { after = \"3 years\" }"), @r#"
    error: `due` of [payment] is 2030-12-31 for reading 2, outside the contract
      --> homes.toml:54:7
       |
    54 | due = { after = "3 years" }
       |       ^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: the contract runs from 2026-01-01 to 2029-12-31; change the date, or `starts` and `ends`
    "#);
    assert_snapshot!(refused("due = { after = \"6 months\" }", "due = { on = [2026-06-30, 2028-06-30] }"), @r"
    error: `due` of [payment] is 2026-06-30 for reading 1, before it is measured on 2026-12-31
      --> homes.toml:54:7
       |
    54 | due = { on = [2026-06-30, 2028-06-30] }
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: an amount falls due when it is measured or later
    ");
    assert_snapshot!(refused("due = { after = \"6 months\" }", "due = { on = [2027-06-30, 2028-06-30, 2029-06-30] }"), @r"
    error: `on` of `due` of [payment] has 3 dates for 2 readings
      --> homes.toml:54:14
       |
    54 | due = { on = [2027-06-30, 2028-06-30, 2029-06-30] }
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: one date, or one for each reading, measured 2026-12-31, 2027-12-31
    ");
    assert_snapshot!(refused("ends       = 2029-12-31", "ends       = 2025-12-31"), @r"
    error: `ends` of the file is 2025-12-31, before it starts on 2026-01-01
     --> homes.toml:5:14
      |
    5 | ends       = 2025-12-31
      |              ^^^^^^^^^^ this value
      |
      = help: the contract ends on the last day anything falls due
    ");
    assert_snapshot!(refused("ends       = 2029-12-31", "ends       = \"2029-12-31\""), @r#"
    error: `ends` of the file is a text, `2029-12-31`
     --> homes.toml:5:14
      |
    5 | ends       = "2029-12-31"
      |              ^^^^^^^^^^^^ this value
      |
      = help: dates stand without quotes: 2028-06-30
    "#);
}

#[test]
fn a_limit_without_its_words() {
    assert_snapshot!(refused("per     = \"contract\"\n", ""), @r#"
    error: limit `town` has no `per`
      --> homes.toml:48:8
       |
    48 | [limit.town]
       |        ^^^^ here
       |
       = help: write for example `per = "contract"`
    "#);
    assert_snapshot!(refused("excess  = \"lost\"\n", ""), @r#"
    error: limit `town` has no `excess`
      --> homes.toml:48:8
       |
    48 | [limit.town]
       |        ^^^^ here
       |
       = help: write for example `excess = "lost"`
    "#);
    assert_snapshot!(refused("per     = \"contract\"", "per     = \"month\""), @r#"
    error: `per` of limit `town` cannot be "month"
      --> homes.toml:50:11
       |
    50 | per     = "month"
       |           ^^^^^^^ this value
       |
       = help: write one of "person", "payment", "intake", "quarter", "year", "contract"
    "#);
    assert_snapshot!(refused("at_most = 300_000", "at_most = \"places\""), @r#"
    error: `at_most` of limit `town` is a text, `places`
      --> homes.toml:51:11
       |
    51 | at_most = "places"
       |           ^^^^^^^^ this value
       |
       = help: a ceiling is agreed, not drawn; write the amount, and try others with variants
    "#);
}

#[test]
fn excess_that_goes_round_in_a_circle() {
    let text = format!(
        "{}[limit.region]\npayer = \"region\"\nper = \"contract\"\nat_most = 5\nexcess = {{ payer = \"town\" }}\n",
        changed("excess  = \"lost\"", "excess  = { payer = \"region\" }")
    );
    assert_snapshot!(refused_text(&text), @r#"
    error: excess goes round in a circle: region -> town -> region
      --> homes.toml:58:8
       |
    58 | [limit.region]
       |        ^^^^^^ begins here
       |
       = help: let one of these limits end it: `excess = "lost"`
    "#);
}

#[test]
fn limits_that_tie() {
    let second = "[limit.again]\npayer = \"town\"\nper = \"contract\"\nat_most = 5\nexcess = \"lost\"\n";
    assert_snapshot!(refused_text(&format!("{GOOD}{second}")), @r#"
    error: limits `again` and `town` act on the same amounts, and nothing says which first
      --> homes.toml:48:8
       |
    48 | [limit.town]
       |        ^^^^ the second
       |
       = help: write in [payment] `order = ["again", "town"]`, or the other way round
    "#);
}

#[test]
fn an_order_that_lets_an_excess_pass_a_limit_by() {
    let text = format!(
        "{}[limit.region]\npayer = \"region\"\nper = \"contract\"\nat_most = 5\nexcess = \"lost\"\n",
        changed("excess  = \"lost\"", "excess  = { payer = \"region\" }")
            .replace("[payment]", "[payment]\norder = [\"region\", \"town\"]")
    );
    assert_snapshot!(refused_text(&text), @r#"
    error: limit `region` of `region` acts before `town`, whose excess falls on `region`
      --> homes.toml:59:8
       |
    59 | [limit.region]
       |        ^^^^^^ too early
       |
       = help: write `order = ["town", "region"]` in [payment]
    "#);
}

#[test]
fn an_investment_without_terms() {
    let start = GOOD.find("[term.home]").unwrap();
    let end = GOOD.find("[limit.town]").unwrap();
    assert_snapshot!(refused_text(&format!("{}{}", &GOOD[..start], &GOOD[end..])), @r"
    error: the file has no term: nobody pays for anything
     --> homes.toml:1:1
      |
    1 | udfald     = 1
      | ^ here
      |
      = help: write `[term.some-id]` with `for`, `price` and `paid_by`
    ");
}

#[test]
fn rows_that_pool_nothing_said_or_do_not_ascend() {
    assert_snapshot!(refused("measured = \"each intake\"\n", ""), @r#"
    error: term `nights` reads rows over 2 measurements of `fewer_nights` and does not say what one reading pools
      --> homes.toml:42:7
       |
    42 | [term.nights]
       |       ^^^^^^ add `measured`
       |
       = help: write `measured = "each intake"`, "each time", "each year", "to date" or "at the end"
    "#);
    assert_snapshot!(refused("{ from = 0.11, pay = 1 }", "{ from = 0.01, pay = 1 }"), @r"
    error: row 2 of `price` of term `nights` does not begin above the row before it
      --> homes.toml:45:53
       |
    45 | price    = [ { from = 0.03, pay = 0, rise_to = 1 }, { from = 0.01, pay = 1 } ]
       |                                                     ^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: sort rows by their edges
    ");
    assert_snapshot!(refused(", { from = 0.11, pay = 1 }", ""), @r"
    error: row 1 of `price` of term `nights` rises to a next edge, and there is none
      --> homes.toml:45:14
       |
    45 | price    = [ { from = 0.03, pay = 0, rise_to = 1 } ]
       |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: add a row `{ from = ..., pay = ... }`
    ");
    assert_snapshot!(refused("{ from = 0.11, pay = 1 }", "{ from = 0.11, each = -1 }"), @r"
    error: row 2 of `price` of term `nights` falls below zero
      --> homes.toml:45:53
       |
    45 | price    = [ { from = 0.03, pay = 0, rise_to = 1 }, { from = 0.11, each = -1 } ]
       |                                                     ^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: end it with a row that pays 0: amounts are never negative, unless the term is `two_sided`
    ");
}

#[test]
fn a_level_per_unit_can_be_negative() {
    let text = changed(
        "price    = [ { from = 0.03, pay = 0, rise_to = 1 }, { from = 0.11, pay = 1 } ]",
        "price = 5_000",
    )
    .replace("base     = [100_000, 200_000]\n", "");
    assert_snapshot!(refused_text(&text), @r"
    error: term `nights` pays per unit of `fewer_nights`, which can be below zero
      --> homes.toml:42:7
       |
    42 | [term.nights]
       |       ^^^^^^ here
       |
       = help: write rows, which pay nothing below their first edge: `price = [{ from = 0, each = 5_000 }]`; or `two_sided = true`, where the investor pays then
    ");
}

#[test]
fn a_donation_with_a_return() {
    assert_snapshot!(refused("amount     = 1_000_000", "amount     = 1_000_000\nrepaid = \"never\""), @r"
    error: `return_cap` of fund `loan` caps the return of a donation
      --> homes.toml:18:14
       |
    18 | return_cap = { balance = 0.05 }
       |              ^^^^^^^^^^^^^^^^^^ this value
       |
       = help: take it out: a donation is never repaid
    ");
    assert_snapshot!(refused("{ balance = 0.05 }", "{ balance = 5 }"), @r"
    error: `balance` of `return_cap` of fund `loan` is not a share between 0 and 1
      --> homes.toml:17:26
       |
    17 | return_cap = { balance = 5 }
       |                          ^ this value
       |
       = help: did you mean 0.05?
    ");
}

#[test]
fn a_term_that_pays_for_nothing() {
    assert_snapshot!(refused("for     = \"in_home\"", "for     = \"in_hom\""), @r#"
    error: `for` of term `home` names `in_hom`, which is no outcome
      --> homes.toml:39:11
       |
    39 | for     = "in_hom"
       |           ^^^^^^^^ unknown
       |
       = help: did you mean `in_home`?
    "#);
    assert_snapshot!(refused("for     = \"in_home\"\n", ""), @r#"
    error: term `home` pays for no outcome and has no date
      --> homes.toml:38:7
       |
    38 | [term.home]
       |       ^^^^ here
       |
       = help: a fixed amount needs `due = { on = 2028-07-01 }`; for an outcome write `for = "its_name"`
    "#);
}

#[test]
fn a_default_that_no_term_needs_is_read_all_the_same() {
    let nobody = refused("[payment]\n", "[payment]\npaid_by = \"nobody\"\n");
    assert!(nobody.contains("`paid_by` of [payment] names `nobody`, which is no party"), "{nobody}");
    let soon = refused("[payment]\n", "[payment]\npaid = { after = \"soon\" }\n");
    assert_eq!(soon.matches("`after` of `paid` of [payment] cannot be read").count(), 1, "{soon}");
}

#[test]
fn an_unknown_word_beside_the_date_of_a_fixed_amount() {
    let fee =
        "[term.fee]\nprice = 1_000\ndue = { on = 2027-06-30, after = \"x\", at = 1 }\npaid_by = \"town\"\n";
    let text = refused_text(&format!("{GOOD}{fee}"));
    assert!(text.contains("`at` is no word of `due` of term `fee`"), "{text}");
}
