//! Numbers, amounts, shares and dates in words that are exact: what is written the same is the same.

use jiff::civil::Date;

use crate::contract::share::{Fraction, Shares};
use crate::money::Ore;
use crate::report::grouped;
use crate::report::text::Language;
use crate::scenario::model::Scenario;

/// How numbers of a scenario are written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) language: Language,
    danish_kroner: bool,
    code: [u8; 3],
}

impl Style {
    pub(super) fn new(scenario: &Scenario, language: Language) -> Self {
        let mut code = [b' '; 3];
        for (mark, byte) in code.iter_mut().zip(scenario.currency.code.bytes()) {
            *mark = byte;
        }
        Self { language, danish_kroner: scenario.currency.code == "DKK", code }
    }

    /// An amount with its currency, with decimals only where it has some.
    pub(super) fn money(self, ore: Ore) -> String {
        let digits = self.decimal(&shifted(&ore.to_string(), -2));
        self.with_currency(&digits)
    }

    /// A price in millionths.
    pub(super) fn price(self, millionths: i64) -> String {
        let digits = self.decimal(&shifted(&millionths.to_string(), -6));
        self.with_currency(&digits)
    }

    fn with_currency(self, digits: &str) -> String {
        if self.danish_kroner {
            return format!("{digits} kr.");
        }
        format!("{digits} {}", std::str::from_utf8(&self.code).unwrap_or("").trim())
    }

    /// A number of people, or one in 10⁻⁹.
    pub(super) fn nano(self, value: i64) -> String {
        self.decimal(&shifted(&value.to_string(), -9))
    }

    pub(super) fn count(self, value: i64) -> String {
        self.decimal(&value.to_string())
    }

    /// A number as it was written, to twelve digits.
    pub(super) fn number(self, value: f64) -> String {
        self.decimal(&digits(value))
    }

    /// A share in per cent.
    pub(super) fn percent(self, value: f64) -> String {
        self.language.text().percent(&self.decimal(&shifted(&digits(value), 2)))
    }

    /// An exact share: in per cent where that is exact in six digits, else as a fraction.
    pub(super) fn share(self, share: Fraction) -> String {
        match hundredths(share, 2) {
            Some(digits) => self.language.text().percent(&self.decimal(&digits)),
            None => format!("{}/{}", share.numer(), share.denom()),
        }
    }

    /// An exact number.
    pub(super) fn fraction(self, value: Fraction) -> String {
        match hundredths(value, 0) {
            Some(digits) => self.decimal(&digits),
            None => format!("{}/{}", value.numer(), value.denom()),
        }
    }

    pub(super) fn date(self, date: Date) -> String {
        self.language.text().date(date)
    }

    /// Shares by name.
    pub(super) fn shares<T: ToString>(self, names: &[T], shares: &Shares) -> String {
        if let [only] = names {
            return only.to_string();
        }
        let one = |(index, name): (usize, &T)| {
            format!("{} {}", name.to_string(), self.share(shares.fraction(index)))
        };
        names.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Groups the digits of a plain decimal and sets its marks.
    fn decimal(self, plain: &str) -> String {
        let text = self.language.text();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let whole = whole.parse::<i64>().map_or(whole.to_owned(), |whole| grouped(whole, text.group_mark()));
        if fraction.is_empty() {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}{}{fraction}", text.decimal_mark())
        }
    }
}

/// Twelve significant digits without exponent or trailing zeros.
fn digits(value: f64) -> String {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    format!("{}", rounded + 0.0)
}

/// A plain decimal times a power of ten, without trailing zeros behind the point.
fn shifted(plain: &str, power: i32) -> String {
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let point = whole.len() as i32 + power;
    let all = format!("{whole}{fraction}");
    let lead = (1 - point).max(0) as usize;
    let tail = (point - all.len() as i32).max(0) as usize;
    let all = format!("{}{all}{}", "0".repeat(lead), "0".repeat(tail));
    let (whole, fraction) = all.split_at(point.max(1) as usize);
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") }
}

/// A fraction times a power of ten as a plain decimal of at most nine decimals, where it is one.
fn hundredths(value: Fraction, power: i32) -> Option<String> {
    const NANO: i128 = 1_000_000_000;
    let scaled = i128::from(*value.numer()) * NANO;
    let denominator = i128::from(*value.denom());
    (scaled % denominator == 0).then(|| shifted(&(scaled / denominator).to_string(), power - 9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_shifted_digit_by_digit() {
        let cases =
            [("7", 2, "700"), ("0.07", 2, "7"), ("0.125", 2, "12.5"), ("-5", -2, "-0.05"), ("100", -2, "1")];
        for (plain, power, expected) in cases {
            assert_eq!(shifted(plain, power), expected, "{plain} {power}");
        }
        assert_eq!([0.07, 0.1 + 0.2, 1e12, -0.0].map(digits), ["0.07", "0.3", "1000000000000", "0"]);
        assert_eq!(hundredths(Fraction::new(2, 3), 2), None);
        assert_eq!(hundredths(Fraction::new(3, 8), 2).as_deref(), Some("37.5"));
    }
}
