//! `formula` and `round_to` of outcomes.

use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

use super::{check, paid, scenario};
use crate::closed_forms::phi;
use crate::language::Figure::{Mean, Sd, UpTo};
use crate::support::{model, run_here};

/// 10 and 30 people; a quarter of each, rounded to whole people, is 3 and 8.
const COHORT: &str = "[cohort]\npeople = 40\nintakes = { 2026-01-01 = 0.25, 2027-01-01 = \"rest\" }\n\
    groups = { few = 0.25, others = \"rest\" }\n[outcome]\ndone = { of = \"few\", at = \"6 months\", rate = 1 }\n";

fn term(formula: &str, words: &str) -> String {
    format!("{COHORT}share = {{ formula = \"{formula}\" }}\n[term.a]\nfor = \"share\"\n{words}")
}

#[test]
fn a_ratio_of_a_pool_is_the_ratio_of_sums() {
    assert_eq!(
        paid::<2>(&term("done / enrolled", "measured = \"each time\"\nprice = 1_000")),
        [30_000, 26_667]
    );
    assert_eq!(paid::<2>(&term("done / enrolled", "measured = \"at the end\"\nprice = 1_000")), [0, 27_500]);
    // Nested formulas are computed from the pool too: 11 / 40 + 1 and not the mean of 1.3 and 1.267.
    let nested = term("done / enrolled", "measured = \"at the end\"\nprice = 1_000")
        .replace("share =", "more = { formula = \"share + few / few\" }\nshare =")
        .replace("for = \"share\"", "for = \"more\"");
    assert_eq!(paid::<2>(&nested), [0, 127_500]);
}

#[test]
fn zero_by_zero_pays_nothing() {
    let rows = "measured = \"at the end\"\nprice = [{ below = 0.5, pay = 70 }, { from = 0.5, pay = 50 }]";
    assert_eq!(paid::<2>(&term("done / enrolled", rows)), [0, 7_000]);
    for formula in ["done / enrolled", "max(0, done / enrolled)", "min(done / enrolled, 0.1) + 1"] {
        let nobody = term(formula, rows).replace("people = 40", "people = 0");
        assert_eq!(paid::<2>(&nobody), [0, 0], "{formula}");
    }
}

#[test]
fn a_number_is_rounded_as_the_contract_says() {
    let rounded = |step: &str| {
        let text = term("done / enrolled", "measured = \"at the end\"\nprice = 1_000");
        paid::<2>(&text.replace("enrolled\" }", &format!("enrolled\", round_to = {step} }}")))[1]
    };
    // 11 / 40 is 0.275; a half goes up.
    assert_eq!(
        [rounded("0.01"), rounded("0.1"), rounded("0.5"), rounded("0.005")],
        [28_000, 30_000, 50_000, 27_500]
    );
    let people = "[cohort]\npeople = 38\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nround_to = 5\nprice = 1\n";
    assert_eq!(paid::<1>(people), [4_000]);
    let level = "[cohort]\npeople = 38\n[term.a]\nof = \"enrolled\"\nat = \"6 months\"\nlevel = 0.1249\nround_to = 0.01\nprice = 1000\n";
    assert_eq!(paid::<1>(level), [12_000]);
}

/// 57 of 95 are 0.6, whatever binary fractions say.
#[test]
fn a_step_on_a_share_of_people() {
    let body = |edge: &str| {
        format!(
            "[cohort]\npeople = 95\n[outcome]\ndone = {{ of = \"enrolled\", at = \"6 months\", rate = 0.6 }}\n\
             share = {{ formula = \"done / enrolled\" }}\n[term.a]\nfor = \"share\"\nprice = [{{ from = {edge}, pay = 1000 }}]\n"
        )
    };
    check(&body("0.6"), &body("0.605"), &[UpTo(0.0, Binomial::new(0.6, 95).unwrap().cdf(56))]);
}

/// Who did not answer is counted like those who did: success · enrolled / answered.
#[test]
fn missing_answers_scaled_up() {
    let (n, p, q) = (30u64, 0.4, 0.15);
    let body = |p: f64| {
        format!(
            "[cohort]\npeople = {n}\n[outcome]\nanswered = {{ of = \"enrolled\", at = \"6 months\", rate = {q} }}\n\
             success = {{ of = \"answered\", at = \"6 months\", rate = {p} }}\n\
             scaled = {{ formula = \"success * enrolled / answered\" }}\n[term.a]\nfor = \"scaled\"\nprice = 1000\n"
        )
    };
    let answers = Binomial::new(q, n).unwrap();
    let over = |f: &dyn Fn(f64) -> f64| (1..=n).map(|a| answers.pmf(a) * f(a as f64)).sum::<f64>();
    let enrolled = n as f64;
    let mean = enrolled * p * over(&|_| 1.0);
    let square = enrolled * enrolled * over(&|a| p * p + p * (1.0 - p) / a);
    let nothing = answers.pmf(0) + over(&|a| (1.0f64 - p).powf(a));
    let figures = [Mean(1000.0 * mean), Sd(1000.0 * (square - mean * mean).sqrt()), UpTo(0.0, nothing)];
    check(&body(p), &body(0.42), &figures);
}

/// A pooled trigger on the mean of two measured effects that share a factor: each is normal, so is their mean.
#[test]
fn a_pooled_trigger_of_two_levels() {
    let body = |load: f64| {
        format!(
            "[cohort]\npeople = 100\n[factor]\ncommon = {{}}\n[input]\n\
             one = {{ normal = {{ mean = 0.1, sd = 0.04 }}, loads = {{ common = {load} }} }}\n\
             two = {{ normal = {{ mean = 0.05, sd = 0.06 }}, loads = {{ common = 0.8 }} }}\n[outcome]\n\
             first = {{ of = \"enrolled\", at = \"6 months\", level = \"one\" }}\n\
             second = {{ of = \"enrolled\", at = \"6 months\", level = \"two\" }}\n\
             both = {{ formula = \"0.25 * first + 0.75 * second\" }}\n[term.a]\nfor = \"both\"\n\
             price = [{{ from = 0.1, pay = 1000 }}]\n"
        )
    };
    let (a, b) = (0.25 * 0.04, 0.75 * 0.06);
    let sd = f64::sqrt(a * a + b * b + 2.0 * 0.7 * 0.8 * a * b);
    let mean = 0.25 * 0.1 + 0.75 * 0.05;
    check(&body(0.7), &body(-0.7), &[UpTo(0.0, phi((0.1 - mean) / sd))]);
}

/// Three people, each answers with a half: nobody does in one of eight trials, and then there is no share of them.
#[test]
fn how_often_a_formula_has_no_value_is_told() {
    let text = scenario(
        "[cohort]\npeople = 3\n[outcome]\nanswered = { of = \"enrolled\", at = \"6 months\", rate = 0.5 }\n\
         well = { of = \"answered\", at = \"6 months\", rate = 0.5 }\nshare = { formula = \"well / answered\" }\n\
         [term.a]\nfor = \"share\"\nprice = 1_000\n",
    );
    let model = model(&text);
    let results = run_here(&model, 40_000, 1);
    let [undefined] = results.grid().undefined() else { panic!("one formula") };
    let share = results.summary_of(undefined.flag()).unwrap().mean().value;
    assert!((share - 0.125).abs() < 4.0 * (0.125f64 * 0.875 / 40_000.0).sqrt(), "{share}");
    assert_eq!(undefined.outcome().1.as_str(), "share");
}
