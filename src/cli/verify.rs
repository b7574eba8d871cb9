//! `udfald verify`: run a results folder again from itself and compare every byte; or hold a scenario against the exact
//! answer.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::exactly::Exactly;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Threads, language};
use super::progress::Progress;
use super::run::failure_of;
use super::size::{Size, Wanted as Whole};
use super::study::study_failure;
use crate::engine::run::Settings;
use crate::report::below::paths_below;
use crate::report::figures::Figures;
use crate::report::left;
use crate::report::outputs::{Making, outputs};
use crate::report::passport::{self, Passport};
use crate::report::summary;
use crate::report::text::Language;
use crate::report::verify::{Held, Names};
use crate::report::wanted::Wanted;
use crate::scenario::source::{LARGEST_FILE, room};

/// The largest passport that is read; that of a thousand contracts has some hundred kilobytes.
const LARGEST_PASSPORT: u64 = 64 << 20;

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
    /// Language of what is found
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    size: Size,
}

impl Verify {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        if self.exactly.is_asked() {
            return self.exactly.execute(&self.folder, self.lang, self.threads, console);
        }
        let found: Names = paths_below(&self.folder).map_err(Failure::invalid)?.into_iter().collect();
        let (passport, settings, wanted) = self.passport(&found)?;
        let sources = sources(&found)?;
        let changed = passport.changed_sources(&sources);
        let mut held = Held::new(&found, &passport, &changed, self.lang);
        self.threads.prepare();
        let failed = match Loaded::from_memory(&sources, passport.root()) {
            Ok(loaded) => self.compare(&loaded, settings, &wanted, &mut held, console).map(|()| None),
            // A scenario that no longer loads is a difference that was found, if it is not the one that was run.
            Err(Failure::Invalid(error)) if !changed.is_empty() => {
                held.by_digest().map_err(Failure::failed).map(|()| Some(error))
            }
            Err(other) => Err(other),
        }?;
        let outcome = held.finish();
        console.print(&outcome.text)?;
        match failed {
            Some(error) => Err(Failure::Failed(error)),
            None => Ok(if outcome.same { Status::Done } else { Status::Failed }),
        }
    }

    fn passport(&self, found: &Names) -> Result<(Passport, Settings, Wanted), Failure> {
        let folder = self.folder.display();
        let refuse = |why: String| Failure::invalid(anyhow!("`{folder}` is no results folder: {why}"));
        let path = found.get(passport::NAME).and_then(Option::as_ref);
        let path = path.ok_or_else(|| {
            let left = left::told(&self.folder);
            refuse(format!("it has no passport.json, which says how it was run{left}"))
        })?;
        let bytes = read(path, LARGEST_PASSPORT)?;
        let passport = Passport::from_bytes(&bytes).map_err(|why| refuse(format!("passport.json: {why}")))?;
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
        held: &mut Held<'_>,
        console: &Console,
    ) -> Result<(), Failure> {
        let more = wanted.more_trials(&loaded.model, settings).map_err(study_failure)?;
        let trials = settings.trials.saturating_add(more);
        let mut size = Whole::study(&loaded.model, settings, trials, self.threads);
        // Beside the file that is made stands the one that is compared, which is not read when it is twice as long.
        size.file = 3 * summary::size(&loaded.model);
        size.sooner = "give it more --threads";
        self.size.check(&size, console)?;
        let progress = Progress::over(trials);
        let results = loaded.model.run_watched(settings, self.threads.threads, &progress);
        let results = results.inspect_err(|_| progress.finish()).map_err(failure_of)?;
        let figures = Figures::new(&results).map_err(Failure::failed)?;
        let making = Making { figures: &figures, cases: &loaded.cases, wanted, watch: &progress };
        let made = outputs(making, held);
        progress.finish();
        made.map_err(Failure::failed)
    }
}

/// The first bytes of a file. What is longer than anything that is expected is not read to its end.
fn read(path: &PathBuf, most: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes));
    let name = path.display();
    read.map_err(|error: io::Error| Failure::invalid(anyhow!("`{name}` cannot be read: {error}")))?;
    Ok(bytes)
}

/// The scenario files of a results folder, by their names below its scenario folder.
fn sources(found: &Names) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let below = |name: &str| Some(name.strip_prefix(passport::SCENARIO)?.strip_prefix('/')?.to_owned());
    let (mut all, mut bytes) = (Vec::new(), 0);
    for (name, path) in found {
        if let Some((below, path)) = below(name).zip(path.as_ref()) {
            room(all.len(), bytes, name).map_err(Failure::invalid)?;
            let file = read(path, LARGEST_FILE as u64 + 1)?;
            bytes += file.len();
            all.push((below, file));
        }
    }
    Ok(all)
}
