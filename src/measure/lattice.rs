//! Counts on a lattice: every amount is `lowest + k * step`, and cell `k` has its own counter.
//!
//! A counter that most trials hit (a payer's cap) would be a chain of store and load of one address, 1.2 ns an
//! increment. Small lattices therefore have 8 or 4 counters a cell, used in turn and folded when read.

use super::Cell;
use super::tally::ShapeError;

/// Most cells a lattice may have; a finer one is better counted as general amounts.
pub const MAX_BINS: u32 = 1 << 20;

/// Values between two checks for room in the 32-bit counters.
const CHUNK: usize = 1 << 20;

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
    /// `lanes` counters for each cell, side by side; their sum stays below 2^32. Empty until the first value.
    recent: Vec<u32>,
    recent_trials: u64,
    /// What was folded so far; empty until the first fold.
    folded: Vec<u64>,
}

impl Lattice {
    /// A lattice without counts.
    ///
    /// # Errors
    /// A step below 1, no cell, more than [`MAX_BINS`], or an amount beyond 2^53.
    pub(super) fn new(lowest: i64, step: i64, bins: u32) -> Result<Self, ShapeError> {
        super::tally::check_lattice(lowest, step, bins)?;
        // Measured: 8 lanes of 512 cells and 4 lanes of 8192 still fit the first two cache levels.
        let lanes = match bins {
            0..=512 => 8,
            513..=8192 => 4,
            _ => 2,
        };
        let divider = Divider::new(lowest, step);
        Ok(Self { divider, step, bins, lanes, recent: Vec::new(), recent_trials: 0, folded: Vec::new() })
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
        if self.recent.is_empty() {
            self.recent = vec![0; self.bins as usize * self.lanes];
        }
        for chunk in values.chunks(CHUNK) {
            if self.recent_trials + chunk.len() as u64 > u64::from(u32::MAX) {
                self.fold();
            }
            self.recent_trials += chunk.len() as u64;
            match self.lanes {
                8 => increment::<8, T>(&mut self.recent, chunk, cell),
                4 => increment::<4, T>(&mut self.recent, chunk, cell),
                _ => increment::<2, T>(&mut self.recent, chunk, cell),
            }
        }
    }

    /// Moves the 32-bit counters into the 64-bit ones.
    fn fold(&mut self) {
        self.folded = self.counts();
        self.recent.fill(0);
        self.recent_trials = 0;
    }

    /// Trials of each cell.
    pub(super) fn counts(&self) -> Vec<u64> {
        let mut counts =
            if self.folded.is_empty() { vec![0; self.bins as usize] } else { self.folded.clone() };
        for (count, lanes) in counts.iter_mut().zip(self.recent.chunks_exact(self.lanes)) {
            *count += lanes.iter().map(|&lane| u64::from(lane)).sum::<u64>();
        }
        counts
    }

    /// Adds the counts of a lattice of the same shape.
    pub(super) fn merge(&mut self, other: &Self) {
        self.fold();
        for (count, more) in self.folded.iter_mut().zip(other.counts()) {
            *count += more;
        }
    }

    /// Adds `count` trials of one amount; `None` when it is not on the lattice.
    pub(super) fn add(&mut self, amount: i64, count: u64) -> Option<()> {
        let cell = self.divider.cell(amount);
        if self.folded.is_empty() {
            self.fold();
        }
        *self.folded.get_mut(cell)? += count;
        Some(())
    }

    /// Cells that occurred, in ascending order.
    pub(super) fn cells(&self) -> Vec<Cell> {
        let amounts = (0i64..).map(|k| self.divider.lowest + k * self.step);
        let occurred = amounts.zip(self.counts()).filter(|&(_, count)| count > 0);
        occurred.map(|(amount, count)| Cell::of(amount, count)).collect()
    }

    /// Bytes on the heap.
    pub(super) fn memory(&self) -> usize {
        self.recent.capacity() * size_of::<u32>() + self.folded.capacity() * size_of::<u64>()
    }
}

/// Counts values in turn on the lanes of their cells.
#[inline]
fn increment<const LANES: usize, T: Copy>(
    counters: &mut [u32],
    values: &[T],
    cell: impl Fn(T) -> usize + Copy,
) {
    let (counters, _) = counters.as_chunks_mut::<LANES>();
    let (groups, rest) = values.as_chunks::<LANES>();
    for group in groups {
        for (lane, &value) in group.iter().enumerate() {
            lanes_of(counters, cell(value))[lane] += 1;
        }
    }
    for (lane, &value) in rest.iter().enumerate() {
        lanes_of(counters, cell(value))[lane] += 1;
    }
}

#[inline]
fn lanes_of<const LANES: usize>(counters: &mut [[u32; LANES]], cell: usize) -> &mut [u32; LANES] {
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
        let mut lattice = Lattice::new(0, 1, 2).unwrap();
        lattice.record(&[1; 9]);
        // As if four thousand million trials had come before.
        lattice.recent[8] = u32::MAX - 9;
        lattice.recent_trials = u64::from(u32::MAX);
        lattice.record(&[1; 8]);
        assert_eq!(lattice.recent_trials, 8);
        let expected = u64::from(u32::MAX - 9) + 7 + 8;
        assert_eq!(lattice.cells(), [Cell::of(1, expected)]);
    }

    #[test]
    #[should_panic(expected = "not on the lattice")]
    fn an_amount_off_the_lattice_is_never_miscounted() {
        Lattice::new(0, 100, 10).unwrap().record(&[150]);
    }
}
