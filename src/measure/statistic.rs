//! The statistics of a series by name, in the order in which reports list them.

use std::fmt;
use std::str::FromStr;
use thiserror::Error;

/// A share `part / whole` of the trials, as exact integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level {
    part: u32,
    whole: u32,
}

/// A level that is no share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("{part}/{whole} is no level: it must lie from 0 to 1, with a whole from 1 to 1000000")]
pub struct LevelError {
    part: u32,
    whole: u32,
}

impl Level {
    const MAX_WHOLE: u32 = 1_000_000;

    /// The level `part / whole`.
    ///
    /// # Errors
    /// A share above 1, or a whole of 0 or above a million.
    pub fn new(part: u32, whole: u32) -> Result<Self, LevelError> {
        if part <= whole && (1..=Self::MAX_WHOLE).contains(&whole) {
            Ok(Self { part, whole })
        } else {
            Err(LevelError { part, whole })
        }
    }

    const fn percent(part: u32) -> Self {
        assert!(part <= 100, "a level above 100 %");
        Self { part, whole: 100 }
    }

    /// The numerator.
    pub fn part(self) -> u32 {
        self.part
    }

    /// The denominator.
    pub fn whole(self) -> u32 {
        self.whole
    }

    /// The level as a number from 0 to 1.
    pub fn share(self) -> f64 {
        f64::from(self.part) / f64::from(self.whole)
    }

    /// What is left of the whole.
    #[must_use]
    pub fn complement(self) -> Self {
        Self { part: self.whole - self.part, whole: self.whole }
    }

    /// The rank max(1, ceil(trials · part / whole)) of the order statistic that is this quantile of `trials` trials.
    pub fn rank(self, trials: u64) -> u64 {
        let product = u128::from(trials) * u128::from(self.part);
        (product.div_ceil(u128::from(self.whole)) as u64).max(1)
    }
}

/// What a statistic is measured in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnitKind {
    /// An amount in øre.
    Money,
    /// A share of the trials, from 0 to 1.
    Share,
}

/// A figure about one series.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// Mean amount.
    Mean,
    /// Standard deviation with denominator n − 1.
    Sd,
    /// Smallest amount that occurred.
    Min,
    /// Quantile 1 %.
    P01,
    /// Quantile 5 %.
    P05,
    /// Quantile 10 %.
    P10,
    /// Quantile 25 %.
    P25,
    /// Median.
    P50,
    /// Quantile 75 %.
    P75,
    /// Quantile 80 %.
    P80,
    /// Quantile 90 %.
    P90,
    /// Quantile 95 %.
    P95,
    /// Quantile 99 %.
    P99,
    /// Largest amount that occurred.
    Max,
    /// Mean of the dearest 5 % of the mass, atoms split.
    Tvar95,
    /// Mean of the lowest 5 % of the mass, atoms split.
    Tvar05,
    /// Share of trials with nothing at all.
    ProbZero,
    /// Share of trials in which a limit took something; read from flows of the limit, not from the series.
    ProbCut,
    /// The most that the terms allow; read from the terms, not from the trials.
    ContractMax,
}

impl Statistic {
    /// Every statistic, in the order of reports.
    pub const ALL: [Self; 19] = [
        Self::Mean,
        Self::Sd,
        Self::Min,
        Self::P01,
        Self::P05,
        Self::P10,
        Self::P25,
        Self::P50,
        Self::P75,
        Self::P80,
        Self::P90,
        Self::P95,
        Self::P99,
        Self::Max,
        Self::Tvar95,
        Self::Tvar05,
        Self::ProbZero,
        Self::ProbCut,
        Self::ContractMax,
    ];

    /// The name in files, the same in every language.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mean => "mean",
            Self::Sd => "sd",
            Self::Min => "min",
            Self::P01 => "p01",
            Self::P05 => "p05",
            Self::P10 => "p10",
            Self::P25 => "p25",
            Self::P50 => "p50",
            Self::P75 => "p75",
            Self::P80 => "p80",
            Self::P90 => "p90",
            Self::P95 => "p95",
            Self::P99 => "p99",
            Self::Max => "max",
            Self::Tvar95 => "tvar95",
            Self::Tvar05 => "tvar05",
            Self::ProbZero => "prob_zero",
            Self::ProbCut => "prob_cut",
            Self::ContractMax => "contract_max",
        }
    }

    /// What the statistic is measured in.
    pub fn unit(self) -> UnitKind {
        match self {
            Self::ProbZero | Self::ProbCut => UnitKind::Share,
            _ => UnitKind::Money,
        }
    }

    /// The level of a quantile, or the share of the mass in a tail mean.
    pub fn level(self) -> Option<Level> {
        let percent = match self {
            Self::P01 => 1,
            Self::P05 | Self::Tvar95 | Self::Tvar05 => 5,
            Self::P10 => 10,
            Self::P25 => 25,
            Self::P50 => 50,
            Self::P75 => 75,
            Self::P80 => 80,
            Self::P90 => 90,
            Self::P95 => 95,
            Self::P99 => 99,
            _ => return None,
        };
        Some(Level::percent(percent))
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A name that no statistic has.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("there is no statistic {0:?}")]
pub struct UnknownStatistic(String);

impl FromStr for Statistic {
    type Err = UnknownStatistic;

    fn from_str(name: &str) -> Result<Self, UnknownStatistic> {
        let found = Self::ALL.into_iter().find(|statistic| statistic.name() == name);
        found.ok_or_else(|| UnknownStatistic(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_that_scripts_rely_on() {
        let names: Vec<_> = Statistic::ALL.iter().map(ToString::to_string).collect();
        assert_eq!(
            names.join(" "),
            "mean sd min p01 p05 p10 p25 p50 p75 p80 p90 p95 p99 max tvar95 tvar05 prob_zero prob_cut contract_max"
        );
        for statistic in Statistic::ALL {
            assert_eq!(statistic.name().parse(), Ok(statistic));
        }
        assert!("P90".parse::<Statistic>().is_err());
        assert!(Statistic::ALL.is_sorted());
    }

    #[test]
    fn quantile_names_say_their_level() {
        for statistic in Statistic::ALL {
            if let Some(percent) =
                statistic.name().strip_prefix('p').and_then(|rest| rest.parse::<u32>().ok())
            {
                assert_eq!(statistic.level(), Level::new(percent, 100).ok());
            }
        }
    }

    #[test]
    fn shares_are_shares_and_complements_what_is_left() {
        let shares: Vec<_> = Statistic::ALL.into_iter().filter(|s| s.unit() == UnitKind::Share).collect();
        assert_eq!(shares, [Statistic::ProbZero, Statistic::ProbCut]);
        assert_eq!(Level::new(3, 10).unwrap().complement(), Level::new(7, 10).unwrap());
    }

    #[test]
    fn ranks_are_exact_integers() {
        let level = |part, whole| Level::new(part, whole).unwrap();
        assert_eq!(level(9, 10).rank(10), 9);
        assert_eq!(level(90, 100).rank(11), 10);
        assert_eq!(level(0, 1).rank(7), 1);
        assert_eq!(level(1, 1).rank(7), 7);
        // In floating point 0.07 * 100 is 7.000000000000001, whose ceiling is 8.
        assert_eq!(level(7, 100).rank(100), 7);
        assert_eq!(level(99, 100).rank(1 << 40), 1_088_516_511_499);
        assert!(Level::new(2, 1).is_err() && Level::new(0, 0).is_err());
    }
}
