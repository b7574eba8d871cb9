//! The uncertain numbers of a contract as dimensions of an integral: which are shared, which belong to one intake.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::reach::OutOfReach;
use super::scores::{Loads, Row, Rows};
use super::uses::{Use, Uses};
use super::words::known_event;
use crate::dist::{Bounded, Law as _, Tails};
use crate::scenario::formula::Expr;
use crate::scenario::model::{
    Effect, Event, Input, InputIndex, InputKind, Investment, Number, Scenario, Shift,
};
use crate::scenario::name::Name;

/// A continuous dimension.
#[derive(Debug)]
pub(super) struct Dimension<'s> {
    /// The input whose score it is; a factor where `None`.
    pub(super) input: Option<(InputIndex, &'s Bounded)>,
    pub(super) row: Row,
}

/// Something with finitely many values.
#[derive(Debug)]
pub(super) struct Choice {
    pub(super) of: ChoiceOf,
    pub(super) row: Row,
    pub(super) atoms: Vec<Atom>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ChoiceOf {
    Input(InputIndex),
    Event(Name),
}

/// A value with its probability, and the scores between which it is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) value: f64,
    pub(super) chance: f64,
    pub(super) scores: (f64, f64),
}

/// An uncertain number of one intake, or one that a single count depends on: integrated where it is used.
#[derive(Debug)]
pub(super) struct Local<'s> {
    pub(super) input: InputIndex,
    /// The intake it is drawn for; every intake where `None`.
    pub(super) intake: Option<usize>,
    pub(super) law: &'s Bounded,
    pub(super) row: Row,
    /// Its values, when there are finitely many.
    pub(super) atoms: Option<Vec<Atom>>,
}

/// All uncertain numbers of an investment.
#[derive(Debug)]
pub(super) struct Uncertain<'s> {
    pub(super) investment: &'s Investment,
    events: &'s BTreeMap<Name, Event>,
    pub(super) dimensions: Vec<Dimension<'s>>,
    pub(super) choices: Vec<Choice>,
    pub(super) locals: Vec<Local<'s>>,
    /// The number of people where it depends on nothing else, and nothing else on it.
    pub(super) people: Option<(&'s Bounded, Row)>,
}

/// More continuous dimensions than this are too many nodes.
const MOST_DIMENSIONS: usize = 3;

/// The values of the shared uncertain numbers at one node.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) weight: f64,
    /// What each dimension adds of its own.
    pub(super) scores: Vec<f64>,
    pub(super) inputs: Vec<f64>,
    pub(super) events: BTreeMap<Name, bool>,
}

/// Where a number of an outcome stands: the intake and the day of measuring decide what events do to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) number: Number,
    pub(super) intake: usize,
    pub(super) measured: Date,
}

/// Values of local numbers at one of their points.
pub(super) type LocalValues = [(InputIndex, f64)];

impl<'s> Uncertain<'s> {
    pub(super) fn new(
        scenario: &'s Scenario,
        investment: &'s Investment,
        uses: &Uses,
    ) -> Result<Self, OutOfReach> {
        let mut found = Self {
            investment,
            events: &scenario.events,
            dimensions: Vec::new(),
            choices: Vec::new(),
            locals: Vec::new(),
            people: None,
        };
        let sorted = Sorted::new(investment, uses)?;
        let mut rows = Rows::default();
        if sorted.needs_factors(scenario, uses) {
            for factor in sorted.factors(scenario, uses) {
                let row = rows.dimension(BTreeMap::from([(factor, 1.0)]));
                found.dimensions.push(Dimension { input: None, row });
            }
        }
        for (index, law) in &sorted.continuous {
            let row = rows.dimension(loads(&investment.inputs[*index].loads));
            found.dimensions.push(Dimension { input: Some((*index, law)), row });
        }
        found.refuse_many()?;
        for (index, law) in &sorted.finite {
            let row = rows.row(&loads(&investment.inputs[*index].loads));
            let atoms = atoms(&law.atoms().unwrap_or_default());
            found.choices.push(Choice { of: ChoiceOf::Input(*index), row, atoms });
        }
        for name in &uses.events {
            let event = &scenario.events[name];
            known_event(name, event)?;
            let row = rows.row(&loads(&event.loads));
            let atoms = atoms(&[(0.0, 1.0 - event.chance), (1.0, event.chance)]);
            found.choices.push(Choice { of: ChoiceOf::Event(name.clone()), row, atoms });
        }
        for (input, intake, law) in sorted.locals {
            let row = rows.row(&loads(&investment.inputs[input].loads));
            let atoms = law.atoms().map(|pairs| atoms(&pairs));
            found.locals.push(Local { input, intake, law, row, atoms });
        }
        found.people =
            sorted.people.map(|(input, law)| (law, rows.row(&loads(&investment.inputs[input].loads))));
        Ok(found)
    }

    fn refuse_many(&self) -> Result<(), OutOfReach> {
        let free = |d: &&Dimension<'_>| d.row.is_free();
        let count = self.dimensions.iter().filter(free).count();
        if count <= MOST_DIMENSIONS {
            return Ok(());
        }
        let named = self.dimensions.iter().filter_map(|d| d.input);
        let names: Vec<_> = named.map(|(i, _)| format!("`{}`", self.investment.inputs[i].name)).collect();
        let why = format!(
            "{count} continuous numbers are shared by several amounts ({}); at most {MOST_DIMENSIONS} are integrated",
            names.join(", ")
        );
        Err(OutOfReach::new(format!("`{}`", self.investment.id), why, &self.investment.span))
    }

    /// Whether a number can take any value of an interval.
    pub(super) fn is_continuous(&self, number: Number, uses: &Uses) -> bool {
        let Number::Input(input) = number else { return false };
        uses.leaves(self.investment, input).iter().any(|leaf| match &self.investment.inputs[*leaf].kind {
            InputKind::Random(law) => law.atoms().is_none(),
            InputKind::Formula(_) => false,
        })
    }

    /// The local numbers that a number of an intake depends on.
    pub(super) fn locals_of(&self, number: Number, intake: usize, uses: &Uses) -> Vec<usize> {
        let Number::Input(input) = number else { return Vec::new() };
        let leaves = uses.leaves(self.investment, input);
        let here = |local: &Local<'_>| {
            leaves.contains(&local.input) && local.intake.is_none_or(|drawn| drawn == intake)
        };
        (0..self.locals.len()).filter(|local| here(&self.locals[*local])).collect()
    }

    /// The value of a number at a node, before events.
    pub(super) fn value(&self, number: Number, node: &Node, locals: &LocalValues) -> f64 {
        let input = match number {
            Number::Fixed(value) => return value,
            Number::Input(input) => input,
        };
        if let Some((_, value)) = locals.iter().find(|(local, _)| *local == input) {
            return *value;
        }
        match &self.investment.inputs[input].kind {
            InputKind::Random(_) => node.inputs[input],
            InputKind::Formula(formula) => self.formula(formula.expression(), node, locals),
        }
    }

    fn formula(&self, expr: &Expr, node: &Node, locals: &LocalValues) -> f64 {
        let of = |e: &Expr| self.formula(e, node, locals);
        match expr {
            Expr::Number(value) => *value,
            Expr::Input(input) => self.value(Number::Input(*input), node, locals),
            Expr::Negate(a) => -of(a),
            Expr::Add(a, b) => of(a) + of(b),
            Expr::Subtract(a, b) => of(a) - of(b),
            Expr::Multiply(a, b) => of(a) * of(b),
            Expr::Divide(a, b) => of(a) / of(b),
            Expr::Minimum(a, b) => of(a).min(of(b)),
            Expr::Maximum(a, b) => of(a).max(of(b)),
        }
    }

    /// The value of a number where an outcome uses it: after what events do to it.
    pub(super) fn shifted(&self, place: &Place, node: &Node, locals: &LocalValues) -> f64 {
        let mut value = self.value(place.number, node, locals);
        let Number::Input(input) = place.number else { return value };
        for shift in &self.investment.inputs[input].shifts {
            let happens = node.events.get(&shift.event).copied().unwrap_or(false);
            let hit = if happens { hit(self.investment, self.events, shift, place) } else { 0.0 };
            if hit > 0.0 {
                value = match shift.effect {
                    Effect::Logit(size) => {
                        let odds = libm::exp(size * hit);
                        value * odds / (1.0 - value + value * odds)
                    }
                    Effect::Times(times) => value * (1.0 + hit * (times - 1.0)),
                    Effect::Plus(plus) => value + hit * plus,
                    Effect::Becomes(number) => value + hit * (number - value),
                };
            }
        }
        value
    }
}

/// How much of an intake's window, both ends included, lies on or after an event.
pub(super) fn hit(
    investment: &Investment,
    events: &BTreeMap<Name, Event>,
    shift: &Shift,
    place: &Place,
) -> f64 {
    if let Some(intakes) = &shift.intakes {
        return if intakes.contains(&place.intake) { 1.0 } else { 0.0 };
    }
    let (start, on) = (investment.cohort.intakes[place.intake], events[&shift.event].course.on());
    let days = |from: Date| from.until(place.measured).map_or(0, |span| span.get_days() + 1);
    if on <= start { 1.0 } else { f64::from(days(on).max(0)) / f64::from(days(start).max(1)) }
}

fn loads(loads: &[(Name, f64)]) -> Loads {
    loads.iter().cloned().collect()
}

/// Values in ascending order, with the scores between which each is taken.
fn atoms(pairs: &[(f64, f64)]) -> Vec<Atom> {
    let mut below = 0.0;
    let mut found: Vec<Atom> = Vec::with_capacity(pairs.len());
    for (index, (value, chance)) in pairs.iter().enumerate() {
        let low = if index == 0 { f64::NEG_INFINITY } else { Tails::from_lower(below).score() };
        below += chance;
        let last = index + 1 == pairs.len();
        let high = if last { f64::INFINITY } else { Tails::from_lower(below).score() };
        found.push(Atom { value: *value, chance: *chance, scores: (low, high) });
    }
    found
}

/// The random inputs that are used, by how they are integrated.
struct Sorted<'s> {
    investment: &'s Investment,
    continuous: Vec<(InputIndex, &'s Bounded)>,
    finite: Vec<(InputIndex, &'s Bounded)>,
    locals: Vec<(InputIndex, Option<usize>, &'s Bounded)>,
    people: Option<(InputIndex, &'s Bounded)>,
}

impl<'s> Sorted<'s> {
    fn new(investment: &'s Investment, uses: &Uses) -> Result<Self, OutOfReach> {
        let mut sorted =
            Self { investment, continuous: vec![], finite: vec![], locals: vec![], people: None };
        for (index, used) in &uses.inputs {
            let input = &investment.inputs[*index];
            let InputKind::Random(law) = &input.kind else { continue };
            sorted.sort(*index, input, law, used)?;
        }
        Ok(sorted)
    }

    fn sort(
        &mut self,
        index: InputIndex,
        input: &'s Input,
        law: &'s Bounded,
        used: &BTreeSet<Use>,
    ) -> Result<(), OutOfReach> {
        let intakes = self.investment.cohort.intakes.len();
        let only_people = used.iter().eq([&Use::People]);
        if only_people && self.investment.cohort.people == Number::Input(index) {
            self.people = Some((index, law));
        } else if input.each_intake && intakes > 1 {
            if !used.iter().all(|u| matches!(u, Use::Cell { .. })) {
                let why = "it is drawn for each intake and used for a price or for the number of people";
                return Err(OutOfReach::new(format!("input `{}`", input.name), why, &input.span));
            }
            let drawn: BTreeSet<usize> = used.iter().filter_map(|u| u.intake()).collect();
            self.locals.extend(drawn.into_iter().map(|intake| (index, Some(intake), law)));
        } else if law.atoms().is_some() {
            self.finite.push((index, law));
        } else if input.loads.is_empty() && used.len() == 1 && matches!(used.first(), Some(Use::Cell { .. }))
        {
            self.locals.push((index, None, law));
        } else {
            self.continuous.push((index, law));
        }
        Ok(())
    }

    /// Factors stand as dimensions of their own where two things depend on them whose scores are not.
    fn needs_factors(&self, scenario: &Scenario, uses: &Uses) -> bool {
        let loaded = |input: InputIndex| usize::from(!self.investment.inputs[input].loads.is_empty());
        let events = uses.events.iter().filter(|name| !scenario.events[*name].loads.is_empty()).count();
        let finite: usize = self.finite.iter().map(|(input, _)| loaded(*input)).sum();
        let people = self.people.map_or(0, |(input, _)| loaded(input));
        let locals: usize = self.locals.iter().map(|(input, ..)| loaded(*input)).sum();
        locals > 0 || events + finite + people > 1
    }

    fn factors(&self, scenario: &Scenario, uses: &Uses) -> BTreeSet<Name> {
        let inputs = uses.inputs.keys().flat_map(|input| &self.investment.inputs[*input].loads);
        let events = uses.events.iter().flat_map(|event| &scenario.events[event].loads);
        inputs.chain(events).map(|(factor, _)| factor.clone()).collect()
    }
}
