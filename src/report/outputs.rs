//! The files of a results folder, in one place for `run`, `merge` and `verify`.

use super::ReportError;
use super::exposure::exposure;
use super::figures::Figures;
use super::limits::limits;
use super::passport::{self, FileDigest, Passport};
use super::profile::Profile;
use super::summary::summary;

/// What is done with a file of a results folder: its name, with `/` between folders, and its bytes.
pub type Take<'t> = dyn FnMut(&str, &[u8]) -> Result<(), ReportError> + 't;

/// Makes every file of a results folder and hands it on.
///
/// One file is in memory at a time. The passport comes last: a folder without it is no results folder.
///
/// # Errors
/// What `take` says, or when memory runs out.
pub fn outputs(figures: &Figures<'_>, profile: Profile, take: &mut Take<'_>) -> Result<(), ReportError> {
    let results = figures.results();
    let scenario = results.model().scenario();
    let sources = &scenario.sources;
    for (name, bytes) in sources.tree() {
        take(&format!("{}/{name}", passport::SCENARIO), bytes)?;
    }
    let mut digests = Vec::new();
    let mut csv = |name: &str, bytes: &[u8]| {
        digests.push(FileDigest::new(name, bytes));
        take(name, bytes)
    };
    csv("exposure.csv", &exposure(figures, profile)?)?;
    csv("limits.csv", &limits(figures, profile)?)?;
    csv("summary.csv", &summary(figures, profile)?)?;
    let passport = Passport::new(results.settings(), profile, sources, digests);
    let passport = passport.with_ids(scenario.investments());
    take(passport::NAME, &passport.to_bytes()?)
}
