//! A limit per person among the other limits: what the persons of an intake claim together is its headroom.

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::ledger::Pass;
use crate::engine::compile::vessel::{Live, Window};
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Origin, Unit, Whole};
use crate::scenario::model::AtMost;

impl Cascade<'_, '_> {
    /// What passes of a term's amounts of an intake: as much as its persons may claim, each within the limit.
    pub(super) fn pass_persons(
        &mut self,
        index: usize,
        date: Date,
        (term, intake): (usize, usize),
        group: &[Live],
    ) -> Result<Vec<Whole>, RangeError> {
        let origin = self.origin(&self.investment.limits[index], date);
        let parts = self.passes.headroom(index, term, intake, date);
        let headroom = self.shared.builder.sum(&parts, Unit::Ore, origin.clone())?;
        let amounts: Vec<_> = group.iter().map(|entry| entry.amount).collect();
        let passed = self.shared.builder.vessel(&amounts, headroom, &origin)?;
        let limit = &self.investment.limits[index];
        let year = self.limit_year(limit, date, group.first().map(|entry| entry.year));
        // What each person has left is nobody's sum.
        let pass = Pass { date, since: None, year, group, headroom: None, passed: &passed, left: None };
        self.flows.journal.note_limit(&limit.id, &pass);
        Ok(passed)
    }

    /// What is known of limits per person before the first date: the most one person claims, and whether anyone
    /// reaches the limit.
    pub(super) fn record_persons(&mut self) {
        for (index, limit) in self.investment.limits.iter().enumerate() {
            let record = &mut self.states[index].record;
            // What one person can claim is a bound: it proves that a limit never cuts, not that it does.
            if let (AtMost::Amount(at_most), Some(worth)) = (&limit.at_most, self.passes.worth.get(&index))
                && worth <= at_most
            {
                record.present(Window::Contract, *at_most, &[Whole::Constant(*worth)]);
            }
            for (intake, last, full) in self.passes.full.get(&index).into_iter().flatten() {
                let origin = Origin::at(format!("{}.{}", self.investment.id, limit.id), &limit.span);
                let nobody = self.shared.builder.is_zero(*full, origin);
                record.last.insert((last.year(), Window::Persons(usize::MAX, Some(*intake))), nobody);
            }
        }
    }
}
