//! Mistakes that hands, editors and disks make in a file, each decided by words made up from a seed.

use std::ops::Range;

use super::places;
use crate::support::Words;

/// A kind of mistake.
type Edit = fn(&mut Words, &str, &str) -> String;

/// All kinds, by name. Each takes the text and another file of the same folder.
pub const EDITS: [(&str, Edit); 18] = [
    ("lines deleted", lines_deleted),
    ("lines repeated", lines_repeated),
    ("lines swapped", lines_swapped),
    ("end lost", end_lost),
    ("numbers replaced", numbers_replaced),
    ("numbers replaced by others", numbers_exchanged),
    ("dates replaced", dates_replaced),
    ("texts replaced", texts_replaced),
    ("texts exchanged", texts_exchanged),
    ("ids exchanged", ids_exchanged),
    ("tables moved", tables_moved),
    ("tables of another kind", tables_renamed),
    ("keys of another file", keys_borrowed),
    ("values exchanged", values_exchanged),
    ("values of the same key elsewhere", values_of_the_same_key),
    ("numbers a little off", numbers_off),
    ("quotes lost", quotes_lost),
    ("nested", nested),
];

const NUMBERS: [&str; 30] = [
    "0",
    "-1",
    "1",
    "2",
    "0.5",
    "1e308",
    "-1e308",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "9223372036854775807",
    "-9223372036854775808",
    "0.0000001",
    "99999999999999999999",
    "1e-30",
    "1e30",
    "1_000_000_000_000",
    "999_999_999_999",
    "60.000",
    "0x10",
    "1e12",
    "10_000",
    "100_000",
    "1_000_000",
    "0.999999999",
    "1.000000001",
    "4294967296",
    "true",
    "\"1/3\"",
];

const DATES: [&str; 15] = [
    "2026-02-30",
    "2026-13-01",
    "0000-00-00",
    "9999-12-31",
    "1900-01-01",
    "2999-12-31",
    "1899-12-31",
    "2024-02-29",
    "2026-1-1",
    "2026-01-01T00:00:00Z",
    "10:30:00",
    "20260101",
    "\"2026-01-01\"",
    "2026",
    "{}",
];

fn replaced(text: &str, place: &Range<usize>, by: &str) -> String {
    format!("{}{by}{}", &text[..place.start], &text[place.end..])
}

/// One to three of the places, each replaced by what `by` makes of its text; the last places first.
fn some_replaced(
    words: &mut Words,
    text: &str,
    places: &[Range<usize>],
    by: impl Fn(&mut Words, &str) -> String,
) -> String {
    if places.is_empty() {
        return text.to_owned();
    }
    let mut chosen: Vec<_> = (0..words.between(1, 3)).map(|_| words.pick(places)).collect();
    chosen.sort_by_key(|place| std::cmp::Reverse(place.start));
    chosen.dedup();
    chosen.into_iter().fold(text.to_owned(), |text, place| {
        let new = by(words, &text[place.clone()]);
        replaced(&text, &place, &new)
    })
}

/// Two of the places with their texts exchanged.
fn two_exchanged(words: &mut Words, text: &str, places: &[Range<usize>]) -> String {
    if places.is_empty() {
        return text.to_owned();
    }
    let (a, b) = (words.pick(places), words.pick(places));
    let (a, b) = if a.start <= b.start { (a, b) } else { (b, a) };
    if a == b {
        return text.to_owned();
    }
    let second = replaced(text, &b, &text[a.clone()]);
    replaced(&second, &a, &text[b])
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn lines_deleted(words: &mut Words, text: &str, _: &str) -> String {
    let mut lines = lines(text);
    for _ in 0..words.between(1, 4).min(lines.len() as i64) {
        lines.remove(words.between(0, lines.len() as i64 - 1) as usize);
    }
    lines.concat()
}

fn lines_repeated(words: &mut Words, text: &str, _: &str) -> String {
    let mut lines = lines(text);
    let from = words.between(0, lines.len() as i64 - 1) as usize;
    let to = if words.one_in(2) { from } else { words.between(0, lines.len() as i64) as usize };
    lines.insert(to, lines[from]);
    lines.concat()
}

fn lines_swapped(words: &mut Words, text: &str, _: &str) -> String {
    let mut lines = lines(text);
    let last = lines.len() as i64 - 1;
    lines.swap(words.between(0, last) as usize, words.between(0, last) as usize);
    lines.concat()
}

fn end_lost(words: &mut Words, text: &str, _: &str) -> String {
    let mut end = words.between(0, text.len() as i64) as usize;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end].to_owned()
}

fn numbers_replaced(words: &mut Words, text: &str, _: &str) -> String {
    some_replaced(words, text, &places::numbers(text), |words, _| words.pick(&NUMBERS).to_owned())
}

/// Numbers that might be meant: others of the file, or the same with a digit more or less.
fn numbers_exchanged(words: &mut Words, text: &str, _: &str) -> String {
    let places = places::numbers(text);
    match words.between(1, 3) {
        1 => two_exchanged(words, text, &places),
        2 => some_replaced(words, text, &places, |_, old| format!("{old}0")),
        _ => some_replaced(words, text, &places, |_, old| old[..=old.len() / 2].to_owned()),
    }
}

fn dates_replaced(words: &mut Words, text: &str, _: &str) -> String {
    let places = places::dates(text);
    if words.one_in(2) {
        return two_exchanged(words, text, &places);
    }
    some_replaced(words, text, &places, |words, _| words.pick(&DATES).to_owned())
}

fn texts_replaced(words: &mut Words, text: &str, _: &str) -> String {
    some_replaced(words, text, &places::strings(text), |words, old| match words.between(1, 9) {
        1 => String::new(),
        2 => "x".repeat(10_000),
        3 => "\0".to_owned(),
        4 => "\\u0000".to_owned(),
        5 => format!("\u{202e}{old}\u{2066}"),
        6 => format!("{old}🏠👩‍👩‍👧"),
        7 => "(".repeat(5_000),
        8 => old.to_uppercase(),
        _ => format!("{old}\u{1b}[31m"),
    })
}

fn texts_exchanged(words: &mut Words, text: &str, _: &str) -> String {
    two_exchanged(words, text, &places::strings(text))
}

fn ids_exchanged(words: &mut Words, text: &str, _: &str) -> String {
    let places = places::ids(text);
    if words.one_in(3) {
        return some_replaced(words, text, &places, |words, _| {
            words.pick(&["all", "total", "later", "assumed", "a b", "", "æøå", "x.y", "enrolled"]).to_owned()
        });
    }
    two_exchanged(words, text, &places)
}

fn tables_moved(words: &mut Words, text: &str, other: &str) -> String {
    let mut tables = places::tables(text);
    if words.one_in(3) {
        tables.push(words.pick(&places::tables(other)));
        return tables.concat();
    }
    let from = words.between(0, tables.len() as i64 - 1) as usize;
    let table = tables.remove(from);
    tables.insert(words.between(0, tables.len() as i64) as usize, table);
    tables.concat()
}

fn tables_renamed(words: &mut Words, text: &str, _: &str) -> String {
    const KINDS: [&str; 16] = [
        "party",
        "fund",
        "cohort",
        "input",
        "factor",
        "event",
        "outcome",
        "term",
        "test",
        "limit",
        "payment",
        "budget",
        "case",
        "index",
        "documents",
        "remove",
    ];
    let heads: Vec<_> = text.match_indices("\n[").map(|(at, _)| at + 2).collect();
    let kinds: Vec<_> =
        heads.into_iter().map(|at| at..at + text[at..].find(['.', ']', '\n']).unwrap_or(0)).collect();
    some_replaced(words, text, &kinds, |words, _| words.pick(&KINDS).to_owned())
}

fn keys_borrowed(words: &mut Words, text: &str, other: &str) -> String {
    let source = if words.one_in(2) { text } else { other };
    let line = words.pick(&lines(source)).to_owned();
    let mut lines = lines(text);
    lines.insert(words.between(0, lines.len() as i64) as usize, &line);
    lines.concat()
}

fn values_exchanged(words: &mut Words, text: &str, other: &str) -> String {
    let places = places::values(text);
    if words.one_in(2) {
        return two_exchanged(words, text, &places);
    }
    let others = places::values(other);
    some_replaced(words, text, &places, |words, _| other[words.pick(&others)].to_owned())
}

/// What another file, or another table of this one, says behind the same key.
fn values_of_the_same_key(words: &mut Words, text: &str, other: &str) -> String {
    let key = |text: &str, value: &Range<usize>| {
        let line = text[..value.start].rfind('\n').map_or(0, |end| end + 1);
        text[line..value.start - 1].trim().to_owned()
    };
    let joined = format!("{text}{other}");
    let sources = places::values(&joined);
    let targets = places::values(text);
    if targets.is_empty() {
        return text.to_owned();
    }
    (0..words.between(1, 3)).fold(text.to_owned(), |text, _| {
        let places = places::values(&text);
        let target = words.pick(&places);
        let asked = key(&text, &target);
        let same: Vec<_> = sources.iter().filter(|source| key(&joined, source) == asked).collect();
        match same.as_slice() {
            [] => text,
            same => replaced(&text, &target, &joined[words.pick(same).clone()]),
        }
    })
}

/// Numbers with another last digit, which most often mean something.
fn numbers_off(words: &mut Words, text: &str, _: &str) -> String {
    some_replaced(words, text, &places::numbers(text), |words, old| {
        let kept = old.trim_end_matches(|c: char| c.is_ascii_digit());
        let digits = (old.len() - kept.len()).max(1);
        format!(
            "{}{}",
            &old[..old.len() - digits.min(old.len())],
            words.between(0, 10i64.pow(digits.min(8) as u32) - 1)
        )
    })
}

fn quotes_lost(words: &mut Words, text: &str, _: &str) -> String {
    let marks = |c: char| matches!(c, '"' | '{' | '}' | '[' | ']' | ',' | '=' | '\n');
    let places: Vec<_> = text.match_indices(marks).map(|(at, mark)| at..at + mark.len()).collect();
    some_replaced(words, text, &places, |_, _| String::new())
}

fn nested(words: &mut Words, text: &str, _: &str) -> String {
    let depth = words.pick(&[1, 2, 5, 50, 500, 20_000]);
    let (open, close) = words.pick(&[("[", "]"), ("{ a = ", " }"), ("\"(", ")\""), ("[[", "]]")]);
    some_replaced(words, text, &places::values(text), |_, old| {
        format!("{}{old}{}", open.repeat(depth), close.repeat(depth))
    })
}

/// Bits of a few bytes turned over; what comes out need not be text.
pub fn bytes_flipped(words: &mut Words, text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..words.between(1, 6) {
        let at = words.between(0, bytes.len() as i64 - 1) as usize;
        bytes[at] ^= 1 << words.between(0, 7);
    }
    bytes
}
