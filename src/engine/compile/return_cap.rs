//! The return cap: a fund is repaid up to its promise; the last limit on each date.

use jiff::civil::Date;

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Unit, Whole};
use super::Shared;
use super::vessel::{Record, Window};
use crate::contract::promise::PromiseTable;
use crate::scenario::model::{Fund, Investment};
use crate::scenario::name::RETURN_CAP;

/// The fund's return cap: the last limit on each date.
pub(super) struct ReturnCap<'a> {
    fund: Option<&'a Fund>,
    table: Option<PromiseTable>,
    paid: Vec<Whole>,
    pub(super) record: Record,
    /// What was due before and after the last payment, for the ledger.
    pub(super) due: Option<(Whole, Whole)>,
}

impl<'a> ReturnCap<'a> {
    pub(super) fn new(investment: &Investment, fund: Option<&'a Fund>, dates: &[Date]) -> Self {
        let table = fund.and_then(|fund| {
            fund.return_cap.map(|promise| PromiseTable::new(promise, &fund.drawn, dates, investment.ends))
        });
        Self { fund, table, paid: Vec::new(), record: Record::default(), due: None }
    }

    /// The fund, if it has a return cap.
    pub(super) fn capped(&self) -> Option<&'a Fund> {
        self.fund.filter(|fund| fund.return_cap.is_some())
    }

    /// What the fund may take of what is owed on a date, cut in proportion to the payers.
    pub(super) fn pass(
        &mut self,
        shared: &mut Shared<'_>,
        investment: &Investment,
        index: usize,
        date: Date,
        owed: &[Whole],
    ) -> Result<Vec<Whole>, RangeError> {
        let (Some(table), Some(fund)) = (&self.table, self.fund) else { return Ok(owed.to_vec()) };
        let origin = Origin::at(format!("{}.{RETURN_CAP} on {date}", investment.id), &fund.span);
        // Its rows stand in the budget years of the party that is repaid.
        let year = shared.scenario.parties[&fund.party].year_start.year_of(date);
        let due = shared.builder.due(table, index, &self.paid, origin.clone());
        let passed = shared.builder.vessel(owed, due, &origin)?;
        let total = shared.builder.sum(&passed, Unit::Ore, origin.clone())?;
        let owed = shared.builder.sum(owed, Unit::Ore, origin.clone())?;
        let over = shared.builder.difference(&[owed], &[total], Unit::Ore, origin.clone())?;
        let over = shared.builder.never_negative(over);
        if over != Whole::ZERO {
            self.record.excess.entry(year).or_default().push(over);
            self.record.lost.entry(year).or_default().push(over);
        }
        let left = shared.builder.difference(&[due], &[total], Unit::Ore, origin)?;
        let left = shared.builder.never_negative(left);
        self.record.last.insert((year, Window::Payment(date)), left);
        self.due = Some((due, left));
        self.paid.push(total);
        Ok(passed)
    }
}
