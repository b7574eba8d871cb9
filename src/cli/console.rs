//! The only place that prints: results to stdout, everything else to stderr.

use std::io::{BufWriter, IsTerminal as _, Stderr, StdoutLock, Write, stderr, stdout};

use super::failure::{Failure, Status};

/// Standard output, locked, and standard error.
#[derive(Debug)]
pub(super) struct Console {
    results: BufWriter<StdoutLock<'static>>,
    notes: Stderr,
}

impl Console {
    pub(super) fn new() -> Self {
        Self { results: BufWriter::new(stdout().lock()), notes: stderr() }
    }

    /// Prints results.
    pub(super) fn print(&mut self, text: &str) -> Result<(), Failure> {
        self.results.write_all(text.as_bytes()).map_err(Failure::writing)
    }

    /// Sees that results have reached their reader.
    pub(super) fn flush(&mut self) -> Result<(), Failure> {
        self.results.flush().map_err(Failure::writing)
    }

    /// Tells the user something that is no result.
    pub(super) fn note(&self, text: &str) {
        // Nobody can be told that standard error is closed.
        let _ = writeln!(self.notes.lock(), "{text}");
    }

    /// Tells why a command failed.
    pub(super) fn fail(&mut self, failure: &Failure) -> Status {
        let colours = self.notes.is_terminal() && std::env::var_os("NO_COLOR").is_none();
        if let Some(message) = failure.message(colours) {
            let _ = self.results.flush();
            self.note(&message);
        }
        failure.status()
    }
}
