//! Loading a scenario with its named cases, so that all that can be wrong is known before the first trial.

use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use crate::engine::model::Model;
use crate::scenario::diagnose::Diagnostics;
use crate::scenario::model::Scenario;
use crate::scenario::name::Name;
use crate::scenario::{load_from_memory, load_with_warnings};

/// A scenario that is ready to run.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) model: Model,
    pub(super) cases: Vec<(Name, Model)>,
    pub(super) warnings: Diagnostics,
}

impl Loaded {
    /// Loads a file and what it includes.
    pub(super) fn from_disk(path: &Path) -> Result<Self, Failure> {
        Self::new(load_with_warnings(path))
    }

    /// Loads a scenario that a part or a results folder carries.
    pub(super) fn from_memory(files: &[(String, Vec<u8>)], root: &str) -> Result<Self, Failure> {
        Self::new(load_from_memory(files, root))
    }

    fn new(loaded: Result<(Scenario, Diagnostics), Diagnostics>) -> Result<Self, Failure> {
        let (scenario, warnings) = loaded.map_err(Failure::invalid)?;
        let model = Model::new(scenario).map_err(Failure::invalid)?;
        let compile = |name: Name| model.case(&name).map(|case| (name, case)).map_err(Failure::invalid);
        let cases = model.cases().into_iter().map(compile).collect::<Result<_, _>>()?;
        Ok(Self { model, cases, warnings })
    }

    /// Tells how many warnings there are; `check` shows them.
    pub(super) fn mention_warnings(&self, console: &Console, path: &Path) {
        let count = self.warnings.list().len();
        if count > 0 {
            let path = path.display();
            console
                .note(&format!("{count} warning(s) about the scenario; see them with: udfald check {path}"));
        }
    }
}
