//! How uncertain numbers hang together: rank correlations, the nearest matrix that can hold, Gaussian and t copulas.
//!
//! Everything here happens before a run: what a run needs is [`Copula::weights`], weights of independent scores, and
//! [`Student`], two tables. Only + − × ÷ and square roots are used on matrices, in a fixed order, so that the weights
//! have the same bits on every machine.

#![allow(clippy::neg_cmp_op_on_partial_ord, reason = "`!(a < b)` refuses NaN, which `a >= b` lets pass")]

mod chi;
mod copula;
mod eigen;
mod matrix;
mod nearest;
mod spearman;
mod student;

pub use copula::{Copula, CopulaError, Family};
pub use matrix::{Matrix, MatrixError};
pub use nearest::{Nearest, nearest};
pub use student::{Degrees, DegreesError, Student};
