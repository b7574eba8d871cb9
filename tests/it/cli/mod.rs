//! The program as its users see it, in one binary: a module for each promise.

mod arguments;
mod check;
mod compare;
mod correlations;
mod diff;
mod exactly;
mod explain;
mod files;
mod lint;
mod merge;
mod new;
mod paths;
mod precision;
mod programs;
mod report;
mod resume;
mod samplers;
mod schema;
mod sensitivity;
mod signals;
mod size;
mod sources;
mod sweep;
mod table;
mod trials;
mod verify;
mod workbook;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;

/// A small contract with two payers, a limit, a fund, a donation, appropriations and two cases.
const SMALL: &str = "tests/fixtures/small.toml";

/// The program with arguments.
fn udfald<const N: usize>(arguments: [&str; N]) -> Command {
    let mut command = Command::cargo_bin("udfald").expect("the program is built");
    command.args(arguments);
    command
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).expect("results are UTF-8")
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).expect("messages are UTF-8")
}

/// All files below a folder, by their names below it.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let (path, name) = (entry.path(), PathBuf::from(entry.file_name()));
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (name.join(below), bytes)));
        } else {
            found.insert(name, fs::read(&path).expect("a file"));
        }
    }
    found
}

/// A results folder of the small contract, below a temporary folder.
fn results(place: &Path, more: &[&str]) -> PathBuf {
    let out = place.join("results");
    udfald(["run", SMALL, "--trials", "5_000", "--out", text(&out)]).args(more).assert().code(0);
    out
}
