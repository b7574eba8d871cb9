//! Rank correlations of inputs: asked for in the file, and achieved in a run.

use rayon::prelude::*;

use super::StudyError;
use crate::engine::model::Model;
use crate::engine::probe::Probe;
use crate::engine::run::Settings;
use crate::estimate::rank;
use crate::measure::Estimate;
use crate::scenario::model::{Correlation, Investment};

/// Ranks are counted over the first trials of a run only: their interval is ±0.006 then.
const MOST_TRIALS: u64 = 100_000;

/// Two inputs of a correlation.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The contract.
    pub investment: String,
    /// The correlation that names them.
    pub correlation: String,
    /// The inputs, in its order.
    pub inputs: [String; 2],
    /// The rank correlation asked for.
    pub asked: f64,
    /// What a run has: the same, or what can hold together with the others.
    pub used: f64,
    /// What this run had; nothing in too few trials to say.
    pub achieved: Option<Estimate>,
}

/// How the inputs of a run hung together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependence {
    /// The trials over which it was counted, the first of the run.
    pub trials: u64,
    /// Pairs in the order of the file's contracts, correlations and inputs; empty when no correlation is stated.
    pub pairs: Vec<Pair>,
}

impl Dependence {
    /// Draws the inputs of the first 100,000 trials of a run again, by its own sampler, and ranks them. Of inputs that are drawn
    /// for each intake the first. A named case has no ranks. Intervals are those of independent trials, which are too wide
    /// where trials are spread evenly.
    ///
    /// # Errors
    /// Where a pass over the trials fails: see [`Model::run`](crate::engine::model::Model::run).
    pub fn new(model: &Model, settings: Settings) -> Result<Self, StudyError> {
        let stated = model.scenario().investments.iter().any(|i| !i.correlations.is_empty());
        if !stated || model.as_case().is_some() {
            return Ok(Self::default());
        }
        let ranked = ranked(model, settings)?;
        let trials = ranked.first().map_or(0, |(_, ranks)| ranks.len() as u64);
        let groups = model.scenario().investments.iter().enumerate();
        let groups = groups.flat_map(|(at, i)| i.correlations.iter().map(move |group| (at, i, group)));
        let pairs = groups.flat_map(|(at, investment, group)| pairs(at, investment, group, &ranked));
        Ok(Self { trials, pairs: pairs.collect() })
    }
}

/// Ranks by investment and name.
type Ranked = Vec<((usize, String), Vec<f64>)>;

fn ranked(model: &Model, settings: Settings) -> Result<Ranked, StudyError> {
    let probe = Probe::of_numbers(model)?;
    let asked = |investment: usize, name: &str| {
        let investment = &model.scenario().investments[investment];
        let mut named = investment.correlations.iter().flat_map(|group| &group.inputs);
        named.any(|input| investment.inputs[*input].name.as_str() == name)
    };
    let drawn = probe.drawn().iter().enumerate();
    let wanted: Vec<(usize, (usize, String))> = drawn
        .filter_map(|(at, drawn)| Some((at, (drawn.investment()?, drawn.name().to_owned()))))
        .filter(|(_, (investment, name))| asked(*investment, name))
        .collect();
    let numbers: Vec<usize> = wanted.iter().map(|(at, _)| *at).collect();
    let drawn = probe.numbers_of_run(&numbers, model, settings, MOST_TRIALS)?;
    let ranks: Vec<Vec<f64>> = drawn.par_iter().map(|series| rank::ranks(series)).collect();
    Ok(wanted.into_iter().map(|(_, key)| key).zip(ranks).collect())
}

fn pairs(at: usize, investment: &Investment, group: &Correlation, ranked: &Ranked) -> Vec<Pair> {
    let name = |place: usize| investment.inputs[group.inputs[place]].name.to_string();
    let series = |place: usize| {
        let found = ranked.iter().find(|((of, input), _)| *of == at && *input == name(place));
        found.map(|(_, ranks)| ranks)
    };
    let all: Vec<(usize, usize)> = group.copula.asked().pairs().collect();
    let pair = |(i, j): (usize, usize)| Pair {
        investment: investment.id.to_string(),
        correlation: group.name.to_string(),
        inputs: [name(i), name(j)],
        asked: group.copula.asked().at(i, j),
        used: group.copula.used().at(i, j),
        achieved: series(i).zip(series(j)).and_then(|(x, y)| rank::of_ranks(x, y)),
    };
    all.into_par_iter().map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::block::Chance;

    #[test]
    fn ranks_are_those_of_the_run_under_every_sampler() {
        let path = "scenarios/variants/social-referrals-correlated.toml";
        let model = Model::load(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let mut before = Vec::new();
        for chance in [Chance::Inversion, Chance::Latin, Chance::Sobol, Chance::Reference] {
            let settings = Settings { trials: 20_001, seed: 5, chance };
            let found = Dependence::new(&model, settings).unwrap();
            assert_eq!((found.trials, found.pairs.len()), (20_001, 3), "{chance:?}");
            for pair in &found.pairs {
                let achieved = pair.achieved.unwrap().value;
                assert!((achieved - pair.used).abs() < 0.04, "{chance:?} {pair:?}");
                assert!(!before.contains(&achieved), "the same trials under two samplers");
                before.push(achieved);
            }
        }
        // More trials than are ranked: whole rounds of the replicates.
        let settings = Settings { trials: 300_000, seed: 5, chance: Chance::Sobol };
        assert_eq!(Dependence::new(&model, settings).unwrap().trials, 98_304);
    }
}
