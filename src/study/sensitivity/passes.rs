//! Runs of one scenario with some drivers from the second sample, or a number held.

use std::collections::{BTreeMap, BTreeSet};

use super::drivers::{Keys, Origin};
use super::{Asked, other_seed};
use crate::draw::points::WordSource;
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::engine::probe::{Found, Probe, Series, Wanted};
use crate::engine::run::{Settings, Watch};
use crate::study::StudyError;

/// Bytes of amounts that are held at a time.
const MEMORY: usize = 1 << 29;

/// Series of a target that are held at a time: payments, amounts earned and taken, of four runs.
const SERIES: usize = 12;

/// Runs a scenario again and again.
pub(super) struct Passes<'p> {
    probe: Probe,
    keys: Keys,
    /// The figures of the probe by column.
    position: BTreeMap<Whole, usize>,
    settings: Settings,
    threads: Option<usize>,
    watch: &'p dyn Watch,
}

/// The amounts of some targets in every trial, in øre.
#[derive(Clone, Debug)]
pub(super) struct Values {
    pub(super) payment: Vec<Series>,
    pub(super) earned: Vec<Series>,
    pub(super) spared: Vec<Series>,
}

impl Values {
    pub(super) fn paid(&self, at: usize) -> Vec<f64> {
        floats(&self.payment[at])
    }

    pub(super) fn earned(&self, at: usize) -> Vec<f64> {
        floats(&self.earned[at])
    }
}

/// Amounts of a plan stay below 2⁵², so that nothing is rounded.
fn floats(series: &Series) -> Vec<f64> {
    series.iter().map(|amount| *amount as f64).collect()
}

impl<'p> Passes<'p> {
    pub(super) fn new(
        model: &Model,
        asked: &[Asked],
        settings: Settings,
        threads: Option<usize>,
        watch: &'p dyn Watch,
    ) -> Result<Self, StudyError> {
        let all = asked.iter().flat_map(|asked| [asked.payment, asked.earned, asked.spared]);
        let columns: BTreeSet<Whole> = all.filter(|whole| whole.constant().is_none()).collect();
        let columns: Vec<Whole> = columns.into_iter().collect();
        let position = columns.iter().enumerate().map(|(at, whole)| (*whole, at)).collect();
        let probe = Probe::new(model, |_| columns)?;
        let keys = Keys::new(model.scenario());
        Ok(Self { probe, keys, position, settings, threads, watch })
    }

    pub(super) fn probe(&self) -> &Probe {
        &self.probe
    }

    pub(super) fn probe_mut(&mut self) -> &mut Probe {
        &mut self.probe
    }

    pub(super) fn trials(&self) -> u64 {
        self.settings.trials
    }

    /// Targets whose amounts fit the memory.
    pub(super) fn at_a_time(&self) -> usize {
        (MEMORY / 8 / SERIES / self.settings.trials.max(1) as usize).max(1)
    }

    /// All trials, the drivers that `redrawn` picks from the second sample.
    pub(super) fn run(
        &self,
        part: &[Asked],
        redrawn: impl Fn(&(Origin, String)) -> bool,
    ) -> Result<Values, StudyError> {
        let seed = self.settings.seed;
        let streams = self
            .probe
            .streams(|address| if redrawn(&self.keys.of(address)) { other_seed(seed) } else { seed });
        self.pass(part, &[], &streams, self.settings).map(|(values, _)| values)
    }

    /// All trials of the first sample, with the numbers that were drawn.
    pub(super) fn drawn(
        &self,
        part: &[Asked],
        numbers: &[usize],
    ) -> Result<(Values, Vec<Vec<f64>>), StudyError> {
        let streams = self.probe.streams(|_| self.settings.seed);
        self.pass(part, numbers, &streams, self.settings)
    }

    /// The first trials of the first sample.
    pub(super) fn first(&self, part: &[Asked], trials: u64) -> Result<Values, StudyError> {
        let streams = self.probe.streams(|_| self.settings.seed);
        let settings = Settings { trials, ..self.settings };
        self.pass(part, &[], &streams, settings).map(|(values, _)| values)
    }

    fn pass(
        &self,
        part: &[Asked],
        numbers: &[usize],
        streams: &[WordSource],
        settings: Settings,
    ) -> Result<(Values, Vec<Vec<f64>>), StudyError> {
        let wholes = part.iter().flat_map(|asked| [asked.payment, asked.earned, asked.spared]);
        let wanted: BTreeSet<usize> = wholes.filter_map(|whole| self.position.get(&whole).copied()).collect();
        let figures: Vec<usize> = wanted.into_iter().collect();
        let wanted = Wanted { figures: &figures, numbers };
        let found = self.probe.pass(wanted, streams, settings, self.threads, self.watch)?;
        let Found { figures: series, numbers } = found;
        let read = |whole: &Whole| match (whole, self.position.get(whole)) {
            (Whole::Constant(value), _) => vec![*value; settings.trials as usize],
            (_, position) => position
                .and_then(|position| figures.binary_search(position).ok())
                .map_or_else(Vec::new, |at| series[at].clone()),
        };
        let all = |of: fn(&Asked) -> &Whole| part.iter().map(|asked| read(of(asked))).collect();
        let values = Values {
            payment: all(|asked| &asked.payment),
            earned: all(|asked| &asked.earned),
            spared: all(|asked| &asked.spared),
        };
        Ok((values, numbers))
    }
}
