//! A study as text, ending in a line break.

use super::layout::{Columns, paragraph};
use crate::report::study::Piece;

/// Lays out pieces one below the other.
pub(crate) fn study(pieces: &[Piece]) -> String {
    let mut text = String::new();
    for piece in pieces {
        match piece {
            Piece::Section(_) | Piece::Picture(_) => {}
            Piece::Title(sentence) | Piece::Paragraph(sentence) => text.push_str(&paragraph(sentence)),
            Piece::Ranked(sentences) => {
                for (place, sentence) in sentences.iter().enumerate() {
                    text.push_str(&paragraph(&format!("{}. {sentence}", place + 1)));
                }
            }
            Piece::Listed(sentences) => {
                sentences.iter().for_each(|sentence| text.push_str(&paragraph(&format!("- {sentence}"))));
            }
            Piece::Table(table) => {
                let mut columns = Columns::new(table.first_number, table.head.clone());
                for row in &table.rows {
                    columns.row(row.iter().map(|item| item.text.clone()).collect());
                }
                text.push_str(&columns.text());
            }
            Piece::Gap => text.push('\n'),
        }
    }
    text
}
