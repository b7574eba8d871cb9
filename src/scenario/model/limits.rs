//! Limits: what is counted together, how much passes, and where the rest goes.

use std::collections::BTreeMap;

use super::Span;
use super::TermIndex;
use crate::contract::promise::Promise;
use crate::contract::share::Fraction;
use crate::money::Ore;
use crate::scenario::name::Id;

/// A ceiling on a sum of amounts, a floor under it, or both.
#[derive(Clone, Debug)]
pub struct Limit {
    pub(crate) id: Id,
    /// Ascending; all terms when the file names none.
    pub(crate) terms: Vec<TermIndex>,
    /// Only this payer's amounts; everyone's when `None`.
    pub(crate) payer: Option<Id>,
    pub(crate) per: Per,
    pub(crate) at_most: AtMost,
    pub(crate) excess: Excess,
    /// What must pass at least, in each window.
    pub(crate) at_least: Option<AtLeast>,
    pub(crate) span: Span,
}

/// The window over which a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// Each person, over the whole contract.
    Person,
    /// Each due date.
    Payment,
    /// Each intake.
    Intake,
    /// Each calendar quarter, by due date.
    Quarter,
    /// Each budget year of the limit's payer, or calendar year.
    Year,
    /// The whole contract.
    Contract,
}

impl Per {
    /// The word in the file and in `limits.csv`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Payment => "payment",
            Self::Intake => "intake",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::Contract => "contract",
        }
    }
}

impl Limit {
    /// Whether it counts amounts of a term, to let them through or to let others through.
    pub(crate) fn counts(&self, term: TermIndex) -> bool {
        let of = match &self.at_most {
            AtMost::Share { of, .. } => of.as_slice(),
            _ => &[],
        };
        self.terms.contains(&term) || of.contains(&term)
    }
}

/// The capacity of a limit.
#[derive(Clone, Debug, PartialEq)]
pub enum AtMost {
    /// No ceiling: the limit is a floor.
    Open,
    /// The same in every window.
    Amount(Ore),
    /// By year; zero in a year that is not named.
    ByYear(BTreeMap<i16, Ore>),
    /// What is still due to a fund by a promise, on each date.
    Due {
        /// The fund; to be repaid.
        fund: Id,
        /// What it is promised here; its return cap is another promise.
        promise: Promise,
    },
    /// A share of what terms have come to by each date.
    Share {
        /// The share.
        share: Fraction,
        /// Those terms, ascending: with all terms of the limit among them, or none.
        of: Vec<TermIndex>,
    },
}

/// The floor of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtLeast {
    /// The same in every window.
    Amount(Ore),
    /// By year; none in a year that is not named.
    ByYear(BTreeMap<i16, Ore>),
}

/// What happens to what a limit does not let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Excess {
    /// Nobody pays it.
    Lost,
    /// It is presented again at the same limit on later dates.
    Rolls,
    /// This payer owes it instead.
    FallsOn(Id),
    /// This share of it passes all the same; nobody pays the rest.
    Passes(Fraction),
}
