//! Public contracts whose terms and results are known: guarantees, hurdles, caps, excess that falls on another payer.
//!
//! Each figure bears where it comes from: [S] read on a public page, [I] the INDIGO data of the Oxford Government
//! Outcomes Lab, [D] computed from these, [R] recalled and not seen, so that it proves less.

use udfald::engine::grid::Flow;

use crate::support::{model, run_here, total, year};

/// What a party has of a flow over the contract, in øre; one trial of a contract without chance.
fn of(text: &str, party: &str, flow: Flow) -> i64 {
    let model = model(text);
    let results = run_here(&model, 1, 1);
    let summary = total(&results, party, flow);
    assert_eq!(summary.min(), summary.max());
    summary.max()
}

const TOP: &str = "udfald = 1\ninvestment = \"x\"\nassumed = \"a test\"\n";

/// NYC ABLE, Rikers Island: a step table on the reduction of bed days, and a guarantee to the lender.
fn rikers(reduction: &str, drawn: &str, guarantee: &str) -> String {
    format!(
        "{TOP}currency = \"USD\"\nstarts = 2012-07-01\nends = 2016-06-30\n[party]\ncity = {{}}\ngoldman = {{}}\n\
         bloomberg = {{}}\n[fund.loan]\nparty = \"goldman\"\namount = {drawn}\n\
         guarantee = {{ amount = {guarantee}, by = \"bloomberg\" }}\n[term.reduction]\non = 2016-06-30\nof = \"enrolled\"\n\
         level = {reduction}\npaid_by = \"city\"\nprice = [{{ from = 0.085, pay = 4_800_000 }}, \
         {{ from = 0.10, pay = 9_600_000 }}, {{ from = 0.11, pay = 10_080_000 }}, {{ from = 0.20, pay = 11_712_000 }}]\n"
    )
}

/// K07 [S], the table [R]: without a payment the lender receives the guarantee of 7.2 m and loses 2.4 m; from the
/// breakeven on the guarantee pays nothing.
#[test]
fn a_guarantee_is_a_floor_on_what_the_lender_recovers() {
    let lender = |reduction| {
        let text = rikers(reduction, "9_600_000", "7_200_000");
        [("goldman", Flow::Receipt), ("bloomberg", Flow::Guarantee), ("city", Flow::Payment)]
            .map(|(party, flow)| of(&text, party, flow) / 100)
    };
    assert_eq!(lender("0.0849"), [7_200_000, 7_200_000, 0]);
    assert_eq!(9_600_000 - lender("0")[0], 2_400_000);
    assert_eq!(lender("0.085"), [7_200_000, 2_400_000, 4_800_000]);
    assert_eq!(lender("0.10"), [9_600_000, 0, 9_600_000]);
    assert_eq!(lender("0.20"), [11_712_000, 0, 11_712_000]);
}

/// K08 [S]: stopped after three years with 7.2 m drawn, the guarantee paid 6.0 m, the lender lost 1.2 m.
#[test]
fn what_rikers_island_came_to() {
    let text = rikers("0", "7_200_000", "6_000_000");
    assert_eq!(of(&text, "goldman", Flow::Drawdown) - of(&text, "goldman", Flow::Receipt), 120_000_000);
    assert_eq!(of(&text, "city", Flow::Payment), 0);
}

/// Utah, preschool: 95 % of the avoided cost until the money and 5 % a year are back, then 40 %.
fn utah(fund: &str) -> String {
    format!(
        "{TOP}currency = \"USD\"\nstarts = 2013-09-01\nends = 2015-08-31\n[party]\ncounty = {{}}\ngoldman = {{}}\n\
         [fund.loan]\nparty = \"goldman\"\namount = {fund}\n[cohort]\npeople = 110\n[term.avoided]\nof = \"enrolled\"\n\
         at = \"12 months\"\nrate = {}\nprice = 2_453.85\npaid_by = \"county\"\n[limit.hurdle]\nper = \"contract\"\n\
         at_most = {{ fund = \"loan\", balance = 0.05 }}\nexcess = {{ pass = \"40/95\" }}\n[case.plan]\n",
        109.0 / 110.0
    )
}

/// K09 [S/D]: 109 children of 110, a cost of 2,583 each, of which 95 %.
#[test]
fn utah_pays_95_percent_until_the_hurdle_and_40_above() {
    let paid = |fund| {
        let chance = model(&utah(fund));
        let plan = chance.case(&udfald::scenario::name::Name::new("plan").unwrap()).unwrap();
        let results = plan.run(udfald::engine::model::CASE).unwrap();
        total(&results, "county", Flow::Payment).max()
    };
    assert_eq!((paid("7_000_000") + 50) / 100, 267_470);
    // 100,000 and 5 % are back with the first 105,000; of the remaining 162,469.65 the county owes 40/95.
    assert_eq!(paid("100_000"), 10_500_000 + 6_840_827);
}

/// K10 [S/D]: gains of 160 % and 116 % of target would pay 151 % of the target payment; the maximum stops it, at 14.94 %.
#[test]
fn educate_girls_pays_its_maximum() {
    let text = format!(
        "{TOP}currency = \"USD\"\nstarts = 2015-06-01\nends = 2018-05-31\n[party]\nciff = {{}}\nubs = {{}}\n[fund.loan]\n\
         party = \"ubs\"\namount = 277_915\nreturn_cap = {{ balance = 0.15 }}\n[payment]\npaid_by = \"ciff\"\n\
         [term.gains]\non = 2018-05-31\nof = \"enrolled\"\nlevel = 1.60\nprice = 240_000\n[term.enrolment]\n\
         on = 2018-05-31\nof = \"enrolled\"\nlevel = 1.16\nprice = 60_000\n[limit.maximum]\nper = \"contract\"\n\
         at_most = 422_000\nexcess = \"lost\"\n"
    );
    assert_eq!(of(&text, "ciff", Flow::Earned), 45_360_000);
    assert_eq!(of(&text, "ubs", Flow::Receipt), 42_200_000);
    let rate = (422_000.0f64 / 277_915.0).powf(1.0 / 3.0) - 1.0;
    assert!((rate - 0.1494).abs() < 5e-5, "{rate}");
}

/// K11 [I]: the central fund pays its maximum to the pound, the county the rest of 8,629,680.
#[test]
fn norfolk_owes_what_is_above_the_maximum_of_the_central_fund() {
    let text = format!(
        "{TOP}currency = \"GBP\"\nstarts = 2015-01-01\nends = 2019-12-31\n[party]\ncounty = {{}}\ndcms = {{}}\n\
         [term.days]\nprice = 8_629_680\ndue = {{ on = 2019-12-31 }}\npaid_by = {{ county = 0.75, dcms = 0.25 }}\n\
         [limit.dcms]\npayer = \"dcms\"\nper = \"contract\"\nat_most = 1_617_248\nexcess = {{ payer = \"county\" }}\n"
    );
    assert_eq!(of(&text, "dcms", Flow::Payment), 161_724_800);
    assert_eq!(of(&text, "county", Flow::Payment), 701_243_200);
}

/// Fixed payments on two days to two funds; what each gets over the contract, in kroner.
fn two_funds(first: &str, second: &str, amounts: [i64; 2]) -> [i64; 2] {
    let text = format!(
        "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nsenior = {{}}\n\
         junior = {{}}\nfoundation = {{}}\n[fund.a]\nparty = \"senior\"\n{first}\n[fund.b]\nparty = \"junior\"\n{second}\n\
         [term.t]\nprice = [{}, {}]\ndue = {{ on = [2026-12-31, 2027-12-31] }}\npaid_by = \"town\"\n",
        amounts[0], amounts[1]
    );
    ["senior", "junior"].map(|party| of(&text, party, Flow::Receipt) / 100)
}

#[test]
fn the_first_rank_is_repaid_before_the_second() {
    let senior = "amount = 4_600\nreturn_cap = { balance = 0.05 }";
    let junior = "amount = 2_400\nrank = 2\nreturn_cap = { multiple = 1.5 }";
    assert_eq!(two_funds(senior, junior, [1_000, 2_000]), [3_000, 0]);
    // 4,600 · 1.05 is due after a year; the rest goes to the second rank, and from its cap on nobody is paid.
    assert_eq!(two_funds(senior, junior, [6_000, 1_000]), [4_830, 2_170]);
    assert_eq!(two_funds(senior, junior, [6_000, 9_000]), [4_830, 3_600]);
}

#[test]
fn equal_ranks_share_by_what_they_put_in() {
    let (a, b) = ("amount = 3_000\nreturn_cap = 3_300", "amount = 1_000\nreturn_cap = 2_000");
    assert_eq!(two_funds(a, b, [1_000, 2_000]), [2_250, 750]);
    // What the first may not take goes to the second.
    assert_eq!(two_funds(a, b, [4_000, 1_000]), [3_300, 1_700]);
    assert_eq!(two_funds(a, b, [4_000, 4_000]), [3_300, 2_000]);
}

#[test]
fn a_surplus_is_given_back_to_those_who_paid() {
    let text = format!(
        "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nregion = {{}}\nfund = {{}}\n\
         [fund.f]\nparty = \"fund\"\namount = 1_000\nreturn_cap = {{ multiple = 1.2 }}\nsurplus = \"returned\"\n[term.t]\n\
         price = [900, 900]\ndue = {{ on = [2026-12-31, 2027-06-30] }}\npaid_by = {{ town = \"2/3\", region = \"1/3\" }}\n"
    );
    let kroner = |party, flow| of(&text, party, flow) / 100;
    assert_eq!((kroner("town", Flow::Payment), kroner("region", Flow::Payment)), (1_200, 600));
    assert_eq!((kroner("town", Flow::Returned), kroner("region", Flow::Returned)), (400, 200));
    assert_eq!((kroner("fund", Flow::Receipt), kroner("town", Flow::Cut)), (1_200, 0));
}

/// A party that is payer and investor pays itself.
#[test]
fn one_party_in_two_roles() {
    let text = format!(
        "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nfoundation = {{}}\n\
         [fund.f]\nparty = \"foundation\"\namount = 1_000\nreturn_cap = 1_100\n[term.t]\nprice = 1_200\n\
         due = {{ on = 2026-12-31 }}\npaid_by = {{ town = 0.5, foundation = 0.5 }}\n"
    );
    let kroner = |party, flow| of(&text, party, flow) / 100;
    assert_eq!((kroner("town", Flow::Payment), kroner("foundation", Flow::Payment)), (550, 550));
    assert_eq!((kroner("foundation", Flow::Receipt), kroner("foundation", Flow::Drawdown)), (1_100, 1_000));
}

/// A coupon on the money of the fund: 7.5 % of 7 m for the year from 1 July to 30 June is 525,000.
#[test]
fn coupons_count_whole_years_to_a_last_day() {
    let text = format!(
        "{TOP}currency = \"USD\"\nstarts = 2013-07-01\nends = 2016-06-30\n[party]\nstate = {{}}\nfund = {{}}\n[fund.f]\n\
         party = \"fund\"\namount = 7_000_000\n[cohort]\npeople = 60\n[outcome.score]\nof = \"enrolled\"\n\
         on = [2014-06-30, 2015-06-30, 2016-06-30]\nlevel = 1\n[term.coupon]\nfor = \"score\"\nmeasured = \"each time\"\n\
         price = [{{ from = 1, pay = 0.075 }}]\nbase = {{ interest = \"f\" }}\npaid_by = \"state\"\n[term.principal]\n\
         for = \"score\"\nmeasured = \"at the end\"\nprice = [{{ from = 1, pay = 1 }}]\nbase = {{ principal = \"f\" }}\n\
         paid_by = \"state\"\n"
    );
    let model = model(&text);
    let results = run_here(&model, 1, 1);
    let paid = ["2014", "2015", "2016"].map(|y| year(&results, "state", y, Flow::Payment).max() / 100);
    assert_eq!(paid, [525_000, 525_000, 7_525_000]);
}

/// A fee of the provider is no repayment: no promise counts it, and the return cap does not cut it.
#[test]
fn a_fee_goes_to_the_provider() {
    let text = format!(
        "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nfund = {{}}\nprovider = {{}}\n\
         [fund.f]\nparty = \"fund\"\namount = 1_000\nreturn_cap = 1_100\n[payment]\npaid_by = \"town\"\n[term.fee]\nprice = 500\n\
         due = {{ on = 2026-12-31 }}\nto = \"provider\"\n[term.t]\nprice = 1_200\ndue = {{ on = 2026-12-31 }}\n"
    );
    let kroner = |party, flow| of(&text, party, flow) / 100;
    assert_eq!((kroner("town", Flow::Payment), kroner("town", Flow::Cut)), (1_600, 100));
    assert_eq!((kroner("provider", Flow::Fee), kroner("fund", Flow::Receipt)), (500, 1_100));
}

/// A bonus and malus with a dead band, clawed back from the investor, and netted by a floor.
#[test]
fn a_malus_is_paid_back_unless_it_is_netted() {
    let paid = |level: &str, floor: &str| {
        let text = format!(
            "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nfund = {{}}\n[fund.f]\n\
             party = \"fund\"\namount = 1_000\n[payment]\npaid_by = \"town\"\n[term.bonus]\non = 2026-12-31\n\
             of = \"enrolled\"\nlevel = {level}\ntwo_sided = true\nprice = [{{ below = -0.05, pay = -300 }}, \
             {{ from = -0.05, pay = 0 }}, {{ above = 0.05, pay = 300 }}]\n[term.t]\nprice = 100\n\
             due = {{ on = 2026-12-31 }}\n{floor}"
        );
        [("town", Flow::Payment), ("fund", Flow::Receipt), ("town", Flow::ToppedUp)]
            .map(|(party, flow)| of(&text, party, flow) / 100)
    };
    assert_eq!(
        [paid("0.1", ""), paid("0.05", ""), paid("-0.05", "")],
        [[400, 400, 0], [100, 100, 0], [100, 100, 0]]
    );
    assert_eq!(paid("-0.06", ""), [-200, -200, 0]);
    let floor = "[limit.zero]\npayer = \"town\"\nper = \"payment\"\nat_least = 0\n";
    assert_eq!(paid("-0.06", floor), [0, 0, 200]);
    assert_eq!(paid("0.1", floor), [400, 400, 0]);
}

/// A rate to date that falls: 500, then 350 in all, so that 150 come back.
#[test]
fn what_falls_to_date_is_refunded() {
    let text = format!(
        "{TOP}currency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n[party]\ntown = {{}}\nfund = {{}}\n[fund.f]\n\
         party = \"fund\"\namount = 1_000\n[cohort]\npeople = 10\n[term.t]\nof = \"enrolled\"\n\
         on = [2026-12-31, 2027-12-31]\nlevel = [0.5, 0.2]\nmeasured = \"to date\"\npays = \"increase or refund\"\n\
         two_sided = true\nprice = 1_000\npaid_by = \"town\"\n"
    );
    let model = model(&text);
    let results = run_here(&model, 1, 1);
    assert_eq!(["2026", "2027"].map(|y| year(&results, "town", y, Flow::Payment).max()), [50_000, -15_000]);
}
