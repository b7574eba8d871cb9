//! The exact solver against the simulation, on contracts made up from fixed seeds.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelIterator, ParallelIterator};
use statrs::distribution::{ChiSquared, ContinuousCDF};
use udfald::engine::model::Model;
use udfald::exact::{Detail, Figure, Flow};
use udfald::report::beside::{Aspect, Beside};

use super::made_up::{Words, contract};
use super::{beside, exact};

/// What became of one contract.
enum Outcome {
    /// The program takes no such file.
    Refused,
    OutOfReach(String),
    Compared {
        text: String,
        beside: Beside,
    },
}

const TRIALS: u64 = 20_000;

fn outcome(number: u64) -> Outcome {
    let text = contract(&mut Words(number.wrapping_mul(0x2545_f491_4f6c_dd1d)));
    let files = [("test.toml".to_owned(), text.clone().into_bytes())];
    let Ok((scenario, _)) = udfald::scenario::load_from_memory(&files, "test.toml") else {
        return Outcome::Refused;
    };
    let Ok(model) = Model::new(scenario) else { return Outcome::Refused };
    match exact(model.scenario(), Detail::Full) {
        Err(why) => Outcome::OutOfReach(why.to_string()),
        Ok(answer) => Outcome::Compared { beside: beside(&answer, &model, TRIALS, number), text },
    }
}

/// Contracts in reach that must be compared.
const COMPARED: usize = 300;

#[test]
fn made_up_contracts_agree_with_the_simulation() {
    let outcomes: Vec<Outcome> = (0..375u64).into_par_iter().map(outcome).collect();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let mut compared = Vec::new();
    let mut refused = 0;
    for outcome in outcomes {
        match outcome {
            Outcome::Refused => refused += 1,
            Outcome::OutOfReach(why) => *reasons.entry(why).or_default() += 1,
            Outcome::Compared { text, beside } => compared.push((text, beside)),
        }
    }
    let out: usize = reasons.values().sum();
    let share = out as f64 / (out + compared.len()) as f64;
    println!("{} compared, {out} out of reach ({:.0} %), {refused} refused", compared.len(), 100.0 * share);
    for (why, times) in &reasons {
        println!("  {times} x {why}");
    }
    assert!(compared.len() >= COMPARED && share < 0.2, "{} compared, {out} out of reach", compared.len());
    assert!(compared.iter().map(|(_, b)| b).all(|b| b.impossible.is_empty()), "{}", impossible(&compared));
    println!("{}\n{}", check_scores(&compared), check_spread(&compared));
}

fn impossible(compared: &[(String, Beside)]) -> String {
    let (text, beside) = compared.iter().find(|(_, b)| !b.impossible.is_empty()).unwrap();
    format!("{:?}\n{text}", beside.impossible)
}

/// A score beyond this would be one of some 30,000, most of which depend on each other: looked into, never excused by
/// another seed. At the fixed seeds the largest is 3.8.
const BOUND: f64 = 4.5;

/// No score of any figure is beyond the bound.
fn check_scores(compared: &[(String, Beside)]) -> String {
    let all: usize = compared.iter().map(|(_, beside)| beside.compared()).sum();
    let furthest = compared.iter().filter_map(|(text, beside)| Some((text, beside.furthest()?)));
    let size = |z: Option<f64>| z.unwrap_or(0.0).abs();
    let (text, worst) = furthest.max_by(|a, b| size(a.1.z).total_cmp(&size(b.1.z))).unwrap();
    assert!(size(worst.z) < BOUND, "{worst}\n{text}");
    format!("largest z {:.2} of {all} scores, bound {BOUND}", size(worst.z))
}

/// One score of each contract: these are independent, all below 4, and their squares add up as they must.
fn check_spread(compared: &[(String, Beside)]) -> String {
    let total = Figure::Flow(Flow::Payment, None, None);
    let scores: Vec<f64> =
        compared.iter().filter_map(|(_, beside)| beside.score(&total, Aspect::Mean)?.z).collect();
    let squares: f64 = scores.iter().map(|z| z * z).sum();
    let below = ChiSquared::new(scores.len() as f64).unwrap().cdf(squares);
    assert!(scores.len() >= 200 && scores.iter().all(|z| z.abs() < 4.0));
    assert!((5e-4..1.0 - 5e-4).contains(&below), "chi-square {squares} of {}", scores.len());
    format!("chi-square {squares:.1} of {} independent scores: {below:.3}", scores.len())
}
