//! Sorting amounts of 32 bits, by their digits from the last to the first.
//!
//! Knuth, The Art of Computer Programming, vol. 3, section 5.2.5. Digits are as wide as the range of the numbers needs, and
//! at most 11 bits: the counters of three of them fit the first cache. All digits are counted in one pass.

use super::exact::runs;

/// Bits of a digit, at most.
const DIGIT: u32 = 11;

/// Memory for sorting.
#[derive(Debug, Default)]
pub(crate) struct Radix {
    from: Vec<u32>,
    to: Vec<u32>,
    wide: Vec<i64>,
}

/// Amounts in order, held as they were sorted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sorted<'a> {
    /// `unit · (low + offset)`.
    Offsets { offsets: &'a [u32], low: i64, unit: i64 },
    /// Amounts.
    Wide(&'a [i64]),
}

impl Sorted<'_> {
    /// Gives each distinct amount with how often it stands there, ascending.
    pub(crate) fn runs(self, mut take: impl FnMut(i64, u64)) {
        match self {
            Self::Offsets { offsets, low, unit } => {
                let amount = |offset: u32| unit * (low + i64::from(offset));
                runs(offsets).for_each(|(offset, count)| take(amount(offset), count));
            }
            Self::Wide(amounts) => runs(amounts).for_each(|(amount, count)| take(amount, count)),
        }
    }
}

impl Radix {
    /// `unit` times each value, ascending. `unit` is positive.
    pub(crate) fn sorted(&mut self, values: &[i32], unit: i64) -> Sorted<'_> {
        let (low, high) = ends(values);
        self.sort(values, |value| value.wrapping_sub(low) as u32, high.wrapping_sub(low) as u32);
        Sorted::Offsets { offsets: &self.from, low: low.into(), unit }
    }

    /// Amounts, ascending; fast where they lie within 2³² of each other.
    pub(crate) fn sorted_wide(&mut self, values: &[i64]) -> Sorted<'_> {
        let (low, high) = ends(values);
        if let Ok(range) = u32::try_from(i128::from(high) - i128::from(low)) {
            self.sort(values, |value| value.wrapping_sub(low) as u32, range);
            return Sorted::Offsets { offsets: &self.from, low, unit: 1 };
        }
        self.wide.clear();
        self.wide.extend(values);
        self.wide.sort_unstable();
        Sorted::Wide(&self.wide)
    }

    /// Puts the offsets of values into `from`, ascending; none is above `range`.
    fn sort<T: Copy>(&mut self, values: &[T], offset: impl Fn(T) -> u32 + Copy, range: u32) {
        match (u32::BITS - range.leading_zeros()).div_ceil(DIGIT) {
            0 | 1 => self.passes::<T, 1>(values, offset, range),
            2 => self.passes::<T, 2>(values, offset, range),
            _ => self.passes::<T, 3>(values, offset, range),
        }
    }

    fn passes<T: Copy, const PASSES: usize>(
        &mut self,
        values: &[T],
        offset: impl Fn(T) -> u32 + Copy,
        range: u32,
    ) {
        let width = (u32::BITS - range.leading_zeros()).div_ceil(PASSES as u32);
        let digit =
            |offset: u32, pass: usize| (offset >> (pass as u32 * width)) as usize & ((1 << width) - 1);
        let mut places = [[0; 1 << DIGIT]; PASSES];
        for value in values {
            let offset = offset(*value);
            for (pass, places) in places.iter_mut().enumerate() {
                places[digit(offset, pass)] += 1;
            }
        }
        self.from.resize(values.len(), 0);
        self.to.resize(values.len(), 0);
        scatter(values, &mut self.from, offset, &mut places[0], |offset| digit(offset, 0));
        for (pass, places) in places.iter_mut().enumerate().skip(1) {
            scatter(&self.from, &mut self.to, |offset| offset, places, |offset| digit(offset, pass));
            std::mem::swap(&mut self.from, &mut self.to);
        }
    }
}

/// The smallest and the largest value; zero where there is none.
fn ends<T: Copy + Default + Ord>(values: &[T]) -> (T, T) {
    let first = values.first().copied().unwrap_or_default();
    values.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// Puts every offset where its digit belongs, those of one digit in the order in which they came.
fn scatter<T: Copy>(
    from: &[T],
    to: &mut [u32],
    offset: impl Fn(T) -> u32,
    places: &mut [u32; 1 << DIGIT],
    digit: impl Fn(u32) -> usize,
) {
    let mut next = 0;
    for place in places.iter_mut() {
        next += std::mem::replace(place, next);
    }
    for value in from {
        let offset = offset(*value);
        let place = &mut places[digit(offset)];
        to[*place as usize] = offset;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amounts(sorted: Sorted<'_>) -> Vec<i64> {
        match sorted {
            Sorted::Offsets { offsets, low, unit } => {
                offsets.iter().map(|offset| unit * (low + i64::from(*offset))).collect()
            }
            Sorted::Wide(amounts) => amounts.to_vec(),
        }
    }

    proptest! {
        #[test]
        fn amounts_ascend_and_none_is_lost(
            mut values in prop::collection::vec(any::<i32>(), 0..500), shift in 0u32..32, unit in 1i64..1000,
        ) {
            values.iter_mut().for_each(|value| *value >>= shift);
            let mut radix = Radix::default();
            let mut expected: Vec<i64> = values.iter().map(|value| unit * i64::from(*value)).collect();
            let wide = expected.clone();
            expected.sort_unstable();
            prop_assert_eq!(amounts(radix.sorted(&values, unit)), &expected[..]);
            prop_assert_eq!(amounts(radix.sorted_wide(&wide)), &expected[..]);
            // Memory that was used before does no harm.
            let half = &values[..values.len() / 2];
            prop_assert_eq!(amounts(radix.sorted(half, 1)).len(), half.len());
        }
    }
}
