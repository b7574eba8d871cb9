//! One limit on one date: what it covers, what it lets through, where the excess goes.

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::ledger::Pass;
use crate::engine::compile::vessel::{Live, Window, by_window};
use crate::engine::grid::Flow;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Origin, Unit, Whole};
use crate::scenario::model::{AtMost, Excess, Limit, Per};

/// What later limits tell amounts apart by: payer, budget year, delay of the payment, intake, term where persons are told
/// apart or something moves, and which of those limits cover the term.
type Alike = (usize, i16, i32, Option<usize>, Option<usize>, Vec<bool>);

impl Cascade<'_, '_> {
    /// Runs one limit over what is live on a date.
    pub(super) fn limit(&mut self, index: usize, date: Date, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        self.flows.journal.turn(date, &limit.id);
        self.merge(index, live)?;
        let (mut covered, rest): (Vec<_>, Vec<_>) =
            std::mem::take(live).into_iter().partition(|entry| self.covers(limit, entry));
        *live = rest;
        self.release(index, date, live)?;
        covered.sort();
        for (window, group) in by_window(limit, date, covered) {
            let passed = self.pass(index, date, window, &group, None)?;
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
    /// that adding up across an amount that stays apart could move an øre. For the same reason only amounts of one term
    /// and intake where something of a later limit rolls or falls on a payer: on its way it would meet amounts that
    /// belong between those that were added up.
    pub(super) fn merge(&mut self, from: usize, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let later = &self.investment.limits[from..];
        let by_person = later.iter().any(|limit| limit.per == Per::Person);
        let moves = later.iter().any(|limit| limit.excess != Excess::Lost);
        let by_intake = moves || by_person || later.iter().any(|limit| limit.per == Per::Intake);
        let alike = |entry: &Live| -> Alike {
            let signature = later.iter().map(|limit| limit.terms.contains(&entry.term)).collect();
            let term = (moves || by_person).then_some(entry.term);
            (entry.payer, entry.year, entry.delay, entry.intake.filter(|_| by_intake), term, signature)
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

    pub(super) fn covers(&self, limit: &Limit, entry: &Live) -> bool {
        let payer = limit.payer.as_ref().is_none_or(|id| self.shared.party(id) == entry.payer);
        payer && limit.terms.contains(&entry.term)
    }

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
        if let Window::Persons(term, Some(intake)) = window {
            return self.pass_persons(index, date, (term, intake), group);
        }
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
        let pass = Pass { date, since, year, group, headroom, passed: &passed, left };
        self.flows.journal.note_limit(&limit.id, &pass);
        Ok(passed)
    }

    /// Sends what a limit did not let through where the file says.
    pub(super) fn overflow(
        &mut self,
        index: usize,
        date: Date,
        entry: &Live,
        excess: Whole,
        live: &mut Vec<Live>,
    ) {
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
}
