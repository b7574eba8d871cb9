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
    /// The people of an intake under one term.
    Persons(usize, Option<usize>),
}

/// Amounts by year.
pub(super) type ByYear = BTreeMap<i16, Vec<Whole>>;

/// What a limit did: what did not pass, what was left, and what was presented to it.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// What did not pass when it was first presented, by year.
    pub(super) excess: ByYear,
    /// What nobody pays because of the limit, by the year in which it is cut.
    pub(super) lost: ByYear,
    /// What the limit passes on to a later date or another payer, by the year it comes from.
    pub(super) moved: ByYear,
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
        let acted = [&self.excess, &self.lost, &self.moved].into_iter().flat_map(BTreeMap::keys).copied();
        let years: BTreeSet<i16> = self.last.keys().map(|(year, _)| *year).chain(acted).collect();
        let mut found = Vec::new();
        let mut final_headroom = BTreeMap::new();
        for year in &years {
            let windows = self.last.range((*year, Window::Contract)..).take_while(|((y, _), _)| y == year);
            let windows: BTreeMap<_, _> = windows.map(|((_, window), left)| (*window, *left)).collect();
            let of = |amounts: &ByYear| amounts.get(year).cloned().unwrap_or_default();
            found.push((Some(*year), self.figures(builder, origin, &of, &windows)?));
            final_headroom.extend(windows);
        }
        let all = |amounts: &ByYear| amounts.values().flatten().copied().collect();
        found.push((None, self.figures(builder, origin, &all, &final_headroom)?));
        Ok(found)
    }

    /// The figures of some years, whose amounts `of` picks.
    fn figures(
        &self,
        builder: &mut Builder,
        origin: &Origin,
        of: &dyn Fn(&ByYear) -> Vec<Whole>,
        windows: &BTreeMap<Window, Whole>,
    ) -> Result<LimitYear, RangeError> {
        let mut sum = |amounts: &[Whole]| builder.sum(amounts, Unit::Ore, origin.clone());
        let (excess, lost, moved) = (sum(&of(&self.excess))?, sum(&of(&self.lost))?, sum(&of(&self.moved))?);
        let taken = sum(&[lost, moved])?;
        let full: Vec<_> = windows.values().map(|left| builder.is_zero(*left, origin.clone())).collect();
        let full = builder.any(&full, origin.clone());
        Ok(LimitYear { excess, lost, moved, taken, full })
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
        Per::Person => Window::Persons(entry.term, entry.intake),
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
