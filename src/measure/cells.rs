//! Counts of small whole numbers: `low + k · stride` for `k` below a number of cells, given on 32 bits.
//!
//! Several series of a program can be multiples of one page; each is read from the counts of the page ([`Cells::scaled`]).

use super::lattice::Lattice;
use super::tally::{Shape, ShapeError, Tally};

/// Counters of the values of a page.
#[derive(Debug, Clone)]
pub(crate) struct Cells {
    low: i64,
    stride: i64,
    counters: Counters,
    trials: u64,
}

#[derive(Debug, Clone)]
enum Counters {
    /// There is one value only.
    Known,
    /// Values are 0 and 1: how many are 1.
    Flags(u64),
    Lattice(Lattice),
}

impl Cells {
    /// Nothing counted yet.
    ///
    /// # Errors
    /// See [`Tally::new`].
    pub(crate) fn new(low: i64, stride: i64, bins: u32) -> Result<Self, ShapeError> {
        let counters = match (low, stride, bins) {
            (_, _, 1) => Counters::Known,
            (0, 1, 2) => Counters::Flags(0),
            _ => Counters::Lattice(Lattice::new(0, 1, bins)?),
        };
        Ok(Self { low, stride, counters, trials: 0 })
    }

    /// Counts values; panics on one that is off the lattice.
    pub(crate) fn record(&mut self, values: &[i32]) {
        self.trials += values.len() as u64;
        match &mut self.counters {
            Counters::Known => assert!(
                values.iter().all(|value| i64::from(*value) == self.low),
                "an amount differs from the one that the plan proved for its series"
            ),
            Counters::Flags(ones) => *ones += ones_of(values),
            Counters::Lattice(lattice) if self.stride == 1 => lattice.record_from(self.low as i32, values),
            Counters::Lattice(lattice) => lattice.record_strided(self.low, self.stride, values),
        }
    }

    /// Adds trials of one value; panics on one that is off the lattice.
    pub(crate) fn place(&mut self, value: i64, count: u64) {
        self.trials += count;
        let (cell, rest) =
            ((value - self.low).div_euclid(self.stride), (value - self.low).rem_euclid(self.stride));
        let placed = match &mut self.counters {
            Counters::Lattice(lattice) if rest == 0 => lattice.add(cell, count).is_some(),
            _ => false,
        };
        assert!(placed, "an amount is not on the lattice that the plan proved for its series");
    }

    /// Counts trials of a series of one value.
    pub(crate) fn record_known(&mut self, trials: usize) {
        debug_assert!(matches!(self.counters, Counters::Known), "a series of several values");
        self.trials += trials as u64;
    }

    /// Adds the counts of the same series.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.trials += other.trials;
        match (&mut self.counters, &other.counters) {
            (Counters::Known, Counters::Known) => {}
            (Counters::Flags(ones), Counters::Flags(more)) => *ones += more,
            (Counters::Lattice(lattice), Counters::Lattice(more)) => lattice.merge(more),
            _ => unreachable!("threads count a series alike"),
        }
    }

    /// The tally of `unit` times the values; panics where one is not of the shape, which the plan rules out.
    ///
    /// # Errors
    /// See [`Tally::new`].
    pub(crate) fn scaled(&self, shape: Shape, unit: i64) -> Result<Tally, ShapeError> {
        let mut tally = Tally::new(shape)?;
        let amount = |cell: usize| unit * (self.low + cell as i64 * self.stride);
        match &self.counters {
            Counters::Known => tally.place(amount(0), self.trials),
            Counters::Flags(ones) => {
                tally.place(amount(0), self.trials - ones);
                tally.place(amount(1), *ones);
            }
            Counters::Lattice(lattice) => {
                lattice.occurred(|cell, count| tally.place(amount(cell), count));
            }
        }
        Ok(tally)
    }
}

/// How many flags are up; panics on what is no flag.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn ones_of(flags: &[i32]) -> u64 {
    let (mut ones, mut bits) = (0u32, 0u32);
    for flag in flags {
        ones = ones.wrapping_add(*flag as u32);
        bits |= *flag as u32;
    }
    assert!(bits <= 1, "a flag is neither 0 nor 1");
    u64::from(ones)
}

#[cfg(test)]
mod tests {
    use super::super::Cell;
    use super::*;

    #[test]
    fn multiples_are_read_from_one_count() {
        let mut cells = Cells::new(-2, 2, 4).unwrap();
        cells.record(&[-2, 0, 4, 4]);
        let more = cells.clone();
        cells.merge(&more);
        let tally = cells.scaled(Shape::Lattice { lowest: -500, step: 500, bins: 5 }, 250).unwrap();
        let cells: Vec<_> = tally.cells().iter().map(|cell| (cell.smallest, cell.count)).collect();
        assert_eq!(cells, [(-500, 2), (0, 2), (1000, 4)]);
    }

    #[test]
    fn every_whole_number_has_a_cell() {
        let mut cells = Cells::new(-2, 1, 5).unwrap();
        cells.record(&[-2, 0, 2, 2]);
        assert_eq!(
            cells.scaled(Shape::General, 10).unwrap().cells(),
            [Cell::of(-20, 1), Cell::of(0, 1), Cell::of(20, 2)]
        );
    }

    #[test]
    fn flags_are_added_up() {
        let mut cells = Cells::new(0, 1, 2).unwrap();
        cells.record(&[0, 1, 1, 0, 0]);
        let tally = cells.scaled(Shape::Lattice { lowest: 0, step: 1, bins: 2 }, 1).unwrap();
        assert_eq!(tally.cells(), [Cell::of(0, 3), Cell::of(1, 2)]);
        assert_eq!(tally.trials(), 5);
    }

    #[test]
    fn counts_of_threads_are_added() {
        let mut flags = Cells::new(0, 1, 2).unwrap();
        flags.record(&[0, 1, 1, 0, 0]);
        let mut more = Cells::new(0, 1, 2).unwrap();
        more.record(&[1, 1, 1]);
        flags.merge(&more);
        let tally = flags.scaled(Shape::General, 100).unwrap();
        assert_eq!(tally.cells(), [Cell::of(0, 3), Cell::of(100, 5)]);
        let mut known = Cells::new(7, 1, 1).unwrap();
        known.record_known(3);
        known.record(&[7, 7]);
        let more = known.clone();
        known.merge(&more);
        assert_eq!(known.scaled(Shape::General, -2).unwrap().cells(), [Cell::of(-14, 10)]);
    }

    #[test]
    #[should_panic(expected = "differs from the one that the plan proved")]
    fn what_is_not_the_known_value_is_noticed() {
        Cells::new(7, 1, 1).unwrap().record(&[7, 8]);
    }

    #[test]
    #[should_panic(expected = "neither 0 nor 1")]
    fn what_is_no_flag_is_noticed() {
        Cells::new(0, 1, 2).unwrap().record(&[0, 2]);
    }
}
