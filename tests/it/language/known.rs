//! Price functions of real contracts at given results.
//!
//! Amounts marked [R] are recalled, not seen in a public document: they say how such a contract computes, not what this one
//! paid.

use super::paid;

/// What a price function pays at a result, in whole units of the currency.
fn at(result: &str, price: &str) -> i64 {
    let term = format!(
        "[cohort]\npeople = 100\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = {result}\nprice = {price}\n"
    );
    let [ore] = paid::<1>(&term);
    assert_eq!(ore % 100, 0);
    ore / 100
}

fn all_at<const N: usize>(results: [&str; N], price: &str) -> [i64; N] {
    results.map(|result| at(result, price))
}

/// K05, Denver jail days: 160,000 for each point of reduction from zero, with a jump at 20; 38,000 a point from 30 to 65
/// [slopes R; edges and the maximum of 6.13 m as published].
#[test]
fn k05_denver_jail_schedule() {
    let price =
        "[{ from = 20, pay = 3_200_000, each = 160_000 }, { from = 30, each = 38_000 }, { from = 65 }]";
    let found = all_at(["19.99", "20", "30", "38", "65", "80"], price);
    assert_eq!(found, [0, 3_200_000, 4_800_000, 5_104_000, 6_130_000, 6_130_000]);
}

/// K06, New York: a step table on the reduction of bed days [amounts R but the first and the last].
#[test]
fn k06_new_york_step_table() {
    let steps = [
        ("8.5", 4_800_000),
        ("10", 9_600_000),
        ("11", 10_080_000),
        ("12", 10_176_000),
        ("12.5", 10_272_000),
        ("13", 10_368_000),
        ("16", 10_944_000),
        ("20", 11_712_000),
    ];
    let rows: Vec<_> = steps.iter().map(|(edge, pay)| format!("{{ from = {edge}, pay = {pay} }}")).collect();
    let found = all_at(["8.49", "8.5", "9.99", "10", "20", "25"], &format!("[{}]", rows.join(", ")));
    assert_eq!(found, [0, 4_800_000, 4_800_000, 9_600_000, 11_712_000, 11_712_000]);
}

/// K12, Ways to Wellness: a sliding scale on the mean change of a wellbeing star, nothing below 0.5, in full from 1.4 [I;
/// that it is linear between is assumed].
#[test]
fn k12_ways_to_wellness_sliding_scale() {
    let price = "[{ from = 0.5, pay = 0, rise_to = 1 }, { from = 1.4, pay = 1 }]\nbase = 1_000_000";
    let found = all_at(["0.49", "0.5", "0.95", "1.4", "3.4"], price);
    assert_eq!(found, [0, 0, 500_000, 1_000_000, 1_000_000]);
}
