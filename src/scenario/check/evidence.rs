//! From a study to a forecast: its effect with its interval, drawn towards what is usual, spread by what differs elsewhere.

use crate::dist::Tails;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::Evidence;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words;

const EXAMPLE: &str = "{ effect = 0.12, low = 0.04, high = 0.20, usual = { mean = 0.05, sd = 0.05 } }";

/// What a study found, and what else is known.
pub(super) fn evidence(field: &Field<'_>, findings: &mut Findings) -> Option<Evidence> {
    let fields = field.fields(&words::EVIDENCE, EXAMPLE, findings)?;
    let [low, high] = ["low", "high"]
        .map(|word| fields.need(word, EXAMPLE, findings).and_then(|field| field.plain(findings)));
    let effect = fields.optional("effect", findings, Field::plain).ok()?;
    let covers = fields.optional("covers", findings, Field::plain).ok()?.unwrap_or(0.95);
    let elsewhere = fields.optional("elsewhere", findings, Field::plain).ok()?.unwrap_or(0.0);
    let usual = fields.optional("usual", findings, usual).ok()?;
    let (low, high) = (low?, high?);
    let effect = effect.unwrap_or(0.5 * (low + high));
    let help = "an interval of 95 % around the effect: `low = 0.04, high = 0.20, covers = 0.95`";
    if !(low < effect && effect < high) {
        field.error(findings, format_args!("has the effect {effect} outside {low} to {high}"), help);
        return None;
    }
    if !(covers > 0.0 && covers < 1.0) {
        field.error(findings, format_args!("has an interval that covers {covers}"), help);
        return None;
    }
    if !(elsewhere >= 0.0) {
        let help = "how far the true effect differs from place to place, as a standard deviation";
        field.error(findings, format_args!("has `elsewhere` below 0: {elsewhere}"), help);
        return None;
    }
    let error = (high - low) / (2.0 * Tails::from_upper(0.5 - 0.5 * covers).score());
    Some(Evidence { effect, error, usual, elsewhere })
}

/// What efforts of its kind achieve: mean and standard deviation.
fn usual(field: &Field<'_>, findings: &mut Findings) -> Option<(f64, f64)> {
    let example = "{ mean = 0.05, sd = 0.05 }";
    let fields: Fields<'_> = field.fields(&words::MEAN_SD, example, findings)?;
    let [mean, sd] = ["mean", "sd"]
        .map(|word| fields.need(word, example, findings).and_then(|field| field.plain(findings)));
    let (mean, sd) = (mean?, sd?);
    if !(sd > 0.0) {
        field.error(
            findings,
            format_args!("has no spread: sd {sd}"),
            "how far such effects differ from each other, above 0",
        );
        return None;
    }
    Some((mean, sd))
}
