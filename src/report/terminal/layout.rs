//! Tables and paragraphs that fit a terminal of 100 columns.

use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle};

/// Columns of text.
const WIDTH: u16 = 100;

/// The width of an amount of millions to the øre, with its sign.
const AMOUNT: usize = 13;

/// Nothing but a line below the header.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// A table whose columns are flush right from `first_number` on; wide names and headers go over several lines.
pub(super) fn table(header: Vec<String>, rows: Vec<Vec<String>>, first_number: usize) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    table.set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(first_number) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// A table of texts: names stay whole, in as many lines as they have, and what is left is for the columns of sentences.
pub(super) fn prose_first(header: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(WIDTH);
    let names = header.len().saturating_sub(3);
    table.set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut().skip(names) {
        column.set_constraint(ColumnConstraint::ContentWidth);
    }
    table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
}

/// A table in the making whose columns stand close to each other, for ledgers.
pub(super) struct Columns {
    first_number: usize,
    /// Whether there is a line below the header.
    ruled: bool,
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Columns {
    /// No rows yet; columns are flush right from `first_number` on.
    pub(super) fn new(first_number: usize, header: Vec<String>) -> Self {
        Self { first_number, ruled: true, header, rows: Vec::new() }
    }

    /// Without a line below the header.
    pub(super) fn unruled(self) -> Self {
        Self { ruled: false, ..self }
    }

    pub(super) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    /// The text; what is too wide goes over several lines.
    pub(super) fn text(self) -> String {
        let mut table = Table::new();
        table.load_style(if self.ruled { STYLE } else { TableStyle::new() });
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(WIDTH);
        let name = |(index, name): (usize, &String)| {
            // A single column has the room.
            if index < self.first_number || self.header.len() == self.first_number + 1 {
                name.clone()
            } else {
                over_lines(name)
            }
        };
        table.set_header(self.header.iter().enumerate().map(name));
        table.add_rows(self.rows);
        for (index, column) in table.column_iter_mut().enumerate() {
            // The style without a line has no column between columns.
            column.set_padding((if self.ruled || index == 0 { 1 } else { 2 }, 0));
            if index >= self.first_number {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        table.lines().fold(String::new(), |text, line| text + line.trim_end() + "\n")
    }
}

/// The name of a column over several lines, so that it is not wider than an amount.
fn over_lines(name: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in name.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= AMOUNT => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

/// A paragraph, broken between words.
pub(super) fn paragraph(text: &str) -> String {
    let mut lines = String::new();
    let mut width = 0;
    for word in text.split(' ') {
        let letters = word.chars().count();
        if width > 0 && width + 1 + letters > usize::from(WIDTH) {
            lines.push('\n');
            width = 0;
        } else if width > 0 {
            lines.push(' ');
            width += 1;
        }
        lines.push_str(word);
        width += letters;
    }
    lines.push('\n');
    lines
}

/// Years as a span where they follow each other, else one by one.
pub(crate) fn years(years: &[i16]) -> String {
    match years {
        [first, .., last] if years.windows(2).all(|pair| pair[1] - pair[0] == 1) => format!("{first}-{last}"),
        _ => years.iter().map(i16::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// A name from a file without characters that would steer a terminal.
pub(crate) fn safe(name: &str) -> String {
    // Besides control characters those that turn the direction of writing around (Unicode Bidirectional Algorithm, 2.).
    let turns = |letter| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    name.chars().map(|letter| if letter.is_control() || turns(letter) { '?' } else { letter }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_break_between_words() {
        let text = paragraph(&"fourteen chars ".repeat(20));
        assert!(text.lines().all(|line| line.chars().count() <= 100 && !line.ends_with("char")));
        assert_eq!(text.replace('\n', " ").trim(), "fourteen chars ".repeat(20).trim());
    }

    #[test]
    fn years_in_a_row_are_a_span() {
        assert_eq!(years(&[2026, 2027, 2028, 2029]), "2026-2029");
        assert_eq!(years(&[2026, 2028]), "2026, 2028");
        assert_eq!(years(&[2026]), "2026");
    }

    #[test]
    fn names_cannot_steer_the_terminal() {
        assert_eq!(safe("a\u{1b}[31mb\r\nc"), "a?[31mb??c");
    }
}
