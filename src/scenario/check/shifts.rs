//! Shifts: what events do to rates and levels.

use jiff::civil::Date;

use super::inputs::{Around, Use};
use super::known;
use crate::scenario::choices;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Effect, Exposure, Shift};
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields, date_key};
use crate::scenario::words;

/// The shifts of an input that is used so and lies in `range`, ascending by event.
pub(super) fn shifts(
    input: &Fields<'_>,
    uses: &[Use],
    range: Option<(f64, f64)>,
    around: &Around<'_>,
    findings: &mut Findings,
) -> Vec<Shift> {
    let Some(field) = input.get("shifts") else { return Vec::new() };
    let example = "shifts = { spending_ceiling = { logit = -0.4 } }";
    let Some(entries) = field.entries(example, findings) else { return Vec::new() };
    if let Some(usage) = uses.iter().find(|usage| !matches!(usage, Use::Rate | Use::Level)) {
        let help =
            "events shift rates and levels of outcomes; put the shift on the formula that the outcome uses";
        field.error(findings, format_args!("cannot shift {}", usage.noun()), help);
    }
    let mut shifts = Vec::new();
    for (span, name, shift) in entries {
        let names = around.events.keys().map(|event| (event.as_str(), event));
        let event = known((&field.what, span), name, "event", names, findings);
        let Some(fields) = shift.fields(&words::SHIFT, "{ logit = -0.4 }", findings) else { continue };
        let effect = effect(&fields, uses, range, findings);
        let intakes = fields
            .optional("intakes", findings, |field, findings| hit_intakes(field, around.intakes, findings));
        let exposure = fields.get("exposure");
        if let (Some(exposure), Ok(Some(_))) = (&exposure, &intakes) {
            let help = "`intakes` are hit in full; keep one of the two words";
            exposure.error(findings, "stands beside `intakes`", help);
        }
        let exposure =
            exposure.and_then(|field| field.word(&choices::EXPOSURES, findings)).unwrap_or(Exposure::Window);
        if let (Some(event), Some(effect), Ok(intakes)) = (event, effect, intakes) {
            shifts.push(Shift { event: event.clone(), effect, intakes, exposure });
        }
    }
    shifts
}

fn effect(
    fields: &Fields<'_>,
    uses: &[Use],
    range: Option<(f64, f64)>,
    findings: &mut Findings,
) -> Option<Effect> {
    let Some((word, field)) = fields.one_of(&["logit", "times", "plus", "becomes"], findings) else {
        fields.lacks(
            findings,
            "does not say what the event does",
            "write `logit = -0.4`, `times = 0.8`, `plus = -0.1` or `becomes = 0`",
        );
        return None;
    };
    let size = field.plain(findings)?;
    let within = |low: f64, high: f64| low >= 0.0 && high <= 1.0;
    let rate = uses.contains(&Use::Rate);
    if word == "logit" && uses.iter().any(|usage| *usage != Use::Rate) {
        field.error(findings, "shifts a number that is not a rate", "write `times = 0.8` or `plus = -0.1`");
    }
    let (low, high) = range.unwrap_or((0.0, 1.0));
    let (effect, ends) = match word {
        "logit" => (Effect::Logit(size), (low, high)),
        "times" => (Effect::Times(size), (low * size.min(1.0), high * size.max(1.0))),
        "becomes" => (Effect::Becomes(size), (low.min(size), high.max(size))),
        _ => (Effect::Plus(size), (low + size.min(0.0), high + size.max(0.0))),
    };
    if word == "logit" && size.abs() > 50.0 {
        field.error(findings, format_args!("is {size}"), "-0.4 takes 0.50 to 0.40; no shift is beyond 50");
    }
    if word == "times" && size < 0.0 {
        field.error(findings, "is negative", "`times = 0.8` leaves four fifths");
    } else if rate && within(low, high) && !within(ends.0, ends.1) {
        field.error(findings, "can take the rate out of 0 to 1", "write `logit = -0.4`, which cannot");
    }
    Some(effect)
}

/// The intakes a shift names, as indices.
fn hit_intakes(field: &Field<'_>, intakes: &[Date], findings: &mut Findings) -> Option<Vec<usize>> {
    let mut hit = Vec::new();
    for date_field in field.one_or_more() {
        let date = match &date_field.item.value {
            Value::Text(text) => date_key(text, &date_field.span(), &field.what, findings),
            _ => date_field.date(findings),
        }?;
        let Some(index) = intakes.iter().position(|intake| *intake == date) else {
            let listed: Vec<_> = intakes.iter().take(12).map(ToString::to_string).collect();
            date_field.error(
                findings,
                format_args!("is {date}, which is no intake"),
                format!("intakes: {}", listed.join(", ")),
            );
            return None;
        };
        hit.push(index);
    }
    hit.sort_unstable();
    hit.dedup();
    Some(hit)
}
