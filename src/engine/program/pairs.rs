//! Series that are counted together, two at once.
//!
//! The accounts of a contract tie its amounts: what is earned is paid or lost. Where two series are counted by both of their
//! values, each sum and difference of them is read from the same counts, and its page is not counted. Counting was a quarter
//! of the golden case's time, and a store for every value is the least that it takes.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::form::{Form, Forms};
use super::step::{Page, Pair, Series, Source, Step};

/// A pair has at most so many cells, of two counters of 32 bits. A run touches a small part of this megabyte: ranges are
/// wider than amounts, and amounts that hang together lie near a line.
const MOST_CELLS: u64 = 1 << 17;

/// Among so many neighbours pairs are looked for: what belongs to one contract is counted side by side.
const WINDOW: usize = 64;

/// A pair takes longer than a count, and less than two; it must spare a third.
const LEAST: usize = 3;

/// The multiples of two series whose sum may be a third.
const FACTORS: [[i64; 2]; 12] = [
    [1, 1],
    [1, -1],
    [-1, 1],
    [-1, -1],
    [2, 1],
    [2, -1],
    [-2, 1],
    [-2, -1],
    [1, 2],
    [1, -2],
    [-1, 2],
    [-1, -2],
];

/// A series that is counted by itself so far.
struct Single {
    /// The step that counts it.
    step: usize,
    series: u32,
    page: Page,
    form: Form,
    /// The same multiple of forms has the same multiple of prints (modulo 2⁶⁴).
    print: u64,
    bins: u64,
}

/// What could be counted together: two singles, and what is read from them, by position in a window.
struct Candidate {
    of: [usize; 2],
    cells: u64,
    /// A single, the multiples of the two that it is, and what is added.
    reads: Vec<(usize, [i64; 2], i64)>,
}

/// A program's counts, two at once where that spares a third.
pub(super) struct Together {
    pub(super) steps: Vec<Step>,
    pub(super) pairs: Vec<Pair>,
    pub(super) sources: Vec<Source>,
}

/// Counts series together where a third can be read from two.
pub(super) fn together(steps: Vec<Step>, forms: &Forms, series: &[Series]) -> Together {
    let singles: Vec<_> =
        steps.iter().enumerate().filter_map(|(at, step)| Single::of(at, step, forms, series)).collect();
    let mut found =
        Together { steps: Vec::new(), pairs: Vec::new(), sources: vec![Source::Own; series.len()] };
    let mut anchored: HashMap<usize, Vec<Step>> = HashMap::new();
    for window in singles.chunks(WINDOW) {
        for candidate in chosen(window) {
            let [first, second] = candidate.of.map(|at| &window[at]);
            let pair = found.pairs.len() as u32;
            let counted = [first, second].map(|single| series[single.series as usize]);
            found.pairs.push(Pair { of: counted });
            for (at, factors, constant) in candidate.reads {
                found.sources[window[at].series as usize] = Source::Pair { pair, factors, constant };
            }
            let step = Step::CountPair { pages: [first.page, second.page], pair };
            anchored.entry(first.step.max(second.step)).or_default().push(step);
        }
    }
    for (at, step) in steps.into_iter().enumerate() {
        let read =
            matches!(step, Step::Count { series, .. } if found.sources[series as usize] != Source::Own);
        found.steps.extend((!read).then_some(step));
        found.steps.extend(anchored.remove(&at).into_iter().flatten());
    }
    found
}

impl Single {
    fn of(at: usize, step: &Step, forms: &Forms, all: &[Series]) -> Option<Self> {
        let Step::Count { page, series } = step else { return None };
        let Series { stride, bins, .. } = all[*series as usize];
        if stride != 1 || bins < 3 {
            return None; // flags are added up
        }
        let form = forms.expansion(*page).cloned();
        let form = form.unwrap_or_else(|| Form { terms: vec![(*page, 1)], constant: 0 });
        let print = form.terms.iter().map(|(page, c)| mixed(*page).wrapping_mul(*c as u64));
        let print = print.fold(0, u64::wrapping_add);
        Some(Self { step: at, series: *series, page: *page, form, print, bins: bins.into() })
    }
}

/// A number of 64 bits for a page (Steele, Lea and Flood 2014, the finaliser of `SplitMix`).
fn mixed(page: Page) -> u64 {
    let mut z = (u64::from(page.0) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The pairs of a window that spare most, one after another.
fn chosen(window: &[Single]) -> Vec<Candidate> {
    let mut open = candidates(window);
    let mut read = vec![false; window.len()];
    let mut chosen = Vec::new();
    loop {
        for candidate in &mut open {
            candidate.reads.retain(|(at, ..)| !read[*at]);
        }
        open.retain(|candidate| candidate.reads.len() >= LEAST);
        let best = (0..open.len()).max_by_key(|at| (open[*at].reads.len(), Reverse(open[*at].cells)));
        let Some(best) = best.map(|at| open.swap_remove(at)) else { return chosen };
        best.reads.iter().for_each(|(at, ..)| read[*at] = true);
        chosen.push(best);
    }
}

/// Every pair from which a third single can be read.
fn candidates(window: &[Single]) -> Vec<Candidate> {
    let by_print: HashMap<u64, usize> =
        window.iter().enumerate().map(|(at, single)| (single.print, at)).collect();
    let mut candidates = Vec::new();
    for (i, first) in window.iter().enumerate() {
        for (j, second) in window.iter().enumerate().skip(i + 1) {
            let cells = first.bins * second.bins;
            if cells > MOST_CELLS {
                continue;
            }
            let mut reads = vec![(i, [1, 0], 0), (j, [0, 1], 0)];
            for factors in FACTORS {
                let [a, b] = factors.map(|factor: i64| factor as u64);
                let print = first.print.wrapping_mul(a).wrapping_add(second.print.wrapping_mul(b));
                if let Some(at) = by_print.get(&print).filter(|at| **at != i && **at != j)
                    && let Some(constant) =
                        difference(&window[*at].form, [&first.form, &second.form], factors)
                {
                    reads.push((*at, factors, constant));
                }
            }
            if reads.len() >= LEAST {
                candidates.push(Candidate { of: [i, j], cells, reads });
            }
        }
    }
    candidates
}

/// What a form is more than a sum of multiples of two, if that is the same in every trial.
fn difference(form: &Form, of: [&Form; 2], factors: [i64; 2]) -> Option<i64> {
    let rest = form.less(factors[0], of[0])?.less(factors[1], of[1])?;
    rest.terms.is_empty().then_some(rest.constant)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAID: Page = Page(0);
    const LOST: Page = Page(1);
    const EARNED: Page = Page(2);
    const LEFT: Page = Page(3);

    /// Paid and lost, what was earned, and what a limit of 90 has left.
    fn counts(bins: u32) -> (Vec<Step>, Forms, Vec<Series>) {
        let mut forms = Forms::default();
        let form = |terms: &[(Page, i64)], constant| Form { terms: terms.to_vec(), constant };
        forms.remember(EARNED, form(&[(PAID, 1), (LOST, 1)], 5), (5, 200));
        forms.remember(LEFT, form(&[(PAID, -1), (LOST, -1)], 90), (0, 90));
        let series = vec![Series { low: 0, stride: 1, bins }; 4];
        let pages = [PAID, LOST, EARNED, LEFT].into_iter().zip(0..);
        (pages.map(|(page, series)| Step::Count { page, series }).collect(), forms, series)
    }

    #[test]
    fn what_two_tell_is_not_counted() {
        let (steps, forms, series) = counts(100);
        let found = together(steps, &forms, &series);
        assert_eq!(found.steps, [Step::CountPair { pages: [PAID, LOST], pair: 0 }]);
        assert_eq!(found.pairs, [Pair { of: [series[0], series[1]] }]);
        let read = |factors, constant| Source::Pair { pair: 0, factors, constant };
        let expected = [read([1, 0], 0), read([0, 1], 0), read([1, 1], 5), read([-1, -1], 90)];
        assert_eq!(found.sources, expected);
    }

    #[test]
    fn a_pair_of_too_many_cells_is_counted_singly() {
        let (steps, forms, series) = counts(400);
        let found = together(steps.clone(), &forms, &series);
        assert_eq!((found.steps, found.pairs.len()), (steps, 0));
        assert_eq!(found.sources, vec![Source::Own; 4]);
    }

    #[test]
    fn flags_and_strangers_are_counted_singly() {
        for bins in [2, 100] {
            let (steps, _, mut series) = counts(bins);
            series[0].bins = 2;
            let found = together(steps.clone(), &Forms::default(), &series);
            assert_eq!((found.steps, found.pairs.len()), (steps, 0));
        }
    }
}
