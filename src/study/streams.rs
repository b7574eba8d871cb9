//! Random numbers that one scenario draws and another does not: what a paired comparison cannot pair.

use std::collections::BTreeSet;

use crate::draw::address::Kind;
use crate::engine::model::Model;

/// Names of streams without a partner: `social-referrals.wellbeing_rate`, `labour_market`, `event.reform`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmatched {
    /// Drawn by the first only, ascending.
    pub first: Vec<String>,
    /// Drawn by the second only, ascending.
    pub second: Vec<String>,
}

impl Unmatched {
    /// Whether everything has a partner.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.first.is_empty() && self.second.is_empty()
    }
}

/// What only one of two scenarios draws: inputs, factors, events, and chances of outcomes.
#[must_use]
pub fn unmatched(first: &Model, second: &Model) -> Unmatched {
    let (a, b) = (names(first), names(second));
    let only = |these: &BTreeSet<(Kind, String)>, others: &BTreeSet<(Kind, String)>| {
        let mut names: Vec<_> = these.difference(others).map(|(_, name)| name.clone()).collect();
        names.sort();
        names.dedup();
        names
    };
    Unmatched { first: only(&a, &b), second: only(&b, &a) }
}

fn names(model: &Model) -> BTreeSet<(Kind, String)> {
    model.plan().addresses.iter().map(|address| (address.kind, address.name.clone())).collect()
}
