//! Adding amounts to log buckets without sorting them.
//!
//! Sorted amounts find their bucket one after another, but sorting them takes longer than counting, and a loop over so few
//! neighbours as a bucket has is guessed wrong at each of them. Here an amount is added where it belongs, whatever comes
//! next: an addition, a minimum and a maximum.

use super::buckets::{Buckets, OCTAVE_BITS, ONE, bucket};

/// A float of 64 bits cut off behind so many binary digits is the least amount of its bucket.
const CUT: u32 = f64::MANTISSA_DIGITS - 1 - OCTAVE_BITS;

/// The number of the first bucket of an octave whose amounts have `OCTAVE_BITS` digits behind the first, less the bits of its
/// least amount: octave 2^12 is page 1.
const SHIFT: u64 = (1023 + OCTAVE_BITS as u64 - 1) << OCTAVE_BITS;

/// Below this amount (øre) every one has a bucket of its own, of which it is the number.
const SINGLE: f64 = (1u32 << OCTAVE_BITS) as f64;

/// Amounts whose buckets are found together.
const LANES: usize = 1 << 8;

/// Amounts stay below 2^39 øre: then distances are below 2^27, and the squares of 2^40 trials fit one half of their sum.
const MOST_AMOUNT: i64 = 1 << 39;

impl Buckets {
    /// Counts `unit` times each value; `false`, and nothing counted, where one is not above zero or not below 2^39 øre. `unit`
    /// is positive.
    pub(super) fn scatter(&mut self, values: &[i32], unit: i64) -> bool {
        let (low, high) = ends(values);
        if low < 1 || i64::from(high).checked_mul(unit).is_none_or(|most| most >= MOST_AMOUNT) {
            return false;
        }
        let (mut numbers, mut distances, mut squares) = ([0; LANES], [0; LANES], 0);
        for values in values.chunks(LANES) {
            squares += locate(values, unit as f64, &mut numbers, &mut distances);
            for (number, distance) in numbers.iter().zip(&distances).take(values.len()) {
                let bucket = bucket(&mut self.pieces, *number as usize);
                if bucket.add(ONE + u64::from(*distance), *distance, *distance) {
                    self.empty(*number as usize);
                }
            }
        }
        self.squares.add_multiple(unit, squares);
        true
    }
}

/// The numbers of the buckets of amounts, and the distances from their least amounts. Returns the sum of the squares of the
/// values, which are above zero.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn locate(values: &[i32], unit: f64, numbers: &mut [u32; LANES], distances: &mut [u32; LANES]) -> u128 {
    // When 2^52 is added the whole number stands in the low bits, which vectorises where a conversion does not.
    let whole = |number: f64| (number + 4_503_599_627_370_496.0).to_bits() as u32;
    // Halves summed apart: 2^8 of 32 bits each.
    let (mut low, mut high) = (0u64, 0u64);
    for ((value, number), distance) in values.iter().zip(numbers).zip(distances) {
        // Exact: a product below 2^53.
        let amount = f64::from(*value) * unit;
        let bits = amount.to_bits() >> CUT;
        *number = if amount < SINGLE { whole(amount) } else { bits.wrapping_sub(SHIFT) as u32 };
        *distance = whole(amount - f64::from_bits(bits << CUT));
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
    use super::super::buckets::{FULL_COUNT, number, place};
    use super::*;
    use proptest::prelude::*;

    /// Bits of the largest value and a unit, so that products stay below 2^39.
    fn run() -> impl Strategy<Value = (Vec<i32>, i64)> {
        (0u32..30, 1i64..500)
            .prop_flat_map(|(bits, unit)| (prop::collection::vec(1..=1 << bits, 1..2_000), Just(unit)))
    }

    proptest! {
        #[test]
        fn buckets_are_those_of_sorted_amounts(runs in prop::collection::vec(run(), 1..4)) {
            let (mut found, mut expected) = (Buckets::new(), Buckets::new());
            for (values, unit) in runs {
                let mut amounts: Vec<_> = values.iter().map(|value| unit * i64::from(*value)).collect();
                prop_assert!(found.scatter(&values, unit));
                amounts.sort_unstable();
                expected.record(&amounts, |amount| amount);
            }
            prop_assert_eq!(found.cells(), expected.cells());
            prop_assert_eq!(found.squares().digits(), expected.squares().digits());
        }

        #[test]
        fn buckets_have_the_numbers_of_places(amount in 1..MOST_AMOUNT, small in 1i64..10_000) {
            for amount in [amount, small, amount >> 20 | 1] {
                let (mut numbers, mut distances) = ([0; LANES], [0; LANES]);
                // An amount of more than 31 bits as a multiple.
                let (unit, value) = if amount < 1 << 31 { (1, amount) } else { (1 << 8, amount >> 8) };
                locate(&[value as i32], unit as f64, &mut numbers, &mut distances);
                let amount = unit * value;
                let (page, slot) = place(amount);
                prop_assert_eq!(numbers[0] as usize, number(page, slot));
                prop_assert_eq!(place(amount - i64::from(distances[0])), (page, slot));
                prop_assert!(place(amount - i64::from(distances[0]) - 1) != (page, slot));
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_left_to_others() {
        let mut buckets = Buckets::new();
        assert!(!buckets.scatter(&[3, 0], 1), "zero has no logarithm");
        assert!(!buckets.scatter(&[3, -1], 1));
        assert!(!buckets.scatter(&[1 << 30], 1 << 9), "2^39 øre");
        assert!(!buckets.scatter(&[1 << 30], i64::MAX));
        assert!(buckets.cells().is_empty());
        assert!(buckets.scatter(&[], 1));
        assert!(buckets.scatter(&[1 << 30, 7], 3));
        let nothing_beyond = Buckets::new().memory() + 2 * 256 * 16;
        assert_eq!(buckets.memory(), nothing_beyond, "a bucket is emptied when it is full, and not before");
    }

    /// More of the last amount of the widest bucket than a bucket holds, twice over.
    #[test]
    fn a_bucket_that_is_full_loses_nothing() {
        let (unit, value) = ((1 << 9) - 1, (1 << 30) - 1);
        let many = 5 * FULL_COUNT as usize / 2;
        let mut buckets = Buckets::new();
        assert!(buckets.scatter(&vec![value; many], unit));
        assert!(buckets.scatter(&[value - 1], unit));
        let [cell] = buckets.cells()[..] else { panic!("one bucket") };
        let (most, least) = (unit * i64::from(value), unit * i64::from(value - 1));
        assert_eq!((cell.smallest, cell.largest, cell.count), (least, most, many as u64 + 1));
        assert_eq!(cell.sum, i128::from(most) * many as i128 + i128::from(least));
    }
}
