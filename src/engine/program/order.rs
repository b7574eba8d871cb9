//! The order of steps: what a step has made is read while it is near.
//!
//! A page of trials is 2 KiB, and the first cache of a processor holds a dozen of them beside the counters. In the order of
//! the plan, first what is earned and paid at every date, then what is counted, forty pages of the golden case were alive at
//! once; in this order twenty are, and most are read from the first cache.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::slots::{Held, touched};
use super::step::Step;

/// Steps that are weighed at a time: the first that could come next, and the last that became possible. More are hardly ever
/// possible at once but in portfolios, of whose contracts one is finished before the next is begun.
const FIRST: usize = 8;
const LATEST: usize = 24;

/// What is known of a step.
struct Node {
    reads: Vec<usize>,
    writes: Vec<usize>,
    /// Steps that wait for this one.
    before: Vec<usize>,
    /// How many steps it still waits for.
    waits_for: usize,
}

/// Steps in the making of their order; pages and columns are numbered through.
struct Order {
    nodes: Vec<Node>,
    /// How often each page will still be read.
    unread: Vec<u32>,
    /// When each page was last in use.
    used: Vec<usize>,
    /// Steps that could come next, as they became possible.
    possible: Vec<usize>,
}

/// The same steps, in an order in which few pages are alive at a time. Operations of the plan keep their own order.
pub(super) fn ordered(steps: Vec<Step>, columns: [usize; Held::KINDS], kept: &BTreeSet<Held>) -> Vec<Step> {
    let mut order = Order::new(&steps, columns, kept);
    let mut steps: Vec<_> = steps.into_iter().map(Some).collect();
    let next = (0..steps.len()).map_while(|time| order.next(time).and_then(|step| steps[step].take()));
    next.collect()
}

impl Order {
    fn new(steps: &[Step], columns: [usize; Held::KINDS], kept: &BTreeSet<Held>) -> Self {
        let pages = columns.iter().sum();
        let mut order = Self {
            nodes: Vec::with_capacity(steps.len()),
            unread: vec![0; pages],
            used: vec![0; pages],
            possible: Vec::new(),
        };
        kept.iter().for_each(|held| order.unread[held.number(columns)] += 1);
        let (mut writers, mut operation) = (vec![None; pages], None);
        for (at, step) in steps.iter().enumerate() {
            let (mut reads, mut writes) = (Vec::new(), Vec::new());
            for (held, is_written) in touched(step) {
                if is_written { &mut writes } else { &mut reads }.push(held.number(columns));
            }
            distinct(&mut reads);
            let mut sources: Vec<usize> = reads.iter().filter_map(|page| writers[*page]).collect();
            if matches!(step, Step::Plain(_)) {
                sources.extend(operation.replace(at));
            }
            distinct(&mut sources);
            sources.iter().for_each(|source| order.nodes[*source].before.push(at));
            writes.iter().for_each(|page| writers[*page] = Some(at));
            reads.iter().for_each(|page| order.unread[*page] += 1);
            let waits_for = sources.len();
            order.nodes.push(Node { reads, writes, before: Vec::new(), waits_for });
            if waits_for == 0 {
                order.possible.push(at);
            }
        }
        order
    }

    /// The step that comes next: one that frees most pages, of those one whose pages were in use most recently.
    fn next(&mut self, time: usize) -> Option<usize> {
        let (all, latest) = (self.possible.len(), self.possible.len().saturating_sub(LATEST));
        let weighed = (0..all.min(FIRST)).chain(latest.max(FIRST)..all);
        let place = weighed.max_by_key(|place| self.merit(self.possible[*place], time))?;
        let step = self.possible.remove(place);
        let Node { reads, writes, before, .. } = &mut self.nodes[step];
        reads.iter().for_each(|page| self.unread[*page] -= 1);
        reads.iter().chain(writes.iter()).for_each(|page| self.used[*page] = time);
        for waiting in std::mem::take(before) {
            self.nodes[waiting].waits_for -= 1;
            if self.nodes[waiting].waits_for == 0 {
                self.possible.push(waiting);
            }
        }
        Some(step)
    }

    fn merit(&self, step: usize, time: usize) -> (i64, Reverse<usize>, Reverse<usize>) {
        let Node { reads, writes, .. } = &self.nodes[step];
        let freed = reads.iter().filter(|page| self.unread[**page] == 1).count();
        let age: usize = reads.iter().map(|page| time - self.used[*page]).sum();
        let age = 16 * age / reads.len().max(1);
        (freed as i64 - writes.len() as i64, Reverse(age), Reverse(step))
    }
}

fn distinct(numbers: &mut Vec<usize>) {
    numbers.sort_unstable();
    numbers.dedup();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::program::step::{Page, Sum};

    const COLUMNS: [usize; Held::KINDS] = [99, 0, 0, 0];

    fn sum(plus: &[u32], out: u32) -> Step {
        let plus = plus.iter().map(|page| Page(*page)).collect();
        Step::Linear { sum: Sum { plus, ..Sum::default() }, out: Page(out) }
    }

    fn count(page: u32) -> Step {
        Step::Count { page: Page(page), series: 0 }
    }

    /// All pages first and all counts behind them; in the new order each page is counted before the next is made.
    #[test]
    fn a_page_is_read_before_the_next_is_made() {
        let made = (1..9).map(|page| sum(&[], page));
        let steps = made.chain((1..9).map(count)).collect();
        let expected: Vec<_> = (1..9).flat_map(|page| [sum(&[], page), count(page)]).collect();
        assert_eq!(ordered(steps, COLUMNS, &BTreeSet::new()), expected);
    }

    #[test]
    fn nothing_is_read_before_it_is_made_and_nothing_is_lost() {
        let steps: Vec<_> = (1..60).map(|page| sum(&[page / 2, page / 3], page)).chain([count(59)]).collect();
        let found = ordered(steps.clone(), COLUMNS, &BTreeSet::from([Held::page(Page(7))]));
        let mut made = BTreeSet::from([Page(0)]);
        for step in &found {
            step.visit_pages(&mut |page, writes| assert!(writes || made.contains(&page), "{step:?}"));
            step.visit_pages(&mut |page, writes| _ = writes && made.insert(page));
        }
        assert!(found.len() == steps.len() && steps.iter().all(|step| found.contains(step)));
    }
}
