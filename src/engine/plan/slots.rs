//! Slots: which piece of memory each column lives in, so that a block of trials stays in the cache.

use super::column::{RealColumn, WholeColumn};
use super::op::Op;
use super::persons::MembersColumn;

/// Slot of every column; columns whose lives do not overlap share one.
#[derive(Debug, Default)]
pub struct Slots {
    whole: Vec<u32>,
    real: Vec<u32>,
    members: Vec<u32>,
    whole_count: u32,
    real_count: u32,
    members_count: u32,
}

/// A column that is read behind the last operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kept {
    Whole(WholeColumn),
    Real(RealColumn),
}

/// Lives of the columns of one kind: which operation uses each last, and which slots are free.
struct Lives {
    last: Vec<usize>,
    slot: Vec<u32>,
    free: Vec<u32>,
    count: u32,
}

impl Lives {
    fn new(columns: usize) -> Self {
        Self { last: vec![0; columns], slot: vec![u32::MAX; columns], free: Vec::new(), count: 0 }
    }

    fn begin(&mut self, column: u32) {
        self.slot[column as usize] = self.free.pop().unwrap_or_else(|| {
            self.count += 1;
            self.count - 1
        });
    }

    fn end_at(&mut self, op: usize, columns: &[u32]) {
        for column in columns {
            if self.last[*column as usize] == op && self.slot[*column as usize] != u32::MAX {
                let slot = self.slot[*column as usize];
                if !self.free.contains(&slot) {
                    self.free.push(slot);
                }
            }
        }
    }
}

impl Slots {
    /// Assigns slots by a single pass: a slot is free again behind the last operation that touches its column.
    ///
    /// Outputs never share a slot with an input of the same operation: operations read and write at once.
    pub(crate) fn assign(ops: &[Op], columns: [usize; 3]) -> Self {
        Self::keeping(ops, columns, &[])
    }

    /// As [`assign`](Self::assign), and no other column ever takes the slot of a kept one. `columns` are the numbers of
    /// columns of integers, reals and members.
    pub(crate) fn keeping(ops: &[Op], columns: [usize; 3], kept: &[Kept]) -> Self {
        let [whole_columns, real_columns, members_columns] = columns;
        let mut whole = Lives::new(whole_columns);
        let mut real = Lives::new(real_columns);
        let mut members = Lives::new(members_columns);
        for (index, op) in ops.iter().enumerate() {
            op.visit(&mut |c, _| whole.last[c.0 as usize] = index, &mut |c, _| {
                real.last[c.0 as usize] = index;
            });
            op.visit_members(&mut |c, _| members.last[c.0 as usize] = index);
        }
        for column in kept {
            match column {
                Kept::Whole(column) => whole.last[column.0 as usize] = usize::MAX,
                Kept::Real(column) => real.last[column.0 as usize] = usize::MAX,
            }
        }
        for (index, op) in ops.iter().enumerate() {
            let (mut wholes, mut reals, mut sets) = (Vec::new(), Vec::new(), Vec::new());
            op.visit(&mut |c, writes| wholes.push((c.0, writes)), &mut |c, writes| reals.push((c.0, writes)));
            op.visit_members(&mut |c, writes| sets.push((c.0, writes)));
            for (lives, columns) in [(&mut whole, &wholes), (&mut real, &reals), (&mut members, &sets)] {
                columns.iter().filter(|(_, writes)| *writes).for_each(|(column, _)| lives.begin(*column));
                let touched: Vec<_> = columns.iter().map(|(column, _)| *column).collect();
                lives.end_at(index, &touched);
            }
        }
        Self {
            whole: whole.slot,
            real: real.slot,
            members: members.slot,
            whole_count: whole.count,
            real_count: real.count,
            members_count: members.count,
        }
    }

    /// The slot of an integer column.
    pub(crate) fn whole(&self, column: WholeColumn) -> usize {
        self.whole[column.0 as usize] as usize
    }

    /// The slot of a real column.
    pub(crate) fn real(&self, column: RealColumn) -> usize {
        self.real[column.0 as usize] as usize
    }

    /// The slot of a column of members.
    pub(crate) fn members(&self, column: MembersColumn) -> usize {
        self.members[column.0 as usize] as usize
    }

    /// How many slots of members a block needs.
    pub(crate) fn members_count(&self) -> usize {
        self.members_count as usize
    }

    /// How many slots of integers and of reals a block needs.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.whole_count as usize, self.real_count as usize)
    }
}
