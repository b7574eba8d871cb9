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
//! change its result.

use crate::draw::normal::normal_score;

/// Draws worked on together.
pub(super) const LANES: usize = 64;

/// Standard deviations are at most about this in a proposal: beyond, the f32 error of the score would fill the band.
pub(super) const MOST_VARIANCE: f32 = 250.0 * 250.0;
/// Variances npq below this are not expanded.
pub(super) const LEAST_VARIANCE: f32 = 2.0;
/// Scores are proposed while the tail, in units of 2^-32, is at least this: |z| < 3.7.
const LEAST_TAIL: i32 = 462_000;

/// The proposals of [`LANES`] draws.
pub(super) struct Proposal {
    /// The whole number nearest to np.
    pub centre: [f64; LANES],
    /// The proposed X - centre.
    pub offset: [f32; LANES],
    /// X is within this of the X that belongs to the draw's uniform number; infinite where there is no proposal.
    pub band: [f32; LANES],
    /// The variance npq.
    pub variance: [f32; LANES],
}

/// Third-order proposals. `n` must be in 0..2^32 and `p` in [0, 1].
#[inline(always)]
#[allow(clippy::inline_always)]
pub(super) fn propose(words: &[u64; LANES], n: &[f64; LANES], p: &[f64; LANES]) -> Proposal {
    let (z, mut inside) = scores(words);
    let mut centre = [0.0; LANES];
    let [mut fraction, mut variance, mut skew, mut product] = [[0.0f32; LANES]; 4];
    for lane in 0..LANES {
        let (p, q) = (p[lane], 1.0 - p[lane]);
        let mean = n[lane] * p;
        centre[lane] = nearest(mean);
        fraction[lane] = (mean - centre[lane]) as f32;
        variance[lane] = (mean * q) as f32;
        skew[lane] = (q - p) as f32;
        product[lane] = (p * q) as f32;
    }
    for lane in 0..LANES {
        inside[lane] &= variance[lane] >= LEAST_VARIANCE && variance[lane] <= MOST_VARIANCE;
    }
    let expansion = Expansion::new(&variance, &skew, &product);
    let [mut offset, mut band] = [[0.0f32; LANES]; 2];
    for lane in 0..LANES {
        let z = z[lane];
        let [c0, c1, c2, c3, c4] = expansion.terms.each_ref().map(|term| term[lane]);
        let square = z * z;
        offset[lane] = (fraction[lane] + c0) + c1 * z + square * ((c2 + c3 * z) + square * c4);
        let growth = BAND[0] + square * BAND[1] + square * square * square * BAND[2];
        let width = growth * expansion.growth[lane] + expansion.deviation[lane] * BAND[3] + BAND[4];
        band[lane] = if inside[lane] { width } else { f32::INFINITY };
    }
    Proposal { centre, offset, band, variance }
}

/// The error of a proposal in counts, with s^2 = npq - 1/12, is below
/// `(BAND[0] + BAND[1] z^2 + BAND[2] z^6) (1 + 3 (q - p)^2) / s^3 + BAND[3] s + BAND[4]`: the first term is the
/// expansion's next order, the others the f32 arithmetic and the score. Found by scanning boundaries; a test keeps the
/// scan.
const BAND: [f32; 5] = [0.001_9, 0.003_4, 0.000_3, 3.5e-6, 2e-6];

/// The coefficients of the powers of z, and what the band needs.
struct Expansion {
    terms: [[f32; LANES]; 5],
    /// s, the standard deviation of X.
    deviation: [f32; LANES],
    /// `(1 + 3 (q - p)^2) / s^3`.
    growth: [f32; LANES],
}

impl Expansion {
    #[inline(always)]
    #[allow(clippy::inline_always)]
    fn new(variance: &[f32; LANES], skew: &[f32; LANES], product: &[f32; LANES]) -> Self {
        let [mut deviation, mut inverse, mut growth] = [[0.0f32; LANES]; 3];
        for lane in 0..LANES {
            let reduced = (variance[lane] - 1.0 / 12.0).max(1.0);
            deviation[lane] = reduced.sqrt();
            inverse[lane] = 1.0 / reduced;
        }
        let mut terms = [[0.0f32; LANES]; 5];
        for lane in 0..LANES {
            let (s, inverse) = (deviation[lane], inverse[lane]);
            // a, b and a * c are the third, fourth and fifth cumulants of X over its variance.
            let gain = variance[lane] * inverse;
            let a = skew[lane] * gain;
            let b = (1.0 - 6.0 * product[lane]) * gain + inverse * (1.0 / 120.0);
            let c = 1.0 - 12.0 * product[lane];
            let square = a * a;
            let root = s * inverse;
            terms[0][lane] =
                a * (inverse * (c * (1.0 / 40.0) - b * (1.0 / 12.0) + square * (17.0 / 324.0)) - 1.0 / 6.0);
            terms[1][lane] = s + root * (square * (5.0 / 36.0) - b * (1.0 / 8.0));
            terms[2][lane] =
                a * (inverse * (b * (5.0 / 24.0) - c * (1.0 / 20.0) - square * (53.0 / 324.0)) + 1.0 / 6.0);
            terms[3][lane] = root * (b * (1.0 / 24.0) - square * (1.0 / 18.0));
            terms[4][lane] = a * inverse * (c * (1.0 / 120.0) - b * (1.0 / 24.0) + square * (1.0 / 27.0));
            growth[lane] = (1.0 + 3.0 * skew[lane] * skew[lane]) * root * inverse;
        }
        Self { terms, deviation, growth }
    }
}

/// The nearest whole number, for |x| < 2^51. `f64::round` is a function call where SSE4.1 is not assumed.
#[inline(always)]
#[allow(clippy::inline_always)]
fn nearest(x: f64) -> f64 {
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

/// Normal scores of the words' top 32 bits, to 4e-6, and whether the tail is large enough for that.
///
/// The form `z = (u - 1/2) P(ln(4 u (1 - u)))` is that of Giles, "Approximating the erfinv function" (2011), with
/// polynomials of our own.
#[inline(always)]
#[allow(clippy::inline_always)]
fn scores(words: &[u64; LANES]) -> ([f32; LANES], [bool; LANES]) {
    let mut inside = [false; LANES];
    let [mut half, mut fraction, mut exponent] = [[0.0f32; LANES]; 3];
    for lane in 0..LANES {
        let top = (words[lane] >> 32) as u32 as i32;
        let tail = top ^ (top >> 31);
        inside[lane] = tail >= LEAST_TAIL;
        let v = (tail as f32 + 0.5) * (1.0 / (1u64 << 32) as f32);
        half[lane] = f32::from_bits((0.5 - v).to_bits() | (!top as u32 & 0x8000_0000));
        let bits = (4.0 * v * (1.0 - v)).to_bits() as i32 + (ONE - ROOT_HALF);
        exponent[lane] = ((bits >> 23) - 127) as f32;
        fraction[lane] = f32::from_bits(((bits & 0x007f_ffff) + ROOT_HALF) as u32) - 1.0;
    }
    let mut z = [0.0f32; LANES];
    for lane in 0..LANES {
        let f = fraction[lane];
        let [a, b, c, d, e, g, h] = LOGARITHM;
        let square = f * f;
        let logarithm = (a + f * b) + square * (c + f * d) + square * square * ((e + f * g) + square * h);
        let t = exponent[lane] * std::f32::consts::LN_2 + f * logarithm + 4.0;
        let [a, b, c, d, e, g, h, i, j] = QUANTILE;
        let square = t * t;
        let fourth = square * square;
        let low = (a + t * b) + square * (c + t * d);
        let high = (e + t * g) + square * (h + t * i) + fourth * j;
        z[lane] = half[lane] * (low + fourth * high);
    }
    (z, inside)
}

/// The bits of 1 and of sqrt(1/2).
const ONE: i32 = 0x3f80_0000;
const ROOT_HALF: i32 = 0x3f35_04f3;

/// The second-order expansion at score `z`, in f64, and a bound on its error while npq > 1000 and |z| < 6.
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
    second_order(normal_score(word << 12), n, p).0.round()
}
