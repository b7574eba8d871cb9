//! Lowering: operation by operation, the fastest form that is proven to give the same integers.

use std::collections::HashMap;

use super::form::Forms;
use super::slots::Held;
use super::step::{Bound, Counted, Page, Series, Step, Test, View};
use crate::engine::plan::column::{Lattice, Real, Unit, Whole, WholeColumn};
use crate::engine::plan::op::{Op, StreamIndex};
use crate::engine::plan::{Kept, Plan};
use crate::measure::Shape;

/// Products below this are exact in `f64`, doubled and with a half added.
const EXACT_PRODUCT: i128 = 1 << 50;

/// Lattices of a series that several tallies share have at most so many values.
const MOST_BINS: i64 = 1 << 16;

/// A number of a plan that is the same in every trial, or a view.
#[derive(Clone, Copy, Debug)]
pub(super) enum Term {
    Constant(i64),
    View(View),
}

/// What tells series of one page apart: the page, the stride, and where its lattice starts.
type SeriesKey = (Page, i64, i64);

/// A program in the making.
#[derive(Debug)]
pub(super) struct Lowered<'p> {
    plan: &'p Plan,
    pub(super) steps: Vec<Step>,
    pub(super) views: Vec<Option<View>>,
    /// The range of each narrow page.
    pub(super) pages: Vec<(i64, i64)>,
    pub(super) series: Vec<Series>,
    pub(super) counted: Vec<Counted>,
    /// Columns that have a wide page.
    wide: Vec<bool>,
    pub(super) forms: Forms,
    /// The step that draws counts of so many at a rate (its bits, and whether it is a column).
    draws: HashMap<(Whole, bool, u64), usize>,
    /// The flag of some tests.
    pub(super) flags: HashMap<Vec<Test>, Page>,
    /// The tests of a flag.
    pub(super) tests: HashMap<Page, Vec<Test>>,
    known_series: HashMap<SeriesKey, u32>,
}

/// Lowers every operation of a plan that `narrow` says may be.
pub(super) fn lower(plan: &Plan, narrow: impl Fn(&Op) -> bool) -> Lowered<'_> {
    let mut lowered = Lowered {
        plan,
        steps: Vec::with_capacity(plan.ops.len()),
        views: vec![None; plan.whole.len()],
        pages: Vec::new(),
        series: Vec::new(),
        counted: vec![Counted::Alone; plan.tallies.len()],
        wide: vec![false; plan.whole.len()],
        forms: Forms::default(),
        draws: HashMap::new(),
        flags: HashMap::new(),
        tests: HashMap::new(),
        known_series: HashMap::new(),
    };
    for op in &plan.ops {
        if !narrow(op) || lowered.narrow(op).is_none() {
            lowered.plain(op);
        }
    }
    lowered
}

impl Lowered<'_> {
    /// Where a kept column is held.
    pub(super) fn held(&self, kept: Kept) -> Held {
        match kept {
            Kept::Real(column) => Held::real(column),
            Kept::Whole(column) => match self.views[column.0 as usize] {
                Some(view) => Held::page(view.page),
                None => Held::whole(column),
            },
        }
    }

    /// An operation over narrow pages; `None` when it has no such form. Pages made on the way are not used then.
    fn narrow(&mut self, op: &Op) -> Option<()> {
        match op {
            Op::Count { stream, of, rate, out } => self.count(*stream, *of, *rate, *out),
            Op::Scale { quantity, numerator, denominator, out } => {
                let from = self.view(*quantity)?;
                self.set(*out, from.part(*numerator, *denominator)?)
            }
            Op::Divide { total, numerators, denominator, out } => {
                self.divide(*total, numerators, *denominator, out)
            }
            Op::Sum { plus, minus, constant, out } => self.sum(plus, minus, *constant, *out),
            Op::Vessel { entries, headroom, passed, signed: false } => match (&entries[..], &passed[..]) {
                ([entry], [passed]) => self.least(*entry, *headroom, *passed),
                _ => self.share(entries, *headroom, passed),
            },
            Op::Larger { a, b, out } => self.greatest(*b, *a, *out),
            Op::IsZero { value, out } => self.is_zero(*value, *out),
            Op::Any { flags, out } => self.any(flags, *out),
            Op::Close { plus, minus, account } => self.close(plus, minus, *account),
            Op::Tally { column, tally } => self.tally(*column, *tally),
            _ => None,
        }
    }

    /// The operation as it is, over wide pages.
    fn plain(&mut self, op: &Op) {
        let (mut read, mut written) = (Vec::new(), Vec::new());
        let visit =
            |column: WholeColumn, writes: bool| if writes { &mut written } else { &mut read }.push(column);
        op.visit(&mut { visit }, &mut |_, _| ());
        read.into_iter().for_each(|column| self.widen(column));
        self.steps.push(Step::Plain(op.clone()));
        written.into_iter().for_each(|column| self.wide[column.0 as usize] = true);
    }

    fn widen(&mut self, column: WholeColumn) {
        let index = column.0 as usize;
        if let (false, Some(from)) = (self.wide[index], self.views[index]) {
            self.steps.push(Step::Widen { from, out: column });
            self.wide[index] = true;
        }
    }

    pub(super) fn lattice(&self, column: WholeColumn) -> Lattice {
        self.plan.whole[column.0 as usize].lattice
    }

    /// The narrow page of a column, made where its values fit.
    pub(super) fn view(&mut self, column: WholeColumn) -> Option<View> {
        let index = column.0 as usize;
        if self.views[index].is_some() {
            return self.views[index];
        }
        // A measured number may be undefined, which is a value no range tells of.
        if self.plan.whole[index].unit == Unit::Nano {
            return None;
        }
        let out = self.page_for(column, 1)?;
        self.steps.push(Step::Narrow { from: column, out });
        self.forms.remember_plain(out, self.range(out));
        self.views[index] = Some(View { page: out, unit: 1 });
        self.views[index]
    }

    pub(super) fn term(&mut self, value: Whole) -> Option<Term> {
        match value {
            Whole::Constant(value) => Some(Term::Constant(value)),
            Whole::Column(column) => self.view(column).map(Term::View),
        }
    }

    pub(super) fn range(&self, page: Page) -> (i64, i64) {
        self.pages[page.0 as usize]
    }

    /// A new page for a column in some unit; `None` where it does not fit 32 bits.
    pub(super) fn page_for(&mut self, column: WholeColumn, unit: i64) -> Option<Page> {
        let Lattice { low, high, .. } = self.lattice(column);
        let range = (low.div_euclid(unit), high.div_euclid(unit) + i64::from(high.rem_euclid(unit) != 0));
        (fits(range.0) && fits(range.1)).then(|| {
            self.pages.push(range);
            Page(self.pages.len() as u32 - 1)
        })
    }

    /// Says what a column is.
    #[allow(clippy::unnecessary_wraps, reason = "the last thing that a lowering does, which may have none")]
    pub(super) fn set(&mut self, column: WholeColumn, view: View) -> Option<()> {
        self.views[column.0 as usize] = Some(view);
        Some(())
    }

    /// Says that a column is a page of its own, which is no sum.
    pub(super) fn set_plain(&mut self, column: WholeColumn, page: Page, unit: i64) -> Option<()> {
        self.forms.remember_plain(page, self.range(page));
        self.set(column, View { page, unit })
    }

    /// Counts of the same people at the same rate are drawn together: what the draws share is prepared once.
    fn count(&mut self, stream: StreamIndex, of: Whole, rate: Real, out: WholeColumn) -> Option<()> {
        let page = self.page_for(out, 1)?;
        let key = match rate {
            Real::Constant(rate) => (of, false, rate.to_bits()),
            Real::Column(column) => (of, true, u64::from(column.0)),
        };
        let known = self.draws.get(&key).copied();
        if let Some(Step::Counts { draws, .. }) = known.and_then(|step| self.steps.get_mut(step)) {
            draws.push((stream, page));
        } else {
            if let Whole::Column(people) = of {
                self.widen(people);
            }
            self.draws.insert(key, self.steps.len());
            self.steps.push(Step::Counts { of, rate, draws: vec![(stream, page)] });
        }
        self.set_plain(out, page, 1)
    }

    fn divide(
        &mut self,
        total: WholeColumn,
        numerators: &[i64],
        denominator: i64,
        out: &[WholeColumn],
    ) -> Option<()> {
        let from = self.view(total)?;
        let starts = std::iter::once(&0).chain(numerators);
        let exact: Option<Vec<View>> =
            starts.zip(numerators).map(|(start, end)| from.part(end - start, denominator)).collect();
        if let Some(parts) = exact {
            return out.iter().zip(parts).try_for_each(|(out, part)| self.set(*out, part));
        }
        let Lattice { low, high, .. } = self.lattice(total);
        if low < 0 || i128::from(high) * i128::from(denominator) >= EXACT_PRODUCT {
            return None;
        }
        let pages: Vec<Page> = out.iter().map(|out| self.page_for(*out, 1)).collect::<Option<_>>()?;
        self.steps.push(Step::Divide {
            total: from,
            numerators: numerators.to_vec(),
            denominator,
            out: pages.clone(),
        });
        out.iter().zip(pages).try_for_each(|(out, page)| self.set_plain(*out, page, 1))
    }

    /// Counts a column, on the lattice of a page that other columns may be multiples of.
    fn tally(&mut self, column: WholeColumn, tally: u32) -> Option<()> {
        let view = self.view(column)?;
        if let Some(value) = self.forms.constant(view.page) {
            let series = self.series.len() as u32;
            self.series.push(Series { low: value, stride: 1, bins: 1 });
            self.steps.push(Step::Always { series });
            self.counted[tally as usize] = Counted::As { series, unit: view.unit };
            return Some(());
        }
        let Shape::Lattice { lowest, step, bins } = self.plan.shape(column) else {
            self.steps.push(Step::Record { from: view, tally });
            return Some(());
        };
        let (low, stride) = if lowest % view.unit == 0 && step % view.unit == 0 {
            (lowest / view.unit, step / view.unit)
        } else if view.unit % step == 0 {
            // The plan knows a finer lattice than there is: every multiple of the unit within it will do.
            (-(-lowest).div_euclid(view.unit), 1)
        } else {
            return None;
        };
        let high = lowest + i64::from(bins - 1) * step;
        let bins = ((high.div_euclid(view.unit) - low) / stride + 1) as u32;
        let series = self.series(view.page, low, stride, bins);
        self.counted[tally as usize] = Counted::As { series, unit: view.unit };
        Some(())
    }

    /// The series of a page that holds a lattice: one that is known, grown where need be, or a new one.
    fn series(&mut self, page: Page, low: i64, stride: i64, bins: u32) -> u32 {
        let key = (page, stride, low.rem_euclid(stride));
        let high = low + i64::from(bins - 1) * stride;
        if let Some(index) = self.known_series.get(&key).copied() {
            let known = &mut self.series[index as usize];
            let least = known.low.min(low);
            let most = high.max(known.low + i64::from(known.bins - 1) * known.stride);
            let points = (most - least) / stride + 1;
            if points <= MOST_BINS {
                (known.low, known.bins) = (least, points as u32);
                return index;
            }
        }
        let index = self.series.len() as u32;
        self.series.push(Series { low, stride, bins });
        self.known_series.insert(key, index);
        self.steps.push(Step::Count { page, series: index });
        index
    }
}

impl View {
    /// An exact positive part; `None` where it would need rounding.
    fn part(self, numerator: i64, denominator: i64) -> Option<Self> {
        let product = i128::from(self.unit) * i128::from(numerator);
        let exact = product > 0 && product % i128::from(denominator) == 0;
        let unit = if exact { i64::try_from(product / i128::from(denominator)).ok()? } else { return None };
        Some(Self { unit, ..self })
    }
}

/// Whether a number fits a narrow page, with its negative.
pub(super) fn fits(value: i64) -> bool {
    i32::try_from(value.unsigned_abs()).is_ok()
}

impl Bound {
    /// A number or a view in a unit that divides it.
    pub(super) fn of(term: Term, unit: i64) -> Self {
        match term {
            Term::Constant(value) => Self::Constant((value / unit) as i32),
            Term::View(view) => Self::Page((view.unit / unit) as i32, view.page),
        }
    }
}
