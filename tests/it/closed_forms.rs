//! Small contracts with closed forms: products, sums, counts, steps, ramps and events, by both samplers.

use statrs::distribution::{Beta, Binomial, ContinuousCDF, Discrete, DiscreteCDF, Normal};
use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::run::Settings;

use crate::support::{Scores, model, share_to, total};

const SEEDS: [u64; 5] = [11, 12, 13, 14, 15];
const TRIALS: u64 = 200_000;

/// What is known of the total payment, in kroner.
pub enum Figure {
    Mean(f64),
    Sd(f64),
    /// P(payment ≤ kroner).
    UpTo(f64, f64),
}

use Figure::{Mean, Sd, UpTo};

fn scenario(body: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
         assumed = \"a test\"\n[party]\npayer = {{}}\n[payment]\npaid_by = \"payer\"\n{body}"
    )
}

fn scores(text: &str, figures: &[Figure], settings: Settings, scores: &mut Scores) {
    let model = model(text);
    let results = model.run(settings).unwrap();
    let payment = total(&results, "payer", Flow::Payment);
    for figure in figures {
        match figure {
            Mean(mean) => scores.mean("payment", &payment, *mean),
            Sd(sd) => scores.sd("payment", &payment, *sd),
            UpTo(kroner, share) => {
                let found = share_to(&payment, (kroner * 100.0).round() as i64);
                scores.share(&format!("payment up to {kroner}"), found, *share, settings.trials);
            }
        }
    }
}

/// The figures hold for the scenario over five seeds and with the reference sampler, and not for the twin.
pub fn check(body: &str, twin: &str, figures: &[Figure]) {
    let text = scenario(body);
    let mut found = Scores::default();
    for seed in SEEDS {
        scores(&text, figures, Settings { trials: TRIALS, seed, chance: Chance::Inversion }, &mut found);
    }
    found.check();
    found.check_over_seeds();
    let mut reference = Scores::default();
    let settings = Settings { trials: TRIALS, seed: 1, chance: Chance::Reference };
    scores(&text, figures, settings, &mut reference);
    reference.check();
    let mut off = Scores::default();
    let settings = Settings { trials: TRIALS, seed: 1, chance: Chance::Inversion };
    scores(&scenario(twin), figures, settings, &mut off);
    assert!(off.largest() > 8.0, "the twin passes: {:?}", off.0);
}

pub fn phi(z: f64) -> f64 {
    Normal::standard().cdf(z)
}

/// Simpson's rule.
pub fn integral(low: f64, high: f64, f: impl Fn(f64) -> f64) -> f64 {
    let n = 2_000;
    let step = (high - low) / f64::from(n);
    let weight = |i: i32| if i == 0 || i == n { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    (0..=n).map(|i| weight(i) * f(low + f64::from(i) * step)).sum::<f64>() * step / 3.0
}

#[test]
fn a_triangular_price_times_a_beta_level() {
    let (low, mode, high, a, b) = (400_000.0, 700_000.0, 1_600_000.0, 3.0, 5.0);
    let body = |b: f64| {
        format!(
            "[cohort]\npeople = 100\n[input]\ntariff = {{ triangular = {{ low = {low}, mode = {mode}, high = {high} }} }}\n\
             effect = {{ beta = {{ a = {a}, b = {b} }} }}\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\n\
             level = \"effect\"\nprice = \"tariff\"\n"
        )
    };
    let price = (low + mode + high) / 3.0;
    let spread = (low * low + mode * mode + high * high - low * mode - low * high - mode * high) / 18.0;
    let level = a / (a + b);
    let level_spread = a * b / ((a + b) * (a + b) * (a + b + 1.0));
    // Var(TB) = Var T · Var B + Var T · (E B)² + Var B · (E T)² for independent T and B.
    let variance = spread * level_spread + spread * level * level + level_spread * price * price;
    let law = Beta::new(a, b).unwrap();
    let density = |t: f64| {
        let (side, width) = if t < mode { (t - low, mode - low) } else { (high - t, high - mode) };
        2.0 * side / ((high - low) * width)
    };
    let up_to = |y: f64| {
        let part = |t: f64| density(t) * law.cdf((y / t).min(1.0));
        UpTo(y, integral(low, mode, part) + integral(mode, high, part))
    };
    let figures =
        [Mean(price * level), Sd(variance.sqrt()), up_to(100_000.0), up_to(300_000.0), up_to(600_000.0)];
    check(&body(b), &body(5.1), &figures);
}

#[test]
fn two_normal_levels_that_share_a_factor() {
    let body = |second: f64| {
        format!(
            "[cohort]\npeople = 100\n[factor]\ncommon = {{}}\n[input]\n\
             first = {{ normal = {{ mean = 30, sd = 2 }}, at_least = 0, loads = {{ common = 0.8 }} }}\n\
             second = {{ normal = {{ mean = 40, sd = 3 }}, at_least = 0, loads = {{ common = {second} }} }}\n\
             [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"first\"\nprice = 1000\n\
             [term.b]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = \"second\"\nprice = 1000\n"
        )
    };
    for second in [0.6f64, -0.5] {
        // The correlation of two inputs is the product of their loadings.
        let sd = 1000.0 * (4.0 + 9.0 + 2.0 * (0.8 * second) * 2.0 * 3.0).sqrt();
        let quantile = |p: f64| UpTo(70_000.0 + sd * Normal::standard().inverse_cdf(p), p);
        let figures = [Mean(70_000.0), Sd(sd), quantile(0.1), quantile(0.5), quantile(0.9)];
        check(&body(second), &body(second - 0.1), &figures);
    }
}

#[test]
fn a_count_with_an_uncertain_rate() {
    let (n, a, b, tariff) = (50.0, 4.0, 6.0, 12_500.0);
    let body = |a: f64| {
        format!(
            "[cohort]\npeople = 50\n[input]\nchance = {{ beta = {{ a = {a}, b = {b} }} }}\n[term.a]\n\
             of = \"enrolled\"\nat = \"6 months\"\nrate = \"chance\"\nprice = {tariff}\n"
        )
    };
    let p = a / (a + b);
    // Skellam 1948: n·p·q·(1 + (n − 1)·ρ) with ρ = 1/(a + b + 1).
    let variance = n * p * (1.0 - p) * (1.0 + (n - 1.0) / (a + b + 1.0));
    let ln = statrs::function::beta::ln_beta;
    let mass = |k: f64| {
        let choose = statrs::function::factorial::ln_binomial(50, k as u64);
        (choose + ln(k + a, n - k + b) - ln(a, b)).exp()
    };
    let up_to = |k: u32| UpTo(f64::from(k) * tariff, (0..=k).map(|k| mass(f64::from(k))).sum());
    let figures = [Mean(n * p * tariff), Sd(variance.sqrt() * tariff), up_to(5), up_to(20), up_to(35)];
    check(&body(a), &body(4.1), &figures);
}

#[test]
fn steps_under_a_normal_level() {
    let (mean, sd) = (0.10, 0.05);
    let body = |edge: f64| {
        format!(
            "[cohort]\npeople = 100\n[input]\neffect = {{ normal = {{ mean = {mean}, sd = {sd} }} }}\n[term.a]\n\
             of = \"enrolled\"\nat = \"6 months\"\nlevel = \"effect\"\nprice = [{{ from = 0.05, pay = 100_000 }}, \
             {{ from = {edge}, pay = 250_000 }}, {{ above = 0.2, pay = 400_000 }}]\n"
        )
    };
    let below = |x: f64| phi((x - mean) / sd);
    let (first, second, third) = (below(0.05), below(0.12), below(0.2));
    let moment = |power: i32| {
        let pay = |kroner: f64| kroner.powi(power);
        pay(100_000.0) * (second - first) + pay(250_000.0) * (third - second) + pay(400_000.0) * (1.0 - third)
    };
    let expected = moment(1);
    let figures = [
        Mean(expected),
        Sd((moment(2) - expected * expected).sqrt()),
        UpTo(0.0, first),
        UpTo(100_000.0, second),
        UpTo(250_000.0, third),
    ];
    check(&body(0.12), &body(0.125), &figures);
}

#[test]
fn a_ramp_under_an_effect_measured_with_noise() {
    let (mean, sd, spread, people, matched): (f64, f64, f64, f64, f64) = (0.08, 0.04, 0.7, 150.0, 10.0);
    let body = |spread: f64| {
        format!(
            "[cohort]\npeople = {people}\n[input]\neffect = {{ normal = {{ mean = {mean}, sd = {sd} }} }}\n[term.a]\n\
             of = \"enrolled\"\nat = \"6 months\"\nlevel = \"effect\"\n\
             noise = {{ sd = {spread}, people = \"enrolled\", matched = {matched} }}\nbase = 1_000_000\n\
             price = [{{ from = 0.03, pay = 0, rise_to = 1 }}, {{ from = 0.11, pay = 1 }}]\n"
        )
    };
    // What is measured is normal, with the noise of those measured and of those they are compared with.
    let error = spread * (1.0 / people + 1.0 / (people * matched)).sqrt();
    let measured = (sd * sd + error * error).sqrt();
    // A ramp is a call spread: the mean of max(X − k, 0) is (μ − k)·Φ(d) + σ·φ(d), d = (μ − k)/σ.
    let call = |k: f64| {
        let d = (mean - k) / measured;
        (mean - k) * phi(d) + measured * (-d * d / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt()
    };
    let below = |x: f64| phi((x - mean) / measured);
    let figures = [
        Mean(1e6 * (call(0.03) - call(0.11)) / 0.08),
        UpTo(0.0, below(0.03)),
        UpTo(500_000.0, below(0.07)),
        UpTo(999_999.99, below(0.11)),
    ];
    check(&body(spread), &body(0.77), &figures);
}

#[test]
fn an_event_that_shifts_a_rate() {
    let (chance, rate, logit, tariff) = (0.3, 0.6f64, -0.8f64, 10_000.0);
    let body = |logit: f64| {
        format!(
            "[cohort]\npeople = 40\n[event.storm]\nchance = {chance}\non = 2026-01-01\n[input]\n\
             success = {{ value = {rate}, shifts = {{ storm = {{ logit = {logit} }} }} }}\n[term.a]\n\
             of = \"enrolled\"\nat = \"6 months\"\nrate = \"success\"\nprice = {tariff}\n"
        )
    };
    let odds = rate / (1.0 - rate) * logit.exp();
    let hit = odds / (1.0 + odds);
    let mixture = |f: &dyn Fn(&Binomial) -> f64| {
        let law = |p: f64| f(&Binomial::new(p, 40).unwrap());
        (1.0 - chance) * law(rate) + chance * law(hit)
    };
    let moment =
        |power: i32| mixture(&|law| (0..=40).map(|k| law.pmf(k) * (k as f64 * tariff).powi(power)).sum());
    let up_to = |k: u64| UpTo(k as f64 * tariff, mixture(&|law| law.cdf(k)));
    let expected = moment(1);
    let figures =
        [Mean(expected), Sd((moment(2) - expected * expected).sqrt()), up_to(14), up_to(20), up_to(25)];
    check(&body(logit), &body(-0.75), &figures);
}

/// An event hits an intake by the share of its window that lies on and after its date: half of a half year here.
#[test]
fn an_event_in_the_middle_of_a_window() {
    let body = |on: &str| {
        format!(
            "[cohort]\npeople = 1000\n[event.storm]\nchance = 1\non = {on}\n[input]\n\
             success = {{ value = 0.5, shifts = {{ storm = {{ times = 0.6 }} }} }}\n[term.a]\nof = \"enrolled\"\n\
             at = \"6 months\"\nrate = \"success\"\nprice = 1000\n"
        )
    };
    // From 1 January to 30 June are 181 days; 91 of them from 1 April on.
    let rate = 0.5 * (1.0 - 0.4 * 91.0 / 181.0);
    let figures = [Mean(1e6 * rate), Sd(1000.0 * (1000.0 * rate * (1.0 - rate)).sqrt())];
    check(&body("2026-04-01"), &body("2026-04-02"), &figures);
}
