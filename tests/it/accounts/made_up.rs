//! Contracts made up from a seed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use super::contract::{
    Cap, Contract, Course, Excess, Limit, Moving, Ore, Party, Per, Second, Source, Split, Term, To,
};
use super::scalar::last_day;

pub use crate::support::Words;

impl Words {
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.between(0, i as i64) as usize);
        }
    }

    fn day(&mut self, from: i16, ends: Date) -> Date {
        loop {
            let year = self.between(i64::from(from), i64::from(ends.year())) as i16;
            let (month, day) =
                self.pick(&[(1, 1), (3, 31), (4, 1), (6, 30), (7, 1), (11, 15), (12, 20), (12, 31)]);
            if date(year, month, day) <= ends {
                return date(year, month, day);
            }
        }
    }

    fn subset(&mut self, n: usize) -> BTreeSet<usize> {
        let mut found: BTreeSet<_> = (0..n).filter(|_| self.one_in(2)).collect();
        if found.is_empty() {
            found.insert(self.between(0, n as i64 - 1) as usize);
        }
        found
    }

    pub fn contract(&mut self) -> Contract {
        let ends = self.pick(&[date(2029, 12, 31), date(2030, 3, 31), date(2029, 6, 30), date(2029, 7, 1)]);
        let mut parties: Vec<_> = ["alpha", "beta", "gamma"][..self.between(1, 3) as usize]
            .iter()
            .map(|id| Party {
                id: (*id).to_owned(),
                begins: self.pick(&[(1, 1), (1, 1), (4, 1), (7, 1)]),
                books_when_paid: self.one_in(4),
            })
            .collect();
        let payers = parties.len();
        for id in ["junior", "provider", "investor"] {
            parties.push(Party { id: id.into(), begins: (1, 1), books_when_paid: false });
        }
        let starts = [date(2026, 1, 1), date(2026, 9, 1), date(2027, 2, 1)];
        let intakes: Vec<_> = match self.between(1, 3) {
            1 => vec![(starts[0], 100)],
            2 => vec![(starts[0], 45), (starts[1], 55)],
            _ => vec![(starts[0], 33), (starts[1], 33), (starts[2], 34)],
        };
        let mut contract = Contract {
            ends,
            parties,
            people: [self.between(10, 90), self.between(91, 200)],
            intakes,
            terms: Vec::new(),
            limits: Vec::new(),
            order_is_said: false,
            drawn: Vec::new(),
            cap: None,
            second: None,
            returns_surplus: false,
            guarantee: None,
        };
        for index in 0..self.between(1, 4) {
            let term = self.term(&contract, payers, index);
            contract.terms.push(term);
        }
        let course = Course { people: contract.people[1], coins: [true; 2] };
        let most: Ore = contract.earned(course).iter().map(|(_, live)| live.amount.abs()).sum();
        self.limits(&mut contract, payers, most);
        self.fund(&mut contract, most);
        self.more_funds(&mut contract, most);
        contract
    }

    fn term(&mut self, contract: &Contract, payers: usize, index: i64) -> Term {
        let two_sided = self.one_in(4);
        let sign = |words: &mut Self| if two_sided && words.one_in(2) { -1 } else { 1 };
        let source = if index > 0 && self.one_in(3) {
            let days: BTreeSet<_> = (0..self.between(1, 3)).map(|_| self.day(2026, contract.ends)).collect();
            Source::Fixed(
                days.into_iter().map(|day| (day, self.between(1, 20_000_000) * sign(self))).collect(),
            )
        } else {
            let months = self.pick(&[3, 6, 12]);
            let measured: Vec<_> = contract.intakes.iter().map(|(day, _)| last_day(*day, months)).collect();
            let all: Vec<usize> = (0..measured.len()).collect();
            let pools: Vec<Vec<usize>> =
                if self.one_in(4) { vec![all] } else { all.into_iter().map(|i| vec![i]).collect() };
            let due = |words: &mut Self, pool: &Vec<usize>| loop {
                let day = words.day(2026, contract.ends);
                if pool.iter().all(|i| measured[*i] <= day) {
                    return day;
                }
            };
            let readings = pools.into_iter().map(|pool| (pool.clone(), due(self, &pool))).collect();
            let digits = self.pick(&[1, 100, 10_000, 1_000_000]);
            let price = self.between(1, 20_000_000_000 / digits) * digits * sign(self);
            let coin = self.pick(&[None, Some(0), Some(1)]);
            Source::People { coin, months, price, readings }
        };
        let mut splits = Vec::new();
        if self.one_in(4) {
            let untils: BTreeSet<_> =
                (0..self.between(1, 2)).map(|_| self.day(2027, contract.ends)).collect();
            splits.extend(untils.into_iter().map(|until| (Some(until), self.split(payers))));
        }
        splits.push((None, self.split(payers)));
        Term {
            id: format!("t{index}"),
            source,
            paid_days: self.pick(&[0, 0, 30, 200]),
            whole_kroner: self.one_in(5),
            two_sided,
            to: None,
            splits,
        }
    }

    fn split(&mut self, payers: usize) -> Split {
        let payers: Vec<usize> = self.subset(payers).into_iter().collect();
        let shares: Vec<(i64, i64)> = match payers.len() {
            1 => vec![(1, 1)],
            2 => self.pick(&[vec![(1, 3), (2, 3)], vec![(1, 2), (1, 2)], vec![(37, 100), (63, 100)]]),
            _ => self.pick(&[vec![(1, 3); 3], vec![(1, 7), (2, 7), (4, 7)], vec![(1, 2), (1, 3), (1, 6)]]),
        };
        payers.into_iter().zip(shares).collect()
    }

    fn limits(&mut self, contract: &mut Contract, payers: usize, most: Ore) {
        // What falls on a payer falls on a later one in this order, so that nothing goes round in a circle.
        let mut chain: Vec<usize> = (0..payers).collect();
        self.shuffle(&mut chain);
        let place = |payer: usize| chain.iter().position(|p| *p == payer).unwrap();
        let mut limits = Vec::new();
        for index in 0..self.between(0, 5) {
            let terms = if self.one_in(2) {
                (0..contract.terms.len()).collect()
            } else {
                self.subset(contract.terms.len())
            };
            let payer = if self.one_in(3) { None } else { Some(self.between(0, payers as i64 - 1) as usize) };
            let single = terms.iter().all(|term: &usize| has_intakes(&contract.terms[*term]));
            let mut per = self.pick(&[
                Per::Payment,
                Per::Intake,
                Per::Quarter,
                Per::Year,
                Per::Contract,
                Per::Contract,
            ]);
            if per == Per::Intake && !single {
                per = Per::Year;
            }
            let receivers: Vec<usize> = match payer {
                Some(payer) => (0..payers).filter(|other| place(*other) > place(payer)).collect(),
                None => (0..payers).collect(),
            };
            let excess = match self.between(1, 9) {
                1..=3 => Excess::Lost,
                4..=6 => Excess::Rolls,
                7 => Excess::Passes(self.pick(&[(40, 95), (1, 2), (1, 7), (9, 10)])),
                _ if receivers.is_empty() => Excess::Lost,
                _ => Excess::FallsOn(self.pick(&receivers)),
            };
            let amount = |words: &mut Self| words.between(0, most / words_between(per));
            let mut by_year = BTreeMap::new();
            if per == Per::Year && self.one_in(3) {
                for year in 2026..=2030 {
                    if !self.one_in(4) {
                        by_year.insert(year, amount(self));
                    }
                }
            }
            let by_year = (!by_year.is_empty()).then_some(by_year);
            let at_most = amount(self);
            let mut moving = None;
            if by_year.is_none() {
                moving = self.moving(&terms, contract.terms.len());
            }
            if let Some(Moving::Due(_)) = moving {
                per = Per::Contract;
            }
            if let (Some(Moving::Share(_, of)), Per::Intake) = (&moving, per)
                && !of.iter().all(|term| has_intakes(&contract.terms[*term]))
            {
                per = Per::Year;
            }
            let id = format!("l{index}");
            let mut limit = Limit {
                id,
                terms,
                payer,
                per,
                at_most,
                by_year,
                at_least: None,
                open: false,
                moving,
                excess,
            };
            self.floor(contract, &mut limit, most);
            limits.push(limit);
        }
        self.order(contract, limits);
        drop_unclear_floors(&mut contract.limits);
    }

    /// Sometimes a floor, where it is clear who owes what is missing.
    fn floor(&mut self, contract: &Contract, limit: &mut Limit, most: Ore) {
        let mut splits = limit.terms.iter().map(|term| &contract.terms[*term].splits);
        let first = splits.next().unwrap();
        let alike = splits.all(|splits| splits == first);
        let by_amount = limit.by_year.is_none() && limit.moving.is_none();
        if limit.per == Per::Intake || !by_amount || !(alike || limit.payer.is_some()) || self.one_in(2) {
            return;
        }
        if self.one_in(2) {
            limit.open = true;
            limit.at_most = 1 << 50;
            limit.excess = Excess::Lost;
        }
        let share = if limit.per == Per::Contract { 1 } else { 8 };
        limit.at_least = Some(self.between(0, limit.at_most.min(most / share)));
    }

    /// Sometimes a ceiling that moves: a share of other terms, or of all; or what is due to the fund.
    fn moving(&mut self, own: &BTreeSet<usize>, terms: usize) -> Option<Moving> {
        if self.one_in(6) {
            let rate = self.between(1, 150);
            let multiple = Cap::Multiple(self.between(20, 120));
            return Some(Moving::Due(self.pick(&[multiple, Cap::Balance(rate), Cap::Simple(rate)])));
        }
        let others: BTreeSet<_> = (0..terms).filter(|term| !own.contains(term) && self.one_in(2)).collect();
        if others.is_empty() || self.one_in(3) {
            return None;
        }
        let of = if self.one_in(2) { others } else { &others | own };
        Some(Moving::Share(self.pick(&[(3, 10), (1, 3), (1, 2), (4, 7), (9, 10)]), of))
    }

    /// Limits in the order that follows from the rules, or, where these do not decide and sometimes besides, in one
    /// that the file says.
    fn order(&mut self, contract: &mut Contract, mut limits: Vec<Limit>) {
        let n = contract.terms.len();
        let ties = ties(&limits, n);
        let by_rule = {
            let mut sorted = limits.clone();
            sorted.sort_by_key(|limit| (rank(limit, &limits, n), limit.id.clone()));
            sorted
        };
        contract.order_is_said = ties || self.one_in(4);
        if !contract.order_is_said {
            contract.limits = by_rule;
            return;
        }
        for _ in 0..200 {
            self.shuffle(&mut limits);
            if gives_before(&limits) {
                contract.limits = limits;
                return;
            }
        }
        contract.order_is_said = false;
        contract.limits = Vec::new();
    }

    fn fund(&mut self, contract: &mut Contract, most: Ore) {
        let money = |words: &mut Self| words.between(1, most.min(100_000_000) + 1);
        let mut drawn =
            vec![(self.pick(&[date(2026, 1, 1), date(2026, 3, 31), date(2026, 7, 1)]), money(self))];
        if self.one_in(2) {
            drawn.push((self.pick(&[date(2027, 7, 1), date(2028, 2, 29)]), money(self)));
        }
        contract.drawn = drawn;
        contract.cap = self.cap(most);
    }

    fn cap(&mut self, most: Ore) -> Option<Cap> {
        let rate = self.between(1, 150);
        match self.between(1, 8) {
            1 => Some(Cap::Amount(self.between(1, most.min(100_000_000) + 1))),
            2 => Some(Cap::Multiple(self.between(50, 200))),
            3 => Some(Cap::Balance(rate)),
            4 => Some(Cap::Simple(rate)),
            5 => Some(Cap::Average(rate)),
            _ => None,
        }
    }

    /// Sometimes a second fund, a guarantee, a surplus that is given back, and terms that pay one fund or a provider.
    fn more_funds(&mut self, contract: &mut Contract, most: Ore) {
        if self.one_in(3) {
            let drawn = vec![(self.pick(&[date(2026, 1, 1), date(2027, 7, 1)]), self.between(1, 50_000_000))];
            let rank = if contract.cap.is_some() { self.between(1, 2) } else { 1 };
            contract.second = Some(Second { drawn, cap: self.cap(most), rank });
        }
        let last = contract.second.as_ref().is_none_or(|second| second.rank == 1);
        contract.returns_surplus = last && contract.cap.is_some() && self.one_in(4);
        if self.one_in(4) {
            let promise = self.cap(most).unwrap_or(Cap::Multiple(75));
            let up_to = if self.one_in(2) { Some(self.between(1, 30_000_000)) } else { None };
            contract.guarantee = Some((promise, up_to));
        }
        for term in &mut contract.terms {
            term.to = match self.between(1, 8) {
                1 => Some(To::Provider),
                2 => Some(To::Fund(0)),
                3 if contract.second.is_some() => Some(To::Fund(1)),
                _ => None,
            };
        }
    }
}

/// Takes out floors whose top-ups a later limit could not place, and limits that were nothing else.
fn drop_unclear_floors(limits: &mut Vec<Limit>) {
    for index in 0..limits.len() {
        let floor = limits[index].clone();
        let unclear = limits[index + 1..].iter().any(|later| {
            let counts = later.counts();
            let apart = !floor.terms.is_subset(&counts) || later.per == Per::Intake;
            let meet = floor.payer.is_none() || later.payer.is_none() || floor.payer == later.payer;
            !counts.is_disjoint(&floor.terms) && apart && meet
        });
        if unclear {
            limits[index].at_least = None;
        }
    }
    limits.retain(|limit| !(limit.open && limit.at_least.is_none()));
}

/// Whether each amount of a term belongs to one intake.
fn has_intakes(term: &Term) -> bool {
    match &term.source {
        Source::Fixed(_) => false,
        Source::People { readings, .. } => readings.iter().all(|(pool, _)| pool.len() == 1),
    }
}

fn words_between(per: Per) -> i64 {
    if per == Per::Contract { 1 } else { 3 }
}

/// The place of a limit among the limits of one date, in a contract of so many terms.
fn rank(limit: &Limit, limits: &[Limit], terms: usize) -> (usize, u8, Per) {
    let scope = if limit.terms.len() == terms { 2 } else { u8::from(limit.terms.len() > 1) };
    (limit.payer.map_or(0, |payer| 1 + depth(payer, limits)), scope, limit.per)
}

/// Whether two limits that overlap stand in the same place, so that the file must say which comes first.
fn ties(limits: &[Limit], terms: usize) -> bool {
    limits.iter().enumerate().any(|(i, a)| {
        limits[i + 1..].iter().any(|b| {
            rank(a, limits, terms) == rank(b, limits, terms)
                && a.payer == b.payer
                && !a.counts().is_disjoint(&b.counts())
        })
    })
}

impl Contract {
    /// Sorts the limits by the rules; false where these do not decide.
    pub fn sort_limits(&mut self) -> bool {
        let (limits, n) = (self.limits.clone(), self.terms.len());
        self.limits.sort_by_key(|limit| (rank(limit, &limits, n), limit.id.clone()));
        !ties(&limits, n)
    }

    /// Whether whoever receives an excess comes after the limit that gives it.
    pub fn gives_before_receives(&self) -> bool {
        gives_before(&self.limits)
    }
}

/// Whether a payer who receives an excess has no limit before the one that gives it.
fn gives_before(limits: &[Limit]) -> bool {
    limits.iter().enumerate().all(|(i, giver)| match giver.excess {
        Excess::FallsOn(receiver) => limits[..i].iter().all(|limit| limit.payer != Some(receiver)),
        _ => true,
    })
}

/// The longest chain of excesses that leads to a payer.
fn depth(payer: usize, limits: &[Limit]) -> usize {
    let givers = limits.iter().filter(|limit| limit.excess == Excess::FallsOn(payer));
    givers.filter_map(|limit| limit.payer).map(|giver| depth(giver, limits) + 1).max().unwrap_or(0)
}
