//! Solving: levels of refinement until no figure moves any more.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::contract::Contract;
use super::distribution::Distribution;
use super::figures::{Figure, Flow};
use super::laws::{Bundle, Law};
use super::limits;
use super::program::{Pass, Program, Target, Value, in_turn};
use super::reach::OutOfReach;
use super::uncertain::{Node, Uncertain};
use super::uses::Uses;
use super::walk::{Budget, Harvest, TooMany, walk};
use super::words::every_word;
use crate::money::Ore;
use crate::scenario::model::{Investment, Scenario};
use crate::scenario::name::RETURN_CAP;

/// How hard to try before a contract counts as out of reach.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// States at a time.
    pub states: usize,
    /// Nodes of the quadrature over shared numbers.
    pub nodes: usize,
    /// Steps from state to state, over all figures; ten million take a second or two.
    pub steps: u64,
    /// By how much a probability, or a mean in units of the largest amount, may still move at the last refinement.
    /// Each refinement of a smooth integral about squares its error, so that what is left is far less.
    pub tolerance: f64,
    /// Which figures are wanted.
    pub detail: Detail,
}

/// Which figures are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// What is earned and paid over all years, whether anything is spared, whether a limit takes anything.
    Totals,
    /// All of that, and amounts by budget year and what is cut, which take many more states.
    Full,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            states: 2_000_000,
            nodes: 200_000,
            steps: 1_000_000_000,
            tolerance: 1e-7,
            detail: Detail::Full,
        }
    }
}

/// Exact figures of one investment.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Every figure with its distribution, in øre; those that ask whether something happens are 0 or 1.
    pub figures: BTreeMap<Figure, Distribution>,
    /// By how much the figures moved at the last refinement of the quadrature; 0 where there is none.
    pub moved: f64,
}

/// Nodes that are walked together; a state holds a number for each.
const BUNDLE: usize = 128;

/// Numbers held in one table of states: 256 MiB.
const NUMBERS: usize = 1 << 25;

/// The finest refinement.
const FINEST: u32 = 5;

/// Solves an investment of a scenario.
///
/// # Errors
/// When something of it is out of reach, with the term, limit or number and the reason.
pub fn solve(scenario: &Scenario, investment: &Investment, effort: Effort) -> Result<Answer, OutOfReach> {
    every_word(investment)?;
    let uses = Uses::new(scenario, investment);
    let uncertain = Uncertain::new(scenario, investment, &uses)?;
    let solver = Solver { investment, uncertain: &uncertain, effort };
    let nodes = solver.nodes(0)?;
    let mut contract = Contract::new(scenario, investment, &uncertain, &uses, &nodes);
    let moves = limits::moves(&mut contract)?;
    let capped = investment.funds.iter().any(|fund| fund.repayable && fund.return_cap.is_some());
    let limits = investment.limits.iter().map(|limit| limit.id.to_string());
    let mut figures = moves.figures(limits.chain(capped.then(|| RETURN_CAP.to_owned())));
    figures.retain(|figure, _| effort.detail == Detail::Full || is_probe(figure));
    let passes = Passes::new(&contract.program, figures);
    let laws = contract.laws;
    solver.refine(&passes, &laws, nodes)
}

struct Solver<'s> {
    investment: &'s Investment,
    uncertain: &'s Uncertain<'s>,
    effort: Effort,
}

/// The passes that find all figures, each figure that is made of the same once.
struct Passes {
    figures: BTreeMap<Figure, usize>,
    targets: Vec<Target>,
    /// Passes by whether they are probes: cheap ones, which tell how fine the quadrature must be.
    walks: Vec<(bool, Pass)>,
}

impl Passes {
    fn new(program: &Program, figures: BTreeMap<Figure, Target>) -> Self {
        let mut found = Self { figures: BTreeMap::new(), targets: Vec::new(), walks: Vec::new() };
        // Figures by year of one flow of one party are added up one after the other; totals by themselves.
        let mut groups: BTreeMap<Figure, BTreeMap<usize, Target>> = BTreeMap::new();
        for (figure, target) in figures {
            let known = found.targets.iter().position(|known| *known == target);
            let index = known.unwrap_or_else(|| {
                found.targets.push(target.clone());
                found.targets.len() - 1
            });
            if known.is_none() {
                groups.entry(group(&figure)).or_default().insert(index, target);
            }
            found.figures.insert(figure, index);
        }
        for (figure, group) in &groups {
            for turn in in_turn(program, group) {
                let targets: Vec<_> = turn.iter().map(|index| (*index, &group[index])).collect();
                found.walks.push((is_probe(figure), program.pass(&targets)));
            }
        }
        found
    }
}

fn group(figure: &Figure) -> Figure {
    match figure {
        Figure::Flow(flow, party, Some(_)) => Figure::Flow(*flow, party.clone(), Some(0)),
        Figure::Spared(party, Some(_)) => Figure::Spared(party.clone(), Some(0)),
        other => other.clone(),
    }
}

/// What is added up together with what is left under a limit takes many more states than either: it waits until the
/// quadrature has settled for the others.
fn is_probe(figure: &Figure) -> bool {
    match figure {
        Figure::Flow(flow, _, year) => matches!(flow, Flow::Earned | Flow::Payment) && year.is_none(),
        Figure::Spared(..) | Figure::Limit(_) => true,
    }
}

impl Solver<'_> {
    fn refuse(&self, why: String) -> OutOfReach {
        OutOfReach::new(format!("`{}`", self.investment.id), why, &self.investment.span)
    }

    fn too_many(&self, why: TooMany, nodes: usize) -> OutOfReach {
        self.refuse(match why {
            TooMany::States => {
                let most = self.effort.states.min(NUMBERS / nodes);
                format!("{TOO_MANY} more than {most} states")
            }
            TooMany::Steps => format!("its states need more than {} steps", self.effort.steps),
        })
    }

    fn nodes(&self, level: u32) -> Result<Vec<Node>, OutOfReach> {
        self.uncertain.nodes(level, self.effort.nodes).ok_or_else(|| {
            self.refuse(format!("its uncertain numbers need more than {} nodes", self.effort.nodes))
        })
    }

    fn refine(&self, passes: &Passes, laws: &[Law], nodes: Vec<Node>) -> Result<Answer, OutOfReach> {
        let smooth = self.uncertain.dimensions.iter().any(|d| d.row.is_free())
            || self.uncertain.locals.iter().any(|local| local.atoms.is_none());
        let mut at = At { laws, level: 0, nodes };
        let mut moved = 0.0;
        if smooth {
            let mut found = self.harvest(passes, true, &at)?;
            loop {
                at = At { laws, level: at.level + 1, nodes: self.nodes(at.level + 1)? };
                let finer = self.harvest(passes, true, &at)?;
                moved = distance(&found, &finer);
                found = finer;
                if moved <= self.effort.tolerance {
                    break;
                }
                if at.level == FINEST {
                    let why =
                        "the quadrature over its uncertain numbers does not settle: figures still move by";
                    return Err(self.refuse(format!("{why} {moved:.1e}")));
                }
            }
        }
        let mut sums = self.harvest(passes, true, &at)?;
        sums.extend(self.harvest(passes, false, &at)?);
        let found = |index: usize| match sums.get(&index) {
            Some(atoms) => Distribution::new(atoms.clone()),
            None => known(&passes.targets[index]),
        };
        let figures: BTreeMap<_, _> =
            passes.figures.iter().map(|(f, index)| (f.clone(), found(*index))).collect();
        match figures.values().map(|d| (d.mass() - 1.0).abs()).fold(0.0, f64::max) {
            lost if lost < 1e-8 => Ok(Answer { figures, moved }),
            lost => {
                Err(self
                    .refuse(format!("its probabilities do not add up: {lost:.1e} is lost in small states")))
            }
        }
    }

    /// The figures of some passes at a level of refinement.
    fn harvest(&self, passes: &Passes, probes: bool, at: &At<'_>) -> Result<Harvest, OutOfReach> {
        let Effort { states, steps, .. } = self.effort;
        let mut budget = Budget { states, numbers: NUMBERS, steps };
        let chosen: Vec<&Pass> =
            passes.walks.iter().filter(|(probe, _)| *probe == probes).map(|(_, p)| p).collect();
        let mut sums = Harvest::new();
        for bundle in at.nodes.chunks(BUNDLE) {
            let bundle = Bundle::new(self.uncertain, at.laws, at.level, bundle);
            let harvests: Vec<_> = chosen.par_iter().map(|pass| walk(pass, &bundle, budget)).collect();
            for harvest in harvests {
                let (harvest, steps) = harvest.map_err(|why| self.too_many(why, bundle.nodes()))?;
                // What is left of the budget is decided before each bundle, whatever the threads do.
                budget.steps = budget.steps.saturating_sub(steps);
                for (figure, atoms) in harvest {
                    let sum = sums.entry(figure).or_default();
                    atoms.into_iter().for_each(|(x, p)| *sum.entry(x).or_default() += p);
                }
            }
        }
        Ok(sums)
    }
}

/// A level of refinement.
struct At<'a> {
    laws: &'a [Law],
    level: u32,
    nodes: Vec<Node>,
}

const TOO_MANY: &str = "what is left under its limits, what rolls and what is still counted together take";

/// A figure all parts of which are known beforehand.
fn known(target: &Target) -> Distribution {
    let sum: Ore = target.parts.iter().map(|p| if let Value::Known(x) = p { *x } else { 0 }).sum();
    Distribution::certain(if target.flag { Ore::from(sum > 0) } else { sum })
}

/// The largest change of a cumulative probability, or of a mean in units of the largest amount.
fn distance(before: &Harvest, after: &Harvest) -> f64 {
    let one = |(figure, b): (&usize, &BTreeMap<Ore, f64>)| {
        let largest = b.keys().map(|x| x.abs()).max().unwrap_or(1).max(1) as f64;
        let mut changes = b.clone();
        before.get(figure).into_iter().flatten().for_each(|(x, p)| *changes.entry(*x).or_default() -= p);
        let mean: f64 = changes.iter().map(|(x, change)| *x as f64 / largest * change).sum();
        let mut cumulative = 0.0;
        changes.values().fold(mean.abs(), |most, change| {
            cumulative += change;
            f64::max(most, f64::abs(cumulative))
        })
    };
    after.iter().map(one).fold(0.0, f64::max)
}
