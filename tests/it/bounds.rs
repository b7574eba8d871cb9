//! The contractual maximum: never below what a trial pays, on contracts that once broke it, and never slow.

use udfald::engine::grid::Flow;
use udfald::engine::results::Results;

use crate::support::{model, run_here};

const TOP: &str = "udfald = 1\ninvestment = \"z\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\n";

/// Every cell of payments and receipts: the largest amount of the trials against the largest the terms allow.
fn holds(results: &Results<'_>) {
    for ((cell, flow), figure) in results.grid().figures() {
        if let (Flow::Payment | Flow::Receipt | Flow::Earned, Some(most)) =
            (flow, results.contract_max(cell, flow))
        {
            let paid = results.summary_of(figure).unwrap().max();
            assert!(paid <= most, "{flow:?} {cell:?}: {paid} against {most}");
        }
    }
}

/// Under simple interest a payment that was due in full can be more than the promise is worth years later.
#[test]
fn an_early_payment_may_exceed_a_later_promise() {
    let text = format!(
        "{TOP}ends = 2033-12-31\n[party]\ntown = {{}}\nfund = {{}}\n[fund.loan]\nparty = \"fund\"\namount = 1_000_000\n\
         return_cap = {{ simple = 0.10 }}\n[cohort]\npeople = 100\n[outcome.b]\nof = \"enrolled\"\nat = \"96 months\"\n\
         rate = 0.01\n[term.a]\nof = \"enrolled\"\nat = \"12 months\"\nrate = 0.5\nprice = 100_000\npaid_by = \"town\"\n\
         [term.b]\nfor = \"b\"\nprice = 10\npaid_by = \"town\"\n"
    );
    let model = model(&text);
    let results = run_here(&model, 2_000, 1);
    assert_eq!(crate::support::total(&results, "town", Flow::Payment).max(), 110_000_000);
    holds(&results);
}

/// What one payer gets back under a limit of all gives the other payers room.
#[test]
fn an_amount_below_zero_gives_the_others_room() {
    let term = |id: &str, rate: &str, price: &str, payer: &str| {
        format!(
            "[term.{id}]\nof = \"enrolled\"\nat = \"3 months\"\nrate = {rate}\nprice = {price}\n\
             due = {{ on = 2026-12-31 }}\npaid_by = \"{payer}\"\ntwo_sided = true\n"
        )
    };
    let (job, malus) = (term("job", "0.5", "1_000", "town"), term("malus", "0.4", "-300", "region"));
    let text = format!(
        "{TOP}ends = 2027-12-31\nassumed = \"a test\"\n[party]\ntown = {{}}\nregion = {{}}\n[cohort]\npeople = 100\n\
         {job}{malus}[limit.yearly]\nper = \"year\"\nat_most = 10_000\nexcess = \"lost\"\n"
    );
    let model = model(&text);
    let results = run_here(&model, 500, 1);
    let paid = crate::support::total(&results, "town", Flow::Payment).max();
    assert!(paid > 2_000_000, "{paid}");
    holds(&results);
}

/// A column that stands twice in a sum has one variable in the programme.
#[test]
fn an_amount_that_counts_twice_is_one_variable() {
    let text = format!(
        "{TOP}ends = 2029-12-31\n[party]\naa = {{ budget_year = \"04-01\" }}\nbb = {{}}\ncc = {{}}\n[cohort]\n\
         people = 90\n[term.t0]\npaid_by = {{ cc = 0.4, bb = 0.2, aa = 0.4 }}\nof = \"enrolled\"\n\
         at = [\"12 months\", \"18 months\"]\nrate = 1\nprice = 1000.00\n[limit.l1]\nper = \"year\"\n\
         at_most = {{ 2026 = 180_000, 2027 = 45_000, 2028 = 450_000, 2029 = 450_000 }}\nexcess = \"rolls\"\n"
    );
    let model = model(&text);
    holds(&run_here(&model, 2, 1));
}

/// 320 payment dates under a rolling limit of three payers: bounded in time, with looser bounds.
#[test]
fn hundreds_of_dates_are_bounded_in_time() {
    let text = format!(
        "{TOP}ends = 2040-12-31\n[party]\na = {{ budget_year = \"04-01\" }}\nb = {{}}\nc = {{}}\n[cohort]\n\
         people = 5000\nintakes = {{ from = 2026-01-01, every = \"quarter\", times = 40 }}\n[term.t0]\n\
         of = \"enrolled\"\nat = {{ every = \"quarter\", times = 8 }}\nrate = 0.5\nprice = 1000\n\
         paid_by = {{ a = \"1/3\", b = \"1/3\", c = \"rest\" }}\n[limit.l0]\nper = \"year\"\nat_most = 50000\n\
         excess = \"rolls\"\n"
    );
    let started = std::time::Instant::now();
    let model = model(&text);
    holds(&run_here(&model, 100, 1));
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}
