//! The checked model of a scenario: what the file means, with every date, reference and order resolved.
//!
//! Values of these types exist only when they have passed every check of [`super::load`]; the engine relies on that.
//! Vectors keyed by an id are in ascending order of it, so that a permuted file gives the same model.

use std::collections::BTreeMap;
use std::ops::Range;

use jiff::civil::Date;

use super::register::Register;
use super::source::Sources;
use crate::contract::price::Pieces;
use crate::contract::promise::Promise;
use crate::contract::schedule::YearStart;
use crate::contract::share::Shares;
use crate::dist::Bounded;
use crate::money::Ore;
use crate::scenario::formula::Formula;
use crate::scenario::name::{Id, Name};

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

/// The class of an uncertain number: what kind of not knowing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A rate or an effect that is not known; the default for inputs.
    Ignorance,
    /// Something that happens to everyone at once; the default for factors and events.
    Shock,
}

/// A common source of uncertainty, shared by all inputs that load on it.
#[derive(Clone, Debug)]
pub struct Factor {
    pub(crate) class: Class,
    pub(crate) span: Span,
}

/// Something that happens or not, on a fixed date.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) chance: f64,
    pub(crate) on: Date,
    pub(crate) loads: Vec<(Name, f64)>,
    pub(crate) class: Class,
    pub(crate) span: Span,
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
    pub(crate) span: Span,
}

/// Index of an input in `Investment::inputs`.
pub type InputIndex = usize;
/// Index of an outcome in `Investment::outcomes`.
pub type OutcomeIndex = usize;
/// Index of a term in `Investment::terms`.
pub type TermIndex = usize;

/// A number of the scenario: written, or an uncertain input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    /// As written.
    Fixed(f64),
    /// The value of an input in each trial.
    Input(InputIndex),
}

/// An uncertain number.
#[derive(Clone, Debug)]
pub struct Input {
    pub(crate) name: Name,
    pub(crate) kind: InputKind,
    /// Loadings on factors, ascending by factor, in [−1, 1], squares adding up to at most 1.
    pub(crate) loads: Vec<(Name, f64)>,
    /// Ascending by event.
    pub(crate) shifts: Vec<Shift>,
    /// Drawn anew for each intake instead of once.
    pub(crate) each_intake: bool,
    pub(crate) class: Class,
    /// The name of the address it draws from: its own, or that of an earlier version of the file.
    pub(crate) stream: String,
    pub(crate) span: Span,
}

/// How the value of an input arises.
#[derive(Clone, Debug)]
pub enum InputKind {
    /// A distribution, truncated to its bounds.
    Random(Bounded),
    /// Arithmetic on other inputs, then clamped to nothing (bounds are refused on formulas).
    Formula(Formula),
}

/// What an event does to an input where it is used for an outcome.
#[derive(Clone, Debug)]
pub struct Shift {
    pub(crate) event: Name,
    pub(crate) effect: Effect,
    /// The intakes that are hit, in full; without it each is hit by the share of its window after the event.
    pub(crate) intakes: Option<Vec<usize>>,
}

/// The direction and size of a shift, for an intake that is hit in full.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Effect {
    /// Added on the logit scale; for shares.
    Logit(f64),
    /// Multiplied: `1 + hit · (factor − 1)`.
    Times(f64),
    /// Added.
    Plus(f64),
}

/// The enrolled people.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// How many, rounded to whole people.
    pub(crate) people: Number,
    /// Dates on which they start, ascending.
    pub(crate) intakes: Vec<Date>,
    /// The shares of the intakes.
    pub(crate) shares: Shares,
    pub(crate) span: Span,
}

/// The people an outcome is measured of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// Everyone enrolled.
    Enrolled,
    /// Those who reached another outcome.
    Reached(OutcomeIndex),
}

/// Something that is measured.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub(crate) name: Name,
    pub(crate) of: Population,
    pub(crate) kind: OutcomeKind,
    pub(crate) points: usize,
    /// By intake, then by measuring point: cell `intake · points + point`.
    pub(crate) cells: Vec<Cell>,
    pub(crate) span: Span,
}

/// One measurement: an intake at a measuring point.
#[derive(Clone, Debug)]
pub struct Cell {
    pub(crate) intake: usize,
    pub(crate) point: usize,
    pub(crate) measured: Date,
    /// The cell of the outcome this one is `of`; `None` for [`Population::Enrolled`].
    pub(crate) parent: Option<usize>,
}

/// What kind of quantity an outcome is.
#[derive(Clone, Debug)]
pub enum OutcomeKind {
    /// People who reach it: a binomial count given the rate. One rate per point.
    Rate(Vec<Number>),
    /// One measured number for the cohort, plus noise. One level per point.
    Level {
        /// The true value.
        levels: Vec<Number>,
        /// Noise of the measurement.
        noise: Option<Noise>,
    },
}

/// Measurement noise of a level: `sd · sqrt(1/n + 1/m) · ε`, n the people measured, m those compared with.
#[derive(Clone, Debug)]
pub struct Noise {
    /// Standard deviation of one person's value, in the unit of the outcome.
    pub(crate) sd: Number,
    /// The people measured.
    pub(crate) people: Population,
    /// The comparison group.
    pub(crate) against: Comparison,
}

/// The size of a comparison group.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Comparison {
    /// Nobody: the noise of the measured people alone.
    None,
    /// So many people.
    Size(f64),
    /// So many for each person measured.
    Matched(f64),
}

/// An outcome (or nothing), a price, and who pays.
#[derive(Clone, Debug)]
pub struct Term {
    pub(crate) id: Id,
    pub(crate) outcome: Option<OutcomeIndex>,
    pub(crate) price: Price,
    /// Ascending by measuring date.
    pub(crate) readings: Vec<Reading>,
    /// Payers, ascending by id.
    pub(crate) payers: Vec<Id>,
    /// The payers' shares.
    pub(crate) shares: Shares,
    /// Whether amounts are rounded to whole kroner.
    pub(crate) whole_kroner: bool,
    pub(crate) account: Option<String>,
    pub(crate) span: Span,
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
}

/// How a reading becomes an amount.
#[derive(Clone, Debug)]
pub enum Price {
    /// So much for each unit: people, or the level itself. One per reading.
    PerUnit(Vec<UnitPrice>),
    /// A payment function of the reading times a base in øre (100 for a plain price). One base per reading.
    Function(Pieces, Vec<Ore>),
    /// A fixed amount per reading.
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

/// Money put in.
#[derive(Clone, Debug)]
pub struct Fund {
    pub(crate) id: Id,
    pub(crate) party: Id,
    pub(crate) amount: Ore,
    /// Drawdowns, ascending by date, adding up to `amount`.
    pub(crate) drawn: Vec<(Date, Ore)>,
    /// Whether it is to be repaid; a donation is not. At most one fund of an investment is.
    pub(crate) repayable: bool,
    pub(crate) return_cap: Option<Promise>,
    pub(crate) span: Span,
}

/// A named course of the contract without chance: inputs and events set, the rest at its median.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub(crate) inputs: BTreeMap<InputIndex, f64>,
    /// Events that happen.
    pub(crate) events: Vec<Name>,
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

    /// The classes of its uncertain numbers, by name.
    pub fn classes(&self) -> impl Iterator<Item = (&Name, Class)> {
        self.inputs.iter().map(|input| (&input.name, input.class))
    }
}
