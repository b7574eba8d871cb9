//! The page for auditors is followed from top to bottom: its commands are run, what it shows is what they print, and what it
//! tells a reader to compute in a spreadsheet is computed.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const PAGE: &str = include_str!("../../docs/audit.md");

/// The fenced blocks in order, those in lists too: the language, and the text without what it is indented by.
fn blocks() -> Vec<(&'static str, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut open = None;
    for line in PAGE.lines() {
        let inner = line.trim_start();
        match (inner.strip_prefix("```"), open) {
            (Some(language), None) => {
                open = Some(line.len() - inner.len());
                found.push((language, String::new()));
            }
            (Some(_), Some(_)) => open = None,
            (None, Some(indent)) => {
                let (_, text) = found.last_mut().expect("a block is open");
                text.push_str(line.get(indent..).unwrap_or_default());
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

fn run(folder: &Path, line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[0], "udfald", "{line}");
    let mut command = Command::cargo_bin("udfald").expect("the program is built");
    let assert = command.args(&words[1..]).current_dir(folder).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).expect("results are UTF-8")
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).expect("a file");
        }
    }
}

#[test]
fn the_page_can_be_followed() {
    let folder = tempfile::tempdir().expect("a folder");
    copy(Path::new("scenarios"), &folder.path().join("scenarios"));
    let (mut said, mut compared) = (String::new(), 0);
    for (language, text) in blocks() {
        match language {
            "sh" => said = text.lines().map(|line| run(folder.path(), line)).collect(),
            "text" if text.starts_with("sha256sum") => {}
            "text" => {
                assert!(said.contains(text.trim_end()), "expected\n{text}\nfound\n{said}");
                compared += 1;
            }
            other => panic!("a block of {other}"),
        }
    }
    assert_eq!(compared, 3);
    recompute(&folder.path().join("again"));
}

/// Step 5, as a reader would do it.
fn recompute(folder: &Path) {
    let read = |name: &str| fs::read_to_string(folder.join(name)).expect("a file");
    let trials = read("trials.csv");
    let amounts = trials.lines().skip(1).filter_map(|line| line.split(',').nth(1)?.parse::<f64>().ok());
    let mut amounts: Vec<f64> = amounts.collect();
    assert_eq!(amounts.len(), 20_000, "{}", trials.lines().next().unwrap_or_default());
    amounts.sort_by(f64::total_cmp);
    let mean = amounts.iter().sum::<f64>() / 20_000.0;
    let exposure = read("exposure.csv");
    let row = exposure.lines().find(|line| line.starts_with("all,norddjurs,2028,")).expect("the row");
    let cells: Vec<_> = row.split(',').collect();
    assert_eq!(cells[3], format!("{mean:.2}"));
    assert_eq!(cells[7], format!("{:.2}", amounts[17_999]));
}
