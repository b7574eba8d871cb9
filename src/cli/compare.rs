//! `udfald compare`: scenarios held against the first of them, on the same random numbers.

use std::path::{Path, PathBuf};

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Format, Simulation, StudyReports};
use super::progress::Progress;
use super::size::{Size, Wanted};
use super::study::{options, prepare, study_failure, write};
use crate::diff::differences;
use crate::report::comparison::{self, letter};
use crate::report::record::Record;
use crate::report::study::Told;
use crate::report::study::comparison::{Entry, comparison as table};
use crate::report::text::Language;
use crate::study::compare::Comparison;

/// Scenarios have a letter each.
const MOST: usize = 26;

/// Compare scenarios on the same random numbers: what each payer pays more or less, year by year
///
/// The first scenario is A; B, C and so on are each held against it, trial by trial. What two scenarios name alike is
/// drawn alike, so that a difference is that of the terms and not of chance.
#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The scenario files, two or more
    #[arg(required = true, num_args = 2..=MOST, value_name = "SCENARIO")]
    scenarios: Vec<PathBuf>,
    #[command(flatten)]
    simulation: Simulation,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: StudyReports,
}

impl Compare {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        self.simulation.threads.prepare();
        let load = |path: &PathBuf| Loaded::from_disk(path);
        let loaded: Vec<Loaded> = self.scenarios.iter().map(load).collect::<Result<_, _>>()?;
        for (loaded, path) in loaded.iter().zip(&self.scenarios) {
            loaded.mention_warnings(console, path);
        }
        let kept: Vec<&Path> = self.scenarios.iter().map(PathBuf::as_path).collect();
        let folder = prepare(&self.format, &kept)?;
        let settings = self.simulation.settings();
        let models: Vec<_> = loaded.iter().map(|loaded| &loaded.model).collect();
        let trials = Comparison::passes(&models, settings.trials) * settings.trials;
        self.size.check(&Wanted::study(models[0], settings, trials, self.simulation.threads), console)?;
        let progress = Progress::over(trials);
        let compared = Comparison::new(&models, settings, self.simulation.threads.threads, &progress);
        progress.finish();
        let compared = compared.map_err(study_failure)?;
        let entries = self.entries(&loaded);
        let told = Told::Comparison(&entries, &compared);
        let csv = told.csv(self.format.csv).map_err(Failure::failed)?;
        let reports = told.reports(&self.reports.report, self.format.lang).map_err(Failure::failed)?;
        let options = options(Vec::new(), &self.reports, &self.format);
        let record = Record::new("compare", options, settings, self.format.csv);
        let sources: Vec<_> = models
            .iter()
            .enumerate()
            .map(|(index, model)| (format!("scenario/{}", letter(index)), &model.scenario().sources))
            .collect();
        write(folder, record, &sources, (comparison::NAME, &csv), &reports, &progress)?;
        console.print(&table(&entries, &compared, self.format.lang))?;
        Ok(Status::Done)
    }

    fn entries<'l>(&self, loaded: &'l [Loaded]) -> Vec<Entry<'l>> {
        let entry = |(loaded_one, path): (&'l Loaded, &PathBuf)| Entry {
            file: path.display().to_string(),
            model: &loaded_one.model,
            changes: changes(&loaded[0], loaded_one, self.format.lang),
        };
        loaded.iter().zip(&self.scenarios).map(entry).collect()
    }
}

/// What differs in the terms of two scenarios, in words.
fn changes(first: &Loaded, other: &Loaded, language: Language) -> Vec<String> {
    let found = differences(first.model.scenario(), other.model.scenario(), language);
    found.list.iter().map(|one| one.sentence(language)).collect()
}
