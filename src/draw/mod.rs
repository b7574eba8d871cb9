//! Draws with an address: every random word is a function of (seed, kind, name, lane, trial) and nothing else.
//!
//! [`threefry`] is the published generator, [`address`] maps an address and a trial to a word, [`normal`] turns
//! words into normal scores and back into probabilities, [`binomial`] draws counts by exact inversion, and [`points`] spreads
//! words evenly over trials.
//!
//! Words are made a page of [`PAGE`] trials at a time. Kernels over a page are compiled for several instruction
//! sets and the best one is picked when the program runs; they use only `+ - * /`, `sqrt` and integer operations,
//! so every instruction set gives the same bits.

#![allow(
    clippy::inline_always,
    reason = "a kernel's parts have to be compiled for the instruction set of the kernel"
)]

pub mod address;
pub mod beta_binomial;
pub mod binomial;
pub mod normal;
pub mod points;
pub mod threefry;

pub use address::{Address, AddressRng, Kind, PAGE, Stream, unit};
