//! `udfald run`: simulate a scenario, write its results, print the table.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::early::{Beginning, Early};
use super::failure::{Failure, Status};
use super::legs::{Legs, Resume};
use super::load::Loaded;
use super::options::{Format, Reports, Simulation, shard};
use super::precise::{Doubling, Precise};
use super::progress::Progress;
use super::size::{FEWER_OR_SPREAD, MORE_PARTS, Size, Wanted};
use super::study::study_failure;
use super::write::write;
use crate::engine::bounds::Asked;
use crate::engine::model::Model;
use crate::engine::need::Figures;
use crate::engine::part::{self, Part};
use crate::engine::results::Results;
use crate::engine::run::{RunError, Settings, Shard, Watch};
use crate::engine::total::{Spans, Total};
use crate::report::folder::{File, Folder};
use crate::report::terminal::{precise, reads};
use crate::report::unfinished::Unfinished;

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
    precise: Precise,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: Reports,
    #[command(flatten)]
    resume: Resume,
    #[command(flatten)]
    size: Size,
    /// Say how much memory it would need and how long it would take, and run nothing
    #[arg(long = "dry-run")]
    only_told: bool,
    /// Run only part I of N, for `udfald merge`
    #[arg(long, value_name = "I/N", value_parser = shard, requires = "part", conflicts_with = "out")]
    shard: Option<Shard>,
    /// File for the part
    #[arg(long, value_name = "FILE", requires = "shard")]
    part: Option<PathBuf>,
}

impl Run {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        self.simulation.threads.prepare();
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
        let unfinished = out.map(|out| self.resume.beside(out)).transpose()?;
        let settings = self.simulation.settings();
        let keep_every = unfinished.as_ref().map(|_| self.resume.keep_every);
        let wanted = self.reports.wanted(&self.format).with_precision(self.precise.precision);
        if wanted.what_moves_it && settings.chance.replicates() > 1 {
            return Err(Failure::invalid(RunError::Paired(settings.chance.name())));
        }
        let more = wanted.more_trials(&loaded.model, settings).map_err(study_failure)?;
        let all_trials = settings.trials.saturating_add(more);
        let model = &loaded.model;
        let (figures, signs) = reads(&model.compiled().grid, model.scenario().investments.len());
        let doubles = self.precise.precision.is_some();
        let size = Wanted {
            model,
            settings,
            // How many trials a precision takes is not known before.
            all_trials: if doubles { 0 } else { all_trials },
            figures: if out.is_some() || doubles {
                Figures::All
            } else {
                Figures::Some { figures: &figures, signs: &signs }
            },
            file: out.map_or(0, |_| wanted.file_in_memory(model)),
            threads: self.simulation.threads.threads,
            instead: if out.is_some() {
                ", without --out, with fewer --threads"
            } else {
                ", with fewer --threads"
            },
            sooner: FEWER_OR_SPREAD,
        };
        if !self.goes_on(&size, console)? {
            return Ok(());
        }
        let progress = Progress::over(all_trials).keeping(keep_every);
        let early = self.first_table(loaded, settings, console)?;
        let asked = if out.is_some() { Asked::All } else { Asked::Payments };
        let results = model.beside_largest(asked, || {
            self.results(loaded, settings, &progress, unfinished.as_ref(), console)
        });
        let results = results.inspect_err(|_| progress.finish())?;
        write(&results, loaded, (folder, early), (&self.format, &wanted), &progress, console)?;
        if let Some(unfinished) = unfinished {
            unfinished.remove().map_err(Failure::failed)?;
        }
        self.precise.precision.map_or(Ok(()), |kroner| {
            let code = &loaded.model.scenario().currency.code;
            let line = precise(self.format.lang, kroner, code, results.settings().trials);
            console.print(&format!("\n{line}"))
        })
    }

    /// Says before anything runs what is too large, or what it would take; whether there is anything left to do.
    fn goes_on(&self, wanted: &Wanted<'_>, console: &mut Console) -> Result<bool, Failure> {
        if self.only_told {
            console.print(&wanted.told(self.format.lang)?)?;
        } else {
            self.size.check(wanted, console)?;
        }
        Ok(!self.only_told)
    }

    /// The first table on a terminal, unless files are asked for, or as many trials as it takes.
    fn first_table(
        &self,
        loaded: &Loaded,
        settings: Settings,
        console: &mut Console,
    ) -> Result<Option<Early>, Failure> {
        if self.format.out.is_some() || self.precise.precision.is_some() {
            return Ok(None);
        }
        let (threads, language) = (self.simulation.threads.threads, self.format.lang);
        Early::show(&Beginning { loaded, settings, threads, language }, console)
    }

    fn results<'l>(
        &self,
        loaded: &'l Loaded,
        settings: Settings,
        progress: &Progress,
        unfinished: Option<&Unfinished>,
        console: &Console,
    ) -> Result<Results<'l>, Failure> {
        let threads = self.simulation.threads.threads;
        if let Some(precision) = self.precise.precision {
            let doubling = Doubling { loaded, settings, threads, progress, unfinished };
            return doubling.run(precision, self.precise.at_most, console);
        }
        let model = &loaded.model;
        if unfinished.is_none() {
            return counted_for_table(model, settings, threads, progress);
        }
        let mut total = Total::new(model.plan(), settings).map_err(failure_of)?;
        let legs = Legs { model, settings, shard: Shard::WHOLE, threads, progress, unfinished };
        legs.run(&Shard::WHOLE.spans(settings), console, &mut |counts| total.add(counts))?;
        Ok(Results::new(model, settings, total.finish()))
    }

    fn run_part(
        &self,
        loaded: &Loaded,
        shard: Shard,
        path: &Path,
        console: &mut Console,
    ) -> Result<(), Failure> {
        let file = File::prepare(path, part::MARK).map_err(Failure::invalid)?;
        let unfinished = self.resume.beside(path)?;
        let settings = self.simulation.settings();
        let wanted = Wanted {
            model: &loaded.model,
            settings,
            all_trials: settings.trials / shard.of(),
            figures: Figures::All,
            file: 0,
            threads: self.simulation.threads.threads,
            instead: ", with fewer --threads",
            sooner: MORE_PARTS,
        };
        if !self.goes_on(&wanted, console)? {
            return Ok(());
        }
        let progress = Progress::new(settings, shard).keeping(Some(self.resume.keep_every));
        let (model, threads) = (&loaded.model, self.simulation.threads.threads);
        let legs =
            Legs { model, settings, shard, threads, progress: &progress, unfinished: Some(&unfinished) };
        let mut counted = Spans::default();
        let run = legs.run(&shard.spans(settings), console, &mut |counts| counted.add(counts));
        progress.finish();
        run?;
        let part = Part::of(model, settings, shard, counted.finish());
        let bytes = part.to_bytes().map_err(Failure::failed)?;
        if progress.interrupted() {
            return Err(Failure::failed(RunError::Stopped));
        }
        file.commit(&bytes).map_err(Failure::failed)?;
        unfinished.remove().map_err(Failure::failed)?;
        let (index, of) = (shard.index(), shard.of());
        console.note(&format!("part {index} of {of} written to {}", path.display()));
        Ok(())
    }
}

/// A run that counts what a table shows: a third of what the files hold.
pub(super) fn counted_for_table<'m>(
    model: &'m Model,
    settings: Settings,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<Results<'m>, Failure> {
    let (figures, signs) = reads(&model.compiled().grid, model.scenario().investments.len());
    model.run_counting(&figures, &signs, settings, threads, watch).map_err(failure_of)
}

/// The number of trials and threads can be known before the first trial.
pub(super) fn failure_of(error: RunError) -> Failure {
    match error {
        RunError::Trials(_) | RunError::Threads { .. } | RunError::Paired(_) => Failure::invalid(error),
        _ => Failure::failed(error),
    }
}
