//! Who reads a page.

/// A reader, for whom a page is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// A council or committee: one or two pages, in plain words.
    Council,
    /// A finance department: every table that a budget needs.
    Finance,
    /// Analysts: everything, with intervals.
    Analyst,
}

impl Audience {
    /// All readers.
    pub const ALL: [Self; 3] = [Self::Council, Self::Finance, Self::Analyst];

    /// The name on the command line, in passports and names of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Council => "council",
            Self::Finance => "finance",
            Self::Analyst => "analyst",
        }
    }

    /// The reader of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|audience| audience.name() == name)
    }
}
