//! Loops over narrow pages, compiled for each instruction set and chosen at run time.
//!
//! Integers only where a result must be exact beyond 2⁵³, and arithmetic modulo 2³² elsewhere: the same bits on every
//! CPU.

#![allow(
    clippy::inline_always,
    reason = "inlined into a function for one instruction set, it is compiled for that"
)]

use crate::draw::address::PAGE;

/// Numbers of a page of trials, on whole cache lines.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub(crate) struct NarrowPage(pub(crate) [i32; PAGE]);

impl NarrowPage {
    /// Nothing in every trial.
    pub(super) const ZERO: Self = Self([0; PAGE]);
}

impl Default for NarrowPage {
    fn default() -> Self {
        Self::ZERO
    }
}

/// Pages added in one pass: each pass also reads and writes the sum.
pub(super) const TOGETHER: usize = 4;

#[inline(always)]
fn each<const N: usize>(
    out: &mut [i32; PAGE],
    pages: [&[i32; PAGE]; N],
    step: impl Fn(i32, [i32; N]) -> i32,
) {
    for i in 0..PAGE {
        out[i] = step(out[i], pages.map(|page| page[i]));
    }
}

/// `out = start + Σ plus − Σ minus`, without a start added to what is there: up to [`TOGETHER`] pages of one sign, or
/// half as many of each.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn add_up(
    out: &mut [i32; PAGE],
    start: Option<i32>,
    plus: &[&[i32; PAGE]],
    minus: &[&[i32; PAGE]],
) {
    match start {
        Some(start) => with_sum(out, plus, minus, |_, sum| start.wrapping_add(sum)),
        None => with_sum(out, plus, minus, i32::wrapping_add),
    }
}

#[inline(always)]
fn with_sum(
    out: &mut [i32; PAGE],
    plus: &[&[i32; PAGE]],
    minus: &[&[i32; PAGE]],
    step: impl Fn(i32, i32) -> i32,
) {
    let add = i32::wrapping_add;
    match (plus, minus) {
        ([a], []) => each(out, [a], |x, [a]| step(x, a)),
        ([a, b], []) => each(out, [a, b], |x, [a, b]| step(x, add(a, b))),
        ([a, b, c], []) => each(out, [a, b, c], |x, [a, b, c]| step(x, add(add(a, b), c))),
        ([a, b, c, d], []) => each(out, [a, b, c, d], |x, [a, b, c, d]| step(x, add(add(a, b), add(c, d)))),
        ([], [a]) => each(out, [a], |x, [a]| step(x, a.wrapping_neg())),
        ([], [a, b]) => each(out, [a, b], |x, [a, b]| step(x, add(a, b).wrapping_neg())),
        ([], [a, b, c]) => each(out, [a, b, c], |x, [a, b, c]| step(x, add(add(a, b), c).wrapping_neg())),
        ([], [a, b, c, d]) => {
            each(out, [a, b, c, d], |x, [a, b, c, d]| step(x, add(add(a, b), add(c, d)).wrapping_neg()));
        }
        ([a], [c]) => each(out, [a, c], |x, [a, c]| step(x, a.wrapping_sub(c))),
        ([a, b], [c]) => each(out, [a, b, c], |x, [a, b, c]| step(x, add(a, b).wrapping_sub(c))),
        ([a], [c, d]) => each(out, [a, c, d], |x, [a, c, d]| step(x, a.wrapping_sub(add(c, d)))),
        ([a, b], [c, d]) => {
            each(out, [a, b, c, d], |x, [a, b, c, d]| step(x, add(a, b).wrapping_sub(add(c, d))));
        }
        _ => unreachable!("at most {TOGETHER} pages are added together"),
    }
}

/// `out = start + Σ factor · page` of one or two pages, without a start added to what is there.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn add_scaled(out: &mut [i32; PAGE], start: Option<i32>, pages: &[(i32, &[i32; PAGE])]) {
    match start {
        Some(start) => with_scaled(out, pages, |_, sum| start.wrapping_add(sum)),
        None => with_scaled(out, pages, i32::wrapping_add),
    }
}

#[inline(always)]
fn with_scaled(out: &mut [i32; PAGE], pages: &[(i32, &[i32; PAGE])], step: impl Fn(i32, i32) -> i32) {
    match *pages {
        [(f, a)] => each(out, [a], |x, [a]| step(x, f.wrapping_mul(a))),
        [(f, a), (g, b)] => {
            each(out, [a, b], |x, [a, b]| step(x, f.wrapping_mul(a).wrapping_add(g.wrapping_mul(b))));
        }
        _ => unreachable!("one or two pages are scaled together"),
    }
}

/// `factor · page`.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn scaled(out: &mut [i32; PAGE], factor: i32, page: &[i32; PAGE]) {
    each(out, [page], |_, [a]| factor.wrapping_mul(a));
}

/// A number or a multiple of a page.
#[derive(Clone, Copy)]
pub(super) enum Against<'a> {
    Constant(i32),
    Page(i32, &'a [i32; PAGE]),
}

/// The smaller of `factor · page` and what it is compared with.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn least(out: &mut [i32; PAGE], (factor, page): (i32, &[i32; PAGE]), against: Against<'_>) {
    match (factor, against) {
        (1, Against::Page(1, other)) => each(out, [page, other], |_, [a, b]| a.min(b)),
        (_, Against::Constant(bound)) => each(out, [page], |_, [a]| (factor * a).min(bound)),
        (_, Against::Page(times, other)) => {
            each(out, [page, other], |_, [a, b]| factor.wrapping_mul(a).min(times.wrapping_mul(b)));
        }
    }
}

/// The larger of `factor · page` and what it is compared with.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn greatest(out: &mut [i32; PAGE], (factor, page): (i32, &[i32; PAGE]), against: Against<'_>) {
    match against {
        Against::Constant(bound) => each(out, [page], |_, [a]| (factor * a).max(bound)),
        Against::Page(times, other) => {
            each(out, [page, other], |_, [a, b]| factor.wrapping_mul(a).max(times.wrapping_mul(b)));
        }
    }
}

/// 1 also where any page has the value given with it: one page, or [`TOGETHER`].
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn any_equal(out: &mut [i32; PAGE], tests: &[(&[i32; PAGE], i32)]) {
    let equal = |(a, b): (i32, i32)| i32::from(a == b);
    match *tests {
        [(a, k)] => each(out, [a], |x, [a]| x | equal((a, k))),
        [(a, k), (b, l), (c, m), (d, n)] => each(out, [a, b, c, d], |x, [a, b, c, d]| {
            x | equal((a, k)) | equal((b, l)) | equal((c, m)) | equal((d, n))
        }),
        _ => unreachable!("one page or {TOGETHER} are looked at together"),
    }
}

/// `out += factor · page` in 64 bits.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn add_wide(out: &mut [i64; PAGE], factor: i32, page: &[i32; PAGE]) {
    for i in 0..PAGE {
        out[i] += i64::from(factor) * i64::from(page[i]);
    }
}

/// Whether all of the first `trials` numbers are zero.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn all_zero(numbers: &[i64; PAGE], trials: usize) -> bool {
    numbers[..trials].iter().fold(0, |bits, number| bits | number) == 0
}

/// Whether all of the first `trials` numbers of a narrow page are zero.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn all_nothing(page: &[i32; PAGE], trials: usize) -> bool {
    page[..trials].iter().fold(0, |bits, number| bits | number) == 0
}

/// `unit · page`.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn widen(out: &mut [i64; PAGE], unit: i64, page: &[i32; PAGE]) {
    for i in 0..PAGE {
        out[i] = unit.wrapping_mul(i64::from(page[i]));
    }
}

/// A wide page whose numbers fit.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn narrow(out: &mut [i32; PAGE], page: &[i64; PAGE]) {
    for i in 0..PAGE {
        out[i] = page[i] as i32;
    }
}

/// 1.5 · 2⁵²: added to a number below 2⁵¹ it rounds to the nearest whole one, to even at a half, which stands in the
/// low bits of the sum.
const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;

/// `out = round(unit · total · numerator / denominator) − before`, half up, and `before` moved up to the boundary.
///
/// The doubled product is a whole number below 2⁵² (the lowering proves it), so that the quotient is off by less than
/// the distance to any half it is not: only exact halves need care.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn divide(
    out: &mut [i32; PAGE],
    total: &[i32; PAGE],
    (numerator, denominator): (f64, f64),
    before: &mut [i32; PAGE],
) {
    for i in 0..PAGE {
        let product = f64::from(total[i]) * numerator;
        let shifted = product / denominator + SHIFT;
        let whole = shifted - SHIFT;
        let half = 2.0 * (product - whole * denominator) >= denominator;
        let boundary = (shifted.to_bits() as i32).wrapping_add(i32::from(half));
        out[i] = boundary - before[i];
        before[i] = boundary;
    }
}

/// Whether any amount is larger than its headroom.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn any_above(amounts: &[i32; PAGE], headroom: &[i32; PAGE]) -> bool {
    let mut above = 0;
    for i in 0..PAGE {
        above |= i32::from(amounts[i] > headroom[i]);
    }
    above != 0
}

/// `out = boundary − before` and `before` moved up to it, the boundary being `cumulative` where the sum fits its
/// headroom, else `round(headroom · cumulative / sum)`, half up.
///
/// The quotient in `f64` is off by less than one; the remainder, exact in 64 bits, says whether it is.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn share(
    out: &mut [i32; PAGE],
    cumulative: &[i32; PAGE],
    (sum, headroom): (&[i32; PAGE], &[i32; PAGE]),
    before: &mut [i32; PAGE],
) {
    for i in 0..PAGE {
        let (part, sum, room) = (cumulative[i], sum[i], headroom[i]);
        // Not zero where it is used: then the sum is larger than a headroom that is not negative.
        let divisor = if sum > 0 { sum } else { 1 };
        let shifted = f64::from(room) * f64::from(part) / f64::from(divisor) + SHIFT;
        let whole = shifted.to_bits() as i32;
        let rest = 2 * (i64::from(room) * i64::from(part) - i64::from(whole) * i64::from(divisor));
        let up = i32::from(rest >= i64::from(divisor)) - i32::from(rest < -i64::from(divisor));
        let boundary = if sum <= room { part } else { whole.wrapping_add(up) };
        out[i] = boundary - before[i];
        before[i] = boundary;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::block::vessel::boundary;
    use crate::money::mul_div;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn parts_in_floats_are_the_exact_ones(value in 0i32.., d in 1i64..=1000, share in 0.0..=1.0, unit in 1i64..9) {
            let (total, n) = (value / unit as i32, (d as f64 * share) as i64);
            let (mut out, mut before) = ([0; PAGE], [0; PAGE]);
            divide(&mut out, &[total; PAGE], ((unit * n) as f64, d as f64), &mut before);
            prop_assert_eq!(i64::from(out[7]), mul_div(i64::from(total) * unit, n, d));
        }

        #[test]
        fn shares_are_the_exact_ones(sum in 0i32.., part in 0.0..=1.0, room in 0.0..=1.2) {
            let of = |share: f64| (f64::from(sum) * share).min(f64::from(i32::MAX)) as i32;
            let (part, room) = (of(part), of(room));
            let (mut out, mut before) = ([0; PAGE], [0; PAGE]);
            share(&mut out, &[part; PAGE], (&[sum; PAGE], &[room; PAGE]), &mut before);
            prop_assert_eq!(i64::from(out[9]), boundary(part.into(), sum.into(), room.into()));
        }

        #[test]
        fn halves_go_up(sum in 1i32..2000, part in 0i32..2000, room in 0i32..2000) {
            prop_assume!(part <= sum);
            let (mut out, mut before) = ([0; PAGE], [0; PAGE]);
            share(&mut out, &[part; PAGE], (&[sum; PAGE], &[room; PAGE]), &mut before);
            prop_assert_eq!(i64::from(out[9]), boundary(part.into(), sum.into(), room.into()));
            divide(&mut out, &[part; PAGE], (f64::from(room), f64::from(sum)), &mut [0; PAGE]);
            prop_assert_eq!(i64::from(out[9]), mul_div(part.into(), room.into(), sum.into()));
        }
    }
}
