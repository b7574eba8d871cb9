//! `verify` finds every byte that is not what the run wrote, and says which figure.

use std::fs;
use std::path::Path;

use super::{SMALL, results, stderr, stdout, text, udfald};

/// Changes a file of a results folder.
fn change(folder: &Path, name: &str, from: &str, to: &str) {
    let path = folder.join(name);
    let before = fs::read_to_string(&path).expect("a text file");
    assert!(before.contains(from), "{name} has no {from}");
    fs::write(path, before.replacen(from, to, 1)).expect("it can be written");
}

fn finds(folder: &Path) -> String {
    stdout(&udfald(["verify", text(folder)]).assert().code(1))
}

#[test]
fn what_was_not_changed_is_identical() {
    let place = tempfile::tempdir().unwrap();
    for profile in ["plain", "excel-da"] {
        let out = results(place.path(), &["--csv", profile]);
        let assert = udfald(["verify", text(&out), "--threads", "3"]).assert().code(0);
        let text = stdout(&assert);
        assert_eq!(text.matches(": identical\n").count(), 5, "{text}");
        assert_eq!(text.lines().count(), 5, "{text}");
    }
}

#[test]
fn one_altered_figure_is_named() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    let exposure = fs::read_to_string(out.join("exposure.csv")).unwrap();
    let row: Vec<_> =
        exposure.lines().find(|line| line.starts_with("small,town,2029")).unwrap().split(',').collect();
    change(&out, "exposure.csv", &row.join(","), &row.join(",").replace(row[7], "1.00"));
    let text = finds(&out);
    let expected = format!("exposure.csv: small, town, 2029: p90 is `1.00`, should be `{}`\n", row[7]);
    assert!(text.contains(&expected), "{text}");
    assert!(text.contains("summary.csv: identical"), "{text}");
}

#[test]
fn missing_and_additional_files_are_named() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    fs::remove_file(out.join("limits.csv")).unwrap();
    fs::create_dir(out.join("more")).unwrap();
    fs::write(out.join("more/notes.txt"), "mine").unwrap();
    let text = finds(&out);
    assert!(
        text.contains("limits.csv: missing\n") && text.contains("more/notes.txt: not written by the run\n"),
        "{text}"
    );
}

#[test]
fn an_altered_scenario_is_named_even_when_it_no_longer_loads() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    change(&out, "scenario/small.toml", "700_000", "710_000");
    let text = finds(&out);
    assert!(text.contains("scenario/small.toml: differs") && text.contains("summary.csv: differs"), "{text}");
    assert_eq!(text.matches("small.toml").count(), 1, "{text}");
    change(&out, "scenario/small.toml", "710_000", "\"many\"");
    assert!(finds(&out).contains("scenario/small.toml: differs"));
}

#[test]
fn an_altered_passport_is_named() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    change(&out, "passport.json", "\"seed\": 1", "\"seed\": 2");
    assert!(finds(&out).contains("summary.csv: differs"));
    let out = results(place.path(), &[]);
    change(&out, "passport.json", "\"sha256\": \"", "\"sha256\": \"0");
    let text = finds(&out);
    assert!(text.contains("passport.json: scenario.sha256 is"), "{text}");
}

#[test]
fn the_folder_alone_is_enough() {
    let place = tempfile::tempdir().unwrap();
    let scenario = place.path().join("moved.toml");
    fs::copy(SMALL, &scenario).unwrap();
    let out = place.path().join("out");
    udfald(["run", text(&scenario), "--trials", "1_000", "--out", text(&out)]).assert().code(0);
    fs::remove_file(&scenario).unwrap();
    let elsewhere = place.path().join("elsewhere");
    fs::rename(&out, &elsewhere).unwrap();
    udfald(["verify", text(&elsewhere)]).assert().code(0);
}

#[test]
fn what_is_no_results_folder_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let refused = |path: &Path| stderr(&udfald(["verify", text(path)]).assert().code(2).stdout(""));
    assert!(refused(place.path()).contains("no results folder"));
    assert!(refused(&place.path().join("none")).contains("none"));
    assert!(refused(Path::new(SMALL)).contains(SMALL));
    fs::write(place.path().join("passport.json"), "{}").unwrap();
    assert!(refused(place.path()).contains("passport.json"));
}
