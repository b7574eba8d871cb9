//! What moves the payments: chance, shock and ignorance apart, Sobol indices, a tornado, and what would have to be true.
//!
//! All of it on the same random numbers. The second sample of every driver is that of another seed, [`other_seed`]: a run in which
//! some drivers come from it and the rest from the first differs by them alone.

pub mod drivers;
mod passes;
mod tornado;
mod turning;

use rayon::prelude::*;

use super::StudyError;
use super::cells::{self, Names};
use super::compare::{self, Figures};
use super::noise::Noise;
use crate::engine::grid::Flow;
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::engine::run::{Settings, Unwatched, Watch};
use crate::estimate::rank;
use crate::estimate::sobol::{Indices, indices};
use crate::estimate::split::{Split, split};
use crate::measure::Estimate;

use drivers::{Driver, Group, Number, Origin};
use passes::{Passes, Values};
pub use tornado::{Ends, Swing};
pub use turning::Turning;

/// A pair of figures: of what is paid, and of what is earned before limits.
pub type PaidEarned<T> = [Option<T>; 2];

/// What moves the payments of a scenario.
#[derive(Clone, Debug)]
pub struct Sensitivity {
    /// What decided the figures.
    pub settings: Settings,
    /// Independent sources of randomness, chance last.
    pub drivers: Vec<Driver>,
    /// Drivers that factors tie together.
    pub groups: Vec<Group>,
    /// Numbers that were held.
    pub numbers: Vec<Number>,
    /// What is paid for noise of measurement, by term.
    pub noise: Noise,
    /// By payer and year, over all investments; `all` and `total` last.
    pub targets: Vec<Target>,
}

/// What moves one payment.
#[derive(Clone, Debug)]
pub struct Target {
    /// Investment (`all`), party and year.
    pub names: Names,
    /// Its figures.
    pub figures: Figures,
    /// Chance, shock and ignorance.
    pub split: PaidEarned<Split>,
    /// By driver.
    pub drivers: Vec<PaidEarned<Indices>>,
    /// By group.
    pub groups: Vec<PaidEarned<Indices>>,
    /// By number.
    pub swings: Vec<Swing>,
    /// By number: its rank correlation with the figure.
    pub ranks: Vec<PaidEarned<Estimate>>,
    /// By number: its value at which a limit cuts in half of the trials; of totals only.
    pub turning: Vec<Option<Turning>>,
}

/// The seed of the second sample.
#[must_use]
pub fn other_seed(seed: u64) -> u64 {
    !seed
}

/// Indices by driver or group, and by target.
type ByItem = Result<Vec<Vec<PaidEarned<Indices>>>, StudyError>;

/// The figures of a payment in the plan.
#[derive(Clone, Debug)]
struct Asked {
    names: Names,
    payment: Whole,
    earned: Whole,
    spared: Whole,
}

impl Sensitivity {
    /// About how many trials the study takes.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn trials(model: &Model, settings: Settings) -> Result<u64, StudyError> {
        let asked = asked(model);
        let passes = Passes::new(model, &asked, settings, None, &Unwatched)?;
        let drivers = drivers::drivers(model.scenario(), passes.probe());
        let groups = drivers::groups(model.scenario(), &drivers).len();
        let numbers = drivers::numbers(model.scenario(), passes.probe()).len();
        let parts = asked.len().div_ceil(passes.at_a_time()) as u64;
        let each = (4 + drivers.len() + groups + 2 * numbers) as u64;
        let searches = numbers as u64 * turning::about(settings.trials);
        let noise = Noise::trials(model, settings);
        Ok((parts * each).saturating_mul(settings.trials).saturating_add(searches).saturating_add(noise))
    }

    /// Runs the study; the same for any number of threads.
    ///
    /// # Errors
    /// See [`RunError`](crate::engine::run::RunError).
    pub fn new(
        model: &Model,
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, StudyError> {
        let asked = asked(model);
        let mut passes = Passes::new(model, &asked, settings, threads, watch)?;
        let scenario = model.scenario();
        let drivers = drivers::drivers(scenario, passes.probe());
        let groups = drivers::groups(scenario, &drivers);
        let numbers = drivers::numbers(scenario, passes.probe());
        let noise = Noise::new(model, settings, threads, watch)?;
        let mut study = Self { settings, drivers, groups, numbers, noise, targets: Vec::new() };
        for part in asked.chunks(passes.at_a_time()) {
            let targets = study.part(&mut passes, part)?;
            study.targets.extend(targets);
        }
        study.turn(model, &mut passes, &asked)?;
        Ok(study)
    }

    /// The target of a payer and year.
    #[must_use]
    pub fn target(&self, party: &str, year: &str) -> Option<&Target> {
        self.targets.iter().find(|target| target.names[1] == party && target.names[2] == year)
    }

    fn part(&self, passes: &mut Passes<'_>, part: &[Asked]) -> Result<Vec<Target>, StudyError> {
        let numbers: Vec<usize> = self.numbers.iter().map(|number| number.drawn).collect();
        let (a, drawn) = passes.drawn(part, &numbers)?;
        let b = passes.run(part, |_| true)?;
        let of_drivers = self.of_drivers(passes, part, &a, &b)?;
        let of_groups = self.of_groups(passes, part, &a, &b)?;
        let splits = self.splits(passes, part, &a, &b)?;
        let ranks = ranks(&a, &drawn);
        let mut swings = Vec::with_capacity(self.numbers.len());
        for number in &self.numbers {
            swings.push(tornado::swings(passes, part, number)?);
        }
        let target = |(at, asked): (usize, &Asked)| {
            let by = |found: &[Vec<PaidEarned<Indices>>]| found.iter().map(|f| f[at]).collect();
            let series = [a.payment[at].clone(), a.spared[at].clone()];
            Ok(Target {
                names: asked.names.clone(),
                figures: compare::own(&series, [asked.payment, asked.spared])?,
                split: splits[at],
                drivers: by(&of_drivers),
                groups: by(&of_groups),
                swings: swings.iter().map(|swings| swings[at]).collect(),
                ranks: ranks.iter().map(|ranks| ranks[at]).collect(),
                turning: vec![None; self.numbers.len()],
            })
        };
        part.iter().enumerate().map(target).collect()
    }

    /// The indices of each driver, by target.
    fn of_drivers(&self, passes: &Passes<'_>, part: &[Asked], a: &Values, b: &Values) -> ByItem {
        let one = |at: usize| Ok(pick_freeze(a, b, &passes.run(part, |key| self.is(at, key))?));
        (0..self.drivers.len()).map(one).collect()
    }

    /// The indices of each group, by target.
    fn of_groups(&self, passes: &Passes<'_>, part: &[Asked], a: &Values, b: &Values) -> ByItem {
        let one = |group: &Group| {
            let within = |key: &_| group.members.iter().any(|member| self.is(*member, key));
            Ok(pick_freeze(a, b, &passes.run(part, within)?))
        };
        self.groups.iter().map(one).collect()
    }

    /// Chance, shock and ignorance, by target.
    fn splits(
        &self,
        passes: &Passes<'_>,
        part: &[Asked],
        a: &Values,
        b: &Values,
    ) -> Result<Vec<PaidEarned<Split>>, StudyError> {
        let rechanced = passes.run(part, |(origin, _)| *origin == Origin::Chance)?;
        let shock = |key: &_| (0..self.drivers.len()).any(|at| self.drivers[at].shock && self.is(at, key));
        let reshocked = passes.run(part, |key| !shock(key))?;
        let of = |at: usize| {
            let paid = split(&a.paid(at), &rechanced.paid(at), &b.paid(at), &reshocked.paid(at));
            let earned = split(&a.earned(at), &rechanced.earned(at), &b.earned(at), &reshocked.earned(at));
            [paid, earned]
        };
        Ok((0..part.len()).into_par_iter().map(of).collect())
    }

    fn is(&self, driver: usize, (origin, name): &(Origin, String)) -> bool {
        self.drivers[driver].origin == *origin && self.drivers[driver].name == *name
    }

    /// Finds the values at which limits cut in half of the trials.
    fn turn(&mut self, model: &Model, passes: &mut Passes<'_>, asked: &[Asked]) -> Result<(), StudyError> {
        let totals: Vec<usize> = (0..asked.len())
            .filter(|at| asked[*at].names[2] == "total" && asked[*at].spared.constant().is_none())
            .collect();
        let part: Vec<Asked> = totals.iter().map(|at| asked[*at].clone()).collect();
        if part.is_empty() {
            return Ok(());
        }
        for (index, number) in self.numbers.iter().enumerate() {
            let found = turning::turning(model.scenario(), passes, &part, number)?;
            for (at, turning) in totals.iter().zip(found) {
                self.targets[*at].turning[index] = turning;
            }
        }
        Ok(())
    }
}

/// The payments of every payer and year over all investments, where they can vary.
fn asked(model: &Model) -> Vec<Asked> {
    let grid = &model.compiled().grid;
    let of = |names: Names| {
        let cell = cells::cell(model, &names)?;
        let [payment, earned] = [Flow::Payment, Flow::Earned].map(|flow| grid.figure(cell, flow));
        Some(Asked { names, payment, earned, spared: grid.spared(cell) })
    };
    let names = cells::names(&[model]).into_iter().filter(|names| names[0] == "all");
    names.filter_map(of).filter(|asked| asked.payment.constant().is_none()).collect()
}

/// The indices of what `c` draws anew, by target.
fn pick_freeze(a: &Values, b: &Values, c: &Values) -> Vec<PaidEarned<Indices>> {
    let of = |at: usize| {
        let paid = indices(&a.paid(at), &b.paid(at), &c.paid(at));
        let earned = indices(&a.earned(at), &b.earned(at), &c.earned(at));
        // No index without its interval.
        [paid, earned].map(|found| found.filter(|found| found.first.interval.is_some()))
    };
    (0..a.payment.len()).into_par_iter().map(of).collect()
}

/// Rank correlations, by number and target.
fn ranks(a: &Values, drawn: &[Vec<f64>]) -> Vec<Vec<PaidEarned<Estimate>>> {
    let ranked = |at: usize| [rank::ranks(&a.paid(at)), rank::ranks(&a.earned(at))];
    let figures: Vec<[Vec<f64>; 2]> = (0..a.payment.len()).into_par_iter().map(ranked).collect();
    let of = |number: &Vec<f64>| {
        let number = rank::ranks(number);
        let both =
            |[paid, earned]: &[Vec<f64>; 2]| [rank::of_ranks(&number, paid), rank::of_ranks(&number, earned)];
        figures.iter().map(both).collect()
    };
    drawn.par_iter().map(of).collect()
}
