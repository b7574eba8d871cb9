//! Things of a scenario and what they say, each statement by itself.

use super::numbers::Style;
use super::{Change, Difference};
use crate::report::text::{Aspect, Kind, Language, Say};
use crate::scenario::model::{Investment, Scenario, Span};
use crate::scenario::name::Id;
use crate::scenario::source::Place;

/// Which thing: things of two scenarios are compared when their keys are equal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) investment: Option<Id>,
    pub(super) kind: Kind,
    /// Empty where there is one of the kind.
    pub(super) id: String,
}

/// Something with an id or a name, and all it says.
#[derive(Clone, Debug)]
pub(super) struct Thing {
    pub(super) key: Key,
    /// Where its words stand in the register, such as `limit.town`; empty for the top of the file.
    pub(super) tables: Vec<String>,
    pub(super) span: Option<Span>,
    pub(super) facts: Vec<Fact>,
}

/// One statement.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    aspect: Aspect,
    /// What it is about, where a thing says the same of several.
    about: String,
    /// Ways to tell it, the best first. It may be the same rule as another that can be told in one of these ways: the
    /// one intake of a contract is "each intake" and "all together".
    said: Vec<String>,
    /// The same without rounding, where words round.
    exact: Option<String>,
    /// Whether it is said or not, and nothing else.
    pub(super) is_flag: bool,
    /// The word of the file.
    word: String,
}

impl Fact {
    /// Which question it answers.
    pub(super) fn asks(&self) -> (Aspect, &str) {
        (self.aspect, &self.about)
    }

    pub(super) fn words(&self) -> &str {
        self.said.first().map_or("", String::as_str)
    }

    pub(super) fn exactly(&self) -> &str {
        self.exact.as_deref().unwrap_or(self.words())
    }

    pub(super) fn means_the_same_as(&self, other: &Self) -> bool {
        if self.exact.is_some() || other.exact.is_some() {
            return self.exact == other.exact;
        }
        self.said.iter().any(|said| other.said.contains(said))
    }
}

impl Thing {
    pub(super) fn new(kind: Kind, id: &dyn ToString, investment: Option<&Id>) -> Self {
        let key = Key { investment: investment.cloned(), kind, id: id.to_string() };
        Self { key, tables: Vec::new(), span: None, facts: Vec::new() }
    }

    pub(super) fn table(mut self, path: impl Into<String>) -> Self {
        self.tables.push(path.into());
        self
    }

    pub(super) fn span(mut self, span: &Span) -> Self {
        self.span = Some(span.clone());
        self
    }

    pub(super) fn says(&mut self, aspect: Aspect, word: &str, said: impl Into<String>) {
        self.says_of(aspect, "", word, vec![said.into()]);
    }

    /// Says it when there is something to say.
    pub(super) fn may_say(&mut self, aspect: Aspect, word: &str, said: Option<String>) {
        if let Some(said) = said {
            self.says(aspect, word, said);
        }
    }

    pub(super) fn says_of(&mut self, aspect: Aspect, about: &str, word: &str, said: Vec<String>) {
        let about = about.to_owned();
        self.facts.push(Fact { aspect, about, said, exact: None, is_flag: false, word: word.to_owned() });
    }

    /// Says it rounded, and keeps what is exact.
    pub(super) fn says_about(&mut self, aspect: Aspect, word: &str, rounded: String, exact: &str) {
        self.says(aspect, word, rounded);
        self.facts.iter_mut().rev().take(1).for_each(|fact| fact.exact = Some(exact.to_owned()));
    }

    /// Says something that is so; what is not so is not said.
    pub(super) fn is(&mut self, aspect: Aspect, word: &str, so: bool, language: Language) {
        if so {
            self.says(aspect, word, language.say(&Say::Yes));
            self.facts.iter_mut().rev().take(1).for_each(|fact| fact.is_flag = true);
        }
    }

    pub(super) fn fact(&self, aspect: Aspect, about: &str) -> Option<&Fact> {
        self.facts.iter().find(|fact| fact.asks() == (aspect, about))
    }

    /// All it says, in one line.
    pub(super) fn told(&self, language: Language) -> String {
        let one = |fact: &Fact| {
            let what = language.aspect(fact.aspect, &fact.about);
            match (what.is_empty(), fact.is_flag) {
                (true, _) => fact.words().to_owned(),
                (false, true) => what,
                (false, false) => format!("{what} {}", fact.words()),
            }
        };
        // The scale follows from what a number is used for, and is of interest only where it changes.
        let told = self.facts.iter().filter(|fact| fact.aspect != Aspect::Scale);
        told.map(one).collect::<Vec<_>>().join("; ")
    }

    pub(super) fn difference(&self, change: Change, language: Language) -> Difference {
        let investment = self.key.investment.as_ref().map(ToString::to_string).unwrap_or_default();
        let thing = format!("{} {}", language.kind(self.key.kind), self.key.id).trim_end().to_owned();
        Difference { investment, thing, change }
    }

    /// Where a statement stands: its first number if it has one, else the table.
    pub(super) fn place(&self, scenario: &Scenario, fact: Option<&Fact>) -> Option<Place> {
        let paths = |word: &str| -> Vec<String> {
            self.tables
                .iter()
                .map(|t| if t.is_empty() { word.to_owned() } else { format!("{t}.{word}") })
                .collect()
        };
        let own = |path: &str, wanted: &str| {
            path == wanted || path.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
        };
        let entries = || {
            let here = |entry: &&crate::scenario::register::Entry| {
                self.key.investment.is_none() || entry.investment == self.key.investment
            };
            scenario.register.entries().iter().filter(here)
        };
        let words = fact.filter(|fact| !fact.word.is_empty()).map(|fact| paths(&fact.word));
        let number = words.and_then(|paths| {
            entries().find(|entry| paths.iter().any(|path| own(&entry.path, path))).map(|e| e.span.clone())
        });
        let table = || {
            let tables = self.tables.iter().filter(|table| !table.is_empty());
            tables
                .into_iter()
                .find_map(|t| entries().find(|entry| own(&entry.path, t)).map(|e| e.span.clone()))
        };
        let span = number.or_else(|| self.span.clone()).or_else(table)?;
        let sources = &scenario.sources;
        let Place { file, line, column } = sources.place(&span);
        Some(Place { file: straight(&format!("{}{file}", sources.prefix())), line, column })
    }
}

/// A path without detours: `a/b/../c` is `a/c`.
fn straight(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match (part, parts.last()) {
            ("..", Some(last)) if !matches!(*last, ".." | "" | ".") => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// An investment, and how it is told.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) investment: &'a Investment,
    pub(super) style: Style,
    /// Whether it is the only one on both sides, so that its id need not be said.
    pub(super) single: bool,
}

impl Around<'_> {
    pub(super) fn thing(&self, kind: Kind, id: &dyn ToString) -> Thing {
        Thing::new(kind, id, (!self.single).then_some(&self.investment.id))
    }

    pub(super) fn say(&self, say: &Say<'_>) -> String {
        self.style.language.say(say)
    }

    /// Everything of the investment.
    pub(super) fn things(&self) -> Vec<Thing> {
        let Investment {
            id,
            title,
            starts,
            ends,
            inputs,
            correlations,
            stops,
            cohort,
            outcomes,
            terms,
            limits,
            funds,
            cases,
            budgets,
            ids,
            span,
        } = self.investment;
        let mut whole = self.thing(Kind::Investment, &"").table("").span(span);
        whole.says(Aspect::Id, "investment", id.to_string());
        whole.says(Aspect::Name, "name", title.clone());
        whole.says(Aspect::Starts, "starts", self.style.date(*starts));
        whole.says(Aspect::Ends, "ends", self.style.date(*ends));
        for (path, known) in ids {
            whole.says_of(Aspect::Id, path, path, vec![known.clone()]);
        }
        for stop in stops {
            let ended: Vec<_> = stop.what.iter().map(|what| self.say(&Say::Ends(*what))).collect();
            whole.says_of(Aspect::Stops, stop.event.as_str(), "", vec![ended.join(", ")]);
        }
        let mut things = vec![whole];
        things.extend(funds.iter().map(|fund| self.fund(fund)));
        things.push(self.cohort(cohort));
        things.extend(inputs.iter().map(|input| self.input(input)));
        things.extend(correlations.iter().map(|correlation| self.correlation(correlation)));
        things.extend(outcomes.iter().map(|outcome| self.outcome(outcome)));
        things.extend(terms.iter().map(|term| self.term(term)));
        things.extend(limits.iter().map(|limit| self.limit(limit)));
        things.extend(cases.iter().map(|(name, case)| self.case(name, case)));
        things.extend(
            budgets.iter().map(|(id, budget)| {
                super::shared::budget(self.thing(Kind::Budget, id), id, budget, self.style)
            }),
        );
        things
    }
}
