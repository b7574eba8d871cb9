//! Cases that set people and outcomes, and those that will not do.

use insta::assert_snapshot;

use super::*;
use crate::scenario::model::Case;

const REFORM: &str = "reform    = false";

/// The case `plan` with a line in place of `reform`.
fn case(line: &str) -> Case {
    let (scenario, warnings) = read_text(&changed(REFORM, line)).unwrap_or_else(|errors| panic!("{errors}"));
    assert!(warnings.is_empty(), "{warnings}");
    scenario.investments[0].cases.values().next().unwrap().clone()
}

fn cells(case: &Case, outcome: usize) -> Vec<(usize, i64)> {
    case.outcomes[&outcome].iter().map(|(cell, value)| (*cell, *value)).collect()
}

#[test]
fn outcomes_are_set_by_intake_and_measuring_point() {
    assert_eq!(cells(&case("in_home = [12, 30]"), 1), [(0, 12), (1, 30)]);
    assert_eq!(cells(&case("in_home = { 2027-01-01 = 30 }"), 1), [(1, 30)]);
    assert_eq!(cells(&case("fewer_nights = [0.034, -0.1]"), 0), [(0, 34_000_000), (1, -100_000_000)]);
    let two_points = changed("at   = \"12 months\"\nrate", "at   = [\"6 months\", \"12 months\"]\nrate");
    let two_points = two_points.replace(REFORM, "in_home = { 2027-01-01 = [9, 8] }");
    let (scenario, _) = read_text(&two_points).unwrap();
    assert_eq!(cells(scenario.investments[0].cases.values().next().unwrap(), 1), [(2, 9), (3, 8)]);
}

#[test]
fn the_enrolled_are_set_together_or_by_intake() {
    let enrolled = |line| case(line).enrolled.into_iter().collect::<Vec<_>>();
    assert_eq!(enrolled("enrolled = 90"), [(0, 30), (1, 60)]);
    assert_eq!(enrolled("enrolled = [40, 50]"), [(0, 40), (1, 50)]);
    assert_eq!(enrolled("enrolled = { 2026-01-01 = 41 }"), [(0, 41)]);
}

#[test]
fn what_is_no_measurement_is_refused() {
    assert_snapshot!(refused(REFORM, "in_home = 12"), @r"
    error: `in_home` of case `plan` has 1 number for 2 measurements
      --> homes.toml:57:11
       |
    57 | in_home = 12
       |           ^^ this value
       |
       = help: write a list: for each of 2 intakes, from 2026-01-01 on, one number; or by intake, `{ 2026-01-01 = 12 }`
    ");
    assert_snapshot!(refused(REFORM, "in_home = [12, 13.5]"), @r"
    error: number 2 of `in_home` of case `plan` is 13.5
      --> homes.toml:57:16
       |
    57 | in_home = [12, 13.5]
       |                ^^^^ this value
       |
       = help: people are counted: write a whole number, below a million
    ");
    assert_snapshot!(refused(REFORM, "in_home = { 2026-02-01 = 12 }"), @r"
    error: `in_home` of case `plan` names 2026-02-01, on which no intake starts
      --> homes.toml:57:13
       |
    57 | in_home = { 2026-02-01 = 12 }
       |             ^^^^^^^^^^ no intake
       |
       = help: intakes start on 2026-01-01, 2027-01-01
    ");
    assert_snapshot!(refused(REFORM, "in_home = { 2026-01-01 = [12, 13] }"), @r"
    error: `2026-01-01` in `in_home` of case `plan` has 2 numbers for 1 measurement
      --> homes.toml:57:26
       |
    57 | in_home = { 2026-01-01 = [12, 13] }
       |                          ^^^^^^^^ this value
       |
       = help: one number for each measuring point
    ");
    assert_snapshot!(refused(REFORM, "in_home = [12, -1]"), @r"
    error: number 2 of `in_home` of case `plan` is -1
      --> homes.toml:57:16
       |
    57 | in_home = [12, -1]
       |                ^^ this value
       |
       = help: people are counted: write a whole number, below a million
    ");
    assert_snapshot!(refused(REFORM, "fewer_nights = [0.1, 5_000_000]"), @r"
    error: number 2 of `fewer_nights` of case `plan` is 5000000
      --> homes.toml:57:22
       |
    57 | fewer_nights = [0.1, 5_000_000]
       |                      ^^^^^^^^^ this value
       |
       = help: levels lie within 4,000,000 units of zero
    ");
    assert_snapshot!(refused(REFORM, "enrolled = [1_000_000, 1]"), @r"
    error: number 1 of `enrolled` of case `plan` is 1000000
      --> homes.toml:57:13
       |
    57 | enrolled = [1_000_000, 1]
       |             ^^^^^^^^^ this value
       |
       = help: people are counted: write a whole number, below a million
    ");
}

/// 329 of 328: the register counted one more after three months than there had been.
#[test]
fn more_people_than_there_are_is_a_warning() {
    let text = changed(REFORM, "enrolled = [328, 10]\nin_home = [329, 10]");
    let (scenario, warnings) = read_text(&text).unwrap();
    assert_eq!(cells(scenario.investments[0].cases.values().next().unwrap(), 1), [(0, 329), (1, 10)]);
    assert_snapshot!(warnings, @r"
    warning: case `plan` sets 329 people in `in_home` for the intake of 2026-01-01, of 328 there are
      --> homes.toml:58:11
       |
    58 | in_home = [329, 10]
       |           ^^^^^^^^^ more than that
       |
       = help: the number is used as it stands; check it against those it is `of`
    ");
}
