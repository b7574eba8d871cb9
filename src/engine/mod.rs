//! The engine: a scenario compiled to a plan, run over blocks of trials, merged, and read.
//!
//! Data flows one way: `compile` makes a [`plan`] and a [`grid`] of figures, the plan is lowered to a [`program`] that
//! runs, [`run`] counts the amounts of every figure over pages of trials, [`results`] reads statistics from the counts.

pub mod block;
pub(crate) mod bounds;
pub(crate) mod compile;
pub mod explain;
pub mod grid;
pub mod ledger;
pub mod model;
pub(crate) mod need;
pub mod part;
pub mod plan;
pub mod precision;
pub mod probe;
pub mod program;
mod reference;
pub mod results;
pub mod run;
pub mod select;
pub mod spans;
mod spool;
pub mod total;
pub mod trials;
