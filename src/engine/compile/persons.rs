//! Single persons: who reaches an outcome, composites, and what limits per person let through.
//!
//! Nothing here is compiled unless a limit per person or a composite asks who the people are.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::plan::build::{LARGEST, RangeError};
use super::super::plan::column::{Origin, Real, Unit, Whole};
use super::super::plan::op::{Arithmetic, LawIndex};
use super::super::plan::persons::{Claimed, Conditions, Group, PersonValue, Units};
use super::super::plan::real::interval;
use super::Shared;
use super::inputs::{Inputs, shifted};
use super::outcomes::Outcomes;
use crate::contract::price::unit_price;
use crate::dist::{Bounded, Sampler};
use crate::draw::address::{Address, Kind};
use crate::money::{Ore, nearest};
use crate::scenario::formula::Expr;
use crate::scenario::model::{
    AtMost, Cell, Composite, Each, Investment, Limit, Number, Outcome, OutcomeKind, Per, Population, Price,
    Stays, Term, UnitPrice,
};

/// A formula of units that names others, and they others again, has at most so many parts when written out.
const LONGEST: usize = 2000;

/// What is known of single persons in the investment that is being compiled, by outcome and cell.
#[derive(Debug, Default)]
pub(super) struct Known {
    groups: BTreeMap<(usize, usize), Group>,
    units: BTreeMap<(usize, usize), Units>,
    /// By outcome: its distribution and the range of it.
    laws: BTreeMap<usize, (LawIndex, (f64, f64))>,
}

/// What the limits per person of an investment let through.
#[derive(Debug, Default)]
pub(super) struct Passes {
    /// By limit, term, intake and due date.
    passed: BTreeMap<(usize, usize, usize, Date), Vec<Whole>>,
    /// By limit: for every intake, the last due date and the people who reach the limit.
    pub(super) full: BTreeMap<usize, Vec<(usize, Date, Whole)>>,
    /// By limit: the most one person can claim, in øre.
    pub(super) worth: BTreeMap<usize, Ore>,
}

impl Passes {
    /// What a limit lets through of a term's amounts of an intake on a date; without bound where it cannot cut.
    pub(super) fn headroom(&self, limit: usize, term: usize, intake: usize, date: Date) -> Vec<Whole> {
        let passed = self.passed.get(&(limit, term, intake, date)).cloned();
        passed.unwrap_or_else(|| vec![Whole::Constant(LARGEST)])
    }
}

/// The people of an intake who reach a cell of an outcome.
pub(super) fn group(
    shared: &mut Shared<'_>,
    investment: &Investment,
    outcomes: &Outcomes,
    at: (usize, usize),
) -> Result<Group, RangeError> {
    if let Some(known) = shared.persons.groups.get(&at) {
        return Ok(*known);
    }
    let outcome = &investment.outcomes[at.0];
    let cell = &outcome.cells[at.1];
    let enrolled = outcomes.enrolled(cell.intake);
    let origin = origin(investment, outcome, cell);
    let of = of(shared, investment, outcomes, at)?;
    let found = if let OutcomeKind::PeopleWith(composite) = &outcome.kind {
        let conditions = conditions(shared, investment, outcomes, composite, cell)?;
        shared.builder.with(enrolled, of, conditions, origin)?
    } else {
        let count = outcomes.cell(at.0, at.1);
        if count == before(outcomes, outcome, at) {
            of
        } else {
            let scores = scores(shared, investment, outcome, cell);
            shared.builder.faces(scores, enrolled, of, count, origin)?
        }
    };
    shared.persons.groups.insert(at, found);
    Ok(found)
}

/// The groups that a composite asks for, in the intake of a cell and as of its date.
fn conditions(
    shared: &mut Shared<'_>,
    investment: &Investment,
    outcomes: &Outcomes,
    composite: &Composite,
    cell: &Cell,
) -> Result<Conditions, RangeError> {
    let mut groups = |parts: &[usize]| -> Result<Vec<Group>, RangeError> {
        let latest = |part: usize| investment.outcomes[part].latest(cell.intake, cell.measured);
        let cells = parts.iter().filter_map(|part| Some((*part, latest(*part)?)));
        cells.map(|at| group(shared, investment, outcomes, at)).collect()
    };
    Ok(Conditions {
        all: groups(&composite.all)?,
        any: groups(&composite.any)?,
        none: groups(&composite.none)?,
        at_least: match &composite.at_least {
            Some((least, of)) => Some((*least, groups(of)?)),
            None => None,
        },
    })
}

/// How many people a composite has, or the units of all people.
pub(super) fn cell(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
    at: (usize, usize),
) -> Result<Whole, RangeError> {
    let outcome = &investment.outcomes[at.0];
    let cell = &outcome.cells[at.1];
    let (enrolled, origin) = (outcomes.enrolled(cell.intake), origin(investment, outcome, cell));
    if let OutcomeKind::Stays(stays) = &outcome.kind {
        stay(shared, investment, inputs, outcomes, (at, stays))?;
    }
    let found = if let OutcomeKind::Each(_) = outcome.kind {
        let units = units(shared, investment, inputs, outcomes, at)?;
        shared.builder.sum_units(&units, enrolled, &origin)?
    } else {
        let group = group(shared, investment, outcomes, at)?;
        shared.builder.count_members(group, enrolled, origin)
    };
    shared.note_outcome(outcome, at.1, before(outcomes, outcome, at), None, found);
    Ok(found)
}

/// Who stays in the intake of a cell, for all its lengths and steps at once.
fn stay(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
    (at, stays): ((usize, usize), &Stays),
) -> Result<(), RangeError> {
    if shared.persons.groups.contains_key(&at) {
        return Ok(());
    }
    let outcome = &investment.outcomes[at.0];
    let cell = &outcome.cells[at.1];
    let origin = origin(investment, outcome, cell);
    let of = of(shared, investment, outcomes, at)?;
    let first = cell.intake * stays.reached.len();
    let last = outcome.cells[first..first + stays.reached.len()].iter().map(|cell| cell.measured).max();
    let rates = [stays.start, stays.leave, stays.back].map(|rate| {
        let rate = shifted(shared, investment, inputs, rate, cell.intake, last.unwrap_or(cell.measured));
        shared.builder.clamp(rate, 0.0, 1.0, origin.clone())
    });
    let name = format!("{}.{}.stays", investment.id, outcome.name);
    let streams = (0..u64::from(stays.steps))
        .map(|step| {
            let lane = (cell.intake as u64) << 32 | step;
            shared.builder.stream(Address::new(Kind::Chance, name.clone(), lane))
        })
        .collect();
    let reached = stays.reached.iter().map(|(point, step)| (stays.lengths[*point], *step));
    let enrolled = outcomes.enrolled(cell.intake);
    let groups = shared.builder.stays(streams, (enrolled, of), rates, stays.allow, reached, &origin)?;
    for (offset, group) in groups.into_iter().enumerate() {
        shared.persons.groups.insert((at.0, first + offset), group);
    }
    Ok(())
}

/// The people a cell is measured of: those of the step before on a ladder, of another outcome, or of a group. The
/// persons of an intake are numbered through its groups.
fn of(
    shared: &mut Shared<'_>,
    investment: &Investment,
    outcomes: &Outcomes,
    at: (usize, usize),
) -> Result<Group, RangeError> {
    let outcome = &investment.outcomes[at.0];
    let cell = &outcome.cells[at.1];
    if outcome.ladder && cell.point > 0 {
        return group(shared, investment, outcomes, (at.0, at.1 - 1));
    }
    match (outcome.of, cell.parent) {
        (Population::Reached(parent), Some(index)) => group(shared, investment, outcomes, (parent, index)),
        (Population::Group(index), _) => {
            let groups = outcomes.groups(cell.intake);
            let origin = origin(investment, outcome, cell);
            let from = shared.builder.sum(&groups[..index], Unit::People, origin.clone())?;
            let to = shared.builder.sum(&groups[..=index], Unit::People, origin.clone())?;
            shared.builder.between(outcomes.enrolled(cell.intake), (from, to), origin)
        }
        _ => Ok(Group::Everyone),
    }
}

/// How many people a cell is measured of.
fn before(outcomes: &Outcomes, outcome: &Outcome, at: (usize, usize)) -> Whole {
    let cell = &outcome.cells[at.1];
    if outcome.ladder && cell.point > 0 {
        outcomes.cell(at.0, at.1 - 1)
    } else {
        outcomes.people(outcome.of, cell.intake, cell.parent)
    }
}

fn origin(investment: &Investment, outcome: &Outcome, cell: &Cell) -> Origin {
    let name = format!("{}.{}", investment.id, outcome.name);
    let label = format!("{name}, intake {}, point {}", cell.intake + 1, cell.point + 1);
    Origin::at(label, &outcome.span)
}

fn lane(cell: &Cell) -> u64 {
    (cell.intake as u64) << 32 | cell.point as u64
}

/// `sqrt(alike) · person + sqrt(1 − alike) · outcome`, by streams.
fn scores(
    shared: &mut Shared<'_>,
    investment: &Investment,
    outcome: &Outcome,
    cell: &Cell,
) -> Vec<(u32, f64)> {
    let alike = investment.cohort.alike;
    let person = Address::new(Kind::Chance, format!("{}.face", investment.id), cell.intake as u64);
    let own = Address::new(Kind::Chance, format!("{}.{}.face", investment.id, outcome.name), lane(cell));
    let mut found = Vec::new();
    for (address, weight) in [(person, alike), (own, 1.0 - alike)] {
        if weight > 0.0 {
            found.push((shared.builder.stream(address), weight.sqrt()));
        }
    }
    found
}

/// The units of each person in a cell of an outcome.
pub(super) fn units(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
    at: (usize, usize),
) -> Result<Units, RangeError> {
    if let Some(known) = shared.persons.units.get(&at) {
        return Ok(known.clone());
    }
    let outcome = &investment.outcomes[at.0];
    let cell = &outcome.cells[at.1];
    let of = of(shared, investment, outcomes, at)?;
    let OutcomeKind::Each(each) = &outcome.kind else {
        return Ok(Units { of, value: PersonValue::Number(0.0), low: 0, high: 0 });
    };
    let (value, (low, high)) = match each {
        Each::Drawn(bounded) => {
            let name = format!("{}.{}.each", investment.id, outcome.name);
            let stream = shared.builder.stream(Address::new(Kind::Chance, name, lane(cell)));
            let (law, support) = law(shared, at.0, bounded);
            (PersonValue::Drawn { law, stream }, support)
        }
        Each::Formula(formula) => {
            let around = (inputs, outcomes, cell);
            value(shared, investment, around, formula.expression())?
        }
    };
    let whole = |x: f64| (x + 0.5).floor().clamp(-1e12, 1e12) as i64;
    let found = Units { of, value, low: whole(low).min(0), high: whole(high).max(0) };
    if found.parts() > LONGEST {
        return Err(RangeError::TooMany { origin: origin(investment, outcome, cell) });
    }
    shared.persons.units.insert(at, found.clone());
    Ok(found)
}

/// The distribution of an outcome's units, tabulated once for all its cells.
fn law(shared: &mut Shared<'_>, outcome: usize, bounded: &Bounded) -> (LawIndex, (f64, f64)) {
    if let Some(known) = shared.persons.laws.get(&outcome) {
        return *known;
    }
    let sampler = Sampler::from(bounded);
    let support = sampler.support();
    let found = (shared.builder.law(bounded.clone(), sampler), support);
    shared.persons.laws.insert(outcome, found);
    found
}

type Valued = (PersonValue, (f64, f64));

fn value(
    shared: &mut Shared<'_>,
    investment: &Investment,
    around: (&Inputs, &Outcomes, &Cell),
    expr: &Expr,
) -> Result<Valued, RangeError> {
    let (inputs, outcomes, cell) = around;
    let (kind, a, b) = match expr {
        Expr::Number(number) => return Ok((PersonValue::Number(*number), (*number, *number))),
        Expr::Input(leaf) if *leaf < investment.inputs.len() => {
            let number = Number::Input(*leaf);
            let found = shifted(shared, investment, inputs, number, cell.intake, cell.measured);
            let bounds = shared.builder.bounds(found);
            return Ok(match found {
                Real::Constant(number) => (PersonValue::Number(number), bounds),
                Real::Column(column) => (PersonValue::Real(column), bounds),
            });
        }
        Expr::Input(leaf) => {
            let part = leaf - investment.inputs.len();
            let index = investment.outcomes[part].latest(cell.intake, cell.measured);
            let Some(index) = index else { return Ok((PersonValue::Number(0.0), (0.0, 0.0))) };
            let units = units(shared, investment, inputs, outcomes, (part, index))?;
            let bounds = (units.low as f64, units.high as f64);
            return Ok((PersonValue::Units(Box::new(units)), bounds));
        }
        Expr::Negate(a) => (Arithmetic::Subtract, &Expr::Number(0.0), &**a),
        Expr::Add(a, b) => (Arithmetic::Add, &**a, &**b),
        Expr::Subtract(a, b) => (Arithmetic::Subtract, &**a, &**b),
        Expr::Multiply(a, b) => (Arithmetic::Multiply, &**a, &**b),
        Expr::Divide(a, b) => (Arithmetic::Divide, &**a, &**b),
        Expr::Minimum(a, b) => (Arithmetic::Minimum, &**a, &**b),
        Expr::Maximum(a, b) => (Arithmetic::Maximum, &**a, &**b),
    };
    let (a, of_a) = value(shared, investment, around, a)?;
    let (b, of_b) = value(shared, investment, around, b)?;
    Ok((PersonValue::Arithmetic(kind, Box::new(a), Box::new(b)), interval(kind, of_a, of_b)))
}

/// Compiles the limits per person of an investment.
pub(super) fn limits(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
) -> Result<Passes, RangeError> {
    let mut passes = Passes::default();
    for (index, limit) in investment.limits.iter().enumerate() {
        if limit.per == Per::Person {
            for intake in 0..investment.cohort.intakes.len() {
                limit_intake(shared, investment, (inputs, outcomes), (index, limit, intake), &mut passes)?;
            }
        }
    }
    Ok(passes)
}

/// A reading of one cell under a limit per person: due date, term, cell, and øre for each unit.
type Claims = Vec<(Date, usize, (usize, usize), Ore)>;

fn limit_intake(
    shared: &mut Shared<'_>,
    investment: &Investment,
    (inputs, outcomes): (&Inputs, &Outcomes),
    (index, limit, intake): (usize, &Limit, usize),
    passes: &mut Passes,
) -> Result<(), RangeError> {
    let AtMost::Amount(at_most) = limit.at_most else { return Ok(()) };
    let origin = Origin::at(format!("{}.{}, intake {}", investment.id, limit.id, intake + 1), &limit.span);
    let claims = claims(investment, limit, intake);
    let mut claimed = Vec::with_capacity(claims.len());
    let mut worth: i128 = 0;
    for (_, _, at, price) in &claims {
        let (found, most) = if let OutcomeKind::Each(_) = investment.outcomes[at.0].kind {
            let units = units(shared, investment, inputs, outcomes, *at)?;
            let most = units.high;
            (Claimed::Units(units), most)
        } else {
            (Claimed::Once(Group::Nobody), i64::from(outcomes.cell(at.0, at.1) != Whole::ZERO))
        };
        worth += i128::from(most) * i128::from(*price);
        claimed.push(found);
    }
    let most = passes.worth.entry(index).or_default();
    *most = (*most).max(i64::try_from(worth).unwrap_or(LARGEST).min(LARGEST));
    // Nobody can claim more than the limit: it costs nothing.
    if worth <= i128::from(at_most) {
        return Ok(());
    }
    let mut sorted = Vec::with_capacity(claims.len());
    let mut date = 0;
    for (position, ((due, _, at, price), found)) in claims.iter().zip(claimed).enumerate() {
        if position > 0 && *due != claims[position - 1].0 {
            date += 1;
        }
        let found = match found {
            Claimed::Once(_) => Claimed::Once(group(shared, investment, outcomes, *at)?),
            units @ Claimed::Units(_) => units,
        };
        sorted.push((date, found, *price));
    }
    let enrolled = outcomes.enrolled(intake);
    let (passed, full) = shared.builder.person_limit(enrolled, at_most, sorted, &origin)?;
    for ((due, term, ..), passed) in claims.iter().zip(passed) {
        passes.passed.entry((index, *term, intake, *due)).or_default().push(passed);
    }
    if let Some((last, ..)) = claims.last() {
        passes.full.entry(index).or_default().push((intake, *last, full));
    }
    Ok(())
}

/// The readings of an intake that a limit covers: by due date, then in the order of terms and readings.
fn claims(investment: &Investment, limit: &Limit, intake: usize) -> Claims {
    let mut found = Claims::new();
    for index in &limit.terms {
        let term = &investment.terms[*index];
        let Some(outcome) = term.outcome else { continue };
        for (ordinal, reading) in term.readings.iter().enumerate() {
            let Some(cell) = reading.cells.first() else { continue };
            if investment.outcomes[outcome].cells[*cell].intake == intake {
                found.push((reading.due, *index, (outcome, *cell), price(term, ordinal)));
            }
        }
    }
    found.sort_by_key(|(due, term, (_, cell), _)| (*due, *term, *cell));
    found
}

/// The price of one achievement or unit, times its multiplier, in whole øre.
fn price(term: &Term, ordinal: usize) -> Ore {
    let Price::PerUnit(prices) = &term.price else { return 0 };
    let UnitPrice::Fixed(millionths) = prices[ordinal] else { return 0 };
    let exact = unit_price(millionths, term.readings[ordinal].times.fixed, 1);
    // What leaves 64 bits is refused as too large where it meets people.
    exact.map_or(LARGEST, |(numerator, denominator)| nearest(i128::from(numerator), i128::from(denominator)))
}

/// The price of a unit under a limit per person, where a claim of one person is rounded and not their sum; `None` where
/// no such limit covers the term.
pub(super) fn rounded_price(investment: &Investment, term: &Term, ordinal: usize) -> Option<Ore> {
    let mut persons = investment.limits.iter().filter(|limit| limit.per == Per::Person);
    let covered = persons.any(|limit| limit.terms.iter().any(|t| investment.terms[*t].id == term.id));
    covered.then(|| price(term, ordinal))
}
