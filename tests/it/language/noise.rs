//! `bias`, `clustering` and comparison groups that levels share.

use statrs::function::beta::ln_beta;
use statrs::function::factorial::ln_binomial;

use super::{check, paid};
use crate::closed_forms::phi;
use crate::language::Figure::{Mean, Sd, UpTo};

#[test]
fn a_bias_is_measured_and_paid_for() {
    let level = "[cohort]\npeople = 10\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = 0.1\nbias = 0.02\nprice = 1000\n";
    assert_eq!(paid::<1>(level), [12_000]);
}

/// The difference of two effects against one group of controls has no noise of the controls.
#[test]
fn two_levels_against_the_same_controls() {
    let (n, m, sd, edge) = (200.0, 50.0, 0.6, 0.05);
    let body = |shared: &str| {
        let noise = format!("noise = {{ sd = {sd}, people = \"enrolled\", against = {m}{shared} }}");
        format!(
            "[cohort]\npeople = {n}\n[outcome.one]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = 0.3\n{noise}\n\
             [outcome.two]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = 0.3\n{noise}\n\
             [outcome.gap]\nformula = \"one - two\"\n[term.a]\nfor = \"gap\"\nprice = [{{ from = {edge}, pay = 1000 }}]\n\
             [term.b]\nfor = \"one\"\nprice = [{{ from = 0.35, pay = 10 }}]\n"
        )
    };
    let gap: f64 = 1.0 - phi(edge / (sd * f64::sqrt(2.0 / n)));
    let one = 1.0 - phi(0.05 / (sd * f64::sqrt(1.0 / n + 1.0 / m)));
    let figures = [Mean(1000.0 * gap + 10.0 * one), UpTo(10.0, 1.0 - gap)];
    check(&body(", shared = \"controls\""), &body(""), &figures);
}

/// People of an intake that are alike: a beta-binomial count at a known rate (Skellam 1948).
#[test]
fn people_of_an_intake_that_are_alike() {
    let (n, p, rho) = (50.0, 0.4, 0.1);
    let body = |rho: f64| {
        format!(
            "[cohort]\npeople = 50\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = {p}\nclustering = {rho}\nprice = 1000\n"
        )
    };
    let (a, b) = (p * (1.0 / rho - 1.0), (1.0 - p) * (1.0 / rho - 1.0));
    let mass = |k: f64| (ln_binomial(50, k as u64) + ln_beta(k + a, n - k + b) - ln_beta(a, b)).exp();
    let up_to = |k: u32| UpTo(f64::from(k) * 1000.0, (0..=k).map(|k| mass(f64::from(k))).sum());
    let variance = n * p * (1.0 - p) * (1.0 + (n - 1.0) * rho);
    let figures = [Mean(n * p * 1000.0), Sd(1000.0 * variance.sqrt()), up_to(5), up_to(20), up_to(35)];
    check(&body(rho), &body(0.12), &figures);
}
