//! The exact sum of the squares of amounts that are known only by bucket.

/// Amounts whose squares are added together.
const RUN: usize = 1 << 10;

/// Exact sum of squares in two halves: squares are split at 2^64 and the halves summed apart.
///
/// A square of a 64-bit amount is at most 2^126, so both halves of `n` squares are below n·2^64 and fit 128 bits for
/// every 64-bit `n`. (One 128-bit sum would not do: 2^40 trials of 2^53 øre have squares of 2^146.) Squares that are known to
/// be small, of amounts below 2^39, are added to the lower half whole: 2^40 of them stay below 2^118.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Squares {
    low: u128,
    high: u128,
}

impl Squares {
    /// Adds the squares of amounts.
    pub(super) fn add_all<T: Copy>(&mut self, values: &[T], amount: impl Fn(T) -> i64 + Copy) {
        values.chunks(RUN).for_each(|run| self.add_run(run, amount));
    }

    fn add_run<T: Copy>(&mut self, values: &[T], amount: impl Fn(T) -> i64) {
        let union = values.iter().fold(0, |all, value| all | amount(*value).unsigned_abs());
        if union > u64::from(u32::MAX) {
            return values.iter().for_each(|value| self.add_times(amount(*value), 1));
        }
        // Squares of 32 bits, their halves summed apart: a loop the compiler vectorises.
        let (mut low, mut high) = (0u64, 0u64);
        for value in values {
            let magnitude = u64::from(amount(*value).unsigned_abs() as u32);
            let square = magnitude * magnitude;
            low += square & u64::from(u32::MAX);
            high += square >> 32;
        }
        self.low += u128::from(low) + (u128::from(high) << 32);
    }

    /// Adds the square of `amount` `count` times.
    pub(super) fn add_times(&mut self, amount: i64, count: u64) {
        let square = u128::from(amount.unsigned_abs()) * u128::from(amount.unsigned_abs());
        self.low += u128::from(square as u64) * u128::from(count);
        self.high += (square >> 64) * u128::from(count);
    }

    /// Adds the squares of multiples of a unit, given the sum of the squares of what they are multiples of; together below
    /// 2^100.
    pub(super) fn add_multiple(&mut self, unit: i64, squares: u128) {
        self.low += squares * u128::from(unit.unsigned_abs()) * u128::from(unit.unsigned_abs());
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.low += other.low;
        self.high += other.high;
    }

    /// The sum as three 64-bit digits, the most significant first: the same for every split of the same sum.
    pub(super) fn digits(&self) -> [u64; 3] {
        let high = self.high + (self.low >> 64);
        [(high >> 64) as u64, high as u64, self.low as u64]
    }

    /// The sum with the given digits.
    pub(super) fn from_digits([high, middle, low]: [u64; 3]) -> Self {
        Self { low: u128::from(low), high: (u128::from(high) << 64) | u128::from(middle) }
    }

    /// Σ (x − centre)² = Σ x² − 2 centre Σ x + n centre², exact until the last line.
    ///
    /// With |x|, |centre| at most 2^53 and n at most 2^40 no product of a half exceeds 2^118.
    pub(super) fn about(&self, centre: i64, sum: i128, trials: u64) -> f64 {
        let (c, n) = (i128::from(centre), i128::from(trials));
        let half = i128::from(u64::MAX);
        let low = self.low as i128 - 2 * c * (sum & half) + n * ((c * c) & half);
        let high = self.high as i128 - 2 * c * (sum >> 64) + n * ((c * c) >> 64);
        let high = high + (low >> 64);
        high as f64 * 18_446_744_073_709_551_616.0 + (low & half) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::super::MAX_AMOUNT;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn squares_are_exact_about_any_centre(
            mut amounts in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..50),
            wide in any::<bool>(),
            centre in -1_000_000_000i64..1_000_000_000,
        ) {
            if wide {
                amounts.push(-MAX_AMOUNT);
            }
            let mut squares = Squares::default();
            squares.add_all(&amounts, |amount| amount);
            let sum = amounts.iter().map(|&amount| i128::from(amount)).sum();
            let expected: i128 = amounts.iter().map(|&x| i128::from(x - centre) * i128::from(x - centre)).sum();
            let found = squares.about(centre, sum, amounts.len() as u64);
            prop_assert!((found - expected as f64).abs() <= expected as f64 * 1e-15);
            prop_assert_eq!(Squares::from_digits(squares.digits()).digits(), squares.digits());
        }
    }

    #[test]
    fn the_largest_run_of_the_largest_amounts_does_not_wrap() {
        let mut squares = Squares::default();
        let (half, rest) = (1u64 << 39, -(MAX_AMOUNT - 2));
        squares.add_times(MAX_AMOUNT, half);
        squares.add_times(rest, half);
        let sum = i128::from(half) * i128::from(MAX_AMOUNT + rest);
        let about = squares.about(1, sum, 2 * half);
        let expected = (MAX_AMOUNT - 1) as f64 * (MAX_AMOUNT - 1) as f64 * (2 * half) as f64;
        assert!((about - expected).abs() <= expected * 1e-15, "{about} {expected}");
    }

    #[test]
    fn digits_are_those_of_the_sum() {
        let squares = |pairs: &[(i64, u64)]| {
            let mut squares = Squares::default();
            pairs.iter().for_each(|&(amount, count)| squares.add_times(amount, count));
            squares.digits()
        };
        assert_eq!(squares(&[(-3, 1), (5, 2)]), [0, 0, 59]);
        // 8 · 2^62, and 2^38 · 2^106.
        assert_eq!(squares(&[(1 << 31, 8)]), [0, 2, 0]);
        assert_eq!(squares(&[(MAX_AMOUNT, 1 << 38), (1 << 31, 8), (1, 7)]), [1 << 16, 2, 7]);
        assert_eq!(Squares::from_digits([5, 7, 9]).digits(), [5, 7, 9]);
    }
}
