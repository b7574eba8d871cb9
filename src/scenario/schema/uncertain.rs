//! The schema of what is not known: inputs with their distributions, factors, events, indices and cases.

use serde_json::{Value, json};

use super::shape::{
    Said, any, between, by_date, by_name, by_year, choice, date, duration, fraction, list, name, needing,
    number, one_or_more, open, requires, share, table, text, year,
};
use crate::scenario::choices;
use crate::scenario::words::{self, Words};

pub(super) fn inputs() -> Value {
    let mut said = distributions();
    said.extend([
        (
            "quantiles",
            "Values by the chance of staying below them, `{ p10 = 0.3, p90 = 0.5 }`, met as nearly as a fitted curve can.",
            percents(&words::QUANTILES, vec![("fit", "What is fitted; if left out, what its use implies.", choice(&choices::FITS))]),
        ),
        (
            "metalog",
            "Values by the chance of staying below them, all met exactly, within bounds `low` and `high`.",
            percents(
                &words::METALOG,
                vec![("low", "Nothing is below this.", number()), ("high", "Nothing is above this.", number())],
            ),
        ),
        ("mixture", "One of several distributions, each with its share.", list(&mixed())),
        ("experts", "What several experts hold, pooled by their weights.", list(&expert())),
        ("evidence", "A study's effect with its interval, brought here.", evidence()),
        ("formula", "Arithmetic on other inputs: + - * /, min, max, parentheses.", text()),
        ("loads", "How strongly it follows each factor, from -1 to 1.", by_name(&between(-1, 1))),
        ("shifts", "What each event does to it.", by_name(&shift())),
        ("drawn", "Whether it is drawn once (the default) or anew for each intake.", choice(&choices::DRAWN)),
        (
            "class",
            "Something we do not know (\"ignorance\", the default), or something that happens (\"shock\").",
            choice(&choices::CLASSES),
        ),
        ("of", "Whom the evidence counted: \"enrolled\", a group, an outcome, or other people.", name()),
        ("stream", "An earlier name whose random numbers it keeps.", text()),
    ]);
    by_name(&table(&words::INPUT, said))
}

/// A part of a mixture.
fn mixed() -> Value {
    let mut said = distributions();
    said.push(("share", "The share of this part; all add up to 1.", share()));
    needing(super::shape::with_one_of(table(&words::MIXED, said), &words::PLAIN_KINDS), &["share"])
}

/// What one expert holds.
fn expert() -> Value {
    let mut said = distributions();
    said.push(("name", "Who it is.", text()));
    said.push(("weight", "How much this one counts beside the others; 1 if left out.", number()));
    super::shape::with_one_of(table(&words::EXPERT, said), &words::PLAIN_KINDS)
}

fn evidence() -> Value {
    let usual = parameters(&words::MEAN_SD);
    let said = vec![
        ("effect", "What the study found; if left out, the middle of its interval.", number()),
        ("low", "The low end of its interval.", number()),
        ("high", "The high end of its interval.", number()),
        ("covers", "The share that the interval covers; 0.95 if left out.", number()),
        ("usual", "What efforts of its kind achieve: mean and standard deviation.", usual),
        ("elsewhere", "How far true effects differ from place to place: a standard deviation.", number()),
    ];
    needing(table(&words::EVIDENCE, said), &["low", "high"])
}

/// Numbers by quantile, `p10` or `p97_5`, beside other words.
fn percents(words: &Words, said: Vec<Said>) -> Value {
    let mut shape = table(words, said);
    shape["patternProperties"] = json!({ "^p[0-9]{1,2}(_[0-9]{1,3})?$": number() });
    shape
}

/// The words of a distribution, as inputs have them and `each`.
pub(super) fn distributions() -> Vec<Said> {
    let low_high = "The smallest and the largest value, all between equally likely.";
    vec![
        ("value", "A number that is known.", number()),
        ("range", "The values it stays below with 10, 50 and 90 per cent: `{ low, mid, high }`.", range()),
        ("uniform", low_high, parameters(&words::LOW_HIGH)),
        (
            "triangular",
            "The least, most likely and largest value, in straight lines.",
            parameters(&words::LOW_MODE_HIGH),
        ),
        (
            "pert",
            "The least, most likely and largest value, in a smooth curve.",
            parameters(&words::LOW_MODE_HIGH),
        ),
        (
            "beta",
            "A share: `{ a, b }`, `{ mean, sd }` or `{ mean, n }`.",
            any(&[parameters(&words::A_B), parameters(&words::MEAN_SD), parameters(&words::MEAN_N)]),
        ),
        ("normal", "The bell curve.", parameters(&words::MEAN_SD)),
        (
            "lognormal",
            "A positive number: `{ mean, sd }` or `{ median, factor }`.",
            any(&[parameters(&words::MEAN_SD), parameters(&words::MEDIAN_FACTOR)]),
        ),
        ("choice", "One of a few values, each with its chance.", list(&choice_row())),
        ("data", "Observed values, each equally likely.", list(&number())),
        ("at_least", "Values below this are cut off; what is cut is spread over the rest.", number()),
        ("at_most", "Values above this are cut off; what is cut is spread over the rest.", number()),
    ]
}

/// What the parameters of distributions are.
const PARAMETERS: [(&str, &str); 10] = [
    ("low", "The low end."),
    ("mode", "The most likely value."),
    ("mid", "The median."),
    ("high", "The high end."),
    ("a", "The first parameter: successes seen, roughly."),
    ("b", "The second parameter: failures seen, roughly."),
    ("mean", "The mean."),
    ("sd", "The standard deviation."),
    ("n", "How many people the mean is worth."),
    ("median", "The median."),
];

/// A table of numbers, all of which must be there.
fn parameters(words: &Words) -> Value {
    needing(table(words, described(words)), words.now)
}

fn described(words: &Words) -> Vec<Said> {
    let known = PARAMETERS.iter().filter(|(word, _)| words.now.contains(word));
    let factor = ("factor", "The factor between the median and the value one standard deviation above it.");
    known.chain([&factor]).map(|(word, sentence)| (*word, *sentence, number())).collect()
}

fn range() -> Value {
    let mut said = described(&words::LOW_MID_HIGH);
    let sentence = "The scale on which it is fitted; if left out, that of its use.";
    said.push(("scale", sentence, choice(&choices::SCALES)));
    said.push((
        "covers",
        "The share between low and high; 0.80 if left out, 0.90 for a range of 90 per cent.",
        number(),
    ));
    let needed = open(any(&[requires(&["mid"]), requires(&["covers"])]));
    let mut range = needing(table(&words::LOW_MID_HIGH, said), &["low", "high"]);
    range["allOf"] = json!([needed]);
    range
}

fn choice_row() -> Value {
    let said = vec![("value", "The value.", number()), ("chance", "Its chance.", share())];
    needing(table(&words::CHOICE, said), words::CHOICE.now)
}

fn shift() -> Value {
    let said = vec![
        ("logit", "Added on the logit scale; only for rates.", number()),
        ("times", "Multiplied by this.", number()),
        ("plus", "Added to it.", number()),
        ("becomes", "Takes its place.", number()),
        (
            "exposure",
            "Which days count: all from start to measuring (\"window\", the default), or the day of measuring.",
            choice(&choices::EXPOSURES),
        ),
        (
            "intakes",
            "The intakes that are hit, in full; if left out, by how much of each lies after the event.",
            one_or_more(&date()),
        ),
    ];
    super::shape::with_one_of(table(&words::SHIFT, said), &["logit", "times", "plus", "becomes"])
}

pub(super) fn correlations() -> Value {
    let pairs = by_name(&by_name(&between(-1, 1)));
    let degrees = table(
        &words::COPULA,
        vec![("t", "Degrees of freedom, 2 to 50; 4 lets extremes come together.", number())],
    );
    by_name(&table(
        &words::CORRELATION,
        vec![
            ("between", "The inputs that go up and down together.", list(&name())),
            (
                "rank",
                "The rank correlation of each pair, -1 to 1: one number, or `{ a = { b = 0.4 } }`.",
                any(&[between(-1, 1), pairs]),
            ),
            (
                "copula",
                "Extremes that come together: `{ t = 4 }`; if left out, each goes its own way.",
                degrees,
            ),
        ],
    ))
}

pub(super) fn factors() -> Value {
    let class =
        "Something that happens (\"shock\", the default), or something we do not know (\"ignorance\").";
    by_name(&table(&words::FACTOR, vec![("class", class, choice(&choices::CLASSES))]))
}

pub(super) fn events() -> Value {
    by_name(&table(
        &words::EVENT,
        vec![
            ("chance", "The chance that it happens.", share()),
            ("on", "The day on which it happens, if it does.", date()),
            ("onset", "How long it takes to be in full force, such as \"8 weeks\".", duration()),
            ("until", "Its last day in full force.", date()),
            ("recovery", "How long it takes to fade after that.", duration()),
            (
                "stops",
                "What ends on its day: new intakes, all measuring, or both and what falls due without an outcome.",
                choice(&choices::STOPS),
            ),
            ("loads", "How strongly it follows each factor, from -1 to 1.", by_name(&between(-1, 1))),
            (
                "class",
                "Something that happens (\"shock\", the default), or something we do not know (\"ignorance\").",
                choice(&choices::CLASSES),
            ),
        ],
    ))
}

pub(super) fn indexes() -> Value {
    by_name(&table(
        &words::INDEX,
        vec![
            (
                "years",
                "The number of each year, such as `{ 2026 = 1.0, 2027 = 1.025 }`.",
                by_year(&fraction()),
            ),
            ("yearly", "The rise from year to year, such as 0.02.", fraction()),
            ("from", "The year from which it rises; 1 until then.", year()),
        ],
    ))
}

/// Words of a case are names of inputs, events and outcomes.
pub(super) fn cases() -> Value {
    let numbers = json!({ "type": ["number", "array"], "items": { "type": "number" } });
    let set = any(&[
        json!({ "type": ["number", "boolean", "array"], "items": { "type": "number" } }),
        by_date(&numbers),
    ]);
    by_name(&by_name(&set))
}
