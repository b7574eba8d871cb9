//! The exact solver as the oracle of the simulation.
//!
//! Three ways meet: closed forms and enumeration by hand (`known`), contracts made up from a seed (`random`), and
//! simulations of contracts that differ by one fault, which must be told from the right one (`faults`).

mod faults;
mod known;
pub mod made_up;
mod random;

use udfald::engine::model::Model;
use udfald::engine::run::Settings;
use udfald::exact::{Answer, Detail, Effort, OutOfReach, solve};
use udfald::report::beside::Beside;
use udfald::scenario::model::Scenario;

use crate::support::{run_with, settings};

/// Exact figures of the only investment, with the patience of a test.
pub fn exact(scenario: &Scenario, detail: Detail) -> Result<Answer, OutOfReach> {
    let effort = Effort { states: 40_000, nodes: 6_000, steps: 2_000_000, detail, ..Effort::default() };
    solve(scenario, &scenario.investments()[0], effort)
}

/// The exact figures of one contract beside the simulation of another, which may be the same.
pub fn beside(answer: &Answer, simulated: &Model, trials: u64, seed: u64) -> Beside {
    beside_with(answer, simulated, settings(trials, seed))
}

/// As [`beside`], with these settings.
pub fn beside_with(answer: &Answer, simulated: &Model, settings: Settings) -> Beside {
    Beside::new(answer, &run_with(simulated, settings), 0).unwrap()
}
