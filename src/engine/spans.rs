//! Which trials lie on which page, and which pages a part of a run has.
//!
//! A sampler with replicates deals trials out to them in turn, so that any number of trials is shared evenly; a page holds
//! trials of one replicate. With a single replicate, trial `t` is lane `t mod 512` of page `t / 512`.

use serde::{Deserialize, Serialize};

use super::run::{Settings, Shard};
use crate::draw::address::PAGE;

/// Neighbouring pages of one replicate: number `from` to `to`, without `to`, of those it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub(crate) replicate: u64,
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Settings {
    fn replicates(self) -> u64 {
        self.chance.replicates()
    }

    /// How many trials a replicate has.
    pub(crate) fn trials_of(self, replicate: u64) -> u64 {
        (self.trials + self.replicates() - 1 - replicate) / self.replicates()
    }

    /// The pages of a replicate.
    pub(crate) fn pages_of(self, replicate: u64) -> u64 {
        self.trials_of(replicate).div_ceil(PAGE as u64)
    }

    /// Pages of all replicates; the last ones of some may be empty.
    pub(crate) fn pages(self) -> u64 {
        self.pages_of(0) * self.replicates()
    }

    /// How many trials of a page are run.
    pub(crate) fn trials_in(self, page: u64) -> usize {
        let before = page / self.replicates() * PAGE as u64;
        self.trials_of(page % self.replicates()).saturating_sub(before).min(PAGE as u64) as usize
    }

    /// The page and lane of a trial.
    pub(crate) fn place_of(self, trial: u64) -> (u64, usize) {
        let (replicate, point) = (trial % self.replicates(), trial / self.replicates());
        let page = point / PAGE as u64 * self.replicates() + replicate;
        (page, (point % PAGE as u64) as usize)
    }

    /// The trial in a lane of a page.
    pub(crate) fn trial_at(self, page: u64, lane: usize) -> u64 {
        let point = page / self.replicates() * PAGE as u64 + lane as u64;
        point * self.replicates() + page % self.replicates()
    }

    /// The page of a span that is number `number` of its replicate.
    pub(crate) fn page(self, replicate: u64, number: u64) -> u64 {
        number * self.replicates() + replicate
    }

    /// The trials of a span.
    pub(crate) fn trials_within(self, span: Span) -> u64 {
        let most = self.trials_of(span.replicate);
        let end = |pages: u64| pages.saturating_mul(PAGE as u64).min(most);
        end(span.to) - end(span.from)
    }
}

impl Shard {
    /// The pages of this part, replicate by replicate; parts are contiguous, in order, and cover all pages of the run.
    #[must_use]
    pub fn spans(self, settings: Settings) -> Vec<Span> {
        let of: Vec<u64> = (0..settings.replicates()).map(|replicate| settings.pages_of(replicate)).collect();
        let pages: u64 = of.iter().sum();
        let boundary = |part: u64| (u128::from(pages) * u128::from(part) / u128::from(self.of())) as u64;
        let (start, end) = (boundary(self.index() - 1), boundary(self.index()));
        let mut first = 0;
        let mut spans = Vec::new();
        for (replicate, pages) in (0..).zip(of) {
            let within = |at: u64| at.clamp(first, first + pages) - first;
            let (from, to) = (within(start), within(end));
            if from < to {
                spans.push(Span { replicate, from, to });
            }
            first += pages;
        }
        spans
    }
}

impl Span {
    /// What is left of some spans without others.
    pub(crate) fn without(spans: &[Self], done: &[Self]) -> Vec<Self> {
        let mut left = spans.to_vec();
        for done in done {
            left = left.into_iter().flat_map(|span| span.minus(*done)).collect();
        }
        left
    }

    /// Whether another begins where it ends, or the other way round.
    pub(crate) fn touches(self, other: Self) -> bool {
        self.replicate == other.replicate && (self.to == other.from || other.to == self.from)
    }

    fn minus(self, other: Self) -> impl Iterator<Item = Self> {
        let apart = self.replicate != other.replicate;
        let (low, high) = if apart { (self.to, self.to) } else { (other.from, other.to) };
        let before = Self { to: self.to.min(low), ..self };
        let after = Self { from: self.from.max(high), ..self };
        [before, after].into_iter().filter(|span| span.from < span.to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::block::Chance;

    const CHANCES: [Chance; 2] = [Chance::Inversion, Chance::Sobol];

    #[test]
    fn every_trial_has_a_lane_of_its_own() {
        for chance in CHANCES {
            for trials in [1, 31, 32, 511, 512, 513, 20_000] {
                let settings = Settings { trials, seed: 1, chance };
                let mut found: Vec<u64> = (0..settings.pages())
                    .flat_map(|page| {
                        (0..settings.trials_in(page)).map(move |lane| settings.trial_at(page, lane))
                    })
                    .collect();
                found.sort_unstable();
                assert!(found.into_iter().eq(0..trials), "{trials} {chance:?}");
                for trial in [0, trials / 2, trials - 1] {
                    let (page, lane) = settings.place_of(trial);
                    assert!(lane < settings.trials_in(page));
                    assert_eq!(settings.trial_at(page, lane), trial);
                }
            }
        }
    }

    #[test]
    fn shards_cover_every_page_once() {
        for chance in CHANCES {
            for trials in [1, 511, 512, 513, 100_000] {
                let settings = Settings { trials, seed: 1, chance };
                for of in [1, 2, 3, 7, 64, 1000] {
                    let parts = (1..=of).flat_map(|i| Shard::new(i, of).unwrap().spans(settings));
                    let mut next = (0, 0);
                    let mut count = 0;
                    for span in parts {
                        if next.1 == settings.pages_of(next.0) {
                            next = (next.0 + 1, 0);
                        }
                        assert_eq!((span.replicate, span.from), next);
                        next.1 = span.to;
                        count += settings.trials_within(span);
                    }
                    assert_eq!(count, trials);
                }
            }
        }
    }

    #[test]
    fn what_is_done_is_taken_out() {
        let span = |replicate, from, to| Span { replicate, from, to };
        let all = [span(0, 0, 10), span(1, 0, 10)];
        assert_eq!(Span::without(&all, &[]), all);
        let done = [span(0, 0, 3), span(0, 5, 6), span(1, 8, 10), span(2, 0, 99)];
        assert_eq!(Span::without(&all, &done), [span(0, 3, 5), span(0, 6, 10), span(1, 0, 8)]);
        assert!(Span::without(&all, &all).is_empty());
    }
}
