//! Named courses.

use super::facts::{Around, Thing};
use crate::report::text::{Aspect, Kind, Say};
use crate::scenario::model::Case;
use crate::scenario::name::Name;

impl Around<'_> {
    pub(super) fn case(&self, name: &Name, case: &Case) -> Thing {
        let Case { inputs, events, enrolled, outcomes } = case;
        let mut thing = self.thing(Kind::Case, name).table(format!("case.{name}"));
        let shares = self.shares_of_people();
        for (input, value) in inputs {
            let name = self.input_name(*input);
            let share = shares.contains(name.as_str());
            let said = if share { self.style.percent(*value) } else { self.style.number(*value) };
            thing.says_of(Aspect::Set, &name, &name, vec![said]);
        }
        for event in events {
            let said = self.say(&Say::Yes);
            thing.says_of(Aspect::EventHappens, event.as_str(), event.as_str(), vec![said]);
        }
        if !enrolled.is_empty() {
            let by_intake = enrolled.iter().map(|(intake, people)| {
                let start = self.investment.cohort.intakes.get(*intake).map(|date| self.style.date(*date));
                format!("{} {}", start.unwrap_or_default(), self.style.count(*people))
            });
            let said = by_intake.collect::<Vec<_>>().join(", ");
            thing.says_of(Aspect::Set, &self.say(&Say::Enrolled), "enrolled", vec![said]);
        }
        for (index, cells) in outcomes {
            let Some(outcome) = self.investment.outcomes.get(*index) else { continue };
            let number = |value: i64| {
                if outcome.counts_people() { self.style.count(value) } else { self.style.nano(value) }
            };
            let whole = cells.len() == outcome.cells.len();
            let one = |(cell, value): (&usize, &i64)| {
                let value = number(*value);
                if whole { value } else { format!("{} {value}", self.cells(outcome, &[*cell])) }
            };
            let said = cells.iter().map(one).collect::<Vec<_>>().join(", ");
            let name = outcome.name.as_str();
            thing.says_of(Aspect::Set, name, name, vec![said]);
        }
        thing
    }
}
