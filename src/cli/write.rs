//! Writing results: files first, then the table.

use super::console::Console;
use super::early::Early;
use super::failure::Failure;
use super::load::Loaded;
use super::options::Format;
use super::progress::Progress;
use crate::engine::results::Results;
use crate::engine::run::RunError;
use crate::report::figures::Figures;
use crate::report::folder::Folder;
use crate::report::outputs::{Making, outputs};
use crate::report::terminal::terminal;
use crate::report::wanted::Wanted;

/// Writes the files into a prepared folder, if there is one, and prints the table, in place of a first one.
pub(super) fn write(
    results: &Results<'_>,
    loaded: &Loaded,
    (folder, early): (Option<Folder>, Option<Early>),
    (format, wanted): (&Format, &Wanted),
    progress: &Progress,
    console: &mut Console,
) -> Result<(), Failure> {
    let figures = Figures::new(results).map_err(Failure::failed)?;
    let table = || terminal(&figures, &loaded.cases, format.lang);
    let files = || {
        let making = Making { figures: &figures, cases: &loaded.cases, wanted, watch: progress };
        folder.map(|mut folder| outputs(making, &mut folder).map(|()| folder)).transpose()
    };
    let (folder, table) = rayon::join(files, table);
    progress.finish();
    let (folder, table) = (folder.map_err(Failure::failed)?, table.map_err(Failure::failed)?);
    if let Some(folder) = folder {
        if progress.interrupted() {
            return Err(Failure::failed(RunError::Stopped));
        }
        folder.commit().map_err(Failure::failed)?;
    }
    if let Some(early) = early {
        early.clear(console)?;
    }
    console.print(&table)
}
