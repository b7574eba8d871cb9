//! What would have to be true: the value of an input at which limits cut in half of the trials.
//!
//! By bisection over the quantiles of the input, everything else drawn as before, so that the share of trials with a cut moves
//! with the input alone. The interval is that of the share, ± 1.96·√(¼/n), divided by how steeply the share moves.

use std::collections::BTreeMap;

use super::Asked;
use super::drivers::{Number, Origin, value_at};
use super::passes::Passes;
use crate::measure::Estimate;
use crate::measure::interval::Z;
use crate::scenario::model::Scenario;
use crate::study::StudyError;

/// The value of an input at which a limit cuts in half of the trials.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Turning {
    /// The value.
    pub value: Estimate,
    /// The chance that the input is at most this.
    pub level: f64,
    /// Whether a higher value means more cuts.
    pub rising: bool,
}

/// Levels at which the search begins, in 4096ths.
const ENDS: [u32; 2] = [8, 4088];
const STEPS: f64 = 4096.0;

/// More trials than this make no difference that is worth their time.
const MOST_TRIALS: u64 = 1 << 15;

/// Half of the trials.
const HALF: f64 = 0.5;

/// About how many trials a search takes.
pub(super) fn about(trials: u64) -> u64 {
    16 * trials.min(MOST_TRIALS)
}

/// Searches for every target at once; nothing where the share never passes one half, or the number is no input.
pub(super) fn turning(
    scenario: &Scenario,
    passes: &mut Passes<'_>,
    part: &[Asked],
    number: &Number,
) -> Result<Vec<Option<Turning>>, StudyError> {
    if number.origin != Origin::Input {
        return Ok(vec![None; part.len()]);
    }
    let trials = passes.trials().min(MOST_TRIALS);
    let mut search = Search { scenario, passes, part, number, trials, known: BTreeMap::new() };
    let at_ends = [search.shares(ENDS[0])?, search.shares(ENDS[1])?];
    let mut found = Vec::with_capacity(part.len());
    for target in 0..part.len() {
        let [low, high] = [at_ends[0][target], at_ends[1][target]];
        let crosses = (low - HALF) * (high - HALF) < 0.0;
        found.push(if crosses { search.target(target, high > low)? } else { None });
    }
    Ok(found)
}

struct Search<'s, 'p> {
    scenario: &'s Scenario,
    passes: &'s mut Passes<'p>,
    part: &'s [Asked],
    number: &'s Number,
    trials: u64,
    /// Shares of trials with a cut, by level and target.
    known: BTreeMap<u32, Vec<f64>>,
}

impl Search<'_, '_> {
    fn value(&self, level: u32) -> f64 {
        value_at(self.scenario, self.number, f64::from(level) / STEPS).unwrap_or(f64::NAN)
    }

    /// The share of trials in which a limit takes something, by target, with the number at a level.
    fn shares(&mut self, level: u32) -> Result<Vec<f64>, StudyError> {
        if let Some(known) = self.known.get(&level) {
            return Ok(known.clone());
        }
        let value = self.value(level);
        let held = self.passes.probe_mut().hold(self.number.drawn, value);
        let found = self.passes.first(self.part, self.trials);
        self.passes.probe_mut().release(held);
        let share = |series: &Vec<i64>| series.iter().filter(|ore| **ore > 0).count() as f64;
        let shares: Vec<f64> = found?.spared.iter().map(|s| share(s) / self.trials as f64).collect();
        self.known.insert(level, shares.clone());
        Ok(shares)
    }

    fn target(&mut self, target: usize, rising: bool) -> Result<Option<Turning>, StudyError> {
        let [mut low, mut high] = ENDS;
        while high - low > 1 {
            let middle = low.midpoint(high);
            let above = self.shares(middle)?[target] > HALF;
            if above == rising {
                high = middle;
            } else {
                low = middle;
            }
        }
        let (below, above) = (self.value(low), self.value(high));
        let level = f64::from(low + high) / 2.0 / STEPS;
        let value = f64::midpoint(below, above);
        // An input of a few values jumps: there is no value at which it is half.
        let smooth = above - below <= 0.05 * (self.value(ENDS[1]) - self.value(ENDS[0])).abs();
        let interval = self.interval(target, value);
        let known = smooth && interval.is_some();
        Ok(known.then_some(Turning { value: Estimate { value, interval }, level, rising }))
    }

    /// From the slope between the known levels whose shares enclose the error of the share.
    fn interval(&self, target: usize, value: f64) -> Option<(f64, f64)> {
        let half = Z * HALF / (self.trials as f64).sqrt();
        let points = self.known.iter().map(|(level, shares)| (self.value(*level), shares[target] - HALF));
        let points: Vec<(f64, f64)> = points.collect();
        let outside = |(_, share): &&(f64, f64)| share.abs() >= half;
        let before = points.iter().rev().filter(|(at, _)| *at < value).find(outside)?;
        let after = points.iter().filter(|(at, _)| *at > value).find(outside)?;
        let slope = ((after.1 - before.1) / (after.0 - before.0)).abs();
        let width = half / slope;
        width.is_finite().then_some((value - width, value + width))
    }
}
