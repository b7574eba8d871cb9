//! `ladder`.

use statrs::distribution::{Binomial, DiscreteCDF};

use super::{check, paid};
use crate::language::Figure::{Mean, Sd, UpTo};

#[test]
fn a_ladder_without_chance_pays_every_step() {
    let ladder = "[cohort]\npeople = 40\nintakes = { 2026-01-01 = 0.5, 2027-01-01 = \"rest\" }\n[term.a]\n\
        of = \"enrolled\"\nat = { every = \"6 months\", times = 4 }\nladder = true\nrate = [1, 1, 0, 1]\nprice = 10\n";
    assert_eq!(paid::<4>(ladder), [40_000, 40_000, 0, 0]);
}

/// Who reaches the last step of a ladder passed them all: the count is binomial with the product of the rates.
#[test]
fn the_last_step_is_binomial_with_the_product_of_the_rates() {
    let body = |last: f64| {
        format!(
            "[cohort]\npeople = 60\n[outcome.step]\nof = \"enrolled\"\nat = [\"3 months\", \"6 months\", \"9 months\"]\n\
             ladder = true\nrate = [0.9, 0.8, {last}]\n[term.a]\nfor = \"step\"\nprice = [0, 0, 1000]\n"
        )
    };
    let (n, p) = (60.0, 0.9 * 0.8 * 0.7);
    let law = Binomial::new(p, 60).unwrap();
    let up_to = |k: u64| UpTo(k as f64 * 1000.0, law.cdf(k));
    let figures =
        [Mean(n * p * 1000.0), Sd((n * p * (1.0 - p)).sqrt() * 1000.0), up_to(25), up_to(30), up_to(36)];
    check(&body(0.7), &body(0.715), &figures);
}
