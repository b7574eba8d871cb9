//! Log buckets for series with too many distinct amounts: sign, octave, and 2^12 cells an octave.
//!
//! Amounts below 2^13 have a bucket each; above, a bucket is narrower than 2^-12 of its amounts. The buckets are
//! fixed, and each keeps count, exact sum, smallest and largest amount, so that they merge in any order.

use std::collections::BTreeMap;

use super::Cell;
use super::scatter::Scatter;

/// Largest magnitude of an amount (øre): up to here every amount is exact in a 64-bit float.
pub const MAX_AMOUNT: i64 = 1 << 53;

/// Width of a bucket relative to its amounts, at most.
pub const RELATIVE_WIDTH: f64 = 1.0 / 4096.0;

/// Amounts whose squares are added together.
const RUN: usize = 1 << 10;

const OCTAVE_BITS: u32 = 12;
const PAGE: usize = 1 << OCTAVE_BITS;
/// Buckets that are allocated together: the octaves of small amounts hold few, far apart.
const TOGETHER_BITS: u32 = 8;
const TOGETHER: usize = 1 << TOGETHER_BITS;
/// Page 0 has the magnitudes below 2^12, page `o - 11` the octave that starts at 2^o, o = 12 to 53.
const PAGES: usize = 43;

/// Pieces of both signs.
const PIECES: usize = (2 * PAGES) << (OCTAVE_BITS - TOGETHER_BITS);

/// Exact sum of squares in two halves: squares are split at 2^64 and the halves summed apart.
///
/// A square of a 64-bit amount is at most 2^126, so both halves of `n` squares are below n·2^64 and fit 128 bits for
/// every 64-bit `n`. (One 128-bit sum would not do: 2^40 trials of 2^53 øre have squares of 2^146.) Squares that are known to
/// be small, of amounts below 2^39, are added to the lower half whole: 2^40 of them stay below 2^118.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Squares {
    low: u128,
    high: u128,
}

impl Squares {
    /// Adds the squares of at most 2^32 amounts.
    fn add_all<T: Copy>(&mut self, values: &[T], amount: impl Fn(T) -> i64) {
        let union = values.iter().fold(0, |all, value| all | amount(*value).unsigned_abs());
        if union > u64::from(u32::MAX) {
            return values.iter().for_each(|value| self.add_times(amount(*value), 1));
        }
        // Squares of 32 bits, their halves summed apart: a loop the compiler vectorises.
        let (mut low, mut high) = (0u64, 0u64);
        for value in values {
            let magnitude = u64::from(amount(*value).unsigned_abs() as u32);
            let square = magnitude * magnitude;
            low += square & u64::from(u32::MAX);
            high += square >> 32;
        }
        self.low += u128::from(low) + (u128::from(high) << 32);
    }

    /// Adds the square of `amount` `count` times.
    pub(super) fn add_times(&mut self, amount: i64, count: u64) {
        let square = u128::from(amount.unsigned_abs()) * u128::from(amount.unsigned_abs());
        self.low += u128::from(square as u64) * u128::from(count);
        self.high += (square >> 64) * u128::from(count);
    }

    /// Adds the squares of multiples of a unit, given the sum of the squares of what they are multiples of; together below
    /// 2^100.
    pub(super) fn add_multiple(&mut self, unit: i64, squares: u128) {
        self.low += squares * u128::from(unit.unsigned_abs()) * u128::from(unit.unsigned_abs());
    }

    fn merge(&mut self, other: &Self) {
        self.low += other.low;
        self.high += other.high;
    }

    /// The sum as three 64-bit digits, the most significant first: the same for every split of the same sum.
    pub(super) fn digits(&self) -> [u64; 3] {
        let high = self.high + (self.low >> 64);
        [(high >> 64) as u64, high as u64, self.low as u64]
    }

    /// The sum with the given digits.
    pub(super) fn from_digits([high, middle, low]: [u64; 3]) -> Self {
        Self { low: u128::from(low), high: (u128::from(high) << 64) | u128::from(middle) }
    }

    /// Σ (x − centre)² = Σ x² − 2 centre Σ x + n centre², exact until the last line.
    ///
    /// With |x|, |centre| at most 2^53 and n at most 2^40 no product of a half exceeds 2^118.
    pub(super) fn about(&self, centre: i64, sum: i128, trials: u64) -> f64 {
        let (c, n) = (i128::from(centre), i128::from(trials));
        let half = i128::from(u64::MAX);
        let low = self.low as i128 - 2 * c * (sum & half) + n * ((c * c) & half);
        let high = self.high as i128 - 2 * c * (sum >> 64) + n * ((c * c) >> 64);
        let high = high + (low >> 64);
        high as f64 * 18_446_744_073_709_551_616.0 + (low & half) as f64
    }
}

/// What fell in a bucket, as distances of magnitudes from the least one of the bucket: 24 bytes where amounts and their
/// sum on 64 bits took 32, and a portfolio has a million of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    pub(super) count: u64,
    /// Sum of the distances modulo 2^64; what is carried out of it stands in [`Buckets::carries`].
    pub(super) excess: u64,
    pub(super) nearest: u32,
    pub(super) farthest: u32,
}

/// Bytes of the buckets of an octave, and of the list of their pieces: what memory is estimated from.
pub(crate) const OCTAVE_BYTES: usize = PAGE * size_of::<Bucket>();
pub(crate) const PIECES_BYTES: usize = PIECES * size_of::<Vec<Bucket>>();

const EMPTY: Bucket = Bucket { count: 0, excess: 0, nearest: u32::MAX, farthest: 0 };

/// Pages whose buckets are at most 2^32 øre wide: magnitudes below 2^45. Others are so rare that they stand apart.
const NEAR_PAGES: usize = 34;

/// Buckets in pages of one octave and sign, allocated in pieces when an amount first falls there.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    /// Pieces of the pages of the amounts from zero up, then of the negative ones; none is there before an amount is.
    pieces: Vec<Vec<Bucket>>,
    /// Multiples of 2^64 in the sums of buckets, by page and slot; almost always empty.
    carries: BTreeMap<(usize, usize), u64>,
    /// Buckets too wide for [`Bucket`], by page and slot; almost always empty.
    far: BTreeMap<(usize, usize), Cell>,
    squares: Squares,
}

impl Buckets {
    /// Empty buckets.
    pub(super) fn new() -> Self {
        let pieces = vec![Vec::new(); PIECES];
        Self { pieces, carries: BTreeMap::new(), far: BTreeMap::new(), squares: Squares::default() }
    }

    /// Counts ascending amounts, of magnitudes up to [`MAX_AMOUNT`].
    ///
    /// Amounts of one bucket stand together, so that its line is touched once.
    pub(super) fn record<T: Copy>(&mut self, sorted: &[T], amount: impl Fn(T) -> i64 + Copy) {
        sorted.chunks(RUN).for_each(|run| self.squares.add_all(run, amount));
        let mut rest = sorted;
        while let Some(first) = rest.first() {
            let smallest = amount(*first);
            let end = last_beside(smallest);
            // Differences within a bucket are below 2^42: their sum fits 64 bits for a million amounts.
            let (mut largest, mut excess, mut count) = (smallest, 0, 0);
            for value in &rest[..rest.len().min(1 << 20)] {
                let amount = amount(*value);
                if amount > end {
                    break;
                }
                (largest, excess, count) = (amount, excess + (amount - smallest), count + 1);
            }
            let sum = i128::from(smallest) * count as i128 + i128::from(excess);
            self.add_cell(Cell { smallest, largest, count: count as u64, sum });
            rest = &rest[count..];
        }
    }

    #[cold]
    fn carry(&mut self, at: (usize, usize), more: u64) {
        *self.carries.entry(at).or_default() += more;
    }

    /// Adds trials of one amount.
    pub(super) fn add(&mut self, amount: i64, count: u64) {
        self.add_cell(Cell::of(amount, count));
        self.squares.add_times(amount, count);
    }

    /// Adds a cell whose amounts share a bucket, without its squares.
    fn add_cell(&mut self, more: Cell) {
        let at = place(more.smallest);
        if at.0 % PAGES >= NEAR_PAGES {
            return self.add_far(at, more);
        }
        let (least, most) = (more.smallest.unsigned_abs(), more.largest.unsigned_abs());
        let base = base(at);
        let excess = more.sum.unsigned_abs() - u128::from(base) * u128::from(more.count);
        let (nearest, farthest) = ((least.min(most) - base) as u32, (least.max(most) - base) as u32);
        self.add_near(at, Bucket { count: more.count, excess: excess as u64, nearest, farthest });
        if excess >> 64 > 0 {
            // A sum of 2^40 distances of 2^33 stays below 2^73: its high half fits.
            self.carry(at, (excess >> 64) as u64);
        }
    }

    /// Adds what fell in a bucket of near pages.
    #[inline]
    fn add_near(&mut self, at: (usize, usize), more: Bucket) {
        let bucket = self.bucket(at);
        bucket.count += more.count;
        bucket.nearest = bucket.nearest.min(more.nearest);
        bucket.farthest = bucket.farthest.max(more.farthest);
        let (sum, carried) = bucket.excess.overflowing_add(more.excess);
        bucket.excess = sum;
        if carried {
            self.carry(at, 1);
        }
    }

    /// Adds what was counted without sorting, and empties it.
    pub(super) fn add_scattered(&mut self, scatter: &mut Scatter) {
        let squares = scatter.take(|least, more| self.add_near(place(least as i64), more));
        self.squares.merge(&squares);
    }

    #[cold]
    fn add_far(&mut self, at: (usize, usize), more: Cell) {
        let nothing = Cell { count: 0, sum: 0, ..more };
        let cell = self.far.entry(at).or_insert(nothing);
        cell.smallest = cell.smallest.min(more.smallest);
        cell.largest = cell.largest.max(more.largest);
        cell.count += more.count;
        cell.sum += more.sum;
    }

    #[inline]
    fn bucket(&mut self, (page, slot): (usize, usize)) -> &mut Bucket {
        let piece = &mut self.pieces[piece_of(page, slot)];
        if piece.is_empty() {
            *piece = vec![EMPTY; TOGETHER];
        }
        &mut piece[slot % TOGETHER]
    }

    /// The cell of a bucket that is not empty.
    fn cell(&self, page: usize, slot: usize) -> Option<Cell> {
        let at = (page, slot);
        if let Some(far) = self.far.get(&at) {
            return Some(*far);
        }
        let Bucket { count, excess, nearest, farthest } =
            *self.pieces[piece_of(page, slot)].get(slot % TOGETHER)?;
        let carried = self.carries.get(&at).copied().unwrap_or(0);
        let excess = (i128::from(carried) << 64) | i128::from(excess);
        let base = base(at) as i64;
        let sum = i128::from(base) * i128::from(count) + excess;
        let (near, far) = (base + i64::from(nearest), base + i64::from(farthest));
        let (smallest, largest, sum) = if page < PAGES { (near, far, sum) } else { (-far, -near, -sum) };
        (count > 0).then_some(Cell { smallest, largest, count, sum })
    }

    /// Adds other buckets.
    pub(super) fn merge(&mut self, other: &Self) {
        other.cells().into_iter().for_each(|cell| self.add_cell(cell));
        self.squares.merge(&other.squares);
    }

    /// Buckets with the given cells, each inside one bucket, and sum of squares.
    pub(super) fn from_cells(cells: impl IntoIterator<Item = Cell>, squares: Squares) -> Self {
        let mut buckets = Self::new();
        cells.into_iter().for_each(|cell| buckets.add_cell(cell));
        buckets.squares = squares;
        buckets
    }

    /// Cells in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let pieces = || (0..PAGE).step_by(TOGETHER);
        let there = |page: usize, first: usize| {
            let far = self.far.range((page, first)..(page, first + TOGETHER)).next();
            !self.pieces[piece_of(page, first)].is_empty() || far.is_some()
        };
        let slots = |page: usize| pieces().filter(move |first| there(page, *first));
        let slots = |page: usize| slots(page).flat_map(|first| first..first + TOGETHER);
        let negative = (PAGES..2 * PAGES).rev().flat_map(|page| {
            let slots: Vec<_> = slots(page).collect();
            slots.into_iter().rev().map(move |slot| (page, slot))
        });
        let positive = (0..PAGES).flat_map(|page| slots(page).map(move |slot| (page, slot)));
        negative.chain(positive).filter_map(|(page, slot)| self.cell(page, slot)).collect()
    }

    /// The exact sum of squares.
    pub(super) fn squares(&self) -> Squares {
        self.squares
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        let cells: usize = self.pieces.iter().map(Vec::capacity).sum();
        cells * size_of::<Bucket>() + self.pieces.capacity() * size_of::<Vec<Bucket>>()
    }
}

/// The piece of a page that holds a slot.
#[inline]
fn piece_of(page: usize, slot: usize) -> usize {
    (page << (OCTAVE_BITS - TOGETHER_BITS)) + slot / TOGETHER
}

/// Page and slot of an amount: the same pair for amounts of one bucket.
#[inline]
pub(super) fn place(amount: i64) -> (usize, usize) {
    let magnitude = amount.unsigned_abs();
    // The octave below 2^12 counts as one of width 1.
    let octave = (u64::BITS - 1 - (magnitude | (PAGE as u64 - 1)).leading_zeros()) as usize;
    let page = octave + 1 - OCTAVE_BITS as usize;
    let slot = (magnitude >> page.saturating_sub(1)) as usize & (PAGE - 1);
    (page + if amount < 0 { PAGES } else { 0 }, slot)
}

/// The least magnitude in a bucket.
#[inline]
fn base((page, slot): (usize, usize)) -> u64 {
    match page % PAGES {
        0 => slot as u64,
        page => (PAGE as u64 | slot as u64) << (page - 1),
    }
}

/// The largest amount in the bucket of `amount`.
fn last_beside(amount: i64) -> i64 {
    let rest = width(amount) - 1;
    if amount < 0 { -(amount.abs() & !rest) } else { amount | rest }
}

/// Width in øre of the bucket that holds `amount`.
pub(super) fn width(amount: i64) -> i64 {
    let (page, _) = place(amount);
    1 << (page % PAGES).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn amounts() -> impl Strategy<Value = i64> {
        (0u32..=53, any::<u64>(), any::<bool>()).prop_map(|(bits, word, negative)| {
            let magnitude = (word % (1 << bits)) as i64;
            if negative { -magnitude } else { magnitude }
        })
    }

    proptest! {
        #[test]
        fn a_bucket_is_narrower_than_a_4096th_of_its_amounts(amount in amounts(), other in amounts()) {
            let near = amount + other % (width(amount) * 2);
            prop_assert_eq!(place(last_beside(amount)), place(amount));
            prop_assert!(place(last_beside(amount) + 1) != place(amount));
            for other in [other, near] {
                prop_assert!(base(place(amount)) <= amount.unsigned_abs());
                prop_assert!(((amount.unsigned_abs() - base(place(amount))) as i64) < width(amount));
                if place(amount) == place(other) {
                    let bound = (amount.abs().min(other.abs()) as f64 * RELATIVE_WIDTH).max(1.0);
                    prop_assert!(((amount - other).abs() as f64) < bound);
                    prop_assert!((amount - other).abs() < width(amount));
                    if amount.abs() < 8192 { prop_assert_eq!(amount, other); }
                } else if amount < other {
                    // Buckets are intervals: nothing of another bucket lies between two amounts of one.
                    prop_assert!(place(other - 1) == place(other) || place(other - 1) >= place(amount) || amount < 0);
                }
            }
        }

        #[test]
        fn squares_are_exact_about_any_centre(
            mut amounts in prop::collection::vec(-1_000_000_000i64..1_000_000_000, 1..50),
            wide in any::<bool>(),
            centre in -1_000_000_000i64..1_000_000_000,
        ) {
            if wide {
                amounts.push(-MAX_AMOUNT);
            }
            let mut squares = Squares::default();
            squares.add_all(&amounts, |amount| amount);
            let sum = amounts.iter().map(|&amount| i128::from(amount)).sum();
            let expected: i128 = amounts.iter().map(|&x| i128::from(x - centre) * i128::from(x - centre)).sum();
            let found = squares.about(centre, sum, amounts.len() as u64);
            prop_assert!((found - expected as f64).abs() <= expected as f64 * 1e-15);
            prop_assert_eq!(Squares::from_digits(squares.digits()).digits(), squares.digits());
        }
    }

    #[test]
    fn the_largest_run_of_the_largest_amounts_does_not_wrap() {
        let mut squares = Squares::default();
        let (half, rest) = (1u64 << 39, -(MAX_AMOUNT - 2));
        squares.add_times(MAX_AMOUNT, half);
        squares.add_times(rest, half);
        let sum = i128::from(half) * i128::from(MAX_AMOUNT + rest);
        let about = squares.about(1, sum, 2 * half);
        let expected = (MAX_AMOUNT - 1) as f64 * (MAX_AMOUNT - 1) as f64 * (2 * half) as f64;
        assert!((about - expected).abs() <= expected * 1e-15, "{about} {expected}");
    }

    #[test]
    fn a_bucket_is_as_wide_as_is_said() {
        for octave in 13..53 {
            assert!((width(1 << octave) as f64 - (1i64 << octave) as f64 * RELATIVE_WIDTH).abs() < 0.1);
        }
    }

    #[test]
    fn places_are_dense_and_ordered() {
        assert_eq!(place(0), (0, 0));
        assert_eq!(place(4095), (0, 4095));
        assert_eq!(place(4096), (1, 0));
        assert_eq!(place(8191), (1, 4095));
        assert_eq!(place(8192), (2, 0));
        assert_eq!(place(8193), (2, 0));
        assert_eq!(place(MAX_AMOUNT), (42, 0));
        assert_eq!(place(-1), (PAGES, 1));
    }

    #[test]
    fn digits_are_those_of_the_sum() {
        let squares = |pairs: &[(i64, u64)]| {
            let mut squares = Squares::default();
            pairs.iter().for_each(|&(amount, count)| squares.add_times(amount, count));
            squares.digits()
        };
        assert_eq!(squares(&[(-3, 1), (5, 2)]), [0, 0, 59]);
        // 8 · 2^62, and 2^38 · 2^106.
        assert_eq!(squares(&[(1 << 31, 8)]), [0, 2, 0]);
        assert_eq!(squares(&[(MAX_AMOUNT, 1 << 38), (1 << 31, 8), (1, 7)]), [1 << 16, 2, 7]);
        assert_eq!(Squares::from_digits([5, 7, 9]).digits(), [5, 7, 9]);
    }

    /// The sum of distances in a bucket reaches and passes 2^64: in one go, exactly, and by what is added later.
    #[test]
    fn sums_of_distances_beyond_64_bits_are_carried() {
        let widest = 1i64 << 44;
        for sign in [1, -1] {
            let far = (sign * (widest + (1 << 31)), 1u64 << 33);
            let last = (sign * (widest + (1 << 32) - 1), (1 << 32) + 7);
            for adds in [vec![far], vec![last, last], vec![last, far, (sign * widest, 3), last]] {
                let mut buckets = Buckets::new();
                adds.iter().for_each(|&(amount, count)| buckets.add(amount, count));
                let cells: Vec<_> = adds.iter().map(|&(amount, count)| Cell::of(amount, count)).collect();
                let whole = Cell {
                    smallest: cells.iter().map(|cell| cell.smallest).min().unwrap(),
                    largest: cells.iter().map(|cell| cell.largest).max().unwrap(),
                    count: cells.iter().map(|cell| cell.count).sum(),
                    sum: cells.iter().map(|cell| cell.sum).sum(),
                };
                assert_eq!(buckets.cells(), [whole]);
            }
        }
    }

    /// Distances in the buckets of the largest amounts have more than 32 bits.
    #[test]
    fn wide_buckets_keep_their_ends() {
        let mut buckets = Buckets::new();
        let ends = [(1i64 << 52) + 5, (1 << 52) + (1 << 38)];
        buckets.record(&ends, |amount| amount);
        let sum = ends.map(i128::from).iter().sum();
        assert_eq!(buckets.cells(), [Cell { smallest: ends[0], largest: ends[1], count: 2, sum }]);
    }

    #[test]
    fn memory_is_that_of_the_pieces_in_use() {
        let mut buckets = Buckets::new();
        let room = buckets.memory();
        assert_eq!(room, 2 * PAGES * (PAGE / TOGETHER) * size_of::<Vec<Bucket>>());
        [3, 255, -9_000].into_iter().for_each(|amount| buckets.add(amount, 1));
        assert_eq!(buckets.memory(), room + 2 * TOGETHER * 24);
    }

    #[test]
    fn sums_of_the_largest_amounts_are_exact() {
        let mut buckets = Buckets::new();
        let cell = Cell::of(-MAX_AMOUNT, (1 << 11) - 1);
        buckets.add_cell(cell);
        buckets.record(&[-MAX_AMOUNT; 3], |amount| amount);
        buckets.add_cell(cell);
        let whole = Cell::of(-MAX_AMOUNT, (1 << 12) + 1);
        assert_eq!(buckets.cells(), [whole]);
    }

    #[test]
    fn cells_ascend_through_zero() {
        let mut buckets = Buckets::new();
        let ascending = [-MAX_AMOUNT, -9001, -9000, -7, 0, 3, 8192, 1_000_000, MAX_AMOUNT];
        buckets.record(&ascending[4..], |amount| amount);
        buckets.record(&ascending[..4], |amount| amount);
        let smallest: Vec<_> = buckets.cells().iter().map(|cell| cell.smallest).collect();
        assert_eq!(smallest, [-MAX_AMOUNT, -9001, -7, 0, 3, 8192, 1_000_000, MAX_AMOUNT]);
    }
}
