//! `udfald run`: simulate a scenario, write its results, print the table.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Format, Reports, Simulation, shard};
use super::progress::Progress;
use super::study::study_failure;
use super::write::write;
use crate::engine::part::{self, Part};
use crate::engine::run::{RunError, Shard, Watch as _};
use crate::report::folder::{File, Folder};
use crate::report::terminal::reads;

/// Simulate a scenario and print what each payer may have to pay
///
/// Files in DIR are the same for the same scenario, options, seed and trials, on any machine, with any number of
/// threads or shards. `udfald verify DIR` runs them again.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// The scenario file
    scenario: PathBuf,
    #[command(flatten)]
    simulation: Simulation,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: Reports,
    /// Run only part I of N, for `udfald merge`
    #[arg(long, value_name = "I/N", value_parser = shard, requires = "part", conflicts_with = "out")]
    shard: Option<Shard>,
    /// File for the part
    #[arg(long, value_name = "FILE", requires = "shard")]
    part: Option<PathBuf>,
}

impl Run {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let loaded = Loaded::from_disk(&self.scenario)?;
        loaded.mention_warnings(console, &self.scenario);
        match self.shard.zip(self.part.as_deref()) {
            Some((shard, path)) => self.run_part(&loaded, shard, path, console)?,
            None => self.run_whole(&loaded, console)?,
        }
        Ok(Status::Done)
    }

    fn run_whole(&self, loaded: &Loaded, console: &mut Console) -> Result<(), Failure> {
        self.reports.check(&loaded.model)?;
        let out = self.format.out.as_deref();
        let folder = out.map(|out| Folder::prepare(out, Some(&self.scenario))).transpose();
        let folder = folder.map_err(Failure::invalid)?;
        self.simulation.threads.prepare();
        let settings = self.simulation.settings();
        let more = self.reports.wanted(&self.format).more_trials(&loaded.model, settings);
        let progress = Progress::over(settings.trials.saturating_add(more.map_err(study_failure)?));
        let (model, threads) = (&loaded.model, self.simulation.threads.threads);
        let results = match folder {
            Some(_) => model.run_watched(settings, threads, &progress),
            // The table alone needs a third of what the files hold.
            None => model.run_counting(reads(&model.compiled().grid), settings, threads, &progress),
        };
        let results = results.inspect_err(|_| progress.finish()).map_err(failure_of)?;
        write(&results, loaded, folder, (&self.format, &self.reports), &progress, console)
    }

    fn run_part(&self, loaded: &Loaded, shard: Shard, path: &Path, console: &Console) -> Result<(), Failure> {
        let file = File::prepare(path, part::MARK).map_err(Failure::invalid)?;
        let settings = self.simulation.settings();
        let progress = Progress::new(settings, shard);
        let part = Part::run(&loaded.model, settings, shard, self.simulation.threads.threads, &progress);
        progress.finish();
        let bytes = part.map_err(failure_of)?.to_bytes().map_err(Failure::failed)?;
        if progress.stopped() {
            return Err(Failure::failed(RunError::Stopped));
        }
        file.commit(&bytes).map_err(Failure::failed)?;
        let (index, of) = (shard.index(), shard.of());
        console.note(&format!("part {index} of {of} written to {}", path.display()));
        Ok(())
    }
}

/// The number of trials and threads can be known before the first trial.
pub(super) fn failure_of(error: RunError) -> Failure {
    match error {
        RunError::Trials(_) | RunError::Threads { .. } => Failure::invalid(error),
        _ => Failure::failed(error),
    }
}
