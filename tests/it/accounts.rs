//! Limits and accounts against a plain scalar model, written from the definitions in docs/model.md, sections 8 to 12.
//!
//! The scalar model does one trial at a time with integers and knows nothing of plans, columns or merging. Both are
//! driven by generated contracts in which chance is a number of coins: how many people come, and which of two goals is
//! reached by all or nobody. A second file with the same names and no limits says how often each course occurred; every
//! figure of every payer and year must then have exactly the counts that the scalar model predicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::civil::{Date, date};
use udfald::engine::grid::Flow;
use udfald::engine::results::Results;

use crate::support::{counts, excess, model, run_here, total};

type Ore = i64;

#[derive(Clone, Debug)]
struct Party {
    id: String,
    /// First day of the budget year.
    begins: (i8, i8),
    books_when_paid: bool,
}

#[derive(Clone, Debug)]
enum Source {
    /// Amounts on dates.
    Fixed(Vec<(Date, Ore)>),
    /// A price (millionths of a krone) for each person of each reading; everybody, or everybody if a coin falls so.
    People { coin: Option<usize>, months: i32, price: i64, readings: Vec<(Vec<usize>, Date)> },
}

#[derive(Clone, Debug)]
struct Term {
    id: String,
    source: Source,
    paid_days: i32,
    whole_kroner: bool,
    /// Payer and share (numerator, denominator), ascending.
    payers: Vec<(usize, (i64, i64))>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Per {
    Payment,
    Intake,
    Quarter,
    Year,
    Contract,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Excess {
    Lost,
    Rolls,
    FallsOn(usize),
}

#[derive(Clone, Debug)]
struct Limit {
    id: String,
    terms: BTreeSet<usize>,
    payer: Option<usize>,
    per: Per,
    at_most: Ore,
    /// By year instead; nothing in other years.
    by_year: Option<BTreeMap<i16, Ore>>,
    excess: Excess,
}

#[derive(Clone, Copy, Debug)]
enum Cap {
    Amount(Ore),
    /// Hundredths.
    Multiple(i64),
    /// Thousandths a year.
    Balance(i64),
    Simple(i64),
    Average(i64),
}

#[derive(Clone, Debug)]
struct Contract {
    ends: Date,
    parties: Vec<Party>,
    /// The two numbers of people that can come.
    people: [i64; 2],
    /// Intakes with shares in hundredths.
    intakes: Vec<(Date, i64)>,
    terms: Vec<Term>,
    /// In the order in which they act.
    limits: Vec<Limit>,
    order_is_said: bool,
    drawn: Vec<(Date, Ore)>,
    cap: Option<Cap>,
}

/// One course: who comes, which coins fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Course {
    people: i64,
    coins: [bool; 2],
}

// ---------------------------------------------------------------------------------------------------------------
// The scalar model.

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
fn last_day(first: Date, months: i32) -> Date {
    first.checked_add(jiff::Span::new().months(months)).unwrap().yesterday().unwrap()
}

/// An amount on its way.
#[derive(Clone, Copy, Debug)]
struct Live {
    payer: usize,
    term: usize,
    reading: usize,
    intake: Option<usize>,
    /// Days from falling due to being paid.
    delay: i32,
    amount: Ore,
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
struct Accounts {
    flows: BTreeMap<(Flow, usize, i16), Ore>,
    /// What each limit did not let through, counted when an amount is first presented; the return cap last.
    over: Vec<Ore>,
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
    fn earned(&self, course: Course) -> Vec<(Date, Live)> {
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
                let common: i64 = term.payers.iter().map(|(_, (_, d))| *d).product();
                let weights: Vec<_> = term.payers.iter().map(|(_, (n, d))| n * (common / d)).collect();
                for ((payer, _), amount) in term.payers.iter().zip(in_proportion(ore, &weights)) {
                    let live =
                        Live { payer: *payer, term: index, reading, intake, delay: term.paid_days, amount };
                    all.push((due, live));
                }
            }
        }
        all
    }

    /// Everyone who can come to pay.
    fn payers(&self) -> BTreeSet<usize> {
        let fallen = self.limits.iter().filter_map(|limit| match limit.excess {
            Excess::FallsOn(receiver) => Some(receiver),
            _ => None,
        });
        self.terms.iter().flat_map(|term| &term.payers).map(|(payer, _)| *payer).chain(fallen).collect()
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
    fn accounts(&self, course: Course) -> Accounts {
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

// ---------------------------------------------------------------------------------------------------------------
// Contracts: written as files.

fn kroner(ore: Ore) -> String {
    format!("{}.{:02}", ore / 100, ore % 100)
}

impl Contract {
    fn header(&self) -> String {
        let mut text = format!(
            "udfald = 1\ninvestment = \"made-up\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = {}\n\
             assumed = \"a test\"\n[input]\n\
             crowd = {{ choice = [{{ value = {}, chance = 0.5 }}, {{ value = {}, chance = 0.5 }}] }}\n",
            self.ends, self.people[0], self.people[1]
        );
        for coin in 0..2 {
            let choice = "[{ value = 0, chance = 0.5 }, { value = 1, chance = 0.5 }]";
            writeln!(text, "coin{coin} = {{ choice = {choice} }}").unwrap();
        }
        text
    }

    fn toml(&self) -> String {
        let mut text = self.header();
        let intakes: Vec<_> =
            self.intakes.iter().map(|(day, share)| format!("{day} = 0.{share:02}")).collect();
        let intakes =
            if intakes.len() == 1 { format!("{} = 1", self.intakes[0].0) } else { intakes.join(", ") };
        writeln!(text, "[cohort]\npeople = \"crowd\"\nintakes = {{ {intakes} }}\n[party]").unwrap();
        for party in &self.parties {
            let booked = if party.books_when_paid { "paid" } else { "due" };
            let (month, day) = party.begins;
            writeln!(
                text,
                "{} = {{ budget_year = \"{month:02}-{day:02}\", booked = \"{booked}\" }}",
                party.id
            )
            .unwrap();
        }
        for term in &self.terms {
            self.term(&mut text, term);
        }
        for limit in &self.limits {
            self.limit(&mut text, limit);
        }
        if self.order_is_said {
            let order: Vec<_> = self.limits.iter().map(|limit| format!("\"{}\"", limit.id)).collect();
            writeln!(text, "[payment]\norder = [{}]", order.join(", ")).unwrap();
        }
        self.fund(&mut text);
        text
    }

    fn term(&self, text: &mut String, term: &Term) {
        let payer =
            |(payer, (n, d)): &(usize, (i64, i64))| format!("{} = \"{n}/{d}\"", self.parties[*payer].id);
        let payers: Vec<_> = term.payers.iter().map(payer).collect();
        writeln!(text, "[term.{}]\npaid_by = {{ {} }}", term.id, payers.join(", ")).unwrap();
        writeln!(
            text,
            "whole_kroner = {}\npaid = {{ after = \"{} days\" }}",
            term.whole_kroner, term.paid_days
        )
        .unwrap();
        match &term.source {
            Source::Fixed(amounts) => {
                let days: Vec<_> = amounts.iter().map(|(day, _)| day.to_string()).collect();
                let amounts: Vec<_> = amounts.iter().map(|(_, ore)| kroner(*ore)).collect();
                writeln!(text, "due = {{ on = [{}] }}\nprice = [{}]", days.join(", "), amounts.join(", "))
                    .unwrap();
            }
            Source::People { coin, months, price, readings } => {
                let rate = coin.map_or("1".to_owned(), |coin| format!("\"coin{coin}\""));
                let days: Vec<_> = readings.iter().map(|(_, day)| day.to_string()).collect();
                let pooled = if readings.len() < self.intakes.len() { "at the end" } else { "each time" };
                writeln!(
                    text,
                    "of = \"enrolled\"\nat = \"{months} months\"\nrate = {rate}\nmeasured = \"{pooled}\"\n\
                     due = {{ on = [{}] }}\nprice = {}.{:06}",
                    days.join(", "),
                    price / 1_000_000,
                    price % 1_000_000
                )
                .unwrap();
            }
        }
    }

    fn limit(&self, text: &mut String, limit: &Limit) {
        writeln!(text, "[limit.{}]", limit.id).unwrap();
        if limit.terms.len() < self.terms.len() {
            let terms: Vec<_> = limit.terms.iter().map(|t| format!("\"{}\"", self.terms[*t].id)).collect();
            writeln!(text, "terms = [{}]", terms.join(", ")).unwrap();
        }
        if let Some(payer) = limit.payer {
            writeln!(text, "payer = \"{}\"", self.parties[payer].id).unwrap();
        }
        let per = ["payment", "intake", "quarter", "year", "contract"][limit.per as usize];
        let at_most = match &limit.by_year {
            None => kroner(limit.at_most),
            Some(by_year) => {
                let years: Vec<_> =
                    by_year.iter().map(|(year, ore)| format!("{year} = {}", kroner(*ore))).collect();
                format!("{{ {} }}", years.join(", "))
            }
        };
        let excess = match &limit.excess {
            Excess::Lost => "\"lost\"".to_owned(),
            Excess::Rolls => "\"rolls\"".to_owned(),
            Excess::FallsOn(payer) => format!("{{ payer = \"{}\" }}", self.parties[*payer].id),
        };
        writeln!(text, "per = \"{per}\"\nat_most = {at_most}\nexcess = {excess}").unwrap();
    }

    fn fund(&self, text: &mut String) {
        let sum: Ore = self.drawn.iter().map(|(_, ore)| ore).sum();
        let investor = &self.parties.last().unwrap().id;
        writeln!(text, "[fund.money]\nparty = \"{investor}\"\namount = {}", kroner(sum)).unwrap();
        let drawn: Vec<_> = self.drawn.iter().map(|(day, ore)| format!("{day} = \"{ore}/{sum}\"")).collect();
        writeln!(text, "drawn = {{ {} }}", drawn.join(", ")).unwrap();
        match self.cap {
            None => {}
            Some(Cap::Amount(ore)) => writeln!(text, "return_cap = {}", kroner(ore)).unwrap(),
            Some(Cap::Multiple(h)) => {
                writeln!(text, "return_cap = {{ multiple = {}.{:02} }}", h / 100, h % 100).unwrap();
            }
            Some(Cap::Balance(r)) => writeln!(text, "return_cap = {{ balance = 0.{r:03} }}").unwrap(),
            Some(Cap::Simple(r)) => writeln!(text, "return_cap = {{ simple = 0.{r:03} }}").unwrap(),
            Some(Cap::Average(r)) => writeln!(text, "return_cap = {{ average = 0.{r:03} }}").unwrap(),
        }
    }

    /// The same names without limits: its total tells the course of each trial.
    fn probe(&self) -> String {
        let mut text = self.header();
        text.push_str("[cohort]\npeople = \"crowd\"\nintakes = { 2026-01-01 = 1 }\n[party]\nprobe = {}\n");
        for (name, rate, price) in [("a", "1", 1), ("b", "\"coin0\"", 1_000), ("c", "\"coin1\"", 1_000_000)] {
            write!(
                text,
                "[term.{name}]\nof = \"enrolled\"\nat = \"3 months\"\nrate = {rate}\nprice = {price}\n\
                 paid_by = \"probe\"\n"
            )
            .unwrap();
        }
        text
    }

    /// How often each course occurs.
    fn courses(&self, trials: u64, seed: u64) -> Vec<(Course, u64)> {
        let probe = model(&self.probe());
        let results = run_here(&probe, trials, seed);
        let decode = |(ore, count): (i64, u64)| {
            let kroner = ore / 100;
            let people = kroner % 1_000;
            let coins = [kroner / 1_000 % 1_000 > 0, kroner / 1_000_000 > 0];
            (Course { people, coins }, count)
        };
        counts(&total(&results, "probe", Flow::Payment)).into_iter().map(decode).collect()
    }
}

// ---------------------------------------------------------------------------------------------------------------
// Contracts: made up from a seed.

/// The splitmix64 sequence.
struct Words(u64);

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

    fn contract(&mut self) -> Contract {
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
            let measured: Vec<_> =
                contract.intakes.iter().map(|(day, _)| last_day(*day, months as i32)).collect();
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
            Source::People { coin, months: months as i32, price, readings }
        };
        let payers: Vec<usize> = self.subset(payers).into_iter().collect();
        let shares: Vec<(i64, i64)> = match payers.len() {
            1 => vec![(1, 1)],
            2 => self.pick(&[vec![(1, 3), (2, 3)], vec![(1, 2), (1, 2)], vec![(37, 100), (63, 100)]]),
            _ => self.pick(&[vec![(1, 3); 3], vec![(1, 7), (2, 7), (4, 7)], vec![(1, 2), (1, 3), (1, 6)]]),
        };
        Term {
            id: format!("t{index}"),
            source,
            paid_days: self.pick(&[0, 0, 30, 200]),
            whole_kroner: self.one_in(5),
            payers: payers.into_iter().zip(shares).collect(),
        }
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
        let rank = |limit: &Limit, limits: &[Limit]| {
            let scope = if limit.terms.len() == n { 2 } else { u8::from(limit.terms.len() > 1) };
            (limit.payer.map_or(0, |payer| 1 + depth(payer, limits)), scope, limit.per)
        };
        let ties = limits.iter().enumerate().any(|(i, a)| {
            limits[i + 1..].iter().any(|b| {
                rank(a, &limits) == rank(b, &limits) && a.payer == b.payer && !a.terms.is_disjoint(&b.terms)
            })
        });
        let gives_before = |limits: &[Limit]| {
            limits.iter().enumerate().all(|(i, giver)| match giver.excess {
                Excess::FallsOn(receiver) => limits[..i].iter().all(|limit| limit.payer != Some(receiver)),
                _ => true,
            })
        };
        let by_rule = {
            let mut sorted = limits.clone();
            sorted.sort_by_key(|limit| (rank(limit, &limits), limit.id.clone()));
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

/// The longest chain of excesses that leads to a payer.
fn depth(payer: usize, limits: &[Limit]) -> usize {
    let givers = limits.iter().filter(|limit| limit.excess == Excess::FallsOn(payer));
    givers.filter_map(|limit| limit.payer).map(|giver| depth(giver, limits) + 1).max().unwrap_or(0)
}

// ---------------------------------------------------------------------------------------------------------------

const FLOWS: [Flow; 6] =
    [Flow::Earned, Flow::Cut, Flow::MovedIn, Flow::MovedOut, Flow::Payment, Flow::Receipt];

/// Compares every figure of every party and year, and the totals, of a contract in the program with those of `twin` in
/// the scalar model. The message of the first difference.
fn compare(contract: &Contract, twin: &Contract, trials: u64, seed: u64) -> Result<(), String> {
    let courses = contract.courses(trials, seed);
    let accounts: Vec<_> = courses.iter().map(|(course, n)| (twin.accounts(*course), *n)).collect();
    let model = model(&contract.toml());
    let results = run_here(&model, trials, seed);
    compare_limits(contract, &accounts, &results)?;
    for (party, name) in contract.parties.iter().map(|party| party.id.as_str()).enumerate() {
        for year in (2025..=2031).map(Some).chain([None]) {
            let label = year.map_or("total".to_owned(), |year: i16| year.to_string());
            for flow in FLOWS {
                let amount = |flows: &BTreeMap<(Flow, usize, i16), Ore>| {
                    let here = |(f, p, y): (Flow, usize, i16)| {
                        (f, p) == (flow, party) && year.is_none_or(|year| year == y)
                    };
                    flows.iter().filter(|(at, _)| here(**at)).map(|(_, amount)| amount).sum()
                };
                let expected = tally(accounts.iter().map(|(accounts, n)| (amount(&accounts.flows), *n)));
                let found = match results.cell("made-up", name, &label) {
                    Some(cell) => counts(&results.summary(cell, flow).unwrap()),
                    None => vec![(0, trials)],
                };
                if found != expected {
                    let flow = flow.name();
                    return Err(format!(
                        "{flow} of {name} in {label}\n{found:?}\n{expected:?}\n{}",
                        contract.toml()
                    ));
                }
            }
        }
    }
    Ok(())
}

/// What each limit did not let through.
fn compare_limits(
    contract: &Contract,
    accounts: &[(Accounts, u64)],
    results: &Results<'_>,
) -> Result<(), String> {
    let mut ids: Vec<_> = contract.limits.iter().map(|limit| limit.id.as_str()).collect();
    if contract.cap.is_some() {
        ids.push("return-cap");
    }
    for (index, id) in ids.into_iter().enumerate() {
        let expected = tally(accounts.iter().map(|(accounts, n)| (accounts.over[index], *n)));
        let found = counts(&excess(results, id));
        if found != expected {
            return Err(format!("excess of {id}\n{found:?}\n{expected:?}\n{}", contract.toml()));
        }
    }
    Ok(())
}

fn tally(amounts: impl Iterator<Item = (Ore, u64)>) -> Vec<(Ore, u64)> {
    let mut counts: BTreeMap<Ore, u64> = BTreeMap::new();
    for (amount, n) in amounts {
        *counts.entry(amount).or_default() += n;
    }
    counts.into_iter().collect()
}

#[test]
fn generated_contracts_pay_what_the_scalar_model_pays() {
    let mut words = Words(2026);
    let mut failures = Vec::new();
    let mut moved = BTreeMap::new();
    for number in 0..400 {
        let contract = words.contract();
        if let Err(message) = compare(&contract, &contract, 256, number) {
            failures.push(format!("contract {number}: {message}"));
        }
        let course = Course { people: contract.people[1], coins: [true; 2] };
        let flows = contract.accounts(course).flows;
        for flow in FLOWS.into_iter().filter(|flow| flows.iter().any(|((f, ..), ore)| f == flow && *ore > 0))
        {
            *moved.entry(flow).or_insert(0) += 1;
        }
    }
    let shortest = failures.iter().min_by_key(|message| message.len());
    assert!(failures.is_empty(), "{} contracts differ; the shortest:\n{}", failures.len(), shortest.unwrap());
    // The contracts reach what they are made for.
    assert!(FLOWS.iter().all(|flow| moved[flow] > 100), "{moved:?}");
}

/// The comparison sees each rule: a scalar model of a slightly different contract must differ.
#[test]
fn twins_with_one_rule_changed_are_told_apart() {
    let mut words = Words(2026);
    let contracts: Vec<_> = (0..120).map(|_| words.contract()).collect();
    let told_apart = |change: &dyn Fn(&mut Contract)| {
        let differs = |contract: &&Contract| {
            let mut twin = (*contract).clone();
            change(&mut twin);
            compare(contract, &twin, 64, 1).is_err()
        };
        contracts.iter().filter(differs).count()
    };
    let changes: [(&str, &dyn Fn(&mut Contract)); 6] = [
        ("nothing rolls", &|twin| {
            twin.limits
                .iter_mut()
                .filter(|l| l.excess == Excess::Rolls)
                .for_each(|l| l.excess = Excess::Lost);
        }),
        ("an øre more room", &|twin| twin.limits.iter_mut().for_each(|limit| limit.at_most += 1)),
        ("limits the other way round", &|twin| twin.limits.reverse()),
        ("calendar years", &|twin| twin.parties.iter_mut().for_each(|party| party.begins = (1, 1))),
        ("booked when due", &|twin| twin.parties.iter_mut().for_each(|party| party.books_when_paid = false)),
        ("no return cap", &|twin| twin.cap = None),
    ];
    for (name, change) in changes {
        let told = told_apart(change);
        assert!(told >= 5, "{name}: only {told} of {} contracts differ", contracts.len());
    }
}
