//! From the checked scenario to draws and rules: people, counts and levels, prices, and the split among payers.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::laws::{Law, people_range};
use super::program::{Program, Value};
use super::reach::OutOfReach;
use super::rule::{Rule, per_unit};
use super::uncertain::{Node, Place, Uncertain};
use super::uses::{Uses, before, noise_cell};
use super::words::known_noise;
use crate::contract::NANO;
use crate::scenario::model::{
    Booked, Investment, Noise, Number, Outcome, OutcomeKind, Population, Price, Reading, Scenario, Split,
    Term, UnitPrice,
};
use crate::scenario::name::Id;

/// An amount that a payer owes.
#[derive(Clone, Debug)]
pub(super) struct Owed<'s> {
    pub(super) payer: &'s Id,
    pub(super) term: usize,
    /// The intake, when the reading has only one.
    pub(super) intake: Option<usize>,
    /// The day on which cash moves, counted from the due date.
    pub(super) delay: i32,
    /// The payer's budget year.
    pub(super) year: i16,
    pub(super) amount: Value,
}

/// A contract on its way to a program.
pub(super) struct Contract<'s> {
    pub(super) scenario: &'s Scenario,
    pub(super) investment: &'s Investment,
    uncertain: &'s Uncertain<'s>,
    uses: &'s Uses,
    /// Nodes, for the ranges of what is decided at them.
    nodes: &'s [Node],
    pub(super) program: Program,
    pub(super) laws: Vec<Law>,
    enrolled: Option<Vec<Value>>,
    cells: BTreeMap<(usize, usize), Value>,
    locals: BTreeMap<usize, Value>,
    prices: BTreeMap<usize, (Value, Vec<f64>)>,
}

type Reached<T> = Result<T, OutOfReach>;

impl<'s> Contract<'s> {
    pub(super) fn new(
        scenario: &'s Scenario,
        investment: &'s Investment,
        uncertain: &'s Uncertain<'s>,
        uses: &'s Uses,
        nodes: &'s [Node],
    ) -> Self {
        Self {
            scenario,
            investment,
            uncertain,
            uses,
            nodes,
            program: Program::default(),
            laws: Vec::new(),
            enrolled: None,
            cells: BTreeMap::new(),
            locals: BTreeMap::new(),
            prices: BTreeMap::new(),
        }
    }

    /// Every day on which something falls due.
    pub(super) fn due_dates(&self) -> BTreeSet<Date> {
        self.investment.terms.iter().flat_map(|term| &term.readings).map(|reading| reading.due).collect()
    }

    /// What falls due on a day, term by term.
    pub(super) fn due(&mut self, day: Date) -> Reached<Vec<Owed<'s>>> {
        let investment = self.investment;
        let mut owed = Vec::new();
        for (index, term) in investment.terms.iter().enumerate() {
            for (ordinal, reading) in term.readings.iter().enumerate().filter(|(_, r)| r.due == day) {
                let mut amount = self.amount(term, ordinal, reading)?;
                if term.whole_kroner {
                    amount = self.program.one(Rule::WholeKroner, &[amount]);
                }
                let split = split_on(term, day);
                let parts = self.parts(amount, split.shares.boundaries());
                let delay = reading.due.until(reading.paid).map_or(0, |span| span.get_days());
                for (payer, amount) in split.payers.iter().zip(parts) {
                    let (intake, year) =
                        (single_intake(investment, term, reading), self.year(payer, day, delay));
                    owed.push(Owed { payer, term: index, intake, delay, year, amount });
                }
            }
        }
        Ok(owed)
    }

    /// The budget year in which a party books an amount that it owes on a day.
    pub(super) fn year(&self, party: &Id, day: Date, delay: i32) -> i16 {
        let party = &self.scenario.parties[party];
        let booked = match party.booked {
            Booked::Due => day,
            Booked::Paid => day.saturating_add(jiff::Span::new().days(delay)),
        };
        party.year_start.year_of(booked)
    }

    fn parts(&mut self, total: Value, (boundaries, denominator): (&[i64], i64)) -> Vec<Value> {
        if boundaries.len() == 1 {
            return vec![total];
        }
        self.program.apply(Rule::Parts { boundaries: boundaries.to_vec(), denominator }, &[total])
    }

    fn amount(&mut self, term: &Term, ordinal: usize, reading: &Reading) -> Reached<Value> {
        let price = match (&term.price, term.outcome) {
            (Price::Fixed(amounts), _) => return Ok(Value::Known(amounts[ordinal])),
            (price, Some(_)) => price,
            (_, None) => return Ok(Value::Known(0)),
        };
        let index = term.outcome.unwrap_or_default();
        if let Some(input) = reading.times.uncertain {
            let why =
                format!("it is multiplied by the uncertain number `{}`", self.investment.inputs[input].name);
            return Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span));
        }
        let level = matches!(self.investment.outcomes[index].kind, OutcomeKind::Level { .. });
        if level && reading.cells.len() > 1 {
            let why = "it pools measured levels, whose average can take any value";
            return Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span));
        }
        let cells: Vec<Value> = reading.cells.iter().map(|c| self.cell(index, *c)).collect::<Reached<_>>()?;
        let quantity = self.program.sum(&cells);
        match price {
            Price::PerUnit(prices) => match prices[ordinal] {
                UnitPrice::Fixed(millionths) => {
                    Ok(self.program.one(per_unit(millionths, reading.times.fixed, level), &[quantity]))
                }
                UnitPrice::Input(_) if reading.times.fixed != 1.into() => {
                    let why = "its uncertain price is multiplied by a number or an index";
                    Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span))
                }
                UnitPrice::Input(input) => {
                    let (at, prices) = self.price(term, input)?;
                    let per = if level { NANO } else { 1 };
                    Ok(self.program.one(Rule::Uncertain { prices, per }, &[quantity, at]))
                }
            },
            Price::Function(pieces, bases) => {
                let nano = if level { 1 } else { NANO };
                let rule = Rule::Function { pieces: pieces.pieces().to_vec(), nano, base: bases[ordinal] };
                Ok(self.program.one(rule, &[quantity]))
            }
            Price::Fixed(amounts) => Ok(Value::Known(amounts[ordinal])),
        }
    }

    /// The ordinal of an uncertain price among its values.
    fn price(&mut self, term: &Term, input: usize) -> Reached<(Value, Vec<f64>)> {
        if let Some(known) = self.prices.get(&input) {
            return Ok(known.clone());
        }
        let number = Number::Input(input);
        if self.uncertain.is_continuous(number, self.uses) {
            let why = "its price is uncertain and can take any value, and so can what it pays";
            return Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span));
        }
        let mut values: Vec<f64> =
            self.nodes.iter().map(|node| self.uncertain.value(number, node, &[])).collect();
        values.sort_by(f64::total_cmp);
        values.dedup_by(|a, b| a.to_bits() == b.to_bits());
        let law = self.law(Law::Price { price: number, values: values.clone() });
        let at = self.program.draw(law, Vec::new(), (0, values.len() as i64 - 1));
        self.prices.insert(input, (at, values.clone()));
        Ok((at, values))
    }

    /// The people of an intake.
    fn enrolled(&mut self, intake: usize) -> Reached<Value> {
        if self.enrolled.is_none() {
            let people = self.people()?;
            let parts = self.parts(people, self.investment.cohort.shares.boundaries());
            self.enrolled = Some(parts);
        }
        Ok(self.enrolled.as_ref().map_or(Value::Known(0), |parts| parts[intake]))
    }

    /// The people of an intake that an outcome is measured of.
    fn people_of(&mut self, of: Population, intake: usize, parent: Option<usize>) -> Reached<Value> {
        match (of, parent) {
            (Population::Enrolled, _) | (Population::Reached(_), None) => self.enrolled(intake),
            (Population::Reached(outcome), Some(cell)) => self.cell(outcome, cell),
            (Population::Group(group), _) => {
                let all = self.enrolled(intake)?;
                let groups = self.investment.cohort.groups.as_ref();
                Ok(groups.map_or(all, |groups| self.parts(all, groups.shares.boundaries())[group]))
            }
        }
    }

    fn people(&mut self) -> Reached<Value> {
        let cohort = &self.investment.cohort;
        if let Number::Fixed(people) = cohort.people {
            return Ok(Value::Known((people.max(0.0) + 0.5).floor() as i64));
        }
        if let Some((law, _)) = &self.uncertain.people {
            let range = people_range(law);
            if range.1 - range.0 > MOST_PEOPLE {
                let why = format!(
                    "from {} to {} people may come, more than {MOST_PEOPLE} numbers",
                    range.0, range.1
                );
                return Err(OutOfReach::new("the number of people", why, &cohort.span));
            }
            let law = self.law(Law::People);
            return Ok(self.program.draw(law, Vec::new(), range));
        }
        if self.uncertain.is_continuous(cohort.people, self.uses) {
            let why = "it is computed from a continuous number, or that number is used elsewhere too";
            return Err(OutOfReach::new("the number of people", why, &cohort.span));
        }
        let law = Law::PeopleOf(cohort.people);
        let found = self.nodes.iter().map(|node| self.uncertain.value(cohort.people, node, &[]));
        let found = found.map(|x| (x.max(0.0) + 0.5).floor() as i64);
        let range = found.fold((i64::MAX, 0), |(low, high), n| (low.min(n), high.max(n)));
        let law = self.law(law);
        Ok(self.program.draw(law, Vec::new(), range))
    }

    /// The quantity of a cell: drawn when first asked for, on which later draws and terms rest.
    fn cell(&mut self, outcome: usize, index: usize) -> Reached<Value> {
        if let Some(known) = self.cells.get(&(outcome, index)) {
            return Ok(*known);
        }
        let investment = self.investment;
        let of = &investment.outcomes[outcome];
        let cell = &of.cells[index];
        let value = match &of.kind {
            OutcomeKind::Rate(rates) => {
                let people = match before(of, index) {
                    Some(step) => self.cell(outcome, step)?,
                    None => self.people_of(of.of, cell.intake, cell.parent)?,
                };
                self.count(rates[cell.point], people, cell.intake, cell.measured)
            }
            OutcomeKind::Level { levels, noise } => {
                let level = self.place(levels[cell.point], cell.intake, cell.measured);
                match noise {
                    Some(noise) => self.band(outcome, of, noise, level, index)?,
                    None => self.level(of, level)?,
                }
            }
            OutcomeKind::PeopleWith(_) | OutcomeKind::Each(_) | OutcomeKind::Stays(_) => {
                let why = "it asks for single persons";
                return Err(OutOfReach::new(format!("outcome `{}`", of.name), why, &of.span));
            }
            OutcomeKind::Formula(_) => {
                let why = "it is a formula of what others bring together";
                return Err(OutOfReach::new(format!("outcome `{}`", of.name), why, &of.span));
            }
        };
        self.cells.insert((outcome, index), value);
        Ok(value)
    }

    fn count(&mut self, rate: Number, people: Value, intake: usize, measured: Date) -> Value {
        match rate {
            Number::Fixed(rate) if rate >= 1.0 => return people,
            Number::Fixed(rate) if rate <= 0.0 => return Value::Known(0),
            _ => {}
        }
        let locals = self.uncertain.locals_of(rate, intake, self.uses);
        let mut given = vec![people];
        given.extend(locals.iter().map(|local| self.local(*local)).collect::<Vec<_>>());
        let rate = self.place(rate, intake, measured);
        let law = self.law(Law::Count { rate, locals });
        let most = self.program.range(people).1;
        self.program.draw(law, given, (0, most))
    }

    /// A noisy level: only the band of its payment functions into which it falls is drawn.
    fn band(&mut self, at: usize, of: &Outcome, noise: &Noise, level: Place, index: usize) -> Reached<Value> {
        let cell = &of.cells[index];
        known_noise(noise);
        let starts = self.bands(at, of)?;
        let parent = match noise.people {
            Population::Enrolled | Population::Group(_) => None,
            Population::Reached(reached) => {
                Some(noise_cell(self.investment, reached, cell.intake, cell.point))
            }
        };
        let people = self.people_of(noise.people, cell.intake, parent)?;
        let mut locals = self.uncertain.locals_of(level.number, cell.intake, self.uses);
        locals.extend(self.uncertain.locals_of(noise.sd, cell.intake, self.uses));
        locals.sort_unstable();
        locals.dedup();
        let mut given = vec![people];
        given.extend(locals.iter().map(|local| self.local(*local)).collect::<Vec<_>>());
        let range = (i64::MIN, starts.last().copied().unwrap_or(0));
        let law = self.law(Law::Band { level, sd: noise.sd, against: noise.against, starts, locals });
        Ok(self.program.draw(law, given, range))
    }

    /// Where the flat pieces of all payment functions of a level begin.
    fn bands(&self, at: usize, of: &Outcome) -> Reached<Vec<i64>> {
        let mut starts = BTreeSet::new();
        for term in self.investment.terms.iter().filter(|term| term.outcome == Some(at)) {
            let Price::Function(pieces, _) = &term.price else {
                let why = format!("it pays for each unit of `{}`, which is measured with noise", of.name);
                return Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span));
            };
            if pieces.pieces().iter().any(|piece| piece.rise != 0) {
                let why = format!("it pays along a line for `{}`, which is measured with noise", of.name);
                return Err(OutOfReach::new(format!("term `{}`", term.id), why, &term.span));
            }
            let edges = pieces.pieces().iter().filter(|piece| piece.edge > i64::MIN);
            starts.extend(edges.map(|piece| if piece.closed { piece.edge } else { piece.edge + 1 }));
        }
        Ok(starts.into_iter().collect())
    }

    fn level(&mut self, of: &Outcome, level: Place) -> Reached<Value> {
        let locals = self.uncertain.locals_of(level.number, level.intake, self.uses);
        if !locals.is_empty() || self.uncertain.is_continuous(level.number, self.uses) {
            let why = "it has no noise and its level can take any value, and so can what is paid for it";
            return Err(OutOfReach::new(format!("outcome `{}`", of.name), why, &of.span));
        }
        let found = self.nodes.iter().map(|node| self.uncertain.shifted(&level, node, &[]));
        let found = found.map(|x| (x * NANO as f64).round() as i64);
        let range = found.fold((i64::MAX, i64::MIN), |(low, high), n| (low.min(n), high.max(n)));
        let law = self.law(Law::Level { level, locals });
        Ok(self.program.draw(law, Vec::new(), range))
    }

    /// The point of a local number.
    fn local(&mut self, local: usize) -> Value {
        if let Some(known) = self.locals.get(&local) {
            return *known;
        }
        let law = self.law(Law::Local(local));
        // How many points there are depends on the level of refinement.
        let value = self.program.draw(law, Vec::new(), (0, i64::MAX));
        self.locals.insert(local, value);
        value
    }

    /// Numbers that no event shifts are the same in every place.
    fn place(&self, number: Number, intake: usize, measured: Date) -> Place {
        let shifted = |input: usize| !self.investment.inputs[input].shifts.is_empty();
        match number {
            Number::Input(input) if shifted(input) => Place { number, intake, measured },
            _ => Place { number, intake: 0, measured: self.investment.starts },
        }
    }

    fn law(&mut self, law: Law) -> usize {
        self.laws.iter().position(|known| *known == law).unwrap_or_else(|| {
            self.laws.push(law);
            self.laws.len() - 1
        })
    }
}

/// More numbers of people than this are not enumerated.
const MOST_PEOPLE: i64 = 20_000;

/// Who pays what falls due on a day: the first split that still holds, the last one for ever.
fn split_on(term: &Term, day: Date) -> &Split {
    let ended = term.splits.iter().take_while(|split| split.until.is_some_and(|until| until < day)).count();
    &term.splits[ended.min(term.splits.len() - 1)]
}

fn single_intake(investment: &Investment, term: &Term, reading: &Reading) -> Option<usize> {
    let cells = &investment.outcomes[term.outcome?].cells;
    let intakes: BTreeSet<usize> = reading.cells.iter().map(|cell| cells[*cell].intake).collect();
    if intakes.len() == 1 { intakes.into_iter().next() } else { None }
}
