//! Which numbers a contract depends on: what is never paid for needs no answer.

use std::collections::{BTreeMap, BTreeSet};

use super::uncertain::{Place, hit};
use crate::scenario::model::{
    InputIndex, InputKind, Investment, Number, Outcome, OutcomeKind, Population, Price, Scenario, UnitPrice,
};
use crate::scenario::name::Name;

/// What a random input is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Use {
    People,
    Price,
    Cell { outcome: usize, cell: usize, intake: usize },
}

impl Use {
    pub(super) fn intake(self) -> Option<usize> {
        if let Self::Cell { intake, .. } = self { Some(intake) } else { None }
    }
}

/// All uses.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// By random input.
    pub(super) inputs: BTreeMap<InputIndex, BTreeSet<Use>>,
    pub(super) events: BTreeSet<Name>,
}

impl Uses {
    pub(super) fn new(scenario: &Scenario, investment: &Investment) -> Self {
        let mut uses = Self::default();
        let mut cells = BTreeSet::new();
        for term in &investment.terms {
            let outcome = term.outcome.into_iter();
            let read = outcome
                .flat_map(|o| term.readings.iter().flat_map(move |r| r.cells.iter().map(move |c| (o, *c))));
            read.for_each(|(outcome, cell)| needed(investment, outcome, cell, &mut cells));
            for reading in &term.readings {
                let times = reading.times.uncertain.into_iter();
                times.for_each(|input| uses.number(investment, Number::Input(input), Use::Price));
            }
            if let Price::PerUnit(prices) = &term.price {
                let inputs = prices.iter().filter_map(|price| match price {
                    UnitPrice::Input(input) => Some(*input),
                    UnitPrice::Fixed(_) => None,
                });
                inputs.for_each(|input| uses.number(investment, Number::Input(input), Use::Price));
            }
        }
        if cells.iter().any(|(outcome, _)| rests_on_people(&investment.outcomes[*outcome])) {
            uses.number(investment, investment.cohort.people, Use::People);
        }
        cells.iter().for_each(|(outcome, cell)| uses.cell(scenario, investment, *outcome, *cell));
        uses
    }

    /// The random inputs that an input is computed from.
    #[allow(clippy::unused_self, reason = "asked of the uses, wherever they are known")]
    pub(super) fn leaves(&self, investment: &Investment, input: InputIndex) -> BTreeSet<InputIndex> {
        leaves(investment, input)
    }

    fn number(&mut self, investment: &Investment, number: Number, at: Use) {
        let Number::Input(input) = number else { return };
        for leaf in leaves(investment, input) {
            self.inputs.entry(leaf).or_default().insert(at);
        }
    }

    fn cell(&mut self, scenario: &Scenario, investment: &Investment, outcome: usize, index: usize) {
        let cell = &investment.outcomes[outcome].cells[index];
        let at = Use::Cell { outcome, cell: index, intake: cell.intake };
        let number = match &investment.outcomes[outcome].kind {
            OutcomeKind::Rate(rates) => rates[cell.point],
            OutcomeKind::Level { levels, noise } => {
                noise.iter().for_each(|noise| self.number(investment, noise.sd, at));
                levels[cell.point]
            }
            // Refused before: see `words`.
            OutcomeKind::Formula(_)
            | OutcomeKind::PeopleWith(_)
            | OutcomeKind::Each(_)
            | OutcomeKind::Stays(_) => return,
        };
        self.number(investment, number, at);
        let Number::Input(input) = number else { return };
        let place = Place { number, intake: cell.intake, measured: cell.measured };
        let shifts = investment.inputs[input].shifts.iter();
        let hits = shifts.filter(|shift| hit(investment, &scenario.events, shift, &place) > 0.0);
        self.events.extend(hits.map(|shift| shift.event.clone()));
    }
}

fn leaves(investment: &Investment, input: InputIndex) -> BTreeSet<InputIndex> {
    match &investment.inputs[input].kind {
        InputKind::Random(_) => BTreeSet::from([input]),
        InputKind::Formula(formula) => {
            let mut direct = Vec::new();
            formula.expression().visit(&mut |leaf| direct.push(*leaf));
            direct.into_iter().flat_map(|leaf| leaves(investment, leaf)).collect()
        }
    }
}

fn rests_on_people(outcome: &Outcome) -> bool {
    !matches!(&outcome.kind, OutcomeKind::Level { noise: None, .. })
}

/// The cell of a level's noise that holds the people measured, when these reached another outcome.
pub(super) fn noise_cell(investment: &Investment, reached: usize, intake: usize, point: usize) -> usize {
    let points = investment.outcomes[reached].points;
    intake * points + point.min(points - 1)
}

/// The step before on a ladder.
pub(super) fn before(outcome: &Outcome, cell: usize) -> Option<usize> {
    (outcome.ladder && outcome.cells[cell].point > 0).then(|| cell - 1)
}

/// A cell and all that it is counted of.
fn needed(investment: &Investment, outcome: usize, index: usize, found: &mut BTreeSet<(usize, usize)>) {
    if !found.insert((outcome, index)) {
        return;
    }
    let (of, cell) = (&investment.outcomes[outcome], &investment.outcomes[outcome].cells[index]);
    match &of.kind {
        OutcomeKind::Rate(_) => {
            if let Some(step) = before(of, index) {
                needed(investment, outcome, step, found);
            } else if let (Population::Reached(parent), Some(at)) = (of.of, cell.parent) {
                needed(investment, parent, at, found);
            }
        }
        OutcomeKind::Level { noise: Some(noise), .. } => {
            if let Population::Reached(people) = noise.people {
                needed(investment, people, noise_cell(investment, people, cell.intake, cell.point), found);
            }
        }
        OutcomeKind::Level { noise: None, .. }
        | OutcomeKind::Formula(_)
        | OutcomeKind::PeopleWith(_)
        | OutcomeKind::Each(_)
        | OutcomeKind::Stays(_) => {}
    }
}
