//! Outcomes: people by intake, counts given rates, measured levels with noise.

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Real, RealColumn, Unit, Whole};
use super::super::plan::op::{Arithmetic, NoiseOp};
use super::Shared;
use super::inputs::{Inputs, shifted};
use super::{persons, stops};
use crate::draw::address::{Address, Kind};
use crate::scenario::model::{Cell, Comparison, Investment, Noise, Outcome, OutcomeKind, Population, What};

/// The measured quantities of an investment.
pub(super) struct Outcomes {
    /// Enrolled people, by intake.
    enrolled: Vec<Whole>,
    /// The people of each group, by intake and then by group.
    groups: Vec<Vec<Whole>>,
    /// By outcome, then by cell: people, or levels in 10⁻⁹.
    cells: Vec<Vec<Whole>>,
}

impl Outcomes {
    /// The quantity of a cell.
    pub(super) fn cell(&self, outcome: usize, cell: usize) -> Whole {
        self.cells[outcome][cell]
    }

    /// The people enrolled in an intake.
    pub(super) fn enrolled(&self, intake: usize) -> Whole {
        self.enrolled[intake]
    }

    /// The people of the groups of an intake, in their order.
    pub(super) fn groups(&self, intake: usize) -> &[Whole] {
        &self.groups[intake]
    }

    /// The people a cell is measured of: everyone enrolled in its intake, a group of them, or those who reached its
    /// parent.
    pub(super) fn people(&self, of: Population, intake: usize, parent: Option<usize>) -> Whole {
        match (of, parent) {
            (Population::Group(group), _) => self.groups[intake][group],
            (Population::Reached(outcome), Some(cell)) => self.cells[outcome][cell],
            _ => self.enrolled[intake],
        }
    }
}

/// Adds the columns of the cohort and of all outcomes.
pub(super) fn compile(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
) -> Result<Outcomes, RangeError> {
    let cohort = &investment.cohort;
    let origin = Origin::at(format!("{}.enrolled", investment.id), &cohort.span);
    let people = shared.builder.people(inputs.value(cohort.people, 0), origin.clone())?;
    let mut enrolled = shared.builder.divide(people, &cohort.shares, Unit::People, &origin);
    for (intake, people) in enrolled.iter_mut().enumerate() {
        let at = (What::Enrolment, cohort.intakes[intake]);
        *people = stops::people(shared, investment, at, *people, &origin)?;
    }
    if let Some(case) = shared.case_of(investment) {
        case.enrolled.iter().for_each(|(intake, people)| enrolled[*intake] = Whole::Constant(*people));
    }
    let groups = match &cohort.groups {
        None => Vec::new(),
        Some(groups) => {
            let divide =
                |people: &Whole| shared.builder.divide(*people, &groups.shares, Unit::People, &origin);
            enrolled.iter().map(divide).collect()
        }
    };
    shared.note_people(investment, &enrolled, &groups);
    let mut outcomes = Outcomes { enrolled, groups, cells: Vec::with_capacity(investment.outcomes.len()) };
    for (number, outcome) in investment.outcomes.iter().enumerate() {
        let set = shared.case_of(investment).and_then(|case| case.outcomes.get(&number));
        let mut cells = Vec::with_capacity(outcome.cells.len());
        for index in 0..outcome.cells.len() {
            let before = cells.last().copied().filter(|_| outcome.ladder && outcome.cells[index].point > 0);
            let at = (outcomes.cells.len(), index);
            let set = set.and_then(|set| set.get(&index)).map(|found| Whole::Constant(*found));
            cells.push(match (set, &outcome.kind) {
                (Some(found), _) => {
                    let Cell { intake, parent, .. } = outcome.cells[index];
                    let of = before.unwrap_or_else(|| outcomes.people(outcome.of, intake, parent));
                    shared.note_outcome(outcome, index, of, None, found);
                    found
                }
                (None, OutcomeKind::PeopleWith(_) | OutcomeKind::Each(_) | OutcomeKind::Stays(_)) => {
                    persons::cell(shared, investment, inputs, &outcomes, at)?
                }
                (None, _) => cell(shared, investment, inputs, &outcomes, outcome, index, before)?,
            });
        }
        outcomes.cells.push(cells);
    }
    Ok(outcomes)
}

/// The quantity of a cell; `before` are those who reached the step before on a ladder.
fn cell(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
    outcome: &Outcome,
    index: usize,
    before: Option<Whole>,
) -> Result<Whole, RangeError> {
    let cell = &outcome.cells[index];
    let name = format!("{}.{}", investment.id, outcome.name);
    let lane = (cell.intake as u64) << 32 | cell.point as u64;
    let label = format!("{name}, intake {}, point {}", cell.intake + 1, cell.point + 1);
    let origin = Origin::at(label, &outcome.span);
    let stopped = Origin::at(format!("{} unless it was stopped", origin.label), &outcome.span);
    let value = |shared: &mut Shared<'_>, number| {
        shifted(shared, investment, inputs, number, cell.intake, cell.measured)
    };
    match &outcome.kind {
        OutcomeKind::Rate(rates) => {
            let rate = value(shared, rates[cell.point]);
            let rate = shared.builder.clamp(rate, 0.0, 1.0, origin.clone());
            let of = before.unwrap_or_else(|| outcomes.people(outcome.of, cell.intake, cell.parent));
            let stream = shared.builder.stream(Address::new(Kind::Chance, name, lane));
            let found = match outcome.clustering {
                None => shared.builder.count(stream, of, rate, origin),
                Some(clustering) => {
                    let alike = inputs.value(clustering, cell.intake);
                    shared.builder.clustered_count(stream, of, rate, alike, origin)
                }
            };
            let at = (What::Measuring, cell.measured);
            let found = stops::people(shared, investment, at, found, &stopped)?;
            shared.note_outcome(outcome, index, of, Some(rate), found);
            Ok(found)
        }
        // A formula is computed where it is read, from what is pooled there; persons have a file of their own.
        OutcomeKind::Formula(_)
        | OutcomeKind::PeopleWith(_)
        | OutcomeKind::Each(_)
        | OutcomeKind::Stays(_) => Ok(Whole::ZERO),
        OutcomeKind::Level { levels, noise } => {
            let level = value(shared, levels[cell.point]);
            let noise = match noise {
                None => None,
                Some(noise) => {
                    let people = noise_people(outcomes, outcome, noise, index);
                    let sd = inputs.value(noise.sd, cell.intake);
                    let stream =
                        shared.builder.stream(Address::new(Kind::Chance, format!("{name}.noise"), lane));
                    let score = shared.builder.score(stream, origin.clone());
                    let common = noise.shared.as_ref().map(|name| {
                        let name = format!("{}.shared.{name}", investment.id);
                        let stream = shared.builder.stream(Address::new(Kind::Chance, name, lane));
                        shared.builder.score(stream, origin.clone())
                    });
                    Some(noise_op(sd, (score, common), people, noise.against))
                }
            };
            let biased = outcome.bias.map_or(level, |bias| {
                let bias = inputs.value(bias, cell.intake);
                shared.builder.arithmetic(Arithmetic::Add, level, bias, origin.clone())
            });
            let found = shared.builder.measure(biased, noise, origin)?;
            let found = stops::level(shared, investment, cell.measured, found, &stopped);
            let of = outcomes.people(outcome.of, cell.intake, cell.parent);
            shared.note_outcome(outcome, index, of, Some(level), found);
            Ok(found)
        }
    }
}

fn noise_people(outcomes: &Outcomes, outcome: &Outcome, noise: &Noise, index: usize) -> Whole {
    let cell = &outcome.cells[index];
    match noise.people {
        Population::Enrolled | Population::Group(_) => outcomes.people(noise.people, cell.intake, None),
        Population::Reached(reached) => {
            // The measured people's own outcome has one point, or the same points.
            let points = outcomes.cells[reached].len() / outcomes.enrolled.len();
            outcomes.cells[reached][cell.intake * points + cell.point.min(points - 1)]
        }
    }
}

fn noise_op(
    sd: Real,
    (score, comparison): (RealColumn, Option<RealColumn>),
    people: Whole,
    against: Comparison,
) -> NoiseOp {
    let (fixed, matched) = match against {
        Comparison::None => (0.0, 0.0),
        Comparison::Size(size) => (1.0 / size, 0.0),
        Comparison::Matched(matched) => (0.0, 1.0 / matched),
    };
    NoiseOp { sd, score, comparison, people, fixed, matched }
}
