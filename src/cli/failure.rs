//! How a command ends: exit status 0, 1 or 2, and why.

use std::io;
use std::process::ExitCode;

use crate::scenario::diagnose::Diagnostics;

/// The exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// Done; findings of a check are warnings.
    Done = 0,
    /// Failed after the first trial, or `verify` found a difference.
    Failed = 1,
    /// Refused before the first trial: command line, scenario, paths, parts that do not fit.
    Invalid = 2,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Why a command did not end well.
#[derive(Debug)]
pub(super) enum Failure {
    /// Known before the first trial.
    Invalid(anyhow::Error),
    /// Known later.
    Failed(anyhow::Error),
    /// The reader of the results went away, which is no failure.
    ReaderGone,
}

impl Failure {
    pub(super) fn invalid(error: impl Into<anyhow::Error>) -> Self {
        Self::Invalid(error.into())
    }

    pub(super) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self::Failed(error.into())
    }

    /// A failure to write results.
    pub(super) fn writing(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::ReaderGone;
        }
        Self::Failed(anyhow::Error::new(error).context("the results cannot be printed"))
    }

    pub(super) fn status(&self) -> Status {
        match self {
            Self::Invalid(_) => Status::Invalid,
            Self::Failed(_) => Status::Failed,
            Self::ReaderGone => Status::Done,
        }
    }

    /// What to tell the user, in colours where a scenario is to blame and they are seen.
    pub(super) fn message(&self, colours: bool) -> Option<String> {
        let (Self::Invalid(error) | Self::Failed(error)) = self else { return None };
        // Diagnostics say "error" themselves, each with its place.
        let diagnostics = error.downcast_ref::<Diagnostics>().map(|diagnostics| diagnostics.render(colours));
        Some(diagnostics.unwrap_or_else(|| format!("error: {error:#}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let gone = Failure::writing(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((gone.status(), gone.message(false)), (Status::Done, None));
        let full = Failure::writing(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.status(), Status::Failed);
    }

    #[test]
    fn what_is_known_before_the_first_trial_is_two() {
        let failure = Failure::invalid(anyhow::anyhow!("no"));
        assert_eq!((failure.status() as u8, failure.message(false).as_deref()), (2, Some("error: no")));
        let failure = Failure::failed(anyhow::anyhow!("late"));
        assert_eq!((failure.status() as u8, failure.message(true).as_deref()), (1, Some("error: late")));
    }
}
