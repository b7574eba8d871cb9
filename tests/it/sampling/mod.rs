//! Samplers against exact answers: how often intervals hold the truth, and how much error is left.

#![allow(clippy::print_stdout, reason = "what was found goes into docs/precision.md")]

mod accuracy;
mod coverage;

use udfald::engine::block::Chance;
use udfald::engine::model::Model;
use udfald::engine::results::Results;
use udfald::engine::run::{Settings, Unwatched};

const SPREAD: [Chance; 2] = [Chance::Latin, Chance::Sobol];

/// Runs on one thread.
fn run(model: &Model, chance: Chance, trials: u64, seed: u64) -> Results<'_> {
    model.run_watched(Settings { trials, seed, chance }, Some(1), &Unwatched).unwrap()
}
