//! The exact distribution of a figure: every amount that it can take, with its probability.

use std::collections::BTreeMap;

use crate::money::Ore;

/// Amounts in øre, ascending, with probabilities that add up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    atoms: Vec<(Ore, f64)>,
}

impl Distribution {
    /// A figure that is known beforehand.
    #[must_use]
    pub fn certain(amount: Ore) -> Self {
        Self { atoms: vec![(amount, 1.0)] }
    }

    /// From probabilities by amount.
    pub(super) fn new(atoms: BTreeMap<Ore, f64>) -> Self {
        Self { atoms: atoms.into_iter().filter(|(_, p)| *p > 0.0).collect() }
    }

    /// Every amount with its probability, ascending.
    #[must_use]
    pub fn atoms(&self) -> &[(Ore, f64)] {
        &self.atoms
    }

    /// What all probabilities add up to: 1, but for rounding.
    #[must_use]
    pub fn mass(&self) -> f64 {
        self.atoms.iter().map(|(_, p)| p).sum()
    }

    /// The expected amount, in øre.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.atoms.iter().map(|(amount, p)| *amount as f64 * p).sum()
    }

    /// E(X − mean)^k, in øre^k.
    fn central(&self, power: i32) -> f64 {
        let mean = self.mean();
        let term = |(amount, p): &(Ore, f64)| {
            let away = *amount as f64 - mean;
            (0..power).fold(*p, |product, _| product * away)
        };
        self.atoms.iter().map(term).sum()
    }

    /// The standard deviation, in øre.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        self.central(2).max(0.0).sqrt()
    }

    /// The standardised third moment; 0 for a constant.
    #[must_use]
    pub fn skewness(&self) -> f64 {
        let sd = self.standard_deviation();
        if sd > 0.0 { self.central(3) / (sd * sd * sd) } else { 0.0 }
    }

    /// P(X = amount).
    #[must_use]
    pub fn probability(&self, amount: Ore) -> f64 {
        self.atoms.binary_search_by_key(&amount, |(at, _)| *at).map_or(0.0, |found| self.atoms[found].1)
    }

    /// P(X ≤ amount).
    #[must_use]
    pub fn at_most(&self, amount: Ore) -> f64 {
        self.atoms.iter().take_while(|(at, _)| *at <= amount).map(|(_, p)| p).sum()
    }

    /// The smallest amount that is not exceeded with at least this probability.
    #[must_use]
    pub fn quantile(&self, level: f64) -> Ore {
        let mut below = 0.0;
        let reached = self.atoms.iter().find(|(_, p)| {
            below += p;
            // An amount whose cumulative probability is the level itself must not be lost to rounding.
            below >= level - 1e-12
        });
        reached.or(self.atoms.last()).map_or(0, |(amount, _)| *amount)
    }

    /// The largest amount.
    #[must_use]
    pub fn largest(&self) -> Ore {
        self.atoms.last().map_or(0, |(amount, _)| *amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_quantiles_of_a_fair_coin() {
        let coin = Distribution::new(BTreeMap::from([(0, 0.5), (200, 0.5), (300, 0.0)]));
        let near = |found: f64, exact: f64| (found - exact).abs() < 1e-9;
        assert!(
            near(coin.mean(), 100.0) && near(coin.standard_deviation(), 100.0) && near(coin.skewness(), 0.0)
        );
        assert_eq!((coin.quantile(0.5), coin.quantile(0.51), coin.largest()), (0, 200, 200));
        let chances = [coin.at_most(199), coin.probability(200), coin.probability(1)];
        assert!(chances.into_iter().zip([0.5, 0.5, 0.0]).all(|(p, q)| near(p, q)));
        assert!(Distribution::certain(7).skewness().abs() < 1e-12);
    }
}
