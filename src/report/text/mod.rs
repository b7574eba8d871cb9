//! Every sentence of the reports, in one place: a language that lacks one does not compile.

#[macro_use]
mod words;

mod beside;
mod comparison;
mod da;
mod diff;
mod en;
mod ledger;
mod page;
mod sensitivity;
mod size;
mod sources;
mod study;
mod sweep;
pub(crate) mod verify;
mod workbook;

use jiff::civil::Date;

use super::number::grouped;
use crate::scenario::register::{Class, Register};
pub(crate) use comparison::Change;
pub(crate) use diff::{Aspect, Kind, Pooled, Say};
pub(crate) use ledger::{Goes, Which, Words};
pub(crate) use page::Words as PageWords;
pub(crate) use sensitivity::Matter;
pub(crate) use workbook::Words as BookWords;

/// The language of reports. Names, headers and ids in files are the same in every language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Danish.
    Da,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Da];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Da => "da",
        }
    }

    /// The words of its pages.
    pub(crate) fn page(self) -> page::Words {
        page::Words(self)
    }

    /// The words of its workbooks.
    pub(crate) fn workbook(self) -> BookWords {
        workbook::Words(self)
    }

    /// The words of pages and workbooks of studies.
    pub(crate) fn study(self) -> study::Words {
        study::Words(self)
    }

    /// The language of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.name() == name)
    }

    /// Its sentences.
    pub(crate) fn text(self) -> &'static dyn Text {
        match self {
            Self::En => &en::English,
            Self::Da => &da::Danish,
        }
    }
}

/// Headers of the table of payments.
#[derive(Debug)]
pub(crate) struct PaymentHeaders {
    pub(crate) payer: &'static str,
    pub(crate) year: &'static str,
    pub(crate) mean: &'static str,
    pub(crate) most: &'static str,
    pub(crate) cut: &'static str,
    pub(crate) nothing: &'static str,
}

/// Where the numbers of a scenario come from, counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sourced {
    pub(crate) stated: usize,
    pub(crate) derived: usize,
    pub(crate) assumed: usize,
    pub(crate) unsourced: usize,
}

impl Sourced {
    /// The numbers of a register.
    pub(crate) fn of(register: &Register) -> Self {
        Self {
            stated: register.count(Class::Stated),
            derived: register.count(Class::Derived),
            assumed: register.count(Class::Assumed),
            unsourced: register.count(Class::None),
        }
    }

    pub(crate) fn all(self) -> usize {
        self.stated + self.derived + self.assumed + self.unsourced
    }
}

/// What decided the figures.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ran<'a> {
    pub(crate) trials: &'a str,
    pub(crate) seed: u64,
    pub(crate) sampler: &'a str,
}

/// Inputs that hang together: the pair furthest from what was asked.
#[derive(Clone, Debug)]
pub(crate) struct Together<'a> {
    pub(crate) name: &'a str,
    pub(crate) inputs: [&'a str; 2],
    /// Pairs of the group.
    pub(crate) pairs: usize,
    pub(crate) asked: &'a str,
    /// The nearest that can hold, where what was asked contradicts itself.
    pub(crate) used: Option<&'a str>,
    /// In this run, with its interval.
    pub(crate) achieved: [String; 3],
}

/// The sentences and number marks of one language. Amounts and shares come as finished text.
pub(crate) trait Text {
    /// The mark between groups of three digits.
    fn group_mark(&self) -> char;
    /// The decimal mark.
    fn decimal_mark(&self) -> char;
    /// A percentage, its digits given.
    fn percent(&self, digits: &str) -> String;
    /// A currency in units, or in thousands.
    fn currency(&self, code: &str, thousands: bool, price_level: Option<i16>) -> String;

    fn date(&self, date: Date) -> String;
    /// The date behind the title.
    fn as_of(&self, date: Date) -> String;
    /// The budget years behind the title; more than one when `several`.
    fn budget_years(&self, years: &str, several: bool) -> String;
    fn all_investments(&self) -> &'static str;
    fn all_payers(&self) -> &'static str;
    fn total(&self) -> &'static str;

    fn payments_title(&self, currency: &str) -> String;
    fn payment_headers(&self) -> PaymentHeaders;
    /// What the columns mean.
    fn payments_legend(&self) -> &'static str;
    /// That quantiles do not add up.
    fn quantiles_do_not_add(&self) -> &'static str;
    fn no_payments(&self) -> &'static str;
    /// Where the investments are that the table leaves out.
    fn more_in_files(&self, left_out: &str) -> String;

    fn investor_title(&self, currency: &str) -> String;
    fn gets_back(&self, investor: &str, puts_in: &str, mean: &str, share: &str) -> String;
    fn gets_between(&self, low: &str, high: &str) -> String;
    fn loses(&self, share: &str) -> String;
    fn annual_return(&self, rate: &str) -> String;
    fn donation(&self, giver: &str, amount: &str) -> String;

    fn cases_title(&self, currency: &str) -> String;
    fn case_header(&self) -> &'static str;
    fn cases_legend(&self) -> &'static str;

    fn appropriations_title(&self, currency: &str) -> String;
    /// In place of a year: all of them, each with an appropriation of its own.
    fn appropriations_total(&self) -> &'static str;
    /// An appropriation that no trial exceeds.
    fn appropriation_enough(&self, payer: &str, year: &str, amount: &str) -> String;
    /// How often an appropriation is exceeded, and the mean of what is missing in those trials.
    fn appropriation(&self, payer: &str, year: &str, amount: &str, share: &str, short: &str) -> String;

    fn notes_title(&self) -> &'static str;
    fn sources(&self, numbers: Sourced) -> String;
    fn savings(&self) -> &'static str;
    /// The due dates of an investment, one by one.
    fn falls_due(&self, investment: &str, dates: &[String]) -> String;
    /// Many due dates: how many, the first and the last.
    fn falls_due_between(&self, investment: &str, count: usize, first: &str, last: &str) -> String;
    /// The largest half-widths of the intervals of a mean and of a P90.
    fn simulation_error(&self, mean: &str, p90: &str) -> String;
    /// The largest relative error of a quantile that is counted in steps.
    fn bucketed(&self, share: &str) -> String;
    /// A formula of outcomes, and the share of trials in which it has no value.
    fn no_value(&self, outcome: &str, share: &str) -> String;
    /// Rank correlations asked for and achieved.
    fn together(&self, together: &Together<'_>) -> String;
    /// A payer and the accounts its payments are booked on.
    fn booked_on(&self, payer: &str, accounts: &str) -> String;
    fn accounts_closed(&self, trials: &str) -> String;
    fn ran(&self, ran: Ran<'_>) -> String;
    /// That payers' totals are known to within an amount, and how many trials that took.
    fn precise(&self, within: &str, trials: &str) -> String;
    /// How many draws are spread by Sobol points, and how many are beyond them.
    fn beyond_points(&self, spread: usize, beyond: usize) -> String;

    /// That a new scenario is written, and what to do with it; ends the line.
    fn written(&self, path: &str) -> String;
    /// Where a new scenario is from, and what to do with it.
    fn begun_from(&self, id: &str) -> String;
    fn contracts_to_begin_from(&self) -> &'static str;
}

/// A list in a sentence, with a word before its last item.
fn listed(items: &[String], and: &str) -> String {
    match items {
        [first @ .., last] if !first.is_empty() => format!("{} {and} {last}", first.join(", ")),
        _ => items.concat(),
    }
}

/// How amounts and shares are written for people.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    pub(crate) text: &'static dyn Text,
    /// Whether amounts are in thousands.
    pub(crate) thousands: bool,
}

impl Style {
    /// An amount in øre, in units or thousands of the currency, rounded to a whole one.
    pub(crate) fn amount(self, ore: f64) -> String {
        let unit = if self.thousands { 100_000.0 } else { 100.0 };
        grouped((ore / unit).round() as i64, self.text.group_mark())
    }

    /// An amount in øre, in whole units of the currency.
    pub(crate) fn units(self, ore: f64) -> String {
        grouped((ore / 100.0).round() as i64, self.text.group_mark())
    }

    /// A count.
    pub(crate) fn count(self, count: u64) -> String {
        grouped(count.min(i64::MAX as u64) as i64, self.text.group_mark())
    }

    /// A share in per cent: whole, below 10 % with one decimal, and never 0 or 100 unless it is.
    pub(crate) fn share(self, share: f64) -> String {
        let tenths = (share * 1000.0).round() as i64;
        let digits = match tenths {
            0 if share > 0.0 => format!("<0{}1", self.text.decimal_mark()),
            1000 if share < 1.0 => format!(">99{}9", self.text.decimal_mark()),
            0 | 1000 => (tenths / 10).to_string(),
            1..100 => self.tenths(tenths),
            _ => ((share * 100.0).round() as i64).to_string(),
        };
        self.text.percent(&digits)
    }

    /// An upper bound in per cent, rounded up to one decimal.
    pub(crate) fn bound(self, share: f64) -> String {
        self.text.percent(&self.tenths((share * 1000.0).ceil() as i64))
    }

    /// A rate in per cent with one decimal.
    pub(crate) fn rate(self, rate: f64) -> String {
        self.text.percent(&self.tenths((rate * 1000.0).round() as i64))
    }

    /// A number that is no amount, with so many decimals.
    pub(crate) fn decimals(self, value: f64, decimals: usize) -> String {
        format!("{value:.decimals$}").replace('.', &self.text.decimal_mark().to_string())
    }

    fn tenths(self, tenths: i64) -> String {
        let sign = if tenths < 0 { "-" } else { "" };
        let tenths = tenths.abs();
        format!(
            "{sign}{}{}{}",
            grouped(tenths / 10, self.text.group_mark()),
            self.text.decimal_mark(),
            tenths % 10
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(language: Language, thousands: bool) -> Style {
        Style { text: language.text(), thousands }
    }

    #[test]
    fn danish_numbers_have_points_between_groups_and_a_decimal_comma() {
        let style = style(Language::Da, true);
        assert_eq!(style.amount(123_456_750_000.0), "1.234.568");
        assert_eq!(style.units(123_450.0), "1.235");
        assert_eq!(
            [0.0, 0.0002, 0.0123, 0.5234, 0.9999, 1.0].map(|share| style.share(share)),
            ["0 %", "<0,1 %", "1,2 %", "52 %", ">99,9 %", "100 %"].map(|text| text.replace(' ', "\u{a0}"))
        );
        assert_eq!(style.rate(-0.0046), "-0,5\u{a0}%");
        assert_eq!(style.bound(1.0 / 4096.0), "0,1\u{a0}%");
    }

    #[test]
    fn english_numbers_have_commas_between_groups_and_a_decimal_point() {
        let style = style(Language::En, false);
        assert_eq!(style.amount(123_456_750.0), "1,234,568");
        assert_eq!(
            [0.0, 0.0002, 0.0123, 0.0999, 0.99].map(|share| style.share(share)),
            ["0%", "<0.1%", "1.2%", "10%", "99%"]
        );
    }

    #[test]
    fn lists_end_with_a_word() {
        let items = ["a", "b", "c"].map(str::to_owned);
        let text: Vec<_> = (0..=3).map(|count| listed(&items[..count], "and")).collect();
        assert_eq!(text, ["", "a", "a and b", "a, b and c"]);
    }

    #[test]
    fn no_text_promises_what_is_not_computed() {
        for language in Language::ALL {
            let text = language.text();
            let all =
                [text.savings().to_owned(), text.payments_title("kr."), text.payments_legend().to_owned()];
            assert!(!all.join(" ").contains("neutral"));
        }
    }
}
