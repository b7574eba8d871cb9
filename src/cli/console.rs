//! The only place that prints: results to stdout, everything else to stderr.

use std::io::{BufWriter, StdoutLock, Write, stderr, stdout};

use super::failure::{Failure, Status};

/// Standard output, locked, and standard error.
#[derive(Debug)]
pub(super) struct Console {
    results: BufWriter<StdoutLock<'static>>,
}

impl Console {
    pub(super) fn new() -> Self {
        Self { results: BufWriter::new(stdout().lock()) }
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
        let _ = writeln!(stderr(), "{text}");
    }

    /// Tells why a command failed.
    pub(super) fn fail(&mut self, failure: &Failure) -> Status {
        if let Some(message) = failure.message() {
            let _ = self.results.flush();
            self.note(&message);
        }
        failure.status()
    }
}
