//! How cells look: one format for each kind of value, in the marks of a language.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::report::text::Language;

/// The colours of the pages.
pub(super) const BLUE: Color = Color::RGB(0x0000_72B2);
pub(super) const RED: Color = Color::RGB(0x00C0_4A00);
pub(super) const GREEN: Color = Color::RGB(0x0000_7A5A);
pub(super) const INK: Color = Color::RGB(0x001B_1F23);
const RULE: Color = Color::RGB(0x00C3_C9CF);
const SHADE: Color = Color::RGB(0x00EE_F2F6);

/// A row of a table, or the one that sums it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Plain,
    Total,
}

/// The formats of a workbook. A spreadsheet shows numbers in the marks of its reader's country; dates and shares are told
/// how.
pub(super) struct Formats {
    pub(super) title: Format,
    pub(super) about: Format,
    pub(super) prose: Format,
    pub(super) head: Format,
    pub(super) first_head: Format,
    pub(super) group: Format,
    language: Language,
}

impl Formats {
    pub(super) fn new(language: Language) -> Self {
        let wrapped = || Format::new().set_text_wrap().set_align(FormatAlign::Top);
        let head = || {
            Format::new()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Bottom)
                .set_background_color(SHADE)
                .set_border_bottom(FormatBorder::Thin)
                .set_border_bottom_color(INK)
        };
        Self {
            title: Format::new().set_bold().set_font_size(16).set_font_color(INK),
            about: Format::new().set_font_color(Color::RGB(0x0057_606A)),
            prose: wrapped(),
            head: head().set_align(FormatAlign::Right),
            first_head: head(),
            group: Format::new().set_bold().set_border_top(FormatBorder::Thin).set_border_top_color(RULE),
            language,
        }
    }

    pub(super) fn text(weight: Weight) -> Format {
        weighed(weight).set_text_wrap().set_align(FormatAlign::Top)
    }

    /// Whole units of the currency; the cell has the amount to the last digit.
    pub(super) fn money(weight: Weight) -> Format {
        weighed(weight).set_num_format("#,##0").set_align(FormatAlign::Top)
    }

    /// The same, shown in thousands.
    pub(super) fn thousands(weight: Weight) -> Format {
        weighed(weight).set_num_format("#,##0,").set_align(FormatAlign::Top)
    }

    /// Text that stands among numbers.
    pub(super) fn figures(weight: Weight) -> Format {
        weighed(weight).set_align(FormatAlign::Top).set_align(FormatAlign::Right)
    }

    /// A share in per cent, which is never 0 unless it is.
    pub(super) fn share(&self, weight: Weight) -> Format {
        let format = match self.language {
            Language::En => "[=0]0%;[<0.001]\"<0.1%\";0.0%",
            Language::Da => "[=0]0\\ %;[<0.001]\"<0,1 %\";0.0\\ %",
        };
        weighed(weight).set_num_format(format).set_align(FormatAlign::Top)
    }

    pub(super) fn plain(weight: Weight) -> Format {
        weighed(weight).set_num_format("0.000").set_align(FormatAlign::Top)
    }

    pub(super) fn count(weight: Weight) -> Format {
        weighed(weight).set_num_format("#,##0").set_align(FormatAlign::Top).set_align(FormatAlign::Left)
    }

    /// A year, without a mark between groups.
    pub(super) fn year(weight: Weight) -> Format {
        weighed(weight).set_num_format("0").set_align(FormatAlign::Top).set_align(FormatAlign::Left)
    }

    /// A day with the name of its month in the language of the workbook.
    pub(super) fn day(&self, weight: Weight) -> Format {
        let format = match self.language {
            Language::En => "[$-809]d mmmm yyyy;@",
            Language::Da => "[$-406]d. mmmm yyyy;@",
        };
        weighed(weight).set_num_format(format).set_align(FormatAlign::Top).set_align(FormatAlign::Left)
    }
}

fn weighed(weight: Weight) -> Format {
    match weight {
        Weight::Plain => Format::new(),
        Weight::Total => Format::new().set_bold(),
    }
}
