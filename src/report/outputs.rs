//! The files of a results folder, in one place for `run`, `merge` and `verify`.

use super::ReportError;
use super::exposure::exposure;
use super::figures::Figures;
use super::html::pages;
use super::limits::limits;
use super::passport::{self, FileDigest, Passport};
use super::summary::summary;
use super::wanted::Wanted;
use crate::engine::model::Model;
use crate::scenario::name::Name;

/// What is done with a file of a results folder: its name, with `/` between folders, and its bytes.
pub type Take<'t> = dyn FnMut(&str, &[u8]) -> Result<(), ReportError> + 't;

/// Makes every file of a results folder and hands it on.
///
/// One file is in memory at a time. The passport comes last: a folder without it is no results folder.
///
/// `cases` are the scenario's named cases, compiled.
///
/// # Errors
/// What `take` says, when a named case does not run, or when memory runs out.
pub fn outputs(
    figures: &Figures<'_>,
    cases: &[(Name, Model)],
    wanted: &Wanted,
    take: &mut Take<'_>,
) -> Result<(), ReportError> {
    let results = figures.results();
    let scenario = results.model().scenario();
    let sources = &scenario.sources;
    for (name, bytes) in sources.tree() {
        take(&format!("{}/{name}", passport::SCENARIO), bytes)?;
    }
    let mut digests = Vec::new();
    let profile = wanted.profile;
    let mut digested = |name: &str, bytes: &[u8]| {
        digests.push(FileDigest::new(name, bytes));
        take(name, bytes)
    };
    digested("exposure.csv", &exposure(figures, profile)?)?;
    digested("limits.csv", &limits(figures, profile)?)?;
    digested("summary.csv", &summary(figures, profile)?)?;
    for (name, bytes) in pages(figures, cases, wanted)? {
        digested(&name, &bytes)?;
    }
    let passport = Passport::new(results.settings(), wanted, sources, digests);
    let passport = passport.with_ids(scenario.investments());
    take(passport::NAME, &passport.to_bytes()?)
}
