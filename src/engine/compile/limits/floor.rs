//! Floors: what stays below `at_least` is topped up when the limit's window closes.
//!
//! Each payer owes its share of the floor, by the split of the limit's terms, and is topped up to it: what one payer pays
//! never counts for another. So a payment is never topped up below zero, and the parts need no rounding of their own.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Cascade;
use crate::contract::schedule::quarter_of;
use crate::engine::compile::Shared;
use crate::engine::compile::amounts::days_between;
use crate::engine::compile::vessel::{Live, Window};
use crate::engine::grid::Flow;
use crate::engine::plan::column::Whole;
use crate::money::Ore;
use crate::scenario::model::{AtLeast, Investment, Limit, Per};

/// A floor between dates.
#[derive(Debug, Default)]
pub(super) struct Floor {
    /// The last day of each window, on which it is settled, and how many days later that is paid. What nets a payment is
    /// booked with it; what settles a period, on the day that closes it.
    settled: BTreeMap<Window, (Date, i32)>,
    /// What has passed, by window and payer.
    passed: BTreeMap<(Window, usize), Vec<Whole>>,
}

impl Floor {
    pub(super) fn new(shared: &Shared<'_>, investment: &Investment, limit: &Limit) -> Self {
        let Some(at_least) = &limit.at_least else { return Self::default() };
        let mut settled = payments(investment, limit);
        let mut day = investment.starts;
        while day <= investment.ends {
            // The last day that is seen in a window closes it.
            if let Some(window) = window_of(shared, limit, day)
                && in_window(at_least, window).is_some()
            {
                settled.insert(window, (day, 0));
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        Self { settled, passed: BTreeMap::new() }
    }

    pub(super) fn dates(self) -> impl Iterator<Item = Date> {
        self.settled.into_values().map(|(day, _)| day)
    }
}

/// Each date on which one of the limit's terms falls due is a window, where it is per payment.
fn payments(investment: &Investment, limit: &Limit) -> BTreeMap<Window, (Date, i32)> {
    let mut found = BTreeMap::new();
    let terms = limit.terms.iter().filter(|_| limit.per == Per::Payment);
    for reading in terms.flat_map(|term| &investment.terms[*term].readings) {
        let (_, delay) = found.entry(Window::Payment(reading.due)).or_insert((reading.due, 0));
        *delay = days_between(reading.due, reading.paid).max(*delay);
    }
    found
}

/// The window of a day; none where each payment is one.
fn window_of(shared: &Shared<'_>, limit: &Limit, day: Date) -> Option<Window> {
    match (limit.per, &limit.payer) {
        (Per::Contract, _) => Some(Window::Contract),
        (Per::Quarter, _) => {
            let (year, quarter) = quarter_of(day);
            Some(Window::Quarter(year, quarter))
        }
        (Per::Year, Some(payer)) => {
            Some(Window::Year(shared.scenario.parties[payer].year_start.year_of(day)))
        }
        (Per::Year, None) => Some(Window::Year(day.year())),
        (Per::Payment | Per::Intake | Per::Person, _) => None,
    }
}

fn in_window(at_least: &AtLeast, window: Window) -> Option<Ore> {
    match (at_least, window) {
        (AtLeast::Amount(amount), _) => Some(*amount),
        (AtLeast::ByYear(years), Window::Year(year)) => years.get(&year).copied(),
        (AtLeast::ByYear(_), _) => None,
    }
}

impl Cascade<'_, '_> {
    /// Remembers what passed a limit that has a floor.
    pub(super) fn count_for_floor(&mut self, index: usize, window: Window, entry: &Live) {
        if self.investment.limits[index].at_least.is_some() {
            let passed = &mut self.states[index].floor.passed;
            passed.entry((window, entry.payer)).or_default().push(entry.amount);
        }
    }

    /// Tops up what stays below the floor in the windows that close on a date.
    pub(super) fn top_up(&mut self, index: usize, date: Date, live: &mut Vec<Live>) {
        let limit = &self.investment.limits[index];
        let Some(at_least) = &limit.at_least else { return };
        let settled = self.states[index].floor.settled.iter().filter(|(_, (day, _))| *day == date);
        let windows: Vec<_> = settled.map(|(window, (_, delay))| (*window, *delay)).collect();
        for (window, delay) in windows {
            for (payer, least) in self.owed_at_least(limit, date, in_window(at_least, window).unwrap_or(0)) {
                let year = self.year_on(payer, date, delay);
                let passed = self.states[index].floor.passed.get(&(window, payer));
                let passed = passed.cloned().unwrap_or_default();
                let origin = self.origin(limit, date);
                let amount = self.shared.builder.what_is_left(Whole::Constant(least), &passed, origin);
                if amount != Whole::ZERO {
                    self.flows.add(Flow::ToppedUp, (payer, year), amount);
                    live.push(Live { payer, term: limit.terms[0], intake: None, year, delay, amount });
                }
            }
        }
    }

    /// Each payer's share of a floor.
    fn owed_at_least(&self, limit: &Limit, date: Date, least: Ore) -> Vec<(usize, Ore)> {
        if let Some(payer) = &limit.payer {
            return vec![(self.shared.party(payer), least)];
        }
        let split = self.investment.terms[limit.terms[0]].split_on(date);
        let payers = split.payers.iter().map(|id| self.shared.party(id));
        payers.zip(split.shares.divide(least)).collect()
    }
}
