//! People and outcomes that a case sets: what was measured, or what is planned.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::outcomes::ENROLLED;
use crate::contract::price::to_nano;
use crate::scenario::diagnose::{Diagnostic, Findings};
use crate::scenario::model::{Case, Cohort, Outcome, OutcomeKind, Population};
use crate::scenario::raw::Value;
use crate::scenario::read::{Field, Fields, date_key};

/// Fewer people than this are counted one by one.
const MOST_PEOPLE: i64 = 1_000_000;
/// Levels lie within ± this.
const LARGEST_LEVEL: f64 = 4.0e6;

/// Those whose numbers a case may set.
#[derive(Clone, Copy)]
pub(super) struct People<'a> {
    pub(super) cohort: &'a Cohort,
    pub(super) outcomes: &'a [Outcome],
}

/// Values by cell: by intake, then by measuring point.
type Cells = BTreeMap<usize, i64>;

/// How the values of an outcome are laid out and read.
#[derive(Clone, Copy)]
struct Layout<'a> {
    intakes: &'a [Date],
    points: usize,
    people: bool,
}

impl<'a> People<'a> {
    /// What may be set.
    pub(super) fn names(self) -> impl Iterator<Item = &'a str> + Clone {
        self.outcomes.iter().map(|outcome| outcome.name.as_str()).chain([ENROLLED])
    }

    /// Sets the people enrolled or an outcome; `false` when there is none of that name.
    pub(super) fn set(self, name: &str, field: &Field<'_>, case: &mut Case, findings: &mut Findings) -> bool {
        if name == ENROLLED {
            case.enrolled = self.enrolled(field, findings).unwrap_or_default();
            return true;
        }
        let Some(index) = self.outcomes.iter().position(|outcome| outcome.name.as_str() == name) else {
            return false;
        };
        let outcome = &self.outcomes[index];
        let computed = match outcome.kind {
            OutcomeKind::Formula(_) => Some("is computed from other outcomes"),
            // Limits per person need to know who they are, which a number does not say.
            OutcomeKind::PeopleWith(_) | OutcomeKind::Each(_) | OutcomeKind::Stays(_) => {
                Some("is found person by person")
            }
            OutcomeKind::Rate(_) | OutcomeKind::Level { .. } => None,
        };
        if let Some(computed) = computed {
            field.error(findings, computed, "set the outcomes that it is made of");
            return true;
        }
        let layout =
            Layout { intakes: &self.cohort.intakes, points: outcome.points, people: outcome.counts_people() };
        if let Some(cells) = layout.read(field, findings) {
            case.outcomes.insert(index, cells);
        }
        true
    }

    /// A number is everyone, divided as the cohort is; otherwise by intake.
    fn enrolled(self, field: &Field<'_>, findings: &mut Findings) -> Option<Cells> {
        let layout = Layout { intakes: &self.cohort.intakes, points: 1, people: true };
        if matches!(field.item.value, Value::Number(_)) {
            let everyone = layout.number(field, findings)?;
            return Some(self.cohort.shares.divide(everyone).enumerate().collect());
        }
        layout.read(field, findings)
    }

    /// Real counts contradict each other at times (329 of 328 after three months): prices and limits take what is set.
    pub(super) fn warn_of_more_than_there_are(
        self,
        fields: &Fields<'_>,
        case: &Case,
        findings: &mut Findings,
    ) {
        for (index, cells) in &case.outcomes {
            let outcome = &self.outcomes[*index];
            let over = cells.iter().filter(|_| outcome.counts_people()).find_map(|(cell, people)| {
                let of = of(case, outcome, *index, *cell)?;
                (*people > of).then_some((*cell, *people, of))
            });
            let (Some((cell, people, of)), Some(entry)) = (over, fields.table.get(outcome.name.as_str()))
            else {
                continue;
            };
            let intake = self.cohort.intakes[outcome.cells[cell].intake];
            let title = format!(
                "{} sets {people} people in `{}` for the intake of {intake}, of {of} there are",
                fields.what, outcome.name
            );
            let help = "the number is used as it stands; check it against those it is `of`";
            findings
                .push(Diagnostic::warning(entry.item.span.clone(), title).label("more than that").help(help));
        }
    }
}

impl Layout<'_> {
    /// One number where there is one measurement, a list with one for each, or a table by intake.
    fn read(self, field: &Field<'_>, findings: &mut Findings) -> Option<Cells> {
        if let Value::Table(_) = field.item.value {
            return self.by_intake(field, findings);
        }
        let values = self.values(field, self.intakes.len() * self.points, &self.help(), findings)?;
        Some(values.into_iter().enumerate().collect())
    }

    /// Intakes that are not named stay at their expectation.
    fn by_intake(self, field: &Field<'_>, findings: &mut Findings) -> Option<Cells> {
        let mut cells = Cells::new();
        for (span, key, values) in field.entries("{ 2026-07-01 = 12 }", findings)? {
            let date = date_key(key, &span, &field.what, findings)?;
            let Some(intake) = self.intakes.iter().position(|intake| *intake == date) else {
                let title = format!("{} names {date}, on which no intake starts", field.what);
                let finding = Diagnostic::error(span, title).label("no intake");
                findings.push(finding.help(format!("intakes start on {}", self.dates())));
                return None;
            };
            let values =
                self.values(&values, self.points, "one number for each measuring point", findings)?;
            cells.extend((intake * self.points..).zip(values));
        }
        Some(cells)
    }

    fn values(
        self,
        field: &Field<'_>,
        count: usize,
        help: &str,
        findings: &mut Findings,
    ) -> Option<Vec<i64>> {
        let fields = field.one_or_more();
        if fields.len() != count {
            let plural = |n: usize, one: &str| format!("{n} {one}{}", if n == 1 { "" } else { "s" });
            let (found, needed) = (plural(fields.len(), "number"), plural(count, "measurement"));
            field.error(findings, format_args!("has {found} for {needed}"), help);
            return None;
        }
        fields.iter().map(|field| self.number(field, findings)).collect()
    }

    /// People as a whole number; a level in 10⁻⁹.
    fn number(self, field: &Field<'_>, findings: &mut Findings) -> Option<i64> {
        let number = field.decimal(findings)?;
        if self.people {
            let people = number.scaled(0).filter(|people| (0..MOST_PEOPLE).contains(people));
            if people.is_none() {
                let help = "people are counted: write a whole number, below a million";
                field.error(findings, format_args!("is {number}"), help);
            }
            return people;
        }
        let level = number.to_f64();
        if !(level.abs() <= LARGEST_LEVEL) {
            field.error(findings, format_args!("is {number}"), "levels lie within 4,000,000 units of zero");
            return None;
        }
        Some(number.scaled(9).unwrap_or_else(|| to_nano(level)))
    }

    fn help(self) -> String {
        let Self { intakes, points, .. } = self;
        let intakes_of = match intakes.len() {
            1 => String::new(),
            n => format!("for each of {n} intakes, from {} on, ", self.first()),
        };
        let each =
            if points == 1 { "one number".to_owned() } else { format!("{points} measuring points in order") };
        let table = if intakes.len() == 1 {
            String::new()
        } else {
            format!(
                "; or by intake, `{{ {} = {} }}`",
                self.first(),
                if points == 1 { "12" } else { "[12, 14]" }
            )
        };
        format!("write a list: {intakes_of}{each}{table}")
    }

    fn first(self) -> String {
        self.intakes.first().map_or_else(String::new, Date::to_string)
    }

    fn dates(self) -> String {
        let dates: Vec<_> = self.intakes.iter().take(6).map(Date::to_string).collect();
        let more = if self.intakes.len() > 6 { ", ..." } else { "" };
        format!("{}{more}", dates.join(", "))
    }
}

/// How many people the case says a cell is measured of, if it does.
fn of(case: &Case, outcome: &Outcome, index: usize, cell: usize) -> Option<i64> {
    let at = &outcome.cells[cell];
    if outcome.ladder && at.point > 0 {
        return case.outcomes.get(&index)?.get(&(cell - 1)).copied();
    }
    match outcome.of {
        Population::Enrolled => case.enrolled.get(&at.intake).copied(),
        Population::Group(_) => None,
        Population::Reached(parent) => case.outcomes.get(&parent)?.get(&at.parent?).copied(),
    }
}
