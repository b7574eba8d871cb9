//! What each part of the compiler tells the ledger index: one call a place.

use jiff::civil::Date;

use super::super::ledger::{Journal, Line, Measure, Source, Step};
use super::super::plan::column::{Real, RealColumn, Unit, Whole};
use super::Shared;
use super::inputs::Inputs;
use super::vessel::Live;
use crate::scenario::model::{Input, Investment, Multiplier, Number, Outcome, Price, Term, UnitPrice};
use crate::scenario::name::Name;

/// Everyone in the cohort.
const ENROLLED: &str = "enrolled";

/// What a limit does with some amounts on a date.
pub(super) struct Pass<'p> {
    pub(super) date: Date,
    /// When the amounts were first presented, if they are presented again.
    pub(super) since: Option<Date>,
    /// The year in which the limit counts.
    pub(super) year: i16,
    pub(super) group: &'p [Live],
    /// What was left before; nothing where persons have limits of their own.
    pub(super) headroom: Option<Whole>,
    pub(super) passed: &'p [Whole],
    pub(super) left: Option<Whole>,
}

impl Shared<'_> {
    /// A factor was drawn.
    pub(super) fn note_factor(&mut self, name: &Name, score: RealColumn) {
        let source = || Source::Number(Real::Column(score));
        self.journal.write_shared(|| Line::new(Step::Factor, name).figure(Measure::Score, source()));
    }

    /// An event happens or not.
    pub(super) fn note_event(&mut self, name: &Name, happens: Whole) {
        let line = || Line::new(Step::Event, name).figure(Measure::Happens, Source::Flag(happens));
        self.journal.write_shared(line);
    }

    /// An input has values: one, or one for each intake.
    pub(super) fn note_input(&mut self, input: &Input, values: &[Real]) {
        for (intake, value) in values.iter().enumerate() {
            let line = || Line::new(Step::Input, &input.name).figure(Measure::Value, Source::Number(*value));
            self.journal.write(|| Line { intake: (values.len() > 1).then_some(intake), ..line() });
        }
    }

    /// People are enrolled in intakes, and divided into groups.
    pub(super) fn note_people(&mut self, investment: &Investment, enrolled: &[Whole], groups: &[Vec<Whole>]) {
        let mut note = |item: &str, intake: usize, people: Whole| {
            self.journal.write(|| {
                let people = Source::People(vec![people]);
                let line = Line::new(Step::People, item).figure(Measure::Measured, people);
                let date = investment.cohort.intakes.get(intake).copied();
                Line { intake: Some(intake), date, ..line }
            });
        };
        enrolled.iter().enumerate().for_each(|(intake, people)| note(ENROLLED, intake, *people));
        let names = investment.cohort.groups.iter().flat_map(|groups| &groups.names);
        for (group, name) in names.enumerate() {
            for (intake, groups) in groups.iter().enumerate() {
                note(name.as_str(), intake, groups[group]);
            }
        }
    }

    /// An outcome is measured in a cell: of whom, by which rate or level, and what is found.
    pub(super) fn note_outcome(
        &mut self,
        outcome: &Outcome,
        cell: usize,
        of: Whole,
        rate: Option<Real>,
        found: Whole,
    ) {
        let found = self.measured(outcome, found);
        self.journal.write(|| {
            let line = Line::new(Step::Outcome, &outcome.name);
            let line = line.figure(Measure::Of, Source::People(vec![of]));
            let line = match rate {
                Some(rate) => line.figure(Measure::Rate, Source::Number(rate)),
                None => line,
            };
            let cell = &outcome.cells[cell];
            let (intake, point) = (Some(cell.intake), Some(cell.point));
            let line = line.figure(Measure::Measured, found);
            Line { intake, point, date: Some(cell.measured), ..line }
        });
    }

    /// A term is worth an amount on a due date: quantity, price of a unit where it has one, whether a
    /// condition is met, and amount.
    pub(super) fn note_amount(
        &mut self,
        investment: &Investment,
        term: &Term,
        ordinal: usize,
        (inputs, quantity, condition): (&Inputs, Option<Whole>, Option<Whole>),
        amount: Whole,
    ) {
        let quantity = quantity
            .zip(term.outcome)
            .map(|(quantity, outcome)| self.measured(&investment.outcomes[outcome], quantity));
        self.journal.write(|| {
            let mut line = Line::new(Step::Amount, &term.id);
            if let Some(quantity) = quantity {
                line = line.figure(Measure::Quantity, quantity);
            }
            if let Some(price) = unit_price(term, ordinal, inputs) {
                line = line.figure(Measure::Price, Source::Number(price));
            }
            let reading = &term.readings[ordinal];
            for times in multipliers(reading.times, inputs) {
                line = line.figure(Measure::Times, Source::Number(times));
            }
            if let Some(condition) = condition {
                line = line.figure(Measure::Condition, Source::Flag(condition));
            }
            Line { date: Some(reading.due), ..line.figure(Measure::Amount, Source::ore(amount)) }
        });
    }

    /// How a measured integer is read: people, money, or 10⁻⁹ of a level.
    fn measured(&self, outcome: &Outcome, value: Whole) -> Source {
        let unit = match value {
            Whole::Column(column) => self.builder.whole[column.0 as usize].unit,
            Whole::Constant(_) if !outcome.counts_people() => Unit::Nano,
            Whole::Constant(_) => Unit::People,
        };
        match unit {
            Unit::Nano => Source::Level(value),
            Unit::Ore => Source::ore(value),
            Unit::People | Unit::Units | Unit::Flag => Source::People(vec![value]),
        }
    }
}

fn unit_price(term: &Term, ordinal: usize, inputs: &Inputs) -> Option<Real> {
    let Price::PerUnit(prices) = &term.price else { return None };
    Some(match prices.get(ordinal)? {
        UnitPrice::Fixed(millionths) => Real::Constant(*millionths as f64 / 1e6),
        UnitPrice::Input(input) => inputs.value(Number::Input(*input), 0),
    })
}

/// What a price is multiplied by, apart from one.
fn multipliers(times: Multiplier, inputs: &Inputs) -> impl Iterator<Item = Real> {
    let fixed = *times.fixed.numer() as f64 / *times.fixed.denom() as f64;
    let fixed = (times.fixed != Multiplier::ONE.fixed).then_some(Real::Constant(fixed));
    let uncertain = times.uncertain.map(|input| inputs.value(Number::Input(input), 0));
    fixed.into_iter().chain(uncertain)
}

impl Journal {
    /// A limit lets something through: all that was presented to it together, then each payer's part where there are
    /// several.
    pub(super) fn note_limit(&mut self, item: &impl ToString, pass: &Pass<'_>) {
        if !self.is_open() {
            return;
        }
        let all: Vec<_> = (0..pass.group.len()).collect();
        self.write(|| {
            let line = Line::new(Step::Limit, item);
            let with = |line: Line, measure: Measure, amount: Option<Whole>| match amount {
                Some(amount) => line.figure(measure, Source::ore(amount)),
                None => line,
            };
            let line = pass.figures(with(line, Measure::Headroom, pass.headroom), &all);
            let line = with(line, Measure::Left, pass.left);
            Line { date: Some(pass.date), since: pass.since, year: Some(pass.year), ..line }
        });
        let mut payers: Vec<_> = pass.group.iter().map(|entry| (entry.payer, entry.year)).collect();
        payers.sort_unstable();
        payers.dedup();
        for (party, year) in payers {
            let own: Vec<_> = all
                .iter()
                .copied()
                .filter(|index| (pass.group[*index].payer, pass.group[*index].year) == (party, year))
                .collect();
            self.write(|| {
                let line = pass.figures(Line::new(Step::Limit, item), &own);
                let (date, since) = (Some(pass.date), pass.since);
                Line { date, since, party: Some(party), year: Some(year), ..line }
            });
        }
    }

    /// A promise leaves something due before and after a payment.
    pub(super) fn note_promise(
        &mut self,
        item: &impl ToString,
        date: Date,
        party: usize,
        due: (Whole, Whole),
    ) {
        self.write(|| {
            let line = Line::new(Step::Promise, item);
            let line =
                line.figure(Measure::Due, Source::ore(due.0)).figure(Measure::Left, Source::ore(due.1));
            Line { date: Some(date), party: Some(party), ..line }
        });
    }
}

impl Pass<'_> {
    /// What is presented, what passes and what does not, of some of the amounts.
    fn figures(&self, line: Line, of: &[usize]) -> Line {
        let presented: Vec<_> = of.iter().map(|index| self.group[*index].amount).collect();
        let passed: Vec<_> = of.iter().map(|index| self.passed[*index]).collect();
        let ore =
            |plus: &[Whole], minus: &[Whole]| Source::Ore { plus: plus.to_vec(), minus: minus.to_vec() };
        line.figure(Measure::Presented, ore(&presented, &[]))
            .figure(Measure::Passed, ore(&passed, &[]))
            .figure(Measure::Excess, ore(&presented, &passed))
    }
}
