//! The measurements of an outcome: each intake at each point, with its date and the people it is measured of.

use jiff::civil::Date;

use super::super::investment::Period;
use super::SoFar;
use crate::scenario::diagnose::Findings;
use crate::scenario::model::{Cell, Outcome, Population};
use crate::scenario::read::Fields;

/// More measurements in one investment are a mistake.
pub(in super::super) const MOST_CELLS: usize = 100_000;

/// All measurements of an outcome.
pub(super) fn cells(
    fields: &Fields<'_>,
    of: Population,
    dates: &[Vec<Date>],
    so_far: &SoFar<'_>,
    findings: &mut Findings,
) -> Option<Vec<Cell>> {
    let intakes = &so_far.cohort.intakes;
    let count = intakes.len() * dates.len();
    let so_far_count: usize = so_far.done.iter().map(|outcome| outcome.cells.len()).sum();
    if count + so_far_count > MOST_CELLS {
        fields.error(
            findings,
            format_args!("is measured {count} times"),
            "100 000 measurements in all are allowed",
        );
        return None;
    }
    let mut cells = Vec::with_capacity(count);
    for (intake, start) in intakes.iter().enumerate() {
        for (point, by_intake) in dates.iter().enumerate() {
            let measured = by_intake[intake];
            check_date(fields, measured, *start, so_far.period, findings)?;
            let mut cell = Cell { intake, point, measured, parent: None };
            if let Population::Reached(index) = of {
                cell.parent = Some(parent(fields, &so_far.done[index], &cell, dates.len(), findings)?);
            }
            cells.push(cell);
        }
    }
    Some(cells)
}

pub(super) fn check_date(
    fields: &Fields<'_>,
    measured: Date,
    start: Date,
    period: Period,
    findings: &mut Findings,
) -> Option<()> {
    let field = fields.get("on").or_else(|| fields.get("at"))?;
    if measured < start {
        let title = format!("measures on {measured}, before the intake of {start} begins");
        field.error(findings, title, "write `at = \"12 months\"`, which counts from each intake");
        return None;
    }
    if measured > period.ends {
        let title = format!(
            "measures the intake of {start} on {measured}, after the contract ends on {}",
            period.ends
        );
        field.error(findings, title, "measure earlier, or move `ends`");
        return None;
    }
    Some(())
}

/// The cell of the outcome above: at the same point, or at its only one.
fn parent(
    fields: &Fields<'_>,
    above: &Outcome,
    cell: &Cell,
    points: usize,
    findings: &mut Findings,
) -> Option<usize> {
    let point = match above.points {
        1 => 0,
        n if n == points => cell.point,
        n => {
            let title =
                format!("is measured at {points} points of `{}`, which is measured at {n}", above.name);
            fields.error(findings, title, "give both the same points, or the first one only one");
            return None;
        }
    };
    let index = cell.intake * above.points + point;
    let earlier = above.cells[index].measured;
    if earlier > cell.measured {
        let title = format!("is measured on {}, before `{}` is, on {earlier}", cell.measured, above.name);
        fields.error(findings, title, "measure it at the same time or later");
        return None;
    }
    Some(index)
}
