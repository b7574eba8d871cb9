//! A Latin hypercube of one dimension: each of n equal strata holds one of n points, in an order of its own.
//!
//! `McKay`, Beckman and Conover, Technometrics 21, 1979. The order is a permutation that is computed point by point: a Feistel
//! network (Luby and Rackoff, SIAM Journal on Computing 17, 1988) on the binary digits that hold n, eight at least, applied
//! again until it falls below n (Black and Rogaway, "Ciphers with arbitrary finite domains", CT-RSA 2002). So no point needs
//! another, and threads and shards compute their own.

use super::REPLICATES;
use crate::draw::address::{Address, PAGE, Stream};

/// Rounds of the network; each half is changed four times.
const ROUNDS: usize = 8;

/// With halves of fewer digits than four the network gives some orders more often than others.
const LEAST_DIGITS: u32 = 8;

/// One coordinate of the hypercubes of every replicate.
#[derive(Clone, Debug)]
pub struct Latin {
    keys: Stream,
    trials: u64,
}

impl Latin {
    /// The coordinate of an address, with so many points in all replicates together.
    pub fn new(seed: u64, address: &Address, trials: u64) -> Self {
        Self { keys: Stream::of_points(seed, address), trials }
    }

    /// Moves the words of the points `first ..` of a replicate into their strata. Words beyond the last point stay.
    pub fn place(&self, replicate: u64, first: u64, words: &mut [u64; PAGE]) {
        let points = points_of(self.trials, replicate);
        let order = Order::new(points, &self.keys, replicate);
        // The strata are 2^64 / n wide, rounded down: what is left above the last is below n / 2^64, less than 2^-28.
        let width = if points > 1 { (u128::from(u64::MAX) + 1) / u128::from(points) } else { 1 << 64 };
        for (word, point) in words.iter_mut().zip(first..points) {
            let within = (u128::from(*word) * width) >> 64;
            *word = (u128::from(order.of(point)) * width + within) as u64;
        }
    }
}

/// Points of a replicate.
pub(super) fn points_of(trials: u64, replicate: u64) -> u64 {
    (trials + REPLICATES - 1 - replicate) / REPLICATES
}

/// A permutation of 0 .. n.
struct Order {
    n: u64,
    /// Digits of the lower and of the upper half.
    low: u32,
    high: u32,
    keys: [u64; ROUNDS],
}

impl Order {
    fn new(n: u64, keys: &Stream, replicate: u64) -> Self {
        let digits = (64 - n.saturating_sub(1).leading_zeros()).max(LEAST_DIGITS);
        let low = digits / 2;
        let keys = std::array::from_fn(|round| keys.further(replicate, round as u64));
        Self { n, low, high: digits - low, keys }
    }

    /// The stratum of a point, which must be below n.
    fn of(&self, point: u64) -> u64 {
        let mut x = point;
        loop {
            x = self.network(x);
            if x < self.n {
                return x;
            }
        }
    }

    fn network(&self, x: u64) -> u64 {
        let (mut high, mut low) = (x >> self.low, x & ((1 << self.low) - 1));
        for keys in self.keys.as_chunks::<2>().0 {
            high ^= mixed(low, keys[0]) & ((1 << self.high) - 1);
            low ^= mixed(high, keys[1]) & ((1 << self.low) - 1);
        }
        high << self.low | low
    }
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014) behind a key; its low digits depend on all of it.
fn mixed(x: u64, key: u64) -> u64 {
    let z = (x ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::super::{Spread, WordSource};
    use super::*;
    use crate::draw::{Kind, unit};

    fn keys(seed: u64) -> Stream {
        Stream::of_points(seed, &Address::new(Kind::Chance, "latin test", 0))
    }

    #[test]
    fn an_order_is_a_permutation() {
        for n in [1, 2, 3, 5, 64, 65, 1000, 3125] {
            let order = Order::new(n, &keys(n), 4);
            let mut found: Vec<u64> = (0..n).map(|point| order.of(point)).collect();
            found.sort_unstable();
            assert!(found.into_iter().eq(0..n), "{n}");
        }
    }

    /// All ordered pairs of strata of two points are equally likely, and so is the stratum of one.
    #[test]
    fn orders_are_uniform() {
        for n in [2u64, 3, 5, 7, 11] {
            let runs = 9_600;
            let mut counts = vec![0u32; (n * n) as usize];
            for seed in 0..runs / REPLICATES {
                for replicate in 0..REPLICATES {
                    let order = Order::new(n, &keys(seed), replicate);
                    counts[(order.of(0) * n + order.of(n - 1)) as usize] += 1;
                }
            }
            let cells = n * (n - 1);
            let expected = runs as f64 / cells as f64;
            let possible =
                counts.iter().enumerate().filter(|(cell, _)| !(*cell as u64).is_multiple_of(n + 1));
            let chi: f64 = possible.map(|(_, c)| (f64::from(*c) - expected).powi(2) / expected).sum();
            let df = cells as f64 - 1.0;
            assert!(chi < df + 4.5 * (2.0 * df).sqrt() + 6.0, "{n}: chi-square {chi:.1} of {df}");
        }
    }

    /// 100 points in each of 32 replicates, on several pages: every stratum holds one, and the place in it is the plain word.
    #[test]
    fn every_stratum_holds_one_point() {
        let address = Address::new(Kind::Input, "latin test", 1);
        let trials = 32 * 1300 + 5;
        let source = WordSource::new(3, &address, Spread::Latin(trials));
        for replicate in [0, 4, 5, 31] {
            let points = points_of(trials, replicate);
            assert_eq!(points, if replicate < 5 { 1301 } else { 1300 });
            let mut strata = Vec::new();
            for block in 0..3 {
                let (page, mut words) = (block * REPLICATES + replicate, [0; PAGE]);
                source.fill(page, &mut words);
                for (lane, word) in words.iter().enumerate().take(points as usize - 512 * block as usize) {
                    let stratum = (unit(*word) * points as f64).floor();
                    let within = unit(*word) * points as f64 - stratum;
                    let plain = source.stream().word(page * 512 + lane as u64);
                    assert!((within - unit(plain)).abs() < 1e-9);
                    strata.push(stratum as u64);
                }
            }
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..points), "replicate {replicate}");
        }
    }

    /// Strata are equal to the last digit where they can be, and a single point has all of the room.
    #[test]
    fn strata_divide_all_words() {
        let address = Address::new(Kind::Input, "latin test", 2);
        let mut words = [0; PAGE];
        Latin::new(1, &address, 32 * 64).place(3, 0, &mut words);
        let mut starts = words[..64].to_vec();
        starts.sort_unstable();
        assert!(starts.into_iter().eq((0..64).map(|stratum| stratum << 58)));
        let mut words = [0x0123_4567_89ab_cdef; PAGE];
        Latin::new(1, &address, 32).place(3, 0, &mut words);
        assert_eq!(words, [0x0123_4567_89ab_cdef; PAGE]);
    }

    #[test]
    fn literal_words_stay() {
        let source = WordSource::new(1, &Address::new(Kind::Input, "latin test", 0), Spread::Latin(3200));
        let mut words = [0; PAGE];
        source.fill(7, &mut words);
        let literal = [words[0], words[1], words[99]];
        assert_eq!(
            literal,
            [0x4eb7_6d24_5dcc_3470, 0x5e4e_56fd_2c6e_de96, 0x97f9_50ee_92cf_18cc],
            "{literal:#018x?}"
        );
    }
}
