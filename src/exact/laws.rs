//! Laws of what chance decides: people who come, counts given rates, measured levels given noise.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use super::quadrature::between;
use super::rule::NO_VALUE;
use super::uncertain::{LocalValues, Node, Place, Uncertain};
use crate::contract::NANO;
use crate::dist::{Bounded, Law as _, Tails};
use crate::scenario::model::{Comparison, InputIndex, Number};

/// Every integer that can be drawn, with its probability at every node.
pub(super) type Fan = Vec<(i64, Vec<f64>)>;

/// A law, given integers: people or those measured first, then the points of local numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Law {
    /// How many people come, in closed form.
    People,
    /// How many people come, decided at every node.
    PeopleOf(Number),
    /// The point of a local number.
    Local(usize),
    /// A binomial count of so many people.
    Count { rate: Place, locals: Vec<usize> },
    /// The band of a payment function that a noisy level falls into, as its first 10⁻⁹; bands begin at `starts`.
    Band { level: Place, sd: Number, against: Comparison, starts: Vec<i64>, locals: Vec<usize> },
    /// A level without noise.
    Level { level: Place, locals: Vec<usize> },
    /// The ordinal of an uncertain price among its values.
    Price { price: Number, values: Vec<f64> },
}

/// What is less probable than this at every node is not drawn.
const LEAST: f64 = 1e-22;

/// Fans by law and what it was given.
type Fans = HashMap<(usize, Vec<i64>), Arc<Fan>>;

/// Some nodes, walked together.
pub(super) struct Bundle<'b> {
    uncertain: &'b Uncertain<'b>,
    laws: &'b [Law],
    level: u32,
    nodes: &'b [Node],
    weights: Vec<f64>,
    fans: Mutex<Fans>,
    /// Values of local numbers: by local, point and node.
    locals: Vec<Vec<Vec<f64>>>,
}

impl<'b> Bundle<'b> {
    pub(super) fn new(uncertain: &'b Uncertain<'b>, laws: &'b [Law], level: u32, nodes: &'b [Node]) -> Self {
        Self {
            uncertain,
            laws,
            level,
            nodes,
            weights: nodes.iter().map(|node| node.weight).collect(),
            fans: Mutex::default(),
            locals: uncertain.locals.iter().map(|local| local.values(level, nodes)).collect(),
        }
    }

    pub(super) fn nodes(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// What a law can bring; remembered.
    pub(super) fn fan(&self, law: usize, given: &[i64]) -> Arc<Fan> {
        let key = (law, given.to_vec());
        let known = self.fans.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let fan = Arc::new(self.new_fan(&self.laws[law], given));
            self.fans.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&fan));
            fan
        })
    }

    fn new_fan(&self, law: &Law, given: &[i64]) -> Fan {
        match law {
            Law::People => self.people(),
            Law::PeopleOf(number) => {
                self.at_nodes(&[], &[], |value, _| (value(*number).max(0.0) + 0.5).floor() as i64)
            }
            Law::Local(local) => {
                let weights = self.uncertain.locals[*local].weights(self.level);
                (0i64..).zip(weights).map(|(k, w)| (k, vec![w; self.nodes.len()])).collect()
            }
            Law::Count { rate, locals } => self.count(rate, given[0], locals, &given[1..]),
            Law::Band { .. } => self.band(law, given),
            Law::Level { level, locals } => {
                let nano = |x: f64| (x * NANO as f64).round() as i64;
                self.at_nodes_shifted(level, locals, given, nano)
            }
            Law::Price { price, values } => self.at_nodes(&[], &[], |value, _| {
                let x = value(*price);
                values.iter().position(|v| v.to_bits() == x.to_bits()).unwrap_or(0) as i64
            }),
        }
    }

    /// The values of local numbers at one node, their points given.
    fn local_values(&self, locals: &[usize], points: &[i64], node: usize) -> Vec<(InputIndex, f64)> {
        let value = |(local, point): (&usize, &i64)| {
            (self.uncertain.locals[*local].input, self.locals[*local][*point as usize][node])
        };
        locals.iter().zip(points).map(value).collect()
    }

    /// An integer that is decided at every node.
    fn at_nodes(
        &self,
        locals: &[usize],
        points: &[i64],
        decided: impl Fn(&dyn Fn(Number) -> f64, (&Node, &LocalValues)) -> i64,
    ) -> Fan {
        let mut fan: BTreeMap<i64, Vec<f64>> = BTreeMap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            let locals = self.local_values(locals, points, index);
            let value = |number: Number| self.uncertain.value(number, node, &locals);
            let drawn = decided(&value, (node, &locals));
            fan.entry(drawn).or_insert_with(|| vec![0.0; self.nodes.len()])[index] = 1.0;
        }
        fan.into_iter().collect()
    }

    fn at_nodes_shifted(
        &self,
        place: &Place,
        locals: &[usize],
        points: &[i64],
        of: impl Fn(f64) -> i64,
    ) -> Fan {
        self.at_nodes(locals, points, |_, (node, locals)| of(self.uncertain.shifted(place, node, locals)))
    }

    /// P(n − ½ ≤ X < n + ½) at every node.
    fn people(&self) -> Fan {
        let Some((law, row)) = &self.uncertain.people else { return Vec::new() };
        let (low, high) = people_range(law);
        let mut fan: Fan = (low..=high).map(|n| (n, Vec::with_capacity(self.nodes.len()))).collect();
        for node in self.nodes {
            let shift = row.shift(&node.scores);
            let own = |below: Tails| (below.score() - shift) / row.own;
            let mut before = f64::NEG_INFINITY;
            for (n, chances) in &mut fan {
                let below = law.below(*n as f64 + 0.5);
                if row.is_alone() {
                    let from = if *n == low { Tails::BOTTOM } else { law.below(*n as f64 - 0.5) };
                    chances.push(from.mass_to(if *n == high { Tails::TOP } else { below }));
                } else {
                    let upto = if *n == high { f64::INFINITY } else { own(below) };
                    chances.push(between(before, upto));
                    before = upto;
                }
            }
        }
        possible(fan)
    }

    fn count(&self, rate: &Place, people: i64, locals: &[usize], points: &[i64]) -> Fan {
        let mut fan: Fan = (0..=people).map(|k| (k, vec![0.0; self.nodes.len()])).collect();
        let mut known: Option<(f64, Vec<f64>)> = None;
        for (index, node) in self.nodes.iter().enumerate() {
            let locals = self.local_values(locals, points, index);
            let p = self.uncertain.shifted(rate, node, &locals).clamp(0.0, 1.0);
            let chances = match known.take() {
                Some((same, chances)) if same.to_bits() == p.to_bits() => chances,
                _ => binomial(people as usize, p),
            };
            fan.iter_mut().zip(&chances).for_each(|((_, at), chance)| at[index] = *chance);
            known = Some((p, chances));
        }
        possible(fan)
    }

    fn band(&self, law: &Law, given: &[i64]) -> Fan {
        let Law::Band { level, sd, against, starts, locals } = law else { return Vec::new() };
        let people = given[0] as f64;
        if given[0] == 0 {
            return vec![(NO_VALUE, vec![1.0; self.nodes.len()])];
        }
        let per_person = match against {
            Comparison::None => 1.0 / people,
            Comparison::Size(size) => 1.0 / people + 1.0 / size,
            Comparison::Matched(each) => (1.0 + 1.0 / each) / people,
        };
        let lowest = starts.first().map_or(0, |start| start - 1);
        let bands = std::iter::once(lowest).chain(starts.iter().copied());
        let mut fan: Fan = bands.map(|band| (band, vec![0.0; self.nodes.len()])).collect();
        for (index, node) in self.nodes.iter().enumerate() {
            let values = self.local_values(locals, &given[1..], index);
            let middle = self.uncertain.shifted(level, node, &values);
            let spread = self.uncertain.value(*sd, node, &values) * per_person.sqrt();
            let mut before = f64::NEG_INFINITY;
            for (band, (_, chances)) in fan.iter_mut().enumerate() {
                // A measured number is rounded to 10⁻⁹: a band begins half of that below its first one.
                let upto = starts.get(band).map_or(f64::INFINITY, |start| {
                    let away = (*start as f64 - 0.5) / NANO as f64 - middle;
                    if spread > 0.0 { away / spread } else { away.signum() * f64::INFINITY }
                });
                chances[index] = between(before, upto);
                before = upto;
            }
        }
        possible(fan)
    }
}

/// Without what is impossible at every node.
fn possible(mut fan: Fan) -> Fan {
    fan.retain(|(_, chances)| chances.iter().any(|chance| *chance > LEAST));
    fan
}

/// The numbers of people that are drawn: all, but for tails of 1e-16.
pub(super) fn people_range(law: &Bounded) -> (i64, i64) {
    let whole = |x: f64| (x.max(0.0) + 0.5).floor() as i64;
    let (low, high) = law.support();
    let low = if low.is_finite() { low } else { law.quantile(Tails::from_lower(1e-16)) };
    let high = if high.is_finite() { high } else { law.quantile(Tails::from_upper(1e-16)) };
    (whole(low), whole(high))
}

/// All probabilities of a binomial count: from its mode by ratios of neighbours, then scaled to add up to 1.
fn binomial(n: usize, p: f64) -> Vec<f64> {
    let mut chances = vec![0.0; n + 1];
    let mode = (((n + 1) as f64 * p).floor() as usize).min(n);
    chances[mode] = 1.0;
    let odds = p / (1.0 - p);
    for k in mode..n {
        chances[k + 1] = chances[k] * (n - k) as f64 / (k + 1) as f64 * odds;
    }
    for k in (0..mode).rev() {
        chances[k] = chances[k + 1] * (k + 1) as f64 / (n - k) as f64 / odds;
    }
    if p >= 1.0 {
        chances.fill(0.0);
        chances[n] = 1.0;
    }
    let sum: f64 = chances.iter().sum();
    chances.iter_mut().for_each(|chance| *chance /= sum);
    chances
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{Binomial, Discrete as _};

    #[test]
    fn binomial_chances_are_those_of_another_library() {
        for (n, p) in [(0, 0.3), (1, 0.0), (7, 1.0), (60, 0.4), (900, 0.999), (300, 1e-9)] {
            let law = Binomial::new(p, n).unwrap();
            for (k, chance) in binomial(n as usize, p).into_iter().enumerate() {
                assert!((chance - law.pmf(k as u64)).abs() < 1e-12, "{n} {p} {k}");
            }
        }
    }
}
