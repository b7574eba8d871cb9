//! Operations on money: prices, payment functions, limits and promises.

use super::{Block, WholePage};
use crate::draw::address::PAGE;
use crate::engine::plan::column::{RealColumn, Whole, WholeColumn};
use crate::engine::plan::op::Op;
use crate::engine::plan::whole::UNDEFINED;
use crate::money::{floor_ore, mul_div};

impl Block<'_> {
    pub(super) fn money_step(&mut self, op: &Op) {
        match op {
            Op::Scale { quantity, numerator, denominator, out } => {
                self.scale(*quantity, *numerator, *denominator, *out);
            }
            Op::PriceUncertain { quantity, per, price, out } => {
                self.price_uncertain(*quantity, *per, *price, *out);
            }
            Op::Function { quantity, nano, pieces, base, out } => self.write(*out, |block, page| {
                let quantity = block.whole(*quantity);
                for i in 0..PAGE {
                    let q = quantity[i];
                    page[i] = if q == UNDEFINED { 0 } else { pieces.amount(q * nano, *base) };
                }
            }),
            Op::Larger { a, b, out } => self.write(*out, |block, page| {
                *page = block.spread(*a);
                let b = block.whole(*b);
                (0..PAGE).for_each(|i| page[i] = page[i].max(b[i]));
            }),
            Op::Gate { amount, flag, out } => self.write(*out, |block, page| {
                let (amount, flag) = (block.whole(*amount), block.whole(*flag));
                (0..PAGE).for_each(|i| page[i] = amount[i] * flag[i]);
            }),
            Op::Vessel { entries, headroom, passed } => self.vessel(entries, *headroom, passed),
            Op::Due { constant, paid, out, .. } => self.write(*out, |block, page| {
                let mut due = [*constant; PAGE];
                for (weight, amount) in paid {
                    block.each(*amount, |i, x| due[i] -= weight * x as f64);
                }
                (0..PAGE).for_each(|i| page[i] = floor_ore(due[i]).max(0));
            }),
            _ => unreachable!("not an operation on money: {op:?}"),
        }
    }

    fn scale(&mut self, quantity: WholeColumn, numerator: i64, denominator: i64, out: WholeColumn) {
        self.write(out, |block, page| {
            let quantity = block.whole(quantity);
            // A whole price in øre is a plain product: the compiler vectorises it.
            if denominator == 1 {
                for i in 0..PAGE {
                    page[i] = if quantity[i] == UNDEFINED { 0 } else { quantity[i].wrapping_mul(numerator) };
                }
            } else {
                for i in 0..PAGE {
                    let q = quantity[i];
                    page[i] = if q == UNDEFINED { 0 } else { mul_div(q, numerator, denominator) };
                }
            }
        });
    }

    fn price_uncertain(&mut self, quantity: Whole, per: i64, price: RealColumn, out: WholeColumn) {
        self.write(out, |block, page| {
            let (quantity, price) = (block.spread(quantity), block.real(price));
            for i in 0..PAGE {
                let units = quantity[i] as f64 / per as f64;
                let amount = (units * price[i] * 100.0).round() as i64;
                page[i] = if quantity[i] == UNDEFINED { 0 } else { amount };
            }
        });
    }

    fn vessel(&mut self, entries: &[Whole], headroom: Whole, passed: &[WholeColumn]) {
        let headroom = self.spread(headroom);
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
