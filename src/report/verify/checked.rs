//! What a file of a results folder turned out to be, and how that is told.

use super::{Difference, Renamed};
use crate::report::html::names::prose;
use crate::report::text::verify::Words;

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Same,
    /// The same but for names of an older version.
    Renamed,
    Missing,
    NoFile,
    /// Not written by the run.
    Extra,
    /// The passport's digest is that of what the run gives, and not that of the file.
    SinceTheRun,
    /// The passport's digest is that of the file, and not that of what the run gives.
    WithDigest,
    /// The passport's digest is that of neither.
    Neither,
    /// As written, in bytes that this version would not write.
    OtherVersion,
    /// Not run again: the passport's digest is that of the file.
    AsWritten,
    /// Not run again: the passport's digest is not that of the file.
    NotAsWritten,
    /// A passport beside a scenario that is not that of its run.
    OtherScenario,
    /// A passport that says something else than the run.
    Passport,
}

impl State {
    /// Of a file that differs from what the run gives.
    pub(super) fn of_other(recorded: bool, given: bool) -> Self {
        match (recorded, given) {
            (true, _) => Self::WithDigest,
            (false, true) => Self::SinceTheRun,
            (false, false) => Self::Neither,
        }
    }

    pub(super) fn is_same(self) -> bool {
        matches!(self, Self::Same | Self::Renamed)
    }
}

/// A file and what was found.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) name: String,
    pub(super) state: State,
    pub(super) told: Difference,
}

impl Checked {
    /// One line, and more below it where something differs.
    pub(super) fn text(&self, words: Words, renamed: &Renamed, scenario_changed: bool) -> String {
        let headline = match self.state {
            State::Same => words.identical(),
            State::Renamed => {
                let names: Vec<_> = renamed.iter().map(|(old, new)| words.now(old, new)).collect();
                words.but_for_names(&names.join(", "))
            }
            State::Missing => words.missing(),
            State::NoFile => words.no_file(),
            State::Extra => words.extra(),
            State::WithDigest if scenario_changed => words.no_longer_follows(),
            State::WithDigest => words.with_its_digest(),
            State::Neither | State::SinceTheRun if scenario_changed => words.not_as_written(),
            State::SinceTheRun => words.since_the_run(),
            State::Neither => words.neither(),
            State::OtherVersion => words.other_version(),
            State::AsWritten => words.as_written(),
            State::NotAsWritten => words.not_as_written(),
            State::OtherScenario => words.of_the_scenario_that_was_run(),
            State::Passport => words.passport_differs(),
        };
        // Beside another scenario everything is of another run.
        let other = self.told.other_run.iter().filter(|_| !scenario_changed);
        let lines = other.chain(&self.told.lines).map(|line| format!("  {}\n", prose(line)));
        std::iter::once(format!("{}: {headline}\n", prose(&self.name))).chain(lines).collect()
    }
}
