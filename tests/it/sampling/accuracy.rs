//! How much error spread trials leave, against independent ones of the same number.

use statrs::distribution::{Binomial, DiscreteCDF};
use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::model::Model;
use udfald::engine::run::{Settings, Unwatched};
use udfald::study::compare::Comparison;

use super::{SPREAD, run};
use crate::exact::{g1, solve};
use crate::support::{Words, model, total};

const TRIALS: u64 = 1 << 16;
const SEEDS: u64 = 12;

/// The root mean square error of the mean of all payments, beside that of as many independent trials (kroner).
fn gain(model: &Model, chance: Chance, mean: f64, sd: f64) -> f64 {
    let errors = (1..=SEEDS).map(|seed| {
        let payment = total(&run(model, chance, TRIALS, seed), "all", Flow::Payment);
        (payment.mean().value / 100.0 - mean).powi(2)
    });
    sd / (TRIALS as f64).sqrt() / (errors.sum::<f64>() / SEEDS as f64).sqrt()
}

const HEAD: &str = "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
    assumed = \"a test\"\n[party]\npayer = {}\n[payment]\npaid_by = \"payer\"\n";

/// A price times a level: a total of smooth inputs.
#[test]
fn a_total_of_smooth_inputs_is_known_ten_times_better() {
    let body = "[cohort]\npeople = 100\n[input]\ntariff = { triangular = { low = 400_000, mode = 700_000, high = 1_600_000 } }\n\
        effect = { beta = { a = 3, b = 5 } }\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"effect\"\n\
        price = \"tariff\"\n";
    let model = model(&format!("{HEAD}{body}"));
    let (low, mode, high, a, b): (f64, f64, f64, f64, f64) = (4e5, 7e5, 16e5, 3.0, 5.0);
    let (price, level) = ((low + mode + high) / 3.0, a / (a + b));
    let spread = (low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18.0;
    let level_spread = a * b / ((a + b) * (a + b) * (a + b + 1.0));
    let sd = (spread * level_spread + spread * level * level + level_spread * price * price).sqrt();
    let [plain, latin, sobol] = [Chance::Inversion, Chance::Latin, Chance::Sobol]
        .map(|chance| gain(&model, chance, price * level, sd));
    println!("smooth: plain {plain:.2}, lhs {latin:.1}, sobol {sobol:.1}");
    assert!(sobol > 10.0, "{sobol}");
    // The twin: independent trials gain nothing.
    assert!((0.5..2.0).contains(&plain), "{plain}");
}

#[test]
fn the_mean_of_g1_is_known_five_times_better() {
    let contract = g1();
    let (model, exact) = (crate::g1::scenario(&contract, false), solve(&contract));
    let gain = |chance| gain(&model, chance, exact.payable_mean, exact.payable_sd);
    let [latin, sobol] = SPREAD.map(gain);
    println!("g1: lhs {latin:.1}, sobol {sobol:.1}");
    assert!(sobol > 5.0, "{sobol}");
}

/// A rate of 0.5 against one of 0.52 of 95 people: the paired variance is that of inverting one uniform for both.
#[test]
fn paired_counts_differ_as_little_as_inversion_allows() {
    let body = |rate: f64| {
        let text = format!(
            "[cohort]\npeople = 95\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = {rate}\nprice = 1\n"
        );
        model(&format!("{HEAD}{text}"))
    };
    let (first, second) = (body(0.5), body(0.52));
    let settings = Settings { trials: 50_000, seed: 1, chance: Chance::Inversion };
    let compared = Comparison::new(&[&first, &second], settings, Some(1), &Unwatched).unwrap();
    let mean = compared.cell("all", "payer", "total").unwrap().differences[0].figures.mean;
    let (low, high) = mean.interval.unwrap();
    let found = ((high - low) / 2.0 / 1.959_964 / 100.0).powi(2) * 50_000.0;
    let mut words = Words(5);
    let laws = [0.5, 0.52].map(|rate| Binomial::new(rate, 95).unwrap());
    let differences: Vec<f64> = (0..20_000)
        .map(|_| {
            let u = (words.word() >> 11) as f64 / (1u64 << 53) as f64;
            laws[1].inverse_cdf(u) as f64 - laws[0].inverse_cdf(u) as f64
        })
        .collect();
    let centre = differences.iter().sum::<f64>() / 20_000.0;
    let pure = differences.iter().map(|d| (d - centre).powi(2)).sum::<f64>() / 20_000.0;
    println!("paired variance {found:.4}, of pure inversion {pure:.4}");
    assert!(found < 1.2 * pure, "{found} {pure}");
    // The twin: counts of two seeds have the variances of both, 95 · (0.25 + 0.2496).
    assert!(pure < 1.0 && 95.0 * (0.25 + 0.2496) > 1.2 * pure);
}
