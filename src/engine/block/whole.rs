//! Operations on integers: events, people, parts, measured levels, sums and flags.

use super::{Block, WholePage};
use crate::contract::price::to_nano;
use crate::draw::address::PAGE;
use crate::engine::plan::column::{Real, Whole, WholeColumn};
use crate::engine::plan::op::{NoiseOp, Op};
use crate::engine::plan::whole::UNDEFINED;
use crate::money::{mul_div, nearest};

impl Block<'_> {
    pub(super) fn whole_step(&mut self, op: &Op) {
        match op {
            Op::Happens { uniform, chance, out } => self.write(*out, |block, page| {
                let uniform = block.real(*uniform);
                (0..PAGE).for_each(|i| page[i] = i64::from(uniform[i] > 1.0 - chance));
            }),
            Op::People { value, out } => self.write(*out, |block, page| {
                let value = block.real(*value);
                (0..PAGE).for_each(|i| page[i] = (value[i].max(0.0) + 0.5) as i64);
            }),
            Op::Divide { total, numerators, denominator, out } => {
                self.divide(*total, numerators, *denominator, out);
            }
            Op::Measure { level, noise, out } => self.measure(*level, *noise, *out),
            Op::Nano { value, out } => self.write(*out, |block, page| {
                let value = block.real(*value);
                for i in 0..PAGE {
                    page[i] = if value[i].is_nan() { UNDEFINED } else { to_nano(value[i]) };
                }
            }),
            Op::RoundTo { quantity, step, out } => self.write(*out, |block, page| {
                let quantity = block.whole(*quantity);
                for i in 0..PAGE {
                    let rounded = mul_div(quantity[i], 1, *step) * step;
                    page[i] = if quantity[i] == UNDEFINED { UNDEFINED } else { rounded };
                }
            }),
            Op::Within { quantity, low, high, out } => self.write(*out, |block, page| {
                let quantity = block.whole(*quantity);
                // `UNDEFINED` lies below every bound.
                (0..PAGE).for_each(|i| page[i] = i64::from((*low..=*high).contains(&quantity[i])));
            }),
            Op::Pool { parts, out } => self.pool(parts, *out),
            Op::Sum { plus, minus, constant, out } => self.sum(plus, minus, *constant, *out),
            Op::IsZero { value, out } => self.write(*out, |block, page| {
                let value = block.whole(*value);
                (0..PAGE).for_each(|i| page[i] = i64::from(value[i] == 0));
            }),
            Op::Any { flags, out } => self.write(*out, |block, page| {
                page.fill(0);
                for flag in flags {
                    let flag = block.whole(*flag);
                    (0..PAGE).for_each(|i| page[i] |= flag[i]);
                }
            }),
            _ => unreachable!("not an operation on integers: {op:?}"),
        }
    }

    fn sum(&mut self, plus: &[WholeColumn], minus: &[WholeColumn], constant: i64, out: WholeColumn) {
        self.write(out, |block, page| {
            page.fill(constant);
            for column in plus {
                let column = block.whole(*column);
                (0..PAGE).for_each(|i| page[i] += column[i]);
            }
            for column in minus {
                let column = block.whole(*column);
                (0..PAGE).for_each(|i| page[i] -= column[i]);
            }
        });
    }

    fn divide(&mut self, total: WholeColumn, numerators: &[i64], denominator: i64, out: &[WholeColumn]) {
        let total = *self.whole(total);
        let mut before: WholePage = [0; PAGE];
        let exact = fits_floats(&total, denominator);
        for (numerator, column) in numerators.iter().zip(out) {
            self.write(*column, |_, page| {
                for i in 0..PAGE {
                    let boundary = if exact {
                        float_boundary(total[i], *numerator, denominator)
                    } else {
                        mul_div(total[i], *numerator, denominator)
                    };
                    page[i] = boundary - before[i];
                    before[i] = boundary;
                }
            });
        }
    }

    fn measure(&mut self, level: Real, noise: Option<NoiseOp>, out: WholeColumn) {
        self.write(out, |block, page| {
            let level = block.spread_real(level);
            match noise {
                None => (0..PAGE).for_each(|i| page[i] = to_nano(level[i])),
                Some(noise) => {
                    let (sd, people) = (block.spread_real(noise.sd), block.wide(noise.people));
                    let score = block.real(noise.score);
                    let common = noise.comparison.map(|score| block.real(score));
                    for i in 0..PAGE {
                        let n = people[i] as f64;
                        let error = match common {
                            None => sd[i] * ((1.0 + noise.matched) / n + noise.fixed).sqrt() * score[i],
                            // The own people and those compared with are drawn apart.
                            Some(common) => {
                                let own = (1.0 / n).sqrt() * score[i];
                                sd[i] * (own + (noise.matched / n + noise.fixed).sqrt() * common[i])
                            }
                        };
                        let measured = to_nano(level[i] + error);
                        page[i] = if people[i] == 0 { UNDEFINED } else { measured };
                    }
                }
            }
        });
    }

    fn pool(&mut self, parts: &[(Whole, Whole)], out: WholeColumn) {
        self.write(out, |block, page| {
            for (i, pooled) in page.iter_mut().enumerate() {
                let (mut total, mut people) = (0i128, 0i128);
                for (value, weight) in parts {
                    let value = block.wide_at(*value, i);
                    if value != UNDEFINED {
                        let weight = i128::from(block.wide_at(*weight, i));
                        total += i128::from(value) * weight;
                        people += weight;
                    }
                }
                *pooled = if people == 0 { UNDEFINED } else { nearest(total, people) };
            }
        });
    }
}

/// Whether `2 · total · numerator` stays exact in `f64` for every share of a page's totals.
fn fits_floats(totals: &WholePage, denominator: i64) -> bool {
    let largest = totals.iter().fold(0, |m: u64, t| m.max(t.unsigned_abs()));
    totals.iter().all(|t| *t >= 0) && u128::from(largest) * (denominator as u128) < 1 << 51
}

/// `round(total · numerator / denominator)` in floating point: exact while numerator and quotient stay below 2⁵²,
/// since a quotient of such integers that is not whole differs from the next whole number by more than its rounding.
fn float_boundary(total: i64, numerator: i64, denominator: i64) -> i64 {
    ((2 * total * numerator + denominator) as f64 / (2 * denominator) as f64) as i64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn boundaries_in_floats_are_the_exact_ones(total in 0i64..1 << 40, n in 0i64..=1000, d in 1i64..=1000) {
            prop_assume!(n <= d && fits_floats(&[total; PAGE], d));
            prop_assert_eq!(float_boundary(total, n, d), mul_div(total, n, d));
        }
    }
}
