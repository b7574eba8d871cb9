//! The schema of who takes part: parties, their budgets, funds and the cohort.

use serde_json::Value;

use super::shape::{
    amount, any, by_date, by_id, by_name, by_year, choice, count, date, duration, fraction, id, needing,
    part, share, table, text, texts, uncertain, with_one_of,
};
use crate::scenario::{choices, words};

pub(super) fn parties() -> Value {
    by_id(&table(
        &words::PARTY,
        vec![
            ("name", "The name as reports show it.", text()),
            (
                "budget_year",
                "The first day of its budget year as month and day; \"01-01\" if left out.",
                month_day(),
            ),
            (
                "booked",
                "Which date decides the budget year of a payment: when it falls due (the default) or when it is paid.",
                choice(&choices::BOOKED),
            ),
            ("ids", super::IDS, texts()),
        ],
    ))
}

fn month_day() -> Value {
    serde_json::json!({ "type": "string", "pattern": r"^\+?[0-9]+-\+?[0-9]+$", "examples": ["04-01"] })
}

pub(super) fn budgets() -> Value {
    by_id(&table(
        &words::BUDGET,
        vec![
            ("account", "The account it is booked on; a label carried through to reports.", text()),
            ("appropriation", "What is appropriated, by budget year.", by_year(&amount())),
        ],
    ))
}

pub(super) fn funds() -> Value {
    by_id(&table(
        &words::FUND,
        vec![
            ("party", "The party that puts the money in.", id()),
            ("amount", "How much it puts in, in whole units of the currency.", amount()),
            ("drawn", "When it is put in, as shares by date; all at `starts` if left out.", by_date(&part())),
            ("repaid", "\"never\" makes it a donation.", choice(&choices::REPAID)),
            ("rank", "Who is repaid first: 1 (the default) before 2.", count(100)),
            (
                "return_cap",
                "The most it gets back: an amount, or a promise such as `{ balance = 0.05 }`.",
                any(&[amount(), with_one_of(table(&words::PROMISE, promise()), words::PROMISE.now)]),
            ),
            (
                "surplus",
                "What becomes of money above the return cap: \"cut\" (not paid, the default) or \"returned\" at the end.",
                choice(&choices::SURPLUS),
            ),
            (
                "guarantee",
                "The least it gets back, and who pays what is missing on the last day.",
                guarantee(),
            ),
            ("ids", super::IDS, texts()),
        ],
    ))
}

/// The words of a promise.
pub(super) fn promise() -> Vec<super::shape::Said> {
    vec![
        ("multiple", "This multiple of what is drawn.", fraction()),
        ("balance", "The balance of an account that compounds yearly at this rate.", share()),
        ("simple", "Principal, and simple interest at this rate on what is outstanding.", share()),
        ("average", "An average yearly return of this rate on all that was drawn, until `ends`.", share()),
    ]
}

fn guarantee() -> Value {
    let mut said = promise();
    said.extend([
        ("amount", "This amount.", amount()),
        ("share", "This share of what is drawn.", share()),
        ("by", "The party that pays what is missing.", id()),
        ("up_to", "The most that it pays.", amount()),
    ]);
    with_one_of(needing(table(&words::GUARANTEE, said), &["by"]), &words::GUARANTEED)
}

pub(super) fn cohort() -> Value {
    let every = table(
        &words::EVERY,
        vec![
            ("from", "The first intake.", date()),
            ("every", "From one intake to the next, such as \"quarter\".", duration()),
            ("times", "How many intakes.", count(1200)),
        ],
    );
    table(
        &words::COHORT,
        vec![
            ("people", "How many people start: a number or an input.", uncertain()),
            (
                "intakes",
                "When they start: shares by date, or equal parts by `from`, `every` and `times`; all on `starts` if left out.",
                any(&[needing(every, &["from", "every", "times"]), by_date(&part())]),
            ),
            ("groups", "Groups of people by name, each a share of every intake.", by_name(&part())),
            (
                "alike",
                "How far the same people do well on several outcomes, from 0 (not at all) to 1 (entirely).",
                share(),
            ),
        ],
    )
}
