//! Dynamic programming: the distribution of the state is carried from draw to draw, for a bundle of nodes at once.

use std::collections::{BTreeMap, HashMap};

use super::laws::{Bundle, Fan};
use super::program::{Block, Pass, Step, Value};
use super::states::States;
use crate::money::Ore;

/// Probabilities by amount of every figure of a pass.
pub(super) type Harvest = BTreeMap<usize, BTreeMap<Ore, f64>>;

/// How much may be done before a contract counts as out of reach.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// States at a time.
    pub(super) states: usize,
    /// Numbers held for the states of one table.
    pub(super) numbers: usize,
    /// Steps from one state to another.
    pub(super) steps: u64,
}

/// More than the budget allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TooMany {
    States,
    Steps,
}

/// A state that is less probable than this is left out; a hundred thousand of them are 1e-10.
const LEAST: f64 = 1e-15;

/// What a draw brings to a state with less probability than this is left out.
const LEAST_STEP: f64 = 1e-17;

/// What a draw and the rules that follow from it alone can bring, given the integers of its law.
struct Brought {
    /// The integers to be kept, one row of exports each.
    rows: Vec<Vec<i64>>,
    /// Their probabilities at every node.
    chances: Vec<Vec<f64>>,
    /// The largest of these of each row.
    most: Vec<f64>,
}

struct Walk<'w, 'b> {
    bundle: &'w Bundle<'b>,
    budget: Budget,
    /// The integers of one state, by slot.
    file: Vec<i64>,
    scratch: Vec<i64>,
    found: Vec<i64>,
    harvest: Harvest,
    steps: u64,
}

/// Carries the state through a pass; also how many steps that took.
pub(super) fn walk(pass: &Pass, bundle: &Bundle<'_>, budget: Budget) -> Result<(Harvest, u64), TooMany> {
    let mut walk = Walk {
        bundle,
        budget,
        file: vec![0; pass.slots],
        scratch: Vec::new(),
        found: Vec::new(),
        harvest: Harvest::new(),
        steps: 0,
    };
    let mut states = States::new(0, bundle.nodes());
    states.add(&[], bundle.weights(), None);
    for block in &pass.blocks {
        states = walk.block(block, &states)?;
    }
    Ok((walk.harvest, walk.steps))
}

impl Walk<'_, '_> {
    fn block(&mut self, block: &Block, states: &States) -> Result<States, TooMany> {
        let mut next = States::new(block.exit.len(), self.bundle.nodes());
        let mut known: HashMap<Vec<i64>, Brought> = HashMap::new();
        for state in 0..states.len() {
            let weights = states.weights(state);
            let mass: f64 = weights.iter().sum();
            if mass < LEAST {
                continue;
            }
            block.entry.iter().zip(states.key(state)).for_each(|(slot, x)| self.file[*slot] = *x);
            let Some((law, given)) = &block.draw else {
                self.finish(block, weights, None, &mut next);
                continue;
            };
            let given: Vec<i64> = given.iter().map(|value| self.value(*value)).collect();
            if !known.contains_key(&given) {
                let fan = self.bundle.fan(*law, &given);
                let brought = self.brought(block, &fan);
                known.insert(given.clone(), brought);
            }
            let Some(brought) = known.get(&given) else { continue };
            for ((row, chances), most) in brought.rows.iter().zip(&brought.chances).zip(&brought.most) {
                if mass * most < LEAST_STEP {
                    continue;
                }
                block.exports.iter().zip(row).for_each(|(slot, x)| self.file[*slot] = *x);
                self.finish(block, weights, Some(chances), &mut next);
            }
            self.steps += brought.rows.len() as u64;
            if self.steps > self.budget.steps {
                return Err(TooMany::Steps);
            }
            if next.len() > self.budget.states || next.len() * self.bundle.nodes() > self.budget.numbers {
                return Err(TooMany::States);
            }
        }
        Ok(next)
    }

    fn value(&self, value: Value) -> i64 {
        match value {
            Value::Known(known) => known,
            Value::Slot(slot) => self.file[slot],
        }
    }

    /// Applies what follows from a draw alone to everything it can bring, and adds up what cannot be told apart later.
    fn brought(&mut self, block: &Block, fan: &Fan) -> Brought {
        let mut rows: BTreeMap<Vec<i64>, Vec<f64>> = BTreeMap::new();
        for (drawn, chances) in fan {
            self.file[block.out] = *drawn;
            block.alone.iter().for_each(|step| self.step(step));
            let row: Vec<i64> = block.exports.iter().map(|slot| self.file[*slot]).collect();
            match rows.get_mut(&row) {
                Some(sum) => sum.iter_mut().zip(chances).for_each(|(s, c)| *s += c),
                None => _ = rows.insert(row, chances.clone()),
            }
        }
        let (rows, chances): (_, Vec<Vec<f64>>) = rows.into_iter().unzip();
        let most = chances.iter().map(|c| c.iter().copied().fold(0.0, f64::max)).collect();
        Brought { rows, chances, most }
    }

    /// Runs the rest of a block on the state in the file and adds what becomes of it.
    fn finish(&mut self, block: &Block, weights: &[f64], chances: Option<&Vec<f64>>, next: &mut States) {
        for step in &block.rest {
            if let Step::Harvest { figure, value } = step {
                let amount = self.value(*value);
                let mass: f64 = match chances {
                    None => weights.iter().sum(),
                    Some(chances) => weights.iter().zip(chances).map(|(w, c)| w * c).sum(),
                };
                *self.harvest.entry(*figure).or_default().entry(amount).or_default() += mass;
            } else {
                self.step(step);
            }
        }
        let mut key = std::mem::take(&mut self.found);
        key.clear();
        key.extend(block.exit.iter().map(|slot| self.file[*slot]));
        next.add(&key, weights, chances.map(Vec::as_slice));
        self.found = key;
    }

    fn step(&mut self, step: &Step) {
        let Step::Apply { rule, given, outs } = step else { return };
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut found = std::mem::take(&mut self.found);
        scratch.clear();
        found.clear();
        scratch.extend(given.iter().map(|value| self.value(*value)));
        rule.apply(&scratch, &mut found);
        outs.iter().zip(&found).for_each(|(out, x)| self.file[*out] = *x);
        self.scratch = scratch;
        self.found = found;
    }
}
