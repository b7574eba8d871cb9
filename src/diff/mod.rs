//! What differs between two scenarios, term by term, in words.
//!
//! Checked models are compared, not texts: a file with its tables in another order, other comments or another way to write
//! the same number has no differences. Every part of the model is taken apart field by field, so that a new word of the
//! language does not compile until someone has decided how it is told. The order of the list is that of a contract:
//! parties, money in, people, what is not known, what is measured, what is paid, what is cut, named courses.

mod cases;
mod conditions;
mod dates;
mod expressions;
mod facts;
mod funds;
mod inputs;
mod limits;
mod numbers;
mod people;
mod prices;
mod shared;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use facts::{Fact, Key, Thing};
use numbers::Style;

use crate::report::text::{Aspect, Kind, Language, Say};
use crate::scenario::model::{Investment, Scenario};
use crate::scenario::source::Place;

/// One thing that differs, such as a limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The investment it belongs to, where there are several or their ids differ; empty otherwise.
    pub investment: String,
    /// What kind of thing it is and which, such as "limit town".
    pub thing: String,
    /// What is different.
    pub change: Change,
}

/// What is different.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the second scenario has it.
    Added {
        /// What it says.
        says: String,
        /// Where.
        at: Option<Place>,
    },
    /// Only the first scenario has it.
    Removed {
        /// What it said.
        said: String,
        /// Where.
        at: Option<Place>,
    },
    /// Both have it and say different things.
    Changed {
        /// What about it, such as "at most"; empty where the value says it.
        what: String,
        /// In the first scenario.
        before: String,
        /// In the second.
        after: String,
        /// Where the first says it: the line of the number, else of the table.
        at: [Option<Place>; 2],
    },
}

/// What differs between two scenarios.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    /// In the order of a contract; empty when both mean the same.
    pub list: Vec<Difference>,
    /// Numbers that are equal and whose source is told differently.
    pub sources: usize,
    language: Language,
}

/// Everything that differs in meaning between two scenarios: figures can differ for no other reason than what is listed.
///
/// Two scenarios of one investment each are compared even when its id differs; investments of portfolios are matched by
/// id. All else is matched by id or name: what was renamed is told as removed and added.
#[must_use]
pub fn differences(first: &Scenario, second: &Scenario, language: Language) -> Differences {
    let single = [first, second].iter().all(|scenario| scenario.investments.len() == 1);
    let (before, after) = (things(first, single, language), things(second, single, language));
    let keys: BTreeSet<&Key> = before.keys().chain(after.keys()).collect();
    let mut list = Vec::new();
    for key in keys {
        match (before.get(key), after.get(key)) {
            (Some(before), Some(after)) => list.extend(changes(before, after, [first, second], language)),
            (Some(gone), None) => {
                let change = Change::Removed { said: gone.told(language), at: gone.place(first, None) };
                list.push(gone.difference(change, language));
            }
            (None, Some(new)) => {
                let change = Change::Added { says: new.told(language), at: new.place(second, None) };
                list.push(new.difference(change, language));
            }
            (None, None) => {}
        }
    }
    list.extend(orders(first, second, single, language));
    Differences { list, sources: sources(first, second, single), language }
}

/// Limits that act in another order; those that only one side has are left out.
fn orders(first: &Scenario, second: &Scenario, single: bool, language: Language) -> Vec<Difference> {
    let same = |a: &&Investment, b: &Investment| single || a.id == b.id;
    let pairs = second
        .investments
        .iter()
        .filter_map(|after| Some((first.investments.iter().find(|before| same(before, after))?, after)));
    let ids = |of: &Investment, other: &Investment| {
        let both = of.limits.iter().filter(|l| other.limits.iter().any(|o| o.id == l.id));
        both.map(|limit| limit.id.to_string()).collect::<Vec<_>>().join(", ")
    };
    let changed = pairs.filter_map(|(before, after)| {
        let (old, new) = (ids(before, after), ids(after, before));
        let around = facts::Around { investment: after, style: Style::new(second, language), single };
        let what = language.aspect(Aspect::Order, "");
        let change = Change::Changed { what, before: old.clone(), after: new.clone(), at: [None, None] };
        (old != new).then(|| around.thing(Kind::Limits, &"").difference(change, language))
    });
    changed.collect()
}

fn things(scenario: &Scenario, single: bool, language: Language) -> BTreeMap<Key, Thing> {
    let mut things = shared::things(scenario, language);
    for investment in &scenario.investments {
        let around = facts::Around { investment, style: Style::new(scenario, language), single };
        things.extend(around.things());
    }
    things.into_iter().map(|thing| (thing.key.clone(), thing)).collect()
}

/// What two things of one key say differently.
fn changes(before: &Thing, after: &Thing, of: [&Scenario; 2], language: Language) -> Vec<Difference> {
    let asked: BTreeSet<(Aspect, &str)> = before.facts.iter().chain(&after.facts).map(Fact::asks).collect();
    let mut found = Vec::new();
    for (aspect, about) in asked {
        let [old, new] = [before, after].map(|thing| thing.fact(aspect, about));
        if old.zip(new).is_some_and(|(old, new)| old.means_the_same_as(new)) {
            continue;
        }
        // Words that round may hide what differs.
        let alike = old.zip(new).is_some_and(|(old, new)| old.words() == new.words());
        let says = |fact: Option<&Fact>, other: Option<&Fact>| match (fact, other) {
            (Some(fact), _) if alike => fact.exactly().to_owned(),
            (Some(fact), _) => fact.words().to_owned(),
            (None, Some(other)) if other.is_flag => language.say(&Say::No),
            (None, _) => language.say(&Say::Nothing),
        };
        let change = Change::Changed {
            what: language.aspect(aspect, about),
            before: says(old, new),
            after: says(new, old),
            at: [before.place(of[0], old), after.place(of[1], new)],
        };
        found.push(after.difference(change, language));
    }
    found
}

/// Numbers at the same path with the same value and another source.
fn sources(first: &Scenario, second: &Scenario, single: bool) -> usize {
    let entries = |scenario: &Scenario| -> BTreeMap<_, _> {
        let entries = scenario.register.entries().iter().cloned();
        entries
            .map(|entry| {
                let investment = entry.investment.filter(|_| !single);
                (
                    (investment, entry.path),
                    (entry.value, (entry.class, entry.reason, entry.document, entry.clause)),
                )
            })
            .collect()
    };
    let (before, after) = (entries(first), entries(second));
    let differs = |(key, (value, source)): (&_, &(String, _))| {
        after.get(key).is_some_and(|(other, told)| other == value && told != source)
    };
    before.iter().filter(|entry| differs(*entry)).count()
}

impl Differences {
    /// Whether the two mean the same.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The differences as lines for a terminal: each with the lines of the files under it.
    #[must_use]
    pub fn lines(&self) -> String {
        let mut text: String = self.list.iter().map(|d| d.lines(self.language)).collect();
        text.push_str(&self.verdict());
        if self.sources > 0 {
            text.push('\n');
            text.push_str(&self.language.say(&Say::OtherSources(self.sources)));
        }
        text + "\n"
    }

    /// How many differences there are, or that there are none.
    fn verdict(&self) -> String {
        let count = |which: fn(&Change) -> bool| self.list.iter().filter(|d| which(&d.change)).count();
        self.language.say(&Say::Verdict {
            changed: count(|change| matches!(change, Change::Changed { .. })),
            added: count(|change| matches!(change, Change::Added { .. })),
            removed: count(|change| matches!(change, Change::Removed { .. })),
        })
    }
}

/// Values that are longer stand on lines of their own.
const WIDEST: usize = 96;

impl Difference {
    /// It in one sentence, without places: "limit town: at most 1,000,000 DKK -> 1,200,000 DKK".
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let head = self.head();
        match &self.change {
            Change::Added { says, .. } => format!("{head}: {}: {says}", language.say(&Say::Added)),
            Change::Removed { said, .. } => format!("{head}: {}: {said}", language.say(&Say::Removed)),
            Change::Changed { what, before, after, .. } => {
                let what = if what.is_empty() { String::new() } else { format!("{what} ") };
                format!("{head}: {what}{before} -> {after}")
            }
        }
    }

    fn head(&self) -> String {
        let of = if self.investment.is_empty() { String::new() } else { format!("{}: ", self.investment) };
        format!("{of}{}", self.thing)
    }

    fn lines(&self, language: Language) -> String {
        let sentence = self.sentence(language);
        let told = match &self.change {
            Change::Changed { what, before, after, .. } if sentence.chars().count() > WIDEST => {
                let what = if what.is_empty() { String::new() } else { format!(" {what}") };
                format!("{}:{what}\n       {before}\n    -> {after}", self.head())
            }
            _ => sentence,
        };
        let places = match &self.change {
            Change::Added { at, .. } | Change::Removed { at, .. } => shown(at.as_ref()),
            Change::Changed { at: [first, second], .. } if first == second => shown(first.as_ref()),
            Change::Changed { at: [first, second], .. } => {
                format!("{} -> {}", shown(first.as_ref()), shown(second.as_ref()))
            }
        };
        if places.is_empty() { format!("{told}\n") } else { format!("{told}\n    {places}\n") }
    }
}

fn shown(place: Option<&Place>) -> String {
    place.map_or_else(String::new, |place| format!("{}:{}", place.file, place.line))
}
