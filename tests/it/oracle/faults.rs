//! Simulations with one fault each: the comparison with the exact answer must tell every one.

use udfald::engine::model::Model;
use udfald::exact::Detail;

use super::{beside, exact};
use crate::support::model;

/// Two payers, three quarters, a cap for each quarter, one over the contract, and a yearly one that rolls.
const CONTRACT: &str = "\
udfald = 1
investment = \"two-towns\"
currency = \"DKK\"
starts = 2026-01-01
ends = 2027-12-31
assumed = \"a test\"
[party]
investor = {}
north = {}
south = {}
[fund.loan]
party = \"investor\"
amount = 200_000
[input.rate]
beta = { a = 6, b = 6 }
[cohort]
people = 36
intakes = { from = 2026-01-01, every = \"quarter\", times = 3 }
[term.home]
of = \"enrolled\"
at = \"3 months\"
rate = \"rate\"
price = 10_000
paid_by = { north = 0.6, south = 0.4 }
[limit.quarter]
per = \"quarter\"
at_most = 84_999.99
excess = \"lost\"
[limit.contract]
per = \"contract\"
at_most = 200_000
excess = \"lost\"
[limit.north]
payer = \"north\"
per = \"year\"
at_most = 40_000
excess = \"rolls\"
";

const TRIALS: u64 = 40_000;

/// Whether a simulation of a changed contract is told from the exact answer of the right one.
fn told(change: &dyn Fn(&str) -> String, right: &Model) -> bool {
    let answer = exact(right.scenario(), Detail::Full).unwrap();
    let faulty = model(&change(CONTRACT));
    !beside(&answer, &faulty, TRIALS, 1).agrees()
}

fn without(text: &str, limit: &str) -> String {
    let from = text.find(&format!("[limit.{limit}]")).unwrap();
    let to = text[from + 1..].find("\n[").map_or(text.len(), |at| from + at + 2);
    text[..from].to_owned() + &text[to..]
}

#[test]
fn the_right_contract_agrees() {
    assert!(!told(&str::to_owned, &model(CONTRACT)));
}

#[test]
fn a_cap_off_by_one_ore_is_told() {
    let right = model(CONTRACT);
    for (limit, off) in
        [("84_999.99", "85_000"), ("200_000\nexcess", "200_000.01\nexcess"), ("40_000", "39_999.99")]
    {
        assert!(CONTRACT.contains(limit), "{limit}");
        assert!(told(&|text| text.replacen(limit, off, 1), &right), "{limit} as {off}");
    }
}

#[test]
fn a_forgotten_limit_is_told() {
    let right = model(CONTRACT);
    for limit in ["quarter", "contract", "north"] {
        assert!(told(&|text| without(text, limit), &right), "{limit}");
    }
}

#[test]
fn what_rolls_a_year_too_far_is_told() {
    let right = model(CONTRACT);
    assert!(told(&|text| text.replace("2027-12-31", "2028-12-31"), &right));
    // A limit that lets nothing of the next year through keeps everything waiting for the year after.
    let late = |text: &str| {
        let years = "{ 2026 = 40_000, 2027 = 0, 2028 = 40_000 }";
        text.replace("2027-12-31", "2028-12-31").replace("at_most = 40_000", &format!("at_most = {years}"))
    };
    assert!(told(&late, &right));
}

#[test]
fn an_excess_that_is_lost_instead_of_rolled_and_a_wrong_rate_are_told() {
    let right = model(CONTRACT);
    assert!(told(&|text| text.replace("\"rolls\"", "\"lost\""), &right));
    assert!(told(&|text| text.replace("a = 6, b = 6", "a = 6, b = 5.7"), &right));
}
