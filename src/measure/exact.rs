//! Exact counts of distinct amounts without a lattice: an open-addressing hash table with linear probing.

use super::Cell;

/// Most distinct amounts that are counted exactly; a series with more is counted in log buckets.
///
/// 49 152 is three quarters of 2^16 slots of 16 bytes: a full table takes 1 MiB. Portfolios of two contracts were
/// seen to stay below 40 000 distinct amounts a flow in two million trials.
pub const EXACT_LIMIT: usize = 3 << 14;

const FIRST_SLOTS: usize = 64;

/// A distinct amount and its trials; a slot with no trials is empty.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    amount: i64,
    count: u64,
}

/// A hash table from amount to trials.
#[derive(Debug, Clone)]
pub(super) struct Exact {
    slots: Vec<Slot>,
    distinct: usize,
}

impl Exact {
    /// An empty table.
    pub(super) fn new() -> Self {
        Self { slots: vec![Slot::default(); FIRST_SLOTS], distinct: 0 }
    }

    /// Counts amounts until one would be distinct amount number [`EXACT_LIMIT`] + 1; returns how many it counted.
    pub(super) fn record(&mut self, amounts: &[i64]) -> usize {
        amounts.iter().position(|&amount| !self.add(amount, 1)).unwrap_or(amounts.len())
    }

    /// Adds trials of one amount (at least one trial), or returns false when the table holds as many amounts as
    /// it may.
    #[inline]
    pub(super) fn add(&mut self, amount: i64, count: u64) -> bool {
        let index = find(&self.slots, amount);
        let slot = &mut self.slots[index];
        if slot.count > 0 {
            slot.count += count;
            return true;
        }
        self.insert(amount, count)
    }

    #[cold]
    fn insert(&mut self, amount: i64, count: u64) -> bool {
        if self.distinct == EXACT_LIMIT {
            return false;
        }
        // Half full until the largest table: the limit fills that to three quarters.
        if self.distinct * 2 >= self.slots.len() && self.slots.len() < EXACT_LIMIT.next_power_of_two() {
            self.grow();
        }
        let index = find(&self.slots, amount);
        self.slots[index] = Slot { amount, count };
        self.distinct += 1;
        true
    }

    fn grow(&mut self) {
        let mut slots = vec![Slot::default(); self.slots.len() * 2];
        for &slot in self.slots.iter().filter(|slot| slot.count > 0) {
            let index = find(&slots, slot.amount);
            slots[index] = slot;
        }
        self.slots = slots;
    }

    /// Distinct amounts and their trials in the order of the table, which depends on the order of insertion: for
    /// sums and for filling other tables only.
    pub(super) fn unordered(&self) -> impl Iterator<Item = (i64, u64)> + '_ {
        // Slots in their own order would fill the table they go to from one end, in ever longer runs.
        let mask = self.slots.len() - 1;
        let scattered = (0..self.slots.len()).map(move |i| self.slots[i.wrapping_mul(0x9e37_79b1) & mask]);
        scattered.filter(|slot| slot.count > 0).map(|slot| (slot.amount, slot.count))
    }

    /// Cells in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let mut pairs: Vec<_> = self.unordered().collect();
        pairs.sort_unstable();
        pairs.into_iter().map(|(amount, count)| Cell::of(amount, count)).collect()
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }
}

/// The slot of `amount`, or the empty slot where it belongs. At most three quarters of the slots are taken, so the
/// search ends.
#[inline]
fn find(slots: &[Slot], amount: i64) -> usize {
    let mask = slots.len() - 1;
    let mut index = hash(amount) as usize & mask;
    loop {
        let slot = slots[index];
        if slot.amount == amount || slot.count == 0 {
            return index;
        }
        index = (index + 1) & mask;
    }
}

/// A folded multiplication: round amounts (multiples of powers of 2 and 5) spread over all slots.
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
