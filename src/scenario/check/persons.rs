//! Single persons: composite outcomes, units of each person, and what a limit per person may cover.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::inputs::{Inputs, Use};
use super::{distribution, known};
use crate::dist::{Bounded, Distribution, Fixed, Scale};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::formula::{Expr, Formula, Parsed};
use crate::scenario::model::{
    AtMost, Cohort, Composite, Each, Excess, Limit, Outcome, OutcomeKind, Pays, Per, Price, Term, UnitPrice,
};
use crate::scenario::raw::{Item, Value};
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// The words of outcomes of single persons.
pub(super) const KINDS: [&str; 2] = ["each", "people_with"];

/// What stands around an outcome: the names of all outcomes, those that are done, and its measuring dates by point
/// and intake.
pub(super) struct Around<'a> {
    pub(super) names: &'a [&'a str],
    pub(super) done: &'a [Outcome],
    pub(super) dates: &'a [Vec<Date>],
}

const COMPOSITE: &str = "{ all = [\"in_work\", \"in_own_home\"], none = [\"sentenced\"] }";
const EACH: &str = "{ pert = { low = 0, mode = 2, high = 12 } }";

/// The names of outcomes that the words of single persons mention.
pub(super) fn mentioned(fields: &Fields<'_>) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(Value::Table(table)) = fields.table.item("people_with").map(|item| &item.value) {
        for word in ["all", "any", "none", "of"] {
            table.item(word).into_iter().for_each(|item| gather(item, &mut found));
        }
    }
    if let Some(Value::Text(text)) = fields.table.item("each").map(|item| &item.value)
        && let Ok(parsed) = Parsed::new(text)
    {
        found.extend(parsed.names().into_iter().map(|mention| mention.name.clone()));
    }
    found
}

fn gather(item: &Item, found: &mut Vec<String>) {
    match &item.value {
        Value::Text(text) => found.push(text.clone()),
        Value::List(items) => items.iter().for_each(|item| gather(item, found)),
        _ => {}
    }
}

/// An outcome of single persons. `None` after an error here, or of an outcome it names.
pub(super) fn kind(
    word: &str,
    field: &Field<'_>,
    around: &Around<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<OutcomeKind> {
    if word == "people_with" {
        return composite(field, around, findings).map(OutcomeKind::PeopleWith);
    }
    match &field.item.value {
        Value::Text(_) => formula(field, around, inputs, findings).map(Each::Formula).map(OutcomeKind::Each),
        Value::Number(_) => {
            let units = Fixed::new(field.plain(findings)?).ok()?;
            let bounded = Bounded::new(Distribution::from(units), None, None).ok()?;
            Some(OutcomeKind::Each(Each::Drawn(bounded)))
        }
        _ => drawn(field, findings).map(Each::Drawn).map(OutcomeKind::Each),
    }
}

fn composite(field: &Field<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<Composite> {
    let fields = field.fields(&words::PEOPLE_WITH, COMPOSITE, findings)?;
    let part = |word: &str, findings: &mut Findings| -> Option<Vec<usize>> {
        let Some(field) = fields.get(word) else { return Some(Vec::new()) };
        let parts = field.one_or_more();
        if parts.is_empty() {
            field.error(findings, "is an empty list", "name outcomes, or leave it out");
            return None;
        }
        parts.iter().map(|name| person_outcome(name, around, findings)).collect()
    };
    let (all, any, none, of) =
        (part("all", findings), part("any", findings), part("none", findings), part("of", findings));
    let (all, any, none, of) = (all?, any?, none?, of?);
    let at_least = match (fields.get("at_least"), of.len()) {
        (None, 0) => None,
        (Some(least), n) if n > 0 => Some((least.count(n as u32, findings)?, of)),
        _ => {
            let help = "write both: `{ at_least = 2, of = [\"a\", \"b\", \"c\"] }`";
            fields.error(findings, "says only one of `at_least` and `of`", help);
            return None;
        }
    };
    let found = Composite { all, any, none, at_least };
    if found.parts().next().is_none() {
        fields.error(findings, "asks for no outcome", format!("write for example `{COMPOSITE}`"));
        return None;
    }
    Some(found)
}

/// An outcome that people reach, measured in every intake when the composite is.
fn person_outcome(field: &Field<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<usize> {
    let index = done(field, field.text(findings)?, around, findings)?;
    if !around.done[index].kind.reached() {
        let help = "name an outcome with a `rate` or `people_with`";
        field.error(findings, "is measured of the cohort or in units: nobody reaches it", help);
        return None;
    }
    measured_by_then(field, index, around, findings)
}

fn done(field: &Field<'_>, name: &str, around: &Around<'_>, findings: &mut Findings) -> Option<usize> {
    let all = around.names.iter().map(|name| (*name, ()));
    known((&field.what, field.span()), name, "outcome", all, findings)?;
    around.done.iter().position(|outcome| outcome.name.as_str() == name)
}

fn measured_by_then(
    field: &Field<'_>,
    index: usize,
    around: &Around<'_>,
    findings: &mut Findings,
) -> Option<usize> {
    let part = &around.done[index];
    for by_intake in around.dates {
        for (intake, date) in by_intake.iter().enumerate() {
            if part.latest(intake, *date).is_none() {
                let title = format!("names `{}`, which is not yet measured on {date}", part.name);
                field.error(findings, title, "measure it at the same time or earlier");
                return None;
            }
        }
    }
    Some(index)
}

fn drawn(field: &Field<'_>, findings: &mut Findings) -> Option<Bounded> {
    let fields = field.fields(&words::EACH, EACH, findings)?;
    let Some((word, field)) = fields.one_of(&words::PLAIN_KINDS, findings) else {
        fields.lacks(findings, "has no distribution", format!("write for example `{EACH}`"));
        return None;
    };
    distribution::bounded(&fields, word, &field, Scale::Plain, findings)
}

/// A formula for every person, of inputs and of other outcomes with `each`.
fn formula(
    field: &Field<'_>,
    around: &Around<'_>,
    all: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Formula> {
    let text = field.text(findings)?;
    let parsed = Inputs::parse(field, "inputs and outcomes with `each`", findings)?;
    let mut leaves = BTreeMap::new();
    for mention in parsed.names() {
        let leaf = if all.has(&mention.name) {
            all.named(field, &mention.name, Use::Formula, findings)?
        } else {
            let index = done(field, &mention.name, around, findings)?;
            if !matches!(around.done[index].kind, OutcomeKind::Each(_)) {
                let title = format!("names `{}`, which has no units of each person", mention.name);
                field.error(findings, title, "name inputs, and outcomes with `each`");
                return None;
            }
            all.count() + measured_by_then(field, index, around, findings)?
        };
        leaves.insert(mention.name.clone(), leaf);
    }
    let formula = parsed.resolve(&|name| leaves.get(name).copied()).ok()?;
    if divides(formula.expression()) {
        let help = "multiply: `0.25 * days`; an input may hold the quotient";
        field.error(findings, format_args!("divides: `{text}`"), help);
        return None;
    }
    Some(formula)
}

/// A divisor may be zero for some person; units need none.
fn divides(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) | Expr::Input(_) => false,
        Expr::Divide(..) => true,
        Expr::Negate(a) => divides(a),
        Expr::Add(a, b)
        | Expr::Subtract(a, b)
        | Expr::Multiply(a, b)
        | Expr::Minimum(a, b)
        | Expr::Maximum(a, b) => divides(a) || divides(b),
    }
}

/// What limits per person need of the terms they cover, and of each other.
pub(super) fn check_limits(limits: &[Limit], terms: &[Term], outcomes: &[Outcome], findings: &mut Findings) {
    let persons: Vec<_> = limits.iter().filter(|limit| limit.per == Per::Person).collect();
    for (index, limit) in persons.iter().enumerate() {
        check_words(limit, findings);
        for term in limit.terms.iter().map(|index| &terms[*index]) {
            if let Some((why, help)) = unfit(term, outcomes) {
                let title = format!("limit `{}` is per person, but term `{}` {why}", limit.id, term.id);
                findings.push(Diagnostic::error(limit.span.clone(), title).label("here").help(help));
            }
        }
        let other = persons[..index].iter().find(|other| limit.terms.iter().any(|t| other.terms.contains(t)));
        if let Some(other) = other {
            let title = format!("limits `{}` and `{}` per person cover the same term", other.id, limit.id);
            let help = "one limit per person for each term is built; name other `terms`";
            findings.push(Diagnostic::error(limit.span.clone(), title).label("the second").help(help));
        }
    }
}

fn check_words(limit: &Limit, findings: &mut Findings) {
    let wrong = if limit.payer.is_some() {
        Some(("names a payer", "it counts what a person brings in, whoever pays: leave `payer` out"))
    } else if limit.excess != Excess::Lost {
        Some(("has an excess that is not lost", "write `excess = \"lost\"`"))
    } else if limit.at_least.is_some() {
        Some(("has a floor", "leave `at_least` out; write it in a limit per contract"))
    } else if !matches!(limit.at_most, AtMost::Amount(_)) {
        Some(("has no single amount", "write for example `at_most = 8_200`"))
    } else {
        None
    };
    if let Some((what, help)) = wrong {
        let title = format!("limit `{}` is per person and {what}", limit.id);
        findings.push(Diagnostic::error(limit.span.clone(), title).label("here").help(help));
    }
}

/// Why a term cannot be divided among persons, and what to write.
fn unfit(term: &Term, outcomes: &[Outcome]) -> Option<(&'static str, &'static str)> {
    let name_others = "name other `terms` in the limit";
    let Some(outcome) = term.outcome.map(|index| &outcomes[index]) else {
        return Some(("is a fixed amount", name_others));
    };
    if term.two_sided {
        return Some(("has amounts that may be negative", name_others));
    }
    if !outcome.counts_people() {
        return Some(("pays for a measured number, which no person has", name_others));
    }
    let Price::PerUnit(prices) = &term.price else {
        return Some(("is priced by rows", "write one price per achievement, or name other `terms`"));
    };
    if prices.iter().any(|price| matches!(price, UnitPrice::Input(_))) {
        return Some(("has an uncertain price", "write the price as a number, or name other `terms`"));
    }
    if prices.iter().any(|price| matches!(price, UnitPrice::Fixed(price) if price % 10_000 != 0)) {
        return Some(("has a price below the øre", "a claim of one person is in whole øre: two decimals"));
    }
    if term.readings.iter().any(|reading| reading.times.uncertain.is_some()) {
        return Some(("is multiplied by an uncertain number", name_others));
    }
    if term.readings.iter().any(|reading| reading.when.is_some()) {
        return Some(("waits for tests, which a person's claims do not", name_others));
    }
    if term.pays != Pays::InFull {
        return Some(("pays an increase, which is of no single person", name_others));
    }
    if outcome.round_to.is_some() {
        return Some(("pays for an outcome that is rounded when it is pooled", name_others));
    }
    if term.whole_kroner {
        return Some(("rounds to whole kroner", "leave `whole_kroner` out, or name other `terms`"));
    }
    if term.readings.iter().any(|reading| reading.cells.len() != 1) {
        return Some(("pools several measurements", "write `measured = \"each time\"` in the term"));
    }
    None
}

/// Says when `alike` has no effect, and when it is left to its default where it matters.
pub(super) fn warn_alike(
    cohort: &Cohort,
    said: bool,
    limits: &[Limit],
    outcomes: &[Outcome],
    findings: &mut Findings,
) {
    let composite = outcomes.iter().any(|outcome| matches!(outcome.kind, OutcomeKind::PeopleWith(_)));
    let needed = composite || limits.iter().any(|limit| limit.per == Per::Person);
    let (title, label) = match (said, needed) {
        (true, false) => {
            ("`alike` in the cohort has no effect: nothing asks who the people are", "has no effect")
        }
        (false, true) => (
            "the cohort does not say how far the same people do well on several outcomes; `alike = 0` is assumed",
            "say `alike`, from 0 to 1",
        ),
        _ => return,
    };
    findings.push(Diagnostic::warning(cohort.span.clone(), title).label(label));
}
