//! What kind of quantity an outcome is: a count by a rate, or a level with noise.

use jiff::civil::Date;

use super::super::inputs::{Inputs, Use};
use super::super::persons;
use super::{SoFar, population};
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Comparison, Noise, Number, OutcomeKind};
use crate::scenario::name::Name;
use crate::scenario::read::{Field, Fields, Reported};
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
    let against = against?;
    let shared =
        fields.optional("shared", findings, |field, findings| shared(field, against, findings)).ok()?;
    Some(Noise { sd: sd?, people: people?, against, shared })
}

/// The name of a comparison group that several levels are held against.
fn shared(field: &Field<'_>, against: Comparison, findings: &mut Findings) -> Option<Name> {
    if against == Comparison::None {
        let help = "say how large the group is: `against = 2_000`, or `matched = 10` for each person";
        field.error(findings, "names a comparison group, and there is none", help);
        return None;
    }
    let text = field.text(findings)?;
    Name::new(text)
        .map_err(|error| field.error(findings, format_args!("is no name: {error}"), error.help()))
        .ok()
}

/// Refuses words of other kinds of outcomes, each with what to do instead.
pub(super) fn refuse_beside(
    kind: &str,
    words: &[(&str, &str)],
    fields: &Fields<'_>,
    findings: &mut Findings,
) {
    for (word, help) in words {
        if let Some(field) = fields.get(word) {
            field.error(findings, format_args!("cannot stand beside {kind}"), *help);
        }
    }
}

/// A number that belongs to outcomes of one kind.
pub(super) fn belonging(
    word: &str,
    (to, kind): (&str, &OutcomeKind),
    fields: &Fields<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Result<Option<Number>, Reported> {
    let Some(field) = fields.get(word) else { return Ok(None) };
    let (belongs, usage) = match kind {
        OutcomeKind::Rate(_) => (to == "rate", Use::Rate),
        OutcomeKind::Level { .. } => (to == "level", Use::Level),
        _ => (false, Use::Level),
    };
    if !belongs {
        field.error(findings, format_args!("belongs to a `{to}`"), "leave it out");
        return Err(Reported);
    }
    inputs.number(&field, usage, findings).map(Some).ok_or(Reported)
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
