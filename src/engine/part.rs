//! Parts: the counts of one shard in a file, and their exact merge.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::block::Chance;
use super::model::Model;
use super::run::{RunError, Runner, Settings, Shard, Watch};
use super::spans::Span;
use super::total::{Counts, Total, Whole};
use crate::digest::{sealed, sha256_of_scenario, unsealed};
use crate::measure::Tally;

/// How the bytes of every part begin: what may be overwritten by another part.
pub const MARK: &[u8] = b"{\"format\":";

/// The version of the format; a part of another version is refused.
const FORMAT: u32 = 2;

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
    counts: Vec<PartCounts>,
}

/// The counts of a span.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PartCounts {
    span: Span,
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
    /// See [`RunError`].
    pub fn run(
        model: &Model,
        settings: Settings,
        shard: Shard,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, RunError> {
        let plan = model.plan();
        let runner = Runner::new(plan, settings, &plan.dimensions(), threads)?;
        let spans = shard.spans(settings).into_iter();
        let counts = spans.map(|span| runner.count(span, watch)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self::of(model, settings, shard, counts))
    }

    /// The part with these counts.
    #[must_use]
    pub fn of(model: &Model, settings: Settings, shard: Shard, counts: Vec<Counts>) -> Self {
        let sources = &model.scenario().sources;
        let files: Vec<_> = sources
            .tree()
            .into_iter()
            .map(|(name, bytes)| PartFile { name, text: String::from_utf8_lossy(bytes).into_owned() })
            .collect();
        let root = sources.root();
        let counts = counts.into_iter().map(|Counts { span, tallies }| PartCounts { span, tallies });
        Self {
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
            counts: counts.collect(),
        }
    }

    /// The part as the bytes of a file.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn to_bytes(&self) -> Result<Vec<u8>, serde_json::Error> {
        Ok(sealed(serde_json::to_vec(self)?))
    }

    /// Reads a part from the bytes of a file called `name`.
    ///
    /// # Errors
    /// When it is no part, of another format, or of another version of this program.
    pub fn from_bytes(name: &str, bytes: &[u8]) -> Result<Self, PartError> {
        let (line, whole) = unsealed(bytes);
        let part: Self = serde_json::from_slice(line)
            .map_err(|error| PartError::Unreadable(name.to_owned(), error.to_string()))?;
        let engine = env!("CARGO_PKG_VERSION");
        if part.engine != engine {
            return Err(PartError::Engine(name.to_owned(), part.engine, engine.to_owned()));
        }
        if !whole {
            let why = "its checksum differs, so it was cut short or changed";
            return Err(PartError::Unreadable(name.to_owned(), why.to_owned()));
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

    /// The number of a part, from the beginning of its file: it stands before the counts. `None` where it is not found.
    #[must_use]
    pub fn number(beginning: &[u8]) -> Option<u64> {
        let text = String::from_utf8_lossy(beginning);
        let (_, rest) = text.split_once("\"shard\":")?;
        rest[..rest.find(|next: char| !next.is_ascii_digit())?].parse().ok()
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

    /// What differs between the run it belongs to and a part of another.
    pub(crate) fn differs_from(
        &self,
        model: &Model,
        settings: Settings,
        shard: Shard,
    ) -> Option<&'static str> {
        self.differs(&Self::of(model, settings, shard, Vec::new()))
            .or_else(|| (self.shard != shard.index()).then_some("the number of the part"))
    }

    /// Its counts, one for each span.
    pub(crate) fn into_counts(self) -> Vec<Counts> {
        self.counts.into_iter().map(|PartCounts { span, tallies }| Counts { span, tallies }).collect()
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

/// Parts of one run that are put together one by one, in any order. Beside the counts of the run one part is held and, of a sampler
/// with replicates, the counts of every replicate that is not complete: one where parts come by their numbers, else up to 32.
#[derive(Debug)]
pub struct Merging<'m> {
    model: &'m Model,
    total: Total,
    /// What every part says of its run, without counts, and the name of the part that said it first.
    run: Part,
    first: String,
    /// The part that holds each shard.
    holders: Vec<Option<String>>,
}

impl<'m> Merging<'m> {
    /// Nothing yet, of the run that a part belongs to, from whose scenario the model was compiled.
    ///
    /// # Errors
    /// None that a run of the model does not have.
    pub fn new(model: &'m Model, name: &str, part: &Part) -> Result<Self, PartError> {
        let (settings, first) = (part.settings(), name.to_owned());
        let total = Total::new(model.plan(), settings);
        let total = total.map_err(|error| PartError::Damaged(first.clone(), error.to_string()))?;
        let run = Part { of: part.of, ..Part::of(model, settings, Shard::WHOLE, Vec::new()) };
        Ok(Self { model, total, run, first, holders: vec![None; part.of as usize] })
    }

    /// Adds a part.
    ///
    /// # Errors
    /// When it is of another run, was added before, or has counts that do not fit the plan of the model or the trials of its
    /// shard.
    pub fn add(&mut self, name: &str, part: Part) -> Result<(), PartError> {
        if let Some(what) = part.differs(&self.run) {
            return Err(PartError::Other(name.to_owned(), self.first.clone(), what));
        }
        let holder = &mut self.holders[part.shard as usize - 1];
        if let Some(other) = holder {
            return Err(PartError::Overlap(name.to_owned(), other.clone(), part.shard, part.of));
        }
        *holder = Some(name.to_owned());
        let damaged = |what: String| PartError::Damaged(name.to_owned(), what);
        let shard = Shard::new(part.shard, part.of);
        let spans = shard.map(|shard| shard.spans(part.settings())).unwrap_or_default();
        if !part.counts.iter().map(|counts| counts.span).eq(spans) {
            return Err(damaged("its pages are not those of its number".to_owned()));
        }
        for counts in part.fitting(self.model.plan().shapes().len()).map_err(damaged)? {
            self.total.add(counts).map_err(|error| damaged(error.to_string()))?;
        }
        Ok(())
    }

    /// The counts of the whole run.
    ///
    /// # Errors
    /// When a part is missing.
    pub fn finish(self) -> Result<Whole, PartError> {
        match self.holders.iter().position(Option::is_none) {
            Some(gap) => Err(PartError::Gap(gap as u64 + 1, self.run.of)),
            None => Ok(self.total.finish()),
        }
    }
}

impl Part {
    /// Its counts, when they are of so many tallies and of the trials of their spans.
    pub(crate) fn fitting(self, tallies: usize) -> Result<Vec<Counts>, String> {
        let settings = self.settings();
        let fit = |PartCounts { span, tallies: found }| {
            if found.len() != tallies {
                return Err(format!("{} tallies instead of {tallies}", found.len()));
            }
            let possible = span.replicate < settings.chance.replicates()
                && span.from < span.to
                && span.to <= settings.pages_of(span.replicate);
            if !possible {
                return Err("pages that the run does not have".to_owned());
            }
            let expected = settings.trials_within(span);
            match found.iter().find(|tally| tally.trials() != expected) {
                Some(tally) => Err(format!("{} trials counted instead of {expected}", tally.trials())),
                None => Ok(Counts { span, tallies: found }),
            }
        };
        self.counts.into_iter().map(fit).collect()
    }
}
