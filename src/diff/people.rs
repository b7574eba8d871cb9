//! The people, and what is measured of them.

use jiff::civil::Date;

use super::facts::{Around, Thing};
use crate::contract::schedule::{Duration, later_start, period_end};
use crate::contract::share::Shares;
use crate::report::text::{Aspect, Kind, Say};
use crate::scenario::model::{
    Cell, Cohort, Comparison, Composite, Each, Groups, Noise, Number, Outcome, OutcomeIndex, OutcomeKind,
    Population, Stays,
};

impl Around<'_> {
    pub(super) fn cohort(&self, cohort: &Cohort) -> Thing {
        let Cohort { people, intakes, shares, groups, alike, span } = cohort;
        let mut thing = self.thing(Kind::Cohort, &"").table("cohort").span(span);
        thing.says(Aspect::People, "people", self.value(people, false));
        thing.says_of(Aspect::Intakes, "", "intakes", self.intakes(intakes, shares));
        if let Some(Groups { names, shares }) = groups {
            thing.says(Aspect::Groups, "groups", self.style.shares(names, shares));
        }
        if *alike != 0.0 {
            thing.says(Aspect::Alike, "alike", self.style.number(*alike));
        }
        thing
    }

    /// Equal intakes in equal steps, or each with its share.
    fn intakes(&self, dates: &[Date], shares: &Shares) -> Vec<String> {
        let named: Vec<_> = dates.iter().map(|date| self.style.date(*date)).collect();
        let listed = self.style.shares(&named, shares);
        let equal = Shares::equal(dates.len()).is_ok_and(|equal| equal == *shares);
        let [first, second, ..] = dates else { return vec![listed] };
        let months = i32::from(second.year() - first.year()) * 12 + i32::from(second.month() - first.month());
        let Ok(step) = u32::try_from(months) else { return vec![listed] };
        let regular = (0..).zip(dates).all(|(times, date)| later_start(*first, step, times) == Some(*date));
        if !(equal && regular && dates.len() > 2) {
            return vec![listed];
        }
        let (count, every) = (dates.len(), self.style.length(Duration::Months(step)));
        vec![self.say(&Say::EqualIntakes { count, every: &every, first: &self.style.date(*first) })]
    }

    pub(super) fn outcome(&self, outcome: &Outcome) -> Thing {
        let Outcome { name, of, kind, points: _, ladder, clustering, bias, round_to, cells: _, span } =
            outcome;
        let in_term = name.to_string().replace('_', "-");
        let thing = self.thing(Kind::Outcome, name).table(format!("outcome.{name}"));
        let mut thing = thing.table(format!("term.{in_term}")).span(span);
        self.kind(&mut thing, kind);
        if !matches!(kind, OutcomeKind::Formula(_)) {
            thing.says(Aspect::Of, "of", self.population(*of));
            thing.says_of(Aspect::Measured, "", "at", self.measured(outcome));
        }
        thing.is(Aspect::Ladder, "ladder", *ladder, self.style.language);
        thing.may_say(Aspect::Clustering, "clustering", clustering.as_ref().map(|n| self.value(n, false)));
        thing.may_say(Aspect::Bias, "bias", bias.as_ref().map(|n| self.value(n, false)));
        let step =
            |step: i64| if outcome.counts_people() { self.style.count(step) } else { self.style.nano(step) };
        thing.may_say(Aspect::RoundTo, "round_to", round_to.map(step));
        thing
    }

    fn kind(&self, thing: &mut Thing, kind: &OutcomeKind) {
        match kind {
            OutcomeKind::Rate(rates) => thing.says(Aspect::Rate, "rate", self.values(rates, true)),
            OutcomeKind::Level { levels, noise } => {
                thing.says(Aspect::Level, "level", self.values(levels, false));
                noise.iter().for_each(|noise| self.noise(thing, noise));
            }
            OutcomeKind::Formula(tree) => {
                thing.says(Aspect::Is, "formula", self.formula(tree, &|part| self.part_name(part)));
            }
            OutcomeKind::PeopleWith(composite) => self.composite(thing, composite),
            OutcomeKind::Each(Each::Drawn(bounded)) => {
                self.distribution(thing, Aspect::UnitsOfEach, bounded, false);
            }
            OutcomeKind::Each(Each::Formula(formula)) => {
                let inputs = self.investment.inputs.len();
                let name = |leaf: &usize| match leaf.checked_sub(inputs) {
                    None => self.input_name(*leaf),
                    Some(outcome) => self.outcome_name(outcome),
                };
                thing.says(Aspect::UnitsOfEach, "each", self.formula(formula.expression(), &name));
            }
            OutcomeKind::Stays(stays) => self.stays(thing, stays),
        }
    }

    fn noise(&self, thing: &mut Thing, Noise { sd, people, against, shared }: &Noise) {
        thing.says(Aspect::NoiseSd, "noise.sd", self.value(sd, false));
        thing.says(Aspect::NoisePeople, "noise.people", self.population(*people));
        match against {
            Comparison::None => {}
            Comparison::Size(size) => {
                thing.says(
                    Aspect::Compared,
                    "noise",
                    self.say(&Say::ComparedWith(&self.style.number(*size))),
                );
            }
            Comparison::Matched(each) => {
                thing.says(Aspect::Compared, "noise", self.say(&Say::Matched(&self.style.number(*each))));
            }
        }
        thing.may_say(Aspect::SharedGroup, "noise.shared", shared.as_ref().map(ToString::to_string));
    }

    fn composite(&self, thing: &mut Thing, Composite { all, any, none, at_least }: &Composite) {
        let names =
            |of: &[OutcomeIndex]| of.iter().map(|o| self.outcome_name(*o)).collect::<Vec<_>>().join(", ");
        for (aspect, of) in [(Aspect::All, all), (Aspect::Any, any), (Aspect::NoneOf, none)] {
            thing.may_say(aspect, "people_with", (!of.is_empty()).then(|| names(of)));
        }
        if let Some((count, of)) = at_least {
            let said = self.say(&Say::AtLeastOf { count: *count as usize, of: &names(of) });
            thing.says(Aspect::SomeOf, "people_with", said);
        }
    }

    fn stays(&self, thing: &mut Thing, stays: &Stays) {
        // What can be reached when follows from lengths and steps.
        let Stays { steps, lengths, reached: _, start, leave, back, allow } = stays;
        thing.says(Aspect::Steps, "stays.for", self.style.count(i64::from(*steps)));
        let lengths: Vec<_> = lengths.iter().map(ToString::to_string).collect();
        thing.says(Aspect::Lengths, "at", lengths.join(", "));
        thing.says(Aspect::StayStart, "stays.start", self.value(start, true));
        thing.says(Aspect::StayLeave, "stays.leave", self.value(leave, true));
        thing.says(Aspect::StayBack, "stays.back", self.value(back, true));
        thing.says(Aspect::Allow, "stays.allow", self.style.count(i64::from(*allow)));
    }

    /// One number, or one for each measuring point.
    fn values(&self, numbers: &[Number], share: bool) -> String {
        let mut told: Vec<_> = numbers.iter().map(|number| self.value(number, share)).collect();
        told.dedup();
        if told.len() > 1 {
            told = numbers.iter().map(|number| self.value(number, share)).collect();
        }
        told.join(", ")
    }

    pub(super) fn population(&self, of: Population) -> String {
        match of {
            Population::Enrolled => self.say(&Say::Enrolled),
            Population::Group(group) => self.group_name(group),
            Population::Reached(outcome) => self.outcome_name(outcome),
        }
    }

    /// When it is measured: so long after the start of each intake, for each point; else all dates.
    fn measured(&self, outcome: &Outcome) -> Vec<String> {
        let starts = &self.investment.cohort.intakes;
        if let OutcomeKind::Stays(stays) = &outcome.kind {
            return self.steps(outcome, stays);
        }
        // A ladder and the outcome it is `of` decide the cell before.
        let pair = |Cell { intake, point: _, measured, parent: _ }: &Cell| (starts[*intake], *measured);
        let point = |point: usize| -> Vec<(Date, Date)> {
            outcome.cells.iter().filter(|cell| cell.point == point).map(pair).collect()
        };
        let lengths: Vec<_> = (0..outcome.points).map(|p| super::dates::lengths(&point(p))).collect();
        let mut told: Vec<String> = [true, false]
            .into_iter()
            .filter_map(|months| {
                let kind = |length: &&Duration| matches!(length, Duration::Months(_)) == months;
                let each = lengths.iter().map(|of| of.iter().find(kind).map(|l| self.style.length(*l)));
                let all: Vec<String> = each.collect::<Option<_>>()?;
                Some(self.say(&Say::AfterStart(&all.join(", "))))
            })
            .collect();
        let mut dates: Vec<_> = outcome.cells.iter().map(|cell| cell.measured).collect();
        dates.sort_unstable();
        dates.dedup();
        told.push(self.style.dates(dates));
        told
    }

    /// The length of a step of stays, else all dates.
    fn steps(&self, outcome: &Outcome, stays: &Stays) -> Vec<String> {
        let starts = &self.investment.cohort.intakes;
        let step_of = |cell: &Cell| stays.reached.get(cell.point).map_or(1, |(_, step)| *step);
        let fits = |length: u32, of: fn(u32) -> Duration| {
            let right = |cell: &Cell| {
                period_end(starts[cell.intake], of(length * step_of(cell))) == Some(cell.measured)
            };
            outcome.cells.iter().all(right)
        };
        let months = (1..=24).find(|n| fits(*n, Duration::Months)).map(Duration::Months);
        let days = (1..=366).find(|n| fits(*n, Duration::Days)).map(Duration::Days);
        let mut told: Vec<_> = months
            .into_iter()
            .chain(days)
            .map(|l| self.say(&Say::EverySteps(&self.style.length(l))))
            .collect();
        let mut dates: Vec<_> = outcome.cells.iter().map(|cell| cell.measured).collect();
        dates.dedup();
        told.push(self.style.dates(dates));
        told
    }
}
