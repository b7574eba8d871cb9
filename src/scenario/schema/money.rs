//! The schema of what is paid and where it stops: terms, limits and the defaults of payment.

use serde_json::{Value, json};

use super::measured::outcome_words;
use super::people::promise;
use super::shape::{
    amount, any, by_id, by_year, choice, date, duration, flag, fraction, id, list, name, needing, number,
    one_or_more, part, share, table, text, with_one_of,
};
use crate::scenario::{choices, words};

pub(super) fn terms() -> Value {
    let mut said = outcome_words();
    said.extend([
        ("for", "The outcome it pays for; left out for a fixed amount, or beside the words of an outcome of its own.", name()),
        ("price", "What it pays: per unit a number, an input, or a list of them; or rows, a function of what is measured.", price()),
        ("base", "What rows are multiplied by: an amount, one for each reading, or the money of a fund.", base()),
        ("times", "What the price is multiplied by: a number, a share, an input, or a list.", one_or_more(&any(&[fraction(), name()]))),
        ("index", "The index whose number of the year multiplies the price.", name()),
        ("measured", "What one reading pools.", choice(&choices::POOLS)),
        ("pays", "How much of a reading to date is paid.", choice(&choices::PAYS)),
        ("when", "Tests and events that must all hold for a reading to be paid.", one_or_more(&name())),
        ("paid_by", "Who pays: a party, shares by party, or splits that end one after the other.", paid_by()),
        ("due", "When an amount falls due; when it is measured if left out.", due()),
        ("paid", "When cash moves, from the due date.", paid()),
        ("to", "The fund or party that gets it; if left out, the funds that are repaid, by rank.", id()),
        ("two_sided", "Whether amounts may be negative.", flag()),
        ("whole_kroner", "Whether amounts are rounded to whole units of the currency.", flag()),
        ("account", "The account it is booked on; a label carried through to reports.", text()),
        ("ids", super::IDS, super::shape::texts()),
    ]);
    by_id(&table(&words::TERM, said))
}

fn price() -> Value {
    let one = any(&[number(), name()]);
    any(&[one.clone(), list(&one), json!({ "type": "array", "items": row(), "minItems": 1 })])
}

fn row() -> Value {
    let said = vec![
        ("from", "The row begins at this edge: at it or more.", number()),
        ("above", "The row begins above this edge: more than it.", number()),
        ("below", "The first row may hold for everything below this edge.", number()),
        ("pay", "What is paid at the edge; where the row before arrives if left out.", number()),
        ("each", "What is paid more for each unit above the edge.", number()),
        ("rise_to", "What is paid at the next edge, in a line.", number()),
    ];
    with_one_of(table(&words::ROW, said), &["from", "above", "below"])
}

fn base() -> Value {
    let said = vec![
        ("principal", "What this fund has drawn by the due date.", id()),
        ("interest", "What this fund has drawn, times the years since the due date before.", id()),
    ];
    any(&[one_or_more(&amount()), with_one_of(table(&words::BASE, said), words::BASE.now)])
}

fn paid_by() -> Value {
    let shares = any(&[id(), by_id(&part())]);
    let said = vec![
        ("until", "The last due date of this split; the last split has none.", date()),
        ("shares", "Who pays: a party, or shares by party.", shares.clone()),
    ];
    any(&[shares, list(&needing(table(&words::SPLIT, said), &["shares"]))])
}

fn due() -> Value {
    let said = vec![
        ("after", "So long after it is measured, such as \"6 months\".", duration()),
        ("on", "On this date, or one for each reading.", one_or_more(&date())),
    ];
    with_one_of(table(&words::DUE, said), words::DUE.now)
}

fn paid() -> Value {
    let said = vec![("after", "So long after it falls due, such as \"30 days\".", duration())];
    needing(table(&words::PAID, said), &["after"])
}

pub(super) fn limits() -> Value {
    let yearly = any(&[amount(), by_year(&amount())]);
    by_id(&table(
        &words::LIMIT,
        vec![
            ("terms", "The terms it counts; all if left out.", one_or_more(&id())),
            ("payer", "The payer it counts; all if left out.", id()),
            ("per", "The window over which it counts.", choice(&choices::PERS)),
            (
                "at_most",
                "How much passes: an amount, amounts by year, a share of terms, or what is still due to a fund.",
                ceiling(&yearly),
            ),
            (
                "excess",
                "What becomes of the rest: \"lost\", \"rolls\", `{ payer = ... }` or `{ pass = ... }`.",
                excess(),
            ),
            ("at_least", "What must pass at least, topped up when the window closes.", yearly),
            ("index", "The index that a yearly amount grows with.", name()),
        ],
    ))
}

fn ceiling(yearly: &Value) -> Value {
    let share_words = vec![
        ("share", "This share of what the terms in `of` come to.", share()),
        ("of", "The terms it is compared with, or \"total\".", one_or_more(&id())),
    ];
    let share_of = needing(table(&words::SHARE, share_words), words::SHARE.now);
    let mut said = promise();
    said.push(("fund", "The fund that is repaid.", id()));
    let due = with_one_of(needing(table(&words::DUE_TO, said), &["fund"]), words::PROMISE.now);
    any(&[yearly.clone(), share_of, due])
}

fn excess() -> Value {
    let said = vec![
        ("payer", "The party that owes it instead.", id()),
        ("pass", "The share of it that passes all the same.", share()),
    ];
    any(&[choice(&choices::EXCESSES), with_one_of(table(&words::EXCESS, said), words::EXCESS.now)])
}

pub(super) fn payment() -> Value {
    table(
        &words::PAYMENT,
        vec![
            ("paid_by", "Who pays for terms that do not say it.", paid_by()),
            ("due", "When amounts of terms that do not say it fall due.", due()),
            ("paid", "When cash moves for terms that do not say it.", paid()),
            ("order", "Limits in the order in which they act, where the rule does not decide.", list(&id())),
        ],
    )
}
