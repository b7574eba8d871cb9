//! Sorting amounts of 32 bits, by their digits from the last to the first.
//!
//! Knuth, The Art of Computer Programming, vol. 3, section 5.2.5. Digits are as wide as the range of the numbers needs,
//! and at most 11 bits: the counters of three of them fit the first cache.

/// Bits of a digit, at most.
const DIGIT: u32 = 11;

/// Memory for sorting.
#[derive(Debug, Default)]
pub(crate) struct Radix {
    from: Vec<u32>,
    to: Vec<u32>,
    amounts: Vec<i64>,
}

impl Radix {
    /// `unit` times each value, ascending. `unit` is positive.
    pub(crate) fn sorted(&mut self, values: &[i32], unit: i64) -> &[i64] {
        let (low, high) = ends(values);
        self.from.clear();
        self.from.extend(values.iter().map(|value| value.wrapping_sub(low) as u32));
        self.sort(high.wrapping_sub(low) as u32);
        self.amounts.clear();
        self.amounts.extend(self.from.iter().map(|offset| unit * (i64::from(low) + i64::from(*offset))));
        &self.amounts
    }

    /// Amounts, ascending; fast where they lie within 2³² of each other.
    pub(crate) fn sorted_wide(&mut self, values: &[i64]) -> &[i64] {
        let (low, high) = ends(values);
        self.amounts.clear();
        if let Ok(range) = u32::try_from(i128::from(high) - i128::from(low)) {
            self.from.clear();
            self.from.extend(values.iter().map(|value| value.wrapping_sub(low) as u32));
            self.sort(range);
            self.amounts.extend(self.from.iter().map(|offset| low + i64::from(*offset)));
        } else {
            self.amounts.extend(values);
            self.amounts.sort_unstable();
        }
        &self.amounts
    }

    /// Sorts what stands in `from`, of which nothing is above `range`.
    fn sort(&mut self, range: u32) {
        self.to.resize(self.from.len(), 0);
        let bits = u32::BITS - range.leading_zeros();
        let passes = bits.div_ceil(DIGIT);
        let width = bits.div_ceil(passes.max(1));
        for pass in 0..passes {
            let shift = pass * width;
            scatter(&self.from, &mut self.to, |offset| (offset >> shift) as usize & ((1 << width) - 1));
            std::mem::swap(&mut self.from, &mut self.to);
        }
    }
}

/// The smallest and the largest value; zero where there is none.
fn ends<T: Copy + Default + Ord>(values: &[T]) -> (T, T) {
    let first = values.first().copied().unwrap_or_default();
    values.iter().fold((first, first), |(low, high), value| (low.min(*value), high.max(*value)))
}

/// Puts every number where its digit belongs, those of one digit in the order in which they came.
fn scatter(from: &[u32], to: &mut [u32], digit: impl Fn(u32) -> usize) {
    let mut places = [0u32; 1 << DIGIT];
    from.iter().for_each(|number| places[digit(*number)] += 1);
    let mut next = 0;
    for place in &mut places {
        next += std::mem::replace(place, next);
    }
    for number in from {
        let place = &mut places[digit(*number)];
        to[*place as usize] = *number;
        *place += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn amounts_ascend_and_none_is_lost(
            mut values in prop::collection::vec(any::<i32>(), 0..500), shift in 0u32..32, unit in 1i64..1000,
        ) {
            values.iter_mut().for_each(|value| *value >>= shift);
            let mut radix = Radix::default();
            let mut expected: Vec<i64> = values.iter().map(|value| unit * i64::from(*value)).collect();
            expected.sort_unstable();
            prop_assert_eq!(radix.sorted(&values, unit), &expected);
            let wide: Vec<i64> = values.iter().map(|value| unit * i64::from(*value)).collect();
            prop_assert_eq!(radix.sorted_wide(&wide), expected);
            // Memory that was used before does no harm.
            prop_assert_eq!(radix.sorted(&values[..values.len() / 2], 1).len(), values.len() / 2);
        }
    }
}
