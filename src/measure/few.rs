//! Counting amounts of which many are equal, in a small table, instead of sorting them all.
//!
//! What is paid for people at a price is often none of a lattice, since payers' shares are rounded to the øre, and takes
//! some hundred amounts all the same. A table of the first cache counts such a run in half the time that sorting it
//! takes. It has one place for an amount: another that belongs there waits and is sorted with its like.

use super::radix::Radix;

/// Places of the table: 32 KiB. Half as many leave twice as many amounts to sort.
const PLACES_BITS: u32 = 12;

/// Amounts after which it is seen whether many are equal: a quarter of them may be new or find their place taken.
const LOOK: usize = 1 << 12;

/// A table of values on 32 bits with their counts, empty between runs.
#[derive(Debug)]
pub(crate) struct Few {
    table: Vec<(i32, u32)>,
    /// Values whose place another value has.
    missed: Vec<i32>,
    pairs: Vec<(i64, u64)>,
}

impl Default for Few {
    fn default() -> Self {
        Self { table: vec![(0, 0); 1 << PLACES_BITS], missed: Vec::new(), pairs: Vec::new() }
    }
}

impl Few {
    /// `unit` times each distinct value with how often it occurs, ascending; `None` where too many of the first ones differ.
    /// `unit` is positive, and there are less than 2³² values.
    pub(crate) fn count(&mut self, values: &[i32], unit: i64, radix: &mut Radix) -> Option<&[(i64, u64)]> {
        let (first, rest) = values.split_at(values.len().min(LOOK));
        self.missed.clear();
        let fresh = self.put(first);
        if 4 * (fresh + self.missed.len()) > LOOK {
            self.table.fill((0, 0));
            return None;
        }
        self.put(rest);
        self.pairs.clear();
        for (value, count) in &mut self.table {
            if *count > 0 {
                self.pairs.push((unit * i64::from(*value), u64::from(std::mem::take(count))));
            }
        }
        self.pairs.sort_unstable();
        radix.sorted(&self.missed, unit).runs(|amount, count| self.pairs.push((amount, count)));
        #[expect(
            clippy::stable_sort_primitive,
            reason = "it merges two ascending halves, the unstable one sorts anew"
        )]
        self.pairs.sort();
        Some(&self.pairs)
    }

    /// Counts values, and says how many of them were new.
    fn put(&mut self, values: &[i32]) -> usize {
        let mut fresh = 0;
        for value in values {
            // The golden ratio spreads values that are near, or multiples of a price (Knuth, vol. 3, section 6.4).
            let place = (*value as u32).wrapping_mul(0x9e37_79b9) >> (u32::BITS - PLACES_BITS);
            let (held, count) = &mut self.table[place as usize];
            if *count == 0 {
                *held = *value;
                fresh += 1;
            }
            if held == value {
                *count += 1;
            } else {
                self.missed.push(*value);
            }
        }
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_words::Words;
    use super::*;
    use std::collections::BTreeMap;

    /// So many draws of values from so many, of which the first occur most.
    fn draws(many: usize, of: u64, words: &mut Words) -> Vec<i32> {
        let value = |k: u64| (k as i32 - 50).wrapping_mul(499_937);
        (0..many).map(|_| value((words.uniform() * words.uniform() * of as f64) as u64)).collect()
    }

    #[test]
    fn counts_are_those_of_a_tree_or_not_made() {
        let (mut few, mut radix, mut words) = (Few::default(), Radix::default(), Words(4));
        for (many, of, counted) in [
            (0, 1, true),
            (5, 3, true),
            (50_000, 1, true),
            (50_000, 900, true),
            (9_000, 1_000_000, false),
            (9_000, 60, true),
        ] {
            let values = draws(many, of, &mut words);
            let mut tree = BTreeMap::new();
            values.iter().for_each(|value| *tree.entry(25 * i64::from(*value)).or_insert(0u64) += 1);
            let found = few.count(&values, 25, &mut radix).map(<[_]>::to_vec);
            assert_eq!(found, counted.then(|| tree.into_iter().collect()), "{many} of {of}");
        }
    }

    /// More than a quarter of the first amounts are new, though each finds its place.
    #[test]
    fn many_new_amounts_are_left_to_sorting() {
        let values = |new: i32| -> Vec<_> { (0..LOOK as i32).map(|k| if k < new { k } else { 0 }).collect() };
        let mut few = Few::default();
        let mut counted = |new| few.count(&values(new), 1, &mut Radix::default()).is_some();
        assert_eq!([counted(1000), counted(1100), counted(1000)], [true, false, true]);
    }

    #[test]
    fn a_value_whose_place_is_taken_is_counted_too() {
        // Multiples of the inverse of the golden ratio's odd number have the place of zero.
        let others = (1..4u32).map(|k| k.wrapping_mul(340_573_321) as i32);
        let some: Vec<i32> = std::iter::repeat_n(0, 9).chain(others).collect();
        let mut few = Few::default();
        let found = few.count(&some.repeat(200), 1, &mut Radix::default()).unwrap().to_vec();
        assert_eq!(few.missed.len(), 600);
        assert!(found.len() == 4 && found.is_sorted());
        assert!(found.iter().all(|(amount, count)| *count == if *amount == 0 { 1800 } else { 200 }));
    }
}
