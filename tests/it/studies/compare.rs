//! Paired differences: a scenario against itself, against exact expectations, and how much pairing saves.

use statrs::distribution::{Beta, Binomial, Continuous, Discrete};
use udfald::engine::model::Model;
use udfald::engine::run::{Settings, Unwatched};
use udfald::study::compare::Comparison;

use crate::support::{model, settings};

/// One payer, 95 people in one intake, 10,000 kr. for each of those who succeed.
pub fn contract(rate: &str, limit: &str) -> Model {
    model(&format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
         assumed = \"a test\"\n[party]\npayer = {{}}\n[payment]\npaid_by = \"payer\"\n\
         due = {{ after = \"1 month\" }}\n[cohort]\npeople = 95\nintakes = {{ 2026-01-01 = 1 }}\n{rate}\n\
         [outcome.job]\nof = \"enrolled\"\nat = \"6 months\"\nrate = \"rate\"\n\
         [term.job]\nfor = \"job\"\nprice = 10_000\n{limit}"
    ))
}

pub fn capped(kroner: u32) -> String {
    format!("[limit.payer]\npayer = \"payer\"\nper = \"contract\"\nat_most = {kroner}\nexcess = \"lost\"\n")
}

fn compare(models: &[&Model], settings: Settings) -> Comparison {
    Comparison::new(models, settings, Some(2), &Unwatched).unwrap()
}

#[test]
fn a_scenario_against_itself_is_exactly_zero() {
    let path = format!("{}/scenarios/norddjurs.toml", env!("CARGO_MANIFEST_DIR"));
    let [one, two] = [0, 1].map(|_| Model::load(&path).unwrap());
    let found = compare(&[&one, &two], settings(3_000, 1));
    assert!(found.unmatched[0].is_empty() && found.cells.len() == 3 * 4 * 4);
    for cell in &found.cells {
        assert!(cell.differences[0].same);
        for (_, estimate) in cell.differences[0].figures.named() {
            assert_eq!((estimate.value, estimate.interval), (0.0, Some((0.0, 0.0))), "{:?}", cell.names);
        }
        assert_eq!(cell.own[0], cell.own[1]);
    }
}

#[test]
fn the_figures_of_a_scenario_are_those_of_its_run() {
    let model = Model::load(format!("{}/scenarios/norddjurs.toml", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let found = compare(&[&model, &model], settings(2_000, 4));
    let results = model.run(settings(2_000, 4)).unwrap();
    for cell in &found.cells {
        let [investment, party, year] = &cell.names;
        let at = results.cell(investment, party, year).unwrap();
        let summary = results.summary(at, udfald::engine::grid::Flow::Payment).unwrap();
        assert_eq!(cell.own[0].mean.value.to_bits(), summary.mean().value.to_bits());
        assert_eq!(Some(cell.own[0].p90), summary.statistic(udfald::measure::Statistic::P90));
    }
}

/// E min(K, c) of a beta-binomial by summing its probabilities, the rate integrated by a fine sum.
fn expected(n: u64, (a, b): (f64, f64), ceiling: f64) -> f64 {
    let law = Beta::new(a, b).unwrap();
    let steps = 2_000;
    let mut sum = 0.0;
    for step in 0..steps {
        let p = (f64::from(step) + 0.5) / f64::from(steps);
        let counts = Binomial::new(p, n).unwrap();
        let mean: f64 = (0..=n).map(|k| counts.pmf(k) * (k as f64).min(ceiling)).sum();
        sum += law.pdf(p) * mean / f64::from(steps);
    }
    sum
}

#[test]
fn a_raised_cap_against_the_exact_difference() {
    let rate = "[input.rate]\nbeta = { a = 12, b = 16 }";
    let scenarios = [400_000, 450_000, 500_000].map(|kroner| contract(rate, &capped(kroner)));
    let models: Vec<&Model> = scenarios.iter().collect();
    let found = compare(&models, settings(50_000, 7));
    let total = found.cell("all", "payer", "total").unwrap();
    let exact = |ceiling: f64| 1e6 * expected(95, (12.0, 16.0), ceiling);
    for (other, ceiling) in [(0, 45.0), (1, 50.0)] {
        let estimate = total.differences[other].figures.mean;
        let (low, high) = estimate.interval.unwrap();
        let (truth, error) = (exact(ceiling) - exact(40.0), (high - low) / 2.0 / 1.96);
        let z = (estimate.value - truth) / error;
        assert!(z.abs() < 4.0, "{z}");
        // The twin with a wrong cap is far off, and pairing is worth something.
        assert!(((estimate.value - exact(ceiling + 1.0) + exact(40.0)) / error).abs() > 6.0);
        let width = |figures: udfald::measure::Estimate| figures.interval.map(|(l, h)| h - l).unwrap();
        assert!(width(estimate) < 0.6 * width(total.own[0].mean).hypot(width(total.own[1].mean)));
    }
    // A cut can only become rarer, in single trials.
    assert!(total.differences[1].figures.cut.interval.unwrap().1 < 0.0);
}

/// At a rate of 0.5 and n = 95, the difference to a rate of 0.52 under pure inversion: its variance summed over the
/// quantile function of both, which is what a perfect pairing leaves.
fn inversion_variance(n: u64, p: f64, q: f64) -> f64 {
    let cumulative = |p: f64| -> Vec<f64> {
        let law = Binomial::new(p, n).unwrap();
        (0..=n)
            .scan(0.0, |sum, k| {
                *sum += law.pmf(k);
                Some(*sum)
            })
            .collect()
    };
    let (a, b) = (cumulative(p), cumulative(q));
    let steps = 200_000;
    let (mut sum, mut squares) = (0.0, 0.0);
    for step in 0..steps {
        let u = (f64::from(step) + 0.5) / f64::from(steps);
        let at = |law: &[f64]| law.partition_point(|f| *f < u) as f64;
        let difference = at(&b) - at(&a);
        sum += difference / f64::from(steps);
        squares += difference * difference / f64::from(steps);
    }
    squares - sum * sum
}

#[test]
fn a_rate_of_two_points_more_is_paired_as_well_as_inversion_allows() {
    let [low, high] = ["0.50", "0.52"].map(|rate| contract(&format!("[input.rate]\nvalue = {rate}"), ""));
    let found = compare(&[&low, &high], settings(100_000, 3));
    let estimate = found.cell("all", "payer", "total").unwrap().differences[0].figures.mean;
    let (from, to) = estimate.interval.unwrap();
    let sd = (to - from) / 2.0 / 1.96 * 100_000f64.sqrt() / 1e6;
    let pure = inversion_variance(95, 0.50, 0.52);
    assert!(sd * sd <= 1.2 * pure, "{} {pure}", sd * sd);
    assert!((estimate.value / 1e6 - 1.9).abs() < 4.0 * (pure / 100_000.0).sqrt());
}

#[test]
fn what_only_one_scenario_draws_is_listed() {
    let own = contract("[input.rate]\nbeta = { a = 12, b = 16 }", "");
    let other = contract(
        "[factor]\nmarket = {}\n[input.share]\nbeta = { a = 12, b = 16 }\nloads = { market = 0.5 }\n\
         [input.rate]\nformula = \"min(1, share)\"",
        "",
    );
    let found = compare(&[&own, &other], settings(600, 1));
    assert_eq!(found.unmatched[0].first, ["x.rate"]);
    assert_eq!(found.unmatched[0].second, ["market", "x.share"]);
}

#[test]
fn other_money_is_refused() {
    let own = contract("[input.rate]\nvalue = 0.5", "");
    let text = "udfald = 1\ninvestment = \"x\"\ncurrency = \"SEK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
                assumed = \"a test\"\n[party]\npayer = {}\n[payment]\npaid_by = \"payer\"\n\
                due = { after = \"1 month\" }\n[cohort]\npeople = 95\nintakes = { 2026-01-01 = 1 }\n\
                [outcome.job]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 0.5\n\
                [term.job]\nfor = \"job\"\nprice = 10_000\n";
    let error = Comparison::new(&[&own, &model(text)], settings(10, 1), None, &Unwatched).unwrap_err();
    assert!(error.to_string().contains("DKK and SEK"), "{error}");
}
