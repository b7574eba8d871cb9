//! Sweeps: the table in both languages, the file, Ctrl-C, and what is refused.

use std::fs;

use super::{SMALL, files, stderr, stdout, text, udfald};

const PORTFOLIO: &str = "scenarios/norddjurs.toml";
const CAP: &str = "social-referrals.limit.norddjurs.at_most=800_000,1_000_000,1_200_000";

fn sweep(arguments: &[&str]) -> String {
    stdout(&udfald(["sweep", "--trials", "4_000"]).args(arguments).assert().code(0))
}

#[test]
fn the_table_in_both_languages() {
    insta::assert_snapshot!(sweep(&[PORTFOLIO, "--set", CAP]));
    insta::assert_snapshot!(sweep(&[PORTFOLIO, "--set", CAP, "--lang", "da"]));
}

#[test]
fn two_parameters_and_a_contract_with_a_plain_cap() {
    insta::assert_snapshot!(sweep(&[
        "scenarios/gallery/g1-quarterly-cap.toml",
        "--set",
        "limit.lifetime.at_most=1_200_000,1_300_000",
        "--set",
        "limit.quarter.at_most=140_000,150_000",
    ]));
}

#[test]
fn threads_and_language_change_no_byte() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let written = |more: &[&str]| {
        sweep(&[&[PORTFOLIO, "--set", CAP, "--out", text(&out)], more].concat());
        files(&out)
    };
    let one = written(&["--threads", "1"]);
    let names: Vec<_> = one.keys().map(|name| text(name)).collect();
    assert_eq!(
        names,
        [
            "passport.json",
            "scenario/norddjurs.toml",
            "scenario/social-referrals.toml",
            "scenario/youth.toml",
            "sweep.csv",
        ]
    );
    assert_eq!(written(&["--threads", "3", "--lang", "da"]), one);
    assert_ne!(written(&["--seed", "2"]), one);
    let csv = fs::read_to_string(out.join("sweep.csv")).unwrap();
    let header = "social-referrals.limit.norddjurs.at_most,investment,party,flow,year,statistic,value,ci_low,ci_high,unit";
    assert_eq!(csv.lines().next(), Some(header));
    assert!(csv.contains("\n800_000,all,norddjurs,payment,total,price_of_cap,"), "{csv}");
}

#[test]
fn what_does_not_fit_is_refused_with_help() {
    let refused = |arguments: &[&str]| {
        stderr(&udfald(["sweep", PORTFOLIO]).args(arguments).assert().code(2).stdout(""))
    };
    refused(&[]);
    assert!(refused(&["--set", "limit"]).contains("write PATH=V1,V2"));
    assert!(
        refused(&["--set", "limit.norddjurs.at_most=1"])
            .contains("`social-referrals.limit.norddjurs.at_most`")
    );
    assert!(refused(&["--set", "yuoth.limit.norddjurs.at_most=1"]).contains("did you mean `youth`?"));
    assert!(refused(&["--set", "youth.limit.norddjurs.at_most=1,x"]).contains("--set"));
    let set = "youth.limit.norddjurs.at_most=1";
    assert!(refused(&["--set", set, "--set", set]).contains("set twice"));
    assert!(
        refused(&["--set", set, "--set", "youth.name=a", "--set", "youth.starts=b"]).contains("one or two")
    );
}

#[cfg(unix)]
#[test]
fn an_interrupted_sweep_stops_and_leaves_nothing() {
    use std::process::{Command, Stdio};
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let mut command = Command::new(env!("CARGO_BIN_EXE_udfald"));
    command.args(["sweep", SMALL, "--set", "limit.town.per=contract", "--trials", "1_000_000_000"]);
    command.args(["--out", text(&out)]).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(700));
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}
