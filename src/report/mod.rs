//! Reports: the files of a results folder and the terminal table, one writer a file.
//!
//! Every writer reads [`Figures`](figures::Figures). [`outputs`] is the one list of what a results folder holds; `run`,
//! `merge` and `verify` all go through it, so that they cannot differ.

mod axes;
pub mod below;
pub mod beside;
pub mod comparison;
pub mod correlations;
pub mod exposure;
pub mod figures;
pub mod folder;
pub mod html;
pub mod json;
pub mod ledger;
pub mod left;
pub mod limits;
mod number;
pub(crate) use number::grouped;
pub mod outputs;
pub mod passport;
pub mod profile;
pub mod record;
mod returns;
pub mod sensitivity;
mod sheet;
pub mod sipmath;
pub mod sources;
pub mod study;
pub mod summary;
pub mod sweep;
pub mod terminal;
pub mod text;
pub mod trials;
mod undefined;
pub mod unfinished;
pub mod verify;
pub mod wanted;
pub mod workbook;

use thiserror::Error;

use crate::engine::run::RunError;
use crate::measure::SummaryError;
use crate::scenario::diagnose::Diagnostics;
use crate::study::StudyError;

/// Why a report was not written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ReportError {
    /// A series without statistics.
    #[error(transparent)]
    Summary(#[from] SummaryError),
    /// A CSV file.
    #[error("a CSV file could not be built: {0}")]
    Csv(#[from] csv::Error),
    /// A passport.
    #[error("the passport could not be built: {0}")]
    Json(#[from] serde_json::Error),
    /// A named case, or trials that are run once more.
    #[error(transparent)]
    Run(#[from] RunError),
    /// A page or a picture.
    #[error("a page could not be built: {0}")]
    Page(#[from] askama::Error),
    /// A study of what moves the payments.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A workbook.
    #[error("the workbook could not be built: {0}")]
    Workbook(#[from] rust_xlsxwriter::XlsxError),
    /// Columns of trials that do not exist.
    #[error(transparent)]
    Column(#[from] trials::ColumnError),
    /// A scenario that does not compile once more.
    #[error(transparent)]
    Scenario(#[from] Diagnostics),
    /// A Parquet file.
    #[error("the Parquet file could not be written: {0}")]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A file that is written bit by bit.
    #[error("a file could not be written: {0}")]
    Stream(#[from] std::io::Error),
    /// Where a file goes.
    #[error(transparent)]
    Folder(#[from] folder::FolderError),
}
