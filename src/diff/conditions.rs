//! What a term waits for.

use std::collections::BTreeSet;

use super::facts::Around;
use crate::report::text::{Pooled, Say};
use crate::scenario::model::{Condition, Outcome, Reading, Term};

/// Comparisons without one of their sides end here.
const ENDLESS: i64 = i64::MAX / 4;

/// What measurements are called first where two words fit.
#[derive(Clone, Copy)]
enum Seen {
    SameIntake,
    ToDate,
}

impl Around<'_> {
    /// The condition of a term: once, if it can be told in the same words for all readings.
    pub(super) fn waits_for(&self, term: &Term) -> Option<String> {
        let told = |seen: Seen| -> Vec<Option<String>> {
            term.readings.iter().map(|r| r.when.as_ref().map(|when| self.condition(when, r, seen))).collect()
        };
        let alike = [Seen::SameIntake, Seen::ToDate]
            .into_iter()
            .map(told)
            .find(|all| all.windows(2).all(|w| w[0] == w[1]));
        if let Some(all) = alike {
            return all.into_iter().next()?;
        }
        let nothing = self.say(&Say::Nothing);
        let dated = told(Seen::SameIntake).into_iter().zip(&term.readings).map(|(one, reading)| {
            format!("{}: {}", self.style.date(reading.measured), one.unwrap_or_else(|| nothing.clone()))
        });
        Some(dated.collect::<Vec<_>>().join("; "))
    }

    fn condition(&self, condition: &Condition, reading: &Reading, seen: Seen) -> String {
        match condition {
            Condition::Happens(event) => self.say(&Say::Happens(event.as_str())),
            Condition::Never => self.say(&Say::Never),
            Condition::Within { outcome, cells, low, high } => {
                let Some(outcome) = self.investment.outcomes.get(*outcome) else { return String::new() };
                let what = format!("{} ({})", outcome.name, self.looked_at(outcome, cells, reading, seen));
                format!("{what} {}", self.bounds(*low, *high))
            }
            Condition::Count { of, low, high } => {
                let parts: Vec<_> = of.iter().map(|one| self.condition(one, reading, seen)).collect();
                let of = format!("({})", parts.join("; "));
                match (parts.as_slice(), *low, *high) {
                    ([one], 1, _) => one.clone(),
                    (all, low, _) if low == all.len() => self.say(&Say::AllOf(&of)),
                    (_, 0, 0) => self.say(&Say::NoneOf(&of)),
                    (_, 1, high) if high == parts.len() => self.say(&Say::AnyOf(&of)),
                    (_, low, high) if high == parts.len() => {
                        self.say(&Say::AtLeastOf { count: low, of: &of })
                    }
                    (_, low, high) => self.say(&Say::BetweenOf { low, high, of: &of }),
                }
            }
        }
    }

    fn bounds(&self, low: i64, high: i64) -> String {
        let number = |value: i64| self.style.nano(value);
        let at_least = (low > -ENDLESS).then(|| match low.rem_euclid(10) {
            1 => self.say(&Say::Over(&number(low - 1))),
            _ => self.say(&Say::NoLess(&number(low))),
        });
        let at_most = (high < ENDLESS).then(|| match high.rem_euclid(10) {
            9 => self.say(&Say::Under(&number(high + 1))),
            _ => self.say(&Say::NoMore(&number(high))),
        });
        at_least.into_iter().chain(at_most).collect::<Vec<_>>().join(", ")
    }

    /// Which measurements a test looks at, seen from a reading.
    fn looked_at(&self, outcome: &Outcome, cells: &[usize], reading: &Reading, seen: Seen) -> String {
        let mut found = cells.to_vec();
        found.sort_unstable();
        let to_date = || {
            let by_then = |cell: &usize| outcome.cells[*cell].measured <= reading.measured;
            (0..outcome.cells.len())
                .filter(by_then)
                .eq(found.iter().copied())
                .then_some(Say::Pooled(Pooled::ToDate))
        };
        let intakes: BTreeSet<_> = found.iter().map(|cell| outcome.cells[*cell].intake).collect();
        let same_intake = || {
            let intake = *intakes.first().filter(|_| intakes.len() == 1)?;
            let whole = |cell: &usize| {
                outcome.cells[*cell].intake == intake && outcome.cells[*cell].measured <= reading.measured
            };
            if outcome.latest(intake, reading.measured).as_slice() == found {
                return Some(Say::LatestOfIntake);
            }
            (0..outcome.cells.len()).filter(whole).eq(found.iter().copied()).then_some(Say::OfIntake)
        };
        let told = match seen {
            Seen::SameIntake => same_intake().or_else(to_date),
            Seen::ToDate => to_date().or_else(same_intake),
        };
        told.map_or_else(|| self.cells(outcome, cells), |say| self.say(&say))
    }
}
