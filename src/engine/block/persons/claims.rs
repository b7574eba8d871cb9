//! Claims of single persons under a limit of their own.

use super::{Bits, Block, Enrolled};
use crate::draw::address::PAGE;
use crate::engine::block::WholePage;
use crate::engine::block::vessel::boundary;
use crate::engine::plan::persons::{Claim, Claimed, PersonLimit};

impl Block<'_> {
    pub(super) fn person_limit(&mut self, limit: &PersonLimit, page: u64) {
        let enrolled = self.enrolled(limit.enrolled);
        let mut passed = vec![[0; PAGE]; limit.claims.len()];
        let mut full = [0; PAGE];
        for person in 0..enrolled.most {
            let mut spent = [0; PAGE];
            let mut before = 0;
            for group in limit.claims.chunk_by(|a, b| a.date == b.date) {
                let passed = &mut passed[before..before + group.len()];
                before += group.len();
                if let ([claim], [passed]) = (group, &mut *passed) {
                    self.single_claim(claim, (&enrolled, person, page), limit.at_most, &mut spent, passed);
                } else {
                    let amounts: Vec<_> =
                        group.iter().map(|claim| self.claim(claim, &enrolled, person, page)).collect();
                    in_proportion(&amounts, limit.at_most, &mut spent, passed);
                }
            }
            (0..PAGE).for_each(|i| full[i] += i64::from(spent[i] >= limit.at_most));
        }
        for (claim, passed) in limit.claims.iter().zip(passed) {
            self.write(claim.passed, |_, page| *page = passed);
        }
        self.write(limit.full, |_, page| *page = full);
    }

    /// What one claim of a person passes, when it is the only one on its date.
    fn single_claim(
        &self,
        claim: &Claim,
        (enrolled, person, page): (&Enrolled, usize, u64),
        at_most: i64,
        spent: &mut WholePage,
        passed: &mut WholePage,
    ) {
        if let Claimed::Once(group) = claim.claimed {
            claim_once(&self.bits(group, enrolled, person), claim.price, at_most, spent, passed);
            return;
        }
        let amounts = self.claim(claim, enrolled, person, page);
        for i in 0..PAGE {
            let pass = amounts[i].min(at_most - spent[i]);
            spent[i] += pass;
            passed[i] += pass;
        }
    }

    fn claim(&self, claim: &Claim, enrolled: &Enrolled, person: usize, page: u64) -> WholePage {
        let mut amounts = [0; PAGE];
        match &claim.claimed {
            Claimed::Once(group) => {
                let bits = self.bits(*group, enrolled, person);
                for (i, amount) in amounts.iter_mut().enumerate() {
                    *amount = (bits[i / 64] >> (i % 64) & 1) as i64 * claim.price;
                }
            }
            Claimed::Units(units) => {
                let units = self.units(units, enrolled, person, page);
                (0..PAGE).for_each(|i| amounts[i] = units[i] as i64 * claim.price);
            }
        }
        amounts
    }
}

/// Claims of one date: in full, or in proportion by cumulative boundaries in their order.
fn in_proportion(amounts: &[WholePage], at_most: i64, spent: &mut WholePage, passed: &mut [WholePage]) {
    for i in 0..PAGE {
        let (sum, headroom) = (amounts.iter().map(|amount| amount[i]).sum(), at_most - spent[i]);
        let (mut cumulative, mut before) = (0, 0);
        for (amount, passed) in amounts.iter().zip(&mut *passed) {
            cumulative += amount[i];
            let boundary = boundary(cumulative, sum, headroom);
            passed[i] += boundary - before;
            before = boundary;
        }
        spent[i] += before;
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn claim_once(bits: &Bits, price: i64, at_most: i64, spent: &mut WholePage, passed: &mut WholePage) {
    for (word, bits) in bits.iter().enumerate() {
        for bit in 0..64 {
            let i = word * 64 + bit;
            let amount = (bits >> bit & 1).wrapping_neg() as i64 & price;
            let pass = amount.min(at_most - spent[i]);
            spent[i] += pass;
            passed[i] += pass;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_passes_of_a_person_stays_within_the_limit(
            amounts in prop::collection::vec(0i64..1000, 1..5), at_most in 0i64..2000, spent in 0i64..2000,
        ) {
            let pages: Vec<_> = amounts.iter().map(|a| [*a; PAGE]).collect();
            let spent = spent.min(at_most);
            let (mut after, mut passed) = ([spent; PAGE], vec![[0; PAGE]; pages.len()]);
            in_proportion(&pages, at_most, &mut after, &mut passed);
            let total: i64 = passed.iter().map(|p| p[9]).sum();
            prop_assert_eq!(total, amounts.iter().sum::<i64>().min(at_most - spent));
            prop_assert_eq!(after[9], spent + total);
            for (passed, amount) in passed.iter().zip(&amounts) {
                prop_assert!((0..=*amount).contains(&passed[9]));
            }
        }
    }
}
