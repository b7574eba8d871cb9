//! What is kept of one replicate's counts, so that the error of a figure can be read from how far replicates differ.
//!
//! Of a series whose amounts fall in at most [`MOST_KNOTS`] cells the whole distribution is kept; of others the cells at which
//! the share of trials passes another 1/[`MOST_KNOTS`], and between them the distribution is taken to rise evenly. What that
//! adds to the error of a replicate's share is at most √(1/(4 · 1024 · n)) of n trials, a tenth of the error that it has by
//! chance at 90 %. An amount that occurs in more trials than that is always kept, and so is what lies beside zero.

use super::{Cell, Level, Summary, SummaryError, Tally};

/// Cells that are kept of a series, apart from those beside zero.
pub const MOST_KNOTS: u64 = 1024;

/// The counts of a replicate, thinned.
#[derive(Debug, Clone, Default)]
pub struct Replicate {
    trials: u64,
    mean: f64,
    /// Sample variance; zero for a single trial.
    variance: f64,
    knots: Vec<Knot>,
}

/// An amount with what lies at or below it.
#[derive(Debug, Clone, Copy)]
struct Knot {
    amount: i64,
    through: u64,
    /// Sum of amounts (øre).
    sum: f64,
    /// Whether cells between the knot before and this one are left out.
    thinned: bool,
}

impl Replicate {
    /// Thins the counts of a replicate.
    ///
    /// # Errors
    /// The tally is empty.
    pub fn new(tally: &Tally) -> Result<Self, SummaryError> {
        let summary = Summary::new(tally)?;
        let sd = summary.standard_deviation().map_or(0.0, |sd| sd.value);
        let trials = summary.trials();
        let knots = knots(summary.cells(), trials);
        Ok(Self { trials, mean: summary.mean().value, variance: sd * sd, knots })
    }

    /// The mean amount (øre).
    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    /// The sample variance (øre²).
    pub(super) fn variance(&self) -> f64 {
        self.variance
    }

    /// The share of trials with at most this amount (øre).
    pub(super) fn share_to(&self, amount: i64) -> f64 {
        self.to(amount).0 / self.trials as f64
    }

    /// The mean of what amounts have above a threshold (øre).
    pub(super) fn mean_above(&self, threshold: i64) -> f64 {
        let (count, sum) = self.to(threshold);
        let n = self.trials as f64;
        self.mean - sum / n - threshold as f64 * (n - count) / n
    }

    /// Trials with at most this amount, and their sum.
    fn to(&self, amount: i64) -> (f64, f64) {
        let index = self.knots.partition_point(|knot| knot.amount <= amount);
        let (count, sum) =
            index.checked_sub(1).map_or((0, 0.0), |at| (self.knots[at].through, self.knots[at].sum));
        let Some(next) = self.knots.get(index).filter(|next| next.thinned) else {
            return (count as f64, sum);
        };
        let before = self.knots[index - 1].amount;
        let part = amount.abs_diff(before) as f64 / next.amount.abs_diff(before) as f64;
        (count as f64 + part * (next.through - count) as f64, sum + part * (next.sum - sum))
    }
}

fn knots(cells: &[Cell], trials: u64) -> Vec<Knot> {
    let step = trials.div_ceil(MOST_KNOTS).max(1);
    let few = cells.len() as u64 <= MOST_KNOTS;
    let mut knots: Vec<Knot> = Vec::new();
    let (mut through, mut sum, mut left_out) = (0, 0.0, false);
    for (index, cell) in cells.iter().enumerate() {
        let heavy = |cell: Option<&Cell>| cell.is_some_and(|cell| cell.count >= step);
        let zero = cell.largest < 0 && cells.get(index + 1).is_some_and(|next| next.largest >= 0);
        let edge = index == 0 || index + 1 == cells.len();
        // What lies before an amount that is kept whole ends what rises evenly.
        let kept =
            few || edge || zero || cell.smallest == 0 || heavy(Some(cell)) || heavy(cells.get(index + 1));
        let passes = through / step != (through + cell.count) / step;
        through += cell.count;
        sum += cell.sum as f64;
        if kept || passes {
            knots.push(Knot { amount: cell.largest, through, sum, thinned: left_out });
        }
        left_out = !(kept || passes);
    }
    knots
}

/// The interval of the mean of figures of replicates around a value: value ± t·s/√k.
pub(super) fn around(value: f64, figures: impl Iterator<Item = f64>) -> (f64, f64) {
    let half = half_width(&figures.collect::<Vec<_>>());
    (value - half, value + half)
}

/// t·s/√k of the figures of k replicates, with t of k − 1 = 31 degrees of freedom.
pub(super) fn half_width(figures: &[f64]) -> f64 {
    let first = figures.first().copied().unwrap_or(0.0);
    let n = figures.len() as f64;
    // About the first: figures that are the same have no rounded mean beside them.
    let mean = figures.iter().map(|figure| figure - first).sum::<f64>() / n;
    let square = figures.iter().map(|figure| (figure - first - mean) * (figure - first - mean)).sum::<f64>();
    T * (square / (n - 1.0)).sqrt() / n.sqrt()
}

/// The 97.5 % quantile of Student's t with 31 degrees of freedom.
pub const T: f64 = 2.039_513_446_396_408;

/// Where the distribution function of a series is known to pass a level, from that of its replicates: the cells at which
/// the level lies in its interval, or `None` where the replicates agree.
pub(super) fn quantile_cells(
    cells: &[Cell],
    found: usize,
    level: Level,
    replicates: &[Replicate],
    share_to: impl Fn(usize) -> f64,
) -> Option<(usize, usize)> {
    let width = |cell: usize| {
        let shares: Vec<f64> = replicates.iter().map(|r| r.share_to(cells[cell].largest)).collect();
        half_width(&shares)
    };
    let below = found.checked_sub(1).map_or(0.0, width);
    if !(width(found) > 0.0 || below > 0.0) {
        return None;
    }
    let p = level.share();
    let low = first_where(0, found, |cell| share_to(cell) + width(cell) >= p);
    let high = first_where(found, cells.len() - 1, |cell| share_to(cell) - width(cell) >= p);
    Some((low, high))
}

/// The first cell where something holds that holds from some cell on, and at `end`.
fn first_where(start: usize, end: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (start, end);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) { high = middle } else { low = middle + 1 }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::super::Shape;
    use super::super::test_words::Words;
    use super::*;

    fn tally(amounts: &[i64]) -> Tally {
        let mut tally = Tally::new(Shape::General).unwrap();
        tally.record(amounts);
        tally
    }

    fn exact_to(amounts: &[i64], threshold: i64) -> f64 {
        amounts.iter().filter(|a| **a <= threshold).count() as f64 / amounts.len() as f64
    }

    #[test]
    fn few_amounts_are_kept_whole() {
        let amounts = [-500, -3, 0, 0, 7, 7, 7, 90_000];
        let replicate = Replicate::new(&tally(&amounts)).unwrap();
        for threshold in [-501, -500, -4, -3, -1, 0, 6, 7, 100, 90_000, 100_000] {
            let found = replicate.share_to(threshold);
            assert!((found - exact_to(&amounts, threshold)).abs() < 1e-12, "{threshold}");
            let above = amounts.iter().map(|a| (a - threshold).max(0)).sum::<i64>() as f64 / 8.0;
            assert!((replicate.mean_above(threshold) - above).abs() < 1e-9, "{threshold}");
        }
    }

    /// 40,000 amounts with an atom at zero and one at a cap: shares within a thousandth, atoms exact.
    #[test]
    fn many_amounts_are_thinned() {
        let mut words = Words(3);
        let amounts: Vec<i64> = (0..40_000)
            .map(|_| {
                let x = (words.uniform() * words.uniform() * 3e8) as i64 - 20_000_000;
                if x < -18_000_000 { 0 } else { x.min(150_000_000) }
            })
            .collect();
        let replicate = Replicate::new(&tally(&amounts)).unwrap();
        assert!(replicate.knots.len() <= 2 * MOST_KNOTS as usize + 8, "{}", replicate.knots.len());
        for exact in [-1, 0, 149_999_999, 150_000_000] {
            assert!((replicate.share_to(exact) - exact_to(&amounts, exact)).abs() < 1e-4, "{exact}");
        }
        let zeros = amounts.iter().filter(|a| **a == 0).count() as f64 / 40_000.0;
        assert!((replicate.share_to(0) - replicate.share_to(-1) - zeros).abs() < 1e-12);
        for step in 0..100 {
            let threshold = -19_000_000 + step * 1_700_000;
            let found = replicate.share_to(threshold);
            assert!((found - exact_to(&amounts, threshold)).abs() < 1e-3, "{threshold}");
            let above = amounts.iter().map(|a| (a - threshold).max(0) as f64).sum::<f64>() / 40_000.0;
            assert!((replicate.mean_above(threshold) - above).abs() < 2e4, "{threshold}");
        }
    }

    /// 4002 amounts of one trial each, ever farther apart: what lies beside zero and at the ends is kept, of the rest every
    /// fourth.
    #[test]
    fn zero_and_the_ends_are_kept_of_amounts_that_are_thinned() {
        let amounts: Vec<i64> = (-2001..=2000i64).map(|k| k * k * k.signum() * 1000).collect();
        let replicate = Replicate::new(&tally(&amounts)).unwrap();
        assert!(replicate.knots.len() < 1100, "{}", replicate.knots.len());
        for exact in [-4_004_001_001, -4_004_001_000, -1000, -1, 0, 4_000_000_000] {
            assert!((replicate.share_to(exact) - exact_to(&amounts, exact)).abs() < 1e-12, "{exact}");
        }
        assert!((replicate.mean_above(0) - amounts[2002..].iter().sum::<i64>() as f64 / 4002.0).abs() < 1e-3);
    }

    /// Two kinds of replicate, 16 of each: shares up to 0, 1, .. 4 are 0.2, 0.4, 0.6, 0.8, 1 and 0.1, 0.2, 0.4, 0.7, 1.
    #[test]
    fn a_quantile_lies_where_replicates_leave_it_open() {
        let kinds =
            [[0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [0, 1, 2, 2, 3, 3, 3, 4, 4, 4]].map(|amounts| tally(&amounts));
        let replicates: Vec<_> = (0..32).map(|index| Replicate::new(&kinds[index % 2]).unwrap()).collect();
        assert!(
            (replicates[1].mean() - 2.6).abs() < 1e-12
                && (replicates[1].variance() - 16.4 / 9.0).abs() < 1e-12
        );
        let shares = [0.15, 0.3, 0.5, 0.75, 1.0];
        let cells = kinds[0].cells();
        // A difference of 0.2 leaves 0.1 T/√31 = 0.037 on either side, one of 0.1 half of it.
        let found = |percent: u32, cell: usize| {
            let level = Level::new(percent, 100).unwrap();
            quantile_cells(&cells, cell, level, &replicates, |cell| shares[cell])
        };
        assert_eq!((found(10, 0), found(14, 0)), (Some((0, 0)), Some((0, 1))));
        assert_eq!((found(25, 1), found(30, 1), found(32, 2)), (Some((1, 1)), Some((1, 2)), Some((1, 2))));
        assert_eq!((found(50, 2), found(52, 3), found(76, 4)), (Some((2, 3)), Some((2, 3)), Some((3, 4))));
        // Of the last cell all replicates say the same, but not of the one before.
        assert_eq!(found(100, 4), Some((4, 4)));
        let alike = vec![replicates[0].clone(); 32];
        let level = Level::new(50, 100).unwrap();
        assert_eq!(quantile_cells(&cells, 2, level, &alike, |cell| shares[cell]), None);
    }

    #[test]
    fn the_first_cell_is_found_wherever_it_is() {
        for end in 0..20 {
            for start in 0..=end {
                for first in start..=end {
                    assert_eq!(first_where(start, end, |cell| cell >= first), first);
                }
            }
        }
    }

    #[test]
    fn replicates_that_agree_have_no_width() {
        assert!(half_width(&[0.1; 32]) == 0.0);
        let half = half_width(&(0..32).map(f64::from).collect::<Vec<_>>());
        // s² of 0..31 is 88.
        assert!((half - T * (88.0f64 / 32.0).sqrt()).abs() < 1e-12);
        // Two figures a distance of 2 apart have s = √2.
        let (low, high) = around(10.0, [1.0, 3.0].into_iter());
        assert!((low - (10.0 - T)).abs() < 1e-12 && (high - (10.0 + T)).abs() < 1e-12);
    }
}
