//! Tests, and the conditions of terms: what each reading waits for, with every name and measurement resolved.

use std::collections::BTreeMap;

use super::outcomes::Outcomes;
use super::readings::{self, quarter};
use super::{checked_name, known, order, tables};
use crate::contract::NANO;
use crate::scenario::choices::Pool;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Condition, Event, Outcome, Reading, Span};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// More measurements in the conditions of an investment are a mistake.
const MOST_CELLS: usize = 2_000_000;
/// Numbers of contracts lie far within this, in 10⁻⁹.
const ENDLESS: i64 = i64::MAX / 4;

/// A test as typed, with names resolved.
struct Test {
    items: Vec<Item>,
    /// How many items must hold.
    low: usize,
    high: usize,
    pool: Option<Pool>,
    what: String,
    span: Span,
}

/// What a test is made of.
enum Item {
    Compare { outcome: usize, low: i64, high: i64, span: Span },
    Test(usize),
    Event(Name),
}

/// All tests of an investment.
pub(super) struct Tests<'a> {
    names: Vec<&'a str>,
    /// `None` after an error.
    list: Vec<Option<Test>>,
    events: &'a BTreeMap<Name, Event>,
    outcomes: &'a Outcomes,
    cells: usize,
    used: Vec<bool>,
}

/// The reading for which a condition is resolved.
#[derive(Clone, Copy)]
struct Asking<'a> {
    term: &'a Fields<'a>,
    reading: &'a Reading,
    /// What the term pools; nothing for a fixed amount.
    pool: Option<Pool>,
    /// The intake, when the reading has only one.
    intake: Option<usize>,
}

impl<'a> Tests<'a> {
    /// Reads all tests.
    pub(super) fn declare(
        top: &Fields<'a>,
        outcomes: &'a Outcomes,
        events: &'a BTreeMap<Name, Event>,
        findings: &mut Findings,
    ) -> Self {
        let raw = tables(top, "test", &words::TEST, findings);
        let names: Vec<&str> = raw.iter().map(|(name, _)| *name).collect();
        let mut tests = Self { names, list: Vec::new(), events, outcomes, cells: 0, used: Vec::new() };
        for (name, fields) in &raw {
            let test = tests.test(fields, findings);
            let free = tests.refuse_outcome(name, fields, findings);
            tests.list.push(checked_name(fields, name, findings).and(free).and(test));
        }
        tests.used = vec![false; raw.len()];
        tests.refuse_circles(&raw, findings);
        tests
    }

    fn refuse_outcome(&self, name: &str, fields: &Fields<'_>, findings: &mut Findings) -> Option<()> {
        if self.outcomes.done.iter().any(|outcome| outcome.name.as_str() == name) {
            let title = "has the name of an outcome";
            fields.error(findings, title, "rename the test: both may stand in the same places");
            return None;
        }
        Some(())
    }

    fn test(&self, fields: &Fields<'a>, findings: &mut Findings) -> Option<Test> {
        let Some((word, field)) = fields.one_of(&["all", "any", "none", "of"], findings) else {
            let help = "write `all = [{ outcome = \"its_name\", at_least = 0.8 }]`, `any`, `none`, or `at_least = 2` with `of`";
            fields.lacks(findings, "tests nothing", help);
            return None;
        };
        let items: Vec<_> = field.one_or_more().iter().map(|item| self.item(item, findings)).collect();
        let count = items.len();
        if count == 0 {
            field.error(findings, "is an empty list", "name a test, an event or a comparison");
            return None;
        }
        let at_least = fields.get("at_least");
        let (low, high) = match (word, at_least) {
            ("of", Some(least)) => (least.count(count as u32, findings)? as usize, count),
            ("of", None) => {
                fields.need("at_least", "at_least = 2", findings)?;
                return None;
            }
            (_, Some(least)) => {
                let title = format!("stands beside `{word}`");
                least.error(findings, title, "`at_least = 2` goes with `of = [...]`");
                return None;
            }
            ("all", None) => (count, count),
            ("any", None) => (1, count),
            _ => (0, 0),
        };
        let pool = fields.optional("measured", findings, readings::pool).ok()?;
        let items = items.into_iter().collect::<Option<_>>()?;
        Some(Test { items, low, high, pool, what: fields.what.clone(), span: fields.span.clone() })
    }

    fn item(&self, field: &Field<'_>, findings: &mut Findings) -> Option<Item> {
        if let Value::Text(_) = field.item.value {
            return self.named(field, findings);
        }
        let example = "{ outcome = \"its_name\", at_least = 0.8 }";
        let fields = field.fields(&words::COMPARE, example, findings)?;
        let outcome = fields.need("outcome", example, findings)?;
        let low = fields.one_of(&["at_least", "above"], findings);
        let high = fields.one_of(&["at_most", "below"], findings);
        if low.is_none() && high.is_none() {
            let help = format!("write for example `{example}`; or `above`, `at_most`, `below`");
            fields.lacks(findings, "compares with nothing", help);
            return None;
        }
        let edge = |side: Option<(&str, Field<'_>)>,
                    step: (&str, i64),
                    open: i64,
                    findings: &mut Findings| match side {
            None => Some(open),
            Some((word, field)) => {
                number(&field, findings).map(|n| n + if word == step.0 { step.1 } else { 0 })
            }
        };
        let low = edge(low, ("above", 1), -ENDLESS, findings);
        let high = edge(high, ("below", -1), ENDLESS, findings);
        let (low, high) = (low?, high?);
        if low > high {
            field.error(findings, "can never hold", "the lower bound lies above the upper one");
            return None;
        }
        Some(Item::Compare { outcome: self.outcome(&outcome, findings)?, low, high, span: field.span() })
    }

    fn outcome(&self, field: &Field<'_>, findings: &mut Findings) -> Option<usize> {
        let name = field.text(findings)?;
        if self.outcomes.failed.iter().any(|failed| failed == name) {
            return None;
        }
        let all = self.outcomes.done.iter().enumerate().map(|(index, o)| (o.name.as_str(), index));
        known((&field.what, field.span()), name, "outcome", all, findings)
    }

    /// A test or an event.
    fn named(&self, field: &Field<'_>, findings: &mut Findings) -> Option<Item> {
        let name = field.text(findings)?;
        if let Some(index) = self.names.iter().position(|known| *known == name) {
            return Some(Item::Test(index));
        }
        let events = self.events.keys().map(|event| (event.as_str(), Some(event)));
        let all = self.names.iter().map(|name| (*name, None)).chain(events);
        known((&field.what, field.span()), name, "test or event", all, findings)?.cloned().map(Item::Event)
    }

    fn refuse_circles(&mut self, raw: &[(&str, Fields<'_>)], findings: &mut Findings) {
        let needs = |test: &Option<Test>| -> Vec<usize> {
            let items = test.iter().flat_map(|test| &test.items);
            items.filter_map(|item| if let Item::Test(index) = item { Some(*index) } else { None }).collect()
        };
        let depends: Vec<_> = self.list.iter().map(needs).collect();
        if let Err(circle) = order::sorted(&depends) {
            let chain = order::chain(&circle, |index| self.names[index]);
            let fields = &raw[circle[0]].1;
            fields.error(
                findings,
                format_args!("names itself: {chain}"),
                "a test names tests that stand by themselves",
            );
            self.list.iter_mut().for_each(|test| *test = None);
        }
    }

    /// Sets what each reading of a term waits for.
    pub(super) fn set(
        &mut self,
        term: &Fields<'_>,
        outcome: Option<&Outcome>,
        pool: Option<Pool>,
        readings: &mut [Reading],
        findings: &mut Findings,
    ) -> Option<()> {
        let Some(field) = term.get("when") else { return Some(()) };
        let items: Vec<_> = field.one_or_more().iter().map(|item| self.named(item, findings)).collect();
        let items: Vec<Item> = items.into_iter().collect::<Option<_>>()?;
        for reading in readings {
            let intake = outcome.and_then(|outcome| single_intake(outcome, &reading.cells));
            let asking = Asking { term, reading, pool, intake };
            let of: Option<Vec<_>> = items.iter().map(|item| self.resolve(item, asking, findings)).collect();
            reading.when = Some(counted(of?, items.len(), items.len()));
        }
        Some(())
    }

    fn resolve(&mut self, item: &Item, asking: Asking<'_>, findings: &mut Findings) -> Option<Condition> {
        match item {
            Item::Event(name) if self.events[name].course.on() > asking.reading.measured => {
                Some(Condition::Never)
            }
            Item::Event(name) => Some(Condition::Happens(name.clone())),
            Item::Test(index) => {
                self.used[*index] = true;
                // Taken out and put back: its items are read while what they name is noted as used.
                let test = self.list[*index].take()?;
                let pool = test.pool.or(asking.pool);
                let asking = Asking { pool, ..asking };
                let of = test.items.iter().map(|item| self.resolve(item, asking, findings));
                let of: Vec<_> = of.collect();
                let (low, high) = (test.low, test.high);
                self.list[*index] = Some(test);
                Some(counted(of.into_iter().collect::<Option<_>>()?, low, high))
            }
            Item::Compare { outcome, low, high, span } => {
                let measured = &self.outcomes.done[*outcome];
                match cells(measured, asking) {
                    Ok(cells) => {
                        self.cells += cells.len();
                        let fits = self.cells <= MOST_CELLS;
                        if !fits {
                            let title = "tests look at more than 2 000 000 measurements";
                            let help = "measure less often, or test \"at the end\"";
                            asking.term.error(findings, title, help);
                        }
                        fits.then_some(Condition::Within { outcome: *outcome, cells, low: *low, high: *high })
                    }
                    Err(why) => {
                        let title =
                            format!("{} asks for `{}`, {}", asking.term.what, measured.name, why.title);
                        findings
                            .push(Diagnostic::error(span.clone(), title).label("this test").help(why.help));
                        None
                    }
                }
            }
        }
    }

    /// Tests that no term asks for.
    pub(super) fn warn_idle(&self, findings: &mut Findings) {
        for (test, _) in self.list.iter().zip(&self.used).filter(|(_, used)| !**used) {
            if let Some(test) = test {
                let title = format!("{} is used nowhere", test.what);
                findings.push(Diagnostic::warning(test.span.clone(), title).label("has no effect"));
            }
        }
    }
}

/// All of one is that one.
fn counted(mut of: Vec<Condition>, low: usize, high: usize) -> Condition {
    match of.pop() {
        Some(one) if of.is_empty() && low == 1 => one,
        last => {
            of.extend(last);
            Condition::Count { of, low, high }
        }
    }
}

fn single_intake(outcome: &Outcome, cells: &[usize]) -> Option<usize> {
    let first = outcome.cells[*cells.first()?].intake;
    cells.iter().all(|cell| outcome.cells[*cell].intake == first).then_some(first)
}

/// A number in 10⁻⁹.
fn number(field: &Field<'_>, findings: &mut Findings) -> Option<i64> {
    let number = field.decimal(findings)?;
    let nano = number.scaled(9).filter(|nano| nano.abs() <= NANO * 1_000_000_000);
    if nano.is_none() {
        let help = "a number to compare with has at most nine decimals and nine digits before them";
        field.error(findings, format_args!("cannot be compared with: {number}"), help);
    }
    nano
}

/// Why a test cannot be read for a reading.
struct Unread {
    title: String,
    help: &'static str,
}

/// The cells of an outcome that a test looks at: all measured by the date of the reading that asks.
fn cells(outcome: &Outcome, asking: Asking<'_>) -> Result<Vec<usize>, Unread> {
    let date = asking.reading.measured;
    let all = || 0..outcome.cells.len();
    let ahead = |found: Vec<usize>| {
        let last = found.iter().map(|cell| outcome.cells[*cell].measured).max();
        match last {
            Some(last) if last > date => Err(Unread {
                title: format!("which is measured on {last}, after its reading of {date}"),
                help: "a test looks at what is measured by then: `measured = \"to date\"` in the test, or a later term",
            }),
            Some(_) => Ok(found),
            None => Err(Unread {
                title: format!("of which nothing is measured for its reading of {date}"),
                help: "say in the test what it looks at: `measured = \"to date\"`, for example",
            }),
        }
    };
    let of_intake = || {
        let single = outcome.cells.iter().all(|cell| cell.intake == outcome.cells[0].intake);
        let intake = asking.intake.or(single.then(|| outcome.cells[0].intake));
        let cells =
            intake.map(|intake| all().filter(|c| outcome.cells[*c].intake == intake).collect::<Vec<_>>());
        cells.ok_or_else(|| Unread {
            title: "intake by intake, and pools several intakes itself".to_owned(),
            help: "say in the test what it looks at: `measured = \"to date\"` or \"at the end\"",
        })
    };
    match asking.pool {
        None if outcome.cells.len() == 1 => ahead(vec![0]),
        None => Err(Unread {
            title: "which is measured several times, and pays a fixed amount that has no reading".to_owned(),
            help: "say in the test what it looks at: `measured = \"to date\"` or \"at the end\"",
        }),
        Some(Pool::EachTime) => {
            let cells = of_intake()?;
            let by_then = cells.iter().copied().filter(|cell| outcome.cells[*cell].measured <= date);
            match by_then.max_by_key(|cell| outcome.cells[*cell].measured) {
                Some(last) => Ok(vec![last]),
                None => ahead(cells.into_iter().take(1).collect()),
            }
        }
        Some(Pool::EachIntake) => ahead(of_intake()?),
        Some(Pool::EachQuarter) => {
            ahead(all().filter(|c| quarter(outcome.cells[*c].measured) == quarter(date)).collect())
        }
        Some(Pool::EachYear) => {
            ahead(all().filter(|c| outcome.cells[*c].measured.year() == date.year()).collect())
        }
        Some(Pool::ToDate) => {
            let by_then: Vec<_> = all().filter(|c| outcome.cells[*c].measured <= date).collect();
            if by_then.is_empty() { ahead(all().collect()) } else { Ok(by_then) }
        }
        Some(Pool::AtTheEnd) => ahead(all().collect()),
    }
}
