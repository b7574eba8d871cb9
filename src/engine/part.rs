//! Parts: the counts of one shard in a file, and their exact merge.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::block::Chance;
use super::model::Model;
use super::run::{RunError, Settings, Shard, Watch, run};
use crate::digest::sha256_of_scenario;
use crate::measure::{MergeError, Tally};

/// How the bytes of every part begin: what may be overwritten by another part.
pub const MARK: &[u8] = b"{\"format\":";

/// The version of the format; a part of another version is refused.
const FORMAT: u32 = 1;

/// The counts of one shard, with everything that decides them. Self-describing: the scenario is inside.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    format: u32,
    engine: String,
    trials: u64,
    seed: u64,
    sampler: String,
    shard: u64,
    of: u64,
    scenario: String,
    root: String,
    files: Vec<PartFile>,
    tallies: Vec<Tally>,
}

/// A file of the scenario.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartFile {
    pub(crate) name: String,
    pub(crate) text: String,
}

fn digest(root: &str, files: &[PartFile]) -> String {
    sha256_of_scenario(root, files.iter().map(|file| (file.name.as_str(), file.text.as_bytes())))
}

/// Why parts do not make a run.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PartError {
    /// No part at all.
    #[error("there is no part to merge")]
    None,
    /// Not a part, or of another format.
    #[error("{0}: not a part of this program: {1}")]
    Unreadable(String, String),
    /// Made by another version.
    #[error("{0}: made by udfald {1}, this is {2}; figures of two versions are not merged")]
    Engine(String, String, String),
    /// Of another run.
    #[error("{0}: a part of another run than {1}: {2} differs")]
    Other(String, String, &'static str),
    /// The same shard twice.
    #[error("{1} and {0} are both part {2} of {3}")]
    Overlap(String, String, u64, u64),
    /// A shard is missing.
    #[error("part {0} of {1} is missing")]
    Gap(u64, u64),
    /// Counts that do not fit the plan.
    #[error("{0}: its counts do not fit its scenario: {1}")]
    Damaged(String, String),
}

impl Part {
    /// Runs one shard of a model.
    ///
    /// # Errors
    /// See [`run`].
    pub fn run(
        model: &Model,
        settings: Settings,
        shard: Shard,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, RunError> {
        let tallies = run(&model.compiled().plan, settings, shard, threads, watch)?;
        let sources = &model.scenario().sources;
        let files: Vec<_> = sources
            .tree()
            .into_iter()
            .map(|(name, bytes)| PartFile { name, text: String::from_utf8_lossy(bytes).into_owned() })
            .collect();
        let root = sources.root();
        Ok(Self {
            format: FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            trials: settings.trials,
            seed: settings.seed,
            sampler: settings.chance.name().to_owned(),
            shard: shard.index(),
            of: shard.of(),
            scenario: digest(&root, &files),
            root,
            files,
            tallies,
        })
    }

    /// The part as the bytes of a file.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut bytes = serde_json::to_vec(self)?;
        bytes.push(b'\n');
        Ok(bytes)
    }

    /// Reads a part from the bytes of a file called `name`.
    ///
    /// # Errors
    /// When it is no part, of another format, or of another version of this program.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, PartError> {
        let part: Self = serde_json::from_slice(bytes)
            .map_err(|error| PartError::Unreadable(name.to_owned(), error.to_string()))?;
        let engine = env!("CARGO_PKG_VERSION");
        if part.engine != engine {
            return Err(PartError::Engine(name.to_owned(), part.engine, engine.to_owned()));
        }
        let sound = part.format == FORMAT
            && digest(&part.root, &part.files) == part.scenario
            && part.chance().is_some();
        let shard = Shard::new(part.shard, part.of);
        match shard {
            Ok(_) if sound => Ok(part),
            _ => Err(PartError::Unreadable(name.to_owned(), "its header contradicts itself".into())),
        }
    }

    /// The files of the scenario it carries.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        self.files.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect()
    }

    /// The file a run starts from.
    #[must_use]
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The settings of the run it belongs to.
    #[must_use]
    pub fn settings(&self) -> Settings {
        Settings { trials: self.trials, seed: self.seed, chance: self.chance().unwrap_or(Chance::Inversion) }
    }

    fn chance(&self) -> Option<Chance> {
        Chance::from_name(&self.sampler)
    }

    /// What differs between the runs that two parts belong to.
    fn differs(&self, other: &Self) -> Option<&'static str> {
        [
            (self.scenario != other.scenario, "the scenario"),
            (self.seed != other.seed, "the seed"),
            (self.trials != other.trials, "the number of trials"),
            (self.sampler != other.sampler, "the sampler"),
            (self.of != other.of, "the number of parts"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }
}

/// Checks that named parts make one whole run.
///
/// # Errors
/// When parts are of different runs, overlap, or leave a gap.
pub fn check(parts: &[(String, Part)]) -> Result<(), PartError> {
    let Some((first_name, first)) = parts.first() else { return Err(PartError::None) };
    for (name, part) in &parts[1..] {
        if let Some(what) = part.differs(first) {
            return Err(PartError::Other(name.clone(), first_name.clone(), what));
        }
    }
    let mut holders: Vec<Option<&str>> = vec![None; first.of as usize];
    for (name, part) in parts {
        let holder = &mut holders[part.shard as usize - 1];
        if let Some(other) = holder {
            return Err(PartError::Overlap(name.clone(), (*other).to_owned(), part.shard, part.of));
        }
        *holder = Some(name);
    }
    match holders.iter().position(Option::is_none) {
        Some(gap) => Err(PartError::Gap(gap as u64 + 1, first.of)),
        None => Ok(()),
    }
}

/// Merges the counts of checked parts, to be read with the model compiled from their scenario.
///
/// # Errors
/// When counts do not fit the plan of the model or the trials of their shard.
pub fn merge(model: &Model, parts: Vec<(String, Part)>) -> Result<Vec<Tally>, PartError> {
    let shapes = model.compiled().plan.shapes();
    let fresh = shapes.iter().map(|shape| Tally::new(*shape)).collect::<Result<Vec<_>, _>>();
    let mut total = fresh.map_err(|error| PartError::Damaged("the plan".into(), error.to_string()))?;
    for (name, part) in parts {
        let damaged = |what: String| PartError::Damaged(name.clone(), what);
        if part.tallies.len() != total.len() {
            return Err(damaged(format!("{} tallies instead of {}", part.tallies.len(), total.len())));
        }
        let expected = trials_of(&part);
        for (sum, tally) in total.iter_mut().zip(&part.tallies) {
            if tally.trials() != expected {
                return Err(damaged(format!("{} trials counted instead of {expected}", tally.trials())));
            }
            sum.merge(tally).map_err(|error: MergeError| damaged(error.to_string()))?;
        }
    }
    Ok(total)
}

/// The number of trials in a part's shard.
fn trials_of(part: &Part) -> u64 {
    let page = crate::draw::address::PAGE as u64;
    Shard::new(part.shard, part.of).map_or(0, |shard| {
        let pages = shard.pages(part.trials);
        (pages.end * page).min(part.trials) - (pages.start * page).min(part.trials)
    })
}
