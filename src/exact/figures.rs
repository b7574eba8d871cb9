//! Figures: which integers of the program add up to what a reader asks for.

use std::collections::{BTreeMap, BTreeSet};

use super::program::{Target, Value};
use crate::scenario::name::Id;

/// What kind of money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flow {
    /// What a payer would owe without limits.
    Earned,
    /// What nobody pays because of a limit.
    Cut,
    /// What comes from another payer or date.
    MovedIn,
    /// What goes to another payer or date.
    MovedOut,
    /// What a payer pays.
    Payment,
    /// What the investor gets, in the payer's budget year.
    Receipt,
}

impl Flow {
    /// The name in files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Cut => "cut",
            Self::MovedIn => "moved_in",
            Self::MovedOut => "moved_out",
            Self::Payment => "payment",
            Self::Receipt => "receipt",
        }
    }
}

/// A figure of an investment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// A flow of a party, or of all, in a budget year, or over all.
    Flow(Flow, Option<Id>, Option<i16>),
    /// Whether a payer, or any, was spared something in a budget year, or in any: cut or moved out.
    Spared(Option<Id>, Option<i16>),
    /// Whether a limit took anything.
    Limit(String),
}

/// All that moves, by flow, party and year, and what each limit takes.
#[derive(Debug, Default)]
pub(super) struct Moves {
    flows: BTreeMap<(Flow, Id, i16), Vec<Value>>,
    limits: BTreeMap<String, Vec<Value>>,
}

/// The flows that are solved for; what moves is seen in the payments.
const SOLVED: [Flow; 4] = [Flow::Earned, Flow::Cut, Flow::Payment, Flow::Receipt];

impl Moves {
    pub(super) fn add(&mut self, flow: Flow, party: &Id, year: i16, amount: Value) {
        if amount != Value::Known(0) {
            self.flows.entry((flow, party.clone(), year)).or_default().push(amount);
        }
    }

    pub(super) fn take(&mut self, limit: &str, amount: Value) {
        if amount != Value::Known(0) {
            self.limits.entry(limit.to_owned()).or_default().push(amount);
        }
    }

    /// Every figure with what it is made of; `limits` are all limits, also those that take nothing.
    pub(super) fn figures(&self, limits: impl Iterator<Item = String>) -> BTreeMap<Figure, Target> {
        let mut found = BTreeMap::new();
        let cells: BTreeSet<(Option<Id>, Option<i16>)> = self
            .flows
            .keys()
            .flat_map(|(_, party, year)| {
                let party = Some(party.clone());
                [(party.clone(), Some(*year)), (party, None), (None, Some(*year)), (None, None)]
            })
            .collect();
        for (party, year) in cells {
            for flow in SOLVED {
                let parts = self.parts(&[flow], party.as_ref(), year);
                found.insert(Figure::Flow(flow, party.clone(), year), Target { parts, flag: false });
            }
            let parts = self.parts(&[Flow::Cut, Flow::MovedOut], party.as_ref(), year);
            found.insert(Figure::Spared(party, year), Target { parts, flag: true });
        }
        for limit in limits {
            let parts = self.limits.get(&limit).cloned().unwrap_or_default();
            found.insert(Figure::Limit(limit), Target { parts, flag: true });
        }
        found
    }

    fn parts(&self, flows: &[Flow], party: Option<&Id>, year: Option<i16>) -> Vec<Value> {
        let here = |(flow, of, at): &(Flow, Id, i16)| {
            flows.contains(flow)
                && party.is_none_or(|party| party == of)
                && year.is_none_or(|year| year == *at)
        };
        let mut parts: Vec<Value> =
            self.flows.iter().filter(|(at, _)| here(at)).flat_map(|(_, values)| values.clone()).collect();
        parts.sort_unstable();
        parts
    }
}
