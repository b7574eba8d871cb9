//! The payments of a date, cut by the return cap, and what funds put in.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::return_cap::ReturnCap;
use crate::engine::compile::vessel::Live;
use crate::engine::grid::Flow;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Origin, Unit, Whole};
use crate::scenario::name::RETURN_CAP;

impl Cascade<'_, '_> {
    /// The date's payments: what passed every limit, cut by the return cap in proportion to the payers.
    pub(super) fn pay(
        &mut self,
        live: Vec<Live>,
        index: usize,
        date: Date,
        cap: &mut ReturnCap<'_>,
    ) -> Result<(), RangeError> {
        let mut payers: BTreeMap<(usize, i16), Vec<Whole>> = BTreeMap::new();
        for entry in live {
            payers.entry((entry.payer, entry.year)).or_default().push(entry.amount);
        }
        let mut owed = Vec::with_capacity(payers.len());
        for ((payer, year), amounts) in payers {
            let origin = Origin::of(format!("{}, owed on {date}", self.investment.id));
            owed.push((payer, year, self.shared.builder.sum(&amounts, Unit::Ore, origin)?));
        }
        let amounts: Vec<_> = owed.iter().map(|(_, _, amount)| *amount).collect();
        let passed = cap.pass(self.shared, self.investment, index, date, &amounts)?;
        self.flows.journal.turn(date, &RETURN_CAP);
        if let (Some(investor), Some(due)) = (self.flows.investor, cap.due) {
            self.flows.journal.note_promise(&RETURN_CAP, date, investor, due);
        }
        for ((payer, year, amount), passed) in owed.into_iter().zip(passed) {
            let origin = Origin::of(format!("{}, over the return cap on {date}", self.investment.id));
            let over = self.shared.builder.difference(&[amount], &[passed], Unit::Ore, origin)?;
            let over = self.shared.builder.never_negative(over);
            self.flows.add(Flow::Cut, (payer, year), over);
            self.flows.add(Flow::Payment, (payer, year), passed);
            if let Some(investor) = self.flows.investor {
                self.flows.add(Flow::Receipt, (investor, year), passed);
                self.flows.received.push(passed);
            }
        }
        Ok(())
    }

    pub(super) fn donate_and_draw(&mut self) {
        for fund in &self.investment.funds {
            let party = self.shared.party(&fund.party);
            let flow = if fund.repayable { Flow::Drawdown } else { Flow::Donation };
            for (date, amount) in &fund.drawn {
                let year = self.year_on(party, *date, 0);
                self.flows.journal.turn(*date, &fund.id);
                self.flows.add(flow, (party, year), Whole::Constant(*amount));
            }
        }
    }
}
