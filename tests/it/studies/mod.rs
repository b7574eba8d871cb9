//! Studies on the same random numbers against exact answers: comparisons, sweeps, sensitivity.

mod compare;
mod noise;
mod reports;
mod sensitivity;
mod sweep;
