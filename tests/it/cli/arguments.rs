//! Exit status 2 for whatever is wrong on the command line or with the scenario, and a message that helps.

use std::fs;

use super::{SMALL, stderr, stdout, udfald};

#[test]
fn help_and_version_are_results() {
    assert!(stdout(&udfald(["--help"]).assert().code(0)).contains("verify"));
    assert!(stdout(&udfald(["--version"]).assert().code(0)).starts_with("udfald "));
    assert!(stdout(&udfald(["run", "--help"]).assert().code(0)).contains("--trials"));
}

#[test]
fn what_does_not_exist_is_refused() {
    udfald([]).assert().code(2);
    udfald(["explode"]).assert().code(2);
    udfald(["run"]).assert().code(2);
    udfald(["run", SMALL, "--frobnicate"]).assert().code(2);
    udfald(["run", SMALL, "--accuracy", "1000"]).assert().code(2);
    udfald(["check", SMALL, "--trials", "5"]).assert().code(2);
}

#[test]
fn values_out_of_range_are_refused() {
    let bad = [
        ["--trials", "0"],
        ["--trials", "2_000_000_000_000"],
        ["--trials", "1e6"],
        ["--seed", "-1"],
        ["--threads", "0"],
        ["--lang", "no"],
        ["--csv", "tsv"],
        ["--sampler", "expected"],
    ];
    for [option, value] in bad {
        udfald(["run", SMALL, option, value]).assert().code(2).stdout("");
    }
}

#[test]
fn a_part_needs_both_its_number_and_its_file() {
    for arguments in [&["--shard", "1/2"][..], &["--part", "p.json"], &["--shard", "3/2", "--part", "p.json"]]
    {
        udfald(["run", SMALL]).args(arguments).assert().code(2);
    }
}

#[test]
fn a_missing_scenario_is_named_with_one_that_resembles_it() {
    let assert = udfald(["run", "tests/fixtures/smal.toml"]).assert().code(2).stdout("");
    let message = stderr(&assert);
    assert!(message.contains("tests/fixtures/smal.toml"), "{message}");
    assert!(message.starts_with("error"), "{message}");
}

#[test]
fn a_wrong_scenario_shows_its_line_and_writes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("wrong.toml");
    fs::write(&path, fs::read_to_string(SMALL).unwrap().replace("price   = 21_000", "prize   = 21_000"))
        .unwrap();
    let out = place.path().join("out");
    for command in ["run", "check"] {
        let mut command = udfald([command, path.to_str().unwrap()]);
        let assert = command.assert().code(2).stdout("");
        let message = stderr(&assert);
        assert!(message.contains("wrong.toml:33") && message.contains("price"), "{message}");
    }
    udfald(["run", path.to_str().unwrap(), "--out", out.to_str().unwrap()]).assert().code(2);
    assert!(!out.exists());
}
