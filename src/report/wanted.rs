//! What a results folder is to hold beside the CSV files, and in which marks and language.

use super::html::Audience;
use super::profile::Profile;
use super::text::Language;

/// The options that decide files. The language decides pages only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The marks of CSV files.
    pub profile: Profile,
    /// The readers who get a page, each once and in the order of [`Audience::ALL`].
    pub audiences: Vec<Audience>,
    /// The language of the pages.
    pub language: Language,
}

impl Wanted {
    /// The CSV files alone.
    #[must_use]
    pub fn csv(profile: Profile) -> Self {
        Self { profile, ..Self::default() }
    }

    /// With a page for each of these readers, in any order.
    #[must_use]
    pub fn with_pages(self, audiences: &[Audience], language: Language) -> Self {
        let audiences = Audience::ALL.into_iter().filter(|audience| audiences.contains(audience));
        Self { audiences: audiences.collect(), language, ..self }
    }
}
