//! Events that come, last and fade, that break a measurement, and that end a contract early.

use super::{check, paid};
use crate::closed_forms::Figure::{Mean, Sd};

/// Three intakes of ten, each of whom succeeds after half a year, and a fee each spring.
const THREE: &str = "[cohort]\npeople = 30\nintakes = { 2026-01-01 = \"1/3\", 2027-01-01 = \"1/3\", 2028-01-01 = \"rest\" }\n\
    [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nprice = 1000\n\
    [term.fee]\nprice = 50\ndue = { on = [2026-04-01, 2027-04-01, 2028-04-01] }\n";

fn stopped(on: &str, stops: &str) -> String {
    format!("{THREE}[event.end]\nchance = 1\non = {on}\nstops = \"{stops}\"\n")
}

#[test]
fn what_ends_and_what_is_paid_all_the_same() {
    assert_eq!(paid::<3>(THREE), [1_005_000; 3]);
    // On the day of the second intake: who has started is measured, fees go on.
    assert_eq!(paid::<3>(&stopped("2027-01-01", "enrolment")), [1_005_000, 5_000, 5_000]);
    // The second intake has started and is measured on 30 June 2027, a day too late.
    assert_eq!(paid::<3>(&stopped("2027-06-30", "measuring")), [1_005_000, 5_000, 5_000]);
    assert_eq!(paid::<3>(&stopped("2027-07-01", "measuring")), [1_005_000, 1_005_000, 5_000]);
    assert_eq!(paid::<3>(&stopped("2027-05-01", "contract")), [1_005_000, 5_000, 0]);
    // Nothing ends where it does not happen.
    let never = stopped("2027-05-01", "contract").replace("chance = 1", "chance = 0");
    assert_eq!(paid::<3>(&never), [1_005_000; 3]);
}

/// Amounts that are measured before the end and fall due after it are paid.
#[test]
fn what_was_measured_by_then_is_paid_later() {
    let later = "[cohort]\npeople = 10\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nprice = 1000\n\
        due = { after = \"12 months\" }\n[event.end]\nchance = 1\non = 2026-12-01\nstops = \"contract\"\n";
    assert_eq!(paid::<2>(later), [0, 1_000_000]);
}

/// A level that is not measured any more has no value: a pool of it is that of the intakes before.
#[test]
fn a_level_that_is_not_measured_weighs_nothing() {
    let level = |stops: &str| {
        format!(
            "[cohort]\npeople = 20\nintakes = {{ 2026-01-01 = 0.5, 2027-01-01 = \"rest\" }}\n\
             [input.l]\nvalue = 0.4\nshifts = {{ late = {{ becomes = 0.2, intakes = [2027-01-01] }} }}\n\
             [event.late]\nchance = 1\non = 2026-01-01\n\
             [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"l\"\nprice = 1000\nmeasured = \"at the end\"\n{stops}"
        )
    };
    assert_eq!(paid::<2>(&level("")), [0, 30_000]);
    let end = "[event.end]\nchance = 1\non = 2027-06-01\nstops = \"measuring\"\n";
    assert_eq!(paid::<2>(&level(end)), [0, 40_000]);
}

/// 0.8 less 0.4 at full strength, read on the day of measuring: 31 March, 30 June and 30 September of 2026.
#[test]
fn a_crash_comes_and_fades() {
    let level = |course: &str, shift: &str| {
        format!(
            "[cohort]\npeople = 10\n[input.l]\nvalue = 0.8\nshifts = {{ crash = {{ {shift} }} }}\n\
             [event.crash]\nchance = 1\non = 2026-03-02\n{course}\n\
             [term.a]\nof = \"enrolled\"\nat = [\"3 months\", \"6 months\", \"9 months\"]\nlevel = \"l\"\nprice = 100_000\nmeasured = \"each time\"\n\
             due = {{ on = [2026-12-31, 2027-12-31, 2028-12-31] }}\n"
        )
    };
    let day = "plus = -0.4, exposure = \"day\"";
    assert_eq!(paid::<3>(&level("", day)), [4_000_000; 3]);
    // Half-way after 29 of 58 days, in full until 30 June, half back after 92 of 184 days.
    let course = "onset = \"58 days\"\nuntil = 2026-06-30\nrecovery = \"184 days\"";
    assert_eq!(paid::<3>(&level(course, day)), [6_000_000, 4_000_000, 6_000_000]);
    // Over the window of the last point, 273 days, the mean strength of these days.
    let strength = (0..58).map(|d| f64::from(d) / 58.0).sum::<f64>()
        + 63.0
        + (1..=92).map(|d| 1.0 - f64::from(d) / 184.0).sum::<f64>();
    let expected = 100_000.0 * (0.8 - 0.4 * strength / 273.0);
    let found = paid::<3>(&level(course, "plus = -0.4"))[2];
    assert!((found as f64 / 100.0 - expected).abs() < 0.01, "{found} {expected}");
    // A measurement that breaks.
    assert_eq!(paid::<3>(&level("until = 2026-06-30", "becomes = 0, exposure = \"day\"")), [0, 0, 8_000_000]);
}

/// IMPACT60: 36 % in work, and 12 % after a shift of -1.42 on the logit scale; a mixture of two binomial counts.
#[test]
fn two_thirds_of_those_in_work_lose_it() {
    let body = |chance: f64| {
        format!(
            "[cohort]\npeople = 100\n[input.in_work]\nvalue = 0.36\n\
             shifts = {{ crash = {{ logit = -1.417, exposure = \"day\" }} }}\n\
             [event.crash]\nchance = {chance}\non = 2026-03-02\nonset = \"8 weeks\"\n\
             [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = \"in_work\"\nprice = 1000\n"
        )
    };
    let odds = 0.36 / 0.64 * (-1.417_f64).exp();
    let crashed = odds / (1.0 + odds);
    assert!((crashed - 0.12).abs() < 0.001, "{crashed}");
    let q = 0.25;
    let mean = 100.0 * ((1.0 - q) * 0.36 + q * crashed);
    let square = |p: f64| 100.0 * p * (1.0 - p) + 10_000.0 * p * p;
    let variance = (1.0 - q) * square(0.36) + q * square(crashed) - mean * mean;
    check(&body(q), &body(0.3), &[Mean(1000.0 * mean), Sd(1000.0 * variance.sqrt())]);
}
