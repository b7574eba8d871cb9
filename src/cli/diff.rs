//! `udfald diff`: the terms that differ between two scenarios, in words.

use std::path::PathBuf;

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::language;
use crate::diff::differences;
use crate::report::text::Language;

/// Show the terms that differ between two scenarios, in words, and simulate nothing
///
/// What the files mean is compared, not how they are written. Ends with 0 whether they differ or not.
#[derive(Debug, Args)]
pub(super) struct Diff {
    /// The first scenario file
    first: PathBuf,
    /// The second; a variant of the first, or any other
    second: PathBuf,
    /// Language of the words
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
}

impl Diff {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let [first, second] = [&self.first, &self.second].map(|path| Loaded::from_disk(path));
        let (first, second) = (first?, second?);
        let (before, after) = (first.model.scenario(), second.model.scenario());
        let (from, to) = (self.first.display(), self.second.display());
        let found = differences(before, after, self.lang);
        console.print(&format!("{from} -> {to}\n\n{}", found.lines()))?;
        Ok(Status::Done)
    }
}
