//! Time to write the CSV files of a results folder, by value.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use udfald::engine::model::Model;
use udfald::engine::run::Settings;
use udfald::report::exposure::exposure;
use udfald::report::figures::Figures;
use udfald::report::limits::limits;
use udfald::report::profile::Profile;
use udfald::report::summary::summary;
use udfald::report::terminal::terminal;
use udfald::report::text::Language;

/// Rows of a CSV file below its header.
fn rows(file: &[u8]) -> u64 {
    file.split(|byte| *byte == b'\n').count() as u64 - 2
}

fn writing(criterion: &mut Criterion) {
    let model = Model::load("tests/fixtures/small.toml").expect("the fixture is a scenario");
    let results = model.run(Settings { trials: 100_000, ..Settings::default() }).expect("it runs");
    let mut group = criterion.benchmark_group("writing");
    group.throughput(Throughput::Elements(results.tallies().len() as u64));
    group.bench_function("figures, by series", |bencher| bencher.iter(|| Figures::new(black_box(&results))));
    let figures = Figures::new(&results).expect("every series has trials");
    for profile in Profile::ALL {
        let name = profile.name();
        let mut file = Vec::new();
        summary(&figures, profile, &mut file).expect("it is written");
        group.throughput(Throughput::Elements(rows(&file)));
        group.bench_function(format!("summary.csv {name}, by figure"), |bencher| {
            bencher.iter(|| {
                file.clear();
                summary(black_box(&figures), profile, &mut file)
            });
        });
    }
    let file = exposure(&figures, Profile::Plain).expect("it is written");
    group.throughput(Throughput::Elements(11 * rows(&file)));
    group.bench_function("exposure.csv, by figure", |bencher| {
        bencher.iter(|| exposure(black_box(&figures), Profile::Plain));
    });
    let file = limits(&figures, Profile::Plain).expect("it is written");
    group.throughput(Throughput::Elements(rows(&file)));
    group.bench_function("limits.csv, by figure", |bencher| {
        bencher.iter(|| limits(black_box(&figures), Profile::Plain));
    });
    group.throughput(Throughput::Elements(1));
    group.bench_function("terminal table", |bencher| {
        bencher.iter(|| terminal(black_box(&figures), &[], Language::En));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().warm_up_time(std::time::Duration::from_millis(300)).measurement_time(std::time::Duration::from_secs(1)).sample_size(20);
    targets = writing
}
criterion_main!(benches);
