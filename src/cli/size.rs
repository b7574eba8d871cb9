//! Whether a run fits the machine and a life: estimated before it starts, and refused with what to type instead.

use std::num::NonZero;
use std::thread::available_parallelism;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::machine::{free_memory, held_memory};
use super::options::Threads;
use super::run::failure_of;
use crate::engine::model::Model;
use crate::engine::need::{Figures, memory, nanoseconds};
use crate::engine::run::Settings;
use crate::report::text::Language;

/// Runs of fewer trials take seconds, whatever the scenario; their time is not measured.
const FEW_TRIALS: u64 = 20_000_000;

/// Bytes that are free on any machine. What takes no more starts without a look, which takes as long as reading a small
/// scenario.
const ANYWHERE: u64 = 32 << 20;

/// From here on the time is told, in seconds.
const LONG: f64 = 3600.0;

/// From here on a run is refused, in seconds: a day. Nobody starts a run of a week without meaning to, and a part of a run
/// that is spread over machines should take minutes.
const TOO_LONG: f64 = 86400.0;

/// How a run is over sooner.
pub(super) const FEWER_TRIALS: &str = "ask for fewer with --trials";
pub(super) const FEWER_OR_SPREAD: &str = "ask for fewer with --trials, for as many as are needed with --precision, or spread \
                                          them over machines with --shard";
pub(super) const MORE_PARTS: &str = "cut the run into more parts, with a larger N in --shard I/N";

/// What is to be run.
pub(super) struct Wanted<'w> {
    pub(super) model: &'w Model,
    pub(super) settings: Settings,
    /// Trials of all runs of the command together.
    pub(super) all_trials: u64,
    pub(super) figures: Figures<'w>,
    /// Bytes of the largest file that is made in memory.
    pub(super) file: u64,
    pub(super) threads: Option<usize>,
    /// How a user can have less of it than by fewer contracts.
    pub(super) instead: &'w str,
    /// How it is over sooner.
    pub(super) sooner: &'w str,
}

impl<'w> Wanted<'w> {
    /// Runs of a study, one after another.
    pub(super) fn study(model: &'w Model, settings: Settings, all_trials: u64, threads: Threads) -> Self {
        let instead = ", with fewer --threads";
        Self {
            model,
            settings,
            all_trials,
            figures: Figures::All,
            file: 0,
            threads: threads.threads,
            instead,
            sooner: FEWER_TRIALS,
        }
    }
}

/// How a command goes on all the same.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Size {
    /// Run even if it will need more memory than is free, or take more than a day
    #[arg(long)]
    force: bool,
}

impl Size {
    /// Refuses what needs more memory than is free, or takes more than a day; tells what takes more than an hour.
    pub(super) fn check(self, wanted: &Wanted<'_>, console: &Console) -> Result<(), Failure> {
        if self.force {
            return Ok(());
        }
        self.check_memory(wanted.memory(), wanted.instead)?;
        if wanted.all_trials < FEW_TRIALS {
            return Ok(());
        }
        let (seconds, cores) = wanted.time()?;
        if seconds > TOO_LONG {
            return Err(too_long(seconds, wanted.all_trials, cores, wanted.sooner));
        }
        if seconds > LONG {
            console.note(&format!("this will take {} on {}", Language::En.about(seconds), on(cores)));
        }
        Ok(())
    }

    /// Refuses what needs so many bytes more than are held, when they are not free.
    pub(super) fn check_memory(self, more: u64, instead: &str) -> Result<(), Failure> {
        if more <= ANYWHERE {
            return Ok(());
        }
        match free_memory().filter(|free| more > *free && !self.force) {
            Some(free) => Err(too_large(more + held_memory().unwrap_or(0), free, instead)),
            None => Ok(()),
        }
    }
}

impl Wanted<'_> {
    fn threads(&self) -> u64 {
        self.threads.unwrap_or_else(rayon::current_num_threads) as u64
    }

    /// Bytes that it needs beside what is held already.
    fn memory(&self) -> u64 {
        memory(self.model, self.settings, self.threads(), &self.figures) + self.file
    }

    /// Seconds that it takes, and on how many cores.
    fn time(&self) -> Result<(f64, u64), Failure> {
        let each = nanoseconds(self.model, self.settings, &self.figures).map_err(failure_of)? / 1e9;
        let cores = self.threads().min(available_parallelism().map_or(1, NonZero::get) as u64);
        Ok((each * self.all_trials as f64 / cores as f64, cores))
    }

    /// What it would need and take, in words.
    pub(super) fn told(&self, language: Language) -> Result<String, Failure> {
        let memory = size(self.memory() + held_memory().unwrap_or(0));
        if self.all_trials == 0 {
            return Ok(language.would_need(&memory));
        }
        let (seconds, cores) = self.time()?;
        Ok(language.would_take(&memory, seconds, cores))
    }
}

fn too_large(need: u64, free: u64, instead: &str) -> Failure {
    let (need, free) = (size(need), size(free));
    Failure::invalid(anyhow!(
        "this needs about {need} of memory, and {free} are free; run fewer contracts at a time{instead}, or --force to run it \
         all the same"
    ))
}

fn on(cores: u64) -> String {
    format!("{cores} core{}", if cores == 1 { "" } else { "s" })
}

fn too_long(seconds: f64, trials: u64, cores: u64, sooner: &str) -> Failure {
    let (time, cores) = (Language::En.about(seconds), on(cores));
    let hour = (trials as f64 * LONG / seconds) as u64;
    Failure::invalid(anyhow!(
        "{trials} trials would take {time} on {cores}; some {hour} take an hour. To have it sooner, {sooner}; --force runs \
         them all the same"
    ))
}

/// Bytes for people.
fn size(bytes: u64) -> String {
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    if mebibytes < 1024.0 { format!("{mebibytes:.0} MiB") } else { format!("{:.1} GiB", mebibytes / 1024.0) }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::engine::run::Unwatched;
    use crate::report::terminal::reads;

    /// Seconds that a table is told to take on one thread, that a results folder is, and that the table takes.
    fn told_and_taken(model: &Model, trials: u64) -> [f64; 3] {
        let settings = Settings { trials, ..Settings::default() };
        let (figures, signs) = reads(&model.compiled().grid, model.scenario().investments.len());
        let table = Figures::Some { figures: &figures, signs: &signs };
        let told =
            |figures: &Figures<'_>| nanoseconds(model, settings, figures).unwrap() * trials as f64 / 1e9;
        let told = [told(&table), told(&Figures::All)];
        let begun = Instant::now();
        let _ = model.run_counting(&figures, &signs, settings, Some(1), &Unwatched).unwrap();
        [told[0], told[1], begun.elapsed().as_secs_f64()]
    }

    /// On a busy machine one measurement may be far off; five in a row are not, unless the estimate is.
    #[test]
    fn times_are_told_within_a_factor_of_two() {
        // The table of the portfolio counts a third of its figures, that of one contract nearly all.
        let shares = [
            ("scenarios/gallery/g1-quarterly-cap.toml", 1_000_000, 1.5),
            ("scenarios/norddjurs.toml", 200_000, 0.8),
        ];
        for (path, trials, share) in shares {
            let model = Model::load(path).unwrap();
            let near = |[table, files, taken]: [f64; 3]| {
                eprintln!("{path}: the table told {table}, files {files}, the table took {taken}");
                (0.5..2.0).contains(&(table / taken)) && table < share * files
            };
            assert!((0..5).any(|_| near(told_and_taken(&model, trials))), "{path}");
        }
    }

    #[test]
    fn sizes_are_in_fitting_units() {
        assert_eq!([80 << 20, 3 << 29].map(size), ["80 MiB", "1.5 GiB"]);
    }

    #[test]
    fn what_to_type_instead_is_told() {
        let message = too_long(1e9, 1_000_000_000_000, 2, MORE_PARTS).message(false).unwrap();
        assert!(
            message.contains("about 32 years on 2 cores; some 3600000 take an hour. To have it sooner, cut"),
            "{message}"
        );
        let message = too_large(3 << 30, 1 << 30, ", or without --out").message(false).unwrap();
        assert!(message.contains("3.0 GiB of memory, and 1.0 GiB are free"), "{message}");
    }
}
