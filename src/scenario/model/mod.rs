//! The checked model of a scenario: what the file means, with every date, reference and order resolved.
//!
//! Values of these types exist only when they have passed every check of [`super::load`]; the engine relies on that.
//! Vectors keyed by an id are in ascending order of it, so that a permuted file gives the same model.

mod conditions;
mod correlations;
mod funds;
mod inputs;
mod limits;
mod outcomes;
mod persons;
mod terms;

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use crate::contract::schedule::YearStart;
use crate::money::Ore;
use crate::scenario::name::{Id, Name};
use crate::scenario::register::Register;
use crate::scenario::source::Sources;

pub use conditions::Condition;
pub use correlations::Correlation;
pub use funds::{Case, Fund, Guarantee};
pub use inputs::{
    Behind, Class, Effect, Event, Evidence, Exposure, Factor, Input, InputIndex, InputKind, Number, Shift,
    Stop, What,
};
pub use limits::{AtLeast, AtMost, Excess, Limit, Per};
pub use outcomes::{
    Cell, Cohort, Comparison, Groups, Noise, Outcome, OutcomeIndex, OutcomeKind, Part, Population,
};
pub use persons::{Composite, Each, Stays};
pub use terms::{Multiplier, Pays, Price, Reading, Split, Term, TermIndex, To, UnitPrice};

/// Where something stands: a range of bytes in the joined text of all files of the scenario.
pub type Span = Range<usize>;

/// A scenario: one investment, or a portfolio of several.
#[derive(Clone, Debug)]
pub struct Scenario {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) currency: Currency,
    pub(crate) as_of: Option<Date>,
    /// The budget years the scenario is read for, ascending; may be empty.
    pub(crate) budget_years: Vec<i16>,
    pub(crate) parties: BTreeMap<Id, Party>,
    pub(crate) factors: BTreeMap<Name, Factor>,
    pub(crate) events: BTreeMap<Name, Event>,
    /// Ascending by id.
    pub(crate) investments: Vec<Investment>,
    /// What payers have appropriated, over all investments of the scenario.
    pub(crate) budgets: BTreeMap<Id, Budget>,
    pub(crate) documents: BTreeMap<String, String>,
    pub(crate) register: Register,
    pub(crate) sources: Sources,
}

/// The currency of every amount, with an optional price level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Currency {
    pub(crate) code: String,
    pub(crate) price_level: Option<i16>,
}

impl Currency {
    /// The unit of amounts in files: the code, with its price level where one is stated.
    #[must_use]
    pub fn unit(&self) -> String {
        match self.price_level {
            Some(year) => format!("{} {year}", self.code),
            None => self.code.clone(),
        }
    }
}

/// Someone who pays, invests or gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    pub(crate) name: String,
    pub(crate) year_start: YearStart,
    pub(crate) booked: Booked,
}

/// Which date decides the budget year of a payer's payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Booked {
    /// The date on which the amount falls due.
    Due,
    /// The date on which cash moves.
    Paid,
}

/// What a payer has appropriated, and the account it is booked on (a label carried through).
#[derive(Clone, Debug, Default)]
pub struct Budget {
    pub(crate) account: Option<String>,
    pub(crate) appropriation: BTreeMap<i16, Ore>,
}

/// One outcome contract.
#[derive(Clone, Debug)]
pub struct Investment {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) starts: Date,
    pub(crate) ends: Date,
    /// In an order in which formulas come after what they name.
    pub(crate) inputs: Vec<Input>,
    /// Ascending by name.
    pub(crate) correlations: Vec<Correlation>,
    /// What events end early, ascending by event.
    pub(crate) stops: Vec<Stop>,
    pub(crate) cohort: Cohort,
    /// In an order in which an outcome comes after the outcome it is `of`.
    pub(crate) outcomes: Vec<Outcome>,
    /// Ascending by id.
    pub(crate) terms: Vec<Term>,
    /// In the order in which they act on one date.
    pub(crate) limits: Vec<Limit>,
    /// Ascending by id.
    pub(crate) funds: Vec<Fund>,
    pub(crate) cases: BTreeMap<Name, Case>,
    /// Appropriations for this investment alone.
    pub(crate) budgets: BTreeMap<Id, Budget>,
    /// Ids under which it and its parts are known elsewhere, by path, such as `ids.indigo`.
    pub(crate) ids: BTreeMap<String, String>,
    pub(crate) span: Span,
}

impl Scenario {
    /// The id of the investment or portfolio.
    #[must_use]
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Its name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The date on which what it says was known.
    #[must_use]
    pub fn as_of(&self) -> Option<Date> {
        self.as_of
    }

    /// The budget years it is read for, ascending.
    #[must_use]
    pub fn budget_years(&self) -> &[i16] {
        &self.budget_years
    }

    /// The documents its sources name, by id.
    #[must_use]
    pub fn documents(&self) -> &BTreeMap<String, String> {
        &self.documents
    }

    /// Where each of its numbers comes from.
    #[must_use]
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// Its investments, ascending by id.
    #[must_use]
    pub fn investments(&self) -> &[Investment] {
        &self.investments
    }
}

impl Investment {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> &Id {
        &self.id
    }

    /// Ids under which it and its parts are known elsewhere, by path: `ids.indigo`, `party.town.ids.indigo`.
    #[must_use]
    pub fn ids(&self) -> &BTreeMap<String, String> {
        &self.ids
    }

    /// Its first and last day.
    #[must_use]
    pub fn period(&self) -> (Date, Date) {
        (self.starts, self.ends)
    }

    /// What its funds put in, in øre: to be repaid, and given.
    #[must_use]
    pub fn funding(&self) -> (Ore, Ore) {
        let sum = |repayable| self.funds.iter().filter(|f| f.repayable == repayable).map(|f| f.amount).sum();
        (sum(true), sum(false))
    }

    /// Its inputs, in an order in which formulas come after what they name.
    #[must_use]
    pub fn inputs(&self) -> &[Input] {
        &self.inputs
    }

    /// Its groups of inputs that hang together, ascending by name.
    #[must_use]
    pub fn correlations(&self) -> &[Correlation] {
        &self.correlations
    }

    /// The names of the inputs of one of its groups, in its order.
    pub fn names_of<'i>(&'i self, group: &'i Correlation) -> impl Iterator<Item = &'i str> {
        group.inputs.iter().map(|input| self.inputs[*input].name.as_str())
    }

    /// The classes of its uncertain numbers, by name.
    pub fn classes(&self) -> impl Iterator<Item = (&Name, Class)> {
        self.inputs.iter().map(|input| (&input.name, input.class))
    }
}
