//! The files of a scenario, joined in one text so that one span says file, line and column.

use std::fmt;

use thiserror::Error;

use super::files::{Files, TreePath};
use super::model::Span;
use crate::digest::sha256_of_scenario;

/// The largest file that is read.
pub const LARGEST_FILE: usize = 16 << 20;

/// The most files of a scenario: a national portfolio has a thousand contracts.
pub const MOST_FILES: usize = 10_000;

/// Bytes of all files of a scenario together, after which no more are read.
pub const MOST_TEXT: usize = 256 << 20;

/// All files of a scenario in the order in which they were read, the root first.
///
/// The text of file k occupies its own range of a virtual joined text, so that a span needs no file number.
#[derive(Clone, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
    /// What stands before every name in messages: the folder of the root file as it was typed.
    prefix: String,
}

#[derive(Clone)]
struct SourceFile {
    path: TreePath,
    name: String,
    offset: usize,
    text: String,
    /// Where each line begins in `text`.
    lines: Vec<usize>,
}

/// A position for people: both numbers count from 1, columns in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the folder of the root file.
    pub file: String,
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Why a file was not read.
#[derive(Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// No such file; a name nearby, if one resembles it.
    #[error("there is no file `{0}`")]
    Missing(String, Option<String>),
    /// A folder.
    #[error("`{0}` is a folder, not a scenario file")]
    Folder(String),
    /// Above [`LARGEST_FILE`].
    #[error("`{0}` is larger than 16 MiB")]
    TooLarge(String),
    /// One more than [`MOST_FILES`].
    #[error("`{0}` is not read: a scenario has at most {MOST_FILES} files")]
    TooMany(String),
    /// After [`MOST_TEXT`].
    #[error("`{0}` is not read: the files before it have 256 MiB together, and a scenario has at most that")]
    TooMuch(String),
    /// Nothing in it.
    #[error("`{0}` is empty")]
    Empty(String),
    /// Not UTF-8; the byte and line of the first offence.
    #[error("`{0}` is not UTF-8 text: byte {1} in line {2} belongs to no character")]
    NotText(String, usize, usize),
    /// Absolute, or with something that is no path on every system.
    #[error("`{0}` is not a relative path with `/` between folders")]
    Unsafe(String),
    /// Anything else the system says.
    #[error("`{0}` cannot be read: {1}")]
    System(String, String),
}

impl Sources {
    pub(crate) fn new(files: &dyn Files) -> Self {
        Self { files: Vec::new(), prefix: files.prefix() }
    }

    /// Reads one more file; a file that was read before is not read again. Gives its number.
    ///
    /// # Errors
    /// [`ReadError`], as its variants say.
    pub(crate) fn read(&mut self, files: &dyn Files, path: &TreePath) -> Result<usize, ReadError> {
        if let Some(known) = self.number(path) {
            return Ok(known);
        }
        let name = path.relative_to(files.root().folder());
        let shown = format!("{}{name}", self.prefix);
        self.room(&shown)?;
        let bytes = files.bytes(path, &shown)?;
        let text = checked_text(bytes, &shown)?;
        let offset = self.files.last().map_or(0, |file| file.offset + file.text.len() + 1);
        let lines =
            std::iter::once(0).chain(text.match_indices('\n').map(|(newline, _)| newline + 1)).collect();
        self.files.push(SourceFile { path: path.clone(), name, offset, text, lines });
        Ok(self.files.len() - 1)
    }

    /// Whether another file may be read.
    fn room(&self, shown: &str) -> Result<(), ReadError> {
        let bytes = self.files.last().map_or(0, |file| file.offset + file.text.len());
        room(self.files.len(), bytes, shown)
    }

    /// Whether no other file will be read.
    pub(crate) fn is_full(&self) -> bool {
        self.room("").is_err()
    }

    /// Adds a line that stands in no file, such as an option of the command line. Gives its text and offset.
    pub(crate) fn add_line(&mut self, name: &str, text: &str) -> (String, usize) {
        let offset = self.files.last().map_or(0, |file| file.offset + file.text.len() + 1);
        let folder = self.files.first().map_or(&[][..], |file| file.path.folder());
        let path = TreePath::within(folder, name);
        let (name, text) = (name.to_owned(), text.to_owned());
        self.files.push(SourceFile { path, name, offset, text: text.clone(), lines: vec![0] });
        (text, offset)
    }

    /// The path of what file `file` calls `written`.
    ///
    /// # Errors
    /// When `written` is not a relative path.
    pub(crate) fn resolve(&self, file: usize, written: &str) -> Result<TreePath, ReadError> {
        TreePath::join(self.files[file].path.folder(), written)
    }

    pub(crate) fn text(&self, file: usize) -> &str {
        &self.files[file].text
    }

    pub(crate) fn offset(&self, file: usize) -> usize {
        self.files[file].offset
    }

    /// The name of a file, relative to the folder of the root.
    pub(crate) fn name(&self, file: usize) -> &str {
        &self.files[file].name
    }

    pub(crate) fn number(&self, path: &TreePath) -> Option<usize> {
        self.files.iter().position(|file| file.path == *path)
    }

    /// The name of a file by its path; empty when it was not read.
    pub(crate) fn name_of(&self, path: &TreePath) -> &str {
        self.number(path).map_or("", |file| self.name(file))
    }

    /// The number of the file that holds a span.
    pub(crate) fn file_of(&self, span: &Span) -> Option<usize> {
        self.files.partition_point(|file| file.offset <= span.start).checked_sub(1)
    }

    /// What stands in a span; empty when the span lies outside.
    #[must_use]
    pub fn slice(&self, span: &Span) -> &str {
        let Some(file) = self.file_of(span).map(|index| &self.files[index]) else { return "" };
        file.text.get(span.start - file.offset..span.end.saturating_sub(file.offset)).unwrap_or("")
    }

    /// File, line and column of the beginning of a span.
    #[must_use]
    pub fn place(&self, span: &Span) -> Place {
        let Some(file) = self.file_of(span).map(|index| &self.files[index]) else {
            return Place { file: String::new(), line: 1, column: 1 };
        };
        let at = (span.start - file.offset).min(file.text.len());
        let line = file.lines.partition_point(|start| *start <= at);
        let before = &file.text.as_bytes()[file.lines[line - 1]..at];
        Place { file: file.name.clone(), line, column: characters(before) + 1 }
    }

    /// The lines that hold a span, for messages: their text, the number of the first, and the span within them.
    ///
    /// At most four lines, and of a very long line only what surrounds the span.
    pub(crate) fn excerpt(&self, span: &Span) -> Option<(&str, usize, Span)> {
        const WIDEST: usize = 400;
        let file = &self.files[self.file_of(span)?];
        let start = (span.start - file.offset).min(file.text.len());
        let line = file.lines.partition_point(|begin| *begin <= start);
        let after = file.lines.get(line + 3).map_or(file.text.len(), |next| next - 1);
        let end = span.end.saturating_sub(file.offset).clamp(start, after);
        let last = file.lines.partition_point(|begin| *begin <= end);
        let line_end = file.lines.get(last).map_or(file.text.len(), |next| next - 1);
        let mut from = file.lines[line - 1].max(start.saturating_sub(WIDEST));
        let mut to = line_end.min(end.min(start + WIDEST) + WIDEST);
        while !file.text.is_char_boundary(from) {
            from -= 1;
        }
        while !file.text.is_char_boundary(to) {
            to -= 1;
        }
        Some((&file.text[from..to], line, start - from..end.min(to).max(start) - from))
    }

    /// What stands before names in messages.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Every file with its path below the deepest folder that holds them all, in ascending order.
    ///
    /// A copy of the files under these paths can be loaded again from [`Self::root`].
    #[must_use]
    pub fn tree(&self) -> Vec<(String, &[u8])> {
        let top = self.common_folder();
        let mut files: Vec<_> =
            self.files.iter().map(|file| (file.path.below(top), file.text.as_bytes())).collect();
        files.sort();
        files
    }

    /// The path of the root file below the same folder.
    #[must_use]
    pub fn root(&self) -> String {
        let top = self.common_folder();
        self.files.first().map_or_else(String::new, |file| file.path.below(top))
    }

    /// The digest of the scenario: of where it starts and of every file that it reads.
    #[must_use]
    pub fn sha256(&self) -> String {
        let tree = self.tree();
        sha256_of_scenario(&self.root(), tree.iter().map(|(name, text)| (name.as_str(), *text)))
    }

    fn common_folder(&self) -> usize {
        let Some(first) = self.files.first() else { return 0 };
        let shared = |file: &SourceFile| {
            first.path.folder().iter().zip(file.path.folder()).take_while(|(a, b)| a == b).count()
        };
        self.files.iter().map(shared).min().unwrap_or(0)
    }
}

impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.files.iter().map(|file| (&file.name, file.text.len()))).finish()
    }
}

/// Characters in the bytes before a position on its line; bytes where the line is too long to be read by people.
fn characters(before: &[u8]) -> usize {
    if before.len() > 10_000 {
        return before.len();
    }
    before.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Whether one more file may be read after so many of so many bytes together.
pub(crate) fn room(files: usize, bytes: usize, shown: &str) -> Result<(), ReadError> {
    if files >= MOST_FILES {
        return Err(ReadError::TooMany(shown.to_owned()));
    }
    if bytes > MOST_TEXT { Err(ReadError::TooMuch(shown.to_owned())) } else { Ok(()) }
}

fn checked_text(bytes: Vec<u8>, name: &str) -> Result<String, ReadError> {
    if bytes.len() > LARGEST_FILE {
        return Err(ReadError::TooLarge(name.to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let byte = error.utf8_error().valid_up_to();
        let line = error.as_bytes()[..byte].split(|b| *b == b'\n').count();
        ReadError::NotText(name.to_owned(), byte, line)
    })?;
    if text.trim().is_empty() { Err(ReadError::Empty(name.to_owned())) } else { Ok(text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::files::Memory;

    fn memory() -> Vec<(String, Vec<u8>)> {
        [("a/variants/x.toml", "one\ntwo æ three\n"), ("a/base.toml", "base\n")]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .to_vec()
    }

    fn both() -> Sources {
        let files = memory();
        let memory = Memory::new(&files, "a/variants/x.toml").unwrap();
        let mut sources = Sources::new(&memory);
        let root = sources.read(&memory, &memory.root()).unwrap();
        let base = sources.resolve(root, "../base.toml").unwrap();
        assert_eq!(sources.read(&memory, &base), Ok(1));
        assert_eq!(sources.read(&memory, &base), Ok(1));
        sources
    }

    #[test]
    fn a_span_says_file_line_and_column() {
        let sources = both();
        let three = "one\ntwo æ ".len();
        assert_eq!(sources.place(&(three..three + 5)).to_string(), "x.toml:2:7");
        assert_eq!(sources.slice(&(three..three + 5)), "three");
        let base = sources.offset(1);
        assert_eq!(sources.place(&(base..base + 1)).to_string(), "../base.toml:1:1");
    }

    #[test]
    fn the_copied_tree_begins_at_the_common_folder() {
        let sources = both();
        let names: Vec<_> = sources.tree().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["base.toml", "variants/x.toml"]);
        assert_eq!(sources.root(), "variants/x.toml");
    }

    #[test]
    fn unsafe_paths_are_refused() {
        let sources = both();
        for path in ["/etc/passwd", "..\\x.toml", "", "../../../x.toml", "C:x"] {
            assert_eq!(sources.resolve(0, path), Err(ReadError::Unsafe(path.to_owned())));
        }
    }

    #[test]
    fn what_is_no_text_is_refused_before_parsing() {
        assert_eq!(checked_text(vec![], "x"), Err(ReadError::Empty("x".into())));
        assert_eq!(checked_text(b"ab\n\xff".to_vec(), "x"), Err(ReadError::NotText("x".into(), 3, 2)));
        assert_eq!(checked_text(vec![b'a'; LARGEST_FILE + 1], "x"), Err(ReadError::TooLarge("x".into())));
    }

    #[test]
    fn files_are_read_while_there_is_room() {
        let files: Vec<_> =
            (0..=MOST_FILES).map(|file| (format!("{file}.toml"), b"x = 1".to_vec())).collect();
        let memory = Memory::new(&files, "0.toml").unwrap();
        let mut sources = Sources::new(&memory);
        let path = |file: usize| TreePath::within(&[], &format!("{file}.toml"));
        for file in 0..MOST_FILES {
            assert!(!sources.is_full());
            assert_eq!(sources.read(&memory, &path(file)), Ok(file));
        }
        assert!(sources.is_full());
        let last = format!("{MOST_FILES}.toml");
        assert_eq!(sources.read(&memory, &path(MOST_FILES)), Err(ReadError::TooMany(last)));
        assert_eq!(sources.read(&memory, &path(7)), Ok(7));
        assert_eq!(room(1, MOST_TEXT, "x"), Ok(()));
        assert_eq!(room(1, MOST_TEXT + 1, "x"), Err(ReadError::TooMuch("x".into())));
    }
}
