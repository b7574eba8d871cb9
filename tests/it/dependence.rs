//! Correlations of inputs in whole scenarios: achieved as asked, apart from each other, extremes together where asked.

use std::fmt::Write as _;

use statrs::distribution::{Continuous as _, ContinuousCDF as _, StudentsT};
use udfald::dependence::{Copula, Degrees, Family, Matrix, Student};
use udfald::dist::Tails;
use udfald::draw::{Address, Kind, PAGE, Stream, normal};
use udfald::engine::model::Model;
use udfald::engine::probe::{Probe, Wanted};
use udfald::engine::run::{Settings, Unwatched};
use udfald::study::dependence::{Dependence, Pair};

use crate::support::{model, settings};

const HEAD: &str = "udfald = 1\ninvestment = \"many\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
    assumed = \"a test\"\n[party.town]\n[cohort]\npeople = 10\n[term.fee]\nprice = 1\npaid_by = \"town\"\n\
    due = { on = 2027-01-01 }\n";

/// Inputs of four shapes in groups of so many, each pair with its own rank correlation.
fn groups(inputs: usize, size: usize, copula: &str) -> String {
    let shapes = [
        "uniform = { low = 0, high = 1 }",
        "beta = { a = 2, b = 5 }",
        "lognormal = { median = 3, factor = 2 }",
        "triangular = { low = 0, mode = 1, high = 4 }",
    ];
    let mut text = HEAD.to_owned();
    for input in 0..inputs {
        writeln!(text, "[input.x{input:03}]\n{}", shapes[input % 4]).unwrap();
    }
    for (group, first) in (0..inputs).step_by(size).enumerate() {
        let members: Vec<String> = (first..first + size).map(|input| format!("\"x{input:03}\"")).collect();
        writeln!(text, "[correlation.g{group}]\nbetween = [{}]\n{copula}", members.join(", ")).unwrap();
        writeln!(text, "[correlation.g{group}.rank]").unwrap();
        for i in 0..size - 1 {
            // A factor model with loadings of both signs, so that the matrix can hold.
            let load = |k: usize| ((k * 7 + group) % 9) as f64 / 10.0 - 0.3;
            let pairs: Vec<String> = (i + 1..size)
                .map(|j| format!("x{:03} = {:.3}", first + j, 0.9 * load(i) * load(j)))
                .collect();
            writeln!(text, "x{:03} = {{ {} }}", first + i, pairs.join(", ")).unwrap();
        }
    }
    text
}

/// Standard scores of the achieved correlations against `expected`, by Fisher's z with the interval's own standard error.
fn largest_score(found: &Dependence, expected: impl Fn(&Pair) -> f64) -> f64 {
    let score = |pair: &Pair| {
        let achieved = pair.achieved.unwrap();
        let (low, high) = achieved.interval.unwrap();
        let half = (high.atanh() - low.atanh()) / (2.0 * 1.96);
        ((achieved.value.atanh() - expected(pair).atanh()) / half).abs()
    };
    found.pairs.iter().map(score).fold(0.0, f64::max)
}

fn dependence(text: &str, trials: u64) -> Dependence {
    Dependence::new(&model(text), settings(trials, 5)).unwrap()
}

#[test]
fn twenty_inputs_are_as_asked() {
    for copula in ["", "copula = { t = 3 }"] {
        let found = dependence(&groups(20, 20, copula), 100_000);
        assert_eq!((found.pairs.len(), found.trials), (190, 100_000));
        assert!(found.pairs.iter().all(|pair| (pair.used - pair.asked).abs() < 1e-15));
        let score = largest_score(&found, |pair| pair.asked);
        assert!(score < 4.5, "{copula}: {score}");
        // A wrong twin is told apart.
        let wrong = largest_score(&found, |pair| pair.asked + 0.02);
        assert!(wrong > 6.0, "{copula}: {wrong}");
    }
}

#[test]
fn two_hundred_inputs_in_blocks_are_as_asked_and_blocks_are_apart() {
    let text = groups(200, 10, "");
    let found = dependence(&text, 100_000);
    assert_eq!(found.pairs.len(), 20 * 45);
    let score = largest_score(&found, |pair| pair.asked);
    assert!(score < 4.5, "{score}");
    // The first inputs of all blocks, and the last, have nothing to do with each other.
    let names: Vec<String> = (0..20).flat_map(|g| [g * 10, g * 10 + 9]).map(|x| format!("x{x:03}")).collect();
    let series = drawn(&model(&text), &names, settings(100_000, 5));
    for (i, x) in series.iter().enumerate() {
        for (j, y) in series.iter().enumerate().take(i) {
            if i / 2 != j / 2 {
                let found = udfald::estimate::rank::correlation(x, y).unwrap().value;
                assert!(found.abs() < 4.5 / 100_000_f64.sqrt(), "{i} {j}: {found}");
            }
        }
    }
}

#[test]
fn fewer_trials_than_inputs_will_do() {
    for copula in ["", "copula = { t = 5 }"] {
        let found = dependence(&groups(200, 100, copula), 30);
        assert!(found.pairs.iter().all(|pair| pair.achieved.is_some_and(|found| found.value.abs() <= 1.0)));
        assert!(dependence(&groups(20, 20, copula), 1).pairs.iter().all(|pair| pair.achieved.is_none()));
    }
}

/// The values of inputs, by name.
fn drawn(model: &Model, names: &[String], settings: Settings) -> Vec<Vec<f64>> {
    let probe = Probe::of_numbers(model).unwrap();
    let at = |name: &String| probe.drawn().iter().position(|drawn| drawn.name() == name).unwrap();
    let numbers: Vec<usize> = names.iter().map(at).collect();
    let wanted = Wanted { figures: &[], numbers: &numbers };
    probe.pass(wanted, &probe.streams(|_| settings.seed), settings, None, &Unwatched).unwrap().numbers
}

fn bits(series: &[Vec<f64>]) -> Vec<Vec<u64>> {
    series.iter().map(|series| series.iter().map(|x| x.to_bits()).collect()).collect()
}

#[test]
fn who_is_not_named_and_who_stands_before_keeps_every_bit() {
    let inputs = "[input]\na = { beta = { a = 2, b = 3 } }\nb = { normal = { mean = 0, sd = 1 } }\n\
        c = { beta = { a = 4, b = 4 } }\nd = { uniform = { low = 0, high = 1 } }\n";
    let read = |more: &str| {
        let names = ["a", "b", "c", "d"].map(str::to_owned);
        bits(&drawn(&model(&format!("{HEAD}{inputs}{more}")), &names, settings(2_000, 1)))
    };
    let apart = read("");
    let two = read("[correlation.x]\nbetween = [\"a\", \"b\"]\nrank = 0.5\n");
    let three = read("[correlation.x]\nbetween = [\"a\", \"b\", \"c\"]\nrank = 0.5\n");
    assert_eq!((&apart[0], &apart[2], &apart[3]), (&two[0], &two[2], &two[3]));
    assert_eq!((&two[0], &two[1], &two[3]), (&three[0], &three[1], &three[3]));
    assert!(apart[1] != two[1] && two[2] != three[2]);
    // With a common scale too, one added at the end moves no other.
    let two = read("[correlation.x]\nbetween = [\"a\", \"b\"]\nrank = 0.5\ncopula = { t = 3 }\n");
    let three = read("[correlation.x]\nbetween = [\"a\", \"b\", \"d\"]\nrank = 0.5\ncopula = { t = 3 }\n");
    assert_eq!((&two[0], &two[1], &two[2]), (&three[0], &three[1], &three[2]));
}

/// P(both beyond quantile q of Student's distribution), by quadrature of the conditional law (Demarta and `McNeil` 2005,
/// equation 8): independent of how the copula is drawn.
fn both_beyond(q: f64, degrees: f64, r: f64) -> f64 {
    let (law, given) =
        (StudentsT::new(0.0, 1.0, degrees).unwrap(), StudentsT::new(0.0, 1.0, degrees + 1.0).unwrap());
    let from = law.inverse_cdf(q);
    // x = from / s, s from 0 to 1.
    let value = |s: f64| {
        let x = from / s;
        let scale = ((degrees + 1.0) / ((degrees + x * x) * (1.0 - r * r))).sqrt();
        law.pdf(x) * given.sf((from - r * x) * scale) * from / (s * s)
    };
    let n = 4_000;
    (0..n).map(|k| value((f64::from(k) + 0.5) / f64::from(n)) / f64::from(n)).sum()
}

#[test]
fn the_formula_of_tail_dependence_is_the_limit_of_the_quadrature() {
    for (degrees, r) in [(2, 0.5), (4, 0.5), (4, -0.2)] {
        let lambda = Degrees::new(degrees).unwrap().tail_dependence(r);
        let q = 1.0 - 1e-9;
        let found = both_beyond(q, f64::from(degrees), r) / 1e-9;
        assert!((found / lambda - 1.0).abs() < 0.02, "{degrees} {r}: {found} {lambda}");
    }
}

/// How often both of two scores are beyond a quantile, of a million.
fn counted(copula: &Copula, qs: &[f64]) -> Vec<u64> {
    let stream = |name: &str| Stream::new(9, &Address::new(Kind::Input, name, 0));
    let [own, other, scale] = ["own", "other", "scale"].map(stream);
    let student = match copula.family() {
        Family::Student(degrees) => Some(Student::new(degrees)),
        Family::Gaussian => None,
    };
    let weights = &copula.weights()[1];
    let beyond: Vec<f64> = qs.iter().map(|q| Tails::from_lower(*q).score()).collect();
    let mut counts = vec![0; qs.len()];
    let mut words = [0; PAGE];
    let mut scores = |stream: &Stream, page: u64| {
        let mut out = [0.0; PAGE];
        stream.fill(page, &mut words);
        normal::fill_scores(&words, &mut out);
        out
    };
    for page in 0..1_000_000 / PAGE as u64 {
        let [first, second, common] = [scores(&own, page), scores(&other, page), scores(&scale, page)];
        let mixed: [f64; PAGE] = std::array::from_fn(|i| weights[0] * first[i] + weights[1] * second[i]);
        let both = match &student {
            None => [first, mixed],
            Some(student) => [first, mixed].map(|z| {
                let mut out = [0.0; PAGE];
                student.fill(&z, &common, &mut out);
                out
            }),
        };
        for (count, beyond) in counts.iter_mut().zip(&beyond) {
            *count += (0..PAGE).filter(|i| both[0][*i] > *beyond && both[1][*i] > *beyond).count() as u64;
        }
    }
    counts
}

#[test]
fn extremes_come_together_as_often_as_they_should() {
    let qs = [0.9, 0.99, 0.999];
    let n = (1_000_000 / PAGE * PAGE) as f64;
    for degrees in [2, 4, 10] {
        let family = Family::Student(Degrees::new(degrees).unwrap());
        let copula = Copula::new(Matrix::new(2, vec![1.0, 0.45, 0.45, 1.0]).unwrap(), family).unwrap();
        let gaussian = Copula::new(copula.asked().clone(), Family::Gaussian).unwrap();
        let r = copula.scores().at(0, 1);
        let (found, twin) = (counted(&copula, &qs), counted(&gaussian, &qs));
        for (k, q) in qs.iter().enumerate() {
            let expected = n * both_beyond(*q, f64::from(degrees), r);
            let apart = |count: u64| (count as f64 - expected) / expected.sqrt();
            assert!(apart(found[k]).abs() < 4.0, "{degrees} {q}: {} {expected}", found[k]);
            assert!(k < 2 || apart(twin[k]).abs() > 5.0, "the Gaussian passes: {degrees} {q}");
        }
    }
}
