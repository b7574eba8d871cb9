//! Vessels: the windows in which a limit counts, what is left of it in each, and the figures it leaves behind.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::grid::{LimitYear, Presented};
use super::super::plan::build::{Builder, RangeError};
use super::super::plan::column::{Origin, Unit, Whole};
use crate::contract::schedule::quarter_of;
use crate::money::Ore;
use crate::scenario::model::{Limit, Per};

/// An amount on its way through the limits of one date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Live {
    pub(super) payer: usize,
    pub(super) term: usize,
    pub(super) intake: Option<usize>,
    pub(super) year: i16,
    pub(super) delay: i32,
    pub(super) amount: Whole,
}

/// Which vessel of a limit: one per payment date, intake, quarter or year, or a single one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Window {
    Contract,
    Year(i16),
    Quarter(i16, i8),
    Payment(Date),
    Intake(Option<usize>),
}

/// What a limit did: what did not pass, what was left, and what was presented to it.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// What did not pass, by year.
    pub(super) excess: BTreeMap<i16, Vec<Whole>>,
    /// Headroom at the last use of a window in a year.
    pub(super) last: BTreeMap<(i16, Window), Whole>,
    /// By window: its capacity and all that arrived.
    presented: BTreeMap<Window, (Ore, Vec<Whole>)>,
}

impl Record {
    /// Amounts arrive at a window of this capacity.
    pub(super) fn present(&mut self, window: Window, capacity: Ore, amounts: &[Whole]) {
        self.presented.entry(window).or_insert((capacity, Vec::new())).1.extend(amounts);
    }

    /// All that was presented, by window.
    pub(super) fn presented(&self) -> Vec<Presented> {
        let windows = self.presented.values();
        windows
            .map(|(capacity, amounts)| Presented { capacity: *capacity, amounts: amounts.clone() })
            .collect()
    }

    /// The figures of each year, ascending, then of all years under `None`.
    pub(super) fn years(
        &self,
        builder: &mut Builder,
        origin: &Origin,
    ) -> Result<Vec<(Option<i16>, LimitYear)>, RangeError> {
        let mut found = Vec::new();
        let mut final_headroom = BTreeMap::new();
        let years: BTreeSet<i16> =
            self.last.keys().map(|(year, _)| *year).chain(self.excess.keys().copied()).collect();
        for year in &years {
            let amounts = self.excess.get(year).map_or(&[][..], Vec::as_slice);
            let excess = builder.sum(amounts, Unit::Ore, origin.clone())?;
            let mut full = Vec::new();
            for ((_, window), left) in
                self.last.range((*year, Window::Contract)..).take_while(|((y, _), _)| y == year)
            {
                full.push(builder.is_zero(*left, origin.clone()));
                final_headroom.insert(*window, *left);
            }
            let full = builder.any(&full, origin.clone());
            found.push((Some(*year), LimitYear { excess, full }));
        }
        let amounts: Vec<_> = self.excess.values().flatten().copied().collect();
        let excess = builder.sum(&amounts, Unit::Ore, origin.clone())?;
        let full: Vec<_> =
            final_headroom.values().map(|left| builder.is_zero(*left, origin.clone())).collect();
        let full = builder.any(&full, origin.clone());
        found.push((None, LimitYear { excess, full }));
        Ok(found)
    }
}

/// Groups what a limit covers on a date by its windows.
pub(super) fn by_window(limit: &Limit, date: Date, covered: Vec<Live>) -> BTreeMap<Window, Vec<Live>> {
    let mut groups: BTreeMap<Window, Vec<Live>> = BTreeMap::new();
    for entry in covered {
        groups.entry(window(limit, date, &entry)).or_default().push(entry);
    }
    groups
}

/// The window in which a limit counts an amount. A year of a payer is the budget year in which the amount is booked,
/// so that no budget year exceeds its limit, whichever date the payer books by.
pub(super) fn window(limit: &Limit, date: Date, entry: &Live) -> Window {
    match limit.per {
        Per::Contract => Window::Contract,
        Per::Payment => Window::Payment(date),
        Per::Intake => Window::Intake(entry.intake),
        Per::Quarter => {
            let (year, quarter) = quarter_of(date);
            Window::Quarter(year, quarter)
        }
        Per::Year if limit.payer.is_some() => Window::Year(entry.year),
        Per::Year => Window::Year(date.year()),
    }
}
