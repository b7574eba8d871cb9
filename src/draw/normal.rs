//! Standard normal scores of words, and the probability of a score, from tables of cubics.
//!
//! The quantile is tabulated against the tail probability `v`, in 32 equal cells to each octave (factor of two) of
//! `v`, so that cells shrink where the quantile bends. The distribution function is tabulated in cells of 1/64.
//! Every cell is the cubic with the exact values and derivatives at its two ends.
//!
//! Loops use `+ - *` and tables only; [`libm`] is called when the tables are built, once a process.

use std::f64::consts::{FRAC_1_SQRT_2, PI};
use std::sync::LazyLock;

use super::address::PAGE;

/// A cubic in the position in a cell, from 0 to 1: coefficients of 1, t, t^2, t^3.
type Cubic = [f64; 4];

const SIGN: u64 = 1 << 63;

/// The lower and upper tail probabilities of the standard normal distribution at `z`, each accurate to about
/// 1e-15 relative while |z| < 6 and 4e-15 at 8 (the rounding of z/sqrt(2) is magnified by z^2).
///
/// For building tables; not for loops over trials.
#[must_use]
pub fn tails(z: f64) -> (f64, f64) {
    let scaled = z * FRAC_1_SQRT_2;
    (0.5 * libm::erfc(-scaled), 0.5 * libm::erfc(scaled))
}

fn density(z: f64) -> f64 {
    libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * PI)
}

/// The standard normal quantile of a probability given by both tails, `lower + upper = 1`, accurate to about 1e-15
/// relative. Infinite when a tail is 0.
///
/// Giving both tails keeps full accuracy at either end. Starts from Abramowitz and Stegun 26.2.23 (error 4.5e-4) and
/// takes two steps of Halley's method, which cubes the error. For building tables; not for loops over trials.
#[must_use]
pub fn quantile_exact(lower: f64, upper: f64) -> f64 {
    let tail = lower.min(upper);
    let sign = if lower < upper { -1.0 } else { 1.0 };
    if lower.to_bits() == upper.to_bits() {
        return 0.0;
    }
    if tail <= 0.0 {
        return sign * f64::INFINITY;
    }
    let t = libm::sqrt(-2.0 * libm::log(tail));
    let numerator = 2.515_517 + t * (0.802_853 + t * 0.010_328);
    let denominator = 1.0 + t * (1.432_788 + t * (0.189_269 + t * 0.001_308));
    let mut z = t - numerator / denominator;
    for _ in 0..2 {
        // Near the centre the difference of the tails carries the relative accuracy, further out the smaller tail.
        let excess = if tail > 0.3 {
            0.5 * ((lower - upper).abs() - libm::erf(z * FRAC_1_SQRT_2))
        } else {
            tails(z).1 - tail
        };
        let newton = excess / density(z);
        z += newton / (1.0 - 0.5 * z * newton);
    }
    sign * z
}

/// The cubic on a cell of width `width` with the given (value, derivative) at its ends.
fn hermite(width: f64, start: (f64, f64), end: (f64, f64)) -> Cubic {
    let rise = end.0 - start.0;
    let (slope, last) = (start.1 * width, end.1 * width);
    [start.0, slope, 3.0 * rise - 2.0 * slope - last, slope + last - 2.0 * rise]
}

/// Horner, not Estrin: the last operation adds a monotone increment to the cell's first value, which is why the
/// tables are monotone to the last bit.
#[inline(always)]
fn evaluate(cubic: &Cubic, t: f64) -> f64 {
    cubic[0] + t * (cubic[1] + t * (cubic[2] + t * cubic[3]))
}

/// Cells to an octave of the tail probability.
const OCTAVE_CELLS: usize = 32;
/// Tails are (2m + 1) / 2^53 with 0 <= m < 2^51, so 2m + 1 has exponents 0 to 51.
const OCTAVES: usize = 52;
/// Rounded up to a power of two so that a masked index needs no check.
const SCORE_CELLS: usize = (OCTAVES * OCTAVE_CELLS).next_power_of_two();
/// Bits of a binary64 significand below those that choose the cell.
const CELL_BITS: u32 = 52 - OCTAVE_CELLS.ilog2();
/// The bits of 1.0 shifted by `CELL_BITS`: the index of the first cell.
const FIRST_CELL: u64 = 0x3ff0_0000_0000_0000 >> CELL_BITS;

static SCORES: LazyLock<Box<[Cubic; SCORE_CELLS]>> = LazyLock::new(build_scores);

/// Makes the table of scores, which is made in any case when a score is first asked for.
pub fn prepare() {
    LazyLock::force(&SCORES);
}

/// `-quantile(v)` over each cell of the upper tail `v`.
#[allow(clippy::large_stack_arrays, reason = "on the stack only until it is boxed, once")]
fn build_scores() -> Box<[Cubic; SCORE_CELLS]> {
    let point = |v: f64| {
        let z = quantile_exact(1.0 - v, v);
        (z, -1.0 / density(z))
    };
    let scale = 1.0 / (1u64 << 53) as f64;
    let mut table = Box::new([[0.0; 4]; SCORE_CELLS]);
    let mut start = point(scale);
    for (index, cubic) in table.iter_mut().take(OCTAVES * OCTAVE_CELLS).enumerate() {
        let octave = (1u64 << (index / OCTAVE_CELLS)) as f64 * scale;
        let width = octave / OCTAVE_CELLS as f64;
        let end = point(octave + (index % OCTAVE_CELLS + 1) as f64 * width);
        *cubic = hermite(width, start, end);
        start = end;
    }
    table
}

/// The cell of a word's tail probability, and the position in it.
#[inline(always)]
fn locate(word: u64) -> (u32, f64) {
    // The tail's numerator m: the 51 bits after the top one, complemented in the upper half, so that a word and its
    // complement share it and their scores differ in sign only.
    let upper = ((word as i64) >> 63) as u64;
    let tail = ((word ^ upper) >> 12) << 1 | 1;
    // 2^52 + tail is written as bits; subtracting 2^52 converts to a float exactly, on every instruction set.
    let bits = (f64::from_bits(0x4330_0000_0000_0000 | tail) - (1u64 << 52) as f64).to_bits();
    let position = (bits << (52 - CELL_BITS)) & ((1 << 52) - 1) | 0x3ff0_0000_0000_0000;
    ((bits >> CELL_BITS) as u32 - FIRST_CELL as u32, f64::from_bits(position) - 1.0)
}

/// Gives `magnitude` the sign of a word's score: negative in the lower half.
#[inline(always)]
fn signed(magnitude: f64, word: u64) -> f64 {
    f64::from_bits(magnitude.to_bits() | (!word & SIGN))
}

/// The standard normal quantile of [`unit(word)`](super::unit), to 1e-8 absolute.
///
/// Nondecreasing in the word, and `normal_score(!word) == -normal_score(word)` exactly.
#[must_use]
pub fn normal_score(word: u64) -> f64 {
    let (cell, t) = locate(word);
    signed(evaluate(&SCORES[cell as usize % SCORE_CELLS], t), word)
}

/// [`normal_score`] of a page of words.
pub fn fill_scores(words: &[u64; PAGE], out: &mut [f64; PAGE]) {
    let mut cells = [0; PAGE];
    locate_page(words, &mut cells, out);
    let table = &**SCORES;
    for ((out, cell), word) in out.iter_mut().zip(cells).zip(words) {
        *out = signed(evaluate(&table[cell as usize % SCORE_CELLS], *out), *word);
    }
}

/// Cells and positions of a page. Apart from the look-ups, which the compiler would turn into slow gathers if they
/// stood in a function with wide vectors (measured: 2.7 against 1.1 ns a value).
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn locate_page(words: &[u64; PAGE], cells: &mut [u32; PAGE], positions: &mut [f64; PAGE]) {
    for ((word, cell), position) in words.iter().zip(cells).zip(positions) {
        (*cell, *position) = locate(*word);
    }
}

/// Cells of the distribution function to a unit of the score.
const UNIT_CELLS: usize = 64;
/// The table covers scores from 0 to 16, of which those beyond the largest score of a word are not used.
const TAIL_CELLS: usize = 16 * UNIT_CELLS;

static TAILS: LazyLock<Box<[Cubic; TAIL_CELLS]>> = LazyLock::new(build_tails);

/// The upper tail over each cell of the score.
#[allow(clippy::large_stack_arrays, reason = "on the stack only until it is boxed, once")]
fn build_tails() -> Box<[Cubic; TAIL_CELLS]> {
    let point = |index: usize| {
        let z = index as f64 / UNIT_CELLS as f64;
        (tails(z).1, -density(z))
    };
    let mut table = Box::new([[0.0; 4]; TAIL_CELLS]);
    let mut start = point(0);
    for (index, cubic) in table.iter_mut().enumerate() {
        let end = point(index + 1);
        *cubic = hermite(1.0 / UNIT_CELLS as f64, start, end);
        start = end;
    }
    table
}

/// The largest score used: the quantile of 1 - 2^-53, the last uniform, rounded down.
const LARGEST_SCORE: f64 = 8.209_536_151_601_38;

/// The cell of a score's magnitude, and the position in it rounded down to a multiple of 2^-42.
#[inline(always)]
fn locate_score(z: f64) -> (u32, f64) {
    // In [1024, 2048) the top ten bits of the significand are the cell and the other 42 the position. Rounding z to
    // 2^-48 on the way moves the probability by less than 2e-15 and keeps every step monotone.
    let bits = (z.abs().min(LARGEST_SCORE) * UNIT_CELLS as f64 + 1024.0).to_bits();
    let position = (bits << 10) & ((1 << 52) - 1) | 0x3ff0_0000_0000_0000;
    ((bits >> 42) as u32 & (TAIL_CELLS as u32 - 1), f64::from_bits(position) - 1.0)
}

#[inline(always)]
fn of_tail(tail: f64, z: f64) -> f64 {
    if z < 0.0 { tail } else { 1.0 - tail }
}

/// The standard normal distribution function at `z`, to 1e-9 absolute and 1e-6 of the smaller tail.
///
/// Nondecreasing in `z`. Scores beyond the largest score of a word (8.2095) count as that score, so the result is
/// never 0 or 1 and can be used as a uniform.
#[must_use]
pub fn probability(z: f64) -> f64 {
    let (cell, t) = locate_score(z);
    of_tail(evaluate(&TAILS[cell as usize % TAIL_CELLS], t), z)
}

/// [`probability`] of a page of scores.
pub fn fill_probabilities(scores: &[f64; PAGE], out: &mut [f64; PAGE]) {
    let mut cells = [0; PAGE];
    locate_scores(scores, &mut cells, out);
    let table = &**TAILS;
    for ((out, cell), z) in out.iter_mut().zip(cells).zip(scores) {
        *out = of_tail(evaluate(&table[cell as usize % TAIL_CELLS], *out), *z);
    }
}

/// Cells and positions of a page of scores; apart from the look-ups for the reason given at [`locate_page`].
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn locate_scores(scores: &[f64; PAGE], cells: &mut [u32; PAGE], positions: &mut [f64; PAGE]) {
    for ((z, cell), position) in scores.iter().zip(cells).zip(positions) {
        (*cell, *position) = locate_score(*z);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::unit;
    use crate::draw::{Address, Kind, Stream};
    use proptest::prelude::*;

    fn reference(word: u64) -> f64 {
        quantile_exact(unit(word), unit(!word))
    }

    /// Quantiles from mpmath with 40 digits, at the exact binary64 tails.
    #[test]
    fn exact_quantiles_agree_with_a_multiprecision_library() {
        let cases = [
            (0.45, 0.125_661_346_855_074),
            (0.31, 0.495_850_347_347_453_3),
            (0.29, 0.553_384_719_555_672_9),
            (0.1, 1.281_551_565_544_600_4),
            (0.001, 3.090_232_306_167_813_5),
            (1e-8, 5.612_001_244_174_789),
            (1.0 / (1u64 << 53) as f64, 8.209_536_151_601_387),
            (1e-30, 11.464_024_688_443_616),
            (1e-300, 37.047_096_299_361_2),
        ];
        for (tail, expected) in cases {
            let found = quantile_exact(1.0 - tail, tail);
            assert!((found / expected - 1.0).abs() < 2e-15, "{tail:e}: {found} {expected}");
        }
    }

    #[test]
    fn exact_quantiles_at_the_ends_and_the_centre() {
        let ends = [(0.0, 1.0), (1.0, 0.0)].map(|(lower, upper)| quantile_exact(lower, upper).to_bits());
        assert_eq!(ends, [f64::NEG_INFINITY.to_bits(), f64::INFINITY.to_bits()]);
        assert!(quantile_exact(0.5, 0.5) == 0.0);
        let near = 1e-12;
        let found = quantile_exact(0.5 + near, 0.5 - near);
        let expected = ((0.5 + near) - (0.5 - near)) / 2.0 * (2.0 * PI).sqrt();
        assert!((found / expected - 1.0).abs() < 1e-15);
    }

    /// Words at and around every end of a cell, in both halves.
    fn words_at_cell_ends() -> impl Iterator<Item = u64> {
        let ends = (0..OCTAVES as u32).flat_map(|octave| {
            (0..32u64).map(move |cell| ((1 << octave) + ((cell << octave) >> 5)) >> 1 << 12)
        });
        let near = ends.flat_map(|end| (-3i64..=3).map(move |step| end.wrapping_add_signed(step << 12)));
        near.filter(|word| word >> 63 == 0).flat_map(|word| [word, !word])
    }

    fn random_words(pages: u64) -> impl Iterator<Item = u64> {
        let stream = Stream::new(1, &Address::new(Kind::Chance, "normal test", 0));
        // Each word also shifted down, so that every octave of the tail is visited.
        (0..pages * PAGE as u64)
            .map(move |trial| stream.word(trial))
            .flat_map(|word| [word, (word | SIGN) >> (word & 63).min(50)])
    }

    #[test]
    fn scores_are_within_1e_8_of_the_quantile() {
        let worst = words_at_cell_ends()
            .chain(random_words(200))
            .map(|word| (normal_score(word) - reference(word)).abs())
            .fold(0.0, f64::max);
        assert!(worst < 1e-8, "{worst:e}");
    }

    #[test]
    fn scores_never_decrease_and_are_odd() {
        let step = 1 << 12;
        for word in words_at_cell_ends().chain(random_words(200)) {
            let score = normal_score(word);
            assert!(score <= normal_score(word.saturating_add(step)), "{word:x}");
            assert!(score >= normal_score(word.saturating_sub(step)), "{word:x}");
            assert_eq!(normal_score(!word).to_bits(), (-score).to_bits());
            assert_eq!(score > 0.0, word >> 63 == 1);
        }
    }

    /// Literal bits: a score and a probability are the same number on every machine and in every version.
    #[test]
    fn literal_bits_stay() {
        let scores = [0, 1 << 40, 1 << 62, 0x9e37_79b9_7f4a_7c15].map(|word| normal_score(word).to_bits());
        assert_eq!(
            scores,
            [0xc020_6b48_528c_ea51, 0xc015_2dc6_e853_f1ca, 0xbfe5_956b_8752_8a46, 0x3fd3_3877_2ff6_7bcb]
        );
        let probabilities = [-7.5, -1.1, 0.3, 2.0].map(|z| probability(z).to_bits());
        assert_eq!(
            probabilities,
            [0x3d21_f68f_3dbb_817f, 0x3fc1_5d81_679a_3b33, 0x3fe3_c5ee_2cc1_1ad4, 0x3fef_45a1_83e9_b13d]
        );
    }

    #[test]
    fn probabilities_are_within_1e_9_and_close_in_the_tail() {
        for step in -90_000..=90_000 {
            let z = f64::from(step) / 10_963.0;
            let (lower, upper) = tails(z);
            let found = probability(z);
            assert!((found - lower).abs() < 1e-9, "{z}: {found} {lower}");
            if z < 0.0 {
                assert!((found / lower - 1.0).abs() < 1e-6, "{z}: {found:e} {lower:e}");
            } else if upper > 1e-9 {
                assert!(((1.0 - found) / upper - 1.0).abs() < 1e-6, "{z}");
            }
        }
    }

    #[test]
    fn probabilities_stay_inside_the_unit_interval() {
        for z in [f64::NEG_INFINITY, -1e300, -9.0, 9.0, 1e300, f64::INFINITY] {
            let found = probability(z);
            assert!(found > 0.0 && found < 1.0, "{z}: {found}");
        }
    }

    /// Every end of a cell is approached through neighbouring floats from both sides.
    #[test]
    fn probabilities_never_decrease_across_cells() {
        for cell in -530i32..=530 {
            let end = f64::from(cell) / UNIT_CELLS as f64;
            let mut z = end - 1e-13;
            let mut before = probability(z);
            while z < end + 1e-13 {
                z = (z + 1e-15).next_up();
                let next = probability(z);
                assert!(next >= before, "{z}");
                before = next;
            }
        }
    }

    #[test]
    fn pages_are_their_single_values() {
        let stream = Stream::new(2, &Address::new(Kind::Chance, "normal test", 0));
        let (mut words, mut scores, mut back) = ([0; PAGE], [0.0; PAGE], [0.0; PAGE]);
        stream.fill(0, &mut words);
        fill_scores(&words, &mut scores);
        fill_probabilities(&scores, &mut back);
        for index in 0..PAGE {
            assert_eq!(scores[index].to_bits(), normal_score(words[index]).to_bits());
            assert_eq!(back[index].to_bits(), probability(scores[index]).to_bits());
        }
    }

    proptest! {
        #[test]
        fn scores_are_monotone(one: u64, other: u64) {
            let (low, high) = (one.min(other), one.max(other));
            prop_assert!(normal_score(low) <= normal_score(high));
        }

        #[test]
        fn probabilities_are_monotone_and_invert_scores(one in -9.0f64..9.0, other in -9.0f64..9.0, word: u64) {
            prop_assert!(probability(one.min(other)) <= probability(one.max(other)));
            prop_assert!((probability(normal_score(word)) - unit(word)).abs() < 6e-9);
        }

        #[test]
        fn exact_quantiles_invert_the_tails(z in -8.0f64..8.0) {
            let (lower, upper) = tails(z);
            prop_assert!((quantile_exact(lower, upper) - z).abs() < 4e-15 * z.abs().max(0.1));
        }
    }
}
