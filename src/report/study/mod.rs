//! What a study says, before it is laid out: paragraphs and tables whose cells have the number behind their text.
//!
//! A terminal, a page and a workbook show the same pieces, so that they cannot differ.

pub mod comparison;
mod reports;
pub mod sensitivity;
pub mod sweep;

use super::html::Bars;
use super::terminal::safe;
pub use reports::{StudyReport, Told};

/// A part of what a study says.
pub(crate) enum Piece {
    /// What pages and workbooks begin a part with; a terminal has no room for it.
    Section(String),
    /// What a table or a list shows; stands above it.
    Title(String),
    Paragraph(String),
    /// Sentences in order of importance.
    Ranked(Vec<String>),
    /// Sentences in no order.
    Listed(Vec<String>),
    Table(Table),
    /// For pages only.
    Picture(Box<Bars>),
    /// An empty line, in a terminal.
    Gap,
}

/// Names longer than this are cut off.
const LONGEST: usize = 60;

/// A name from a file, without characters that would steer a terminal, and not too long for a table.
fn named(name: &str) -> String {
    let name = safe(name);
    if name.chars().count() <= LONGEST {
        return name;
    }
    name.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// A table. The first columns are names; a name that is left out is that of the row above.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) head: Vec<String>,
    /// The column of the first number.
    pub(crate) first_number: usize,
    pub(crate) rows: Vec<Vec<Item>>,
}

impl Table {
    /// No rows yet.
    pub(crate) fn new(first_number: usize, head: Vec<String>) -> Self {
        Self { head, first_number, rows: Vec::new() }
    }

    /// The rows with the names that were left out.
    pub(crate) fn filled(&self) -> Vec<Vec<Item>> {
        let mut filled: Vec<Vec<Item>> = Vec::new();
        for row in &self.rows {
            let mut row = row.clone();
            if let Some(above) = filled.last() {
                let names = row.iter_mut().zip(above).take(self.first_number);
                names
                    .filter(|(item, _)| item.text.is_empty())
                    .for_each(|(item, above)| *item = above.clone());
            }
            filled.push(row);
        }
        filled
    }
}

/// The number behind a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Number {
    /// In øre.
    Money(f64),
    /// In øre, shown in thousands of the currency.
    Thousands(f64),
    Share(f64),
    Plain(f64),
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Item {
    pub(crate) text: String,
    pub(crate) number: Option<Number>,
}

impl Item {
    /// A text with the number behind it.
    pub(crate) fn of(text: String, number: Number) -> Self {
        Self { text, number: Some(number) }
    }
}

impl From<String> for Item {
    fn from(text: String) -> Self {
        Self { text, number: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_left_out_are_those_above() {
        let mut table = Table::new(1, vec!["payer".to_owned(), "mean".to_owned()]);
        for (name, mean) in [("a", "1"), ("", "2"), ("b", "")] {
            table.rows.push([name, mean].map(|text| Item::from(text.to_owned())).to_vec());
        }
        let texts: Vec<Vec<String>> =
            table.filled().into_iter().map(|row| row.into_iter().map(|item| item.text).collect()).collect();
        assert_eq!(texts, [["a", "1"], ["a", "2"], ["b", ""]]);
    }
}
