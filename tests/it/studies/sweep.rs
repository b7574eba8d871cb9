//! Sweeps: figures are those of variants, and the price of a plain cap is a chance.

use std::path::Path;

use udfald::engine::grid::Flow;
use udfald::engine::model::Model;
use udfald::engine::run::Unwatched;
use udfald::scenario::load_with;
use udfald::study::StudyError;
use udfald::study::sweep::{Parameter, Point, Row, variants};

use crate::support::{settings, total};

fn parameter(path: &str, values: &[&str]) -> Parameter {
    Parameter { path: path.to_owned(), values: values.iter().map(|value| (*value).to_owned()).collect() }
}

fn sweep(file: &str, parameters: &[Parameter], trials: u64) -> Result<Vec<Point>, StudyError> {
    let load = |sets: &[_]| load_with(Path::new(file), sets);
    let variants = variants(parameters, &load)?;
    let names = ["all", "payer", "total"].map(str::to_owned);
    let run = |variant: &udfald::study::sweep::Variant| {
        variant.run(parameters, std::slice::from_ref(&names), settings(trials, 2), Some(2), &Unwatched)
    };
    variants.iter().map(run).collect()
}

fn file(place: &Path, cap: u32, more: &str) -> String {
    let path = place.join(format!("{cap}.toml"));
    let text = format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
         assumed = \"a test\"\n[party]\npayer = {{}}\nfund = {{}}\n[payment]\npaid_by = \"payer\"\n\
         due = {{ after = \"1 month\" }}\n[cohort]\npeople = 95\nintakes = {{ 2026-01-01 = 1 }}\n\
         [input.rate]\nbeta = {{ a = 12, b = 16 }}\n\
         [fund.loan]\nparty = \"fund\"\namount = 500_000\ndrawn = {{ 2026-01-01 = 1 }}\n{more}\n\
         [outcome.job]\nof = \"enrolled\"\nat = \"6 months\"\nrate = \"rate\"\n\
         [term.job]\nfor = \"job\"\nprice = 10_000\n\
         [limit.payer]\npayer = \"payer\"\nper = \"contract\"\nat_most = {cap}\nexcess = \"lost\"\n"
    );
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn row(point: &Point, flow: Flow) -> &Row {
    point.rows.iter().find(|row| row.flow == flow).unwrap()
}

#[test]
fn a_point_is_the_run_of_its_variant() {
    let place = tempfile::tempdir().unwrap();
    let base = file(place.path(), 400_000, "");
    let parameters = [
        parameter("limit.payer.at_most", &["400_000", "450_000"]),
        parameter("term.job.price", &["10_000", "9_000"]),
    ];
    let found = sweep(&base, &parameters, 5_000).unwrap();
    let values: Vec<_> = found.iter().map(|point| point.values.join(" ")).collect();
    assert_eq!(values, ["400_000 10_000", "400_000 9_000", "450_000 10_000", "450_000 9_000"]);
    let other = Model::load(file(place.path(), 450_000, "")).unwrap();
    let results = other.run(settings(5_000, 2)).unwrap();
    let summary = total(&results, "payer", Flow::Payment);
    let found_mean = row(&found[2], Flow::Payment).mean;
    assert!((found_mean.value - summary.mean().value).abs() < 1e-6, "{found_mean:?}");
    assert_eq!(Some(row(&found[2], Flow::Payment).p90), summary.statistic(udfald::measure::Statistic::P90));
    assert!(row(&found[2], Flow::Payment).prices[1].is_none());
}

#[test]
fn the_price_of_a_plain_cap_is_the_chance_to_earn_more() {
    let place = tempfile::tempdir().unwrap();
    let base = file(place.path(), 400_000, "");
    let found = sweep(&base, &[parameter("limit.payer.at_most", &["350_000", "400_000", "950_000"])], 20_000)
        .unwrap();
    for point in &found {
        let payer = row(point, Flow::Payment);
        let (price, over) = (payer.prices[0].unwrap(), payer.over[0].unwrap());
        // All that is earned is a multiple of 10,000 kr., so that nothing lies within the extra krone.
        assert!((price.value - over.value).abs() < 1e-12, "{price:?} {over:?}");
        assert!((payer.cut.unwrap().value - over.value).abs() < 1e-12);
        // The investor gets what the payer pays.
        let investor = row(point, Flow::Receipt);
        assert!((investor.prices[0].unwrap().value - price.value).abs() < 1e-12);
    }
    let prices: Vec<f64> =
        found.iter().map(|point| row(point, Flow::Payment).prices[0].unwrap().value).collect();
    assert!(prices[0] > prices[1] && prices[1] > 0.3 && prices[2] == 0.0, "{prices:?}");
}

/// Under a return cap the payer's ceiling is not all that decides: the price is smaller than the chance of a cut.
#[test]
fn under_a_return_cap_the_price_is_measured_and_no_chance() {
    let place = tempfile::tempdir().unwrap();
    let base = file(place.path(), 400_000, "return_cap = { multiple = 0.8 }");
    let found = sweep(&base, &[parameter("limit.payer.at_most", &["400_000"])], 20_000).unwrap();
    let payer = row(&found[0], Flow::Payment);
    assert!(payer.over[0].is_none());
    // Nothing more is paid where the investor already has its 400,000.
    assert!(payer.prices[0].unwrap().value.abs() < 1e-12 && payer.cut.unwrap().value > 0.3);
}

#[test]
fn what_does_not_fit_is_refused_before_the_first_trial() {
    let place = tempfile::tempdir().unwrap();
    let base = file(place.path(), 400_000, "");
    let error =
        |path: &str, values: &[&str]| sweep(&base, &[parameter(path, values)], 10).unwrap_err().to_string();
    assert!(error("limit.payers.at_most", &["1"]).contains("did you mean `payer`?"));
    assert!(error("limit.payer.at_most", &["400_000", "-1"]).contains("--set"));
    let many: Vec<String> = (0..2001).map(|value| value.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert!(error("limit.payer.at_most", &many).contains("sweep in parts"));
}
