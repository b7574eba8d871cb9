//! One investment: its period and currency, and all tables in the order in which they depend on each other.

use std::cell::RefCell;
use std::collections::BTreeMap;

use jiff::civil::Date;

use super::conditions::Tests;
use super::inputs::{self, Inputs};
use super::measured::People;
use super::terms::{self, terms};
use super::{
    budgets, cases, cohort, correlations, events, funds, ids, indexes, limits, outcomes, parties, payment,
    persons, tables,
};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{
    Cohort, Currency, Event, Factor, Investment, Number, OutcomeKind, Party, Per, Price, Span, Term,
};
use crate::scenario::name::{Id, Name};
use crate::scenario::raw::{Table, Value};
use crate::scenario::read::Fields;
use crate::scenario::words;

/// First and last day of a contract.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    pub(super) starts: Date,
    pub(super) ends: Date,
}

impl Period {
    pub(super) fn holds(self, date: Date) -> bool {
        (self.starts..=self.ends).contains(&date)
    }

    pub(super) fn help(self) -> String {
        format!(
            "the contract runs from {} to {}; change the date, or `starts` and `ends`",
            self.starts, self.ends
        )
    }
}

/// An investment with what its file says about the scenario as a whole.
pub(super) struct Checked {
    pub(super) investment: Investment,
    pub(super) head: Head,
    pub(super) parties: BTreeMap<Id, Party>,
    pub(super) factors: BTreeMap<Name, Factor>,
    pub(super) events: BTreeMap<Name, Event>,
}

/// What every file says at its top.
pub(super) struct Head {
    pub(super) currency: Option<(Currency, Span)>,
    pub(super) as_of: Option<Date>,
    pub(super) budget_years: Vec<i16>,
    pub(super) documents: BTreeMap<String, String>,
}

/// Checks the tree of an investment file. `None` after an error.
pub(super) fn investment(tree: &Table, span: Span, findings: &mut Findings) -> Option<Checked> {
    let top = Fields::open(tree, "the file", span, &words::TOP, findings);
    let head = head(&top, findings);
    let id = top
        .need("investment", "investment = \"social-referrals\"", findings)
        .and_then(|field| field.id(findings));
    let title = top.get("name").and_then(|field| field.text(findings));
    let known_as = ids::ids(tree, findings);
    let parties = parties::parties(&top, findings);
    let period = period(&top, findings);
    let factors = events::factors(&top, findings);
    let events = events::events(&top, &factors, period.map(|period| period.ends), findings);
    refuse_shared_names(&top, findings);
    let budgets = budgets::budgets(&top, &parties, findings);
    let mut inputs = Inputs::declare(&top, findings)?;
    let period = period?;
    let funds = funds::funds(&top, &parties, period, findings);
    let raw_terms = tables(&top, "term", &words::TERM, findings);
    if raw_terms.is_empty() {
        top.error(
            findings,
            "has no term: nobody pays for anything",
            "write `[term.some-id]` with `for`, `price` and `paid_by`",
        );
    }
    let cohort = cohort::cohort(&top, &mut inputs, period, findings)?;
    let outcomes = outcomes::outcomes(&top, &raw_terms, &cohort, &mut inputs, period, findings);
    let defaults = payment::defaults(&top, findings);
    if let Some(defaults) = &defaults {
        payment::check(defaults, &parties, findings);
    }
    let indexes = indexes::indexes(&top, findings);
    let around = terms::Around {
        outcomes: &outcomes,
        parties: &parties,
        funds: funds.as_deref(),
        indexes: &indexes,
        tests: RefCell::new(Tests::declare(&top, &outcomes, &events, findings)),
        defaults: defaults.as_ref(),
        period,
    };
    let terms = terms(&raw_terms, &around, &mut inputs, findings);
    if terms.is_some() {
        around.tests.borrow().warn_idle(findings);
    }
    let ids: Vec<&str> = raw_terms.iter().map(|(id, _)| *id).collect();
    let around =
        limits::Around { terms: &ids, parties: &parties, funds: funds.as_deref(), indexes: &indexes, period };
    let limits = limits::limits(&top, &around, findings);
    let around = inputs::Around { factors: &factors, events: &events, intakes: &cohort.intakes };
    let complete = outcomes.failed.is_empty() && terms.is_some();
    let inputs = inputs.finish(&around, complete, findings);
    let correlations = inputs.as_ref().map(|inputs| correlations::correlations(&top, inputs, findings));
    let people = People { cohort: &cohort, outcomes: &outcomes.done };
    let cases = inputs.as_ref().map(|inputs| {
        let around = cases::Around { inputs, events: &events, people, failed: &outcomes.failed };
        cases::cases(&top, &around, findings)
    });
    let (outcomes, terms, limits, inputs) = (outcomes.done, terms?, limits?, inputs?);
    let single = limits.iter().any(|limit| limit.per == Per::Person)
        || outcomes.iter().any(|outcome| outcome.kind.asks_for_persons());
    let stops = events::stops(&top, &events, single, findings);
    let limits = limits::in_order(limits, defaults.as_ref(), &terms, &outcomes, findings)?;
    let alike = matches!(top.table.item("cohort").map(|item| &item.value), Some(Value::Table(table)) if table.get("alike").is_some());
    persons::warn_alike(&cohort, alike, &limits, &outcomes, findings);
    check_levels(&terms, &outcomes, &inputs, findings);
    warn_no_people(&top, &cohort, &outcomes, findings);
    let (id, cases, correlations) = (id?, cases?, correlations?);
    let title = title.unwrap_or(id.as_str()).to_owned();
    let (starts, ends, span) = (period.starts, period.ends, top.span.clone());
    let investment = Investment {
        id,
        title,
        starts,
        ends,
        inputs,
        correlations,
        stops,
        cohort,
        outcomes,
        terms,
        limits,
        funds: funds?,
        cases,
        budgets,
        ids: known_as,
        span,
    };
    Some(Checked { investment, head, parties, factors, events })
}

/// What any file says at its top.
pub(super) fn head(top: &Fields<'_>, findings: &mut Findings) -> Head {
    if let Some(version) = top.need("udfald", "udfald = 1", findings)
        && version.decimal(findings).is_some_and(|number| number.scaled(0) != Some(1))
    {
        version.error(findings, "is a language this program does not read", "write `udfald = 1`");
    }
    let years = top.get("budget_years").map(|field| field.one_or_more()).unwrap_or_default();
    let mut budget_years: Vec<i16> = years.iter().filter_map(|year| year.year(findings)).collect();
    budget_years.sort_unstable();
    budget_years.dedup();
    Head {
        currency: currency(top, findings),
        as_of: top.get("as_of").and_then(|field| field.date(findings)),
        budget_years,
        documents: documents(top, findings),
    }
}

fn currency(top: &Fields<'_>, findings: &mut Findings) -> Option<(Currency, Span)> {
    let price_level = top.get("price_level").and_then(|field| field.year(findings));
    let field = top.get("currency")?;
    let code = field.text(findings)?;
    if code.len() != 3 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        field.error(
            findings,
            format_args!("is no currency: `{code}`"),
            "write three capital letters, `\"DKK\"`",
        );
        return None;
    }
    Some((Currency { code: code.to_owned(), price_level }, field.span()))
}

fn documents(top: &Fields<'_>, findings: &mut Findings) -> BTreeMap<String, String> {
    let Some(field) = top.get("documents") else { return BTreeMap::new() };
    let entries = field.entries("s2 = \"title, date, page\"", findings).unwrap_or_default();
    entries
        .into_iter()
        .filter_map(|(_, id, text)| Some((id.to_owned(), text.text(findings)?.to_owned())))
        .collect()
}

fn period(top: &Fields<'_>, findings: &mut Findings) -> Option<Period> {
    if top.get("currency").is_none() {
        top.need("currency", "currency = \"DKK\"", findings);
    }
    let starts = top.need("starts", "starts = 2026-01-01", findings).and_then(|field| field.date(findings));
    let ends = top.need("ends", "ends = 2029-12-31", findings)?;
    let (starts, last) = (starts?, ends.date(findings)?);
    if last < starts {
        ends.error(
            findings,
            format_args!("is {last}, before it starts on {starts}"),
            "the contract ends on the last day anything falls due",
        );
        return None;
    }
    Some(Period { starts, ends: last })
}

/// Inputs, events, factors, tests and groups share one namespace; outcomes are compared with inputs where they are made.
fn refuse_shared_names(top: &Fields<'_>, findings: &mut Findings) {
    let names = |kind: &str| -> Vec<(String, Span)> {
        match top.table.item(kind).map(|item| &item.value) {
            Some(Value::Table(table)) => {
                table.iter().map(|(name, entry)| (name.to_owned(), entry.key.clone())).collect()
            }
            _ => Vec::new(),
        }
    };
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for kind in ["input", "event", "factor", "test", "group"] {
        let found = if kind == "group" { group_names(top) } else { names(kind) };
        for (name, span) in found {
            if let Some(first) = seen.insert(name.clone(), kind) {
                let title = format!("`{name}` is both an {first} and a {kind}")
                    .replace("an factor", "a factor")
                    .replace("a event", "an event");
                findings.push(
                    Diagnostic::error(span, title)
                        .label("the second")
                        .help("rename one: they may stand in the same places"),
                );
            }
        }
    }
}

fn group_names(top: &Fields<'_>) -> Vec<(String, Span)> {
    let Some(Value::Table(cohort)) = top.table.item("cohort").map(|item| &item.value) else {
        return Vec::new();
    };
    match cohort.item("groups").map(|item| &item.value) {
        Some(Value::Table(groups)) => {
            groups.iter().map(|(name, entry)| (name.to_owned(), entry.key.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// An amount is never negative, so a level that can be is priced by rows, which pay nothing below their first edge.
fn check_levels(
    terms: &[Term],
    outcomes: &[crate::scenario::model::Outcome],
    all: &[crate::scenario::model::Input],
    findings: &mut Findings,
) {
    let mut ranges = Vec::with_capacity(all.len());
    for input in all {
        ranges.push(inputs::range_of(&input.kind, &ranges));
    }
    for term in terms {
        let Some(outcome) = term.outcome.map(|index| &outcomes[index]) else { continue };
        let OutcomeKind::Level { levels, noise } = &outcome.kind else { continue };
        let lowest = |number: &Number| match number {
            Number::Fixed(value) => *value,
            Number::Input(index) => ranges[*index].0,
        };
        let negative = noise.is_some() || levels.iter().any(|level| lowest(level) < 0.0);
        if negative && !term.two_sided && matches!(term.price, Price::PerUnit(_)) {
            let title =
                format!("term `{}` pays per unit of `{}`, which can be below zero", term.id, outcome.name);
            let help = "write rows, which pay nothing below their first edge: `price = [{ from = 0, each = 5_000 }]`; or `two_sided = true`, where the investor pays then";
            findings.push(Diagnostic::error(term.span.clone(), title).label("here").help(help));
        }
    }
}

fn warn_no_people(
    top: &Fields<'_>,
    cohort: &Cohort,
    outcomes: &[crate::scenario::model::Outcome],
    findings: &mut Findings,
) {
    let nobody = top.table.get("cohort").is_none()
        && outcomes.iter().any(|o| !matches!(o.kind, OutcomeKind::Level { .. }));
    if nobody && cohort.people == Number::Fixed(0.0) {
        top.error(findings, "counts people and has no cohort", "write `[cohort]` and `people = 95`");
    }
}
