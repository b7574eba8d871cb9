//! A 95 % interval holds the exact figure in 95 of 100 repetitions, under every sampler.
//!
//! By default 100 repetitions; `UDFALD_REPETITIONS=1000 cargo test --release --test it coverage` does the whole number and
//! prints what it found (docs/precision.md).

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, Normal};
use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::results::Results;
use udfald::measure::{Estimate, Level, Statistic};

use super::run;
use crate::exact::{Exact, g1, solve};
use crate::support::{excess, model, total};

const TRIALS: u64 = 4_096;
const ALL: [Chance; 3] = [Chance::Inversion, Chance::Latin, Chance::Sobol];

fn repetitions() -> u64 {
    std::env::var("UDFALD_REPETITIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

/// A figure with the truth about it.
type Known = (&'static str, Estimate, f64);

/// Shares of repetitions in which intervals held the truth, by figure.
fn coverage(
    model: &udfald::engine::model::Model,
    chance: Chance,
    read: &dyn Fn(&Results<'_>) -> Vec<Known>,
) -> BTreeMap<&'static str, f64> {
    let mut held: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in 1..=repetitions() {
        for (name, estimate, truth) in read(&run(model, chance, TRIALS, seed)) {
            let (low, high) = estimate.interval.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
            // Amounts are in whole øre, the truth is not; shares are.
            let slack = if truth > 1.0 { 0.5 } else { 0.0 };
            *held.entry(name).or_default() += u64::from(low - slack <= truth && truth <= high + slack);
        }
    }
    let shares: BTreeMap<_, _> =
        held.into_iter().map(|(name, held)| (name, held as f64 / repetitions() as f64)).collect();
    println!("{}: {shares:?}", chance.name());
    shares
}

/// What is accepted: 92.5 to 97.5 % of a thousand repetitions; four standard deviations around the ends of fewer.
fn band(least: f64) -> (f64, f64) {
    let n = repetitions() as f64;
    let slack = if n >= 1000.0 { 0.0 } else { 2.0 * (0.95 * 0.05 / n).sqrt() };
    (least - slack, 0.975 + slack)
}

fn share_of(results: &Results<'_>, limit: &str) -> Estimate {
    excess(results, limit).exceedance(0)
}

fn figures(results: &Results<'_>, exact: &Exact) -> Vec<Known> {
    let payable = total(results, "all", Flow::Payment);
    vec![
        ("mean", payable.mean(), exact.payable_mean * 100.0),
        ("sd", payable.standard_deviation().unwrap(), exact.payable_sd * 100.0),
        ("quarter", share_of(results, "quarter"), exact.quarter_cuts),
        ("lifetime", share_of(results, "lifetime"), exact.lifetime_cuts),
        ("lost", excess(results, "lifetime").mean(), exact.lost_to_lifetime * 100.0),
    ]
}

/// The amount whose probability passes a share.
fn quantile(exact: &Exact, share: f64) -> f64 {
    let mut sum = 0.0;
    let found = exact.distribution.iter().find(|(_, mass)| {
        sum += mass;
        sum >= share
    });
    found.map_or(0.0, |(amount, _)| amount * 100.0)
}

#[test]
fn means_spreads_and_probabilities_of_g1() {
    let contract = g1();
    let (model, exact) = (crate::g1::scenario(&contract, false), solve(&contract));
    let (low, high) = band(0.925);
    for chance in ALL {
        for (name, share) in coverage(&model, chance, &|results| figures(results, &exact)) {
            assert!((low..=high).contains(&share), "{name} under {}: {share}", chance.name());
        }
    }
    // The twin: intervals of independent trials, around figures of spread ones, hold the truth always.
    let plain = |results: &Results<'_>| {
        let payable = total(results, "all", Flow::Payment);
        let value = payable.mean().value;
        let half = 1.96 * payable.standard_deviation().unwrap().value / (TRIALS as f64).sqrt();
        vec![(
            "mean",
            Estimate { value, interval: Some((value - half, value + half)) },
            exact.payable_mean * 100.0,
        )]
    };
    assert!(coverage(&model, Chance::Sobol, &plain)["mean"] > 0.995);
}

#[test]
fn quantiles_of_g1() {
    let contract = g1();
    let (model, exact) = (crate::g1::scenario(&contract, false), solve(&contract));
    let levels = [("p01", 1), ("p05", 5), ("p10", 10), ("p25", 25), ("p50", 50), ("p90", 90)];
    let read = |results: &Results<'_>| {
        let payable = total(results, "all", Flow::Payment);
        let of = |(name, percent): (&'static str, u32)| {
            let level = Level::new(percent, 100).unwrap();
            (name, payable.quantile(level), quantile(&exact, level.share()))
        };
        levels.map(of).to_vec()
    };
    for chance in ALL {
        for (name, share) in coverage(&model, chance, &read) {
            assert!(share >= band(0.93).0, "{name} under {}: {share}", chance.name());
        }
    }
}

const CONTINUOUS: &str = "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
    assumed = \"a test\"\n[party]\npayer = {}\n[payment]\npaid_by = \"payer\"\n[cohort]\npeople = 100\n[input]\n\
    first = { normal = { mean = 30, sd = 2 }, at_least = 0 }\nsecond = { normal = { mean = 40, sd = 3 }, at_least = 0 }\n\
    [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"first\"\nprice = 1000\n\
    [term.b]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"second\"\nprice = 1000\n";

/// The sum of two normal levels.
#[test]
fn quantiles_of_a_continuous_contract() {
    let model = model(CONTINUOUS);
    let levels = [
        ("p05", Statistic::P05),
        ("p10", Statistic::P10),
        ("p50", Statistic::P50),
        ("p90", Statistic::P90),
        ("p95", Statistic::P95),
    ];
    let sd = 13f64.sqrt();
    let of = |results: &Results<'_>, shift: f64| {
        let payment = total(results, "payer", Flow::Payment);
        let read = |(name, statistic): (&'static str, Statistic)| {
            let level = statistic.level().unwrap();
            let z = Normal::standard().inverse_cdf(level.share());
            (name, payment.quantile(level), 100_000.0 * (70.0 + sd * z + shift))
        };
        levels.map(read).to_vec()
    };
    let (low, high) = band(0.925);
    for chance in ALL {
        for (name, share) in coverage(&model, chance, &|results| of(results, 0.0)) {
            assert!((low..=high).contains(&share), "{name} under {}: {share}", chance.name());
        }
    }
    // The twin: a truth that lies a tenth of a standard deviation away.
    let off = coverage(&model, Chance::Inversion, &|results| of(results, 0.1));
    assert!(off["p50"] < low, "{off:?}");
}
