//! Limits, date by date: what each lets through, and where the excess goes; then the fund's return cap.
//!
//! Every limit is one vessel per window: a capacity, amounts in date order, an overflow. A limit counts what *it*
//! let through. What rolls is presented again at the same limit on later dates, oldest first; what is left on the
//! contract's last day is cut. What falls on another payer meets the limits that come later in the order.

mod floor;
mod headroom;
mod pay;
mod persons;
mod report;
mod rolls;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use self::floor::Floor;
use super::Shared;
use super::amounts::Entry;
use super::flows::Flows;
use super::funds::Funds;
use super::persons::Passes;
use super::vessel::{Live, Record, Window};
use crate::contract::promise::PromiseTable;
use crate::engine::grid::Flow;
use crate::engine::plan::build::{MOST_OPERATIONS, RangeError};
use crate::engine::plan::column::{Origin, Whole};
use crate::scenario::model::{AtMost, Booked, Excess, Investment, Limit};
use crate::scenario::name::Id;

/// A limit between dates: what is left of it in each window, and what rolled out of it.
#[derive(Debug, Default)]
struct State {
    headroom: BTreeMap<Window, Whole>,
    /// What a share limit compares with, to date.
    compared: BTreeMap<Window, Whole>,
    /// Whether what it compares with can fall.
    may_shrink: bool,
    /// What a share limit has let through.
    used: BTreeMap<Window, Whole>,
    /// What is still due to the fund on each date, for a limit that lets so much through.
    promise: Option<PromiseTable>,
    /// What must pass at least, and what has passed so far.
    floor: Floor,
    /// Rolled amounts with the date on which they were first presented, oldest first.
    carried: Vec<(Date, Live)>,
    record: Record,
}

impl State {
    fn new(shared: &Shared<'_>, limit: &Limit, investment: &Investment, dates: &[Date]) -> Self {
        let promise = match &limit.at_most {
            AtMost::Due { fund, promise } => {
                let fund = investment.funds.iter().find(|known| known.id == *fund);
                fund.map(|fund| PromiseTable::new(*promise, &fund.drawn, dates, investment.ends))
            }
            _ => None,
        };
        Self { promise, floor: Floor::new(shared, investment, limit), ..Self::default() }
    }
}

struct Cascade<'a, 's> {
    shared: &'a mut Shared<'s>,
    investment: &'a Investment,
    states: Vec<State>,
    flows: Flows,
    passes: Passes,
    funds: Funds<'a>,
    /// What each payer has paid to funds.
    paid: BTreeMap<usize, Vec<Whole>>,
    /// The position of the date among all.
    day: usize,
}

/// Compiles the limits of an investment over all its due dates.
pub(super) fn compile(
    shared: &mut Shared<'_>,
    investment: &Investment,
    entries: &[Entry],
    passes: Passes,
) -> Result<Flows, RangeError> {
    let dates = dates(shared, investment, entries);
    let states =
        investment.limits.iter().map(|limit| State::new(shared, limit, investment, &dates)).collect();
    let funds = Funds::new(shared, investment, &dates);
    let flows = Flows::new(!funds.repaid.is_empty(), shared.journal.fork());
    let paid = BTreeMap::new();
    let mut cascade = Cascade { shared, investment, states, flows, passes, funds, paid, day: 0 };
    cascade.record_persons();
    for (day, date) in dates.iter().enumerate() {
        cascade.day = day;
        let mut live = cascade.due(entries, *date);
        for limit in 0..investment.limits.len() {
            cascade.limit(limit, *date, &mut live)?;
        }
        cascade.pay(live, *date)?;
        if cascade.shared.builder.ops.len() > MOST_OPERATIONS {
            return Err(RangeError::TooMany {
                origin: Origin::at(investment.id.to_string(), &investment.span),
            });
        }
    }
    cascade.cut_what_is_left();
    cascade.settle_with_funds()?;
    cascade.donate_and_draw();
    cascade.report_limits()?;
    let mut flows = cascade.flows;
    shared.journal.join(std::mem::take(&mut flows.journal));
    Ok(flows)
}

/// All dates on which something can be presented: due dates; the days on which floors are settled; where amounts roll, also the first days of the payers'
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
    let floors = investment.limits.iter().flat_map(|limit| Floor::new(shared, investment, limit).dates());
    dates.extend(floors);
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
            self.flows.journal.turn(date, &self.investment.terms[entry.term].id);
            self.flows.add(Flow::Earned, (entry.payer, entry.year), entry.amount);
            let Entry { payer, term, intake, year, delay, amount, .. } = *entry;
            live.push(Live { payer, term, intake, year, delay, amount });
        }
        live
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
