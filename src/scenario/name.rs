//! Checked names: ids of things with a table of their own, and names that may stand in formulas.

use std::fmt;

use thiserror::Error;

/// The id under which the return cap of a fund stands among the limits; no limit of a file may bear it.
pub const RETURN_CAP: &str = "return-cap";

/// Words that have a meaning of their own in files of results.
pub(crate) const RESERVED: [&str; 3] = ["all", "total", "later"];
const SOURCE_WORDS: [&str; 3] = ["stated", "derived", "assumed"];
const LONGEST: usize = 100;

/// The id of an investment, party, fund, term or limit: `[a-z0-9][a-z0-9-]*`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

/// The name of an input, outcome, factor, event or case: `[a-z][a-z0-9_]*`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// Why a text is no id or name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum NameError {
    /// A reserved word.
    #[error("`{0}` is a reserved word")]
    Reserved(String),
    /// Wrong characters; what would do.
    #[error("`{0}` is not an id: small letters a-z, digits and `-`, no `-` first")]
    Id(String, String),
    /// Wrong characters; what would do.
    #[error("`{0}` is not a name: small letters a-z, digits and `_`, a letter first")]
    Name(String, String),
    /// Longer than 100 characters.
    #[error("a name has at most 100 characters")]
    Long,
}

impl NameError {
    /// What to write instead.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::Id(_, instead) | Self::Name(_, instead) if !instead.is_empty() => {
                format!("write for example `{instead}`; the Danish name goes in `name`")
            }
            Self::Id(..) | Self::Name(..) => "use small letters a-z and digits".to_owned(),
            Self::Reserved(_) => {
                "`all`, `total`, `later` and `stated`, `derived`, `assumed` cannot be names; take another"
                    .to_owned()
            }
            Self::Long => "use a short one; a long title goes in `name`".to_owned(),
        }
    }
}

impl Id {
    /// Checks an id.
    ///
    /// # Errors
    /// When it is reserved, too long, or has other characters than `[a-z0-9][a-z0-9-]*`.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        check(text, right, |c| c != '-', |text| NameError::Id(text.to_owned(), plain(text, '-')))?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    /// When it is reserved, too long, or has other characters than `[a-z][a-z0-9_]*`.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let first = |c: char| c.is_ascii_lowercase();
        check(text, right, first, |text| NameError::Name(text.to_owned(), plain(text, '_')))?;
        Ok(Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn check(
    text: &str,
    right: impl Fn(char) -> bool,
    first: impl Fn(char) -> bool,
    wrong: impl Fn(&str) -> NameError,
) -> Result<(), NameError> {
    if text.len() > LONGEST {
        return Err(NameError::Long);
    }
    if !text.chars().all(right) || !text.chars().next().is_some_and(first) {
        return Err(wrong(text));
    }
    if RESERVED.contains(&text) || SOURCE_WORDS.contains(&text) {
        return Err(NameError::Reserved(text.to_owned()));
    }
    Ok(())
}

/// The nearest text with allowed characters: `Støtte til unge` becomes `stoette-til-unge`.
fn plain(text: &str, joint: char) -> String {
    let mut plain = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            'æ' => plain.push_str("ae"),
            'ø' => plain.push_str("oe"),
            'å' => plain.push_str("aa"),
            c if c.is_ascii_lowercase() || (c.is_ascii_digit() && (joint == '-' || !plain.is_empty())) => {
                plain.push(c);
            }
            _ if !plain.is_empty() && !plain.ends_with(joint) => plain.push(joint),
            _ => {}
        }
    }
    plain.trim_end_matches(joint).to_owned()
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_names_differ_in_their_joint() {
        assert!(Id::new("region-midtjylland").is_ok() && Id::new("2nd").is_ok());
        assert!(Name::new("wellbeing_rate").is_ok());
        assert!(Id::new("-x").is_err() && Name::new("2nd").is_err() && Name::new("a-b").is_err());
        assert_eq!(Id::new("all"), Err(NameError::Reserved("all".into())));
        assert_eq!(Name::new("assumed"), Err(NameError::Reserved("assumed".into())));
        assert_eq!(Id::new(&"x".repeat(101)), Err(NameError::Long));
    }

    #[test]
    fn a_wrong_id_comes_with_a_right_one() {
        assert!(Id::new("Støtte til Unge").unwrap_err().help().contains("`stoette-til-unge`"));
        assert!(Name::new("in-work").unwrap_err().help().contains("`in_work`"));
        assert!(Id::new("").unwrap_err().help().contains("small letters"));
    }
}
