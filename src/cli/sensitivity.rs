//! `udfald sensitivity`: chance and ignorance apart, and which numbers move the payments.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::explain::payer;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Format, Simulation, StudyReports};
use super::progress::Progress;
use super::size::{Size, Wanted};
use super::study::{options, prepare, study_failure, write};
use crate::report::record::Record;
use crate::report::sensitivity;
use crate::report::study::Told;
use crate::report::study::sensitivity::sensitivity as table;
use crate::study::sensitivity::Sensitivity;

/// Say why payments are uncertain, and which numbers move them
///
/// Chance, shock and ignorance apart; each number at its P10 and P90; Sobol indices with their errors; and what would have
/// to be true for a limit to cut in half of the trials. sensitivity.csv has every payer and year.
#[derive(Debug, Args)]
pub(super) struct Sensitive {
    /// The scenario file
    scenario: PathBuf,
    /// Show one payer only; the file has all of them
    #[arg(long, value_name = "ID")]
    party: Option<String>,
    #[command(flatten)]
    simulation: Simulation,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: StudyReports,
}

impl Sensitive {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        self.simulation.threads.prepare();
        let loaded = Loaded::from_disk(&self.scenario)?;
        loaded.mention_warnings(console, &self.scenario);
        if let Some(party) = self.party.as_deref().filter(|party| *party != "all") {
            payer(&loaded.model, party)?;
        }
        let folder = prepare(&self.format, &[&self.scenario])?;
        let settings = self.simulation.settings();
        let trials = Sensitivity::trials(&loaded.model, settings).map_err(study_failure)?;
        self.size.check(&Wanted::study(&loaded.model, settings, trials, self.simulation.threads), console)?;
        let progress = Progress::over(trials);
        let study = Sensitivity::new(&loaded.model, settings, self.simulation.threads.threads, &progress);
        progress.finish();
        let study = study.map_err(study_failure)?;
        let scenario = loaded.model.scenario();
        let told = Told::Sensitivity(scenario, &study, self.party.as_deref());
        let csv = told.csv(self.format.csv).map_err(Failure::failed)?;
        let reports = told.reports(&self.reports.report, self.format.lang).map_err(Failure::failed)?;
        let party = self.party.iter().filter(|_| !reports.is_empty()).map(|id| format!("--party {id}"));
        let options = options(party.collect(), &self.reports, &self.format);
        let record = Record::new("sensitivity", options, settings, self.format.csv);
        let sources = [("scenario".to_owned(), &scenario.sources)];
        write(folder, record, &sources, (sensitivity::NAME, &csv), &reports, &progress)?;
        console.print(&table(scenario, &study, self.party.as_deref(), self.format.lang))?;
        Ok(Status::Done)
    }
}
