//! Parts merge to the bytes of the single run, or are refused.

use std::fs;
use std::path::{Path, PathBuf};

use super::{SMALL, files, stderr, stdout, text, udfald};

/// The parts of a run, the last first.
fn parts(place: &Path, of: usize, more: &[&str]) -> Vec<PathBuf> {
    let run = |index: usize| {
        let path = place.join(format!("parts/{index}-of-{of}.json"));
        let shard = format!("{index}/{of}");
        let mut command =
            udfald(["run", SMALL, "--trials", "5_000", "--shard", &shard, "--part", text(&path)]);
        let assert = command.args(more).assert().code(0).stdout("");
        assert!(stderr(&assert).contains(&format!("part {index} of {of}")));
        path
    };
    (1..=of).rev().map(run).collect()
}

#[test]
fn parts_in_any_order_give_the_bytes_of_the_single_run() {
    let place = tempfile::tempdir().unwrap();
    let whole = place.path().join("whole");
    let run = udfald(["run", SMALL, "--trials", "5_000", "--out", text(&whole)]).assert().code(0);
    for of in [1, 3, 64] {
        let out = place.path().join(format!("merged-{of}"));
        let parts = parts(place.path(), of, &[]);
        let merge = udfald(["merge", "--out", text(&out)]).args(&parts).assert().code(0);
        assert_eq!(files(&out), files(&whole), "{of} parts");
        assert_eq!(stdout(&merge), stdout(&run));
    }
}

fn refused(place: &Path, parts: &[&Path]) -> String {
    let out = place.join("out");
    let assert = udfald(["merge", "--out", text(&out)]).args(parts).assert().code(2).stdout("");
    assert!(!out.exists());
    stderr(&assert)
}

#[test]
fn parts_that_do_not_fit_are_refused_and_nothing_is_written() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let good = parts(place, 3, &[]);
    let [third, second, first] = [&*good[0], &*good[1], &*good[2]];
    assert!(refused(place, &[first, third]).contains("part 2 of 3 is missing"));
    assert!(refused(place, &[first, second, second]).contains("both part 2 of 3"));
    let other = place.join("other.json");
    let arguments = ["--trials", "5_000", "--shard", "3/3", "--part", text(&other), "--seed", "2"];
    udfald(["run", SMALL]).args(arguments).assert().code(0);
    assert!(refused(place, &[first, second, &other]).contains("the seed differs"));
    let broken = place.join("broken.json");
    let bytes = fs::read(third).unwrap();
    fs::write(&broken, &bytes[..bytes.len() / 2]).unwrap();
    assert!(refused(place, &[first, second, &broken]).contains("broken.json"));
    let aged = fs::read_to_string(third).unwrap().replace(env!("CARGO_PKG_VERSION"), "0.0.1");
    fs::write(&broken, aged).unwrap();
    assert!(refused(place, &[first, second, &broken]).contains("0.0.1"));
    assert!(refused(place, &[first, second, &place.join("none.json")]).contains("none.json"));
}

#[test]
fn a_part_is_written_again_with_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    let first = fs::read(&parts(place.path(), 2, &["--threads", "1"])[0]).unwrap();
    assert_eq!(fs::read(&parts(place.path(), 2, &["--threads", "3"])[0]).unwrap(), first);
}
