//! The gate against slower programs that needs no clock: exact counts of allocations and of operations.
//!
//! Pages of trials allocate nothing in themselves: G1 says so, which has a few blocks more for lists of the pairs of amounts
//! that occurred. Amounts without a lattice do as more of them come, in steps that the portfolio shows. A change of the
//! snapshot is not wrong in itself. It says that loading, compiling or running now takes more or less than it did, and
//! accepting the snapshot accepts that. One test in a binary of its own, since the allocator counts for the whole process.

use std::fmt::Write;

use udfald::engine::block::Chance;
use udfald::engine::model::Model;
use udfald::engine::run::{Settings, Unwatched};
use udfald::scenario::load_from_memory;

#[global_allocator]
static ALLOCATOR: dhat::Alloc = dhat::Alloc;

/// The files of each scenario, the first one including the others. They are read beforehand: a path takes more memory the
/// deeper the folder lies.
const SCENARIOS: [&[&str]; 2] =
    [&["gallery/g1-quarterly-cap.toml"], &["norddjurs.toml", "social-referrals.toml", "youth.toml"]];

const PAGE: u64 = 512;

/// Blocks of memory that were allocated meanwhile, by all threads.
fn allocations<T>(work: impl FnOnce() -> T) -> (T, u64) {
    let before = dhat::HeapStats::get().total_blocks;
    let made = work();
    (made, dhat::HeapStats::get().total_blocks - before)
}

fn load(files: &[(String, Vec<u8>)]) -> Model {
    let loaded = load_from_memory(files, &files[0].0).and_then(|(scenario, _)| Model::new(scenario));
    loaded.unwrap_or_else(|findings| panic!("{}", findings.render(false)))
}

/// Allocations of a run of so many pages of trials on one thread.
fn of_run(model: &Model, pages: u64) -> u64 {
    let settings = Settings { trials: pages * PAGE, chance: Chance::Inversion, ..Settings::default() };
    allocations(|| model.run_watched(settings, Some(1), &Unwatched).map(drop)).1
}

#[test]
fn what_runs_allocate_and_how_many_operations_they_are() {
    let _profiler = dhat::Profiler::builder().testing().build();
    // Tables are made by all processors: one of them, so that counts are those of every machine.
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no pool before");
    let mut text = String::new();
    for names in SCENARIOS {
        let read = |name: &&str| std::fs::read(format!("scenarios/{name}")).expect("a shipped scenario");
        let files: Vec<_> = names.iter().map(|name| ((*name).to_owned(), read(name))).collect();
        let path = names[0];
        let model = load(&files); // also what only the first of a process allocates
        let loading = allocations(|| drop(load(&files))).1;
        let plan = model.plan().to_string();
        let operations = plan.lines().next().unwrap_or_default();
        of_run(&model, 1);
        let (one, few, many) = (of_run(&model, 1), of_run(&model, 16), of_run(&model, 96));
        writeln!(
            text,
            "{path}\n  plan: {operations}\n  allocations: {loading} to load, {one} to run a page, {few} to run 16, {many} to run 96"
        )
        .expect("text");
    }
    insta::assert_snapshot!(text);
}
