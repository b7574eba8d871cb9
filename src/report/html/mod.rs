//! One page for each reader, complete in itself, and its pictures.
//!
//! `build` makes what a page says (`view`) out of figures; templates only lay it out, and escape every text. A page
//! runs no script and fetches nothing.
//!
//! Pictures are drawn by templates as well. Bars, ranges and dots need no plotting library; and none that was looked
//! at gives a picture a title and a description for screen readers, colours that follow the page into dark mode, and
//! text that stays text.

mod audience;
pub(super) mod build;
mod money;
pub(super) mod names;
mod picture;
pub(in crate::report) mod study;
mod tornado;
pub(super) mod view;

use askama::Template;

use super::ReportError;
use super::figures::Figures;
use super::text::{Language, PageWords};
use super::wanted::{Report, Wanted};
use crate::engine::model::Model;
use crate::scenario::name::Name;
use crate::study::sensitivity::Sensitivity;
pub use audience::Audience;
use build::{Asked, Builder};
pub(in crate::report) use picture::bars::Bars;
pub(in crate::report) use tornado::tornado;
use view::{Block, View};

/// A page.
#[derive(Template)]
#[template(path = "report/page.html")]
struct Page<'p> {
    view: &'p View,
    words: PageWords,
    language: Language,
}

/// The pages that are wanted and their pictures: names of files with their bytes, in the order of names.
///
/// `cases` are the scenario's named cases, compiled; `study` says what moves the payments.
///
/// # Errors
/// When a named case does not run.
pub fn pages(
    figures: &Figures<'_>,
    cases: &[(Name, Model)],
    wanted: &Wanted,
    study: Option<&Sensitivity>,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let language = wanted.language;
    let mut files = Vec::new();
    for audience in Audience::ALL.into_iter().filter(|audience| wanted.has(Report::Page(*audience))) {
        let view = Builder::new(
            figures,
            cases,
            Asked { language, audience, payer: wanted.payer.as_deref(), study },
        )?
        .view()?;
        let page = Page { view: &view, words: language.page(), language }.render()?;
        files.push((format!("report-{}.html", audience.name()), page.into_bytes()));
        for picture in view.pictures() {
            files.push((format!("pictures/{}.svg", picture.name), picture.alone.clone().into_bytes()));
        }
    }
    files.sort();
    // Two pages may show the same picture.
    files.dedup_by(|a, b| a.0 == b.0);
    Ok(files)
}
