//! What commands of several runs share: how they fail, and how their folder is written.

use super::failure::Failure;
use super::options::{Format, StudyReports};
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::run::{RunError, Watch as _};
use crate::report::ReportError;
use crate::report::folder::Folder;
use crate::report::record::Record;
use crate::scenario::source::Sources;
use crate::study::StudyError;

/// What a study failed by, as a failure of the command.
pub(super) fn study_failure(error: StudyError) -> Failure {
    match error {
        StudyError::Run(error) => failure_of(error),
        StudyError::Scenario(diagnostics) => Failure::invalid(diagnostics),
        StudyError::Currencies(..) | StudyError::Set(_) => Failure::invalid(error),
        other => Failure::failed(other),
    }
}

/// The folder for the files of a study, checked before anything runs.
pub(super) fn prepare(format: &Format, kept: &[&std::path::Path]) -> Result<Option<Folder>, Failure> {
    let Some(out) = format.out.as_deref() else { return Ok(None) };
    for scenario in kept {
        // Each is checked alone; a prepared folder that is dropped leaves nothing.
        drop(Folder::prepare(out, Some(scenario)).map_err(Failure::invalid)?);
    }
    Folder::prepare(out, None).map(Some).map_err(Failure::invalid)
}

/// Options of a study as its passport has them: those of the command, and what is made beside the CSV file.
pub(super) fn options(own: Vec<String>, reports: &StudyReports, format: &Format) -> Vec<String> {
    let names: Vec<_> = reports.report.iter().map(|report| report.name()).collect();
    let more = if names.is_empty() {
        Vec::new()
    } else {
        vec![format!("--report {}", names.join(",")), format!("--lang {}", format.lang.name())]
    };
    own.into_iter().chain(more).collect()
}

/// Writes a study: copies of its scenarios by folder, its files, its passport; unless it was stopped.
pub(super) fn write(
    folder: Option<Folder>,
    mut record: Record,
    scenarios: &[(String, &Sources)],
    csv: (&str, &[u8]),
    reports: &[(String, Vec<u8>)],
    progress: &Progress,
) -> Result<(), Failure> {
    let Some(folder) = folder else { return Ok(()) };
    let mut fill = || -> Result<(), ReportError> {
        for (name, sources) in scenarios {
            record.copy(&folder, name, sources)?;
        }
        record.write(&folder, csv.0, csv.1)?;
        reports.iter().try_for_each(|(name, bytes)| record.write(&folder, name, bytes))
    };
    fill().and_then(|()| record.seal(&folder)).map_err(Failure::failed)?;
    if progress.stopped() {
        return Err(Failure::failed(RunError::Stopped));
    }
    folder.commit().map_err(Failure::failed)
}
