//! Output paths are checked before the first trial, and a folder that holds something else is never replaced.

use std::fs;

use super::{SMALL, files, results, stderr, text, udfald};

/// A run that would take a day: a refusal that comes at once was made before the first trial.
const LONG: [&str; 4] = ["run", SMALL, "--trials", "1_000_000_000_000"];

#[test]
fn a_path_below_a_file_is_refused_before_the_run() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "x").unwrap();
    for path in [file.clone(), file.join("out"), file.join("deep/out")] {
        let assert = udfald(LONG).args(["--out", text(&path)]).assert().code(2).stdout("");
        assert!(stderr(&assert).contains(text(&file)));
    }
    let below = file.join("part.json");
    udfald(LONG).args(["--shard", "1/2", "--part", text(&below)]).assert().code(2);
    udfald(LONG).args(["--shard", "1/2", "--part", text(place.path())]).assert().code(2);
    assert_eq!(files(place.path()).len(), 1);
}

#[test]
fn a_folder_with_something_else_is_never_replaced() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("diary.txt"), "dear diary").unwrap();
    let assert = udfald(LONG).args(["--out", text(place.path())]).assert().code(2).stdout("");
    assert!(stderr(&assert).contains("passport.json"));
    assert_eq!(files(place.path()).len(), 1);
}

#[test]
fn an_empty_folder_and_earlier_results_are_replaced() {
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("results")).unwrap();
    let out = results(place.path(), &[]);
    let first = files(&out);
    fs::write(out.join("stale.csv"), "old").unwrap();
    assert_eq!(files(&results(place.path(), &[])), first);
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is left beside the results");
}

#[test]
fn the_folder_one_works_in_is_replaced_in_place() {
    let place = tempfile::tempdir().unwrap();
    let expected = files(&results(place.path(), &[]));
    let scenario = fs::canonicalize(SMALL).unwrap();
    let here = place.path().join("here");
    fs::create_dir(&here).unwrap();
    for _ in 0..2 {
        let mut command = udfald(["run", text(&scenario), "--trials", "5_000", "--out", "."]);
        command.current_dir(&here).assert().code(0);
        assert_eq!(files(&here), expected);
    }
}

#[test]
fn the_folder_of_the_scenario_is_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    let copy = out.join("scenario/small.toml");
    let before = files(&out);
    udfald(["run", text(&copy), "--out", text(&out)]).assert().code(2);
    assert_eq!(files(&out), before);
}
