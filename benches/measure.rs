//! Cost of counting a block in each kind of tally (with its memory), of merging, and of reading a summary.

#![allow(clippy::print_stderr, missing_docs)]

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use udfald::measure::{Shape, Statistic, Summary, Tally};

const BLOCK: usize = 512;
const BLOCKS: usize = 256;

/// The splitmix64 sequence.
fn word(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Triangular amounts on `bins` multiples of `step`, with `capped` of 256 trials at the cap.
fn amounts(bins: u64, step: i64, capped: u64) -> Vec<i64> {
    let mut state = 1;
    let draw = |state: &mut u64| {
        let half = bins / 2;
        let smooth = word(state) % half + word(state) % half;
        (if word(state) % 256 < capped { bins - 1 } else { smooth }) as i64 * step
    };
    (0..BLOCK * BLOCKS).map(|_| draw(&mut state)).collect()
}

fn filled(shape: Shape, amounts: &[i64]) -> Tally {
    let mut tally = Tally::new(shape).expect("a good shape");
    amounts.chunks(BLOCK).for_each(|block| tally.record(block));
    tally
}

/// Name, shape and amounts of the series to count.
fn series() -> Vec<(&'static str, Shape, Vec<i64>)> {
    let lattice = |bins: u32| Shape::Lattice { lowest: 0, step: 2500, bins };
    vec![
        ("lattice/400", lattice(400), amounts(400, 2500, 0)),
        ("lattice/400_capped_75", lattice(400), amounts(400, 2500, 192)),
        ("lattice/4000", lattice(4000), amounts(4000, 2500, 0)),
        ("lattice/4000_capped_75", lattice(4000), amounts(4000, 2500, 192)),
        ("lattice/20000", lattice(20_000), amounts(20_000, 2500, 0)),
        ("lattice/20000_capped_75", lattice(20_000), amounts(20_000, 2500, 192)),
        ("exact/400", Shape::General, amounts(400, 2500, 0)),
        ("exact/400_capped_75", Shape::General, amounts(400, 2500, 192)),
        ("exact/40000", Shape::General, amounts(40_000, 2500, 0)),
        ("buckets", Shape::General, amounts(100_000_000, 1, 0)),
        ("buckets_capped_50", Shape::General, amounts(400_000_000, 1, 128)),
    ]
}

fn record(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("record");
    group.throughput(Throughput::Elements((BLOCK * BLOCKS) as u64));
    for (name, shape, amounts) in series() {
        let mut tally = filled(shape, &amounts);
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(&amounts).chunks(BLOCK).for_each(|block| tally.record(block)));
        });
        eprintln!("{name}: {} KiB, buckets: {}", tally.memory() / 1024, tally.buckets_used());
    }
    let cells: Vec<u32> = amounts(4000, 1, 0).iter().map(|&cell| cell as u32).collect();
    let mut tally = Tally::new(Shape::Lattice { lowest: 0, step: 1, bins: 4000 }).expect("a good shape");
    group.bench_function("cells/4000", |bencher| {
        bencher.iter(|| black_box(&cells).chunks(BLOCK).for_each(|block| tally.record_cells(block)));
    });
}

fn merge(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("merge");
    for (name, shape, amounts) in series().into_iter().filter(|(name, ..)| !name.contains("capped")) {
        let other = filled(shape, &amounts);
        group.bench_function(name, |bencher| {
            let merge = |tally: &mut Tally| tally.merge(black_box(&other)).expect("the same shape");
            bencher.iter_batched_ref(|| other.clone(), merge, BatchSize::LargeInput);
        });
    }
}

fn summary(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("summary");
    for (name, shape, amounts) in series().into_iter().filter(|(name, ..)| !name.contains("capped")) {
        let tally = filled(shape, &amounts);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let summary = Summary::new(black_box(&tally)).expect("trials");
                Statistic::ALL.map(|statistic| summary.statistic(statistic))
            });
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1)).sample_size(20);
    targets = record, merge, summary
}
criterion_main!(benches);
