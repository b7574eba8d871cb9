//! Single persons in a plan: which people of an intake reach an outcome, and what a limit per person lets through.
//!
//! Counts come first: nothing here changes how many reach an outcome, only who they are.

use super::build::{Builder, RangeError, checked, too_large};
use super::column::{Lattice, Origin, Real, RealColumn, Unit, Whole, WholeColumn};
use super::op::{Arithmetic, LawIndex, Op, StreamIndex};
use crate::contract::share::gcd;
use crate::money::Ore;

/// More people in one intake are not told apart: a page of them no longer stays in the cache.
pub const MOST_PERSONS: i64 = 10_000;

/// A column of sets of people of one intake, one set a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MembersColumn(pub(crate) u32);

/// What the plan knows of a column of members.
#[derive(Clone, Debug)]
pub struct MembersFacts {
    /// The people of the intake, at most.
    pub(crate) people: u32,
    pub(crate) origin: Origin,
}

/// People of one intake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Everyone enrolled in it.
    Everyone,
    /// Nobody.
    Nobody,
    /// Those of a set.
    Members(MembersColumn),
}

/// Which `count` people of a group reach an outcome: those of the highest scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Faces {
    /// `Σ weight · score of the person`; a single stream is ranked by its words.
    pub(crate) scores: Vec<(StreamIndex, f64)>,
    pub(crate) enrolled: Whole,
    pub(crate) of: Group,
    pub(crate) count: Whole,
    pub(crate) out: MembersColumn,
}

/// Paths of the people of a group between staying and being away.
#[derive(Clone, Debug, PartialEq)]
pub struct Stays {
    /// One per step: who stays in the first, who leaves or comes back before each later one.
    pub(crate) streams: Vec<StreamIndex>,
    pub(crate) enrolled: Whole,
    pub(crate) of: Group,
    pub(crate) start: Real,
    pub(crate) leave: Real,
    pub(crate) back: Real,
    /// Breaks that are forgiven.
    pub(crate) allow: u32,
    /// Length and step, both from 1, and who reaches that length first at that step.
    pub(crate) reached: Vec<(u32, u32, MembersColumn)>,
}

/// The people of a group for whom conditions on other groups hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conditions {
    /// In every one of these.
    pub(crate) all: Vec<Group>,
    /// In at least one of these, unless there are none.
    pub(crate) any: Vec<Group>,
    /// In none of these.
    pub(crate) none: Vec<Group>,
    /// In at least so many of these.
    pub(crate) at_least: Option<(u32, Vec<Group>)>,
}

/// Units of each person of a group: claims, days. A whole number, the nearest; zero for others.
#[derive(Clone, Debug, PartialEq)]
pub struct Units {
    pub(crate) of: Group,
    pub(crate) value: PersonValue,
    /// The range of one person's units.
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// A number of one person.
#[derive(Clone, Debug, PartialEq)]
pub enum PersonValue {
    /// The same for everyone.
    Number(f64),
    /// The same for everyone in a trial.
    Real(RealColumn),
    /// Drawn for each person.
    Drawn { law: LawIndex, stream: StreamIndex },
    /// The units of the person in another outcome.
    Units(Box<Units>),
    /// Arithmetic of a formula.
    Arithmetic(Arithmetic, Box<Self>, Box<Self>),
}

/// What a person can claim on a date.
#[derive(Clone, Debug, PartialEq)]
pub enum Claimed {
    /// Once, by each person of a group.
    Once(Group),
    /// For so many units.
    Units(Units),
}

/// A claim of each person under a limit per person.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// Claims of one date are cut in proportion; dates ascend.
    pub(crate) date: u32,
    pub(crate) claimed: Claimed,
    /// Øre for each achievement or unit.
    pub(crate) price: Ore,
    /// What passes of all persons' claims.
    pub(crate) passed: WholeColumn,
}

/// A limit on what each person of an intake brings in.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonLimit {
    pub(crate) enrolled: Whole,
    pub(crate) at_most: Ore,
    pub(crate) claims: Vec<Claim>,
    /// People whose claims reach the limit.
    pub(crate) full: WholeColumn,
}

impl Group {
    /// The column, if it is one.
    pub(crate) const fn column(self) -> Option<MembersColumn> {
        match self {
            Self::Members(column) => Some(column),
            _ => None,
        }
    }
}

impl Conditions {
    fn groups(&self) -> impl Iterator<Item = Group> {
        let least = self.at_least.iter().flat_map(|(_, of)| of);
        self.all.iter().chain(&self.any).chain(&self.none).chain(least).copied()
    }
}

impl Units {
    /// How many parts it has, written out.
    pub(crate) fn parts(&self) -> usize {
        1 + self.value.parts()
    }

    fn visit(&self, members: &mut dyn FnMut(MembersColumn), real: &mut dyn FnMut(RealColumn)) {
        if let Some(column) = self.of.column() {
            members(column);
        }
        self.value.visit(members, real);
    }
}

impl PersonValue {
    fn parts(&self) -> usize {
        match self {
            Self::Number(_) | Self::Real(_) | Self::Drawn { .. } => 1,
            Self::Units(units) => units.parts(),
            Self::Arithmetic(_, a, b) => 1 + a.parts() + b.parts(),
        }
    }

    fn visit(&self, members: &mut dyn FnMut(MembersColumn), real: &mut dyn FnMut(RealColumn)) {
        match self {
            Self::Number(_) | Self::Drawn { .. } => {}
            Self::Real(column) => real(*column),
            Self::Units(units) => units.visit(members, real),
            Self::Arithmetic(_, a, b) => {
                a.visit(members, real);
                b.visit(members, real);
            }
        }
    }
}

impl Op {
    /// The columns of members it reads and writes.
    pub(crate) fn visit_members(&self, visit: &mut dyn FnMut(MembersColumn, bool)) {
        let mut read = |group: Group| {
            if let Some(column) = group.column() {
                visit(column, false);
            }
        };
        match self {
            Self::Faces(faces) => {
                read(faces.of);
                visit(faces.out, true);
            }
            Self::Between { out, .. } => visit(*out, true),
            Self::Stays(stays) => {
                read(stays.of);
                stays.reached.iter().for_each(|(.., column)| visit(*column, true));
            }
            Self::With { of, conditions, out, .. } => {
                read(*of);
                conditions.groups().for_each(read);
                visit(*out, true);
            }
            Self::CountMembers { members, .. } => visit(*members, false),
            Self::SumUnits { units, .. } => units.visit(&mut |column| visit(column, false), &mut |_| ()),
            Self::PersonLimit(limit) => {
                for claim in &limit.claims {
                    match &claim.claimed {
                        Claimed::Once(group) => group.column().into_iter().for_each(|c| visit(c, false)),
                        Claimed::Units(units) => units.visit(&mut |c| visit(c, false), &mut |_| ()),
                    }
                }
            }
            _ => {}
        }
    }

    /// The other columns that operations on single persons read and write.
    pub(crate) fn visit_of_persons(
        &self,
        whole: &mut dyn FnMut(WholeColumn, bool),
        real: &mut dyn FnMut(RealColumn, bool),
    ) {
        let read = |value: Whole, whole: &mut dyn FnMut(WholeColumn, bool)| {
            if let Whole::Column(column) = value {
                whole(column, false);
            }
        };
        match self {
            Self::Faces(faces) => {
                read(faces.enrolled, whole);
                read(faces.count, whole);
            }
            Self::With { enrolled, .. } => read(*enrolled, whole),
            Self::Between { enrolled, from, to, .. } => {
                read(*enrolled, whole);
                read(*from, whole);
                read(*to, whole);
            }
            Self::CountMembers { out, .. } => whole(*out, true),
            Self::Stays(stays) => {
                read(stays.enrolled, whole);
                for rate in [stays.start, stays.leave, stays.back] {
                    if let Real::Column(column) = rate {
                        real(column, false);
                    }
                }
            }
            Self::SumUnits { enrolled, units, out } => {
                read(*enrolled, whole);
                units.visit(&mut |_| (), &mut |column| real(column, false));
                whole(*out, true);
            }
            Self::PersonLimit(limit) => {
                read(limit.enrolled, whole);
                for claim in &limit.claims {
                    if let Claimed::Units(units) = &claim.claimed {
                        units.visit(&mut |_| (), &mut |column| real(column, false));
                    }
                    whole(claim.passed, true);
                }
                whole(limit.full, true);
            }
            _ => {}
        }
    }
}

impl Builder {
    fn members_column(&mut self, people: i64, origin: Origin) -> MembersColumn {
        self.members.push(MembersFacts { people: people as u32, origin });
        MembersColumn(self.members.len() as u32 - 1)
    }

    /// The most people an intake can have, when they are to be told apart.
    ///
    /// # Errors
    /// When there can be more than [`MOST_PERSONS`].
    pub(crate) fn most_persons(&self, enrolled: Whole, origin: &Origin) -> Result<i64, RangeError> {
        let people = self.lattice(enrolled).high;
        if people > MOST_PERSONS {
            return Err(RangeError::TooManyPersons { origin: origin.clone(), people });
        }
        Ok(people)
    }

    /// The `count` people of a group who reach an outcome.
    ///
    /// # Errors
    /// When the intake can have too many people to tell apart.
    pub(crate) fn faces(
        &mut self,
        scores: Vec<(StreamIndex, f64)>,
        enrolled: Whole,
        of: Group,
        count: Whole,
        origin: Origin,
    ) -> Result<Group, RangeError> {
        let people = self.most_persons(enrolled, &origin)?;
        if self.lattice(count).high <= 0 || people == 0 || of == Group::Nobody {
            return Ok(Group::Nobody);
        }
        let out = self.members_column(people, origin);
        self.ops.push(Op::Faces(Faces { scores, enrolled, of, count, out }));
        Ok(Group::Members(out))
    }

    /// The people of an intake from one index up to another.
    ///
    /// # Errors
    /// When the intake can have too many people to tell apart.
    pub(crate) fn between(
        &mut self,
        enrolled: Whole,
        (from, to): (Whole, Whole),
        origin: Origin,
    ) -> Result<Group, RangeError> {
        let people = self.most_persons(enrolled, &origin)?;
        if people == 0 {
            return Ok(Group::Nobody);
        }
        let out = self.members_column(people, origin);
        self.ops.push(Op::Between { enrolled, from, to, out });
        Ok(Group::Members(out))
    }

    /// The people of a group for whom conditions hold.
    ///
    /// # Errors
    /// When the intake can have too many people to tell apart.
    pub(crate) fn with(
        &mut self,
        enrolled: Whole,
        of: Group,
        conditions: Conditions,
        origin: Origin,
    ) -> Result<Group, RangeError> {
        let people = self.most_persons(enrolled, &origin)?;
        if people == 0 || of == Group::Nobody {
            return Ok(Group::Nobody);
        }
        let out = self.members_column(people, origin);
        self.ops.push(Op::With { enrolled, of, conditions, out });
        Ok(Group::Members(out))
    }

    /// Who of a group stays as long as each length, by the step at which it is reached: `reached` are lengths and steps.
    ///
    /// # Errors
    /// When the intake can have too many people to tell apart.
    pub(crate) fn stays(
        &mut self,
        streams: Vec<StreamIndex>,
        (enrolled, of): (Whole, Group),
        [start, leave, back]: [Real; 3],
        allow: u32,
        reached: impl Iterator<Item = (u32, u32)>,
        origin: &Origin,
    ) -> Result<Vec<Group>, RangeError> {
        let people = self.most_persons(enrolled, origin)?;
        let reached: Vec<_> = reached
            .map(|(length, step)| (length, step, self.members_column(people, origin.clone())))
            .collect();
        let groups = reached.iter().map(|(.., column)| Group::Members(*column)).collect();
        self.ops.push(Op::Stays(Stays { streams, enrolled, of, start, leave, back, allow, reached }));
        Ok(groups)
    }

    /// How many people a group has.
    pub(crate) fn count_members(&mut self, group: Group, enrolled: Whole, origin: Origin) -> Whole {
        match group {
            Group::Nobody => Whole::ZERO,
            Group::Everyone => enrolled,
            Group::Members(members) => {
                let people = self.lattice(enrolled).high;
                let out = self.whole_column(Lattice::integers(0, people), Unit::People, origin);
                self.ops.push(Op::CountMembers { members, out });
                Whole::Column(out)
            }
        }
    }

    /// The units of all persons together.
    ///
    /// # Errors
    /// When they can leave the exact range, or the intake can have too many people to tell apart.
    pub(crate) fn sum_units(
        &mut self,
        units: &Units,
        enrolled: Whole,
        origin: &Origin,
    ) -> Result<Whole, RangeError> {
        let people = self.most_persons(enrolled, origin)?;
        let range = Lattice::integers((units.low * people).min(0), (units.high * people).max(0));
        let range = checked(range, origin)?;
        if range.is_point() || units.of == Group::Nobody {
            return Ok(Whole::ZERO);
        }
        let out = self.whole_column(range, Unit::Units, origin.clone());
        self.ops.push(Op::SumUnits { enrolled, units: units.clone(), out });
        Ok(Whole::Column(out))
    }

    /// What passes a limit per person of each claim, over all persons of an intake, and how many people reach the
    /// limit. Claims come by date; `count` bounds the persons of each.
    ///
    /// # Errors
    /// When an amount can leave the exact range, or the intake can have too many people to tell apart.
    pub(crate) fn person_limit(
        &mut self,
        enrolled: Whole,
        at_most: Ore,
        claims: Vec<(u32, Claimed, Ore)>,
        origin: &Origin,
    ) -> Result<(Vec<Whole>, Whole), RangeError> {
        let people = self.most_persons(enrolled, origin)?;
        let alone = claims.windows(2).all(|pair| pair[0].0 != pair[1].0);
        // Cut in proportion, parts are any number of øre; cut one by one they are prices less what is left of the limit.
        let step =
            if alone { claims.iter().fold(at_most, |step, (_, _, price)| gcd(step, *price)) } else { 1 };
        let mut columns = Vec::with_capacity(claims.len());
        for (date, claimed, price) in claims {
            let most = match &claimed {
                Claimed::Once(_) => i128::from(price),
                Claimed::Units(units) => i128::from(price) * i128::from(units.high),
            };
            let most = most.min(i128::from(at_most)) * i128::from(people);
            let most = i64::try_from(most).map_err(|_| too_large(origin, most))?;
            let lattice = if most == 0 { Lattice::point(0) } else { Lattice { low: 0, high: most, step } };
            let lattice = checked(lattice, origin)?;
            let passed = self.whole_column(lattice, Unit::Ore, origin.clone());
            columns.push(Claim { date, claimed, price, passed });
        }
        let full = self.whole_column(Lattice::integers(0, people), Unit::People, origin.clone());
        let passed = columns.iter().map(|claim| Whole::Column(claim.passed)).collect();
        self.ops.push(Op::PersonLimit(PersonLimit { enrolled, at_most, claims: columns, full }));
        Ok((passed, Whole::Column(full)))
    }
}
