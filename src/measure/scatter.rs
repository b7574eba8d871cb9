//! Counting amounts by log bucket without sorting them, in a table of the thread.
//!
//! Sorted amounts find their bucket one after another, but sorting them takes longer than counting, and a loop over so few
//! neighbours as a bucket has is guessed wrong at each of them. Here an amount is added where it belongs, whatever comes
//! next: two additions, a minimum and a maximum in 16 bytes, of which a portfolio's series have half a megabyte.

use super::buckets::{Bucket, Squares};

/// Buckets of an octave, as bits: a float of 64 bits cut off behind so many binary digits is the least amount of its bucket.
const SLOT_BITS: u32 = 12;
const CUT: u32 = f64::MANTISSA_DIGITS - 1 - SLOT_BITS;

/// Buckets that are looked through together.
const TOGETHER: usize = 1 << 8;

/// Amounts whose buckets are found together.
const LANES: usize = 1 << 8;

/// Count and sum of distances share a word: 2^17 amounts and 2^27 øre between two of a bucket fit.
const ONE: u64 = 1 << SUM_BITS;
const SUM_BITS: u32 = 44;
const MOST_VALUES: usize = 1 << 17;
const MOST_AMOUNT: i64 = 1 << 39;

/// A table of buckets, empty between runs.
#[derive(Debug, Default)]
pub(crate) struct Scatter {
    slots: Vec<Slot>,
    /// Which [`TOGETHER`] slots hold something.
    used: Vec<bool>,
    /// The number of the first slot's bucket.
    first: u32,
    trials: u64,
    squares: Squares,
}

/// What fell in a bucket in one run.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The count above, and below the sum of distances from the least amount of the bucket.
    packed: u64,
    nearest: u32,
    farthest: u32,
}

const EMPTY: Slot = Slot { packed: 0, nearest: u32::MAX, farthest: 0 };

impl Scatter {
    /// Counts `unit` times each value; `false`, and nothing counted, where they are too many, or not all of them above zero
    /// and below 2^39 øre. `unit` is positive.
    pub(crate) fn count(&mut self, values: &[i32], unit: i64) -> bool {
        debug_assert!(self.trials == 0, "what was counted was taken");
        let (low, high) = ends(values);
        let most = i64::from(high).checked_mul(unit).unwrap_or(i64::MAX);
        if low < 1 || most >= MOST_AMOUNT || values.len() > MOST_VALUES {
            return false;
        }
        let (first, last) = (bucket_of(unit * i64::from(low)), bucket_of(most));
        self.first = first;
        let slots = ((last - first) as usize + 1).next_multiple_of(TOGETHER);
        if self.slots.len() < slots {
            self.slots.resize(slots, EMPTY);
            self.used.resize(slots / TOGETHER, false);
        }
        let (mut slots, mut distances, mut squares) = ([0; LANES], [0; LANES], 0);
        for chunk in values.chunks(LANES) {
            squares += locate(chunk, unit as f64, first, &mut slots, &mut distances);
            for (slot, distance) in slots.iter().zip(&distances).take(chunk.len()) {
                let at = &mut self.slots[*slot as usize];
                at.packed += ONE + u64::from(*distance);
                at.nearest = at.nearest.min(*distance);
                at.farthest = at.farthest.max(*distance);
                self.used[*slot as usize / TOGETHER] = true;
            }
        }
        self.trials = values.len() as u64;
        self.squares.add_multiple(unit, squares);
        true
    }

    /// How many amounts were counted.
    pub(super) fn trials(&self) -> u64 {
        self.trials
    }

    /// Gives the least amount of every bucket that holds something with what it holds, and the squares of all; empties the
    /// table.
    pub(super) fn take(&mut self, mut give: impl FnMut(u64, Bucket)) -> Squares {
        for (piece, used) in self.used.iter_mut().enumerate() {
            if !std::mem::take(used) {
                continue;
            }
            for (at, slot) in self.slots[piece * TOGETHER..][..TOGETHER].iter_mut().enumerate() {
                if slot.packed > 0 {
                    let Slot { packed, nearest, farthest } = std::mem::replace(slot, EMPTY);
                    let (count, excess) = (packed >> SUM_BITS, packed & (ONE - 1));
                    let bucket = Bucket { count, excess, nearest, farthest };
                    give(least_of(self.first + (piece * TOGETHER + at) as u32), bucket);
                }
            }
        }
        self.trials = 0;
        std::mem::take(&mut self.squares)
    }
}

/// The number of an amount's bucket: its float's exponent and first binary digits. Below 2^13 every amount has one of its own.
fn bucket_of(amount: i64) -> u32 {
    ((amount as f64).to_bits() >> CUT) as u32
}

/// The least amount of a bucket.
fn least_of(bucket: u32) -> u64 {
    f64::from_bits(u64::from(bucket) << CUT) as u64
}

/// The slots of amounts, and their distances from the least amounts of their buckets. Returns the sum of the squares of the
/// values, which are not below zero.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn locate(
    values: &[i32],
    unit: f64,
    first: u32,
    slots: &mut [u32; LANES],
    distances: &mut [u32; LANES],
) -> u128 {
    // Halves summed apart: 2^8 of 32 bits each.
    let (mut low, mut high) = (0u64, 0u64);
    for ((value, slot), distance) in values.iter().zip(slots).zip(distances) {
        // Exact: a product below 2^53.
        let amount = f64::from(*value) * unit;
        let bits = amount.to_bits() >> CUT;
        *slot = (bits as u32).wrapping_sub(first);
        // A distance below 2^27 stands in the low bits when 2^52 is added, which vectorises where a conversion does not.
        let far = amount - f64::from_bits(bits << CUT) + 4_503_599_627_370_496.0;
        *distance = far.to_bits() as u32;
        let square = u64::from(*value as u32) * u64::from(*value as u32);
        low += square & u64::from(u32::MAX);
        high += square >> 32;
    }
    u128::from(low) + (u128::from(high) << 32)
}

/// The smallest and the largest value; 1 where there is none.
fn ends(values: &[i32]) -> (i32, i32) {
    let first = values.first().copied().unwrap_or(1);
    values.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value)))
}

#[cfg(test)]
mod tests {
    use super::super::Tally;
    use super::super::buckets::{Buckets, place};
    use super::*;
    use proptest::prelude::*;

    /// Bits of the largest value and a unit, so that products stay below 2^39.
    fn run() -> impl Strategy<Value = (Vec<i32>, i64)> {
        (0u32..30, 1i64..500)
            .prop_flat_map(|(bits, unit)| (prop::collection::vec(1..=1 << bits, 1..2_000), Just(unit)))
    }

    proptest! {
        #[test]
        fn buckets_are_those_of_sorted_amounts((values, unit) in run(), (more, other) in run()) {
            let (mut scatter, mut found, mut expected) = (Scatter::default(), Buckets::new(), Buckets::new());
            // What an earlier run left behind would show.
            for (values, unit) in [(&values, unit), (&more, other), (&values, unit)] {
                let mut amounts: Vec<_> = values.iter().map(|value| unit * i64::from(*value)).collect();
                prop_assert!(scatter.count(values, unit));
                prop_assert_eq!(scatter.trials(), values.len() as u64);
                found.add_scattered(&mut scatter);
                amounts.sort_unstable();
                expected.record(&amounts, |amount| amount);
            }
            prop_assert_eq!(found.cells(), expected.cells());
            prop_assert_eq!(found.squares().digits(), expected.squares().digits());
        }

        #[test]
        fn numbers_of_buckets_are_those_of_places(amount in 1..MOST_AMOUNT, other in 1..MOST_AMOUNT) {
            for other in [other, amount ^ 1, amount ^ (amount >> 12), amount ^ (amount >> 13)] {
                let other = other.max(1);
                prop_assert_eq!(bucket_of(amount) == bucket_of(other), place(amount) == place(other));
            }
            let least = least_of(bucket_of(amount)) as i64;
            prop_assert!(least <= amount && place(least) == place(amount));
            prop_assert!(least == 1 || place(least - 1) != place(amount));
        }
    }

    #[test]
    fn what_does_not_fit_is_left_to_others() {
        let mut scatter = Scatter::default();
        assert!(!scatter.count(&[3, 0], 1), "zero has no logarithm");
        assert!(!scatter.count(&[3, -1], 1));
        assert!(!scatter.count(&[1 << 30], 1 << 9), "2^39 øre");
        assert!(!scatter.count(&[1 << 30], i64::MAX));
        assert!(!scatter.count(&vec![1; MOST_VALUES + 1], 1));
        assert_eq!(scatter.trials(), 0);
        assert!(scatter.count(&[], 1));
    }

    /// As many of the widest bucket's last amount as one run may have: the sum of their distances does not reach the count.
    #[test]
    fn the_fullest_bucket_keeps_its_count() {
        let unit = (1 << 9) - 1;
        let values = vec![(1 << 30) - 1; MOST_VALUES];
        let mut scatter = Scatter::default();
        assert!(scatter.count(&values, unit));
        let mut buckets = Buckets::new();
        buckets.add_scattered(&mut scatter);
        let amount = unit * ((1 << 30) - 1);
        let [cell] = buckets.cells()[..] else { panic!("one bucket") };
        assert_eq!((cell.smallest, cell.largest, cell.count), (amount, amount, MOST_VALUES as u64));
        assert_eq!(cell.sum, i128::from(amount) * MOST_VALUES as i128);
    }

    #[test]
    #[should_panic(expected = "where no buckets are")]
    fn exact_counts_take_no_buckets() {
        let mut scatter = Scatter::default();
        assert!(scatter.count(&[7], 1));
        Tally::new(super::super::Shape::General).unwrap().record_scattered(&mut scatter);
    }
}
