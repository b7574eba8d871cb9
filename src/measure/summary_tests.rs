//! Tests of the summary: every statistic against a sorted vector, and what it is where the two could differ.

#![allow(clippy::float_cmp)] // what is called exact is compared to the bit

use super::interval::Z;
use super::test_words::Words;
use super::*;
use proptest::prelude::*;
use statrs::distribution::{ContinuousCDF, Normal};

fn tally(shape: Shape, amounts: &[i64]) -> Tally {
    let mut tally = Tally::new(shape).unwrap();
    amounts.chunks(512).for_each(|block| tally.record(block));
    tally
}

pub(super) fn summary(amounts: &[i64]) -> Summary {
    Summary::new(&tally(Shape::General, amounts)).unwrap()
}

pub(super) fn level(part: u32, whole: u32) -> Level {
    Level::new(part, whole).unwrap()
}

fn close(found: f64, expected: f64, relative: f64) -> bool {
    (found - expected).abs() <= expected.abs() * relative + 1e-9
}

/// The mean of the `share` largest of sorted amounts, trial by trial, the last in part.
fn tail_of(sorted_from_the_tail: &[i64], share: f64) -> f64 {
    let mut left = share * sorted_from_the_tail.len() as f64;
    let mass = left;
    let mut total = 0.0;
    for &amount in sorted_from_the_tail {
        let weight = left.clamp(0.0, 1.0);
        total += weight * amount as f64;
        left -= weight;
    }
    total / mass
}

/// Amounts with atoms and gaps, some negative.
fn series() -> impl Strategy<Value = Vec<i64>> {
    let atoms = prop::sample::select(vec![0i64, 50_000_000, -250]);
    let amount = prop_oneof![2 => atoms, 3 => -1000i64..1000, 2 => 0i64..10_000_000_000];
    prop::collection::vec(amount, 1..120)
}

proptest! {
    #[test]
    fn every_statistic_agrees_with_a_sorted_vector(amounts in series(), threshold in -1100i64..1_000_000) {
        let found = summary(&amounts);
        let mut sorted = amounts.clone();
        sorted.sort_unstable();
        let n = sorted.len();
        let mean = sorted.iter().map(|&x| x as f64).sum::<f64>() / n as f64;
        prop_assert!(close(found.mean().value, mean, 1e-12));
        prop_assert_eq!((found.min(), found.max()), (sorted[0], sorted[n - 1]));
        for (part, whole) in [(0, 1), (1, 100), (1, 20), (1, 3), (1, 2), (4, 5), (9, 10), (19, 20), (1, 1)] {
            // The definition: the smallest amount that at least part/whole of the trials do not exceed.
            let enough = |x: i64| sorted.iter().filter(|&&y| y <= x).count() * whole >= n * part;
            let expected = sorted.iter().copied().find(|&x| enough(x)).unwrap();
            prop_assert_eq!(found.quantile_amount(level(part as u32, whole as u32)), expected);
        }
        for (part, whole) in [(1, 20), (1, 3), (1, 1)] {
            let share = f64::from(part) / f64::from(whole);
            let low = found.tail_mean_low(level(part, whole)).value;
            prop_assert!(close(low, tail_of(&sorted, share), 1e-9));
            let descending: Vec<_> = sorted.iter().rev().copied().collect();
            let high = found.tail_mean_high(level(part, whole)).value;
            prop_assert!(close(high, tail_of(&descending, share), 1e-9));
        }
        let share = |holds: &dyn Fn(i64) -> bool| sorted.iter().filter(|&&x| holds(x)).count() as f64 / n as f64;
        prop_assert_eq!(found.probability_at(0).unwrap().value, share(&|x| x == 0));
        prop_assert_eq!(found.probability_at(threshold).unwrap().value, share(&|x| x == threshold));
        for threshold in [threshold, sorted[n / 2], sorted[n - 1]] {
            prop_assert_eq!(found.exceedance(threshold).value, share(&|x| x > threshold));
            let excess = sorted.iter().map(|&x| (x - threshold).max(0) as f64).sum::<f64>() / n as f64;
            prop_assert!(close(found.mean_excess(threshold).value, excess, 1e-12));
        }
        if n > 1 {
            let squares: f64 = sorted.iter().map(|&x| (x as f64 - mean).powi(2)).sum();
            let sd = found.standard_deviation().unwrap().value;
            prop_assert!(close(sd, (squares / (n - 1) as f64).sqrt(), 1e-9));
        } else {
            prop_assert_eq!(found.standard_deviation(), None);
        }
    }

    #[test]
    fn lattice_and_general_give_the_same_bits(cells in prop::collection::vec(0i64..2000, 2..500)) {
        let amounts: Vec<i64> = cells.iter().map(|cell| cell * 2500 - 10_000).collect();
        let shape = Shape::Lattice { lowest: -10_000, step: 2500, bins: 2000 };
        let (general, lattice) = (summary(&amounts), Summary::new(&tally(shape, &amounts)).unwrap());
        for statistic in Statistic::ALL {
            prop_assert_eq!(general.statistic(statistic), lattice.statistic(statistic));
        }
    }
}

/// 32 replicates of two kinds in turn, and the summary of all of them.
fn in_turn(kinds: [[i64; 10]; 2]) -> Summary {
    let kinds = kinds.map(|amounts| tally(Shape::General, &amounts));
    let mut whole = Tally::new(Shape::General).unwrap();
    (0..32).for_each(|index| whole.merge(&kinds[index % 2]).unwrap());
    let replicates: Vec<_> = (0..32).map(|index| Replicate::new(&kinds[index % 2]).unwrap()).collect();
    Summary::new(&whole).unwrap().with_replicates(&replicates)
}

#[test]
fn what_replicates_agree_on_is_known() {
    // Half of the trials are at 100 or below in both kinds, and the median is rank 160 of 320.
    let found = in_turn([
        [0, 0, 100, 100, 100, 200, 200, 200, 200, 200],
        [0, 100, 100, 100, 100, 200, 200, 200, 200, 200],
    ]);
    assert_eq!(found.quantile(level(1, 2)).interval, Some((100.0, 100.0)));
    let same = in_turn([[7; 10]; 2]);
    assert_eq!(same.standard_deviation(), Some(Estimate { value: 0.0, interval: Some((0.0, 0.0)) }));
}

/// Two kinds of replicate, 16 of each, with means 200 and 260: every interval is that of two figures, ± T/√31 of half
/// their difference.
#[test]
fn intervals_of_replicates_are_those_of_their_figures() {
    let kinds = [[0, 0, 1, 1, 2, 2, 3, 3, 4, 4], [0, 1, 2, 2, 3, 3, 3, 4, 4, 4]];
    let found = in_turn(kinds.map(|amounts| amounts.map(|amount| amount * 100)));
    let unit = replicates::T / 31f64.sqrt();
    let is = |found: Estimate, value: f64, difference: f64| {
        let (low, high) = found.interval.unwrap();
        let half = unit * difference / 2.0;
        assert!(close(found.value, value, 1e-12), "{found:?} {value}");
        assert!(close(low, value - half, 1e-12) && close(high, value + half, 1e-12), "{found:?} {half}");
    };
    is(found.mean(), 230.0, 60.0);
    // Variances of 20/9 and 16.4/9 within; Σ (x − 2.3)² = 10 · 0.3² · 32 + 16 · 36.4 in hundreds squared.
    let sd = (100.0f64 * 100.0 * (28.8 + 16.0 * 36.4) / 319.0).sqrt();
    is(found.standard_deviation().unwrap(), sd, 10_000.0 * 3.6 / 9.0 / (2.0 * sd));
    is(found.probability_at(0).unwrap(), 0.15, 0.1);
    is(found.probability_at(100).unwrap(), 0.15, 0.1);
    is(found.exceedance(200), 0.5, 0.2);
    is(found.mean_excess(200), 75.0, 30.0);
    is(found.tail_mean_high(level(1, 2)), 350.0, 20.0);
    is(found.tail_mean_low(level(1, 2)), 110.0, 60.0);
    // The quantile: shares up to 100, 200 and 300 are 0.3, 0.5 and 0.75, of which 0.037 and 0.018 are open.
    assert_eq!(found.quantile(level(1, 2)).interval, Some((200.0, 300.0)));
    assert_eq!(found.quantile(level(8, 25)).interval, Some((100.0, 200.0)));
    // Independent trials would leave 200 open here.
    assert_eq!(found.quantile(level(27, 50)).interval, Some((300.0, 300.0)));
}

/// 32 replicates of ten trials, `hits` of which have one trial at `rare` while all others are at `often`.
fn rarely(hits: usize, rare: i64, often: i64) -> Summary {
    let kinds = [[often; 10], [rare, often, often, often, often, often, often, often, often, often]];
    let kinds = kinds.map(|amounts| tally(Shape::General, &amounts));
    let mut whole = Tally::new(Shape::General).unwrap();
    (0..32).for_each(|index| whole.merge(&kinds[usize::from(index < hits)]).unwrap());
    let replicates: Vec<_> =
        (0..32).map(|index| Replicate::new(&kinds[usize::from(index < hits)]).unwrap()).collect();
    Summary::new(&whole).unwrap().with_replicates(&replicates)
}

/// Fewer than ten hits or misses say nothing of how replicates differ, and neither do replicates that agree.
#[test]
fn shares_of_few_trials_have_the_interval_of_independent_ones() {
    for hits in [2, 9] {
        assert_eq!(rarely(hits, 1, 0).exceedance(0).interval, Some(interval::probability(hits as u64, 320)));
        let misses = rarely(hits, 0, 1).exceedance(0).interval;
        assert_eq!(misses, Some(interval::probability(320 - hits as u64, 320)));
    }
    for hits in [10, 12] {
        // Shares of 0.1 in `hits` replicates, and 0 in the others.
        let share = hits as f64 / 32.0;
        let half = replicates::T * (0.01 * share * (1.0 - share) / 31.0).sqrt();
        let (low, high) = rarely(hits, 1, 0).exceedance(0).interval.unwrap();
        assert!(close(low, 0.1 * share - half, 1e-12) && close(high, 0.1 * share + half, 1e-12));
        let (low, high) = rarely(hits, 0, 1).exceedance(0).interval.unwrap();
        let value = 1.0 - 0.1 * share;
        assert!(close(low, value - half, 1e-12) && close(high, value + half, 1e-12));
    }
    assert_eq!(rarely(32, 1, 0).exceedance(0).interval, Some(interval::probability(32, 320)));
}

/// Intervals by hand where amounts occur many times: 90 of 0, six of 100 and four of 300.
#[test]
fn intervals_count_every_trial_of_an_amount() {
    let mut amounts = vec![0; 90];
    amounts.extend([100; 6]);
    amounts.extend([300; 4]);
    let is = |found: Estimate, value: f64, half: f64| {
        let (low, high) = found.interval.unwrap();
        assert!(close(found.value, value, 1e-12), "{found:?} {value}");
        assert!(close(low, value - half, 1e-12) && close(high, value + half, 1e-12), "{found:?} {half}");
    };
    // Beyond 100 lie four of 200: E Y = 8, E Y² = 1600, over a tenth of the mass.
    let half = Z * (1600.0f64 - 64.0).sqrt() / 0.1 / 10.0;
    is(summary(&amounts).tail_mean_high(level(1, 10)), 180.0, half);
    let negative: Vec<i64> = amounts.iter().map(|amount| -amount).collect();
    is(summary(&negative).tail_mean_low(level(1, 10)), -180.0, half);
    is(summary(&amounts).mean_excess(100), 8.0, Z * ((1600.0f64 - 64.0) / 99.0).sqrt());
    assert_eq!(summary(&[5]).mean_excess(3), Estimate { value: 2.0, interval: None });
    // 75 of 0 and 25 of 4: s² = 300/99, m4 = 0.75 + 0.25 · 81.
    let two = [vec![0; 75], vec![4; 25]].concat();
    let sd = (300.0f64 / 99.0).sqrt();
    assert_eq!(
        summary(&two).standard_deviation().unwrap().interval,
        Some(interval::standard_deviation(sd, 21.0, 100))
    );
    let none = level(0, 1);
    assert_eq!(
        (summary(&two).tail_mean_low(none).value, summary(&two).tail_mean_high(none).value),
        (0.0, 4.0)
    );
}

/// 1 to 60,000, once each: two to a bucket from 8,192, four from 16,384, eight from 32,768; 60,000 has one of its own.
#[test]
fn statistics_split_buckets_as_they_say() {
    let counted = tally(Shape::General, &(1..=60_000).collect::<Vec<_>>());
    assert!(counted.buckets_used());
    let found = Summary::new(&counted).unwrap();
    let at = |rank: u32| found.quantile_amount(level(rank, 60_000));
    assert_eq!([8191, 8192, 8193, 8194].map(at), [8191, 8192, 8193, 8194]);
    assert_eq!([16_384, 16_385, 16_386, 16_387, 16_388].map(at), [16_384, 16_387, 16_387, 16_387, 16_388]);
    assert_eq!([40_000, 40_001, 40_007, 40_008].map(at), [40_000, 40_007, 40_007, 40_008]);
    let probability = |amount| found.probability_at(amount).map(|share| share.value);
    assert_eq!([-3, 5, 8192].map(probability), [Some(0.0), Some(1.0 / 60_000.0), None]);
    assert!(close(found.standard_deviation().unwrap().value, (60_000.0f64 * 60_001.0 / 12.0).sqrt(), 1e-14));
    // Of the dearest three, 60,000 is known; of the eight before, whose mean is 59,995.5, two are taken.
    let tail = found.tail_mean_high(level(3, 60_000));
    assert_eq!(tail.value, 59_997.0);
    // Beyond the whole part of that mean lie eight at a half and one at five.
    let (first, second) = (9.0 / 60_000.0, 27.0 / 60_000.0);
    assert_eq!(tail.interval, Some(interval::tail_mean(59_997.0, first, second, 3.0 / 60_000.0, 60_000)));
}

#[test]
fn an_interval_is_told_by_its_half_or_its_longer_side() {
    let estimate = |interval| Estimate { value: 10.0, interval };
    let found = [Some((7.0, 12.0)), Some((9.0, 14.0)), None].map(estimate);
    assert_eq!(found.map(Estimate::half_width), [Some(2.5), Some(2.5), None]);
    assert_eq!(found.map(Estimate::within), [Some(3.0), Some(4.0), None]);
}

#[test]
fn names_give_the_statistics_that_they_say() {
    let found = summary(&(0..100).collect::<Vec<_>>());
    let value = |statistic| found.statistic(statistic).unwrap().value;
    assert_eq!((value(Statistic::P05), value(Statistic::Tvar05)), (4.0, 2.0));
    assert_eq!((value(Statistic::P95), value(Statistic::Tvar95)), (94.0, 97.0));
    assert_eq!((value(Statistic::Mean), value(Statistic::ProbZero)), (49.5, 0.01));
}

#[test]
fn a_bucket_stands_at_its_mean() {
    let cell = Cell { smallest: 10, largest: 14, count: 4, sum: 46 };
    assert_eq!((cell.mean_from(2), cell.mean_from(20)), (9.5, -8.5));
    assert_eq!(Cell::of(10, 4).mean_from(2), 8.0);
    assert!(Cell::of(10, 4).is_exact() && !cell.is_exact());
}

/// Amounts with more distinct values than an exact tally holds, about a large level, on a lattice for comparison.
fn many(level: i64, spread: i64) -> Vec<i64> {
    let mut words = Words(level as u64);
    let draw = |words: &mut Words| {
        let triangular = words.uniform() + words.uniform();
        level + (triangular * spread as f64) as i64 / 100 * 100
    };
    // A cap at 1.7 spreads holds 4.5 % of the trials.
    (0..200_000).map(|_| draw(&mut words).min(level + spread / 100 * 170)).collect()
}

#[test]
fn buckets_keep_every_statistic_within_a_bucket() {
    for (lowest, spread) in [(0, 50_000_000), (10_000_000_000, 50_000_000), (-30_000_000, 50_000_000)] {
        let amounts = many(lowest, spread);
        let shape = Shape::Lattice { lowest, step: 100, bins: 1_000_001 };
        let exact = Summary::new(&tally(shape, &amounts)).unwrap();
        let general = tally(Shape::General, &amounts);
        assert!(general.buckets_used());
        let found = Summary::new(&general).unwrap();
        for statistic in [Statistic::Mean, Statistic::Min, Statistic::Max] {
            assert_eq!(found.statistic(statistic).unwrap().value, exact.statistic(statistic).unwrap().value);
        }
        // Also where a bucket (4 million øre at 100 million kroner) is a tenth of the spread.
        let sds = [&found, &exact].map(|summary| summary.standard_deviation().unwrap().value);
        assert!((sds[0] / sds[1] - 1.0).abs() < 1e-12, "{sds:?}");
        for statistic in Statistic::ALL {
            let (Some(found), Some(exact)) = (found.statistic(statistic), exact.statistic(statistic)) else {
                continue;
            };
            if statistic.unit() == UnitKind::Money {
                let width = general.resolution(exact.value as i64) as f64;
                assert!(
                    (found.value - exact.value).abs() < width.max(2.0),
                    "{statistic} {found:?} {exact:?}"
                );
                assert!(width <= (exact.value.abs() * RELATIVE_WIDTH).max(1.0));
            }
            if matches!(statistic, Statistic::P01 | Statistic::P90) {
                assert!(found.value >= exact.value);
                assert!(amounts.contains(&(found.value as i64)));
            }
        }
        assert_eq!(found.probability_at(lowest - 1).unwrap().value, 0.0);
        for percent in [10, 40, 60] {
            let threshold = lowest + spread / 100 * percent;
            let (found_share, exact_share) =
                (found.exceedance(threshold).value, exact.exceedance(threshold).value);
            let room = general.resolution(threshold) as f64 / spread as f64;
            assert!((found_share - exact_share).abs() <= 0.2 * room + 1e-9, "{found_share} {exact_share}");
            let (found_excess, exact_excess) =
                (found.mean_excess(threshold).value, exact.mean_excess(threshold).value);
            assert!((found_excess - exact_excess).abs() <= 0.2 * room * spread as f64 * room + 1.0);
        }
    }
}

#[test]
fn an_atom_at_the_edge_of_the_tail_is_split() {
    // 4 of 100 trials at 1000 and 30 at the cap of 900: the dearest 5 are 4 of 1000 and 1 of 900.
    let mut amounts = vec![0; 66];
    amounts.extend([900; 30]);
    amounts.extend([1000; 4]);
    assert_eq!(summary(&amounts).statistic(Statistic::Tvar95).unwrap().value, 980.0);
    // 5 % of 110 trials is five and a half.
    amounts.extend([0; 10]);
    let expected = (4.0 * 1000.0 + 1.5 * 900.0) / 5.5;
    assert!(close(summary(&amounts).statistic(Statistic::Tvar95).unwrap().value, expected, 1e-15));
    assert_eq!(summary(&amounts).statistic(Statistic::Tvar05).unwrap().value, 0.0);
    assert_eq!(summary(&[3, 7]).statistic(Statistic::Tvar95).unwrap().value, 7.0);
}

#[test]
fn means_are_exact_where_floats_are_not() {
    // A sum of 2^40 times 2^53 - 1 has 93 bits.
    let mut huge = tally(Shape::General, &[MAX_AMOUNT - 1]);
    for _ in 0..39 {
        huge.merge(&huge.clone()).unwrap();
    }
    huge.merge(&tally(Shape::General, &[MAX_AMOUNT - 3])).unwrap();
    let found = Summary::new(&huge).unwrap();
    assert_eq!(found.mean().value, (MAX_AMOUNT - 1) as f64);
    assert!(found.standard_deviation().unwrap().value > 0.0);
}

#[test]
fn a_constant_of_the_plan_has_no_interval() {
    let constant = Summary::constant(70_000, 5).unwrap();
    for statistic in Statistic::ALL {
        let Some(found) = constant.statistic(statistic) else {
            assert!(matches!(statistic, Statistic::ProbCut | Statistic::ContractMax));
            continue;
        };
        let expected = match statistic {
            Statistic::Sd | Statistic::ProbZero => 0.0,
            _ => 70_000.0,
        };
        assert_eq!(found, Estimate { value: expected, interval: None }, "{statistic}");
    }
    assert_eq!(constant.mean_excess(60_000), Estimate { value: 10_000.0, interval: None });
    assert_eq!(Summary::constant(0, 0).err(), Some(SummaryError::NoTrials));
    assert!(Summary::constant(i64::MIN, 1).is_err() && Summary::constant(0, u64::MAX).is_err());
    assert!(Summary::constant(0, MAX_TRIALS).is_ok() && Summary::constant(0, MAX_TRIALS + 1).is_err());
    assert_eq!(Summary::new(&Tally::new(Shape::General).unwrap()).err(), Some(SummaryError::NoTrials));
}

#[test]
fn a_rare_event_that_never_came_is_not_impossible() {
    let found = summary(&[5; 1000]);
    let (low, high) = found.exceedance(5).interval.unwrap();
    assert!(low == 0.0 && high > 0.003 && high < 0.004);
    assert_eq!(found.mean_excess(5), Estimate { value: 0.0, interval: None });
    // On an atom a quantile's interval has no width.
    assert_eq!(found.statistic(Statistic::P90).unwrap().interval, Some((5.0, 5.0)));
}

#[test]
fn statistics_of_a_normal_series_are_those_of_the_textbook() {
    let normal = Normal::new(5e8, 1e8).unwrap();
    let n = 40_001;
    let amounts: Vec<i64> =
        (0..n).map(|i| normal.inverse_cdf((f64::from(i) + 0.5) / f64::from(n)) as i64).collect();
    let found = summary(&amounts);
    assert!(close(found.mean().value, 5e8, 1e-8));
    assert!(close(found.standard_deviation().unwrap().value, 1e8, 1e-3));
    let p90 = found.statistic(Statistic::P90).unwrap();
    assert!(close(p90.value, 5e8 + 1.281_551_57e8, 1e-4));
    // The density at the 90 % quantile is φ(1.2816)/sd, so its error is 0.3/0.17550 sd/√n.
    let (low, high) = p90.interval.unwrap();
    let half = Z * 0.3 / 0.175_498_3 * 1e8 / f64::from(n).sqrt();
    assert!(close((high - low) / 2.0, half, 0.05));
    // φ(1.6449)/0.05 deviations above the mean.
    assert!(close(found.statistic(Statistic::Tvar95).unwrap().value, 5e8 + 2.062_713e8, 1e-4));
}

/// A limit with a third of the trials on it, above amounts that lie so close that they fill buckets.
#[test]
fn an_atom_at_the_end_of_a_bucket_stays_there() {
    let mut words = Words(5);
    let cap = 100_000_000;
    let draw = |words: &mut Words| ((words.uniform() * 1.5 * cap as f64) as i64).min(cap);
    let amounts: Vec<i64> = (0..300_000).map(|_| draw(&mut words)).collect();
    let counted = tally(Shape::General, &amounts);
    assert!(counted.buckets_used());
    let found = Summary::new(&counted).unwrap();
    for below in [1, 100, 5_000, 20_000, 40_000] {
        let threshold = cap - below;
        let share = amounts.iter().filter(|&&x| x > threshold).count() as f64 / amounts.len() as f64;
        let excess =
            amounts.iter().map(|&x| (x - threshold).max(0) as f64).sum::<f64>() / amounts.len() as f64;
        // The even part of the bucket is known to within a few of its trials.
        assert!((found.exceedance(threshold).value - share).abs() < 5e-5, "{below} below the limit");
        assert!(close(found.mean_excess(threshold).value, excess, 1e-3), "{below} below the limit");
    }
}
