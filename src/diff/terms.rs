//! Terms: what is read, what it is worth, when it falls due and who pays.

use std::collections::BTreeMap;

use super::facts::{Around, Thing};
use crate::contract::schedule::quarter_of;
use crate::report::text::{Aspect, Kind, Pooled, Say};
use crate::scenario::model::{Outcome, Pays, Reading, Split, Term, To};

impl Around<'_> {
    pub(super) fn term(&self, term: &Term) -> Thing {
        let Term {
            id,
            outcome,
            price,
            readings,
            pays,
            // The payers are those of the splits.
            payers: _,
            splits,
            to,
            two_sided,
            whole_kroner,
            account,
            span,
        } = term;
        let mut thing = self.thing(Kind::Term, id).table(format!("term.{id}")).span(span);
        thing.may_say(Aspect::For, "for", outcome.map(|outcome| self.outcome_name(outcome)));
        self.price(&mut thing, term, price);
        self.multipliers(&mut thing, term);
        if let Some(outcome) = outcome.and_then(|outcome| self.investment.outcomes.get(outcome)) {
            thing.says_of(Aspect::Pooled, "", "measured", self.pooled(outcome, readings));
        }
        match pays {
            Pays::InFull => {}
            Pays::Increase => thing.says(Aspect::Pays, "pays", self.say(&Say::Increase)),
            Pays::IncreaseOrRefund => thing.says(Aspect::Pays, "pays", self.say(&Say::IncreaseOrRefund)),
        }
        thing.may_say(Aspect::When, "when", self.waits_for(term));
        self.dates(&mut thing, outcome.is_some(), readings);
        thing.says(Aspect::PaidBy, "paid_by", self.splits(splits));
        match to {
            To::Funds => {}
            To::Fund(fund) => thing.says(Aspect::To, "to", self.say(&Say::ToFund(fund.as_str()))),
            To::Party(party) => thing.says(Aspect::To, "to", party.to_string()),
        }
        thing.is(Aspect::TwoSided, "two_sided", *two_sided, self.style.language);
        thing.is(Aspect::WholeKroner, "whole_kroner", *whole_kroner, self.style.language);
        thing.may_say(Aspect::Account, "account", account.clone());
        thing
    }

    /// When amounts fall due, and when cash moves.
    fn dates(&self, thing: &mut Thing, follows: bool, readings: &[Reading]) {
        let pairs = |pair: fn(&Reading) -> (jiff::civil::Date, jiff::civil::Date)| -> Vec<_> {
            readings.iter().map(pair).collect()
        };
        let due = pairs(|Reading { cells: _, measured, due, paid: _, times: _, when: _ }| (*measured, *due));
        let told = if !follows {
            vec![self.style.dates(due.into_iter().map(|(_, due)| due))]
        } else if due.iter().all(|(measured, due)| measured == due) {
            vec![self.say(&Say::WhenMeasured)]
        } else {
            self.style.after(&due, |length| self.say(&Say::AfterMeasuring(length)))
        };
        thing.says_of(Aspect::Due, "", "due", told);
        let paid = pairs(|reading| (reading.due, reading.paid));
        if paid.iter().any(|(due, paid)| due != paid) {
            let told = self.style.after(&paid, |length| self.say(&Say::AfterDue(length)));
            thing.says_of(Aspect::CashMoves, "", "paid", told);
        }
    }

    fn splits(&self, splits: &[Split]) -> String {
        let one = |Split { until, payers, shares }: &Split| {
            let shares = self.style.shares(payers, shares);
            match until {
                None => shares,
                Some(until) => self.say(&Say::Until { date: &self.style.date(*until), what: &shares }),
            }
        };
        splits.iter().map(one).collect::<Vec<_>>().join("; ")
    }

    /// Ways to tell what is read together; the cells themselves where no word fits.
    fn pooled(&self, outcome: &Outcome, readings: &[Reading]) -> Vec<String> {
        let mut found: Vec<Vec<usize>> =
            readings.iter().map(|reading| sorted(reading.cells.clone())).collect();
        found.sort();
        let fits = |pooled: &Pooled| groups(outcome, *pooled) == found;
        let told: Vec<_> = Pooled::ALL.into_iter().filter(fits).map(|p| self.say(&Say::Pooled(p))).collect();
        if !told.is_empty() {
            return told;
        }
        let one = |cells: &Vec<usize>| self.cells(outcome, cells);
        vec![found.iter().map(one).collect::<Vec<_>>().join("; ")]
    }

    /// Cells one by one: intake and date of measuring.
    pub(super) fn cells(&self, outcome: &Outcome, cells: &[usize]) -> String {
        let one = |cell: &usize| {
            let cell = &outcome.cells[*cell];
            let (start, at) = (self.investment.cohort.intakes[cell.intake], cell.measured);
            format!("{}/{}", self.style.date(start), self.style.date(at))
        };
        cells.iter().map(one).collect::<Vec<_>>().join(" + ")
    }
}

fn sorted(mut cells: Vec<usize>) -> Vec<usize> {
    cells.sort_unstable();
    cells
}

/// The cells of an outcome as a way of pooling groups them, in ascending order.
fn groups(outcome: &Outcome, pooled: Pooled) -> Vec<Vec<usize>> {
    let cells = || outcome.cells.iter().enumerate();
    let mut groups: BTreeMap<(i16, i32), Vec<usize>> = BTreeMap::new();
    match pooled {
        Pooled::ToDate => {
            let mut dates: Vec<_> = outcome.cells.iter().map(|cell| cell.measured).collect();
            dates.sort_unstable();
            dates.dedup();
            let by =
                |date| cells().filter(|(_, cell)| cell.measured <= date).map(|(index, _)| index).collect();
            let mut found: Vec<Vec<usize>> = dates.into_iter().map(by).collect();
            found.sort();
            return found;
        }
        Pooled::EachTime | Pooled::EachIntake | Pooled::EachQuarter | Pooled::EachYear | Pooled::AtTheEnd => {
            for (index, cell) in cells() {
                let group = match pooled {
                    Pooled::EachTime => (0, index as i32),
                    Pooled::EachIntake => (0, cell.intake as i32),
                    Pooled::EachQuarter => {
                        let (year, quarter) = quarter_of(cell.measured);
                        (year, i32::from(quarter))
                    }
                    Pooled::EachYear => (cell.measured.year(), 0),
                    Pooled::AtTheEnd | Pooled::ToDate => (0, 0),
                };
                groups.entry(group).or_default().push(index);
            }
        }
    }
    let mut found: Vec<_> = groups.into_values().collect();
    found.sort();
    found
}
