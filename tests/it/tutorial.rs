//! The tutorial is run from top to bottom: files grow block by block, commands are run, output is compared.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

const TUTORIAL: &str = include_str!("../../docs/tutorial.md");

/// The fenced blocks in order: the words on the fence, and the text.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let mut found = Vec::new();
    let mut rest = TUTORIAL;
    while let Some((_, fenced)) = rest.split_once("\n```") {
        let (words, text) = fenced.split_once('\n').expect("a fence ends its line");
        let (text, after) = text.split_once("```").expect("a fence is closed");
        found.push((words, text));
        rest = after;
    }
    found
}

/// `toml FILE` adds to a file, `toml FILE under [TABLE]` puts lines behind the head of a table.
fn write(folder: &Path, words: &str, text: &str) {
    let words = words.trim_start_matches("toml ");
    let (name, head) = words.split_once(" under ").map_or((words, None), |(name, head)| (name, Some(head)));
    let path = folder.join(name);
    let old = fs::read_to_string(&path).unwrap_or_default();
    let new = match head {
        None => old + text,
        Some(head) => {
            let at = old.find(head).expect("the table is there") + head.len();
            let line = at + old[at..].find('\n').expect("its line ends") + 1;
            format!("{}{text}{}", &old[..line], &old[line..])
        }
    };
    fs::write(path, new).expect("written");
}

/// Runs one command, whatever its status, and gives all it says.
fn run(folder: &Path, line: &str) -> String {
    let words: Vec<_> = line.split_whitespace().collect();
    assert_eq!(words[0], "udfald", "{line}");
    let mut command = Command::cargo_bin("udfald").expect("the program is built");
    let output = command.args(&words[1..]).current_dir(folder).output().expect("it runs");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

#[test]
fn every_block_of_the_tutorial_is_what_happens() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut said, mut compared) = (String::new(), 0);
    for (words, text) in blocks() {
        match words {
            "sh" => said = text.lines().map(|line| run(folder.path(), line)).collect(),
            "text" => {
                assert!(said.contains(text.trim_end()), "expected\n{text}\nfound\n{said}");
                compared += 1;
            }
            _ => write(folder.path(), words, text),
        }
    }
    assert!(compared > 9, "{compared}");
}
