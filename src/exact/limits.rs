//! Limits and the return cap, date by date, from the definitions in docs/model.md, sections 9 and 10.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::contract::{Contract, Owed};
use super::figures::{Flow, Moves};
use super::program::Value;
use super::promise;
use super::reach::OutOfReach;
use super::rule::Rule;
use crate::scenario::model::{AtMost, Excess, Fund, Limit, Per};
use crate::scenario::name::{Id, RETURN_CAP};

/// What a limit counts together.
type Window = (i64, i64);

/// A limit between dates: what is left of it, and what waits to be presented again.
#[derive(Default)]
struct Vessel<'s> {
    left: BTreeMap<Window, Value>,
    waiting: BTreeMap<Date, Vec<Owed<'s>>>,
}

/// The course of all dates.
struct Course<'c, 's> {
    contract: &'c mut Contract<'s>,
    vessels: Vec<Vessel<'s>>,
    moves: Moves,
    fund: Option<&'s Fund>,
    /// What the fund received, by date.
    paid: Vec<(Date, Value)>,
}

/// All that moves in a contract.
pub(super) fn moves(contract: &mut Contract<'_>) -> Result<Moves, OutOfReach> {
    let investment = contract.investment;
    let days = days(contract);
    let mut course = Course {
        vessels: investment.limits.iter().map(|_| Vessel::default()).collect(),
        moves: Moves::default(),
        fund: investment.funds.iter().find(|fund| fund.repayable),
        paid: Vec::new(),
        contract,
    };
    for day in days {
        let mut live = course.contract.due(day)?;
        for owed in &live {
            course.moves.add(Flow::Earned, owed.payer, owed.year, owed.amount);
        }
        for (index, limit) in investment.limits.iter().enumerate() {
            live = course.limit(index, limit, day, live);
        }
        course.pay(day, live);
    }
    course.cut_what_waits();
    Ok(course.moves)
}

/// Due dates; where something rolls, also the first days of its payers' budget years and the contract's last day.
fn days(contract: &Contract<'_>) -> BTreeSet<Date> {
    let investment = contract.investment;
    let mut days = contract.due_dates();
    let rolls = investment.limits.iter().any(|limit| matches!(limit.excess, Excess::Rolls));
    let (true, Some(first)) = (rolls, days.first().copied()) else { return days };
    let receivers = investment.limits.iter().filter_map(|limit| match &limit.excess {
        Excess::FallsOn(payer) => Some(payer),
        Excess::Lost | Excess::Rolls | Excess::Passes(_) => None,
    });
    let payers: BTreeSet<&Id> = investment.terms.iter().flat_map(|t| &t.payers).chain(receivers).collect();
    for payer in payers {
        let starts = contract.scenario.parties[payer].year_start;
        let mut day = first;
        while day < investment.ends {
            let next = day.saturating_add(jiff::Span::new().days(1));
            if starts.year_of(next) > starts.year_of(day) {
                days.insert(next);
            }
            day = next;
        }
    }
    days.insert(investment.ends);
    days
}

impl<'s> Course<'_, 's> {
    /// One limit on one day: what waits goes first, oldest first; then the day's own, in order of payer, term, intake.
    fn limit(&mut self, index: usize, limit: &'s Limit, day: Date, live: Vec<Owed<'s>>) -> Vec<Owed<'s>> {
        let covers = |owed: &Owed<'_>| {
            limit.terms.contains(&owed.term) && limit.payer.as_ref().is_none_or(|payer| payer == owed.payer)
        };
        let (mut covered, mut after): (Vec<_>, Vec<_>) = live.into_iter().partition(covers);
        for (since, waiting) in std::mem::take(&mut self.vessels[index].waiting) {
            self.present_again(index, limit, day, since, waiting, &mut after);
        }
        covered.sort_by_key(|owed| (owed.payer, owed.term, owed.intake, owed.year, owed.delay));
        let passed = self.let_through(index, limit, day, &covered);
        for (owed, passed) in covered.into_iter().zip(passed) {
            let over = self.contract.program.one(Rule::Less, &[owed.amount, passed]);
            after.push(Owed { amount: passed, ..owed.clone() });
            if over != Value::Known(0) {
                self.overflow(index, limit, day, Owed { amount: over, ..owed }, &mut after);
            }
        }
        after
    }

    fn present_again(
        &mut self,
        index: usize,
        limit: &Limit,
        day: Date,
        since: Date,
        mut waiting: Vec<Owed<'s>>,
        after: &mut Vec<Owed<'s>>,
    ) {
        for owed in &mut waiting {
            owed.year = self.contract.year(owed.payer, day, owed.delay);
        }
        let passed = self.let_through(index, limit, day, &waiting);
        for (owed, passed) in waiting.into_iter().zip(passed) {
            let rest = self.contract.program.one(Rule::Less, &[owed.amount, passed]);
            self.moves.add(Flow::MovedIn, owed.payer, owed.year, passed);
            if rest != Value::Known(0) {
                let rest = Owed { amount: rest, ..owed.clone() };
                self.vessels[index].waiting.entry(since).or_default().push(rest);
            }
            after.push(Owed { amount: passed, ..owed });
        }
    }

    /// What passes of several amounts: each window lets through what it has left, in proportion.
    fn let_through(&mut self, index: usize, limit: &Limit, day: Date, owed: &[Owed<'_>]) -> Vec<Value> {
        let windows: Vec<Window> = owed.iter().map(|owed| window(limit, day, owed)).collect();
        let mut passed = vec![Value::Known(0); owed.len()];
        for at in windows.iter().copied().collect::<BTreeSet<_>>() {
            let members: Vec<usize> = (0..owed.len()).filter(|i| windows[*i] == at).collect();
            let full = Value::Known(capacity(limit, at));
            let mut given = vec![*self.vessels[index].left.entry(at).or_insert(full)];
            given.extend(members.iter().map(|i| owed[*i].amount));
            let found = self.contract.program.apply(Rule::Vessel, &given);
            self.vessels[index].left.insert(at, found[0]);
            members.into_iter().zip(&found[1..]).for_each(|(member, part)| passed[member] = *part);
        }
        passed
    }

    /// Sends what a limit did not let through where the file says.
    fn overflow(
        &mut self,
        index: usize,
        limit: &'s Limit,
        day: Date,
        over: Owed<'s>,
        after: &mut Vec<Owed<'s>>,
    ) {
        self.moves.take(limit.id.as_str(), over.amount);
        match &limit.excess {
            // What passes in part is refused before a limit acts.
            Excess::Lost | Excess::Passes(_) => self.moves.add(Flow::Cut, over.payer, over.year, over.amount),
            Excess::Rolls => {
                self.moves.add(Flow::MovedOut, over.payer, over.year, over.amount);
                self.vessels[index].waiting.entry(day).or_default().push(over);
            }
            Excess::FallsOn(payer) => {
                let year = self.contract.year(payer, day, over.delay);
                self.moves.add(Flow::MovedOut, over.payer, over.year, over.amount);
                self.moves.add(Flow::MovedIn, payer, year, over.amount);
                after.push(Owed { payer, year, ..over });
            }
        }
    }

    /// What every limit let through is paid, as far as the fund may still get it, in proportion to payers.
    fn pay(&mut self, day: Date, live: Vec<Owed<'s>>) {
        let mut owed: BTreeMap<(&Id, i16), Vec<Value>> = BTreeMap::new();
        for one in live {
            owed.entry((one.payer, one.year)).or_default().push(one.amount);
        }
        let (payers, amounts): (Vec<_>, Vec<_>) = owed.into_iter().unzip();
        let amounts: Vec<Value> = amounts.iter().map(|parts| self.contract.program.sum(parts)).collect();
        let passed = self.repaid(day, &amounts);
        for ((payer, year), (amount, passed)) in payers.into_iter().zip(amounts.into_iter().zip(passed)) {
            let over = self.contract.program.one(Rule::Less, &[amount, passed]);
            self.moves.take(RETURN_CAP, over);
            self.moves.add(Flow::Cut, payer, year, over);
            self.moves.add(Flow::Payment, payer, year, passed);
            if let Some(fund) = self.fund {
                self.moves.add(Flow::Receipt, &fund.party, year, passed);
            }
        }
    }

    /// What the return cap lets through on a day.
    fn repaid(&mut self, day: Date, amounts: &[Value]) -> Vec<Value> {
        let Some((fund, cap)) = self.fund.and_then(|fund| Some((fund, fund.return_cap?))) else {
            return amounts.to_vec();
        };
        let (days, before): (Vec<Date>, Vec<Value>) = self.paid.iter().copied().unzip();
        let rule = promise::due(cap, fund, day, &days, self.contract.investment.ends);
        let mut given = vec![self.contract.program.one(rule, &before)];
        given.extend(amounts);
        let passed = self.contract.program.apply(Rule::Vessel, &given).split_off(1);
        let total = self.contract.program.sum(&passed);
        match self.paid.last_mut() {
            // Where only the sum of payments counts, one sum is all that must be remembered.
            Some((_, sum)) if promise::counts_only_sums(cap) => {
                *sum = self.contract.program.sum(&[*sum, total]);
            }
            _ => self.paid.push((day, total)),
        }
        passed
    }

    /// What still waits on the contract's last day comes back there and is cut.
    fn cut_what_waits(&mut self) {
        let ends = self.contract.investment.ends;
        for vessel in std::mem::take(&mut self.vessels) {
            for owed in vessel.waiting.into_values().flatten() {
                let year = self.contract.year(owed.payer, ends, owed.delay);
                self.moves.add(Flow::MovedIn, owed.payer, year, owed.amount);
                self.moves.add(Flow::Cut, owed.payer, year, owed.amount);
            }
        }
    }
}

/// What a limit counts an amount with. A year of a payer is the one in which the amount is booked.
fn window(limit: &Limit, day: Date, owed: &Owed<'_>) -> Window {
    let year = i64::from(day.year());
    match limit.per {
        Per::Payment => (year, i64::from(day.day_of_year())),
        Per::Intake => owed.intake.map_or((1, 0), |intake| (0, intake as i64)),
        Per::Quarter => (year, i64::from((day.month() - 1) / 3)),
        Per::Year => (if limit.payer.is_some() { i64::from(owed.year) } else { year }, 0),
        // Refused before: see `words`.
        Per::Contract | Per::Person => (0, 0),
    }
}

fn capacity(limit: &Limit, (year, _): Window) -> i64 {
    match &limit.at_most {
        AtMost::Amount(amount) => *amount,
        AtMost::ByYear(years) => {
            let year = i16::try_from(year).unwrap_or(i16::MIN);
            years.get(&year).copied().unwrap_or(0)
        }
        // Refused before a limit acts.
        AtMost::Open | AtMost::Due { .. } | AtMost::Share { .. } => 0,
    }
}
