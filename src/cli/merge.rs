//! `udfald merge`: put parts together to the results of the whole run.

use std::fs;
use std::io::{self, Read as _};
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

/// In so many bytes a part has said which it is.
const BEGINNING: u64 = 512;

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
        Threads { threads: None }.prepare();
        let largest = self.parts.iter().map(|path| length(path)).max().unwrap_or(0);
        // Its text, and one and a half times as much for the counts that are read from it (measured on parts of 250 MB).
        let reading = largest + largest / 2 * 3;
        self.size.check_memory(reading, INSTEAD)?;
        let mut parts = by_number(&self.parts).into_iter().map(read);
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
        write(&results, &loaded, (folder, None), (&self.format, &wanted), &progress, console)?;
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
    fs::metadata(path).map_or(0, |data| data.len())
}

/// Parts by their numbers, so that of a sampler with replicates one is open at a time; `*.part` gives 1, 10, 11, 2.
fn by_number(parts: &[PathBuf]) -> Vec<&Path> {
    let mut parts: Vec<_> = parts.iter().map(PathBuf::as_path).collect();
    parts.sort_by_cached_key(|path| number(path));
    parts
}

/// The number of a part; what has none is read first and told of.
fn number(path: &Path) -> Option<u64> {
    // A pipe without a writer would be waited for.
    let is_file = fs::metadata(path).is_ok_and(|data| data.is_file());
    let file = is_file.then(|| fs::File::open(path)).and_then(Result::ok)?;
    let mut beginning = Vec::new();
    file.take(BEGINNING).read_to_end(&mut beginning).ok()?;
    Part::number(&beginning)
}

fn read(path: &Path) -> Result<(String, Part), Failure> {
    let name = path.display().to_string();
    let bytes = read_part(path).with_context(|| format!("the part `{name}` cannot be read"));
    let part = Part::from_bytes(&name, &bytes.map_err(Failure::invalid)?).map_err(Failure::invalid)?;
    Ok((name, part))
}

/// The bytes of a part. A device or a file larger than any part is refused before memory is spent on it.
fn read_part(path: &Path) -> io::Result<Vec<u8>> {
    let data = fs::metadata(path)?;
    if !data.is_file() || data.len() > LARGEST_PART {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "not a regular file below 1 GiB"));
    }
    fs::read(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::load::Loaded;
    use crate::engine::block::Chance;
    use crate::engine::run::Shard;

    #[test]
    fn parts_are_read_by_their_numbers() {
        let place = tempfile::tempdir().unwrap();
        let loaded = Loaded::from_disk(Path::new("tests/fixtures/small.toml")).unwrap();
        let settings = Settings { trials: u64::MAX, seed: u64::MAX, chance: Chance::Inversion };
        let mut paths: Vec<_> = (1..=20)
            .map(|index| {
                let path = place.path().join(format!("{index}.part"));
                let shard = Shard::new(index, 20).unwrap();
                let part = Part::of(&loaded.model, settings, shard, Vec::new());
                fs::write(&path, part.to_bytes().unwrap()).unwrap();
                path
            })
            .collect();
        let expected = paths.clone();
        paths.sort();
        assert_ne!(paths, expected);
        assert_eq!(by_number(&paths), expected);
        let none = place.path().join("none");
        paths.push(none.clone());
        assert_eq!(by_number(&paths)[0], none);
    }
}
