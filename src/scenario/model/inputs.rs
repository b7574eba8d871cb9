//! Uncertain numbers: inputs, the factors and events they share, and how a number of the scenario refers to them.

use jiff::civil::Date;

use super::Span;
use crate::contract::course::Course;
use crate::dist::{Bounded, Fit};
use crate::scenario::formula::Formula;
use crate::scenario::name::Name;

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

/// Which days an event meets people on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// All from the start of an intake to its measuring: what is reached over time.
    Window,
    /// The day of measuring: a state that day, such as being in work.
    Day,
}

/// What can end early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Nobody starts any more.
    Enrolment,
    /// Nothing is measured any more.
    Measuring,
    /// Amounts without an outcome do not fall due any more.
    Fees,
}

/// An event that ends something in a contract from its date on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub(crate) event: Name,
    pub(crate) on: Date,
    pub(crate) what: Vec<What>,
}

impl Stop {
    /// Whether it ends this.
    #[must_use]
    pub fn ends(&self, what: What) -> bool {
        self.what.contains(&what)
    }
}

/// Something that happens or not, on a fixed date.
#[derive(Clone, Debug)]
pub struct Event {
    pub(crate) chance: f64,
    /// When it comes, and how it lasts.
    pub(crate) course: Course,
    pub(crate) loads: Vec<(Name, f64)>,
    pub(crate) class: Class,
    pub(crate) span: Span,
}

/// Index of an input in `Investment::inputs`.
pub type InputIndex = usize;

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
    /// Whom the evidence behind it counted; any name, since it may be of people whom the contract does not count.
    pub(crate) of: Option<Name>,
    /// What its distribution was computed from, where it is not stated itself.
    pub(crate) behind: Option<Behind>,
    /// The name of the address it draws from: its own, or that of an earlier version of the file.
    pub(crate) stream: String,
    pub(crate) span: Span,
}

impl Input {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// What its distribution was computed from, where it is not stated itself.
    #[must_use]
    pub fn behind(&self) -> Option<&Behind> {
        self.behind.as_ref()
    }
}

/// What a distribution was computed from.
#[derive(Clone, Debug, PartialEq)]
pub enum Behind {
    /// Quantiles, and how they are met.
    Fit(Fit),
    /// A study.
    Evidence(Evidence),
}

/// A study's effect, and how it becomes a forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// What it found.
    pub effect: f64,
    /// The standard error: half its interval over the score of its share.
    pub error: f64,
    /// What efforts of its kind achieve: mean and standard deviation.
    pub usual: Option<(f64, f64)>,
    /// The standard deviation of true effects from place to place.
    pub elsewhere: f64,
}

impl Evidence {
    /// How much the study counts against what is usual: sd² / (sd² + error²); 1 where nothing is said of it.
    #[must_use]
    pub fn weight(&self) -> f64 {
        self.usual.map_or(1.0, |(_, sd)| sd * sd / (sd * sd + self.error * self.error))
    }

    /// Mean and standard deviation of the effect here: the study drawn towards what is usual by its weight (the posterior
    /// of a normal mean: Gelman and others, *Bayesian Data Analysis*, section 2.5), and spread by what differs elsewhere.
    #[must_use]
    pub fn forecast(&self) -> (f64, f64) {
        let weight = self.weight();
        let usual = self.usual.map_or(0.0, |(mean, _)| mean);
        let mean = weight * self.effect + (1.0 - weight) * usual;
        (mean, (weight * self.error * self.error + self.elsewhere * self.elsewhere).sqrt())
    }
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
    /// Without intakes: which days count.
    pub(crate) exposure: Exposure,
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
    /// Takes its place: a measurement that breaks.
    Becomes(f64),
}
