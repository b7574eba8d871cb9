//! Outcomes: what is measured, of whom, when, and by which rate or level.

mod cells;
mod dates;
mod formula;
mod kind;
mod stays;

use super::inputs::Inputs;
use super::investment::Period;
use super::{checked_name, known, order, persons, tables};
use crate::scenario::diagnose::Findings;
use crate::scenario::formula::Parsed;
use crate::scenario::model::{Cohort, Outcome, OutcomeKind, Population};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields, Reported};
use crate::scenario::words::{self, OUTCOME_WORDS};

pub(super) use cells::MOST_CELLS;

/// Everyone in the cohort, as a name for `of`.
pub(super) const ENROLLED: &str = "enrolled";

/// What is known while outcomes are checked one after the other.
struct SoFar<'a> {
    names: &'a [&'a str],
    cohort: &'a Cohort,
    period: Period,
    done: Vec<Outcome>,
}

/// An outcome as typed, in a table of its own or inside a term.
struct Draft<'a> {
    name: Name,
    fields: Fields<'a>,
}

/// The outcomes of an investment.
#[derive(Default)]
pub(super) struct Outcomes {
    /// Those without error, each after those it depends on.
    pub(super) done: Vec<Outcome>,
    /// The names of those with an error.
    pub(super) failed: Vec<String>,
}

/// All outcomes.
pub(super) fn outcomes(
    top: &Fields<'_>,
    terms: &[(&str, Fields<'_>)],
    cohort: &Cohort,
    inputs: &mut Inputs<'_>,
    period: Period,
    findings: &mut Findings,
) -> Outcomes {
    let (drafts, mut failed) = drafts(top, terms, cohort, inputs, findings);
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let depends: Vec<Vec<usize>> = drafts.iter().map(|draft| needs(&draft.fields, &names)).collect();
    let order = match order::sorted(&depends) {
        Ok(order) => order,
        Err(circle) => {
            let chain = order::chain(&circle, |index| names[index]);
            let help = "an outcome is measured of people who reached an earlier one";
            drafts[circle[0]].fields.error(findings, format_args!("is measured of itself: {chain}"), help);
            failed.extend(names.iter().map(|name| (*name).to_owned()));
            return Outcomes { done: Vec::new(), failed };
        }
    };
    let mut so_far = SoFar { names: &names, cohort, period, done: Vec::new() };
    for index in order {
        match outcome(&drafts[index], &so_far, inputs, findings) {
            Some(outcome) => so_far.done.push(outcome),
            None => failed.push(names[index].to_owned()),
        }
    }
    Outcomes { done: so_far.done, failed }
}

/// The name of the outcome that a term with outcome words of its own bears.
pub(super) fn own_name(term: &str) -> String {
    term.replace('-', "_")
}

/// Whether a term has outcome words of its own.
pub(super) fn has_own(fields: &Fields<'_>) -> bool {
    OUTCOME_WORDS.iter().any(|word| fields.table.get(word).is_some())
}

fn drafts<'a>(
    top: &Fields<'a>,
    terms: &[(&str, Fields<'a>)],
    cohort: &Cohort,
    inputs: &Inputs<'_>,
    findings: &mut Findings,
) -> (Vec<Draft<'a>>, Vec<String>) {
    let mut found: Vec<(String, Fields<'a>)> = tables(top, "outcome", &words::OUTCOME, findings)
        .into_iter()
        .map(|(name, fields)| (name.to_owned(), fields))
        .collect();
    found.extend(terms.iter().filter(|(_, f)| has_own(f)).map(|(id, f)| (own_name(id), f.clone())));
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    let mut refused = Vec::new();
    for (text, fields) in found {
        let Some(name) = checked_name(&fields, &text, findings) else { continue };
        let second = drafts.last().is_some_and(|last| last.name == name);
        if second {
            let title = format!("makes a second outcome `{name}`");
            fields.error(findings, title, "rename the term or the outcome");
        } else if refuse_name(&fields, &text, cohort, inputs, findings) {
            refused.push(text);
        } else {
            drafts.push(Draft { name, fields });
        }
    }
    (drafts, refused)
}

/// Whether the name is one of something else, which is reported.
fn refuse_name(
    fields: &Fields<'_>,
    name: &str,
    cohort: &Cohort,
    inputs: &Inputs<'_>,
    findings: &mut Findings,
) -> bool {
    if name == ENROLLED {
        fields.error(findings, "cannot be called `enrolled`", "`enrolled` is everyone in the cohort");
        return true;
    }
    let (other, help) = if position_of_group(cohort, name).is_some() {
        ("a group", "rename one: the group is people, the outcome what they reach")
    } else if inputs.has(name) {
        ("an input", "rename one: `success` and `success_rate`")
    } else {
        return false;
    };
    // A term with words of an outcome bears another name than the outcome it makes.
    let own = fields.table.get("price").is_none();
    let title = if own {
        format!("has the name of {other}")
    } else {
        format!("makes an outcome `{name}`, the name of {other}")
    };
    fields.error(findings, title, help);
    true
}

fn needs(fields: &Fields<'_>, names: &[&str]) -> Vec<usize> {
    let text = |item: Option<&crate::scenario::raw::Item>| match item.map(|item| &item.value) {
        Some(Value::Text(text)) => names.iter().position(|name| *name == text.as_str()),
        _ => None,
    };
    let people = match fields.table.item("noise").map(|item| &item.value) {
        Some(Value::Table(noise)) => text(noise.item("people")),
        _ => None,
    };
    let formula = formula::parsed(fields);
    let mentioned = formula.iter().flat_map(Parsed::names);
    let mentioned = mentioned.filter_map(|mention| names.iter().position(|name| *name == mention.name));
    let persons = persons::mentioned(fields);
    let persons = persons.iter().filter_map(|named| names.iter().position(|name| name == named));
    text(fields.table.item("of")).into_iter().chain(people).chain(mentioned).chain(persons).collect()
}

fn outcome(
    draft: &Draft<'_>,
    so_far: &SoFar<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Outcome> {
    let fields = &draft.fields;
    if let Some(field) = fields.get("formula") {
        fields.one_of(&words::OUTCOME_KINDS, findings);
        let outcome = formula::outcome(draft, &field, so_far, inputs, findings);
        let round_to = round_to(fields, false, findings);
        return Some(Outcome { round_to: round_to.ok()?, ..outcome? });
    }
    if let Some(field) = fields.get("stays") {
        fields.one_of(&words::OUTCOME_KINDS, findings);
        let outcome = stays::outcome(draft, &field, so_far, inputs, findings);
        let round_to = round_to(fields, true, findings);
        return Some(Outcome { round_to: round_to.ok()?, ..outcome? });
    }
    let of = fields
        .need("of", "of = \"enrolled\"", findings)
        .and_then(|field| population(&field, so_far, findings));
    let dates = dates::measuring_dates(fields, so_far.cohort, findings);
    let kind = kind::kind(fields, so_far, dates.as_deref(), inputs, findings);
    let (of, dates, kind) = (of?, dates?, kind?);
    let ladder = fields.optional("ladder", findings, |field, findings| {
        ladder(field, of, &kind, dates.len(), so_far, findings)
    });
    let ladder = ladder.ok()?.unwrap_or(false);
    let clustering = kind::belonging("clustering", ("rate", &kind), fields, inputs, findings).ok()?;
    let bias = kind::belonging("bias", ("level", &kind), fields, inputs, findings).ok()?;
    let people = !matches!(kind, OutcomeKind::Level { .. });
    let round_to = round_to(fields, people, findings).ok()?;
    let cells = cells::cells(fields, of, &dates, so_far, findings)?;
    Some(Outcome {
        name: draft.name.clone(),
        of,
        kind,
        points: dates.len(),
        ladder,
        clustering,
        bias,
        round_to,
        cells,
        span: fields.span.clone(),
    })
}

/// What pooled numbers are rounded to a multiple of: whole people, or 10⁻⁹.
fn round_to(fields: &Fields<'_>, people: bool, findings: &mut Findings) -> Result<Option<i64>, Reported> {
    fields.optional("round_to", findings, |field, findings| {
        let number = field.decimal(findings)?;
        let places = if people { 0 } else { 9 };
        let step = number.scaled(places).filter(|step| *step > 0 && number.to_f64() <= 1e6);
        if step.is_none() {
            let help = if people {
                "people are rounded to whole numbers, `round_to = 5`"
            } else {
                "write for example `round_to = 0.001` for tenths of a per cent"
            };
            field.error(findings, format_args!("is {number}"), help);
        }
        step
    })
}

/// Whether each point is measured of those who reached the point before.
fn ladder(
    field: &Field<'_>,
    of: Population,
    kind: &OutcomeKind,
    points: usize,
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<bool> {
    if !field.flag(findings)? {
        return Some(false);
    }
    if !matches!(kind, OutcomeKind::Rate(_)) {
        field.error(
            findings,
            "is of a level, which nobody reaches",
            "a ladder counts people: give it a `rate`",
        );
        return None;
    }
    if points == 1 {
        let help = "write several, `at = { every = \"3 months\", times = 4 }`, or leave `ladder` out";
        field.error(findings, "has one measuring point", help);
        return None;
    }
    if let Population::Reached(above) = of
        && so_far.done[above].points > 1
    {
        let title = format!("climbs from `{}`, which is measured several times", so_far.done[above].name);
        field.error(findings, title, "begin it from an outcome that is measured once, or from `enrolled`");
        return None;
    }
    Some(true)
}

/// The position of a group of that name among the groups of the cohort.
fn position_of_group(cohort: &Cohort, name: &str) -> Option<usize> {
    cohort.groups.as_ref()?.names.iter().position(|group| group.as_str() == name)
}

/// Who is meant. `None` after an error here, or of the outcome meant.
fn population(field: &Field<'_>, so_far: &SoFar<'_>, findings: &mut Findings) -> Option<Population> {
    let SoFar { names, done, cohort, .. } = so_far;
    let text = field.text(findings)?;
    if text == ENROLLED {
        return Some(Population::Enrolled);
    }
    if let Some(group) = position_of_group(cohort, text) {
        return Some(Population::Group(group));
    }
    let groups = cohort.groups.iter().flat_map(|groups| &groups.names);
    let groups = groups.map(|name| (name.as_str(), ()));
    let all = names.iter().map(|name| (*name, ())).chain([(ENROLLED, ())]).chain(groups);
    known((&field.what, field.span()), text, "outcome", all, findings)?;
    let index = done.iter().position(|outcome| outcome.name.as_str() == text)?;
    if !done[index].kind.reached() {
        field.error(
            findings,
            format_args!("is `{text}`, a measured number, which nobody reaches"),
            "name an outcome with a `rate`",
        );
        return None;
    }
    Some(Population::Reached(index))
}
