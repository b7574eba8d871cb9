//! The page and the workbook of a study.

use super::Piece;
use crate::engine::run::Settings;
use crate::report::ReportError;
use crate::report::html::study::{Heading, page};
use crate::report::profile::Profile;
use crate::report::study::comparison::{self, Entry};
use crate::report::study::sensitivity::Detail;
use crate::report::study::{sensitivity, sweep};
use crate::report::text::Language;
use crate::report::{
    comparison as compared_csv, sensitivity as sensitivity_csv, sweep as sweep_csv, workbook,
};
use crate::scenario::model::Scenario;
use crate::study::compare::Comparison;
use crate::study::sensitivity::Sensitivity;
use crate::study::sweep::{Parameter, Point};

/// What is made of a study beside its CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudyReport {
    /// A page for a browser.
    Page,
    /// A workbook for spreadsheets.
    Workbook,
}

impl StudyReport {
    /// All.
    pub const ALL: [Self; 2] = [Self::Page, Self::Workbook];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Workbook => "workbook",
        }
    }

    /// The report of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.name() == name)
    }
}

/// A study that can be made into reports.
pub enum Told<'t> {
    /// Scenarios held against the first of them.
    Comparison(&'t [Entry<'t>], &'t Comparison),
    /// A scenario under many values.
    Sweep(&'t Scenario, &'t [Parameter], &'t [Point], Settings),
    /// What moves the payments.
    Sensitivity(&'t Scenario, &'t Sensitivity, Option<&'t str>),
}

/// Names of files with their bytes.
pub type Files = Vec<(String, Vec<u8>)>;

impl Told<'_> {
    /// The reports that are wanted.
    ///
    /// # Errors
    /// When a workbook would not fit a spreadsheet, or memory runs out.
    pub fn reports(&self, wanted: &[StudyReport], language: Language) -> Result<Files, ReportError> {
        let (heading, pieces) = (self.heading(language), self.pieces(language));
        let mut files = Files::new();
        if wanted.contains(&StudyReport::Page) {
            files.extend(page(&heading, &pieces, language)?);
        }
        if wanted.contains(&StudyReport::Workbook) {
            let bytes = workbook::study::workbook(&heading, &pieces, &self.csv(Profile::Plain)?, language)?;
            files.push((workbook::NAME.to_owned(), bytes));
        }
        Ok(files)
    }

    /// The CSV file.
    ///
    /// # Errors
    /// Only when memory runs out.
    pub fn csv(&self, profile: Profile) -> Result<Vec<u8>, ReportError> {
        let unit = self.scenario().currency.unit();
        match self {
            Self::Comparison(_, comparison) => Ok(compared_csv::comparison(comparison, &unit, profile)?),
            Self::Sweep(_, parameters, points, _) => {
                Ok(sweep_csv::sweep(parameters, points, &unit, profile)?)
            }
            Self::Sensitivity(_, study, _) => sensitivity_csv::sensitivity(study, &unit, profile),
        }
    }

    /// The scenario of the study, or the first of them.
    fn scenario(&self) -> &Scenario {
        match self {
            Self::Comparison(entries, _) => entries[0].model.scenario(),
            Self::Sweep(scenario, ..) | Self::Sensitivity(scenario, ..) => scenario,
        }
    }

    fn pieces(&self, language: Language) -> Vec<Piece> {
        match self {
            Self::Comparison(entries, comparison) => comparison::pieces(entries, comparison, language),
            Self::Sweep(scenario, parameters, points, settings) => {
                sweep::pieces(scenario, parameters, points, *settings, language)
            }
            Self::Sensitivity(scenario, study, party) => {
                sensitivity::pieces(scenario, study, *party, language, Detail::Full)
            }
        }
    }

    fn heading(&self, language: Language) -> Heading {
        let (words, scenario) = (language.study(), self.scenario());
        let kind = match self {
            Self::Comparison(..) => words.for_compare(),
            Self::Sweep(..) => words.for_sweep(),
            Self::Sensitivity(..) => words.for_sensitivity(),
        };
        let about = scenario.as_of.map_or_else(String::new, |date| language.text().as_of(date));
        Heading { title: crate::report::html::names::shown(&scenario.title), kind, about }
    }
}
