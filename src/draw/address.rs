//! Addresses of random words, and the mapping from an address and a trial to the word.
//!
//! This mapping is a public contract: the same address and trial give the same word in every version that does not
//! announce a change of values.
//!
//! **Key.** An address is (seed, kind, name, lane). Its 128-bit key is the first 16 bytes of the SHA-256 of these
//! bytes, read as two little-endian 64-bit words:
//!
//! | bytes | content |
//! |---|---|
//! | 13 | the text `udfald draw 1` |
//! | 8 | seed, little-endian |
//! | 1 | kind: 1 input, 2 factor, 3 chance |
//! | 8 | length of the name in bytes, little-endian |
//! | length | the name, UTF-8 |
//! | 8 | lane, little-endian |
//!
//! **Position.** Trials come in pages of [`PAGE`] = 512. Trial `t` has the counter
//! `[(t >> 9) << 8 | (t & 255), attempt]` and takes output word number `(t >> 8) & 1` of
//! [`threefry2x64`] with that key and counter: the first 256 trials of a page take the
//! first words of 256 consecutive counters, the last 256 take the second words of the same counters. A page costs
//! 256 evaluations and no shuffling.
//!
//! **Attempt.** The word of a trial is that of attempt 0. Attempts 1, 2, .. give further independent words of the
//! same trial, for methods that need more than one ([`AddressRng`]). No trial's words depend on another trial.
//!
//! **Persons.** A stream of single persons (names ending in `.face` or `.each`) has one word for each trial and person:
//! that of the attempt which is the person's index in the intake, from 0.

use std::convert::Infallible;

use rand::TryRng;
use rand::rand_core::utils::fill_bytes_via_next_word;
use sha2::{Digest, Sha256};

use super::threefry::{self, threefry2x64};

/// Trials in a page: the unit in which words, scores and counts are drawn.
pub const PAGE: usize = 512;

const DOMAIN: &[u8] = b"udfald draw 1";

/// In place of [`DOMAIN`] in the keys that spread points are shuffled and scrambled by; of the same length.
const POINTS: &[u8] = b"udfald point1";

/// What a random word is for. The three kinds never share words, so that uncertainty about inputs, common factors
/// and chance can be redrawn separately.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A rate, effect or number we do not know.
    Input,
    /// A common factor, or an event.
    Factor,
    /// Chance given the inputs: which people succeed, measurement noise.
    Chance,
}

impl Kind {
    fn code(self) -> u8 {
        match self {
            Self::Input => 1,
            Self::Factor => 2,
            Self::Chance => 3,
        }
    }
}

/// The address of a stream of random words, apart from the seed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address {
    /// What the words are for.
    pub kind: Kind,
    /// The path of the input or entity, such as `social-referrals.wellbeing.rate`.
    pub name: String,
    /// Intake, measuring point or person, packed into one number by the caller.
    pub lane: u64,
}

impl Address {
    /// The address of (`kind`, `name`, `lane`).
    pub fn new(kind: Kind, name: impl Into<String>, lane: u64) -> Self {
        Self { kind, name: name.into(), lane }
    }
}

/// The stream of random words at one address: a function from the trial index to a 64-bit word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: [u64; 2],
}

impl Stream {
    /// The stream of `address` under `seed`. The encoding that is hashed is described at the top of this file.
    pub fn new(seed: u64, address: &Address) -> Self {
        Self::of(DOMAIN, seed, address)
    }

    /// The stream that shuffles or scrambles the points of `address`: as [`new`](Self::new), with the text `udfald point1`.
    pub(super) fn of_points(seed: u64, address: &Address) -> Self {
        Self::of(POINTS, seed, address)
    }

    /// The key of its words.
    pub(super) fn key(&self) -> [u64; 2] {
        self.key
    }

    fn of(domain: &[u8], seed: u64, address: &Address) -> Self {
        let hash = Sha256::new()
            .chain_update(domain)
            .chain_update(seed.to_le_bytes())
            .chain_update([address.kind.code()])
            .chain_update((address.name.len() as u64).to_le_bytes())
            .chain_update(address.name.as_bytes())
            .chain_update(address.lane.to_le_bytes())
            .finalize();
        let word = |at: usize| (0..8).fold(0, |word, byte| word | u64::from(hash[at + byte]) << (8 * byte));
        Self { key: [word(0), word(8)] }
    }

    /// The words of the 512 trials `512 * page ..` in order.
    #[inline]
    pub fn fill(&self, page: u64, out: &mut [u64; PAGE]) {
        let (chunks, _) = out.as_chunks_mut();
        if let [left, right] = chunks {
            threefry::fill(self.key, [page << 8, 0], left, right);
        }
    }

    /// The words of one person in the 512 trials of a page: [`further`](Self::further) with the person as attempt.
    #[inline]
    pub fn fill_person(&self, page: u64, person: u64, out: &mut [u64; PAGE]) {
        let (chunks, _) = out.as_chunks_mut();
        if let [left, right] = chunks {
            threefry::fill(self.key, [page << 8, person], left, right);
        }
    }

    /// The words of one person in some trials of a page: `left` for trials from `first`, `right` for those 256 later.
    #[inline]
    pub fn fill_person_part(
        &self,
        page: u64,
        person: u64,
        first: usize,
        left: &mut [u64],
        right: &mut [u64],
    ) {
        threefry::fill_slices(self.key, [(page << 8) + first as u64, person], left, right);
    }

    /// The word of one trial: what [`fill`](Self::fill) writes for it.
    pub fn word(&self, trial: u64) -> u64 {
        self.further(trial, 0)
    }

    /// Word number `attempt` of one trial; attempt 0 is [`word`](Self::word).
    pub fn further(&self, trial: u64, attempt: u64) -> u64 {
        let counter = [(trial >> 9) << 8 | (trial & 255), attempt];
        threefry2x64(self.key, counter)[(trial >> 8 & 1) as usize]
    }

    /// The attempts 1, 2, .. of one trial, as a generator for `rand` and `rand_distr`.
    pub fn rng(&self, trial: u64) -> AddressRng {
        AddressRng { stream: *self, trial, attempt: 0 }
    }
}

/// The further words (attempts 1, 2, ..) of one trial of a stream, as a `rand` generator.
///
/// The trial's own word is not among them, so a method that has used it may go on here.
#[derive(Clone, Debug)]
pub struct AddressRng {
    stream: Stream,
    trial: u64,
    attempt: u64,
}

impl TryRng for AddressRng {
    type Error = Infallible;

    /// The high half of the next word.
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.try_next_u64().map(|word| (word >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.attempt += 1;
        Ok(self.stream.further(self.trial, self.attempt))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Infallible> {
        fill_bytes_via_next_word(dst, || self.try_next_u64())
    }
}

/// The uniform number of a word, in (0, 1): `(⌊word / 2^12⌋ + 1/2) / 2^52`, the midpoint of one of 2^52 equal cells.
///
/// Midpoints of 2^52 cells are exact in binary64 and so is `1 - unit(word)`, which is the uniform of the complemented
/// word. With 2^53 cells neither would hold: the upper half of the midpoints needs 54 bits, and the last one would
/// round to 1.
#[inline(always)]
#[must_use]
pub fn unit(word: u64) -> f64 {
    // The 52 bits become the significand of a number in [1, 2); both operations are exact. Cheaper than a conversion
    // on instruction sets without one for 64-bit integers.
    f64::from_bits(0x3ff0_0000_0000_0000 | word >> 12) - (1.0 - 1.0 / (1u64 << 53) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::{Rng, RngExt};

    fn stream() -> Stream {
        Stream::new(20_260_101, &Address::new(Kind::Input, "social-referrals.wellbeing.rate", 3))
    }

    /// Keys computed with another SHA-256 (Python's hashlib) from the table at the top of this file.
    #[test]
    fn keys_are_hashes_of_the_documented_bytes() {
        assert_eq!(stream().key, [0x74eb_af18_b6d5_d4a4, 0x5325_67da_85b6_7e05]);
        let bare = Stream::new(0, &Address::new(Kind::Chance, "", 0));
        assert_eq!(bare.key, [0x02c1_a124_3a8d_437f, 0x4360_3617_8fe9_e6a2]);
    }

    #[test]
    fn every_part_of_an_address_changes_the_stream() {
        let base = Address::new(Kind::Input, "a", 0);
        let others = [
            Stream::new(1, &base),
            Stream::new(0, &Address { kind: Kind::Factor, ..base.clone() }),
            Stream::new(0, &Address { kind: Kind::Chance, ..base.clone() }),
            Stream::new(0, &Address { name: "b".into(), ..base.clone() }),
            Stream::new(0, &Address { lane: 1, ..base.clone() }),
        ];
        for (index, one) in others.iter().enumerate() {
            assert_ne!(*one, Stream::new(0, &base));
            assert!(!others[..index].contains(one));
        }
    }

    #[test]
    fn words_follow_the_documented_mapping() {
        let stream = stream();
        let trial = 512 * 7 + 256 + 10;
        assert_eq!(stream.word(trial), threefry2x64(stream.key, [7 * 256 + 10, 0])[1]);
        assert_eq!(stream.further(5, 3), threefry2x64(stream.key, [5, 3])[0]);
    }

    /// Words computed by another program from the description at the top of this file.
    #[test]
    fn literal_words_stay() {
        let found = [0, 255, 256, 81_234].map(|trial| stream().word(trial));
        assert_eq!(
            found,
            [0xdfa9_1717_f255_130d, 0xa53c_0412_eff1_72b9, 0x91ee_1b7e_5057_666f, 0x49f9_c301_d849_c4ff]
        );
    }

    #[test]
    fn the_generator_is_the_sequence_of_attempts() {
        let stream = stream();
        let mut rng = stream.rng(1000);
        assert_eq!(rng.next_u64(), stream.further(1000, 1));
        assert_eq!(rng.next_u32(), (stream.further(1000, 2) >> 32) as u32);
        let mut bytes = [0; 8];
        rng.fill_bytes(&mut bytes);
        assert_eq!(bytes, stream.further(1000, 3).to_le_bytes());
        let normal: f64 = rng.sample(rand_distr::StandardNormal);
        assert!(normal.is_finite());
    }

    #[test]
    fn uniforms_never_reach_the_ends() {
        let tiny = 1.0 / (1u64 << 53) as f64;
        assert_eq!(unit(0).to_bits(), tiny.to_bits());
        assert_eq!(unit(u64::MAX).to_bits(), (1.0 - tiny).to_bits());
    }

    /// Means of the words' bits over 2^16 trials: each within 5 standard errors of a half.
    #[test]
    fn bits_are_balanced() {
        let stream = stream();
        let mut page = [0; PAGE];
        let mut ones = [0u32; 64];
        for number in 0..128 {
            stream.fill(number, &mut page);
            for word in page {
                for (bit, ones) in ones.iter_mut().enumerate() {
                    *ones += (word >> bit & 1) as u32;
                }
            }
        }
        assert!(ones.iter().all(|&ones| ones.abs_diff(32_768) < 640), "{ones:?}");
    }

    proptest! {
        #[test]
        fn a_page_is_its_single_words(key: [u64; 2], page in 0u64..1 << 50) {
            let stream = Stream { key };
            let mut out = [0; PAGE];
            stream.fill(page, &mut out);
            for (offset, word) in out.into_iter().enumerate() {
                prop_assert_eq!(word, stream.word(page * PAGE as u64 + offset as u64));
            }
        }

        #[test]
        fn words_of_persons_are_attempts(key: [u64; 2], page in 0u64..1 << 40, person in 0u64..10_000) {
            let stream = Stream { key };
            let mut out = [0; PAGE];
            stream.fill_person(page, person, &mut out);
            let (mut left, mut right) = ([0; 32], [0; 32]);
            stream.fill_person_part(page, person, 64, &mut left, &mut right);
            prop_assert_eq!(&left, &out[64..96]);
            prop_assert_eq!(&right, &out[256 + 64..256 + 96]);
            for (offset, word) in out.into_iter().enumerate() {
                prop_assert_eq!(word, stream.further(page * PAGE as u64 + offset as u64, person));
            }
        }

        #[test]
        fn the_unit_of_a_complement_is_the_complement(word: u64) {
            let formula = ((word >> 12) as f64 + 0.5) / (1u64 << 52) as f64;
            prop_assert_eq!(unit(word).to_bits(), formula.to_bits());
            prop_assert_eq!((1.0 - unit(word)).to_bits(), unit(!word).to_bits());
        }
    }
}
