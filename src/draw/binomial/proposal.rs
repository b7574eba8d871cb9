//! Proposals for the inversion: Cornish-Fisher expansions of the binomial quantile, with bands on their error.
//!
//! The expansion is for a continuous variable X that *rounds* to the count, `P(X < k + 1/2) = F(k)`. The count is X
//! plus rounding, so its probabilities are the density of X averaged over unit cells, and X has the count's cumulants
//! *minus* those of a uniform variable on a unit cell: variance npq - 1/12, fourth cumulant plus 1/120. The other
//! sign of Sheppard's correction, right for data that were rounded, leaves an error that more terms do not cure.
//!
//! Expansion: Cornish and Fisher (1938); Abramowitz and Stegun 26.2.49, terms I to III.
//!
//! [`propose`] works on [`LANES`] draws in short steps over arrays: one long loop would wait for the latency of its
//! sixty dependent operations. It works in f32, which can send a draw to the exact inversion without need, but cannot
//! change its result. That is why it may fuse products and sums where the processor can (`FUSED`), a fifth of its time with
//! AVX-512: another rounding decides nothing but which draws are in doubt.

use std::ops::{Deref, DerefMut};

use crate::draw::normal::normal_score;

/// Draws worked on together.
pub(super) const LANES: usize = 64;

/// One value a draw, on whole cache lines: a wide vector that straddles two of them is stored and loaded twice.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Lanes<T>(pub [T; LANES]);

impl<T> Deref for Lanes<T> {
    type Target = [T; LANES];

    #[inline(always)]
    fn deref(&self) -> &[T; LANES] {
        &self.0
    }
}

impl<T> DerefMut for Lanes<T> {
    #[inline(always)]
    fn deref_mut(&mut self) -> &mut [T; LANES] {
        &mut self.0
    }
}

/// Variances npq above this are not expanded: the f32 error would leave too many in doubt.
const MOST_VARIANCE: f32 = 512.0 * 512.0;
/// Variances npq below this are not expanded.
pub(super) const LEAST_VARIANCE: f32 = 2.0;
/// Scores are proposed while the tail, in units of 2^-32, is at least this: |z| < 3.7.
pub(super) const LEAST_TAIL: f32 = 462_000.0;

/// What the fast ways need to know of [`LANES`] distributions. Differences that cancel are formed in f64.
pub(super) struct Moments {
    /// The whole number nearest to np.
    pub centre: Lanes<f64>,
    /// np - centre.
    fraction: Lanes<f32>,
    /// The variance npq.
    pub variance: Lanes<f32>,
    p: Lanes<f32>,
    q: Lanes<f32>,
}

impl Moments {
    /// `n` must be in 0..2^32 and `p` in [0, 1].
    #[inline(always)]
    pub(super) fn new(n: &[f64; LANES], p: &[f64; LANES]) -> Self {
        let mut centre = Lanes([0.0; LANES]);
        let [mut fraction, mut variance, mut success, mut failure] = [Lanes([0.0f32; LANES]); 4];
        for lane in 0..LANES {
            let mean = n[lane] * p[lane];
            centre[lane] = nearest(mean);
            fraction[lane] = (mean - centre[lane]) as f32;
            success[lane] = p[lane] as f32;
            failure[lane] = (1.0 - p[lane]) as f32;
            variance[lane] = mean as f32 * failure[lane];
        }
        Self { centre, fraction, variance, p: success, q: failure }
    }
}

/// The proposals of [`LANES`] draws.
pub(super) struct Proposal {
    /// The proposed X, less the centre.
    pub offset: Lanes<f32>,
    /// X is within this of the X that belongs to the draw's uniform number; infinite where there is no proposal.
    pub band: Lanes<f32>,
}

/// The expansion as a polynomial in the score, and the band on its error, for [`LANES`] distributions.
///
/// With s^2 = npq - 1/12, and a the third, 24 b the fourth and 120 a c the fifth cumulant of X over s^2:
///
/// ```text
/// X = np + z (s + (b (z^2 - 3) - a^2/18 (z^2 - 5/2)) / s)
///   + a ((z^2 - 1)/6 + (c (z^4 - 6 z^2 + 3) - b (z^4 - 5 z^2 + 2) + a^2/27 (z^4 - 53/12 z^2 + 17/12)) / s^2)
/// ```
#[derive(Clone, Debug)]
pub(super) struct Expansion {
    /// Of 1, z, z^2, z^3, z^4, for X less the centre.
    powers: [Lanes<f32>; 5],
    /// The band is `growth(z) gain + base`; the base is infinite where there is no proposal.
    gain: Lanes<f32>,
    base: Lanes<f32>,
}

/// `a · b + c`, in one rounding or in two. Without an instruction for it one rounding is a slow function call.
#[inline(always)]
fn product_sum<const FUSED: bool>(a: f32, b: f32, c: f32) -> f32 {
    if FUSED { a.mul_add(b, c) } else { a * b + c }
}

impl Expansion {
    /// No proposal.
    pub(super) const NONE: Self = Self {
        powers: [Lanes([0.0; LANES]); 5],
        gain: Lanes([0.0; LANES]),
        base: Lanes([f32::INFINITY; LANES]),
    };

    #[inline(always)]
    pub(super) fn set(&mut self, moments: &Moments) {
        let [mut deviation, mut inverse] = [Lanes([0.0f32; LANES]); 2];
        for lane in 0..LANES {
            let reduced = moments.variance[lane] - 1.0 / 12.0;
            // Also keeps the arithmetic finite where there is no proposal.
            let reduced = if reduced > 1.0 { reduced } else { 1.0 };
            deviation[lane] = reduced.sqrt();
            inverse[lane] = 1.0 / reduced;
        }
        for lane in 0..LANES {
            let (p, q, s, inverse) = (moments.p[lane], moments.q[lane], deviation[lane], inverse[lane]);
            let variance = moments.variance[lane];
            let (gain, product, root) = (variance * inverse, p * q, s * inverse);
            let a = (q - p) * gain;
            let b = (1.0 / 24.0 - 0.25 * product) * gain + inverse * (1.0 / 2880.0);
            let c = 1.0 / 120.0 - 0.1 * product;
            let square = a * a;
            let (second, third) = (square * (1.0 / 18.0), square * (1.0 / 27.0));
            self.powers[0][lane] = moments.fraction[lane]
                + a * (inverse * (3.0 * c - 2.0 * b + third * (17.0 / 12.0)) - 1.0 / 6.0);
            self.powers[1][lane] = s + root * (2.5 * second - 3.0 * b);
            self.powers[2][lane] = a * (inverse * (5.0 * b - 6.0 * c - third * (53.0 / 12.0)) + 1.0 / 6.0);
            self.powers[3][lane] = root * (b - second);
            self.powers[4][lane] = a * inverse * (c - b + third);
            self.gain[lane] = (1.0 + 3.0 * square) * (root * inverse);
            let valid = (LEAST_VARIANCE..=MOST_VARIANCE).contains(&variance);
            self.base[lane] = if valid { s * BAND[3] + BAND[4] } else { f32::INFINITY };
        }
    }

    /// The widest band at any score that is proposed.
    pub(super) fn most_band(&self, lane: usize) -> f32 {
        const SQUARE: f32 = 3.76 * 3.76;
        const GROWTH: f32 = BAND[0] + BAND[1] * SQUARE + BAND[2] * SQUARE * SQUARE * SQUARE;
        GROWTH * self.gain[lane] + self.base[lane]
    }

    /// The proposed X less the centre at a score, and the band.
    #[inline(always)]
    pub(super) fn at<const FUSED: bool>(&self, z: f32, lane: usize) -> (f32, f32) {
        let sum = product_sum::<FUSED>;
        let z2 = z * z;
        let [a, b, c, d, e] = [0, 1, 2, 3, 4].map(|power: usize| self.powers[power][lane]);
        let offset = sum(z, sum(z2, d, b), sum(z2, sum(z2, e, c), a));
        let growth = sum(z2, sum(z2 * z2, BAND[2], BAND[1]), BAND[0]);
        (offset, sum(growth, self.gain[lane], self.base[lane]))
    }
}

/// Third-order proposals.
#[inline(always)]
pub(super) fn propose<const FUSED: bool>(words: &[u64; LANES], moments: &Moments) -> Proposal {
    let (z, tail) = scores::<FUSED>(words);
    let mut expansion = Expansion::NONE;
    expansion.set(moments);
    let [mut offset, mut band] = [Lanes([0.0f32; LANES]); 2];
    for lane in 0..LANES {
        let (proposed, within) = expansion.at::<FUSED>(z[lane], lane);
        offset[lane] = proposed;
        band[lane] = if tail[lane] >= LEAST_TAIL { within } else { f32::INFINITY };
    }
    Proposal { offset, band }
}

/// The error of a proposal in counts, with s^2 = npq - 1/12 and the skewness a/s of X, is below
/// `(BAND[0] + BAND[1] z^2 + BAND[2] z^6) (1 + 3 a^2) / s^3 + BAND[3] s + BAND[4]`: the first term is the expansion's
/// next order, the others the f32 arithmetic and the score. Found by scanning boundaries, a test keeps the scan; and 0.3e-6 s
/// more, since the ends of the band are rounded too.
const BAND: [f32; 5] = [0.001_9, 0.003_4, 0.000_3, 3.8e-6, 2e-6];

/// The nearest whole number, for |x| < 2^51. `f64::round` is a function call where SSE4.1 is not assumed.
#[inline(always)]
pub(super) fn nearest(x: f64) -> f64 {
    const SHIFT: f64 = 1.5 * (1u64 << 52) as f64;
    (x + SHIFT) - SHIFT
}

/// ln(1 + f) / f for 1 + f from sqrt(1/2) to sqrt(2): least maximal error by Chebyshev's points, 4e-7.
const LOGARITHM: [f32; 7] =
    [1.000_001, -0.500_008_8, 0.333_135_63, -0.249_203_36, 0.205_254_44, -0.185_738_4, 0.116_578_06];

/// z / (1/2 - v) as a polynomial in ln(4 v (1 - v)) + 4, for |z| < 3.76, by Chebyshev's points: 2e-6 of z.
const QUANTILE: [f32; 9] = [
    5.257_421_3,
    -0.645_885_8,
    -0.020_426_628,
    0.000_577_622_14,
    0.000_338_220_23,
    4.392_18e-5,
    9.333_885e-7,
    -5.451_178e-7,
    -5.874_829e-8,
];

/// Normal scores of the words' top 32 bits, to 4e-6, and the tails in units of 2^-32; see [`LEAST_TAIL`].
///
/// The form `z = (u - 1/2) P(ln(4 u (1 - u)))` is that of Giles, "Approximating the erfinv function" (2011), with
/// polynomials of our own.
#[inline(always)]
pub(super) fn scores<const FUSED: bool>(words: &[u64; LANES]) -> (Lanes<f32>, Lanes<f32>) {
    let sum = product_sum::<FUSED>;
    let [mut tails, mut half, mut fraction, mut exponent] = [Lanes([0.0f32; LANES]); 4];
    for lane in 0..LANES {
        let top = (words[lane] >> 32) as u32 as i32;
        tails[lane] = (top ^ (top >> 31)) as f32 + 0.5;
        let v = tails[lane] * (1.0 / (1u64 << 32) as f32);
        half[lane] = f32::from_bits((0.5 - v).to_bits() | (!top as u32 & 0x8000_0000));
        let bits = (4.0 * v * (1.0 - v)).to_bits() as i32 + (ONE - ROOT_HALF);
        exponent[lane] = ((bits >> 23) - 127) as f32;
        fraction[lane] = f32::from_bits(((bits & 0x007f_ffff) + ROOT_HALF) as u32) - 1.0;
    }
    let mut z = Lanes([0.0; LANES]);
    for lane in 0..LANES {
        let f = fraction[lane];
        let [a, b, c, d, e, g, h] = LOGARITHM;
        let square = f * f;
        let high = sum(square, h, sum(f, g, e));
        let logarithm = sum(square, sum(square, high, sum(f, d, c)), sum(f, b, a));
        let t = sum(f, logarithm, sum(exponent[lane], std::f32::consts::LN_2, 4.0));
        let [a, b, c, d, e, g, h, i, j] = QUANTILE;
        let square = t * t;
        let fourth = square * square;
        let low = sum(square, sum(t, d, c), sum(t, b, a));
        let high = sum(fourth, j, sum(square, sum(t, i, h), sum(t, g, e)));
        z[lane] = half[lane] * sum(fourth, high, low);
    }
    (z, tails)
}

/// Whether the score of a word is near enough to the middle for a proposal: its tail is at least [`LEAST_TAIL`].
pub(super) fn is_proposed(word: u64) -> bool {
    let top = (word >> 32) as u32 as i32;
    (top ^ (top >> 31)) as f32 + 0.5 >= LEAST_TAIL
}

/// The bits of 1 and of sqrt(1/2).
const ONE: i32 = 0x3f80_0000;
const ROOT_HALF: i32 = 0x3f35_04f3;

/// Variances npq from here on have a bound on the error of [`second_order`].
pub(super) const LARGE_VARIANCE: f64 = 1000.0;

/// The second-order expansion at score `z`, in f64, and a bound on its error while npq >= [`LARGE_VARIANCE`] and
/// |z| < 6.
pub(super) fn second_order(z: f64, n: f64, p: f64) -> (f64, f64) {
    let q = 1.0 - p;
    let variance = n * p * q;
    let reduced = (variance - 1.0 / 12.0).max(0.05);
    let s = reduced.sqrt();
    let gain = variance / reduced;
    let a = (q - p) * gain;
    let b = (1.0 - 6.0 * p * q) * gain + 1.0 / (120.0 * reduced);
    let square = z * z;
    let second = b * (square - 3.0) / 24.0 - a * a * (2.0 * square - 5.0) / 36.0;
    let x = n * p + s * z + a * (square - 1.0) / 6.0 + z * second / s;
    (x, (1.0 + square * square) * 0.02 / reduced + s * 1e-8 + 1e-9)
}

/// Where a search for the quantile of `u` may start.
pub(super) fn guess(u: f64, n: f64, p: f64) -> f64 {
    let word = (u * (1u64 << 52) as f64) as u64;
    nearest(second_order(normal_score(word << 12), n, p).0)
}
