//! Limits: what is counted together, how much passes, and where the rest goes.

use std::collections::BTreeMap;

use super::Span;
use super::TermIndex;
use crate::money::Ore;
use crate::scenario::name::Id;

/// A ceiling on a sum of amounts.
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

/// The capacity of a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtMost {
    /// The same in every window.
    Amount(Ore),
    /// By year; zero in a year that is not named.
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
}
