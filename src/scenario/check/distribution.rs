//! Distributions of inputs, from the words of a contract to the laws of [`crate::dist`].

use super::inputs::Use;
use crate::dist::{
    Beta, Bounded, Discrete, Distribution, DistributionError, Empirical, Fixed, LogNormal, Normal, Pert,
    Range, Scale, Triangular, Uniform,
};
use crate::scenario::choices;
use crate::scenario::diagnose::Findings;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words::{self, Words};

/// The scale on which a range is fitted: as the file says, or as its use implies. `None` after an error.
pub(super) fn scale(
    input: &Fields<'_>,
    field: &Field<'_>,
    word: &str,
    uses: impl Iterator<Item = Use>,
    findings: &mut Findings,
) -> Option<Scale> {
    if word != "range" {
        return Some(Scale::Plain);
    }
    if let crate::scenario::raw::Value::Table(table) = &field.item.value
        && let Some(item) = table.item("scale")
    {
        let said = Field { item, what: format!("`scale` of {}", input.what) };
        return said.word(&choices::SCALES, findings);
    }
    let mut implied = uses.map(|usage| match usage {
        Use::Rate => Scale::Logit,
        Use::People | Use::Price | Use::Multiplier => Scale::Log,
        Use::Level | Use::Spread | Use::Formula | Use::Measured => Scale::Plain,
    });
    let first = implied.next().unwrap_or(Scale::Plain);
    if implied.any(|other| other != first) {
        let help =
            "say it: `scale = \"log\"` (people, prices), \"logit\" (shares) or \"plain\" inside `range`";
        field.error(findings, "is used in two ways that imply different scales", help);
        return None;
    }
    Some(first)
}

/// The distribution cut to the bounds of the input.
pub(super) fn bounded(
    input: &Fields<'_>,
    word: &str,
    field: &Field<'_>,
    scale: Scale,
    findings: &mut Findings,
) -> Option<Bounded> {
    let lower = input.optional("at_least", findings, Field::plain).ok()?;
    let upper = input.optional("at_most", findings, Field::plain).ok()?;
    let distribution = distribution(word, field, scale, findings)?;
    let bounded = Bounded::new(distribution, lower, upper);
    bounded.map_err(|error| refuse(field, &error.to_string(), findings)).ok()
}

fn distribution(
    word: &str,
    field: &Field<'_>,
    scale: Scale,
    findings: &mut Findings,
) -> Option<Distribution> {
    let built: Result<Distribution, DistributionError> = match word {
        "value" => Fixed::new(field.plain(findings)?).map(Into::into).map_err(Into::into),
        "uniform" => {
            let [low, high] = parameters(field, &words::LOW_HIGH, ["low", "high"], findings)?;
            Uniform::new(low, high).map(Into::into).map_err(Into::into)
        }
        "triangular" => {
            let [low, mode, high] =
                parameters(field, &words::LOW_MODE_HIGH, ["low", "mode", "high"], findings)?;
            Triangular::new(low, mode, high).map(Into::into).map_err(Into::into)
        }
        "pert" => {
            let [low, mode, high] =
                parameters(field, &words::LOW_MODE_HIGH, ["low", "mode", "high"], findings)?;
            Pert::new(low, mode, high).map(Into::into).map_err(Into::into)
        }
        "range" => {
            let [low, mid, high] = parameters(field, &words::LOW_MID_HIGH, ["low", "mid", "high"], findings)?;
            Range::new(low, mid, high, scale).map(Into::into).map_err(Into::into)
        }
        "normal" => {
            let [mean, sd] = parameters(field, &words::MEAN_SD, ["mean", "sd"], findings)?;
            Normal::new(mean, sd).map(Into::into).map_err(Into::into)
        }
        "beta" => beta(field, findings)?,
        "lognormal" => log_normal(field, findings)?,
        "choice" => Discrete::new(choice(field, findings)?).map(Into::into).map_err(Into::into),
        _ => Empirical::new(data(field, findings)?).map(Into::into).map_err(Into::into),
    };
    built.map_err(|error| refuse(field, &error.to_string(), findings)).ok()
}

/// Errors of distributions read "what is wrong; what to do".
fn refuse(field: &Field<'_>, error: &str, findings: &mut Findings) {
    let (wrong, help) = error.split_once("; ").unwrap_or((error, "change one of its numbers"));
    field.error(findings, format_args!("will not do: {wrong}"), help);
}

/// The named parameters of a distribution, all of which must be there.
fn parameters<const N: usize>(
    field: &Field<'_>,
    words: &Words,
    names: [&str; N],
    findings: &mut Findings,
) -> Option<[f64; N]> {
    let example = format!("{{ {} }}", names.map(|name| format!("{name} = ...")).join(", "));
    let fields = field.fields(words, &example, findings)?;
    let mut found = [0.0; N];
    let mut complete = true;
    for (slot, name) in found.iter_mut().zip(names) {
        match fields.need(name, &example, findings).and_then(|field| field.plain(findings)) {
            Some(value) => *slot = value,
            None => complete = false,
        }
    }
    complete.then_some(found)
}

fn says(field: &Field<'_>, word: &str) -> bool {
    matches!(&field.item.value, crate::scenario::raw::Value::Table(table) if table.get(word).is_some())
}

type Built = Result<Distribution, DistributionError>;

fn beta(field: &Field<'_>, findings: &mut Findings) -> Option<Built> {
    if says(field, "sd") {
        let [mean, sd] = parameters(field, &words::MEAN_SD, ["mean", "sd"], findings)?;
        return Some(Beta::from_mean_sd(mean, sd).map(Into::into).map_err(Into::into));
    }
    if says(field, "n") {
        let [mean, n] = parameters(field, &words::MEAN_N, ["mean", "n"], findings)?;
        return Some(Beta::from_mean_n(mean, n).map(Into::into).map_err(Into::into));
    }
    let words = if says(field, "mean") { &words::BETA } else { &words::A_B };
    let names = if says(field, "mean") { ["mean", "sd"] } else { ["a", "b"] };
    let [a, b] = parameters(field, words, names, findings)?;
    Some(Beta::new(a, b).map(Into::into).map_err(Into::into))
}

fn log_normal(field: &Field<'_>, findings: &mut Findings) -> Option<Built> {
    if says(field, "median") || says(field, "factor") {
        let [median, factor] = parameters(field, &words::MEDIAN_FACTOR, ["median", "factor"], findings)?;
        return Some(LogNormal::from_median_factor(median, factor).map(Into::into).map_err(Into::into));
    }
    let [mean, sd] = parameters(field, &words::LOGNORMAL, ["mean", "sd"], findings)?;
    Some(LogNormal::from_mean_sd(mean, sd).map(Into::into).map_err(Into::into))
}

fn choice(field: &Field<'_>, findings: &mut Findings) -> Option<Vec<(f64, f64)>> {
    let example = "[{ value = 0, chance = 0.15 }, { value = 1, chance = 0.85 }]";
    let rows = field.list(example, findings)?;
    rows.iter()
        .map(|row| {
            let fields = row.fields(&words::CHOICE, "{ value = 0, chance = 0.15 }", findings)?;
            let value = fields.need("value", "value = 0", findings).and_then(|field| field.plain(findings));
            let chance = fields.need("chance", "chance = 0.15", findings);
            Some((value?, super::events::chance(&chance?, findings)?))
        })
        .collect::<Vec<_>>()
        .into_iter()
        .collect()
}

fn data(field: &Field<'_>, findings: &mut Findings) -> Option<Vec<f64>> {
    let values = field.list("[0.31, 0.42, 0.38]", findings)?;
    values.iter().map(|value| value.plain(findings)).collect::<Vec<_>>().into_iter().collect()
}
