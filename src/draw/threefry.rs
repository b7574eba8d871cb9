//! Threefry 2x64 with 13 rounds, a published counter-based generator.
//!
//! Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (section 4.2 and table 2).
//! A key and a counter of two 64-bit words each give two output words; there is no state. 13 rounds is the smallest
//! number that passed every test of the paper.

/// Rotation distances of the eight rounds that repeat (paper, table 2, column 2x64).
const ROTATIONS: [u32; 8] = [16, 42, 12, 31, 16, 32, 24, 21];

/// The key schedule's parity word, from Threefish in Skein 1.3.
const PARITY: u64 = 0x1BD1_1BDA_A9FC_1A22;

const ROUNDS: usize = 13;

/// Evaluations in a block made by [`fill`].
pub const BLOCK: usize = 256;

/// The two output words for one key and counter.
#[inline(always)]
#[must_use]
#[allow(clippy::inline_always)] // has to be compiled for the instruction set of its caller
pub fn threefry2x64(key: [u64; 2], counter: [u64; 2]) -> [u64; 2] {
    let schedule = [key[0], key[1], PARITY ^ key[0] ^ key[1]];
    let mut left = counter[0].wrapping_add(key[0]);
    let mut right = counter[1].wrapping_add(key[1]);
    for round in 0..ROUNDS {
        left = left.wrapping_add(right);
        right = right.rotate_left(ROTATIONS[round % 8]) ^ left;
        if round % 4 == 3 {
            let injection = round / 4 + 1;
            left = left.wrapping_add(schedule[injection % 3]);
            right = right.wrapping_add(schedule[(injection + 1) % 3]).wrapping_add(injection as u64);
        }
    }
    [left, right]
}

/// The output words for [`BLOCK`] consecutive counters `[first, second], [first + 1, second], ..`: all first words
/// into `left`, all second words into `right`.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
pub fn fill(key: [u64; 2], counter: [u64; 2], left: &mut [u64; BLOCK], right: &mut [u64; BLOCK]) {
    for (step, (left, right)) in left.iter_mut().zip(right).enumerate() {
        [*left, *right] = threefry2x64(key, [counter[0].wrapping_add(step as u64), counter[1]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The known answers of the Random123 distribution (`kat_vectors`, threefry2x64 with 13 rounds).
    #[test]
    fn known_answers() {
        let cases = [
            ([0; 2], [0; 2], [0xf167_b032_c3b4_80bd, 0xe91f_9fee_4b7a_6fb5]),
            ([u64::MAX; 2], [u64::MAX; 2], [0xccde_c5c9_17a8_74b1, 0x4df5_3abc_a26c_eb01]),
            (
                [0xa409_3822_299f_31d0, 0x082e_fa98_ec4e_6c89],
                [0x243f_6a88_85a3_08d3, 0x1319_8a2e_0370_7344],
                [0xc3aa_c715_6104_2993, 0x3fe7_ae88_01af_f316],
            ),
        ];
        for (key, counter, expected) in cases {
            assert_eq!(threefry2x64(key, counter), expected);
        }
    }

    proptest! {
        #[test]
        fn a_block_is_its_single_evaluations(key: [u64; 2], counter: [u64; 2]) {
            let (mut left, mut right) = ([0; BLOCK], [0; BLOCK]);
            fill(key, counter, &mut left, &mut right);
            for step in 0..BLOCK {
                let single = threefry2x64(key, [counter[0].wrapping_add(step as u64), counter[1]]);
                prop_assert_eq!([left[step], right[step]], single);
            }
        }
    }
}
