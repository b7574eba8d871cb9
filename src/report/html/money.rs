//! How amounts are written on a page: in millions in sentences and pictures, in thousands in tables.

use crate::report::number::grouped;
use crate::report::text::{PageWords, Style};

/// An amount of øre that makes a hundredth of a million.
const HUNDREDTH_OF_MILLION: f64 = 1_000_000.0;

/// The marks of a page.
#[derive(Clone, Copy)]
pub(super) struct Money {
    pub(super) style: Style,
    pub(super) words: PageWords,
}

impl Money {
    /// An amount in øre for pictures: millions with two decimals, or units where amounts are small.
    pub(super) fn short(self, ore: f64) -> String {
        if !self.style.thousands {
            return self.style.units(ore);
        }
        let text = self.style.text;
        let hundredths = (ore / HUNDREDTH_OF_MILLION).round() as i64;
        let sign = if hundredths < 0 { "-" } else { "" };
        let whole = grouped((hundredths / 100).abs(), text.group_mark());
        format!("{sign}{whole}{}{:02}", text.decimal_mark(), (hundredths % 100).abs())
    }

    /// An amount in øre for a sentence, with its currency.
    pub(super) fn long(self, ore: f64, code: &str) -> String {
        let currency = self.style.text.currency(code, false, None);
        if self.style.thousands {
            self.words.million(&self.short(ore), &currency)
        } else {
            self.words.units(&self.short(ore), &currency)
        }
    }

    /// A round amount in øre on an axis whose marks are `step` apart, in the unit of [`Money::short`].
    pub(super) fn tick(self, ore: f64, step: f64) -> String {
        let text = self.short(ore);
        let spare = if step >= 100.0 * HUNDREDTH_OF_MILLION {
            3
        } else {
            usize::from(step >= 10.0 * HUNDREDTH_OF_MILLION)
        };
        let spare = if self.style.thousands { spare } else { 0 };
        text[..text.len() - spare].to_owned()
    }

    /// The unit of [`Money::short`].
    pub(super) fn unit(self, code: &str, price_level: Option<i16>) -> String {
        let currency = self.style.text.currency(code, false, price_level);
        if self.style.thousands { self.words.in_million(&currency) } else { currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::text::Language;

    #[test]
    fn sentences_have_millions_with_two_decimals() {
        let money = |language: Language, thousands| Money {
            style: Style { text: language.text(), thousands },
            words: language.page(),
        };
        assert_eq!(money(Language::Da, true).long(47_550_000.0, "DKK"), "0,48\u{a0}mio.\u{a0}kr.");
        assert_eq!(
            money(Language::En, true).long(123_456_000_000.0, "DKK"),
            "1,234.56\u{a0}million\u{a0}DKK"
        );
        assert_eq!(money(Language::En, true).short(-150_000_000.0), "-1.50");
        assert_eq!(money(Language::Da, false).long(1_234_500.0, "EUR"), "12.345\u{a0}EUR");
    }
}
