//! Tests of tallies: counts and merges on either side of the switch to buckets, equality, and what is refused.

use super::tally::*;
use super::test_words::Words;
use super::*;
use proptest::prelude::*;

fn general(amounts: &[i64]) -> Tally {
    let mut tally = Tally::new(Shape::General).unwrap();
    amounts.chunks(512).for_each(|block| tally.record(block));
    tally
}

/// `amounts` cut into parts of unequal size, tallied apart and merged in an order of its own.
fn in_parts(amounts: &[i64], shape: Shape, words: &mut Words) -> Tally {
    let mut parts = Vec::new();
    let mut rest = amounts;
    while !rest.is_empty() {
        let (part, later) = rest.split_at(1 + words.word() as usize % rest.len());
        let mut tally = Tally::new(shape).unwrap();
        tally.record(part);
        parts.push(tally);
        rest = later;
    }
    while parts.len() > 1 {
        let other = parts.swap_remove(words.word() as usize % parts.len());
        let index = words.word() as usize % parts.len();
        parts[index].merge(&other).unwrap();
    }
    parts.pop().unwrap()
}

#[test]
fn merge_order_never_matters_on_either_side_of_the_switch() {
    let mut words = Words(1);
    // 2^16 draws of `spread` values: some 45 000 (exact), 48 100 to 50 200 (both sides), 59 700 distinct ones.
    for (spread, scale) in [(75_000, 1), (90_000, 100), (93_000, 1), (100_000, -7), (300_000, 1_000_003)] {
        let amounts: Vec<i64> = (0..1 << 16).map(|_| (words.word() % spread) as i64 * scale).collect();
        let whole = general(&amounts);
        let distinct = amounts.iter().collect::<std::collections::BTreeSet<_>>().len();
        assert_eq!(whole.buckets_used(), distinct > EXACT_LIMIT, "{distinct}");
        for _ in 0..3 {
            let merged = in_parts(&amounts, Shape::General, &mut words);
            assert!(merged == whole, "spread {spread}");
            assert_eq!(serde_json::to_string(&merged).unwrap(), serde_json::to_string(&whole).unwrap());
        }
    }
}

#[test]
fn the_switch_comes_with_the_first_amount_beyond_the_limit() {
    let mut amounts: Vec<i64> = (0..EXACT_LIMIT as i64).map(|k| 3 * k).collect();
    amounts.extend_from_within(..1000);
    assert!(!general(&amounts).buckets_used());
    let mut merged = general(&amounts);
    merged.merge(&general(&[1])).unwrap();
    assert!(merged.buckets_used());
    amounts.push(1);
    assert!(general(&amounts) == merged);
    let mut other_way = general(&[1]);
    other_way.merge(&general(&amounts[..amounts.len() - 1])).unwrap();
    assert!(other_way == merged);
}

proptest! {
    #[test]
    fn lattice_parts_merge_to_the_whole(
        cells in prop::collection::vec(0i64..700, 1..3000), bins in 700u32..10_000, seed: u64,
    ) {
        let shape = Shape::Lattice { lowest: -5_000, step: 100, bins };
        let amounts: Vec<i64> = cells.iter().map(|cell| cell * 100 - 5_000).collect();
        let mut whole = Tally::new(shape).unwrap();
        whole.record(&amounts);
        prop_assert!(in_parts(&amounts, shape, &mut Words(seed)) == whole);
        prop_assert_eq!(whole.cells(), general(&amounts).cells());
    }
}

#[test]
fn impossible_lattices_are_refused() {
    let new = |lowest, step, bins| Tally::new(Shape::Lattice { lowest, step, bins }).err();
    assert_eq!(new(0, 0, 5), Some(ShapeError::Step(0)));
    assert_eq!(new(0, i64::MIN, 5), Some(ShapeError::Step(i64::MIN)));
    assert_eq!(new(0, 1, 0), Some(ShapeError::Bins(0)));
    assert_eq!(new(0, 1, u32::MAX), Some(ShapeError::Bins(u32::MAX)));
    assert!(matches!(new(i64::MIN, 1, 1), Some(ShapeError::Range { .. })));
    assert!(matches!(new(0, i64::MAX, 2), Some(ShapeError::Range { .. })));
    assert!(matches!(new(0, 1 << 40, 1 << 14), Some(ShapeError::Range { .. })));
    assert_eq!(new(-MAX_AMOUNT, MAX_AMOUNT, 3), None);
}

#[test]
fn tallies_that_do_not_fit_are_refused_and_left_alone() {
    let lattice = Tally::new(Shape::Lattice { lowest: 0, step: 1, bins: 3 }).unwrap();
    let mut tally = general(&[1, 2]);
    let before = tally.clone();
    assert!(matches!(tally.merge(&lattice), Err(MergeError::ShapeMismatch(..))));
    let mut huge = general(&[5]);
    huge.trials = MAX_TRIALS;
    assert_eq!(tally.merge(&huge), Err(MergeError::TooManyTrials(MAX_TRIALS + 2)));
    assert!(tally == before);
    huge.trials = MAX_TRIALS - 2;
    assert_eq!(huge.merge(&tally), Ok(()));
}

/// Equality is what other tests stand on: of each thing that tells tallies apart there is a pair.
#[test]
fn tallies_of_other_amounts_differ() {
    let shape = |bins| Shape::Lattice { lowest: 0, step: 1, bins };
    let of = |shape, amounts: &[i64]| {
        let mut tally = Tally::new(shape).unwrap();
        tally.record(amounts);
        tally
    };
    assert!(general(&[1, 2]) != general(&[1, 3]) && general(&[1, 2]) != general(&[1, 2, 2]));
    assert!(of(shape(5), &[1, 2]) != of(shape(5), &[1, 1]));
    assert!(of(shape(5), &[1, 2]) != of(shape(6), &[1, 2]));
    assert!(of(shape(5), &[1, 2]) != general(&[1, 2]));
    // In buckets: other amounts between the same ends with the same sum, and the same squares of another sign.
    let many: Vec<i64> = (0..100_000).map(|k| 1_000_000 + 3 * k).collect();
    let (mut moved, mut turned) = (many.clone(), many.clone());
    (moved[1], moved[2]) = (moved[1] + 1, moved[2] - 1);
    turned.iter_mut().for_each(|amount| *amount = -*amount);
    assert!(general(&many).cells() == general(&moved).cells() && general(&many) != general(&moved));
    assert!(general(&many) != general(&turned));
}

#[test]
fn cell_numbers_and_sorted_offsets_are_amounts() {
    let shape = Shape::Lattice { lowest: -50, step: 25, bins: 5 };
    let (mut numbers, mut amounts) = (Tally::new(shape).unwrap(), Tally::new(shape).unwrap());
    numbers.record_cells(&[0, 2, 4, 2]);
    amounts.record(&[-50, 0, 50, 0]);
    assert!(numbers == amounts && numbers.trials() == 4);
    for unit in [1, 7] {
        let mut sorted = Tally::new(Shape::General).unwrap();
        sorted.record_sorted(Radix::default().sorted(&[9, -4, 3, -4], unit));
        assert_eq!(sorted.cells(), [Cell::of(-4 * unit, 2), Cell::of(3 * unit, 1), Cell::of(9 * unit, 1)]);
    }
}

#[test]
#[should_panic(expected = "beyond 2^53")]
fn an_amount_out_of_range_is_never_miscounted() {
    general(&[MAX_AMOUNT, i64::MIN]);
}

#[test]
fn buckets_take_amounts_in_any_order_and_lists_take_none() {
    let mut words = Words(11);
    let values: Vec<i32> = (0..60_000).map(|_| 1 + (words.word() % 900_000_000) as i32).collect();
    let amounts: Vec<i64> = values.iter().map(|value| 3 * i64::from(*value)).collect();
    let mut tally = general(&amounts[..30_000]);
    assert!(!tally.record_scattered(&values[30_000..], 3));
    assert_eq!(tally.trials(), 30_000);
    tally.record(&amounts[30_000..]);
    assert!(tally.buckets_used() && tally.record_scattered(&values, 3));
    assert!(!tally.record_scattered(&[-1], 3));
    assert_eq!(tally.trials(), 120_000);
    assert!(tally == general(&amounts.repeat(2)));
}

#[test]
fn pairs_are_counted_as_often_as_they_say() {
    let mut tally = general(&[-5, 7]);
    tally.record_pairs(&[(-MAX_AMOUNT, 1), (-5, 2), (9, 1), (MAX_AMOUNT, 3)]);
    assert_eq!(tally.trials(), 9);
    let least = [-MAX_AMOUNT, -5, -5, -5, 7, 9, MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT];
    assert!(tally == general(&least));
}

#[test]
#[should_panic(expected = "beyond 2^53")]
fn pairs_beyond_the_range_are_noticed() {
    general(&[]).record_pairs(&[(1, 1), (MAX_AMOUNT + 1, 1)]);
}

#[test]
fn memory_stays_within_the_estimate() {
    let mut words = Words(3);
    let amounts: Vec<i64> = (0..200_000).map(|_| (words.word() % 1_000_000_000) as i64).collect();
    let tally = general(&amounts);
    assert!(tally.buckets_used());
    assert!(tally.memory() < Shape::General.memory_estimate(), "{}", tally.memory());
    assert_eq!(general(&[5, -5, 7]).memory(), 3 * 16);
    // Amounts of every octave below 10 million kroner need a good part of the estimate.
    let octaves: Vec<i64> = (0..200_000).map(|_| (1e9f64.powf(words.uniform())) as i64).collect();
    let needed = general(&octaves).memory();
    let estimate = Shape::General.memory_estimate();
    assert!(needed < estimate && 3 * needed > estimate, "{needed} {estimate}");
    let lattice = |bins| Shape::Lattice { lowest: 0, step: 1, bins }.memory_estimate();
    assert_eq!((lattice(16), lattice(17)), (16 * 24, 17 * 16));
    for bins in [16, 500, 5000, 50_000] {
        let shape = Shape::Lattice { lowest: 0, step: 1, bins };
        let mut tally = Tally::new(shape).unwrap();
        tally.merge(&tally.clone()).unwrap();
        assert!(tally.memory() <= shape.memory_estimate());
    }
}
