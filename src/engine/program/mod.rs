//! The program: a plan lowered to steps over pages of 32-bit numbers, which is what a block runs.
//!
//! A plan says what is computed, in øre and people. The program says how: an amount on a lattice is held in units of
//! its step, so that it fits 32 bits and a payer's exact share of an amount is the same page in another unit; sums that
//! are multiples of one another are computed and counted once; a limit that is proven never to bind is no step at all.
//! Whatever has no faster form stays an operation over pages of 64 bits (`Step::Plain`). No figure depends on which
//! form was taken.

mod cover;
mod flags;
mod form;
mod lower;
mod order;
mod pairs;
mod slots;
pub(crate) mod step;
mod sums;

use std::collections::BTreeSet;

use self::pairs::Together;
use self::slots::Slots;
use self::step::{Page, Step, View};
use super::plan::column::{RealColumn, WholeColumn};
use super::plan::persons::MembersColumn;
use super::plan::{Kept, Plan};

pub(crate) use self::step::{Bound, Counted, Pair, Series, Source};

/// A lowered plan.
#[derive(Clone, Debug, Default)]
pub struct Program {
    pub(crate) steps: Vec<Step>,
    /// Series on lattices, each counted once for all tallies that are multiples of it.
    pub(crate) series: Vec<Series>,
    /// Where the counts of each series come from.
    pub(crate) sources: Vec<Source>,
    /// Series that are counted two at once.
    pub(crate) pairs: Vec<Pair>,
    /// How each tally of the plan is counted.
    pub(crate) counted: Vec<Counted>,
    views: Vec<Option<View>>,
    slots: Slots,
}

impl Program {
    /// Lowers a plan; the kept columns can still be read behind the last step.
    pub(crate) fn new(plan: &Plan, kept: &[Kept]) -> Self {
        Self::of(plan, kept, lower::lower(plan, |_| true))
    }

    fn of(plan: &Plan, kept: &[Kept], mut lowered: lower::Lowered<'_>) -> Self {
        let kept: BTreeSet<_> = kept.iter().map(|column| lowered.held(*column)).collect();
        let steps = cover::cover(&mut lowered, &kept);
        let Together { steps, pairs, sources } = pairs::together(steps, &lowered.forms, &lowered.series);
        let columns = [lowered.pages.len(), plan.whole.len(), plan.real.len(), plan.members.len()];
        let steps = order::ordered(slots::needed(steps, &kept), columns, &kept);
        let slots = Slots::assign(&steps, columns, &kept);
        let lower::Lowered { series, counted, views, .. } = lowered;
        Self { steps, series, sources, pairs, counted, views, slots }
    }

    /// An integer column as a multiple of a narrow page, if it is one.
    pub(crate) fn view(&self, column: WholeColumn) -> Option<View> {
        self.views[column.0 as usize]
    }

    /// The slot of a narrow page.
    pub(crate) fn page(&self, page: Page) -> usize {
        self.slots.page(page)
    }

    /// The slot of a wide page.
    pub(crate) fn whole(&self, column: WholeColumn) -> usize {
        self.slots.whole(column)
    }

    /// The slot of a real column.
    pub(crate) fn real(&self, column: RealColumn) -> usize {
        self.slots.real(column)
    }

    /// The slot of a column of members.
    pub(crate) fn members(&self, column: MembersColumn) -> usize {
        self.slots.members(column)
    }

    /// How many slots a block needs: of narrow pages, wide pages, reals and members.
    pub(crate) fn slots(&self) -> [usize; 4] {
        self.slots.counts()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Model;
    use crate::engine::plan::op::Op;
    use crate::engine::run::{Settings, Unwatched, run};
    use crate::measure::Tally;

    fn shipped() -> Vec<(String, Model)> {
        let folders = ["", "gallery", "candidates", "variants"];
        let paths = folders.iter().flat_map(|folder| {
            std::fs::read_dir(format!("{}/scenarios/{folder}", env!("CARGO_MANIFEST_DIR"))).unwrap()
        });
        let mut paths: Vec<_> = paths.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
        paths.sort();
        paths.iter().map(|path| (path.display().to_string(), Model::load(path).unwrap())).collect()
    }

    fn tallies(plan: &Plan, program: Program) -> Vec<Tally> {
        let mut plan = plan.clone();
        plan.program = program;
        run(&plan, Settings { trials: 1500, ..Settings::default() }, &plan.dimensions(), Some(1), &Unwatched)
            .unwrap()
            .tallies
    }

    /// Every form must give the integers of the operation it stands for: programs without any, and without one kind
    /// at a time, count the same amounts.
    #[test]
    fn lowered_steps_count_what_the_operations_count() {
        for (path, model) in shipped() {
            let plan = model.plan();
            let counted = |narrow: &dyn Fn(&Op) -> bool| {
                let program = Program::of(plan, &[], lower::lower(plan, narrow));
                tallies(plan, program).iter().map(Tally::cells).collect::<Vec<_>>()
            };
            let all = counted(&|_| true);
            assert!(all == counted(&|_| false), "{path}");
            assert!(all == counted(&|op| !matches!(op, Op::Sum { .. } | Op::Divide { .. })), "{path}");
            assert!(all == counted(&|op| !matches!(op, Op::Vessel { .. } | Op::Close { .. })), "{path}");
        }
    }
}
