//! What fuzzing tries, on a fixed corpus and on files made up of the words of the language.
//!
//! `tests/fixtures/fuzz` holds every file on which a target of `fuzz` ever failed, made small, and some that are hostile by
//! their form.

mod attempt;

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;

fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fuzz");
    let read = |path: std::path::PathBuf| (path.display().to_string(), fs::read(&path).unwrap());
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap().path())).collect();
    files.sort();
    files
}

#[test]
fn the_corpus_is_answered() {
    let files = corpus();
    assert!(files.len() >= 10, "{} files", files.len());
    for (name, bytes) in files {
        println!("{name}");
        let _ = attempt::run(&bytes);
    }
}

/// The attempt goes all the way on a whole file: otherwise it would find nothing.
#[test]
fn a_whole_file_runs() {
    let small = fs::read("tests/fixtures/small.toml").unwrap();
    assert_eq!(attempt::run(&small), Some(10));
    let over = b"udfald = 1\nbase = \"small.toml\"\n";
    assert_eq!(attempt::run(over), Some(10));
}

/// Every key and listed word of the schema, with marks of TOML.
fn words() -> Vec<String> {
    fn collect(schema: &serde_json::Value, found: &mut Vec<String>) {
        if let Some(properties) = schema["properties"].as_object() {
            found.extend(properties.keys().cloned());
        }
        let listed = schema["enum"].as_array().into_iter().flatten().filter_map(|word| word.as_str());
        found.extend(listed.map(|word| format!("\"{word}\"")));
        match schema {
            serde_json::Value::Object(map) => map.values().for_each(|value| collect(value, found)),
            serde_json::Value::Array(list) => list.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect(&udfald::scenario::schema::schema(), &mut found);
    found.sort();
    found.dedup();
    let marks = [
        "[",
        "]",
        "{ ",
        " }",
        " = ",
        "\n",
        "\"",
        ", ",
        ".",
        "0",
        "-1",
        "0.5",
        "1e308",
        "2026-01-01",
        "\"1/3\"",
        "\0",
        "ø",
        "#",
    ];
    found.extend(marks.map(str::to_owned));
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn words_in_any_order_are_answered(picked in vec((0usize..10_000, 0usize..3), 0..60), laid_over in any::<bool>()) {
        let words = words();
        let mut text = if laid_over { "udfald = 1\nbase = \"small.toml\"\n".to_owned() } else { String::new() };
        for (word, mark) in picked {
            text.push_str(&words[word % words.len()]);
            text.push_str(["", " = ", "\n"][mark]);
        }
        let _ = attempt::run(text.as_bytes());
    }

    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..300)) {
        let _ = attempt::load(&bytes);
    }
}
