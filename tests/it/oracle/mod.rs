//! The exact solver as the oracle of the simulation.

mod known;
