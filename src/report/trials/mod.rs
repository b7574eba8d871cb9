//! Chosen columns of the trials: a figure of the grid in every trial, for notebooks and databases.

mod columns;
mod parquet;
mod rows;

use std::io::Write;

use super::ReportError;
use super::profile::Profile;
use crate::engine::model::Model;
use crate::engine::run::{Settings, Watch};
use crate::engine::trials::Trials;
pub use columns::{Chosen, ColumnError, MOST, columns};

/// How trials are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrialFile {
    /// Apache Parquet: typed columns, a group of rows at a time.
    #[default]
    Parquet,
    /// In the marks of the other CSV files.
    Csv,
}

impl TrialFile {
    /// All ways.
    pub const ALL: [Self; 2] = [Self::Parquet, Self::Csv];

    /// The name on the command line and in passports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
        }
    }

    /// The name of the file.
    #[must_use]
    pub const fn file(self) -> &'static str {
        match self {
            Self::Parquet => "trials.parquet",
            Self::Csv => "trials.csv",
        }
    }

    /// The way of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|file| file.name() == name)
    }
}

/// Which trials are written, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wish<'w> {
    /// Columns as they are written on the command line.
    pub(crate) columns: &'w [String],
    pub(crate) file: TrialFile,
    pub(crate) profile: Profile,
}

/// Runs the trials once more and writes their columns as they come.
///
/// # Errors
/// When a column does not exist, the watcher stops, or the file cannot be written.
pub(crate) fn write(
    model: &Model,
    settings: Settings,
    wish: Wish<'_>,
    watch: &dyn Watch,
    out: &mut (dyn Write + Send),
) -> Result<(), ReportError> {
    let chosen = columns(model, wish.columns)?;
    let trials = Trials::new(model, |grid| {
        chosen.iter().map(|column| grid.figure(column.cell, column.flow)).collect()
    })?;
    // As many threads as those on which the run was read.
    let threads = Some(rayon::current_num_threads());
    match wish.file {
        TrialFile::Parquet => {
            let mut file = parquet::File::new(model.scenario(), settings, &chosen, out)?;
            trials.each(settings, threads, watch, &mut |first, group| file.group(first, group))?;
            file.finish()
        }
        TrialFile::Csv => {
            rows::head(&chosen, wish.profile, out)?;
            trials.each(settings, threads, watch, &mut |first, group| {
                rows::group(first, group, wish.profile, out)
            })
        }
    }
}
