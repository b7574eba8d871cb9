//! Sensitivity of contracts with closed forms: the split of the beta-binomial, a tornado, a turning value.

use statrs::distribution::{Beta, Binomial, Continuous, ContinuousCDF, Discrete, DiscreteCDF};
use udfald::engine::model::Model;
use udfald::engine::run::Unwatched;
use udfald::estimate::split::Split;
use udfald::measure::Estimate;
use udfald::study::sensitivity::drivers::Origin;
use udfald::study::sensitivity::{Sensitivity, Target};

use super::compare::{capped, contract};
use crate::support::settings;

const N: u64 = 95;
const A: f64 = 12.0;
const B: f64 = 16.0;

fn study(model: &Model, trials: u64) -> Sensitivity {
    Sensitivity::new(model, settings(trials, 5), Some(2), &Unwatched).unwrap()
}

fn total(study: &Sensitivity) -> &Target {
    study.target("payer", "total").unwrap()
}

/// How many standard errors an estimate lies from the truth, by its own interval.
fn z(estimate: Estimate, truth: f64) -> f64 {
    let (low, high) = estimate.interval.unwrap();
    (estimate.value - truth) / ((high - low) / 2.0 / 1.96)
}

fn rate(more: &str) -> String {
    format!("[input.rate]\nbeta = {{ a = {A}, b = {B} }}\n{more}")
}

/// Var E[min(K, c) | P] / Var min(K, c), by sums over counts and a fine sum over the rate.
fn ignorance(ceiling: f64) -> f64 {
    let law = Beta::new(A, B).unwrap();
    let steps = 2_000;
    let (mut mean, mut between, mut whole) = (0.0, 0.0, 0.0);
    for step in 0..steps {
        let p = (f64::from(step) + 0.5) / f64::from(steps);
        let (weight, counts) = (law.pdf(p) / f64::from(steps), Binomial::new(p, N).unwrap());
        let moment = |power: i32| -> f64 {
            (0..=N).map(|k| counts.pmf(k) * (k as f64).min(ceiling).powi(power)).sum()
        };
        let given = moment(1);
        mean += weight * given;
        between += weight * given * given;
        whole += weight * moment(2);
    }
    (between - mean * mean) / (whole - mean * mean)
}

#[test]
fn the_split_of_a_beta_binomial_is_its_closed_form() {
    let model = contract(&rate(""), "");
    let study = study(&model, 40_000);
    let Split { chance, shock, ignorance: unknown } = total(&study).split[0].unwrap();
    // n/(a + b + n) of the variance of a beta-binomial is that of its rate.
    let closed = N as f64 / (A + B + N as f64);
    assert!((ignorance(f64::INFINITY) - closed).abs() < 1e-6);
    assert!(z(unknown, closed).abs() < 4.0 && z(chance, 1.0 - closed).abs() < 4.0, "{unknown:?} {closed}");
    assert_eq!((shock.value, shock.interval), (0.0, Some((0.0, 0.0))));
    // The twin, a contract of 60 people, has another split.
    assert!(z(unknown, 60.0 / (A + B + 60.0)).abs() > 6.0);
}

#[test]
fn the_split_holds_for_what_is_capped_while_what_is_earned_keeps_its_own() {
    let model = contract(&rate(""), &capped(400_000));
    let study = study(&model, 40_000);
    let [paid, earned] = total(&study).split.map(Option::unwrap);
    let (capped, free) = (ignorance(40.0), ignorance(f64::INFINITY));
    assert!((capped - free).abs() > 0.01);
    assert!(z(paid.ignorance, capped).abs() < 4.0, "{:?} {capped}", paid.ignorance);
    assert!(z(earned.ignorance, free).abs() < 4.0 && z(paid.ignorance, free).abs() > 5.0);
}

#[test]
fn a_shock_is_told_from_ignorance() {
    let shocked = contract(&rate("class = \"shock\""), "");
    let study_of_shock = study(&shocked, 20_000);
    let split = total(&study_of_shock).split[0].unwrap();
    let closed = N as f64 / (A + B + N as f64);
    assert!(z(split.shock, closed).abs() < 4.0, "{:?}", split.shock);
    assert!(z(split.ignorance, 0.0).abs() < 4.0);
    // All on a common factor, which is a shock by default.
    let loaded = format!("[factor]\nmarket = {{}}\n{}", rate("loads = { market = 1.0 }"));
    let study_of_factor = study(&contract(&loaded, ""), 20_000);
    let split = total(&study_of_factor).split[0].unwrap();
    assert!(z(split.shock, closed).abs() < 4.0, "{:?}", split.shock);
}

#[test]
fn indices_of_one_input_and_chance_are_the_split() {
    let study = study(&contract(&rate(""), &capped(400_000)), 40_000);
    let target = total(&study);
    let names: Vec<_> = study.drivers.iter().map(|driver| (driver.origin, driver.name.as_str())).collect();
    assert_eq!(names, [(Origin::Input, "x.rate"), (Origin::Chance, "chance")]);
    let [input, chance] = [0, 1].map(|at| target.drivers[at][0].unwrap());
    let truth = ignorance(40.0);
    assert!(z(input.first, truth).abs() < 4.0 && z(chance.total, 1.0 - truth).abs() < 4.0);
    // Total less first order is what the two do together, the same for both.
    assert!(input.total.value > input.first.value && chance.total.value > chance.first.value);
}

#[test]
fn a_tornado_against_the_exact_means() {
    let study = study(&contract(&rate(""), ""), 20_000);
    let swing = total(&study).swings[0];
    let ends = [0.1, 0.9].map(|p| Beta::new(A, B).unwrap().inverse_cdf(p));
    for (found, exact) in study.numbers[0].ends.into_iter().zip(ends) {
        assert!((found - exact).abs() < 1e-6, "{found} {exact}");
    }
    let exact = 1e6 * N as f64 * (ends[1] - ends[0]);
    assert!(z(swing.mean, exact).abs() < 4.0, "{:?} {exact}", swing.mean);
    assert!(z(swing.mean, 1.02 * exact).abs() > 6.0);
    assert_eq!(swing.mean, swing.earned);
}

#[test]
fn what_would_have_to_be_true_for_a_cap_to_cut() {
    let study = study(&contract(&rate(""), &capped(400_000)), 20_000);
    let turning = total(&study).turning[0].unwrap();
    // The rate at which more than 40 of 95 succeed in half of the trials.
    let exact = (0..10_000)
        .map(|step| f64::from(step) / 10_000.0)
        .find(|p| Binomial::new(*p, N).unwrap().sf(40) >= 0.5)
        .unwrap();
    let (low, high) = turning.value.interval.unwrap();
    assert!((turning.value.value - exact).abs() < high - low, "{turning:?} {exact}");
    assert!(high - low < 0.01 && turning.rising);
    let level = Beta::new(A, B).unwrap().cdf(turning.value.value);
    assert!((turning.level - level).abs() < 0.001, "{turning:?} {level}");
}

#[test]
fn a_cap_that_fixes_p90_leaves_nothing_of_it_to_a_tornado() {
    let study = study(&contract(&rate(""), &capped(300_000)), 5_000);
    let swing = total(&study).swings[0];
    assert_eq!((swing.p90.value, swing.p90.interval), (0.0, Some((0.0, 0.0))));
    assert!(swing.mean.value > 0.0 && swing.earned.value > 4.0 * swing.mean.value);
}

#[test]
fn inputs_that_share_a_factor_are_a_group() {
    let more = "[factor]\nmarket = {}\n[input.share]\nbeta = { a = 40, b = 10 }\nloads = { market = 0.5 }\n\
                [outcome.done]\nof = \"enrolled\"\nat = \"3 months\"\nrate = \"share\"\n\
                [term.done]\nfor = \"done\"\nprice = 3_000";
    let model = contract(&format!("{more}\n{}", rate("loads = { market = 0.5 }")), "");
    let study = study(&model, 5_000);
    assert_eq!(study.groups.len(), 1);
    assert_eq!((study.groups[0].name.as_str(), study.groups[0].members.len()), ("market", 3));
    let group = total(&study).groups[0][0].unwrap();
    let chance = total(&study).split[0].unwrap().chance;
    assert!((group.first.value + chance.value - 1.0).abs() < 0.1, "{group:?} {chance:?}");
    let members: f64 =
        study.groups[0].members.iter().map(|m| total(&study).drivers[*m][0].unwrap().first.value).sum();
    assert!(members <= group.first.value + 0.1);
}
