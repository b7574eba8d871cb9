//! Reads numbers, amounts, prices and shares.

use super::Field;
use crate::contract::share::Fraction;
use crate::money::Ore;
use crate::scenario::diagnose::Findings;
use crate::scenario::raw::Value;
use crate::scenario::value::{self, Decimal};

/// Amounts and numbers stay below this, so that sums of them stay exact.
const LARGEST: i64 = 1_000_000_000_000;

impl Field<'_> {
    pub(crate) fn decimal(&self, findings: &mut Findings) -> Option<Decimal> {
        if let Value::Number(number) = &self.item.value {
            Some(*number)
        } else {
            self.expected(findings, "a number", "0.5");
            None
        }
    }

    /// A number that is computed with, below 10¹² in magnitude.
    pub(crate) fn plain(&self, findings: &mut Findings) -> Option<f64> {
        let number = self.decimal(findings)?.to_f64();
        if number.abs() > LARGEST as f64 {
            self.error(findings, "is larger than a million million", "numbers of a contract are smaller");
            return None;
        }
        Some(number)
    }

    /// An amount of money in øre: at most two decimals, not negative.
    pub(crate) fn amount(&self, findings: &mut Findings) -> Option<Ore> {
        self.money(2, "an amount has at most two decimals", findings)
    }

    /// An amount of a term that may run both ways, in øre.
    pub(crate) fn signed_amount(&self, findings: &mut Findings) -> Option<Ore> {
        self.money_of_sign(2, "an amount has at most two decimals", findings)
    }

    /// A price in millionths of a krone: at most six decimals, not negative.
    pub(crate) fn price(&self, findings: &mut Findings) -> Option<i64> {
        self.money(6, "a price has at most six decimals", findings)
    }

    /// A price of a term that may run both ways, in millionths of a krone.
    pub(crate) fn signed_price(&self, findings: &mut Findings) -> Option<i64> {
        self.money_of_sign(6, "a price has at most six decimals", findings)
    }

    fn money(&self, places: u32, rule: &str, findings: &mut Findings) -> Option<i64> {
        let negative = matches!(self.item.value, Value::Number(number) if number.is_negative());
        if let (true, Value::Number(number)) = (negative, &self.item.value) {
            let help = format!("amounts run one way; write `{}`", number.to_string().trim_start_matches('-'));
            self.error(findings, format_args!("is negative: {number}"), help);
            return None;
        }
        self.money_of_sign(places, rule, findings)
    }

    fn money_of_sign(&self, places: u32, rule: &str, findings: &mut Findings) -> Option<i64> {
        let Value::Number(number) = self.item.value else {
            self.expected(findings, "an amount", "1_000_000");
            return None;
        };
        let whole = 10i64.pow(places);
        if number.reads_as_thousands() {
            let thousands = number.scaled(3).unwrap_or_default();
            let meant = format!("{}_{:03}", thousands / 1000, thousands % 1000);
            let help = format!("`.` is the decimal point: write `{meant}` for thousands, `{number}` else");
            self.error(findings, "is written with a thousands point", help);
            return None;
        }
        if number.to_f64().abs() > LARGEST as f64 {
            self.error(
                findings,
                "is larger than a million million",
                "amounts are in whole kroner, `1_000_000`",
            );
            return None;
        }
        let scaled = number.scaled(places).filter(|scaled| (scaled / whole).abs() <= LARGEST);
        if scaled.is_none() {
            self.error(findings, format_args!("has too many decimals: {number}"), rule);
        }
        scaled
    }

    /// An exact share: `0.30` or `"1/3"`.
    pub(crate) fn share(&self, findings: &mut Findings) -> Option<Fraction> {
        let fraction = self.fraction(findings)?;
        if fraction < Fraction::from(0) || fraction > Fraction::from(1) {
            self.not_a_share(findings);
            return None;
        }
        Some(fraction)
    }

    /// An exact number: `1.38` or `"4/3"`.
    pub(crate) fn fraction(&self, findings: &mut Findings) -> Option<Fraction> {
        let found = match &self.item.value {
            Value::Text(text) => value::fraction(text),
            Value::Number(number) => number.fraction(),
            _ => None,
        };
        if found.is_none() {
            self.expected_fraction(findings);
        }
        found
    }

    fn expected_fraction(&self, findings: &mut Findings) {
        match &self.item.value {
            Value::Text(text) => {
                self.error(findings, format_args!("is no share: `{text}`"), "write `0.30` or `\"1/3\"`");
            }
            Value::Number(_) => {
                self.error(findings, "has too many digits for a share", "write `\"1/3\"` for a third");
            }
            _ => self.expected(findings, "a share", "0.30"),
        }
    }

    /// Reports a number outside 0 to 1, with the share that was probably meant.
    pub(crate) fn not_a_share(&self, findings: &mut Findings) {
        let help = match &self.item.value {
            Value::Number(number) if (1.0..=100.0).contains(&number.to_f64()) => {
                let meant = number.hundredth().to_string();
                let padded = if meant.len() == 3 { format!("{meant}0") } else { meant };
                format!("did you mean {padded}?")
            }
            _ => "a share lies between 0 and 1".to_owned(),
        };
        self.error(findings, "is not a share between 0 and 1", help);
    }

    /// A whole number from 1 to `most`.
    pub(crate) fn count(&self, most: u32, findings: &mut Findings) -> Option<u32> {
        let number = self.decimal(findings)?;
        let count = number.scaled(0).and_then(|n| u32::try_from(n).ok()).filter(|n| (1..=most).contains(n));
        if count.is_none() {
            self.error(findings, format_args!("must be a whole number from 1 to {most}"), "for example `4`");
        }
        count
    }
}

/// Shares of one whole in the order of the fields; one of them may be `"rest"`.
pub(crate) fn shares(
    fields: &[Field<'_>],
    whole: &Field<'_>,
    findings: &mut Findings,
) -> Option<Vec<Fraction>> {
    let is_rest = |field: &Field<'_>| matches!(&field.item.value, Value::Text(text) if text == "rest");
    let rests = fields.iter().filter(|field| is_rest(field)).count();
    if rests > 1 {
        whole.error(findings, "has more than one \"rest\"", "one share may be \"rest\"");
        return None;
    }
    let read: Vec<_> =
        fields.iter().filter(|field| !is_rest(field)).map(|field| field.share(findings)).collect();
    let read: Vec<Fraction> = read.into_iter().collect::<Option<_>>()?;
    let sum = read
        .iter()
        .try_fold(Fraction::from(0), |sum, share| num_traits::CheckedAdd::checked_add(&sum, share));
    let one = Fraction::from(1);
    match sum {
        Some(sum) if sum == one || (rests == 1 && sum < one) => {
            let mut read = read.into_iter();
            Some(
                fields
                    .iter()
                    .filter_map(|f| if is_rest(f) { Some(one - sum) } else { read.next() })
                    .collect(),
            )
        }
        sum => {
            let sum = sum.map_or("more digits than fit".to_owned(), shown);
            let help = "shares of one thing add up to exactly 1; write \"rest\" for the last, or `\"1/3\"` for a third";
            whole.error(findings, format_args!("adds up to {sum}, not to 1"), help);
            None
        }
    }
}

/// A fraction as a decimal where that is exact enough to read.
fn shown(fraction: Fraction) -> String {
    let value = *fraction.numer() as f64 / *fraction.denom() as f64;
    if 1_000_000 % fraction.denom() == 0 { format!("{value}") } else { fraction.to_string() }
}
