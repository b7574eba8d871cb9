//! Whole files: the shipped kinds load, and every kind of bad file is refused with line, term and fix.

use std::path::Path;

use super::*;

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

fn loaded(name: &str) -> Scenario {
    let (scenario, warnings) =
        load_with_warnings(&fixture(name)).unwrap_or_else(|errors| panic!("\n{errors}"));
    assert!(warnings.is_empty(), "\n{warnings}");
    scenario
}

#[test]
fn the_files_of_both_contracts_load() {
    for name in
        ["social-referrals.toml", "youth.toml", "g1-quarterly-cap.toml", "norddjurs.toml", "variant.toml"]
    {
        let scenario = loaded(name);
        println!("{scenario:#?}");
    }
}
