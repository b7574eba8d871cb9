//! Money put in, and named courses of a contract.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::InputIndex;
use super::OutcomeIndex;
use super::Span;
use crate::contract::promise::Promise;
use crate::money::Ore;
use crate::scenario::name::{Id, Name};

/// Money put in.
#[derive(Clone, Debug)]
pub struct Fund {
    pub(crate) id: Id,
    pub(crate) party: Id,
    pub(crate) amount: Ore,
    /// Drawdowns, ascending by date, adding up to `amount`.
    pub(crate) drawn: Vec<(Date, Ore)>,
    /// Whether it is to be repaid; a donation is not.
    pub(crate) repayable: bool,
    /// Its place among those that are repaid: 1 first, equal ranks together.
    pub(crate) rank: u32,
    pub(crate) return_cap: Option<Promise>,
    /// Whether it takes what is paid and gives back on the last day what is above its return cap.
    pub(crate) returns_surplus: bool,
    pub(crate) guarantee: Option<Guarantee>,
    pub(crate) span: Span,
}

/// What a fund gets back at least, settled on the contract's last day.
#[derive(Clone, Debug)]
pub struct Guarantee {
    pub(crate) promise: Promise,
    /// The party that pays what is missing.
    pub(crate) by: Id,
    /// The most it pays.
    pub(crate) up_to: Option<Ore>,
}

/// A named course of the contract without chance: inputs, events, people and outcomes set, the rest at its median and
/// expectation.
#[derive(Clone, Debug, Default)]
pub struct Case {
    pub(crate) inputs: BTreeMap<InputIndex, f64>,
    /// Events that happen.
    pub(crate) events: Vec<Name>,
    /// People enrolled, by intake.
    pub(crate) enrolled: BTreeMap<usize, i64>,
    /// What is measured, by cell: people, or 10⁻⁹ of a level.
    pub(crate) outcomes: BTreeMap<OutcomeIndex, BTreeMap<usize, i64>>,
}
