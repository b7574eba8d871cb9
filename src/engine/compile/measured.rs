//! Measured numbers: what is pooled of an outcome over the cells of a reading, and formulas of such numbers.

use std::collections::BTreeMap;

use super::super::plan::build::{LARGEST, RangeError};
use super::super::plan::column::{Origin, Real, Unit, Whole};
use super::super::plan::op::Arithmetic;
use super::super::plan::real::interval;
use super::Shared;
use super::inputs::Inputs;
use super::outcomes::Outcomes;
use crate::contract::NANO;
use crate::scenario::formula::Expr;
use crate::scenario::model::{Investment, Number, Outcome, OutcomeIndex, OutcomeKind, Part, Population};

/// What measured numbers of an investment are made from.
#[derive(Clone, Copy)]
pub(super) struct Measured<'a> {
    pub(super) investment: &'a Investment,
    pub(super) inputs: &'a Inputs,
    pub(super) outcomes: &'a Outcomes,
}

/// A part of a formula over the cells of a reading.
#[derive(Clone, Copy)]
struct Pooled {
    value: Real,
    range: (f64, f64),
    /// A whole number of people.
    people: bool,
}

impl Measured<'_> {
    /// An outcome over some cells: people are added, levels averaged by the people they are measured of, and formulas
    /// computed from what is pooled so. Rounded as the contract says.
    pub(super) fn over(
        self,
        shared: &mut Shared<'_>,
        index: OutcomeIndex,
        cells: &[usize],
        origin: &Origin,
    ) -> Result<Whole, RangeError> {
        let outcome = &self.investment.outcomes[index];
        let columns = || cells.iter().map(|cell| self.outcomes.cell(index, *cell));
        let pooled = match &outcome.kind {
            OutcomeKind::Rate(_) | OutcomeKind::PeopleWith(_) | OutcomeKind::Stays(_) => {
                let people: Vec<_> = columns().collect();
                shared.builder.sum(&people, Unit::People, origin.clone())?
            }
            OutcomeKind::Each(_) => {
                let units: Vec<_> = columns().collect();
                shared.builder.sum(&units, Unit::Units, origin.clone())?
            }
            OutcomeKind::Level { .. } => {
                let weights = cells.iter().map(|cell| self.people(outcome, *cell));
                let parts = columns().zip(weights).collect();
                shared.builder.pool(parts, origin.clone())
            }
            OutcomeKind::Formula(formula) => {
                let value = self.formula(shared, formula, outcome, cells, origin)?;
                self.note_undefined(shared, outcome, value, origin);
                value
            }
        };
        match outcome.round_to {
            Some(step) => shared.builder.round_to(pooled, step, origin.clone()),
            None => Ok(pooled),
        }
    }

    /// Remembers in which trials a formula has no value, to say how many they are.
    fn note_undefined(self, shared: &mut Shared<'_>, outcome: &Outcome, value: Whole, origin: &Origin) {
        let defined = shared.builder.within(value, -LARGEST, LARGEST, origin.clone());
        let undefined = shared.builder.is_zero(defined, origin.clone());
        if undefined != Whole::ZERO {
            let at = (self.investment.id.clone(), outcome.name.clone());
            shared.undefined.entry(at).or_default().push(undefined);
        }
    }

    fn people(self, outcome: &Outcome, cell: usize) -> Whole {
        let cell = &outcome.cells[cell];
        self.outcomes.people(outcome.of, cell.intake, cell.parent)
    }

    fn formula(
        self,
        shared: &mut Shared<'_>,
        formula: &Expr<Part>,
        outcome: &Outcome,
        cells: &[usize],
        origin: &Origin,
    ) -> Result<Whole, RangeError> {
        let mut named = Vec::new();
        formula.visit(&mut |part| named.push(*part));
        let mut parts = BTreeMap::new();
        named.sort_unstable();
        named.dedup();
        for part in named {
            parts.insert(part, self.part(shared, part, outcome, cells, origin)?);
        }
        let computing = Computing { investment: self.investment, parts, origin };
        let value = computing.value(shared, formula)?;
        shared.builder.nano(value, origin.clone())
    }

    /// What is pooled of a part of a formula.
    fn part(
        self,
        shared: &mut Shared<'_>,
        part: Part,
        outcome: &Outcome,
        cells: &[usize],
        origin: &Origin,
    ) -> Result<Pooled, RangeError> {
        let all = |of: Population| -> Vec<Whole> {
            cells.iter().map(|cell| self.outcomes.people(of, outcome.cells[*cell].intake, None)).collect()
        };
        let (quantity, people) = match part {
            Part::Input(input) => {
                let value = self.inputs.value(Number::Input(input), 0);
                return Ok(Pooled { value, range: shared.builder.bounds(value), people: false });
            }
            Part::Outcome(index) => {
                (self.over(shared, index, cells, origin)?, self.investment.outcomes[index].counts_people())
            }
            Part::Enrolled => {
                (shared.builder.sum(&all(Population::Enrolled), Unit::People, origin.clone())?, true)
            }
            Part::Group(group) => {
                (shared.builder.sum(&all(Population::Group(group)), Unit::People, origin.clone())?, true)
            }
        };
        let value = shared.builder.value(quantity, if people { 1 } else { NANO }, origin.clone());
        Ok(Pooled { value, range: shared.builder.bounds(value), people })
    }
}

/// A formula whose parts are pooled.
struct Computing<'a> {
    investment: &'a Investment,
    parts: BTreeMap<Part, Pooled>,
    origin: &'a Origin,
}

impl Computing<'_> {
    fn value(&self, shared: &mut Shared<'_>, formula: &Expr<Part>) -> Result<Real, RangeError> {
        let (kind, a, b) = match formula {
            Expr::Number(number) => return Ok(Real::Constant(*number)),
            Expr::Input(part) => return Ok(self.parts[part].value),
            Expr::Negate(a) => (Arithmetic::Subtract, &Expr::Number(0.0), a.as_ref()),
            Expr::Add(a, b) => (Arithmetic::Add, a.as_ref(), b.as_ref()),
            Expr::Subtract(a, b) => (Arithmetic::Subtract, a.as_ref(), b.as_ref()),
            Expr::Multiply(a, b) => (Arithmetic::Multiply, a.as_ref(), b.as_ref()),
            Expr::Divide(a, b) => (Arithmetic::Quotient, a.as_ref(), b.as_ref()),
            Expr::Minimum(a, b) => (Arithmetic::Least, a.as_ref(), b.as_ref()),
            Expr::Maximum(a, b) => (Arithmetic::Greatest, a.as_ref(), b.as_ref()),
        };
        let range = self.range(formula)?;
        let (a, b) = (self.value(shared, a)?, self.value(shared, b)?);
        Ok(shared.builder.arithmetic_within(kind, a, b, range, self.origin.clone()))
    }

    /// The values of a formula where it has one.
    fn range(&self, formula: &Expr<Part>) -> Result<(f64, f64), RangeError> {
        let both = |kind: Arithmetic, a: &Expr<Part>, b: &Expr<Part>| {
            Ok(interval(kind, self.range(a)?, self.range(b)?))
        };
        match formula {
            Expr::Number(number) => Ok((*number, *number)),
            Expr::Input(part) => Ok(self.parts[part].range),
            Expr::Negate(a) => self.range(a).map(|(low, high)| (-high, -low)),
            Expr::Add(a, b) => both(Arithmetic::Add, a, b),
            Expr::Subtract(a, b) => both(Arithmetic::Subtract, a, b),
            Expr::Multiply(a, b) => both(Arithmetic::Multiply, a, b),
            Expr::Minimum(a, b) => both(Arithmetic::Minimum, a, b),
            Expr::Maximum(a, b) => both(Arithmetic::Maximum, a, b),
            Expr::Divide(a, b) => self.quotient(a, b),
        }
    }

    fn quotient(&self, a: &Expr<Part>, b: &Expr<Part>) -> Result<(f64, f64), RangeError> {
        if let Some(range) = self.share_of(a, b)? {
            return Ok(range);
        }
        let (low, high) = self.range(b)?;
        // People are whole: a divisor of people that is not zero is at least one.
        let (low, high) = match (low, high) {
            _ if low > 0.0 || high < 0.0 => (low, high),
            (0.0, _) if self.whole(b) => (1.0, high.max(1.0)),
            _ => return Err(RangeError::Unbounded { origin: self.origin.clone() }),
        };
        Ok(interval(Arithmetic::Divide, self.range(a)?, (low, high)))
    }

    /// Those who reached something, among the people it is measured of, are at most all of them: `a · x / b` lies
    /// between 0 and x.
    fn share_of(&self, a: &Expr<Part>, b: &Expr<Part>) -> Result<Option<(f64, f64)>, RangeError> {
        let Expr::Input(whole) = b else { return Ok(None) };
        let mut factors = Vec::new();
        gather_factors(a, &mut factors);
        let reached = |factor: &&Expr<Part>| match factor {
            Expr::Input(Part::Outcome(part)) => within(self.investment, *part, *whole),
            _ => false,
        };
        let Some(part) = factors.iter().position(reached) else { return Ok(None) };
        factors.remove(part);
        let mut range = (0.0, 1.0);
        for factor in factors {
            range = interval(Arithmetic::Multiply, range, self.range(factor)?);
        }
        Ok(Some(range))
    }

    /// Whether a formula gives whole numbers.
    fn whole(&self, formula: &Expr<Part>) -> bool {
        match formula {
            Expr::Number(number) => number.fract() == 0.0,
            Expr::Input(part) => self.parts[part].people,
            Expr::Negate(a) => self.whole(a),
            Expr::Add(a, b)
            | Expr::Subtract(a, b)
            | Expr::Multiply(a, b)
            | Expr::Minimum(a, b)
            | Expr::Maximum(a, b) => self.whole(a) && self.whole(b),
            Expr::Divide(..) => false,
        }
    }
}

fn gather_factors<'e>(formula: &'e Expr<Part>, factors: &mut Vec<&'e Expr<Part>>) {
    match formula {
        Expr::Multiply(a, b) => {
            gather_factors(a, factors);
            gather_factors(b, factors);
        }
        other => factors.push(other),
    }
}

/// Whether those who reach an outcome are some of these people.
fn within(investment: &Investment, part: OutcomeIndex, whole: Part) -> bool {
    let outcome = &investment.outcomes[part];
    let rounded =
        |part: Part| matches!(part, Part::Outcome(index) if investment.outcomes[index].round_to.is_some());
    if !outcome.counts_people() || outcome.round_to.is_some() || rounded(whole) {
        return false;
    }
    match outcome.of {
        Population::Enrolled => whole == Part::Enrolled,
        Population::Group(group) => whole == Part::Group(group) || whole == Part::Enrolled,
        Population::Reached(above) => whole == Part::Outcome(above) || within(investment, above, whole),
    }
}
