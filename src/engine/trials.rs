//! Chosen figures of every trial, in the order of trials, handed on in groups so that memory does not grow with trials.
//!
//! A run keeps counts. What needs trials one by one runs them once more: they are the same trials, since each depends on its
//! number and the seed alone.

use std::sync::{Mutex, PoisonError};

use super::block::Block;
use super::compile::compile_figures;
use super::grid::Grid;
use super::model::Model;
use super::plan::Plan;
use super::plan::column::Whole;
use super::run::{RunError, Settings, Shard, Watch, over_pages};
use super::spool::Tallies;
use crate::draw::address::PAGE;
use crate::measure::MAX_TRIALS;
use crate::scenario::diagnose::Diagnostics;

/// Trials of a group, at least: a megabyte a figure.
const GROUP: u64 = 256 * PAGE as u64;

/// The most parts that a run can be cut into.
const MOST_GROUPS: u64 = 1_000_000;

/// A scenario compiled to read some figures of every trial.
#[derive(Debug)]
pub struct Trials {
    plan: Plan,
    figures: Vec<Whole>,
}

/// A figure in every trial of a group, in øre.
pub type Column = Vec<i64>;

/// What is done with a group: its first trial, and a column for each figure.
pub type Take<'t, E> = dyn FnMut(u64, &[Column]) -> Result<(), E> + 't;

impl Trials {
    /// Compiles the scenario of a model to read the figures that `choose` picks.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn new(model: &Model, choose: impl FnOnce(&Grid) -> Vec<Whole>) -> Result<Self, Diagnostics> {
        let compiled = compile_figures(model.scenario(), model.as_case(), choose);
        let (plan, figures) = model.checked(compiled)?;
        Ok(Self { plan, figures })
    }

    /// Runs all trials and hands on each group: the first trial and a column for each figure.
    ///
    /// # Errors
    /// See [`run`](super::run::run); and what `take` says.
    pub fn each<E: From<RunError>>(
        &self,
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
        take: &mut Take<'_, E>,
    ) -> Result<(), E> {
        if !(1..=MAX_TRIALS).contains(&settings.trials) {
            return Err(RunError::Trials(settings.trials).into());
        }
        let groups = settings.trials.div_ceil(GROUP).min(MOST_GROUPS);
        for index in 1..=groups {
            let Ok(shard) = Shard::new(index, groups) else { break };
            let (first, columns) = self.group(settings, shard, threads, watch)?;
            take(first, &columns)?;
        }
        Ok(())
    }

    fn group(
        &self,
        settings: Settings,
        shard: Shard,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<(u64, Vec<Column>), RunError> {
        let pages = shard.pages(settings.trials);
        let first = pages.start * PAGE as u64;
        let length = (pages.end * PAGE as u64).min(settings.trials) - first;
        let mut columns: Vec<Column> = self.figures.iter().map(|_| vec![0; length as usize]).collect();
        let rooms = rooms(&mut columns, (pages.end - pages.start) as usize);
        let streams = self.plan.streams(settings.seed);
        let tallies = Tallies::new(&self.plan)?;
        over_pages(
            settings,
            shard,
            threads,
            watch,
            || Ok((Block::new(&self.plan, &streams, settings.chance), tallies.spools()?)),
            |(block, spools), page, trials| {
                block.run(page, trials, spools)?;
                // Each page has one writer; a thread that panicked while writing ends the run.
                let room = &rooms[(page - pages.start) as usize];
                let mut room = room.lock().unwrap_or_else(PoisonError::into_inner);
                for (figure, out) in self.figures.iter().zip(room.iter_mut()) {
                    out.copy_from_slice(&block.spread(*figure)[..out.len()]);
                }
                Ok(())
            },
            |_| (),
        )?;
        drop(rooms);
        Ok((first, columns))
    }
}

/// Where the amounts of each page go, by figure: every thread writes where its trials belong.
fn rooms(columns: &mut [Column], pages: usize) -> Vec<Mutex<Vec<&mut [i64]>>> {
    let mut rooms: Vec<Vec<&mut [i64]>> = (0..pages).map(|_| Vec::new()).collect();
    for column in columns {
        rooms.iter_mut().zip(column.chunks_mut(PAGE)).for_each(|(room, part)| room.push(part));
    }
    rooms.into_iter().map(Mutex::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::Ledgers;
    use crate::engine::grid::{Cell, Flow, Pick};
    use crate::engine::run::Unwatched;

    const WHOLE: Cell = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };

    fn model() -> Model {
        Model::load(format!("{}/scenarios/norddjurs.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn payments(settings: Settings, threads: usize) -> (Vec<u64>, Vec<i64>) {
        let trials = Trials::new(&model(), |grid| vec![grid.figure(WHOLE, Flow::Payment)]).unwrap();
        let (mut firsts, mut all) = (Vec::new(), Vec::new());
        let mut take = |first: u64, columns: &[Column]| -> Result<(), RunError> {
            firsts.push(first);
            all.extend_from_slice(&columns[0]);
            Ok(())
        };
        trials.each(settings, Some(threads), &Unwatched, &mut take).unwrap();
        (firsts, all)
    }

    #[test]
    fn trials_are_those_of_their_ledgers_and_of_the_run_for_any_threads() {
        let model = model();
        let settings = Settings { trials: GROUP + 700, seed: 3, ..Settings::default() };
        let (firsts, all) = payments(settings, 2);
        assert_eq!((firsts.len(), firsts[0]), (2, 0));
        assert_eq!(all.len() as u64, settings.trials);
        let ledgers = Ledgers::new(&model, settings).unwrap();
        for trial in [0, 511, firsts[1] - 1, firsts[1], settings.trials - 1] {
            let page = ledgers.page_of(trial).unwrap();
            let expected = page.ledger(trial).unwrap().account(WHOLE, Flow::Payment);
            assert_eq!(all[trial as usize], expected, "trial {trial}");
        }
        let mean = model.run(settings).unwrap().summary(WHOLE, Flow::Payment).unwrap().mean().value;
        let sum: i128 = all.iter().map(|ore| i128::from(*ore)).sum();
        assert!((sum as f64 / all.len() as f64 - mean).abs() < 1e-6, "{sum} {mean}");
        assert_eq!(
            payments(Settings { trials: 900, ..settings }, 1),
            payments(Settings { trials: 900, ..settings }, 3)
        );
    }
}
