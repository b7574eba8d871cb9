//! Exact counts of distinct amounts without a lattice: a hash table of groups of four amounts.

use super::Cell;

/// Most distinct amounts that are counted exactly; a series with more is counted in log buckets.
///
/// 49 152 is three quarters of 2^16 slots of 16 bytes: a full table takes 1 MiB. Portfolios of two contracts were
/// seen to stay below 40 000 distinct amounts a flow in two million trials.
pub const EXACT_LIMIT: usize = 3 << 14;

/// Amounts whose groups are fetched together: 128 lines, well within the first cache.
const RUN: usize = 128;

const LANES: usize = 4;
const FIRST_GROUPS: usize = 16;
const MOST_GROUPS: usize = EXACT_LIMIT.next_power_of_two() / LANES;

/// Marks a free lane; amounts stay within ±2^53.
const FREE: i64 = i64::MIN;

/// Four amounts and their trials in one cache line, taken from the first lane on.
///
/// A search compares all four at once: with a slot at a time the processor guesses wrong, at 4 ns, how many slots it
/// takes (4.1 and 6.5 ns an amount, with 400 and 40 000 distinct ones).
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Group {
    amounts: [i64; LANES],
    counts: [u64; LANES],
}

const EMPTY: Group = Group { amounts: [FREE; LANES], counts: [0; LANES] };

impl Group {
    /// The lane of an amount, [`LANES`] when it is not here.
    #[inline]
    fn lane(&self, amount: i64) -> usize {
        let bits = (0..LANES)
            .fold(1 << LANES, |bits, lane| bits | (u32::from(self.amounts[lane] == amount) << lane));
        bits.trailing_zeros() as usize
    }
}

/// A hash table from amount to trials.
#[derive(Debug, Clone)]
pub(super) struct Exact {
    groups: Vec<Group>,
    distinct: usize,
}

impl Exact {
    /// An empty table.
    pub(super) fn new() -> Self {
        Self { groups: vec![EMPTY; FIRST_GROUPS], distinct: 0 }
    }

    /// Counts amounts until one would be distinct amount number [`EXACT_LIMIT`] + 1; returns how many it counted.
    pub(super) fn record(&mut self, amounts: &[i64]) -> usize {
        let mut counted = 0;
        for run in amounts.chunks(RUN) {
            self.fetch(run);
            for &amount in run {
                if !self.add(amount, 1) {
                    return counted;
                }
                counted += 1;
            }
        }
        counted
    }

    /// Reads the home of every amount, so that the waits for memory overlap.
    fn fetch(&self, amounts: &[i64]) {
        let mask = self.groups.len() - 1;
        let touched =
            amounts.iter().fold(0, |all, &amount| all | self.groups[hash(amount) as usize & mask].amounts[0]);
        std::hint::black_box(touched);
    }

    /// Adds trials of one amount (at least one trial), or returns false when the table holds as many amounts as
    /// it may.
    #[inline]
    pub(super) fn add(&mut self, amount: i64, count: u64) -> bool {
        let mask = self.groups.len() - 1;
        let mut home = hash(amount) as usize & mask;
        loop {
            let group = &mut self.groups[home];
            let lane = group.lane(amount);
            if let Some(counter) = group.counts.get_mut(lane) {
                *counter += count;
                return true;
            }
            if group.amounts[LANES - 1] == FREE {
                return self.insert(amount, count);
            }
            home = (home + 1) & mask;
        }
    }

    #[cold]
    fn insert(&mut self, amount: i64, count: u64) -> bool {
        if self.distinct == EXACT_LIMIT {
            return false;
        }
        // Half full until the largest table: the limit fills that to three quarters.
        if self.distinct * 2 >= self.groups.len() * LANES && self.groups.len() < MOST_GROUPS {
            self.grow();
        }
        place(&mut self.groups, amount, count);
        self.distinct += 1;
        true
    }

    fn grow(&mut self) {
        let mut groups = vec![EMPTY; self.groups.len() * 2];
        for (amount, count) in self.unordered() {
            place(&mut groups, amount, count);
        }
        self.groups = groups;
    }

    /// Distinct amounts and their trials in an order which depends on the order of insertion: for sums and for
    /// filling other tables only.
    pub(super) fn unordered(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        // Groups in their own order would fill the table they go to from one end, in ever longer runs.
        let mask = self.groups.len() - 1;
        let scattered = (0..self.groups.len()).map(move |i| &self.groups[i.wrapping_mul(0x9e37_79b1) & mask]);
        let lanes = scattered.flat_map(|group| group.amounts.into_iter().zip(group.counts));
        lanes.filter(|&(amount, _)| amount != FREE)
    }

    /// Cells in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let mut pairs: Vec<_> = self.unordered().collect();
        pairs.sort_unstable_by_key(|&(amount, _)| amount);
        pairs.into_iter().map(|(amount, count)| Cell::of(amount, count)).collect()
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.groups.capacity() * size_of::<Group>()
    }
}

/// Puts an amount that the table does not hold into the first free lane. At most three quarters are taken, so the
/// search ends.
fn place(groups: &mut [Group], amount: i64, count: u64) {
    let mask = groups.len() - 1;
    let mut home = hash(amount) as usize & mask;
    while groups[home].amounts[LANES - 1] != FREE {
        home = (home + 1) & mask;
    }
    let group = &mut groups[home];
    let lane = group.lane(FREE);
    group.amounts[lane] = amount;
    group.counts[lane] = count;
}

/// A folded multiplication: round amounts (multiples of powers of 2 and 5) spread over all groups.
#[inline]
fn hash(amount: i64) -> u64 {
    let product = u128::from(amount as u64 ^ 0x9e37_79b9_7f4a_7c15) * 0xd6e8_feb8_6659_fd93;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn counts_equal_those_of_a_tree(amounts in prop::collection::vec(-300i64..300, 0..2000)) {
            let mut tree = BTreeMap::new();
            for &amount in &amounts {
                *tree.entry(amount).or_insert(0u64) += 1;
            }
            let mut exact = Exact::new();
            prop_assert_eq!(exact.record(&amounts), amounts.len());
            let expected: Vec<_> = tree.into_iter().map(|(amount, count)| Cell::of(amount, count)).collect();
            prop_assert_eq!(exact.cells(), expected);
        }
    }

    #[test]
    fn round_amounts_do_not_pile_up() {
        for step in [1, 100, 4096, 1 << 20, 1_000_000, 12_345_600] {
            let mut homes = vec![0u32; 1 << 16];
            (0..40_000i64).for_each(|k| homes[hash(k * step) as usize & 0xffff] += 1);
            // Poisson with mean 0.61: a slot with ten has probability 1e-8.
            assert!(homes.iter().all(|&home| home < 10), "step {step}: {:?}", homes.iter().max());
        }
    }

    #[test]
    fn the_table_refuses_one_amount_more_than_its_limit() {
        let mut exact = Exact::new();
        let amounts: Vec<i64> = (0..=EXACT_LIMIT as i64).collect();
        assert_eq!(exact.record(&amounts), EXACT_LIMIT);
        assert_eq!(exact.record(&amounts[..10]), 10);
        assert_eq!(exact.memory(), 1 << 20);
    }
}
