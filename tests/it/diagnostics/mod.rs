//! Every finding of the loader stands in a snapshot: a new one without a file that causes it does not pass.
//!
//! `mistakes.txt` holds small files, laid over the small contract of the reference, each with a mistake. To add one, write
//! it there and accept the snapshot.

mod titles;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use udfald::scenario::load_from_memory;

use titles::{Pattern, sites};

const MISTAKES: &str = include_str!("mistakes.txt");
const REFERENCE: &str = include_str!("../../../docs/scenario-format.md");

type Files = Vec<(String, Vec<u8>)>;

/// Mistakes by name with their files; `--- NAME` begins a file, else all of it is laid over the small contract.
fn mistakes() -> Vec<(String, Files)> {
    let small = REFERENCE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let written = MISTAKES.split("=== ").skip(1).map(|block| {
        let (name, text) = block.split_once('\n').unwrap();
        let parts = text.split("--- ").skip(1).filter_map(|part| part.split_once('\n'));
        let mut files: Files = parts.map(|(name, text)| file(name, text)).collect();
        if files.is_empty() {
            files.push(file("x.toml", &format!("base = \"small.toml\"\n{text}")));
        }
        files.push(file("small.toml", small));
        (name.to_owned(), files)
    });
    written.chain(generated()).collect()
}

/// Mistakes too long to be written.
fn generated() -> Vec<(String, Files)> {
    let parties = (0..2_001).fold(String::new(), |text, n| text + &format!("[party.p{n}]\n"));
    let tables = ("more tables than allowed".to_owned(), vec![("x.toml".to_owned(), parties.into_bytes())]);
    let chain = (0..34).map(|n| {
        let name = if n == 0 { "x.toml".to_owned() } else { format!("{n}.toml") };
        (name, format!("base = \"{}.toml\"\n", n + 1).into_bytes())
    });
    let many = (0..201)
        .fold(String::new(), |text, n| text + &format!("n{n} = {{ uniform = {{ low = 0, high = 1 }} }}\n"));
    let names = (0..201).map(|n| format!("\"n{n}\"")).collect::<Vec<_>>().join(", ");
    let many =
        format!("base = \"small.toml\"\n[input]\n{many}[correlation.all]\nbetween = [{names}]\nrank = 0.1\n");
    let many = ("a correlation of too many".to_owned(), vec![("x.toml".to_owned(), many.into_bytes())]);
    vec![tables, many, ("files laid over each other without end".to_owned(), chain.collect())]
}

/// What is said of a mistake: errors, or warnings.
fn said(files: &Files) -> String {
    match load_from_memory(files, "x.toml") {
        Ok((_, warnings)) => warnings.to_string(),
        Err(errors) => errors.to_string(),
    }
}

#[test]
fn every_mistake_is_told_as_it_should_be() {
    let mut shown = String::new();
    for (name, files) in mistakes() {
        let said = said(&files);
        assert!(!said.is_empty(), "{name} is no mistake");
        write!(shown, "=== {name}\n{said}\n\n").unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn every_finding_of_the_loader_stands_in_a_snapshot() {
    let titles = snapshots();
    let sites = sites();
    assert!(sites.len() > 200, "{} places report something", sites.len());
    let mut missing = Vec::new();
    for site in &sites {
        if site.titles.is_empty() {
            missing.push(format!("{}: nobody knows what it says; see `ELSEWHERE`", site.place));
        }
        for title in &site.titles {
            if !titles.iter().any(|told| title.fits(told)) {
                missing.push(format!(
                    "{}: no file in `mistakes.txt` or the tests: {}",
                    site.place,
                    title.shown()
                ));
            }
        }
    }
    assert!(missing.is_empty(), "{} findings are in no snapshot:\n{}", missing.len(), missing.join("\n"));
}

/// The check sees what is missing: most findings would be in no snapshot if one were taken away.
#[test]
fn a_finding_without_a_snapshot_would_be_noticed() {
    let titles = snapshots();
    let once = |title: &Pattern| titles.iter().filter(|told| title.fits(told)).count() == 1;
    let patterns: Vec<_> = sites().into_iter().flat_map(|site| site.titles).collect();
    assert!(patterns.iter().filter(|title| once(title)).count() > 100);
    assert!(!patterns.iter().any(|title| title.fits("nothing of the kind")));
}

/// Titles of findings in all snapshots, inline or in files.
fn snapshots() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut titles = BTreeSet::new();
    for folder in ["src/scenario/tests", "tests/it"] {
        collect(&root.join(folder), &mut titles);
    }
    titles
}

fn collect(folder: &Path, titles: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, titles);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "snap") {
            let text = std::fs::read_to_string(&path).unwrap();
            let title = |line: &str| {
                let line = line.trim().trim_start_matches(['@', 'r', '#', '"']);
                let title = line.strip_prefix("error: ").or_else(|| line.strip_prefix("warning: "))?;
                Some(title.to_owned())
            };
            titles.extend(text.lines().filter_map(title));
        }
    }
}
