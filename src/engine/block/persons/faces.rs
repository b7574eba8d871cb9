//! Faces: which of a group reach an outcome, by the rank of their scores.

use super::{Bits, Block};
use crate::draw::address::{PAGE, Stream};
use crate::draw::normal;
use crate::engine::plan::persons::{Faces, Group, MOST_PERSONS};

/// Counters ranked at once; each gives a trial of the first half of the page and one of the second. More would take
/// the scores of 1,000 people out of the cache.
const COUNTERS: usize = 32;

impl Block<'_> {
    pub(super) fn faces(&mut self, faces: &Faces, page: u64) {
        let enrolled = self.enrolled(faces.enrolled);
        let count = self.wide(faces.count);
        let mut ranks = std::mem::take(&mut self.persons.ranks);
        let mut candidates = std::mem::take(&mut self.persons.candidates);
        let stride = stride(enrolled.most);
        ranks.resize(stride * 2 * COUNTERS, 0);
        self.write_members(faces.out, |block, out| {
            let scores: Vec<_> = faces
                .scores
                .iter()
                .map(|(stream, weight)| (*block.streams[*stream as usize].stream(), *weight))
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
    }
}
