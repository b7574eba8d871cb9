//! Profiles of CSV files: plain for programs, and one that a Danish Excel opens as it is.

/// How CSV files are written. Names, headers and ids are the same in every profile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// Comma between cells, decimal point, `\n`, UTF-8.
    #[default]
    Plain,
    /// Semicolon between cells, decimal comma, `\r\n`, UTF-8 with a byte order mark, no cell that begins a formula.
    ExcelDa,
}

impl Profile {
    /// All profiles.
    pub const ALL: [Self; 2] = [Self::Plain, Self::ExcelDa];

    /// The name on the command line and in passports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::ExcelDa => "excel-da",
        }
    }

    /// The profile of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    pub(crate) const fn separator(self) -> u8 {
        match self {
            Self::Plain => b',',
            Self::ExcelDa => b';',
        }
    }

    pub(crate) const fn decimal(self) -> u8 {
        match self {
            Self::Plain => b'.',
            Self::ExcelDa => b',',
        }
    }

    pub(crate) const fn terminator(self) -> &'static [u8] {
        match self {
            Self::Plain => b"\n",
            Self::ExcelDa => b"\r\n",
        }
    }

    /// What the file begins with: Excel takes a file for UTF-8 only by its mark.
    pub(crate) const fn opening(self) -> &'static [u8] {
        match self {
            Self::Plain => b"",
            Self::ExcelDa => b"\xEF\xBB\xBF",
        }
    }

    /// Whether a spreadsheet would take a text for a formula.
    pub(crate) fn guards(self, text: &str) -> bool {
        self == Self::ExcelDa && text.starts_with(['=', '+', '-', '@', '\t', '\r'])
    }
}
