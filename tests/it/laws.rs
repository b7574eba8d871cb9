//! Laws that hold for every contract, and the counter-examples where one might expect a law.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use udfald::engine::grid::Flow;
use udfald::engine::model::Model;
use udfald::engine::part::{Merging, Part};
use udfald::engine::results::Results;
use udfald::engine::run::{Shard, Unwatched};

use crate::support::{counts, model, model_of, run, run_here, settings, total, year};

const G1: &str = include_str!("../fixtures/g1-quarterly-cap.toml");
const REFERRALS: &str = include_str!("../fixtures/social-referrals.toml");
const YOUTH: &str = include_str!("../fixtures/youth.toml");
const PORTFOLIO: &str = include_str!("../fixtures/norddjurs.toml");

/// Counts of every figure, by investment, party, year and flow; figures that are always nothing are left out.
pub type Figures = BTreeMap<(String, String, String, Flow), Vec<(i64, u64)>>;

fn figures(results: &Results<'_>, investments: &[&str], parties: &[&str]) -> Figures {
    let mut found = Figures::new();
    let years: Vec<String> = (2025..=2031).map(|year| year.to_string()).chain(["total".to_owned()]).collect();
    for investment in investments {
        for party in parties {
            for year in &years {
                let Some(cell) = results.cell(investment, party, year) else { continue };
                for flow in Flow::ALL {
                    let counts = counts(&results.summary(cell, flow).unwrap());
                    if counts.iter().any(|(amount, _)| *amount != 0) {
                        let at = ((*investment).to_owned(), (*party).to_owned(), year.clone(), flow);
                        found.insert(at, counts);
                    }
                }
            }
        }
    }
    assert!(found.len() > 5, "nothing to compare");
    found
}

const G1_PARTIES: [&str; 4] = ["municipality", "region", "foundation", "all"];

/// The figures of a contract with the parties of G1.
pub fn g1_figures(text: &str) -> Figures {
    figures(&run_here(&model(text), 4_000, 1), &["all"], &G1_PARTIES)
}

fn replaced(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replace(from, to)
}

// --- Limits ---------------------------------------------------------------------------------------------------------

#[test]
fn payments_never_exceed_a_limit() {
    let more = "year-region = { payer = \"region\", per = \"year\", at_most = 111_111.11, excess = \"lost\" }\n\
                year-all = { per = \"year\", at_most = 499_999.99, excess = \"lost\" }\n";
    let model = model(&format!("{G1}{more}"));
    let results = run(&model, 50_000, 3);
    let most = |party: &str, when: &str| year(&results, party, when, Flow::Payment).max();
    for when in ["2026", "2027", "2028"] {
        assert_eq!(most("all", when).max(49_999_999), 49_999_999);
        assert_eq!(most("region", when), 11_111_111);
    }
    assert_eq!(
        (most("municipality", "total"), most("all", "total").max(130_000_000)),
        (60_000_000, 130_000_000)
    );
}

/// Fixed amounts on four days under limits of two payers: a trial without chance.
fn fixed(amounts: &[u64], first: u64, by_year: u64, fund: &str) -> Model {
    let price: Vec<_> = amounts.iter().map(ToString::to_string).collect();
    model(&format!(
        "udfald = 1\ninvestment = \"fixed\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
         assumed = \"a test\"\n[party]\na = {{}}\nb = {{}}\n[term.t]\nprice = [{}]\n\
         due = {{ on = [2026-07-01, 2027-07-01, 2028-07-01, 2029-07-01] }}\npaid_by = {{ a = 0.6, b = 0.4 }}\n\
         [limit.a]\npayer = \"a\"\nper = \"contract\"\nat_most = {first}\nexcess = \"lost\"\n\
         [limit.a-year]\npayer = \"a\"\nper = \"year\"\nat_most = {by_year}\nexcess = \"lost\"\n\
         [limit.b]\npayer = \"b\"\nper = \"contract\"\nat_most = 150000\nexcess = \"lost\"\n{fund}",
        price.join(", ")
    ))
}

/// What a payer has paid by the end of each year.
fn cumulative(model: &Model, party: &str) -> Vec<i64> {
    let results = run_here(model, 1, 1);
    let paid = |year: i32| {
        let cell = results.cell("all", party, &year.to_string());
        cell.map_or(0, |cell| results.summary(cell, Flow::Payment).unwrap().max())
    };
    let add = |sum: &mut i64, year| {
        *sum += paid(year);
        Some(*sum)
    };
    (2026..=2029).scan(0, add).collect()
}

#[test]
fn raising_a_payers_cap_never_lowers_what_that_payer_has_paid() {
    let mut word = 7u64;
    let mut next = |most: u64| {
        word = word.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        1 + (word >> 33) % most
    };
    let mut raised = 0;
    for _ in 0..60 {
        let amounts: Vec<_> = (0..4).map(|_| next(200_000)).collect();
        let (cap, by_year, more) = (next(300_000), next(100_000), next(50_000));
        let paid = |cap, by_year| cumulative(&fixed(&amounts, cap, by_year, ""), "a");
        let (before, contract, each_year) =
            (paid(cap, by_year), paid(cap + more, by_year), paid(cap, by_year + more));
        for after in [contract, each_year] {
            assert!(before.iter().zip(&after).all(|(before, after)| before <= after), "{before:?} {after:?}");
            raised += i32::from(before != after);
        }
    }
    assert!(raised > 20, "the caps bind in {raised} of 120 cases");
}

/// With a return cap they can: 100 drawn at 10 %, 80 owed a year later and 80 the year after.
#[test]
fn under_a_return_cap_a_lower_limit_can_cost_more() {
    let pays = |first: u64| {
        let text = format!(
            "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2028-12-31\n\
             assumed = \"a test\"\n[party]\na = {{}}\nfund = {{}}\n[fund.money]\nparty = \"fund\"\namount = 100\n\
             drawn = {{ 2026-07-01 = 1 }}\nreturn_cap = {{ balance = 0.10 }}\n[term.t]\nprice = [80, 80]\n\
             due = {{ on = [2027-07-01, 2028-07-01] }}\npaid_by = \"a\"\n[limit.a]\npayer = \"a\"\nper = \"year\"\n\
             at_most = {{ 2027 = {first}, 2028 = 1000 }}\nexcess = \"lost\"\n"
        );
        let model = model(&text);
        let results = run_here(&model, 1, 1);
        ["2027", "2028", "total"].map(|when| year(&results, "a", when, Flow::Payment).max())
    };
    assert_eq!(pays(50), [5_000, 6_600, 11_600]);
    assert_eq!(pays(80), [8_000, 3_300, 11_300]);
}

/// So it can where a limit by year comes after one over the contract, which counts what the other then cuts.
#[test]
fn a_higher_limit_can_cost_less_before_a_shorter_one() {
    let pays = |first: u64| {
        let limit = |id: &str, per: &str, most: u64| {
            format!("[limit.{id}]\npayer = \"a\"\nper = \"{per}\"\nat_most = {most}\nexcess = \"lost\"\n")
        };
        let limits =
            [limit("first", "year", first), limit("whole", "contract", 150), limit("last", "year", 60)];
        let text = format!(
            "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
             assumed = \"a test\"\n[party]\na = {{}}\n[term.t]\nprice = [100, 100]\n\
             due = {{ on = [2026-07-01, 2027-07-01] }}\npaid_by = \"a\"\n[payment]\n\
             order = [\"first\", \"whole\", \"last\"]\n{}",
            limits.concat()
        );
        let model = model(&text);
        total(&run_here(&model, 1, 1), "a", Flow::Payment).max()
    };
    assert_eq!((pays(60), pays(100)), (12_000, 11_000));
}

#[test]
fn the_order_of_limits_decides_when_every_quarter_of_g1_is_full() {
    let full = replaced(G1, "rate    = \"chance\"", "rate    = 1");
    let paid = |text: &str| total(&run_here(&model(text), 1, 1), "all", Flow::Payment).max();
    assert_eq!(paid(&full), 125_000_000);
    let order = "[payment]\norder = [\"municipality\", \"region\", \"foundation\", \"lifetime\"]\n";
    assert_eq!(paid(&format!("{full}{order}")), 130_000_000);
}

#[test]
fn a_limit_that_nothing_reaches_changes_no_bit() {
    let more = "vast = { payer = \"region\", per = \"year\", at_most = 1_000_000_000, excess = \"rolls\" }\n\
                vaster = { per = \"payment\", at_most = 1_000_000_000, excess = \"lost\" }\n";
    assert_eq!(g1_figures(G1), g1_figures(&format!("{G1}{more}")));
    let tighter = replaced(G1, "at_most = 400_000", "at_most = 380_000");
    assert_ne!(g1_figures(G1), g1_figures(&tighter));
}

// --- Units and order ------------------------------------------------------------------------------------------------

#[test]
fn ten_times_the_money_is_ten_times_every_figure() {
    let mut tenfold = G1.to_owned();
    for amount in ["5_000\n", "150_000", "1_300_000", "600_000", "400_000", "350_000"] {
        let digits = amount.trim_end().replace('_', "");
        let more = amount.replace(amount.trim_end(), &format!("{digits}0"));
        tenfold = replaced(&tenfold, &format!("= {amount}"), &format!("= {more}"));
    }
    let scaled = |mut figures: Figures| {
        figures.values_mut().flatten().for_each(|(amount, _)| *amount *= 10);
        figures
    };
    assert_eq!(scaled(g1_figures(G1)), g1_figures(&tenfold));
}

/// Two goals of one payer under a shared limit; the ids of the terms as given.
fn two_goals(first: &str, second: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"two\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2027-12-31\n\
         assumed = \"a test\"\n[party]\na = {{}}\n[cohort]\npeople = 83\n[input]\n\
         p = {{ beta = {{ a = 6, b = 4 }} }}\nq = {{ beta = {{ a = 3, b = 4 }} }}\n[outcome]\n\
         one = {{ of = \"enrolled\", at = \"6 months\", rate = \"p\" }}\n\
         two = {{ of = \"one\", at = \"6 months\", rate = \"q\" }}\n[payment]\npaid_by = \"a\"\n\
         [term.{first}]\nfor = \"one\"\nprice = 1_234.56\n[term.{second}]\nfor = \"two\"\nprice = 777.77\n\
         [limit.a]\npayer = \"a\"\nper = \"contract\"\nat_most = 80_000\nexcess = \"lost\"\n"
    )
}

#[test]
fn the_order_of_terms_does_not_matter() {
    let figures = |text: &str| figures(&run_here(&model(text), 3_000, 1), &["all"], &["a"]);
    assert_eq!(figures(&two_goals("aa", "bb")), figures(&two_goals("bb", "aa")));
}

/// The tables of a file in another order, and the lines of a table that holds tables by id.
fn permuted(text: &str, step: usize) -> String {
    let mut tables: Vec<String> = Vec::new();
    for line in text.lines() {
        let begins = line.starts_with('[') && !line.starts_with("[ ");
        if begins || tables.is_empty() {
            tables.push(String::new());
        }
        writeln!(tables.last_mut().unwrap(), "{line}").unwrap();
    }
    let top = tables.remove(0);
    for table in tables
        .iter_mut()
        .filter(|table| ["[limit]", "[input]", "[party]"].iter().any(|t| table.starts_with(t)))
    {
        let mut lines: Vec<_> = table.lines().collect();
        lines[1..].reverse();
        *table = lines.join("\n") + "\n";
    }
    let n = tables.len();
    assert!(
        (2..n).all(|d| !(n.is_multiple_of(d) && step.is_multiple_of(d))),
        "{step} and {n} share a factor"
    );
    top + &(0..n).map(|i| tables[i * step % n].as_str()).collect::<String>()
}

#[test]
fn a_permuted_file_gives_the_same_bits() {
    let steps = |text: &str| {
        let n = text.lines().filter(|line| line.starts_with('[')).count();
        (2..n).filter(|step| gcd(*step, n) == 1).take(3).collect::<Vec<_>>()
    };
    for step in steps(G1) {
        assert_eq!(g1_figures(G1), g1_figures(&permuted(G1, step)));
    }
    let parties = ["norddjurs", "region-midtjylland", "ostifterne", "dsi", "all"];
    let figures = |text: &str| figures(&run_here(&model(text), 1_000, 1), &["all"], &parties);
    for step in steps(REFERRALS) {
        assert_eq!(figures(REFERRALS), figures(&permuted(REFERRALS, step)));
    }
}

fn gcd(a: usize, b: usize) -> usize {
    if b == 0 { a } else { gcd(b, a % b) }
}

// --- Draws ----------------------------------------------------------------------------------------------------------

#[test]
fn an_unrelated_input_changes_no_figure() {
    let more = "[input.aaa_unrelated]\nuniform = { low = 0, high = 1 }\n[input.zzz_unrelated]\nbeta = { a = 2, b = 2 }\n";
    assert_eq!(g1_figures(G1), g1_figures(&format!("{G1}{more}")));
}

#[test]
fn a_cap_changes_no_draw() {
    let earned = |text: &str| -> Figures {
        g1_figures(text).into_iter().filter(|((.., flow), _)| *flow == Flow::Earned).collect()
    };
    let open = replaced(G1, "at_most = 150_000", "at_most = 90_000");
    assert_eq!(earned(G1), earned(&open));
    assert_ne!(g1_figures(G1), g1_figures(&open));
}

#[test]
fn a_renamed_input_keeps_its_draws_with_stream() {
    let renamed = replaced(
        &replaced(G1, "[input.chance]", "[input.likelihood]"),
        "rate    = \"chance\"",
        "rate    = \"likelihood\"",
    );
    let kept =
        replaced(&renamed, "beta = { a = 18, b = 27 }", "beta = { a = 18, b = 27 }\nstream = \"chance\"");
    assert_eq!(g1_figures(G1), g1_figures(&kept));
    assert_ne!(g1_figures(G1), g1_figures(&renamed));
}

#[test]
fn an_investment_is_the_same_alone_and_in_a_portfolio() {
    let files = [("norddjurs.toml", PORTFOLIO), ("social-referrals.toml", REFERRALS), ("youth.toml", YOUTH)];
    let together = model_of(&files, "norddjurs.toml");
    let together = run_here(&together, 3_000, 5);
    let parties = ["norddjurs", "region-midtjylland", "ostifterne", "dsi", "all"];
    for (name, text) in [("social-referrals", REFERRALS), ("youth", YOUTH)] {
        let alone = model(text);
        let alone = run_here(&alone, 3_000, 5);
        assert_eq!(figures(&alone, &[name], &parties), figures(&together, &[name], &parties));
    }
}

/// The budget years of parties of another investment are not dates of this one, even where amounts roll.
#[test]
fn the_other_investments_of_a_portfolio_do_not_change_when_amounts_roll() {
    let file = |id: &str, party: &str, year: &str| {
        format!(
            "udfald = 1\ninvestment = \"{id}\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2028-12-31\n\
             assumed = \"a test\"\n[party]\n{party} = {{ budget_year = \"{year}\" }}\nfund = {{}}\n[fund.money]\n\
             party = \"fund\"\namount = 100\nreturn_cap = {{ balance = 0.5 }}\n[term.t]\nprice = 100\n\
             due = {{ on = 2026-03-01 }}\npaid_by = \"{party}\"\n[limit.a]\npayer = \"{party}\"\nper = \"quarter\"\n\
             at_most = 20\nexcess = \"rolls\"\n"
        )
    };
    let (one, two) = (file("one", "a", "01-01"), file("two", "b", "07-01"));
    let alone = model(&one);
    let portfolio = "udfald = 1\nportfolio = \"p\"\ninclude = [\"one.toml\", \"two.toml\"]\n";
    let files = [("p.toml", portfolio), ("one.toml", &one), ("two.toml", &two)];
    let together = model_of(&files, "p.toml");
    let (alone, together) = (run_here(&alone, 1, 1), run_here(&together, 1, 1));
    let both = |results: &Results<'_>| figures(results, &["one"], &["a", "fund"]);
    assert_eq!(both(&alone), both(&together));
    // 20 on 1 March 2026, and on 1 January 2027 and 2028; the last 20 of what can pass on 31 December 2028.
    assert_eq!(total(&alone, "a", Flow::Payment).max(), 8_000);
}

#[test]
fn a_limit_by_year_holds_in_the_budget_years_of_who_books_by_payment() {
    let text = "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2028-12-31\n\
                assumed = \"a test\"\n[party]\na = { booked = \"paid\" }\n[term.t]\nprice = 100\n\
                due = { on = [2026-12-31, 2027-07-01] }\npaid = { after = \"30 days\" }\npaid_by = \"a\"\n\
                [limit.a]\npayer = \"a\"\nper = \"year\"\nat_most = { 2026 = 5, 2027 = 120 }\nexcess = \"lost\"\n";
    let model = model(text);
    let results = run_here(&model, 1, 1);
    // Both are paid in 2027, so that the limit of 2027 holds for their sum.
    assert_eq!(year(&results, "a", "2027", Flow::Payment).max(), 12_000);
}

/// Long enough that amounts go into buckets as they come, and wait in between for other threads' like.
#[test]
fn threads_change_no_count_in_buckets() {
    let model = Model::load("scenarios/norddjurs.toml").unwrap();
    let settings = settings(250_000, 9);
    let whole = model.run_watched(settings, Some(1), &Unwatched).unwrap();
    assert!(whole.tallies().iter().filter(|tally| tally.buckets_used()).count() > 10);
    for threads in [2, 3, 7] {
        let results = model.run_watched(settings, Some(threads), &Unwatched).unwrap();
        assert!(results.tallies() == whole.tallies(), "{threads} threads");
    }
}

#[test]
fn threads_and_parts_change_no_count() {
    let model = model(REFERRALS);
    let settings = settings(70_001, 9);
    let whole = model.run_watched(settings, Some(1), &Unwatched).unwrap();
    for threads in [2, 3, 7] {
        let results = model.run_watched(settings, Some(threads), &Unwatched).unwrap();
        assert!(results.tallies() == whole.tallies(), "{threads} threads");
    }
    for of in [1, 3, 64] {
        let part = |index| {
            let part =
                Part::run(&model, settings, Shard::new(index, of).unwrap(), Some(1), &Unwatched).unwrap();
            let name = format!("{index}.part");
            let read = Part::from_bytes(&name, &part.to_bytes().unwrap()).unwrap();
            (name, read)
        };
        let mut parts: Vec<_> = (1..=of).map(part).collect();
        parts.reverse();
        let mut merging = Merging::new(&model, &parts[0].0, &parts[0].1).unwrap();
        parts.into_iter().for_each(|(name, part)| merging.add(&name, part).unwrap());
        assert!(merging.finish().unwrap().tallies() == whole.tallies(), "{of} parts");
    }
}
