//! Inversion for small variances: the distribution function by its recurrence, from zero up.

use crate::draw::unit;

use super::proposal::{LANES, Lanes};

/// Values of the distribution function that are tried.
const STEPS: usize = 16;
/// Steps between looks at whether every lane is done.
const STRIDE: usize = 4;

/// 1 / (k + 1).
const RECIPROCALS: [f64; STEPS] = {
    let mut table = [0.0; STEPS];
    let mut k = 0;
    while k < STEPS {
        table[k] = 1.0 / (k + 1) as f64;
        k += 1;
    }
    table
};

/// The counts of the lanes with `wanted`, and whether each is certain. `n` must be in 0..2^32 and `p` in [0, 1].
///
/// Counts successes or failures, whichever are rarer. `F(0) = q^n` comes from repeated squaring, whose relative error
/// is about n roundings; a lane with `u` that near to a value of F, or beyond [`STEPS`] values, is not certain.
#[inline(always)]
pub(super) fn count(
    words: &[u64; LANES],
    n: &[f64; LANES],
    p: &[f64; LANES],
    wanted: &[bool; LANES],
) -> (Lanes<f64>, Lanes<bool>) {
    let [mut u, mut odds, mut failure] = [Lanes([0.0; LANES]); 3];
    for lane in 0..LANES {
        let rarer = if p[lane] > 0.5 { 1.0 - p[lane] } else { p[lane] };
        failure[lane] = 1.0 - rarer;
        odds[lane] = rarer / failure[lane];
        // Lanes that are not wanted are below every value of F, so that they do not prolong the loop.
        let word = if p[lane] > 0.5 { !words[lane] } else { words[lane] };
        u[lane] = if wanted[lane] { unit(word) } else { 0.0 };
    }
    let mut mass = powers(&failure, n, wanted);
    let mut sum = mass;
    let mut count = Lanes([0.0; LANES]);
    let mut gap = Lanes([1.0f64; LANES]);
    for (start, reciprocals) in RECIPROCALS.as_chunks::<STRIDE>().0.iter().enumerate() {
        let mut open = 0;
        for lane in 0..LANES {
            for (step, reciprocal) in reciprocals.iter().enumerate() {
                let k = (start * STRIDE + step) as f64;
                let distance = u[lane] - sum[lane];
                count[lane] += if distance > 0.0 { 1.0 } else { 0.0 };
                let near = distance.abs();
                gap[lane] = if near < gap[lane] { near } else { gap[lane] };
                mass[lane] *= odds[lane] * (n[lane] - k) * reciprocal;
                sum[lane] += mass[lane];
            }
            open += u32::from(u[lane] > sum[lane]);
        }
        if open == 0 {
            break;
        }
    }
    let mut certain = Lanes([false; LANES]);
    for lane in 0..LANES {
        certain[lane] = gap[lane] > 1e-12 + n[lane] * 4e-16 && count[lane] < STEPS as f64;
        count[lane] = if p[lane] > 0.5 { n[lane] - count[lane] } else { count[lane] };
    }
    (count, certain)
}

/// `base^n` for the lanes with `wanted`.
#[inline(always)]
fn powers(base: &[f64; LANES], n: &[f64; LANES], wanted: &[bool; LANES]) -> Lanes<f64> {
    let mut base = Lanes(*base);
    let mut exponent = Lanes([0u32; LANES]);
    let mut all = 0;
    for lane in 0..LANES {
        // The low bits of n + 2^52 are n, without the checks of `as`.
        let n = (n[lane] + (1u64 << 52) as f64).to_bits() as u32;
        exponent[lane] = if wanted[lane] { n } else { 0 };
        all |= exponent[lane];
    }
    let mut power = Lanes([1.0; LANES]);
    while all > 0 {
        for lane in 0..LANES {
            power[lane] *= if exponent[lane] & 1 == 1 { base[lane] } else { 1.0 };
            base[lane] *= base[lane];
            exponent[lane] >>= 1;
        }
        all >>= 1;
    }
    power
}
