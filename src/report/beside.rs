//! The exact answer beside the simulation: standard scores of means and chances, and amounts that cannot be.

use std::fmt;

use statrs::distribution::{Binomial, Discrete as _, DiscreteCDF as _};

use crate::dist::Tails;
use crate::engine::grid::{self, Cell, Pick};
use crate::engine::plan::column::Whole;
use crate::engine::results::Results;
use crate::exact::{Answer, Distribution, Figure, Flow};
use crate::measure::{Summary, SummaryError};
use crate::money::Ore;
use crate::scenario::name::Id;

/// What of a figure is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The mean, in øre.
    Mean,
    /// The chance of exactly this amount: nothing, and the largest amount that the trials should have seen.
    At(Ore),
    /// The chance of at most the median.
    UpTo(Ore),
    /// The chance that it happens.
    Happens,
}

/// One number, exact and simulated.
#[derive(Clone, Debug)]
pub struct Score {
    /// The figure.
    pub figure: Figure,
    /// What of it.
    pub aspect: Aspect,
    /// In øre, or a chance.
    pub exact: f64,
    /// In øre, or a chance.
    pub simulated: f64,
    /// How many standard errors the simulation lies above the exact answer; nothing where there is no chance, or where
    /// the mean of so skewed a distribution is far from normal.
    pub z: Option<f64>,
}

/// An amount that occurred in the simulation and has no probability.
#[derive(Clone, Debug)]
pub struct Impossible {
    /// The figure.
    pub figure: Figure,
    /// In øre.
    pub amount: Ore,
    /// In how many trials.
    pub trials: u64,
}

/// The exact answer of one investment beside a simulation.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Everything that is compared.
    pub scores: Vec<Score>,
    /// Amounts that cannot be.
    pub impossible: Vec<Impossible>,
}

/// A simulation that is right goes beyond the bound in one of so many comparisons.
const ONE_IN: f64 = 10_000.0;

/// Means of distributions more skewed than this over the root of the trials are left to the chances.
const MOST_SKEW: f64 = 0.1;

/// Fewer expected trials than this on one side, and a chance is judged by the binomial distribution itself.
const FEW: f64 = 200.0;

/// What rounding leaves of a chance of 0 or 1.
const NOTHING: f64 = 1e-12;

/// An amount is looked for when so many trials should have it.
const VISIBLE: f64 = 10.0;

impl Beside {
    /// Compares all figures of an answer with those of the investment at this position.
    ///
    /// # Errors
    /// Never for a complete run; an empty shard has no statistics.
    pub fn new(answer: &Answer, results: &Results<'_>, investment: usize) -> Result<Self, SummaryError> {
        let mut beside = Self::default();
        for (figure, exact) in &answer.figures {
            let found = whole(figure, results, investment);
            let summary = results.summary_of(found)?;
            if let Figure::Flow(..) = figure {
                beside.amounts(figure, exact, &summary);
            } else {
                let happened = summary.trials() - count(&summary, |x| x <= 0);
                beside.chance(figure, Aspect::Happens, exact.probability(1), happened, summary.trials());
            }
        }
        Ok(beside)
    }

    fn amounts(&mut self, figure: &Figure, exact: &Distribution, summary: &Summary) {
        let n = summary.trials();
        let exactly = summary.cells().iter().filter(|cell| cell.smallest == cell.largest);
        let unknown = exactly.filter(|cell| exact.probability(cell.smallest) <= 0.0);
        self.impossible.extend(unknown.map(|cell| Impossible {
            figure: figure.clone(),
            amount: cell.smallest,
            trials: cell.count,
        }));
        let (mean, simulated, sd) = (exact.mean(), summary.mean().value, exact.standard_deviation());
        let certain = exact.atoms().len() < 2 || sd <= 0.0;
        let normal = exact.skewness().abs() <= MOST_SKEW * (n as f64).sqrt();
        let z = (!certain && normal).then(|| (simulated - mean) / (sd / (n as f64).sqrt()));
        self.scores.push(Score { figure: figure.clone(), aspect: Aspect::Mean, exact: mean, simulated, z });
        if certain {
            return;
        }
        let visible = exact.atoms().iter().rev().find(|(_, p)| p * n as f64 >= VISIBLE);
        let marks = [Some(0), visible.map(|(amount, _)| *amount)];
        for amount in marks.into_iter().flatten().filter(|amount| exact.probability(*amount) > 0.0) {
            let hits = count(summary, |x| x == amount);
            self.chance(figure, Aspect::At(amount), exact.probability(amount), hits, n);
        }
        let median = exact.quantile(0.5);
        let below = count(summary, |x| x <= median);
        self.chance(figure, Aspect::UpTo(median), exact.at_most(median), below, n);
    }

    fn chance(&mut self, figure: &Figure, aspect: Aspect, exact: f64, hits: u64, trials: u64) {
        let known = self.scores.last().is_some_and(|s| s.figure == *figure && s.aspect == aspect);
        if known {
            return;
        }
        let simulated = hits as f64 / trials as f64;
        let z = Some(binomial_score(exact, hits, trials));
        self.scores.push(Score { figure: figure.clone(), aspect, exact, simulated, z });
    }

    /// The score furthest from zero.
    #[must_use]
    pub fn furthest(&self) -> Option<&Score> {
        let size = |score: &Score| score.z.unwrap_or(0.0).abs();
        self.scores.iter().filter(|score| score.z.is_some()).max_by(|a, b| size(a).total_cmp(&size(b)))
    }

    /// How many numbers are compared.
    #[must_use]
    pub fn compared(&self) -> usize {
        self.scores.iter().filter(|score| score.z.is_some()).count()
    }

    /// What no score goes beyond but in one of 10,000 comparisons, however many scores there are (Bonferroni).
    #[must_use]
    pub fn bound(&self) -> f64 {
        Tails::from_upper(0.5 / ONE_IN / self.compared().max(1) as f64).score()
    }

    /// Whether the simulation is what the exact answer allows.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.impossible.is_empty()
            && self.furthest().and_then(|score| score.z).is_none_or(|z| z.abs() <= self.bound())
    }

    /// The score of one number, if it was compared.
    #[must_use]
    pub fn score(&self, figure: &Figure, aspect: Aspect) -> Option<&Score> {
        self.scores.iter().find(|score| score.figure == *figure && score.aspect == aspect)
    }
}

/// Trials whose amount is one of those asked for; a bucket of several amounts counts by its smallest.
fn count(summary: &Summary, of: impl Fn(Ore) -> bool) -> u64 {
    summary.cells().iter().filter(|cell| of(cell.smallest)).map(|cell| cell.count).sum()
}

/// The standard score of a number of hits; of few hits or misses, the score with the same tail (mid-p).
fn binomial_score(chance: f64, hits: u64, trials: u64) -> f64 {
    let (n, k) = (trials as f64, hits as f64);
    if chance <= NOTHING || chance >= 1.0 - NOTHING {
        let expected = if chance <= NOTHING { 0 } else { trials };
        return if hits == expected { 0.0 } else { f64::INFINITY };
    }
    if n * chance.min(1.0 - chance) >= FEW {
        return (k - n * chance) / (n * chance * (1.0 - chance)).sqrt();
    }
    let Ok(law) = Binomial::new(chance, trials) else { return f64::INFINITY };
    let half = law.pmf(hits) / 2.0;
    let below = law.cdf(hits) - half;
    if below < 0.5 {
        Tails::from_lower(below).score()
    } else {
        Tails::from_upper(law.sf(hits) + half).score()
    }
}

/// The integer of the simulation that a figure is.
fn whole(figure: &Figure, results: &Results<'_>, investment: usize) -> Whole {
    let party = |id: &Option<Id>| match id {
        None => Some(Pick::All),
        Some(id) => results.model().scenario().parties.keys().position(|known| known == id).map(Pick::One),
    };
    let grid = results.grid();
    let year = |year: &Option<i16>| match year {
        None => Some(Pick::All),
        Some(year) => grid.years.iter().position(|known| known == year).map(Pick::One),
    };
    let cell = |id: &Option<Id>, at: &Option<i16>| {
        Some(Cell { investment: Pick::One(investment), party: party(id)?, year: year(at)? })
    };
    let found = match figure {
        Figure::Flow(flow, id, at) => cell(id, at).map(|cell| grid.figure(cell, same(*flow))),
        Figure::Spared(id, at) => cell(id, at).map(|cell| grid.spared(cell)),
        Figure::Limit(id) => {
            let mine = |limit: &&grid::LimitFigures| limit.investment() == investment && limit.id() == id;
            grid.limits().iter().find(mine).and_then(|limit| limit.year(None)).map(|year| year.taken)
        }
    };
    found.unwrap_or(Whole::ZERO)
}

fn same(flow: Flow) -> grid::Flow {
    match flow {
        Flow::Earned => grid::Flow::Earned,
        Flow::Cut => grid::Flow::Cut,
        Flow::MovedIn => grid::Flow::MovedIn,
        Flow::MovedOut => grid::Flow::MovedOut,
        Flow::Payment => grid::Flow::Payment,
        Flow::Receipt => grid::Flow::Receipt,
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { figure, aspect, exact, simulated, z } = self;
        write!(f, "{figure:?} {aspect:?}: exact {exact}, simulated {simulated}, z {:.2}", z.unwrap_or(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_hits_are_judged_by_the_binomial_distribution() {
        assert!(binomial_score(0.5, 5_000, 10_000).abs() < 1e-12);
        assert!((binomial_score(0.5, 5_100, 10_000) - 2.0).abs() < 1e-12);
        // P(K = 0) is 0.368 for a mean of 1: half of it lies below, a score of −0.9.
        assert!((binomial_score(1e-4, 0, 10_000) + 0.9).abs() < 0.01);
        assert!(binomial_score(1e-4, 12, 10_000) > 5.0);
        assert!(binomial_score(0.0, 1, 10).is_infinite() && binomial_score(1.0, 10, 10).abs() < 1e-12);
    }
}
