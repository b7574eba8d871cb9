//! Limits on what is read: one step within is taken, one step beyond is refused by name. SECURITY.md lists them.

use std::fs::File;

use assert_cmd::Command;
use udfald::engine::model::Model;
use udfald::scenario::load_from_memory;
use udfald::scenario::source::{LARGEST_FILE, MOST_FILES};

const SMALL: &[u8] = include_bytes!("../fixtures/small.toml");

/// What is said of a file laid over the small contract; nothing, if it can be run.
fn said(over: &str) -> String {
    said_of(vec![("over.toml".to_owned(), format!("udfald = 1\nbase = \"small.toml\"\n{over}").into_bytes())])
}

/// What is said of the first of these files, with the small contract beside them.
fn said_of(mut files: Vec<(String, Vec<u8>)>) -> String {
    let root = files[0].0.clone();
    files.push(("small.toml".to_owned(), SMALL.to_vec()));
    match load_from_memory(&files, &root) {
        Err(errors) => errors.to_string(),
        Ok((scenario, _)) => Model::new(scenario).map_or_else(|errors| errors.to_string(), |_| String::new()),
    }
}

/// `within` is taken, `beyond` refused with these words.
fn between(what: &str, within: &str, beyond: &str, words: &str) {
    let (taken, refused) = (said(within), said(beyond));
    assert!(taken.is_empty(), "{what}: {taken}");
    assert!(refused.starts_with("error: ") && refused.contains(words), "{what}: {refused}");
}

fn repeated(input: &str, kind: &str) -> String {
    format!("[input.{input}]\n{kind}\nassumed = \"x\"\n")
}

#[test]
fn files_and_their_chains() {
    let comment = |size: usize| {
        let mut text = b"udfald = 1\nbase = \"small.toml\"\nassumed = \"x\"\n#".to_vec();
        text.resize(size, b'#');
        vec![("over.toml".to_owned(), text)]
    };
    assert_eq!(said_of(comment(LARGEST_FILE)), "");
    assert!(said_of(comment(LARGEST_FILE + 1)).contains("larger than 16 MiB"));
    let chain = |length: usize| {
        let next =
            |link: usize| if link + 1 < length { format!("{}.toml", link + 1) } else { "small.toml".into() };
        let file = |link: usize| {
            (format!("{link}.toml"), format!("udfald = 1\nbase = \"{}\"\n", next(link)).into_bytes())
        };
        said_of((0..length).map(file).collect())
    };
    assert_eq!(chain(31), "");
    assert!(chain(32).contains("more than 32 files are laid over each other"), "{}", chain(32));
}

#[test]
fn depth() {
    let lists =
        |depth: usize| format!("[budget.town]\naccount = {}{}\n", "[".repeat(depth), "]".repeat(depth));
    assert!(said(&lists(20)).contains("account"));
    assert!(said(&lists(1_000)).contains("max recursion depth met"));
    let formula = |depth: usize| {
        repeated("more", &format!("formula = \"{}1{}\"", "(".repeat(depth), ")".repeat(depth)))
    };
    between("parentheses", &formula(60), &formula(70), "formula");
}

#[test]
fn lengths() {
    let formula = |length: usize| repeated("more", &format!("formula = \"1{}\"", " + 1".repeat(length / 4)));
    between("formula", &formula(400), &formula(4_100), "at most 4096 characters");
    let name = |length: usize| repeated(&"a".repeat(length), "value = 1");
    between("name", &name(100), &name(101), "at most 100 characters");
}

#[test]
fn numbers() {
    let amount = |amount: &str| format!("[budget.town]\nappropriation = {{ 2028 = {amount} }}\n");
    between(
        "amount",
        &amount("1_000_000_000_000"),
        &amount("1_000_000_000_000.01"),
        "larger than a million million",
    );
    assert!(said(&amount("9223372036854775808")).starts_with("error: "));
    for none in ["nan", "inf", "1e400"] {
        assert!(said(&amount(none)).starts_with("error: "), "{none}");
    }
}

#[test]
fn people_and_what_is_measured() {
    let people = |people: u64| format!("[cohort]\npeople = {people}\n");
    between("people", &people(100_000), &people(1_000_001), "beyond 1000000");
    let intakes = |times: u32| {
        format!("[cohort]\nintakes = {{ from = 2026-01-01, every = \"1 day\", times = {times} }}\n")
    };
    assert!(said(&intakes(1_201)).contains("1200"), "{}", said(&intakes(1_201)));
    let steps = |steps: u32| {
        format!(
            "[outcome.housed]\nof = \"enrolled\"\nat = [\"3 weeks\"]\nstays = {{ every = \"1 week\", for = {steps}, leave = 0.1 }}\n"
        )
    };
    assert!(!said(&steps(100)).contains("whole number from"), "{}", said(&steps(100)));
    assert!(said(&steps(521)).contains("520"), "{}", said(&steps(521)));
}

/// What is refused on the command line before anything is read or run.
fn refused(arguments: &[&str], words: &str) {
    let output =
        Command::cargo_bin("udfald").expect("the program is built").args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && said.contains(words), "{arguments:?}: {said}");
}

#[test]
fn the_command_line() {
    let small = "tests/fixtures/small.toml";
    refused(&["run", small, "--trials", "1_099_511_627_777"], "1099511627776");
    refused(&["run", small, "--threads", "1025"], "1024");
    refused(&["run", small, "--shard", "1/1000001", "--part", "p.part"], "1000000");
}

#[test]
fn a_part_is_a_file_of_bounded_size() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("large.part");
    // Nothing is written: only the length is said.
    File::create(&path).unwrap().set_len((1 << 30) + 1).unwrap();
    refused(&["merge", path.to_str().unwrap(), "--out", "never"], "not a regular file below 1 GiB");
    if cfg!(unix) {
        refused(&["merge", "/dev/zero", "--out", "never"], "not a regular file below 1 GiB");
    }
}

#[test]
fn a_portfolio_has_a_number_of_files() {
    let portfolio = |files: usize| {
        let names: Vec<_> = (0..files).map(|file| format!("{file}.toml")).collect();
        let text = format!("udfald = 1\nportfolio = \"many\"\nbudget_years = [2028]\ninclude = {names:?}\n");
        said_of(vec![("over.toml".to_owned(), text.into_bytes())])
    };
    let refused = portfolio(MOST_FILES + 1);
    let title = "
        error: `include` of the portfolio names 10001 files, and a scenario has at most 10000
    ";
    assert!(refused.contains("over.toml:4:") && refused.contains(title.trim()), "{refused}");
    assert!(portfolio(MOST_FILES).contains("there is no file"));
}

#[test]
fn the_scenario_of_a_results_folder_has_a_number_of_files() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let out_text = out.to_str().unwrap();
    let run = ["run", "tests/fixtures/small.toml", "--trials", "100", "--out", out_text];
    Command::cargo_bin("udfald").unwrap().args(run).assert().success();
    for file in 0..MOST_FILES {
        File::create(out.join(format!("scenario/{file}.toml"))).unwrap();
    }
    refused(&["verify", out_text], "a scenario has at most 10000 files");
}

/// `..` in a results folder or a part leads nowhere outside of it; on disk it leads wherever the user may read.
#[test]
fn an_include_leads_out_of_a_folder_on_disk_only() {
    let files =
        |base: &str| vec![("over.toml".to_owned(), format!("udfald = 1\nbase = \"{base}\"\n").into_bytes())];
    for base in ["../small.toml", "/etc/passwd", "C:/small.toml", "..\\\\small.toml"] {
        assert!(said_of(files(base)).contains("is not a relative path"), "{base}: {}", said_of(files(base)));
    }
    assert_eq!(said_of(files("folder/../small.toml")), "");
    let place = tempfile::tempdir().unwrap();
    let below = place.path().join("below");
    std::fs::create_dir(&below).unwrap();
    std::fs::write(place.path().join("small.toml"), SMALL).unwrap();
    std::fs::write(below.join("over.toml"), "udfald = 1\nbase = \"../small.toml\"\n").unwrap();
    assert!(Model::load(below.join("over.toml")).is_ok());
}
