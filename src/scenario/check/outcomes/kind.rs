//! What kind of quantity an outcome is: a count by a rate, or a level with noise.

use jiff::civil::Date;

use super::super::inputs::{Inputs, Use};
use super::super::persons;
use super::{SoFar, population};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Comparison, Noise, Number, OutcomeKind};
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

/// The kind of an outcome that is measured on these dates, by point and intake.
pub(super) fn kind(
    fields: &Fields<'_>,
    so_far: &SoFar<'_>,
    dates: Option<&[Vec<Date>]>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<OutcomeKind> {
    let Some((word, field)) = fields.one_of(&words::OUTCOME_KINDS, findings) else {
        let help = "write `rate = 0.4` or `rate = \"input\"` for people who reach it, `level = ...` for one measured number, `formula = ...` for arithmetic on others";
        fields.lacks(findings, "does not say what is measured", help);
        return None;
    };
    if persons::KINDS.contains(&word) {
        if let Some(noise) = fields.get("noise") {
            noise.error(findings, format_args!("cannot stand beside `{word}`"), "it belongs to a `level`");
        }
        let around = persons::Around { names: so_far.names, done: &so_far.done, dates: dates? };
        return persons::kind(word, &field, &around, inputs, findings);
    }
    let usage = if word == "rate" { Use::Rate } else { Use::Level };
    let numbers: Vec<_> =
        field.one_or_more().iter().map(|number| inputs.number(number, usage, findings)).collect();
    let numbers: Vec<Number> = numbers.into_iter().collect::<Option<_>>()?;
    let points = dates?.len();
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
