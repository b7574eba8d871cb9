//! Tables and paragraphs that fit a terminal of 100 columns.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

/// Columns of text.
const WIDTH: u16 = 100;

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
pub(super) fn years(years: &[i16]) -> String {
    match years {
        [first, .., last] if years.windows(2).all(|pair| pair[1] - pair[0] == 1) => format!("{first}-{last}"),
        _ => years.iter().map(i16::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// A name from a file without characters that would steer a terminal.
pub(super) fn safe(name: &str) -> String {
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
