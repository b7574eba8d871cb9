//! Operations on single persons: who reaches an outcome, composites, units, limits per person.
//!
//! A set of people is stored person by person, a bit for each trial of the page, so that what a person claims is
//! computed for a page of trials at once. Only the ranking that chooses who reaches an outcome goes trial by trial.

use super::{Block, WholePage};
use crate::dist::Feed;
use crate::draw::address::{PAGE, Stream, unit};
use crate::draw::normal;
use crate::engine::block::vessel::boundary;
use crate::engine::plan::Plan;
use crate::engine::plan::column::Whole;
use crate::engine::plan::op::Op;
use crate::engine::plan::persons::{
    Claim, Claimed, Conditions, Faces, Group, MOST_PERSONS, MembersColumn, PersonLimit, PersonValue, Stays,
    Units,
};

/// One bit for each trial of a page.
type Bits = [u64; PAGE / 64];

const ALL: Bits = [u64::MAX; PAGE / 64];

/// Counters ranked at once; each gives a trial of the first half of the page and one of the second. More would take
/// the scores of 1,000 people out of the cache.
const COUNTERS: usize = 32;

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
        let members = (0..plan.slots.members_count()).map(|_| vec![[0; PAGE / 64]; people]).collect();
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
        let counts = self.spread(enrolled);
        let least = counts.iter().copied().min().unwrap_or(0);
        let most = counts.iter().copied().max().unwrap_or(0).max(0) as usize;
        Enrolled { counts, least, most }
    }

    fn members(&self, column: MembersColumn) -> &[Bits] {
        &self.persons.members[self.plan.slots.members(column)]
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
        let slot = self.plan.slots.members(column);
        let mut members = std::mem::take(&mut self.persons.members[slot]);
        members.fill([0; PAGE / 64]);
        write(self, &mut members);
        self.persons.members[slot] = members;
    }

    fn faces(&mut self, faces: &Faces, page: u64) {
        let enrolled = self.enrolled(faces.enrolled);
        let count = self.spread(faces.count);
        let mut ranks = std::mem::take(&mut self.persons.ranks);
        let mut candidates = std::mem::take(&mut self.persons.candidates);
        let stride = stride(enrolled.most);
        ranks.resize(stride * 2 * COUNTERS, 0);
        self.write_members(faces.out, |block, out| {
            let scores: Vec<_> = faces
                .scores
                .iter()
                .map(|(stream, weight)| (block.streams[*stream as usize], *weight))
                .collect();
            for first in (0..PAGE / 2).step_by(COUNTERS) {
                rank(&scores, page, first, enrolled.most, &mut ranks);
                for lane in 0..2 * COUNTERS {
                    let trial = first + lane % COUNTERS + lane / COUNTERS * (PAGE / 2);
                    let people = enrolled.counts[trial].max(0) as usize;
                    let of = match faces.of {
                        Group::Members(column) => Some(block.members(column)),
                        _ => None,
                    };
                    let choice = Choice { of, trial, count: count[trial].max(0) as usize };
                    choice.mark(&ranks[lane * stride..][..people], &mut candidates, out);
                }
            }
        });
        self.persons.ranks = ranks;
        self.persons.candidates = candidates;
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

    fn stays(&mut self, stays: &Stays, page: u64) {
        let enrolled = self.enrolled(stays.enrolled);
        let rates = [stays.start, stays.leave, stays.back].map(|rate| self.spread_real(rate));
        let mut found = vec![vec![[0; PAGE / 64]; enrolled.most]; stays.reached.len()];
        for person in 0..enrolled.most {
            let mut path = Path::new(self.bits(stays.of, &enrolled, person));
            for (step, stream) in (1..).zip(&stays.streams) {
                let mut words = [0; PAGE];
                self.streams[*stream as usize].fill_person(page, person as u64, &mut words);
                path.step(step, &words, &rates, stays.allow);
                for (at, (length, when, _)) in stays.reached.iter().enumerate() {
                    if *when == step {
                        found[at][person] = path.reach(*length);
                    }
                }
            }
        }
        for ((.., column), found) in stays.reached.iter().zip(found) {
            self.write_members(*column, |_, out| out[..found.len()].copy_from_slice(&found));
        }
    }

    /// The units of a person in each trial of the page, whole numbers.
    fn units(&self, units: &Units, enrolled: &Enrolled, person: usize, page: u64) -> [f64; PAGE] {
        let bits = self.bits(units.of, enrolled, person);
        let mut values = self.person_value(&units.value, enrolled, person, page);
        for (trial, value) in values.iter_mut().enumerate() {
            let belongs = bits[trial / 64] >> (trial % 64) & 1 == 1;
            *value = if belongs { (*value + 0.5).floor() } else { 0.0 };
        }
        values
    }

    fn person_value(
        &self,
        value: &PersonValue,
        enrolled: &Enrolled,
        person: usize,
        page: u64,
    ) -> [f64; PAGE] {
        match value {
            PersonValue::Number(number) => [*number; PAGE],
            PersonValue::Real(column) => *self.real(*column),
            PersonValue::Units(units) => self.units(units, enrolled, person, page),
            PersonValue::Drawn { law, stream } => {
                let sampler = &self.plan.laws[*law as usize].sampler;
                let (mut words, mut from, mut values) = ([0; PAGE], [0.0; PAGE], [0.0; PAGE]);
                self.streams[*stream as usize].fill_person(page, person as u64, &mut words);
                if sampler.feed() == Feed::Score {
                    normal::fill_scores(&words, &mut from);
                    sampler.fill_from_scores(&from, &mut values);
                } else {
                    (0..PAGE).for_each(|i| from[i] = unit(words[i]));
                    sampler.fill_from_uniforms(&from, &mut values);
                }
                values
            }
            PersonValue::Arithmetic(kind, a, b) => {
                let mut a = self.person_value(a, enrolled, person, page);
                let b = self.person_value(b, enrolled, person, page);
                (0..PAGE).for_each(|i| a[i] = kind.apply(a[i], b[i]));
                a
            }
        }
    }

    fn person_limit(&mut self, limit: &PersonLimit, page: u64) {
        let enrolled = self.enrolled(limit.enrolled);
        let mut passed = vec![[0; PAGE]; limit.claims.len()];
        let mut full = [0; PAGE];
        for person in 0..enrolled.most {
            let mut spent = [0; PAGE];
            let mut before = 0;
            for group in limit.claims.chunk_by(|a, b| a.date == b.date) {
                let passed = &mut passed[before..before + group.len()];
                before += group.len();
                if let ([claim], [passed]) = (group, &mut *passed) {
                    self.single_claim(claim, (&enrolled, person, page), limit.at_most, &mut spent, passed);
                } else {
                    let amounts: Vec<_> =
                        group.iter().map(|claim| self.claim(claim, &enrolled, person, page)).collect();
                    in_proportion(&amounts, limit.at_most, &mut spent, passed);
                }
            }
            (0..PAGE).for_each(|i| full[i] += i64::from(spent[i] >= limit.at_most));
        }
        for (claim, passed) in limit.claims.iter().zip(passed) {
            self.write(claim.passed, |_, page| *page = passed);
        }
        self.write(limit.full, |_, page| *page = full);
    }

    /// What one claim of a person passes, when it is the only one on its date.
    fn single_claim(
        &self,
        claim: &Claim,
        (enrolled, person, page): (&Enrolled, usize, u64),
        at_most: i64,
        spent: &mut WholePage,
        passed: &mut WholePage,
    ) {
        if let Claimed::Once(group) = claim.claimed {
            claim_once(&self.bits(group, enrolled, person), claim.price, at_most, spent, passed);
            return;
        }
        let amounts = self.claim(claim, enrolled, person, page);
        for i in 0..PAGE {
            let pass = amounts[i].min(at_most - spent[i]);
            spent[i] += pass;
            passed[i] += pass;
        }
    }

    fn claim(&self, claim: &Claim, enrolled: &Enrolled, person: usize, page: u64) -> WholePage {
        let mut amounts = [0; PAGE];
        match &claim.claimed {
            Claimed::Once(group) => {
                let bits = self.bits(*group, enrolled, person);
                for (i, amount) in amounts.iter_mut().enumerate() {
                    *amount = (bits[i / 64] >> (i % 64) & 1) as i64 * claim.price;
                }
            }
            Claimed::Units(units) => {
                let units = self.units(units, enrolled, person, page);
                (0..PAGE).for_each(|i| amounts[i] = units[i] as i64 * claim.price);
            }
        }
        amounts
    }
}

/// A person between staying and being away, in each trial of a page.
struct Path {
    of: Bits,
    inside: [bool; PAGE],
    /// Steps stayed since the last break that was not forgiven.
    clock: [u32; PAGE],
    /// The longest the clock has been before this step.
    longest: [u32; PAGE],
    breaks: [u32; PAGE],
}

impl Path {
    fn new(of: Bits) -> Self {
        Self { of, inside: [false; PAGE], clock: [0; PAGE], longest: [0; PAGE], breaks: [0; PAGE] }
    }

    /// Goes through a step, from 1.
    fn step(&mut self, step: u32, words: &[u64; PAGE], [start, leave, back]: &[[f64; PAGE]; 3], allow: u32) {
        for i in 0..PAGE {
            let u = unit(words[i]);
            self.longest[i] = self.longest[i].max(self.clock[i]);
            if step == 1 {
                self.inside[i] = u < start[i];
            } else if self.inside[i] && u < leave[i] {
                self.inside[i] = false;
                self.breaks[i] += 1;
                if self.breaks[i] > allow {
                    self.clock[i] = 0;
                }
            } else if !self.inside[i] && u < back[i] {
                self.inside[i] = true;
            }
            self.clock[i] += u32::from(self.inside[i]);
        }
    }

    /// The trials in which a length is reached at this step and was not before.
    fn reach(&self, length: u32) -> Bits {
        let mut bits = [0; PAGE / 64];
        for i in 0..PAGE {
            let reached = self.clock[i] >= length && self.longest[i] < length;
            bits[i / 64] |= u64::from(reached) << (i % 64);
        }
        combine(&mut bits, &self.of, |a, b| a & b);
        bits
    }
}

/// Claims of one date: in full, or in proportion by cumulative boundaries in their order.
fn in_proportion(amounts: &[WholePage], at_most: i64, spent: &mut WholePage, passed: &mut [WholePage]) {
    for i in 0..PAGE {
        let (sum, headroom) = (amounts.iter().map(|amount| amount[i]).sum(), at_most - spent[i]);
        let (mut cumulative, mut before) = (0, 0);
        for (amount, passed) in amounts.iter().zip(&mut *passed) {
            cumulative += amount[i];
            let boundary = boundary(cumulative, sum, headroom);
            passed[i] += boundary - before;
            before = boundary;
        }
        spent[i] += before;
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn claim_once(bits: &Bits, price: i64, at_most: i64, spent: &mut WholePage, passed: &mut WholePage) {
    for (word, bits) in bits.iter().enumerate() {
        for bit in 0..64 {
            let i = word * 64 + bit;
            let amount = (bits >> bit & 1).wrapping_neg() as i64 & price;
            let pass = amount.min(at_most - spent[i]);
            spent[i] += pass;
            passed[i] += pass;
        }
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

/// People whose ranks are written together, so that each trial's memory is written a cache line at a time.
const TOGETHER: usize = 8;

/// The low bits of a rank hold the person, the first highest: equal scores rank by person, and a rank tells whose it is.
const PERSON: u64 = (1 << 14) - 1;
const _: () = assert!(MOST_PERSONS < 1 << 14);

/// Distance between the ranks of neighbouring trials: whole cache lines, and an odd number of them, since with powers of
/// two all trials would meet in the same places of the cache.
fn stride(people: usize) -> usize {
    (people.div_ceil(TOGETHER) | 1) * TOGETHER
}

/// Writes the ranks of everyone in the trials of a part of the page.
fn rank(scores: &[(Stream, f64)], page: u64, first: usize, people: usize, ranks: &mut [u64]) {
    let stride = stride(people);
    for base in (0..people).step_by(TOGETHER) {
        let mut block = [[0; TOGETHER]; 2 * COUNTERS];
        for (offset, person) in (base..people.min(base + TOGETHER)).enumerate() {
            let keys = rank_person(scores, page, first, person as u64);
            (0..2 * COUNTERS).for_each(|lane| block[lane][offset] = keys[lane]);
        }
        for (lane, block) in block.iter().enumerate() {
            ranks[lane * stride + base..][..TOGETHER].copy_from_slice(block);
        }
    }
}

/// The ranks of a person in the trials of a part of the page: words where one score decides, which are in the order of
/// their scores, and otherwise the weighted sum of scores as a whole number; in either case their first 50 bits.
fn rank_person(scores: &[(Stream, f64)], page: u64, first: usize, person: u64) -> [u64; 2 * COUNTERS] {
    let mut words = [0; 2 * COUNTERS];
    let mut sums = [0.0; 2 * COUNTERS];
    for (stream, weight) in scores {
        let (left, right) = words.split_at_mut(COUNTERS);
        stream.fill_person_part(page, person, first, left, right);
        if scores.len() > 1 {
            (0..2 * COUNTERS).for_each(|i| sums[i] += weight * normal::normal_score(words[i]));
        }
    }
    if scores.len() > 1 {
        // Scores stay within ±8.3, two weighted ones within ±12: the product keeps their order and is below 2⁶³.
        (0..2 * COUNTERS).for_each(|i| words[i] = ((sums[i] + 16.0) * (1u64 << 58) as f64) as u64);
    }
    words.map(|word| word & !PERSON | (PERSON - person))
}

/// Who of a group reaches an outcome in one trial.
struct Choice<'m> {
    of: Option<&'m [Bits]>,
    trial: usize,
    count: usize,
}

impl Choice<'_> {
    fn belongs(&self, person: usize) -> bool {
        self.of.is_none_or(|of| of[person][self.trial / 64] >> (self.trial % 64) & 1 == 1)
    }

    /// Marks the `count` people of the highest ranks.
    fn mark(&self, ranks: &[u64], candidates: &mut Vec<u64>, out: &mut [Bits]) {
        if self.count == 0 {
            return;
        }
        candidates.clear();
        if self.of.is_none() {
            candidates.extend_from_slice(ranks);
        } else {
            candidates.extend((0..ranks.len()).filter(|person| self.belongs(*person)).map(|p| ranks[p]));
        }
        // A count that was observed can exceed its group: then everyone in it, and nobody else, is among them.
        if self.count < candidates.len() {
            candidates.select_nth_unstable_by(self.count - 1, |a, b| b.cmp(a));
            candidates.truncate(self.count);
        }
        let (word, bit) = (self.trial / 64, 1u64 << (self.trial % 64));
        for rank in candidates {
            out[(PERSON - (*rank & PERSON)) as usize][word] |= bit;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// The chosen are as many as asked for, all of the group, and no one left out ranks before one chosen.
        #[test]
        fn the_highest_ranks_are_chosen(
            ranks in prop::collection::vec(0u64..6, 1..40),
            of in prop::collection::vec(any::<bool>(), 40),
            count in 0usize..45,
        ) {
            let group: Vec<Bits> = of.iter().map(|in_it| { let mut b = [0; 8]; b[1] = u64::from(*in_it) << 3; b }).collect();
            let mut out = vec![[0; 8]; ranks.len()];
            let keys: Vec<_> = (0u64..).zip(&ranks).map(|(p, rank)| rank << 14 | (PERSON - p)).collect();
            Choice { of: Some(&group), trial: 67, count }.mark(&keys, &mut Vec::new(), &mut out);
            let chosen: Vec<bool> = out.iter().map(|bits| bits[1] >> 3 & 1 == 1).collect();
            let size = (0..ranks.len()).filter(|p| of[*p]).count();
            prop_assert_eq!(chosen.iter().filter(|c| **c).count(), count.min(size));
            for p in 0..ranks.len() {
                prop_assert!(!chosen[p] || of[p]);
                for q in 0..ranks.len() {
                    let before = of[p] && !chosen[p] && chosen[q];
                    prop_assert!(!before || ranks[p] < ranks[q] || (ranks[p] == ranks[q] && q < p));
                }
            }
        }

        #[test]
        fn what_passes_of_a_person_stays_within_the_limit(
            amounts in prop::collection::vec(0i64..1000, 1..5), at_most in 0i64..2000, spent in 0i64..2000,
        ) {
            let pages: Vec<_> = amounts.iter().map(|a| [*a; PAGE]).collect();
            let spent = spent.min(at_most);
            let (mut after, mut passed) = ([spent; PAGE], vec![[0; PAGE]; pages.len()]);
            in_proportion(&pages, at_most, &mut after, &mut passed);
            let total: i64 = passed.iter().map(|p| p[9]).sum();
            prop_assert_eq!(total, amounts.iter().sum::<i64>().min(at_most - spent));
            prop_assert_eq!(after[9], spent + total);
            for (passed, amount) in passed.iter().zip(&amounts) {
                prop_assert!((0..=*amount).contains(&passed[9]));
            }
        }
    }
}
