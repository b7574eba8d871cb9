//! The steps of a program, and the pages they read and write.

use crate::engine::plan::column::{Real, RealColumn, Whole, WholeColumn};
use crate::engine::plan::op::{Op, StreamIndex};

/// A page of 32-bit numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Page(pub(crate) u32);

/// An integer column as `unit` times a narrow page; `unit` is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) page: Page,
    pub(crate) unit: i64,
}

/// What a page is compared with: a number, or a multiple of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bound {
    Constant(i32),
    Page(i32, Page),
}

/// `Σ plus − Σ minus + Σ coefficient · page + constant`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sum {
    pub(crate) plus: Vec<Page>,
    pub(crate) minus: Vec<Page>,
    pub(crate) scaled: Vec<(i32, Page)>,
    pub(crate) constant: i32,
}

impl Sum {
    /// Its terms.
    pub(crate) fn terms(&self) -> impl Iterator<Item = (i32, Page)> {
        let plus = self.plus.iter().map(|page| (1, *page));
        let minus = self.minus.iter().map(|page| (-1, *page));
        plus.chain(minus).chain(self.scaled.iter().copied())
    }
}

/// Whether a page has a value: a flag that is up has the value 1.
pub(crate) type Test = (Page, i32);

/// One step of a program. Arithmetic on narrow pages is modulo 2³², and exact since every result is proven to fit.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// An operation of the plan over wide pages.
    Plain(Op),
    /// A narrow page in øre or people, on 64 bits.
    Widen { from: View, out: WholeColumn },
    /// A wide page that fits 32 bits.
    Narrow { from: WholeColumn, out: Page },
    /// Binomial counts of one number of people at one rate, each from its own address.
    Counts { of: Whole, rate: Real, draws: Vec<(StreamIndex, Page)> },
    /// A sum of multiples of pages.
    Linear { sum: Sum, out: Page },
    /// The smaller of a multiple of a page and a bound.
    Least { value: (i32, Page), bound: Bound, out: Page },
    /// The larger of a multiple of a page and a bound.
    Greatest { value: (i32, Page), bound: Bound, out: Page },
    /// Parts of `unit · total` by cumulative boundaries; the products are exact in `f64`.
    Divide { total: View, numerators: Vec<i64>, denominator: i64, out: Vec<Page> },
    /// What a limit lets through of several amounts, none negative, cut pro rata by cumulative boundaries.
    Share { entries: Vec<(i32, Page)>, headroom: Bound, out: Vec<Page> },
    /// 1 where any of the pages has the value given with it.
    AnyEqual { tests: Vec<Test>, out: Page },
    /// Asserts that a sum, which 32 bits hold, is nothing.
    Close { sum: Sum, account: u32 },
    /// Asserts `Σ coefficient · page + constant = 0` in 64 bits.
    CloseWide { terms: Vec<(i32, Page)>, constant: i64, account: u32 },
    /// Counts the values of a page on the lattice of a series.
    Count { page: Page, series: u32 },
    /// Counts two pages at once, by both values.
    CountPair { pages: [Page; 2], pair: u32 },
    /// Counts trials of a series that is proven to have one value only.
    Always { series: u32 },
    /// Counts the values of a column for a tally of general shape.
    Record { from: View, tally: u32 },
}

/// A lattice of page values: `low + k · stride` for `k` below `bins`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Series {
    pub(crate) low: i64,
    pub(crate) stride: i64,
    pub(crate) bins: u32,
}

/// Two series that are counted by both values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) of: [Series; 2],
}

/// Where the counts of a series come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// They are its own.
    Own,
    /// Its value is `factors · values of a pair + constant`.
    Pair { pair: u32, factors: [i64; 2], constant: i64 },
}

/// How a tally of the plan is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// By itself.
    Alone,
    /// As `unit` times the values of a series.
    As { series: u32, unit: i64 },
}

impl Step {
    /// The narrow pages it reads, then those it writes.
    pub(crate) fn visit_pages(&self, visit: &mut dyn FnMut(Page, bool)) {
        let bound = |bound: &Bound, visit: &mut dyn FnMut(Page, bool)| {
            if let Bound::Page(_, page) = bound {
                visit(*page, false);
            }
        };
        match self {
            Self::Plain(_) | Self::Always { .. } => {}
            Self::Widen { from, .. } | Self::Record { from, .. } => visit(from.page, false),
            Self::Narrow { out, .. } => visit(*out, true),
            Self::Counts { draws, .. } => draws.iter().for_each(|(_, out)| visit(*out, true)),
            Self::Linear { sum, out } => {
                sum.terms().for_each(|(_, page)| visit(page, false));
                visit(*out, true);
            }
            Self::Least { value, bound: by, out } | Self::Greatest { value, bound: by, out } => {
                visit(value.1, false);
                bound(by, visit);
                visit(*out, true);
            }
            Self::Divide { total, out, .. } => {
                visit(total.page, false);
                out.iter().for_each(|page| visit(*page, true));
            }
            Self::Share { entries, headroom, out } => {
                entries.iter().for_each(|(_, page)| visit(*page, false));
                bound(headroom, visit);
                out.iter().for_each(|page| visit(*page, true));
            }
            Self::AnyEqual { tests, out } => {
                tests.iter().for_each(|(page, _)| visit(*page, false));
                visit(*out, true);
            }
            Self::Close { sum, .. } => sum.terms().for_each(|(_, page)| visit(page, false)),
            Self::CloseWide { terms, .. } => terms.iter().for_each(|(_, page)| visit(*page, false)),
            Self::Count { page, .. } => visit(*page, false),
            Self::CountPair { pages, .. } => pages.iter().for_each(|page| visit(*page, false)),
        }
    }

    /// The wide pages and real columns it reads, then those it writes.
    pub(crate) fn visit_columns(
        &self,
        whole: &mut dyn FnMut(WholeColumn, bool),
        real: &mut dyn FnMut(RealColumn, bool),
    ) {
        match self {
            Self::Plain(op) => op.visit(whole, real),
            Self::Widen { out, .. } => whole(*out, true),
            Self::Narrow { from, .. } => whole(*from, false),
            Self::Counts { of, rate, .. } => {
                if let Whole::Column(column) = of {
                    whole(*column, false);
                }
                if let Real::Column(column) = rate {
                    real(*column, false);
                }
            }
            _ => {}
        }
    }

    /// Whether it is run for what it does, not for what it writes.
    pub(crate) fn is_root(&self) -> bool {
        match self {
            Self::Plain(op) => matches!(op, Op::Close { .. } | Op::Tally { .. }),
            Self::Close { .. }
            | Self::CloseWide { .. }
            | Self::Count { .. }
            | Self::CountPair { .. }
            | Self::Always { .. }
            | Self::Record { .. } => true,
            _ => false,
        }
    }
}
