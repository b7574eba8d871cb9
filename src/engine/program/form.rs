//! Linear forms of pages: how sums that are multiples of one another are found.

use std::collections::HashMap;

use super::step::{Page, View};
use crate::contract::share::gcd;

/// Longer forms are not expanded: the headroom of a limit after n dates has n terms.
const LONGEST: usize = 128;

/// `Σ coefficient · page + constant`, pages ascending, no coefficient zero.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) terms: Vec<(Page, i64)>,
    pub(super) constant: i64,
}

impl Form {
    /// The form of some terms in any order, or `None` where a coefficient leaves 64 bits.
    pub(super) fn new(mut terms: Vec<(Page, i64)>, constant: i64) -> Option<Self> {
        terms.sort_unstable_by_key(|(page, _)| *page);
        let mut gathered: Vec<(Page, i64)> = Vec::with_capacity(terms.len());
        for (page, coefficient) in terms {
            match gathered.last_mut() {
                Some((last, sum)) if *last == page => *sum = sum.checked_add(coefficient)?,
                _ => gathered.push((page, coefficient)),
            }
        }
        gathered.retain(|(_, coefficient)| *coefficient != 0);
        Some(Self { terms: gathered, constant })
    }

    /// `self − factor · other`, or `None` where that leaves 64 bits.
    pub(super) fn less(&self, factor: i64, other: &Self) -> Option<Self> {
        let (mut terms, mut others) = (Vec::with_capacity(self.terms.len()), other.terms.iter().peekable());
        for (page, coefficient) in &self.terms {
            while let Some((other, times)) = others.next_if(|(other, _)| other < page) {
                terms.push((*other, times.checked_mul(factor)?.checked_neg()?));
            }
            let times = others.next_if(|(other, _)| other == page).map_or(0, |(_, times)| *times);
            let rest = coefficient.checked_sub(times.checked_mul(factor)?)?;
            terms.extend((rest != 0).then_some((*page, rest)));
        }
        for (page, times) in others {
            terms.push((*page, times.checked_mul(factor)?.checked_neg()?));
        }
        let constant = self.constant.checked_sub(other.constant.checked_mul(factor)?)?;
        Some(Self { terms, constant })
    }

    /// The form with the opposite sign.
    pub(super) fn negative(&self) -> Option<Self> {
        Self::default().less(1, self)
    }

    /// The same in another unit, which divides it.
    pub(super) fn divided(mut self, unit: i64) -> Self {
        self.terms.iter_mut().for_each(|(_, coefficient)| *coefficient /= unit);
        self.constant /= unit;
        self
    }

    /// The coefficient of a page.
    pub(super) fn coefficient(&self, page: Page) -> Option<i64> {
        let found = self.terms.binary_search_by_key(&page, |(page, _)| *page);
        found.ok().map(|index| self.terms[index].1)
    }

    /// The greatest common divisor of all its numbers; 1 for nothing at all.
    pub(super) fn content(&self) -> i64 {
        let all = self
            .terms
            .iter()
            .fold(self.constant.saturating_abs(), |sum, (_, c)| gcd(sum, c.saturating_abs()));
        all.max(1)
    }
}

/// The direction of a form: its terms without a common factor, the first positive.
type Direction = Vec<(Page, i64)>;

/// A page that lies in a known direction: `page = scale · direction + constant`, from `low` to `high`.
#[derive(Clone, Copy, Debug)]
struct Known {
    page: Page,
    scale: i64,
    constant: i64,
    low: i64,
    high: i64,
}

/// What is known of the pages of a program.
#[derive(Debug, Default)]
pub(super) struct Forms {
    /// What a page is of pages that are no sums.
    expansions: HashMap<Page, Form>,
    known: HashMap<Direction, Vec<Known>>,
    constants: HashMap<i64, Page>,
}

impl Forms {
    /// What a page is of pages that are no sums, if that is known.
    pub(super) fn expansion(&self, page: Page) -> Option<&Form> {
        self.expansions.get(&page)
    }

    /// The value of a page that is the same in every trial.
    pub(super) fn constant(&self, page: Page) -> Option<i64> {
        self.expansion(page).filter(|form| form.terms.is_empty()).map(|form| form.constant)
    }

    /// The same form in pages that are no sums; `None` where that leaves 64 bits or grows long.
    pub(super) fn expand(&self, form: &Form) -> Option<Form> {
        let (mut terms, mut constant) = (Vec::new(), form.constant);
        for (page, coefficient) in &form.terms {
            match self.expansions.get(page) {
                None => terms.push((*page, *coefficient)),
                Some(inner) => {
                    constant = constant.checked_add(inner.constant.checked_mul(*coefficient)?)?;
                    for (inner, factor) in &inner.terms {
                        terms.push((*inner, factor.checked_mul(*coefficient)?));
                    }
                }
            }
        }
        Form::new(terms, constant).filter(|form| form.terms.len() <= LONGEST)
    }

    /// A page that an expanded form is a positive multiple of.
    pub(super) fn find(&self, form: &Form) -> Option<View> {
        let Some((direction, factor)) = direction(form) else {
            return self.constants.get(&form.constant).map(|page| View { page: *page, unit: 1 });
        };
        self.known.get(&direction)?.iter().find_map(|known| {
            let whole = factor % known.scale == 0 && factor / known.scale > 0;
            let unit = if whole { factor / known.scale } else { return None };
            (known.constant.checked_mul(unit)? == form.constant).then_some(View { page: known.page, unit })
        })
    }

    /// Below what an expanded form cannot fall, as far as a page in its direction tells.
    pub(super) fn least(&self, form: &Form) -> Option<i64> {
        let Some((direction, factor)) = direction(form) else { return Some(form.constant) };
        let ends = self.known.get(&direction)?.iter().filter_map(|known| {
            let end = if (factor > 0) == (known.scale > 0) { known.low } else { known.high };
            let moved = i128::from(end) - i128::from(known.constant);
            let (top, bottom) = (moved * i128::from(factor), i128::from(known.scale));
            let least = top.div_euclid(bottom) - i128::from(bottom < 0 && top.rem_euclid(bottom) != 0);
            i64::try_from(least + i128::from(form.constant)).ok()
        });
        ends.max()
    }

    /// Remembers that a page is an expanded form, within a range.
    pub(super) fn remember(&mut self, page: Page, form: Form, (low, high): (i64, i64)) {
        if let Some((direction, scale)) = direction(&form) {
            let known = Known { page, scale, constant: form.constant, low, high };
            self.known.entry(direction).or_default().push(known);
        } else {
            self.constants.insert(form.constant, page);
        }
        self.expansions.insert(page, form);
    }

    /// Remembers a page that is no sum.
    pub(super) fn remember_plain(&mut self, page: Page, (low, high): (i64, i64)) {
        let known = Known { page, scale: 1, constant: 0, low, high };
        self.known.entry(vec![(page, 1)]).or_default().push(known);
    }
}

/// The direction of a form, and the factor that leads back to it.
fn direction(form: &Form) -> Option<(Direction, i64)> {
    let (_, first) = form.terms.first()?;
    let content = form.terms.iter().fold(0, |sum, (_, c)| gcd(sum, c.saturating_abs()));
    let factor = if *first < 0 { -content } else { content };
    Some((form.terms.iter().map(|(page, c)| (*page, c / factor)).collect(), factor))
}
