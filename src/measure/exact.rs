//! Exact counts of distinct amounts without a lattice: a list in ascending order, into which sorted amounts are merged.
//!
//! Amounts come in long runs, sorted ([`Radix`](super::radix::Radix)). A hash table took a megabyte for each series, and
//! most of its time for amounts that it did not know, which is all of a short run.

use super::Cell;

/// Most distinct amounts that are counted exactly; a series with more is counted in log buckets.
///
/// Portfolios of two contracts were seen to stay below 40 000 distinct amounts a flow in two million trials.
pub const EXACT_LIMIT: usize = 3 << 14;

/// Distinct amounts and their trials, ascending.
#[derive(Debug, Clone, Default)]
pub(super) struct Exact(Vec<(i64, u64)>);

impl Exact {
    /// Adds amounts and their trials, ascending. There may be more than [`EXACT_LIMIT`] of them then.
    pub(super) fn add(&mut self, runs: impl DoubleEndedIterator<Item = (i64, u64)> + Clone) {
        let fresh = self.add_known(runs.clone());
        if fresh == 0 {
            return;
        }
        // Not twice the room: a portfolio has dozens of lists of up to a megabyte.
        self.0.reserve_exact(fresh);
        if self.0.is_empty() {
            self.0.extend(runs);
        } else {
            self.insert(runs, fresh);
        }
    }

    /// Adds to the amounts that are known, and counts those that are not.
    fn add_known(&mut self, runs: impl Iterator<Item = (i64, u64)>) -> usize {
        let mut known = self.0.iter_mut();
        let mut next = known.next();
        let mut fresh = 0;
        for (amount, count) in runs {
            while next.as_ref().is_some_and(|(known, _)| *known < amount) {
                next = known.next();
            }
            match &mut next {
                Some((known, trials)) if *known == amount => *trials += count,
                _ => fresh += 1,
            }
        }
        fresh
    }

    /// Puts in the amounts that are not known yet, from the last one back, each in its place.
    fn insert(&mut self, runs: impl DoubleEndedIterator<Item = (i64, u64)>, fresh: usize) {
        let mut old = self.0.len();
        self.0.resize(old + fresh, (0, 0));
        let mut at = old + fresh;
        for run in runs.rev() {
            while old > 0 && self.0[old - 1].0 > run.0 {
                (old, at) = (old - 1, at - 1);
                self.0[at] = self.0[old];
            }
            // What is known was added to, and moves with the others.
            if old == 0 || self.0[old - 1].0 < run.0 {
                at -= 1;
                self.0[at] = run;
            }
        }
        debug_assert_eq!(at, old, "what is left stands in its place");
    }

    /// How many distinct amounts there are.
    pub(super) fn distinct(&self) -> usize {
        self.0.len()
    }

    /// Distinct amounts and their trials, ascending.
    pub(super) fn pairs(&self) -> &[(i64, u64)] {
        &self.0
    }

    /// Cells in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        self.0.iter().map(|&(amount, count)| Cell::of(amount, count)).collect()
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.0.capacity() * size_of::<(i64, u64)>()
    }
}

/// Ascending amounts as distinct ones with how often each stands there.
pub(super) fn runs<T: Copy + PartialEq>(
    sorted: &[T],
) -> impl DoubleEndedIterator<Item = (T, u64)> + Clone + '_ {
    sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as u64))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    #[test]
    fn there_is_no_more_room_than_amounts() {
        let mut exact = Exact::default();
        exact.add([(1, 5), (7, 1), (9, 2)].into_iter());
        exact.add([(1, 5), (8, 1)].into_iter());
        assert_eq!((exact.distinct(), exact.memory()), (4, 4 * 16));
    }

    proptest! {
        #[test]
        fn counts_equal_those_of_a_tree(
            parts in prop::collection::vec(prop::collection::vec(-300i64..300, 0..400), 0..6),
        ) {
            let (mut tree, mut exact) = (BTreeMap::new(), Exact::default());
            for mut part in parts {
                part.iter().for_each(|amount| *tree.entry(*amount).or_insert(0u64) += 1);
                part.sort_unstable();
                exact.add(runs(&part));
            }
            let expected: Vec<_> = tree.into_iter().map(|(amount, count)| Cell::of(amount, count)).collect();
            prop_assert_eq!(exact.cells(), expected);
        }
    }
}
