//! Holding a results folder against what its run gives: every file by its bytes and its digest, then in a sentence what was
//! done to the folder.
//!
//! A file is known twice: by the digest in `passport.json`, and by what the scenario in the folder gives when it is run again.
//! Where both agree and the file does not, it was changed since the run; where the file agrees with the passport alone, both
//! were changed, or what they were made from.

mod bytes;
mod cells;
mod checked;
mod held;
mod passport;
mod tree;
mod verdict;
mod versions;

pub use held::{Held, Names, Outcome};

use super::profile::Profile;
use super::text::verify::Words;

/// Differences of one file that are shown one by one.
const MOST_SHOWN: usize = 5;

/// Names that an older version had: what stands in the folder, and what it is called now.
type Renamed = Vec<(String, String)>;

/// What differences are told with.
#[derive(Clone, Copy)]
struct Telling<'t> {
    words: Words,
    profile: Profile,
    trials: u64,
    renamed: &'t Renamed,
}

/// How a file differs from what it should be.
#[derive(Debug, Default, PartialEq, Eq)]
struct Difference {
    lines: Vec<String>,
    /// Why it rather is the file of another run.
    other_run: Option<String>,
}

impl Difference {
    /// One line.
    fn line(line: String) -> Self {
        Self { lines: vec![line], other_run: None }
    }

    /// With the first lines alone, and how many more there are.
    fn shortened(mut self, words: Words) -> Self {
        if self.lines.len() > MOST_SHOWN {
            let more = self.lines.len() - MOST_SHOWN;
            self.lines.truncate(MOST_SHOWN);
            self.lines.push(words.and_more(&more.to_string()));
        }
        self
    }
}

/// How a file differs; `None` when it is the same but for names that an older version had.
fn difference(name: &str, found: &[u8], expected: &[u8], telling: Telling<'_>) -> Option<Difference> {
    if let Some(told) = bytes::cut_or_long(found, expected, telling.words) {
        return Some(told);
    }
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending {
        "csv" => Some(cells::difference(found, expected, telling)),
        "json" => tree::difference(found, expected, telling),
        "html" | "svg" => bytes::of_text(found, expected, telling),
        _ => Some(bytes::of_bytes(found, expected, telling.words)),
    }
}
