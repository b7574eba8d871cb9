//! Readings: what is pooled into one measured number, and how much of what it is worth is paid.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::price;
use crate::contract::schedule::quarter_of;
use crate::scenario::choices::{self, Pool};
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Multiplier, Outcome, OutcomeKind, Pays, Reading};
use crate::scenario::read::{Field, Fields};

/// More measurements in the readings of a term are a mistake: to date, each reading has all those before it.
const MOST_POOLED: usize = 1_000_000;

/// The word of `measured`.
pub(super) fn pool(field: &Field<'_>, findings: &mut Findings) -> Option<Pool> {
    field.word(&choices::POOLS, findings)
}

/// What a term pools.
pub(super) fn pool_of(fields: &Fields<'_>, outcome: &Outcome, findings: &mut Findings) -> Option<Pool> {
    if let Some(field) = fields.get("measured") {
        return pool(&field, findings);
    }
    let rows = fields.get("price").is_some_and(|price| price::has_rows(&price));
    if outcome.cells.len() > 1 && (rows || !outcome.counts_people()) {
        let what = match &outcome.kind {
            _ if rows => "rows",
            OutcomeKind::Formula(_) => "a formula",
            _ => "a level",
        };
        let title = format!(
            "{} reads {what} over {} measurements of `{}` and does not say what one reading pools",
            fields.what,
            outcome.cells.len(),
            outcome.name
        );
        let help =
            "write `measured = \"each intake\"`, \"each time\", \"each year\", \"to date\" or \"at the end\"";
        findings.push(Diagnostic::error(fields.span.clone(), title).label("add `measured`").help(help));
        return None;
    }
    Some(Pool::EachTime)
}

/// How much of a reading a term pays; it must say so where readings go over the same measurements again.
pub(super) fn pays(fields: &Fields<'_>, pool: Pool, findings: &mut Findings) -> Option<Pays> {
    let Some(field) = fields.get("pays") else {
        if pool != Pool::ToDate {
            return Some(Pays::InFull);
        }
        let help = "write `pays = \"increase\"` (what the reading is worth more than the most before) or \
                    `pays = \"in full\"` (all of it, every time)";
        fields.lacks(
            findings,
            "reads what is measured to date and does not say how much of it it pays",
            help,
        );
        return None;
    };
    if pool != Pool::ToDate {
        let help = "only readings \"to date\" go over the same measurements again: leave it out";
        field.error(findings, "goes with `measured = \"to date\"`", help);
        return None;
    }
    let pays = field.word(&choices::PAYS, findings)?;
    let two_sided = fields.get("two_sided").and_then(|field| field.flag(findings)).unwrap_or(false);
    if pays == Pays::IncreaseOrRefund && !two_sided {
        let help = "write `two_sided = true` beside it, or pay the \"increase\" alone";
        field.error(findings, "can be below zero", help);
        return None;
    }
    if pays == Pays::Increase {
        for word in ["index", "times", "base"] {
            let varies = |field: &Field<'_>| word == "index" || field.one_or_more().len() > 1;
            if let Some(field) = fields.get(word).filter(varies) {
                let title =
                    "changes from reading to reading, and the increase would raise what was already paid";
                field.error(findings, title, "pay \"in full\", or read \"each time\"");
                return None;
            }
        }
    }
    Some(pays)
}

/// Cells pooled into readings, ascending by the last measuring date; due and paid when measured, for now.
pub(super) fn readings(
    fields: &Fields<'_>,
    outcome: &Outcome,
    pool: Pool,
    findings: &mut Findings,
) -> Option<Vec<Reading>> {
    let groups = if pool == Pool::ToDate { to_date(outcome) } else { Some(groups(outcome, pool)) };
    if groups.is_none() {
        let help = "measure less often, or read \"each year\"";
        fields.error(findings, "reads more measurements to date than can be added up in each trial", help);
    }
    let mut readings: Vec<Reading> = groups?.into_iter().map(|cells| reading(outcome, cells)).collect();
    readings.sort_by(|a, b| (a.measured, &a.cells).cmp(&(b.measured, &b.cells)));
    Some(readings)
}

fn groups(outcome: &Outcome, pool: Pool) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<(i64, i64), Vec<usize>> = BTreeMap::new();
    for (index, cell) in outcome.cells.iter().enumerate() {
        let key = match pool {
            Pool::EachTime => (index as i64, 0),
            Pool::EachIntake => (cell.intake as i64, 0),
            Pool::EachQuarter => quarter(cell.measured),
            Pool::EachYear => (i64::from(cell.measured.year()), 0),
            Pool::ToDate | Pool::AtTheEnd => (0, 0),
        };
        groups.entry(key).or_default().push(index);
    }
    groups.into_values().collect()
}

/// The calendar quarter of a date.
pub(super) fn quarter(date: Date) -> (i64, i64) {
    let (year, quarter) = quarter_of(date);
    (i64::from(year), i64::from(quarter))
}

fn to_date(outcome: &Outcome) -> Option<Vec<Vec<usize>>> {
    let mut dates: Vec<Date> = outcome.cells.iter().map(|cell| cell.measured).collect();
    dates.sort_unstable();
    let all = dates.len();
    dates.dedup();
    if dates.len() * all > 2 * MOST_POOLED {
        return None;
    }
    let until = |date: Date| (0..all).filter(|cell| outcome.cells[*cell].measured <= date).collect();
    Some(dates.into_iter().map(until).collect())
}

fn reading(outcome: &Outcome, cells: Vec<usize>) -> Reading {
    let measured = cells.iter().map(|cell| outcome.cells[*cell].measured).max().unwrap_or(Date::MIN);
    Reading { cells, ..Reading::on(measured) }
}

impl Reading {
    /// A reading of nothing yet, due and paid on its date.
    pub(super) fn on(date: Date) -> Self {
        Self { cells: Vec::new(), measured: date, due: date, paid: date, times: Multiplier::ONE, when: None }
    }
}
