//! Golden case G1 and a sister without round numbers, simulated and held against the exact program.

use std::fmt::Write as _;

use statrs::distribution::{ContinuousCDF, Normal};
use udfald::engine::grid::Flow;
use udfald::engine::model::Model;
use udfald::measure::{Estimate, Level};

use crate::exact::{Contract, Exact, g1, solve};
use crate::laws::g1_figures;
use crate::support::{Scores, excess, model, run, share_to, total};

const SEEDS: [u64; 5] = [1, 2, 3, 4, 5];
const TRIALS: u64 = 1_000_000;
const PAYERS: [&str; 4] = ["a", "b", "c", "d"];

/// The contract as a scenario; `payer_caps` in the order of the payers, as far as they are to be in force.
pub fn scenario(contract: &Contract, payer_caps: bool) -> Model {
    let payers = || PAYERS.into_iter().zip(&contract.payers);
    let shares: Vec<_> = payers().map(|(id, (share, _))| format!("{id} = {share}")).collect();
    let (people, quarters) = (contract.people * contract.quarters as u64, contract.quarters);
    let (a, b) = contract.beta;
    let (price, quarter, lifetime) = (contract.price, contract.quarter_cap, contract.lifetime_cap);
    let mut text = format!(
        "udfald = 1\ninvestment = \"g1\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
         assumed = \"a test\"\n[party]\na = {{}}\nb = {{}}\nc = {{}}\nd = {{}}\n[cohort]\npeople = {people}\n\
         intakes = {{ from = 2026-01-01, every = \"quarter\", times = {quarters} }}\n[input.chance]\n\
         beta = {{ a = {a}, b = {b} }}\n[term.success]\nof = \"enrolled\"\nat = \"3 months\"\nrate = \"chance\"\n\
         price = {price}\npaid_by = {{ {} }}\n[limit]\n\
         quarter = {{ per = \"quarter\", at_most = {quarter}, excess = \"lost\" }}\n\
         lifetime = {{ per = \"contract\", at_most = {lifetime}, excess = \"lost\" }}\n",
        shares.join(", ")
    );
    for (id, (_, cap)) in payers().filter(|_| payer_caps) {
        let line = format!("{{ payer = \"{id}\", per = \"contract\", at_most = {cap}, excess = \"lost\" }}");
        writeln!(text, "payer-{id} = {line}").unwrap();
    }
    model(&text)
}

/// 61 people, 13 quarters, four payers, a price that is no round number.
fn sister() -> Contract {
    Contract {
        people: 61,
        quarters: 13,
        beta: (18.0, 27.0),
        price: 4_999.37,
        quarter_cap: 150_000.0,
        lifetime_cap: 1_400_000.0,
        payers: vec![(0.4, 530_000.0), (0.25, 340_000.0), (0.2, 275_000.0), (0.15, 205_000.0)],
    }
}

/// The half width of an interval against theory, within 5 %.
fn width(what: &str, estimate: Estimate, standard_error: f64) {
    let (low, high) = estimate.interval.unwrap();
    let ratio = (high - low) / 2.0 / (1.96 * standard_error);
    assert!((ratio - 1.0).abs() < 0.05, "{what}: the interval is {ratio:.3} of what theory says");
}

/// Scores of what is payable under the quarter and lifetime caps.
fn payable(model: &Model, exact: &Exact, seed: u64, trials: u64, scores: &mut Scores) {
    let results = run(model, trials, seed);
    let payable = total(&results, "all", Flow::Payment);
    scores.mean("payable", &payable, exact.payable_mean);
    scores.sd("payable", &payable, exact.payable_sd);
    let (quarter, lifetime) = (excess(&results, "quarter"), excess(&results, "lifetime"));
    scores.share("a quarter cap cuts", quarter.exceedance(0).value, exact.quarter_cuts, trials);
    scores.share("the lifetime cap cuts", lifetime.exceedance(0).value, exact.lifetime_cuts, trials);
    scores.mean("lost to the lifetime cap", &lifetime, exact.lost_to_lifetime);
    for kroner in [800_000.0, 1_010_000.0, 1_100_000.0, 1_250_000.0] {
        let below = share_to(&payable, (kroner * 100.0) as i64 + 20);
        scores.share(&format!("payable up to {kroner}"), below, exact.cdf(kroner + 0.2), trials);
    }
}

/// Scores of what each payer pays, and of what their caps leave unpaid.
fn payers(
    model: &Model,
    (contract, exact): (&Contract, &Exact),
    seed: u64,
    trials: u64,
    scores: &mut Scores,
) {
    let results = run(model, trials, seed);
    for ((id, mean), (share, _)) in PAYERS.into_iter().zip(&exact.payers).zip(&contract.payers) {
        scores.mean(&format!("payer {id}"), &total(&results, id, Flow::Payment), *mean);
        let shortfall = share * exact.payable_mean - mean;
        if shortfall > 1.0 {
            scores.mean(&format!("shortfall of {id}"), &excess(&results, &format!("payer-{id}")), shortfall);
        }
    }
}

impl Exact {
    /// The standard error of the standard deviation of n draws of what is payable.
    fn sd_error(&self, n: f64) -> f64 {
        let centred = |power: i32| -> f64 {
            self.distribution.iter().map(|(x, mass)| mass * (x - self.payable_mean).powi(power)).sum()
        };
        let (second, fourth) = (centred(2), centred(4));
        ((fourth - second * second) / (4.0 * second * n)).sqrt()
    }
}

/// Half widths of the intervals against theory.
fn widths(model: &Model, exact: &Exact, seed: u64, trials: u64) {
    let results = run(model, trials, seed);
    let n = trials as f64;
    let payable = total(&results, "all", Flow::Payment);
    let (quarter, lifetime) = (excess(&results, "quarter"), excess(&results, "lifetime"));
    width("mean", payable.mean(), exact.payable_sd * 100.0 / n.sqrt());
    width("sd", payable.standard_deviation().unwrap(), exact.sd_error(n) * 100.0);
    let binomial = |p: f64| (p * (1.0 - p) / n).sqrt();
    width("P(quarter cap)", quarter.exceedance(0), binomial(exact.quarter_cuts));
    width("P(lifetime cap)", lifetime.exceedance(0), binomial(exact.lifetime_cuts));
}

#[test]
fn g1_under_quarter_and_lifetime_caps() {
    let (contract, mut scores) = (g1(), Scores::default());
    let (model, exact) = (scenario(&contract, false), solve(&contract));
    SEEDS.into_iter().for_each(|seed| payable(&model, &exact, seed, TRIALS, &mut scores));
    scores.check();
    scores.check_over_seeds();
    widths(&model, &exact, 7, 100_000);
    let results = run(&model, TRIALS, 6);
    let payable = total(&results, "all", Flow::Payment);
    let quantile = |part| payable.quantile_amount(Level::new(part, 100).unwrap());
    assert_eq!(quantile(5), 101_000_000);
    assert_eq!((quantile(50), quantile(80), quantile(99)), (130_000_000, 130_000_000, 130_000_000));
}

#[test]
fn g1_by_payer() {
    let (contract, mut scores) = (g1(), Scores::default());
    let (model, exact) = (scenario(&contract, true), solve(&contract));
    SEEDS.into_iter().for_each(|seed| payers(&model, (&contract, &exact), seed, TRIALS, &mut scores));
    scores.check();
    scores.check_over_seeds();
    // Thirty and twenty per cent of 1,300,000 lie below the caps of two payers.
    let results = run(&model, 100_000, 1);
    assert_eq!((excess(&results, "payer-b").max(), excess(&results, "payer-c").max()), (0, 0));
    assert_eq!(excess(&results, "payer-a").max(), 5_000_000);
}

#[test]
fn a_sister_without_round_numbers() {
    let (contract, mut scores) = (sister(), Scores::default());
    let (open, capped, exact) = (scenario(&contract, false), scenario(&contract, true), solve(&contract));
    for seed in SEEDS {
        payable(&open, &exact, seed, 100_000, &mut scores);
        payers(&capped, (&contract, &exact), seed, 100_000, &mut scores);
    }
    scores.check();
    scores.check_over_seeds();
}

#[test]
fn twins_with_one_cap_off_fail() {
    let contract = sister();
    let exact = solve(&contract);
    let off = |change: &dyn Fn(&mut Contract)| {
        let mut twin = sister();
        change(&mut twin);
        let mut scores = Scores::default();
        payable(&scenario(&twin, false), &exact, 1, 100_000, &mut scores);
        payers(&scenario(&twin, true), (&contract, &exact), 1, 100_000, &mut scores);
        scores.largest()
    };
    assert!(off(&|_| {}) < 4.0);
    assert!(off(&|twin| twin.quarter_cap = 1e9) > 10.0);
    assert!(off(&|twin| twin.lifetime_cap = 1e9) > 10.0);
    for payer in 0..4 {
        assert!(off(&|twin| twin.payers[payer].1 = 1e9) > 10.0, "payer {payer}");
    }
}

/// The score of a mean is what its name says: a 95 % interval holds the exact figure in 95 of 100 runs.
#[test]
fn intervals_hold_the_exact_figure_as_often_as_they_say() {
    let contract = g1();
    let (model, exact) = (scenario(&contract, false), solve(&contract));
    let runs = 200;
    let mut held = [0; 3];
    for seed in 100..100 + runs {
        let results = run(&model, 4_096, seed);
        let payable = total(&results, "all", Flow::Payment);
        let holds = |estimate: Estimate, figure: f64| {
            let (low, high) = estimate.interval.unwrap();
            usize::from((low..=high).contains(&figure))
        };
        held[0] += holds(payable.mean(), exact.payable_mean * 100.0);
        held[1] += holds(payable.standard_deviation().unwrap(), exact.payable_sd * 100.0);
        held[2] += holds(excess(&results, "lifetime").exceedance(0), exact.lifetime_cuts);
    }
    // 190 ± 3.1: four standard deviations, with a little room since the intervals are approximate.
    let z = Normal::standard().inverse_cdf(0.9999);
    let low = 0.95 * runs as f64 - z * (runs as f64 * 0.95 * 0.05).sqrt();
    assert!(held.iter().all(|held| *held as f64 > low - 2.0), "{held:?} of {runs}");
    assert!(held.iter().any(|held| *held < runs as usize), "intervals that always hold are too wide");
}

const G1: &str = include_str!("../fixtures/g1-quarterly-cap.toml");

/// The head of G1, up to its term.
fn head() -> &'static str {
    &G1[..G1.find("[term.success]").unwrap()]
}

const SUCCESS: &str = "[outcome.success]\nof = \"enrolled\"\nat = \"3 months\"\nrate = \"chance\"\n";

/// What each payer pays as a term of its own, and its limit as a limit of that term.
#[test]
fn limits_of_payers_said_as_limits_of_terms_give_the_same_bits() {
    let mut text = format!("{}{SUCCESS}", head());
    for (id, price, cap) in
        [("municipality", 2_500, 600_000), ("region", 1_500, 400_000), ("foundation", 1_000, 350_000)]
    {
        text += &format!("[term.{id}]\nfor = \"success\"\nprice = {price}\npaid_by = \"{id}\"\n");
        text += &format!(
            "[limit.{id}]\nterms = [\"{id}\"]\nper = \"contract\"\nat_most = {cap}\nexcess = \"lost\"\n"
        );
    }
    text += "[limit]\n\
             quarter = { per = \"quarter\", at_most = 150_000, excess = \"lost\" }\n\
             lifetime = { per = \"contract\", at_most = 1_300_000, excess = \"lost\" }\n\
             [payment]\norder = [\"quarter\", \"lifetime\", \"municipality\", \"region\", \"foundation\"]\n";
    assert_eq!(g1_figures(&text), g1_figures(G1));
}

/// The quarter's limit as one of each payment, since each quarter has one, and the lifetime's as one of the term.
#[test]
fn limits_of_the_contract_said_as_limits_of_payments_and_of_a_term_give_the_same_bits() {
    let quarter = G1.replace("per = \"quarter\"", "per = \"payment\"");
    let lifetime = "lifetime     = { per = \"contract\",";
    assert!(quarter != G1 && quarter.contains(lifetime));
    let both = quarter.replace(lifetime, "lifetime = { terms = [\"success\"], per = \"contract\",");
    assert_eq!(g1_figures(&both), g1_figures(G1));
}
