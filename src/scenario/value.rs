//! Numbers as they are written: exact decimals, and the amounts, shares and fractions that are read from them.

use std::fmt;

use crate::contract::share::Fraction;

/// A decimal number, exactly as written: `digits · 10^−scale`, without trailing zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decimal {
    digits: i128,
    scale: u32,
    /// How many decimals were typed, trailing zeros and all.
    typed: usize,
}

impl PartialEq for Decimal {
    /// The same number, however it is typed.
    fn eq(&self, other: &Self) -> bool {
        (self.digits, self.scale) == (other.digits, other.scale)
    }
}

impl Eq for Decimal {}

/// Digits before and after the point that are kept; more is refused.
const MOST_DIGITS: usize = 30;

impl Decimal {
    /// Reads `-1_000.50` or `1e6`. `None` for `nan`, `inf`, other bases than ten, and more than 30 digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text: String = text.chars().filter(|c| *c != '_').collect();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text.as_str(), 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let bare = digits.trim_start_matches(['+', '-']);
        if bare.is_empty() || !bare.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if bare.trim_start_matches('0').len() > MOST_DIGITS || exponent.unsigned_abs() > MOST_DIGITS as u32 {
            return None;
        }
        let scale = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        let number = Self::normal(digits.parse().ok()?, scale)?;
        Some(Self { typed: fraction.len(), ..number })
    }

    fn normal(mut digits: i128, mut scale: i32) -> Option<Self> {
        while scale < 0 {
            digits = digits.checked_mul(10)?;
            scale += 1;
        }
        while scale > 0 && digits % 10 == 0 {
            digits /= 10;
            scale -= 1;
        }
        let scale = u32::try_from(scale).ok()?;
        let fits = scale as usize <= MOST_DIGITS && digits.unsigned_abs() < 10u128.pow(MOST_DIGITS as u32);
        fits.then_some(Self { digits, scale, typed: 0 })
    }

    pub(crate) fn is_negative(self) -> bool {
        self.digits < 0
    }

    /// Whether the point reads as a Danish thousands mark: `60.000` or `350.500`, three decimals of which the last is
    /// a zero that says nothing.
    pub(crate) fn reads_as_thousands(self) -> bool {
        self.typed == 3 && self.scale < 3
    }

    /// The nearest binary number, correctly rounded.
    pub(crate) fn to_f64(self) -> f64 {
        format!("{}e-{}", self.digits, self.scale).parse().unwrap_or(f64::MAX)
    }

    /// The number in units of `10^−places`, when that is a whole number of them below 9.2 · 10¹⁸.
    pub(crate) fn scaled(self, places: u32) -> Option<i64> {
        let more = places.checked_sub(self.scale)?;
        i64::try_from(self.digits.checked_mul(10i128.checked_pow(more)?)?).ok()
    }

    /// The number as an exact fraction, when its parts fit 64 bits.
    pub(crate) fn fraction(self) -> Option<Fraction> {
        let denominator = 10i64.checked_pow(self.scale)?;
        Some(Fraction::new(i64::try_from(self.digits).ok()?, denominator))
    }

    /// A hundredth: what `30` most likely meant as a share.
    pub(crate) fn hundredth(self) -> Self {
        Self::normal(self.digits, self.scale as i32 + 2).unwrap_or(self)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0>width$}", self.digits.unsigned_abs(), width = self.scale as usize + 1);
        let (whole, fraction) = digits.split_at(digits.len() - self.scale as usize);
        let sign = if self.digits < 0 { "-" } else { "" };
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

/// Reads `"1/3"`.
pub(crate) fn fraction(text: &str) -> Option<Fraction> {
    let (numerator, denominator) = text.split_once('/')?;
    let number = |part: &str| part.trim().parse::<u32>().ok().map(i64::from);
    let (numerator, denominator) = (number(numerator)?, number(denominator)?);
    (denominator > 0).then(|| Fraction::new(numerator, denominator))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn amounts_are_exact() {
        assert_eq!(decimal("5_450_000").scaled(2), Some(545_000_000));
        assert_eq!(decimal("0.05").scaled(2), Some(5));
        assert_eq!(decimal("0.005").scaled(2), None);
        assert_eq!(decimal("1.50e3").scaled(0), Some(1500));
        assert_eq!(decimal("99999999999999999999").scaled(2), None);
        assert_eq!(decimal("0.55").fraction(), Some(Fraction::new(11, 20)));
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for text in ["nan", "inf", "-inf", "0x10", "", "-", "1e999", "1e-99999999999", &"9".repeat(31)] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn thirty_most_likely_meant_thirty_percent() {
        assert_eq!(decimal("30").hundredth().to_string(), "0.3");
        assert_eq!(decimal("-0.050").to_string(), "-0.05");
        assert_eq!(fraction("1/3"), Some(Fraction::new(1, 3)));
        assert_eq!(fraction("1/0"), None);
        assert_eq!(fraction("-1/3"), None);
    }

    #[test]
    fn sixty_thousand_in_danish_is_noticed() {
        assert!(decimal("60.000").reads_as_thousands() && decimal("12.500").reads_as_thousands());
        assert!(!decimal("0.125").reads_as_thousands() && !decimal("60.00").reads_as_thousands());
        assert_eq!(decimal("60.000"), decimal("60"));
    }

    proptest! {
        #[test]
        fn a_decimal_agrees_with_the_standard_library(value in -1e15f64..1e15) {
            prop_assert_eq!(decimal(&format!("{value}")).to_f64().to_bits(), value.to_bits());
        }
    }
}
