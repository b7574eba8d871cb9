//! People who stay: each length of an unbroken stay at each step of a window in which it can be reached.

use jiff::civil::Date;

use super::super::inputs::{Inputs, Use};
use super::cells::{MOST_CELLS, check_date};
use super::kind::refuse_beside;
use super::{Draft, SoFar, dates, population};
use crate::contract::schedule::{Duration, period_end};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Cell, Number, Outcome, OutcomeKind, Population, Stays};
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

const EXAMPLE: &str = "{ every = \"1 month\", for = 24, leave = 0.05, back = 0.3 }";

/// Words of other kinds of outcomes.
const OF_OTHERS: [(&str, &str); 5] = [
    ("on", "lengths of stays are durations: `at = [\"3 months\", \"6 months\"]`"),
    ("ladder", "a longer stay holds the shorter ones"),
    ("noise", "it belongs to a `level`"),
    ("bias", "it belongs to a `level`"),
    ("clustering", "it belongs to a `rate`"),
];

/// Ten years of weeks.
const MOST_STEPS: u32 = 520;

/// An outcome that counts who stays.
pub(super) fn outcome(
    draft: &Draft<'_>,
    field: &Field<'_>,
    so_far: &SoFar<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Outcome> {
    let fields = &draft.fields;
    refuse_beside("`stays`", &OF_OTHERS, fields, findings);
    let of = fields
        .need("of", "of = \"enrolled\"", findings)
        .and_then(|field| population(&field, so_far, findings))?;
    let (stays, every) = stays(fields, field, inputs, findings)?;
    let cells = cells(fields, of, (&stays, every), so_far, findings)?;
    Some(Outcome {
        name: draft.name.clone(),
        of,
        points: stays.reached.len(),
        kind: OutcomeKind::Stays(stays),
        ladder: false,
        clustering: None,
        bias: None,
        round_to: None,
        cells,
        span: fields.span.clone(),
    })
}

fn stays(
    outcome: &Fields<'_>,
    field: &Field<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<(Stays, Duration)> {
    let fields = field.fields(&words::STAYS, EXAMPLE, findings)?;
    let every = fields.need("every", EXAMPLE, findings).and_then(|field| field.duration(findings));
    let steps = fields.need("for", EXAMPLE, findings).and_then(|field| field.count(MOST_STEPS, findings));
    let leave = fields.need("leave", EXAMPLE, findings);
    let leave = leave.and_then(|field| inputs.number(&field, Use::Rate, findings));
    let mut rate = |word: &str, left_out: f64, findings: &mut Findings| match fields.get(word) {
        Some(field) => inputs.number(&field, Use::Rate, findings),
        None => Some(Number::Fixed(left_out)),
    };
    let (start, back) = (rate("start", 1.0, findings), rate("back", 0.0, findings));
    let allow = match fields.get("allow") {
        Some(field) => field.count(MOST_STEPS, findings),
        None => Some(0),
    };
    let at = outcome.need("at", "at = [\"3 months\", \"6 months\"]", findings)?;
    let lengths = dates::durations(&at, findings)?;
    let (every, steps) = (every?, steps?);
    let lengths: Option<Vec<u32>> = lengths.iter().map(|length| whole_steps(*length, every)).collect();
    let Some(lengths) = lengths.filter(|lengths| lengths.iter().all(|length| (1..=steps).contains(length)))
    else {
        let help = "each is a multiple of `every`, and at most as long as the window";
        at.error(findings, "does not fit the steps of `stays`", help);
        return None;
    };
    if lengths.is_empty() || lengths.windows(2).any(|pair| pair[0] >= pair[1]) {
        at.error(findings, "does not ascend", "write lengths from short to long, each once");
        return None;
    }
    let reached = lengths.iter().enumerate();
    let reached = reached.flat_map(|(point, length)| (*length..=steps).map(move |step| (point, step)));
    let reached = reached.collect();
    Some((Stays { steps, lengths, reached, start: start?, leave: leave?, back: back?, allow: allow? }, every))
}

fn whole_steps(length: Duration, every: Duration) -> Option<u32> {
    match (length, every) {
        (Duration::Months(length), Duration::Months(every))
        | (Duration::Days(length), Duration::Days(every))
            if every > 0 && length % every == 0 =>
        {
            Some(length / every)
        }
        _ => None,
    }
}

/// Every intake, length and step; a person is counted at the step at which a length is first reached.
fn cells(
    fields: &Fields<'_>,
    of: Population,
    (stays, every): (&Stays, Duration),
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<Vec<Cell>> {
    let intakes = &so_far.cohort.intakes;
    let count = intakes.len() * stays.reached.len();
    let before: usize = so_far.done.iter().map(|outcome| outcome.cells.len()).sum();
    if count + before > MOST_CELLS {
        let title = format!("is measured {count} times");
        fields.error(findings, title, "100 000 measurements in all are allowed");
        return None;
    }
    let mut cells = Vec::with_capacity(count);
    for (intake, start) in intakes.iter().enumerate() {
        let parent = parent(fields, of, (intake, *start), so_far, findings)?;
        for (point, step) in &stays.reached {
            let measured = after(*start, every, *step);
            let Some(measured) = measured else {
                fields.error(findings, "leads beyond the calendar", "write a shorter window");
                return None;
            };
            check_date(fields, measured, *start, so_far.period, findings)?;
            cells.push(Cell { intake, point: *point, measured, parent });
        }
    }
    Some(cells)
}

fn after(start: Date, every: Duration, steps: u32) -> Option<Date> {
    match every {
        Duration::Days(days) => period_end(start, Duration::Days(days.checked_mul(steps)?)),
        Duration::Months(months) => period_end(start, Duration::Months(months.checked_mul(steps)?)),
    }
}

/// The cell of the outcome whose people stay: its only one in the intake.
#[allow(clippy::option_option, reason = "no parent is no error")]
fn parent(
    fields: &Fields<'_>,
    of: Population,
    (intake, _): (usize, Date),
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<Option<usize>> {
    let Population::Reached(index) = of else { return Some(None) };
    let above = &so_far.done[index];
    if above.points != 1 {
        let title = format!("stays from `{}`, which is measured several times", above.name);
        fields.error(findings, title, "begin from an outcome that is measured once, or from `enrolled`");
        return None;
    }
    Some(Some(intake))
}
