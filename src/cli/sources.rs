//! `udfald sources`: what each clause of a contract became in a scenario, and what no document states.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{language, profile};
use crate::report::folder::File;
use crate::report::profile::Profile;
use crate::report::sources::{mark, sources as csv_of};
use crate::report::terminal::sources::sources as table_of;
use crate::report::text::Language;

/// Show which clause of which document each number comes from, with its line, and what no document states
///
/// Clauses are those that the scenario names: `stated = "s1 § 4: at most 1.0 m"`.
#[derive(Debug, Args)]
pub(super) struct Sources {
    /// The scenario file
    scenario: PathBuf,
    /// File for the whole list, every number a row
    #[arg(long, value_name = "FILE")]
    list: Option<PathBuf>,
    /// Language of the table
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
    /// Marks of the CSV file
    #[arg(long, value_name = "PROFILE", default_value = "plain", value_parser = profile)]
    csv: Profile,
}

impl Sources {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let loaded = Loaded::from_disk(&self.scenario)?;
        let scenario = loaded.model.scenario();
        if let Some(path) = &self.list {
            let mark = mark(self.csv).map_err(Failure::failed)?;
            let file = File::prepare(path, &mark).map_err(Failure::invalid)?;
            let bytes = csv_of(scenario, self.csv).map_err(Failure::failed)?;
            file.commit(&bytes).map_err(Failure::failed)?;
        }
        console.print(&table_of(scenario, self.lang))?;
        Ok(Status::Done)
    }
}
