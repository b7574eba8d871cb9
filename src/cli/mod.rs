//! The command line: one command a file.

mod check;
mod compare;
mod console;
mod diff;
mod early;
mod exactly;
mod explain;
mod failure;
mod legs;
mod load;
mod machine;
mod merge;
mod new;
mod options;
mod precise;
mod progress;
mod run;
mod schema;
mod sensitivity;
mod size;
mod sources;
mod starters;
mod study;
mod sweep;
mod verify;
mod write;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args as _, FromArgMatches as _, Parser, Subcommand};

use console::Console;
use failure::{Failure, Status};

/// What an outcome contract may cost each payer, budget year by budget year, and what comes back to the investor.
#[derive(Debug, Parser)]
#[command(name = "udfald", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

impl Arguments {
    /// Reads the words of a command line. `run` is tried by itself, without a description of every other command, which takes
    /// as long as reading a scenario; what it does not understand is for all of them to explain.
    fn read(words: &[OsString]) -> Result<Self, clap::Error> {
        if let Some((_, words)) = words.split_first()
            && words.first().is_some_and(|word| word == "run")
            && let Ok(matches) = run::Run::augment_args(clap::Command::new("run")).try_get_matches_from(words)
            && let Ok(run) = run::Run::from_arg_matches(&matches)
        {
            return Ok(Self { command: Command::Run(run) });
        }
        Self::try_parse_from(words)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    New(new::New),
    Run(run::Run),
    Sensitivity(sensitivity::Sensitive),
    Check(check::Check),
    Compare(compare::Compare),
    Diff(diff::Diff),
    Explain(explain::Explain),
    Merge(merge::Merge),
    Sources(sources::Sources),
    Sweep(sweep::Sweep),
    Verify(verify::Verify),
    Schema(schema::Schema),
}

impl Command {
    fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        match self {
            Self::New(new) => new.execute(console),
            Self::Run(run) => run.execute(console),
            Self::Sensitivity(sensitive) => sensitive.execute(console),
            Self::Check(check) => check.execute(console),
            Self::Compare(compare) => compare.execute(console),
            Self::Diff(diff) => diff.execute(console),
            Self::Explain(explain) => explain.execute(console),
            Self::Merge(merge) => merge.execute(console),
            Self::Sources(sources) => sources.execute(console),
            Self::Sweep(sweep) => sweep.execute(console),
            Self::Verify(verify) => verify.execute(console),
            Self::Schema(schema) => schema.execute(console),
        }
    }
}

/// Runs the command that was typed and says how it ended.
pub fn main() -> ExitCode {
    let mut console = Console::new();
    let status = match Arguments::read(&std::env::args_os().collect::<Vec<_>>()) {
        Ok(arguments) => arguments.command.execute(&mut console).and_then(|status| {
            console.flush()?;
            Ok(status)
        }),
        Err(error) => {
            // Help and version are results; a reader that is gone does not mind.
            let _ = error.print();
            return if error.use_stderr() { Status::Invalid } else { Status::Done }.into();
        }
    };
    status.unwrap_or_else(|failure| console.fail(&failure)).into()
}
