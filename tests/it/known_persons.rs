//! Published amounts of real contracts that turn on single persons. [R] marks figures recalled, not seen; [I] figures
//! from a hand-collected data set; [S] a public page; [D] computed from those.

use udfald::engine::grid::Flow;

use crate::persons::scenario;
use crate::support::{counts, model, run_here, total};

/// What the payer pays, the same in every trial, in kroner with two decimals.
fn paid(body: &str) -> String {
    let model = model(&scenario(body));
    let results = run_here(&model, 10, 1);
    let found = counts(&total(&results, "payer", Flow::Payment));
    let [(ore, 10)] = found[..] else { panic!("not the same in every trial: {found:?}") };
    format!("{}.{:02}", ore / 100, ore % 100)
}

/// DWP Innovation Fund, round 2 [I, cap S]: behaviour, attendance, attitude, levels 1 to 3, 13 and 26 weeks in work.
const ROUND_2: [i64; 8] = [1_300, 1_400, 700, 1_100, 3_300, 5_100, 3_500, 2_000];

fn round_2(cap: &str) -> String {
    let mut text = "[cohort]\npeople = 1\nalike = 0\n".to_owned();
    for (index, price) in ROUND_2.iter().enumerate() {
        let months = 3 * (index + 1);
        text += &format!(
            "[term.t{index}]\nof = \"enrolled\"\nat = \"{months} months\"\nrate = 1\nprice = {price}\n"
        );
    }
    text + cap
}

/// K14: all outcomes come to 18,400, of which 11,700 are paid [I/S].
#[test]
fn a_young_person_with_every_outcome_brings_in_the_cap() {
    assert_eq!(paid(&round_2("")), "18400.00");
    let cap = "[limit.person]\nper = \"person\"\nat_most = 11_700\nexcess = \"lost\"\n";
    assert_eq!(paid(&round_2(cap)), "11700.00");
}

/// K13, Aarhus: 20,000 for each of four follow-ups, then 40,000 for each of three; or 15,000 and one of 30,000 [S/D].
#[test]
fn a_person_who_meets_every_point_is_the_maximum_of_the_ladder() {
    let variants: [(&str, i64); 2] = [
        ("20_000, 20_000, 20_000, 20_000, 40_000, 40_000, 40_000", 200_000),
        ("15_000, 15_000, 15_000, 15_000, 30_000", 90_000),
    ];
    for (prices, most) in variants {
        let points = prices.split(", ").count();
        let body = |rate: &str, cap: i64| {
            format!(
                "[cohort]\npeople = 1\nalike = 0\n[term.self-support]\nof = \"enrolled\"\n\
                 at = {{ every = \"6 months\", times = {points} }}\nrate = {rate}\nprice = [{prices}]\n\
                 [limit.person]\nper = \"person\"\nat_most = {cap}\nexcess = \"lost\"\n"
            )
        };
        assert_eq!(paid(&body("1", most)), format!("{most}.00"));
        assert_eq!(paid(&body("1", most - 10_000)), format!("{}.00", most - 10_000));
        let uncertain = model(&scenario(&body("0.7", most)));
        let results = run_here(&uncertain, 10, 1);
        let cell = results.cell("all", "payer", "total").unwrap();
        assert_eq!(results.contract_max(cell, Flow::Payment), Some(most * 100));
        assert_eq!(uncertain.idle_limits().len(), 1);
    }
}

/// K03, Denver: 15.12 for each day in stable housing after the first year, less days in jail. 258,858 and 41,070 days
/// [S/D]; how they divide among people is made up, and the gate is of the data set [I].
#[test]
fn days_after_a_gate_are_paid_by_the_day() {
    let body = |people: u32, housed: u32, jail: u32| {
        format!(
            "[cohort]\npeople = {people}\n[outcome]\n\
             housed_days = {{ of = \"enrolled\", at = \"60 months\", each = {housed} }}\n\
             jail_days = {{ of = \"enrolled\", at = \"60 months\", each = {jail} }}\n\
             stable_days = {{ of = \"enrolled\", at = \"60 months\", each = \"max(0, max(0, housed_days - 365) - jail_days)\" }}\n\
             [term.housing]\nfor = \"stable_days\"\nprice = 15.12\n"
        )
    };
    assert_eq!(paid(&body(197, 1690, 11)), "3913932.96");
    assert_eq!(paid(&body(111, 742, 7)), "620978.40");
    assert_eq!(paid(&body(50, 300, 0)), "0.00");
}
