//! Inputs in the words in which people know them, drawn in whole scenarios and held against their closed forms.

use udfald::engine::probe::{Probe, Wanted};
use udfald::engine::run::Unwatched;

use crate::support::{model, settings};

const HEAD: &str = "udfald = 1\ninvestment = \"known\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
    assumed = \"a test\"\n[party.town]\n[cohort]\npeople = 10\n[term.fee]\nprice = 1\npaid_by = \"town\"\n\
    due = { on = 2027-01-01 }\n[factor.f]\n[input.x]\n";

/// Draws of an input in ascending order, independent or following a factor.
fn draws(words: &str) -> Vec<f64> {
    let model = model(&format!("{HEAD}{words}\n"));
    let probe = Probe::of_numbers(&model).unwrap();
    let at = probe.drawn().iter().position(|drawn| drawn.name() == "x").unwrap();
    let wanted = Wanted { figures: &[], numbers: &[at] };
    let found = probe.pass(wanted, &probe.streams(|_| 7), settings(100_000, 7), None, &Unwatched).unwrap();
    let mut series = found.numbers.into_iter().next().unwrap();
    series.sort_by(f64::total_cmp);
    series
}

/// The largest distance to a distribution function, at level 0.001 below 1.95 / sqrt(n) = 0.0062.
fn distance(draws: &[f64], cdf: impl Fn(f64) -> f64) -> f64 {
    let n = draws.len() as f64;
    let apart = |(i, x): (usize, &f64)| {
        let f = cdf(*x);
        (f - i as f64 / n).abs().max((f - (i + 1) as f64 / n).abs())
    };
    draws.iter().enumerate().map(apart).fold(0.0, f64::max)
}

const LIMIT: f64 = 0.0062;

fn normal(x: f64, mean: f64, sd: f64) -> f64 {
    use statrs::distribution::{ContinuousCDF as _, Normal};
    Normal::new(mean, sd).unwrap().cdf(x)
}

/// Study 0.12 ± 0.04082 (95 % 0.04 to 0.20), usual 0.05 ± 0.05: it counts 0.6, so the mean is 0.092; places differ by 0.03.
#[test]
fn a_study_is_drawn_towards_what_is_usual() {
    let words = "evidence = { effect = 0.12, low = 0.04, high = 0.20, usual = { mean = 0.05, sd = 0.05 }, elsewhere = 0.03 }";
    let error = 0.08 / 1.959_963_984_540_054;
    let weight = 0.0025 / (0.0025 + error * error);
    let (mean, sd) = (weight * 0.12 + (1.0 - weight) * 0.05, (weight * error * error + 0.0009_f64).sqrt());
    for loads in ["", "\nloads = { f = 0.5 }"] {
        let found = draws(&format!("{words}{loads}"));
        assert!(distance(&found, |x| normal(x, mean, sd)) < LIMIT);
        // As the study stands is another forecast.
        assert!(distance(&found, |x| normal(x, 0.12, error)) > 0.1);
    }
}

#[test]
fn two_experts_are_pooled_by_weight() {
    let words =
        "experts = [{ weight = 3, normal = { mean = 1, sd = 0.5 } }, { normal = { mean = 4, sd = 1 } }]";
    let pool = |w: f64| move |x: f64| w * normal(x, 1.0, 0.5) + (1.0 - w) * normal(x, 4.0, 1.0);
    for loads in ["", "\nloads = { f = -0.7 }"] {
        let found = draws(&format!("{words}{loads}"));
        assert!(distance(&found, pool(0.75)) < LIMIT);
        assert!(distance(&found, pool(0.73)) > LIMIT);
    }
}

#[test]
fn a_part_that_is_nothing_keeps_its_chance() {
    let words =
        "mixture = [{ share = 0.15, value = 0 }, { share = 0.85, normal = { mean = 0.1, sd = 0.08 } }]";
    for loads in ["", "\nloads = { f = 0.6 }"] {
        let found = draws(&format!("{words}{loads}"));
        let nothing = found.iter().filter(|x| x.abs() < 1e-15).count() as f64 / found.len() as f64;
        assert!((nothing - 0.15).abs() < 3.3 * (0.15 * 0.85 / 1e5_f64).sqrt(), "{nothing}");
        let others: Vec<f64> = found.into_iter().filter(|x| x.abs() >= 1e-15).collect();
        assert!(distance(&others, |x| normal(x, 0.1, 0.08)) < LIMIT * 1.1);
        assert!(distance(&others, |x| normal(x, 0.1, 0.085)) > LIMIT);
    }
}

/// Keelin's curve in its own terms, inverted by search: independent of how it is tabulated.
#[test]
fn a_metalog_goes_through_what_was_said() {
    let found = draws("metalog = { p10 = 210, p50 = 290, p90 = 340, low = 0, high = 400 }");
    let to = |x: f64| (x / (400.0 - x)).ln();
    let (a, b, c, odds) = (to(210.0), to(290.0), to(340.0), 9.0_f64.ln());
    let (width, share) = (c - a, (b - a) / (c - a));
    let curve = |y: f64| {
        let l = (y / (1.0 - y)).ln();
        b + width / (2.0 * odds) * l + width * (1.0 - 2.0 * share) / (0.8 * odds) * (y - 0.5) * l
    };
    let cdf = |x: f64| {
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if curve(middle) > to(x) { high = middle } else { low = middle }
        }
        0.5 * (low + high)
    };
    assert!(distance(&found, cdf) < LIMIT);
    assert!(distance(&found, |x| cdf(x - 2.0)) > LIMIT);
}

#[test]
fn a_range_of_ninety_per_cent_has_ninety_per_cent() {
    let found = draws("range = { low = 0.2, high = 0.6, covers = 0.9, scale = \"logit\" }");
    let beyond = |test: &dyn Fn(f64) -> bool| found.iter().filter(|x| test(**x)).count() as f64 / 1e5;
    let (below, above) = (beyond(&|x| x < 0.2), beyond(&|x| x > 0.6));
    let slack = 3.3 * (0.05 * 0.95 / 1e5_f64).sqrt();
    assert!((below - 0.05).abs() < slack && (above - 0.05).abs() < slack, "{below} {above}");
}

#[test]
fn fitted_quantiles_are_the_beta_they_come_from() {
    use statrs::distribution::{Beta, ContinuousCDF as _};
    let law = Beta::new(8.0, 12.0).unwrap();
    let [a, b, c] = [0.1, 0.5, 0.9].map(|p| law.inverse_cdf(p));
    let found = draws(&format!("quantiles = {{ p10 = {a:.9}, p50 = {b:.9}, p90 = {c:.9}, fit = \"beta\" }}"));
    assert!(distance(&found, |x| law.cdf(x)) < LIMIT);
    let other = Beta::new(8.0, 12.4).unwrap();
    assert!(distance(&found, |x| other.cdf(x)) > LIMIT);
}
