//! Flags: whether a number is zero, and whether any of several is.
//!
//! A flag is a set of tests "this page has this value", so that the headroom of a limit need not be computed to see that
//! it is used up, and flags of flags are looked up in the pages where they come from.

use super::form::Form;
use super::lower::Lowered;
use super::step::{Page, Step, Test, View};
use crate::engine::plan::column::WholeColumn;

/// What is known of a question before any trial.
enum Answer {
    Known(bool),
    Test(Test),
}

impl Lowered<'_> {
    /// 1 where a number is zero.
    pub(super) fn is_zero(&mut self, value: WholeColumn, out: WholeColumn) -> Option<()> {
        let page = self.view(value)?.page;
        match self.zero(page) {
            Answer::Known(zero) => self.known_flag(zero, out),
            Answer::Test(test) => self.flag(vec![test], out),
        }
    }

    /// 1 where any flag is.
    pub(super) fn any(&mut self, flags: &[WholeColumn], out: WholeColumn) -> Option<()> {
        let mut tests = Vec::with_capacity(flags.len());
        for flag in flags {
            let page = self.view(*flag).filter(|view| view.unit == 1)?.page;
            match (self.forms.constant(page), self.tests.get(&page)) {
                (Some(0), _) => {}
                (Some(_), _) => return self.known_flag(true, out),
                (None, Some(of)) => tests.extend_from_slice(of),
                (None, None) => tests.push((page, 1)),
            }
        }
        tests.sort_unstable();
        tests.dedup();
        if tests.is_empty() { self.known_flag(false, out) } else { self.flag(tests, out) }
    }

    /// Whether a page is zero, as a test of the page it comes from where it comes from one.
    fn zero(&self, page: Page) -> Answer {
        let form = Form { terms: vec![(page, 1)], constant: 0 };
        let Some(form) = self.forms.expand(&form) else { return Answer::Test((page, 0)) };
        let apart = |form: &Form| self.forms.least(form).is_some_and(|least| least > 0);
        if apart(&form) || form.negative().is_some_and(|form| apart(&form)) {
            return Answer::Known(false);
        }
        match form.terms[..] {
            [] => Answer::Known(form.constant == 0),
            [(source, factor)] if form.constant % factor == 0 => {
                match i32::try_from(-(form.constant / factor)) {
                    Ok(value) => Answer::Test((source, value)),
                    Err(_) => Answer::Known(false),
                }
            }
            [_] => Answer::Known(false),
            _ => Answer::Test((page, 0)),
        }
    }

    fn known_flag(&mut self, up: bool, out: WholeColumn) -> Option<()> {
        let form = Form { terms: Vec::new(), constant: i64::from(up) };
        let view = match self.forms.find(&form) {
            Some(view) => view,
            None => View { page: self.linear(form.clone(), Some(form), 1, out)?, unit: 1 },
        };
        self.set(out, view)
    }

    fn flag(&mut self, tests: Vec<Test>, out: WholeColumn) -> Option<()> {
        if let Some(page) = self.flags.get(&tests).copied() {
            return self.set(out, View { page, unit: 1 });
        }
        let page = self.page_for(out, 1)?;
        self.steps.push(Step::AnyEqual { tests: tests.clone(), out: page });
        self.flags.insert(tests.clone(), page);
        self.tests.insert(page, tests);
        self.set_plain(out, page, 1)
    }
}
