//! Cost of random words, normal scores, probabilities and counts, each a value, with `rand_distr` beside them.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::Rng;
use rand_distr::{Binomial, Distribution, StandardNormal};
use udfald::draw::binomial::invert_block;
use udfald::draw::normal::{fill_probabilities, fill_scores};
use udfald::draw::{Address, Kind, PAGE, Stream};

fn stream(lane: u64) -> Stream {
    Stream::new(1, &Address::new(Kind::Chance, "bench", lane))
}

fn words() -> [u64; PAGE] {
    let mut words = [0; PAGE];
    stream(0).fill(0, &mut words);
    words
}

fn uniforms_and_normals(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("continuous");
    group.throughput(Throughput::Elements(PAGE as u64));
    let (stream, words) = (stream(0), words());
    let (mut out, mut scores, mut back) = (words, [0.0; PAGE], [0.0; PAGE]);
    let mut page = 0;
    group.bench_function("words", |bencher| {
        bencher.iter(|| {
            page += 1;
            stream.fill(page, &mut out);
            black_box(&out);
        });
    });
    group.bench_function("scores", |bencher| {
        bencher.iter(|| {
            fill_scores(black_box(&words), &mut scores);
            black_box(&scores);
        });
    });
    group.bench_function("probabilities", |bencher| {
        bencher.iter(|| {
            fill_probabilities(black_box(&scores), &mut back);
            black_box(&back);
        });
    });
    group.bench_function("rand_distr normal", |bencher| {
        let mut rng = Xorshift(1);
        bencher.iter(|| {
            scores.fill_with(|| StandardNormal.sample(&mut rng));
            black_box(&scores);
        });
    });
    group.finish();
}

/// Counts with another rate in every trial, uniform within a tenth of `p` either way; words included.
fn counts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("binomial");
    group.throughput(Throughput::Elements(PAGE as u64));
    for (n, p) in [(60, 0.4), (95, 0.8), (300, 0.5), (1000, 0.3), (12, 0.05), (5000, 0.5), (200_000, 0.5)] {
        let trials = [n; PAGE];
        let rates = words().map(|word| p * (0.9 + 0.2 * udfald::draw::unit(word)));
        let (stream, mut draw, mut out) = (stream(1), [0; PAGE], [0; PAGE]);
        let mut page = 0;
        group.bench_function(format!("inversion n={n} p={p}"), |bencher| {
            bencher.iter(|| {
                page += 1;
                stream.fill(page, &mut draw);
                invert_block(&draw, black_box(&trials), black_box(&rates), &mut out);
                black_box(&out);
            });
        });
        group.bench_function(format!("rand_distr n={n} p={p}"), |bencher| {
            let mut rng = Xorshift(1);
            bencher.iter(|| {
                for (out, rate) in out.iter_mut().zip(black_box(&rates)) {
                    *out = Binomial::new(n as u64, *rate).map_or(0, |law| law.sample(&mut rng) as i64);
                }
                black_box(&out);
            });
        });
    }
    group.finish();
}

/// A cheap generator (Marsaglia's xorshift64*), so that the rival is not charged for its words.
struct Xorshift(u64);

impl rand::TryRng for Xorshift {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok((self.next_u64() >> 32) as u32)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        Ok(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    fn try_fill_bytes(&mut self, dst: &mut [u8]) -> Result<(), Self::Error> {
        rand::rand_core::utils::fill_bytes_via_next_word(dst, || self.try_next_u64())
    }
}

criterion_group!(benches, uniforms_and_normals, counts);
criterion_main!(benches);
