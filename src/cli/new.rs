//! `udfald new`: a scenario to begin from, written to a file.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::options::language;
use super::starters::{GALLERY, Starter, starter};
use crate::report::folder::File;
use crate::report::text::Language;
use crate::scenario::suggest;

/// Write a scenario to begin from: a small contract with remarks, or one of the gallery
#[derive(Debug, Args)]
pub(super) struct New {
    /// The file to write, which must not exist; `-` prints it
    #[arg(value_name = "FILE", default_value = "contract.toml")]
    file: PathBuf,
    /// Begin from this contract of the gallery
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// List the contracts of the gallery, and write nothing
    #[arg(long, conflicts_with_all = ["file", "from"])]
    list: bool,
    /// Language of the remarks and names; contracts of the gallery are in English
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
}

impl New {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        if self.list {
            console.print(&list(self.lang))?;
            return Ok(Status::Done);
        }
        let text = match &self.from {
            None => starter(self.lang).to_owned(),
            Some(id) => begun_from(find(id)?, self.lang),
        };
        if self.file == Path::new("-") {
            console.print(&text)?;
            return Ok(Status::Done);
        }
        let file = File::prepare_new(&self.file).map_err(Failure::invalid)?;
        file.commit(text.as_bytes()).map_err(Failure::failed)?;
        console.print(&self.lang.text().written(&self.file.display().to_string()))?;
        Ok(Status::Done)
    }
}

/// A contract of the gallery, with a line that says where it is from.
fn begun_from(starter: &Starter, language: Language) -> String {
    format!("# {}\n#\n{}", language.text().begun_from(starter.id), starter.text)
}

fn find(id: &str) -> Result<&'static Starter, Failure> {
    let ids = GALLERY.iter().map(|starter| starter.id);
    GALLERY.iter().find(|starter| starter.id == id).ok_or_else(|| {
        let help =
            suggest::nearest(id, ids).map_or_else(String::new, |near| format!("did you mean `{near}`? "));
        Failure::invalid(anyhow!(
            "the gallery has no contract `{id}`; {help}`udfald new --list` lists them all"
        ))
    })
}

fn list(language: Language) -> String {
    let width = GALLERY.iter().map(|starter| starter.id.len()).max().unwrap_or(0);
    let lines = GALLERY.iter().map(|starter| format!("  {:width$}  {}\n", starter.id, starter.name()));
    format!("{}\n{}", language.text().contracts_to_begin_from(), lines.collect::<String>())
}
