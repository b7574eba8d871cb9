//! The stored form of a tally in part files: ascending cells, checked when read back.

use super::Cell;
use super::buckets::{Buckets, MAX_AMOUNT, place};
use super::exact::EXACT_LIMIT;
use super::squares::Squares;
use super::tally::{Counts, MAX_TRIALS, Shape, ShapeError, Tally};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use thiserror::Error;

/// Smallest and largest amount, count, and the sum as high and low 64 bits (128-bit numbers do not survive every
/// data format).
type StoredBucket = (i64, i64, u64, i64, u64);

/// A tally as it is written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    shape: Shape,
    trials: u64,
    /// Amount and count in exact tallies, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    counts: Vec<(i64, u64)>,
    /// Log buckets, ascending.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    buckets: Vec<StoredBucket>,
    /// Digits of the sum of squares that goes with buckets, the most significant first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    squares: Option<[u64; 3]>,
}

/// What is wrong with a stored tally.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum StoredError {
    /// The shape cannot be counted.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// More than [`MAX_TRIALS`], or the counts do not add up to the number of trials.
    #[error("the counts of a tally do not add up to its {0} trials")]
    Trials(u64),
    /// Amounts or buckets that do not ascend.
    #[error("the amounts of a tally do not ascend at {0}")]
    Order(i64),
    /// An amount off the lattice or beyond 2^53 øre, or without trials.
    #[error("the amount {0} cannot occur in its tally")]
    Amount(i64),
    /// A bucket or the sum of squares that no amounts can give, or too many or too few distinct amounts for the
    /// form.
    #[error("the buckets of a tally contradict each other")]
    Buckets,
}

impl Serialize for Tally {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Stored::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tally {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(Stored::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

impl From<&Tally> for Stored {
    fn from(tally: &Tally) -> Self {
        let cells = tally.cells();
        let squares = tally.squares().map(|squares| squares.digits());
        let (mut counts, mut buckets) = (Vec::new(), Vec::new());
        if squares.is_some() {
            buckets = cells.iter().map(store_bucket).collect();
        } else {
            counts = cells.iter().map(|cell| (cell.smallest, cell.count)).collect();
        }
        Self { shape: tally.shape, trials: tally.trials, counts, buckets, squares }
    }
}

fn store_bucket(cell: &Cell) -> StoredBucket {
    (cell.smallest, cell.largest, cell.count, (cell.sum >> 64) as i64, cell.sum as u64)
}

impl TryFrom<Stored> for Tally {
    type Error = StoredError;

    fn try_from(stored: Stored) -> Result<Self, StoredError> {
        let counts = stored.counts.iter().map(|&(_, count)| count);
        let counts = counts.chain(stored.buckets.iter().map(|bucket| bucket.2));
        let total = counts.fold(0u64, u64::saturating_add);
        if stored.trials > MAX_TRIALS || total != stored.trials {
            return Err(StoredError::Trials(stored.trials));
        }
        let mut tally = Self::new(stored.shape)?;
        tally.trials = stored.trials;
        match stored.squares {
            None if stored.buckets.is_empty() => read_counts(&mut tally.counts, &stored.counts)?,
            Some(digits) if stored.counts.is_empty() && stored.shape == Shape::General => {
                tally.counts = Counts::Buckets(read_buckets(&stored.buckets, digits)?);
            }
            _ => return Err(StoredError::Buckets),
        }
        Ok(tally)
    }
}

/// Fills an empty exact tally with ascending pairs.
fn read_counts(tally: &mut Counts, pairs: &[(i64, u64)]) -> Result<(), StoredError> {
    if let Some(pair) = pairs.windows(2).find(|pair| pair[0].0 >= pair[1].0) {
        return Err(StoredError::Order(pair[1].0));
    }
    if let Some((amount, _)) = pairs.iter().find(|(amount, count)| !within(*amount) || *count == 0) {
        return Err(StoredError::Amount(*amount));
    }
    match tally {
        Counts::Lattice(lattice) => {
            let off = pairs.iter().find(|(amount, count)| lattice.add(*amount, *count).is_none());
            off.map_or(Ok(()), |(amount, _)| Err(StoredError::Amount(*amount)))
        }
        Counts::Exact(exact) if pairs.len() <= EXACT_LIMIT => {
            exact.add(pairs.iter().copied());
            Ok(())
        }
        Counts::Exact(_) => Err(StoredError::Amount(pairs[EXACT_LIMIT].0)),
        Counts::Buckets(_) => Err(StoredError::Buckets),
    }
}

fn within(amount: i64) -> bool {
    (-MAX_AMOUNT..=MAX_AMOUNT).contains(&amount)
}

fn read_buckets(stored: &[StoredBucket], digits: [u64; 3]) -> Result<Buckets, StoredError> {
    let cells = stored.iter().map(read_bucket).collect::<Result<Vec<_>, _>>()?;
    if let Some(pair) = cells.windows(2).find(|pair| pair[0].largest >= pair[1].smallest) {
        return Err(StoredError::Order(pair[1].smallest));
    }
    let shared = cells.windows(2).any(|pair| place(pair[0].smallest) == place(pair[1].smallest));
    // A tally with few enough distinct amounts is exact in every order of merging: buckets prove that it had more.
    let distinct: u64 =
        cells.iter().map(|cell| cell.count.min(cell.largest.abs_diff(cell.smallest) + 1)).sum();
    let (mut least, mut most) = (Squares::default(), Squares::default());
    for cell in &cells {
        let (small, large) =
            (cell.smallest.abs().min(cell.largest.abs()), cell.smallest.abs().max(cell.largest.abs()));
        least.add_times(small, cell.count);
        most.add_times(large, cell.count);
    }
    let possible = (least.digits()..=most.digits()).contains(&digits);
    if shared || distinct <= EXACT_LIMIT as u64 || !possible {
        return Err(StoredError::Buckets);
    }
    Ok(Buckets::from_cells(cells, Squares::from_digits(digits)))
}

/// One bucket, if some amounts can give it: its ends occur, and the rest lies between them.
fn read_bucket(&(smallest, largest, count, high, low): &StoredBucket) -> Result<Cell, StoredError> {
    if !within(smallest) || !within(largest) || smallest > largest || count == 0 {
        return Err(StoredError::Amount(smallest));
    }
    let sum = (i128::from(high) << 64) | i128::from(low);
    let (small, large, others) = (i128::from(smallest), i128::from(largest), i128::from(count - 1));
    // Below 2^40 * 2^53 in magnitude: the trials were checked first.
    let possible = (small * others + large..=large * others + small).contains(&sum);
    if place(smallest) != place(largest) || !possible {
        return Err(StoredError::Buckets);
    }
    Ok(Cell { smallest, largest, count, sum })
}

#[cfg(test)]
mod tests {
    use super::super::test_words::Words;
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn tally(shape: Shape, amounts: &[i64]) -> Tally {
        let mut tally = Tally::new(shape).unwrap();
        tally.record(amounts);
        tally
    }

    fn bucketed() -> Tally {
        let mut words = Words(5);
        let amounts: Vec<i64> = (0..60_000).map(|_| (words.word() % (1 << 30)) as i64 - (1 << 28)).collect();
        tally(Shape::General, &amounts)
    }

    #[test]
    fn every_form_comes_back_as_it_was() {
        let lattice = Shape::Lattice { lowest: -100, step: 50, bins: 9 };
        for tally in [tally(lattice, &[-100, 0, 300, 0]), tally(Shape::General, &[7, -7, 7]), bucketed()] {
            let text = serde_json::to_string(&tally).unwrap();
            let back: Tally = serde_json::from_str(&text).unwrap();
            assert!(back == tally);
            assert_eq!(back.trials(), tally.trials());
            assert_eq!(serde_json::to_string(&back).unwrap(), text);
            let through_value: Tally = serde_json::from_value(serde_json::from_str(&text).unwrap()).unwrap();
            assert!(through_value == tally);
        }
    }

    #[test]
    fn the_form_is_compact() {
        let text = serde_json::to_string(&tally(Shape::General, &[7, -7, 7])).unwrap();
        assert_eq!(text, r#"{"shape":"general","trials":3,"counts":[[-7,1],[7,2]]}"#);
    }

    #[test]
    fn contradictions_are_refused() {
        let lattice = json!({"lattice": {"lowest": 0, "step": 10, "bins": 3}});
        let max = u64::MAX;
        let cases = [
            json!({"shape": "general", "trials": 2, "counts": [[1, 1]]}),
            json!({"shape": "general", "trials": 0, "counts": [[1, 0]]}),
            json!({"shape": "general", "trials": 1, "counts": [[1, max], [2, 2]]}),
            json!({"shape": "general", "trials": 2, "counts": [[2, 1], [1, 1]]}),
            json!({"shape": "general", "trials": 2, "counts": [[1, 1], [1, 1]]}),
            json!({"shape": "general", "trials": 1, "counts": [[i64::MIN, 1]]}),
            json!({"shape": "general", "trials": max, "counts": [[1, max]]}),
            json!({"shape": "general", "trials": 1, "buckets": [[1, 1, 1, 0, 1]], "squares": [0, 0, 1]}),
            json!({"shape": "general", "trials": 1, "buckets": [[1, 1, 1, 0, 1]]}),
            json!({"shape": "general", "trials": 0, "buckets": [], "squares": [0, 0, 0]}),
            json!({"shape": lattice, "trials": 1, "counts": [[5, 1]]}),
            json!({"shape": lattice, "trials": 1, "counts": [[30, 1]]}),
            json!({"shape": lattice, "trials": 1, "counts": [[-10, 1]]}),
            json!({"shape": lattice, "trials": 0, "squares": [0, 0, 0]}),
            json!({"shape": lattice, "trials": 0, "more": 1}),
            json!({"shape": {"lattice": {"lowest": 0, "step": 0, "bins": 3}}, "trials": 0}),
            json!({"shape": {"lattice": {"lowest": 0, "step": 1, "bins": u32::MAX}}, "trials": 0}),
        ];
        for case in cases {
            assert!(serde_json::from_value::<Tally>(case.clone()).is_err(), "{case}");
        }
    }

    #[test]
    fn the_largest_tallies_are_read() {
        let most = MAX_TRIALS;
        let read = |value: Value| serde_json::from_value::<Tally>(value).map(|tally| tally.trials()).ok();
        assert_eq!(read(json!({"shape": "general", "trials": most, "counts": [[1, most]]})), Some(most));
        assert_eq!(read(json!({"shape": "general", "trials": most + 1, "counts": [[1, most + 1]]})), None);
        let counts = |distinct: usize| (0..distinct as i64).map(|k| (k, 1)).collect::<Vec<_>>();
        let of =
            |distinct: usize| json!({"shape": "general", "trials": distinct, "counts": counts(distinct)});
        assert_eq!(read(of(EXACT_LIMIT)), Some(EXACT_LIMIT as u64));
        assert_eq!(read(of(EXACT_LIMIT + 1)), None);
    }

    #[test]
    fn the_ends_of_a_bucket_are_amounts_in_order() {
        let beyond = MAX_AMOUNT + 1;
        for (smallest, largest, count) in
            [(-beyond, -beyond, 1), (MAX_AMOUNT, beyond, 2), (7, 6, 2), (7, 7, 0)]
        {
            let found = read_bucket(&(smallest, largest, count, 0, 7));
            assert_eq!(found.err(), Some(StoredError::Amount(smallest)));
        }
        assert_eq!(read_bucket(&(-7, -7, 2, -1, u64::MAX - 13)), Ok(Cell::of(-7, 2)));
    }

    #[test]
    fn a_changed_bucket_is_refused() {
        let good = serde_json::to_value(bucketed()).unwrap();
        let change = |edit: &dyn Fn(&mut Value)| {
            let mut bad = good.clone();
            edit(&mut bad);
            serde_json::from_value::<Tally>(bad).is_err()
        };
        assert!(!change(&|_| ()));
        assert!(change(&|bad| bad["buckets"][9][2] = json!(0)));
        assert!(change(&|bad| bad["buckets"][9][0] = json!(-1)));
        assert!(change(&|bad| bad["buckets"][9][1] = json!(i64::MAX)));
        assert!(change(&|bad| bad["buckets"][9][3] = json!(1)));
        assert!(change(&|bad| bad["buckets"][9] = bad["buckets"][8].clone()));
        assert!(change(&|bad| bad["squares"][0] = json!(u64::MAX)));
        assert!(change(&|bad| bad["squares"][1] = json!(0)));
        assert!(change(&|bad| bad["trials"] = json!(1)));
        assert!(change(&|bad| bad["shape"] = json!({"lattice": {"lowest": 0, "step": 1, "bins": 3}})));
    }

    proptest! {
        #[test]
        fn no_stored_numbers_cause_a_panic(
            trials: u64,
            counts in prop::collection::vec(any::<(i64, u64)>(), 0..4),
            buckets in prop::collection::vec(any::<(i64, i64, u64, i64, u64)>(), 0..4),
            squares: Option<[u64; 3]>,
            lattice: Option<(i64, i64, u16)>,
            right_total: bool,
        ) {
            let total = counts.iter().map(|pair| pair.1).chain(buckets.iter().map(|bucket| bucket.2));
            let trials = if right_total { total.fold(0, u64::saturating_add) } else { trials };
            let shape = lattice.map_or(Shape::General, |(lowest, step, bins)| Shape::Lattice { lowest, step, bins: bins.into() });
            let _ = Tally::try_from(Stored { shape, trials, counts, buckets, squares });
        }
    }
}
