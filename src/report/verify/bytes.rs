//! Comparing what has no figures by name: bytes, lines of text, files that were cut short.

use super::{Difference, Telling};
use crate::report::text::verify::Words;

/// Characters of a line that are shown around the first that differs.
const AROUND: usize = 24;

/// How many bytes two files have in common at their beginning.
pub(super) fn in_common(found: &[u8], expected: &[u8]) -> usize {
    found.iter().zip(expected).take_while(|(a, b)| a == b).count()
}

/// A file that is right as far as it goes, or goes on after its end.
pub(super) fn cut_or_long(found: &[u8], expected: &[u8], words: Words) -> Option<Difference> {
    let equal = in_common(found, expected);
    if equal == found.len() && equal < expected.len() {
        return Some(Difference::line(words.cut_short(&equal.to_string(), &expected.len().to_string())));
    }
    let more = (found.len() - equal).to_string();
    (equal == expected.len() && equal < found.len()).then(|| Difference::line(words.too_long(&more)))
}

/// Files that are no text.
pub(super) fn of_bytes(found: &[u8], expected: &[u8], words: Words) -> Difference {
    Difference::line(words.bytes(&in_common(found, expected).to_string()))
}

/// Texts: the first line that differs. The same when only names of an older version differ.
pub(super) fn of_text(found: &[u8], expected: &[u8], telling: Telling<'_>) -> Option<Difference> {
    let Ok(text) = std::str::from_utf8(found) else {
        return Some(damaged_text(found, telling.words).unwrap_or_default());
    };
    let expected = String::from_utf8_lossy(expected);
    let renamed = |text: &str| {
        telling.renamed.iter().fold(text.to_owned(), |text, (old, new)| in_words(&text, old, new))
    };
    if !telling.renamed.is_empty() && renamed(text) == renamed(&expected) {
        return None;
    }
    let mut lines = text.lines().zip(expected.lines()).zip(1_usize..);
    let told = lines.find(|((a, b), _)| a != b).map(|((found, expected), number)| {
        let at = found.chars().zip(expected.chars()).take_while(|(a, b)| a == b).count();
        telling.words.line(&number.to_string(), &around(found, at), &around(expected, at))
    });
    Some(told.map_or_else(|| of_bytes(found, expected.as_bytes(), telling.words), Difference::line))
}

/// Bytes that are no text at all, where there are some.
pub(super) fn damaged_text(found: &[u8], words: Words) -> Option<Difference> {
    let error = std::str::from_utf8(found).err()?;
    Some(Difference::line(words.no_text(&error.valid_up_to().to_string())))
}

/// A text in which one word stands for another. What is beside it must not be part of a longer word.
fn in_words(text: &str, old: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(old) {
        let within = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
        let apart = !before.ends_with(within) && !after.starts_with(within);
        out += before;
        out += if apart { new } else { old };
        rest = after;
    }
    out + rest
}

/// What stands around a character of a line.
fn around(line: &str, at: usize) -> String {
    let from = at.saturating_sub(AROUND);
    let shown: String = line.chars().skip(from).take(2 * AROUND).collect();
    let cut = |is: bool| if is { "…" } else { "" };
    format!("{}{shown}{}", cut(from > 0), cut(line.chars().count() > from + 2 * AROUND))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::profile::Profile;
    use crate::report::text::Language;

    fn compared(found: &str, expected: &str) -> Option<String> {
        let renamed = vec![("inversion".to_owned(), "plain".to_owned())];
        let words = Language::En.verify();
        let telling = Telling { words, profile: Profile::Plain, trials: 1, renamed: &renamed };
        of_text(found.as_bytes(), expected.as_bytes(), telling).map(|told| told.lines.join(";"))
    }

    #[test]
    fn the_first_line_that_differs_is_shown() {
        assert_eq!(
            compared("<p>1</p>\n<p>2</p>", "<p>1</p>\n<p>3</p>").unwrap(),
            "line 2 has `<p>2</p>`, should have `<p>3</p>`"
        );
        let long = "x".repeat(100);
        let told = compared(&format!("{long}1{long}"), &format!("{long}2{long}")).unwrap();
        assert!(told.contains("`…xxx") && told.contains("1xxx") && told.len() < 200, "{told}");
        assert_eq!(compared("a\r\n", "a\n").unwrap(), "other bytes, from byte 1 on");
    }

    #[test]
    fn names_of_an_older_version_are_no_difference() {
        assert_eq!(compared("sampler inversion, 5", "sampler plain, 5"), None);
        assert!(compared("sampler inversions, 5", "sampler plains, 5").is_some());
        assert!(compared("sampler inversion, 6", "sampler plain, 5").is_some());
    }

    #[test]
    fn files_that_end_early_or_late_are_told() {
        let told = |found: &[u8], expected: &[u8]| cut_or_long(found, expected, Language::En.verify());
        assert!(told(b"ab", b"abc").unwrap().lines[0].starts_with("cut short: 2 of 3 bytes"));
        assert!(told(b"abcde", b"abc").unwrap().lines[0].ends_with("and 2 bytes more"));
        assert!(told(b"abd", b"abc").is_none() && told(b"abc", b"abc").is_none());
    }
}
