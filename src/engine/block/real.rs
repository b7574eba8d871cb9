//! Operations on real numbers: mixtures of scores, formulas, shifts by events.

use super::{Block, RealPage};
use crate::draw::address::PAGE;
use crate::draw::normal;
use crate::engine::plan::column::Real;
use crate::engine::plan::op::{Arithmetic, Op};
use crate::engine::plan::whole::UNDEFINED;

impl Block<'_> {
    pub(super) fn real_step(&mut self, op: &Op) {
        match op {
            Op::Mix { parts, out } => self.write_real(*out, |block, page| {
                page.fill(0.0);
                for (weight, score) in parts {
                    let score = block.real(*score);
                    (0..PAGE).for_each(|i| page[i] += weight * score[i]);
                }
            }),
            Op::Student { student, score, common, out } => self.write_real(*out, |block, page| {
                let student = &block.plan.students[*student as usize];
                student.fill(block.real(*score), block.real(*common), page);
            }),
            Op::Probability { score, out } => self.write_real(*out, |block, page| {
                let score = block.real(*score);
                (0..PAGE).for_each(|i| page[i] = normal::probability(score[i]));
            }),
            Op::Arithmetic { kind, a, b, out } => {
                self.write_real(*out, |block, page| arithmetic(block, *kind, *a, *b, page));
            }
            Op::Clamp { value, low, high, out } => self.write_real(*out, |block, page| {
                let value = block.real(*value);
                (0..PAGE).for_each(|i| page[i] = value[i].max(*low).min(*high));
            }),
            Op::Value { quantity, per, out } => self.write_real(*out, |block, page| {
                let quantity = block.whole(*quantity);
                for i in 0..PAGE {
                    let value = quantity[i] as f64 / *per as f64;
                    page[i] = if quantity[i] == UNDEFINED { f64::NAN } else { value };
                }
            }),
            Op::ShiftLogit { share, happens, odds, out } => self.write_real(*out, |block, page| {
                let (share, happens) = (block.spread_real(*share), block.whole(*happens));
                for i in 0..PAGE {
                    let (p, k) = (share[i], if happens[i] == 0 { 1.0 } else { *odds });
                    page[i] = p * k / (1.0 - p + p * k);
                }
            }),
            Op::ShiftLinear { value, happens, times, plus, out } => self.write_real(*out, |block, page| {
                let (value, happens) = (block.spread_real(*value), block.whole(*happens));
                for i in 0..PAGE {
                    let shifted = value[i] * times + plus;
                    page[i] = if happens[i] == 0 { value[i] } else { shifted };
                }
            }),
            _ => unreachable!("not an operation on reals: {op:?}"),
        }
    }
}

fn arithmetic(block: &Block<'_>, kind: Arithmetic, a: Real, b: Real, page: &mut RealPage) {
    let (a, b) = (block.spread_real(a), block.spread_real(b));
    (0..PAGE).for_each(|i| page[i] = kind.apply(a[i], b[i]));
}
