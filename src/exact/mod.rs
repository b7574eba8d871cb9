//! An exact answer: convolution of counts, quadrature over uncertain numbers, dynamic programming over limits.
//!
//! [`solve`] finds the distribution of every main figure of a contract without drawing a single random number. It
//! shares nothing with the simulation but the checked scenario, and is its oracle. What it does not do it refuses, with
//! a reason ([`OutOfReach`]).
//!
//! Given the numbers that several amounts share (nodes of a quadrature), what is left of chance is a sequence of draws
//! with known probabilities: people, counts, levels. Between draws everything follows by integer rules. So a contract
//! is a straight line of draws and rules (`program`), and the state after each draw is the tuple of integers that
//! later steps depend on: what is left under limits, what rolls, people to be counted again, and the figure that is
//! being added up. States are kept in a sparse table with their probability at every node (`states`, `walk`).

mod answer;
mod contract;
mod distribution;
mod figures;
mod laws;
mod limits;
mod nodes;
mod program;
mod promise;
mod quadrature;
mod reach;
mod rule;
mod scores;
mod states;
mod uncertain;
mod uses;
mod walk;
mod words;

pub use answer::{Answer, Detail, Effort, solve};
pub use distribution::Distribution;
pub use figures::{Figure, Flow};
pub use reach::OutOfReach;
