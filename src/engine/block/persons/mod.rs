//! Operations on single persons: who reaches an outcome, composites, units, limits per person.
//!
//! A set of people is stored person by person, a bit for each trial of the page, so that what a person claims is
//! computed for a page of trials at once. Only the ranking that chooses who reaches an outcome goes trial by trial.

mod claims;
mod faces;
mod stays;
mod units;

use super::{Block, WholePage};
use crate::draw::address::PAGE;
use crate::engine::plan::Plan;
use crate::engine::plan::column::Whole;
use crate::engine::plan::op::Op;
use crate::engine::plan::persons::{Conditions, Group, MembersColumn};

/// One bit for each trial of a page.
type Bits = [u64; PAGE / 64];

const ALL: Bits = [u64::MAX; PAGE / 64];

/// Memory for sets of people, and for the scores of a part of a page.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// By slot, then by person.
    members: Vec<Vec<Bits>>,
    ranks: Vec<u64>,
    candidates: Vec<u64>,
}

impl Memory {
    pub(super) fn new(plan: &Plan) -> Self {
        let people = plan.members.iter().map(|facts| facts.people as usize).max().unwrap_or(0);
        let members = (0..plan.program.slots()[3]).map(|_| vec![[0; PAGE / 64]; people]).collect();
        Self { members, ..Self::default() }
    }
}

/// How many people are enrolled, or come before others, in each trial of a page; and the bits of each of them.
struct Enrolled {
    counts: WholePage,
    least: i64,
    most: usize,
}

impl Enrolled {
    /// The trials in which a person is enrolled.
    fn bits(&self, person: usize) -> Bits {
        let person = person as i64;
        if person < self.least {
            return ALL;
        }
        let mut bits = [0; PAGE / 64];
        for (trial, count) in self.counts.iter().enumerate() {
            bits[trial / 64] |= u64::from(person < *count) << (trial % 64);
        }
        bits
    }
}

impl Block<'_> {
    pub(super) fn persons_step(&mut self, op: &Op, page: u64) {
        match op {
            Op::Faces(faces) => self.faces(faces, page),
            Op::Between { enrolled, from, to, out } => {
                let (enrolled, from, to) =
                    (self.enrolled(*enrolled), self.enrolled(*from), self.enrolled(*to));
                self.write_members(*out, |_, out| {
                    for (person, out) in out.iter_mut().enumerate().take(enrolled.most) {
                        *out = to.bits(person);
                        combine(out, &from.bits(person), |to, from| to & !from);
                    }
                });
            }
            Op::With { enrolled, of, conditions, out } => self.with(*enrolled, *of, conditions, *out),
            Op::CountMembers { members, out } => self.write(*out, |block, counts| {
                counts.fill(0);
                block.members(*members).iter().for_each(|bits| add_bits(bits, counts));
            }),
            Op::Stays(stays) => self.stays(stays, page),
            Op::SumUnits { enrolled, units, out } => {
                let enrolled = self.enrolled(*enrolled);
                self.write(*out, |block, sums| {
                    sums.fill(0);
                    for person in 0..enrolled.most {
                        let units = block.units(units, &enrolled, person, page);
                        (0..PAGE).for_each(|i| sums[i] += units[i] as i64);
                    }
                });
            }
            Op::PersonLimit(limit) => self.person_limit(limit, page),
            _ => unreachable!("not an operation on persons: {op:?}"),
        }
    }

    fn enrolled(&self, enrolled: Whole) -> Enrolled {
        let counts = self.wide(enrolled);
        let least = counts.iter().copied().min().unwrap_or(0);
        let most = counts.iter().copied().max().unwrap_or(0).max(0) as usize;
        Enrolled { counts, least, most }
    }

    fn members(&self, column: MembersColumn) -> &[Bits] {
        &self.persons.members[self.plan.program.members(column)]
    }

    /// The trials in which a person belongs to a group.
    fn bits(&self, group: Group, enrolled: &Enrolled, person: usize) -> Bits {
        match group {
            Group::Everyone => enrolled.bits(person),
            Group::Nobody => [0; PAGE / 64],
            Group::Members(column) => self.members(column)[person],
        }
    }

    /// Writes a set of people: `write` sees the block for reading.
    fn write_members(&mut self, column: MembersColumn, write: impl FnOnce(&Self, &mut [Bits])) {
        let slot = self.plan.program.members(column);
        let mut members = std::mem::take(&mut self.persons.members[slot]);
        members.fill([0; PAGE / 64]);
        write(self, &mut members);
        self.persons.members[slot] = members;
    }

    fn with(&mut self, enrolled: Whole, of: Group, conditions: &Conditions, out: MembersColumn) {
        let enrolled = self.enrolled(enrolled);
        self.write_members(out, |block, out| {
            for (person, out) in out.iter_mut().enumerate().take(enrolled.most) {
                let bits = |group: &Group| block.bits(*group, &enrolled, person);
                let mut found = block.bits(of, &enrolled, person);
                conditions.all.iter().for_each(|group| combine(&mut found, &bits(group), |a, b| a & b));
                conditions.none.iter().for_each(|group| combine(&mut found, &bits(group), |a, b| a & !b));
                if !conditions.any.is_empty() {
                    let mut any = [0; PAGE / 64];
                    conditions.any.iter().for_each(|group| combine(&mut any, &bits(group), |a, b| a | b));
                    combine(&mut found, &any, |a, b| a & b);
                }
                if let Some((least, of)) = &conditions.at_least {
                    let mut counts = [0; PAGE];
                    of.iter().for_each(|group| add_bits(&bits(group), &mut counts));
                    for (trial, count) in counts.iter().enumerate() {
                        found[trial / 64] &= !(u64::from(*count < i64::from(*least)) << (trial % 64));
                    }
                }
                *out = found;
            }
        });
    }
}

/// Adds the bits of a person to the counts of all trials.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn add_bits(bits: &Bits, counts: &mut WholePage) {
    for (word, bits) in bits.iter().enumerate() {
        for bit in 0..64 {
            counts[word * 64 + bit] += (bits >> bit & 1) as i64;
        }
    }
}

fn combine(into: &mut Bits, other: &Bits, how: impl Fn(u64, u64) -> u64) {
    into.iter_mut().zip(other).for_each(|(a, b)| *a = how(*a, *b));
}
