//! The stages of a run: loading and compiling, blocks of trials of each shipped contract, a whole run, a merge.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use udfald::engine::block::Chance;
use udfald::engine::model::Model;
use udfald::engine::part::{Merging, Part};
use udfald::engine::run::{Settings, Shard, Unwatched};

const SCENARIOS: [(&str, &str); 5] = [
    ("referrals", "scenarios/social-referrals.toml"),
    ("youth", "scenarios/youth.toml"),
    ("portfolio", "scenarios/norddjurs.toml"),
    ("g1", "scenarios/gallery/g1-quarterly-cap.toml"),
    ("4,000 single persons", "scenarios/gallery/nottingham-person-cap.toml"),
];

/// Trials of a bench of blocks: enough pages that starting a thread costs nothing beside them.
const BLOCKS: u64 = 128 * 512;

fn load(path: &str) -> Model {
    Model::load(path).unwrap_or_else(|findings| panic!("{}", findings.render(false)))
}

fn settings(trials: u64, chance: Chance) -> Settings {
    Settings { trials, chance, ..Settings::default() }
}

fn compile(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load and compile");
    for (name, path) in SCENARIOS {
        group.bench_function(name, |bencher| bencher.iter(|| load(black_box(path))));
    }
    group.finish();
}

fn blocks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("blocks, one thread");
    for (name, path) in SCENARIOS {
        let model = load(path);
        // Single persons cost thousands of times as much as counts: fewer pages are enough.
        let trials = if model.plan().to_string().contains("who: ") { 2 * 512 } else { BLOCKS };
        group.sample_size(10).throughput(Throughput::Elements(trials));
        for chance in [Chance::Inversion, Chance::Reference] {
            group.bench_function(BenchmarkId::new(name, chance.name()), |bencher| {
                bencher.iter(|| model.run_watched(settings(trials, chance), Some(1), &Unwatched).map(drop));
            });
        }
    }
    group.finish();
}

fn whole_run(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole run, all cores");
    group.sample_size(10).throughput(Throughput::Elements(1_000_000));
    let model = load("scenarios/norddjurs.toml");
    group.bench_function("portfolio, 1 million trials", |bencher| {
        bencher.iter(|| model.run(settings(1_000_000, Chance::Inversion)).map(drop));
    });
    group.finish();
}

fn merge(criterion: &mut Criterion) {
    let model = load("scenarios/norddjurs.toml");
    let settings = settings(100_000, Chance::Inversion);
    let parts: Vec<_> = (1..=4)
        .map(|index| {
            let shard = Shard::new(index, 4).expect("four parts");
            let part = Part::run(&model, settings, shard, None, &Unwatched).expect("a part runs");
            part.to_bytes().expect("a part is written")
        })
        .collect();
    criterion.bench_function("merge of 4 parts", |bencher| {
        bencher.iter(|| {
            let mut read = parts.iter().map(|bytes| Part::from_bytes("part", bytes).expect("a part"));
            let first = read.next().expect("four parts");
            let mut merging = Merging::new(&model, "part", &first).expect("counts of the plan");
            std::iter::once(first).chain(read).for_each(|part| merging.add("part", part).expect("it fits"));
            merging.finish()
        });
    });
}

criterion_group!(benches, compile, blocks, whole_run, merge);
criterion_main!(benches);
