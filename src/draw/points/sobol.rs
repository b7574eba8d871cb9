//! Scrambled Sobol points of one dimension (Owen, "Randomly permuted (t,m,s)-nets", 1995).
//!
//! Nested uniform scrambling flips every binary digit of a coordinate by a coin that depends on all digits before it. The
//! coins are words of a stream whose counter holds those digits: nothing is stored, and any point can be computed alone. The
//! first 36 digits are scrambled so, which tells apart all points that a replicate can have; the other 28 are random.

use super::directions::{DIGITS, directions};
use crate::draw::address::{Address, PAGE, Stream};
use crate::draw::threefry::threefry2x64;

/// Digits that one word has the coins for: 1 + 2 + 4 + .. + 32 of them.
const GROUP: u32 = 6;

/// Groups of digits.
const GROUPS: u32 = DIGITS as u32 / GROUP;

/// One coordinate of the points of every replicate.
#[derive(Clone, Debug)]
pub struct Sobol {
    key: [u64; 2],
    directions: [u64; DIGITS],
}

impl Sobol {
    /// The coordinate number `dimension` under scramblings of its own for an address.
    pub fn new(seed: u64, address: &Address, dimension: usize) -> Self {
        Self { key: Stream::of_points(seed, address).key(), directions: directions(dimension) }
    }

    /// The points `512 block ..` of a replicate.
    pub fn fill(&self, replicate: u64, block: u64, out: &mut [u64; PAGE]) {
        const LOW: usize = PAGE.ilog2() as usize;
        let high = self.directions[LOW..].iter().enumerate().filter(|(digit, _)| block >> digit & 1 == 1);
        out[0] = high.fold(0, |x, (_, direction)| x ^ direction);
        for digit in 0..LOW {
            let (done, next) = out.split_at_mut(1 << digit);
            next.iter_mut().zip(&*done).for_each(|(next, done)| *next = done ^ self.directions[digit]);
        }
        scramble(self.key, replicate, out);
    }
}

/// Scrambles points that have not been scrambled.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn scramble(key: [u64; 2], replicate: u64, points: &mut [u64; PAGE]) {
    let counter = |group: u32| replicate << 8 | u64::from(group);
    let first = threefry2x64(key, [0, counter(0)])[0];
    for point in points.iter_mut() {
        let x = *point;
        let mut flips = flips(x, 0, first);
        for group in 1..GROUPS {
            let coins = threefry2x64(key, [x >> (64 - GROUP * group), counter(group)])[0];
            flips |= self::flips(x, group, coins);
        }
        let rest = threefry2x64(key, [x >> (64 - DIGITS as u32), counter(GROUPS)])[0];
        *point = x ^ flips ^ rest >> DIGITS;
    }
}

/// The digits of a group that are flipped: coin number 1, then 2 or 3 by the digit before, then 4 to 7 by both, and so on.
#[inline(always)]
fn flips(x: u64, group: u32, coins: u64) -> u64 {
    let end = 64 - GROUP * (group + 1);
    let digits = x >> end & ((1 << GROUP) - 1);
    let mut flips = 0;
    for digit in 0..GROUP {
        let coin = 1 << digit | digits >> (GROUP - digit);
        flips |= (coins >> coin & 1) << (GROUP - 1 - digit);
    }
    flips << end
}

#[cfg(test)]
mod tests {
    use super::super::{Dimensions, REPLICATES, Spread, WordSource};
    use super::*;
    use crate::draw::{Kind, unit};

    fn address(lane: u64) -> Address {
        Address::new(Kind::Input, "sobol test", lane)
    }

    /// Points `0 .. 512 pages` of a replicate in some dimensions.
    fn points(seed: u64, replicate: u64, pages: u64, dimensions: u64) -> Vec<Vec<u64>> {
        let given = Dimensions::new((0..dimensions).map(address));
        let coordinate = |lane| {
            let source = WordSource::new(seed, &address(lane), Spread::Sobol(&given));
            let mut all = Vec::new();
            for block in 0..pages {
                let mut words = [0; PAGE];
                source.fill(block * REPLICATES + replicate, &mut words);
                all.extend(words);
            }
            all
        };
        (0..dimensions).map(coordinate).collect()
    }

    /// Scrambling keeps 2^m points in 2^m equal cells, one each, in every dimension.
    #[test]
    fn a_scrambled_coordinate_is_stratified() {
        for coordinate in points(1, 3, 8, 40) {
            let mut cells: Vec<u64> = coordinate.iter().map(|word| word >> 52).collect();
            cells.sort_unstable();
            assert!(cells.iter().enumerate().all(|(k, cell)| *cell == k as u64));
        }
    }

    /// The first two dimensions are a (0, m, 2)-net, and stay one: one point in each of the boxes of volume 2^-12.
    #[test]
    fn two_dimensions_stay_a_net() {
        let [x, y] = &points(2, 31, 8, 2)[..] else { panic!("two dimensions") };
        for split in 0..=12 {
            let cell = |word: u64, digits: u32| word.checked_shr(64 - digits).unwrap_or(0);
            let mut boxes: Vec<u64> = x
                .iter()
                .zip(y)
                .map(|(x, y)| cell(*x, split) << (12 - split) | cell(*y, 12 - split))
                .collect();
            boxes.sort_unstable();
            assert!(boxes.iter().enumerate().all(|(k, found)| *found == k as u64), "split {split}");
        }
    }

    /// Nested: two points share their first differing digit before and after, whatever the scrambling.
    #[test]
    fn points_that_share_digits_share_them_afterwards() {
        let [a, b] = [1, 2].map(|seed| points(seed, 0, 1, 1).remove(0));
        for i in 0..PAGE {
            for j in 0..i {
                assert_eq!((a[i] ^ a[j]).leading_zeros(), (b[i] ^ b[j]).leading_zeros());
            }
        }
    }

    /// Each digit of a point is flipped or not like a coin, independently of the digits before: over many scramblings every
    /// pattern of the first six digits of a point, and of digits 7 to 12, occurs equally often.
    #[test]
    fn scramblings_are_uniform() {
        for (first, bound) in [(58, 120.0), (52, 120.0)] {
            let mut counts = [0u32; 64];
            let runs = 6_400;
            for seed in 0..runs / REPLICATES {
                for replicate in 0..REPLICATES {
                    let word = points(seed, replicate, 1, 1)[0][77];
                    counts[(word >> first & 63) as usize] += 1;
                }
            }
            let expected = runs as f64 / 64.0;
            let chi: f64 = counts.iter().map(|c| (f64::from(*c) - expected).powi(2) / expected).sum();
            // 63 degrees of freedom: 120 is exceeded once in 40,000 cases.
            assert!(chi < bound && chi > 30.0, "digits from {first}: {chi}");
        }
    }

    /// The error of scrambled points falls like n^-3/2 for a smooth function (Owen, Annals of Statistics 25, 1997); a digital
    /// shift alone, the twin, leaves it at n^-1.
    #[test]
    fn a_smooth_mean_is_known_better_than_by_a_shift() {
        let truth = 1.0 / 3.0;
        let error = |values: &[u64]| -> f64 {
            let mean = values.iter().map(|w| unit(*w) * unit(*w)).sum::<f64>() / values.len() as f64;
            (mean - truth).powi(2)
        };
        let (mut nested, mut shifted) = (0.0, 0.0);
        for seed in 0..20 {
            for replicate in 0..4 {
                let scrambled = points(seed, replicate, 2, 1).remove(0);
                nested += error(&scrambled);
                let shift = Stream::new(seed, &address(replicate)).word(0);
                let plain: Vec<u64> = (0..1024u64).map(|k| k.reverse_bits() ^ shift).collect();
                shifted += error(&plain);
            }
        }
        let [nested, shifted] = [nested, shifted].map(|sum: f64| (sum / 80.0).sqrt());
        // Points within strata of 1/1024 have sqrt(4/3 / 12 / 1024³) = 1.02e-5.
        assert!((nested / 1.02e-5 - 1.0).abs() < 0.25 && shifted > 1e-4, "{nested:e} {shifted:e}");
    }

    #[test]
    fn literal_points_stay() {
        let found = points(20_260_101, 5, 1, 3);
        let literal = [found[0][0], found[1][1], found[2][511]];
        assert_eq!(
            literal,
            [0xb849_3b9c_4dc9_e4ac, 0x0f98_02a6_8e92_d91c, 0x5f97_8548_8fb5_4754],
            "{literal:#018x?}"
        );
    }
}
