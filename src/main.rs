//! The `udfald` command.

fn main() -> std::process::ExitCode {
    udfald::cli::main()
}
