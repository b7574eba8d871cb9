//! Payment terms: what is read, what it is worth, when it falls due and who pays.

use jiff::civil::Date;

use super::Condition;
use super::InputIndex;
use super::OutcomeIndex;
use super::Span;
use crate::contract::price::{Base, Pieces};
use crate::contract::share::{Fraction, Shares};
use crate::money::Ore;
use crate::scenario::name::Id;

/// Index of a term in `Investment::terms`.
pub type TermIndex = usize;

/// An outcome (or nothing), a price, and who pays.
#[derive(Clone, Debug)]
pub struct Term {
    pub(crate) id: Id,
    pub(crate) outcome: Option<OutcomeIndex>,
    pub(crate) price: Price,
    /// Ascending by measuring date.
    pub(crate) readings: Vec<Reading>,
    pub(crate) pays: Pays,
    /// Everyone who pays at one time or another, ascending by id.
    pub(crate) payers: Vec<Id>,
    /// Who pays which share, in order of time; the last has no end.
    pub(crate) splits: Vec<Split>,
    /// Who gets its amounts.
    pub(crate) to: To,
    /// Whether its amounts may be negative: owed by the investor to the payers.
    pub(crate) two_sided: bool,
    /// Whether amounts are rounded to whole kroner.
    pub(crate) whole_kroner: bool,
    pub(crate) account: Option<String>,
    pub(crate) span: Span,
}

/// Who gets the amounts of a term.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// The funds that are to be repaid, by rank.
    Funds,
    /// One fund.
    Fund(Id),
    /// A party, such as a provider; no fund's promise counts it.
    Party(Id),
}

/// Who pays which share of an amount, for amounts due until some day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The last due date it holds for; `None` without end.
    pub(crate) until: Option<Date>,
    /// Payers, ascending by id.
    pub(crate) payers: Vec<Id>,
    /// The payers' shares.
    pub(crate) shares: Shares,
}

impl Term {
    /// Who pays an amount that falls due on a date.
    pub(crate) fn split_on(&self, due: Date) -> &Split {
        let holds = |split: &&Split| split.until.is_none_or(|until| due <= until);
        self.splits.iter().find(holds).unwrap_or(&self.splits[self.splits.len() - 1])
    }
}

/// What is pooled into one measured number, and when its amount falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Indices into [`Outcome::cells`]; empty for a fixed amount.
    pub(crate) cells: Vec<usize>,
    /// The last measuring date of the cells.
    pub(crate) measured: Date,
    pub(crate) due: Date,
    /// When cash moves; not before `due`.
    pub(crate) paid: Date,
    /// What the price is multiplied by.
    pub(crate) times: Multiplier,
    /// What must hold for it to be paid.
    pub(crate) when: Option<Condition>,
}

/// How much of what a reading is worth is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pays {
    /// All of it.
    InFull,
    /// What exceeds the most that an earlier reading was worth.
    Increase,
    /// What it is worth more or less than the reading before.
    IncreaseOrRefund,
}

/// What a price is multiplied by before it is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Multiplier {
    /// A number, and the index of the year of measuring: exact.
    pub(crate) fixed: Fraction,
    /// An uncertain number besides.
    pub(crate) uncertain: Option<InputIndex>,
}

impl Multiplier {
    /// The price as it stands.
    pub(crate) const ONE: Self = Self { fixed: Fraction::new_raw(1, 1), uncertain: None };
}

/// How a reading becomes an amount.
#[derive(Clone, Debug)]
pub enum Price {
    /// So much for each unit: people, or the level itself. One per reading.
    PerUnit(Vec<UnitPrice>),
    /// A payment function of the reading times a base in øre (100 for a plain price). One base per reading, times its
    /// multiplier.
    Function(Pieces, Vec<Base>),
    /// A fixed amount per reading, times its multiplier.
    Fixed(Vec<Ore>),
}

/// The price of a unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum UnitPrice {
    /// In millionths of a krone.
    Fixed(i64),
    /// In kroner, uncertain.
    Input(InputIndex),
}
