//! Terms: an outcome or nothing, a price, a payer, and what is pooled into one reading.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::conditions::Tests;
use super::indexes::Indexes;
use super::inputs::Inputs;
use super::investment::Period;
use super::multipliers;
use super::outcomes::{MOST_CELLS, Outcomes, has_own, own_name};
use super::payment::{self, Dates};
use super::price::{self, Bases, Counted};
use super::readings;
use super::{checked_id, known};
use crate::contract::NANO;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Fund, Outcome, Party, Pays, Price, Reading, Split, Term, To};
use crate::scenario::name::Id;
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields, Reported};

/// What terms refer to.
pub(super) struct Around<'a> {
    pub(super) outcomes: &'a Outcomes,
    pub(super) parties: &'a BTreeMap<Id, Party>,
    /// `None` when a fund could not be read.
    pub(super) funds: Option<&'a [Fund]>,
    pub(super) indexes: &'a Indexes,
    /// Noted as used where terms ask for them.
    pub(super) tests: RefCell<Tests<'a>>,
    pub(super) defaults: Option<&'a Fields<'a>>,
    pub(super) period: Period,
}

/// All terms, ascending by id. `None` after an error.
pub(super) fn terms(
    raw: &[(&str, Fields<'_>)],
    around: &Around<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Vec<Term>> {
    let cells = |fields: &Fields<'_>| outcome_cells(fields, around.outcomes);
    if raw.iter().map(|(_, fields)| cells(fields)).sum::<usize>() > MOST_CELLS {
        let title = "the terms read more than 100 000 measurements";
        let span = raw.first().map_or(0..0, |(_, fields)| fields.span.clone());
        findings.push(
            Diagnostic::error(span, title)
                .label("the first term")
                .help("measure less often, or divide the contract"),
        );
        return None;
    }
    let terms: Vec<_> = raw.iter().map(|(id, fields)| term(id, fields, around, inputs, findings)).collect();
    terms.into_iter().collect()
}

/// How many measurements a term meets, as far as it can be told before it is checked.
fn outcome_cells(fields: &Fields<'_>, outcomes: &Outcomes) -> usize {
    let Some(Value::Text(name)) = fields.table.item("for").map(|item| &item.value) else { return 0 };
    outcomes
        .done
        .iter()
        .find(|outcome| outcome.name.as_str() == name)
        .map_or(0, |outcome| outcome.cells.len())
}

fn term(
    text: &str,
    fields: &Fields<'_>,
    around: &Around<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Term> {
    let id = checked_id(fields, text, findings);
    let splits = splits(fields, around, findings);
    let two_sided = fields.get("two_sided").and_then(|field| field.flag(findings)).unwrap_or(false);
    let whole_kroner = fields.get("whole_kroner").and_then(|field| field.flag(findings)).unwrap_or(false);
    let account = fields.get("account").and_then(|field| field.text(findings)).map(str::to_owned);
    let to = to(fields, around, findings);
    let outcome = outcome_of(text, fields, around, findings).ok()?;
    let dates = Dates {
        due: payment::said(fields, around.defaults, "due"),
        paid: payment::said(fields, around.defaults, "paid"),
        period: around.period,
    };
    let (price, readings, pays) = match outcome {
        Some(index) => measured(fields, &around.outcomes.done[index], &dates, around, inputs, findings)?,
        None => fixed(fields, &dates, around, inputs, findings)?,
    };
    let splits = splits?;
    let payers: BTreeSet<&Id> = splits.iter().flat_map(|split| &split.payers).collect();
    let payers = payers.into_iter().cloned().collect();
    Some(Term {
        id: id?,
        outcome,
        price,
        readings,
        pays,
        payers,
        splits,
        to: to?,
        two_sided,
        whole_kroner,
        account,
        span: fields.span.clone(),
    })
}

fn splits(fields: &Fields<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<Vec<Split>> {
    let Some(field) = payment::said(fields, around.defaults, "paid_by") else {
        let help = "write `paid_by = \"municipality\"`, or a default for all terms in [payment]";
        fields.lacks(findings, "does not say who pays", help);
        return None;
    };
    payment::splits(&field, around.parties, findings)
}

/// Who gets its amounts: a fund of that id, else the party. `None` after an error.
fn to(fields: &Fields<'_>, around: &Around<'_>, findings: &mut Findings) -> Option<To> {
    let Some(field) = fields.get("to") else { return Some(To::Funds) };
    let text = field.text(findings)?;
    let fund = around.funds?.iter().find(|fund| fund.id.as_str() == text);
    match fund {
        Some(fund) if fund.repayable => Some(To::Fund(fund.id.clone())),
        Some(_) => {
            field.error(findings, "is a fund that is never repaid", "name a fund that is, or a party");
            None
        }
        None => payment::receiver(&field, around.parties, findings).map(To::Party),
    }
}

/// The outcome a term pays for; `None` for a fixed amount.
fn outcome_of(
    text: &str,
    fields: &Fields<'_>,
    around: &Around<'_>,
    findings: &mut Findings,
) -> Result<Option<usize>, Reported> {
    let own = has_own(fields);
    let Some(field) = fields.get("for") else {
        if !own {
            return Ok(None);
        }
        let mut outcomes = around.outcomes.done.iter();
        return outcomes.position(|o| o.name.as_str() == own_name(text)).map(Some).ok_or(Reported);
    };
    if own {
        field.error(
            findings,
            "stands beside words of an outcome",
            "name an outcome with `for`, or describe it here, not both",
        );
        return Err(Reported);
    }
    let name = field.text(findings).ok_or(Reported)?;
    if around.outcomes.failed.iter().any(|failed| failed == name) {
        return Err(Reported);
    }
    let all = around.outcomes.done.iter().enumerate().map(|(index, outcome)| (outcome.name.as_str(), index));
    known((&field.what, field.span()), name, "outcome", all, findings).map(Some).ok_or(Reported)
}

type Priced = (Price, Vec<Reading>, Pays);

fn measured(
    fields: &Fields<'_>,
    outcome: &Outcome,
    dates: &Dates<'_>,
    around: &Around<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Priced> {
    let pool = readings::pool_of(fields, outcome, findings)?;
    let pays = readings::pays(fields, pool, findings);
    let mut readings = readings::readings(fields, outcome, pool, findings)?;
    dates.set(&mut readings, findings)?;
    around.tests.borrow_mut().set(fields, Some(outcome), Some(pool), &mut readings, findings)?;
    let single = readings.iter().all(|reading| reading.cells.len() == 1);
    let points =
        single.then(|| readings.iter().map(|reading| outcome.cells[reading.cells[0]].point).collect());
    multipliers::set(fields, &mut readings, points.clone(), around.indexes, inputs, findings)?;
    let per = if outcome.counts_people() { 1 } else { NANO };
    let due = readings.iter().map(|reading| reading.due).collect();
    let bases = Bases { funds: around.funds, due };
    let price = price::price(fields, &counted(&readings, points, per), &bases, inputs, findings)?;
    Some((price, readings, pays?))
}

fn counted(readings: &[Reading], points: Option<Vec<usize>>, per: i64) -> Counted {
    let times = readings.iter().map(|reading| reading.times.fixed).collect();
    Counted { readings: readings.len(), points, times, per }
}

fn fixed(
    fields: &Fields<'_>,
    dates: &Dates<'_>,
    around: &Around<'_>,
    inputs: &mut Inputs<'_>,
    findings: &mut Findings,
) -> Option<Priced> {
    for word in ["base", "measured", "pays"] {
        if let Some(field) = fields.get(word) {
            field.error(
                findings,
                "needs an outcome",
                "name one with `for`, or leave it out for a fixed amount",
            );
        }
    }
    let Some(due) = payment::due_on(dates.due.as_ref(), findings) else {
        let help =
            "a fixed amount needs `due = { on = 2028-07-01 }`; for an outcome write `for = \"its_name\"`";
        fields.error(findings, "pays for no outcome and has no date", help);
        return None;
    };
    let field: Option<&Field<'_>> = dates.due.as_ref();
    if let (Some(field), true) = (field, due.windows(2).any(|pair| pair[0] >= pair[1])) {
        field.error(findings, "has dates that do not ascend", "write dates from early to late, each once");
        return None;
    }
    if let (Some(field), Some(outside)) = (field, due.iter().find(|date| !dates.period.holds(**date))) {
        field.error(findings, format_args!("is {outside}, outside the contract"), dates.period.help());
        return None;
    }
    let mut readings: Vec<Reading> = due.iter().copied().map(Reading::on).collect();
    Dates { due: None, paid: dates.paid.clone(), period: dates.period }.set(&mut readings, findings)?;
    multipliers::set(fields, &mut readings, None, around.indexes, inputs, findings)?;
    around.tests.borrow_mut().set(fields, None, None, &mut readings, findings)?;
    Some((price::fixed(fields, &counted(&readings, None, 1), findings)?, readings, Pays::InFull))
}
