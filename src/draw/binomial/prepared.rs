//! What the counts of a page share: the moments and coefficients of each trial's distribution.
//!
//! A contract draws one count after another of the same people at the same rate, one for each intake. Everything but
//! the words is then the same for all of them, which is half of the work of a draw.

use multiversion::target::target_cfg_f;

use super::exact::reaches;
use super::proposal::{
    Expansion, LANES, LARGE_VARIANCE, LEAST_TAIL, LEAST_VARIANCE, Lanes, Moments, is_proposed, scores,
};
use super::{PAGE, UNDECIDED, clamp_trials, decide_lanes, resolve, unit};

/// Groups of lanes in a page.
const GROUPS: usize = PAGE / LANES;

/// The bit of a count that the fast way leaves open; the other bits are the lower of the two that it may be.
const OPEN: i32 = i32::MIN;

/// 1.5 * 2^23: added to a float it rounds it to a whole number, which stands in the low bits of the sum.
const SHIFT: f32 = 12_582_912.0;

/// Numbers of people and rates of a page, ready to be inverted at any words.
#[derive(Debug)]
pub struct Prepared {
    people: [i64; PAGE],
    rates: [f64; PAGE],
    groups: Vec<Group>,
}

/// A group of lanes.
#[derive(Debug, Clone)]
struct Group {
    /// Whether a lane has a variance that is not expanded.
    special: bool,
    centre: Lanes<i32>,
    expansion: Expansion,
}

impl Default for Prepared {
    fn default() -> Self {
        Self { people: [0; PAGE], rates: [0.0; PAGE], groups: vec![Group::NOTHING; GROUPS] }
    }
}

impl Prepared {
    /// Prepares counts of the people and at the rates that `write` writes. People outside 0..2^32 and rates outside
    /// [0, 1] count as the nearer end, and NaN as 0.
    pub fn set(&mut self, write: impl FnOnce(&mut [i64; PAGE], &mut [f64; PAGE])) {
        write(&mut self.people, &mut self.rates);
        prepare(&self.people, &self.rates, &mut self.groups);
    }

    /// Counts of a page: `out[i] = invert(unit(words[i]), people[i], rates[i])`. Counts must fit 32 bits.
    pub fn invert(&self, words: &[u64; PAGE], out: &mut [i32; PAGE]) {
        let mut open = [0; GROUPS];
        propose_page(words, &self.groups, out, &mut open);
        for (group, open) in open.iter().enumerate() {
            if *open > 0 {
                self.decide_group(group, words, out);
            }
        }
    }

    /// Decides what the fast way left open in a group: all of it where a variance is small, else lane by lane.
    #[cold]
    fn decide_group(&self, group: usize, words: &[u64; PAGE], out: &mut [i32; PAGE]) {
        if self.groups[group].special {
            return self.decide_special(group, words, out);
        }
        for lane in 0..LANES {
            let index = group * LANES + lane;
            if out[index] < 0 {
                out[index] = self.decide(index, words[index], out[index] ^ OPEN);
            }
        }
    }

    /// The count of a draw: `lower` or one more where the proposal is narrow enough, which takes one look at the definition
    /// where a search takes two. Where a look takes long there is a sharper proposal.
    fn decide(&self, index: usize, word: u64, lower: i32) -> i32 {
        let (people, rate) = (clamp_trials(self.people[index]), self.rates[index]);
        let narrow = self.groups[index / LANES].expansion.most_band(index % LANES) < 0.5;
        let short = people as f64 * rate * (1.0 - rate) < LARGE_VARIANCE;
        if narrow && short && is_proposed(word) && i64::from(lower) < people {
            return lower + i32::from(!reaches(unit(word), lower as u32, people as u32, rate));
        }
        resolve(word, people, rate) as i32
    }

    fn decide_special(&self, group: usize, words: &[u64; PAGE], out: &mut [i32; PAGE]) {
        let mut counts = [0; LANES];
        decide_special(
            &words.as_chunks().0[group],
            &self.people.as_chunks().0[group],
            &self.rates.as_chunks().0[group],
            &mut counts,
        );
        for (index, count) in (group * LANES..).zip(counts) {
            let resolve = || resolve(words[index], clamp_trials(self.people[index]), self.rates[index]);
            out[index] = if count == UNDECIDED { resolve() } else { count } as i32;
        }
    }
}

impl Group {
    const NOTHING: Self = Self { special: true, centre: Lanes([0; LANES]), expansion: Expansion::NONE };

    #[inline(always)]
    fn set(&mut self, people: &[i64; LANES], rates: &[f64; LANES]) {
        let moments = {
            let (trials, rate) = super::lanes_of(people, rates);
            Moments::new(&trials, &rate)
        };
        self.expansion.set(&moments);
        let mut small = 0;
        for lane in 0..LANES {
            self.centre[lane] = super::integer(moments.centre[lane]) as i32;
            small += u32::from(moments.variance[lane] < LEAST_VARIANCE);
        }
        self.special = small > 0;
    }

    /// The counts of the lanes that are certain, and how many are not.
    #[inline(always)]
    #[allow(clippy::needless_bitwise_bool, reason = "a branch would keep the loop from vectorising")]
    fn propose<const FUSED: bool>(&self, words: &[u64; LANES], out: &mut [i32; LANES]) -> u32 {
        let (z, tail) = scores::<FUSED>(words);
        let mut open = 0;
        for lane in 0..LANES {
            let (x, band) = self.expansion.at::<FUSED>(z[lane], lane);
            // Within the band there is no boundary where both its ends round to one number.
            let (low, high) = (x - band + SHIFT, x + band + SHIFT);
            let certain = (low.to_bits() == high.to_bits()) & (tail[lane] >= LEAST_TAIL);
            let lower = (low.to_bits() as i32).wrapping_sub(SHIFT.to_bits() as i32);
            let lower = self.centre[lane].wrapping_add(lower);
            out[lane] = if certain { lower } else { lower | OPEN };
            open += u32::from(!certain);
        }
        open
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn prepare(people: &[i64; PAGE], rates: &[f64; PAGE], groups: &mut [Group]) {
    let (people, rates) = (people.as_chunks().0, rates.as_chunks().0);
    for ((group, people), rates) in groups.iter_mut().zip(people).zip(rates) {
        group.set(people, rates);
    }
}

#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2+fma",
    "x86_64+avx2+bmi2+fma"
))]
fn propose_page(words: &[u64; PAGE], groups: &[Group], out: &mut [i32; PAGE], open: &mut [u32; GROUPS]) {
    let propose =
        if target_cfg_f!(target_feature = "fma") { Group::propose::<true> } else { Group::propose::<false> };
    let pages = words.as_chunks().0.iter().zip(out.as_chunks_mut().0);
    for ((group, (words, out)), open) in groups.iter().zip(pages).zip(open) {
        *open = if group.special { LANES as u32 } else { propose(group, words, out) };
    }
}

#[multiversion::multiversion(targets(
    "x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2+fma",
    "x86_64+avx2+bmi2+fma"
))]
fn decide_special(words: &[u64; LANES], n: &[i64; LANES], p: &[f64; LANES], out: &mut [i64; LANES]) -> u32 {
    decide_lanes::<{ target_cfg_f!(target_feature = "fma") }>(words, n, p, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::{Address, Kind, Stream};

    /// What is left open goes lane by lane: few draws, or the page loses its point. Variances from 2 on are expanded.
    #[test]
    fn few_prepared_draws_are_left_open() {
        let stream = Stream::new(7, &Address::new(Kind::Chance, "prepared test", 0));
        let mut prepared = Prepared::default();
        for (n, p, most) in [(8, 0.5, 0.02), (60, 0.4, 0.001), (1000, 0.3, 0.001), (200_000, 0.3, 0.005)] {
            prepared.set(|people, rates| (*people, *rates) = ([n; PAGE], [p; PAGE]));
            assert!(prepared.groups.iter().all(|group| !group.special));
            let (mut words, mut left) = ([0; PAGE], 0);
            for page in 0..100 {
                let mut open = [0; GROUPS];
                stream.fill(page, &mut words);
                propose_page(&words, &prepared.groups, &mut [0; PAGE], &mut open);
                left += open.iter().sum::<u32>();
            }
            assert!(f64::from(left) / 100.0 / (PAGE as f64) < most, "n {n}, p {p}: {left}");
        }
    }

    #[test]
    fn a_lane_of_small_variance_makes_its_group_special() {
        let mut prepared = Prepared::default();
        prepared.set(|people, rates| {
            (*people, *rates) = ([60; PAGE], [0.4; PAGE]);
            (people[LANES], people[3 * LANES + 5], people[3 * LANES + 6]) = (2, 3, 0);
        });
        let special: Vec<_> = prepared.groups.iter().map(|group| group.special).collect();
        assert_eq!(special, [false, true, false, true, false, false, false, false]);
    }
}
