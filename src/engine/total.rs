//! The counts of a run put together from those of its spans, in any order.

use super::plan::Plan;
use super::run::{RunError, Settings};
use super::spans::Span;
use crate::measure::{MergeError, Replicate, Shape, Tally};

/// The counts of a span, one tally per tallied column of the plan.
#[derive(Debug)]
pub struct Counts {
    pub(crate) span: Span,
    pub(crate) tallies: Vec<Tally>,
}

/// All counts of a run, and what is kept of each replicate.
#[derive(Debug, Default)]
pub struct Whole {
    /// One per tallied column.
    pub(crate) tallies: Vec<Tally>,
    /// By tallied column; empty for a sampler without replicates.
    pub(crate) replicates: Vec<Vec<Replicate>>,
}

impl Whole {
    /// The counts, one per tallied column of the plan.
    #[must_use]
    pub fn tallies(&self) -> &[Tally] {
        &self.tallies
    }
}

/// Counts that are being put together. A replicate is thinned as soon as it is complete, so that memory is that of the
/// tallies of one run and of the replicates that are incomplete: one where spans come in order, else up to all.
#[derive(Debug)]
pub struct Total {
    settings: Settings,
    shapes: Vec<Shape>,
    pooled: Vec<Tally>,
    /// By replicate, while it is incomplete.
    open: Vec<Option<Vec<Tally>>>,
    /// By replicate: trials that are counted.
    counted: Vec<u64>,
    /// By replicate, then by tallied column.
    complete: Vec<Option<Vec<Replicate>>>,
}

impl Total {
    /// Nothing yet.
    ///
    /// # Errors
    /// None that a run of the plan does not have.
    pub fn new(plan: &Plan, settings: Settings) -> Result<Self, RunError> {
        let shapes = plan.shapes();
        let replicates = settings.chance.replicates() as usize;
        Ok(Self {
            settings,
            pooled: empty(&shapes)?,
            shapes,
            open: vec![None; replicates],
            counted: vec![0; replicates],
            complete: vec![None; replicates],
        })
    }

    /// All counts of a run of independent trials, to which more are added.
    pub(crate) fn of(whole: Whole, settings: Settings) -> Self {
        let shapes = whole.tallies.iter().map(Tally::shape).collect();
        Self {
            settings,
            shapes,
            pooled: whole.tallies,
            open: vec![None],
            counted: vec![0],
            complete: vec![None],
        }
    }

    /// Adds the counts of a span that was not added before.
    ///
    /// # Errors
    /// When tallies do not fit the plan.
    pub fn add(&mut self, counts: Counts) -> Result<(), RunError> {
        if self.open.len() == 1 {
            return join(&mut self.pooled, counts.tallies, &self.shapes);
        }
        let replicate = counts.span.replicate as usize;
        let mut tallies = self.open[replicate].take().unwrap_or_default();
        join(&mut tallies, counts.tallies, &self.shapes)?;
        self.counted[replicate] += self.settings.trials_within(counts.span);
        if self.counted[replicate] == self.settings.trials_of(counts.span.replicate) {
            merge(&mut self.pooled, &tallies)?;
            // What is not counted has no trials, and no figure is read from it.
            let thinned = tallies.iter().map(|tally| Replicate::new(tally).unwrap_or_default());
            self.complete[replicate] = Some(thinned.collect());
        } else {
            self.open[replicate] = Some(tallies);
        }
        Ok(())
    }

    /// The counts of the whole run, when all its spans have been added.
    #[must_use]
    pub fn finish(self) -> Whole {
        // With fewer trials than replicates there is nothing to compare.
        let complete: Option<Vec<Vec<Replicate>>> =
            self.complete.into_iter().collect::<Option<_>>().filter(|all: &Vec<_>| all.len() > 1);
        let mut replicates = vec![Vec::new(); if complete.is_some() { self.pooled.len() } else { 0 }];
        for of_all in complete.into_iter().flatten() {
            replicates.iter_mut().zip(of_all).for_each(|(all, one)| all.push(one));
        }
        Whole { tallies: self.pooled, replicates }
    }
}

/// The counts of the spans of a part, those of neighbouring pages together.
#[derive(Debug, Default)]
pub struct Spans(Vec<Counts>);

impl Spans {
    /// Adds the counts of a span that was not added before.
    ///
    /// # Errors
    /// When tallies do not fit each other.
    pub fn add(&mut self, mut counts: Counts) -> Result<(), RunError> {
        // At most one lies before and one behind; each may close a gap to the next.
        while let Some(at) = self.0.iter().position(|other| other.span.touches(counts.span)) {
            let other = self.0.swap_remove(at);
            merge(&mut counts.tallies, &other.tallies)?;
            counts.span.from = counts.span.from.min(other.span.from);
            counts.span.to = counts.span.to.max(other.span.to);
        }
        self.0.push(counts);
        Ok(())
    }

    /// The counts in the order of pages.
    #[must_use]
    pub fn finish(mut self) -> Vec<Counts> {
        self.0.sort_by_key(|counts| counts.span);
        self.0
    }
}

fn empty(shapes: &[Shape]) -> Result<Vec<Tally>, RunError> {
    Ok(shapes.iter().map(|shape| Tally::new(*shape)).collect::<Result<_, _>>()?)
}

/// Adds counts to others; where nothing is counted yet they are taken as they are: most runs have no others.
fn join(sums: &mut Vec<Tally>, parts: Vec<Tally>, shapes: &[Shape]) -> Result<(), RunError> {
    if sums.iter().any(|tally| tally.trials() > 0) {
        return Ok(merge(sums, &parts)?);
    }
    if let Some((part, shape)) = parts.iter().zip(shapes).find(|(part, shape)| part.shape() != **shape) {
        return Err(MergeError::ShapeMismatch(part.shape(), *shape).into());
    }
    *sums = parts;
    Ok(())
}

fn merge(sums: &mut [Tally], parts: &[Tally]) -> Result<(), MergeError> {
    sums.iter_mut().zip(parts).try_for_each(|(sum, part)| sum.merge(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::block::Chance;
    use crate::engine::run::Shard;

    /// The most replicates that are incomplete while so many parts are added in this order.
    fn most_open(order: &[u64]) -> usize {
        let settings = Settings { trials: 1_000_000, seed: 1, chance: Chance::Sobol };
        let replicates = settings.chance.replicates() as usize;
        // Of no columns, as only what is complete is looked at.
        let mut total = Total {
            settings,
            shapes: Vec::new(),
            pooled: Vec::new(),
            open: vec![None; replicates],
            counted: vec![0; replicates],
            complete: vec![None; replicates],
        };
        let mut most = 0;
        for index in order {
            for span in Shard::new(*index, order.len() as u64).unwrap().spans(settings) {
                total.add(Counts { span, tallies: Vec::new() }).unwrap();
            }
            most = most.max(total.open.iter().flatten().count());
        }
        assert!(total.open.iter().all(Option::is_none));
        most
    }

    #[test]
    fn one_replicate_is_open_where_parts_come_by_their_numbers() {
        let mut parts: Vec<u64> = (1..=200).collect();
        assert_eq!(most_open(&parts), 1);
        parts.sort_by_key(u64::to_string);
        assert_eq!(most_open(&parts), 5, "as `*.part` gives them");
    }
}
