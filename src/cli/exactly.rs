//! `udfald verify --exact`: the exact answer beside the simulation.

use std::path::Path;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Threads, trials, whole};
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::block::Chance;
use crate::engine::run::{Settings, Shard};
use crate::exact::{Answer, Effort, OutOfReach, solve};
use crate::report::beside::Beside;
use crate::report::terminal::beside::beside;
use crate::report::text::Language;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};
use crate::scenario::model::Scenario;

/// What `--exact` takes.
#[derive(Debug, Args)]
pub(super) struct Exactly {
    /// Solve a scenario file exactly, and hold its simulation against the answer
    #[arg(long)]
    exact: bool,
    /// Number of trials of the simulation
    #[arg(long, value_name = "N", default_value = "100_000", value_parser = trials, requires = "exact")]
    trials: u64,
    /// Seed of its random numbers
    #[arg(long, value_name = "S", default_value = "1", value_parser = whole, requires = "exact")]
    seed: u64,
}

impl Exactly {
    pub(super) fn is_asked(&self) -> bool {
        self.exact
    }

    /// Solves first: what is out of reach is known before the first trial.
    pub(super) fn execute(
        &self,
        path: &Path,
        lang: Language,
        threads: Threads,
        console: &mut Console,
    ) -> Result<Status, Failure> {
        threads.prepare();
        let loaded = Loaded::from_disk(path)?;
        loaded.mention_warnings(console, path);
        let answers = answers(loaded.model.scenario())?;
        let settings = Settings { trials: self.trials, seed: self.seed, chance: Chance::Inversion };
        let progress = Progress::new(settings, Shard::WHOLE);
        let results = loaded.model.run_watched(settings, threads.threads, &progress);
        progress.finish();
        let results = results.map_err(failure_of)?;
        let compared = answers.iter().enumerate().map(|(index, answer)| Beside::new(answer, &results, index));
        let compared: Vec<_> = compared.collect::<Result<_, _>>().map_err(Failure::failed)?;
        console.print(&beside(&results, &compared, lang))?;
        Ok(if compared.iter().all(Beside::agrees) { Status::Done } else { Status::Failed })
    }
}

fn answers(scenario: &Scenario) -> Result<Vec<Answer>, Failure> {
    let solved = scenario.investments.iter().map(|investment| solve(scenario, investment, Effort::default()));
    solved.collect::<Result<_, _>>().map_err(|why| out_of_reach(scenario, &why))
}

fn out_of_reach(scenario: &Scenario, why: &OutOfReach) -> Failure {
    let finding = Diagnostic::error(why.span.clone(), why.to_string())
        .help("`udfald run` simulates it, and `--sampler reference` is a second way to the same figures");
    Failure::invalid(Diagnostics::new(vec![finding], scenario.sources.clone()))
}
