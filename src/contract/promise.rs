//! What is still due to a fund: one type for return caps, hurdles and guarantees.
//!
//! Every kind is *linear* in what has been paid: on date i, `due = C_i − Σ_k w_ki · paid_k` over earlier dates k,
//! down to the øre and never below zero. So one operation serves them all, and all powers are tabulated before a run.

use jiff::civil::Date;

use super::share::Fraction;
use crate::contract::schedule::years_between;
use crate::money::{Ore, floor_ore};

/// What a fund is promised, given what it has put in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Promise {
    /// A fixed amount, less what was paid.
    Amount(Ore),
    /// A multiple of what has been drawn, less what was paid.
    Multiple(Fraction),
    /// The balance of an account that compounds yearly at this rate: every flow grows with `(1 + r)^τ`.
    Balance(f64),
    /// Simple interest on every flow until the date asked for (the merchant's rule): `Σ ±flow · (1 + r·τ)`.
    Simple(f64),
    /// An average yearly return over the whole period on all that was drawn (the Danish *afkastloft*):
    /// `Σ drawn · (1 + r·τ)` with τ from the drawdown until the contract ends, less what was paid.
    Average(f64),
}

/// A promise on the dates of one contract: constants and weights of `C_i − Σ_k w_ki · paid_k`.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseTable {
    constants: Vec<f64>,
    weights: Vec<Vec<f64>>,
    slacks: Vec<f64>,
}

impl PromiseTable {
    /// Tabulates a promise for payments on `dates` (ascending), drawdowns `drawn`, and a contract that ends on `ends`.
    #[must_use]
    pub fn new(promise: Promise, drawn: &[(Date, Ore)], dates: &[Date], ends: Date) -> Self {
        let constants: Vec<_> = dates.iter().map(|date| constant(promise, drawn, *date, ends)).collect();
        let weights: Vec<Vec<f64>> = dates
            .iter()
            .enumerate()
            .map(|(i, date)| dates[..i].iter().map(|paid| weight(promise, *paid, *date)).collect())
            .collect();
        let slacks = slacks(&constants, &weights);
        Self { constants, weights, slacks }
    }

    /// By how much earlier payments, each within what was due, can exceed the promise on date `i`:
    /// `Σ_k w_ki · paid_k ≤ C_i + slack_i`. Zero where nothing that was due at one time is too much at a later one.
    #[must_use]
    pub fn slack(&self, date: usize) -> f64 {
        self.slacks[date]
    }

    /// `C_i`, in øre: what would be due on date `i` had nothing been paid.
    #[must_use]
    pub fn constant(&self, date: usize) -> f64 {
        self.constants[date]
    }

    /// `w_ki` for every earlier date k.
    #[must_use]
    pub fn weights(&self, date: usize) -> &[f64] {
        &self.weights[date]
    }

    /// What is due on date `date` after `paid` on the earlier dates, in øre, down, never below zero.
    #[must_use]
    pub fn due(&self, date: usize, paid: &[Ore]) -> Ore {
        let mut due = self.constants[date];
        for (weight, amount) in self.weights[date].iter().zip(paid) {
            due -= weight * *amount as f64;
        }
        floor_ore(due).max(0)
    }
}

/// From one date to the next: what was paid up to date l, weighed there, is at most `C_l + slack_l`; weighed on date i it
/// is at most `m · w_li` times that, with m for weights that do not compound exactly (odd days, simple interest).
fn slacks(constants: &[f64], weights: &[Vec<f64>]) -> Vec<f64> {
    let mut slacks: Vec<f64> = Vec::with_capacity(constants.len());
    for (date, constant) in constants.iter().enumerate() {
        let slack = date.checked_sub(1).map_or(0.0, |last| {
            let growth = weights[date][last];
            let product = |earlier: usize| weights[last][earlier] * growth;
            let most = (0..last).fold(1.0f64, |m, k| m.max(weights[date][k] / product(k)));
            (most * growth * (constants[last] + slacks[last]) - constant).max(0.0)
        });
        slacks.push(slack);
    }
    slacks
}

fn constant(promise: Promise, drawn: &[(Date, Ore)], date: Date, ends: Date) -> f64 {
    let by_then = drawn.iter().filter(|(when, _)| *when <= date);
    match promise {
        Promise::Amount(amount) => amount as f64,
        Promise::Multiple(multiple) => {
            let total: Ore = by_then.map(|(_, amount)| amount).sum();
            let exact = i128::from(total) * i128::from(*multiple.numer()) / i128::from(*multiple.denom());
            exact as f64
        }
        Promise::Balance(_) | Promise::Simple(_) => {
            by_then.map(|(when, amount)| *amount as f64 * weight(promise, *when, date)).sum()
        }
        Promise::Average(rate) => {
            by_then.map(|(when, amount)| *amount as f64 * (1.0 + rate * years_between(*when, ends))).sum()
        }
    }
}

/// How much an øre that flowed on `then` weighs on `now`.
fn weight(promise: Promise, then: Date, now: Date) -> f64 {
    let years = years_between(then, now);
    match promise {
        Promise::Amount(_) | Promise::Multiple(_) | Promise::Average(_) => 1.0,
        Promise::Balance(rate) => libm::pow(1.0 + rate, years),
        Promise::Simple(rate) => 1.0 + rate * years,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const DRAWN: [(Date, Ore); 2] = [(date(2026, 7, 1), 272_500_000), (date(2027, 7, 1), 272_500_000)];
    const DATES: [Date; 2] = [date(2028, 7, 1), date(2029, 7, 1)];
    const ENDS: Date = date(2029, 12, 31);

    fn table(promise: Promise) -> PromiseTable {
        PromiseTable::new(promise, &DRAWN, &DATES, ENDS)
    }

    #[test]
    fn a_balance_compounds_what_is_drawn_and_what_is_paid() {
        let table = table(Promise::Balance(0.08));
        // 2,725,000 · (1.08² + 1.08) = 6,121,440.00 and, with 3,000,000 paid, (6,121,440 − 3,000,000) · 1.08.
        assert_eq!(table.due(0, &[]), 612_144_000);
        assert_eq!(table.due(1, &[300_000_000]), 337_115_520);
        assert_eq!(table.due(1, &[700_000_000]), 0);
    }

    #[test]
    fn the_kinds_differ_by_what_they_say() {
        assert_eq!(table(Promise::Amount(600_000_000)).due(1, &[100]), 599_999_900);
        assert_eq!(table(Promise::Multiple(Fraction::new(138, 100))).due(0, &[]), 752_100_000);
        assert_eq!(table(Promise::Simple(0.08)).due(0, &[]), 545_000_000 + 43_600_000 + 21_800_000);
        // From each drawdown to 31 December 2029, which counts as 1 January 2030: 3 and 2 years and 184 days.
        let average: f64 = 272_500_000.0 * (2.0 + 0.08 * (3.0 + 2.0 + 2.0 * 184.0 / 365.0));
        assert_eq!(table(Promise::Average(0.08)).due(0, &[]), average.floor() as i64);
    }

    /// Principal and 10 % simple interest repaid at once: a year later the merchant's rule finds it was too much.
    #[test]
    fn simple_interest_can_find_an_earlier_payment_too_large() {
        let drawn = [(date(2026, 1, 1), 100_000_000)];
        let dates = [date(2027, 1, 1), date(2034, 1, 1)];
        let simple = PromiseTable::new(Promise::Simple(0.10), &drawn, &dates, ENDS);
        let first = simple.due(0, &[]);
        assert_eq!((first, simple.due(1, &[first])), (110_000_000, 0));
        let paid_later = simple.weights(1)[0] * first as f64;
        assert!(paid_later > simple.constant(1) && paid_later <= simple.constant(1) + simple.slack(1) + 1.0);
        let balance = PromiseTable::new(Promise::Balance(0.10), &drawn, &dates, ENDS);
        assert!(balance.slack(1).abs() < 1.0);
    }

    /// 10 % simple on 1,000,000.00: due 1.1, 1.2 and 1.3 million; all of 1.1 compounds to 1.21 and all of 1.21 to 1.331.
    #[test]
    fn slack_is_carried_from_date_to_date() {
        let drawn = [(date(2026, 1, 1), 100_000_000)];
        let dates = [2027, 2028, 2029].map(|year| date(year, 1, 1));
        let table = PromiseTable::new(Promise::Simple(0.10), &drawn, &dates, ENDS);
        let slacks = [0, 1, 2].map(|date| table.slack(date));
        for (slack, expected) in slacks.into_iter().zip([0.0, 1_000_000.0, 3_100_000.0]) {
            assert!((slack - expected).abs() < 1e-3, "{slacks:?}");
        }
    }

    /// 183 days and a year are one day longer when the days hold the leap day: an account grows more on the long way.
    #[test]
    fn slack_covers_days_that_do_not_compound_exactly() {
        let drawn = [(date(2026, 3, 1), 100_000_000)];
        let dates = [date(2026, 9, 1), date(2027, 3, 1), date(2028, 3, 1)];
        let table = PromiseTable::new(Promise::Balance(1.0), &drawn, &dates, ENDS);
        let paid = table.weights(2)[0] * table.due(0, &[]) as f64;
        assert!((table.constant(2) - 400_000_000.0).abs() < 1.0);
        assert!(paid > table.constant(2) + 700_000.0 && paid <= table.constant(2) + table.slack(2) + 10.0);
    }

    #[test]
    fn money_drawn_later_is_not_promised_yet() {
        let early = [date(2026, 12, 31), date(2029, 7, 1)];
        let table = PromiseTable::new(Promise::Multiple(Fraction::new(1, 1)), &DRAWN, &early, ENDS);
        assert_eq!((table.due(0, &[]), table.due(1, &[0])), (272_500_000, 545_000_000));
    }
}
