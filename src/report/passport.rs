//! `passport.json`: everything that decides the files of a results folder, and what they must be.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::profile::Profile;
use super::record::Record;
use super::text::Language;
use super::trials::TrialFile;
use super::wanted::{Report, Wanted};
use crate::digest::sha256;
use crate::engine::block::Chance;
use crate::engine::run::Settings;
use crate::scenario::model::Investment;
use crate::scenario::source::Sources;

/// The version of the format.
const FORMAT: u32 = 1;

/// The name of the file; a folder that holds it is a results folder.
pub const NAME: &str = "passport.json";

/// The folder with the copy of the scenario.
pub const SCENARIO: &str = "scenario";

/// What is needed to run again. It holds no time, host, path or thread count: they decide nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Passport {
    format: u32,
    engine: String,
    trials: u64,
    seed: u64,
    sampler: String,
    /// The precision in kroner that decided the number of trials; left out where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    precision: Option<u64>,
    csv: String,
    /// Pages and files beside the CSV files, and their language; left out where there is none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    reports: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    /// The payer whose reports these are, and whether they say what moves the payments; left out where it does not apply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payer: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    what_moves_it: bool,
    /// Columns of trials and how they are written; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    trial_columns: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trial_file: Option<String>,
    scenario: ScenarioDigest,
    /// Ids under which contracts are known elsewhere, by investment and path; left out where there are none.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    ids: BTreeMap<String, String>,
    files: Vec<FileDigest>,
}

/// What every version of the format begins with.
#[derive(Deserialize)]
struct Head {
    format: u32,
    engine: String,
}

/// The scenario by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScenarioDigest {
    root: String,
    sha256: String,
    files: Vec<FileDigest>,
}

/// A file by its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    name: String,
    sha256: String,
}

impl FileDigest {
    /// The digest of a file.
    #[must_use]
    pub fn new(name: &str, bytes: &[u8]) -> Self {
        Self::known(name, sha256(bytes))
    }

    /// The digest of a file whose bytes are gone.
    #[must_use]
    pub fn known(name: &str, sha256: String) -> Self {
        Self { name: name.to_owned(), sha256 }
    }
}

impl Passport {
    /// The passport of a run that wrote these files.
    #[must_use]
    pub fn new(settings: Settings, wanted: &Wanted, sources: &Sources, files: Vec<FileDigest>) -> Self {
        let files_read = sources.tree().iter().map(|(name, text)| FileDigest::new(name, text)).collect();
        let scenario = ScenarioDigest { root: sources.root(), sha256: sources.sha256(), files: files_read };
        Self {
            format: FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            trials: settings.trials,
            seed: settings.seed,
            sampler: settings.chance.name().to_owned(),
            precision: wanted.precision,
            csv: wanted.profile.name().to_owned(),
            reports: wanted.reports.iter().map(|report| report.name().to_owned()).collect(),
            language: (!wanted.reports.is_empty()).then(|| wanted.language.name().to_owned()),
            payer: wanted.payer.clone(),
            what_moves_it: wanted.what_moves_it,
            trial_columns: wanted.trial_columns.clone(),
            trial_file: (!wanted.trial_columns.is_empty()).then(|| wanted.trial_file.name().to_owned()),
            scenario,
            ids: BTreeMap::new(),
            files,
        }
    }

    /// With the ids under which investments and their parts are known elsewhere.
    #[must_use]
    pub fn with_ids(self, investments: &[Investment]) -> Self {
        let ids = investments.iter().flat_map(|investment| {
            investment.ids().iter().map(|(path, id)| (format!("{}.{path}", investment.id()), id.clone()))
        });
        Self { ids: ids.collect(), ..self }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec_pretty(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a passport.
    ///
    /// # Errors
    /// When the bytes are no passport of this format.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        if let Some(command) = Record::command_of(bytes) {
            return Err(format!(
                "it is of `udfald {command}`; run that again into another folder and compare the files"
            ));
        }
        let head: Option<Head> = serde_json::from_slice(bytes).ok();
        if let Some(Head { format, engine }) = head.as_ref().filter(|head| head.format != FORMAT) {
            return Err(format!(
                "its format is {format}, this program reads {FORMAT}; it was written by udfald {engine}: verify with that"
            ));
        }
        let passport: Result<Self, _> = serde_json::from_slice(bytes);
        let other = head.map(|head| head.engine).filter(|engine| engine != env!("CARGO_PKG_VERSION"));
        let hint = other.map(|engine| format!("; it was written by udfald {engine}: verify with that"));
        let told = |why: String| why + hint.as_deref().unwrap_or_default();
        let damaged = |error: &serde_json::Error| if error.is_data() { "" } else { "it is damaged: " };
        let passport = passport.map_err(|error| told(format!("{}{error}", damaged(&error))))?;
        match passport.unknown() {
            None => Ok(passport),
            Some((what, name)) => Err(told(format!("it names a {what} that does not exist: `{name}`"))),
        }
    }

    /// The first name that stands for nothing in this version, and what it should name.
    fn unknown(&self) -> Option<(&'static str, &str)> {
        if self.settings().is_none() {
            return Some(("sampler", &self.sampler));
        }
        if Profile::from_name(&self.csv).is_none() {
            return Some(("CSV profile", &self.csv));
        }
        if let Some(report) = self.reports.iter().find(|report| Report::from_name(report).is_none()) {
            return Some(("report", report));
        }
        if let Some(language) = self.language.as_deref().filter(|name| Language::from_name(name).is_none()) {
            return Some(("language", language));
        }
        let file = self.trial_file.as_deref().filter(|name| TrialFile::from_name(name).is_none());
        file.map(|file| ("kind of file", file))
    }

    /// Names that an older version had for the same: what stands in the passport, and what it is called now.
    #[must_use]
    pub fn renamed(&self) -> Vec<(String, String)> {
        let sampler = self.settings().map(|settings| settings.chance.name().to_owned());
        let pairs = sampler.map(|now| (self.sampler.clone(), now)).into_iter();
        let engine = (self.engine.clone(), env!("CARGO_PKG_VERSION").to_owned());
        pairs.chain([engine]).filter(|(then, now)| then != now).collect()
    }

    /// The names of the files that it describes.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// The digest of a file that it describes.
    #[must_use]
    pub fn digest_of(&self, name: &str) -> Option<&str> {
        self.files.iter().find(|file| file.name == name).map(|file| file.sha256.as_str())
    }

    /// Whether it names a file of the scenario.
    #[must_use]
    pub fn has_source(&self, name: &str) -> bool {
        self.scenario.files.iter().any(|file| file.name == name)
    }

    /// The settings of the run; `None` when the sampler does not exist.
    #[must_use]
    pub fn settings(&self) -> Option<Settings> {
        let chance = Chance::from_name(&self.sampler).filter(|chance| *chance != Chance::Expected)?;
        Some(Settings { trials: self.trials, seed: self.seed, chance })
    }

    /// What the folder holds beside the scenario; `None` when it names what does not exist.
    #[must_use]
    pub fn wanted(&self) -> Option<Wanted> {
        let reports = self.reports.iter().map(|name| Report::from_name(name));
        let reports = reports.collect::<Option<Vec<_>>>()?;
        let language = self.language.as_deref().map_or(Some(Language::default()), Language::from_name)?;
        let file = self.trial_file.as_deref().map_or(Some(TrialFile::default()), TrialFile::from_name)?;
        let wanted = Wanted::csv(Profile::from_name(&self.csv)?).with_reports(&reports, language);
        let wanted = wanted.with_more(self.payer.as_deref(), self.what_moves_it);
        Some(wanted.with_trials(&self.trial_columns, file).with_precision(self.precision))
    }

    /// The version of the program that ran.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// The file of the scenario that a run starts from.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.scenario.root
    }

    /// The names of scenario files whose bytes are not those of the run, or that are missing or too many.
    #[must_use]
    pub fn changed_sources(&self, files: &[(String, Vec<u8>)]) -> Vec<String> {
        let found: Vec<_> = files.iter().map(|(name, bytes)| FileDigest::new(name, bytes)).collect();
        let missing = self.scenario.files.iter().filter(|file| !found.contains(file));
        let extra = found.iter().filter(|file| !self.scenario.files.contains(file));
        let mut names: Vec<_> = missing.chain(extra).map(|file| file.name.clone()).collect();
        names.sort();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passport() -> Passport {
        let files = vec![FileDigest::new("summary.csv", b"abc")];
        Passport::new(Settings::default(), &Wanted::csv(Profile::ExcelDa), &Sources::default(), files)
    }

    #[test]
    fn the_order_of_keys_is_fixed() {
        let text = String::from_utf8(passport().to_bytes().unwrap()).unwrap();
        let keys =
            ["format", "engine", "trials", "seed", "sampler", "csv", "scenario", "files", "ba7816bf8f01cfea"];
        let places: Vec<_> = keys.iter().map(|key| text.find(key).unwrap()).collect();
        assert!(places.is_sorted(), "{text}");
        assert_eq!(Passport::from_bytes(text.as_bytes()), Ok(passport()));
    }

    #[test]
    fn ids_stand_in_it_only_where_there_are_some() {
        let none = String::from_utf8(passport().to_bytes().unwrap()).unwrap();
        assert!(!none.contains("ids"), "{none}");
        let ids = BTreeMap::from([("norfolk.ids.indigo".to_owned(), "INDIGO-POJ-0178".to_owned())]);
        let some = Passport { ids, ..passport() };
        let bytes = some.to_bytes().unwrap();
        assert!(String::from_utf8_lossy(&bytes).contains("\"norfolk.ids.indigo\": \"INDIGO-POJ-0178\""));
        assert_eq!(Passport::from_bytes(&bytes), Ok(some));
    }

    #[test]
    fn an_older_name_is_known_and_another_version_named() {
        let text = String::from_utf8(passport().to_bytes().unwrap()).unwrap();
        let older = text.replace("\"plain\"", "\"inversion\"");
        let read = Passport::from_bytes(older.as_bytes()).unwrap();
        assert_eq!(read.settings(), passport().settings());
        assert_eq!(read.renamed(), [("inversion".to_owned(), "plain".to_owned())]);
        assert!(passport().renamed().is_empty());
        let engine = format!("\"engine\": \"{}\"", env!("CARGO_PKG_VERSION"));
        let newer = text.replace(&engine, "\"engine\": \"9.0.0\"");
        for (from, to) in
            [("\"format\": 1", "\"format\": 2"), ("\"seed\"", "\"host\": \"x\", \"seed\""), ("plain", "x")]
        {
            let why = Passport::from_bytes(newer.replace(from, to).as_bytes()).unwrap_err();
            assert!(why.contains("written by udfald 9.0.0"), "{why}");
        }
    }

    #[test]
    fn what_is_no_passport_is_refused() {
        let changed = |from: &str, to: &str| {
            let text = String::from_utf8(passport().to_bytes().unwrap()).unwrap();
            assert!(text.contains(from));
            Passport::from_bytes(text.replace(from, to).as_bytes())
        };
        assert!(changed("\"format\": 1", "\"format\": 2").is_err());
        assert!(changed("\"sampler\": \"plain\"", "\"sampler\": \"expected\"").is_err());
        assert!(changed("\"csv\": \"excel-da\"", "\"csv\": \"pdf\"").is_err());
        assert!(changed("\"csv\": \"excel-da\",", "\"csv\": \"plain\", \"reports\": [\"king\"],").is_err());
        assert!(changed("\"seed\": 1", "\"seed\": -1").is_err());
        assert!(changed("\"seed\"", "\"host\": \"x\", \"seed\"").is_err());
        assert!(Passport::from_bytes(b"{}").is_err());
    }
}
