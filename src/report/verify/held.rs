//! A results folder, held against the files of a run as they are made.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read as _, Write};
use std::path::{Path, PathBuf};

use super::checked::{Checked, State};
use super::verdict::Known;
use super::{Difference, Renamed, Telling, difference, passport as passports};
use crate::digest::{Digesting, sha256};
use crate::report::ReportError;
use crate::report::grouped;
use crate::report::html::names::prose;
use crate::report::outputs::{Fill, Take};
use crate::report::passport::{self, Passport};
use crate::report::profile::Profile;
use crate::report::text::Language;
use crate::report::text::verify::Words;
use crate::report::trials::TrialFile;

/// The files of a folder by name; links and devices have no path.
pub type Names = BTreeMap<String, Option<PathBuf>>;

/// Bytes that a file may be longer than twice what it should be, to be compared.
const MORE: u64 = 1 << 20;

/// What verification found.
#[derive(Debug, PartialEq, Eq)]
pub struct Outcome {
    /// A line or more a file, and what was done to the folder.
    pub text: String,
    /// Whether every file is what the run gives.
    pub same: bool,
}

/// The folder, held against what it should be.
pub struct Held<'h> {
    found: &'h Names,
    passport: &'h Passport,
    /// Scenario files, by their names in the folder, that are not those of the run.
    changed: Vec<String>,
    profile: Profile,
    words: Words,
    renamed: Renamed,
    /// Trials, also in the marks of the language, seed and sampler.
    run: (u64, String, u64, String),
    files: Vec<Checked>,
}

impl<'h> Held<'h> {
    /// Nothing compared yet. `changed` are scenario files, by their names below the scenario folder, that are not those of
    /// the run.
    #[must_use]
    pub fn new(found: &'h Names, passport: &'h Passport, changed: &[String], language: Language) -> Self {
        let changed = changed.iter().map(|name| format!("{}/{name}", passport::SCENARIO)).collect();
        let settings = passport.settings().unwrap_or_default();
        let trials = grouped(settings.trials as i64, language.text().group_mark());
        Self {
            found,
            passport,
            changed,
            profile: passport.wanted().unwrap_or_default().profile,
            words: language.verify(),
            renamed: passport.renamed(),
            run: (settings.trials, trials, settings.seed, settings.chance.name().to_owned()),
            files: Vec::new(),
        }
    }

    /// Compares digests alone, where the scenario cannot be run.
    ///
    /// # Errors
    /// What the system says.
    pub fn by_digest(&mut self) -> io::Result<()> {
        for name in self.passport.files() {
            let state = match self.found.get(name) {
                None => State::Missing,
                Some(None) => State::NoFile,
                Some(Some(path)) if self.is_recorded(name, &digest_of(path)?) => State::AsWritten,
                Some(Some(_)) => State::NotAsWritten,
            };
            self.files.push(Checked { name: name.to_owned(), state, told: Difference::default() });
        }
        Ok(())
    }

    /// What was found, when all files of the run have been compared, or their digests.
    #[must_use]
    pub fn finish(mut self) -> Outcome {
        let digests_alone = self.files.iter().all(|file| file.name != passport::NAME);
        self.note_extra();
        let known_names = |name: &String| self.found.contains_key(name);
        let source = |name: &String| {
            let below = name.strip_prefix(passport::SCENARIO).and_then(|name| name.strip_prefix('/'));
            match (known_names(name), below.is_some_and(|below| self.passport.has_source(below))) {
                (false, _) => self.words.scenario_missing(),
                (true, true) => self.words.scenario_changed(),
                (true, false) => self.words.scenario_extra(),
            }
        };
        let changed = self.changed.iter().map(|name| format!("{}: {}\n", prose(name), source(name)));
        let scenario_changed = !self.changed.is_empty();
        let files = self.files.iter().map(|file| file.text(self.words, &self.renamed, scenario_changed));
        let (_, trials, seed, sampler) = &self.run;
        let seed = seed.to_string();
        let known = Known {
            files: &self.files,
            scenario: &self.changed,
            run: [trials, &seed, sampler],
            words: self.words,
            older: self.passport.engine() != env!("CARGO_PKG_VERSION"),
        };
        let mut verdict = known.verdict();
        if digests_alone {
            verdict.push(self.words.cannot_run());
        }
        let older = super::versions::told(self.passport.engine(), known.is_same(), self.words);
        verdict.extend(older);
        // What stands in a folder must not steer the terminal of whoever checks it.
        let verdict: Vec<_> = verdict.iter().map(|sentence| prose(sentence)).collect();
        let text = format!("{}\n{}\n", changed.chain(files).collect::<String>(), verdict.join("\n"));
        Outcome { text, same: known.is_same() }
    }

    /// Files that no run wrote.
    fn note_extra(&mut self) {
        let known = |name: &str| {
            name == passport::NAME
                || self.changed.iter().any(|changed| changed == name)
                || self.files.iter().any(|file| file.name == name)
                || name.starts_with(passport::SCENARIO) && name[passport::SCENARIO.len()..].starts_with('/')
        };
        let extra: Vec<_> = self.found.keys().filter(|name| !known(name)).cloned().collect();
        let file = |name| Checked { name, state: State::Extra, told: Difference::default() };
        self.files.extend(extra.into_iter().map(file));
    }

    fn telling(&self) -> Telling<'_> {
        let (words, profile, trials) = (self.words, self.profile, self.run.0);
        Telling { words, profile, trials, renamed: &self.renamed }
    }

    fn is_recorded(&self, name: &str, digest: &str) -> bool {
        self.passport.digest_of(name) == Some(digest)
    }

    fn push(&mut self, name: &str, state: State, told: Difference) {
        self.files.push(Checked { name: name.to_owned(), state, told });
    }

    /// A file that differs; `None` when only names of an older version do.
    fn differs(&mut self, name: &str, recorded: bool, given: bool, told: Option<Difference>) {
        let Some(told) = told else { return self.push(name, State::Renamed, Difference::default()) };
        // Pages, workbooks and columns of another version may be written otherwise though their figures are the same.
        let made = !self.renamed.is_empty() && recorded && !is_of(name, &["csv", "json"]);
        let state = if made { State::OtherVersion } else { State::of_other(recorded, given) };
        self.push(name, state, told);
    }

    fn compare(&mut self, name: &str, path: &Path, expected: &[u8]) -> io::Result<()> {
        let length = path.metadata()?.len();
        if length > 2 * expected.len() as u64 + MORE {
            let told = self.words.much_too_long(&length.to_string(), &expected.len().to_string());
            self.push(name, State::Neither, Difference::line(told));
            return Ok(());
        }
        let found = std::fs::read(path)?;
        if name == passport::NAME {
            let changed = !self.changed.is_empty();
            let (state, told) = passports::compared(&found, expected, &self.files, changed, self.telling());
            self.push(name, state, told);
        } else if found == expected {
            self.push(name, State::Same, Difference::default());
        } else {
            let recorded = self.is_recorded(name, &sha256(&found));
            let given = self.is_recorded(name, &sha256(expected));
            let told = difference(name, &found, expected, self.telling());
            self.differs(name, recorded, given, told);
        }
        Ok(())
    }

    /// A file that is compared while it is made. Where one of figures differs it is made once more, to say which do.
    fn compare_stream(&mut self, name: &str, path: &Path, fill: &mut Fill<'_>) -> Result<(), ReportError> {
        let file = BufReader::new(File::open(path)?);
        let mut compared = Digesting::new(Compared { file, same: 0, lines: 1, differs: false });
        fill(&mut compared)?;
        let (compared, digest) = compared.into_parts();
        let (same, lines) = (compared.same, compared.lines);
        if compared.ends_alike()? {
            self.push(name, State::Same, Difference::default());
            return Ok(());
        }
        if TrialFile::ALL.iter().all(|trials| trials.file() != name) {
            let mut whole = Vec::new();
            fill(&mut whole)?;
            return Ok(self.compare(name, path, &whole)?);
        }
        let line = if is_of(name, &["csv"]) { self.words.in_line(&lines.to_string()) } else { String::new() };
        let told = Difference::line(format!("{}{line}", self.words.bytes(&same.to_string())));
        let recorded = self.is_recorded(name, &digest_of(path)?);
        let given = self.is_recorded(name, &digest);
        self.differs(name, recorded, given, Some(told));
        Ok(())
    }
}

impl Take for Held<'_> {
    fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        match self.found.get(name) {
            _ if self.changed.iter().any(|changed| changed == name) => {}
            None => self.push(name, State::Missing, Difference::default()),
            Some(None) => self.push(name, State::NoFile, Difference::default()),
            Some(Some(path)) => self.compare(name, path, bytes)?,
        }
        Ok(())
    }

    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), ReportError> {
        match self.found.get(name) {
            None => self.push(name, State::Missing, Difference::default()),
            Some(None) => self.push(name, State::NoFile, Difference::default()),
            Some(Some(path)) => return self.compare_stream(name, path, fill),
        }
        // The passport wants its digest all the same.
        fill(&mut io::sink())
    }
}

fn is_of(name: &str, kinds: &[&str]) -> bool {
    Path::new(name).extension().is_some_and(|kind| kinds.iter().any(|known| kind == *known))
}

/// The digest of a file that may be larger than memory.
fn digest_of(path: &Path) -> io::Result<String> {
    let mut digesting = Digesting::new(io::sink());
    io::copy(&mut File::open(path)?, &mut digesting)?;
    Ok(digesting.finish())
}

/// A file, read while what it should hold is written.
struct Compared {
    file: BufReader<File>,
    /// Bytes that are the same.
    same: u64,
    /// The line of the first that is not.
    lines: u64,
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
            let equal = super::bytes::in_common(&found, bytes);
            self.same += equal as u64;
            self.lines += found[..equal].split(|byte| *byte == b'\n').count() as u64 - 1;
            self.differs = equal < bytes.len();
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
