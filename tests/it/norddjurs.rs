//! The two shipped contracts against figures found without this program: a table agreed beforehand, a simulation in
//! NumPy, and the plan worked out by hand in docs/plan-case.md.

use std::path::PathBuf;

use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::model::{CASE, Model};
use udfald::engine::results::Results;
use udfald::measure::{Level, Summary};

use crate::support::{excess, model_of, run, settings, year};

const TRIALS: u64 = 1_000_000;

fn shipped(file: &str) -> Model {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    Model::load(path).unwrap_or_else(|error| panic!("{error}"))
}

fn quantile(summary: &Summary, percent: u32) -> f64 {
    summary.quantile_amount(Level::new(percent, 100).unwrap()) as f64 / 1e8
}

/// Mean, standard deviation, P10, P50, P80, P90 in millions.
fn row(summary: &Summary) -> [f64; 6] {
    let sd = summary.standard_deviation().unwrap().value / 1e8;
    let [p10, p50, p80, p90] = [10, 50, 80, 90].map(|percent| quantile(summary, percent));
    [summary.mean().value / 1e8, sd, p10, p50, p80, p90]
}

/// Party, budget year, and its row by 4 million trials in NumPy 2.4 (PCG64, seed 20261): rates by interpolated quantiles
/// of a correlated normal, PERT inputs by `Generator.beta`, counts by `Generator.binomial`, amounts in whole øre.
type Row = (&'static str, &'static str, [f64; 6]);

const REFERRALS: [Row; 10] = [
    ("norddjurs", "2028", [0.47569, 0.16221, 0.27500, 0.46250, 0.61250, 0.68750]),
    ("norddjurs", "2029", [0.41092, 0.11171, 0.26250, 0.42500, 0.51052, 0.53750]),
    ("norddjurs", "total", [0.88661, 0.15988, 0.63750, 0.97878, 1.00000, 1.00000]),
    ("ostifterne", "2028", [0.99901, 0.31400, 0.60900, 0.98700, 1.26000, 1.42800]),
    ("ostifterne", "2029", [0.93291, 0.21511, 0.63000, 0.96600, 1.12008, 1.18504]),
    ("ostifterne", "total", [1.93192, 0.35024, 1.38600, 2.14531, 2.20000, 2.20000]),
    ("region-midtjylland", "2028", [0.97495, 0.62716, 0.00000, 1.48500, 1.48500, 1.48500]),
    ("region-midtjylland", "2029", [1.18381, 0.74730, 0.00000, 1.69753, 1.81500, 1.81500]),
    ("region-midtjylland", "total", [2.15877, 1.18966, 0.00000, 2.60065, 3.24679, 3.30000]),
    ("all", "total", [4.97730, 1.31992, 3.02707, 5.33781, 6.31648, 6.35136]),
];

const YOUTH: [Row; 4] = [
    ("norddjurs", "2027", [0.99489, 0.30366, 0.60900, 0.98400, 1.25600, 1.40000]),
    ("norddjurs", "2028", [2.09229, 0.57015, 1.36000, 2.07600, 2.58100, 2.84800]),
    ("norddjurs", "2029", [1.36697, 0.41304, 0.83600, 1.39500, 1.71400, 1.86900]),
    ("norddjurs", "total", [4.45415, 0.74772, 3.33200, 4.68800, 5.13380, 5.15000]),
];

const NUMPY_TRIALS: f64 = 4e6;

/// Means within four joint standard errors, standard deviations within half a per cent, quantiles at most 4 standard
/// errors of their level away from it.
fn agrees_with_numpy(results: &Results<'_>, rows: &[Row]) {
    for (party, when, expected) in rows {
        let summary = year(results, party, when, Flow::Payment);
        let n = summary.trials() as f64;
        let error = expected[1] * (1.0 / n + 1.0 / NUMPY_TRIALS).sqrt();
        let z = (summary.mean().value / 1e8 - expected[0]) / error;
        assert!(z.abs() < 4.0, "{party} {when}: mean, z = {z:.1}");
        let found = row(&summary);
        assert!(
            (found[1] / expected[1] - 1.0).abs() < 0.005,
            "{party} {when}: sd {} {}",
            found[1],
            expected[1]
        );
        for (level, amount) in [0.1, 0.5, 0.8, 0.9].into_iter().zip(&expected[2..]) {
            // Amounts are rounded to 10 kroner above, and known to within 1/4096 in buckets; an atom has the level
            // anywhere in its jump.
            let share = |kroner: f64| 1.0 - summary.exceedance((kroner * 100.0) as i64).value;
            let near = 10.0 + amount * 1e6 / 4096.0;
            let (below, upto) = (share(amount * 1e6 - near), share(amount * 1e6 + near));
            let room = 4.0 * (level * (1.0 - level) * (1.0 / n + 1.0 / NUMPY_TRIALS)).sqrt() + 1e-3;
            assert!(below <= level + room && level - room <= upto, "{party} {when}: {level} {below} {upto}");
        }
    }
}

/// The share of trials in which a limit did not let everything through.
fn cuts(results: &Results<'_>, limit: &str) -> f64 {
    excess(results, limit).exceedance(0).value
}

#[test]
fn referrals_as_simulated_elsewhere() {
    let model = shipped("social-referrals.toml");
    let results = run(&model, TRIALS, 1);
    agrees_with_numpy(&results, &REFERRALS);
    // Found by NumPy: the caps of Norddjurs and Ostifterne, and the return cap.
    for (limit, share) in [("norddjurs", 0.52618), ("ostifterne", 0.48967), ("return-cap", 0.21177)] {
        let error = (share * (1.0 - share) * (1.0 / TRIALS as f64 + 1.0 / NUMPY_TRIALS)).sqrt();
        let found = cuts(&results, limit);
        assert!(((found - share) / error).abs() < 4.0, "{limit}: {found}");
    }
    let region = results.grid().limits().iter().find(|limit| limit.id() == "region").unwrap();
    let full = results.summary_of(region.year(None).unwrap().full()).unwrap();
    assert!((full.mean().value - 0.3633).abs() < 0.003, "{}", full.mean().value);
    // Two calculations said 0.16 and 0.21 before: 0.16 was wrong.
    assert!((0.205..0.220).contains(&cuts(&results, "return-cap")));
    let receipts = year(&results, "dsi", "total", Flow::Receipt);
    let loses = receipts.exceedance(545_000_000 - 1);
    assert!((1.0 - loses.value - 0.5233).abs() < 0.003, "{}", loses.value);
}

#[test]
fn youth_as_simulated_elsewhere() {
    let model = shipped("youth.toml");
    let results = run(&model, TRIALS, 1);
    agrees_with_numpy(&results, &YOUTH);
    assert!((cuts(&results, "norddjurs") - 0.3407).abs() < 0.003);
    assert!((cuts(&results, "return-cap") - 0.2198).abs() < 0.003);
}

/// The table agreed before the program existed, in millions: mean, P10, P50, P80, P90 to two digits.
///
/// Where it differs from what is asserted here the table was wrong or read otherwise:
/// - "not below 0" of the region's effect is read as `max(0, x)`, which gives its 2.16 and 2.59; the distribution
///   truncated at 0 gives 2.18 and 2.64.
/// - P80 of the region is 3.25 instead of 3.30, since the return cap takes part of the full amount in a fifth of trials.
/// - P10 and P50 of all together are 3.03 and 5.34 instead of 3.11 and 5.30, and the investor loses money in 52 of
///   100 trials instead of 54: NumPy gives what this program gives, to all digits that it can tell apart.
#[test]
fn the_table_agreed_beforehand() {
    let referrals = [
        ("norddjurs", "2028", [0.475, 0.275, 0.463, 0.613, 0.688]),
        ("norddjurs", "2029", [0.412, 0.263, 0.425, 0.513, 0.538]),
        ("norddjurs", "total", [0.887, 0.625, 0.980, 1.000, 1.000]),
        ("region-midtjylland", "total", [2.16, 0.0, 2.59, 3.25, 3.30]),
        ("ostifterne", "total", [1.93, 1.39, 2.15, 2.20, 2.20]),
        ("all", "total", [4.98, 3.03, 5.34, 6.32, 6.35]),
    ];
    let youth = [("norddjurs", "total", [4.45, 3.34, 4.69, 5.13, 5.15])];
    for (file, rows) in [("social-referrals.toml", &referrals[..]), ("youth.toml", &youth[..])] {
        let model = shipped(file);
        let results = run(&model, TRIALS / 4, 2);
        for (party, when, expected) in rows {
            let [mean, _, p10, p50, p80, p90] = row(&year(&results, party, when, Flow::Payment));
            for (found, expected) in [mean, p10, p50, p80, p90].into_iter().zip(expected) {
                let near = (found - expected).abs() <= 0.0126f64.max(0.01 * expected);
                assert!(near, "{party} {when}: {found} {expected}");
            }
        }
    }
}

/// With no true effect the region still pays 0.48 m on average, for noise in what is measured.
#[test]
fn noise_alone_costs_the_region_half_a_million() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/social-referrals.toml");
    let base = std::fs::read_to_string(root).unwrap();
    let variant = "udfald = 1\nbase = \"base.toml\"\nremove = [\"case.plan\", \"case.nothing\"]\nassumed = \"a test\"\n[input.any_effect]\nvalue = 0\n";
    let model = model_of(&[("variant.toml", variant), ("base.toml", &base)], "variant.toml");
    let results = run(&model, 200_000, 1);
    let mean = year(&results, "region-midtjylland", "total", Flow::Payment).mean().value / 1e8;
    assert!((mean - 0.48).abs() < 0.01, "{mean}");
}

#[test]
fn the_reference_sampler_agrees_on_the_portfolio() {
    let model = shipped("norddjurs.toml");
    let ours = run(&model, 200_000, 1);
    let textbook = udfald::engine::run::Settings { chance: Chance::Reference, ..settings(200_000, 2) };
    let theirs = model.run(textbook).unwrap();
    let mut compared = 0;
    for party in ["norddjurs", "region-midtjylland", "ostifterne", "all"] {
        for when in ["2027", "2028", "2029", "total"] {
            let [a, b] = [&ours, &theirs].map(|results| year(results, party, when, Flow::Payment));
            let sd = |summary: &Summary| summary.standard_deviation().unwrap().value;
            let error = ((sd(&a).powi(2) + sd(&b).powi(2)) / 200_000.0).sqrt();
            if error > 0.0 {
                let z = (a.mean().value - b.mean().value) / error;
                assert!(z.abs() < 4.0, "{party} {when}: z = {z:.1}");
                assert!((sd(&a) / sd(&b) - 1.0).abs() < 0.02, "{party} {when}: sd");
                compared += 1;
            }
        }
    }
    assert!(compared >= 10);
}

// --- Courses without chance, as in docs/plan-case.md ------------------------------------------------------------------

/// What the case gives: investment, party, flow, year and kroner.
fn case(file: &str, name: &str, expected: &[(&str, &str, Flow, &str, f64)]) {
    let model = shipped(file);
    let name = model.cases().into_iter().find(|case| case.as_str() == name).expect("a case");
    let case = model.case(&name).unwrap();
    let results = case.run(CASE).unwrap();
    for (investment, party, flow, when, kroner) in expected {
        let found = results.cell(investment, party, when).map_or(0, |cell| {
            let summary = results.summary(cell, *flow).unwrap();
            assert_eq!(summary.min(), summary.max());
            summary.max()
        });
        assert_eq!(found, (kroner * 100.0).round() as i64, "{investment} {party} {} {when}", flow.name());
    }
}

#[test]
fn the_plan_of_the_referrals_to_the_ore() {
    use Flow::{Cut, Donation, Drawdown, Earned, Payment, Receipt};
    let s = "social-referrals";
    let expected = [
        (s, "ostifterne", Earned, "2028", 1_071_000.0),
        (s, "ostifterne", Earned, "2029", 1_302_000.0),
        (s, "norddjurs", Earned, "2028", 500_000.0),
        (s, "norddjurs", Earned, "2029", 625_000.0),
        (s, "region-midtjylland", Earned, "2028", 1_485_000.0),
        (s, "region-midtjylland", Earned, "2029", 1_815_000.0),
        (s, "all", Earned, "total", 6_798_000.0),
        (s, "norddjurs", Payment, "2028", 500_000.0),
        (s, "norddjurs", Payment, "2029", 480_643.90),
        (s, "norddjurs", Payment, "total", 980_643.90),
        (s, "norddjurs", Cut, "total", 144_356.10),
        (s, "ostifterne", Payment, "2028", 1_071_000.0),
        (s, "ostifterne", Payment, "2029", 1_085_293.93),
        (s, "ostifterne", Payment, "total", 2_156_293.93),
        (s, "ostifterne", Cut, "total", 216_706.07),
        (s, "region-midtjylland", Payment, "2029", 1_744_737.37),
        (s, "region-midtjylland", Payment, "total", 3_229_737.37),
        (s, "region-midtjylland", Cut, "total", 70_262.63),
        (s, "dsi", Receipt, "2028", 3_056_000.0),
        (s, "dsi", Receipt, "2029", 3_310_675.20),
        (s, "dsi", Receipt, "total", 6_366_675.20),
        (s, "all", Cut, "total", 431_324.80),
        (s, "dsi", Drawdown, "total", 5_450_000.0),
        (s, "ostifterne", Donation, "total", 1_500_000.0),
    ];
    case("social-referrals.toml", "plan", &expected);
}

#[test]
fn the_plan_of_the_young_people_to_the_ore() {
    use Flow::{Cut, Earned, Payment, Receipt};
    let expected = [
        ("youth", "norddjurs", Earned, "2027", 1_170_000.0),
        ("youth", "norddjurs", Earned, "2028", 2_523_000.0),
        ("youth", "norddjurs", Earned, "2029", 1_927_000.0),
        ("youth", "norddjurs", Payment, "2027", 1_170_000.0),
        ("youth", "norddjurs", Payment, "2028", 2_523_000.0),
        ("youth", "norddjurs", Payment, "2029", 1_452_493.60),
        ("youth", "norddjurs", Payment, "total", 5_145_493.60),
        ("youth", "norddjurs", Cut, "2029", 474_506.40),
        ("youth", "dsi", Receipt, "total", 5_145_493.60),
    ];
    case("youth.toml", "plan", &expected);
}

#[test]
fn the_plan_of_both_contracts_to_the_ore() {
    let norddjurs = |when, kroner| ("all", "norddjurs", Flow::Payment, when, kroner);
    let expected = [
        norddjurs("2027", 1_170_000.0),
        norddjurs("2028", 3_023_000.0),
        norddjurs("2029", 1_933_137.50),
        norddjurs("total", 6_126_137.50),
    ];
    case("norddjurs.toml", "plan", &expected);
    let nothing = ["2027", "2028", "2029", "total"].map(|when| ("all", "all", Flow::Payment, when, 0.0));
    case("norddjurs.toml", "nothing", &nothing);
}

#[test]
fn the_most_that_the_terms_allow() {
    let most = |file: &str, party: &str, flow| {
        let model = shipped(file);
        let results = run(&model, 1, 1);
        results.contract_max(results.cell("all", party, "total").unwrap(), flow)
    };
    assert_eq!(most("social-referrals.toml", "dsi", Flow::Receipt), Some(649_292_148));
    assert_eq!(most("social-referrals.toml", "norddjurs", Flow::Payment), Some(100_000_000));
    assert_eq!(most("youth.toml", "norddjurs", Flow::Payment), Some(515_000_000));
    assert_eq!(most("norddjurs.toml", "norddjurs", Flow::Payment), Some(615_000_000));
}
