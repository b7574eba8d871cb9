//! The words of the language: which may stand in which table, and which are reserved for later.

/// The words of one kind of table.
#[derive(Debug)]
pub(crate) struct Words {
    /// What the program reads.
    pub(crate) now: &'static [&'static str],
    /// What is settled in the design but not built, each with the nearest thing that is.
    pub(crate) reserved: &'static [(&'static str, &'static str)],
    /// Sets of words of which a table uses one; laying one over a base takes the others away.
    pub(crate) one_of: &'static [&'static [&'static str]],
}

/// The tables of a scenario that hold tables by id.
pub(crate) const BY_ID: [&str; 13] = [
    "party",
    "fund",
    "input",
    "correlation",
    "factor",
    "event",
    "index",
    "outcome",
    "test",
    "term",
    "limit",
    "budget",
    "case",
];

/// The tables of a scenario that stand alone.
pub(crate) const ALONE: [&str; 3] = ["cohort", "payment", "documents"];

/// The kinds of distribution of an input.
pub(crate) const KINDS: [&str; 16] = [
    "value",
    "range",
    "uniform",
    "triangular",
    "pert",
    "beta",
    "normal",
    "lognormal",
    "choice",
    "data",
    "quantiles",
    "metalog",
    "mixture",
    "experts",
    "evidence",
    "formula",
];

/// The kinds of distribution of the units of each person, and of the parts of a mixture.
pub(crate) const PLAIN_KINDS: [&str; 10] =
    ["value", "range", "uniform", "triangular", "pert", "beta", "normal", "lognormal", "choice", "data"];

/// The words of a table that holds one of [`PLAIN_KINDS`] and its bounds, beside others.
macro_rules! distribution {
    ($($other:literal),*) => {
        plain(&[
            $($other,)*
            "value",
            "range",
            "uniform",
            "triangular",
            "pert",
            "beta",
            "normal",
            "lognormal",
            "choice",
            "data",
            "at_least",
            "at_most",
        ])
    };
}

pub(crate) const TOP: Words = Words {
    now: &[
        "udfald",
        "investment",
        "portfolio",
        "name",
        "ids",
        "currency",
        "price_level",
        "as_of",
        "starts",
        "ends",
        "budget_years",
        "base",
        "remove",
        "include",
        "documents",
        "party",
        "fund",
        "cohort",
        "input",
        "correlation",
        "factor",
        "event",
        "index",
        "outcome",
        "test",
        "term",
        "limit",
        "payment",
        "budget",
        "case",
    ],
    reserved: &[],
    one_of: &[],
};

pub(crate) const PORTFOLIO: Words = plain(&[
    "udfald",
    "portfolio",
    "name",
    "include",
    "currency",
    "price_level",
    "as_of",
    "budget_years",
    "documents",
    "budget",
]);

pub(crate) const PARTY: Words = plain(&["name", "budget_year", "booked", "ids"]);

pub(crate) const FUND: Words = Words {
    now: &["party", "amount", "drawn", "repaid", "rank", "return_cap", "surplus", "guarantee", "ids"],
    reserved: &[],
    one_of: &[],
};

pub(crate) const GUARANTEE: Words = Words {
    now: &["amount", "share", "multiple", "balance", "simple", "average", "by", "up_to"],
    reserved: &[("yearly", "`balance` (compounding), `simple` or `average`: they differ, say which")],
    one_of: &[],
};

/// Of these a guarantee says one.
pub(crate) const GUARANTEED: [&str; 6] = ["amount", "share", "multiple", "balance", "simple", "average"];

/// What a price with rows is multiplied by: the money of a fund, or its yearly interest.
pub(crate) const BASE: Words = plain(&["principal", "interest"]);

pub(crate) const PROMISE: Words = Words {
    now: &["multiple", "balance", "simple", "average"],
    reserved: &[("yearly", "`balance` (compounding), `simple` or `average`: they differ, say which")],
    one_of: &[],
};

pub(crate) const COHORT: Words = plain(&["people", "intakes", "groups", "alike"]);

pub(crate) const INPUT: Words = Words {
    now: &[
        "value",
        "range",
        "uniform",
        "triangular",
        "pert",
        "beta",
        "normal",
        "lognormal",
        "choice",
        "data",
        "quantiles",
        "metalog",
        "mixture",
        "experts",
        "evidence",
        "formula",
        "at_least",
        "at_most",
        "loads",
        "shifts",
        "drawn",
        "class",
        "of",
        "stream",
    ],
    reserved: &[
        ("low", "`range = { low, mid, high }`"),
        ("mid", "`range = { low, mid, high }`"),
        ("high", "`range = { low, mid, high }`"),
    ],
    one_of: &[&KINDS],
};

pub(crate) const SHIFT: Words =
    Words { now: &["logit", "times", "plus", "becomes", "intakes", "exposure"], reserved: &[], one_of: &[] };

/// Inputs that go up and down together.
pub(crate) const CORRELATION: Words = plain(&["between", "rank", "copula"]);

/// How extremes of a correlation come together.
pub(crate) const COPULA: Words = plain(&["t"]);

pub(crate) const FACTOR: Words = plain(&["class"]);

pub(crate) const EVENT: Words = Words {
    now: &["chance", "on", "onset", "until", "recovery", "stops", "loads", "class"],
    reserved: &[("when", "`chance`")],
    one_of: &[],
};

pub(crate) const INDEX: Words =
    Words { now: &["years", "yearly", "from"], reserved: &[], one_of: &[&["years", "yearly"]] };

pub(crate) const OUTCOME: Words =
    Words { now: OUTCOME_WORDS, reserved: OUTCOME_RESERVED, one_of: &[&["at", "on"], &OUTCOME_KINDS] };

/// Of these an outcome has one.
pub(crate) const OUTCOME_KINDS: [&str; 6] = ["rate", "level", "formula", "each", "people_with", "stays"];

/// The words that make an outcome, in `outcome.*` and in a term with an outcome of its own.
pub(crate) const OUTCOME_WORDS: &[&str] = &[
    "of",
    "at",
    "on",
    "rate",
    "ladder",
    "level",
    "noise",
    "bias",
    "clustering",
    "formula",
    "round_to",
    "each",
    "people_with",
    "stays",
];

const OUTCOME_RESERVED: &[(&str, &str)] =
    &[("observed", "a variant with the observed rate as `value`"), ("unit", "nothing: leave it out")];

pub(crate) const PEOPLE_WITH: Words = plain(&["all", "any", "none", "at_least", "of"]);

pub(crate) const STAYS: Words = plain(&["every", "for", "start", "leave", "back", "allow"]);

/// The distribution of the units of each person.
pub(crate) const EACH: Words = distribution![];

pub(crate) const NOISE: Words = plain(&["sd", "people", "against", "matched", "shared"]);

pub(crate) const TERM: Words = Words {
    now: &[
        "for",
        "of",
        "at",
        "on",
        "rate",
        "ladder",
        "level",
        "noise",
        "bias",
        "clustering",
        "formula",
        "round_to",
        "each",
        "people_with",
        "stays",
        "price",
        "base",
        "times",
        "index",
        "measured",
        "pays",
        "when",
        "paid_by",
        "due",
        "paid",
        "to",
        "two_sided",
        "whole_kroner",
        "account",
        "ids",
    ],
    reserved: &[
        ("not_paid_by", "`when` with a test that says `none` of what the other term waits for"),
        ("observed", "a variant with the observed rate as `value`"),
    ],
    one_of: &[&["at", "on"], &OUTCOME_KINDS],
};

pub(crate) const TEST: Words = Words {
    now: &["all", "any", "none", "at_least", "of", "measured"],
    reserved: &[],
    one_of: &[&["all", "any", "none", "of"]],
};
pub(crate) const COMPARE: Words = plain(&["outcome", "at_least", "above", "at_most", "below"]);

pub(crate) const ROW: Words = plain(&["from", "above", "below", "pay", "each", "rise_to"]);
pub(crate) const SPLIT: Words = plain(&["until", "shares"]);
pub(crate) const DUE: Words = plain(&["after", "on"]);
pub(crate) const PAID: Words = Words {
    now: &["after"],
    reserved: &[
        ("on", "`due = { on = ... }`: the date on which an amount falls due"),
        ("shares", "one term for each part of the amount"),
    ],
    one_of: &[],
};

pub(crate) const LIMIT: Words = Words {
    now: &["terms", "payer", "per", "at_most", "excess", "at_least", "index"],
    reserved: &[],
    one_of: &[],
};

/// A ceiling that is a share of other amounts.
pub(crate) const SHARE: Words = plain(&["share", "of"]);

/// A ceiling that is what is still due to a fund.
pub(crate) const DUE_TO: Words = Words {
    now: &["fund", "multiple", "balance", "simple", "average"],
    reserved: &[("yearly", "`balance` (compounding), `simple` or `average`: they differ, say which")],
    one_of: &[],
};

pub(crate) const EXCESS: Words = plain(&["payer", "pass"]);

pub(crate) const PAYMENT: Words = plain(&["paid_by", "due", "paid", "order"]);
pub(crate) const BUDGET: Words = plain(&["account", "appropriation"]);

/// Dates of intakes in equal steps.
pub(crate) const EVERY: Words = plain(&["from", "every", "times"]);

/// Measuring points in equal steps.
pub(crate) const REPEATED: Words = plain(&["every", "times"]);

pub(crate) const LOW_HIGH: Words = plain(&["low", "high"]);
pub(crate) const LOW_MODE_HIGH: Words = plain(&["low", "mode", "high"]);
pub(crate) const LOW_MID_HIGH: Words = plain(&["low", "mid", "high", "covers", "scale"]);
/// Beside the quantiles themselves.
pub(crate) const QUANTILES: Words = plain(&["fit"]);
/// Beside the quantiles themselves.
pub(crate) const METALOG: Words = plain(&["low", "high"]);

/// A part of a mixture: its share, and a distribution.
pub(crate) const MIXED: Words = distribution!["share"];

/// What one expert holds: a name, a weight, and a distribution.
pub(crate) const EXPERT: Words = distribution!["name", "weight"];

/// From a study's effect to a forecast.
pub(crate) const EVIDENCE: Words = plain(&["effect", "low", "high", "covers", "usual", "elsewhere"]);

pub(crate) const A_B: Words = plain(&["a", "b"]);
pub(crate) const MEAN_SD: Words = plain(&["mean", "sd"]);
pub(crate) const MEAN_N: Words = plain(&["mean", "n"]);
pub(crate) const MEDIAN_FACTOR: Words = plain(&["median", "factor"]);
pub(crate) const CHOICE: Words = plain(&["value", "chance"]);

/// All words of a beta or a lognormal distribution, for a table that says too little.
pub(crate) const BETA: Words = plain(&["a", "b", "mean", "sd", "n"]);
pub(crate) const LOGNORMAL: Words = plain(&["mean", "sd", "median", "factor"]);

/// A table without reserved words.
pub(crate) const fn plain(now: &'static [&'static str]) -> Words {
    Words { now, reserved: &[], one_of: &[] }
}

/// The words of a table that may be laid over a base.
pub(crate) fn of_table(name: &str) -> Option<&'static Words> {
    Some(match name {
        "party" => &PARTY,
        "fund" => &FUND,
        "cohort" => &COHORT,
        "input" => &INPUT,
        "correlation" => &CORRELATION,
        "factor" => &FACTOR,
        "event" => &EVENT,
        "index" => &INDEX,
        "outcome" => &OUTCOME,
        "test" => &TEST,
        "term" => &TERM,
        "limit" => &LIMIT,
        "payment" => &PAYMENT,
        "budget" => &BUDGET,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_is_both_built_and_reserved() {
        for name in BY_ID.iter().chain(&ALONE) {
            let Some(words) = of_table(name) else { continue };
            for (word, _) in words.reserved {
                assert!(!words.now.contains(word), "{name}.{word}");
            }
            for word in words.one_of.iter().copied().flatten() {
                assert!(words.now.contains(word), "{name}.{word}");
            }
        }
    }

    #[test]
    fn the_top_holds_every_table() {
        assert!(BY_ID.iter().chain(&ALONE).all(|table| TOP.now.contains(table)));
    }
}
