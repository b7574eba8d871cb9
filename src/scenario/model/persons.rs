//! Outcomes of single persons: composites, and units of each.

use jiff::civil::Date;

use super::{Number, Outcome, OutcomeIndex};
use crate::dist::Bounded;
use crate::scenario::formula::Formula;

/// People of whom several outcomes are asked at once: each outcome as it stood when last measured in the intake.
#[derive(Clone, Debug, Default)]
pub struct Composite {
    /// They reach all of these.
    pub(crate) all: Vec<OutcomeIndex>,
    /// They reach at least one of these, unless there are none.
    pub(crate) any: Vec<OutcomeIndex>,
    /// They reach none of these.
    pub(crate) none: Vec<OutcomeIndex>,
    /// They reach at least so many of these.
    pub(crate) at_least: Option<(u32, Vec<OutcomeIndex>)>,
}

/// The units of one person: claims, days.
#[derive(Clone, Debug)]
pub enum Each {
    /// Drawn for every person, rounded to whole units.
    Drawn(Bounded),
    /// A formula for every person. Leaves below the number of inputs are inputs, the others outcomes.
    Formula(Formula),
}

/// A path of every person between staying and being away, step by step, and the lengths of unbroken stays that count.
#[derive(Clone, Debug)]
pub struct Stays {
    /// Steps of the window.
    pub(crate) steps: u32,
    /// Lengths in steps, ascending; one per point.
    pub(crate) lengths: Vec<u32>,
    /// Point and step of the cells of an intake: a person is counted at the step at which a length is first reached.
    pub(crate) reached: Vec<(usize, u32)>,
    /// Share that stays in the first step.
    pub(crate) start: Number,
    /// Chance of leaving before the next step.
    pub(crate) leave: Number,
    /// Chance of coming back before the next step.
    pub(crate) back: Number,
    /// Breaks that are forgiven.
    pub(crate) allow: u32,
}

impl Composite {
    /// The outcomes it asks for.
    pub(crate) fn parts(&self) -> impl Iterator<Item = OutcomeIndex> {
        let least = self.at_least.iter().flat_map(|(_, of)| of);
        self.all.iter().chain(&self.any).chain(&self.none).chain(least).copied()
    }
}

impl Outcome {
    /// The cell of an intake that was measured last on a date or before.
    pub(crate) fn latest(&self, intake: usize, date: Date) -> Option<usize> {
        let cells = self.cells.iter().enumerate();
        cells
            .filter(|(_, cell)| cell.intake == intake && cell.measured <= date)
            .max_by_key(|(_, cell)| cell.measured)
            .map(|(index, _)| index)
    }
}
