//! The PERT distribution: a Beta on low..high from a low, a most likely and a high value.

use super::number::{NumberError, number};
use super::{Beta, Law, Tails};

/// The weight of the mode against the two ends (Malcolm et al., "Application of a technique for research and
/// development program evaluation", 1959).
const WEIGHT_OF_MODE: f64 = 4.0;

/// low + (high − low) Y with Y ~ Beta(1 + 4 (mode − low) / (high − low), 1 + 4 (high − mode) / (high − low)).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pert {
    low: f64,
    mode: f64,
    high: f64,
    beta: Beta,
}

/// Why a [`Pert`] was refused.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PertError {
    /// A parameter is no usable number.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The interval is reversed or a single point.
    #[error("low {low} is not below high {high}; exchange them, or write the one number if it is known")]
    Reversed {
        /// The lower end as given.
        low: f64,
        /// The upper end as given.
        high: f64,
    },
    /// The mode is not in the interval.
    #[error("mode {mode} lies outside low..high ({low}..{high}); move it inside or widen the interval")]
    ModeOutside {
        /// The lower end as given.
        low: f64,
        /// The mode as given.
        mode: f64,
        /// The upper end as given.
        high: f64,
    },
}

impl Pert {
    /// From the smallest, the most likely and the largest value; the mode may lie at an end.
    ///
    /// # Errors
    ///
    /// When a parameter is not finite, `low` is not below `high`, or the mode lies outside them.
    pub fn new(low: f64, mode: f64, high: f64) -> Result<Self, PertError> {
        let (low, mode, high) = (number("low", low)?, number("mode", mode)?, number("high", high)?);
        if !(low < high) {
            return Err(PertError::Reversed { low, high });
        }
        if !(low..=high).contains(&mode) {
            return Err(PertError::ModeOutside { low, mode, high });
        }
        let place = (mode - low) / (high - low);
        let beta = Beta::of_shapes(1.0 + WEIGHT_OF_MODE * place, 1.0 + WEIGHT_OF_MODE * (1.0 - place));
        Ok(Self { low, mode, high, beta })
    }

    /// The smallest value.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The most likely value.
    pub fn mode(&self) -> f64 {
        self.mode
    }

    /// The largest value.
    pub fn high(&self) -> f64 {
        self.high
    }

    fn width(&self) -> f64 {
        self.high - self.low
    }

    fn place(&self, share: f64) -> f64 {
        (self.low + self.width() * share).clamp(self.low, self.high)
    }
}

impl Law for Pert {
    fn cdf(&self, x: f64) -> Tails {
        self.beta.tails_at((x - self.low) / self.width(), (self.high - x) / self.width())
    }

    fn quantile(&self, at: Tails) -> f64 {
        self.place(self.beta.quantile(at))
    }

    fn mean(&self) -> f64 {
        self.low + self.width() * self.beta.mean()
    }

    fn standard_deviation(&self) -> f64 {
        self.width() * self.beta.standard_deviation()
    }

    fn support(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    fn marching(&self) -> Box<dyn FnMut(Tails) -> f64 + '_> {
        let mut beta = self.beta.marching();
        Box::new(move |at| self.place(beta(at)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::harness;
    use super::*;

    #[test]
    fn obeys_the_laws_of_a_distribution() {
        for (low, mode, high) in
            [(150.0, 300.0, 360.0), (0.55, 0.75, 0.9), (80.0, 95.0, 95.0), (-1.0, -1.0, 3.0)]
        {
            harness::check(&Pert::new(low, mode, high).unwrap());
        }
    }

    #[test]
    fn mean_weighs_the_mode_four_times() {
        let pert = Pert::new(150.0, 300.0, 360.0).unwrap();
        assert!((pert.mean() - 285.0).abs() < 1e-12);
        let at_the_end = Pert::new(80.0, 95.0, 95.0).unwrap();
        assert!((at_the_end.mean() - 92.5).abs() < 1e-12);
    }

    /// From `scipy.stats.beta(a, b, loc, scale)` 1.17 with a, b as above.
    #[test]
    fn agrees_with_scipy() {
        let pert = Pert::new(150.0, 300.0, 360.0).unwrap();
        let points = [
            (155.0, 3.103_390_642_161_096_7e-6, 0.999_996_896_609_357_9),
            (200.0, 0.017_968_623_233_729_24, 0.982_031_376_766_270_7),
            (285.0, 0.467_022_065_672_427_5, 0.532_977_934_327_572_5),
            (340.0, 0.944_185_998_520_824_6, 0.055_814_001_479_175_375),
            (359.0, 0.999_890_989_317_808_2, 0.000_109_010_682_191_854_74),
        ];
        for (x, lower, upper) in points {
            let found = pert.cdf(x);
            assert!((found.lower() / lower - 1.0).abs() < 2e-14, "{x}: {found:?}");
            assert!((found.upper() / upper - 1.0).abs() < 2e-14, "{x}: {found:?}");
        }
    }

    #[test]
    fn refuses_what_makes_no_pert() {
        harness::refuses_bad_numbers(&[1.0, 2.0, 3.0], |p| Pert::new(p[0], p[1], p[2]).is_err());
        assert!(Pert::new(2.0, 2.0, 2.0).is_err());
        let text = Pert::new(150.0, 400.0, 360.0).unwrap_err().to_string();
        assert_eq!(text, "mode 400 lies outside low..high (150..360); move it inside or widen the interval");
    }
}
