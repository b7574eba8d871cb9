//! When an outcome is measured: at durations from each intake's start, or on dates.

use jiff::civil::Date;

use crate::contract::schedule::{Duration, period_end};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::Cohort;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// Measuring dates by point, then by intake.
pub(super) fn measuring_dates(
    fields: &Fields<'_>,
    cohort: &Cohort,
    findings: &mut Findings,
) -> Option<Vec<Vec<Date>>> {
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

pub(super) fn durations(field: &Field<'_>, findings: &mut Findings) -> Option<Vec<Duration>> {
    if !matches!(field.item.value, Value::Table(_)) {
        return field.one_or_more().iter().map(|duration| duration.duration(findings)).collect();
    }
    let example = "{ every = \"quarter\", times = 4 }";
    let fields = field.fields(&words::REPEATED, example, findings)?;
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
