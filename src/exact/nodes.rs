//! The nodes of the integral over all shared uncertain numbers, with their weights.

use std::collections::{BTreeMap, HashMap};

use super::quadrature::{Points, between, normal};
use super::uncertain::{Atom, Choice, ChoiceOf, Dimension, Local, Node, Uncertain};
use crate::dist::{Bounded, Law as _, Tails};

/// Nodes of less weight than this are left out; a hundred thousand of them are 1e-10.
const LEAST: f64 = 1e-15;

impl Uncertain<'_> {
    /// All nodes at a level of refinement; `None` when they are more than `most`.
    pub(super) fn nodes(&self, level: u32, most: usize) -> Option<Vec<Node>> {
        let empty = Node {
            weight: 1.0,
            scores: Vec::new(),
            inputs: vec![f64::NAN; self.investment.inputs.len()],
            events: BTreeMap::new(),
        };
        let mut nodes = vec![empty];
        for dimension in &self.dimensions {
            nodes = along(dimension, level, &nodes, most)?;
        }
        for choice in &self.choices {
            nodes = chosen(choice, &nodes, most)?;
        }
        let sum: f64 = nodes.iter().map(|node| node.weight).sum();
        nodes.iter_mut().for_each(|node| node.weight /= sum);
        Some(nodes)
    }
}

/// Every node at every point of a dimension.
fn along(dimension: &Dimension<'_>, level: u32, nodes: &[Node], most: usize) -> Option<Vec<Node>> {
    let kink = dimension.input.and_then(|(_, law)| law.kink()).map(Tails::score);
    let mut quantile = Quantile::new(dimension.input.map(|(_, law)| law));
    let mut found = Vec::new();
    for node in nodes {
        let shift = dimension.row.shift(&node.scores);
        for (own, weight) in points(dimension.row.own, dimension.row.is_free(), kink, shift, level) {
            let weight = weight * node.weight;
            if weight < LEAST {
                continue;
            }
            let mut next = node.clone();
            next.weight = weight;
            next.scores.push(own);
            if let Some((input, _)) = dimension.input {
                next.inputs[input] = quantile.at(shift + dimension.row.own * own);
            }
            found.push(next);
        }
        if found.len() > most {
            return None;
        }
    }
    Some(found)
}

/// The points of what a score has of its own, with a boundary where the score has its kink.
fn points(own: f64, free: bool, kink: Option<f64>, shift: f64, level: u32) -> Points {
    if free { normal(level, kink.map(|kink| (kink - shift) / own)) } else { vec![(0.0, 1.0)] }
}

/// Quantiles by score, remembered: a tensor of nodes asks for the same ones again and again.
struct Quantile<'l> {
    law: Option<&'l Bounded>,
    known: HashMap<u64, f64>,
}

impl<'l> Quantile<'l> {
    fn new(law: Option<&'l Bounded>) -> Self {
        Self { law, known: HashMap::new() }
    }

    fn at(&mut self, score: f64) -> f64 {
        let Some(law) = self.law else { return score };
        *self.known.entry(score.to_bits()).or_insert_with(|| law.quantile(Tails::from_score(score)))
    }
}

/// Every node with every value of a choice.
fn chosen(choice: &Choice, nodes: &[Node], most: usize) -> Option<Vec<Node>> {
    let mut found = Vec::new();
    for node in nodes {
        for atom in &choice.atoms {
            let weight = node.weight * chance(choice, atom, node);
            if weight < LEAST {
                continue;
            }
            let mut next = node.clone();
            next.weight = weight;
            match &choice.of {
                ChoiceOf::Input(input) => next.inputs[*input] = atom.value,
                ChoiceOf::Event(name) => _ = next.events.insert(name.clone(), atom.value > 0.5),
            }
            found.push(next);
        }
        if found.len() > most {
            return None;
        }
    }
    Some(found)
}

fn chance(choice: &Choice, atom: &Atom, node: &Node) -> f64 {
    if choice.row.is_alone() {
        return atom.chance;
    }
    let shift = choice.row.shift(&node.scores);
    if !choice.row.is_free() {
        return f64::from(u8::from(shift > atom.scores.0 && shift <= atom.scores.1));
    }
    let own = |score: f64| (score - shift) / choice.row.own;
    between(own(atom.scores.0), own(atom.scores.1))
}

impl Local<'_> {
    /// The weights of its points.
    pub(super) fn weights(&self, level: u32) -> Vec<f64> {
        match &self.atoms {
            Some(atoms) => atoms.iter().map(|atom| atom.chance).collect(),
            None => self.points(level).into_iter().map(|(_, weight)| weight).collect(),
        }
    }

    /// Its values, point by point: at every node for one that depends on factors, else the same at all.
    pub(super) fn values(&self, level: u32, nodes: &[Node]) -> Vec<Vec<f64>> {
        if let Some(atoms) = &self.atoms {
            return atoms.iter().map(|atom| vec![atom.value; nodes.len()]).collect();
        }
        let value = |score: f64| self.law.quantile(Tails::from_score(score));
        let at = |(own, _): (f64, f64)| {
            if self.row.is_alone() {
                return vec![value(own); nodes.len()];
            }
            nodes.iter().map(|node| value(self.row.shift(&node.scores) + self.row.own * own)).collect()
        };
        self.points(level).into_iter().map(at).collect()
    }

    fn points(&self, level: u32) -> Points {
        let kink = if self.row.is_alone() { self.law.kink().map(Tails::score) } else { None };
        points(self.row.own, self.row.is_free(), kink, 0.0, level)
    }
}
