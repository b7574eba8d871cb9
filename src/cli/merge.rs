//! `udfald merge`: put parts together to the results of the whole run.

use std::io;
use std::iter::once;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Format, Reports, Threads};
use super::progress::Progress;
use super::size::{Size, Wanted};
use super::study::study_failure;
use super::write::write;
use crate::engine::part::{Merging, Part};
use crate::engine::results::Results;
use crate::engine::run::Settings;
use crate::report::folder::Folder;

/// Parts of portfolios take some megabytes; those of forty contracts without a lattice, of a million trials, 400.
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
    #[command(flatten)]
    size: Size,
}

/// How a merge needs less memory.
const INSTEAD: &str = ", without --out";

impl Merge {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let largest = self.parts.iter().map(|path| length(path)).max().unwrap_or(0);
        let reading = largest + largest / 2 * 3;
        self.size.check_memory(reading, INSTEAD)?;
        let mut parts = self.parts.iter().map(|path| read(path));
        let (name, first) =
            parts.next().ok_or_else(|| Failure::invalid(anyhow!("there is no part to merge")))??;
        let settings = first.settings();
        let loaded = Loaded::from_memory(&first.files(), first.root())?;
        self.reports.check(&loaded.model)?;
        let wanted = self.reports.wanted(&self.format);
        let more = wanted.more_trials(&loaded.model, settings).map_err(study_failure)?;
        let file = self.format.out.as_ref().map_or(0, |_| wanted.file_in_memory(&loaded.model));
        self.check_size(&loaded, settings, (more, reading + file), console)?;
        let mut merging = Merging::new(&loaded.model, &name, &first).map_err(Failure::invalid)?;
        for part in once(Ok((name, first))).chain(parts) {
            let (name, part) = part?;
            merging.add(&name, part).map_err(Failure::invalid)?;
        }
        let whole = merging.finish().map_err(Failure::invalid)?;
        let folder = self.format.out.as_deref().map(|out| Folder::prepare(out, None)).transpose();
        let folder = folder.map_err(Failure::invalid)?;
        let results = Results::new(&loaded.model, settings, whole);
        let progress = Progress::over(more);
        write(&results, &loaded, folder, (&self.format, &wanted), &progress, console)?;
        Ok(Status::Done)
    }

    /// The counts of the run; beside them one part while it is read, and a report that is made in memory.
    fn check_size(
        &self,
        loaded: &Loaded,
        settings: Settings,
        (more_trials, beside): (u64, u64),
        console: &Console,
    ) -> Result<(), Failure> {
        let model = &loaded.model;
        let threads = Threads { threads: None };
        let mut size = Wanted::study(model, settings, more_trials, threads);
        size.file = beside;
        size.instead = INSTEAD;
        size.sooner = "leave out --what-moves-it, --trial-columns and the report `sipmath`";
        self.size.check(&size, console)
    }
}

/// How long a file is; one that cannot be read is told of when it is.
fn length(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

fn read(path: &Path) -> Result<(String, Part), Failure> {
    let name = path.display().to_string();
    let bytes = read_part(path).with_context(|| format!("the part `{name}` cannot be read"));
    let part = Part::from_bytes(&name, &bytes.map_err(Failure::invalid)?).map_err(Failure::invalid)?;
    Ok((name, part))
}

/// The bytes of a part. A device or a file larger than any part is refused before memory is spent on it.
fn read_part(path: &Path) -> io::Result<Vec<u8>> {
    let data = std::fs::metadata(path)?;
    if !data.is_file() || data.len() > LARGEST_PART {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file below 1 GiB"));
    }
    std::fs::read(path)
}
