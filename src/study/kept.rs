//! The figures of a variant of a sweep in a file, so that a sweep that was cut short can go on.
//!
//! Floating numbers are kept by their bits: a sweep that goes on ends with the bytes of one that was not cut short.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::cells::Names;
use super::sweep::{Point, Row};
use crate::digest::{sealed, unsealed};
use crate::engine::grid::Flow;
use crate::engine::run::Settings;
use crate::measure::Estimate;
use crate::scenario::source::Sources;

/// The version of the format.
const FORMAT: u32 = 1;

/// What decides the figures of a study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    format: u32,
    engine: String,
    options: Vec<String>,
    scenario: String,
    trials: u64,
    seed: u64,
    sampler: String,
}

/// Why bytes are no piece of a study.
#[derive(Debug, Error)]
pub enum PieceError {
    /// Of another study; what differs.
    #[error("{0} differs")]
    Other(&'static str),
    /// Not what was written.
    #[error("{0}")]
    Damaged(String),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Piece {
    study: Study,
    index: usize,
    values: Vec<String>,
    rows: Vec<KeptRow>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptRow {
    names: Names,
    flow: String,
    mean: Bits,
    p90: Bits,
    cut: Option<Bits>,
    prices: Vec<Option<Bits>>,
    over: Vec<Option<Bits>>,
}

/// A figure and the ends of its interval.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Bits(u64, Option<(u64, u64)>);

impl From<Estimate> for Bits {
    fn from(estimate: Estimate) -> Self {
        let ends = estimate.interval.map(|(low, high)| (low.to_bits(), high.to_bits()));
        Self(estimate.value.to_bits(), ends)
    }
}

impl From<Bits> for Estimate {
    fn from(Bits(value, ends): Bits) -> Self {
        let interval = ends.map(|(low, high)| (f64::from_bits(low), f64::from_bits(high)));
        Self { value: f64::from_bits(value), interval }
    }
}

impl From<&Row> for KeptRow {
    fn from(row: &Row) -> Self {
        let all =
            |figures: &[Option<Estimate>]| figures.iter().map(|figure| figure.map(Bits::from)).collect();
        Self {
            names: row.names.clone(),
            flow: row.flow.name().to_owned(),
            mean: row.mean.into(),
            p90: row.p90.into(),
            cut: row.cut.map(Bits::from),
            prices: all(&row.prices),
            over: all(&row.over),
        }
    }
}

impl KeptRow {
    fn row(self) -> Option<Row> {
        let all = |figures: Vec<Option<Bits>>| figures.into_iter().map(|f| f.map(Estimate::from)).collect();
        Some(Row {
            flow: Flow::ALL.into_iter().find(|flow| flow.name() == self.flow)?,
            names: self.names,
            mean: self.mean.into(),
            p90: self.p90.into(),
            cut: self.cut.map(Estimate::from),
            prices: all(self.prices),
            over: all(self.over),
        })
    }
}

impl Study {
    /// A sweep with these options.
    #[must_use]
    pub fn new(options: Vec<String>, sources: &Sources, settings: Settings) -> Self {
        Self {
            format: FORMAT,
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            options,
            scenario: sources.sha256(),
            trials: settings.trials,
            seed: settings.seed,
            sampler: settings.chance.name().to_owned(),
        }
    }

    /// The bytes of the figures of variant number `index`.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn piece(&self, index: usize, point: &Point) -> Result<Vec<u8>, serde_json::Error> {
        let rows = point.rows.iter().map(KeptRow::from).collect();
        let piece = Piece { study: self.clone(), index, values: point.values.clone(), rows };
        Ok(sealed(serde_json::to_vec(&piece)?))
    }

    /// The variant and its figures.
    ///
    /// # Errors
    /// When the bytes were changed, or are of another study.
    pub fn read(&self, bytes: &[u8]) -> Result<(usize, Point), PieceError> {
        let (line, whole) = unsealed(bytes);
        let damaged = |why: &str| PieceError::Damaged(why.to_owned());
        if !whole {
            return Err(damaged("its checksum differs, so it was cut short or changed"));
        }
        let piece: Piece = serde_json::from_slice(line).map_err(|error| damaged(&error.to_string()))?;
        if let Some(what) = self.differs(&piece.study) {
            return Err(PieceError::Other(what));
        }
        let rows = piece.rows.into_iter().map(KeptRow::row).collect::<Option<_>>();
        let rows = rows.ok_or_else(|| damaged("it names a flow that does not exist"))?;
        Ok((piece.index, Point { values: piece.values, rows }))
    }

    fn differs(&self, other: &Self) -> Option<&'static str> {
        [
            (self.format != other.format || self.engine != other.engine, "the version of udfald"),
            (self.scenario != other.scenario, "the scenario"),
            (self.options != other.options, "--set"),
            (self.trials != other.trials, "the number of trials"),
            (self.seed != other.seed, "the seed"),
            (self.sampler != other.sampler, "the sampler"),
        ]
        .into_iter()
        .find_map(|(differs, what)| differs.then_some(what))
    }
}
