//! Limits, date by date: what each lets through, and where the excess goes; then the fund's return cap.
//!
//! Every limit is one vessel per window: a capacity, amounts in date order, an overflow. A limit counts what *it*
//! let through. What rolls is presented again at the same limit on later dates, oldest first; what is left on the
//! contract's last day is cut. What falls on another payer meets the limits that come later in the order.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::grid::{Flow, LimitFigures};
use super::super::plan::build::{MOST_OPERATIONS, RangeError};
use super::super::plan::column::{Origin, Unit, Whole};
use super::Shared;
use super::amounts::Entry;
use super::flows::Flows;
use super::return_cap::ReturnCap;
use super::vessel::{Live, Record, Window, by_window};
use crate::scenario::model::{AtMost, Booked, Excess, Investment, Limit, Per};
use crate::scenario::name::{Id, RETURN_CAP};

/// What later limits tell amounts apart by: payer, budget year, delay of the payment, intake, and which of those limits
/// cover the term.
type Alike = (usize, i16, i32, Option<usize>, Vec<bool>);

/// A limit between dates: what is left of it in each window, and what rolled out of it.
#[derive(Debug, Default)]
struct State {
    headroom: BTreeMap<Window, Whole>,
    /// Rolled amounts with the date on which they were first presented, oldest first.
    carried: Vec<(Date, Live)>,
    record: Record,
}

struct Cascade<'a, 's> {
    shared: &'a mut Shared<'s>,
    investment: &'a Investment,
    states: Vec<State>,
    flows: Flows,
}

/// Compiles the limits of an investment over all its due dates.
pub(super) fn compile(
    shared: &mut Shared<'_>,
    investment: &Investment,
    entries: &[Entry],
) -> Result<Flows, RangeError> {
    let dates = dates(shared, investment, entries);
    let fund = investment.funds.iter().find(|fund| fund.repayable);
    let investor = fund.map(|fund| shared.party(&fund.party));
    let states = investment.limits.iter().map(|_| State::default()).collect();
    let flows = Flows::of(investor);
    let mut cascade = Cascade { shared, investment, states, flows };
    let mut cap = ReturnCap::new(investment, fund, &dates);
    for (index, date) in dates.iter().enumerate() {
        let mut live = cascade.due(entries, *date);
        for limit in 0..investment.limits.len() {
            cascade.limit(limit, *date, &mut live)?;
        }
        cascade.pay(live, index, *date, &mut cap)?;
        if cascade.shared.builder.ops.len() > MOST_OPERATIONS {
            return Err(RangeError::TooMany {
                origin: Origin::at(investment.id.to_string(), &investment.span),
            });
        }
    }
    cascade.cut_what_is_left();
    cascade.donate_and_draw();
    cascade.report_limits(&cap)?;
    Ok(cascade.flows)
}

/// All dates on which something can be presented: due dates; where amounts roll, also the first days of the payers'
/// budget years after the first due date, and the last day of the contract.
fn dates(shared: &Shared<'_>, investment: &Investment, entries: &[Entry]) -> Vec<Date> {
    let mut dates: BTreeSet<Date> = entries.iter().map(|entry| entry.due).collect();
    let rolls = investment.limits.iter().any(|limit| limit.excess == Excess::Rolls);
    if let (true, Some(first)) = (rolls, dates.first().copied()) {
        let starts: Vec<_> = payers(investment).map(|id| shared.scenario.parties[id].year_start).collect();
        let mut day = first;
        while let Ok(next) = day.tomorrow() {
            if next > investment.ends {
                break;
            }
            let new_year = starts.iter().any(|start| start.year_of(next) != start.year_of(day));
            if new_year {
                dates.insert(next);
            }
            day = next;
        }
        dates.insert(investment.ends);
    }
    dates.into_iter().collect()
}

/// Everyone who may pay: payers of terms, and those on whom an excess falls. Other parties of a portfolio may begin
/// their budget years when they like.
fn payers(investment: &Investment) -> impl Iterator<Item = &Id> {
    let receivers = investment.limits.iter().filter_map(|limit| match &limit.excess {
        Excess::FallsOn(receiver) => Some(receiver),
        _ => None,
    });
    investment.terms.iter().flat_map(|term| &term.payers).chain(receivers)
}

impl Cascade<'_, '_> {
    /// What falls due on a date, by payer, term and intake; recorded as earned.
    fn due(&mut self, entries: &[Entry], date: Date) -> Vec<Live> {
        let mut live = Vec::new();
        for entry in entries.iter().filter(|entry| entry.due == date) {
            self.flows.add(Flow::Earned, (entry.payer, entry.year), entry.amount);
            let Entry { payer, term, intake, year, delay, amount, .. } = *entry;
            live.push(Live { payer, term, intake, year, delay, amount });
        }
        live
    }

    /// Runs one limit over what is live on a date.
    fn limit(&mut self, index: usize, date: Date, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        self.merge(index, live)?;
        let (mut covered, rest): (Vec<_>, Vec<_>) =
            std::mem::take(live).into_iter().partition(|entry| self.covers(limit, entry));
        *live = rest;
        self.release(index, date, live)?;
        covered.sort();
        for (window, group) in by_window(limit, date, covered) {
            let passed = self.pass(index, date, window, &group)?;
            for (entry, passed) in group.into_iter().zip(passed) {
                let excess = self.shared.builder.difference(
                    &[entry.amount],
                    &[passed],
                    Unit::Ore,
                    self.origin(limit, date),
                )?;
                let excess = self.shared.builder.never_negative(excess);
                self.overflow(index, date, &entry, excess, live);
                live.push(Live { amount: passed, ..entry });
            }
        }
        Ok(())
    }

    /// Adds up neighbouring amounts that no limit from `from` on tells apart: fewer operations, the same amounts.
    ///
    /// Only neighbours in the order of payer, term and intake: cuts in proportion round at cumulative boundaries, so
    /// that adding up across an amount that stays apart could move an øre.
    fn merge(&mut self, from: usize, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let later = &self.investment.limits[from..];
        let by_intake = later.iter().any(|limit| limit.per == Per::Intake);
        let alike = |entry: &Live| -> Alike {
            let signature = later.iter().map(|limit| limit.terms.contains(&entry.term)).collect();
            (entry.payer, entry.year, entry.delay, entry.intake.filter(|_| by_intake), signature)
        };
        live.sort();
        let runs: Vec<Vec<Live>> = live.chunk_by(|a, b| alike(a) == alike(b)).map(<[Live]>::to_vec).collect();
        live.clear();
        for run in runs {
            let amounts: Vec<_> = run.iter().map(|entry| entry.amount).collect();
            let origin = Origin::of(format!("{}, amounts added up before a limit", self.investment.id));
            let amount = self.shared.builder.sum(&amounts, Unit::Ore, origin)?;
            live.extend(run.into_iter().next().map(|first| Live { amount, ..first }));
        }
        Ok(())
    }

    fn covers(&self, limit: &Limit, entry: &Live) -> bool {
        let payer = limit.payer.as_ref().is_none_or(|id| self.shared.party(id) == entry.payer);
        payer && limit.terms.contains(&entry.term)
    }

    /// Presents again what rolled out of a limit on earlier dates: oldest first, amounts of one age in proportion.
    fn release(&mut self, index: usize, date: Date, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let mut ages: BTreeMap<Date, Vec<Live>> = BTreeMap::new();
        for (since, mut entry) in std::mem::take(&mut self.states[index].carried) {
            entry.year = self.year_on(entry.payer, date, entry.delay);
            ages.entry(since).or_default().push(entry);
        }
        for (since, mut entries) in ages {
            entries.sort();
            self.release_age(index, date, since, entries, live)?;
        }
        Ok(())
    }

    fn release_age(
        &mut self,
        index: usize,
        date: Date,
        since: Date,
        entries: Vec<Live>,
        live: &mut Vec<Live>,
    ) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        for (window, group) in by_window(limit, date, entries) {
            let passed = self.pass(index, date, window, &group)?;
            for (entry, passed) in group.into_iter().zip(passed) {
                let origin = self.origin(limit, date);
                let left = self.shared.builder.difference(&[entry.amount], &[passed], Unit::Ore, origin)?;
                let left = self.shared.builder.never_negative(left);
                self.flows.add(Flow::MovedIn, (entry.payer, entry.year), passed);
                if left != Whole::ZERO {
                    self.states[index].carried.push((since, Live { amount: left, ..entry.clone() }));
                }
                if passed != Whole::ZERO {
                    live.push(Live { amount: passed, ..entry });
                }
            }
        }
        Ok(())
    }

    /// What passes a vessel; its headroom falls by that.
    fn pass(
        &mut self,
        index: usize,
        date: Date,
        window: Window,
        group: &[Live],
    ) -> Result<Vec<Whole>, RangeError> {
        let limit = &self.investment.limits[index];
        let origin = self.origin(limit, date);
        let year = self.limit_year(limit, date, group.first().map(|entry| entry.year));
        let capacity = match (&limit.at_most, window) {
            (AtMost::Amount(amount), _) => *amount,
            (AtMost::ByYear(years), Window::Year(year)) => years.get(&year).copied().unwrap_or(0),
            (AtMost::ByYear(_), _) => 0,
        };
        let headroom = self.states[index].headroom.get(&window).copied().unwrap_or(Whole::Constant(capacity));
        let amounts: Vec<_> = group.iter().map(|entry| entry.amount).collect();
        self.states[index].record.present(window, capacity, &amounts);
        let passed = self.shared.builder.vessel(&amounts, headroom, &origin)?;
        let left = self.shared.builder.difference(&[headroom], &passed, Unit::Ore, origin)?;
        let left = self.shared.builder.never_negative(left);
        self.states[index].headroom.insert(window, left);
        self.states[index].record.last.insert((year, window), left);
        Ok(passed)
    }

    /// Sends what a limit did not let through where the file says.
    fn overflow(&mut self, index: usize, date: Date, entry: &Live, excess: Whole, live: &mut Vec<Live>) {
        if excess == Whole::ZERO {
            return;
        }
        let limit = &self.investment.limits[index];
        let year = self.limit_year(limit, date, Some(entry.year));
        self.states[index].record.excess.entry(year).or_default().push(excess);
        let from = (entry.payer, entry.year);
        match &limit.excess {
            Excess::Lost => {
                self.states[index].record.lost.entry(year).or_default().push(excess);
                self.flows.add(Flow::Cut, from, excess);
            }
            Excess::Rolls => {
                self.states[index].record.moved.entry(year).or_default().push(excess);
                self.flows.add(Flow::MovedOut, from, excess);
                self.states[index].carried.push((date, Live { amount: excess, ..entry.clone() }));
            }
            Excess::FallsOn(payer) => {
                self.states[index].record.moved.entry(year).or_default().push(excess);
                let payer = self.shared.party(payer);
                let year = self.year_on(payer, date, entry.delay);
                self.flows.add(Flow::MovedOut, from, excess);
                self.flows.add(Flow::MovedIn, (payer, year), excess);
                live.push(Live { payer, year, amount: excess, ..entry.clone() });
            }
        }
    }

    /// The date's payments: what passed every limit, cut by the return cap in proportion to the payers.
    fn pay(
        &mut self,
        live: Vec<Live>,
        index: usize,
        date: Date,
        cap: &mut ReturnCap<'_>,
    ) -> Result<(), RangeError> {
        let mut payers: BTreeMap<(usize, i16), Vec<Whole>> = BTreeMap::new();
        for entry in live {
            payers.entry((entry.payer, entry.year)).or_default().push(entry.amount);
        }
        let mut owed = Vec::with_capacity(payers.len());
        for ((payer, year), amounts) in payers {
            let origin = Origin::of(format!("{}, owed on {date}", self.investment.id));
            owed.push((payer, year, self.shared.builder.sum(&amounts, Unit::Ore, origin)?));
        }
        let amounts: Vec<_> = owed.iter().map(|(_, _, amount)| *amount).collect();
        let passed = cap.pass(self.shared, self.investment, index, date, &amounts)?;
        for ((payer, year, amount), passed) in owed.into_iter().zip(passed) {
            let origin = Origin::of(format!("{}, over the return cap on {date}", self.investment.id));
            let over = self.shared.builder.difference(&[amount], &[passed], Unit::Ore, origin)?;
            let over = self.shared.builder.never_negative(over);
            self.flows.add(Flow::Cut, (payer, year), over);
            self.flows.add(Flow::Payment, (payer, year), passed);
            if let Some(investor) = self.flows.investor {
                self.flows.add(Flow::Receipt, (investor, year), passed);
                self.flows.received.push(passed);
            }
        }
        Ok(())
    }

    /// What still rolls on the contract's last day is cut, in the year of that day.
    fn cut_what_is_left(&mut self) {
        for index in 0..self.states.len() {
            for (_, entry) in std::mem::take(&mut self.states[index].carried) {
                let at = (entry.payer, self.year_on(entry.payer, self.investment.ends, entry.delay));
                self.states[index].record.lost.entry(at.1).or_default().push(entry.amount);
                self.flows.add(Flow::MovedIn, at, entry.amount);
                self.flows.add(Flow::Cut, at, entry.amount);
            }
        }
    }

    fn donate_and_draw(&mut self) {
        for fund in &self.investment.funds {
            let party = self.shared.party(&fund.party);
            let flow = if fund.repayable { Flow::Drawdown } else { Flow::Donation };
            for (date, amount) in &fund.drawn {
                let year = self.year_on(party, *date, 0);
                self.flows.add(flow, (party, year), Whole::Constant(*amount));
            }
        }
    }

    /// What each limit did, by year and in total.
    fn report_limits(&mut self, cap: &ReturnCap<'_>) -> Result<(), RangeError> {
        let ids = &self.shared.scenario.investments;
        let investment = ids.iter().position(|i| i.id == self.investment.id).unwrap_or(0);
        for (limit, state) in self.investment.limits.iter().zip(std::mem::take(&mut self.states)) {
            let origin = Origin::at(format!("{}.{}", self.investment.id, limit.id), &limit.span);
            let figures = LimitFigures {
                investment,
                id: limit.id.to_string(),
                scope: limit.per.word(),
                party: limit.payer.as_ref().map(|payer| self.shared.party(payer)),
                years: state.record.years(&mut self.shared.builder, &origin)?,
                presented: state.record.presented(),
                span: limit.span.clone(),
            };
            self.flows.limits.push(figures);
        }
        if let Some(fund) = cap.capped() {
            let origin = Origin::at(format!("{}.{RETURN_CAP}", self.investment.id), &fund.span);
            let figures = LimitFigures {
                investment,
                id: RETURN_CAP.to_owned(),
                scope: "return_cap",
                party: self.flows.investor,
                years: cap.record.years(&mut self.shared.builder, &origin)?,
                presented: Vec::new(),
                span: fund.span.clone(),
            };
            self.flows.limits.push(figures);
        }
        Ok(())
    }

    /// The budget year of an amount that a party owes on a date; whoever books by payment does so `delay` days later.
    fn year_on(&self, party: usize, date: Date, delay: i32) -> i16 {
        let Some(party) = self.shared.scenario.parties.values().nth(party) else { return date.year() };
        let booked = match party.booked {
            Booked::Due => date,
            Booked::Paid => date.saturating_add(jiff::Span::new().days(delay)),
        };
        party.year_start.year_of(booked)
    }

    /// The year in which a limit counts and reports: its payer's budget year, else the calendar year.
    fn limit_year(&self, limit: &Limit, date: Date, booked: Option<i16>) -> i16 {
        let paid = |id| self.shared.scenario.parties[id].booked == Booked::Paid;
        match (&limit.payer, booked) {
            (Some(id), Some(year)) if paid(id) => year,
            (Some(id), _) => self.shared.scenario.parties[id].year_start.year_of(date),
            (None, _) => date.year(),
        }
    }

    fn origin(&self, limit: &Limit, date: Date) -> Origin {
        Origin::at(format!("{}.{} on {date}", self.investment.id, limit.id), &limit.span)
    }
}
