//! Conditions: what must hold for a reading to be paid, with everything resolved that a test names.

use super::OutcomeIndex;
use crate::scenario::name::Name;

/// What a reading of a term waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// An event happens that lies before the reading.
    Happens(Name),
    /// An outcome over some of its cells lies between two numbers in 10⁻⁹, both included. Without a value it does not.
    Within {
        /// What is measured.
        outcome: OutcomeIndex,
        /// Indices into its cells: all measured by the date of the reading.
        cells: Vec<usize>,
        /// The smallest number.
        low: i64,
        /// The largest number.
        high: i64,
    },
    /// Between `low` and `high` of these hold.
    Count {
        /// What is counted.
        of: Vec<Condition>,
        /// The fewest.
        low: usize,
        /// The most.
        high: usize,
    },
    /// It cannot hold: an event after the date of the reading.
    Never,
}
