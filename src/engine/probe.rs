//! A probe: chosen figures of a scenario trial by trial, with any of its numbers held or drawn under another seed.
//!
//! A run keeps counts; comparisons need to know which trial an amount belongs to. A probe gives the amounts of all trials
//! in order, so that two runs under the same addresses can be held against each other trial by trial.

use std::sync::{Mutex, PoisonError};

use super::block::Block;
use super::compile::{compile_amounts, compile_drawn, compile_probe};
use super::grid::Grid;
use super::ledger::{Line, Measure, Source, Step};
use super::model::Model;
use super::plan::column::{Real, RealColumn, Whole, WholeColumn};
use super::plan::op::{Arithmetic, Op};
use super::plan::{Kept, Plan};
use super::run::{RunError, Settings, Unwatched, Watch, over_pages};
use super::spool::Tallies;
use crate::draw::address::{Address, PAGE};
use crate::draw::points::{Spread, WordSource};
use crate::scenario::diagnose::Diagnostics;

/// Amounts of a figure in øre, one a trial, in the order of trials.
pub type Series = Vec<i64>;

/// A scenario compiled to read some figures of every trial.
#[derive(Debug)]
pub struct Probe {
    plan: Plan,
    figures: Vec<Whole>,
    drawn: Vec<Drawn>,
}

/// A number that is drawn: an input, a factor or an event.
#[derive(Clone, Debug)]
pub struct Drawn {
    step: Step,
    investment: Option<usize>,
    name: String,
    /// One column, or one for each intake.
    columns: Vec<Kept>,
}

/// The columns of a pass over all trials.
#[derive(Debug, Default)]
pub struct Found {
    /// By figure that was asked for.
    pub figures: Vec<Series>,
    /// By number that was asked for; of several intakes the first.
    pub numbers: Vec<Vec<f64>>,
}

/// What a pass reads.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'w> {
    /// Positions of figures.
    pub figures: &'w [usize],
    /// Positions of drawn numbers.
    pub numbers: &'w [usize],
}

/// Where a reading of a term stands among the figures of a probe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reads {
    /// The level that its price is applied to, in 10⁻⁹.
    pub quantity: usize,
    /// What it earns, in øre.
    pub amount: usize,
}

/// Operations taken out of a plan, to be put back.
#[derive(Debug)]
#[must_use = "a number stays held until it is released"]
pub struct Held(Vec<(usize, Op)>);

impl Drawn {
    /// Whether it is an input, a factor or an event.
    #[must_use]
    pub fn step(&self) -> Step {
        self.step
    }

    /// Position of the investment of an input.
    #[must_use]
    pub fn investment(&self) -> Option<usize> {
        self.investment
    }

    /// Its name in the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Probe {
    /// Compiles the scenario of a model, or the case that it is, to read the figures that `choose` picks.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn new(model: &Model, choose: impl FnOnce(&Grid) -> Vec<Whole>) -> Result<Self, Diagnostics> {
        let compiled = compile_probe(model.scenario(), model.as_case(), choose);
        let (plan, figures, lines) = model.checked(compiled)?;
        Ok(Self { plan, figures, drawn: drawn(&lines) })
    }

    /// Compiles the scenario of a model, or the case that it is, to read the numbers that are drawn and nothing else.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn of_numbers(model: &Model) -> Result<Self, Diagnostics> {
        let (plan, lines) = model.checked(compile_drawn(model.scenario(), model.as_case()))?;
        Ok(Self { plan, figures: Vec::new(), drawn: drawn(&lines) })
    }

    /// Compiles the scenario of a model to read what one of its terms is applied to and what it earns, before limits.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn of_amounts(
        model: &Model,
        (investment, term): (usize, usize),
    ) -> Result<(Self, Vec<Reads>), Diagnostics> {
        let id = model.scenario().investments[investment].terms[term].id.to_string();
        let this = |line: &Line| line.investment() == Some(investment) && line.item() == id;
        let (plan, lines) = model.checked(compile_amounts(model.scenario(), model.as_case(), this))?;
        let mut figures = Vec::new();
        let reads = lines.iter().filter_map(|line| {
            let at = |measure| line.figures.iter().find(|(of, _)| *of == measure).map(|(_, source)| source);
            match (at(Measure::Quantity)?, at(Measure::Amount)?) {
                (Source::Level(quantity), Source::Ore { plus, .. }) => {
                    figures.extend([*quantity, *plus.first()?]);
                    Some(Reads { quantity: figures.len() - 2, amount: figures.len() - 1 })
                }
                _ => None,
            }
        });
        let reads = reads.collect();
        Ok((Self { plan, figures, drawn: Vec::new() }, reads))
    }

    /// How many figures it reads.
    #[must_use]
    pub fn figures(&self) -> usize {
        self.figures.len()
    }

    /// The numbers that are drawn, in the order of the ledger. What is the same in every trial is not among them.
    #[must_use]
    pub fn drawn(&self) -> &[Drawn] {
        &self.drawn
    }

    /// Every address it draws from.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.plan.addresses
    }

    /// Its streams, each under a seed of its own.
    #[must_use]
    pub fn streams(&self, seed: impl Fn(&Address) -> u64) -> Vec<WordSource> {
        let source = |address| WordSource::new(seed(address), address, Spread::Independent);
        self.plan.addresses.iter().map(source).collect()
    }

    /// Runs all trials from these streams and gives what is wanted, the same for any number of threads.
    ///
    /// Memory is eight bytes for each trial and figure; callers that want many figures ask for them in parts.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn pass(
        &self,
        wanted: Wanted<'_>,
        streams: &[WordSource],
        settings: Settings,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Found, RunError> {
        if settings.chance.replicates() > 1 {
            return Err(RunError::Paired(settings.chance.name()));
        }
        self.read(wanted, streams, settings, settings.trials, threads, watch)
    }

    /// Drawn numbers of a run, whatever its sampler: of as many of its first trials as fill whole rounds of replicates and are
    /// no more than `most`, those of one trial at one place.
    ///
    /// # Errors
    /// See [`RunError`].
    pub fn numbers_of_run(
        &self,
        numbers: &[usize],
        model: &Model,
        settings: Settings,
        most: u64,
    ) -> Result<Vec<Vec<f64>>, RunError> {
        let wanted = Wanted { figures: &[], numbers };
        let threads = Some(rayon::current_num_threads());
        if settings.chance.replicates() == 1 {
            let settings = Settings { trials: settings.trials.min(most), ..settings };
            let streams = self.streams(|_| settings.seed);
            return Ok(self.pass(wanted, &streams, settings, threads, &Unwatched)?.numbers);
        }
        let sources = self.plan.sources(settings, &model.plan().dimensions());
        let round = settings.chance.replicates();
        let pages = settings.pages().min((most / PAGE as u64 / round).max(1) * round);
        let lanes = pages * PAGE as u64;
        let found = self.read(wanted, &sources, settings, lanes, threads, &Unwatched)?;
        let trials = |(page, lanes): (u64, &[f64])| lanes[..settings.trials_in(page)].to_vec();
        let drawn = |lanes: &Vec<f64>| (0..).zip(lanes.chunks(PAGE)).flat_map(trials).collect();
        Ok(found.numbers.iter().map(drawn).collect())
    }

    /// Reads as many lanes from the first page on.
    fn read(
        &self,
        wanted: Wanted<'_>,
        streams: &[WordSource],
        settings: Settings,
        lanes: u64,
        threads: Option<usize>,
        watch: &dyn Watch,
    ) -> Result<Found, RunError> {
        let tallies = Tallies::new(&self.plan)?;
        let mut found = Found::new(wanted, lanes);
        let rooms = found.rooms();
        over_pages(
            settings,
            0..lanes.div_ceil(PAGE as u64),
            threads,
            watch,
            || Ok((Block::new(&self.plan, streams, settings.chance), tallies.spools()?)),
            |(block, spools), page, trials| {
                block.run(page, trials, spools)?;
                // Each page has one writer; a thread that panicked while writing ends the run.
                let mut room = rooms[page as usize].lock().unwrap_or_else(PoisonError::into_inner);
                self.write(block, wanted, &mut room);
                Ok(())
            },
            |_| (),
        )?;
        drop(rooms);
        Ok(found)
    }

    fn write(&self, block: &Block<'_>, wanted: Wanted<'_>, room: &mut Room<'_>) {
        for (index, out) in wanted.figures.iter().zip(&mut room.figures) {
            let page = block.spread(self.figures[*index]);
            out.copy_from_slice(&page[..out.len()]);
        }
        for (index, out) in wanted.numbers.iter().zip(&mut room.numbers) {
            match self.drawn[*index].columns[0] {
                Kept::Real(column) => out.copy_from_slice(&block.real(column)[..out.len()]),
                Kept::Whole(column) => {
                    let flags = block.spread(Whole::Column(column));
                    out.iter_mut().zip(flags).for_each(|(out, flag)| *out = flag as f64);
                }
            }
        }
    }

    /// Holds a drawn number at a value in every trial (an event: happens unless 0) until it is released; everything else
    /// is drawn as before. An input of several intakes is held in all of them.
    pub fn hold(&mut self, number: usize, value: f64) -> Held {
        let columns = self.drawn[number].columns.clone();
        let held = columns.into_iter().filter_map(|column| {
            let at = self.plan.ops.iter().position(|op| writes(op, column))?;
            Some((at, std::mem::replace(&mut self.plan.ops[at], constant(column, value))))
        });
        let held = Held(held.collect());
        self.plan.lower();
        held
    }

    /// Draws what was held again.
    pub fn release(&mut self, held: Held) {
        for (at, op) in held.0 {
            self.plan.ops[at] = op;
        }
        self.plan.lower();
    }
}

/// Lines of the journal as numbers; values of several intakes belong together.
fn drawn(lines: &[Line]) -> Vec<Drawn> {
    let mut found: Vec<Drawn> = Vec::new();
    for line in lines {
        let same = |known: &&mut Drawn| {
            known.step == line.step && known.investment == line.investment && known.name == line.item
        };
        let Some(column) = column(line) else { continue };
        if let Some(known) = found.iter_mut().find(same) {
            known.columns.push(column);
        } else {
            let name = line.item.clone();
            found.push(Drawn { step: line.step, investment: line.investment, name, columns: vec![column] });
        }
    }
    found
}

/// The column that a line of a drawn number is read from.
fn column(line: &Line) -> Option<Kept> {
    line.figures.iter().find_map(|(measure, source)| match (measure, source) {
        (Measure::Score | Measure::Value, Source::Number(Real::Column(column))) => Some(Kept::Real(*column)),
        (Measure::Happens, Source::Flag(Whole::Column(column))) => Some(Kept::Whole(*column)),
        _ => None,
    })
}

fn writes(op: &Op, column: Kept) -> bool {
    let (mut whole, mut real) = (false, false);
    op.visit(&mut |c, writes| whole |= writes && column == Kept::Whole(c), &mut |c, writes| {
        real |= writes && column == Kept::Real(c);
    });
    whole || real
}

/// The operation that writes one value in every trial.
fn constant(column: Kept, value: f64) -> Op {
    let flag = |out: WholeColumn| Op::Sum {
        plus: Vec::new(),
        minus: Vec::new(),
        constant: i64::from(value != 0.0),
        out,
    };
    let number = |out: RealColumn| Op::Arithmetic {
        kind: Arithmetic::Add,
        a: Real::Constant(value),
        b: Real::Constant(0.0),
        out,
    };
    match column {
        Kept::Whole(column) => flag(column),
        Kept::Real(column) => number(column),
    }
}

/// Where the amounts of a page go, by figure and number.
#[derive(Default)]
struct Room<'f> {
    figures: Vec<&'f mut [i64]>,
    numbers: Vec<&'f mut [f64]>,
}

impl Found {
    fn new(wanted: Wanted<'_>, lanes: u64) -> Self {
        let lanes = lanes as usize;
        Self {
            figures: wanted.figures.iter().map(|_| vec![0; lanes]).collect(),
            numbers: wanted.numbers.iter().map(|_| vec![0.0; lanes]).collect(),
        }
    }

    /// The columns cut into pages, so that every thread writes where its trials belong.
    fn rooms(&mut self) -> Vec<Mutex<Room<'_>>> {
        let lengths = self.figures.iter().map(Vec::len).chain(self.numbers.iter().map(Vec::len));
        let pages = lengths.max().unwrap_or(0).div_ceil(PAGE);
        let mut rooms: Vec<Room<'_>> = (0..pages).map(|_| Room::default()).collect();
        for series in &mut self.figures {
            rooms.iter_mut().zip(series.chunks_mut(PAGE)).for_each(|(room, part)| room.figures.push(part));
        }
        for series in &mut self.numbers {
            rooms.iter_mut().zip(series.chunks_mut(PAGE)).for_each(|(room, part)| room.numbers.push(part));
        }
        rooms.into_iter().map(Mutex::new).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::explain::Ledgers;
    use crate::engine::grid::{Cell, Flow, Pick};
    use crate::engine::run::Unwatched;

    const WHOLE: Cell = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };

    fn shipped() -> Model {
        Model::load(format!("{}/scenarios/norddjurs.toml", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    fn probe(model: &Model) -> Probe {
        Probe::new(model, |grid| vec![grid.figure(WHOLE, Flow::Payment)]).unwrap()
    }

    fn payments(probe: &Probe, settings: Settings, threads: usize) -> Series {
        let streams = probe.streams(|_| settings.seed);
        let wanted = Wanted { figures: &[0], numbers: &[] };
        let found = probe.pass(wanted, &streams, settings, Some(threads), &Unwatched).unwrap();
        found.figures.into_iter().next().unwrap()
    }

    #[test]
    fn a_pass_gives_the_trials_of_their_ledgers_for_any_threads() {
        let model = shipped();
        let settings = Settings { trials: 1_300, seed: 3, ..Settings::default() };
        let found = payments(&probe(&model), settings, 1);
        assert_eq!(found, payments(&probe(&model), settings, 3));
        let ledgers = Ledgers::new(&model, settings).unwrap();
        for trial in [0, 511, 512, 1_299] {
            let page = ledgers.page_of(trial).unwrap();
            let expected = page.ledger(trial).unwrap().account(WHOLE, Flow::Payment);
            assert_eq!(found[trial as usize], expected, "trial {trial}");
        }
    }

    #[test]
    fn a_number_is_held_and_released() {
        let model = shipped();
        let settings = Settings { trials: 600, ..Settings::default() };
        let mut probe = probe(&model);
        let free = payments(&probe, settings, 2);
        for number in 0..probe.drawn().len() {
            let held = probe.hold(number, 1.0);
            let streams = probe.streams(|_| settings.seed);
            let wanted = Wanted { figures: &[], numbers: &[number] };
            let found = probe.pass(wanted, &streams, settings, None, &Unwatched).unwrap();
            assert!(
                found.numbers[0].iter().all(|value| (value - 1.0).abs() < 1e-15),
                "{:?}",
                probe.drawn()[number]
            );
            probe.release(held);
        }
        assert_eq!(payments(&probe, settings, 2), free);
    }
}
