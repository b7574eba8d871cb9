//! `udfald merge`: put parts together to the results of the whole run.

use std::io;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Format, Reports};
use super::progress::Progress;
use super::study::study_failure;
use super::write::write;
use crate::engine::part::{Part, PartError, check, merge};
use crate::engine::results::Results;
use crate::report::folder::Folder;

/// Parts of portfolios take a few megabytes.
const LARGEST_PART: u64 = 1 << 30;

/// Put the parts of one run together, in any order, and write what the single run writes
#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The parts, written by `udfald run --shard I/N --part FILE`
    #[arg(required = true, value_name = "FILE")]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: Reports,
}

impl Merge {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let parts = self.read()?;
        check(&parts).map_err(Failure::invalid)?;
        let Some((_, first)) = parts.first() else { return Err(Failure::invalid(PartError::None)) };
        let settings = first.settings();
        let loaded = Loaded::from_memory(&first.files(), first.root())?;
        self.reports.check(&loaded.model)?;
        let whole = merge(&loaded.model, parts).map_err(Failure::invalid)?;
        let folder = self.format.out.as_deref().map(|out| Folder::prepare(out, None)).transpose();
        let folder = folder.map_err(Failure::invalid)?;
        let results = Results::new(&loaded.model, settings, whole);
        let wanted = self.reports.wanted(&self.format);
        let more = wanted.more_trials(&loaded.model, settings);
        let progress = Progress::over(more.map_err(study_failure)?);
        write(&results, &loaded, folder, (&self.format, &wanted), &progress, console)?;
        Ok(Status::Done)
    }

    fn read(&self) -> Result<Vec<(String, Part)>, Failure> {
        let read = |path: &PathBuf| {
            let name = path.display().to_string();
            let bytes = read_part(path).with_context(|| format!("the part `{name}` cannot be read"));
            let part = Part::from_bytes(&name, &bytes.map_err(Failure::invalid)?);
            part.map(|part| (name, part)).map_err(Failure::invalid)
        };
        self.parts.iter().map(read).collect()
    }
}

/// The bytes of a part. A device or a file larger than any part is refused before memory is spent on it.
fn read_part(path: &Path) -> io::Result<Vec<u8>> {
    let data = std::fs::metadata(path)?;
    if !data.is_file() || data.len() > LARGEST_PART {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file below 1 GiB"));
    }
    std::fs::read(path)
}
