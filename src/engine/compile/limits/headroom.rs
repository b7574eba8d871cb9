//! How much a limit lets through: a fixed capacity, a share of what others come to, or what is due to a fund.

use jiff::civil::Date;

use super::Cascade;
use crate::contract::share::Fraction;
use crate::engine::compile::ledger::Pass;
use crate::engine::compile::vessel::{Live, Window, window};
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Unit, Whole};
use crate::scenario::model::{AtMost, Excess, Limit, TermIndex};

impl Cascade<'_, '_> {
    /// What passes a vessel; its headroom falls by that. `since` is when it was first presented, if it is so again.
    pub(super) fn pass(
        &mut self,
        index: usize,
        date: Date,
        window: Window,
        group: &[Live],
        since: Option<Date>,
    ) -> Result<Vec<Whole>, RangeError> {
        let limit = &self.investment.limits[index];
        let origin = self.origin(limit, date);
        if let Window::Persons(term, Some(intake)) = window {
            return self.pass_persons(index, date, (term, intake), group);
        }
        if limit.at_most == AtMost::Open {
            return Ok(group.iter().map(|entry| entry.amount).collect());
        }
        let year = self.limit_year(limit, date, group.first().map(|entry| entry.year));
        let headroom = self.headroom(index, date, window)?;
        let amounts: Vec<_> = group.iter().map(|entry| entry.amount).collect();
        if let Some(capacity) = fixed_capacity(&limit.at_most, window) {
            self.states[index].record.present(window, capacity, &amounts);
        }
        let passed = self.shared.builder.vessel(&amounts, headroom, &origin)?;
        let left = self.shared.builder.difference(&[headroom], &passed, Unit::Ore, origin)?;
        let left = self.shared.builder.never_negative(left);
        let vessel = vessel_on(limit, date, window);
        self.states[index].headroom.insert(vessel, left);
        self.states[index].record.last.insert((year, window), left);
        self.count(index, date, window, &passed)?;
        let (headroom, left) = (Some(headroom), Some(left));
        let pass = Pass { date, since, year, group, headroom, passed: &passed, left };
        self.flows.journal.note_limit(&limit.id, &pass);
        Ok(passed)
    }

    /// The part of an excess that passes all the same; `None` where nothing does.
    pub(super) fn pass_in_part(
        &mut self,
        index: usize,
        date: Date,
        window: Window,
        group: &[Live],
        excess: &[Whole],
    ) -> Result<Option<Vec<Whole>>, RangeError> {
        let limit = &self.investment.limits[index];
        let Excess::Passes(share) = limit.excess else { return Ok(None) };
        if excess.iter().all(|excess| *excess == Whole::ZERO) {
            return Ok(None);
        }
        let more = self.shared.builder.portion(excess, share, &self.origin(limit, date));
        self.count(index, date, window, &more)?;
        let year = self.limit_year(limit, date, group.first().map(|entry| entry.year));
        let over: Vec<_> =
            group.iter().zip(excess).map(|(l, over)| Live { amount: *over, ..l.clone() }).collect();
        let (headroom, left) = (Some(Whole::ZERO), Some(Whole::ZERO));
        let pass = Pass { date, since: None, year, group: &over, headroom, passed: &more, left };
        self.flows.journal.note_limit(&limit.id, &pass);
        Ok(Some(more))
    }

    /// Remembers what passed, where the capacity grows.
    fn count(
        &mut self,
        index: usize,
        date: Date,
        window: Window,
        passed: &[Whole],
    ) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        if let AtMost::Share { .. } = limit.at_most {
            let origin = self.origin(limit, date);
            let before = self.states[index].used.get(&window).copied().unwrap_or(Whole::ZERO);
            let amounts: Vec<_> = std::iter::once(before).chain(passed.iter().copied()).collect();
            let used = self.shared.builder.sum(&amounts, Unit::Ore, origin)?;
            self.states[index].used.insert(window, used);
        }
        Ok(())
    }

    /// Adds what a share limit compares with on a date: what the other terms have come to when the limit acts.
    pub(super) fn compare(&mut self, index: usize, date: Date, live: &[Live]) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        let AtMost::Share { of, .. } = &limit.at_most else { return Ok(()) };
        for entry in live {
            let payer = limit.payer.as_ref().is_none_or(|id| self.shared.party(id) == entry.payer);
            if payer && of.contains(&entry.term) && !limit.terms.contains(&entry.term) {
                let origin = self.origin(limit, date);
                self.states[index].may_shrink |= self.shared.builder.lattice(entry.amount).low < 0;
                let window = window(limit, date, entry);
                let before = self.states[index].compared.get(&window).copied().unwrap_or(Whole::ZERO);
                let sum = self.shared.builder.sum(&[before, entry.amount], Unit::Ore, origin)?;
                self.states[index].compared.insert(window, sum);
            }
        }
        Ok(())
    }

    /// What a limit still lets through in a window on a date.
    fn headroom(&mut self, index: usize, date: Date, window: Window) -> Result<Whole, RangeError> {
        let limit = &self.investment.limits[index];
        if let AtMost::Share { share, of } = &limit.at_most {
            return self.headroom_of_share(index, date, window, *share, of);
        }
        let vessel = vessel_on(limit, date, window);
        if let Some(left) = self.states[index].headroom.get(&vessel) {
            return Ok(*left);
        }
        let capacity = fixed_capacity(&limit.at_most, window).unwrap_or(0);
        let Some(table) = &self.states[index].promise else { return Ok(Whole::Constant(capacity)) };
        let origin = self.origin(limit, date);
        let AtMost::Due { fund, .. } = &limit.at_most else { return Ok(Whole::Constant(capacity)) };
        let index = self.funds.repaid.iter().position(|repaid| repaid.fund.id == *fund).unwrap_or(0);
        let paid = self.funds.sums(self.shared, index)?;
        Ok(self.shared.builder.due(table, self.day, &paid, false, origin))
    }

    /// At most a share x of all: x / (1 − x) of the others, where the limit's own terms are among them.
    fn headroom_of_share(
        &mut self,
        index: usize,
        date: Date,
        window: Window,
        share: Fraction,
        of: &[TermIndex],
    ) -> Result<Whole, RangeError> {
        let limit = &self.investment.limits[index];
        let origin = self.origin(limit, date);
        let among = limit.terms.iter().any(|term| of.contains(term));
        let others = share.denom() - if among { *share.numer() } else { 0 };
        let compared = self.states[index].compared.get(&window).copied().unwrap_or(Whole::ZERO);
        let used = self.states[index].used.get(&window).copied().unwrap_or(Whole::ZERO);
        let builder = &mut self.shared.builder;
        let capacity = builder.ceiling(compared, Fraction::new(*share.numer(), others), &origin)?;
        let only_grows = !matches!(limit.excess, Excess::Passes(_)) && !self.states[index].may_shrink;
        let builder = &mut self.shared.builder;
        if !only_grows {
            return Ok(builder.what_is_left(capacity, &[used], origin));
        }
        // A capacity that only grows is never below what it has let through.
        let left = builder.difference(&[capacity], &[used], Unit::Ore, origin)?;
        Ok(builder.never_negative(left))
    }
}

/// Where the headroom is kept: what is due to a fund is asked anew on each date.
fn vessel_on(limit: &Limit, date: Date, window: Window) -> Window {
    if let AtMost::Due { .. } = limit.at_most { Window::Payment(date) } else { window }
}

/// A capacity that is the same in every trial.
fn fixed_capacity(at_most: &AtMost, window: Window) -> Option<i64> {
    match (at_most, window) {
        (AtMost::Amount(amount), _) => Some(*amount),
        (AtMost::ByYear(years), Window::Year(year)) => Some(years.get(&year).copied().unwrap_or(0)),
        (AtMost::ByYear(_), _) => Some(0),
        (AtMost::Open | AtMost::Due { .. } | AtMost::Share { .. }, _) => None,
    }
}
