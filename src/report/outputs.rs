//! The files of a results folder, in one place for `run`, `merge` and `verify`.

use std::io::Write;

use super::ReportError;
use super::correlations;
use super::exposure::exposure;
use super::figures::Figures;
use super::html::pages;
use super::json;
use super::limits::limits;
use super::passport::{self, FileDigest, Passport};
use super::summary::summary;
use super::trials::{self, Wish};
use super::wanted::{Report, Wanted};
use super::workbook;
use super::{sensitivity, sipmath};
use crate::digest::Digesting;
use crate::engine::model::Model;
use crate::engine::run::Watch;
use crate::scenario::name::Name;
use crate::study::sensitivity::Sensitivity;

/// Writes a file from beginning to end.
pub type Fill<'f> = dyn FnMut(&mut (dyn Write + Send)) -> Result<(), ReportError> + 'f;

/// What is done with the files of a results folder; their names have `/` between folders.
pub trait Take {
    /// A file that is there in full.
    ///
    /// # Errors
    /// What the system says.
    fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError>;

    /// A file that may be larger than memory.
    ///
    /// # Errors
    /// What the system says, and what `fill` says.
    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), ReportError>;
}

/// What files are made of.
#[derive(Clone, Copy)]
pub struct Making<'m> {
    /// The run.
    pub figures: &'m Figures<'m>,
    /// The scenario's named cases, compiled.
    pub cases: &'m [(Name, Model)],
    /// What is asked for.
    pub wanted: &'m Wanted,
    /// Watches what runs once more.
    pub watch: &'m dyn Watch,
}

/// Makes every file of a results folder and hands it on.
///
/// One file is in memory at a time. The passport comes last: a folder without it is no results folder.
///
/// # Errors
/// What `take` says, when something does not run, or when memory runs out.
pub fn outputs(making: Making<'_>, take: &mut dyn Take) -> Result<(), ReportError> {
    let results = making.figures.results();
    let scenario = results.model().scenario();
    let sources = &scenario.sources;
    for (name, bytes) in sources.tree() {
        take.whole(&format!("{}/{name}", passport::SCENARIO), bytes)?;
    }
    let mut kept = Kept { take, digests: Vec::new() };
    files(making, &mut kept)?;
    trial_file(making, &mut kept)?;
    let passport = Passport::new(results.settings(), making.wanted, sources, kept.digests);
    let passport = passport.with_ids(scenario.investments());
    take.whole(passport::NAME, &passport.to_bytes()?)
}

/// Hands files on, and keeps their digests for the passport.
struct Kept<'t> {
    take: &'t mut dyn Take,
    digests: Vec<FileDigest>,
}

impl Kept<'_> {
    fn whole(&mut self, name: &str, bytes: &[u8]) -> Result<(), ReportError> {
        self.digests.push(FileDigest::new(name, bytes));
        self.take.whole(name, bytes)
    }

    fn stream(&mut self, name: &str, fill: &mut Fill<'_>) -> Result<(), ReportError> {
        let mut digest = String::new();
        self.take.stream(name, &mut |out| {
            let mut out = Digesting::new(out);
            fill(&mut out)?;
            digest = out.finish();
            Ok(())
        })?;
        self.digests.push(FileDigest::known(name, digest));
        Ok(())
    }
}

/// The files that the run's counts give, but for the passport.
fn files(making: Making<'_>, kept: &mut Kept<'_>) -> Result<(), ReportError> {
    let Making { figures, cases, wanted, watch } = making;
    let results = figures.results();
    let threads = Some(rayon::current_num_threads());
    let study =
        wanted.what_moves_it.then(|| Sensitivity::new(results.model(), results.settings(), threads, watch));
    let study = study.transpose()?;
    if !figures.dependence().pairs.is_empty() {
        kept.whole(correlations::NAME, &correlations::correlations(figures.dependence(), wanted.profile)?)?;
    }
    kept.whole("exposure.csv", &exposure(figures, wanted.profile)?)?;
    kept.whole("limits.csv", &limits(figures, wanted.profile)?)?;
    kept.stream("summary.csv", &mut |out| summary(figures, wanted.profile, out))?;
    if let Some(study) = &study {
        let unit = results.model().scenario().currency.unit();
        kept.whole(sensitivity::NAME, &sensitivity::sensitivity(study, &unit, wanted.profile)?)?;
    }
    for (name, bytes) in pages(figures, cases, wanted, study.as_ref())? {
        kept.whole(&name, &bytes)?;
    }
    if wanted.has(Report::Workbook) {
        kept.whole(workbook::NAME, &workbook::workbook(figures, cases, wanted, study.as_ref())?)?;
    }
    if wanted.has(Report::Json) {
        kept.whole(json::NAME, &json::json(figures, cases)?)?;
    }
    if wanted.has(Report::Sipmath) {
        kept.whole(sipmath::NAME, &sipmath::sipmath(figures, watch)?)?;
    }
    Ok(())
}

/// The file of trials, if columns are chosen.
fn trial_file(making: Making<'_>, kept: &mut Kept<'_>) -> Result<(), ReportError> {
    let wanted = making.wanted;
    if wanted.trial_columns.is_empty() {
        return Ok(());
    }
    let (file, profile) = (wanted.trial_file, wanted.profile);
    let wish = Wish { columns: &wanted.trial_columns, file, profile };
    let results = making.figures.results();
    kept.stream(file.file(), &mut |mut out| {
        trials::write(results.model(), results.settings(), wish, making.watch, &mut out)
    })
}
