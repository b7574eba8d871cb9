//! Trials as CSV: a row for each trial, in the marks of a profile.

use std::io::Write;

use super::Chosen;
use super::parquet::TRIAL;
use crate::engine::trials::Column;
use crate::report::ReportError;
use crate::report::number::push_kroner;
use crate::report::profile::Profile;
use crate::report::sheet::Sheet;

/// Rows that are written together.
const TOGETHER: usize = 4096;

/// Writes the header.
pub(super) fn head(chosen: &[Chosen], profile: Profile, out: &mut dyn Write) -> Result<(), ReportError> {
    let names: Vec<_> =
        std::iter::once(TRIAL).chain(chosen.iter().map(|column| column.name.as_str())).collect();
    out.write_all(&Sheet::new(profile, &names)?.finish())?;
    Ok(())
}

/// Writes the rows of a group.
pub(super) fn group(
    first: u64,
    columns: &[Column],
    profile: Profile,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let rows = columns.first().map_or(0, Vec::len);
    let mut bytes = Vec::new();
    for start in (0..rows).step_by(TOGETHER) {
        bytes.clear();
        for row in start..(start + TOGETHER).min(rows) {
            bytes.extend_from_slice((first + row as u64).to_string().as_bytes());
            for column in columns {
                bytes.push(profile.separator());
                push_kroner(&mut bytes, column[row], profile.decimal());
            }
            bytes.extend_from_slice(profile.terminator());
        }
        out.write_all(&bytes)?;
    }
    Ok(())
}
