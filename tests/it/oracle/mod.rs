//! The exact solver as the oracle of the simulation.
//!
//! Three ways meet: closed forms and enumeration by hand (`known`), contracts made up from a seed (`random`), and
//! simulations of contracts that differ by one fault, which must be told from the right one (`faults`).

mod faults;
mod known;
mod made_up;
mod random;

use udfald::engine::model::Model;
use udfald::exact::{Answer, Detail, Effort, OutOfReach, solve};
use udfald::report::beside::Beside;
use udfald::scenario::model::Scenario;

use crate::support::run_here;

/// Exact figures of the only investment, with the patience of a test.
fn exact(scenario: &Scenario, detail: Detail) -> Result<Answer, OutOfReach> {
    let effort = Effort { states: 40_000, nodes: 6_000, steps: 2_000_000, detail, ..Effort::default() };
    solve(scenario, &scenario.investments()[0], effort)
}

/// The exact figures of one contract beside the simulation of another, which may be the same.
fn beside(answer: &Answer, simulated: &Model, trials: u64, seed: u64) -> Beside {
    Beside::new(answer, &run_here(simulated, trials, seed), 0).unwrap()
}
