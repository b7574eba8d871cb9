//! Writing results: files first, then the table.

use super::console::Console;
use super::failure::Failure;
use super::load::Loaded;
use super::options::{Format, Pages};
use crate::engine::results::Results;
use crate::engine::run::RunError;
use crate::report::figures::Figures;
use crate::report::folder::Folder;
use crate::report::outputs::outputs;
use crate::report::terminal::terminal;

/// Writes the files into a prepared folder, if there is one, and prints the table.
pub(super) fn write(
    results: &Results<'_>,
    loaded: &Loaded,
    folder: Option<Folder>,
    (format, pages): (&Format, &Pages),
    stopped: &dyn Fn() -> bool,
    console: &mut Console,
) -> Result<(), Failure> {
    let figures = Figures::new(results).map_err(Failure::failed)?;
    let table = terminal(&figures, &loaded.cases, format.lang).map_err(Failure::failed)?;
    if let Some(folder) = folder {
        let mut take = |name: &str, bytes: &[u8]| Ok(folder.write(name, bytes)?);
        outputs(&figures, &loaded.cases, &pages.wanted(format), &mut take).map_err(Failure::failed)?;
        if stopped() {
            return Err(Failure::failed(RunError::Stopped));
        }
        folder.commit().map_err(Failure::failed)?;
    }
    console.print(&table)
}
