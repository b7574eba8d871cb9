//! What this machine needs at least for the work of a stage: loops that do nothing else, by value.
//!
//! docs/performance.md multiplies them by what a trial of G1 and of the portfolio needs of each, and has the product beside
//! what is reached.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use udfald::draw::{Address, Kind, PAGE, Stream};

/// As many pages as the plan of the portfolio has.
const PAGES: usize = 55;

/// Values among which a stage looks something up, different in every lane.
fn places(below: usize, many: usize) -> Vec<u32> {
    let stream = Stream::new(1, &Address::new(Kind::Chance, "floors", 0));
    let mut words = [0; PAGE];
    let pages = (0..many.div_ceil(PAGE) as u64).flat_map(|page| {
        stream.fill(page, &mut words);
        words
    });
    pages.take(many).map(|word| (((word >> 32) * below as u64) >> 32) as u32).collect()
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn add(a: &[i32; PAGE], b: &[i32; PAGE], sum: &mut [i32; PAGE]) {
    for i in 0..PAGE {
        sum[i] = a[i].wrapping_add(b[i]);
    }
}

/// Thirty products and thirty sums: about what proposes a count and says whether it is certain.
#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn sixty(values: &mut [f32; PAGE]) {
    for lanes in values.as_chunks_mut::<64>().0 {
        for step in 0..30u8 {
            let step = f32::from(step);
            lanes.iter_mut().for_each(|x| *x = *x * 0.99 + step);
        }
    }
}

/// A cubic in the cell of a table of 256: a rate from a score.
fn look_up(table: &[[f64; 4]; 256], places: &[u32], out: &mut [f64; PAGE]) {
    for (out, place) in out.iter_mut().zip(places) {
        let [a, b, c, d] = table[*place as usize & 255];
        *out = ((a * 0.3 + b) * 0.3 + c) * 0.3 + d;
    }
}

fn arithmetic(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("floors");
    group.throughput(Throughput::Elements(PAGE as u64));
    group.bench_function("sixty operations", |bencher| {
        let mut values = [1.0; PAGE];
        bencher.iter(|| sixty(black_box(&mut values)));
    });
    group.bench_function("look-up and cubic", |bencher| {
        let (table, places) = ([[0.1, 0.2, 0.3, 0.4]; 256], places(256, PAGE));
        let mut out = [0.0; PAGE];
        bencher.iter(|| look_up(black_box(&table), &places, black_box(&mut out)));
    });
    group.throughput(Throughput::Elements((PAGES * PAGE) as u64));
    group.bench_function("sum of two pages", |bencher| {
        let mut pages = vec![[1; PAGE]; PAGES + 2];
        bencher.iter(|| {
            for at in 0..PAGES {
                let [a, b, sum] = pages[at..].first_chunk_mut().expect("two pages more");
                add(a, b, sum);
            }
            black_box(&mut pages);
        });
    });
    group.finish();
}

fn counting(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("floors");
    let many = 1 << 16;
    group.throughput(Throughput::Elements(many as u64));
    group.bench_function("count in 4,096 counters", |bencher| {
        let (mut counters, places) = (vec![0u16; 4096], places(4096, many));
        bencher.iter(|| {
            places
                .iter()
                .for_each(|place| counters[*place as usize] = counters[*place as usize].wrapping_add(1));
            black_box(&mut counters);
        });
    });
    group.bench_function("count and add in 32,768 buckets", |bencher| {
        let (mut buckets, places) = (vec![[0u64; 2]; 1 << 15], places(1 << 15, many));
        bencher.iter(|| {
            for place in &places {
                let bucket = &mut buckets[*place as usize & ((1 << 15) - 1)];
                bucket[0] += u64::from(*place);
                bucket[1] = bucket[1].max(u64::from(*place));
            }
            black_box(&mut buckets);
        });
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1)).sample_size(20);
    targets = arithmetic, counting
}
criterion_main!(benches);
