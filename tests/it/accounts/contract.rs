//! Contracts in plain data: parties, terms, limits, a fund.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

pub type Ore = i64;

#[derive(Clone, Debug)]
pub struct Party {
    pub id: String,
    /// First day of the budget year.
    pub begins: (i8, i8),
    pub books_when_paid: bool,
}

#[derive(Clone, Debug)]
pub enum Source {
    /// Amounts on dates.
    Fixed(Vec<(Date, Ore)>),
    /// A price (millionths of a krone) for each person of each reading; everybody, or everybody if a coin falls so.
    People { coin: Option<usize>, months: i32, price: i64, readings: Vec<(Vec<usize>, Date)> },
}

/// Payer and share (numerator, denominator), ascending.
pub type Split = Vec<(usize, (i64, i64))>;

#[derive(Clone, Debug)]
pub struct Term {
    pub id: String,
    pub source: Source,
    pub paid_days: i32,
    pub whole_kroner: bool,
    pub two_sided: bool,
    pub to: Option<To>,
    /// Until when, and payers with shares.
    pub splits: Vec<(Option<Date>, Split)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    Payment,
    Intake,
    Quarter,
    Year,
    Contract,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excess {
    Lost,
    Rolls,
    FallsOn(usize),
    /// This share (numerator, denominator) passes all the same.
    Passes((i64, i64)),
}

/// A ceiling that is no fixed amount.
#[derive(Clone, Debug)]
pub enum Moving {
    /// A share of what these terms come to.
    Share((i64, i64), BTreeSet<usize>),
    /// What is due to the fund.
    Due(Cap),
}

#[derive(Clone, Debug)]
pub struct Limit {
    pub id: String,
    pub terms: BTreeSet<usize>,
    pub payer: Option<usize>,
    pub per: Per,
    pub at_most: Ore,
    /// By year instead; nothing in other years.
    pub by_year: Option<BTreeMap<i16, Ore>>,
    /// A floor; without a ceiling, where `open`.
    pub at_least: Option<Ore>,
    pub open: bool,
    /// A ceiling that moves instead.
    pub moving: Option<Moving>,
    pub excess: Excess,
}

impl Limit {
    /// The terms it looks at.
    pub fn counts(&self) -> BTreeSet<usize> {
        match &self.moving {
            Some(Moving::Share(_, of)) => &self.terms | of,
            _ => self.terms.clone(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Cap {
    Amount(Ore),
    /// Hundredths.
    Multiple(i64),
    /// Thousandths a year.
    Balance(i64),
    Simple(i64),
    Average(i64),
}

/// Who gets the amounts of a term, when not all funds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    Provider,
    /// The first fund, `money`, or the second.
    Fund(usize),
}

/// A second fund, of the party `junior`; the first has rank 1.
#[derive(Clone, Debug)]
pub struct Second {
    pub drawn: Vec<(Date, Ore)>,
    pub cap: Option<Cap>,
    pub rank: i64,
}

#[derive(Clone, Debug)]
pub struct Contract {
    pub ends: Date,
    pub parties: Vec<Party>,
    /// The two numbers of people that can come.
    pub people: [i64; 2],
    /// Intakes with shares in hundredths.
    pub intakes: Vec<(Date, i64)>,
    pub terms: Vec<Term>,
    /// In the order in which they act.
    pub limits: Vec<Limit>,
    pub order_is_said: bool,
    pub drawn: Vec<(Date, Ore)>,
    pub cap: Option<Cap>,
    pub second: Option<Second>,
    /// Whether the first fund gives back on the last day what is above its cap.
    pub returns_surplus: bool,
    /// What the first payer guarantees to the first fund, and up to how much.
    pub guarantee: Option<(Cap, Option<Ore>)>,
}

/// One course: who comes, which coins fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Course {
    pub people: i64,
    pub coins: [bool; 2],
}
