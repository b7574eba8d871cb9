//! What a page says: headings, sentences, tables and pictures, all as finished text.

/// A page.
#[derive(Debug)]
pub(super) struct View {
    pub(super) title: String,
    /// For whom it is.
    pub(super) reader: String,
    /// Date and budget years.
    pub(super) about: String,
    pub(super) sections: Vec<Section>,
}

impl View {
    /// Its pictures, in order.
    pub(super) fn pictures(&self) -> impl Iterator<Item = &Picture> {
        self.sections.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
            Block::Pictures(pictures) => pictures.as_slice(),
            _ => &[],
        })
    }
}

/// A heading and what stands below it.
#[derive(Debug)]
pub(super) struct Section {
    /// For links within the page.
    pub(super) id: String,
    pub(super) heading: String,
    pub(super) blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug)]
pub(super) enum Block {
    Paragraph(String),
    /// Sentences that matter most.
    Lead(Vec<String>),
    List(Vec<String>),
    /// A heading within a section.
    Heading(String),
    Table(Table),
    Pictures(Vec<Picture>),
}

/// A table; its first column names the rows.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) caption: String,
    pub(super) head: Vec<String>,
    pub(super) groups: Vec<Group>,
    /// Whether it is folded until someone asks for it; the same figures stand in a picture.
    pub(super) folded: bool,
    /// Whether cells are texts, flush left, instead of numbers.
    pub(super) texts: bool,
}

impl Table {
    /// The number of columns.
    pub(super) fn width(&self) -> usize {
        self.head.len()
    }
}

/// Rows under a common name, which may be empty.
#[derive(Debug)]
pub(in crate::report) struct Group {
    pub(in crate::report) name: String,
    pub(in crate::report) rows: Vec<Row>,
}

/// A row.
#[derive(Debug)]
pub(in crate::report) struct Row {
    pub(in crate::report) name: String,
    pub(in crate::report) cells: Vec<String>,
}

/// A picture.
#[derive(Debug)]
pub(super) struct Picture {
    /// Of its file, without the ending; unique on a page.
    pub(super) name: String,
    /// Whether three of them stand beside each other.
    pub(super) small: bool,
    /// Drawn for the page, which has the style.
    pub(super) inline: String,
    /// Drawn as a file of its own.
    pub(super) alone: String,
}
