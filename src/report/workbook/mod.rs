//! `report.xlsx`: a workbook with numbers, sums that are formulas, and charts that a spreadsheet draws itself.
//!
//! What it says comes from where the pages take it. Texts of a scenario are always written as strings, never as formulas or
//! links. Nothing in the file depends on when or where it is made.

mod accounts;
mod assumptions;
mod cases;
mod chart;
mod dates;
mod exposure;
mod formats;
mod investors;
mod limits;
mod moves;
mod paper;
mod passport;
pub(in crate::report) mod study;
mod summary;

use jiff::civil::{Date, date};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};

use super::ReportError;
use super::figures::Figures;
use super::html::Audience;
use super::html::build::{Asked, Builder};
use super::html::names::shown;
use super::text::BookWords;
use super::wanted::Wanted;
use crate::engine::model::Model;
use crate::scenario::name::Name;
use crate::study::sensitivity::Sensitivity;
use formats::Formats;
use paper::Paper;

/// The name of the file.
pub const NAME: &str = "report.xlsx";

/// The day on which a workbook was made, for scenarios that do not say of when they are.
const SOME_DAY: Date = date(2000, 1, 1);

/// What all sheets read.
struct Book<'b> {
    builder: Builder<'b>,
    words: BookWords,
    formats: Formats,
}

/// Makes the workbook.
///
/// `cases` are the scenario's named cases, compiled; `study` says what moves the payments.
///
/// # Errors
/// When a named case does not run, or what is written does not fit a spreadsheet.
pub fn workbook(
    figures: &Figures<'_>,
    cases: &[(Name, Model)],
    wanted: &Wanted,
    study: Option<&Sensitivity>,
) -> Result<Vec<u8>, ReportError> {
    let language = wanted.language;
    let asked = Asked { language, audience: Audience::Finance, payer: wanted.payer.as_deref(), study };
    let builder = Builder::new(figures, cases, asked)?;
    let book = Book { builder, words: language.workbook(), formats: Formats::new(language) };
    let mut workbook = Workbook::new();
    workbook.set_properties(&book.properties()?);
    for sheet in book.sheets()? {
        workbook.push_worksheet(sheet);
    }
    Ok(workbook.save_to_buffer()?)
}

impl Book<'_> {
    fn properties(&self) -> Result<DocProperties, XlsxError> {
        let scenario = self.builder.axes.scenario;
        let day = scenario.as_of.unwrap_or(SOME_DAY);
        let made = ExcelDateTime::from_ymd(day.year().max(1900) as u16, day.month() as u8, day.day() as u8)?;
        Ok(DocProperties::new()
            .set_title(shown(&scenario.title))
            .set_author(format!("udfald {}", env!("CARGO_PKG_VERSION")))
            .set_creation_datetime(&made))
    }

    fn sheets(&self) -> Result<Vec<Worksheet>, ReportError> {
        let pays = self.builder.axes.payers.len() > 1;
        let mut sheets = vec![self.summary()?];
        if pays {
            sheets.extend([self.exposure()?, self.accounts()?]);
        }
        sheets.extend(self.limits()?);
        sheets.extend(self.moves()?);
        sheets.extend(self.investors()?);
        sheets.extend(self.cases()?);
        sheets.extend(self.dates()?);
        sheets.extend([self.assumptions()?, self.passport()?]);
        Ok(sheets)
    }

    /// A sheet that begins with its title and the scenario's.
    fn paper(&self, name: &str, title: &str, widths: &[f64]) -> Result<Paper<'_>, XlsxError> {
        let mut paper = Paper::new(name, widths, &self.formats)?;
        let scenario = shown(&self.builder.axes.scenario.title);
        let about = self.builder.about();
        let parts: Vec<_> = [scenario, about].into_iter().filter(|part| !part.is_empty()).collect();
        paper.title(title, &parts.join(", "))?;
        Ok(paper)
    }

    /// The currency of amounts, in units.
    fn currency(&self) -> String {
        let currency = &self.builder.axes.scenario.currency;
        self.builder.style.text.currency(&currency.code, false, currency.price_level)
    }

    fn contract(&self, index: usize) -> String {
        shown(&self.builder.axes.scenario.investments[index].title)
    }
}
