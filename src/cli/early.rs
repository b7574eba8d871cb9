//! A first table at once: of few trials, on a terminal, and gone when the last one is done.
//!
//! A portfolio of many contracts runs for minutes; its first table is there before that, and says whether the scenario is the
//! one that was meant. Files and pipes never hold it.

use ::console::Term;

use super::console::Console;
use super::failure::Failure;
use super::load::Loaded;
use super::run::counted_for_table;
use crate::engine::block::Chance;
use crate::engine::run::{Settings, Unwatched};
use crate::report::figures::Figures;
use crate::report::terminal::terminal;
use crate::report::text::Language;

/// Trials of the first table: a standard error of 1 % of the standard deviation, in the time that starting takes.
const FIRST: u64 = 8192;

/// The widest line of a table.
const WIDTH: u16 = 100;

/// A first table that is on the screen.
#[derive(Debug)]
pub(super) struct Early {
    screen: Term,
    lines: usize,
}

/// What a first table is of.
pub(super) struct Beginning<'b> {
    pub(super) loaded: &'b Loaded,
    pub(super) settings: Settings,
    pub(super) threads: Option<usize>,
    pub(super) language: Language,
}

impl Early {
    /// Shows as much of a table of the first trials as fits the screen; nothing where there is none, or few trials follow.
    pub(super) fn show(beginning: &Beginning<'_>, console: &mut Console) -> Result<Option<Self>, Failure> {
        let screen = Term::stdout();
        let Settings { trials, chance, .. } = beginning.settings;
        // It must be possible to clear it away.
        let dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        if !screen.is_term() || dumb || trials <= FIRST || chance != Chance::Inversion {
            return Ok(None);
        }
        let Some((height, WIDTH..)) = screen.size_checked() else { return Ok(None) };
        let (text, lines) = clipped(&beginning.table()?, &beginning.note(), usize::from(height));
        console.print(&text)?;
        console.flush()?;
        Ok(Some(Self { screen, lines }))
    }

    /// Clears it away.
    pub(super) fn clear(self, console: &mut Console) -> Result<(), Failure> {
        console.flush()?;
        self.screen.clear_last_lines(self.lines).map_err(Failure::writing)
    }
}

impl Beginning<'_> {
    fn table(&self) -> Result<String, Failure> {
        let settings = Settings { trials: FIRST, ..self.settings };
        let results = counted_for_table(&self.loaded.model, settings, self.threads, &Unwatched)?;
        let figures = Figures::new(&results).map_err(Failure::failed)?;
        terminal(&figures, &self.loaded.cases, self.language).map_err(Failure::failed)
    }

    fn note(&self) -> String {
        self.language.first_of(FIRST, self.settings.trials)
    }
}

/// The first lines of a table and a note below, on a screen so high, and how many lines that is; the cursor stands on one more.
fn clipped(table: &str, note: &str, height: usize) -> (String, usize) {
    let shown: Vec<_> = table.lines().take(height.saturating_sub(3)).chain(["", note]).collect();
    (shown.join("\n") + "\n", shown.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_table_fits_the_screen() {
        assert_eq!(clipped("a\nb\nc\n", "of many", 9), ("a\nb\nc\n\nof many\n".to_owned(), 5));
        assert_eq!(clipped("a\nb\nc\n", "of many", 5), ("a\nb\n\nof many\n".to_owned(), 4));
        assert_eq!(clipped("a\nb\nc\n", "of many", 2), ("\nof many\n".to_owned(), 2));
    }

    #[test]
    fn what_is_no_terminal_has_none() {
        let loaded = Loaded::from_disk(std::path::Path::new("scenarios/youth.toml")).unwrap();
        let settings = Settings::default();
        let beginning = Beginning { loaded: &loaded, settings, threads: Some(1), language: Language::En };
        // Tests write to a pipe or not: without a screen of this size nothing is shown either way.
        if !Term::stdout().is_term() {
            assert!(Early::show(&beginning, &mut Console::new()).unwrap().is_none());
        }
    }
}
