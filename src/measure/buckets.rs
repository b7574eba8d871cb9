//! Log buckets for series with too many distinct amounts: sign, octave, and 2^12 cells an octave.
//!
//! Amounts below 2^13 have a bucket each; above, a bucket is narrower than 2^-12 of its amounts. The buckets are
//! fixed, and each keeps count, exact sum, smallest and largest amount, so that they merge in any order.

use std::collections::BTreeMap;

use super::Cell;
use super::squares::Squares;

/// Largest magnitude of an amount (øre): up to here every amount is exact in a 64-bit float.
pub const MAX_AMOUNT: i64 = 1 << 53;

/// Width of a bucket relative to its amounts, at most.
pub const RELATIVE_WIDTH: f64 = 1.0 / 4096.0;

pub(super) const OCTAVE_BITS: u32 = 12;
const PAGE: usize = 1 << OCTAVE_BITS;
/// Buckets that are allocated together: the octaves of small amounts hold few, far apart.
const TOGETHER_BITS: u32 = 8;
const TOGETHER: usize = 1 << TOGETHER_BITS;
/// Page 0 has the magnitudes below 2^12, page `o - 11` the octave that starts at 2^o, o = 12 to 53.
const PAGES: usize = 43;

/// Pieces of both signs.
const PIECES: usize = (2 * PAGES) << (OCTAVE_BITS - TOGETHER_BITS);

/// What fell in a bucket, as distances of magnitudes from the least one of the bucket: 16 bytes, for a portfolio has a million
/// of them. A bucket that is full is emptied into [`Buckets::more`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket {
    /// From bit 48 how many, and below the sum of their distances.
    packed: u64,
    nearest: u32,
    farthest: u32,
}

/// One more in a bucket.
pub(super) const ONE: u64 = 1 << 48;

/// From here on a bucket is full: 2^15 distances of less than 2^32 stay below 2^47.
const FULL: u64 = ONE * FULL_COUNT;
pub(crate) const FULL_COUNT: u64 = 1 << 15;

const EMPTY: Bucket = Bucket { packed: 0, nearest: u32::MAX, farthest: 0 };

impl Bucket {
    /// Adds what is not full to what is not full, so that the sum is below 2^64; and says whether it is full now.
    #[inline]
    pub(super) fn add(&mut self, packed: u64, nearest: u32, farthest: u32) -> bool {
        self.packed += packed;
        self.nearest = self.nearest.min(nearest);
        self.farthest = self.farthest.max(farthest);
        self.packed >= FULL
    }
}

/// Neighbouring buckets, which are allocated when an amount first falls in one of them.
pub(super) type Piece = Option<Box<[Bucket; TOGETHER]>>;

/// Bytes of the buckets of an octave, and of the list of their pieces: what memory is estimated from.
pub(crate) const OCTAVE_BYTES: usize = PAGE * size_of::<Bucket>();
pub(crate) const PIECES_BYTES: usize = PIECES * size_of::<Piece>();

/// Bytes of what is beyond a bucket, with what a tree takes for it.
pub(crate) const MORE_BYTES: usize = 64;

/// Count and sum of distances beyond what a bucket holds.
#[derive(Debug, Clone, Copy, Default)]
struct More {
    count: u64,
    /// 2^40 distances of less than 2^33.
    excess: u128,
}

/// Pages whose buckets are at most 2^32 øre wide: magnitudes below 2^45. Others are so rare that they stand apart.
const NEAR_PAGES: usize = 34;

/// Buckets in pages of one octave and sign. A bucket has a number: page and slot in one.
#[derive(Debug, Clone)]
pub(super) struct Buckets {
    /// Pieces of the pages of the amounts from zero up, then of the negative ones, by number of their buckets.
    pub(super) pieces: Vec<Piece>,
    /// What no longer fitted in a bucket, by number.
    more: BTreeMap<usize, More>,
    /// Buckets too wide for [`Bucket`], by number; almost always empty.
    far: BTreeMap<usize, Cell>,
    pub(super) squares: Squares,
}

impl Buckets {
    /// Empty buckets.
    pub(super) fn new() -> Self {
        let pieces = vec![None; PIECES];
        Self { pieces, more: BTreeMap::new(), far: BTreeMap::new(), squares: Squares::default() }
    }

    /// Counts ascending amounts, of magnitudes up to [`MAX_AMOUNT`].
    ///
    /// Amounts of one bucket stand together, so that its line is touched once.
    pub(super) fn record<T: Copy>(&mut self, sorted: &[T], amount: impl Fn(T) -> i64 + Copy) {
        self.squares.add_all(sorted, amount);
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

    /// Adds trials of one amount.
    pub(super) fn add(&mut self, amount: i64, count: u64) {
        self.add_cell(Cell::of(amount, count));
        self.squares.add_times(amount, count);
    }

    /// Adds a cell whose amounts share a bucket, without its squares.
    fn add_cell(&mut self, cell: Cell) {
        let (page, slot) = place(cell.smallest);
        let number = number(page, slot);
        if page % PAGES >= NEAR_PAGES {
            return self.add_far(number, cell);
        }
        let base = base((page, slot));
        let (least, most) = (cell.smallest.unsigned_abs(), cell.largest.unsigned_abs());
        let excess = cell.sum.unsigned_abs() - u128::from(base) * u128::from(cell.count);
        let (nearest, farthest) = ((least.min(most) - base) as u32, (least.max(most) - base) as u32);
        let beyond = cell.count >= FULL_COUNT;
        let packed = if beyond { 0 } else { cell.count * ONE + excess as u64 };
        if bucket(&mut self.pieces, number).add(packed, nearest, farthest) {
            self.empty(number);
        }
        if beyond {
            self.add_more(number, More { count: cell.count, excess });
        }
    }

    fn add_more(&mut self, number: usize, more: More) {
        let sum = self.more.entry(number).or_default();
        *sum = More { count: sum.count + more.count, excess: sum.excess + more.excess };
    }

    /// Puts what a bucket holds with what it no longer could hold.
    #[cold]
    pub(super) fn empty(&mut self, number: usize) {
        let packed = std::mem::take(&mut bucket(&mut self.pieces, number).packed);
        self.add_more(number, unpacked(packed));
    }

    #[cold]
    fn add_far(&mut self, number: usize, more: Cell) {
        let nothing = Cell { count: 0, sum: 0, ..more };
        let cell = self.far.entry(number).or_insert(nothing);
        cell.smallest = cell.smallest.min(more.smallest);
        cell.largest = cell.largest.max(more.largest);
        cell.count += more.count;
        cell.sum += more.sum;
    }

    /// The cell of a bucket that is not empty.
    fn cell(&self, number: usize) -> Option<Cell> {
        if let Some(far) = self.far.get(&number) {
            return Some(*far);
        }
        let piece = self.pieces[number / TOGETHER].as_ref()?;
        let Bucket { packed, nearest, farthest } = piece[number % TOGETHER];
        let mut all = unpacked(packed);
        if let Some(more) = self.more.get(&number) {
            all = More { count: all.count + more.count, excess: all.excess + more.excess };
        }
        let More { count, excess } = all;
        let (page, slot) = (number / PAGE, number % PAGE);
        let base = base((page, slot)) as i64;
        let sum = i128::from(base) * i128::from(count) + excess as i128;
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
        let numbers = |piece: usize| piece * TOGETHER..(piece + 1) * TOGETHER;
        let there =
            |piece: usize| self.pieces[piece].is_some() || self.far.range(numbers(piece)).next().is_some();
        let half = PIECES / 2;
        let positive = (0..half).filter(|piece| there(*piece)).flat_map(numbers);
        let negative =
            (half..PIECES).filter(|piece| there(*piece)).rev().flat_map(|piece| numbers(piece).rev());
        negative.chain(positive).filter_map(|number| self.cell(number)).collect()
    }

    /// The exact sum of squares.
    pub(super) fn squares(&self) -> Squares {
        self.squares
    }

    /// Bytes on the heap, but for what is almost always empty: buckets that are too wide.
    pub(super) fn memory(&self) -> usize {
        let pieces = self.pieces.iter().flatten().count();
        let beyond = self.more.len() * MORE_BYTES;
        pieces * TOGETHER * size_of::<Bucket>() + self.pieces.capacity() * size_of::<Piece>() + beyond
    }
}

/// The bucket of a number. Not a method: the sum of squares is added to meanwhile.
#[inline]
pub(super) fn bucket(pieces: &mut [Piece], number: usize) -> &mut Bucket {
    let piece = pieces[number / TOGETHER].get_or_insert_with(|| Box::new([EMPTY; TOGETHER]));
    &mut piece[number % TOGETHER]
}

fn unpacked(packed: u64) -> More {
    More { count: packed / ONE, excess: u128::from(packed % ONE) }
}

/// The number of the bucket at a place.
#[inline]
pub(super) fn number(page: usize, slot: usize) -> usize {
    (page << OCTAVE_BITS) + slot
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
        assert_eq!((room, room), (2 * PAGES * (PAGE / TOGETHER) * 8, PIECES_BYTES));
        [3, 255, -9_000].into_iter().for_each(|amount| buckets.add(amount, 1));
        assert_eq!(buckets.memory(), room + 2 * TOGETHER * 16);
    }

    /// A bucket is emptied when it is full, and not before.
    #[test]
    fn what_is_beyond_a_bucket_stands_apart() {
        let mut buckets = Buckets::new();
        let most = FULL_COUNT - 1;
        for (adds, apart) in [(1, 0), (1, 1), (2, 1)] {
            (0..adds).for_each(|_| buckets.add(1 << 20, most));
            assert_eq!(buckets.more.len(), apart);
        }
        buckets.add((1 << 30) + 7, 1);
        buckets.add(1 << 31, most + 1);
        assert_eq!(buckets.more.len(), 2);
        let counts: Vec<_> = buckets.cells().iter().map(|cell| (cell.smallest, cell.count)).collect();
        assert_eq!(counts, [(1 << 20, 4 * most), ((1 << 30) + 7, 1), (1 << 31, most + 1)]);
        let held = buckets.memory();
        buckets.add(1 << 32, most + 1);
        assert_eq!(buckets.memory(), held + TOGETHER * 16 + MORE_BYTES);
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
