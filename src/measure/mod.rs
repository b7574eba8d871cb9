//! Tallies, and the statistics read from them.
