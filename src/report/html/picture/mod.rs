//! Pictures: places are worked out here, and templates draw them.

pub(in crate::report) mod bars;
pub(super) mod dots;
mod scale;

use std::fmt;

/// A place or a length in the units of a picture, of which the width has 360; written to a tenth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place(pub(super) f64);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.1}", self.0)
    }
}

/// The width of a letter beside that of a usual one, never too small: a picture does not know the font it is shown in.
fn wide(letter: char) -> f64 {
    match letter {
        'W' | 'M' | 'm' | 'w' | 'æ' | 'Æ' | 'œ' | 'Œ' | '@' | '%' => 1.5,
        _ if letter.is_uppercase() => 1.2,
        '\u{1100}'.. => 1.9,
        _ => 1.0,
    }
}

/// Text over several lines of at most so many letters, broken between words.
fn lines(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Text cut off where it would be wider than so many letters of usual width.
fn cut(text: &str, most: usize) -> String {
    let mut width = 0.0;
    let ends = text.chars().map(|letter| {
        width += wide(letter);
        width
    });
    let room = most as f64;
    let fits = ends.take_while(|end| *end <= room).count();
    if fits == text.chars().count() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(fits.saturating_sub(1)).collect();
    // A name that runs from right to left ends with the mark that closes it, which must not be lost.
    let close = if kept.starts_with('\u{2068}') { "\u{2069}" } else { "" };
    format!("{}…{close}", kept.trim_end())
}
