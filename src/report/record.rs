//! The passport of a folder that holds a study: everything that decides its files, and what they must be.
//!
//! It stands under the name of a run's passport, so that a folder of a study is replaced like one of a run.

use serde::{Deserialize, Serialize};

use super::ReportError;
use super::folder::Folder;
use super::passport::{self, FileDigest};
use super::profile::Profile;
use crate::engine::run::Settings;
use crate::scenario::source::Sources;

/// The version of the format.
const FORMAT: u32 = 1;

/// What a study was, as `passport.json` has it. It holds no time, host, path or thread count: they decide nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    format: u32,
    command: String,
    options: Vec<String>,
    engine: String,
    trials: u64,
    seed: u64,
    sampler: String,
    csv: String,
    scenarios: Vec<Copied>,
    files: Vec<FileDigest>,
}

/// A scenario by its bytes, and the folder of its copy.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Copied {
    folder: String,
    root: String,
    sha256: String,
}

impl Record {
    /// A study by a command, with options beside those that every command has.
    #[must_use]
    pub fn new(command: &str, options: Vec<String>, settings: Settings, profile: Profile) -> Self {
        Self {
            format: FORMAT,
            command: command.to_owned(),
            options,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            trials: settings.trials,
            seed: settings.seed,
            sampler: settings.chance.name().to_owned(),
            csv: profile.name().to_owned(),
            scenarios: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Copies a scenario into a folder of the study.
    ///
    /// # Errors
    /// What the system says.
    pub fn copy(&mut self, target: &Folder, folder: &str, sources: &Sources) -> Result<(), ReportError> {
        for (name, bytes) in sources.tree() {
            target.write(&format!("{folder}/{name}"), bytes)?;
        }
        let (root, sha256) = (sources.root(), sources.sha256());
        self.scenarios.push(Copied { folder: folder.to_owned(), root, sha256 });
        Ok(())
    }

    /// Writes a file of the study.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&mut self, target: &Folder, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        self.files.push(FileDigest::new(name, bytes));
        Ok(target.write(name, bytes)?)
    }

    /// Writes the passport; it comes last.
    ///
    /// # Errors
    /// What the system says.
    pub fn seal(self, target: &Folder) -> Result<(), ReportError> {
        let mut bytes = serde_json::to_vec_pretty(&self)?;
        bytes.push(b'\n');
        Ok(target.write(passport::NAME, &bytes)?)
    }

    /// The command whose study a passport is of; `None` for that of a run.
    #[must_use]
    pub fn command_of(bytes: &[u8]) -> Option<String> {
        serde_json::from_slice::<Self>(bytes).ok().map(|record| record.command)
    }
}
