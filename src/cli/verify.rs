//! `udfald verify`: run a results folder again from itself and compare every byte; or hold a scenario against the exact
//! answer.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::exactly::Exactly;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::Threads;
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::run::{Settings, Shard};
use crate::report::ReportError;
use crate::report::compare::differences;
use crate::report::figures::Figures;
use crate::report::folder::files_below;
use crate::report::outputs::outputs;
use crate::report::passport::{self, Passport};
use crate::report::wanted::Wanted;

/// Run a results folder again, from the folder alone, and say whether every file is identical
///
/// With --exact: solve a scenario exactly, simulate it, and say whether the two agree.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The results folder, written by `udfald run --out DIR`; with --exact, the scenario file
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    exactly: Exactly,
    #[command(flatten)]
    threads: Threads,
}

/// The files of a results folder by name.
type Files = BTreeMap<String, Vec<u8>>;

impl Verify {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        if self.exactly.is_asked() {
            return self.exactly.execute(&self.folder, self.threads, console);
        }
        let files: Files = files_below(&self.folder).map_err(Failure::invalid)?.into_iter().collect();
        let (passport, settings, wanted) = self.passport(&files)?;
        let sources = sources(&files);
        let changed = passport.changed_sources(&sources);
        if passport.engine() != env!("CARGO_PKG_VERSION") {
            let (theirs, ours) = (passport.engine(), env!("CARGO_PKG_VERSION"));
            console.note(&format!(
                "written by udfald {theirs}, this is {ours}: figures may differ for that reason"
            ));
        }
        let changed: Vec<_> = changed.iter().map(|name| format!("{}/{name}", passport::SCENARIO)).collect();
        for name in &changed {
            console.print(&format!("{name}: differs from what was run (by its passport)\n"))?;
        }
        let loaded = Loaded::from_memory(&sources, passport.root()).map_err(|failure| match failure {
            // A scenario that no longer loads is a difference that was found, if it is not the one that was run.
            Failure::Invalid(error) if !changed.is_empty() => Failure::Failed(error),
            other => other,
        })?;
        let others = files.into_iter().filter(|(name, _)| !changed.contains(name)).collect();
        let same = self.compare(&loaded, settings, &wanted, &others, &changed, console)?;
        Ok(if same && changed.is_empty() { Status::Done } else { Status::Failed })
    }

    fn passport(&self, files: &Files) -> Result<(Passport, Settings, Wanted), Failure> {
        let folder = self.folder.display();
        let refuse = |why: String| Failure::invalid(anyhow!("`{folder}` is no results folder: {why}"));
        let bytes = files.get(passport::NAME).ok_or_else(|| refuse("it has no passport.json".into()))?;
        let passport = Passport::from_bytes(bytes).map_err(|why| refuse(format!("passport.json: {why}")))?;
        let known = passport.settings().zip(passport.wanted());
        let (settings, wanted) =
            known.ok_or_else(|| refuse("passport.json names what does not exist".into()))?;
        Ok((passport, settings, wanted))
    }

    fn compare(
        &self,
        loaded: &Loaded,
        settings: Settings,
        wanted: &Wanted,
        files: &Files,
        told_of: &[String],
        console: &mut Console,
    ) -> Result<bool, Failure> {
        self.threads.prepare();
        let progress = Progress::new(settings, Shard::WHOLE);
        let results = loaded.model.run_watched(settings, self.threads.threads, &progress);
        progress.finish();
        let results = results.map_err(failure_of)?;
        let figures = Figures::new(&results).map_err(Failure::failed)?;
        let mut expected = Vec::new();
        let mut report = String::new();
        let mut same = true;
        let mut take = |name: &str, bytes: &[u8]| -> Result<(), ReportError> {
            let lines = match files.get(name) {
                None if told_of.iter().any(|told| told == name) => return Ok(()),
                None => vec!["missing".to_owned()],
                Some(found) => differences(name, found, bytes, wanted.profile),
            };
            same &= lines.is_empty();
            report.push_str(&told(name, &lines));
            expected.push(name.to_owned());
            Ok(())
        };
        outputs(&figures, &loaded.cases, wanted, &mut take).map_err(Failure::failed)?;
        for name in files.keys().filter(|name| !expected.contains(name)) {
            same = false;
            report.push_str(&told(name, &["not written by the run".to_owned()]));
        }
        console.print(&report)?;
        Ok(same)
    }
}

/// The scenario files of a results folder, by their names below its scenario folder.
fn sources(files: &Files) -> Vec<(String, Vec<u8>)> {
    let below = |name: &str| Some(name.strip_prefix(passport::SCENARIO)?.strip_prefix('/')?.to_owned());
    files.iter().filter_map(|(name, bytes)| Some((below(name)?, bytes.clone()))).collect()
}

fn told(name: &str, lines: &[String]) -> String {
    match lines {
        [] => format!("{name}: identical\n"),
        [line] => format!("{name}: {line}\n"),
        _ => lines.iter().fold(format!("{name}: differs\n"), |text, line| format!("{text}  {line}\n")),
    }
}
