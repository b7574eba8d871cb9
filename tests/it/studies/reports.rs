//! Pages and workbooks of studies, and what moves the payments on the pages of a run.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};

const SMALL: &str = "tests/fixtures/small.toml";
const VARIANT: &str = "tests/fixtures/variant.toml";
const HOSTILE: &str = "tests/fixtures/hostile.toml";

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn udfald(arguments: &[&str]) -> assert_cmd::assert::Assert {
    Command::cargo_bin("udfald").expect("the program is built").args(arguments).assert()
}

fn files(folder: &Path) -> Files {
    let mut found = Files::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(below, bytes)| (name.join(below), bytes)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

fn run(place: &Path, arguments: &[&str]) -> Files {
    let out = place.join("out");
    let out = out.to_str().unwrap();
    udfald(&[arguments, &["--trials", "600", "--out", out]].concat()).code(0);
    files(Path::new(out))
}

fn text(files: &Files, name: &str) -> String {
    String::from_utf8(files[Path::new(name)].clone()).unwrap()
}

/// The cells of a CSV file with numbers read, and those of the sheet with every figure.
fn both(files: &Files, csv: &str, sheet: &str) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let same = |cell: &str| cell.parse::<f64>().map_or_else(|_| cell.to_owned(), |number| number.to_string());
    let csv = text(files, csv);
    let written = csv.lines().map(|line| line.split(',').map(same).collect()).collect();
    let mut book: Xlsx<_> =
        open_workbook_from_rs(Cursor::new(files[Path::new("report.xlsx")].clone())).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let cell = |cell: &Data| same(&cell.to_string());
    (written, range.rows().map(|row| row.iter().map(cell).collect()).collect())
}

const STUDIES: [(&[&str], &str); 3] = [
    (&["compare", SMALL, VARIANT], "compare.csv"),
    (&["sweep", SMALL, "--set", "limit.town.at_most=400_000,500_000"], "sweep.csv"),
    (&["sensitivity", SMALL], "sensitivity.csv"),
];

#[test]
fn workbooks_of_studies_hold_every_figure_of_their_files() {
    for (study, csv) in STUDIES {
        let place = tempfile::tempdir().unwrap();
        let found = run(place.path(), &[study, &["--report", "workbook,page", "--lang", "da"]].concat());
        let (written, read) = both(&found, csv, "Alle tal");
        assert!(written.len() > 5, "{csv}");
        assert_eq!(written, read, "{csv}");
        let again = run(
            place.path(),
            &[study, &["--report", "page,workbook", "--lang", "da", "--threads", "1"]].concat(),
        );
        assert_eq!(found[Path::new("report.xlsx")], again[Path::new("report.xlsx")], "{csv}");
        assert_eq!(found[Path::new("report.html")], again[Path::new("report.html")], "{csv}");
        let passport = text(&found, "passport.json");
        assert!(passport.contains("report.html") && passport.contains("--lang da"), "{passport}");
    }
}

#[test]
fn pages_of_studies_say_what_the_terminal_says() {
    for (study, csv) in STUDIES {
        let place = tempfile::tempdir().unwrap();
        let found = run(place.path(), &[study, &["--report", "page"]].concat());
        let page = text(&found, "report.html").replace("&#39;", "'");
        assert!(page.contains("<caption>") && page.contains("scope=\"row\""), "{csv}");
        let printed = udfald(&[study, &["--trials", "600"]].concat()).code(0);
        let printed = String::from_utf8(printed.get_output().stdout.clone()).unwrap();
        let last = printed.lines().last().unwrap();
        assert!(page.contains(last.trim()), "{csv}: {last}");
    }
}

#[test]
fn names_cannot_break_the_reports_of_a_study() {
    let studies: [&[&str]; 2] = [&["sensitivity", HOSTILE], &["compare", HOSTILE, HOSTILE]];
    for study in studies {
        let place = tempfile::tempdir().unwrap();
        let found = run(place.path(), &[study, &["--report", "page,workbook"]].concat());
        let shown =
            found.iter().filter(|(name, _)| name.extension().is_some_and(|e| e == "html" || e == "svg"));
        for (name, bytes) in shown {
            let file = String::from_utf8(bytes.clone()).unwrap();
            let bare = file.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
            for bad in ["<script", "<img", "http:", "src=\"", "url(", "\u{202e}"] {
                assert!(!bare.contains(bad), "{}: {bad}", name.display());
            }
            assert!(!bare.contains(&"W".repeat(100)), "a name of 300 letters stands in {}", name.display());
        }
        let mut book: Xlsx<_> =
            open_workbook_from_rs(Cursor::new(found[Path::new("report.xlsx")].clone())).unwrap();
        for sheet in book.sheet_names() {
            assert_eq!(book.worksheet_formula(&sheet).unwrap().used_cells().count(), 0, "{sheet}");
        }
    }
}

#[test]
fn pages_of_a_run_say_what_moves_it_where_that_is_asked_for() {
    let place = tempfile::tempdir().unwrap();
    let command = ["run", SMALL, "--report", "council,finance,analyst,workbook"];
    let without = run(place.path(), &command);
    let with = run(place.path(), &[&command[..], &["--what-moves-it"]].concat());
    for reader in ["council", "finance", "analyst"] {
        let name = format!("report-{reader}.html");
        assert!(
            !text(&without, &name).contains("id=\"moves\"") && text(&with, &name).contains("id=\"moves\"")
        );
    }
    assert!(with.contains_key(Path::new("pictures/moved-town.svg")));
    // The same study as the command's.
    let alone = tempfile::tempdir().unwrap();
    let study = run(alone.path(), &["sensitivity", SMALL]);
    assert_eq!(study[Path::new("sensitivity.csv")], with[Path::new("sensitivity.csv")]);
    udfald(&["verify", place.path().join("out").to_str().unwrap()]).code(0);
}

#[test]
fn a_payer_gets_pages_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let command = ["run", SMALL, "--report", "council,workbook", "--payer", "town"];
    let found = run(place.path(), &command);
    let page = text(&found, "report-council.html");
    assert!(page.contains("Page for the council: The town"), "{page}");
    assert!(!page.contains("The region") && !page.contains("All payers"), "another payer stands on the page");
    assert!(!found.contains_key(Path::new("pictures/payments-region.svg")));
    udfald(&["verify", place.path().join("out").to_str().unwrap()]).code(0);
    let refused =
        udfald(&["run", SMALL, "--report", "council", "--payer", "twon", "--out", "nowhere"]).code(2);
    let told = String::from_utf8(refused.get_output().stderr.clone()).unwrap();
    assert!(told.contains("did you mean `town`?"), "{told}");
}
