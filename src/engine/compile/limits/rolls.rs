//! What rolls: presented again at its limit on later dates, and cut on the contract's last day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::vessel::{Live, by_window};
use crate::engine::grid::Flow;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::Whole;

impl Cascade<'_, '_> {
    /// Presents again what rolled out of a limit on earlier dates: oldest first, amounts of one age in proportion.
    pub(super) fn release(
        &mut self,
        index: usize,
        date: Date,
        live: &mut Vec<Live>,
    ) -> Result<(), RangeError> {
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

    pub(super) fn release_age(
        &mut self,
        index: usize,
        date: Date,
        since: Date,
        entries: Vec<Live>,
        live: &mut Vec<Live>,
    ) -> Result<(), RangeError> {
        let limit = &self.investment.limits[index];
        for (window, group) in by_window(limit, date, entries) {
            let passed = self.pass(index, date, window, &group, Some(since))?;
            for (entry, passed) in group.into_iter().zip(passed) {
                let left = self.left_over(limit, date, entry.amount, passed)?;
                self.flows.add(Flow::MovedIn, (entry.payer, entry.year), passed);
                if left != Whole::ZERO {
                    self.states[index].carried.push((since, Live { amount: left, ..entry.clone() }));
                }
                if passed != Whole::ZERO {
                    let entry = Live { amount: passed, ..entry };
                    self.count_for_floor(index, window, &entry);
                    live.push(entry);
                }
            }
        }
        Ok(())
    }

    /// What still rolls on the contract's last day is cut, in the year of that day.
    pub(super) fn cut_what_is_left(&mut self) {
        for index in 0..self.states.len() {
            self.flows.journal.turn(self.investment.ends, &self.investment.limits[index].id);
            for (_, entry) in std::mem::take(&mut self.states[index].carried) {
                let at = (entry.payer, self.year_on(entry.payer, self.investment.ends, entry.delay));
                self.states[index].record.lost.entry(at.1).or_default().push(entry.amount);
                self.flows.add(Flow::MovedIn, at, entry.amount);
                self.flows.add(Flow::Cut, at, entry.amount);
            }
        }
    }
}
