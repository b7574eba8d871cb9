//! Pages of studies: the pieces that a terminal shows, with every table and with pictures.

use askama::Template;

use super::names::shown;
use super::tornado::money;
use super::view::{Block, Group, Row, Section, Table, View};
use super::{Page, ReportError};
use crate::report::study::{self, Item, Piece};
use crate::report::text::Language;

/// The name of the file.
pub const NAME: &str = "report.html";

/// What stands above the pieces.
#[derive(Debug)]
pub(in crate::report) struct Heading {
    pub(in crate::report) title: String,
    /// What kind of study it is.
    pub(in crate::report) kind: String,
    pub(in crate::report) about: String,
}

/// The page of a study and its pictures: names of files with their bytes.
///
/// # Errors
/// When memory runs out.
pub(in crate::report) fn page(
    heading: &Heading,
    pieces: &[Piece],
    language: Language,
) -> Result<Vec<(String, Vec<u8>)>, ReportError> {
    let mut sections: Vec<Section> = Vec::new();
    for part in pieces.chunk_by(|_, next| !matches!(next, Piece::Section(_))) {
        let (name, rest) = match part {
            [Piece::Section(name), rest @ ..] => (name.as_str(), rest),
            rest => (heading.kind.as_str(), rest),
        };
        let blocks = blocks(rest, language)?;
        if !blocks.is_empty() {
            let id = format!("part-{}", sections.len() + 1);
            sections.push(Section { id, heading: shown(name), blocks });
        }
    }
    let view = View {
        title: shown(&heading.title),
        reader: heading.kind.clone(),
        about: heading.about.clone(),
        sections,
    };
    let page = Page { view: &view, words: language.page(), language }.render()?;
    let mut files = vec![(NAME.to_owned(), page.into_bytes())];
    for picture in view.pictures() {
        files.push((format!("pictures/{}.svg", picture.name), picture.alone.clone().into_bytes()));
    }
    Ok(files)
}

/// Pieces as blocks of one section.
pub(super) fn blocks(pieces: &[Piece], language: Language) -> Result<Vec<Block>, ReportError> {
    let mut blocks = Vec::new();
    let mut title: Option<String> = None;
    for piece in pieces {
        if let Piece::Table(table) = piece {
            let caption = title.take().unwrap_or_default();
            blocks.push(Block::Table(laid_out(caption, table)));
            continue;
        }
        // A title above anything but a table is a heading; a table may stand below a paragraph and an empty line.
        blocks.extend(title.take().map(Block::Heading));
        match piece {
            Piece::Title(text) => title = Some(text.clone()),
            Piece::Section(text) => blocks.push(Block::Heading(shown(text))),
            Piece::Paragraph(text) => blocks.push(Block::Paragraph(text.clone())),
            Piece::Ranked(sentences) | Piece::Listed(sentences) => {
                blocks.push(Block::List(sentences.clone()));
            }
            Piece::Picture(bars) if !bars.rows.is_empty() => {
                let picture = bars.draw(money(language, bars.most))?;
                // Neighbours stand beside each other.
                match blocks.last_mut() {
                    Some(Block::Pictures(pictures)) => pictures.push(picture),
                    _ => blocks.push(Block::Pictures(vec![picture])),
                }
            }
            Piece::Picture(_) | Piece::Table(_) | Piece::Gap => {}
        }
    }
    blocks.extend(title.map(Block::Heading));
    Ok(blocks)
}

/// A table whose names stand in its first column; of two columns of names the first one makes groups.
fn laid_out(caption: String, table: &study::Table) -> Table {
    let grouped = table.first_number == 2;
    let mut groups: Vec<Group> = Vec::new();
    for row in table.filled() {
        let (names, numbers) = row.split_at(table.first_number);
        let texts = |items: &[Item]| items.iter().map(|item| item.text.clone()).collect::<Vec<_>>();
        let names = texts(names).iter().map(|name| shown(name)).collect::<Vec<_>>();
        let (group, name) = match names.as_slice() {
            [group, name] if grouped => (group.clone(), name.clone()),
            all => (String::new(), all.join(", ")),
        };
        let row = Row { name, cells: texts(numbers) };
        match groups.last_mut() {
            Some(last) if last.name == group => last.rows.push(row),
            _ => groups.push(Group { name: group, rows: vec![row] }),
        }
    }
    let (names, numbers) = table.head.split_at(table.first_number);
    let head = std::iter::once(names.join(", ")).chain(numbers.iter().cloned()).collect();
    Table { caption, head, groups, folded: false, texts: false }
}
