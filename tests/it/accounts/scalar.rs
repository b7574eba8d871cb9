//! The scalar model: one trial at a time, in integers, date by date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, date};
use udfald::engine::grid::Flow;

use super::contract::{Cap, Contract, Course, Excess, Limit, Moving, Ore, Party, Per, Source, Term, To};

/// a · n / d to the nearest integer, halves away from zero.
fn nearest(a: Ore, n: i128, d: i128) -> Ore {
    let product = i128::from(a) * n;
    let size = (2 * product.abs() + d) / (2 * d);
    (if product < 0 { -size } else { size }) as Ore
}

/// Cumulative boundaries.
fn in_proportion(total: Ore, weights: &[Ore]) -> Vec<Ore> {
    let sum: i128 = weights.iter().map(|w| i128::from(*w)).sum();
    let (mut so_far, mut before) = (0, 0);
    let part = |weight: &Ore| {
        so_far += i128::from(*weight);
        let boundary = if sum == 0 { 0 } else { nearest(total, so_far, sum) };
        let part = boundary - before;
        before = boundary;
        part
    };
    weights.iter().map(part).collect()
}

/// What passes of several amounts, and each part of it: all that is negative, and of the rest what there is room for.
fn cut(amounts: &[Ore], room: Ore) -> (Ore, Vec<Ore>) {
    let passes = amounts.iter().sum::<Ore>().min(room);
    let back: Ore = amounts.iter().filter(|amount| **amount < 0).sum();
    let owed: Vec<Ore> = amounts.iter().map(|amount| (*amount).max(0)).collect();
    let parts = in_proportion(passes - back, &owed).into_iter().zip(amounts);
    (passes, parts.map(|(part, amount)| part + (*amount).min(0)).collect())
}

fn budget_year(party: &Party, day: Date) -> i16 {
    if (day.month(), day.day()) < party.begins { day.year() - 1 } else { day.year() }
}

fn plus_days(day: Date, days: i32) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap()
}

/// The last day of so many months that begin on the first of a month.
pub fn last_day(first: Date, months: i32) -> Date {
    first.checked_add(jiff::Span::new().months(months)).unwrap().yesterday().unwrap()
}

/// An amount on its way.
#[derive(Clone, Copy, Debug)]
pub struct Live {
    payer: usize,
    term: usize,
    reading: usize,
    intake: Option<usize>,
    /// Days from falling due to being paid.
    delay: i32,
    pub amount: Ore,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Window {
    Day(Date),
    Intake(Option<usize>),
    Quarter(i16, i8),
    Year(i16),
    Contract,
}

#[derive(Default, Debug)]
pub struct Accounts {
    pub flows: BTreeMap<(Flow, usize, i16), Ore>,
    /// What each limit did not let through, counted when an amount is first presented; the return cap last.
    pub over: Vec<Ore>,
}

struct Scalar<'a> {
    contract: &'a Contract,
    accounts: Accounts,
    left: Vec<BTreeMap<Window, Ore>>,
    rolled: Vec<Vec<(Date, Live)>>,
    /// What each share limit compares with, to date, and what it has let through.
    others: Vec<BTreeMap<Window, Ore>>,
    used: Vec<BTreeMap<Window, Ore>>,
    /// What each fund received.
    received: [Vec<(Date, Ore)>; 2],
    /// What each payer paid to funds.
    paid: BTreeMap<usize, Ore>,
    /// What passed each limit, by window and payer.
    passed: Vec<BTreeMap<(Window, usize), Ore>>,
}

impl Term {
    /// An amount among the payers of a day.
    fn divided(&self, due: Date, ore: Ore) -> Vec<(usize, Ore)> {
        let mut splits = self.splits.iter();
        let (_, split) = splits.find(|(until, _)| until.is_none_or(|until| due <= until)).unwrap();
        let common: i64 = split.iter().map(|(_, (_, d))| *d).product();
        let weights: Vec<_> = split.iter().map(|(_, (n, d))| n * (common / d)).collect();
        split.iter().map(|(payer, _)| *payer).zip(in_proportion(ore, &weights)).collect()
    }
}

impl Contract {
    fn year_of(&self, live: &Live, day: Date) -> i16 {
        let party = &self.parties[live.payer];
        budget_year(party, if party.books_when_paid { plus_days(day, live.delay) } else { day })
    }

    /// Everything earned, by due date.
    pub fn earned(&self, course: Course) -> Vec<(Date, Live)> {
        let shares: Vec<Ore> = self.intakes.iter().map(|(_, share)| *share).collect();
        let enrolled = in_proportion(course.people, &shares);
        let mut all = Vec::new();
        for (index, term) in self.terms.iter().enumerate() {
            let amounts: Vec<(Date, Option<usize>, Ore)> = match &term.source {
                Source::Fixed(amounts) => amounts.iter().map(|(due, ore)| (*due, None, *ore)).collect(),
                Source::People { coin, price, readings, .. } => {
                    let all_or_nobody = i64::from(coin.is_none_or(|coin| course.coins[coin]));
                    let reading = |(intakes, due): &(Vec<usize>, Date)| {
                        let people: i64 = intakes.iter().map(|i| enrolled[*i]).sum::<i64>() * all_or_nobody;
                        let intake = if let [one] = intakes[..] { Some(one) } else { None };
                        (*due, intake, nearest(people, i128::from(*price), 10_000))
                    };
                    readings.iter().map(reading).collect()
                }
            };
            for (reading, (due, intake, ore)) in amounts.into_iter().enumerate() {
                let ore = if term.whole_kroner { nearest(ore, 1, 100) * 100 } else { ore };
                for (payer, amount) in term.divided(due, ore) {
                    let live = Live { payer, term: index, reading, intake, delay: term.paid_days, amount };
                    all.push((due, live));
                }
            }
        }
        all
    }

    /// Everyone who can come to pay.
    pub fn payers(&self) -> BTreeSet<usize> {
        let fallen = self.limits.iter().filter_map(|limit| match limit.excess {
            Excess::FallsOn(receiver) => Some(receiver),
            _ => None,
        });
        let splits = self.terms.iter().flat_map(|term| &term.splits);
        splits.flat_map(|(_, split)| split).map(|(payer, _)| *payer).chain(fallen).collect()
    }

    /// Days on which something is presented.
    fn days(&self) -> Vec<Date> {
        // Dates are known before any amount is: they do not depend on the course.
        let course = Course { people: self.people[0], coins: [true; 2] };
        let mut days: BTreeSet<Date> = self.earned(course).into_iter().map(|(due, _)| due).collect();
        let first = *days.first().unwrap();
        if self.limits.iter().any(|limit| limit.excess == Excess::Rolls) {
            let mut day = first;
            while day < self.ends {
                day = day.tomorrow().unwrap();
                if self.payers().iter().any(|payer| self.parties[*payer].begins == (day.month(), day.day())) {
                    days.insert(day);
                }
            }
            days.insert(self.ends);
        }
        let closings = self.limits.iter().filter(|limit| limit.at_least.is_some());
        days.extend(closings.flat_map(|limit| self.closings(limit)).map(|(day, _)| day));
        days.into_iter().collect()
    }

    /// What falls due of the terms of a limit, in any course.
    fn of_terms(&self, limit: &Limit) -> Vec<(Date, Live)> {
        let mut earned = self.earned(Course { people: self.people[0], coins: [true; 2] });
        earned.retain(|(_, live)| limit.terms.contains(&live.term));
        earned
    }

    /// The due dates of the terms of a limit per payment.
    fn payments(&self, limit: &Limit) -> Vec<(Date, Window)> {
        if limit.per != Per::Payment {
            return Vec::new();
        }
        self.of_terms(limit).into_iter().map(|(due, _)| (due, Window::Day(due))).collect()
    }

    fn longest_delay(&self, limit: &Limit, day: Date) -> i32 {
        let today = self.of_terms(limit).into_iter().filter(|(due, _)| *due == day);
        today.map(|(_, live)| live.delay).max().unwrap()
    }

    /// The days on which the windows of a floor close, but for those of single payments.
    fn closings(&self, limit: &Limit) -> Vec<(Date, Window)> {
        let begins = limit.payer.map_or((1, 1), |payer| self.parties[payer].begins);
        let mut found = Vec::new();
        let mut day = date(2026, 1, 1);
        while day <= self.ends {
            let next = day.tomorrow().unwrap();
            let last = day == self.ends;
            let year = if (day.month(), day.day()) < begins { day.year() - 1 } else { day.year() };
            match limit.per {
                Per::Contract if last => found.push((day, Window::Contract)),
                Per::Year if last || (next.month(), next.day()) == begins => {
                    found.push((day, Window::Year(year)));
                }
                Per::Quarter if last || (next.day() == 1 && next.month() % 3 == 1) => {
                    found.push((day, Window::Quarter(day.year(), (day.month() - 1) / 3 + 1)));
                }
                _ => {}
            }
            day = next;
        }
        found
    }
}

impl Scalar<'_> {
    fn add(&mut self, flow: Flow, payer: usize, year: i16, amount: Ore) {
        *self.accounts.flows.entry((flow, payer, year)).or_default() += amount;
    }

    fn window(&self, limit: &Limit, live: &Live, day: Date) -> Window {
        match limit.per {
            Per::Payment => Window::Day(day),
            Per::Intake => Window::Intake(live.intake),
            Per::Quarter => Window::Quarter(day.year(), (day.month() - 1) / 3 + 1),
            Per::Year => Window::Year(match limit.payer {
                Some(_) => self.contract.year_of(live, day),
                None => day.year(),
            }),
            Per::Contract => Window::Contract,
        }
    }

    fn headroom(&mut self, index: usize, window: Window, day: Date) -> &mut Ore {
        let limit = &self.contract.limits[index];
        match &limit.moving {
            None => {}
            Some(Moving::Due(cap)) => {
                let due = self.contract.outstanding(0, *cap, day, &self.received[0]);
                return self.left[index].entry(Window::Day(day)).or_insert(due);
            }
            Some(Moving::Share((n, d), of)) => {
                let others = self.others[index].get(&window).copied().unwrap_or(0);
                let used = self.used[index].get(&window).copied().unwrap_or(0);
                let rest = if limit.terms.is_subset(of) { d - n } else { *d };
                let most = (i128::from(others) * i128::from(*n)).div_euclid(i128::from(rest)) as Ore;
                self.left[index].insert(window, (most.max(0) - used).max(0));
            }
        }
        let capacity = match (&limit.by_year, window) {
            (Some(by_year), Window::Year(year)) => by_year.get(&year).copied().unwrap_or(0),
            _ => limit.at_most,
        };
        self.left[index].entry(window).or_insert(capacity)
    }

    /// How much of each of several amounts of one date a limit lets through.
    fn let_through(&mut self, index: usize, day: Date, lives: &[Live]) -> Vec<Ore> {
        let limit = &self.contract.limits[index];
        let windows: Vec<_> = lives.iter().map(|live| self.window(limit, live, day)).collect();
        let mut passed = vec![0; lives.len()];
        for window in windows.iter().copied().collect::<BTreeSet<_>>() {
            let members: Vec<_> = (0..lives.len()).filter(|i| windows[*i] == window).collect();
            let amounts: Vec<_> = members.iter().map(|i| lives[*i].amount).collect();
            let headroom = self.headroom(index, window, day);
            let (passes, parts) = cut(&amounts, *headroom);
            *headroom -= passes;
            *self.used[index].entry(window).or_default() += passes;
            for (member, part) in members.into_iter().zip(parts) {
                passed[member] = part;
            }
        }
        passed
    }

    fn present_again(&mut self, index: usize, day: Date) -> Vec<Live> {
        let rolled = std::mem::take(&mut self.rolled[index]);
        let ages: BTreeSet<Date> = rolled.iter().map(|(since, _)| *since).collect();
        let mut pass = Vec::new();
        for age in ages {
            let lives: Vec<Live> =
                rolled.iter().filter(|(since, _)| *since == age).map(|(_, l)| *l).collect();
            for (live, part) in lives.iter().zip(self.let_through(index, day, &lives)) {
                self.add(Flow::MovedIn, live.payer, self.contract.year_of(live, day), part);
                self.remember(index, day, &Live { amount: part, ..*live });
                pass.push(Live { amount: part, ..*live });
                if part < live.amount {
                    self.rolled[index].push((age, Live { amount: live.amount - part, ..*live }));
                }
            }
        }
        pass
    }

    fn limit(&mut self, index: usize, day: Date, lives: Vec<Live>) -> Vec<Live> {
        let limit = &self.contract.limits[index];
        let covers = |live: &Live| {
            limit.terms.contains(&live.term) && limit.payer.is_none_or(|payer| payer == live.payer)
        };
        let (mut covered, mut after): (Vec<_>, Vec<_>) = lives.into_iter().partition(covers);
        covered.sort_by_key(|live| (live.payer, live.term, live.reading));
        if let Some(Moving::Share(_, of)) = &limit.moving {
            for live in after.iter().filter(|l| of.contains(&l.term) && !limit.terms.contains(&l.term)) {
                if limit.payer.is_none_or(|payer| payer == live.payer) {
                    let window = self.window(limit, live, day);
                    *self.others[index].entry(window).or_default() += live.amount;
                }
            }
        }
        after.extend(self.present_again(index, day));
        let parts = self.let_through(index, day, &covered);
        let more = self.let_more_through(index, day, &covered, &parts);
        for ((live, part), more) in covered.iter().zip(parts).zip(more) {
            let part = part + more;
            self.remember(index, day, &Live { amount: part, ..*live });
            after.push(Live { amount: part, ..*live });
            let over = live.amount - part;
            let year = self.contract.year_of(live, day);
            self.accounts.over[index] += over;
            match limit.excess {
                Excess::Lost | Excess::Passes(_) => self.add(Flow::Cut, live.payer, year, over),
                Excess::Rolls => {
                    self.add(Flow::MovedOut, live.payer, year, over);
                    self.rolled[index].push((day, Live { amount: over, ..*live }));
                }
                Excess::FallsOn(receiver) => {
                    let moved = Live { payer: receiver, amount: over, ..*live };
                    self.add(Flow::MovedOut, live.payer, year, over);
                    self.add(Flow::MovedIn, receiver, self.contract.year_of(&moved, day), over);
                    after.push(moved);
                }
            }
        }
        after.extend(self.top_up(index, day));
        after
    }

    fn remember(&mut self, index: usize, day: Date, live: &Live) {
        let window = self.window(&self.contract.limits[index], live, day);
        *self.passed[index].entry((window, live.payer)).or_default() += live.amount;
    }

    /// What is missing of a floor in the windows that close today.
    fn top_up(&mut self, index: usize, day: Date) -> Vec<Live> {
        let limit = &self.contract.limits[index];
        let Some(least) = limit.at_least else { return Vec::new() };
        let all = self.contract.closings(limit).into_iter().chain(self.contract.payments(limit));
        let windows: BTreeSet<_> =
            all.filter(|(closes, _)| *closes == day).map(|(_, window)| window).collect();
        let term = *limit.terms.first().unwrap();
        let shares = match limit.payer {
            Some(payer) => vec![(payer, least)],
            None => self.contract.terms[term].divided(day, least),
        };
        let mut more = Vec::new();
        for window in windows {
            for (payer, least) in &shares {
                let passed = self.passed[index].get(&(window, *payer)).copied().unwrap_or(0);
                let delay =
                    if limit.per == Per::Payment { self.contract.longest_delay(limit, day) } else { 0 };
                let amount = (least - passed).max(0);
                let live = Live { payer: *payer, term, reading: 0, intake: None, delay, amount };
                self.add(Flow::ToppedUp, *payer, self.contract.year_of(&live, day), amount);
                more.push(live);
            }
        }
        more
    }

    /// The part of the excess that passes all the same.
    fn let_more_through(&mut self, index: usize, day: Date, lives: &[Live], parts: &[Ore]) -> Vec<Ore> {
        let limit = &self.contract.limits[index];
        let Excess::Passes((n, d)) = limit.excess else { return vec![0; lives.len()] };
        let mut so_far: BTreeMap<Window, Ore> = BTreeMap::new();
        let mut more = Vec::new();
        for (live, part) in lives.iter().zip(parts) {
            let window = self.window(limit, live, day);
            let sum = so_far.entry(window).or_default();
            let before = nearest(*sum, i128::from(n), i128::from(d));
            *sum += live.amount - part;
            let extra = nearest(*sum, i128::from(n), i128::from(d)) - before;
            *self.used[index].entry(window).or_default() += extra;
            more.push(extra);
        }
        more
    }

    fn pay(&mut self, day: Date, lives: &[Live]) {
        let before = self.received.clone();
        let funds = 1 + usize::from(self.contract.second.is_some());
        for to in [Some(To::Provider), Some(To::Fund(0)), Some(To::Fund(1)), None] {
            let mut owed: BTreeMap<(usize, i16), Ore> = BTreeMap::new();
            for live in lives.iter().filter(|live| self.contract.terms[live.term].to == to) {
                *owed.entry((live.payer, self.contract.year_of(live, day))).or_default() += live.amount;
            }
            if owed.is_empty() {
                continue;
            }
            match to {
                Some(To::Provider) => {
                    let provider = self.contract.parties.len() - 2;
                    for ((payer, year), amount) in owed {
                        self.add(Flow::Payment, payer, year, amount);
                        self.add(Flow::Fee, provider, year, amount);
                    }
                }
                Some(To::Fund(fund)) => self.repay(day, &before, &[fund], &owed),
                None => self.repay(day, &before, &[0, 1][..funds], &owed),
            }
        }
    }

    /// What a fund may still take today; `None` for everything.
    fn may_take(&self, day: Date, before: &[Vec<(Date, Ore)>; 2], fund: usize) -> Option<Ore> {
        let contract = self.contract;
        let cap = match fund {
            0 if contract.returns_surplus => None,
            0 => contract.cap,
            _ => contract.second.as_ref().unwrap().cap,
        }?;
        let today: Ore = self.received[fund][before[fund].len()..].iter().map(|(_, ore)| ore).sum();
        Some((contract.outstanding(fund, cap, day, &before[fund]) - today).max(0))
    }

    /// Payments to some funds: the caps cut, then the first rank takes, then the second.
    fn repay(
        &mut self,
        day: Date,
        before: &[Vec<(Date, Ore)>; 2],
        funds: &[usize],
        owed: &BTreeMap<(usize, i16), Ore>,
    ) {
        let amounts: Vec<Ore> = owed.values().copied().collect();
        let rooms: Vec<_> = funds.iter().map(|fund| self.may_take(day, before, *fund)).collect();
        let room: Option<Ore> = rooms.iter().copied().sum();
        let (total, parts) = cut(&amounts, room.unwrap_or(Ore::MAX));
        *self.accounts.over.last_mut().unwrap() += amounts.iter().sum::<Ore>() - total;
        let mut by_year: BTreeMap<i16, Ore> = BTreeMap::new();
        for (((payer, year), amount), part) in owed.iter().zip(&parts) {
            self.add(Flow::Payment, *payer, *year, *part);
            self.add(Flow::Cut, *payer, *year, amount - part);
            *self.paid.entry(*payer).or_default() += part;
            *by_year.entry(*year).or_default() += part;
        }
        let years = by_year.len();
        for (year, total) in by_year {
            let rooms: Vec<_> = funds.iter().map(|fund| self.may_take(day, before, *fund)).collect();
            let taken = self.shares_of_funds(funds, &rooms, total);
            assert!(
                years > 1 || taken.iter().zip(&rooms).all(|(t, room)| room.is_none_or(|room| *t <= room))
            );
            for (fund, taken) in funds.iter().zip(taken) {
                self.add(Flow::Receipt, self.contract.parties.len() - [1, 3][*fund], year, taken);
                self.received[*fund].push((day, taken));
            }
        }
    }

    fn shares_of_funds(&self, funds: &[usize], rooms: &[Option<Ore>], total: Ore) -> Vec<Ore> {
        let take = |amount: Ore, room: Option<Ore>| room.map_or(amount, |room| amount.min(room));
        let [first, second] = rooms else { return vec![total] };
        assert_eq!(funds, [0, 1]);
        let other = self.contract.second.as_ref().unwrap();
        if other.rank > 1 {
            let senior = take(total, *first);
            return vec![senior, total - senior];
        }
        let put_in = |drawn: &[(Date, Ore)]| drawn.iter().map(|(_, ore)| ore).sum::<Ore>();
        let parts = in_proportion(total, &[put_in(&self.contract.drawn), put_in(&other.drawn)]);
        let (a, b) = (take(parts[0], *first), take(parts[1], *second));
        // What one may not take goes to the other.
        let more = take(total - a - b, first.map(|room| room - a));
        vec![a + more, total - a - more]
    }

    /// The last day: a surplus is given back, then the guarantee is paid.
    fn settle(&mut self) {
        let (contract, ends) = (self.contract, self.contract.ends);
        let investor = contract.parties.len() - 1;
        if let (true, Some(cap)) = (contract.returns_surplus, contract.cap) {
            let surplus = contract.promised(0, cap, ends, &self.received[0], -1);
            let paid = std::mem::take(&mut self.paid).into_iter().map(|(payer, ore)| (payer, ore.max(0)));
            let (payers, paid): (Vec<_>, Vec<_>) = paid.unzip();
            let (total, parts) = cut(&paid, surplus);
            for (payer, part) in payers.into_iter().zip(parts) {
                let year = budget_year(&contract.parties[payer], ends);
                self.add(Flow::Returned, payer, year, part);
                self.add(Flow::Receipt, investor, year, -part);
            }
            self.received[0].push((ends, -total));
        }
        if let Some((promise, up_to)) = contract.guarantee {
            let due = contract.outstanding(0, promise, ends, &self.received[0]);
            let amount = due.min(up_to.unwrap_or(Ore::MAX));
            let year = budget_year(&contract.parties[0], ends);
            self.add(Flow::Guarantee, 0, year, amount);
            self.add(Flow::Receipt, investor, year, amount);
        }
    }
}

/// Whole anniversaries and days/365 of the rest, the last day of a month counting as the first of the next:
/// (whole years, days).
fn years(from: Date, to: Date) -> (i32, i32) {
    let rounded = |day: Date| if day == day.last_of_month() { day.tomorrow().unwrap() } else { day };
    let (from, to) = (rounded(from), rounded(to));
    if to <= from {
        return (0, 0);
    }
    let after = |years: i32| from.checked_add(jiff::Span::new().years(years)).unwrap();
    let whole = (0..200).take_while(|years| after(*years) <= to).last().unwrap();
    (whole, after(whole).until(to).unwrap().get_days())
}

impl Contract {
    /// What the fund may still get on a day, down to the øre.
    fn outstanding(&self, fund: usize, cap: Cap, day: Date, paid: &[(Date, Ore)]) -> Ore {
        self.promised(fund, cap, day, paid, 1)
    }

    /// What is due by a promise, or with sign −1 what was paid above it.
    fn promised(&self, fund: usize, cap: Cap, day: Date, paid: &[(Date, Ore)], sign: i128) -> Ore {
        let drawn = if fund == 0 { &self.drawn } else { &self.second.as_ref().unwrap().drawn };
        let drawn: Vec<_> = drawn.iter().filter(|(when, _)| *when <= day).copied().collect();
        let sum = |flows: &[(Date, Ore)]| flows.iter().map(|(_, ore)| i128::from(*ore)).sum::<i128>();
        let back = sum(paid);
        // Simple interest in units of 1/365,000 øre is exact.
        let simple = |flows: &[(Date, Ore)], rate: i64, until: Date| -> i128 {
            let grown = |(when, ore): &(Date, Ore)| {
                let (whole, days) = years(*when, until);
                i128::from(*ore) * (365_000 + i128::from(rate) * i128::from(365 * whole + days))
            };
            flows.iter().map(grown).sum()
        };
        let due = match cap {
            Cap::Amount(ore) => sign * (i128::from(ore) - back),
            Cap::Multiple(hundredths) => {
                sign * ((sum(&drawn) * i128::from(hundredths)).div_euclid(100) - back)
            }
            Cap::Simple(rate) => {
                (sign * (simple(&drawn, rate, day) - simple(paid, rate, day))).div_euclid(365_000)
            }
            Cap::Average(rate) => {
                (sign * (simple(&drawn, rate, self.ends) - back * 365_000)).div_euclid(365_000)
            }
            Cap::Balance(rate) => {
                let grown = |flows: &[(Date, Ore)]| -> f64 {
                    let one = |(when, ore): &(Date, Ore)| {
                        let (whole, days) = years(*when, day);
                        *ore as f64
                            * (1.0 + rate as f64 / 1000.0).powf(f64::from(whole) + f64::from(days) / 365.0)
                    };
                    flows.iter().map(one).sum()
                };
                (sign as f64 * (grown(&drawn) - grown(paid)) + 1e-6).floor() as i128
            }
        };
        due.max(0) as Ore
    }

    /// One trial.
    pub fn accounts(&self, course: Course) -> Accounts {
        let mut scalar = Scalar {
            contract: self,
            accounts: Accounts { over: vec![0; self.limits.len() + 1], ..Accounts::default() },
            left: vec![BTreeMap::new(); self.limits.len()],
            rolled: vec![Vec::new(); self.limits.len()],
            others: vec![BTreeMap::new(); self.limits.len()],
            used: vec![BTreeMap::new(); self.limits.len()],
            received: [Vec::new(), Vec::new()],
            paid: BTreeMap::new(),
            passed: vec![BTreeMap::new(); self.limits.len()],
        };
        let earned = self.earned(course);
        for day in self.days() {
            let mut lives: Vec<Live> =
                earned.iter().filter(|(due, _)| *due == day).map(|(_, live)| *live).collect();
            for live in &lives {
                scalar.add(Flow::Earned, live.payer, self.year_of(live, day), live.amount);
            }
            for index in 0..self.limits.len() {
                lives = scalar.limit(index, day, lives);
            }
            scalar.pay(day, &lives);
        }
        for rolled in std::mem::take(&mut scalar.rolled) {
            for (_, live) in rolled {
                let year = self.year_of(&live, self.ends);
                scalar.add(Flow::MovedIn, live.payer, year, live.amount);
                scalar.add(Flow::Cut, live.payer, year, live.amount);
            }
        }
        scalar.settle();
        scalar.accounts
    }
}
