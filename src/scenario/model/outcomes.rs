//! People and what is measured of them.

use jiff::civil::Date;

use super::InputIndex;
use super::Number;
use super::Span;
use super::persons::{Composite, Each, Stays};
use crate::contract::share::Shares;
use crate::scenario::formula::Expr;
use crate::scenario::name::Name;

/// Index of an outcome in `Investment::outcomes`.
pub type OutcomeIndex = usize;

/// The enrolled people.
#[derive(Clone, Debug)]
pub struct Cohort {
    /// How many, rounded to whole people.
    pub(crate) people: Number,
    /// Dates on which they start, ascending.
    pub(crate) intakes: Vec<Date>,
    /// The shares of the intakes.
    pub(crate) shares: Shares,
    /// The groups into which each intake is divided, if any.
    pub(crate) groups: Option<Groups>,
    /// How far the same people do well on several outcomes, from 0 to 1.
    pub(crate) alike: f64,
    pub(crate) span: Span,
}

/// A division of each intake into groups of whole people.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Ascending.
    pub(crate) names: Vec<Name>,
    pub(crate) shares: Shares,
}

/// The people an outcome is measured of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Population {
    /// Everyone enrolled.
    Enrolled,
    /// One of the cohort's groups, by its position among them.
    Group(usize),
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
    /// At each point but the first, of those who reached the point before.
    pub(crate) ladder: bool,
    /// Of a rate: the correlation between two people of an intake, given the rate.
    pub(crate) clustering: Option<Number>,
    /// Of a level: by how much it is measured too high.
    pub(crate) bias: Option<Number>,
    /// A pooled number is rounded to a multiple of this: people, or 10⁻⁹.
    pub(crate) round_to: Option<i64>,
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
    /// The cell of the outcome this one is `of`; `None` for other populations. Of a ladder, that of its first point.
    pub(crate) parent: Option<usize>,
}

impl Outcome {
    /// Whether it counts people, or units of them; it is otherwise a number in 10⁻⁹.
    pub(crate) fn counts_people(&self) -> bool {
        !matches!(self.kind, OutcomeKind::Level { .. } | OutcomeKind::Formula(_))
    }
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
    /// Arithmetic on what is pooled of its parts over the cells of a reading.
    Formula(Expr<Part>),
    /// People of whom several outcomes are asked at once.
    PeopleWith(Composite),
    /// Units of every person: claims, days. Their sum is what is measured.
    Each(Each),
    /// People who stay unbroken for a length of time, counted when they reach it.
    Stays(Stays),
}

impl OutcomeKind {
    /// Whether it asks who single persons are.
    #[must_use]
    pub const fn asks_for_persons(&self) -> bool {
        matches!(self, Self::PeopleWith(_) | Self::Each(_) | Self::Stays(_))
    }

    /// Whether people reach it, so that others can be measured of them.
    #[must_use]
    pub const fn reached(&self) -> bool {
        matches!(self, Self::Rate(_) | Self::PeopleWith(_))
    }
}

/// What a formula of an outcome names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Everyone enrolled, once for each cell of the reading.
    Enrolled,
    /// A group of them.
    Group(usize),
    /// Another outcome, measured on the same dates.
    Outcome(OutcomeIndex),
    /// An input, the same for all intakes.
    Input(InputIndex),
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
    /// The name of the comparison group, whose draw is the same for all levels that name it.
    pub(crate) shared: Option<Name>,
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
