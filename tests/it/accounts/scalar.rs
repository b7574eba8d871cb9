//! The scalar model: one trial at a time, in integers, date by date.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use udfald::engine::grid::Flow;

use super::contract::{Cap, Contract, Course, Excess, Limit, Ore, Party, Per, Source};

/// a · n / d to the nearest integer, halves away from zero; nothing is negative here.
fn nearest(a: Ore, n: i128, d: i128) -> Ore {
    ((2 * i128::from(a) * n + d) / (2 * d)) as Ore
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
                let mut splits = term.splits.iter();
                let split = splits.find(|(until, _)| until.is_none_or(|until| due <= until)).unwrap();
                let common: i64 = split.1.iter().map(|(_, (_, d))| *d).product();
                let weights: Vec<_> = split.1.iter().map(|(_, (n, d))| n * (common / d)).collect();
                for ((payer, _), amount) in split.1.iter().zip(in_proportion(ore, &weights)) {
                    let live =
                        Live { payer: *payer, term: index, reading, intake, delay: term.paid_days, amount };
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
        days.into_iter().collect()
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

    fn headroom(&mut self, index: usize, window: Window) -> &mut Ore {
        let limit = &self.contract.limits[index];
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
            let headroom = self.headroom(index, window);
            let passes = amounts.iter().sum::<Ore>().min(*headroom);
            *headroom -= passes;
            for (member, part) in members.into_iter().zip(in_proportion(passes, &amounts)) {
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
        after.extend(self.present_again(index, day));
        for (live, part) in covered.iter().zip(self.let_through(index, day, &covered)) {
            after.push(Live { amount: part, ..*live });
            let over = live.amount - part;
            let year = self.contract.year_of(live, day);
            self.accounts.over[index] += over;
            match limit.excess {
                Excess::Lost => self.add(Flow::Cut, live.payer, year, over),
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
        after
    }

    fn pay(&mut self, day: Date, lives: &[Live], paid: &mut Vec<(Date, Ore)>) {
        let mut owed: BTreeMap<(usize, i16), Ore> = BTreeMap::new();
        for live in lives {
            *owed.entry((live.payer, self.contract.year_of(live, day))).or_default() += live.amount;
        }
        let amounts: Vec<Ore> = owed.values().copied().collect();
        let sum: Ore = amounts.iter().sum();
        let passes = match self.contract.cap {
            Some(cap) => sum.min(self.contract.outstanding(cap, day, paid)),
            None => sum,
        };
        paid.push((day, passes));
        *self.accounts.over.last_mut().unwrap() += sum - passes;
        let investor = self.contract.parties.len() - 1;
        for (((payer, year), amount), part) in owed.into_iter().zip(in_proportion(passes, &amounts)) {
            self.add(Flow::Payment, payer, year, part);
            self.add(Flow::Cut, payer, year, amount - part);
            self.add(Flow::Receipt, investor, year, part);
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
    fn outstanding(&self, cap: Cap, day: Date, paid: &[(Date, Ore)]) -> Ore {
        let drawn: Vec<_> = self.drawn.iter().filter(|(when, _)| *when <= day).copied().collect();
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
            Cap::Amount(ore) => i128::from(ore) - back,
            Cap::Multiple(hundredths) => (sum(&drawn) * i128::from(hundredths)).div_euclid(100) - back,
            Cap::Simple(rate) => (simple(&drawn, rate, day) - simple(paid, rate, day)).div_euclid(365_000),
            Cap::Average(rate) => (simple(&drawn, rate, self.ends) - back * 365_000).div_euclid(365_000),
            Cap::Balance(rate) => {
                let grown = |flows: &[(Date, Ore)]| -> f64 {
                    let one = |(when, ore): &(Date, Ore)| {
                        let (whole, days) = years(*when, day);
                        *ore as f64
                            * (1.0 + rate as f64 / 1000.0).powf(f64::from(whole) + f64::from(days) / 365.0)
                    };
                    flows.iter().map(one).sum()
                };
                (grown(&drawn) - grown(paid) + 1e-6).floor() as i128
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
        };
        let earned = self.earned(course);
        let mut paid = Vec::new();
        for day in self.days() {
            let mut lives: Vec<Live> =
                earned.iter().filter(|(due, _)| *due == day).map(|(_, live)| *live).collect();
            for live in &lives {
                scalar.add(Flow::Earned, live.payer, self.year_of(live, day), live.amount);
            }
            for index in 0..self.limits.len() {
                lives = scalar.limit(index, day, lives);
            }
            scalar.pay(day, &lives, &mut paid);
        }
        for rolled in std::mem::take(&mut scalar.rolled) {
            for (_, live) in rolled {
                let year = self.year_of(&live, self.ends);
                scalar.add(Flow::MovedIn, live.payer, year, live.amount);
                scalar.add(Flow::Cut, live.payer, year, live.amount);
            }
        }
        scalar.accounts
    }
}
