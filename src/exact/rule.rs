//! Rules: what follows from other integers without chance. Money is whole øre and nothing is ever rounded twice.

use crate::contract::NANO;
use crate::contract::price::{MILLION, Piece};
use crate::contract::share::Fraction;
use crate::money::Ore;

/// A measured level that has no value, because nobody was measured.
pub(super) const NO_VALUE: i64 = i64::MIN;

/// How some integers follow from others.
#[derive(Clone, Debug)]
pub(super) enum Rule {
    /// a + b + …
    Sum,
    /// a − b − …, known not to be below zero.
    Less,
    /// 1 if any is above zero, else 0.
    AnyAbove,
    /// A quantity times `numerator / denominator` øre; a level without value is worth nothing.
    PerUnit { numerator: i128, denominator: i128 },
    /// A quantity and the ordinal of its price in kroner; `per` units of the quantity make one.
    Uncertain { prices: Vec<f64>, per: i64 },
    /// A payment function of a quantity in units of `nano` · 10⁻⁹, times a base in øre.
    Function { pieces: Vec<Piece>, nano: i64, base: Fraction },
    /// The nearest whole krone.
    WholeKroner,
    /// A total into parts by cumulative shares of a denominator.
    Parts { boundaries: Vec<i64>, denominator: i64 },
    /// What passes a vessel: headroom and amounts to the headroom left and what passes of each amount.
    Vessel,
    /// What a promise leaves due after earlier payments.
    Due { constant: f64, weights: Vec<f64> },
}

impl Rule {
    /// The integers that follow from `given`, appended to `found`.
    pub(super) fn apply(&self, given: &[i64], found: &mut Vec<i64>) {
        match self {
            Self::Sum => found.push(given.iter().sum()),
            Self::Less => found.push(given[0] - given[1..].iter().sum::<i64>()),
            Self::AnyAbove => found.push(i64::from(given.iter().any(|x| *x > 0))),
            Self::PerUnit { numerator, denominator } => {
                let quantity = valued(given[0]);
                found.push(nearest(quantity * numerator, *denominator));
            }
            Self::Uncertain { prices, per } => {
                let units = valued(given[0]) as f64 / *per as f64;
                found.push((units * prices[given[1] as usize] * 100.0).round() as i64);
            }
            Self::Function { pieces, nano, base } => found.push(function(pieces, given[0], *nano, *base)),
            Self::WholeKroner => found.push(nearest(i128::from(given[0]), 100) * 100),
            Self::Parts { boundaries, denominator } => {
                let total = i128::from(given[0]);
                let upto = |b: &i64| nearest(total * i128::from(*b), i128::from(*denominator));
                in_steps(boundaries.iter().map(upto), found);
            }
            Self::Vessel => vessel(given[0], &given[1..], found),
            Self::Due { constant, weights } => {
                let due = weights.iter().zip(given).fold(*constant, |due, (w, paid)| due - w * *paid as f64);
                found.push(((due + 1e-6).floor() as i64).max(0));
            }
        }
    }

    /// Bounds of what follows from integers between bounds; never too narrow.
    pub(super) fn range(&self, given: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let sum = |of: &[(i64, i64)]| of.iter().fold((0, 0), |(low, high), r| (low + r.0, high + r.1));
        let one = |low: i64| {
            let mut found = Vec::new();
            self.apply(&[low], &mut found);
            found
        };
        match self {
            Self::Sum => vec![sum(given)],
            Self::Less => {
                let (low, high) = sum(&given[1..]);
                vec![((given[0].0 - high).max(0), (given[0].1 - low).max(0))]
            }
            Self::AnyAbove => {
                let surely = given.iter().any(|r| r.0 > 0);
                vec![(i64::from(surely), i64::from(given.iter().any(|r| r.1 > 0)))]
            }
            Self::PerUnit { .. } | Self::WholeKroner | Self::Parts { .. } => {
                let (low, high) = (one(given[0].0), one(given[0].1));
                // Shares of a smaller total are smaller, but for an øre of rounding.
                let slack = i64::from(matches!(self, Self::Parts { .. }));
                let pair = |(a, b): (i64, i64)| (a.min(b) - slack, a.max(b) + slack);
                low.into_iter().zip(high).map(pair).map(|(a, b)| (a.max(0.min(b)), b)).collect()
            }
            Self::Uncertain { prices, .. } => {
                let corners = prices.iter().enumerate().flat_map(|(k, _)| {
                    [given[0].0, given[0].1].map(|q| {
                        let mut found = Vec::new();
                        self.apply(&[q, k as i64], &mut found);
                        found[0]
                    })
                });
                vec![corners.fold((0, 0), |(low, high), x| (low.min(x), high.max(x)))]
            }
            Self::Function { pieces, nano, .. } => {
                let near = |piece: &Piece| {
                    let edge = if piece.edge == i64::MIN { given[0].0 } else { piece.edge / nano };
                    [edge.saturating_sub(1), edge, edge.saturating_add(1)]
                };
                let inside = pieces.iter().flat_map(near).filter(|q| (given[0].0..=given[0].1).contains(q));
                let at = inside.chain([given[0].0, given[0].1]).map(|q| one(q)[0]);
                vec![at.fold((i64::MAX, i64::MIN), |(low, high), x| (low.min(x), high.max(x)))]
            }
            Self::Vessel => {
                let (room, (low, high)) = (given[0], sum(&given[1..]));
                let left = ((room.0 - high).max(0), (room.1 - low).max(0));
                let passes = given[1..].iter().map(|r| (0, r.1.min(room.1)));
                std::iter::once(left).chain(passes).collect()
            }
            Self::Due { constant, .. } => vec![(0, ((constant + 1e-6).floor() as i64).max(0))],
        }
    }
}

fn valued(quantity: i64) -> i128 {
    if quantity == NO_VALUE { 0 } else { i128::from(quantity) }
}

/// a / d to the nearest whole number, halves away from zero; d is positive.
fn nearest(a: i128, d: i128) -> i64 {
    let doubled = 2 * a.abs() + d;
    let magnitude = doubled.div_euclid(2 * d) as i64;
    if a < 0 { -magnitude } else { magnitude }
}

/// The steps between boundaries that begin at zero.
fn in_steps(boundaries: impl Iterator<Item = i64>, found: &mut Vec<i64>) {
    let mut before = 0;
    for boundary in boundaries {
        found.push(boundary - before);
        before = boundary;
    }
}

/// The row that `quantity` has reached, at that quantity: `base · (pay + rise · (q − edge) / over)`, `pay` in millionths.
fn function(pieces: &[Piece], quantity: i64, nano: i64, base: Fraction) -> Ore {
    if quantity == NO_VALUE {
        return 0;
    }
    let q = i128::from(quantity) * i128::from(nano);
    let reaches = |piece: &&Piece| match q.cmp(&i128::from(piece.edge)) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => piece.closed,
        std::cmp::Ordering::Greater => true,
    };
    let Some(piece) = pieces.iter().rev().find(reaches) else { return 0 };
    let over = i128::from(piece.over);
    let along = if piece.rise == 0 { 0 } else { i128::from(piece.rise) * (q - i128::from(piece.edge)) };
    let height = i128::from(piece.pay) * over + along;
    nearest(i128::from(*base.numer()) * height, i128::from(MILLION) * over * i128::from(*base.denom()))
}

/// The least of headroom and amounts passes, divided in proportion by cumulative boundaries.
fn vessel(headroom: i64, amounts: &[i64], found: &mut Vec<i64>) {
    let sum: i64 = amounts.iter().sum();
    let passes = sum.min(headroom);
    found.push(headroom - passes);
    if passes == sum {
        found.extend_from_slice(amounts);
        return;
    }
    let mut so_far = 0;
    let upto = amounts.iter().map(|amount| {
        so_far += i128::from(*amount);
        nearest(i128::from(passes) * so_far, i128::from(sum))
    });
    in_steps(upto, found);
}

/// A price per unit in millionths of a krone, times a multiplier, as a fraction of øre for each unit of the quantity.
pub(super) fn per_unit(millionths: i64, times: Fraction, level: bool) -> Rule {
    let unit = if level { 10_000 * i128::from(NANO) } else { 10_000 };
    Rule::PerUnit {
        numerator: i128::from(millionths) * i128::from(*times.numer()),
        denominator: unit * i128::from(*times.denom()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(rule: &Rule, given: &[i64]) -> Vec<i64> {
        let mut found = Vec::new();
        rule.apply(given, &mut found);
        found
    }

    #[test]
    fn a_vessel_cuts_in_proportion_and_keeps_every_ore() {
        assert_eq!(applied(&Rule::Vessel, &[100, 100, 100, 100]), [0, 33, 34, 33]);
        assert_eq!(applied(&Rule::Vessel, &[500, 100, 100]), [300, 100, 100]);
        assert_eq!(applied(&Rule::Vessel, &[0, 0, 7]), [0, 0, 0]);
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!([nearest(5, 2), nearest(-5, 2), nearest(4, 3), nearest(-1, 3)], [3, -3, 1, 0]);
        assert_eq!(applied(&Rule::WholeKroner, &[1250]), [1300]);
        assert_eq!(applied(&per_unit(333_333, 1.into(), false), &[3]), [100]);
        assert_eq!(applied(&per_unit(100 * MILLION, Fraction::new(1, 3), false), &[3]), [10_000]);
    }

    #[test]
    fn an_edge_belongs_to_the_row_that_is_closed() {
        let row = |edge: i64, closed, pay: i64| Piece {
            edge: edge * NANO,
            closed,
            pay: pay * MILLION,
            rise: 0,
            over: 1,
        };
        let rows = |closed| Rule::Function { pieces: vec![row(10, closed, 5)], nano: NANO, base: 100.into() };
        assert_eq!(applied(&rows(true), &[10]), [500]);
        assert_eq!((applied(&rows(false), &[10]), applied(&rows(false), &[11])), (vec![0], vec![500]));
        assert_eq!(rows(true).range(&[(0, 20)]), [(0, 500)]);
    }

    #[test]
    fn ranges_hold_what_is_applied() {
        let parts = Rule::Parts { boundaries: vec![1, 2, 3], denominator: 3 };
        for total in 0..20 {
            let range = parts.range(&[(0, 20)]);
            assert!(
                applied(&parts, &[total]).iter().zip(range).all(|(x, (low, high))| (low..=high).contains(x))
            );
        }
        assert_eq!(Rule::Vessel.range(&[(5, 5), (0, 9)]), [(0, 5), (0, 5)]);
    }
}
