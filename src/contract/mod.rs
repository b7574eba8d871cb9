//! Contract arithmetic on integers: schedules, prices, splits, limits and promises, as pure functions.
//!
//! Nothing here knows of trials, columns or files. Money is øre, measured quantities are integers in units of
//! 10⁻⁹ ([`NANO`]), so that every comparison with an edge of a price is exact.

pub mod course;
pub mod index;
pub mod price;
pub mod promise;
pub mod schedule;
pub mod share;

/// One unit of a measured quantity (one person, 100 %, one point) in the integers that are compared with edges.
pub const NANO: i64 = 1_000_000_000;
