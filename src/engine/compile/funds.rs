//! What funds receive: by rank, each up to its promise; then, on the last day, what is given back and what is guaranteed.
//!
//! On each date the funds together let through what they are still due, and cut the rest in proportion to the payers: the
//! last limit. What they let through goes to the first rank up to its promises, the rest to the next. Funds of one rank
//! share by what they put in; what one of them may not take goes to the others, in order of their ids.

use jiff::civil::Date;

use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Unit, Whole};
use super::Shared;
use super::vessel::{Record, Window};
use crate::contract::promise::PromiseTable;
use crate::contract::share::{Fraction, Shares};
use crate::scenario::model::{Fund, Investment};
use crate::scenario::name::RETURN_CAP;

/// A fund that is to be repaid.
pub(super) struct Repaid<'a> {
    pub(super) fund: &'a Fund,
    /// The position of its party.
    pub(super) party: usize,
    /// What it may take; everything without.
    table: Option<PromiseTable>,
    /// What it received on each date.
    pub(super) received: Vec<Vec<Whole>>,
}

/// All funds that are to be repaid, by rank and id, and what their return caps did.
pub(super) struct Funds<'a> {
    investment: &'a Investment,
    dates: Vec<Date>,
    pub(super) repaid: Vec<Repaid<'a>>,
    pub(super) record: Record,
    /// What was due to a party before and after the last payment, for the ledger.
    pub(super) due: Option<(usize, (Whole, Whole))>,
}

/// What is taken on a date: by fund, in their order.
pub(super) type Taken = Vec<Whole>;

impl<'a> Funds<'a> {
    pub(super) fn new(shared: &Shared<'_>, investment: &'a Investment, dates: &[Date]) -> Self {
        let mut repaid: Vec<_> = investment
            .funds
            .iter()
            .filter(|fund| fund.repayable)
            .map(|fund| {
                let promise = fund.return_cap.filter(|_| !fund.returns_surplus);
                let table =
                    promise.map(|promise| PromiseTable::new(promise, &fund.drawn, dates, investment.ends));
                Repaid { fund, party: shared.party(&fund.party), table, received: Vec::new() }
            })
            .collect();
        repaid.sort_by_key(|repaid| (repaid.fund.rank, &repaid.fund.id));
        Self { investment, dates: dates.to_vec(), repaid, record: Record::default(), due: None }
    }

    /// The funds with a return cap that cuts.
    pub(super) fn capped(&self) -> impl Iterator<Item = &Repaid<'a>> {
        self.repaid.iter().filter(|repaid| repaid.table.is_some())
    }

    fn origin(&self, date: Date) -> Origin {
        let span = self.capped().next().map(|repaid| &repaid.fund.span);
        let label = format!("{}.{RETURN_CAP} on {date}", self.investment.id);
        span.map_or_else(|| Origin::of(label.clone()), |span| Origin::at(label.clone(), span))
    }

    /// What one fund may still take on a date; `None` for everything.
    fn due(&self, shared: &mut Shared<'_>, index: usize, day: usize) -> Result<Option<Whole>, RangeError> {
        let repaid = &self.repaid[index];
        let Some(table) = &repaid.table else { return Ok(None) };
        let origin = self.origin(self.dates[day]);
        let mut paid = Vec::with_capacity(day);
        for amounts in &repaid.received[..day] {
            paid.push(shared.builder.sum(amounts, Unit::Ore, origin.clone())?);
        }
        Ok(Some(shared.builder.due(table, day, &paid, true, origin)))
    }

    /// What passes of amounts owed to some funds on a date, cut in proportion, given what these have taken that day.
    pub(super) fn pass(
        &mut self,
        shared: &mut Shared<'_>,
        day: usize,
        to: &[usize],
        owed: &[Whole],
    ) -> Result<Vec<Whole>, RangeError> {
        let date = self.dates[day];
        self.due = None;
        let mut dues = Vec::with_capacity(to.len());
        for index in to {
            dues.push(self.left(shared, *index, day)?);
        }
        // A fund without a return cap takes everything; without any fund nothing is repaid, and nothing is cut.
        let Some(dues) = dues.into_iter().collect::<Option<Vec<_>>>().filter(|dues| !dues.is_empty()) else {
            return Ok(owed.to_vec());
        };
        let origin = self.origin(date);
        let first = &self.repaid[to[0]].fund;
        // Its rows stand in the budget years of the party that is repaid.
        let year = shared.scenario.parties[&first.party].year_start.year_of(date);
        let due = shared.builder.sum(&dues, Unit::Ore, origin.clone())?;
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
        self.due = Some((self.repaid[to[0]].party, (due, left)));
        Ok(passed)
    }

    /// What a fund may still take on a date, after what it has taken that day.
    fn left(&self, shared: &mut Shared<'_>, index: usize, day: usize) -> Result<Option<Whole>, RangeError> {
        let Some(due) = self.due(shared, index, day)? else { return Ok(None) };
        let today = self.repaid[index].received.get(day).cloned().unwrap_or_default();
        let origin = self.origin(self.dates[day]);
        let left = shared.builder.difference(&[due], &today, Unit::Ore, origin)?;
        Ok(Some(shared.builder.never_negative(left)))
    }

    /// Divides a total among some funds, by rank, up to what their promises leave; and what none of them may take.
    pub(super) fn take(
        &self,
        shared: &mut Shared<'_>,
        day: usize,
        to: &[usize],
        total: Whole,
    ) -> Result<(Taken, Whole), RangeError> {
        let mut rest = total;
        let mut taken = vec![Whole::ZERO; to.len()];
        for rank in to.chunk_by(|a, b| self.repaid[*a].fund.rank == self.repaid[*b].fund.rank) {
            let at = to.iter().position(|index| *index == rank[0]).unwrap_or(0);
            rest = self.take_by_rank(shared, day, rank, rest, &mut taken[at..at + rank.len()])?;
        }
        Ok((taken, rest))
    }

    /// What the funds of one rank take; returns the rest.
    fn take_by_rank(
        &self,
        shared: &mut Shared<'_>,
        day: usize,
        rank: &[usize],
        total: Whole,
        taken: &mut [Whole],
    ) -> Result<Whole, RangeError> {
        let origin = self.origin(self.dates[day]);
        let parts = self.parts(shared, rank, total, &origin);
        let mut rest = Vec::with_capacity(rank.len());
        for (at, index) in rank.iter().enumerate() {
            let left = self.left(shared, *index, day)?;
            taken[at] = up_to(shared, parts[at], left, &origin)?;
            let over = shared.builder.difference(&[parts[at]], &[taken[at]], Unit::Ore, origin.clone())?;
            rest.push(shared.builder.never_negative(over));
        }
        let mut rest = shared.builder.sum(&rest, Unit::Ore, origin.clone())?;
        for (at, index) in rank.iter().enumerate().filter(|_| rank.len() > 1) {
            if let Some(left) = self.left(shared, *index, day)? {
                let room = shared.builder.difference(&[left], &[taken[at]], Unit::Ore, origin.clone())?;
                let room = shared.builder.never_negative(room);
                let more = up_to(shared, rest, Some(room), &origin)?;
                taken[at] = shared.builder.sum(&[taken[at], more], Unit::Ore, origin.clone())?;
                rest = shared.builder.difference(&[rest], &[more], Unit::Ore, origin.clone())?;
                rest = shared.builder.never_negative(rest);
            } else {
                taken[at] = shared.builder.sum(&[taken[at], rest], Unit::Ore, origin.clone())?;
                rest = Whole::ZERO;
            }
        }
        Ok(rest)
    }

    /// Parts in proportion to what the funds put in, by cumulative boundaries.
    fn parts(&self, shared: &mut Shared<'_>, rank: &[usize], total: Whole, origin: &Origin) -> Vec<Whole> {
        let amounts: Vec<i64> = rank.iter().map(|index| self.repaid[*index].fund.amount).collect();
        let sum: i64 = amounts.iter().sum();
        let fractions: Vec<_> = amounts.iter().map(|amount| Fraction::new(*amount, sum.max(1))).collect();
        // Amounts with no common part, or none at all, share alike.
        let shares = Shares::new(&fractions).or_else(|_| Shares::equal(rank.len()));
        shares.map_or_else(|_| vec![total], |shares| shared.builder.divide(total, &shares, Unit::Ore, origin))
    }

    /// What a fund received by date, as sums.
    pub(super) fn sums(&self, shared: &mut Shared<'_>, index: usize) -> Result<Vec<Whole>, RangeError> {
        let origin =
            Origin::of(format!("{}, received by fund {}", self.investment.id, self.repaid[index].fund.id));
        let received = self.repaid[index].received.iter();
        received.map(|amounts| shared.builder.sum(amounts, Unit::Ore, origin.clone())).collect()
    }

    /// A promise of a fund on all dates, and twice on the last day after them: when a surplus is given back, and then.
    fn final_table(&self, index: usize, promise: crate::contract::promise::Promise) -> PromiseTable {
        let dates: Vec<_> = self.dates.iter().copied().chain([self.investment.ends; 2]).collect();
        PromiseTable::new(promise, &self.repaid[index].fund.drawn, &dates, self.investment.ends)
    }

    /// What a fund has received above its return cap, and gives back.
    pub(super) fn surplus(&self, shared: &mut Shared<'_>, index: usize) -> Result<Whole, RangeError> {
        let fund = self.repaid[index].fund;
        let Some(promise) = fund.return_cap.filter(|_| fund.returns_surplus) else { return Ok(Whole::ZERO) };
        let table = self.final_table(index, promise);
        let paid = self.sums(shared, index)?;
        let origin = Origin::at(format!("{}, surplus of fund {}", self.investment.id, fund.id), &fund.span);
        Ok(shared.builder.surplus(&table, self.dates.len(), &paid, origin))
    }

    /// What the guarantor of a fund pays, after what the fund gives back.
    pub(super) fn guaranteed(
        &self,
        shared: &mut Shared<'_>,
        index: usize,
        returned: Whole,
    ) -> Result<Whole, RangeError> {
        let fund = self.repaid[index].fund;
        let Some(guarantee) = &fund.guarantee else { return Ok(Whole::ZERO) };
        let table = self.final_table(index, guarantee.promise);
        let mut paid = self.sums(shared, index)?;
        let origin = Origin::at(format!("{}, guarantee of fund {}", self.investment.id, fund.id), &fund.span);
        paid.push(shared.builder.difference(&[], &[returned], Unit::Ore, origin.clone())?);
        let due = shared.builder.due(&table, self.dates.len() + 1, &paid, false, origin.clone());
        up_to(shared, due, guarantee.up_to.map(Whole::Constant), &origin)
    }
}

/// The smaller of an amount and what there is room for.
fn up_to(
    shared: &mut Shared<'_>,
    amount: Whole,
    room: Option<Whole>,
    origin: &Origin,
) -> Result<Whole, RangeError> {
    match room {
        None => Ok(amount),
        Some(room) => Ok(shared.builder.vessel(&[amount], room, origin)?[0]),
    }
}
