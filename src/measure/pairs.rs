//! Counts of two small whole numbers at once: how often each value of the one comes with each value of the other.

use std::ops::Range;

use super::lattice::Lattice;
use super::tally::ShapeError;

/// Pairs located at a time.
const CHUNK: usize = 512;

/// Counters of pairs of values, each on its own range of whole numbers.
#[derive(Debug, Clone)]
pub(crate) struct Pairs {
    low: [i64; 2],
    bins: [u32; 2],
    counts: Lattice,
    /// What occurred lies within these cells of each: where nothing was counted is not even looked.
    within: [Range<u32>; 2],
    cells: Vec<u32>,
}

/// Two values, and in how many trials they came together.
pub(crate) type Occurred = ([i64; 2], u64);

impl Pairs {
    /// Nothing counted yet; each number is in `low..low + bins`.
    ///
    /// # Errors
    /// See [`Tally::new`](super::Tally::new).
    pub(crate) fn new(low: [i64; 2], bins: [u32; 2]) -> Result<Self, ShapeError> {
        let counts = Lattice::new(0, 1, bins[0].saturating_mul(bins[1]))?;
        Ok(Self { low, bins, counts, within: [0..0, 0..0], cells: Vec::new() })
    }

    /// Counts pairs; panics on a number that is out of its range.
    pub(crate) fn record(&mut self, first: &[i32], second: &[i32]) {
        self.cells.resize(CHUNK, 0);
        for (first, second) in first.chunks(CHUNK).zip(second.chunks(CHUNK)) {
            let cells = &mut self.cells[..first.len()];
            let low = self.low.map(|low| low as i32);
            let located = locate(cells, [first, second], low, self.bins[1]);
            for ((within, located), bins) in self.within.iter_mut().zip(located).zip(self.bins) {
                let fits = located.end <= bins;
                assert!(fits, "an amount is not on the lattice that the plan proved for its series");
                *within = both(within, &located);
            }
            self.counts.record_cells(cells);
        }
    }

    /// The pairs that occurred, ascending.
    pub(crate) fn occurred(&self) -> Vec<Occurred> {
        let (width, [first, second]) = (self.bins[1] as usize, self.low);
        let mut found = Vec::new();
        let [rows, places] = self.within.clone().map(|range| range.start as usize..range.end as usize);
        for row in rows {
            let start = row * width;
            self.counts.occurred_within(start + places.start..start + places.end, |cell, count| {
                found.push(([first + row as i64, second + (cell - start) as i64], count));
            });
        }
        found
    }
}

/// The shortest range that holds two.
fn both(one: &Range<u32>, other: &Range<u32>) -> Range<u32> {
    if one.is_empty() { other.clone() } else { one.start.min(other.start)..one.end.max(other.end) }
}

/// The cell of each pair, and the rows and the places in a row that they lie among.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn locate(cells: &mut [u32], [first, second]: [&[i32]; 2], low: [i32; 2], width: u32) -> [Range<u32>; 2] {
    let (mut rows, mut places) = ((u32::MAX, 0), (u32::MAX, 0));
    for ((cell, first), second) in cells.iter_mut().zip(first).zip(second) {
        let (row, place) = (first.wrapping_sub(low[0]) as u32, second.wrapping_sub(low[1]) as u32);
        *cell = row.wrapping_mul(width).wrapping_add(place);
        rows = (row.min(rows.0), row.max(rows.1));
        places = (place.min(places.0), place.max(places.1));
    }
    [rows, places].map(|(least, most)| least..most.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_by_both_numbers() {
        let mut pairs = Pairs::new([-2, 10], [4, 3]).unwrap();
        assert_eq!(pairs.occurred(), []);
        pairs.record(&[-2, 1, 1, 0, 1], &[12, 10, 10, 11, 12]);
        let expected = [([-2, 12], 1), ([0, 11], 1), ([1, 10], 2), ([1, 12], 1)];
        assert_eq!(pairs.occurred(), expected);
    }

    #[test]
    fn more_pairs_than_are_located_at_a_time_are_all_counted() {
        let mut pairs = Pairs::new([0, 0], [2, 2000]).unwrap();
        let second: Vec<i32> = (0..1999).collect();
        pairs.record(&vec![1; 1999], &second);
        assert_eq!(pairs.occurred(), (0..1999).map(|second| ([1, second], 1)).collect::<Vec<_>>());
    }

    /// One that is too large must not pass for the next row.
    #[test]
    fn a_number_out_of_range_is_never_miscounted() {
        for (first, second) in [(0, 3), (0, -1), (4, 0), (-1, 3), (i32::MIN, 0)] {
            let mut pairs = Pairs::new([0, 0], [4, 3]).unwrap();
            let counting = std::panic::AssertUnwindSafe(|| pairs.record(&[first], &[second]));
            assert!(std::panic::catch_unwind(counting).is_err(), "{first} {second}");
        }
    }
}
