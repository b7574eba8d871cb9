//! Estimators on series of trials: paired differences and sensitivity indices, each with its 95 % interval.
//!
//! Pure functions of slices, one value a trial. Two series are paired when value i of both belongs to trial i under the
//! same random numbers. Sums run in the order of trials, so that the bits do not depend on threads.

pub mod batches;
pub mod paired;
pub mod rank;
pub mod single;
pub mod sobol;
pub mod split;

pub use batches::BATCHES;

/// Deterministic words for tests: the splitmix64 sequence (Steele, Lea and Flood 2014).
#[cfg(test)]
mod words {
    pub(crate) struct Words(pub(crate) u64);

    impl Words {
        pub(crate) fn word(&mut self) -> u64 {
            self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        }

        pub(crate) fn uniform(&mut self) -> f64 {
            ((self.word() >> 11) as f64 + 0.5) / (1u64 << 53) as f64
        }
    }
}
