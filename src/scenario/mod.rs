//! Scenario files: from TOML text to a checked model, in two steps: what was typed, and what it means.
//!
//! [`load`] reads a file with all it includes or is laid over, and gives a [`Scenario`] in which every date,
//! reference and order is resolved, or [`Diagnostics`] that show all mistakes with file, line and what to type instead.

mod check;
mod choices;
pub mod diagnose;
mod files;
pub mod formula;
pub mod model;
pub mod name;
mod overlay;
mod raw;
mod read;
pub mod register;
pub mod schema;
pub mod set;
pub mod source;
pub(crate) mod suggest;
#[cfg(test)]
mod tests;
mod value;
mod words;

use std::path::Path;

pub use diagnose::{Diagnostic, Diagnostics, Severity};
pub use model::Scenario;

use files::{Disk, Files, Memory};
use overlay::Reader;
use set::{Pending, Set};
use source::{ReadError, Sources};

/// Reads a scenario and all files it includes or is laid over.
///
/// # Errors
/// All mistakes of meaning at once; of a file that is not TOML the first.
pub fn load(path: &Path) -> Result<Scenario, Diagnostics> {
    load_with_warnings(path).map(|(scenario, _)| scenario)
}

/// As [`load`], with what is suspicious though not wrong.
///
/// # Errors
/// As [`load`]; the warnings are then among the diagnostics.
pub fn load_with_warnings(path: &Path) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let disk = Disk::new(path).map_err(|error| unreadable(&error))?;
    read(&disk)
}

/// Reads a scenario from files in memory, by path relative to one folder: a results folder, or a part of a run.
///
/// # Errors
/// As [`load`].
pub fn load_from_memory(
    files: &[(String, Vec<u8>)],
    root: &str,
) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let memory = Memory::new(files, root).map_err(|error| unreadable(&error))?;
    read(&memory)
}

/// Reads a scenario with some of its values replaced.
///
/// # Errors
/// As [`load`].
pub fn load_with(path: &Path, sets: &[Set]) -> Result<Scenario, Diagnostics> {
    let disk = Disk::new(path).map_err(|error| unreadable(&error))?;
    let mut reader = Reader::new(&disk);
    reader.sets = sets.iter().map(Pending::new).collect();
    checked(reader).map(|(scenario, _)| scenario)
}

fn read(files: &dyn Files) -> Result<(Scenario, Diagnostics), Diagnostics> {
    checked(Reader::new(files))
}

fn checked(mut reader: Reader<'_>) -> Result<(Scenario, Diagnostics), Diagnostics> {
    let scenario = check::scenario(&mut reader);
    let failed = reader.findings.has_errors();
    let diagnostics = Diagnostics::new(reader.findings.into_list(), reader.sources);
    match scenario {
        Some(scenario) if !failed => Ok((scenario, diagnostics)),
        _ => Err(diagnostics),
    }
}

fn unreadable(error: &ReadError) -> Diagnostics {
    Diagnostics::new(vec![Diagnostic::nowhere(error.to_string())], Sources::default())
}
