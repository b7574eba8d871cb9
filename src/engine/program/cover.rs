//! Sums on demand: a sum is added up when something reads it, from the fewest pages that are at hand.
//!
//! A plan says the headroom of a limit after n dates as the headroom after n − 1 less a payment, and each figure as a sum
//! of its own. Here sums are held in pages that are no sums, so that a chain costs nothing where nobody reads its middle;
//! what is counted comes in the order of its length, and long sums are added up from short ones. In the golden case that
//! halves the pages that are read.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::form::{Form, Forms};
use super::lower::{Lowered, fits};
use super::slots::Held;
use super::step::{Page, Step, Sum, Test};
use super::sums::sum_of;

/// Counts and accounts that wait to be put in order. All of a portfolio of ten investments; those of a thousand must not
/// keep all their pages until the end.
const WAITING: usize = 256;

/// A program whose sums are added up on demand.
struct Cover<'f> {
    forms: &'f Forms,
    ranges: &'f [(i64, i64)],
    sums: HashMap<Page, Sum>,
    flags: HashMap<Page, Vec<Test>>,
    /// Sums that were added up, by the pages that they hold.
    expanded: AtHand,
    /// The same, by what they were stated as.
    stated: AtHand,
    /// Flags that were looked up, longest first.
    raised: BTreeMap<(std::cmp::Reverse<usize>, Page), BTreeSet<Test>>,
    made: BTreeSet<Page>,
    /// Accounts that are asserted, so that none is twice.
    closed: BTreeSet<Account>,
    waiting: Vec<Step>,
    accounts: Vec<(Account, u32)>,
    steps: Vec<Step>,
}

/// What is to be nothing: a sum of multiples of pages, and a constant.
type Account = (Vec<(i32, Page)>, i64);

/// Forms of pages at hand, found by the pages that they contain.
#[derive(Debug, Default)]
struct AtHand {
    forms: HashMap<Page, Form>,
    with: HashMap<Page, Vec<Page>>,
}

/// The steps of a lowered plan, with every sum where it is first read.
pub(super) fn cover(lowered: &mut Lowered<'_>, kept: &BTreeSet<Held>) -> Vec<Step> {
    let steps = std::mem::take(&mut lowered.steps);
    let mut cover = Cover::new(&lowered.forms, &lowered.pages);
    steps.into_iter().for_each(|step| cover.take(step));
    cover.flush();
    kept.iter().filter_map(|held| held.as_page()).for_each(|page| cover.make(page));
    cover.steps
}

impl<'f> Cover<'f> {
    fn new(forms: &'f Forms, ranges: &'f [(i64, i64)]) -> Self {
        Self {
            forms,
            ranges,
            sums: HashMap::new(),
            flags: HashMap::new(),
            expanded: AtHand::default(),
            stated: AtHand::default(),
            raised: BTreeMap::new(),
            made: BTreeSet::new(),
            closed: BTreeSet::new(),
            waiting: Vec::new(),
            accounts: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn take(&mut self, step: Step) {
        match step {
            Step::Linear { sum, out } => {
                self.sums.insert(out, sum);
            }
            Step::AnyEqual { tests, out } => {
                self.flags.insert(out, tests);
            }
            Step::CloseWide { terms, constant, account } => self.accounts.push(((terms, constant), account)),
            Step::Count { .. } | Step::Record { .. } => self.waiting.push(step),
            step => self.emit(step),
        }
        if self.waiting.len() + self.accounts.len() == WAITING {
            self.flush();
        }
    }

    /// A step behind what it reads.
    fn emit(&mut self, step: Step) {
        let mut read = Vec::new();
        step.visit_pages(&mut |page, writes| read.extend((!writes).then_some(page)));
        read.into_iter().for_each(|page| self.make(page));
        self.steps.push(step);
    }

    /// What waits: first what is counted, short sums before long ones, then the accounts of it.
    fn flush(&mut self) {
        let mut counts = std::mem::take(&mut self.waiting);
        counts.sort_by_key(|step| match step {
            Step::Count { page, .. } => self.length(*page),
            Step::Record { from, .. } => self.length(from.page),
            _ => 0,
        });
        counts.into_iter().for_each(|step| self.emit(step));
        let accounts = std::mem::take(&mut self.accounts);
        accounts.into_iter().for_each(|(account, name)| self.close(account, name));
    }

    fn length(&self, page: Page) -> usize {
        self.forms.expansion(page).map_or(0, |form| form.terms.len())
    }

    /// Sees to it that a page is there.
    fn make(&mut self, page: Page) {
        if self.made.contains(&page) {
            return;
        }
        if let Some(tests) = self.flags.remove(&page) {
            self.raise(tests, page);
        } else if let Some(sum) = self.sums.remove(&page) {
            self.add_up(sum, page);
        }
        self.made.insert(page);
    }

    fn add_up(&mut self, sum: Sum, out: Page) {
        let stated = Form::new(sum.terms().map(|(c, page)| (page, c.into())).collect(), sum.constant.into());
        let sum = match self.forms.expansion(out) {
            None => sum,
            Some(form) => {
                let sum = sum_of(&self.expanded.cover(form));
                self.expanded.insert(out, form.clone());
                sum
            }
        };
        self.emit(Step::Linear { sum, out });
        if let Some(stated) = stated {
            self.stated.insert(out, stated);
        }
    }

    fn raise(&mut self, tests: Vec<Test>, out: Page) {
        let all: BTreeSet<Test> = tests.into_iter().collect();
        let (mut rest, mut tests) = (all.clone(), Vec::new());
        for ((_, page), of) in &self.raised {
            if of.is_subset(&rest) {
                rest = &rest - of;
                tests.push((*page, 1));
            }
        }
        tests.extend(rest);
        self.raised.insert((std::cmp::Reverse(all.len()), out), all);
        self.emit(Step::AnyEqual { tests, out });
    }

    /// Asserts an account of what is counted; as it was stated where that leaves the range of a step.
    fn close(&mut self, stated: Account, account: u32) {
        let (terms, constant) = self.of_counted(&stated).unwrap_or(stated);
        if terms.is_empty() && constant == 0 || !self.closed.insert((terms.clone(), constant)) {
            return;
        }
        let step = if self.fits(&terms, constant) {
            Step::Close { sum: sum_of(&form_of(&terms, constant)), account }
        } else {
            Step::CloseWide { terms, constant, account }
        };
        self.emit(step);
    }

    /// An account in sums that were added up to be counted, and in what the rest is made of.
    fn of_counted(&self, (terms, constant): &Account) -> Option<Account> {
        let mut stated = form_of(terms, *constant);
        for (page, coefficient) in std::mem::take(&mut stated.terms) {
            match self.forms.constant(page) {
                Some(value) => {
                    stated.constant = stated.constant.checked_add(coefficient.checked_mul(value)?)?;
                }
                None => stated.terms.push((page, coefficient)),
            }
        }
        let covered = self.stated.cover(&stated);
        let (at_hand, rest): (Vec<_>, Vec<_>) =
            covered.terms.iter().partition(|(page, _)| self.made.contains(page) || self.length(*page) == 0);
        let rest = Form { terms: rest, constant: covered.constant };
        let rest = self.forms.expand(&rest).map_or(rest, |expanded| self.expanded.cover(&expanded));
        let form = Form::new(at_hand.into_iter().chain(rest.terms).collect(), rest.constant)?;
        let unit = form.content();
        let form = form.divided(unit);
        let terms = form.terms.iter().map(|(page, c)| Some((i32::try_from(*c).ok()?, *page)));
        Some((terms.collect::<Option<_>>()?, form.constant))
    }

    /// Whether nothing but zero is a multiple of 2³² among the values of a form.
    fn fits(&self, terms: &[(i32, Page)], constant: i64) -> bool {
        let sides = terms.iter().map(|(coefficient, page)| {
            let (low, high) = self.ranges[page.0 as usize];
            i128::from(*coefficient).abs() * i128::from(low.abs().max(high.abs()))
        });
        let most = sides.sum::<i128>() + i128::from(constant).abs();
        i64::try_from(most).is_ok_and(fits)
    }
}

/// The form of an account, whose pages ascend.
fn form_of(terms: &[(i32, Page)], constant: i64) -> Form {
    Form {
        terms: terms.iter().map(|(coefficient, page)| (*page, i64::from(*coefficient))).collect(),
        constant,
    }
}

impl AtHand {
    fn insert(&mut self, page: Page, form: Form) {
        form.terms.iter().for_each(|(of, _)| self.with.entry(*of).or_default().push(page));
        self.forms.insert(page, form);
    }

    /// A form in pages at hand: term by term, the one that leaves least, as long as it leaves less than there was.
    fn cover(&self, form: &Form) -> Form {
        let (mut rest, mut found) = (form.clone(), Vec::new());
        let mut next = 0;
        while let Some((page, _)) = rest.terms.get(next).copied() {
            match self.best(&rest, page) {
                Some((sum, factor, less)) => {
                    found.push((sum, factor));
                    rest = less;
                }
                None => next += 1,
            }
        }
        found.extend(rest.terms);
        Form::new(found, rest.constant).unwrap_or_else(|| form.clone())
    }

    /// The page that takes most terms out of a form together with one of them, its factor, and what is left.
    fn best(&self, form: &Form, term: Page) -> Option<(Page, i64, Form)> {
        let coefficient = form.coefficient(term)?;
        let rests = self.with.get(&term)?.iter().filter_map(|page| {
            let sum = &self.forms[page];
            let times = sum.coefficient(term)?;
            let rest = (coefficient % times == 0).then(|| form.less(coefficient / times, sum))??;
            (rest.terms.len() + 1 < form.terms.len()).then_some((*page, coefficient / times, rest))
        });
        rests.min_by_key(|(_, _, rest)| rest.terms.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accounts(forms: &Forms, ranges: &[(i64, i64)], accounts: Vec<Account>) -> Vec<Step> {
        let mut cover = Cover::new(forms, ranges);
        for (terms, constant) in accounts {
            cover.take(Step::CloseWide { terms, constant, account: 0 });
        }
        cover.flush();
        cover.steps
    }

    #[test]
    fn an_account_is_asserted_once_and_another_one_too() {
        let same = (vec![(1, Page(0)), (-1, Page(1))], 0);
        let other = (vec![(1, Page(0)), (-1, Page(1))], 5);
        let steps = accounts(&Forms::default(), &[(0, 9); 2], vec![same.clone(), same, other]);
        assert_eq!(steps.len(), 2, "{steps:?}");
    }

    #[test]
    fn an_account_that_outgrows_a_step_is_asserted_as_it_was_stated() {
        // Page 1 is three thousand million times page 0, a coefficient that no step holds.
        let mut forms = Forms::default();
        let form = Form { terms: vec![(Page(0), 3_000_000_000)], constant: 0 };
        forms.remember(Page(1), form, (0, 0));
        let stated = (vec![(7, Page(1)), (-1, Page(2))], 0);
        let steps = accounts(&forms, &[(0, 9); 3], vec![stated]);
        assert!(steps.iter().any(Step::is_root), "{steps:?}");
    }
}
