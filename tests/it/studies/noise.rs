//! Paying for noise against closed forms: a true effect of nothing or of 0.1, measured with a known error.

use statrs::distribution::{ContinuousCDF as _, Normal};
use udfald::engine::run::Unwatched;
use udfald::measure::Estimate;
use udfald::study::noise::Noise;

use crate::support::{model, settings};

const PEOPLE: f64 = 100.0;
const SD: f64 = 0.5;
const EDGE: f64 = 0.05;
const NOTHING: f64 = 0.3;

fn contract(noise: &str, price: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2030-12-31\nassumed = \"a test\"\n\
         [party]\npayer = {{}}\n[payment]\npaid_by = \"payer\"\n[cohort]\npeople = {PEOPLE}\n\
         [input.effect]\nchoice = [{{ value = 0, chance = {NOTHING} }}, {{ value = 0.1, chance = {} }}]\n\
         [outcome.better]\nof = \"enrolled\"\nat = \"12 months\"\nlevel = \"effect\"\n{noise}\n\
         [term.effect]\nfor = \"better\"\nprice = {price}\n\
         [limit.pot]\nper = \"contract\"\nat_most = 600\nexcess = \"lost\"\n",
        1.0 - NOTHING
    )
}

fn z(found: Estimate, exact: f64) -> f64 {
    let (low, high) = found.interval.unwrap();
    (found.value - exact) / ((high - low) / 3.92)
}

#[test]
fn what_is_earned_without_effect_and_not_earned_with_one() {
    let bias = 0.01;
    let rows = format!("[{{ from = {EDGE}, pay = 1000 }}]");
    let noise = format!("noise = {{ sd = {SD}, people = \"enrolled\" }}\nbias = {bias}");
    let text = contract(&noise, &rows);
    let found = Noise::new(&model(&text), settings(60_000, 3), Some(2), &Unwatched).unwrap();
    assert_eq!((found.trials, found.terms.len()), (60_000, 1));
    let term = &found.terms[0];
    assert_eq!((term.investment.as_str(), term.term.as_str()), ("x", "effect"));
    let error = Normal::new(0.0, SD / PEOPLE.sqrt()).unwrap();
    let anyway = NOTHING * error.sf(EDGE - bias);
    let missed = (1.0 - NOTHING) * error.cdf(EDGE - bias - 0.1);
    let exact = [
        (term.no_effect, NOTHING),
        (term.earned_anyway, anyway),
        // What is earned, not what the limit of 600 lets through.
        (term.amount_anyway, 100_000.0 * anyway),
        (term.missed, missed),
        (term.amount_missed, 100_000.0 * missed),
    ];
    for (estimate, exact) in exact {
        assert!(z(estimate, exact).abs() < 4.0, "{estimate:?} {exact}");
    }
    // Without the bias other figures would be expected, and would not be met.
    assert!(z(term.earned_anyway, NOTHING * error.sf(EDGE)).abs() > 5.0);
}

/// A price per unit above zero: E[N; N > 0] of what is measured.
#[test]
fn an_amount_that_grows_with_the_level() {
    let text =
        contract(&format!("noise = {{ sd = {SD}, people = \"enrolled\" }}"), "[{ from = 0, each = 10_000 }]");
    let found = Noise::new(&model(&text), settings(60_000, 4), Some(2), &Unwatched).unwrap();
    let error = SD / PEOPLE.sqrt();
    let amount = NOTHING * 1e6 * error / (2.0 * std::f64::consts::PI).sqrt();
    assert!(z(found.terms[0].amount_anyway, amount).abs() < 4.0, "{:?} {amount}", found.terms[0]);
    assert!(z(found.terms[0].amount_anyway, 1.1 * amount).abs() > 4.0);
}

#[test]
fn what_is_measured_as_it_is_has_no_line() {
    let text = contract("", "[{ from = 0.05, pay = 1000 }]");
    assert_eq!(Noise::new(&model(&text), settings(1_000, 1), Some(1), &Unwatched).unwrap(), Noise::default());
}
