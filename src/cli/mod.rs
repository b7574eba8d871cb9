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

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use console::Console;
use failure::{Failure, Status};

/// What an outcome contract may cost each payer, budget year by budget year, and what comes back to the investor.
#[derive(Debug, Parser)]
#[command(name = "udfald", version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
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
    let status = match Arguments::try_parse() {
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
