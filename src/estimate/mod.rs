//! Estimators on series of trials: paired differences and sensitivity indices, each with its 95 % interval.
//!
//! Pure functions of slices, one value a trial. Two series are paired when value i of both belongs to trial i under the
//! same random numbers. Sums run in the order of trials, so that the bits do not depend on threads.

pub mod batches;
pub mod paired;
pub mod rank;
pub mod single;
pub mod sobol;
pub mod split;

pub use batches::BATCHES;
