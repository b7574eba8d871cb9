//! What the program is built of: licences and source of every dependency, as deny.toml allows, and how many there are.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::process::Command;

use serde_json::Value;
use spdx::{Expression, ParseMode};
use toml::Table;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// What cargo says of every package, on any platform.
fn metadata() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs the tests");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn allowed_licences() -> BTreeSet<String> {
    let deny: Table = fs::read_to_string("deny.toml").unwrap().parse().unwrap();
    let list = deny["licenses"]["allow"].as_array().unwrap();
    list.iter().map(|id| id.as_str().unwrap().to_owned()).collect()
}

/// Whether a licence expression can be met with the licences that are allowed.
fn is_met(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX).expect("a licence expression");
    parsed.evaluate(|required| {
        let id = required.license.id().map(|id| id.name);
        required.addition.is_none() && id.is_some_and(|id| allowed.contains(id))
    })
}

/// Packages by name and version that the program, or its tests too, are built of here.
fn built_of(kinds: &str) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(cargo)
        .args(["tree", "--locked", "--offline", "--prefix", "none", "--no-dedupe", "--edges", kinds])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs the tests");
    let listed = String::from_utf8(output.stdout).unwrap();
    let words = |line: &str| line.split_whitespace().take(2).collect::<Vec<_>>().join(" ");
    listed.lines().filter(|line| !line.starts_with("udfald ")).map(words).collect()
}

#[test]
fn every_dependency_has_a_licence_that_is_allowed_and_comes_from_crates_io() {
    let (metadata, allowed) = (metadata(), allowed_licences());
    let mut used = BTreeSet::new();
    for package in metadata["packages"].as_array().unwrap() {
        let (name, licence) = (text(package, "name"), text(package, "license"));
        if name != "udfald" {
            assert_eq!(text(package, "source"), CRATES_IO, "{name}");
        }
        assert!(is_met(licence, &allowed), "{name}: {licence}");
        used.extend(allowed.iter().filter(|id| licence.contains(id.as_str())).cloned());
    }
    // Nothing is allowed that no one needs.
    assert_eq!(used, allowed);
}

#[test]
fn an_expression_is_read_as_it_is_meant() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "BSD-3-Clause".to_owned()]);
    for (expression, met) in [
        ("MIT OR GPL-3.0-only", true),
        ("MIT/Apache-2.0", true),
        ("(MIT OR Apache-2.0) AND BSD-3-Clause", true),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", false),
        ("GPL-3.0-or-later", false),
        ("MIT AND LGPL-2.1-or-later", false),
    ] {
        assert_eq!(is_met(expression, &allowed), met, "{expression}");
    }
}

/// The page that says what the program is built of says how many: a dependency more is a line there.
#[test]
fn the_page_says_how_many_there_are() {
    let manifest: Table = fs::read_to_string("Cargo.toml").unwrap().parse().unwrap();
    let direct = manifest["dependencies"].as_table().unwrap().len();
    let [program, tests] = ["normal,build", "normal,build,dev"].map(|kinds| built_of(kinds).len());
    let page = fs::read_to_string("docs/trust.md").unwrap();
    if cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        for said in [
            format!("| named in `Cargo.toml` | {direct} |"),
            format!("| built for the program | {program} |"),
            format!("| built for the tests as well | {tests} |"),
        ] {
            assert!(page.contains(&said), "docs/trust.md does not say: {said}");
        }
    }
}

/// Two versions of one crate in the program are named on the page.
#[test]
fn what_is_there_twice_is_named() {
    let mut versions: BTreeMap<String, usize> = BTreeMap::new();
    for package in built_of("normal,build") {
        *versions.entry(package.split(' ').next().unwrap().to_owned()).or_default() += 1;
    }
    let page = fs::read_to_string("docs/trust.md").unwrap();
    for (name, _) in versions.iter().filter(|(_, count)| **count > 1) {
        assert!(page.contains(&format!("`{name}`")), "docs/trust.md does not name {name}");
    }
}
