//! What passes a limit, and the part of its excess that passes too: cumulative boundaries over several amounts.

use super::{Block, WholePage};
use crate::draw::address::PAGE;
use crate::engine::plan::column::{Whole, WholeColumn};
use crate::money::mul_div;

impl Block<'_> {
    pub(super) fn vessel(&mut self, entries: &[Whole], headroom: Whole, passed: &[WholeColumn]) {
        let headroom = self.wide(headroom);
        let mut sum: WholePage = [0; PAGE];
        for entry in entries {
            self.each(*entry, |i, x| sum[i] += x);
        }
        let mut cumulative: WholePage = [0; PAGE];
        let mut before: WholePage = [0; PAGE];
        for (entry, column) in entries.iter().zip(passed) {
            self.each(*entry, |i, x| cumulative[i] += x);
            self.write(*column, |_, page| {
                for i in 0..PAGE {
                    let boundary = boundary(cumulative[i], sum[i], headroom[i]);
                    page[i] = boundary - before[i];
                    before[i] = boundary;
                }
            });
        }
    }

    /// Negative entries pass and give room; the others are cut in proportion.
    pub(super) fn signed_vessel(&mut self, entries: &[Whole], headroom: Whole, passed: &[WholeColumn]) {
        let mut room = self.wide(headroom);
        let mut sum: WholePage = [0; PAGE];
        for entry in entries {
            self.each(*entry, |i, x| {
                sum[i] += x.max(0);
                room[i] -= x.min(0);
            });
        }
        let mut cumulative: WholePage = [0; PAGE];
        let mut before: WholePage = [0; PAGE];
        for (entry, column) in entries.iter().zip(passed) {
            let own = self.wide(*entry);
            self.write(*column, |_, page| {
                for i in 0..PAGE {
                    cumulative[i] += own[i].max(0);
                    let boundary = boundary(cumulative[i], sum[i], room[i]);
                    page[i] = boundary - before[i] + own[i].min(0);
                    before[i] = boundary;
                }
            });
        }
    }

    pub(super) fn portion(
        &mut self,
        amounts: &[Whole],
        numerator: i64,
        denominator: i64,
        out: &[WholeColumn],
    ) {
        let mut cumulative: WholePage = [0; PAGE];
        let mut before: WholePage = [0; PAGE];
        for (amount, column) in amounts.iter().zip(out) {
            self.each(*amount, |i, x| cumulative[i] += x);
            self.write(*column, |_, page| {
                for i in 0..PAGE {
                    let boundary = mul_div(cumulative[i], numerator, denominator);
                    page[i] = boundary - before[i];
                    before[i] = boundary;
                }
            });
        }
    }
}

/// The cumulative boundary of what passes: everything, nothing, or in proportion.
#[inline]
pub(super) fn boundary(cumulative: i64, sum: i64, headroom: i64) -> i64 {
    if sum <= headroom {
        cumulative
    } else if cumulative == sum {
        headroom
    } else if headroom == 0 || cumulative == 0 {
        0
    } else {
        mul_div(headroom, cumulative, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What passes of entries that share a headroom.
    fn passed(headroom: i64, entries: &[i64]) -> Vec<i64> {
        let sum = entries.iter().sum();
        let (mut cumulative, mut before) = (0, 0);
        let cut = entries.iter().map(|entry| {
            cumulative += entry;
            let boundary = boundary(cumulative, sum, headroom);
            boundary - std::mem::replace(&mut before, boundary)
        });
        cut.collect()
    }

    #[test]
    fn thirds_of_a_krone_add_up() {
        assert_eq!(passed(100, &[100, 100, 100]), [33, 34, 33]);
        assert_eq!(passed(7, &[0, 0]), [0, 0]);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_stay_within_their_weights(
            weights in prop::collection::vec(0i64..1_000_000_000, 1..6),
            share in 0u32..=1000,
        ) {
            let sum: i64 = weights.iter().sum();
            let total = mul_div(sum, i64::from(share), 1000);
            let found = passed(total, &weights);
            prop_assert_eq!(found.iter().sum::<i64>(), total);
            for (part, weight) in found.iter().zip(&weights) {
                prop_assert!((0..=*weight).contains(part));
            }
        }
    }
}
