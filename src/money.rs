//! Money is integer øre (the currency's minor unit), and the few places where rounding happens.
//!
//! Every rounding of the engine goes through four functions: [`mul_div`] and [`nearest`] (to the nearest, half away from
//! zero; splits and pro-rata cuts apply them to cumulative boundaries, so that parts add up exactly), [`mul_div_down`] and
//! [`floor_ore`] (ceilings and promises, down).

/// An amount in øre, the minor unit of the scenario's currency.
pub type Ore = i64;

/// `value * numerator / denominator`, rounded to the nearest integer, halves away from zero.
///
/// The product is formed in 128 bits, so it cannot overflow; the result must fit 64 bits, which the plan's
/// interval analysis proves before a run. `denominator` must be positive.
#[must_use]
pub fn mul_div(value: i64, numerator: i64, denominator: i64) -> i64 {
    debug_assert!(denominator > 0, "denominator {denominator}");
    // A division of 128 bits costs five times one of 64; products of real contracts fit.
    let Some(product) = value.checked_mul(numerator) else {
        return nearest(i128::from(value) * i128::from(numerator), i128::from(denominator));
    };
    let magnitude = (product.unsigned_abs() + denominator.unsigned_abs() / 2) / denominator.unsigned_abs();
    if product < 0 { -(magnitude as i64) } else { magnitude as i64 }
}

/// `⌊value * numerator / denominator⌋`: a ceiling that is a share of an amount, down to the øre.
///
/// `denominator` must be positive, and the result must fit 64 bits.
#[must_use]
pub fn mul_div_down(value: i64, numerator: i64, denominator: i64) -> i64 {
    let product = i128::from(value) * i128::from(numerator);
    product.div_euclid(i128::from(denominator)) as i64
}

/// `value / divisor` to the nearest integer, halves away from zero; the result must fit 64 bits.
#[must_use]
pub fn nearest(value: i128, divisor: i128) -> i64 {
    let magnitude = (value.abs() + divisor / 2) / divisor;
    (if value < 0 { -magnitude } else { magnitude }) as i64
}

/// The largest whole øre not above `amount`, forgiving a millionth of an øre of binary noise.
///
/// A promise such as `principal · 1.08²` is computed in binary floating point; an amount that is a whole number of
/// øre in exact arithmetic must not lose one to the last bit.
#[must_use]
pub fn floor_ore(amount: f64) -> Ore {
    (amount + 1e-6).floor() as Ore
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(mul_div(5, 1, 2), 3);
        assert_eq!(mul_div(-5, 1, 2), -3);
        assert_eq!(mul_div(4, 1, 3), 1);
        assert_eq!(mul_div(i64::MAX, 3, 3), i64::MAX);
        assert_eq!(mul_div(i64::MIN, 1, 2), i64::MIN / 2);
        assert_eq!(mul_div(-7, i64::MAX, i64::MAX), -7);
    }

    #[test]
    fn a_ceiling_goes_down_but_keeps_whole_ore() {
        assert_eq!(floor_ore(0.999), 0);
        assert_eq!(floor_ore(3.0 - 1e-9), 3);
        assert_eq!((mul_div_down(100, 2, 3), mul_div_down(-1, 1, 3), mul_div_down(9, 1, 3)), (66, -1, 3));
    }
}
