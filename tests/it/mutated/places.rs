//! Where numbers, dates, texts, tables and settings stand in a file, found roughly: broken files have them too.

use std::ops::Range;

/// Whether a character may belong to a number, a date, an id or a bare key.
fn joins(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'"' | b'+')
}

/// Words that begin with a digit: numbers and dates.
fn digits(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let begins = |at: &usize| bytes[*at].is_ascii_digit() && (*at == 0 || !joins(bytes[*at - 1]));
    (0..bytes.len()).filter(begins).map(|at| {
        let length = bytes[at..].iter().position(|byte| !joins(*byte)).unwrap_or(bytes.len() - at);
        at..at + length
    })
}

fn is_date(word: &str) -> bool {
    word.len() == 10 && word.as_bytes()[4] == b'-'
}

pub fn numbers(text: &str) -> Vec<Range<usize>> {
    digits(text).filter(|place| !is_date(&text[place.clone()])).collect()
}

pub fn dates(text: &str) -> Vec<Range<usize>> {
    digits(text).filter(|place| is_date(&text[place.clone()])).collect()
}

/// What stands between quotes.
pub fn strings(text: &str) -> Vec<Range<usize>> {
    let quotes: Vec<_> = text.match_indices('"').map(|(at, _)| at).collect();
    quotes.chunks_exact(2).map(|pair| pair[0] + 1..pair[1]).collect()
}

/// Ids in the heads of tables, `[limit.ID]`.
pub fn ids(text: &str) -> Vec<Range<usize>> {
    let heads = text.match_indices("\n[").filter_map(|(at, _)| {
        let end = at + text[at..].find(']')?;
        let dot = at + text[at..end].rfind('.')?;
        Some(dot + 1..end)
    });
    heads.collect()
}

/// Values of lines `key = value`.
pub fn values(text: &str) -> Vec<Range<usize>> {
    let mut at = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(equals) = line.find('=') {
            found.push(at + equals + 1..at + line.trim_end().len());
        }
        at += line.len();
    }
    found.retain(|place| place.start <= place.end);
    found
}

/// The tables with their heads; the first is what comes before any table.
pub fn tables(text: &str) -> Vec<String> {
    let mut tables = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            tables.push(String::new());
        }
        tables.last_mut().expect("one at least").push_str(line);
    }
    tables
}
