//! Operations on money: prices, payment functions, limits and promises.

use super::Block;
use crate::draw::address::PAGE;
use crate::engine::plan::column::{RealColumn, Whole, WholeColumn};
use crate::engine::plan::op::Op;
use crate::engine::plan::whole::UNDEFINED;
use crate::money::{floor_ore, mul_div, mul_div_down};

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
                *page = block.wide(*a);
                let b = block.whole(*b);
                (0..PAGE).for_each(|i| page[i] = page[i].max(b[i]));
            }),
            Op::Gate { amount, flag, out } => self.write(*out, |block, page| {
                let (amount, flag) = (block.whole(*amount), block.whole(*flag));
                (0..PAGE).for_each(|i| page[i] = amount[i] * flag[i]);
            }),
            Op::Vessel { entries, headroom, passed, signed: false } => {
                self.vessel(entries, *headroom, passed);
            }
            Op::Vessel { entries, headroom, passed, signed: true } => {
                self.signed_vessel(entries, *headroom, passed);
            }
            Op::Due { constant, paid, out, .. } => self.write(*out, |block, page| {
                let mut due = [*constant; PAGE];
                for (weight, amount) in paid {
                    block.each(*amount, |i, x| due[i] -= weight * x as f64);
                }
                (0..PAGE).for_each(|i| page[i] = floor_ore(due[i]).max(0));
            }),
            Op::Ceiling { value, numerator, denominator, out } => self.write(*out, |block, page| {
                let value = block.whole(*value);
                (0..PAGE).for_each(|i| page[i] = mul_div_down(value[i], *numerator, *denominator).max(0));
            }),
            Op::Portion { amounts, numerator, denominator, out } => {
                self.portion(amounts, *numerator, *denominator, out);
            }
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
            let (quantity, price) = (block.wide(quantity), block.real(price));
            for i in 0..PAGE {
                let units = quantity[i] as f64 / per as f64;
                let amount = (units * price[i] * 100.0).round() as i64;
                page[i] = if quantity[i] == UNDEFINED { 0 } else { amount };
            }
        });
    }
}
