//! The README's commands are run, and the table it shows is the table they print.

use std::path::Path;

use assert_cmd::Command;

const README: &str = include_str!("../../README.md");

/// The fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    README.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next()).collect()
}

/// Runs one line as it stands, in a folder that holds the scenarios; the program takes the place of the build.
fn run(line: &str, folder: &Path) -> String {
    let line = line.replace("cargo run --release --", "udfald");
    let words: Vec<_> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
    assert_eq!(words[0], "udfald", "{line}");
    let mut command = Command::cargo_bin("udfald").expect("the program is built");
    let assert = command.args(&words[1..]).current_dir(folder).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).expect("results are UTF-8")
}

/// A folder with the scenarios, as in a checkout.
fn checkout() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    copy(Path::new("scenarios"), &folder.path().join("scenarios"));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a file");
        }
    }
}

#[test]
fn its_commands_run_and_its_table_is_what_they_print() {
    let folder = checkout();
    let commands = blocks("sh").concat();
    let printed: Vec<_> = commands
        .lines()
        .filter(|line| !line.is_empty() && *line != "cargo test")
        .map(|line| run(line, folder.path()))
        .collect();
    assert!(printed.len() >= 6, "the README lost its commands");
    for shown in blocks("text") {
        let found = printed.iter().any(|text| text.contains(shown));
        assert!(found, "the README shows\n{shown}\nits commands print\n{}", printed.join("\n"));
    }
}

/// The picture is that of the first command. After a change of values: run it with `--out` and `--report council`.
#[test]
fn its_picture_is_of_the_shipped_portfolio() {
    let folder = checkout();
    run("udfald run scenarios/norddjurs.toml --out results --report council", folder.path());
    let picture = "pictures/payments-norddjurs.svg";
    let drawn = std::fs::read_to_string(folder.path().join("results").join(picture)).expect("a picture");
    let shown = std::fs::read_to_string(Path::new("docs").join(picture)).expect("the picture of the README");
    assert_eq!(drawn, shown);
    assert!(README.contains(&format!("docs/{picture}")));
}

#[test]
fn every_shipped_scenario_runs() {
    let mut open = vec![Path::new("scenarios").to_path_buf()];
    let mut count = 0;
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let file = path.to_str().expect("a plain name");
                run(&format!("udfald run {file} --trials 2_000 --lang da"), Path::new("."));
                count += 1;
            }
        }
    }
    assert!(count >= 7, "only {count} scenarios ship");
}
