//! Studies: questions about scenarios that take more than one run, answered on the same random numbers.

pub mod cells;
pub mod compare;
pub mod dependence;
pub mod kept;
pub mod noise;
pub mod sensitivity;
pub mod streams;
pub mod sweep;

use thiserror::Error;

use crate::engine::run::RunError;
use crate::measure::{ShapeError, SummaryError};
use crate::scenario::diagnose::Diagnostics;

/// Why a study gave no results.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudyError {
    /// Amounts in different money.
    #[error(
        "the scenarios are in different money, {0} and {1}; compare scenarios in the same currency and prices"
    )]
    Currencies(String, String),
    /// A setting that does not fit the scenario.
    #[error("{0}")]
    Set(String),
    /// A run that gave no results.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A scenario that does not compile.
    #[error(transparent)]
    Scenario(#[from] Diagnostics),
    /// A series that cannot be counted.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// A series without statistics.
    #[error(transparent)]
    Summary(#[from] SummaryError),
}
