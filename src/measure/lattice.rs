//! Counts on a lattice: every amount is `lowest + k * step`, and cell `k` has its own counter.
//!
//! A counter that most trials hit (a payer's cap) would be a chain of store and load of one address, 1.2 ns an
//! increment. Most lattices therefore have 8 or 4 counters a cell, used in turn and folded when read. These have 16
//! bits: what a page of trials touches of two dozen series then stays in the first cache.

use std::ops::{AddAssign, Range};

use super::Cell;
use super::tally::ShapeError;

/// Most cells a lattice may have; a finer one is better counted as general amounts.
pub const MAX_BINS: u32 = 1 << 20;

/// Values between two checks for room in the counters.
const CHUNK: usize = 1 << 16;

/// Exact division of multiples of `step` above `lowest`.
///
/// With step = odd · 2^k, the quotient is n · odd⁻¹ (mod 2^64) rotated right by k, and it is larger than any valid
/// quotient exactly when n is no multiple of the step (Granlund and Montgomery 1994, section 9). One multiplication
/// both divides and proves that the amount is on the lattice.
#[derive(Debug, Clone, Copy)]
struct Divider {
    lowest: i64,
    inverse: u64,
    shift: u32,
}

impl Divider {
    fn new(lowest: i64, step: i64) -> Self {
        let shift = step.trailing_zeros();
        let odd = (step >> shift) as u64;
        // Newton: odd * odd = 1 (mod 8), and every round doubles the correct bits.
        let newton = |x: u64, _| x.wrapping_mul(2u64.wrapping_sub(odd.wrapping_mul(x)));
        Self { lowest, inverse: (0..5).fold(odd, newton), shift }
    }

    #[inline]
    fn cell(self, amount: i64) -> usize {
        let above = amount.wrapping_sub(self.lowest) as u64;
        above.wrapping_mul(self.inverse).rotate_right(self.shift) as usize
    }
}

/// Counters of a lattice.
#[derive(Debug, Clone)]
pub(super) struct Lattice {
    divider: Divider,
    step: i64,
    bins: u32,
    lanes: usize,
    recent: Recent,
    /// Most values that any counter of `recent` can have counted.
    fullest: u64,
    /// What was folded so far; empty until the first fold.
    folded: Vec<u64>,
}

/// `lanes` counters for each cell, side by side; empty until the first value.
#[derive(Debug, Clone)]
enum Recent {
    Short(Vec<u16>),
    Long(Vec<u32>),
}

impl Recent {
    fn most(&self) -> u64 {
        match self {
            Self::Short(_) => u16::MAX.into(),
            Self::Long(_) => u32::MAX.into(),
        }
    }

    /// Sees to it that there are so many counters.
    fn reserve(&mut self, counters: usize) {
        match self {
            Self::Short(recent) if recent.is_empty() => *recent = vec![0; counters],
            Self::Long(recent) if recent.is_empty() => *recent = vec![0; counters],
            _ => {}
        }
    }

    fn clear(&mut self) {
        match self {
            Self::Short(recent) => recent.fill(0),
            Self::Long(recent) => recent.fill(0),
        }
    }

    /// Adds the counters of each cell, `lanes` of them, to its count.
    fn add_to(&self, counts: &mut [u64], lanes: usize) {
        match self {
            Self::Short(recent) => add_lanes(recent, counts, lanes),
            Self::Long(recent) => add_lanes(recent, counts, lanes),
        }
    }

    fn memory(&self) -> usize {
        match self {
            Self::Short(recent) => recent.capacity() * size_of::<u16>(),
            Self::Long(recent) => recent.capacity() * size_of::<u32>(),
        }
    }
}

fn add_lanes<C: Copy + Into<u64>>(recent: &[C], counts: &mut [u64], lanes: usize) {
    for (count, lanes) in counts.iter_mut().zip(recent.chunks_exact(lanes)) {
        *count += sum(lanes);
    }
}

fn sum<C: Copy + Into<u64>>(lanes: &[C]) -> u64 {
    lanes.iter().map(|&lane| lane.into()).sum()
}

impl Lattice {
    /// A lattice without counts.
    ///
    /// # Errors
    /// A step below 1, no cell, more than [`MAX_BINS`], or an amount beyond 2^53.
    pub(super) fn new(lowest: i64, step: i64, bins: u32) -> Result<Self, ShapeError> {
        super::tally::check_lattice(lowest, step, bins)?;
        // Measured: where trials share few cells 8 lanes are faster; elsewhere 4, since counters and pages share the first cache.
        // From 8192 cells on short counters would have to be folded too often.
        let lanes = match bins {
            0..=16 => 8,
            17..=8192 => 4,
            _ => 2,
        };
        let divider = Divider::new(lowest, step);
        let recent = if lanes > 2 { Recent::Short(Vec::new()) } else { Recent::Long(Vec::new()) };
        Ok(Self { divider, step, bins, lanes, recent, fullest: 0, folded: Vec::new() })
    }

    /// Counts amounts; panics on one that is not on the lattice.
    pub(super) fn record(&mut self, amounts: &[i64]) {
        let divider = self.divider;
        self.count(amounts, move |amount| divider.cell(amount));
    }

    /// Counts amounts given as cell numbers; panics on one that is not below the number of cells.
    pub(super) fn record_cells(&mut self, cells: &[u32]) {
        self.count(cells, |cell| cell as usize);
    }

    /// Counts cell numbers above `low`; panics on one that is not below the number of cells.
    pub(super) fn record_from(&mut self, low: i32, values: &[i32]) {
        self.count(values, move |value| value.wrapping_sub(low) as u32 as usize);
    }

    /// Counts values `low + k · stride` in cell `k`; panics on one that is not.
    pub(super) fn record_strided(&mut self, low: i64, stride: i64, values: &[i32]) {
        let divider = Divider::new(low, stride);
        self.count(values, move |value| divider.cell(i64::from(value)));
    }

    #[inline]
    fn count<T: Copy>(&mut self, values: &[T], cell: impl Fn(T) -> usize + Copy) {
        self.recent.reserve(self.bins as usize * self.lanes);
        for chunk in values.chunks(CHUNK) {
            let more = chunk.len().div_ceil(self.lanes) as u64;
            if self.fullest + more > self.recent.most() {
                self.fold();
            }
            self.fullest += more;
            match (&mut self.recent, self.lanes) {
                (Recent::Short(recent), 8) => increment::<8, _, T>(recent, chunk, cell),
                (Recent::Short(recent), _) => increment::<4, _, T>(recent, chunk, cell),
                (Recent::Long(recent), _) => increment::<2, _, T>(recent, chunk, cell),
            }
        }
    }

    /// Moves what was counted recently into the 64-bit counters.
    fn fold(&mut self) {
        self.unfold();
        self.recent.add_to(&mut self.folded, self.lanes);
        self.recent.clear();
        self.fullest = 0;
    }

    /// Sees to it that there are 64-bit counters; memory that is zero from the start is not touched before it is used.
    fn unfold(&mut self) {
        if self.folded.is_empty() {
            self.folded = vec![0; self.bins as usize];
        }
    }

    /// Cells of a range that occurred and their trials, in ascending order; a single look at each counter.
    pub(super) fn occurred_within(&self, cells: Range<usize>, take: impl FnMut(usize, u64)) {
        match (&self.recent, self.lanes) {
            (Recent::Short(recent), 8) => occurred::<8, _>(recent, &self.folded, cells, take),
            (Recent::Short(recent), _) => occurred::<4, _>(recent, &self.folded, cells, take),
            (Recent::Long(recent), _) => occurred::<2, _>(recent, &self.folded, cells, take),
        }
    }

    /// All cells that occurred and their trials, in ascending order.
    pub(super) fn occurred(&self, take: impl FnMut(usize, u64)) {
        self.occurred_within(0..self.bins as usize, take);
    }

    /// Adds the counts of a lattice of the same shape.
    pub(super) fn merge(&mut self, other: &Self) {
        self.fold();
        other.occurred(|cell, more| self.folded[cell] += more);
    }

    /// Adds `count` trials of one amount; `None` when it is not on the lattice.
    pub(super) fn add(&mut self, amount: i64, count: u64) -> Option<()> {
        let cell = self.divider.cell(amount);
        self.unfold();
        *self.folded.get_mut(cell)? += count;
        Some(())
    }

    /// Cells that occurred, in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let amount = |cell: usize| self.divider.lowest + cell as i64 * self.step;
        let mut cells = Vec::new();
        self.occurred(|cell, count| cells.push(Cell::of(amount(cell), count)));
        cells
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.recent.memory() + self.folded.capacity() * size_of::<u64>()
    }
}

fn occurred<const LANES: usize, C: Copy + Into<u64>>(
    recent: &[C],
    folded: &[u64],
    cells: Range<usize>,
    mut take: impl FnMut(usize, u64),
) {
    let (recent, _) = recent.as_chunks::<LANES>();
    let recent = recent.get(cells.clone()).unwrap_or_default();
    let folded = folded.get(cells.clone()).unwrap_or_default();
    for (at, cell) in cells.enumerate() {
        let count = recent.get(at).map_or(0, |lanes| sum(lanes)) + folded.get(at).copied().unwrap_or(0);
        if count > 0 {
            take(cell, count);
        }
    }
}

/// Counts values in turn on the lanes of their cells.
#[inline]
fn increment<const LANES: usize, C: Copy + AddAssign + From<u8>, T: Copy>(
    counters: &mut [C],
    values: &[T],
    cell: impl Fn(T) -> usize + Copy,
) {
    let (counters, _) = counters.as_chunks_mut::<LANES>();
    let (groups, rest) = values.as_chunks::<LANES>();
    for group in groups {
        for (lane, &value) in group.iter().enumerate() {
            lanes_of(counters, cell(value))[lane] += C::from(1);
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        lanes_of(counters, cell(value))[lane] += C::from(1);
    }
}

#[inline]
fn lanes_of<const LANES: usize, C>(counters: &mut [[C; LANES]], cell: usize) -> &mut [C; LANES] {
    counters.get_mut(cell).unwrap_or_else(|| off_lattice())
}

/// An amount off its lattice means that the compiled plan is wrong; a wrong count must not go unseen.
#[cold]
#[inline(never)]
fn off_lattice() -> ! {
    panic!("an amount is not on the lattice that the plan proved for its series")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_divider_accepts_multiples_and_nothing_else(
            lowest in -1_000_000_000_000i64..1_000_000_000_000,
            step in 1i64..1_000_000_000,
            cell in 0i64..(1 << 20),
            off in 0i64..1_000_000_000,
        ) {
            let divider = Divider::new(lowest, step);
            let amount = lowest + cell * step;
            prop_assert_eq!(divider.cell(amount), cell as usize);
            if off % step != 0 {
                prop_assert!(divider.cell(amount + off % step) > 1 << 20);
            }
            prop_assert!(divider.cell(lowest - step) > 1 << 20);
        }
    }

    #[test]
    fn every_number_of_lanes_counts_every_value() {
        for bins in [3, 600, 9000] {
            let mut lattice = Lattice::new(-5, 5, bins).unwrap();
            let amounts: Vec<i64> = (0..1003).map(|i| if i % 4 == 0 { 0 } else { 5 }).collect();
            lattice.record(&amounts);
            lattice.record_cells(&[0, 1, 2]);
            assert_eq!(lattice.cells(), [Cell::of(-5, 1), Cell::of(0, 252), Cell::of(5, 753)]);
        }
    }

    #[test]
    fn folding_loses_nothing_when_a_counter_would_overflow() {
        for bins in [2, 600, 9000] {
            let mut lattice = Lattice::new(0, 1, bins).unwrap();
            lattice.record(&[1; 9]);
            // As if that many trials had come before.
            let most = lattice.recent.most();
            match &mut lattice.recent {
                Recent::Short(recent) => recent[lattice.lanes] = u16::MAX - 9,
                Recent::Long(recent) => recent[lattice.lanes] = u32::MAX - 9,
            }
            let others = 9 - 9u64.div_ceil(lattice.lanes as u64);
            lattice.fullest = most;
            lattice.record(&[1; 8]);
            assert_eq!(lattice.fullest, 8u64.div_ceil(lattice.lanes as u64));
            assert_eq!(lattice.cells(), [Cell::of(1, most - 9 + others + 8)]);
        }
    }

    #[test]
    fn memory_is_that_of_the_counters_in_use() {
        for (bins, recent) in [(3, 3 * 8 * 2), (600, 600 * 4 * 2), (9000, 9000 * 2 * 4)] {
            let mut lattice = Lattice::new(0, 1, bins).unwrap();
            assert_eq!(lattice.memory(), 0);
            lattice.record(&[1]);
            assert_eq!(lattice.memory(), recent);
            lattice.merge(&lattice.clone());
            assert_eq!(lattice.memory(), recent + bins as usize * 8);
        }
    }

    #[test]
    fn short_counters_hold_more_trials_than_they_have_room_for() {
        let mut lattice = Lattice::new(0, 1, 2).unwrap();
        for _ in 0..20 {
            lattice.record(&vec![1; 65_537]);
        }
        assert_eq!(lattice.cells(), [Cell::of(1, 20 * 65_537)]);
    }

    #[test]
    #[should_panic(expected = "not on the lattice")]
    fn an_amount_off_the_lattice_is_never_miscounted() {
        Lattice::new(0, 100, 10).unwrap().record(&[150]);
    }
}
