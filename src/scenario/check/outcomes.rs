//! Outcomes: what is measured, of whom, when, and by which rate or level.

use jiff::civil::Date;

use super::inputs::{Inputs, Use};
use super::investment::Period;
use super::{checked_name, known, order, tables};
use crate::contract::schedule::{Duration, period_end};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Cell, Cohort, Comparison, Noise, Number, Outcome, OutcomeKind, Population};
use crate::scenario::name::Name;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words::{self, OUTCOME_WORDS};

/// Everyone in the cohort, as a name for `of`.
const ENROLLED: &str = "enrolled";
/// More measurements in one investment are a mistake.
pub(super) const MOST_CELLS: usize = 100_000;

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
    let drafts = drafts(top, terms, inputs, findings);
    let names: Vec<&str> = drafts.iter().map(|draft| draft.name.as_str()).collect();
    let depends: Vec<Vec<usize>> = drafts.iter().map(|draft| needs(&draft.fields, &names)).collect();
    let order = match order::sorted(&depends) {
        Ok(order) => order,
        Err(circle) => {
            let chain = order::chain(&circle, |index| names[index]);
            let help = "an outcome is measured of people who reached an earlier one";
            drafts[circle[0]].fields.error(findings, format_args!("is measured of itself: {chain}"), help);
            let failed = names.iter().map(|name| (*name).to_owned()).collect();
            return Outcomes { done: Vec::new(), failed };
        }
    };
    let mut failed = Vec::new();
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
    inputs: &Inputs<'_>,
    findings: &mut Findings,
) -> Vec<Draft<'a>> {
    let mut found: Vec<(String, Fields<'a>)> = tables(top, "outcome", &words::OUTCOME, findings)
        .into_iter()
        .map(|(name, fields)| (name.to_owned(), fields))
        .collect();
    found.extend(terms.iter().filter(|(_, f)| has_own(f)).map(|(id, f)| (own_name(id), f.clone())));
    found.sort_by(|a, b| a.0.cmp(&b.0));
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    for (text, fields) in found {
        let Some(name) = checked_name(&fields, &text, findings) else { continue };
        if text == ENROLLED {
            fields.error(findings, "cannot be called `enrolled`", "`enrolled` is everyone in the cohort");
        } else if drafts.last().is_some_and(|last| last.name == name) {
            fields.error(
                findings,
                format_args!("makes a second outcome `{name}`"),
                "rename the term or the outcome",
            );
        } else if inputs.has(&text) {
            fields.error(
                findings,
                format_args!("makes an outcome `{name}`, and an input has that name"),
                "rename one: `success` and `success_rate`",
            );
        } else {
            drafts.push(Draft { name, fields });
        }
    }
    drafts
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
    text(fields.table.item("of")).into_iter().chain(people).collect()
}

fn outcome(
    draft: &Draft<'_>,
    so_far: &SoFar<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Outcome> {
    let fields = &draft.fields;
    let of = fields
        .need("of", "of = \"enrolled\"", findings)
        .and_then(|field| population(&field, so_far, findings));
    let dates = measuring_dates(fields, so_far.cohort, findings);
    let kind = kind(fields, so_far, dates.as_ref().map(Vec::len), inputs, findings);
    let (of, dates, kind) = (of?, dates?, kind?);
    let cells = cells(fields, of, &dates, so_far, findings)?;
    Some(Outcome {
        name: draft.name.clone(),
        of,
        kind,
        points: dates.len(),
        cells,
        span: fields.span.clone(),
    })
}

/// Who is meant. `None` after an error here, or of the outcome meant.
fn population(field: &Field<'_>, so_far: &SoFar<'_>, findings: &mut Findings) -> Option<Population> {
    let SoFar { names, done, .. } = so_far;
    let text = field.text(findings)?;
    if text == ENROLLED {
        return Some(Population::Enrolled);
    }
    let all = names.iter().map(|name| (*name, ())).chain([(ENROLLED, ())]);
    known((&field.what, field.span()), text, "outcome", all, findings)?;
    let index = done.iter().position(|outcome| outcome.name.as_str() == text)?;
    if !matches!(done[index].kind, OutcomeKind::Rate(_)) {
        field.error(
            findings,
            format_args!("is `{text}`, a level, which nobody reaches"),
            "name an outcome with a `rate`",
        );
        return None;
    }
    Some(Population::Reached(index))
}

/// Measuring dates by point, then by intake.
fn measuring_dates(fields: &Fields<'_>, cohort: &Cohort, findings: &mut Findings) -> Option<Vec<Vec<Date>>> {
    let Some((word, field)) = fields.one_of(&["at", "on"], findings) else {
        let help = "write `at = \"12 months\"` from the intake's start, or `on = 2029-06-30`";
        fields.lacks(findings, "does not say when it is measured", help);
        return None;
    };
    if word == "on" {
        let dates: Option<Vec<Date>> = field.one_or_more().iter().map(|date| date.date(findings)).collect();
        let points: Vec<_> = dates?.into_iter().map(|date| vec![date; cohort.intakes.len()]).collect();
        return ascending(points, &field, findings);
    }
    let durations = durations(&field, findings)?;
    let dates = |length: &Duration| cohort.intakes.iter().map(|start| period_end(*start, *length)).collect();
    let points: Option<Vec<Vec<Date>>> = durations.iter().map(dates).collect();
    if let Some(points) = points {
        ascending(points, &field, findings)
    } else {
        field.error(findings, "leads beyond the calendar", "write for example `\"12 months\"`");
        None
    }
}

fn durations(field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Duration>> {
    if !matches!(field.item.value, Value::Table(_)) {
        return field.one_or_more().iter().map(|duration| duration.duration(findings)).collect();
    }
    let example = "{ every = \"quarter\", times = 4 }";
    let fields = field.fields(&words::plain(&["every", "times"]), example, findings)?;
    let every = fields.need("every", example, findings).and_then(|field| field.duration(findings));
    let times = fields.need("times", example, findings).and_then(|field| field.count(400, findings))?;
    let multiple = |length: Duration, n: u32| match length {
        Duration::Days(days) => days.checked_mul(n).map(Duration::Days),
        Duration::Months(months) => months.checked_mul(n).map(Duration::Months),
    };
    let every = every?;
    let all: Option<Vec<_>> = (1..=times).map(|n| multiple(every, n)).collect();
    if all.is_none() {
        field.error(findings, "leads beyond the calendar", format!("write for example `{example}`"));
    }
    all
}

fn ascending(points: Vec<Vec<Date>>, field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Vec<Date>>> {
    if points.is_empty() {
        field.error(findings, "is an empty list", "name at least one measuring point");
        return None;
    }
    if points.windows(2).any(|pair| pair[0].iter().zip(&pair[1]).any(|(a, b)| a >= b)) {
        field.error(findings, "does not ascend", "write measuring points from early to late, each once");
        return None;
    }
    Some(points)
}

fn kind(
    fields: &Fields<'_>,
    so_far: &SoFar<'_>,
    points: Option<usize>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<OutcomeKind> {
    let Some((word, field)) = fields.one_of(&["rate", "level"], findings) else {
        let help = "write `rate = 0.4` or `rate = \"input\"` for people who reach it, `level = ...` for one measured number";
        fields.lacks(findings, "does not say what is measured", help);
        return None;
    };
    let usage = if word == "rate" { Use::Rate } else { Use::Level };
    let numbers: Vec<_> =
        field.one_or_more().iter().map(|number| inputs.number(number, usage, findings)).collect();
    let numbers: Vec<Number> = numbers.into_iter().collect::<Option<_>>()?;
    let points = points?;
    let numbers = match numbers.len() {
        1 => vec![numbers[0]; points],
        n if n == points => numbers,
        n => {
            field.error(
                findings,
                format_args!("has {n} numbers for {points} measuring points"),
                "write one, or one for each point",
            );
            return None;
        }
    };
    let noise = fields.get("noise");
    if usage == Use::Rate {
        if let Some(noise) = noise {
            noise.error(
                findings,
                "cannot stand beside a rate",
                "people are counted without noise; it belongs to a `level`",
            );
        }
        return Some(OutcomeKind::Rate(numbers));
    }
    let noise = match noise {
        Some(field) => Some(self::noise(&field, fields, so_far, inputs, findings)?),
        None => None,
    };
    Some(OutcomeKind::Level { levels: numbers, noise })
}

fn noise(
    field: &Field<'_>,
    outcome: &Fields<'_>,
    so_far: &SoFar<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Noise> {
    let example = "{ sd = 0.7, people = \"enrolled\", matched = 10 }";
    let fields = field.fields(&words::NOISE, example, findings)?;
    let sd =
        fields.need("sd", example, findings).and_then(|field| inputs.number(&field, Use::Spread, findings));
    let people = fields.get("people").or_else(|| outcome.get("of"));
    let people = people.and_then(|field| population(&field, so_far, findings));
    let against = match fields.one_of(&["against", "matched"], findings) {
        None => Some(Comparison::None),
        Some((word, field)) => positive(&field, findings)
            .map(|size| if word == "against" { Comparison::Size(size) } else { Comparison::Matched(size) }),
    };
    Some(Noise { sd: sd?, people: people?, against: against? })
}

fn positive(field: &Field<'_>, findings: &mut Findings) -> Option<f64> {
    let size = field.plain(findings)?;
    if size <= 0.0 {
        field.error(
            findings,
            format_args!("is {size}"),
            "a comparison group has people in it; leave it out if there is none",
        );
        return None;
    }
    Some(size)
}

fn cells(
    fields: &Fields<'_>,
    of: Population,
    dates: &[Vec<Date>],
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<Vec<Cell>> {
    let intakes = &so_far.cohort.intakes;
    let count = intakes.len() * dates.len();
    let so_far_count: usize = so_far.done.iter().map(|outcome| outcome.cells.len()).sum();
    if count + so_far_count > MOST_CELLS {
        fields.error(
            findings,
            format_args!("is measured {count} times"),
            "100 000 measurements in all are allowed",
        );
        return None;
    }
    let mut cells = Vec::with_capacity(count);
    for (intake, start) in intakes.iter().enumerate() {
        for (point, by_intake) in dates.iter().enumerate() {
            let measured = by_intake[intake];
            check_date(fields, measured, *start, so_far.period, findings)?;
            let mut cell = Cell { intake, point, measured, parent: None };
            if let Population::Reached(index) = of {
                cell.parent = Some(parent(fields, &so_far.done[index], &cell, dates.len(), findings)?);
            }
            cells.push(cell);
        }
    }
    Some(cells)
}

fn check_date(
    fields: &Fields<'_>,
    measured: Date,
    start: Date,
    period: Period,
    findings: &mut Findings,
) -> Option<()> {
    let field = fields.get("on").or_else(|| fields.get("at"))?;
    if measured < start {
        let title = format!("measures on {measured}, before the intake of {start} begins");
        field.error(findings, title, "write `at = \"12 months\"`, which counts from each intake");
        return None;
    }
    if measured > period.ends {
        let title = format!(
            "measures the intake of {start} on {measured}, after the contract ends on {}",
            period.ends
        );
        field.error(findings, title, "measure earlier, or move `ends`");
        return None;
    }
    Some(())
}

/// The cell of the outcome above: at the same point, or at its only one.
fn parent(
    fields: &Fields<'_>,
    above: &Outcome,
    cell: &Cell,
    points: usize,
    findings: &mut Findings,
) -> Option<usize> {
    let point = match above.points {
        1 => 0,
        n if n == points => cell.point,
        n => {
            let title =
                format!("is measured at {points} points of `{}`, which is measured at {n}", above.name);
            fields.error(findings, title, "give both the same points, or the first one only one");
            return None;
        }
    };
    let index = cell.intake * above.points + point;
    let earlier = above.cells[index].measured;
    if earlier > cell.measured {
        let title = format!("is measured on {}, before `{}` is, on {earlier}", cell.measured, above.name);
        fields.error(findings, title, "measure it at the same time or later");
        return None;
    }
    Some(index)
}
