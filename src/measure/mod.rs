//! Tallies of millions of trials, and the statistics and intervals read from them.
//!
//! A series (one flow of one payer in one budget year, say) is never stored trial by trial: a [`Tally`] counts how
//! often each amount occurred. Everything in it that merges is an integer, so the order of trials, blocks, threads
//! and shards cannot change a result. A [`Summary`] sorts the counts once and answers every [`Statistic`], each
//! with its 95 % simulation interval from [`interval`].

mod binomial;
mod buckets;
mod cells;
#[cfg(test)]
mod coverage_tests;
mod exact;
mod few;
pub mod interval;
mod lattice;
mod pairs;
mod radix;
mod replicates;
mod scatter;
mod squares;
mod statistic;
mod stored;
mod summary;
#[cfg(test)]
mod summary_tests;
mod tally;
#[cfg(test)]
mod tally_tests;

pub(crate) use buckets::{FULL_COUNT, MORE_BYTES, OCTAVE_BYTES, PIECES_BYTES};
pub use buckets::{MAX_AMOUNT, RELATIVE_WIDTH};
pub(crate) use cells::Cells;
pub use exact::EXACT_LIMIT;
pub(crate) use few::Few;
pub use lattice::MAX_BINS;
pub(crate) use pairs::{Occurred, Pairs};
pub(crate) use radix::{Radix, Sorted};
pub use replicates::{MOST_KNOTS, Replicate};
pub use statistic::{Level, LevelError, Statistic, UnitKind, UnknownStatistic};
pub use stored::StoredError;
pub use summary::{Estimate, Summary, SummaryError};
pub use tally::{MAX_TRIALS, MergeError, Shape, ShapeError, Tally};

use std::cmp::Ordering;

/// Trials whose amounts lie in one cell of a tally: one amount exactly, or one log bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Smallest amount that occurred in the cell (øre).
    pub smallest: i64,
    /// Largest amount that occurred in the cell (øre); equal to `smallest` in an exact tally.
    pub largest: i64,
    /// Number of trials, at least one.
    pub count: u64,
    /// Exact sum of the amounts (øre).
    pub sum: i128,
}

impl Cell {
    /// The cell of `count` trials with the same amount.
    pub(crate) fn of(amount: i64, count: u64) -> Self {
        Self { smallest: amount, largest: amount, count, sum: i128::from(amount) * i128::from(count) }
    }

    /// Whether all its trials have the same amount.
    fn is_exact(&self) -> bool {
        self.smallest == self.largest
    }

    /// Sum of the amounts in excess of the smallest one: zero in an exact cell.
    fn excess(&self) -> i128 {
        self.sum - i128::from(self.smallest) * i128::from(self.count)
    }

    /// Mean of the cell's amounts less `centre`. The integer part is subtracted before anything is rounded.
    fn mean_from(&self, centre: i64) -> f64 {
        let distance = (self.smallest - centre) as f64;
        // Divisions of 128-bit integers and their conversion would take most of the time of a summary.
        if self.is_exact() { distance } else { distance + self.excess() as f64 / self.count as f64 }
    }

    /// Whether `amount` lies below (`Greater`), within (`Equal`) or above (`Less`) the amounts of the cell.
    fn compare(&self, amount: i64) -> Ordering {
        if self.largest < amount {
            Ordering::Less
        } else if self.smallest > amount {
            Ordering::Greater
        } else {
            Ordering::Equal
        }
    }
}

/// Deterministic words for tests: the splitmix64 sequence (Steele, Lea and Flood 2014).
#[cfg(test)]
pub(crate) mod test_words {
    pub(crate) struct Words(pub(crate) u64);

    impl Words {
        pub(crate) fn word(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        pub(crate) fn uniform(&mut self) -> f64 {
            ((self.word() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }
}
