//! One limit on one date: what it covers, what it lets through, where the excess goes.

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::vessel::{Live, by_window};
use crate::engine::grid::Flow;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Origin, Unit, Whole};
use crate::scenario::model::{Excess, Limit, Per, To};

/// What later limits and funds tell amounts apart by: payer, budget year, delay of the payment, intake, term where persons
/// are told apart or something moves, who gets them, and which of those limits cover the term, or count it.
type Alike<'a> = (usize, i16, i32, Option<usize>, Option<usize>, &'a To, Vec<(bool, bool)>);

impl Cascade<'_, '_> {
    /// Runs one limit over what is live on a date.
    pub(super) fn limit(&mut self, index: usize, date: Date, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        self.flows.journal.turn(date, &limit.id);
        self.merge(index, live)?;
        let (mut covered, rest): (Vec<_>, Vec<_>) =
            std::mem::take(live).into_iter().partition(|entry| self.covers(limit, entry));
        *live = rest;
        self.compare(index, date, live)?;
        self.release(index, date, live)?;
        covered.sort();
        for (window, group) in by_window(limit, date, covered) {
            let passed = self.pass(index, date, window, &group, None)?;
            let mut excess = Vec::with_capacity(group.len());
            for (entry, passed) in group.iter().zip(&passed) {
                excess.push(self.left_over(limit, date, entry.amount, *passed)?);
            }
            let more = self.pass_in_part(index, date, window, &group, &excess)?;
            for (index_of, entry) in group.into_iter().enumerate() {
                let (mut amount, mut excess) = (passed[index_of], excess[index_of]);
                if let Some(more) = &more {
                    let origin = self.origin(limit, date);
                    amount = self.shared.builder.sum(&[amount, more[index_of]], Unit::Ore, origin)?;
                    excess = self.left_over(limit, date, excess, more[index_of])?;
                }
                self.overflow(index, date, &entry, excess, live);
                let entry = Live { amount, ..entry };
                self.count_for_floor(index, window, &entry);
                live.push(entry);
            }
        }
        self.top_up(index, date, live);
        Ok(())
    }

    /// What is left of an amount of which a part passes.
    pub(super) fn left_over(
        &mut self,
        limit: &Limit,
        date: Date,
        amount: Whole,
        passed: Whole,
    ) -> Result<Whole, RangeError> {
        let origin = self.origin(limit, date);
        let left = self.shared.builder.difference(&[amount], &[passed], Unit::Ore, origin)?;
        Ok(self.shared.builder.never_negative(left))
    }

    /// Adds up neighbouring amounts that no limit from `from` on tells apart: fewer operations, the same amounts.
    ///
    /// Only neighbours in the order of payer, term and intake: cuts in proportion round at cumulative boundaries, so
    /// that adding up across an amount that stays apart could move an øre. For the same reason only amounts of one term
    /// and intake where something of a later limit rolls or falls on a payer: on its way it would meet amounts that
    /// belong between those that were added up. What may be negative stays apart: it passes whatever a limit cuts.
    pub(super) fn merge(&mut self, from: usize, live: &mut Vec<Live>) -> Result<(), RangeError> {
        let later = &self.investment.limits[from..];
        let terms = &self.investment.terms;
        let by_person = later.iter().any(|limit| limit.per == Per::Person);
        let moves = later.iter().any(|limit| !matches!(limit.excess, Excess::Lost | Excess::Passes(_)));
        let by_intake = moves || by_person || later.iter().any(|limit| limit.per == Per::Intake);
        let alike = |entry: &Live| -> Alike<'_> {
            let counted = |limit: &Limit| (limit.terms.contains(&entry.term), limit.counts(entry.term));
            let signature = later.iter().map(counted).collect();
            let term = (moves || by_person).then_some(entry.term);
            let intake = entry.intake.filter(|_| by_intake);
            (entry.payer, entry.year, entry.delay, intake, term, &terms[entry.term].to, signature)
        };
        live.sort();
        let builder = &self.shared.builder;
        let negative = |entry: &Live| builder.lattice(entry.amount).low < 0;
        let runs: Vec<Vec<Live>> = live
            .chunk_by(|a, b| alike(a) == alike(b) && !negative(a) && !negative(b))
            .map(<[Live]>::to_vec)
            .collect();
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
            Excess::Lost | Excess::Passes(_) => {
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
