//! Single persons: who reaches several outcomes, limits per person and composites against exact distributions of small
//! cohorts, and the promise that asking who people are never changes how many they are.

use std::collections::BTreeMap;

use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::run::{Settings, Unwatched};

use crate::support::{Scores, counts, model, run_here, settings, share_to, total};

const SEEDS: [u64; 5] = [21, 22, 23, 24, 25];
const TRIALS: u64 = 50_000;

/// Probabilities of amounts in kroner.
type Law = BTreeMap<i64, f64>;

pub fn scenario(body: &str) -> String {
    format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2031-12-31\n\
         assumed = \"a test\"\n[party]\npayer = {{}}\n[payment]\npaid_by = \"payer\"\n{body}"
    )
}

/// The law of a sum of independent amounts.
fn plus(a: &Law, b: &Law) -> Law {
    let mut sum = Law::new();
    for (x, p) in a {
        for (y, q) in b {
            *sum.entry(x + y).or_default() += p * q;
        }
    }
    sum
}

fn times(law: &Law, n: usize) -> Law {
    (0..n).fold(Law::from([(0, 1.0)]), |sum, _| plus(&sum, law))
}

fn mean(law: &Law) -> f64 {
    law.iter().map(|(x, p)| *x as f64 * p).sum()
}

fn sd(law: &Law) -> f64 {
    let mean = mean(law);
    law.iter().map(|(x, p)| (*x as f64 - mean) * (*x as f64 - mean) * p).sum::<f64>().sqrt()
}

fn scores(text: &str, law: &Law, settings: Settings, scores: &mut Scores) {
    let model = model(text);
    let results = model.run(settings).unwrap();
    let payment = total(&results, "payer", Flow::Payment);
    scores.mean("payment", &payment, mean(law));
    scores.sd("payment", &payment, sd(law));
    let mut below = 0.0;
    for (amount, p) in law {
        below += p;
        if (0.02..0.98).contains(&below) {
            let found = share_to(&payment, amount * 100);
            scores.share(&format!("payment up to {amount}"), found, below, settings.trials);
        }
    }
}

/// The payment of a scenario has a law by both samplers, and that of its twin has not.
fn check(body: &str, twin: &str, law: &Law) {
    let mut found = Scores::default();
    for seed in SEEDS {
        scores(&scenario(body), law, settings(TRIALS, seed), &mut found);
    }
    found.check();
    found.check_over_seeds();
    let mut reference = Scores::default();
    let settings = Settings { trials: TRIALS, seed: 1, chance: Chance::Reference };
    scores(&scenario(body), law, settings, &mut reference);
    reference.check();
    let mut off = Scores::default();
    scores(&scenario(twin), law, crate::support::settings(TRIALS, 1), &mut off);
    assert!(off.largest() > 8.0, "the twin passes: {:?}", off.0);
}

/// `people` people, two outcomes at the same or at different dates, and a limit per person.
fn two_outcomes(people: u32, alike: &str, at_most: i64, dates: (&str, &str)) -> String {
    format!(
        "[cohort]\npeople = {people}\nalike = {alike}\n\
         [term.a]\nof = \"enrolled\"\nat = \"{}\"\nrate = 0.5\nprice = 300\n\
         [term.b]\nof = \"enrolled\"\nat = \"{}\"\nrate = 0.3\nprice = 500\n\
         [limit.person]\nper = \"person\"\nat_most = {at_most}\nexcess = \"lost\"\n",
        dates.0, dates.1
    )
}

/// With `alike = 0` people are independent: a count of a binomial law falls on random people.
#[test]
fn unlike_people_are_independent_under_a_limit() {
    let person = Law::from([(0, 0.35), (300, 0.35), (500, 0.15), (600, 0.15)]);
    let law = times(&person, 6);
    for dates in [("6 months", "6 months"), ("6 months", "12 months"), ("12 months", "6 months")] {
        let body = two_outcomes(6, "0", 600, dates);
        check(&body, &two_outcomes(6, "0", 580, dates), &law);
    }
    let body = |alike| two_outcomes(6, alike, 600, ("6 months", "12 months"));
    check(&body("0"), &body("0.4"), &law);
}

/// Units of each person at three dates, none, two or four of them, and a limit per person: what earlier dates paid is
/// no longer there for later ones.
fn units(people: u32, at_most: i64) -> String {
    let each = "{ choice = [{ value = 0, chance = 0.5 }, { value = 2, chance = 0.3 }, { value = 4, chance = 0.2 }] }";
    let terms = ["a", "b", "c"].into_iter().zip([3, 6, 9]);
    let outcomes = terms.clone().map(|(id, months)| {
        format!("{id} = {{ of = \"enrolled\", at = \"{months} months\", each = {each} }}\n")
    });
    let terms = terms.map(|(id, _)| format!("[term.{id}-visits]\nfor = \"{id}\"\nprice = 1_000\n"));
    format!(
        "[cohort]\npeople = {people}\nalike = 0\n[outcome]\n{}{}[limit.person]\nper = \"person\"\n\
         at_most = {at_most}\nexcess = \"lost\"\n",
        outcomes.collect::<String>(),
        terms.collect::<String>()
    )
}

#[test]
fn units_of_earlier_dates_use_up_a_limit() {
    let date = Law::from([(0, 0.5), (2_000, 0.3), (4_000, 0.2)]);
    let mut person = Law::new();
    for (amount, chance) in times(&date, 3) {
        *person.entry(amount.min(5_000)).or_default() += chance;
    }
    check(&units(4, 5_000), &units(4, 6_000), &times(&person, 4));
}

fn choose(n: u32, k: u32) -> f64 {
    (1..=k).map(|i| f64::from(n + 1 - i) / f64::from(i)).product()
}

fn binomial(n: u32, p: f64) -> Vec<f64> {
    (0..=n).map(|k| choose(n, k) * p.powi(k as i32) * (1.0 - p).powi((n - k) as i32)).collect()
}

/// With `alike = 1` the same people do well: of two counts the smaller is within the larger.
#[test]
fn the_same_people_do_well_when_they_are_alike() {
    let mut law = Law::new();
    for (a, p) in binomial(6, 0.5).into_iter().enumerate() {
        for (b, q) in binomial(6, 0.3).into_iter().enumerate() {
            let both = a.min(b);
            let amount = (a - both) * 300 + (b - both) * 500 + both * 600;
            *law.entry(amount as i64).or_default() += p * q;
        }
    }
    let body = |alike| two_outcomes(6, alike, 600, ("6 months", "12 months"));
    check(&body("1"), &body("0.95"), &law);
}

/// Two people, one success of each of two outcomes: it is the same person with chance 1/2 + asin(alike) / π, since the
/// differences of their scores have that correlation.
#[test]
fn alike_is_the_correlation_of_scores() {
    let law = |alike: f64| {
        let same = 0.5 + alike.asin() / std::f64::consts::PI;
        let half = binomial(2, 0.5);
        let mut law = Law::new();
        for (a, p) in half.iter().enumerate() {
            for (b, q) in half.iter().enumerate() {
                let shared = a.min(b) as i64;
                let sum = 100 * (a + b) as i64;
                if (a, b) == (1, 1) {
                    *law.entry(100).or_default() += p * q * same;
                    *law.entry(200).or_default() += p * q * (1.0 - same);
                } else {
                    *law.entry(sum - 100 * shared).or_default() += p * q;
                }
            }
        }
        law
    };
    let body = |alike: f64| {
        format!(
            "[cohort]\npeople = 2\nalike = {alike}\n\
             [term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 0.5\nprice = 100\n\
             [term.b]\nof = \"enrolled\"\nat = \"9 months\"\nrate = 0.5\nprice = 100\n\
             [limit.person]\nper = \"person\"\nat_most = 100\nexcess = \"lost\"\n"
        )
    };
    for alike in [0.3, 0.8] {
        check(&body(alike), &body(alike - 0.3), &law(alike));
    }
}

/// Composites of independent people: each condition holds for a person with a chance that multiplies out.
#[test]
fn composites_count_people_who_fulfil_them() {
    let body = |with: &str, of: &str| {
        format!(
            "[cohort]\npeople = 9\nintakes = {{ 2026-01-01 = \"1/3\", 2026-04-01 = \"rest\" }}\nalike = 0\n[outcome]\n\
             a = {{ of = \"enrolled\", at = \"6 months\", rate = 0.5 }}\n\
             b = {{ of = \"enrolled\", at = [\"3 months\", \"6 months\"], rate = [0.9, 0.4] }}\n\
             c = {{ of = \"a\", at = \"6 months\", rate = 0.7 }}\n\
             both = {{ of = \"{of}\", at = \"6 months\", people_with = {with} }}\n\
             [term.both]\nfor = \"both\"\nprice = 100\n"
        )
    };
    let cases = [
        ("{ all = [\"a\", \"b\"] }", "enrolled", 0.5 * 0.4),
        ("{ any = [\"a\", \"b\"] }", "enrolled", 1.0 - 0.5 * 0.6),
        ("{ all = \"a\", none = [\"c\"] }", "enrolled", 0.5 * 0.3),
        ("{ none = [\"b\"] }", "a", 0.5 * 0.6),
        ("{ at_least = 2, of = [\"a\", \"b\", \"c\"] }", "enrolled", 0.5 * (0.7 + 0.3 * 0.4)),
        ("{ any = [\"b\"], at_least = 1, of = [\"a\", \"c\"], none = [\"c\"] }", "enrolled", 0.5 * 0.4 * 0.3),
    ];
    for (with, of, p) in cases {
        let law = times(&Law::from([(0, 1.0 - p), (100, p)]), 9);
        check(&body(with, of), &body(with, of).replace("people = 9", "people = 10"), &law);
    }
}

/// What is measured of a composite's people is a binomial count of them, and a limit per person knows who they are.
#[test]
fn outcomes_can_be_of_a_composite() {
    let body = |rate: f64| {
        format!(
            "[cohort]\npeople = 5\nalike = 0\n[outcome]\n\
             a = {{ of = \"enrolled\", at = \"6 months\", rate = 0.5 }}\n\
             b = {{ of = \"enrolled\", at = \"6 months\", rate = 0.6 }}\n\
             both = {{ of = \"enrolled\", at = \"6 months\", people_with = {{ all = [\"a\", \"b\"] }} }}\n\
             after = {{ of = \"both\", at = \"12 months\", rate = {rate} }}\n\
             [term]\na = {{ for = \"a\", price = 100 }}\nafter = {{ for = \"after\", price = 100 }}\n\
             [limit.person]\nper = \"person\"\nat_most = 150\nexcess = \"lost\"\n"
        )
    };
    // Everyone of `after` is of `a`.
    let person = Law::from([(0, 0.5), (100, 0.5 * (1.0 - 0.6 * 0.8)), (150, 0.5 * 0.6 * 0.8)]);
    check(&body(0.8), &body(0.95), &times(&person, 5));
}

/// Three of six people are hard to help and climb a ladder; everyone can take a course; the price of it is indexed and
/// rounded to whole øre for each person.
#[test]
fn groups_and_ladders_have_persons() {
    let body = |rate: f64| {
        format!(
            "[index.wages]\nyears = {{ 2026 = 1.00005 }}\n\
             [cohort]\npeople = 6\nalike = 0\ngroups = {{ hard = 0.5, others = \"rest\" }}\n\
             [term.climb]\nof = \"hard\"\nat = [\"3 months\", \"6 months\"]\nrate = [0.8, {rate}]\nladder = true\n\
             price = 100\n\
             [term.course]\nof = \"enrolled\"\nat = \"9 months\"\nrate = 0.4\nprice = 80\nindex = \"wages\"\n\
             [limit.person]\nper = \"person\"\nat_most = 150\nexcess = \"lost\"\n"
        )
    };
    let course = Law::from([(0, 0.6), (80, 0.4)]);
    let climbs = Law::from([(0, 0.2), (100, 0.4), (200, 0.4)]);
    let mut hard = Law::new();
    for (amount, p) in plus(&climbs, &course) {
        *hard.entry(amount.min(150)).or_default() += p;
    }
    check(&body(0.5), &body(0.6), &plus(&times(&hard, 3), &times(&course, 3)));
}

/// Two steps unbroken within three, by every path of a person; a forgiven break does not start again. The tariff of the
/// first length is paid to everyone who is inside in any step.
#[test]
fn a_break_resets_the_clock_unless_it_is_forgiven() {
    let (start, leave, back) = (0.7, 0.2, 0.4);
    let body = |allow: &str, leave: f64| {
        format!(
            "[cohort]\npeople = 6\nalike = 0\n[outcome.housed]\nof = \"enrolled\"\nat = [\"1 month\", \"2 months\"]\n\
             stays = {{ every = \"1 month\", for = 3, start = {start}, leave = {leave}, back = {back}{allow} }}\n\
             [term.housed]\nfor = \"housed\"\nprice = [100, 1000]\n\
             [limit.person]\nper = \"person\"\nat_most = 1050\nexcess = \"lost\"\n"
        )
    };
    let law = |allow: u32| {
        let mut law = Law::new();
        for path in 0..8u32 {
            let inside = |step: u32| path >> step & 1 == 1;
            let mut p = if inside(0) { start } else { 1.0 - start };
            let (mut clock, mut longest, mut breaks) = (u32::from(inside(0)), u32::from(inside(0)), 0);
            for step in 1..3 {
                p *= match (inside(step - 1), inside(step)) {
                    (true, true) => 1.0 - leave,
                    (true, false) => leave,
                    (false, true) => back,
                    (false, false) => 1.0 - back,
                };
                if inside(step - 1) && !inside(step) {
                    breaks += 1;
                    clock = if breaks > allow { 0 } else { clock };
                }
                clock += u32::from(inside(step));
                longest = longest.max(clock);
            }
            *law.entry([0, 100, 1050, 1050][longest as usize]).or_default() += p;
        }
        times(&law, 6)
    };
    check(&body("", leave), &body(", allow = 1", leave), &law(0));
    check(&body(", allow = 1", leave), &body(", allow = 1", 0.3), &law(1));
}

/// A length falls due when it is reached, so that who breaks off early is paid for later.
#[test]
fn lengths_fall_due_when_they_are_reached() {
    let text = scenario(
        "[cohort]\npeople = 100\n[outcome.housed]\nof = \"enrolled\"\nat = \"12 months\"\n\
         stays = { every = \"1 month\", for = 24, start = 0.5, leave = 0.02, back = 0.2 }\n\
         [term.housed]\nfor = \"housed\"\nprice = 100\n",
    );
    let model = model(&text);
    let results = run_here(&model, 5_000, 1);
    let mean = |year| crate::support::year(&results, "payer", year, Flow::Payment).mean().value / 10_000.0;
    // 0.5 · 0.98¹¹ reach it at the end of the first year.
    assert!((mean("2026") - 50.0 * 0.98f64.powi(11)).abs() < 0.3, "{}", mean("2026"));
    assert!(mean("2027") > 15.0 && mean("2027") < 50.0, "{}", mean("2027"));
}

/// A contract in which persons meet most things at once: uncertain people and rates, intakes, chains, two payers,
/// limits of other kinds.
fn rich(limit: &str, alike: f64) -> String {
    format!(
        "udfald = 1\ninvestment = \"x\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2031-12-31\nassumed = \"a test\"\n\
         [party]\naa = {{}}\nbb = {{}}\n[payment]\npaid_by = {{ aa = \"2/3\", bb = \"1/3\" }}\n\
         [input]\npeople = {{ uniform = {{ low = 20, high = 90 }} }}\nrate = {{ beta = {{ a = 3, b = 2 }} }}\n\
         [cohort]\npeople = \"people\"\nintakes = {{ 2026-01-01 = 0.3, 2026-07-01 = \"rest\" }}\nalike = {alike}\n\
         [outcome]\nhoused = {{ of = \"enrolled\", at = [\"3 months\", \"12 months\"], rate = [0.8, \"rate\"] }}\n\
         work = {{ of = \"housed\", at = [\"6 months\", \"18 months\"], rate = 0.6 }}\n\
         [term]\nhoused = {{ for = \"housed\", price = [1000, 1500] }}\nwork = {{ for = \"work\", price = 2500.50 }}\n\
         course = {{ of = \"enrolled\", at = \"12 months\", rate = \"rate\", price = 700 }}\n\
         [limit]\nyear = {{ per = \"year\", at_most = 60_000, excess = \"rolls\" }}\n{limit}"
    )
}

const CAP: &str = "person = { per = \"person\", at_most = 3_000, excess = \"lost\" }\n";

/// Counts first, faces after: a limit per person changes no count, so what is earned is the same, trial by trial.
#[test]
fn a_limit_per_person_changes_no_count() {
    let (bare, capped) = (model(&rich("", 0.0)), model(&rich(CAP, 0.4)));
    let (bare, capped) = (run_here(&bare, 20_000, 7), run_here(&capped, 20_000, 7));
    for party in ["aa", "bb", "all"] {
        let earned = |results| counts(&total(results, party, Flow::Earned));
        assert_eq!(earned(&bare), earned(&capped));
        let paid = |results| total(results, party, Flow::Payment).mean().value;
        assert!(paid(&capped) < 0.95 * paid(&bare));
    }
    // A limit nobody can reach costs nothing.
    let idle = CAP.replace("3_000", "8_201");
    let idle = model(&rich(&idle, 0.4));
    assert_eq!(idle.idle_limits().len(), 1);
    assert_eq!(
        idle.plan().to_string().lines().count(),
        model(&rich("", 0.0)).plan().to_string().lines().count()
    );
}

#[test]
fn persons_are_the_same_on_any_number_of_threads() {
    let model = model(&rich(CAP, 0.4));
    let run = |threads| model.run_watched(settings(6_000, 3), Some(threads), &Unwatched).unwrap();
    let all = |threads| -> Vec<_> {
        let results = run(threads);
        results.grid().figures().map(|(_, figure)| counts(&results.summary_of(figure).unwrap())).collect()
    };
    let one = all(1);
    for threads in [2, 3, 7] {
        assert_eq!(one, all(threads));
    }
}

/// No trial pays more than the terms allow, and the terms allow no more than the limit of everyone together.
#[test]
fn a_limit_per_person_bounds_the_contract() {
    let model = model(&rich(CAP, 0.4));
    let results = run_here(&model, 20_000, 5);
    for ((cell, flow), figure) in results.grid().figures() {
        if let (Flow::Payment | Flow::Earned, Some(most)) = (flow, results.contract_max(cell, flow)) {
            assert!(results.summary_of(figure).unwrap().max() <= most);
        }
    }
    let cell = results.cell("all", "all", "total").unwrap();
    let most = results.contract_max(cell, Flow::Payment).unwrap();
    assert!(most <= 90 * 300_000, "{most}");
}

/// Trials of more people than fit one word or one part of a page are ranked alike: shares of a page add up.
#[test]
fn everyone_is_capped_when_everyone_reaches_everything() {
    let text = scenario(
        "[cohort]\npeople = 333\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nprice = 70\n\
         [term.b]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nprice = 50\n\
         [limit.person]\nper = \"person\"\nat_most = 100\nexcess = \"lost\"\n",
    );
    let model = model(&text);
    let results = run_here(&model, 600, 1);
    assert_eq!(counts(&total(&results, "payer", Flow::Payment)), [(333 * 10_000, 600)]);
    assert_eq!(counts(&total(&results, "payer", Flow::Cut)), [(333 * 2_000, 600)]);
}
