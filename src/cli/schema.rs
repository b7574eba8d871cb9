//! `udfald schema`: the language as a JSON Schema, for editors.

use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use crate::scenario::schema::schema;

/// Print a JSON Schema of scenario files, by which an editor completes and checks them
///
/// Save it with `udfald schema > udfald.schema.json`, and begin a scenario beside it with the line
/// `#:schema ./udfald.schema.json`.
#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    #[allow(clippy::unused_self, reason = "all commands are called alike")]
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        console.print(&format!("{:#}\n", schema()))?;
        Ok(Status::Done)
    }
}
