//! The statistics of one series, read from its sorted counts, each with its simulation interval.

use super::replicates::{around, quantile_cells};
use super::squares::Squares;
use super::tally::MAX_TRIALS;
use super::{Cell, Level, MAX_AMOUNT, Replicate, Statistic, Tally, interval};
use std::cmp::Ordering;
use thiserror::Error;

/// A figure with its 95 % simulation interval. Money is in øre.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The figure.
    pub value: f64,
    /// Lower and upper end; none for extremes, for what is known exactly, and where the trials are too few.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// Half the width of its interval.
    #[must_use]
    pub fn half_width(self) -> Option<f64> {
        self.interval.map(|(low, high)| (high - low) / 2.0)
    }

    /// To within how much it is known: the longer side of its interval.
    #[must_use]
    pub fn within(self) -> Option<f64> {
        self.interval.map(|(low, high)| (self.value - low).max(high - self.value))
    }
}

/// Why a series has no summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SummaryError {
    /// There is no trial.
    #[error("a series without trials has no statistics")]
    NoTrials,
    /// More than [`MAX_TRIALS`], or an amount beyond 2^53 øre.
    #[error("{0} øre in {1} trials is out of range")]
    Range(i64, u64),
}

/// The end of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Low,
    High,
}

/// Sorted counts of one series.
///
/// Sums are exact integers, and the few sums of floats run over the cells in a fixed order, so that the same multiset
/// of amounts gives the same bits. Where a general tally went over to log buckets, a quantile is an amount that
/// occurred, at most one bucket too high; mean, standard deviation, extremes and the share of zeros stay exact; what
/// splits a bucket is off by less than a bucket's width or its share of the trials.
#[derive(Debug, Clone)]
pub struct Summary {
    cells: Vec<Cell>,
    /// Trials up to and including each cell.
    through: Vec<u64>,
    trials: u64,
    sum: i128,
    /// Σ (x − mean)² and Σ (x − mean)⁴, read by mean and standard deviation.
    central: (f64, f64),
    constant: bool,
    /// Those of the series, where it was run in replicates; else empty.
    replicates: Vec<Replicate>,
}

impl Summary {
    /// Sorts the counts of a tally.
    ///
    /// # Errors
    /// The tally is empty.
    pub fn new(tally: &Tally) -> Result<Self, SummaryError> {
        if tally.trials() == 0 {
            return Err(SummaryError::NoTrials);
        }
        Ok(Self::of_cells(tally.cells(), tally.squares(), false))
    }

    /// A series that the plan knows to be `amount` (øre) in every trial: every statistic is exact, without interval.
    ///
    /// # Errors
    /// No trials, too many, or an amount out of range.
    pub fn constant(amount: i64, trials: u64) -> Result<Self, SummaryError> {
        if trials == 0 {
            return Err(SummaryError::NoTrials);
        }
        if trials > MAX_TRIALS || !(-MAX_AMOUNT..=MAX_AMOUNT).contains(&amount) {
            return Err(SummaryError::Range(amount, trials));
        }
        Ok(Self::of_cells(vec![Cell::of(amount, trials)], None, true))
    }

    /// The cells hold at least one trial.
    fn of_cells(cells: Vec<Cell>, squares: Option<Squares>, constant: bool) -> Self {
        let mut trials = 0;
        let through = cells.iter().map(|cell| {
            trials += cell.count;
            trials
        });
        let through = through.collect();
        // |sum| <= 2^40 · 2^53.
        let sum = cells.iter().map(|cell| cell.sum).sum();
        let central = central_sums(&cells, trials, sum, squares.as_ref());
        Self { cells, through, trials, sum, central, constant, replicates: Vec::new() }
    }

    /// With the replicates that the trials are of: then intervals are read from how far these differ.
    #[must_use]
    pub fn with_replicates(self, replicates: &[Replicate]) -> Self {
        Self { replicates: replicates.to_vec(), ..self }
    }

    /// The interval around a value that figures of the replicates give; without replicates, that of `plain`.
    fn spread(
        &self,
        value: f64,
        figure: impl Fn(&Replicate) -> f64,
        plain: impl FnOnce() -> Option<(f64, f64)>,
    ) -> Option<(f64, f64)> {
        if self.replicates.is_empty() {
            plain()
        } else {
            Some(around(value, self.replicates.iter().map(figure)))
        }
    }

    /// Number of trials, at least one.
    pub fn trials(&self) -> u64 {
        self.trials
    }

    /// The cells that occurred, in ascending order: one an amount, or one a log bucket.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// A statistic by name; `None` where it is undefined (the standard deviation of one trial) or is not read from
    /// the series (`prob_cut`, `contract_max`).
    pub fn statistic(&self, statistic: Statistic) -> Option<Estimate> {
        match statistic {
            Statistic::Mean => Some(self.mean()),
            Statistic::Sd => self.standard_deviation(),
            Statistic::Min => Some(exactly(self.min())),
            Statistic::Max => Some(exactly(self.max())),
            Statistic::Tvar95 => statistic.level().map(|share| self.tail_mean_high(share)),
            Statistic::Tvar05 => statistic.level().map(|share| self.tail_mean_low(share)),
            Statistic::ProbZero => self.probability_at(0),
            Statistic::ProbCut | Statistic::ContractMax => None,
            _ => statistic.level().map(|level| self.quantile(level)),
        }
    }

    /// Mean amount (øre), within one unit in the last place of the exact quotient.
    pub fn mean(&self) -> Estimate {
        let value = quotient(self.sum, i128::from(self.trials));
        let plain = || {
            let sd = self.standard_deviation().map(|sd| sd.value);
            sd.map(|sd| interval::mean(value, sd, self.trials))
        };
        self.with(value, self.spread(value, Replicate::mean, plain))
    }

    /// Standard deviation (øre) with denominator n − 1; `None` for a single simulated trial.
    pub fn standard_deviation(&self) -> Option<Estimate> {
        if self.constant {
            return Some(exactly(0));
        }
        if self.trials < 2 {
            return None;
        }
        let n = self.trials as f64;
        let (second, fourth) = self.central;
        let value = (second / (n - 1.0)).sqrt();
        // The standard deviation of a replicate is biased by its few trials; its variance is not.
        let scale = if value > 0.0 { 2.0 * value } else { 1.0 };
        let plain = || Some(interval::standard_deviation(value, fourth / n, self.trials));
        let ends = self.spread(value, |replicate| replicate.variance() / scale, plain);
        Some(self.with(value, ends.map(|(low, high)| (low.max(0.0), high))))
    }

    /// The smallest amount (øre).
    pub fn min(&self) -> i64 {
        self.cells[0].smallest
    }

    /// The largest amount (øre).
    pub fn max(&self) -> i64 {
        self.cells[self.cells.len() - 1].largest
    }

    /// The quantile at a level: an amount (øre) that occurred, the order statistic of rank
    /// max(1, ceil(n · part / whole)).
    ///
    /// Inside a log bucket it is the bucket's smallest amount for its first rank (exact), else its largest (exact for
    /// its last rank): so "in 90 % of the trials the bill is at most X" always holds.
    pub fn quantile_amount(&self, level: Level) -> i64 {
        let (cell, is_first) = self.at_rank(level.rank(self.trials));
        if is_first { cell.smallest } else { cell.largest }
    }

    /// The quantile at a level (øre), with the order statistics that enclose it.
    pub fn quantile(&self, level: Level) -> Estimate {
        let ends = interval::quantile_ranks(level, self.trials).map(|(low, high)| {
            let of = |low: &Cell, high: &Cell| (low.smallest as f64, high.largest as f64);
            match self.replicated_cells(level) {
                Some((low, high)) => of(&self.cells[low], &self.cells[high]),
                None => of(self.at_rank(low).0, self.at_rank(high).0),
            }
        });
        self.with(self.quantile_amount(level) as f64, ends)
    }

    /// The cells between which replicates say that a quantile lies; `None` without replicates, and where they agree.
    fn replicated_cells(&self, level: Level) -> Option<(usize, usize)> {
        if self.replicates.is_empty() {
            return None;
        }
        let rank = level.rank(self.trials);
        let found = self.through.partition_point(|&through| through < rank);
        let share_to = |cell: usize| self.through[cell] as f64 / self.trials as f64;
        quantile_cells(&self.cells, found, level, &self.replicates, share_to)
    }

    /// The cell of a rank from 1 to n, and whether the rank is the first in it.
    fn at_rank(&self, rank: u64) -> (&Cell, bool) {
        let index = self.through.partition_point(|&through| through < rank);
        let cell = &self.cells[index];
        (cell, rank + cell.count == self.through[index] + 1)
    }

    /// Mean (øre) of the dearest share of the mass, an atom at its edge split. The share must not be 0, else it is
    /// the largest amount.
    pub fn tail_mean_high(&self, share: Level) -> Estimate {
        self.tail_mean(share, End::High)
    }

    /// Mean (øre) of the lowest share of the mass, an atom at its edge split. The share must not be 0, else it is
    /// the smallest amount.
    pub fn tail_mean_low(&self, share: Level) -> Estimate {
        self.tail_mean(share, End::Low)
    }

    /// A trial weighs `whole`, the tail `part` times the number of trials, so that a split atom stays an integer.
    fn tail_mean(&self, share: Level, end: End) -> Estimate {
        if share.part() == 0 {
            return exactly(if end == End::Low { self.min() } else { self.max() });
        }
        let mass = i128::from(self.trials) * i128::from(share.part());
        let (edge, total) = match end {
            End::Low => take(self.cells.iter(), mass, share.whole()),
            End::High => take(self.cells.iter().rev(), mass, share.whole()),
        };
        let value = quotient(total, mass);
        let beyond = |replicate: &Replicate| {
            let above = replicate.mean_above(edge);
            let tail = if end == End::High { above } else { replicate.mean() - edge as f64 - above };
            tail / share.share()
        };
        let plain = || {
            let (first, second) = self.moments_beyond(edge, end);
            Some(interval::tail_mean(value, first, second, share.share(), self.trials))
        };
        self.with(value, self.spread(value, beyond, plain))
    }

    /// E Y and E Y² of the distance Y of amounts beyond `edge` towards an end, cells taken at their means.
    fn moments_beyond(&self, edge: i64, end: End) -> (f64, f64) {
        let start = self.cells.partition_point(|cell| cell.compare(edge) == Ordering::Less);
        let beyond = if end == End::Low { &self.cells[..=start] } else { &self.cells[start..] };
        let (mut first, mut second) = (0.0, 0.0);
        for cell in beyond {
            let distance = cell.mean_from(edge);
            first += cell.count as f64 * distance;
            second += cell.count as f64 * (distance * distance);
        }
        (first / self.trials as f64, second / self.trials as f64)
    }

    /// P(X = amount), for an amount in øre; `None` when it shares a log bucket with other amounts.
    pub fn probability_at(&self, amount: i64) -> Option<Estimate> {
        let found = self.cells.binary_search_by(|cell| cell.compare(amount));
        let hits = match found.map(|index| &self.cells[index]) {
            Err(_) => 0,
            Ok(cell) if cell.is_exact() => cell.count,
            Ok(_) => return None,
        };
        let at = |replicate: &Replicate| replicate.share_to(amount) - replicate.share_to(amount - 1);
        Some(self.share(hits, at))
    }

    /// P(X > threshold), for a threshold in øre.
    ///
    /// A log bucket that holds the threshold is split: its amounts are taken to stand at one end, as many as its mean
    /// asks for, and the rest to lie evenly, with at least one trial on each side where its extremes lie on both. So
    /// a limit that ends a bucket (an amount that occurs often) does not go astray among its neighbours.
    pub fn exceedance(&self, threshold: i64) -> Estimate {
        self.share(self.above(threshold).0, |replicate| 1.0 - replicate.share_to(threshold))
    }

    /// Trials above a threshold, the first cell that is wholly above, and those above in a bucket split before it.
    fn above(&self, threshold: i64) -> (u64, usize, Split) {
        let index = self.cells.partition_point(|cell| cell.smallest <= threshold);
        let Some(before) = index.checked_sub(1) else { return (self.trials, 0, Split::default()) };
        let cell = &self.cells[before];
        let split = if cell.largest <= threshold { Split::default() } else { Split::of(cell, threshold) };
        (self.trials - self.through[before] + split.count, index, split)
    }

    /// E max(X − threshold, 0) in øre, for a threshold in øre: what is missing on average when `threshold` was set
    /// aside. Without interval when no trial exceeds it. A bucket is split as by [`Summary::exceedance`].
    pub fn mean_excess(&self, threshold: i64) -> Estimate {
        let (hits, index, split) = self.above(threshold);
        let centre = i128::from(threshold);
        let whole = |cell: &Cell| cell.sum - centre * i128::from(cell.count);
        let total = self.cells[index..].iter().map(whole).sum::<i128>() + split.first as i128;
        let n = self.trials as f64;
        let value = quotient(total, i128::from(self.trials));
        let square = |cell: &Cell| {
            let distance = cell.mean_from(threshold);
            cell.count as f64 * (distance * distance)
        };
        let second = self.cells[index..].iter().fold(split.second, |sum, cell| sum + square(cell)) / n;
        let sd = ((second - value * value).max(0.0) * n / (n - 1.0)).sqrt();
        let known = hits > 0 && self.trials > 1;
        let plain = || Some(interval::mean(value, sd, self.trials));
        let ends = known.then(|| self.spread(value, |replicate| replicate.mean_above(threshold), plain));
        self.with(value, ends.flatten())
    }

    /// A share of the trials. Where few trials decide, or replicates agree, the interval is that of independent trials.
    fn share(&self, hits: u64, figure: impl Fn(&Replicate) -> f64) -> Estimate {
        let value = hits as f64 / self.trials as f64;
        let plain = interval::probability(hits, self.trials);
        let few = hits.min(self.trials - hits) < interval::FEW;
        let ends = self.spread(value, figure, || None).filter(|(low, high)| !few && low < high);
        let ends = ends.map(|(low, high)| (low.max(0.0), high.min(1.0)));
        self.with(value, Some(ends.unwrap_or(plain)))
    }

    /// An estimate, without interval when the series is a constant of the plan.
    fn with(&self, value: f64, interval: Option<(f64, f64)>) -> Estimate {
        Estimate { value, interval: interval.filter(|_| !self.constant) }
    }
}

/// Σ (x − mean)² and Σ (x − mean)⁴ (øre², øre⁴). From buckets the second is exact by way of Σ x², the fourth that of
/// the buckets' means: it only serves the interval.
fn central_sums(cells: &[Cell], trials: u64, sum: i128, squares: Option<&Squares>) -> (f64, f64) {
    let n = trials as f64;
    // The mean is whole + part, with part in [0, 1): differences from `whole` are exact.
    let whole = sum.div_euclid(i128::from(trials)) as i64;
    let part = sum.rem_euclid(i128::from(trials)) as f64 / n;
    let (mut second, mut fourth) = (0.0, 0.0);
    for cell in cells {
        let distance = cell.mean_from(whole) - part;
        let square = distance * distance;
        second += cell.count as f64 * square;
        fourth += cell.count as f64 * (square * square);
    }
    if let Some(squares) = squares {
        second = (squares.about(whole, sum, trials) - n * part * part).max(0.0);
    }
    (second, fourth)
}

fn exactly(amount: i64) -> Estimate {
    Estimate { value: amount as f64, interval: None }
}

/// `numerator / denominator`, for a quotient within ±2^53: the whole part is exact, the rest is rounded and added.
fn quotient(numerator: i128, denominator: i128) -> f64 {
    let whole = numerator.div_euclid(denominator) as f64;
    whole + numerator.rem_euclid(denominator) as f64 / denominator as f64
}

/// Sum of the amounts of the first `mass` of the cells, each trial weighing `whole`; also the amount at the edge.
///
/// A bucket at the edge gives its mean. With 2^40 trials, a whole of 2^20 and 2^53 øre the sum stays below 2^113, and
/// so do the products: a bucket is at most 2^41 wide.
fn take<'a>(cells: impl Iterator<Item = &'a Cell>, mass: i128, whole: u32) -> (i64, i128) {
    let (mut left, mut total, mut edge) = (mass, 0, 0);
    for cell in cells {
        let count = i128::from(cell.count);
        let weight = left.min(count * i128::from(whole));
        left -= weight;
        total += weight * i128::from(cell.smallest);
        edge = cell.smallest;
        if !cell.is_exact() {
            let (mean, rest) = (cell.excess() / count, cell.excess() % count);
            total += weight * mean + weight * rest / count;
            edge += mean as i64;
        }
        if left == 0 {
            break;
        }
    }
    (edge, total)
}

/// The trials of a bucket that are taken to lie above a threshold which its extremes enclose.
#[derive(Default)]
struct Split {
    count: u64,
    /// Sum of their distances from the threshold (øre), and of the squares.
    first: f64,
    second: f64,
}

impl Split {
    /// With the mean at `m` of the width, a share `|2m − 1|` stands at the end on its side and the rest lies evenly.
    fn of(cell: &Cell, threshold: i64) -> Self {
        let width = cell.largest.abs_diff(cell.smallest) as f64;
        let room = cell.largest.abs_diff(threshold) as f64;
        let trials = cell.count as f64;
        let lean = 2.0 * (cell.excess() as f64 / trials / width) - 1.0;
        let (at_top, even) = (lean.max(0.0), (1.0 - lean.abs()) * (room / width));
        let above = at_top + even;
        let count = ((trials * above).round() as u64).clamp(1, cell.count - 1);
        // Distances are shared out as in the whole part above, however the count was rounded.
        let scale = if above > 0.0 { count as f64 / above } else { 0.0 };
        Self {
            count,
            first: (scale * room * (at_top + even / 2.0)).round(),
            second: scale * room * room * (at_top + even / 3.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten trials from 100 to 200: half of what the mean has beyond even stands at its end, the rest lies evenly.
    #[test]
    fn a_bucket_is_split_by_its_mean() {
        let split = |sum, threshold| {
            let cell = Cell { smallest: 100, largest: 200, count: 10, sum };
            let Split { count, first, second } = Split::of(&cell, threshold);
            (count, first, (second * 3.0).round() / 3.0)
        };
        // Four evenly up to 40 above; five on top and two below them; two of the half that does not stand at 100.
        assert_eq!(split(1500, 160), (4, 80.0, 6400.0 / 3.0));
        assert_eq!(split(1750, 160), (7, 240.0, 27_200.0 / 3.0));
        assert_eq!(split(1250, 160), (2, 40.0, 3200.0 / 3.0));
        // At least one above, and one not.
        assert_eq!(split(1500, 199), (1, 1.0, 1.0 / 3.0));
        assert_eq!(split(1750, 100), (9, 675.0, 60_000.0));
    }
}
