//! Readers that go away, full disks, and Ctrl-C.

#![cfg(unix)]

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{SMALL, text};

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_udfald"))
}

#[test]
fn a_closed_pipe_is_no_failure() {
    for arguments in [&["run", SMALL, "--trials", "1_000"][..], &["check", SMALL, "--plan"], &["--help"]] {
        let mut child =
            program().args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_a_failure() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let status = program().args(["check", SMALL]).stdout(full).stderr(Stdio::null()).status().unwrap();
    assert_eq!(status.code(), Some(1));
}

#[test]
fn an_interrupted_run_stops_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = program();
    command.args(["run", SMALL, "--trials", "1_000_000_000_000", "--out", text(&out)]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("stopped"));
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}
