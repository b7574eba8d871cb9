//! A small exact program for contracts of the shape of G1, sharing nothing with the engine.
//!
//! Quarters of `people` people, a success rate P ~ Beta(a, b) common to all quarters, a price per success, a cap per
//! quarter and one over the lifetime, and payers with shares and caps of their own. Given P the sum of the capped
//! quarters is a convolution over (successes in uncut quarters, cut quarters); over P it is a quadrature.

use statrs::distribution::{Beta, Binomial, Continuous, Discrete};

/// A contract of the shape of G1; money in kroner.
pub struct Contract {
    pub people: u64,
    pub quarters: usize,
    pub beta: (f64, f64),
    pub price: f64,
    pub quarter_cap: f64,
    pub lifetime_cap: f64,
    /// Share and cap of each payer.
    pub payers: Vec<(f64, f64)>,
}

/// Exact figures, in kroner.
#[derive(Debug, Default)]
pub struct Exact {
    pub payable_mean: f64,
    pub payable_sd: f64,
    pub quarter_cuts: f64,
    pub lifetime_cuts: f64,
    pub lost_to_lifetime: f64,
    pub payers: Vec<f64>,
    /// Amounts payable under the quarter and lifetime caps, ascending, with their probabilities.
    pub distribution: Vec<(f64, f64)>,
}

/// Points of the quadrature over the rate; doubling them changes no figure in its first ten digits.
const POINTS: usize = 400;

pub fn solve(contract: &Contract) -> Exact {
    let uncut = (contract.quarter_cap / contract.price).floor() as usize;
    let mut joint = vec![vec![0.0; contract.quarters + 1]; uncut * contract.quarters + 1];
    let beta = Beta::new(contract.beta.0, contract.beta.1).unwrap();
    let step = 1.0 / POINTS as f64;
    let mass: f64 = (1..POINTS).map(|i| beta.pdf(i as f64 * step)).sum();
    for i in 1..POINTS {
        let rate = i as f64 * step;
        let weight = beta.pdf(rate) / mass;
        if weight > 1e-14 {
            add(&mut joint, &given_rate(contract, uncut, rate), weight);
        }
    }
    figures(contract, &joint)
}

fn add(joint: &mut [Vec<f64>], given: &[Vec<f64>], weight: f64) {
    for (row, more) in joint.iter_mut().zip(given) {
        for (cell, more) in row.iter_mut().zip(more) {
            *cell += weight * more;
        }
    }
}

/// The joint distribution of successes in uncut quarters and the number of cut quarters.
fn given_rate(contract: &Contract, uncut: usize, rate: f64) -> Vec<Vec<f64>> {
    let law = Binomial::new(rate, contract.people).unwrap();
    let chance: Vec<f64> = (0..=uncut.min(contract.people as usize)).map(|k| law.pmf(k as u64)).collect();
    let cut = 1.0 - chance.iter().sum::<f64>();
    let mut state = vec![vec![0.0; contract.quarters + 1]; uncut * contract.quarters + 1];
    state[0][0] = 1.0;
    for quarter in 0..contract.quarters {
        let mut next = vec![vec![0.0; contract.quarters + 1]; state.len()];
        for (sum, row) in state.iter().enumerate().take(uncut * quarter + 1) {
            for (cuts, mass) in row.iter().enumerate().take(quarter + 1).filter(|(_, mass)| **mass > 1e-16) {
                for (k, chance) in chance.iter().enumerate() {
                    next[sum + k][cuts] += mass * chance;
                }
                next[sum][cuts + 1] += mass * cut.max(0.0);
            }
        }
        state = next;
    }
    state
}

fn figures(contract: &Contract, joint: &[Vec<f64>]) -> Exact {
    let mut exact = Exact { payers: vec![0.0; contract.payers.len()], ..Exact::default() };
    let mut square = 0.0;
    for (sum, row) in joint.iter().enumerate() {
        for (cuts, mass) in row.iter().enumerate().filter(|(_, mass)| **mass > 0.0) {
            let earned = sum as f64 * contract.price + cuts as f64 * contract.quarter_cap;
            let payable = earned.min(contract.lifetime_cap);
            exact.payable_mean += mass * payable;
            square += mass * payable * payable;
            exact.quarter_cuts += if cuts > 0 { *mass } else { 0.0 };
            exact.lifetime_cuts += if earned > contract.lifetime_cap + 1e-6 { *mass } else { 0.0 };
            exact.lost_to_lifetime += mass * (earned - payable);
            for (paid, (share, cap)) in exact.payers.iter_mut().zip(&contract.payers) {
                *paid += mass * (share * payable).min(*cap);
            }
            exact.distribution.push((payable, *mass));
        }
    }
    exact.payable_sd = (square - exact.payable_mean * exact.payable_mean).sqrt();
    exact.distribution.sort_by(|a, b| a.0.total_cmp(&b.0));
    exact
}

impl Exact {
    /// P(payable ≤ x).
    pub fn cdf(&self, x: f64) -> f64 {
        self.distribution.iter().take_while(|(amount, _)| *amount <= x + 1e-6).map(|(_, mass)| mass).sum()
    }
}

/// Golden case G1.
pub fn g1() -> Contract {
    Contract {
        people: 60,
        quarters: 12,
        beta: (18.0, 27.0),
        price: 5_000.0,
        quarter_cap: 150_000.0,
        lifetime_cap: 1_300_000.0,
        payers: vec![(0.5, 600_000.0), (0.3, 400_000.0), (0.2, 350_000.0)],
    }
}

/// The published figures of G1: two grids agreed to all digits shown.
#[test]
fn the_exact_program_gives_the_published_figures_of_g1() {
    let exact = solve(&g1());
    let close = |found: f64, published: f64, digits: f64| {
        assert!((found - published).abs() < digits, "{found} {published}");
    };
    close(exact.payable_mean, 1_249_406.061, 0.001);
    close(exact.payable_sd, 103_680.597, 0.001);
    close(exact.quarter_cuts, 0.468_309_57, 1e-8);
    close(exact.lifetime_cuts, 0.686_803_73, 1e-8);
    close(exact.lost_to_lifetime, 162_890.082, 0.001);
    close(exact.payers[0], 587_060.286, 0.001);
    close(exact.payers[1], 374_821.818, 0.001);
    close(exact.payers[2], 249_881.212, 0.001);
}
