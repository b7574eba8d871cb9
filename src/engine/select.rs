//! The trial at a quantile: trials ordered by (payment, earned, index), found without storing them all.
//!
//! Passes over all trials, each narrowing the range in which the wanted place lies by a thinned sample of it, until the
//! range fits in memory. Up to a million trials take one pass, up to a hundred million two.

use super::block::Block;
use super::compile::compile_figures;
use super::grid::{Cell, Flow, Pick};
use super::model::Model;
use super::plan::Plan;
use super::plan::column::Whole;
use super::run::{RunError, Settings, Watch, over_pages};
use super::spool::Tallies;
use crate::draw::points::WordSource;
use crate::measure::{Level, MAX_TRIALS};
use crate::money::Ore;
use crate::scenario::diagnose::Diagnostics;

/// A trial's place in the order of all trials: payment and earned in øre, then its index.
type Place = (Ore, Ore, u64);

const FIRST: Place = (Ore::MIN, Ore::MIN, 0);
const LAST: Place = (Ore::MAX, Ore::MAX, u64::MAX);

/// Places that are held at a time, over all threads: 24 bytes each.
const MOST_PLACES: u64 = 1 << 20;

/// The order of the trials of a run by what a party pays in total, or all payers together.
#[derive(Debug)]
pub struct Order {
    plan: Plan,
    sources: Vec<WordSource>,
    payment: Whole,
    earned: Whole,
    settings: Settings,
}

/// What a pass over all trials found of a range of places.
#[derive(Debug, Default)]
struct Found {
    below: u64,
    inside: u64,
    /// Places inside, every so many trials.
    sample: Vec<Place>,
}

impl Order {
    /// The order by the payments of the party at this position, or of all (`None`), over all investments and years.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn new(model: &Model, settings: Settings, party: Option<usize>) -> Result<Self, Diagnostics> {
        let cell = Cell { investment: Pick::All, party: party.map_or(Pick::All, Pick::One), year: Pick::All };
        let compiled = compile_figures(model.scenario(), model.as_case(), |grid| {
            [Flow::Payment, Flow::Earned].map(|flow| grid.figure(cell, flow)).to_vec()
        });
        let (plan, figures) = model.checked(compiled)?;
        let figure = |index: usize| figures.get(index).copied().unwrap_or(Whole::ZERO);
        let sources = plan.sources(settings, &model.plan().dimensions());
        Ok(Self { plan, sources, payment: figure(0), earned: figure(1), settings })
    }

    /// The trial of rank max(1, ⌈N·p⌉) of N trials in this order; the same for any number of threads.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn trial_at(&self, level: Level, threads: Option<usize>, watch: &dyn Watch) -> Result<u64, RunError> {
        if !(1..=MAX_TRIALS).contains(&self.settings.trials) {
            return Err(RunError::Trials(self.settings.trials));
        }
        self.narrowed(level, threads, watch, MOST_PLACES)
    }

    fn narrowed(
        &self,
        level: Level,
        threads: Option<usize>,
        watch: &dyn Watch,
        most: u64,
    ) -> Result<u64, RunError> {
        let rank = level.rank(self.settings.trials);
        let (mut low, mut high, mut expected) = (FIRST, LAST, self.settings.trials);
        loop {
            let stride = expected.div_ceil(most).max(1);
            let Found { below, inside, sample } = self.pass(low, high, stride, threads, watch)?;
            // The sample said that the place lies in the range; if it does not, it lies beside it.
            if rank <= below {
                (low, high, expected) = (FIRST, low, below + 1);
            } else if rank > below + inside {
                (low, high, expected) = (high, LAST, self.settings.trials - below - inside + 1);
            } else if stride == 1 {
                return Ok(sample[(rank - below - 1) as usize].2);
            } else {
                let near = u128::from(rank - below - 1) * sample.len() as u128 / u128::from(inside);
                let (near, margin) = (near as usize, 2 * sample.len().isqrt() + 1);
                low = near.checked_sub(margin).map_or(low, |index| sample[index]);
                high = sample.get(near + margin).copied().unwrap_or(high);
                expected = (2 * margin as u64 + 2) * stride;
            }
        }
    }

    /// Counts the places below and inside a range with both its ends, and samples those inside, in order.
    fn pass(
        &self,
        low: Place,
        high: Place,
        stride: u64,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Found, RunError> {
        let tallies = Tallies::new(&self.plan)?;
        let found = over_pages(
            self.settings,
            0..self.settings.pages(),
            threads,
            watch,
            || {
                let block = Block::new(&self.plan, &self.sources, self.settings.chance);
                Ok((block, tallies.spools()?, Found::default()))
            },
            |(block, spools, found), page, trials| {
                block.run(page, trials, spools).map_err(|error| error.in_trial_of(self.settings))?;
                self.places(block, page, trials).for_each(|place| found.see(place, low, high, stride));
                Ok(())
            },
            |(_, _, found)| found,
        )?;
        let mut all = found.into_iter().fold(Found::default(), Found::and);
        all.sample.sort_unstable();
        Ok(all)
    }

    fn places(&self, block: &Block<'_>, page: u64, trials: usize) -> impl Iterator<Item = Place> {
        let (payment, earned) = (block.spread(self.payment), block.spread(self.earned));
        (0..trials).map(move |lane| (payment[lane], earned[lane], self.settings.trial_at(page, lane)))
    }
}

impl Found {
    fn see(&mut self, place: Place, low: Place, high: Place, stride: u64) {
        if place < low {
            self.below += 1;
        } else if place <= high {
            self.inside += 1;
            if place.2.is_multiple_of(stride) {
                self.sample.push(place);
            }
        }
    }

    fn and(mut self, other: Self) -> Self {
        self.sample.extend(other.sample);
        Self { below: self.below + other.below, inside: self.inside + other.inside, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::address::PAGE;
    use crate::engine::explain::Ledgers;
    use crate::engine::run::Unwatched;

    fn shipped(file: &str) -> Model {
        Model::load(format!("{}/scenarios/{file}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    /// The order of all trials, from their ledgers.
    fn sorted(model: &Model, settings: Settings, party: Option<usize>) -> Vec<Place> {
        let ledgers = Ledgers::new(model, settings).unwrap();
        let cell = Cell { investment: Pick::All, party: party.map_or(Pick::All, Pick::One), year: Pick::All };
        let mut places = Vec::new();
        for first in (0..settings.trials).step_by(PAGE) {
            let page = ledgers.page_of(first).unwrap();
            let all = (first..settings.trials).map_while(|trial| page.ledger(trial));
            places.extend(all.map(|ledger| {
                (ledger.account(cell, Flow::Payment), ledger.account(cell, Flow::Earned), ledger.trial())
            }));
        }
        places.sort_unstable();
        places
    }

    #[test]
    fn the_trial_at_a_quantile_is_that_of_all_trials_sorted() {
        let model = shipped("norddjurs.toml");
        let settings = Settings { trials: 700, seed: 5, ..Settings::default() };
        // In 70 of 100 trials Norddjurs pays no more than its limits: earned and index decide among those.
        for party in [None, Some(1)] {
            let sorted = sorted(&model, settings, party);
            let order = Order::new(&model, settings, party).unwrap();
            for percent in [1, 10, 50, 80, 90, 99] {
                let level = Level::new(percent, 100).unwrap();
                let expected = sorted[level.rank(700) as usize - 1].2;
                for (threads, most) in [(1, MOST_PLACES), (3, MOST_PLACES), (1, 64), (2, 100)] {
                    let found = order.narrowed(level, Some(threads), &Unwatched, most).unwrap();
                    assert_eq!(found, expected, "P{percent} of {party:?}, {threads} threads, {most} held");
                }
            }
        }
    }

    #[test]
    fn narrowing_finds_the_same_trial_in_a_fraction_of_the_memory() {
        let model = shipped("gallery/g1-quarterly-cap.toml");
        let settings = Settings { trials: 30_000, seed: 2, ..Settings::default() };
        let order = Order::new(&model, settings, None).unwrap();
        for percent in [1, 33, 90, 99] {
            let level = Level::new(percent, 100).unwrap();
            let trial = |most| order.narrowed(level, None, &Unwatched, most).unwrap();
            assert_eq!(trial(256), trial(MOST_PLACES), "P{percent}");
        }
    }
}
