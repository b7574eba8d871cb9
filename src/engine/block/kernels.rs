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

/// `out = round(total · numerator / denominator) − before`, half up, and `before` moved up to the boundary.
///
/// The doubled product is a whole number below 2⁵² (the lowering proves it). Times a reciprocal, a third of the time of a
/// quotient, it is off by far less than a half: the remainder, exact, says where it was rounded the wrong way.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn divide(
    out: &mut [i32; PAGE],
    total: &[i32; PAGE],
    (numerator, denominator): (f64, f64),
    before: &mut [i32; PAGE],
) {
    let reciprocal = 1.0 / denominator;
    for i in 0..PAGE {
        let product = f64::from(total[i]) * numerator;
        let shifted = product * reciprocal + SHIFT;
        let rest = 2.0 * (product - (shifted - SHIFT) * denominator);
        let up = i32::from(rest >= denominator) - i32::from(rest < -denominator);
        let boundary = (shifted.to_bits() as i32).wrapping_add(up);
        out[i] = boundary - before[i];
        before[i] = boundary;
    }
}

/// `out = factor · total − before`: what the last part of a whole has.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn rest(out: &mut [i32; PAGE], (factor, total): (i32, &[i32; PAGE]), before: &[i32; PAGE]) {
    each(out, [total, before], |_, [total, before]| factor.wrapping_mul(total).wrapping_sub(before));
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

/// What passes of each sum, at most its headroom, and which part of it that is; 0 of nothing.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn passing(headroom: &mut [i32; PAGE], sum: &[i32; PAGE], ratio: &mut [f64; PAGE]) {
    for i in 0..PAGE {
        headroom[i] = headroom[i].min(sum[i]);
        ratio[i] = f64::from(headroom[i]) / f64::from(sum[i].max(1));
    }
}

/// `cumulative += factor · entry`, `out = boundary − before` and `before` moved up to the boundary, which is
/// `round(passes · cumulative / sum)`, half up.
///
/// In `f64` it is off by less than one; the remainder, exact in 64 bits, says whether it is.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub(super) fn share(
    out: &mut [i32; PAGE],
    (factor, entry): (i32, &[i32; PAGE]),
    (sum, passes, ratio): (&[i32; PAGE], &[i32; PAGE], &[f64; PAGE]),
    [cumulative, before]: [&mut [i32; PAGE]; 2],
) {
    for i in 0..PAGE {
        cumulative[i] = cumulative[i].wrapping_add(factor.wrapping_mul(entry[i]));
        let (part, sum) = (cumulative[i], sum[i].max(1));
        let whole = (ratio[i] * f64::from(part) + SHIFT).to_bits() as i32;
        let rest = 2 * (i64::from(passes[i]) * i64::from(part) - i64::from(whole) * i64::from(sum));
        let up = i32::from(rest >= i64::from(sum)) - i32::from(rest < -i64::from(sum));
        let boundary = whole.wrapping_add(up);
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
            prop_assert_eq!(shared(part, sum, room), boundary(part.into(), sum.into(), room.into()));
        }

        #[test]
        fn halves_go_up(sum in 1i32..2000, part in 0i32..2000, room in 0i32..2000) {
            prop_assume!(part <= sum);
            prop_assert_eq!(shared(part, sum, room), boundary(part.into(), sum.into(), room.into()));
            let mut out = [0; PAGE];
            divide(&mut out, &[part; PAGE], (f64::from(room), f64::from(sum)), &mut [0; PAGE]);
            prop_assert_eq!(i64::from(out[7]), mul_div(part.into(), room.into(), sum.into()));
        }
    }

    /// The first boundary of a sum that is cut down to its headroom.
    fn shared(part: i32, sum: i32, room: i32) -> i64 {
        let (mut out, mut ratio, mut passes) = ([0; PAGE], [0.0; PAGE], [room; PAGE]);
        passing(&mut passes, &[sum; PAGE], &mut ratio);
        let whole = (&[sum; PAGE], &passes, &ratio);
        share(&mut out, (1, &[part; PAGE]), whole, [&mut [0; PAGE], &mut [0; PAGE]]);
        out[9].into()
    }
}
