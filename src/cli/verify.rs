//! `udfald verify`: run a results folder again from itself and compare every byte; or hold a scenario against the exact
//! answer.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::exactly::Exactly;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::Threads;
use super::progress::Progress;
use super::run::failure_of;
use super::study::study_failure;
use crate::engine::run::Settings;
use crate::report::ReportError;
use crate::report::compare::differences;
use crate::report::figures::Figures;
use crate::report::folder::files_below;
use crate::report::outputs::{Fill, Making, Take, outputs};
use crate::report::passport::{self, Passport};
use crate::report::profile::Profile;
use crate::report::trials::TrialFile;
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
        let files = files_below(&self.folder, &|name| !is_of_trials(name)).map_err(Failure::invalid)?;
        let files: Files = files.into_iter().collect();
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
        let more = wanted.more_trials(&loaded.model, settings).map_err(study_failure)?;
        let progress = Progress::over(settings.trials.saturating_add(more));
        let results = loaded.model.run_watched(settings, self.threads.threads, &progress);
        let results = results.inspect_err(|_| progress.finish()).map_err(failure_of)?;
        let figures = Figures::new(&results).map_err(Failure::failed)?;
        let mut held = Held {
            folder: &self.folder,
            files,
            told_of,
            profile: wanted.profile,
            expected: Vec::new(),
            report: String::new(),
            same: true,
        };
        let making = Making { figures: &figures, cases: &loaded.cases, wanted, watch: &progress };
        let made = outputs(making, &mut held);
        progress.finish();
        made.map_err(Failure::failed)?;
        let more: Vec<_> = files.keys().filter(|name| !held.expected.contains(name)).collect();
        more.into_iter().for_each(|name| held.tell(name, &["not written by the run".to_owned()]));
        console.print(&held.report)?;
        Ok(held.same)
    }
}

/// Whether a file may be larger than memory, and is compared as it is made.
fn is_of_trials(name: &str) -> bool {
    TrialFile::ALL.iter().any(|file| file.file() == name)
}

/// The folder, held against what it should be.
struct Held<'h> {
    folder: &'h Path,
    files: &'h Files,
    /// Files that were told of before.
    told_of: &'h [String],
    profile: Profile,
    expected: Vec<String>,
    report: String,
    same: bool,
}

impl Held<'_> {
    fn tell(&mut self, name: &str, lines: &[String]) {
        self.same &= lines.is_empty();
        self.report.push_str(&told(name, lines));
    }
}

impl Take for Held<'_> {
    fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        let lines = match self.files.get(name) {
            None if self.told_of.iter().any(|told| told == name) => return Ok(()),
            None => vec!["missing".to_owned()],
            Some(found) => differences(name, found, bytes, self.profile),
        };
        self.tell(name, &lines);
        self.expected.push(name.to_owned());
        Ok(())
    }

    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), ReportError> {
        self.expected.push(name.to_owned());
        if !self.files.contains_key(name) {
            self.tell(name, &["missing".to_owned()]);
            return Ok(());
        }
        let file = BufReader::new(File::open(self.folder.join(name))?);
        let mut compared = Compared { file, same: 0, differs: false };
        fill(&mut compared)?;
        let equal = compared.same;
        let lines = if compared.ends_alike()? {
            Vec::new()
        } else {
            vec![format!("other bytes, from byte {equal} on")]
        };
        self.tell(name, &lines);
        Ok(())
    }
}

/// A file, read while what it should hold is written.
struct Compared {
    file: BufReader<File>,
    /// Bytes that are the same.
    same: u64,
    differs: bool,
}

impl Compared {
    fn ends_alike(mut self) -> io::Result<bool> {
        Ok(!self.differs && self.file.read(&mut [0])? == 0)
    }
}

impl Write for Compared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if !self.differs {
            let mut found = Vec::with_capacity(bytes.len());
            self.file.by_ref().take(bytes.len() as u64).read_to_end(&mut found)?;
            let equal = found.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            self.same += equal as u64;
            self.differs = equal < bytes.len();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
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
