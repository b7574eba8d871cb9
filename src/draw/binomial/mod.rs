//! Counts by exact inversion: K = min{k : F(k; n, p) >= u}, one uniform number to a count.
//!
//! [`invert`] is the definition. [`invert_block`] gives the same counts for a page at a few nanoseconds each: an
//! expansion proposes the count together with a bound on its own error, and where the bound leaves a doubt the
//! definition decides. So the fast way never changes a count, on any instruction set.
//!
//! Inversion is monotone: the count rises with `u`, with `p` and with `n`. That is what makes paired comparisons,
//! strata and quasi-random numbers work, and why alias tables and rejection are not used here.

#![allow(clippy::needless_range_loop, reason = "kernels step through many arrays at once, lane by lane")]

mod exact;
mod prepared;
mod proposal;
mod recurrence;

pub use exact::invert;
pub use prepared::Prepared;

use multiversion::target::target_cfg_f;

use super::address::{PAGE, unit};
use super::normal::normal_score;
use proposal::{LANES, LARGE_VARIANCE, LEAST_VARIANCE, Lanes, Moments, nearest, propose, second_order};

/// Stands for a count that is not decided yet.
const UNDECIDED: i64 = i64::MIN;

/// Counts of a page: `out[i] = invert(unit(words[i]), n[i], p[i])`.
///
/// `n` outside 0..2^32 and `p` outside [0, 1] count as the nearer end, and NaN as 0.
pub fn invert_block(words: &[u64; PAGE], n: &[i64; PAGE], p: &[f64; PAGE], out: &mut [i64; PAGE]) {
    let mut undecided = [0; PAGE / LANES];
    decide(words, n, p, out, &mut undecided);
    for (chunk, count) in undecided.iter().enumerate() {
        if *count > 0 {
            for index in chunk * LANES..(chunk + 1) * LANES {
                if out[index] == UNDECIDED {
                    out[index] = resolve(words[index], clamp_trials(n[index]), p[index]);
                }
            }
        }
    }
}

#[inline(always)]
fn clamp_trials(n: i64) -> i64 {
    n.clamp(0, i64::from(u32::MAX))
}

/// The count of a draw that the page's kernel left open. Large variances, where a sum is long, first get a sharper
/// proposal.
#[cold]
fn resolve(word: u64, n: i64, p: f64) -> i64 {
    let trials = n as f64;
    if trials * p * (1.0 - p) >= LARGE_VARIANCE {
        let z = normal_score(word);
        let (x, band) = second_order(z, trials, p);
        let whole = nearest(x);
        if z.abs() < 6.0 && 0.5 - (x - whole).abs() > band {
            return whole as i64;
        }
    }
    i64::from(invert(unit(word), n as u32, p))
}

/// Counts where the fast ways are certain, [`UNDECIDED`] elsewhere, and the number undecided in each group of lanes.
#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2+fma",
    "x86_64+avx2+bmi2+fma"
))]
fn decide(
    words: &[u64; PAGE],
    n: &[i64; PAGE],
    p: &[f64; PAGE],
    out: &mut [i64; PAGE],
    undecided: &mut [u32; PAGE / LANES],
) {
    let groups = words.as_chunks().0.iter().zip(n.as_chunks().0).zip(p.as_chunks().0);
    for (((words, n), p), (out, undecided)) in groups.zip(out.as_chunks_mut().0.iter_mut().zip(undecided)) {
        *undecided = decide_lanes::<{ target_cfg_f!(target_feature = "fma") }>(words, n, p, out);
    }
}

/// Numbers of trials and rates as floats within their ranges.
#[inline(always)]
fn lanes_of(n: &[i64; LANES], p: &[f64; LANES]) -> (Lanes<f64>, Lanes<f64>) {
    let [mut trials, mut rate] = [Lanes([0.0; LANES]); 2];
    for lane in 0..LANES {
        // The bits of 2^52 + n, minus 2^52: an exact conversion on every instruction set.
        let bits = 0x4330_0000_0000_0000 | clamp_trials(n[lane]) as u64;
        trials[lane] = f64::from_bits(bits) - (1u64 << 52) as f64;
        let positive = if p[lane] > 0.0 { p[lane] } else { 0.0 };
        rate[lane] = if positive < 1.0 { positive } else { 1.0 };
    }
    (trials, rate)
}

#[inline(always)]
fn decide_lanes<const FUSED: bool>(
    words: &[u64; LANES],
    n: &[i64; LANES],
    p: &[f64; LANES],
    out: &mut [i64; LANES],
) -> u32 {
    let (trials, rate) = lanes_of(n, p);
    let moments = Moments::new(&trials, &rate);
    let smalls: u32 = moments.variance.iter().map(|variance| u32::from(*variance < LEAST_VARIANCE)).sum();
    if smalls == LANES as u32 {
        out.fill(UNDECIDED);
        return LANES as u32 - take_small(words, &trials, &rate, &moments, out);
    }
    let proposal = propose::<FUSED>(words, &moments);
    let mut certains = 0;
    for lane in 0..LANES {
        // Adding 1.5 * 2^23 rounds to a whole number, and `centre` plus it is exact.
        let whole = (proposal.offset[lane] + 12_582_912.0) - 12_582_912.0;
        let certain = 0.5 - (proposal.offset[lane] - whole).abs() > proposal.band[lane];
        out[lane] = if certain { integer(moments.centre[lane] + f64::from(whole)) } else { UNDECIDED };
        certains += u32::from(certain);
    }
    if smalls > 0 {
        certains += take_small(words, &trials, &rate, &moments, out);
    }
    LANES as u32 - certains
}

/// Counts of the lanes of small variance by the recurrence; returns how many it is certain of.
#[inline(always)]
fn take_small(
    words: &[u64; LANES],
    n: &[f64; LANES],
    p: &[f64; LANES],
    moments: &Moments,
    out: &mut [i64; LANES],
) -> u32 {
    let small = moments.variance.map(|variance| variance < LEAST_VARIANCE);
    let (count, certain) = recurrence::count(words, n, p, &small);
    let mut taken = 0;
    for lane in 0..LANES {
        let take = small[lane] & certain[lane];
        out[lane] = if take { integer(count[lane]) } else { out[lane] };
        taken += u32::from(take);
    }
    taken
}

/// A whole number below 2^51 as an integer: the bits of its sum with 1.5 * 2^52. `as i64` would add checks.
#[inline(always)]
fn integer(whole: f64) -> i64 {
    const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;
    (whole + SHIFT).to_bits() as i64 - SHIFT.to_bits() as i64
}

#[cfg(test)]
mod tests;
