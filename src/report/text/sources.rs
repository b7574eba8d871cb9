//! The sentences of `udfald sources`.

use super::Language;

/// What stays the same for every scenario.
pub(crate) struct SourcesText {
    pub(crate) clause: &'static str,
    pub(crate) says: &'static str,
    pub(crate) why: &'static str,
    pub(crate) number: &'static str,
    pub(crate) value: &'static str,
    pub(crate) line: &'static str,
    pub(crate) derived: &'static str,
    pub(crate) assumed: &'static str,
    pub(crate) none: &'static str,
    pub(crate) no_document: &'static str,
}

const ENGLISH: SourcesText = SourcesText {
    clause: "Clause",
    says: "What it says",
    why: "How, or why",
    number: "Number",
    value: "Value",
    line: "File and line",
    derived: "Follows from other numbers",
    assumed: "Assumed, with a reason",
    none: "Without a source: assumed, and nothing says why",
    no_document: "No number is stated by a document.",
};

const DANISH: SourcesText = SourcesText {
    clause: "Bestemmelse",
    says: "Hvad der står",
    why: "Hvordan eller hvorfor",
    number: "Tal",
    value: "Værdi",
    line: "Fil og linje",
    derived: "Følger af andre tal",
    assumed: "Antaget, med en grund",
    none: "Uden kilde: antaget, og intet siger hvorfor",
    no_document: "Intet tal er angivet af et dokument.",
};

impl Language {
    /// The sentences of sources.
    pub(crate) const fn sources(self) -> &'static SourcesText {
        match self {
            Self::En => &ENGLISH,
            Self::Da => &DANISH,
        }
    }

    /// How many numbers are of each kind.
    pub(crate) fn sources_counted(self, [stated, derived, assumed, none]: [usize; 4]) -> String {
        let all = stated + derived + assumed + none;
        match self {
            Self::En => format!(
                "{all} numbers and dates: {stated} stated by documents, {derived} derived, {assumed} assumed, {none} without a source."
            ),
            Self::Da => format!(
                "{all} tal og datoer: {stated} angivet af dokumenter, {derived} afledt, {assumed} antaget, {none} uden kilde."
            ),
        }
    }
}
