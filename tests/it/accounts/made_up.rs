//! Contracts made up from a seed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};

use super::contract::{Cap, Contract, Course, Excess, Limit, Ore, Party, Per, Source, Split, Term};
use super::scalar::last_day;

/// The splitmix64 sequence.
pub struct Words(pub u64);

impl Words {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.word() % (high - low + 1) as u64) as i64
    }

    /// An amount.
    pub fn ore(&mut self, low: Ore, high: Ore) -> Ore {
        self.between(low, high)
    }

    fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.between(0, of.len() as i64 - 1) as usize].clone()
    }

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
        parties.push(Party { id: "investor".into(), begins: (1, 1), books_when_paid: false });
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
        };
        for index in 0..self.between(1, 4) {
            let term = self.term(&contract, payers, index);
            contract.terms.push(term);
        }
        let course = Course { people: contract.people[1], coins: [true; 2] };
        let most: Ore = contract.earned(course).iter().map(|(_, live)| live.amount).sum();
        self.limits(&mut contract, payers, most);
        self.fund(&mut contract, most);
        contract
    }

    fn term(&mut self, contract: &Contract, payers: usize, index: i64) -> Term {
        let source = if index > 0 && self.one_in(3) {
            let days: BTreeSet<_> = (0..self.between(1, 3)).map(|_| self.day(2026, contract.ends)).collect();
            Source::Fixed(days.into_iter().map(|day| (day, self.between(1, 20_000_000))).collect())
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
            let price = self.between(1, 20_000_000_000 / digits) * digits;
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
            let single = terms.iter().all(|term: &usize| match &contract.terms[*term].source {
                Source::Fixed(_) => false,
                Source::People { readings, .. } => readings.iter().all(|(pool, _)| pool.len() == 1),
            });
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
            limits.push(Limit { id: format!("l{index}"), terms, payer, per, at_most, by_year, excess });
        }
        self.order(contract, limits);
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
        let rate = self.between(1, 150);
        contract.cap = match self.between(1, 8) {
            1 => Some(Cap::Amount(money(self))),
            2 => Some(Cap::Multiple(self.between(50, 200))),
            3 => Some(Cap::Balance(rate)),
            4 => Some(Cap::Simple(rate)),
            5 => Some(Cap::Average(rate)),
            _ => None,
        };
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
                && !a.terms.is_disjoint(&b.terms)
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
