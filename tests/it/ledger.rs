//! Ledgers against the engine's own figures: every amount of every trial, rebuilt from the lines that a reader sees.

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;
use udfald::engine::explain::{Ledger, Ledgers, Reading};
use udfald::engine::grid::{Cell, Flow, Pick};
use udfald::engine::ledger::{Line, Measure, Step};
use udfald::engine::model::{CASE, Model};
use udfald::engine::results::Results;

use crate::accounts;
use crate::support::{counts, model, run, settings};

type Counts = BTreeMap<i64, u64>;
/// Investment, date and party.
type Payer = (Option<usize>, Option<Date>, Option<usize>);

fn shipped(file: &str) -> Model {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios").join(file);
    Model::load(path).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads the ledgers of the first `trials` trials.
pub fn read(ledgers: &Ledgers, trials: u64, mut visit: impl FnMut(&Ledger<'_>)) {
    let mut page = ledgers.page_of(0).unwrap();
    for trial in 0..trials {
        if page.ledger(trial).is_none() {
            page = ledgers.page_of(trial).unwrap();
        }
        visit(&page.ledger(trial).unwrap());
    }
}

/// The cells to which a line of money adds up: its own, and all totals.
fn cells(line: &Line, years: &[i16]) -> Vec<Cell> {
    let (Some(investment), Some(party), Some(year)) = (line.investment(), line.party(), line.year()) else {
        return Vec::new();
    };
    let Ok(year) = years.binary_search(&year) else { return Vec::new() };
    let mut found = Vec::new();
    for investment in [Pick::One(investment), Pick::All] {
        for party in [Pick::One(party), Pick::All] {
            found.extend([Pick::One(year), Pick::All].map(|year| Cell { investment, party, year }));
        }
    }
    found
}

/// What the ledgers of a run say of a figure: how often each amount occurs.
fn tally(amounts: impl IntoIterator<Item = i64>) -> Vec<(i64, u64)> {
    let mut counts = Counts::new();
    amounts.into_iter().for_each(|amount| *counts.entry(amount).or_default() += 1);
    counts.into_iter().collect()
}

/// Compares every cell of every flow with what the lines of the ledgers add up to. How many cells there are.
pub fn same_figures(ledgers: &Ledgers, results: &Results<'_>, trials: u64) -> usize {
    let years = ledgers.grid().years().to_vec();
    let figures: BTreeMap<(Cell, Flow), usize> =
        results.grid().figures().enumerate().map(|(index, (at, _))| (at, index)).collect();
    let mut targets: Option<Vec<Vec<usize>>> = None;
    let mut amounts = vec![Vec::with_capacity(trials as usize); figures.len()];
    read(ledgers, trials, |ledger| {
        let targets = targets.get_or_insert_with(|| {
            let of = |line: &Line| match line.step() {
                Step::Flow(flow) => cells(line, &years).iter().map(|cell| figures[&(*cell, flow)]).collect(),
                _ => Vec::new(),
            };
            ledger.lines().iter().map(of).collect()
        });
        let mut sums = vec![0; figures.len()];
        for (line, targets) in ledger.lines().iter().zip(targets) {
            let amount = if targets.is_empty() { 0 } else { ledger.money(line, Measure::Amount) };
            targets.iter().for_each(|figure| sums[*figure] += amount);
        }
        sums.into_iter().zip(&mut amounts).for_each(|(sum, amounts)| amounts.push(sum));
    });
    for ((cell, flow), index) in &figures {
        let found = tally(amounts[*index].iter().copied());
        let expected = counts(&results.summary(*cell, *flow).unwrap());
        assert_eq!(found, expected, "{} {cell:?}", flow.name());
    }
    figures.len()
}

/// Compares what each limit did not let through in each year and in total, and how often it was full in the end.
fn same_limits(ledgers: &Ledgers, results: &Results<'_>, trials: u64) {
    for limit in results.grid().limits() {
        let here = |line: &Line| line.investment() == Some(limit.investment()) && line.item() == limit.id();
        let mut excess: BTreeMap<Option<i16>, Vec<i64>> = BTreeMap::new();
        let mut full = 0;
        let years: Vec<_> = ledgers.grid().years().iter().copied().map(Some).chain([None]).collect();
        read(ledgers, trials, |ledger| {
            let lines: Vec<_> = ledger.lines().iter().filter(|line| here(line)).collect();
            let cap = limit.id() == "return-cap";
            for year in &years {
                let of = |line: &&&Line| year.is_none_or(|year| line.year() == Some(year));
                let sum: i64 = if cap {
                    let cut = lines.iter().filter(|line| line.step() == Step::Flow(Flow::Cut)).filter(of);
                    cut.map(|line| ledger.money(line, Measure::Amount)).sum()
                } else {
                    let all =
                        lines.iter().filter(|l| l.step() == Step::Limit && l.party().is_none()).filter(of);
                    all.map(|line| ledger.money(line, Measure::Excess)).sum()
                };
                excess.entry(*year).or_default().push(sum);
            }
            let last = |step| lines.iter().rfind(|line| line.step() == step && line.party().is_none());
            let left = |line: &&Line| ledger.figure(line, Measure::Left) == Some(Reading::Money(0));
            full += u64::from(if cap {
                lines.iter().filter(|line| line.step() == Step::Promise).any(left)
            } else {
                last(Step::Limit).is_some_and(left)
            });
        });
        for (year, amounts) in excess {
            let Some(figures) = limit.year(year) else { continue };
            let expected = counts(&results.summary_of(figures.excess()).unwrap());
            assert_eq!(tally(amounts), expected, "{} {year:?}", limit.id());
        }
        let total = limit.year(None).unwrap();
        let expected = results.summary_of(total.full()).unwrap().mean().value * trials as f64;
        assert!((full as f64 - expected).abs() < 1e-6, "{}: {full} {expected}", limit.id());
    }
}

#[test]
fn ten_thousand_ledgers_of_the_portfolio_give_the_figures_of_the_run() {
    let model = shipped("norddjurs.toml");
    let results = run(&model, 10_000, 1);
    let ledgers = Ledgers::new(&model, settings(10_000, 1)).unwrap();
    let cells = same_figures(&ledgers, &results, 10_000);
    assert!(cells > 100, "only {cells} cells");
    same_limits(&ledgers, &results, 10_000);
}

#[test]
fn ledgers_of_another_seed_are_other_ledgers() {
    let model = shipped("youth.toml");
    let totals = |seed| {
        let ledgers = Ledgers::new(&model, settings(512, seed)).unwrap();
        let mut found = Vec::new();
        let all = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };
        read(&ledgers, 512, |ledger| found.push(ledger.account(all, Flow::Payment)));
        found
    };
    assert_eq!(totals(1), totals(1));
    assert_ne!(totals(1), totals(2));
}

/// On every date the rows of a payer add up to what it pays: nothing that moves money is left out of a ledger.
pub fn closes_by_date(ledger: &Ledger<'_>) {
    let mut open: BTreeMap<Payer, i64> = BTreeMap::new();
    for line in ledger.lines() {
        let sign = match line.step() {
            Step::Flow(Flow::Earned | Flow::MovedIn | Flow::ToppedUp) => 1,
            Step::Flow(Flow::Cut | Flow::MovedOut | Flow::Payment) => -1,
            _ => continue,
        };
        let at = (line.investment(), line.date(), line.party());
        *open.entry(at).or_default() += sign * ledger.money(line, Measure::Amount);
    }
    for (at, left) in open {
        assert_eq!(left, 0, "trial {}, {at:?}", ledger.trial());
    }
}

/// What is earned on a date is what its terms are worth there; what limits are shown is what they let through or not.
pub fn closes_by_line(ledger: &Ledger<'_>) {
    let mut open: BTreeMap<(Option<usize>, Option<Date>, &str), i64> = BTreeMap::new();
    for line in ledger.lines() {
        let (sign, amount) = match line.step() {
            Step::Amount => (1, ledger.money(line, Measure::Amount)),
            Step::Flow(Flow::Earned) => (-1, ledger.money(line, Measure::Amount)),
            Step::Limit => {
                let [presented, passed, excess] = [Measure::Presented, Measure::Passed, Measure::Excess]
                    .map(|measure| ledger.money(line, measure));
                assert_eq!(presented, passed + excess, "{line:?}");
                // What passes may be below zero where a term is two-sided; what does not pass never is.
                assert!(excess >= 0, "{line:?}");
                continue;
            }
            _ => continue,
        };
        *open.entry((line.investment(), line.date(), line.item())).or_default() += sign * amount;
    }
    assert!(open.values().all(|left| *left == 0), "trial {}: {open:?}", ledger.trial());
}

#[test]
fn every_date_of_every_ledger_closes() {
    for file in ["norddjurs.toml", "gallery/g1-quarterly-cap.toml"] {
        let ledgers = Ledgers::new(&shipped(file), settings(1024, 3)).unwrap();
        read(&ledgers, 1024, |ledger| {
            closes_by_date(ledger);
            closes_by_line(ledger);
        });
    }
}

/// Limits that roll, fall on another payer, count by quarter, intake or year; payers that book when they pay.
#[test]
fn ledgers_of_generated_contracts_close_and_give_their_figures() {
    for (number, text) in accounts::generated(2027, 40).into_iter().enumerate() {
        let model = model(&text);
        let results = run(&model, 256, number as u64);
        let ledgers = Ledgers::new(&model, settings(256, number as u64)).unwrap();
        same_figures(&ledgers, &results, 256);
        read(&ledgers, 256, |ledger| {
            closes_by_date(ledger);
            closes_by_line(ledger);
        });
    }
}

/// Groups, conditions, limits per person, what falls on another payer and rolls.
#[test]
fn the_ledgers_of_a_contract_with_everything_close_and_give_its_figures() {
    let model = model(&std::fs::read_to_string("tests/fixtures/everything.toml").unwrap());
    let results = run(&model, 1024, 1);
    let ledgers = Ledgers::new(&model, settings(1024, 1)).unwrap();
    same_figures(&ledgers, &results, 1024);
    read(&ledgers, 1024, |ledger| {
        closes_by_date(ledger);
        closes_by_line(ledger);
    });
}

/// The plan of both contracts as worked out by hand in docs/plan-case.md: people, amounts and the fund's balance.
#[test]
fn the_ledger_of_the_plan_is_the_page_worked_out_by_hand() {
    let model = shipped("social-referrals.toml");
    let name = model.cases().into_iter().find(|case| case.as_str() == "plan").unwrap();
    let ledgers = Ledgers::new(&model.case(&name).unwrap(), CASE).unwrap();
    let page = ledgers.page_of(0).unwrap();
    let ledger = page.ledger(0).unwrap();
    let people = |item: &str| -> Vec<Reading> {
        let lines = ledger.lines().iter().filter(|line| line.item() == item);
        lines.filter_map(|line| ledger.figure(line, Measure::Measured)).collect()
    };
    assert_eq!(people("enrolled"), [Reading::People(135), Reading::People(165)]);
    assert_eq!(people("answered"), [Reading::People(101), Reading::People(124)]);
    assert_eq!(people("better_wellbeing"), [Reading::People(51), Reading::People(62)]);
    assert_eq!(people("fewer_contacts"), [Reading::Level(Some(130_000_000)); 2]);
    let promises: Vec<_> = ledger.lines().iter().filter(|line| line.step() == Step::Promise).collect();
    let due: Vec<_> = promises.iter().map(|line| ledger.money(line, Measure::Due)).collect();
    let left: Vec<_> = promises.iter().map(|line| ledger.money(line, Measure::Left)).collect();
    assert_eq!((due.as_slice(), left.as_slice()), (&[612_144_000, 331_067_520][..], &[306_544_000, 0][..]));
}

/// What was counted is paid for as it stands, whatever it is of; what is not set follows from it at its expectation.
#[test]
fn a_course_of_what_was_counted_is_paid_as_it_stands() {
    let text = std::fs::read_to_string("tests/fixtures/small.toml").unwrap();
    let counted = "[case.counted]\nenrolled = [40, 58]\njob = { 2026-07-01 = 41 }\nrate = 0.5\n";
    let model = model(&text.replace("[case.plan]", &format!("{counted}[case.plan]")));
    let name = model.cases().into_iter().find(|case| case.as_str() == "counted").unwrap();
    let case = model.case(&name).unwrap();
    let ledgers = Ledgers::new(&case, CASE).unwrap();
    let page = ledgers.page_of(0).unwrap();
    let ledger = page.ledger(0).unwrap();
    let measured = |step: Step| -> Vec<Reading> {
        let lines = ledger.lines().iter().filter(|line| line.step() == step);
        lines.filter_map(|line| ledger.figure(line, Measure::Measured)).collect()
    };
    assert_eq!(measured(Step::People), [40, 58].map(Reading::People));
    assert_eq!(measured(Step::Outcome), [41, 29].map(Reading::People));
    // 21,000 a person: 41 and 29 people, 70 % and 30 %; the town stops at 700,000 and the region at 320,000, and the fund
    // at its balance.
    let results = case.run(CASE).unwrap();
    let earned =
        |year: &str| results.summary(results.cell("small", "all", year).unwrap(), Flow::Earned).unwrap();
    assert_eq!((earned("2028").max(), earned("2029").max()), (41 * 2_100_000, 29 * 2_100_000));
    closes_by_date(&ledger);
    closes_by_line(&ledger);
}
