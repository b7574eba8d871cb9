//! `measured = "to date"`, `pays`, and what the last reading leaves.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use super::{check, paid};
use crate::language::Figure::{Mean, UpTo};

/// 10, 20 and 30 people, measured in 2026, 2027 and 2028.
const COHORT: &str = "[cohort]\npeople = 60\n\
    intakes = { 2026-01-01 = \"1/6\", 2027-01-01 = \"2/6\", 2028-01-01 = \"rest\" }\n\
    [outcome]\ndone = { of = \"enrolled\", at = \"6 months\", rate = 1 }\n";

fn term(words: &str) -> [i64; 3] {
    paid(&format!("{COHORT}[term.a]\nfor = \"done\"\nmeasured = \"to date\"\n{words}"))
}

#[test]
fn to_date_pays_in_full_or_the_increase() {
    let bands = "price = [{ from = 0, each = 10 }, { from = 25, each = 1 }]\n";
    assert_eq!(term(&format!("pays = \"in full\"\n{bands}")), [10_000, 25_500, 28_500]);
    assert_eq!(term(&format!("pays = \"increase\"\n{bands}")), [10_000, 15_500, 3_000]);
}

#[test]
fn an_increase_is_measured_from_the_most_before() {
    let hump = "pays = \"increase\"\nprice = [{ from = 5, pay = 100 }, { from = 25, pay = 40 }, { from = 50, pay = 130 }]\n";
    assert_eq!(term(hump), [10_000, 0, 3_000]);
    assert_eq!(term(&format!("{hump}whole_kroner = true\ntimes = 0.125\n")), [1_300, 0, 300]);
}

/// A trigger on the share of all so far: the chance that 10, then 30 people are enough.
#[test]
fn a_share_to_date_is_the_ratio_of_sums() {
    let body = |edge: f64| {
        format!(
            "[cohort]\npeople = 30\nintakes = {{ 2026-01-01 = \"1/3\", 2026-07-01 = \"rest\" }}\n[outcome]\n\
             done = {{ of = \"enrolled\", at = \"6 months\", rate = 0.5 }}\nshare = {{ formula = \"done / enrolled\" }}\n\
             [term.a]\nfor = \"share\"\nmeasured = \"to date\"\npays = \"in full\"\nprice = [{{ from = {edge}, pay = 1000 }}]\n"
        )
    };
    let at_least = |n: u64, k: u64| 1.0 - Binomial::new(0.5, n).unwrap().cdf(k - 1);
    let figures = [Mean(1000.0 * (at_least(10, 6) + at_least(30, 18)))];
    check(&body(0.6), &body(0.61), &figures);
}

/// Paying the increase, the largest of the two readings is paid in all: enough at first, or enough in all.
#[test]
fn the_increases_add_up_to_the_largest_reading() {
    let body = |edge: f64| {
        format!(
            "[cohort]\npeople = 30\nintakes = {{ 2026-01-01 = \"1/3\", 2026-07-01 = \"rest\" }}\n[outcome]\n\
             done = {{ of = \"enrolled\", at = \"6 months\", rate = 0.5 }}\nshare = {{ formula = \"done / enrolled\" }}\n\
             [term.a]\nfor = \"share\"\nmeasured = \"to date\"\npays = \"increase\"\nprice = [{{ from = {edge}, pay = 1000 }}]\n"
        )
    };
    let (first, second) = (Binomial::new(0.5, 10).unwrap(), Binomial::new(0.5, 20).unwrap());
    // Neither six of ten nor eighteen of thirty.
    let neither: f64 = (0..6).map(|k| first.pmf(k) * second.cdf(17 - k)).sum();
    check(&body(0.6), &body(0.61), &[UpTo(0.0, neither), Mean(1000.0 * (1.0 - neither))]);
}
