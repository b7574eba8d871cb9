//! Chosen figures of every trial, in the order of trials, handed on in groups so that memory does not grow with trials.
//!
//! A run keeps counts. What needs trials one by one runs them once more: they are the same trials, since each depends on its
//! number and the seed alone.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::block::Block;
use super::compile::compile_figures;
use super::grid::Grid;
use super::model::Model;
use super::plan::Plan;
use super::plan::column::Whole;
use super::run::{RunError, Settings, Watch, over_pages};
use super::spool::Tallies;
use crate::draw::address::PAGE;
use crate::draw::points::{Dimensions, REPLICATES, WordSource};
use crate::measure::MAX_TRIALS;
use crate::scenario::diagnose::Diagnostics;

/// Pages of a group: a megabyte a figure. Whole rounds of replicates, so that trials of a group follow those of the one before.
const GROUP: usize = 256;
const _: () = assert!((GROUP as u64).is_multiple_of(REPLICATES));

/// A scenario compiled to read some figures of every trial.
#[derive(Debug)]
pub struct Trials {
    plan: Plan,
    dimensions: Dimensions,
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
        Ok(Self { plan, dimensions: model.plan().dimensions(), figures })
    }

    /// Runs all trials and hands on each group: the first trial and a column for each figure.
    ///
    /// # Errors
    /// See [`RunError`]; and what `take` says.
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
        let sources = self.plan.sources(settings, &self.dimensions);
        for start in (0..settings.pages()).step_by(GROUP) {
            let pages = start..settings.pages().min(start + GROUP as u64);
            let columns = self.group(&sources, settings, pages, threads, watch)?;
            take(start * PAGE as u64, &columns)?;
        }
        Ok(())
    }

    fn group(
        &self,
        sources: &[WordSource],
        settings: Settings,
        pages: Range<u64>,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Vec<Column>, RunError> {
        let first = pages.start * PAGE as u64;
        let count = (pages.end - pages.start) as usize;
        let length = (pages.end * PAGE as u64).min(settings.trials) - first;
        let mut columns: Vec<Column> = self.figures.iter().map(|_| vec![0; count * PAGE]).collect();
        let rooms = rooms(&mut columns, count);
        let tallies = Tallies::new(&self.plan)?;
        over_pages(
            settings,
            pages.clone(),
            threads,
            watch,
            || Ok((Block::new(&self.plan, sources, settings.chance), tallies.spools()?)),
            |(block, spools), page, trials| {
                block.run(page, trials, spools).map_err(|error| error.in_trial_of(settings))?;
                // Each page has one writer; a thread that panicked while writing ends the run.
                let room = &rooms[(page - pages.start) as usize];
                let mut room = room.lock().unwrap_or_else(PoisonError::into_inner);
                for (figure, out) in self.figures.iter().zip(room.iter_mut()) {
                    out.copy_from_slice(&block.spread(*figure)[..]);
                }
                Ok(())
            },
            |_| (),
        )?;
        drop(rooms);
        Ok(columns.into_iter().map(|column| in_order(&column, first..first + length, settings)).collect())
    }
}

/// The amounts of trials in their order, from those of the pages that hold them.
fn in_order(pages: &[i64], trials: Range<u64>, settings: Settings) -> Column {
    if settings.chance.replicates() == 1 {
        return pages[..(trials.end - trials.start) as usize].to_vec();
    }
    let first = trials.start as usize;
    let at = |trial| {
        let (page, lane) = settings.place_of(trial);
        pages[page as usize * PAGE + lane - first]
    };
    trials.map(at).collect()
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
    use crate::engine::block::Chance;
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
        for chance in [Chance::Inversion, Chance::Latin, Chance::Sobol] {
            let trials = (GROUP * PAGE) as u64 + 700;
            check(Settings { trials, seed: 3, chance });
        }
    }

    fn check(settings: Settings) {
        let model = model();
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
