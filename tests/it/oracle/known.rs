//! The exact solver against closed forms, against enumeration by hand, and against the special program of G1.

use std::path::Path;

use statrs::distribution::{Binomial, Discrete};
use statrs::function::beta::ln_beta;
use statrs::function::factorial::ln_binomial;
use udfald::exact::{Answer, Detail, Distribution, Effort, Figure, Flow, solve};
use udfald::scenario::load;
use udfald::scenario::name::Id;

use super::exact;
use crate::exact::g1;
use crate::support::model;

fn flow<'a>(answer: &'a Answer, flow: Flow, party: &str, year: Option<i16>) -> &'a Distribution {
    let party = (party != "all").then(|| Id::new(party).unwrap());
    &answer.figures[&Figure::Flow(flow, party, year)]
}

fn close(found: f64, exact: f64, error: f64) {
    assert!((found - exact).abs() <= error, "{found} {exact}");
}

/// A contract of one payer from the tables that differ.
fn contract(tables: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"known\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
         assumed = \"a test\"\n[party]\ninvestor = {{}}\ntown = {{}}\nregion = {{}}\n{tables}"
    )
}

fn answer(tables: &str) -> Answer {
    exact(model(&contract(tables)).scenario(), Detail::Full).unwrap_or_else(|why| panic!("{why}"))
}

#[test]
fn g1_has_its_published_figures() {
    let scenario = load(Path::new("scenarios/gallery/g1-quarterly-cap.toml")).unwrap();
    let effort = Effort { detail: Detail::Totals, ..Effort::default() };
    let answer = solve(&scenario, &scenario.investments()[0], effort).unwrap_or_else(|why| panic!("{why}"));
    let special = crate::exact::solve(&g1());
    for (payer, mean) in ["municipality", "region", "foundation"].into_iter().zip(&special.payers) {
        close(flow(&answer, Flow::Payment, payer, None).mean() / 100.0, *mean, 1e-4);
    }
    let happens = |limit: &str| answer.figures[&Figure::Limit(limit.to_owned())].probability(1);
    close(happens("quarter"), special.quarter_cuts, 1e-9);
    close(happens("lifetime"), special.lifetime_cuts, 1e-9);
    close(happens("region") + happens("foundation"), 0.0, 0.0);
}

/// A rate that is drawn once makes a beta-binomial count (Skellam 1948).
#[test]
fn one_uncertain_rate_is_beta_binomial() {
    let (n, a, b) = (40u64, 3.0, 5.0);
    let answer = answer(
        "[input.rate]\nbeta = { a = 3, b = 5 }\n[cohort]\npeople = 40\n\
         [term.t]\nof = \"enrolled\"\nat = \"3 months\"\nrate = \"rate\"\nprice = 1_000\npaid_by = \"town\"\n",
    );
    let paid = flow(&answer, Flow::Payment, "town", Some(2026));
    for k in 0..=n {
        let exact = (ln_binomial(n, k) + ln_beta(k as f64 + a, (n - k) as f64 + b) - ln_beta(a, b)).exp();
        close(paid.probability(k as i64 * 100_000), exact, 1e-10);
    }
    close(paid.mean(), 40.0 * 0.375 * 1e5, 1e-3);
}

/// Counts of a chain multiply their rates, and intakes add up.
#[test]
fn a_chain_thins_and_intakes_add_up() {
    let answer = answer(
        "[cohort]\npeople = 30\nintakes = { 2026-01-01 = 0.5, 2027-01-01 = 0.5 }\n\
         [outcome.done]\nof = \"enrolled\"\nat = \"3 months\"\nrate = 0.7\n\
         [term.t]\nof = \"done\"\nat = \"6 months\"\nrate = 0.6\nprice = 100\npaid_by = \"town\"\n",
    );
    let law = Binomial::new(0.42, 30).unwrap();
    let paid = flow(&answer, Flow::Payment, "all", None);
    (0..=30).for_each(|k| close(paid.probability(k * 10_000), law.pmf(k as u64), 1e-12));
    close(flow(&answer, Flow::Payment, "town", Some(2027)).mean(), 15.0 * 0.42 * 1e4, 1e-6);
}

/// Two people, two due dates, a limit by year that rolls and one over the contract whose excess the region owes: all nine
/// courses by hand.
#[test]
fn nine_courses_by_hand() {
    let answer = answer(
        "[fund.loan]\nparty = \"investor\"\namount = 100\n\
         [cohort]\npeople = 4\nintakes = { 2026-01-01 = 0.5, 2027-01-01 = 0.5 }\n\
         [term.t]\nof = \"enrolled\"\nat = \"3 months\"\nrate = 0.3\nprice = 50\npaid_by = \"town\"\n\
         [limit.year]\npayer = \"town\"\nper = \"year\"\nat_most = 60\nexcess = \"rolls\"\n\
         [limit.whole]\npayer = \"town\"\nper = \"contract\"\nat_most = 130\nexcess = { payer = \"region\" }\n",
    );
    let law = Binomial::new(0.3, 2).unwrap();
    let (mut town, mut region, mut late, mut rolled) = (0.0, 0.0, 0.0, 0.0);
    for (first, second) in (0..3u64).flat_map(|first| (0..3u64).map(move |second| (first, second))) {
        let p = law.pmf(first) * law.pmf(second);
        let now = (50.0 * first as f64).min(60.0);
        // Next year the limit has 60 again: what waits goes first; what is left of all waits for 2028
        // and 2029.
        let waits = 50.0 * first as f64 - now;
        let next = (waits + 50.0 * second as f64).min(60.0);
        let last = (waits + 50.0 * second as f64 - next).min(60.0);
        let end = (waits + 50.0 * second as f64 - next - last).min(60.0);
        let all = now + next + last + end;
        town += p * all.min(130.0);
        region += p * (all - 130.0).max(0.0);
        late += p * last.min((130.0 - now - next).max(0.0));
        rolled += if waits > 0.0 || second == 2 { p } else { 0.0 };
    }
    close(flow(&answer, Flow::Payment, "town", None).mean() / 100.0, town, 1e-9);
    close(flow(&answer, Flow::Payment, "region", None).mean() / 100.0, region, 1e-9);
    close(flow(&answer, Flow::Payment, "town", Some(2028)).mean() / 100.0, late, 1e-9);
    close(flow(&answer, Flow::Receipt, "investor", None).mean() / 100.0, town + region, 1e-9);
    close(answer.figures[&Figure::Limit("year".into())].probability(1), rolled, 1e-12);
}

/// One intake, one factor: what two loaded rates reach together has the moments of a double integral over scores.
#[test]
fn loaded_rates_correlate_as_their_scores_do() {
    let answer = answer(
        "[factor]\nf = {}\n[input]\np = { uniform = { low = 0, high = 1 }, loads = { f = 0.8 } }\n\
         q = { uniform = { low = 0, high = 1 }, loads = { f = 0.5 } }\n[cohort]\npeople = 1\n\
         [outcome.a]\nof = \"enrolled\"\nat = \"3 months\"\nrate = \"p\"\n\
         [term.t]\nof = \"a\"\nat = \"3 months\"\nrate = \"q\"\nprice = 1\npaid_by = \"town\"\n",
    );
    // E(UV) of uniforms of a Gaussian copula: 1/4 + asin(ρ/2)/(2π), ρ = 0.8 · 0.5.
    let exact = 0.25 + 0.2f64.asin() / std::f64::consts::TAU;
    close(flow(&answer, Flow::Payment, "town", None).probability(100), exact, 1e-8);
}

#[test]
fn what_is_out_of_reach_is_named() {
    let level = "[cohort]\npeople = 9\n[outcome.o]\nof = \"enrolled\"\nat = \"3 months\"\nlevel = 0.1\n\
                 noise = { sd = 0.5 }\n[term.ramp]\nfor = \"o\"\nmeasured = \"each intake\"\npaid_by = \"town\"\n\
                 price = [{ from = 0, pay = 0, rise_to = 1_000 }, { from = 0.5, pay = 1_000 }]\n";
    let why = exact(model(&contract(level)).scenario(), Detail::Full).unwrap_err();
    assert_eq!(why.what, "term `ramp`");
    assert!(why.why.contains("along a line"), "{why}");
    let price = "[cohort]\npeople = 9\n[input.p]\nuniform = { low = 1, high = 2 }\n[term.t]\nof = \"enrolled\"\n\
                 at = \"3 months\"\nrate = 0.5\nprice = \"p\"\npaid_by = \"town\"\n";
    let why = exact(model(&contract(price)).scenario(), Detail::Full).unwrap_err();
    assert!(why.what == "term `t`" && why.why.contains("uncertain"), "{why}");
}
