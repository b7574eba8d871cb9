//! Sums, limits and accounts: what is linear, or linear up to where a limit bites.

use super::form::Form;
use super::lower::{Lowered, Term, fits};
use super::step::{Bound, Page, Step, Sum, View};
use crate::contract::share::gcd;
use crate::engine::plan::column::{Whole, WholeColumn};

impl Lowered<'_> {
    pub(super) fn sum(
        &mut self,
        plus: &[WholeColumn],
        minus: &[WholeColumn],
        constant: i64,
        out: WholeColumn,
    ) -> Option<()> {
        let mut terms = Vec::with_capacity(plus.len() + minus.len());
        for (columns, sign) in [(plus, 1), (minus, -1)] {
            for column in columns {
                let view = self.view(*column)?;
                terms.push((view.page, sign * view.unit));
            }
        }
        let form = Form::new(terms, constant)?;
        let expanded = self.forms.expand(&form);
        if let Some(view) = expanded.as_ref().and_then(|form| self.forms.find(form)) {
            return self.set(out, view);
        }
        let unit = expanded.as_ref().unwrap_or(&form).content();
        let page = self.linear(form, expanded, unit, out)?;
        self.set(out, View { page, unit })
    }

    /// A new page for a sum, in a unit that divides it.
    pub(super) fn linear(
        &mut self,
        form: Form,
        expanded: Option<Form>,
        unit: i64,
        out: WholeColumn,
    ) -> Option<Page> {
        let page = self.page_for(out, unit)?;
        let stated = form.content() % unit == 0;
        match (expanded, stated) {
            (Some(expanded), stated) => {
                let expanded = expanded.divided(unit);
                let form = if stated { form.divided(unit) } else { expanded.clone() };
                self.steps.push(Step::Linear { sum: sum_of(&form), out: page });
                self.forms.remember(page, expanded, self.range(page));
            }
            (None, _) => self.steps.push(Step::Linear { sum: sum_of(&form.divided(unit)), out: page }),
        }
        Some(page)
    }

    /// What one amount passes of a limit: all of it where the headroom is proven never to be smaller.
    pub(super) fn least(&mut self, entry: Whole, headroom: Whole, passed: WholeColumn) -> Option<()> {
        let (Term::View(entry), headroom) = (self.term(entry)?, self.term(headroom)?) else { return None };
        if self.never_below(headroom, entry) {
            return self.set(passed, entry);
        }
        let unit = common(&[Term::View(entry), headroom]);
        if !self.fit(&[Term::View(entry), headroom], unit) {
            return None;
        }
        let out = self.page_for(passed, unit)?;
        let value = ((entry.unit / unit) as i32, entry.page);
        self.steps.push(Step::Least { value, bound: Bound::of(headroom, unit), out });
        self.set_plain(passed, out, unit)
    }

    /// The larger of two amounts.
    pub(super) fn greatest(&mut self, value: WholeColumn, other: Whole, larger: WholeColumn) -> Option<()> {
        let (value, other) = (self.view(value)?, self.term(other)?);
        let unit = common(&[Term::View(value), other]);
        if !self.fit(&[Term::View(value), other], unit) {
            return None;
        }
        let out = self.page_for(larger, unit)?;
        let value = ((value.unit / unit) as i32, value.page);
        self.steps.push(Step::Greatest { value, bound: Bound::of(other, unit), out });
        self.set_plain(larger, out, unit)
    }

    /// What several amounts pass of a limit.
    pub(super) fn share(&mut self, entries: &[Whole], headroom: Whole, passed: &[WholeColumn]) -> Option<()> {
        let mut terms = vec![self.term(headroom)?];
        for entry in entries {
            match (entry, self.term(*entry)?) {
                (Whole::Column(column), Term::View(view)) if self.lattice(*column).low >= 0 => {
                    terms.push(Term::View(view));
                }
                _ => return None,
            }
        }
        // In øre: cuts in proportion are rounded to the øre, whatever the amounts are multiples of.
        let total = terms[1..].iter().map(|term| self.most(*term)).try_fold(0, i64::checked_add)?;
        if !self.fit(&terms, 1) || !fits(total) {
            return None;
        }
        let out: Vec<Page> = passed.iter().map(|passed| self.page_for(*passed, 1)).collect::<Option<_>>()?;
        let entries = terms[1..].iter().filter_map(|term| match term {
            Term::View(view) => Some((view.unit as i32, view.page)),
            Term::Constant(_) => None,
        });
        let entries = entries.collect();
        self.steps.push(Step::Share { entries, headroom: Bound::of(terms[0], 1), out: out.clone() });
        passed.iter().zip(out).try_for_each(|(passed, page)| self.set_plain(*passed, page, 1))
    }

    /// Asserts an account: nothing is left to assert where both sides are the same multiples of the same pages.
    pub(super) fn close(&mut self, plus: &[Whole], minus: &[Whole], account: u32) -> Option<()> {
        let (mut terms, mut constant) = (Vec::new(), 0i64);
        for (values, sign) in [(plus, 1), (minus, -1)] {
            for value in values {
                match self.term(*value)? {
                    Term::Constant(value) => constant = constant.checked_add(sign * value)?,
                    Term::View(view) => terms.push((view.page, sign * view.unit)),
                }
            }
        }
        let form = Form::new(terms, constant)?;
        if form == Form::default() {
            return Some(());
        }
        let form = form.clone().divided(form.content());
        let narrow = |(page, coefficient): &(Page, i64)| Some((i32::try_from(*coefficient).ok()?, *page));
        let terms = form.terms.iter().map(narrow).collect::<Option<_>>()?;
        self.steps.push(Step::CloseWide { terms, constant: form.constant, account });
        Some(())
    }

    /// Whether `headroom − entry` is proven never to be negative.
    fn never_below(&self, headroom: Term, entry: View) -> bool {
        let (mut terms, mut constant) = (vec![(entry.page, -entry.unit)], 0);
        match headroom {
            Term::Constant(value) => constant = value,
            Term::View(view) => terms.push((view.page, view.unit)),
        }
        let room = Form::new(terms, constant).and_then(|form| self.forms.expand(&form));
        room.and_then(|room| self.forms.least(&room)).is_some_and(|least| least >= 0)
    }

    /// The largest value of a term.
    fn most(&self, term: Term) -> i64 {
        match term {
            Term::Constant(value) => value,
            Term::View(view) => self.range(view.page).1.saturating_mul(view.unit),
        }
    }

    /// Whether terms fit narrow pages in a unit.
    fn fit(&self, terms: &[Term], unit: i64) -> bool {
        terms.iter().all(|term| match term {
            Term::Constant(value) => fits(value / unit),
            Term::View(view) => {
                let (low, high) = self.range(view.page);
                let scaled = |end: i64| end.checked_mul(view.unit / unit).is_some_and(fits);
                scaled(low) && scaled(high)
            }
        })
    }
}

/// The largest unit in which all terms are whole.
fn common(terms: &[Term]) -> i64 {
    let of = |term: &Term| match term {
        Term::Constant(value) => value.saturating_abs(),
        Term::View(view) => view.unit,
    };
    terms.iter().fold(0, |unit, term| gcd(unit, of(term))).max(1)
}

/// A form as a step adds it up, modulo 2³² as all arithmetic on narrow pages.
pub(super) fn sum_of(form: &Form) -> Sum {
    let mut sum = Sum { constant: form.constant as i32, ..Sum::default() };
    for (page, coefficient) in &form.terms {
        match coefficient {
            1 => sum.plus.push(*page),
            -1 => sum.minus.push(*page),
            other => sum.scaled.push((*other as i32, *page)),
        }
    }
    sum
}
