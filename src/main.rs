//! The `udfald` command.
fn main() {}
