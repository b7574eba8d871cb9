//! Scenarios held against each other trial by trial: the same random numbers, paired differences.
//!
//! Random numbers have addresses, so what two scenarios name alike is drawn alike. Cells are matched by names: the
//! investment's id, the payer's id, the budget year. What one of them does not have is nothing there.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::streams::{Unmatched, unmatched};
use super::{StudyError, cells};
use crate::engine::grid::{Cell, Flow, Grid};
use crate::engine::model::Model;
use crate::engine::plan::column::Whole;
use crate::engine::probe::{Found, Probe, Series, Wanted};
use crate::engine::run::{Settings, Watch};
use crate::estimate::{paired, single};
use crate::measure::{Estimate, Level, Shape, Statistic, Summary, Tally};

/// Bytes of amounts that are held at a time.
const MEMORY: usize = 1 << 29;

/// What is compared of a cell; money in øre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figures {
    /// The mean payment.
    pub mean: Estimate,
    /// The median payment.
    pub p50: Estimate,
    /// The payment that 9 of 10 trials do not exceed.
    pub p90: Estimate,
    /// The share of trials in which a limit takes something.
    pub cut: Estimate,
}

impl Figures {
    /// The figures with their names in files.
    #[must_use]
    pub fn named(&self) -> [(Statistic, Estimate); 4] {
        [
            (Statistic::Mean, self.mean),
            (Statistic::P50, self.p50),
            (Statistic::P90, self.p90),
            (Statistic::ProbCut, self.cut),
        ]
    }
}

/// A scenario against the first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// What is more than in the first.
    pub figures: Figures,
    /// Whether the payment is the same in every trial.
    pub same: bool,
}

/// A cell in all scenarios.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Investment, party and year, as in files.
    pub names: [String; 3],
    /// By scenario.
    pub own: Vec<Figures>,
    /// By scenario, from the second on.
    pub differences: Vec<Difference>,
}

/// Scenarios compared with the first of them.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// What decided the figures.
    pub settings: Settings,
    /// In the order of files: investments, payers, years; `all` and `total` last.
    pub cells: Vec<Compared>,
    /// By scenario from the second on: random numbers that only one of the two draws.
    pub unmatched: Vec<Unmatched>,
}

/// Payment, and what limits took, of a cell in one scenario.
type Pair = [Whole; 2];

impl Comparison {
    /// How often all trials of a scenario are run.
    #[must_use]
    pub fn passes(models: &[&Model], trials: u64) -> u64 {
        let keys = keys(models).len();
        keys.div_ceil(at_a_time(models.len(), trials)) as u64 * models.len() as u64
    }

    /// Runs all scenarios and compares them; the same for any number of threads.
    ///
    /// # Errors
    /// When currencies differ, and as [`RunError`](crate::engine::run::RunError).
    pub fn new(
        models: &[&Model],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Self, StudyError> {
        same_currency(models)?;
        let names = cells::names(models);
        let pairs: Vec<Vec<Pair>> = names.iter().map(|names| of_all(models, names)).collect();
        let distinct: Vec<Vec<Pair>> = keys(models).into_iter().collect();
        let mut known = BTreeMap::new();
        for part in distinct.chunks(at_a_time(models.len(), settings.trials)) {
            let part = compare_part(models, part, settings, threads, watch)?;
            known.extend(part);
        }
        let cells = names.into_iter().zip(pairs).filter_map(|(names, pairs)| {
            let (own, differences) = known.get(&pairs).cloned()?;
            Some(Compared { names, own, differences })
        });
        let unmatched = models.iter().skip(1).map(|model| unmatched(models[0], model)).collect();
        Ok(Self { settings, cells: cells.collect(), unmatched })
    }

    /// A cell by names.
    #[must_use]
    pub fn cell(&self, investment: &str, party: &str, year: &str) -> Option<&Compared> {
        self.cells.iter().find(|cell| cell.names == [investment, party, year])
    }
}

/// Cells whose amounts fit the memory.
pub(super) fn at_a_time(scenarios: usize, trials: u64) -> usize {
    (MEMORY / 16 / scenarios.max(1) / trials.max(1) as usize).max(1)
}

fn same_currency(models: &[&Model]) -> Result<(), StudyError> {
    let first = &models[0].scenario().currency;
    match models.iter().map(|model| &model.scenario().currency).find(|other| *other != first) {
        None => Ok(()),
        Some(other) => Err(StudyError::Currencies(shown(first), shown(other))),
    }
}

fn shown(currency: &crate::scenario::model::Currency) -> String {
    let level = currency.price_level.map(|year| format!(" at {year} prices"));
    format!("{}{}", currency.code, level.unwrap_or_default())
}

/// The figures of a cell by scenario.
fn of_all(models: &[&Model], names: &[String; 3]) -> Vec<Pair> {
    let figures = |cell: Cell, grid: &Grid| [grid.figure(cell, Flow::Payment), grid.spared(cell)];
    let of = |model: &&Model| {
        cells::cell(model, names).map_or([Whole::ZERO; 2], |cell| figures(cell, &model.compiled().grid))
    };
    models.iter().map(of).collect()
}

/// The different cells: many are the same figures under other names.
fn keys(models: &[&Model]) -> BTreeSet<Vec<Pair>> {
    cells::names(models).iter().map(|names| of_all(models, names)).collect()
}

type Known = (Vec<Pair>, (Vec<Figures>, Vec<Difference>));

fn compare_part(
    models: &[&Model],
    part: &[Vec<Pair>],
    settings: Settings,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<Vec<Known>, StudyError> {
    let mut columns = Vec::with_capacity(models.len());
    for (scenario, model) in models.iter().enumerate() {
        let wholes: Vec<Whole> = part.iter().flat_map(|pairs| pairs[scenario]).collect();
        columns.push(series(model, &wholes, settings, threads, watch)?);
    }
    let trials = settings.trials as usize;
    let cells = part.par_iter().map(|pairs| {
        let read = |scenario: usize, figure: usize| match pairs[scenario][figure] {
            Whole::Constant(value) => vec![value; trials],
            whole @ Whole::Column(_) => columns[scenario].get(&whole).cloned().unwrap_or_default(),
        };
        let all: Vec<[Series; 2]> = (0..models.len()).map(|s| [read(s, 0), read(s, 1)]).collect();
        let own = all.iter().zip(pairs).map(|(series, pair)| own(series, *pair));
        let own = own.collect::<Result<_, _>>()?;
        let differences = all.iter().skip(1).map(|other| difference(&all[0], other)).collect();
        Ok((pairs.clone(), (own, differences)))
    });
    cells.collect()
}

/// The amounts of some figures in every trial; the columns among them, once each.
pub(super) fn series(
    model: &Model,
    wholes: &[Whole],
    settings: Settings,
    threads: Option<usize>,
    watch: &dyn Watch,
) -> Result<BTreeMap<Whole, Series>, StudyError> {
    let distinct: BTreeSet<Whole> =
        wholes.iter().copied().filter(|whole| whole.constant().is_none()).collect();
    let distinct: Vec<Whole> = distinct.into_iter().collect();
    let probe = Probe::new(model, |_| distinct.clone())?;
    let streams = probe.streams(|_| settings.seed);
    let figures: Vec<usize> = (0..distinct.len()).collect();
    let wanted = Wanted { figures: &figures, numbers: &[] };
    let Found { figures, .. } = probe.pass(wanted, &streams, settings, threads, watch)?;
    Ok(distinct.into_iter().zip(figures).collect())
}

const P50: Statistic = Statistic::P50;
const P90: Statistic = Statistic::P90;

/// The figures of one scenario: those that a run gives.
pub(super) fn own([payment, spared]: &[Series; 2], pair: Pair) -> Result<Figures, StudyError> {
    let payments = match pair[0] {
        Whole::Constant(value) => Summary::constant(value, payment.len() as u64)?,
        Whole::Column(_) => {
            let mut tally = Tally::new(Shape::General)?;
            payment.chunks(512).for_each(|page| tally.record(page));
            Summary::new(&tally)?
        }
    };
    let quantile = |statistic: Statistic| statistic.level().map_or(payments.mean(), |p| payments.quantile(p));
    let cut = single::share_above(spared, 0);
    // What the plan knows is not estimated.
    let cut = Estimate { interval: cut.interval.filter(|_| pair[1].constant().is_none()), ..cut };
    Ok(Figures { mean: payments.mean(), p50: quantile(P50), p90: quantile(P90), cut })
}

fn difference(a: &[Series; 2], b: &[Series; 2]) -> Difference {
    let quantile = |level: Option<Level>| match level {
        Some(level) => paired::quantile(&a[0], &b[0], level),
        None => paired::mean(&a[0], &b[0]),
    };
    let figures = Figures {
        mean: paired::mean(&a[0], &b[0]),
        p50: quantile(P50.level()),
        p90: quantile(P90.level()),
        cut: paired::share(&a[1], &b[1]),
    };
    Difference { figures, same: a[0] == b[0] }
}
