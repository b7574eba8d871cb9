//! Runs and sweeps that are killed go on and end with the bytes of one that was not.

#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{SMALL, files, stderr, text, udfald};

const PORTFOLIO: &str = "scenarios/norddjurs.toml";

/// Pieces that are kept beside a target, at any depth.
fn pieces(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(pieces(&path));
        } else if path.extension().is_some_and(|ending| ending == "piece") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn unfinished(out: &Path) -> PathBuf {
    let mut name = out.file_name().unwrap().to_owned();
    name.push(".unfinished");
    out.with_file_name(name)
}

fn start(arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_udfald"));
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Starts a command, waits for a number of pieces, and kills it without warning.
fn killed(arguments: &[&str], out: &Path, count: usize) {
    let mut child = start(&[arguments, &["--keep-every", "0.02"]].concat());
    let begun = Instant::now();
    while pieces(&unfinished(out)).len() < count {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it was killed: {arguments:?}");
        assert!(begun.elapsed() < Duration::from_secs(60), "nothing is kept");
        std::thread::sleep(Duration::from_millis(2));
    }
    // SIGKILL.
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!out.exists(), "nothing bears the final name");
}

fn whole(arguments: &[&str], out: &Path) {
    udfald([]).args(arguments).args(["--out", text(out)]).assert().code(0);
    assert!(!unfinished(out).exists(), "a short run keeps nothing");
}

/// Kills a command, goes on, and compares with the files of `expected`.
fn goes_on(arguments: &[&str], place: &Path, expected: &Path, count: usize) {
    let out = place.join("resumed");
    let with_out = [arguments, &["--out", text(&out)]].concat();
    killed(&with_out, &out, count);
    udfald([]).args(&with_out).arg("--resume").assert().code(0);
    assert_eq!(files(&out), files(expected), "{arguments:?}");
    assert!(!unfinished(&out).exists());
    fs::remove_dir_all(&out).unwrap();
}

#[test]
fn a_run_that_is_killed_goes_on_under_every_sampler() {
    let place = tempfile::tempdir().unwrap();
    for sampler in ["plain", "sobol"] {
        let arguments = ["run", SMALL, "--trials", "6_000_000", "--threads", "1", "--sampler", sampler];
        let expected = place.path().join(sampler);
        whole(&arguments, &expected);
        goes_on(&arguments, place.path(), &expected, 3);
    }
}

#[test]
fn a_run_to_a_precision_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let arguments = ["run", SMALL, "--precision", "250", "--threads", "1"];
    let expected = place.path().join("expected");
    whole(&arguments, &expected);
    goes_on(&arguments, place.path(), &expected, 2);
}

#[test]
fn a_sweep_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let set = "social-referrals.limit.norddjurs.at_most=800_000,900_000,1_000_000,1_100_000,1_200_000";
    let arguments = ["sweep", PORTFOLIO, "--set", set, "--trials", "20_000", "--threads", "1"];
    let expected = place.path().join("expected");
    whole(&arguments, &expected);
    goes_on(&arguments, place.path(), &expected, 2);
}

#[test]
fn a_part_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let [expected, part] = ["expected.part", "resumed.part"].map(|name| place.path().join(name));
    let arguments = ["run", SMALL, "--trials", "12_000_000", "--threads", "1", "--shard", "2/2", "--part"];
    udfald(arguments).arg(&expected).assert().code(0);
    let again = [&arguments[..], &[text(&part)]].concat();
    killed(&again, &part, 2);
    udfald([]).args(&again).arg("--resume").assert().code(0);
    assert!(fs::read(&part).unwrap() == fs::read(&expected).unwrap());
}

#[test]
fn what_is_kept_is_refused_for_another_run_and_told_of_when_damaged() {
    let place = tempfile::tempdir().unwrap();
    let [expected, out] = ["expected", "out"].map(|name| place.path().join(name));
    let arguments = ["run", SMALL, "--trials", "6_000_000", "--threads", "1"];
    whole(&arguments, &expected);
    let with_out = [&arguments[..], &["--out", text(&out)]].concat();
    killed(&with_out, &out, 3);
    let refused = |more: &[&str]| {
        let assert = udfald([]).args(&with_out).args(more).assert().code(2).stdout("");
        assert!(!out.exists());
        stderr(&assert)
    };
    assert!(refused(&[]).contains("--resume"), "forgetting it loses nothing");
    assert!(refused(&["--resume", "--seed", "2"]).contains("the seed differs"));
    assert!(refused(&["--resume", "--sampler", "lhs"]).contains("the sampler differs"));
    let kept = pieces(&unfinished(&out));
    // One is cut short, one has a digit changed.
    let bytes = fs::read(&kept[0]).unwrap();
    fs::write(&kept[0], &bytes[..bytes.len() / 2]).unwrap();
    let mut bytes = fs::read(&kept[1]).unwrap();
    let digit = bytes.len() / 2 + bytes[bytes.len() / 2..].iter().position(u8::is_ascii_digit).unwrap();
    bytes[digit] = if bytes[digit] == b'7' { b'8' } else { b'7' };
    fs::write(&kept[1], bytes).unwrap();
    let resumed = udfald([]).args(&with_out).arg("--resume").assert().code(0);
    assert_eq!(stderr(&resumed).matches("run again").count(), 2, "{}", stderr(&resumed));
    assert_eq!(files(&out), files(&expected));
}

#[test]
fn ctrl_c_keeps_what_is_done() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let arguments = [
        "run",
        SMALL,
        "--trials",
        "1_000_000_000_000",
        "--out",
        text(&out),
        "--keep-every",
        "0.05",
        "--force",
    ];
    let mut command = Command::new(env!("CARGO_BIN_EXE_udfald"));
    let child = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while pieces(&unfinished(&out)).is_empty() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("go on with --resume"));
    assert!(!out.exists() && !pieces(&unfinished(&out)).is_empty());
}
