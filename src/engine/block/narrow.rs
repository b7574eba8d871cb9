//! Steps over narrow pages: counts, sums, limits, accounts, and what is counted.

use super::kernels::{self, Against, NarrowPage, TOGETHER};
use super::{Block, Chance, Imbalance, Scratch};
use crate::draw::address::PAGE;
use crate::engine::plan::column::{Real, Whole};
use crate::engine::plan::op::StreamIndex;
use crate::engine::program::Bound;
use crate::engine::program::step::{Page, Step, Sum, Test, View};
use crate::engine::reference;
use crate::engine::spool::Spools;

impl Block<'_> {
    /// A step over narrow pages of the trials of a page, the first `trials` of which are asserted and counted.
    pub(super) fn narrow_step(
        &mut self,
        step: &Step,
        page: u64,
        trials: usize,
        spools: &mut Spools<'_>,
    ) -> Result<(), Imbalance> {
        match step {
            Step::Counts { of, rate, draws } => self.counts(*of, *rate, draws, page),
            Step::Count { page, series } => spools.count(*series, &self.page(*page)[..trials]),
            Step::CountPair { pages, pair } => {
                spools.count_pair(*pair, pages.map(|page| &self.page(page)[..trials]));
            }
            Step::Always { series } => spools.count_known(*series, trials),
            Step::Record { from, tally } => {
                spools.record_view(*tally, &self.page(from.page)[..trials], from.unit);
            }
            Step::Close { sum, account } => {
                let mut scratch = self.scratch.take().unwrap_or_else(anew);
                self.add_up(sum, &mut scratch.sum.0);
                let closes = kernels::all_nothing(&scratch.sum.0, trials);
                self.scratch = Some(scratch);
                if !closes {
                    let terms: Vec<_> = sum.terms().collect();
                    return self.close_wide(&terms, i64::from(sum.constant), *account, page, trials);
                }
            }
            Step::CloseWide { terms, constant, account } => {
                return self.close_wide(terms, *constant, *account, page, trials);
            }
            _ => self.arithmetic_step(step),
        }
        Ok(())
    }

    fn arithmetic_step(&mut self, step: &Step) {
        match step {
            Step::Widen { from: View { page, unit }, out } => {
                self.write(*out, |block, wide| kernels::widen(wide, *unit, block.page(*page)));
            }
            Step::Narrow { from, out } => {
                self.write_page(*out, |block, page| kernels::narrow(page, block.whole(*from)));
            }
            Step::Linear { sum, out } => self.write_page(*out, |block, page| block.add_up(sum, page)),
            Step::Least { value: (factor, value), bound, out } => self.write_page(*out, |block, page| {
                kernels::least(page, (*factor, block.page(*value)), block.against(*bound));
            }),
            Step::Greatest { value: (factor, value), bound, out } => self.write_page(*out, |block, page| {
                kernels::greatest(page, (*factor, block.page(*value)), block.against(*bound));
            }),
            Step::Divide { total, numerators, denominator, out } => {
                self.divide_page(*total, numerators, *denominator, out);
            }
            Step::Share { entries, headroom, out } => self.share(entries, *headroom, out),
            Step::AnyEqual { tests, out } => self.write_page(*out, |block, page| {
                let of = |test: &Test| (block.page(test.0), test.1);
                let (first, rest) = tests.as_chunks::<TOGETHER>();
                page.fill(0);
                first.iter().for_each(|tests| kernels::any_equal(page, &tests.each_ref().map(of)));
                rest.iter().for_each(|test| kernels::any_equal(page, &[of(test)]));
            }),
            _ => unreachable!("not arithmetic: {step:?}"),
        }
    }

    /// Few passes: each also reads and writes the sum.
    fn add_up(&self, sum: &Sum, out: &mut [i32; PAGE]) {
        let (mut plus, mut minus, mut start) = (&sum.plus[..], &sum.minus[..], Some(sum.constant));
        while !(plus.is_empty() && minus.is_empty()) {
            let most = if plus.is_empty() || minus.is_empty() { TOGETHER } else { TOGETHER / 2 };
            let (added, rest) = plus.split_at(plus.len().min(most));
            let (taken, others) = minus.split_at(minus.len().min(most));
            (plus, minus) = (rest, others);
            self.with_pages(added, |added| {
                self.with_pages(taken, |taken| kernels::add_up(out, start.take(), added, taken));
            });
        }
        for terms in sum.scaled.chunks(2) {
            let of = |(factor, term): &(i32, Page)| (*factor, self.page(*term));
            match terms {
                [a, b] => kernels::add_scaled(out, start.take(), &[of(a), of(b)]),
                more => more.iter().for_each(|a| kernels::add_scaled(out, start.take(), &[of(a)])),
            }
        }
        if let Some(constant) = start {
            out.fill(constant);
        }
    }

    fn with_pages(&self, pages: &[Page], pass: impl FnOnce(&[&[i32; PAGE]])) {
        let mut found = [&NarrowPage::ZERO.0; TOGETHER];
        found.iter_mut().zip(pages).for_each(|(found, page)| *found = self.page(*page));
        pass(&found[..pages.len()]);
    }

    fn against(&self, bound: Bound) -> Against<'_> {
        match bound {
            Bound::Constant(value) => Against::Constant(value),
            Bound::Page(factor, page) => Against::Page(factor, self.page(page)),
        }
    }

    #[inline(never)]
    fn divide_page(&mut self, total: View, numerators: &[i64], denominator: i64, out: &[Page]) {
        let mut before = NarrowPage::ZERO;
        for (numerator, out) in numerators.iter().zip(out) {
            let share = ((total.unit * numerator) as f64, denominator as f64);
            self.write_page(*out, |block, page| match (block.page(total.page), i32::try_from(total.unit)) {
                (total, Ok(unit)) if *numerator == denominator => {
                    kernels::rest(page, (unit, total), &before.0);
                }
                (total, _) => kernels::divide(page, total, share, &mut before.0),
            });
        }
    }

    /// Most trials need no cut, and in most pages none does: then everything passes as it is.
    fn share(&mut self, entries: &[(i32, Page)], headroom: Bound, out: &[Page]) {
        let mut scratch = self.scratch.take().unwrap_or_else(anew);
        let Scratch { sum: NarrowPage(sum), room: NarrowPage(room), .. } = &mut *scratch;
        match self.against(headroom) {
            Against::Constant(value) => room.fill(value),
            Against::Page(factor, page) => kernels::scaled(room, factor, page),
        }
        for (at, (factor, entry)) in entries.iter().enumerate() {
            kernels::add_scaled(sum, (at == 0).then_some(0), &[(*factor, self.page(*entry))]);
        }
        if kernels::any_above(sum, room) {
            self.cut(entries, out, &mut scratch);
        } else {
            for ((factor, entry), out) in entries.iter().zip(out) {
                self.write_page(*out, |block, page| kernels::scaled(page, *factor, block.page(*entry)));
            }
        }
        self.scratch = Some(scratch);
    }

    /// The boundaries of the entries of a sum that is cut; what the last one has needs no quotient.
    fn cut(&mut self, entries: &[(i32, Page)], out: &[Page], scratch: &mut Scratch) {
        let Scratch { sum, room, cumulative, before, ratio } = scratch;
        let (NarrowPage(passes), NarrowPage(cumulative), NarrowPage(before)) = (room, cumulative, before);
        kernels::passing(passes, &sum.0, ratio);
        cumulative.fill(0);
        before.fill(0);
        for (at, ((factor, entry), out)) in entries.iter().zip(out).enumerate() {
            self.write_page(*out, |block, page| {
                if at + 1 == entries.len() {
                    kernels::rest(page, (1, passes), before);
                } else {
                    let whole = (&sum.0, &*passes, &*ratio);
                    kernels::share(page, (*factor, block.page(*entry)), whole, [cumulative, before]);
                }
            });
        }
    }

    fn counts(&mut self, of: Whole, rate: Real, draws: &[(StreamIndex, Page)], page: u64) {
        if self.chance.inverts() {
            let mut prepared = self.prepared.take().unwrap_or_else(anew);
            prepared.set(|people, rates| {
                match of {
                    Whole::Constant(of) => people.fill(of),
                    Whole::Column(column) => people.copy_from_slice(self.whole(column)),
                }
                match rate {
                    Real::Constant(rate) => rates.fill(rate),
                    Real::Column(column) => rates.copy_from_slice(self.real(column)),
                }
            });
            for (stream, out) in draws {
                self.streams[*stream as usize].fill(page, &mut self.words);
                self.write_page(*out, |block, counts| prepared.invert(&block.words, counts));
            }
            self.prepared = Some(prepared);
            return;
        }
        self.other_counts(of, rate, draws, page);
    }

    /// Counts by another sampler, apart from the steps for the pages that it has on the stack; see [`anew`].
    #[inline(never)]
    fn other_counts(&mut self, of: Whole, rate: Real, draws: &[(StreamIndex, Page)], page: u64) {
        let (of, rate) = (self.wide(of), self.spread_real(rate));
        for (stream, out) in draws {
            let mut counts = [0; PAGE];
            if self.chance == Chance::Expected {
                (0..PAGE).for_each(|i| counts[i] = (of[i] as f64 * rate[i] + 0.5) as i64);
            } else {
                reference::counts(self.streams[*stream as usize].stream(), page, &of, &rate, &mut counts);
            }
            self.write_page(*out, |_, page| kernels::narrow(page, &counts));
        }
    }

    #[inline(never)]
    fn close_wide(
        &self,
        terms: &[(i32, Page)],
        constant: i64,
        account: u32,
        page: u64,
        trials: usize,
    ) -> Result<(), Imbalance> {
        let mut rest = [constant; PAGE];
        for (factor, term) in terms {
            kernels::add_wide(&mut rest, *factor, self.page(*term));
        }
        if kernels::all_zero(&rest, trials) {
            return Ok(());
        }
        let lane = rest[..trials].iter().position(|rest| *rest != 0).unwrap_or_default();
        let side = |positive: bool| {
            let of = terms.iter().filter(|(factor, _)| (*factor > 0) == positive);
            of.map(|(factor, term)| i64::from(factor.abs()) * i64::from(self.page(*term)[lane])).sum::<i64>()
        };
        Err(Imbalance {
            account: self.plan.accounts[account as usize].clone(),
            trial: page * PAGE as u64 + lane as u64,
            plus: side(true) + constant,
            minus: side(false),
        })
    }

    /// A narrow page.
    pub(super) fn page(&self, page: Page) -> &[i32; PAGE] {
        match &self.narrow[self.plan.program.page(page)] {
            Some(page) => &page.0,
            None => unreachable!("outputs never share a slot with inputs"),
        }
    }

    fn write_page(&mut self, page: Page, write: impl FnOnce(&Self, &mut [i32; PAGE])) {
        let slot = self.plan.program.page(page);
        let mut memory = self.narrow[slot].take().unwrap_or_else(anew);
        write(self, &mut memory.0);
        self.narrow[slot] = Some(memory);
    }
}

/// Memory for the first page. Its pages pass over the stack, which every step would reserve for them and look through if this
/// were a part of it.
#[cold]
#[inline(never)]
#[expect(clippy::unnecessary_box_returns, reason = "what is returned by value passes over the stack")]
fn anew<T: Default>() -> Box<T> {
    Box::default()
}
