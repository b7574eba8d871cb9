//! Stays: paths of persons between staying and being away.

use super::{Bits, Block, combine};
use crate::draw::address::{PAGE, unit};
use crate::engine::plan::persons::Stays;

impl Block<'_> {
    pub(super) fn stays(&mut self, stays: &Stays, page: u64) {
        let enrolled = self.enrolled(stays.enrolled);
        let rates = [stays.start, stays.leave, stays.back].map(|rate| self.spread_real(rate));
        let mut found = vec![vec![[0; PAGE / 64]; enrolled.most]; stays.reached.len()];
        for person in 0..enrolled.most {
            let mut path = Path::new(self.bits(stays.of, &enrolled, person));
            for (step, stream) in (1..).zip(&stays.streams) {
                let mut words = [0; PAGE];
                self.streams[*stream as usize].stream().fill_person(page, person as u64, &mut words);
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
