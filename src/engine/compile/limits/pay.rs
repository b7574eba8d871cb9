//! The payments of a date, cut by the return caps and divided among funds; what is settled on the last day.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Cascade;
use crate::engine::compile::vessel::Live;
use crate::engine::grid::Flow;
use crate::engine::plan::build::RangeError;
use crate::engine::plan::column::{Origin, Unit, Whole};
use crate::scenario::model::To;
use crate::scenario::name::RETURN_CAP;

/// What a payer pays in a budget year.
type Paid = (usize, i16, Whole);

impl Cascade<'_, '_> {
    /// The date's payments: to parties, to single funds, then to all funds by rank.
    pub(super) fn pay(&mut self, live: Vec<Live>, date: Date) -> Result<(), RangeError> {
        for repaid in &mut self.funds.repaid {
            repaid.received.push(Vec::new());
        }
        let mut targets: BTreeMap<(u8, &To), Vec<Live>> = BTreeMap::new();
        for entry in live {
            let to = &self.investment.terms[entry.term].to;
            let turn = match to {
                To::Party(_) => 0,
                To::Fund(_) => 1,
                To::Funds => 2,
            };
            targets.entry((turn, to)).or_default().push(entry);
        }
        for ((_, to), live) in targets {
            let owed = self.owed(live, date)?;
            let repaid = self.funds.repaid.iter().enumerate();
            match to {
                To::Party(party) => {
                    self.flows.journal.turn(date, party);
                    let party = self.shared.party(party);
                    for (payer, year, amount) in owed {
                        self.flows.add(Flow::Payment, (payer, year), amount);
                        self.flows.add(Flow::Fee, (party, year), amount);
                    }
                }
                To::Fund(id) => {
                    let one: Vec<_> =
                        repaid.filter(|(_, fund)| fund.fund.id == *id).map(|(at, _)| at).collect();
                    self.repay(&one, owed, date)?;
                }
                To::Funds => {
                    let all: Vec<_> = repaid.map(|(at, _)| at).collect();
                    self.repay(&all, owed, date)?;
                }
            }
        }
        Ok(())
    }

    /// What each payer owes, by budget year.
    fn owed(&mut self, live: Vec<Live>, date: Date) -> Result<Vec<Paid>, RangeError> {
        let mut payers: BTreeMap<(usize, i16), Vec<Whole>> = BTreeMap::new();
        for entry in live {
            payers.entry((entry.payer, entry.year)).or_default().push(entry.amount);
        }
        let mut owed = Vec::with_capacity(payers.len());
        for ((payer, year), amounts) in payers {
            let origin = Origin::of(format!("{}, owed on {date}", self.investment.id));
            owed.push((payer, year, self.shared.builder.sum(&amounts, Unit::Ore, origin)?));
        }
        Ok(owed)
    }

    /// Pays what is owed to some funds, up to their promises; what they may not take is cut.
    fn repay(&mut self, to: &[usize], owed: Vec<Paid>, date: Date) -> Result<(), RangeError> {
        let amounts: Vec<_> = owed.iter().map(|(_, _, amount)| *amount).collect();
        let passed = self.funds.pass(self.shared, self.day, to, &amounts)?;
        self.flows.journal.turn(date, &RETURN_CAP);
        if let Some((party, due)) = self.funds.due {
            self.flows.journal.note_promise(&RETURN_CAP, date, party, due);
        }
        let mut paid = Vec::with_capacity(owed.len());
        for ((payer, year, amount), passed) in owed.into_iter().zip(passed) {
            let origin = Origin::of(format!("{}, over the return cap on {date}", self.investment.id));
            let over = self.shared.builder.difference(&[amount], &[passed], Unit::Ore, origin)?;
            let over = self.shared.builder.never_negative(over);
            self.flows.add(Flow::Cut, (payer, year), over);
            self.flows.add(Flow::Payment, (payer, year), passed);
            self.paid.entry(payer).or_default().push(passed);
            paid.push((payer, year, passed));
        }
        match to {
            [] => Ok(()),
            [one] => {
                for (_, year, amount) in paid {
                    self.receive(*one, year, amount);
                }
                Ok(())
            }
            _ => self.share_out(to, &paid, date),
        }
    }

    fn receive(&mut self, fund: usize, year: i16, amount: Whole) {
        let repaid = &mut self.funds.repaid[fund];
        repaid.received[self.day].push(amount);
        self.flows.add(Flow::Receipt, (repaid.party, year), amount);
        self.flows.received.push(amount);
    }

    /// Divides payments among several funds: what is booked in an earlier budget year first.
    fn share_out(&mut self, to: &[usize], paid: &[Paid], date: Date) -> Result<(), RangeError> {
        let mut by_year: BTreeMap<i16, Vec<Whole>> = BTreeMap::new();
        for (_, year, amount) in paid {
            by_year.entry(*year).or_default().push(*amount);
        }
        let several = by_year.len() > 1;
        for (year, amounts) in by_year {
            let origin = Origin::of(format!("{}, received on {date}", self.investment.id));
            let total = self.shared.builder.sum(&amounts, Unit::Ore, origin.clone())?;
            let (mut taken, rest) = self.funds.take(self.shared, self.day, to, total)?;
            if let (true, Some(last)) = (several, taken.last_mut()) {
                // Only where another year of the same day is below zero, and gives the room back.
                *last = self.shared.builder.sum(&[*last, rest], Unit::Ore, origin)?;
            }
            for (fund, amount) in to.iter().zip(taken) {
                self.receive(*fund, year, amount);
            }
        }
        Ok(())
    }

    /// On the last day: what funds give back of a surplus, then what is guaranteed.
    pub(super) fn settle_with_funds(&mut self) -> Result<(), RangeError> {
        for index in 0..self.funds.repaid.len() {
            let surplus = self.funds.surplus(self.shared, index)?;
            let returned = if surplus == Whole::ZERO { Whole::ZERO } else { self.give_back(index, surplus)? };
            let amount = self.funds.guaranteed(self.shared, index, returned)?;
            let (fund, party) = (self.funds.repaid[index].fund, self.funds.repaid[index].party);
            if let (Some(guarantee), true) = (&fund.guarantee, amount != Whole::ZERO) {
                self.flows.journal.turn(self.investment.ends, &fund.id);
                let by = self.shared.party(&guarantee.by);
                let year = self.year_on(by, self.investment.ends, 0);
                self.flows.add(Flow::Guarantee, (by, year), amount);
                self.flows.add(Flow::Receipt, (party, year), amount);
                self.flows.received.push(amount);
            }
        }
        Ok(())
    }

    /// Gives a surplus back to the payers, in proportion to what they have paid; who has got money gets no more.
    fn give_back(&mut self, index: usize, surplus: Whole) -> Result<Whole, RangeError> {
        let fund = self.funds.repaid[index].fund;
        let origin =
            Origin::at(format!("{}, given back by fund {}", self.investment.id, fund.id), &fund.span);
        let payers: Vec<usize> = self.paid.keys().copied().collect();
        let mut paid = Vec::with_capacity(payers.len());
        for amounts in self.paid.values() {
            let sum = self.shared.builder.sum(amounts, Unit::Ore, origin.clone())?;
            let negative = self.shared.builder.lattice(sum).low < 0;
            let own = if negative { self.shared.builder.what_is_left(sum, &[], origin.clone()) } else { sum };
            paid.push(own);
        }
        let parts = self.shared.builder.vessel(&paid, surplus, &origin)?;
        let party = self.funds.repaid[index].party;
        self.flows.journal.turn(self.investment.ends, &fund.id);
        for (payer, part) in payers.into_iter().zip(&parts) {
            let year = self.year_on(payer, self.investment.ends, 0);
            let negative = self.shared.builder.difference(&[], &[*part], Unit::Ore, origin.clone())?;
            self.flows.add(Flow::Returned, (payer, year), *part);
            self.flows.add(Flow::Receipt, (party, year), negative);
            self.flows.given_back.push(*part);
        }
        self.shared.builder.sum(&parts, Unit::Ore, origin)
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
