//! What moves the payments, where that was asked for.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::study::{widths, write};
use crate::report::ReportError;
use crate::report::study::sensitivity::Detail;

impl Book<'_> {
    /// Nothing where it was not asked for.
    pub(super) fn moves(&self) -> Result<Option<Worksheet>, ReportError> {
        let Some(pieces) = self.builder.moved(Detail::Full) else { return Ok(None) };
        let title = self.builder.words.0.study().what_moves_it();
        let mut paper = self.paper(&title, &title, &widths(&pieces))?;
        write(&mut paper, &pieces)?;
        Ok(Some(paper.finish()?))
    }
}
