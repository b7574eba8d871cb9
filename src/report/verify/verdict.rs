//! What was done to a folder, as far as its files tell.

use super::checked::{Checked, State};
use crate::report::passport;
use crate::report::text::verify::Words;

/// The files that every run writes and every seed changes.
const OF_EVERY_RUN: [&str; 2] = ["exposure.csv", "summary.csv"];

/// What is known of a folder.
pub(super) struct Known<'v> {
    pub(super) files: &'v [Checked],
    /// Scenario files that are not those of the run.
    pub(super) scenario: &'v [String],
    /// Trials, seed and sampler of the passport.
    pub(super) run: [&'v str; 3],
    pub(super) words: Words,
    /// Whether another version made it.
    pub(super) older: bool,
}

impl Known<'_> {
    /// Whether nothing differs.
    pub(super) fn is_same(&self) -> bool {
        self.scenario.is_empty() && self.files.iter().all(|file| file.state.is_same())
    }

    /// What is to be said of the folder as a whole.
    pub(super) fn verdict(&self) -> Vec<String> {
        let [trials, seed, sampler] = self.run;
        if self.is_same() {
            return vec![self.words.all_follows(trials, seed, sampler)];
        }
        let mut told = if self.scenario.is_empty() { self.results() } else { vec![self.other_scenario()] };
        let missing = self.names(|file| matches!(file.state, State::Missing | State::NoFile));
        told.extend(missing.map(|names| self.words.incomplete(&names)));
        let extra = self.names(|file| file.state == State::Extra);
        told.extend(extra.map(|names| self.words.too_many(&names)));
        told
    }

    fn other_scenario(&self) -> String {
        let files = self.scenario.join(", ");
        let idle = self.files.iter().all(|file| file.state.is_same() || file.state == State::OtherScenario);
        if idle { self.words.scenario_edited_idly(&files) } else { self.words.scenario_edited(&files) }
    }

    fn results(&self) -> Vec<String> {
        let (words, [trials, seed, sampler]) = (self.words, self.run);
        let is_other = |file: &Checked| file.told.other_run.is_some();
        let since = |file: &Checked| file.state == State::SinceTheRun;
        let with_digest = |file: &Checked| file.state == State::WithDigest;
        let mut told = Vec::new();
        let other = self.names(|file| since(file) && is_other(file));
        if other.is_some() && OF_EVERY_RUN.iter().all(|name| self.file(name).is_some_and(since)) {
            told.push(words.passport_of_another_run(trials, seed, sampler));
        } else {
            told.extend(other.map(|names| words.of_another_run(&names)));
            let edited = self.names(|file| since(file) && !is_other(file));
            told.extend(edited.map(|names| words.edited(&names)));
        }
        let names = self.names(with_digest);
        let settings = self.files.iter().any(|file| with_digest(file) && is_other(file));
        told.extend(names.map(|names| {
            if self.older {
                words.of_that_version(&names)
            } else if settings {
                words.settings_edited(&names, trials, seed, sampler)
            } else {
                words.edited_with_passport(&names)
            }
        }));
        told.extend(self.names(|file| file.state == State::Neither).map(|names| words.mixed(&names)));
        told.extend(
            self.names(|file| file.state == State::OtherVersion).map(|names| words.older_files(&names)),
        );
        let rest = || self.files.iter().filter(|file| file.name != passport::NAME);
        if told.is_empty() && rest().all(|file| file.state.is_same()) {
            told.push(words.passport_edited());
        }
        told
    }

    fn file(&self, name: &str) -> Option<&Checked> {
        self.files.iter().find(|file| file.name == name)
    }

    /// The names of files with a property; `None` where there is none.
    fn names(&self, with: impl Fn(&Checked) -> bool) -> Option<String> {
        let names: Vec<_> =
            self.files.iter().filter(|file| with(file)).map(|file| file.name.as_str()).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}
