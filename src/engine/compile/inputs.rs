//! Inputs: one column each (or one per intake), with factors, correlations, formulas and named cases.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use rayon::prelude::*;

use super::super::plan::column::{Origin, Real, RealColumn, Whole};
use super::super::plan::op::{Arithmetic, StreamIndex};
use super::Shared;
use crate::dependence::Family;
use crate::dist::{Bounded, Feed, Sampler};
use crate::draw::address::{Address, Kind};
use crate::scenario::formula::Expr;
use crate::scenario::model::{Effect, Exposure, Input, InputIndex, InputKind, Investment, Number, Shift};
use crate::scenario::name::Name;

/// The values of the inputs of an investment.
pub(super) struct Inputs {
    /// By input, then by intake (one entry when drawn once).
    values: Vec<Vec<Real>>,
}

impl Inputs {
    /// The value of a number for an intake, before any shift by an event.
    pub(super) fn value(&self, number: Number, intake: usize) -> Real {
        match number {
            Number::Fixed(value) => Real::Constant(value),
            Number::Input(input) => {
                let values = &self.values[input];
                values[intake.min(values.len() - 1)]
            }
        }
    }
}

/// Adds the columns of all inputs of an investment.
pub(super) fn compile(shared: &mut Shared<'_>, investment: &Investment) -> Inputs {
    let mut inputs = Inputs { values: Vec::with_capacity(investment.inputs.len()) };
    let mut together = Together::new(investment);
    let samplers = samplers(&investment.inputs, |index| set(shared, investment, index).is_none());
    for ((index, input), sampler) in investment.inputs.iter().enumerate().zip(samplers) {
        let values = match (set(shared, investment, index), &input.kind) {
            (Some(value), _) => vec![Real::Constant(value)],
            (None, InputKind::Formula(formula)) => {
                formula_values(shared, investment, input, formula.expression(), &inputs)
            }
            (None, InputKind::Random(bounded)) => {
                let law = (bounded, &sampler.unwrap_or_else(|| Sampler::from(bounded)));
                let lanes = if input.each_intake { investment.cohort.intakes.len() as u64 } else { 0 };
                (lanes.min(1)..=lanes)
                    .map(|lane| draw(shared, investment, (index, input, law), lane, &mut together))
                    .collect()
            }
        };
        shared.note_input(input, &values);
        inputs.values.push(values);
    }
    inputs
}

/// What a named case says of an input.
fn set(shared: &Shared<'_>, investment: &Investment, input: InputIndex) -> Option<f64> {
    shared.case_of(investment).and_then(|case| case.inputs.get(&input)).copied()
}

/// The tables of the inputs that are drawn: a sixth of the start of a portfolio, so all processors make them.
fn samplers(inputs: &[Input], is_drawn: impl Fn(InputIndex) -> bool) -> Vec<Option<Sampler>> {
    let drawn = inputs.iter().enumerate().map(|(index, input)| match &input.kind {
        InputKind::Random(bounded) if is_drawn(index) => Some(bounded),
        _ => None,
    });
    let drawn: Vec<_> = drawn.collect();
    let make = |bounded: Option<&Bounded>| bounded.map(Sampler::from);
    // Waking a thread takes longer than a table.
    let one = drawn.iter().flatten().nth(1).is_none();
    if one { drawn.into_iter().map(make).collect() } else { drawn.into_par_iter().map(make).collect() }
}

/// One draw of a random input; lane 0 is the cohort, lane i the i-th intake.
fn draw(
    shared: &mut Shared<'_>,
    investment: &Investment,
    (index, input, (bounded, sampler)): (InputIndex, &Input, (&Bounded, &Sampler)),
    lane: u64,
    together: &mut Together<'_>,
) -> Real {
    let (low, high) = sampler.support();
    if !(low < high) {
        return Real::Constant(low);
    }
    let origin = Origin::at(format!("{}.{}", investment.id, input.name), &input.span);
    let stream = own_stream(shared, investment, input, lane);
    let eats_score = sampler.feed() == Feed::Score;
    let law = shared.builder.law(bounded.clone(), sampler.clone());
    if let Some(score) = together.score(shared, index, lane) {
        let from = if eats_score { score } else { shared.builder.probability(score, origin.clone()) };
        return Real::Column(shared.builder.sample(law, from, None, origin));
    }
    if input.loads.is_empty() {
        let from = if eats_score {
            shared.builder.score(stream, origin.clone())
        } else {
            shared.builder.uniform(stream, origin.clone())
        };
        return Real::Column(shared.builder.sample(law, from, Some(stream), origin));
    }
    let own = shared.builder.score(stream, origin.clone());
    let score = mix(shared, &input.loads, own, &origin);
    let from = if eats_score { score } else { shared.builder.probability(score, origin.clone()) };
    Real::Column(shared.builder.sample(law, from, None, origin))
}

/// The own address of an input.
fn own_stream(shared: &mut Shared<'_>, investment: &Investment, input: &Input, lane: u64) -> StreamIndex {
    shared.builder.stream(Address::new(Kind::Input, format!("{}.{}", investment.id, input.stream), lane))
}

/// The scores of inputs that hang together by a correlation, made when the first of a group is drawn.
struct Together<'i> {
    investment: &'i Investment,
    /// The group of an input, and its place there.
    of: BTreeMap<InputIndex, (usize, usize)>,
    /// By group and lane.
    scores: BTreeMap<(usize, u64), Vec<RealColumn>>,
}

impl<'i> Together<'i> {
    fn new(investment: &'i Investment) -> Self {
        let groups = investment.correlations.iter().enumerate();
        let places = groups.flat_map(|(group, correlation)| {
            correlation.inputs.iter().enumerate().map(move |(place, input)| (*input, (group, place)))
        });
        Self { investment, of: places.collect(), scores: BTreeMap::new() }
    }

    /// The score of an input that is in a group.
    fn score(&mut self, shared: &mut Shared<'_>, input: InputIndex, lane: u64) -> Option<RealColumn> {
        let (group, place) = *self.of.get(&input)?;
        let scores = match self.scores.entry((group, lane)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(empty) => empty.insert(group_scores(shared, self.investment, group, lane)),
        };
        scores.get(place).copied()
    }
}

/// `z = L·e`, and for a t copula the scores of `z` under a common scale.
fn group_scores(
    shared: &mut Shared<'_>,
    investment: &Investment,
    group: usize,
    lane: u64,
) -> Vec<RealColumn> {
    let correlation = &investment.correlations[group];
    let path = format!("{}.{}", investment.id, correlation.name);
    let origin = Origin::at(&path, &correlation.span);
    let own: Vec<RealColumn> = correlation
        .inputs
        .iter()
        .map(|input| {
            let stream = own_stream(shared, investment, &investment.inputs[*input], lane);
            shared.builder.score(stream, origin.clone())
        })
        .collect();
    let normal: Vec<RealColumn> = correlation
        .copula
        .weights()
        .iter()
        .map(|row| {
            let parts: Vec<_> =
                row.iter().copied().zip(own.iter().copied()).filter(|(weight, _)| *weight != 0.0).collect();
            match parts[..] {
                [(weight, only)] if weight.to_bits() == 1.0_f64.to_bits() => only,
                _ => shared.builder.mix(parts, origin.clone()),
            }
        })
        .collect();
    let Family::Student(degrees) = correlation.copula.family() else { return normal };
    // Inputs have no dots in their names, so this address is nobody else's.
    let stream = shared.builder.stream(Address::new(Kind::Input, format!("{path}.scale"), lane));
    let common = shared.builder.score(stream, origin.clone());
    normal.into_iter().map(|score| shared.builder.student(degrees, score, common, origin.clone())).collect()
}

/// `Σ l·F + sqrt(1 − Σ l²)·e`.
fn mix(shared: &mut Shared<'_>, loads: &[(Name, f64)], own: RealColumn, origin: &Origin) -> RealColumn {
    let mut parts: Vec<_> = loads.iter().map(|(name, load)| (*load, factor(shared, name))).collect();
    let rest = 1.0 - loads.iter().map(|(_, load)| load * load).sum::<f64>();
    parts.push((rest.max(0.0).sqrt(), own));
    shared.builder.mix(parts, origin.clone())
}

/// The score of a common factor, drawn once for the whole scenario.
fn factor(shared: &mut Shared<'_>, name: &Name) -> RealColumn {
    if let Some(known) = shared.factors.get(name) {
        return *known;
    }
    let span = &shared.scenario.factors[name].span;
    let stream = shared.builder.stream(Address::new(Kind::Factor, name.as_str(), 0));
    let score = shared.builder.score(stream, Origin::at(format!("factor {name}"), span));
    shared.note_factor(name, score);
    shared.factors.insert(name.clone(), score);
    score
}

/// Whether an event happens, drawn once for the whole scenario.
pub(super) fn event(shared: &mut Shared<'_>, investment: &Investment, name: &Name) -> Whole {
    if shared.case.is_some() {
        let happens = shared.case_of(investment).is_some_and(|case| case.events.contains(name));
        let happens = Whole::Constant(i64::from(happens));
        shared.note_event(name, happens);
        return happens;
    }
    if let Some(known) = shared.events.get(name) {
        return *known;
    }
    let event = shared.scenario.events[name].clone();
    let origin = Origin::at(format!("event {name}"), &event.span);
    let stream = shared.builder.stream(Address::new(Kind::Factor, format!("event.{name}"), 0));
    let uniform = if event.loads.is_empty() {
        shared.builder.uniform(stream, origin.clone())
    } else {
        let own = shared.builder.score(stream, origin.clone());
        let score = mix(shared, &event.loads, own, &origin);
        shared.builder.probability(score, origin.clone())
    };
    let happens = shared.builder.happens(uniform, event.chance, origin);
    shared.note_event(name, happens);
    shared.events.insert(name.clone(), happens);
    happens
}

/// The value of a number where an outcome uses it: shifted by events, for the part of the window they hit.
pub(super) fn shifted(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    number: Number,
    intake: usize,
    measured: jiff::civil::Date,
) -> Real {
    let mut value = inputs.value(number, intake);
    let Number::Input(index) = number else { return value };
    let input = &investment.inputs[index];
    let set = shared.case_of(investment).is_some_and(|case| case.inputs.contains_key(&index));
    if set {
        return value;
    }
    for shift in &input.shifts {
        let hit = hit(shared, investment, shift, intake, measured);
        if hit > 0.0 {
            let happens = event(shared, investment, &shift.event);
            let origin =
                Origin::at(format!("{}.{} after {}", investment.id, input.name, shift.event), &input.span);
            value = match shift.effect {
                Effect::Logit(size) => {
                    shared.builder.shift_logit(value, happens, libm::exp(size * hit), origin)
                }
                Effect::Times(times) => {
                    shared.builder.shift_linear(value, happens, 1.0 + hit * (times - 1.0), 0.0, origin)
                }
                Effect::Becomes(number) => {
                    shared.builder.shift_linear(value, happens, 1.0 - hit, hit * number, origin)
                }
                Effect::Plus(plus) => shared.builder.shift_linear(value, happens, 1.0, hit * plus, origin),
            };
        }
    }
    value
}

/// How much of an intake's window an event hits, from 0 to 1.
fn hit(
    shared: &Shared<'_>,
    investment: &Investment,
    shift: &Shift,
    intake: usize,
    measured: jiff::civil::Date,
) -> f64 {
    if let Some(intakes) = &shift.intakes {
        f64::from(u8::from(intakes.contains(&intake)))
    } else {
        let course = &shared.scenario.events[&shift.event].course;
        match shift.exposure {
            Exposure::Window => course.over_window(investment.cohort.intakes[intake], measured),
            Exposure::Day => course.on_day(measured),
        }
    }
}

fn formula_values(
    shared: &mut Shared<'_>,
    investment: &Investment,
    input: &Input,
    expr: &Expr,
    inputs: &Inputs,
) -> Vec<Real> {
    let origin = Origin::at(format!("{}.{}", investment.id, input.name), &input.span);
    let intakes = most_lanes(expr, inputs);
    (0..intakes).map(|intake| evaluate(shared, expr, inputs, intake, &origin)).collect()
}

fn evaluate(shared: &mut Shared<'_>, expr: &Expr, inputs: &Inputs, intake: usize, origin: &Origin) -> Real {
    let (kind, a, b) = match expr {
        Expr::Number(value) => return Real::Constant(*value),
        Expr::Input(index) => return inputs.value(Number::Input(*index), intake),
        Expr::Negate(a) => {
            let a = evaluate(shared, a, inputs, intake, origin);
            return shared.builder.arithmetic(Arithmetic::Subtract, Real::Constant(0.0), a, origin.clone());
        }
        Expr::Add(a, b) => (Arithmetic::Add, a, b),
        Expr::Subtract(a, b) => (Arithmetic::Subtract, a, b),
        Expr::Multiply(a, b) => (Arithmetic::Multiply, a, b),
        Expr::Divide(a, b) => (Arithmetic::Divide, a, b),
        Expr::Minimum(a, b) => (Arithmetic::Minimum, a, b),
        Expr::Maximum(a, b) => (Arithmetic::Maximum, a, b),
    };
    let a = evaluate(shared, a, inputs, intake, origin);
    let b = evaluate(shared, b, inputs, intake, origin);
    shared.builder.arithmetic(kind, a, b, origin.clone())
}

/// How many intakes the inputs of a formula tell apart.
fn most_lanes(expr: &Expr, inputs: &Inputs) -> usize {
    match expr {
        Expr::Number(_) => 1,
        Expr::Input(index) => inputs.values[*index].len(),
        Expr::Negate(a) => most_lanes(a, inputs),
        Expr::Add(a, b)
        | Expr::Subtract(a, b)
        | Expr::Multiply(a, b)
        | Expr::Divide(a, b)
        | Expr::Minimum(a, b)
        | Expr::Maximum(a, b) => most_lanes(a, inputs).max(most_lanes(b, inputs)),
    }
}
