//! Names from a scenario, made so that they can neither break a page nor turn its writing around.

/// Names longer than this are cut off; the scenario in the folder has them in full.
const LONGEST: usize = 60;

/// A name: without control characters and marks of direction, not too long, and apart from what stands around it where
/// its script runs from right to left.
pub(in crate::report) fn shown(name: &str) -> String {
    let mut letters: Vec<char> =
        name.chars().map(|letter| if steers(letter) { '?' } else { letter }).collect();
    if letters.len() > LONGEST {
        letters.truncate(LONGEST - 1);
        letters.push('…');
    }
    let name: String = letters.iter().collect();
    if letters.into_iter().any(runs_left) { format!("\u{2068}{name}\u{2069}") } else { name }
}

/// Longer text from a scenario, such as the reason of a number.
pub(in crate::report) fn prose(text: &str) -> String {
    let text: String = text.chars().map(|letter| if steers(letter) { '?' } else { letter }).collect();
    if text.chars().any(runs_left) { format!("\u{2068}{text}\u{2069}") } else { text }
}

/// Control characters, and those of the Unicode Bidirectional Algorithm (2.) that turn writing around.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Letters of scripts written from right to left: Hebrew, Arabic and their neighbours.
fn runs_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(shown("Norddjurs Kommune"), "Norddjurs Kommune");
        assert_eq!(shown("a\u{202e}b\n"), "a?b?");
        assert_eq!(shown("שלום"), "\u{2068}שלום\u{2069}");
        let long = shown(&"æ".repeat(300));
        assert_eq!((long.chars().count(), long.ends_with('…')), (LONGEST, true));
    }
}
