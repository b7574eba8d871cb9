//! The schema of what is measured and compared: outcomes and tests.

use serde_json::{Value, json};

use super::shape::{
    Said, any, by_name, choice, count, date, duration, flag, name, needing, number, one_or_more, table, text,
    uncertain,
};
use super::uncertain::distributions;
use crate::scenario::{choices, words};

pub(super) fn outcomes() -> Value {
    by_name(&table(&words::OUTCOME, outcome_words()))
}

/// The words of an outcome, which a term may hold too.
pub(super) fn outcome_words() -> Vec<Said> {
    vec![
        ("of", "Of whom it is measured: \"enrolled\", a group, or an outcome that people reach.", name()),
        (
            "at",
            "When it is measured, from the start of each intake: durations, or `{ every = \"quarter\", times = 4 }`.",
            any(&[one_or_more(&duration()), repeated()]),
        ),
        ("on", "The dates on which it is measured.", one_or_more(&date())),
        (
            "rate",
            "The chance of each person to reach it: a number or an input, or one for each measuring point.",
            one_or_more(&uncertain()),
        ),
        ("ladder", "Whether each point is of those who reached the point before.", flag()),
        (
            "level",
            "One measured number for the cohort: a number or an input, or one for each measuring point.",
            one_or_more(&uncertain()),
        ),
        ("noise", "How far a measured level lies from the true one.", noise()),
        ("bias", "By how much the level is measured too high.", uncertain()),
        ("clustering", "The correlation between two people of an intake, given the rate.", uncertain()),
        (
            "formula",
            "Arithmetic on outcomes, \"enrolled\", groups, inputs and numbers: + - * /, min, max.",
            text(),
        ),
        (
            "round_to",
            "What is pooled is rounded to a multiple of this.",
            json!({ "type": "number", "exclusiveMinimum": 0 }),
        ),
        ("each", "Units of every person: a number, a distribution, or a formula.", each()),
        ("people_with", "People of whom several outcomes are asked at once.", people_with()),
        ("stays", "People who stay unbroken for a length of time; a break starts the clock again.", stays()),
    ]
}

fn repeated() -> Value {
    let said = vec![
        ("every", "From one measuring point to the next, such as \"quarter\".", duration()),
        ("times", "How many measuring points.", count(400)),
    ];
    needing(table(&words::REPEATED, said), words::REPEATED.now)
}

fn noise() -> Value {
    let positive = json!({ "type": "number", "exclusiveMinimum": 0 });
    let said = vec![
        ("sd", "The standard deviation of one person.", uncertain()),
        ("people", "Who is measured; those of `of` if left out.", name()),
        ("against", "The size of the comparison group.", positive.clone()),
        ("matched", "How many in the comparison group for each person.", positive),
        ("shared", "The name of a comparison group that other levels are held against too.", name()),
    ];
    needing(table(&words::NOISE, said), &["sd"])
}

fn each() -> Value {
    let drawn = super::shape::with_one_of(table(&words::EACH, distributions()), &words::PLAIN_KINDS);
    any(&[number(), text(), drawn])
}

fn people_with() -> Value {
    table(
        &words::PEOPLE_WITH,
        vec![
            ("all", "Outcomes that a person must all reach.", one_or_more(&name())),
            ("any", "Outcomes of which a person must reach one.", one_or_more(&name())),
            ("none", "Outcomes of which a person must reach none.", one_or_more(&name())),
            ("at_least", "How many of those in `of` a person must reach.", count(1000)),
            ("of", "Outcomes of which a person must reach `at_least` so many.", one_or_more(&name())),
        ],
    )
}

fn stays() -> Value {
    let said = vec![
        ("every", "The length of a step, such as \"1 month\".", duration()),
        ("for", "How many steps are followed.", count(520)),
        ("start", "The share that stays in the first step; everyone if left out.", uncertain()),
        ("leave", "The chance of leaving before each step.", uncertain()),
        ("back", "The chance of coming back before each step; 0 if left out.", uncertain()),
        ("allow", "How many breaks of a person only stop the clock.", count(520)),
    ];
    needing(table(&words::STAYS, said), &["every", "for", "leave"])
}

pub(super) fn tests() -> Value {
    let item = any(&[name(), compare()]);
    by_name(&table(
        &words::TEST,
        vec![
            (
                "all",
                "It holds when all of these hold: tests, events, or comparisons of an outcome.",
                one_or_more(&item),
            ),
            ("any", "It holds when one of these holds.", one_or_more(&item)),
            ("none", "It holds when none of these holds.", one_or_more(&item)),
            ("at_least", "How many of those in `of` must hold.", count(1000)),
            ("of", "It holds when `at_least` so many of these hold.", one_or_more(&item)),
            (
                "measured",
                "What is pooled before it is compared; if left out, what the reading that asks pools.",
                choice(&choices::POOLS),
            ),
        ],
    ))
}

fn compare() -> Value {
    let said = vec![
        ("outcome", "The outcome that is compared.", name()),
        ("at_least", "It must be this or more.", number()),
        ("above", "It must be more than this.", number()),
        ("at_most", "It must be this or less.", number()),
        ("below", "It must be less than this.", number()),
    ];
    needing(table(&words::COMPARE, said), &["outcome"])
}
