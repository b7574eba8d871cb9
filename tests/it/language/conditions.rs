//! `test` and `when`.

use statrs::distribution::{Binomial, Discrete};

use super::{check, paid};
use crate::language::Figure::{Mean, UpTo};

/// 10 and 30 people in two intakes, of whom 3 and 8 are a group of their own; a level of 0.2.
const COHORT: &str = "[cohort]\npeople = 40\nintakes = { 2026-01-01 = 0.25, 2027-01-01 = \"rest\" }\n\
    groups = { few = 0.25, others = \"rest\" }\n[event]\nnow = { chance = 1, on = 2026-03-01 }\n\
    later_on = { chance = 1, on = 2027-03-01 }\nnever = { chance = 0, on = 2026-03-01 }\n[outcome]\n\
    done = { of = \"enrolled\", at = \"6 months\", rate = 1 }\nfew_done = { of = \"few\", at = \"6 months\", rate = 1 }\n\
    share = { formula = \"few_done / done\" }\nlevel = { of = \"enrolled\", at = \"6 months\", level = 0.2 }\n\
    early = { of = \"few\", at = [\"1 month\", \"3 months\"], rate = [1, 0] }\n\
    nothing = { formula = \"done / (few_done - few_done)\" }\n";

/// What a term of 1 kr. a person pays by year when it waits for a test.
fn waits(test: &str) -> [i64; 2] {
    paid(&format!("{COHORT}[test]\n{test}\n[term.a]\nfor = \"done\"\nprice = 1\nwhen = \"t\"\n"))
}

#[test]
fn edges_are_closed_or_open_as_said() {
    let test = |compare: &str| waits(&format!("t = {{ all = [{{ outcome = {compare} }}] }}"));
    assert_eq!(test("\"done\", at_least = 10"), [1_000, 3_000]);
    assert_eq!(test("\"done\", above = 10"), [0, 3_000]);
    assert_eq!(test("\"done\", at_most = 10"), [1_000, 0]);
    assert_eq!(test("\"done\", below = 10"), [0, 0]);
    assert_eq!(test("\"done\", above = 9.5, below = 10.5"), [1_000, 0]);
    assert_eq!(test("\"share\", at_least = 0.3"), [1_000, 0]);
    assert_eq!(test("\"share\", above = 0.3"), [0, 0]);
    // 8 of 30 to nine decimals.
    assert_eq!(test("\"share\", at_most = 0.266666667"), [0, 3_000]);
    assert_eq!(test("\"share\", at_most = 0.266666666"), [0, 0]);
    assert_eq!(test("\"level\", at_least = 0.2"), [1_000, 3_000]);
}

#[test]
fn tests_are_combined() {
    let named = "two = { all = [{ outcome = \"done\", at_least = 20 }] }\nyes = { all = [{ outcome = \"done\", at_least = 1 }] }\n";
    let test = |test: &str| waits(&format!("{named}t = {{ {test} }}"));
    assert_eq!(test("all = [\"two\", \"yes\"]"), [0, 3_000]);
    assert_eq!(test("any = [\"two\", \"yes\"]"), [1_000, 3_000]);
    assert_eq!(test("none = [\"two\"]"), [1_000, 0]);
    assert_eq!(test("at_least = 2, of = [\"two\", \"yes\", \"never\"]"), [0, 3_000]);
    assert_eq!(test("at_least = 3, of = [\"two\", \"yes\", \"never\"]"), [0, 0]);
    // An event counts from its date, for readings of that day and later.
    assert_eq!(test("all = [\"now\"]"), [1_000, 3_000]);
    assert_eq!(test("all = [\"later_on\"]"), [0, 3_000]);
    assert_eq!(test("none = [\"later_on\", \"never\"]"), [1_000, 0]);
}

#[test]
fn a_test_looks_at_what_is_measured_by_then() {
    let test = |compare: &str, measured: &str| {
        waits(&format!("t = {{ all = [{{ outcome = {compare} }}], measured = \"{measured}\" }}"))
    };
    assert_eq!(test("\"done\", at_least = 40", "to date"), [0, 3_000]);
    assert_eq!(test("\"share\", below = 0.3", "to date"), [0, 3_000]);
    // The latest of two points is nobody; both points of an intake are three, or eight.
    assert_eq!(test("\"early\", at_most = 0", "each time"), [1_000, 3_000]);
    assert_eq!(test("\"early\", at_least = 8", "each intake"), [0, 3_000]);
}

#[test]
fn what_has_no_value_fails_every_comparison() {
    for compare in ["at_least = 0", "at_most = 0", "below = 1_000_000"] {
        assert_eq!(waits(&format!("t = {{ all = [{{ outcome = \"nothing\", {compare} }}] }}")), [0, 0]);
    }
    assert_eq!(waits("t = { none = [{ outcome = \"nothing\", at_least = 0 }] }"), [1_000, 3_000]);
}

#[test]
fn fixed_amounts_and_increases_wait_too() {
    let fixed = "[test]\nt = { all = [{ outcome = \"done\", at_least = 40 }], measured = \"to date\" }\n[term.a]\n\
        price = [10, 20]\ndue = { on = [2026-12-31, 2027-12-31] }\nwhen = [\"t\", \"now\"]\n";
    assert_eq!(paid::<2>(&format!("{COHORT}{fixed}")), [0, 2_000]);
    // What was not paid at first is caught up.
    let increase = "[test]\nt = { all = [{ outcome = \"done\", at_least = 40 }] }\n[term.a]\nfor = \"done\"\nprice = 1\n\
        measured = \"to date\"\npays = \"increase\"\nwhen = \"t\"\n";
    assert_eq!(paid::<2>(&format!("{COHORT}{increase}")), [0, 4_000]);
}

/// Paid when at least half of an intake succeeds, or half of all: an early trigger or a pooled one.
#[test]
fn an_early_or_a_pooled_trigger() {
    let body = |edge: f64| {
        format!(
            "[cohort]\npeople = 30\nintakes = {{ 2026-01-01 = \"1/3\", 2026-07-01 = \"rest\" }}\n[outcome]\n\
             done = {{ of = \"enrolled\", at = \"6 months\", rate = 0.4 }}\nshare = {{ formula = \"done / enrolled\" }}\n\
             [test]\nearly = {{ all = [{{ outcome = \"share\", at_least = {edge} }}] }}\n\
             pooled = {{ all = [{{ outcome = \"share\", at_least = 0.5 }}], measured = \"to date\" }}\n\
             either = {{ any = [\"early\", \"pooled\"] }}\n[term.a]\nfor = \"done\"\nprice = 1000\nwhen = \"either\"\n"
        )
    };
    let (first, second) = (Binomial::new(0.4, 10).unwrap(), Binomial::new(0.4, 20).unwrap());
    let (mut mean, mut nothing) = (0.0, 0.0);
    for a in 0..=10u64 {
        for b in 0..=20u64 {
            let chance = first.pmf(a) * second.pmf(b);
            let pay = if a >= 5 { a } else { 0 } + if b >= 10 || a + b >= 15 { b } else { 0 };
            mean += chance * pay as f64 * 1000.0;
            nothing += if pay == 0 { chance } else { 0.0 };
        }
    }
    check(&body(0.5), &body(0.51), &[Mean(mean), UpTo(0.0, nothing)]);
}
