//! Reports: the files of a results folder and the terminal table, one writer a file.
//!
//! Every writer reads [`Figures`](figures::Figures). [`outputs`] is the one list of what a results folder holds; `run`,
//! `merge` and `verify` all go through it, so that they cannot differ.

mod axes;
pub mod beside;
pub mod compare;
pub mod comparison;
pub mod exposure;
pub mod figures;
pub mod folder;
pub mod html;
pub mod ledger;
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
pub mod summary;
pub mod sweep;
pub mod terminal;
pub mod text;
mod undefined;
pub mod wanted;

use thiserror::Error;

use crate::engine::run::RunError;
use crate::measure::SummaryError;

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
    /// A named case.
    #[error("a named case did not run: {0}")]
    Case(#[from] RunError),
    /// A page or a picture.
    #[error("a page could not be built: {0}")]
    Page(#[from] askama::Error),
    /// Where a file goes.
    #[error(transparent)]
    Folder(#[from] folder::FolderError),
}
