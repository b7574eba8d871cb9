//! Slots: which piece of memory each page lives in, so that a block of trials stays in the cache.

use std::collections::BTreeSet;

use super::step::{Page, Step};
use crate::engine::plan::column::{RealColumn, WholeColumn};
use crate::engine::plan::persons::MembersColumn;

/// What a step reads or writes: the kind (see [`Held`]) and the number within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Held {
    kind: u8,
    index: u32,
}

impl Held {
    pub(super) const KINDS: usize = 4;

    pub(super) fn page(page: Page) -> Self {
        Self { kind: 0, index: page.0 }
    }

    /// The narrow page that is held, if it is one.
    pub(super) fn as_page(self) -> Option<Page> {
        (self.kind == 0).then_some(Page(self.index))
    }

    pub(super) fn whole(column: WholeColumn) -> Self {
        Self { kind: 1, index: column.0 }
    }

    pub(super) fn real(column: RealColumn) -> Self {
        Self { kind: 2, index: column.0 }
    }

    /// Its number among all that is held, kind after kind.
    pub(super) fn number(self, columns: [usize; Self::KINDS]) -> usize {
        columns[..self.kind as usize].iter().sum::<usize>() + self.index as usize
    }

    pub(super) fn members(column: MembersColumn) -> Self {
        Self { kind: 3, index: column.0 }
    }
}

/// What a step touches, and whether it writes it.
pub(super) fn touched(step: &Step) -> Vec<(Held, bool)> {
    let mut found = Vec::new();
    step.visit_pages(&mut |page, writes| found.push((Held::page(page), writes)));
    let (mut wholes, mut reals) = (Vec::new(), Vec::new());
    step.visit_columns(&mut |c, writes| wholes.push((Held::whole(c), writes)), &mut |c, writes| {
        reals.push((Held::real(c), writes));
    });
    found.extend(wholes);
    found.extend(reals);
    if let Step::Plain(op) = step {
        op.visit_members(&mut |c, writes| found.push((Held::members(c), writes)));
    }
    found
}

/// Drops the steps that nothing counted, asserted or kept depends on.
pub(super) fn needed(steps: Vec<Step>, kept: &BTreeSet<Held>) -> Vec<Step> {
    let mut open = kept.clone();
    let mut found: Vec<Step> = Vec::with_capacity(steps.len());
    for step in steps.into_iter().rev() {
        let touched = touched(&step);
        if step.is_root() || touched.iter().any(|(held, writes)| *writes && open.contains(held)) {
            open.extend(touched.into_iter().map(|(held, _)| held));
            found.push(step);
        }
    }
    found.reverse();
    found
}

/// Slot of every page and column; those whose lives do not overlap share one.
#[derive(Clone, Debug, Default)]
pub(super) struct Slots {
    slots: [Vec<u32>; Held::KINDS],
    counts: [u32; Held::KINDS],
}

impl Slots {
    /// Assigns slots by a single pass: a slot is free again behind the last step that touches its page.
    ///
    /// Outputs never share a slot with an input of the same step, nor anything with what is kept.
    pub(super) fn assign(steps: &[Step], columns: [usize; Held::KINDS], kept: &BTreeSet<Held>) -> Self {
        let mut last: [Vec<usize>; Held::KINDS] = columns.map(|count| vec![0; count]);
        let all: Vec<_> = steps.iter().map(touched).collect();
        for (index, touched) in all.iter().enumerate() {
            touched.iter().for_each(|(held, _)| last[held.kind as usize][held.index as usize] = index);
        }
        kept.iter().for_each(|held| last[held.kind as usize][held.index as usize] = usize::MAX);
        let mut slots = Self { slots: columns.map(|count| vec![u32::MAX; count]), ..Self::default() };
        let mut free: [Vec<u32>; Held::KINDS] = Default::default();
        for (index, touched) in all.iter().enumerate() {
            for (held, _) in touched.iter().filter(|(_, writes)| *writes) {
                slots.begin(*held, &mut free[held.kind as usize]);
            }
            for (held, _) in touched {
                let slot = slots.slots[held.kind as usize][held.index as usize];
                let free = &mut free[held.kind as usize];
                let ends = last[held.kind as usize][held.index as usize] == index && slot != u32::MAX;
                if ends && !free.contains(&slot) {
                    free.push(slot);
                }
            }
        }
        slots
    }

    fn begin(&mut self, held: Held, free: &mut Vec<u32>) {
        let kind = held.kind as usize;
        self.slots[kind][held.index as usize] = free.pop().unwrap_or_else(|| {
            self.counts[kind] += 1;
            self.counts[kind] - 1
        });
    }

    pub(super) fn page(&self, page: Page) -> usize {
        self.slots[0][page.0 as usize] as usize
    }

    pub(super) fn whole(&self, column: WholeColumn) -> usize {
        self.slots[1][column.0 as usize] as usize
    }

    pub(super) fn real(&self, column: RealColumn) -> usize {
        self.slots[2][column.0 as usize] as usize
    }

    pub(super) fn members(&self, column: MembersColumn) -> usize {
        self.slots[3][column.0 as usize] as usize
    }

    pub(super) fn counts(&self) -> [usize; Held::KINDS] {
        self.counts.map(|count| count as usize)
    }
}
