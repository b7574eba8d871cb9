//! Lint of contracts: what is allowed to be written and is probably a mistake, or a trap for who signs it.
//!
//! Every rule has an id, says in a plain sentence what it looks for, why, and what to do. Where the ranges in the plan can
//! prove a finding it is proven; nothing here is sampled. What has no meaning at all (a rate that can leave 0 to 1, amounts
//! in two currencies or price levels) is refused by the loader, and is no matter for lint.

mod dates;
mod evidence;
mod funds;
mod limits;
mod prices;
mod ranges;
mod uncertainty;

use std::cell::OnceCell;

use self::funds::Receipts;
use crate::engine::model::Model;
use crate::scenario::diagnose::{Diagnostic, Diagnostics};

/// A rule.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name in findings and on the command line.
    pub id: &'static str,
    /// What it looks for.
    pub looks_for: &'static str,
    /// Why that is worth a warning.
    pub why: &'static str,
    /// What to do about it.
    pub fix: &'static str,
    find: fn(&Model, &mut Found<'_>),
}

/// What a rule found.
#[derive(Debug)]
struct Found<'r> {
    rule: &'static Rule,
    list: Vec<Diagnostic>,
    /// Found once for all rules that ask.
    receipts: &'r OnceCell<Vec<Receipts>>,
}

impl Found<'_> {
    /// A finding at a place: a sentence that names the thing, and what to say beside it.
    fn at(&mut self, span: &std::ops::Range<usize>, title: impl Into<String>, label: impl Into<String>) {
        let finding = Diagnostic::warning(span.clone(), title).label(label);
        self.list.push(finding.help(self.rule.fix).rule(self.rule.id));
    }
}

/// All rules, by subject.
pub static RULES: &[Rule] = &[
    limits::IDLE_LIMIT,
    limits::FULL_LIMIT,
    limits::UNCAPPED_PAYER,
    funds::PRINCIPAL_OUT_OF_REACH,
    funds::RETURN_CAP_IDLE,
    funds::LIMITS_ABOVE_RETURN_CAP,
    uncertainty::INDEPENDENT_OUTCOMES,
    uncertainty::DISPERSION_TWICE,
    uncertainty::EVENT_AS_EXPECTATION,
    evidence::OTHER_DENOMINATOR,
    prices::CLIFF,
    prices::FEW_PEOPLE,
    prices::MEAN_TIMES_PRICE,
    dates::AFTER_HORIZON,
    dates::BEFORE_AS_OF,
];

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Everything the rules find in a scenario.
#[must_use]
pub fn findings(model: &Model) -> Vec<Diagnostic> {
    let receipts = OnceCell::new();
    let found = RULES.iter().flat_map(|rule| {
        let mut found = Found { rule, list: Vec::new(), receipts: &receipts };
        (rule.find)(model, &mut found);
        found.list
    });
    found.collect()
}

/// What the rules find, together with other findings, ready to be shown.
#[must_use]
pub fn shown_with(others: &[Diagnostic], model: &Model) -> Diagnostics {
    let all = others.iter().cloned().chain(findings(model)).collect();
    Diagnostics::new(all, model.scenario().sources.clone())
}

/// An amount at least zero, in units of the currency.
pub(crate) fn kroner(ore: i64) -> String {
    let whole = crate::report::grouped(ore / 100, ',');
    if ore % 100 == 0 { whole } else { format!("{whole}.{:02}", ore % 100) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_rule_has_an_id_of_its_own_and_says_what_to_do() {
        let ids: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), RULES.len());
        for rule in RULES {
            assert!(rule.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", rule.id);
            assert!(rule.looks_for.len() > 20 && rule.why.len() > 20 && rule.fix.len() > 20, "{}", rule.id);
        }
    }
}
