//! Distributions of inputs, from the words of a contract to the laws of [`crate::dist`].

use super::inputs::Use;
use crate::dist::{
    Beta, Bounded, Discrete, Distribution, DistributionError, Empirical, Family, Fit, Fixed, LogNormal,
    Metalog, Mixture, Normal, Pert, Range, Scale, Triangular, Uniform,
};
use crate::scenario::choices;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::Behind;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields};
use crate::scenario::words::{self, Words};

/// Quantiles that are met worse than this, in probability, are worth a word.
const LARGEST_MISFIT: f64 = 0.02;

/// The scale on which a range is fitted: as the file says, or as its use implies. `None` after an error.
pub(super) fn scale(
    input: &Fields<'_>,
    field: &Field<'_>,
    word: &str,
    uses: impl Iterator<Item = Use>,
    findings: &mut Findings,
) -> Option<Scale> {
    if !has_range(word, field) {
        return Some(Scale::Plain);
    }
    if let Value::Table(table) = &field.item.value
        && word == "range"
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
        let help = match word {
            "quantiles" => {
                "say what fits: `fit = \"lognormal\"` (people, prices), \"beta\" (shares) or \"normal\""
            }
            _ => "say it: `scale = \"log\"` (people, prices), \"logit\" (shares) or \"plain\" inside `range`",
        };
        field.error(findings, "is used in two ways that imply different scales", help);
        return None;
    }
    Some(first)
}

/// Whether a scale matters that the file does not say: of a range, of fitted quantiles, or of a range in a mixture.
fn has_range(word: &str, field: &Field<'_>) -> bool {
    match (word, &field.item.value) {
        ("range", _) => true,
        ("quantiles", _) => !says(field, "fit"),
        ("mixture" | "experts", Value::List(parts)) => parts.iter().any(|part| match &part.value {
            Value::Table(part) => part.item("range").is_some_and(|range| match &range.value {
                Value::Table(range) => range.get("scale").is_none(),
                _ => false,
            }),
            _ => false,
        }),
        _ => false,
    }
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
    let bound = ["at_least", "at_most"].iter().find_map(|word| input.get(word));
    if let (Distribution::Mixture(_), Some(bound)) = (&distribution, bound) {
        let help = "put the bound inside each of its parts";
        bound.error(findings, "cannot stand beside several distributions", help);
        return None;
    }
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
        "range" => range(field, scale, findings)?,
        "quantiles" => Ok(fit(field, scale, findings)?.distribution),
        "metalog" => metalog(field, findings)?,
        "mixture" => parts(field, &words::MIXED, "share", scale, findings)?,
        "experts" => parts(field, &words::EXPERT, "weight", scale, findings)?,
        "evidence" => {
            let (mean, sd) = super::evidence::evidence(field, findings)?.forecast();
            Normal::new(mean, sd).map(Into::into).map_err(Into::into)
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

/// What stands behind a distribution that was computed: fitted quantiles, or a study.
pub(super) fn behind(word: &str, field: &Field<'_>, scale: Scale, findings: &mut Findings) -> Option<Behind> {
    match word {
        "quantiles" => {
            let fit = fit(field, scale, findings)?;
            let misfit = fit.misfit();
            if misfit > LARGEST_MISFIT {
                let percent = (misfit * 100.0).round();
                let title =
                    format!("{} are met badly: one is off by {percent} percentage points", field.what);
                let help = "`metalog` goes through all of them; or take another `fit`, or fewer quantiles";
                findings.push(Diagnostic::warning(field.span(), title).label("these").help(help));
            }
            Some(Behind::Fit(fit))
        }
        "evidence" => super::evidence::evidence(field, findings).map(Behind::Evidence),
        _ => None,
    }
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

/// Two ends and the share between them, with or without the median.
fn range(field: &Field<'_>, scale: Scale, findings: &mut Findings) -> Option<Built> {
    let example = "{ low = 0.3, mid = 0.4, high = 0.5 }";
    let fields = field.fields(&words::LOW_MID_HIGH, example, findings)?;
    let low = fields.need("low", example, findings).and_then(|field| field.plain(findings));
    let high = fields.need("high", example, findings).and_then(|field| field.plain(findings));
    let mid = fields.optional("mid", findings, Field::plain).ok()?;
    let covers = fields.optional("covers", findings, Field::plain).ok()?;
    // Without the share the median was always needed, and a file that lacks it has most likely lost it.
    if mid.is_none() && covers.is_none() {
        fields.need("mid", example, findings);
        return None;
    }
    let built = Range::covering(low?, mid, high?, covers.unwrap_or(0.8), scale);
    Some(built.map(Into::into).map_err(Into::into))
}

/// Quantiles by probability, and the other words beside them.
type Quantiles<'a> = (Vec<(f64, f64)>, Vec<(&'a str, Field<'a>)>);

/// The quantiles in a table, by keys such as `p10` or `p97_5`, and its other words.
fn quantiles<'a>(field: &Field<'a>, others: &Words, findings: &mut Findings) -> Option<Quantiles<'a>> {
    let (mut points, mut rest) = (Vec::new(), Vec::new());
    for (span, key, value) in field.entries("{ p10 = 0.3, p50 = 0.4, p90 = 0.5 }", findings)? {
        if others.now.contains(&key) {
            rest.push((key, value));
            continue;
        }
        let Some(at) = percent(key) else {
            let title = format!("`{key}` is no word of {}", field.what);
            let help = "`p10` is the value it stays below with 10 %, `p97_5` that with 97.5 %";
            findings.push(Diagnostic::error(span, title).label("here").help(help));
            return None;
        };
        points.push((at, value.plain(findings)?));
    }
    Some((points, rest))
}

/// `p10` is 0.1, `p97_5` is 0.975.
fn percent(key: &str) -> Option<f64> {
    let digits = key.strip_prefix('p')?;
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_') && digits.len() <= 6;
    let percent: f64 = digits.replacen('_', ".", 1).parse().ok()?;
    (plain && percent > 0.0 && percent < 100.0).then_some(percent / 100.0)
}

/// A fitted distribution.
pub(super) fn fit(field: &Field<'_>, scale: Scale, findings: &mut Findings) -> Option<Fit> {
    let (points, rest) = quantiles(field, &words::QUANTILES, findings)?;
    let said = rest.into_iter().next().map(|(_, field)| field.word(&choices::FITS, findings).ok_or(()));
    let family = said.transpose().ok()?.unwrap_or(Family::on(scale));
    Fit::new(points, family).map_err(|error| refuse(field, &error.to_string(), findings)).ok()
}

fn metalog(field: &Field<'_>, findings: &mut Findings) -> Option<Built> {
    let (points, rest) = quantiles(field, &words::METALOG, findings)?;
    let (mut low, mut high) = (None, None);
    for (word, bound) in rest {
        let side = if word == "low" { &mut low } else { &mut high };
        *side = Some(bound.plain(findings)?);
    }
    Some(Metalog::new(points, low, high).map(Into::into).map_err(Into::into))
}

/// The parts of a mixture, or what experts hold, with their weights.
fn parts(
    field: &Field<'_>,
    words: &Words,
    weighed: &str,
    scale: Scale,
    findings: &mut Findings,
) -> Option<Built> {
    let example = format!(
        "[{{ {weighed} = 0.3, value = 0 }}, {{ {weighed} = 0.7, normal = {{ mean = 0.1, sd = 0.05 }} }}]"
    );
    let mut found = Vec::new();
    for row in field.list(&example, findings)? {
        let fields = row.fields(words, &example, findings)?;
        // A name is for the reader alone, but it is a text.
        fields.optional("name", findings, |name, findings| name.text(findings).map(drop)).ok()?;
        let weight = match fields.get(weighed) {
            None if weighed == "weight" => 1.0,
            _ => {
                let weight = fields.need(weighed, &format!("{weighed} = 0.3"), findings)?;
                if weighed == "share" {
                    super::events::chance(&weight, findings)?
                } else {
                    weight.plain(findings)?
                }
            }
        };
        let Some((word, inner)) = fields.one_of(&words::PLAIN_KINDS, findings) else {
            fields.lacks(
                findings,
                "has no distribution",
                "write for example `normal = { mean = 0.1, sd = 0.05 }`",
            );
            return None;
        };
        let scale = self::scale(&fields, &inner, word, std::iter::empty(), findings)
            .filter(|_| says(&inner, "scale"))
            .unwrap_or(scale);
        found.push((weight, bounded(&fields, word, &inner, scale, findings)?));
    }
    let sum: f64 = found.iter().map(|(weight, _)| weight).sum();
    if weighed == "share" && (sum - 1.0).abs() > 1e-9 {
        field.error(
            findings,
            format_args!("has shares that add up to {sum}, not to 1"),
            "what happens in the remaining cases?",
        );
        return None;
    }
    Some(Mixture::new(found).map(Into::into).map_err(Into::into))
}

fn says(field: &Field<'_>, word: &str) -> bool {
    matches!(&field.item.value, Value::Table(table) if table.get(word).is_some())
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
