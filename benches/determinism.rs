//! What addresses cost: golden case G1 drawn from addressed streams, and from generators that run free.
//!
//! Everything but the source of the words is the same code. One generator is that of the product, with one key and a
//! counter that runs on, as each thread would have it if results might depend on threads. The other is the cheapest one
//! of use, so that the price of a published generator shows too. Drawn and cut is all that a block is here: a whole run
//! does more, so addresses are a smaller part of it.

#![allow(clippy::print_stderr, missing_docs)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use udfald::dist::{Beta, Bounded, Sampler};
use udfald::draw::binomial::Prepared;
use udfald::draw::normal::fill_scores;
use udfald::draw::threefry::{self, BLOCK};
use udfald::draw::{Address, Kind, PAGE, Stream};

const QUARTERS: usize = 12;
const PEOPLE: i64 = 60;
/// Successes that are paid for: in a quarter, and in all.
const MOST: (i32, i32) = (30, 260);

/// Pages in one of two runs that are compared.
const PAGES: usize = 64;
const PAIRS: usize = 400;

/// Where words come from: input 0 is the rate, the others are the quarters.
trait Words {
    fn fill(&mut self, input: usize, out: &mut [u64; PAGE]);
    fn next_page(&mut self) {}
}

/// As in the product: a stream for each input, and the words of a page of trials by its number.
struct Addressed {
    streams: Vec<Stream>,
    page: u64,
}

impl Addressed {
    fn new() -> Self {
        let address = |lane| Address::new(Kind::Chance, "g1-quarterly-cap.success", lane);
        Self { streams: (0..=QUARTERS as u64).map(|lane| Stream::new(1, &address(lane))).collect(), page: 0 }
    }
}

impl Words for Addressed {
    fn fill(&mut self, input: usize, out: &mut [u64; PAGE]) {
        self.streams[input].fill(self.page, out);
    }

    fn next_page(&mut self) {
        self.page += 1;
    }
}

/// The same generator with one key, running on.
struct Free {
    key: [u64; 2],
    counter: u64,
}

impl Words for Free {
    fn fill(&mut self, _: usize, out: &mut [u64; PAGE]) {
        if let ([left, right], _) = out.as_chunks_mut() {
            threefry::fill(self.key, [self.counter, 0], left, right);
        }
        self.counter += BLOCK as u64;
    }
}

/// The splitmix64 sequence, running on.
struct Cheapest(u64);

impl Words for Cheapest {
    fn fill(&mut self, _: usize, out: &mut [u64; PAGE]) {
        splitmix(self.0, out);
        self.0 += PAGE as u64;
    }
}

#[multiversion::multiversion(targets("x86_64+avx512f+avx512bw+avx512dq+avx512vl+bmi2", "x86_64+avx2+bmi2"))]
fn splitmix(first: u64, out: &mut [u64; PAGE]) {
    for (step, out) in out.iter_mut().enumerate() {
        let z = first.wrapping_add(step as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        *out = z ^ (z >> 31);
    }
}

/// The columns of a block of G1.
struct Block {
    rate: Sampler,
    words: [u64; PAGE],
    scores: [f64; PAGE],
    prepared: Prepared,
    counts: [i32; PAGE],
}

impl Block {
    fn new() -> Self {
        let rate = Bounded::new(Beta::new(18.0, 27.0).expect("a law"), None, None).expect("no bounds");
        Self {
            rate: Sampler::from(&rate),
            words: [0; PAGE],
            scores: [0.0; PAGE],
            prepared: Prepared::default(),
            counts: [0; PAGE],
        }
    }

    /// Successes that are paid for, in all trials of a page together.
    fn page(&mut self, words: &mut impl Words) -> i64 {
        words.fill(0, &mut self.words);
        fill_scores(&self.words, &mut self.scores);
        self.prepared.set(|people, rates| {
            *people = [PEOPLE; PAGE];
            self.rate.fill_from_scores(&self.scores, rates);
        });
        let mut paid = [0; PAGE];
        for quarter in 1..=QUARTERS {
            words.fill(quarter, &mut self.words);
            self.prepared.invert(&self.words, &mut self.counts);
            paid.iter_mut().zip(&self.counts).for_each(|(paid, count)| *paid += MOST.0.min(*count));
        }
        words.next_page();
        paid.iter().map(|paid| i64::from(MOST.1.min(*paid))).sum()
    }

    fn timed(&mut self, words: &mut impl Words) -> Duration {
        let start = Instant::now();
        for _ in 0..PAGES {
            black_box(self.page(words));
        }
        start.elapsed()
    }
}

fn free() -> Free {
    Free { key: [1, 2], counter: 0 }
}

fn each(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("G1, a page of trials");
    group.throughput(Throughput::Elements(PAGE as u64));
    let mut block = Block::new();
    let (mut addressed, mut free, mut cheapest) = (Addressed::new(), free(), Cheapest(1));
    group.bench_function("addressed", |bencher| bencher.iter(|| block.page(&mut addressed)));
    group.bench_function("running free", |bencher| bencher.iter(|| block.page(&mut free)));
    group.bench_function("running free, cheapest", |bencher| bencher.iter(|| block.page(&mut cheapest)));
    group.finish();
}

/// Quartiles of the ratio of two runs that follow one another at once, in alternating order.
///
/// A difference of a per cent does not show between two benches that are minutes apart on a machine with other work; it
/// does in the median of many pairs.
fn ratios(mut words: impl Words) -> [f64; 3] {
    let mut block = Block::new();
    let mut addressed = Addressed::new();
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            let (ours, theirs) = if pair % 2 == 0 {
                let ours = block.timed(&mut addressed);
                (ours, block.timed(&mut words))
            } else {
                let theirs = block.timed(&mut words);
                (block.timed(&mut addressed), theirs)
            };
            ours.as_secs_f64() / theirs.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    [1, 2, 3].map(|quarter| ratios[PAIRS * quarter / 4])
}

fn pairs(_: &mut Criterion) {
    let told = |name: &str, [low, median, high]: [f64; 3]| {
        eprintln!(
            "addressed / {name}: {median:.4} ({low:.4} .. {high:.4}, the middle half of {PAIRS} pairs)"
        );
    };
    told("running free", ratios(free()));
    told("running free, cheapest", ratios(Cheapest(1)));
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(2)).sample_size(20);
    targets = each, pairs
}
criterion_main!(benches);
