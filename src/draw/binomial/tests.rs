//! Tests of the inversion: against exact sums, the page against the single draw, chi-square, and the band's scan.

use proptest::prelude::*;

use super::*;
use crate::draw::{Address, Kind, Stream};

fn page_of_words(lane: u64, page: u64) -> [u64; PAGE] {
    let mut out = [0; PAGE];
    Stream::new(7, &Address::new(Kind::Chance, "binomial test", lane)).fill(page, &mut out);
    out
}

/// Tail probabilities of every count, summed from the ends inwards from ratios that start at the mode: another order
/// and other formulas than [`invert`] uses.
struct Tails {
    /// P(K <= k).
    lower: Vec<f64>,
    /// P(K > k).
    upper: Vec<f64>,
    mass: Vec<f64>,
}

fn tails(n: u32, p: f64) -> Tails {
    let (trials, size) = (f64::from(n), n as usize + 1);
    let odds = p / (1.0 - p);
    let mode = ((trials + 1.0) * p).floor().min(trials) as usize;
    let mut mass = vec![0.0; size];
    mass[mode] = 1.0;
    for k in mode + 1..size {
        mass[k] = mass[k - 1] * odds * (trials + 1.0 - k as f64) / k as f64;
    }
    for k in (0..mode).rev() {
        mass[k] = mass[k + 1] * (k as f64 + 1.0) / (odds * (trials - k as f64));
    }
    let total: f64 = mass[..mode].iter().sum::<f64>() + mass[mode..].iter().rev().sum::<f64>();
    for mass in &mut mass {
        *mass /= total;
    }
    let mut sum = 0.0;
    let lower = mass.iter().map(|mass| {
        sum += mass;
        sum
    });
    let lower = lower.collect();
    let (mut sum, mut upper) = (0.0, vec![0.0; size]);
    for k in (0..size - 1).rev() {
        sum += mass[k + 1];
        upper[k] = sum;
    }
    Tails { lower, upper, mass }
}

/// P(K <= k) in units of 2^-100, exactly, for p = sixteenths / 16 and n = 25.
fn exact_lower(k: u32, sixteenths: u128) -> u128 {
    let mut choose = 1;
    let mut sum = 0;
    for j in 0..=k {
        sum += choose * sixteenths.pow(j) * (16 - sixteenths).pow(25 - j);
        choose = choose * u128::from(25 - j) / u128::from(j + 1);
    }
    sum
}

/// Uniform numbers a few cells of 2^-52 on either side of every exact value of the distribution function.
#[test]
fn inversion_agrees_with_integer_arithmetic() {
    for sixteenths in 1..16 {
        for k in 0..25 {
            let cell = (exact_lower(k, sixteenths) >> 48) as u64;
            for distance in [-1000, -40, 40, 1000] {
                let Some(cell) = cell.checked_add_signed(distance).filter(|cell| cell >> 52 == 0) else {
                    continue;
                };
                let found = invert(unit(cell << 12), 25, sixteenths as f64 / 16.0);
                let exact = (u128::from(cell) << 48) + (1 << 47);
                let expected = (0..=25).find(|&k| exact_lower(k, sixteenths) >= exact);
                assert_eq!(Some(found), expected, "p {sixteenths}/16, k {k}, {distance}");
            }
        }
    }
}

/// `u` just below and above F(k), by 1e-11 of the smaller tail, for every k whose tails exceed 1e-13, or every
/// `stride`-th of them.
fn inverts_either_side_of_each_step(n: u32, p: f64, stride: usize) {
    let Tails { lower, upper, .. } = tails(n, p);
    for k in (0..n as usize).filter(|&k| lower[k].min(upper[k]) > 1e-13).step_by(stride) {
        let (before, after) = if lower[k] < upper[k] {
            (lower[k] * (1.0 - 1e-11), lower[k] * (1.0 + 1e-11))
        } else {
            (1.0 - upper[k] * (1.0 + 1e-11) - 1e-16, 1.0 - upper[k] * (1.0 - 1e-11) + 2e-16)
        };
        if upper[k].min(lower[k]) > 1e-4 || lower[k] < upper[k] {
            assert_eq!(invert(before, n, p), k as u32, "n {n}, p {p}");
            assert_eq!(invert(after, n, p), k as u32 + 1, "n {n}, p {p}");
        }
    }
}

#[test]
fn inversion_agrees_with_sums_in_another_order() {
    for (n, p) in
        [(1, 0.5), (2, 1e-5), (12, 0.05), (60, 0.4), (95, 0.8), (300, 0.999), (1000, 0.3), (5000, 0.01)]
    {
        inverts_either_side_of_each_step(n, p, 1);
    }
}

#[test]
fn inversion_holds_for_large_numbers() {
    for (n, p) in [(100_000, 0.5), (100_000, 3e-5), (1_000_000, 0.2), (1_000_000, 0.999), (1_000_000, 1e-6)] {
        inverts_either_side_of_each_step(n, p, if p > 1e-4 && p < 0.99 { 97 } else { 7 });
    }
}

/// A search that starts beside the count takes two or three decisions, whatever the number of people.
#[test]
fn searches_start_beside_the_count() {
    for (n, p) in [(60, 0.4), (1000, 0.3), (1_000_000, 0.01), (1_000_000, 0.999)] {
        for step in 1..200 {
            let u = f64::from(step) / 200.0;
            let guess = proposal::guess(u, f64::from(n), p);
            assert!((guess - f64::from(invert(u, n, p))).abs() <= 1.0, "n {n}, p {p}, u {u}: {guess}");
        }
    }
}

#[test]
fn certain_outcomes() {
    for u in [unit(0), 0.3, unit(u64::MAX)] {
        assert_eq!(invert(u, 0, 0.4), 0);
        for (p, expected) in [(0.0, 0), (-1.0, 0), (f64::NAN, 0), (1.0, 10), (2.0, 10)] {
            assert_eq!(invert(u, 10, p), expected, "{u} {p}");
        }
    }
    assert_eq!(invert(unit(0), 10, 0.5), 0);
    assert_eq!(invert(unit(u64::MAX), 10, 0.5), 10);
    assert_eq!(invert(unit(u64::MAX), 10, 1e-300), 0);
}

/// Draws `pages` pages with (n, p) made from random words, and compares each draw with [`invert`].
fn compare(pages: u64, parameters: impl Fn(u64, u64) -> (i64, f64)) {
    for page in 0..pages {
        let draw = page_of_words(0, page);
        let (mut n, mut p, mut out) = ([0; PAGE], [0.0; PAGE], [0; PAGE]);
        for (index, (first, second)) in
            page_of_words(1, page).into_iter().zip(page_of_words(2, page)).enumerate()
        {
            (n[index], p[index]) = parameters(first, second);
        }
        invert_block(&draw, &n, &p, &mut out);
        for index in 0..PAGE {
            let expected = invert(unit(draw[index]), clamp_trials(n[index]) as u32, p[index]);
            assert_eq!(out[index], i64::from(expected), "{:x}, n {}, p {}", draw[index], n[index], p[index]);
        }
    }
}

/// Compares a page, both at once and prepared, with [`invert`].
fn is_single_draws(words: &[u64; PAGE], n: &[i64; PAGE], p: &[f64; PAGE]) {
    let (mut out, mut again) = ([0; PAGE], [0; PAGE]);
    invert_block(words, n, p, &mut out);
    let mut prepared = Prepared::default();
    prepared.set(|people, rates| (*people, *rates) = (*n, *p));
    prepared.invert(words, &mut again);
    for index in 0..PAGE {
        let expected = invert(unit(words[index]), clamp_trials(n[index]) as u32, p[index]);
        let found = (out[index], i64::from(again[index]));
        assert_eq!(
            found,
            (expected.into(), expected.into()),
            "{:x}, n {}, p {}",
            words[index],
            n[index],
            p[index]
        );
    }
}

/// Numbers and rates that change from trial to trial, of small and of large variances and beyond the ends.
#[test]
fn a_prepared_page_is_its_single_draws() {
    for page in 0..24 {
        let (people, rates) = (page_of_words(5, page), page_of_words(6, page));
        let most = [20, 300, 5000, 2_000_000][page as usize % 4];
        let scale = [1.0, 0.02, 1.02][page as usize % 3];
        let n = people.map(|word| below(word, most) - 2);
        let p = rates.map(|word| scale * unit(word) - 0.01);
        is_single_draws(&page_of_words(4, page), &n, &p);
        // One distribution in the whole page, so that no lane decides by another.
        is_single_draws(&page_of_words(4, page), &[n[7]; PAGE], &[p[7]; PAGE]);
    }
}

/// Words a few cells on either side of the steps of the distribution function, where only the exact way can decide.
#[test]
fn a_page_is_its_single_draws_at_the_steps() {
    let large = [(20_000, 0.3), (200_000, 0.02), (500_000, 0.6), (2_000_000, 5e-7)];
    for (n, p) in [(12, 0.05), (60, 0.4), (300, 0.97), (1000, 0.3)].into_iter().chain(large) {
        let Tails { lower, upper, .. } = tails(n, p);
        let steps: Vec<usize> = (0..n as usize).filter(|&k| lower[k].min(upper[k]) > 1e-8).collect();
        let words = std::array::from_fn(|index| {
            let k = steps[index / 4 * steps.len().div_ceil(PAGE / 4) % steps.len()];
            let cell = (lower[k].min(upper[k]) * (1u64 << 52) as f64) as u64;
            let cell = cell.saturating_add_signed([-300, -3, 3, 300][index % 4]);
            if lower[k] < upper[k] { cell << 12 } else { !(cell << 12) }
        });
        is_single_draws(&words, &[n.into(); PAGE], &[p; PAGE]);
    }
}

fn below(word: u64, bound: u64) -> i64 {
    (word % bound) as i64
}

#[test]
fn a_page_is_its_single_draws() {
    compare(512, |n, p| (1 + below(n, 5000), unit(p)));
}

/// Rates near 0 and 1, with variances around the change of method, and few trials.
#[test]
fn a_page_is_its_single_draws_at_small_variances() {
    compare(64, |n, p| (below(n, 20), unit(p)));
    compare(64, |n, p| (1 + below(n, 1000), 4.0 * unit(p) / (1 + below(n, 1000)) as f64));
    compare(64, |n, p| (1 + below(n, 1000), 1.0 - 4.0 * unit(p) / (1 + below(n, 1000)) as f64));
    compare(64, |n, p| (below(n, 1 << 24), 1e-6 * unit(p)));
}

#[test]
fn a_page_is_its_single_draws_for_large_numbers() {
    compare(4, |n, p| (below(n, 1_000_000), unit(p)));
    compare(4, |n, p| (below(n, 10_000_000), 0.01 * unit(p)));
}

#[test]
fn a_page_takes_parameters_at_and_beyond_the_ends() {
    let rates = [0.0, 1.0, -0.5, 1.5, f64::NAN, f64::INFINITY, 1e-320, 1.0 - f64::EPSILON / 2.0];
    compare(8, |n, p| ([0, 1, 60, -3, 5000][below(n, 5) as usize], rates[below(p, 8) as usize]));
}

#[test]
#[ignore = "slow: 2^26 draws"]
fn many_pages_are_their_single_draws() {
    compare(1 << 17, |n, p| (1 + below(n, 5000), unit(p)));
}

/// What is in doubt is decided otherwise there than one by one.
#[test]
#[ignore = "slow: 2^25 draws"]
fn many_prepared_pages_are_their_single_draws() {
    for page in 0..1 << 16 {
        let (n, p) = (page_of_words(8, page)[0], page_of_words(9, page)[0]);
        let most = [60, 1000, 20_000][page as usize % 3];
        is_single_draws(&page_of_words(7, page), &[10 + below(n, most); PAGE], &[unit(p); PAGE]);
    }
}

/// The largest error of a proposal over its band, at every boundary of (n, p) where there is a proposal: at the
/// uniform number F(k) the proposal should be k + 1/2.
fn worst_of_band(n: u32, p: f64) -> f64 {
    worst_of::<true>(n, p).max(worst_of::<false>(n, p))
}

fn worst_of<const FUSED: bool>(n: u32, p: f64) -> f64 {
    let Tails { lower, upper, .. } = tails(n, p);
    let edges: Vec<usize> = (0..n as usize).filter(|&k| lower[k].min(upper[k]) > 1e-4).collect();
    let mut worst = 0.0;
    for group in edges.chunks(LANES) {
        let mut words = [0; LANES];
        for (word, &k) in words.iter_mut().zip(group) {
            let cell = (lower[k].min(upper[k]) * (1u64 << 52) as f64) as u64;
            *word = if lower[k] < upper[k] { cell << 12 } else { !(cell << 12) };
        }
        let moments = Moments::new(&[f64::from(n); LANES], &[p; LANES]);
        let proposal = propose::<FUSED>(&words, &moments);
        for (lane, &k) in group.iter().enumerate() {
            let x = moments.centre[lane] + f64::from(proposal.offset[lane]);
            worst = f64::max(worst, (x - k as f64 - 0.5).abs() / f64::from(proposal.band[lane]));
        }
    }
    worst
}

fn scan_bands(trials: &[u32], rates: &(impl Iterator<Item = f64> + Clone)) {
    for &n in trials {
        for p in rates.clone() {
            let worst = worst_of_band(n, p);
            assert!(worst < 0.8, "n {n}, p {p}: {worst}");
        }
    }
}

#[test]
fn proposals_keep_within_their_bands() {
    scan_bands(
        &[8, 9, 10, 12, 14, 17, 20, 25, 32, 40, 60, 95, 150, 300],
        &(1..200).map(|p| f64::from(p) / 200.0),
    );
    scan_bands(&[700, 1000, 2000, 5000], &(1..32).map(|p| f64::from(p * p) / 1024.0));
    scan_bands(&[20_000, 100_000], &[5e-5, 1.3e-4, 5e-4, 0.003, 0.03, 0.2, 0.5, 0.9].into_iter());
}

#[test]
#[ignore = "slow: 5 million boundaries"]
fn proposals_keep_within_their_bands_everywhere() {
    let trials: Vec<u32> = (8..100).chain((100..1000).step_by(37)).chain((1000..6000).step_by(611)).collect();
    scan_bands(&trials, &(1..400).map(|p| f64::from(p) / 400.0));
    scan_bands(&trials, &(1..400).map(|p| f64::from(p) / 16_000.0));
    scan_bands(&trials, &(1..400).map(|p| 1.0 - f64::from(p) / 16_000.0));
    scan_bands(&[50_000, 200_000, 1_000_000], &(1..40).map(|p| f64::from(p).powi(3) / 120_000.0));
}

/// The same for the second-order proposals of large variances.
#[test]
fn second_order_keeps_within_its_band() {
    for (n, p) in [
        (4_100, 0.5),
        (12_000, 0.1),
        (52_000, 0.98),
        (10_000_000, 1e-4),
        (260_000, 0.5),
        (700_000, 0.1),
        (1_000_000, 0.93),
        (7_000_000, 0.01),
        (30_000_000, 0.998),
    ] {
        let Tails { lower, upper, .. } = tails(n, p);
        for k in (0..n as usize).filter(|&k| lower[k].min(upper[k]) > 1e-9).step_by(7) {
            let z = crate::draw::normal::quantile_exact(lower[k], upper[k]);
            let (x, band) = second_order(z, f64::from(n), p);
            assert!((x - k as f64 - 0.5).abs() < 0.5 * band, "n {n}, p {p}, z {z}: {} {band}", x - k as f64);
        }
    }
}

/// Few draws may be left to the exact way, or the page loses its point.
#[test]
fn few_draws_are_in_doubt() {
    for (n, p, most) in
        [(60, 0.4, 0.001), (95, 0.8, 0.002), (300, 0.5, 0.001), (1000, 0.3, 0.001), (12, 0.05, 1e-5)]
    {
        let mut left = 0;
        for page in 0..400 {
            let mut undecided = [0; PAGE / LANES];
            decide(&page_of_words(3, page), &[n; PAGE], &[p; PAGE], &mut [0; PAGE], &mut undecided);
            left += undecided.iter().sum::<u32>();
        }
        let share = f64::from(left) / 400.0 / PAGE as f64;
        assert!(share < most, "n {n}, p {p}: {share}");
        println!("n {n}, p {p}: share in doubt {share:.6}");
    }
}

/// Where a lane of small variance stands among others each is decided in its own way.
#[test]
fn few_draws_are_in_doubt_among_others() {
    let n = std::array::from_fn(|index| [60, 12, 300][index % 3]);
    let p = std::array::from_fn(|index| [0.4, 0.05, 0.5][index % 3]);
    let mut left = 0;
    for page in 0..100 {
        let mut undecided = [0; PAGE / LANES];
        decide(&page_of_words(8, page), &n, &p, &mut [0; PAGE], &mut undecided);
        left += undecided.iter().sum::<u32>();
    }
    assert!(f64::from(left) / 100.0 / (PAGE as f64) < 0.001, "{left}");
}

/// (chi-square - degrees of freedom) / its standard deviation, for `pages` pages drawn at `p` against the masses at
/// `claimed`. Counts with an expectation below 20 are pooled.
fn chi_square_score(n: u32, p: f64, claimed: f64, pages: u64, lane: u64) -> f64 {
    let mut counts = vec![0u32; n as usize + 1];
    let mut out = [0; PAGE];
    for page in 0..pages {
        invert_block(&page_of_words(lane, page), &[i64::from(n); PAGE], &[p; PAGE], &mut out);
        for k in out {
            counts[k as usize] += 1;
        }
    }
    let draws = (pages * PAGE as u64) as f64;
    let (mut statistic, mut cells) = (0.0, 0.0);
    let (mut expected, mut observed) = (0.0, 0.0);
    let mut left = draws;
    for (mass, count) in tails(n, claimed).mass.iter().zip(counts) {
        expected += mass * draws;
        observed += f64::from(count);
        if expected >= 20.0 && left - expected >= 20.0 {
            statistic += (observed - expected).powi(2) / expected;
            cells += 1.0;
            left -= expected;
            (expected, observed) = (0.0, 0.0);
        }
    }
    statistic += (observed - expected).powi(2) / left;
    (statistic - cells) / (2.0 * cells).sqrt()
}

const RATES: [f64; 4] = [0.050_07, 0.400_13, 0.769_17, 0.981_23];

/// Ten million draws.
#[test]
fn counts_follow_the_binomial_law() {
    let mut sum = 0.0;
    for (row, n) in [12, 60, 95, 300, 1000].into_iter().enumerate() {
        for (column, p) in RATES.into_iter().enumerate() {
            let score = chi_square_score(n, p, p, 977, 10 + (4 * row + column) as u64);
            assert!(score.abs() < 4.0, "n {n}, p {p}: {score}");
            sum += score;
        }
    }
    assert!(sum.abs() / 20f64.sqrt() < 3.0, "{sum}");
}

#[test]
fn counts_do_not_follow_a_law_two_per_mille_away() {
    for n in [12, 60, 95, 300, 1000] {
        for p in RATES {
            let score = chi_square_score(n, p, p + 0.002, 977, 40);
            assert!(score > 8.0, "n {n}, p {p}: {score}");
        }
    }
}

/// Literal counts, one for each way a count is made: expansion, recurrence, large variance.
#[test]
fn literal_counts_stay() {
    let draw = page_of_words(0, 0);
    for (n, p, expected) in [
        (60, 0.4, [21, 18, 27, 24, 33, 21]),
        (12, 0.05, [0, 0, 1, 1, 3, 0]),
        (1_000_000, 0.3, [299_588, 299_218, 300_361, 300_062, 301_043, 299_676]),
    ] {
        let mut out = [0; PAGE];
        invert_block(&draw, &[n; PAGE], &[p; PAGE], &mut out);
        assert_eq!(out[..6], expected, "n {n}");
    }
}

proptest! {
    #[test]
    fn counts_rise_with_the_uniform(n in 0u32..3000, p in 0.0f64..=1.0, one: u64, other: u64) {
        let (low, high) = (one.min(other), one.max(other));
        prop_assert!(invert(unit(low), n, p) <= invert(unit(high), n, p));
    }

    #[test]
    fn counts_rise_with_the_rate(n in 0u32..3000, p in 0.0f64..1.0, more in 0.0f64..0.01, word: u64) {
        prop_assert!(invert(unit(word), n, p) <= invert(unit(word), n, (p + more).min(1.0)));
    }

    #[test]
    fn counts_rise_with_the_trials_by_no_more_than_those(n in 0u32..3000, more in 0u32..20, p in 0.0f64..=1.0, word: u64) {
        let (few, many) = (invert(unit(word), n, p), invert(unit(word), n + more, p));
        prop_assert!(few <= many && many <= few + more);
    }

    /// The count of failures under the complemented word is the rest, but for words that meet a step exactly.
    #[test]
    fn failures_mirror_successes(n in 1u32..3000, p in 0.001f64..0.999, word: u64) {
        let q = 1.0 - p;
        prop_assert_eq!(invert(unit(word), n, 1.0 - q) + invert(unit(!word), n, q), n);
    }
}
