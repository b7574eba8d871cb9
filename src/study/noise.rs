//! Paying for noise: what is earned where there is no true effect, and not earned where there is one.
//!
//! The same trials are run twice: as measured, and as if every level were measured without noise and bias. Both have the same
//! random numbers for everything else, so that the two differ by the measurement alone, trial by trial.

use std::collections::BTreeSet;

use super::StudyError;
use crate::engine::model::Model;
use crate::engine::plan::whole::UNDEFINED;
use crate::engine::probe::{Probe, Reads, Wanted};
use crate::engine::run::{Settings, Watch};
use crate::estimate::single;
use crate::measure::Estimate;
use crate::scenario::model::{Investment, OutcomeIndex, OutcomeKind, Part, Scenario};

/// Trials that are run: an amount is then known to within a hundredth of its spread.
const MOST_TRIALS: u64 = 100_000;

/// What noise does to the amounts of a term, before limits.
#[derive(Clone, Debug, PartialEq)]
pub struct TermNoise {
    /// The contract.
    pub investment: String,
    /// The term.
    pub term: String,
    /// The share of trials in which no true level of it is above zero.
    pub no_effect: Estimate,
    /// The share of trials without a true effect in which something is earned all the same.
    pub earned_anyway: Estimate,
    /// What is earned in them, as a mean over all trials, in øre.
    pub amount_anyway: Estimate,
    /// The share of trials in which the true effect would have earned something, and nothing is earned.
    pub missed: Estimate,
    /// What it would have earned in them, as a mean over all trials, in øre.
    pub amount_missed: Estimate,
}

/// Terms whose outcome is measured with noise or bias, in the order of contracts and terms.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Noise {
    /// The trials over which it was counted.
    pub trials: u64,
    /// One for each term; empty where everything is measured as it is.
    pub terms: Vec<TermNoise>,
}

impl Noise {
    /// About how many trials it takes.
    #[must_use]
    pub fn trials(model: &Model, settings: Settings) -> u64 {
        2 * noisy(model.scenario()).len() as u64 * settings.trials.min(MOST_TRIALS)
    }

    /// Runs the first 100,000 trials with and without noise.
    ///
    /// # Errors
    /// Where a pass over the trials fails: see [`Model::run`](crate::engine::model::Model::run).
    pub fn new(
        model: &Model,
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, StudyError> {
        let terms = noisy(model.scenario());
        if terms.is_empty() || model.as_case().is_some() {
            return Ok(Self::default());
        }
        let settings = Settings { trials: settings.trials.min(MOST_TRIALS), ..settings };
        let twin = Model::new(exact(model.scenario()))?;
        let mut found = Vec::with_capacity(terms.len());
        for (investment, term) in terms {
            let [measured, real] = [model, &twin].map(|model| {
                let (probe, reads) = Probe::of_amounts(model, (investment, term))?;
                Trials::read(&probe, &reads, settings, threads, watch)
            });
            let investment = &model.scenario().investments[investment];
            let names = [investment.id.to_string(), investment.terms[term].id.to_string()];
            found.push(of_term(names, &measured?, &real?));
        }
        Ok(Self { trials: settings.trials, terms: found })
    }
}

/// The readings of a term, by trial.
struct Trials {
    /// Whether some level with a value is above zero, and whether there is any with a value.
    positive: Vec<bool>,
    /// What is earned, in øre.
    amount: Vec<i64>,
}

impl Trials {
    fn read(
        probe: &Probe,
        reads: &[Reads],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, StudyError> {
        let trials = settings.trials as usize;
        let all: Vec<usize> = (0..probe.figures()).collect();
        let wanted = Wanted { figures: &all, numbers: &[] };
        let found = probe.pass(wanted, &probe.streams(|_| settings.seed), settings, threads, watch)?;
        let (mut positive, mut amount) = (vec![false; trials], vec![0; trials]);
        for read in reads {
            for (trial, (positive, amount)) in positive.iter_mut().zip(&mut amount).enumerate() {
                let level = found.figures[read.quantity][trial];
                *positive |= level != UNDEFINED && level > 0;
                *amount += found.figures[read.amount][trial];
            }
        }
        Ok(Self { positive, amount })
    }
}

fn of_term([investment, term]: [String; 2], measured: &Trials, real: &Trials) -> TermNoise {
    let flags = |holds: &dyn Fn(usize) -> bool| -> Vec<i64> {
        (0..real.amount.len()).map(|trial| i64::from(holds(trial))).collect()
    };
    let amounts = |holds: &dyn Fn(usize) -> bool, of: &[i64]| -> Vec<i64> {
        of.iter().enumerate().map(|(trial, amount)| if holds(trial) { *amount } else { 0 }).collect()
    };
    let anyway = |trial: usize| !real.positive[trial] && measured.amount[trial] > 0;
    let missed = |trial: usize| real.positive[trial] && real.amount[trial] > 0 && measured.amount[trial] <= 0;
    TermNoise {
        investment,
        term,
        no_effect: single::share_above(&flags(&|trial| !real.positive[trial]), 0),
        earned_anyway: single::share_above(&flags(&anyway), 0),
        amount_anyway: single::mean(&amounts(&anyway, &measured.amount)),
        missed: single::share_above(&flags(&missed), 0),
        amount_missed: single::mean(&amounts(&missed, &real.amount)),
    }
}

/// Terms whose outcome is measured with noise or bias: positions of investment and term.
fn noisy(scenario: &Scenario) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (at, investment) in scenario.investments.iter().enumerate() {
        for (index, term) in investment.terms.iter().enumerate() {
            if term.outcome.is_some_and(|outcome| is_noisy(investment, outcome)) {
                found.push((at, index));
            }
        }
    }
    found
}

/// Whether an outcome is a level with noise or bias, or a formula of one.
fn is_noisy(investment: &Investment, outcome: OutcomeIndex) -> bool {
    let outcome = &investment.outcomes[outcome];
    match &outcome.kind {
        OutcomeKind::Level { noise, .. } => noise.is_some() || outcome.bias.is_some(),
        OutcomeKind::Formula(formula) => {
            let mut named = BTreeSet::new();
            formula.visit(&mut |part| _ = named.insert(*part));
            named.iter().any(|part| matches!(part, Part::Outcome(index) if is_noisy(investment, *index)))
        }
        _ => false,
    }
}

/// The same scenario with every level measured as it is.
fn exact(scenario: &Scenario) -> Scenario {
    let mut exact = scenario.clone();
    for outcome in exact.investments.iter_mut().flat_map(|investment| &mut investment.outcomes) {
        outcome.bias = None;
        if let OutcomeKind::Level { noise, .. } = &mut outcome.kind {
            *noise = None;
        }
    }
    exact
}
