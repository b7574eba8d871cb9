//! What is tried with any bytes: they are loaded, compiled and run for ten trials, each as far as it goes.
//!
//! Shared by the targets in `fuzz` and by the test that tries again what they have found. A panic is a fault.

use udfald::engine::block::Chance;
use udfald::engine::model::{CASE, Model};
use udfald::engine::run::{Settings, Unwatched};
use udfald::scenario::{Diagnostics, Scenario, Severity, load_from_memory};

/// A contract that the bytes may be laid over or include.
const BESIDE: &[u8] = include_bytes!("../../fixtures/small.toml");

/// The bytes as a scenario file, with `small.toml` beside it.
pub fn load(bytes: &[u8]) -> Option<Scenario> {
    let files = [("fuzzed.toml".to_owned(), bytes.to_vec()), ("small.toml".to_owned(), BESIDE.to_vec())];
    match load_from_memory(&files, "fuzzed.toml") {
        Ok((scenario, warnings)) => {
            let _ = warnings.to_string();
            Some(scenario)
        }
        Err(errors) => {
            let text = std::str::from_utf8(bytes).map(str::trim);
            has_places(&errors, text.is_ok_and(|text| !text.is_empty()));
            None
        }
    }
}

/// Every error says where it is, in a file that is text at all.
fn has_places(errors: &Diagnostics, is_text: bool) {
    assert!(!errors.to_string().is_empty() && !errors.render(true).is_empty(), "refused without a word");
    let mut found = errors.list().iter().filter(|finding| finding.severity == Severity::Error).peekable();
    assert!(found.peek().is_some(), "refused without an error");
    for finding in found.filter(|_| is_text) {
        let Some(span) = &finding.span else { panic!("no place: {}", finding.title) };
        let place = errors.sources().place(span);
        assert!(place.line >= 1 && !place.file.is_empty(), "no place: {}", finding.title);
    }
}

/// The compiled scenario, and that of its cases.
pub fn compile(bytes: &[u8]) -> Option<Model> {
    let model = Model::new(load(bytes)?).inspect_err(|errors| has_places(errors, false)).ok()?;
    let _ = model.plan().to_string();
    for name in model.cases() {
        let _ = model.case(&name);
    }
    Some(model)
}

/// How many trials ran: their accounts close, or it is a fault.
pub fn run(bytes: &[u8]) -> Option<u64> {
    let model = compile(bytes)?;
    let settings = Settings { trials: 10, seed: 1, chance: Chance::Inversion };
    let trials = trials_of(&model, settings);
    for name in model.cases() {
        if let Ok(case) = model.case(&name) {
            trials_of(&case, CASE);
        }
    }
    Some(trials)
}

fn trials_of(model: &Model, settings: Settings) -> u64 {
    let results = match model.run_watched(settings, Some(1), &Unwatched) {
        Ok(results) => results,
        Err(error) => panic!("{error}"),
    };
    for (at, figure) in results.grid().figures() {
        let counted = results.summary_of(figure).map(|summary| summary.trials());
        assert_eq!(counted.ok(), Some(settings.trials), "{at:?}");
    }
    settings.trials
}
