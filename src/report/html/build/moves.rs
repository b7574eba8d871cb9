//! What moves the payments, where that was asked for.

use super::{Builder, section};
use crate::report::ReportError;
use crate::report::html::audience::Audience;
use crate::report::html::study::blocks;
use crate::report::html::view::{Block, Section};
use crate::report::study::Piece;
use crate::report::study::sensitivity::{Detail, pieces};

/// Folds a table: its figures stand in a picture.
fn fold(block: &mut Block) {
    if let Block::Table(table) = block {
        table.folded = true;
    }
}

impl Builder<'_> {
    pub(super) fn moves(&self) -> Result<Option<Section>, ReportError> {
        let detail = match self.audience {
            Audience::Council => Detail::Brief,
            Audience::Finance => Detail::Tables,
            Audience::Analyst => Detail::Full,
        };
        let Some(pieces) = self.moved(detail) else { return Ok(None) };
        let mut blocks = blocks(&pieces, self.words.0)?;
        if detail == Detail::Brief {
            blocks.iter_mut().for_each(fold);
        }
        Ok(Some(section("moves", self.words.0.study().what_moves_it(), blocks)))
    }

    /// What the study says of the payers that are shown.
    pub(in crate::report) fn moved(&self, detail: Detail) -> Option<Vec<Piece>> {
        let mut pieces = pieces(self.axes.scenario, self.study?, self.payer, self.words.0, detail);
        // Its last sentence is told at the end of the page, and its first heading is that of the section.
        if pieces.len() > 1 {
            pieces.pop();
            pieces.remove(0);
        }
        Some(pieces)
    }
}
