//! Studies on the same random numbers against exact answers: comparisons, sweeps, sensitivity.

mod compare;
mod sensitivity;
mod sweep;
