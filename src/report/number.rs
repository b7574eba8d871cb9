//! Numbers as text: amounts from integer øre and shares to six significant digits, without floating-point formatting.

/// The largest amount (øre) that is written; beyond it a float no longer tells øre apart.
const LARGEST: f64 = 9_007_199_254_740_992.0;

/// Powers of ten that a float holds exactly.
const TENS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// Significant digits of shares and ratios.
const DIGITS: usize = 6;

/// An amount of øre, whole or not, to the nearest øre, halves away from zero.
pub(crate) fn to_ore(amount: f64) -> i64 {
    amount.clamp(-LARGEST, LARGEST).round() as i64
}

/// Appends an integer, with at least `least` digits.
fn push_digits(out: &mut Vec<u8>, mut value: u64, least: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while value > 0 {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
    }
    out.extend_from_slice(&digits[at.min(digits.len() - least)..]);
}

/// Appends an amount of øre as kroner with two decimals and no grouping: `-1234.50`.
pub(crate) fn push_kroner(out: &mut Vec<u8>, ore: i64, decimal: u8) {
    if ore < 0 {
        out.push(b'-');
    }
    let magnitude = ore.unsigned_abs();
    push_digits(out, magnitude / 100, 1);
    out.push(decimal);
    push_digits(out, magnitude % 100, 2);
}

/// Appends a level of 10⁻⁹ with nine decimals: `0.130000000`.
pub(crate) fn push_level(out: &mut Vec<u8>, nano: i64, decimal: u8) {
    if nano < 0 {
        out.push(b'-');
    }
    let magnitude = nano.unsigned_abs();
    push_digits(out, magnitude / 1_000_000_000, 1);
    out.push(decimal);
    push_digits(out, magnitude % 1_000_000_000, 9);
}

/// Appends a share or ratio with six significant digits, never in exponent form: `0.0123457`, `1.00000`.
///
/// What is not finite is not written: the cell stays blank.
pub(crate) fn push_ratio(out: &mut Vec<u8>, ratio: f64, decimal: u8) {
    if !ratio.is_finite() {
        return;
    }
    if ratio < 0.0 {
        out.push(b'-');
    }
    let (digits, decimals) = significant(ratio.abs().min(LARGEST));
    let power = 10u64.pow(decimals.min(19) as u32);
    push_digits(out, digits / power, 1);
    if decimals > 0 {
        out.push(decimal);
        push_digits(out, digits % power, decimals);
    }
}

/// A number at least zero as an integer and the number of its decimals, at most 19.
fn significant(value: f64) -> (u64, usize) {
    let decimals_at =
        |lead: usize| if value >= TENS[lead] { Some(DIGITS.saturating_sub(lead + 1)) } else { None };
    let decimals = if value >= 1.0 {
        (0..TENS.len()).rev().find_map(decimals_at).unwrap_or(0)
    } else {
        // Leading zeros after the mark; zero itself has none.
        let zeros = (0..14).find(|zeros| value * TENS[zeros + 1] >= 1.0).unwrap_or(0);
        if value > 0.0 { zeros + DIGITS } else { DIGITS - 1 }
    };
    let digits = (value * TENS[decimals]).round() as u64;
    // Rounding up to the next power of ten gains a digit: 0.9999999 is 1.00000.
    let gained = digits == 1_000_000 && decimals > 0;
    if gained { (digits / 10, decimals - 1) } else { (digits, decimals) }
}

/// An integer with a mark between groups of three digits: `1,234,567`.
pub(crate) fn grouped(value: i64, mark: char) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kroner(ore: i64) -> String {
        let mut out = Vec::new();
        push_kroner(&mut out, ore, b'.');
        String::from_utf8(out).unwrap()
    }

    fn ratio(value: f64) -> String {
        let mut out = Vec::new();
        push_ratio(&mut out, value, b'.');
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn kroner_have_two_decimals() {
        assert_eq!([0, 5, -5, 100, -123_456].map(kroner), ["0.00", "0.05", "-0.05", "1.00", "-1234.56"]);
        assert_eq!(kroner(i64::MIN), "-92233720368547758.08");
    }

    #[test]
    fn levels_have_nine_decimals() {
        let level = |nano: i64| {
            let mut out = Vec::new();
            push_level(&mut out, nano, b',');
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            [0, 130_000_000, -1_000_000_001].map(level),
            ["0,000000000", "0,130000000", "-1,000000001"]
        );
    }

    #[test]
    fn halves_of_an_ore_go_away_from_zero() {
        assert_eq!([0.5, -0.5, 1.4999, -0.2, f64::MAX].map(to_ore), [1, -1, 1, 0, 1 << 53]);
        assert_eq!(kroner(to_ore(-0.2)), "0.00");
    }

    #[test]
    fn ratios_have_six_significant_digits() {
        let expected = [
            (0.0, "0.00000"),
            (1.0, "1.00000"),
            (0.5, "0.500000"),
            (1.0 / 3.0, "0.333333"),
            (0.012_345_678, "0.0123457"),
            (3.7e-6, "0.00000370000"),
            (2.5e-14, "0.0000000000000250000"),
            (0.999_999_9, "1.00000"),
            (0.099_999_999, "0.100000"),
            (9.999_999, "10.0000"),
            (-1.25, "-1.25000"),
            (123_456.7, "123457"),
            (1_234_567.8, "1234568"),
        ];
        for (value, text) in expected {
            assert_eq!(ratio(value), text);
        }
        assert_eq!([f64::NAN, f64::INFINITY].map(ratio), ["", ""]);
    }

    #[test]
    fn groups_have_three_digits() {
        assert_eq!(
            [0, 999, 1000, -1_234_567].map(|value| grouped(value, '.')),
            ["0", "999", "1.000", "-1.234.567"]
        );
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(ore in -(1i64 << 53)..1 << 53, share in 1e-12f64..1.0, large in 1.0f64..1e9) {
            prop_assert_eq!(kroner(ore).replace('.', "").parse::<i64>().unwrap(), ore);
            for value in [share, large] {
                let read: f64 = ratio(value).parse().unwrap();
                prop_assert!((read - value).abs() <= 5.001e-6 * value, "{value} {read}");
            }
        }
    }
}
