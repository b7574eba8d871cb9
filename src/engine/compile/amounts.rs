//! Amounts: readings, prices, and the split among payers. What comes out is *earned*.

use jiff::civil::Date;

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Real, Unit, Whole};
use super::super::plan::op::Arithmetic;
use super::super::plan::whole::{PERSON, UNDEFINED};
use super::Shared;
use super::conditions::flag;
use super::inputs::Inputs;
use super::measured::Measured;
use super::outcomes::Outcomes;
use super::{persons, stops};
use crate::contract::NANO;
use crate::contract::price::{MILLION, unit_price};
use crate::scenario::model::{
    Booked, Investment, Multiplier, Number, Pays, Price, Reading, Term, UnitPrice, What,
};

/// An amount a payer has earned on a due date, before limits.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Position of the payer among the parties.
    pub(super) payer: usize,
    pub(super) term: usize,
    /// The intake, when the reading has only one.
    pub(super) intake: Option<usize>,
    pub(super) due: Date,
    /// The payer's budget year.
    pub(super) year: i16,
    /// Days from falling due to being paid; zero where nobody books by payment.
    pub(super) delay: i32,
    pub(super) amount: Whole,
}

/// Øre in a krone.
const ORE: i64 = 100;

/// Adds the columns of all amounts; entries come in the order of terms, readings and payers.
pub(super) fn compile(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    outcomes: &Outcomes,
) -> Result<Vec<Entry>, RangeError> {
    let mut entries = Vec::new();
    let measured = Measured { investment, inputs, outcomes };
    let by_payment = shared.scenario.parties.values().any(|party| party.booked == Booked::Paid);
    for (index, term) in investment.terms.iter().enumerate() {
        let mut most = Whole::ZERO;
        for (ordinal, reading) in term.readings.iter().enumerate() {
            let label = format!("{}.{}, due {}", investment.id, term.id, reading.due);
            let origin = Origin::at(label, &term.span);
            let quantity = quantity(shared, measured, term, ordinal, &origin)?;
            let amount = amount(shared, investment, inputs, term, ordinal, quantity, &origin)?;
            if !term.two_sided {
                refuse_negative(shared, amount, &origin)?;
            }
            let condition = match &reading.when {
                None => None,
                Some(condition) => Some(flag(shared, measured, condition, &origin)?),
            };
            let amount = match condition {
                None => amount,
                Some(flag) => shared.builder.gate(amount, flag, origin.clone())?,
            };
            let amount = match &term.price {
                Price::Fixed(_) => {
                    let going = stops::goes_on(shared, investment, (What::Fees, reading.due), &origin);
                    shared.builder.gate(amount, going, origin.clone())?
                }
                _ => amount,
            };
            let amount = if term.whole_kroner { whole_kroner(shared, amount, &origin)? } else { amount };
            let amount = match term.pays {
                Pays::InFull => amount,
                Pays::Increase => increase(shared, amount, &mut most, &origin)?,
                Pays::IncreaseOrRefund => {
                    let before = std::mem::replace(&mut most, amount);
                    shared.builder.difference(&[amount], &[before], Unit::Ore, origin.clone())?
                }
            };
            shared.note_amount(investment, term, ordinal, (inputs, quantity, condition), amount);
            let split = term.split_on(reading.due);
            let parts = shared.builder.divide(amount, &split.shares, Unit::Ore, &origin);
            let delay = if by_payment { days_between(reading.due, reading.paid) } else { 0 };
            for (payer, amount) in split.payers.iter().zip(parts) {
                let party = &shared.scenario.parties[payer];
                let booked = match party.booked {
                    Booked::Due => reading.due,
                    Booked::Paid => reading.paid,
                };
                entries.push(Entry {
                    payer: shared.party(payer),
                    term: index,
                    intake: single_intake(investment, term, reading),
                    due: reading.due,
                    year: party.year_start.year_of(booked),
                    delay,
                    amount,
                });
            }
        }
    }
    Ok(entries)
}

/// Days from falling due to being paid.
pub(super) fn days_between(due: Date, paid: Date) -> i32 {
    due.until(paid).map_or(0, |span| span.get_days())
}

fn single_intake(investment: &Investment, term: &Term, reading: &Reading) -> Option<usize> {
    let cells = &investment.outcomes[term.outcome?].cells;
    let first = cells[*reading.cells.first()?].intake;
    reading.cells.iter().all(|cell| cells[*cell].intake == first).then_some(first)
}

/// What a price is applied to; nothing for a fixed amount.
fn quantity(
    shared: &mut Shared<'_>,
    measured: Measured<'_>,
    term: &Term,
    ordinal: usize,
    origin: &Origin,
) -> Result<Option<Whole>, RangeError> {
    let fixed = matches!(term.price, Price::Fixed(_));
    let Some(index) = term.outcome.filter(|_| !fixed) else { return Ok(None) };
    measured.over(shared, index, &term.readings[ordinal].cells, origin).map(Some)
}

fn amount(
    shared: &mut Shared<'_>,
    investment: &Investment,
    inputs: &Inputs,
    term: &Term,
    ordinal: usize,
    quantity: Option<Whole>,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    let times = term.readings[ordinal].times;
    if let Price::Fixed(amounts) = &term.price {
        return uncertain_times(shared, inputs, Whole::Constant(amounts[ordinal]), times, origin);
    }
    let (Some(index), Some(quantity)) = (term.outcome, quantity) else { return Ok(Whole::ZERO) };
    let outcome = &investment.outcomes[index];
    if quantity == Whole::Constant(UNDEFINED) {
        return Ok(Whole::ZERO);
    }
    if let Some(price) = persons::rounded_price(investment, term, ordinal) {
        return shared.builder.scale(quantity, price, 1, origin.clone());
    }
    let per = if outcome.counts_people() { 1 } else { NANO };
    match &term.price {
        Price::PerUnit(prices) => per_unit(shared, inputs, (quantity, per), prices[ordinal], times, origin),
        Price::Function(pieces, bases) => {
            let nano = if outcome.counts_people() { PERSON } else { 1 };
            let amount = shared.builder.function(quantity, nano, pieces, bases[ordinal], origin.clone())?;
            uncertain_times(shared, inputs, amount, times, origin)
        }
        Price::Fixed(amounts) => Ok(Whole::Constant(amounts[ordinal])),
    }
}

/// Quantity × price × multiplier, rounded once: exactly where nothing but the quantity is uncertain.
fn per_unit(
    shared: &mut Shared<'_>,
    inputs: &Inputs,
    (quantity, per): (Whole, i64),
    price: UnitPrice,
    times: Multiplier,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    if let (UnitPrice::Fixed(millionths), None) = (price, times.uncertain)
        && let Some((numerator, denominator)) = unit_price(millionths, times.fixed, per)
    {
        return shared.builder.scale(quantity, numerator, denominator, origin.clone());
    }
    let mut parts = vec![match price {
        UnitPrice::Fixed(millionths) => Real::Constant(millionths as f64 / MILLION as f64),
        UnitPrice::Input(input) => inputs.value(Number::Input(input), 0),
    }];
    if times.fixed != Multiplier::ONE.fixed {
        parts.push(Real::Constant(*times.fixed.numer() as f64 / *times.fixed.denom() as f64));
    }
    parts.extend(times.uncertain.map(|input| inputs.value(Number::Input(input), 0)));
    let multiply = |a, b| shared.builder.arithmetic(Arithmetic::Multiply, a, b, origin.clone());
    match parts.into_iter().reduce(multiply) {
        Some(Real::Column(price)) => shared.builder.price_uncertain(quantity, per, price, origin.clone()),
        Some(Real::Constant(price)) => {
            let millionths = (price * MILLION as f64).round() as i64;
            shared.builder.scale(quantity, millionths, per * MILLION / ORE, origin.clone())
        }
        None => Ok(Whole::ZERO),
    }
}

/// An amount, already rounded, times an uncertain number.
fn uncertain_times(
    shared: &mut Shared<'_>,
    inputs: &Inputs,
    amount: Whole,
    times: Multiplier,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    if times.uncertain.is_none() {
        return Ok(amount);
    }
    // One øre is a hundredth of a unit at a price of `times` kroner.
    let times = Multiplier { fixed: Multiplier::ONE.fixed, ..times };
    per_unit(shared, inputs, (amount, ORE), UnitPrice::Fixed(MILLION), times, origin)
}

/// Limits let nothing below zero through: an amount that can be negative is refused, with its range as the proof.
fn refuse_negative(shared: &Shared<'_>, amount: Whole, origin: &Origin) -> Result<(), RangeError> {
    let low = shared.builder.lattice(amount).low;
    if low < 0 { Err(RangeError::Negative { origin: origin.clone(), value: low }) } else { Ok(()) }
}

/// What an amount exceeds the most of the readings before, which it then joins.
fn increase(
    shared: &mut Shared<'_>,
    amount: Whole,
    most: &mut Whole,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    let larger = shared.builder.larger(*most, amount, origin.clone());
    let increase = shared.builder.difference(&[larger], &[*most], Unit::Ore, origin.clone())?;
    *most = larger;
    Ok(shared.builder.never_negative(increase))
}

/// Rounds an amount to whole kroner, half away from zero.
fn whole_kroner(shared: &mut Shared<'_>, amount: Whole, origin: &Origin) -> Result<Whole, RangeError> {
    let kroner = shared.builder.scale(amount, 1, 100, origin.clone())?;
    shared.builder.scale(kroner, 100, 1, origin.clone())
}
