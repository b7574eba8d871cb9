//! What the files of the shipped contracts mean.

use jiff::civil::date;

use super::*;
use crate::contract::promise::Promise;
use crate::contract::share::Fraction;
use crate::dist::Scale;
use crate::scenario::model::*;
use crate::scenario::register;

fn investment(name: &str) -> Investment {
    loaded(name).investments.remove(0)
}

fn term<'a>(investment: &'a Investment, id: &str) -> &'a Term {
    investment.terms.iter().find(|term| term.id.as_str() == id).unwrap()
}

#[test]
fn social_referrals_have_their_dates_shares_and_promise() {
    let referrals = investment("social-referrals.toml");
    let less_help = term(&referrals, "municipal");
    let dates: Vec<_> = less_help.readings.iter().map(|r| (r.measured, r.due, r.paid)).collect();
    assert_eq!(
        dates,
        [
            (date(2027, 6, 30), date(2028, 7, 1), date(2028, 7, 1)),
            (date(2028, 6, 30), date(2029, 7, 1), date(2029, 7, 1))
        ]
    );
    assert_eq!(referrals.cohort.shares.fraction(0), Fraction::new(9, 20));
    let funds: Vec<_> = referrals.funds.iter().map(|f| (f.id.as_str(), f.repayable, f.return_cap)).collect();
    assert_eq!(funds, [("donation", false, None), ("dsi", true, Some(Promise::Balance(0.08)))]);
    assert_eq!(referrals.funds[1].drawn, [(date(2026, 7, 1), 272_500_000), (date(2027, 7, 1), 272_500_000)]);
    assert_eq!(referrals.budgets.values().next().unwrap().appropriation[&2028], 50_000_000);
}

#[test]
fn the_region_pays_by_a_ramp_with_a_base_for_each_intake() {
    let referrals = investment("social-referrals.toml");
    let Price::Function(pieces, bases) = &term(&referrals, "health").price else { panic!() };
    assert_eq!(bases, &[148_500_000, 181_500_000].map(crate::contract::price::Base::from));
    let paid = |effect: f64| pieces.amount(crate::contract::price::to_nano(effect), 100.into());
    assert_eq!([paid(-0.2), paid(0.03), paid(0.07), paid(0.2)], [0, 0, 50, 100]);
}

#[test]
fn formulas_come_after_their_inputs_and_outcomes_after_what_they_are_of() {
    let referrals = investment("social-referrals.toml");
    let names: Vec<_> = referrals.inputs.iter().map(|input| input.name.as_str()).collect();
    assert!(
        names.iter().position(|n| *n == "region_effect") > names.iter().position(|n| *n == "effect_if_any")
    );
    let names: Vec<_> = referrals.outcomes.iter().map(|outcome| outcome.name.as_str()).collect();
    assert_eq!(names, ["answered", "better_wellbeing", "fewer_contacts", "less_help"]);
    assert_eq!(referrals.outcomes[1].cells[1].parent, Some(1));
}

#[test]
fn youth_events_hit_the_intakes_that_the_contract_names() {
    let youth = investment("youth.toml");
    let shift = |name: &str| youth.inputs.iter().find(|i| i.name.as_str() == name).unwrap().shifts[0].clone();
    assert_eq!(shift("completion").intakes, Some(vec![1, 2]));
    assert_eq!(shift("job_rate").intakes, None);
    assert_eq!(shift("job_rate").effect, Effect::Logit(-0.4));
    let pensions = youth.outcomes.iter().find(|outcome| outcome.name.as_str() == "pensions").unwrap();
    assert!(pensions.cells.iter().all(|cell| cell.measured == date(2029, 6, 30)));
}

#[test]
fn the_golden_case_pays_on_last_days_and_orders_its_limits() {
    let g1 = investment("g1-quarterly-cap.toml");
    let success = term(&g1, "success");
    assert_eq!(success.readings.len(), 12);
    assert_eq!(success.readings[3].due, date(2026, 12, 31));
    let order: Vec<_> = g1.limits.iter().map(|limit| limit.id.as_str()).collect();
    assert_eq!(order, ["quarter", "lifetime", "foundation", "municipality", "region"]);
    assert!(g1.funds.is_empty());
}

#[test]
fn a_portfolio_shares_what_both_files_name() {
    let both = loaded("norddjurs.toml");
    assert_eq!(
        both.investments.iter().map(|i| i.id.as_str()).collect::<Vec<_>>(),
        ["social-referrals", "youth"]
    );
    assert_eq!(both.factors.keys().map(name::Name::as_str).collect::<Vec<_>>(), ["labour_market", "works"]);
    assert_eq!(both.parties.len(), 4);
    assert_eq!(both.documents.len(), 2);
    assert_eq!(both.budget_years, [2026, 2027, 2028, 2029]);
    assert_eq!(both.budgets.values().next().unwrap().appropriation[&2028], 250_000_000);
}

#[test]
fn every_number_has_its_source() {
    let g1 = loaded("g1-quarterly-cap.toml").register;
    assert_eq!((g1.entries().len(), g1.count(register::Class::Stated)), (16, 16));
    let referrals = loaded("social-referrals.toml").register;
    let class = |path: &str| {
        let found = referrals.entries().iter().find(|entry| entry.path == path);
        found.map(|entry| (entry.class, entry.document.as_deref(), entry.value.as_str()))
    };
    assert_eq!(class("fund.dsi.amount"), Some((register::Class::Stated, Some("s2"), "5450000")));
    assert_eq!(class("term.municipal.price"), Some((register::Class::Derived, None, "12500")));
    assert_eq!(class("term.health.price.2.from"), Some((register::Class::Assumed, None, "0.11")));
    assert_eq!(class("input.referrals.pert.mode"), Some((register::Class::Assumed, None, "300")));
    assert_eq!(class("case.plan.referrals"), Some((register::Class::None, None, "300")));
    assert_eq!(class("as_of"), None);
}

#[test]
fn limits_follow_the_file_where_it_says_so() {
    let extra = "[payment]\norder = [\"all-in\", \"per-year\"]\n";
    let limits = "[limit.all-in]\nper = \"contract\"\nat_most = 1\nexcess = \"lost\"\n\
                  [limit.per-year]\nper = \"year\"\nat_most = { 2028 = 1 }\nexcess = \"rolls\"\n";
    let text = format!("{}{limits}", GOOD.replace("[payment]\n", extra));
    let (scenario, _) = read_text(&text).unwrap_or_else(|errors| panic!("\n{errors}"));
    let order: Vec<_> = scenario.investments[0].limits.iter().map(|limit| limit.id.as_str()).collect();
    assert_eq!(order, ["all-in", "per-year", "town"]);
}

#[test]
fn excess_falls_on_a_payer_whose_limits_come_later() {
    let limits = "[limit.a-region]\npayer = \"region\"\nper = \"year\"\nat_most = 1\nexcess = \"lost\"\n";
    let text = format!(
        "{}{limits}",
        changed(
            "at_most = 300_000\nexcess  = \"lost\"",
            "at_most = 300_000\nexcess = { payer = \"region\" }"
        )
    );
    let (scenario, _) = read_text(&text).unwrap_or_else(|errors| panic!("\n{errors}"));
    let order: Vec<_> = scenario.investments[0].limits.iter().map(|limit| limit.id.as_str()).collect();
    assert_eq!(order, ["town", "a-region"]);
}

#[test]
fn ranges_are_fitted_on_the_scale_of_their_use() {
    let scale = |from: &str, to: &str, input: &str| {
        let (scenario, _) = read_text(&changed(from, to)).unwrap_or_else(|errors| panic!("\n{errors}"));
        let input = scenario.investments[0].inputs.iter().find(|i| i.name.as_str() == input).unwrap().clone();
        let InputKind::Random(bounded) = input.kind else { panic!() };
        let crate::dist::Distribution::Range(range) = bounded.distribution() else { panic!() };
        range.scale()
    };
    let people = scale(
        "pert = { low = 80, mode = 95, high = 95 }",
        "range = { low = 80, mid = 90, high = 95 }",
        "places",
    );
    let rate = scale("beta = { a = 8, b = 8 }", "range = { low = 0.3, mid = 0.5, high = 0.6 }", "home_rate");
    let level = scale(
        "normal = { mean = 0.1, sd = 0.05 }, at_least = 0",
        "range = { low = 0, mid = 0.1, high = 0.2 }",
        "effect",
    );
    assert_eq!((people, rate, level), (Scale::Log, Scale::Logit, Scale::Plain));
}

#[test]
fn readings_pool_what_the_file_says() {
    let readings = |measured: &str| {
        let text = changed("measured = \"each intake\"", &format!("measured = \"{measured}\""))
            .replace("base     = [100_000, 200_000]", "base = 100_000");
        let (scenario, _) = read_text(&text).unwrap_or_else(|errors| panic!("\n{errors}"));
        term(&scenario.investments[0], "nights").readings.iter().map(|r| r.cells.clone()).collect::<Vec<_>>()
    };
    assert_eq!(readings("each time"), [vec![0], vec![1]]);
    assert_eq!(readings("each year"), [vec![0], vec![1]]);
    assert_eq!(readings("at the end"), [vec![0, 1]]);
}

#[test]
fn a_fixed_amount_needs_only_dates() {
    let fee = "[term.fee]\nprice = 1_000.50\ndue = { on = [2026-06-30, 2027-06-30] }\npaid_by = \"town\"\n";
    let (scenario, _) = read_text(&format!("{GOOD}{fee}")).unwrap_or_else(|errors| panic!("\n{errors}"));
    let fee = term(&scenario.investments[0], "fee");
    assert!(matches!(&fee.price, Price::Fixed(amounts) if amounts == &[100_050, 100_050]));
    assert_eq!(fee.readings[1].due, date(2027, 6, 30));
}

#[test]
fn prices_by_measuring_point_and_by_reading() {
    let at = changed("at   = \"12 months\"", "at   = [\"6 months\", \"12 months\"]");
    let priced = |list: &str| {
        let (scenario, _) = read_text(&at.replace("price   = 12_500", &format!("price = {list}")))
            .unwrap_or_else(|e| panic!("\n{e}"));
        let Price::PerUnit(units) = &term(&scenario.investments[0], "home").price else { panic!() };
        units
            .iter()
            .map(|unit| if let UnitPrice::Fixed(price) = unit { price / 1_000_000 } else { -1 })
            .collect::<Vec<_>>()
    };
    assert_eq!(priced("[1, 2]"), [1, 2, 1, 2]);
    assert_eq!(priced("[1, 2, 3, 4]"), [1, 2, 3, 4]);
    assert_eq!(priced("7"), [7, 7, 7, 7]);
}
