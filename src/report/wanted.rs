//! What a results folder is to hold beside the CSV files, and in which marks and language.

use super::html::Audience;
use super::profile::Profile;
use super::summary;
use super::text::Language;
use super::trials::TrialFile;
use crate::engine::model::Model;
use crate::engine::run::Settings;
use crate::study::StudyError;
use crate::study::sensitivity::Sensitivity;

/// A file or page that is made when it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Report {
    /// A page for a reader, with its pictures.
    Page(Audience),
    /// A workbook for spreadsheets.
    Workbook,
    /// Everything in one file for programs.
    Json,
    /// Distributions for models in spreadsheets.
    Sipmath,
}

impl Report {
    /// All, in the order in which passports list them.
    pub const ALL: [Self; 6] = [
        Self::Page(Audience::Council),
        Self::Page(Audience::Finance),
        Self::Page(Audience::Analyst),
        Self::Workbook,
        Self::Json,
        Self::Sipmath,
    ];

    /// The name on the command line and in passports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Page(audience) => audience.name(),
            Self::Workbook => "workbook",
            Self::Json => "json",
            Self::Sipmath => "sipmath",
        }
    }

    /// The report of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|report| report.name() == name)
    }
}

/// The options that decide files. The language decides pages and workbooks only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The marks of CSV files.
    pub profile: Profile,
    /// What is made, each once and in the order of [`Report::ALL`].
    pub reports: Vec<Report>,
    /// The language of reports.
    pub language: Language,
    /// The id of the payer whose reports these are; all where there is none.
    pub payer: Option<String>,
    /// Whether they say what moves the payments.
    pub what_moves_it: bool,
    /// Columns of trials, as they are written on the command line.
    pub trial_columns: Vec<String>,
    /// How trials are written.
    pub trial_file: TrialFile,
    /// The precision in kroner that decided the number of trials, where one was asked for.
    pub precision: Option<u64>,
}

impl Wanted {
    /// The CSV files alone.
    #[must_use]
    pub fn csv(profile: Profile) -> Self {
        Self { profile, ..Self::default() }
    }

    /// With these reports, in any order.
    #[must_use]
    pub fn with_reports(self, reports: &[Report], language: Language) -> Self {
        let reports = Report::ALL.into_iter().filter(|report| reports.contains(report));
        Self { reports: reports.collect(), language, ..self }
    }

    /// Of one payer, and with what moves the payments.
    #[must_use]
    pub fn with_more(self, payer: Option<&str>, what_moves_it: bool) -> Self {
        Self { payer: payer.map(str::to_owned), what_moves_it, ..self }
    }

    /// How many trials are run after the run itself.
    ///
    /// # Errors
    /// None that the model did not have.
    pub fn more_trials(&self, model: &Model, settings: Settings) -> Result<u64, StudyError> {
        let once = u64::from(!self.trial_columns.is_empty()) + u64::from(self.has(Report::Sipmath));
        let study = if self.what_moves_it { Sensitivity::trials(model, settings)? } else { 0 };
        Ok(settings.trials.saturating_mul(once).saturating_add(study))
    }

    /// With the precision that decided the number of trials.
    #[must_use]
    pub fn with_precision(self, kroner: Option<u64>) -> Self {
        Self { precision: kroner, ..self }
    }

    /// With these columns of the trials.
    #[must_use]
    pub fn with_trials(self, columns: &[String], file: TrialFile) -> Self {
        Self { trial_columns: columns.to_vec(), trial_file: file, ..self }
    }

    /// Whether a report is wanted.
    #[must_use]
    pub fn has(&self, report: Report) -> bool {
        self.reports.contains(&report)
    }

    /// About how many bytes the largest file has that is made in memory. The table of all figures is not: it is written piece
    /// by piece, and its length stands here for that of reports with as many figures.
    #[must_use]
    pub fn file_in_memory(&self, model: &Model) -> u64 {
        let whole =
            [Report::Workbook, Report::Json, Report::Sipmath].into_iter().any(|report| self.has(report));
        if whole { summary::size(model) } else { 0 }
    }
}
