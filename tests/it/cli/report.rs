//! Pages for readers: complete in themselves, the same every time, and safe whatever a scenario calls its parties.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{SMALL, files, results, stderr, text, udfald};

const ALL: &str = "council,finance,analyst";

type Files = BTreeMap<PathBuf, Vec<u8>>;

fn page(files: &Files, reader: &str) -> String {
    String::from_utf8(files[Path::new(&format!("report-{reader}.html"))].clone()).unwrap()
}

/// The text of every element of a name, tags left out.
fn elements(page: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let parts = page.split(open.as_str()).skip(1).filter(|part| part.starts_with(['>', ' ']));
    parts
        .map(|part| part.split(close.as_str()).next().unwrap().split_once('>').unwrap().1.to_owned())
        .collect()
}

#[test]
fn pages_and_pictures_are_of_the_run_and_verified_with_it() {
    let place = tempfile::tempdir().unwrap();
    for language in ["en", "da"] {
        let found = files(&results(place.path(), &["--report", ALL, "--lang", language, "--threads", "1"]));
        let again = files(&results(place.path(), &["--report", ALL, "--lang", language, "--threads", "3"]));
        assert_eq!(found, again);
        for reader in ALL.split(',') {
            assert!(page(&found, reader).contains(&format!("<html lang=\"{language}\">")));
        }
        assert!(found.contains_key(Path::new("pictures/payments-town.svg")), "{:?}", found.keys());
        udfald(["verify", text(&place.path().join("results"))]).assert().code(0);
    }
}

#[test]
fn a_changed_page_is_found() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--report", "council"]);
    let path = out.join("report-council.html");
    let changed = std::fs::read_to_string(&path).unwrap().replace("average", "mean");
    std::fs::write(&path, changed).unwrap();
    let told = udfald(["verify", text(&out)]).assert().code(1);
    let told = super::stdout(&told);
    let different: Vec<_> =
        told.lines().filter(|line| line.starts_with("report-") && !line.contains("identical")).collect();
    assert_eq!(different.len(), 1, "{told}");
}

#[test]
fn shards_merge_to_the_same_pages() {
    let place = tempfile::tempdir().unwrap();
    let single = files(&results(place.path(), &["--report", ALL]));
    let part = |index: u32| place.path().join(format!("{index}.part"));
    for index in 1..=2 {
        let shard = format!("{index}/2");
        udfald(["run", SMALL, "--trials", "5_000", "--shard", &shard, "--part", text(&part(index))])
            .assert()
            .code(0);
    }
    let out = place.path().join("merged");
    udfald(["merge", text(&part(2)), text(&part(1)), "--out", text(&out), "--report", ALL]).assert().code(0);
    assert_eq!(files(&out), single);
}

#[test]
fn a_page_needs_a_folder_and_a_reader_that_exists() {
    let alone = udfald(["run", SMALL, "--report", "council"]).assert().code(2);
    assert!(stderr(&alone).contains("--out"), "{}", stderr(&alone));
    let king = udfald(["run", SMALL, "--out", "x", "--report", "king"]).assert().code(2);
    assert!(stderr(&king).contains("write `council`, `finance`, `analyst`, `workbook`"));
}

#[test]
fn tables_and_pictures_can_be_heard() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &["--report", ALL]));
    for reader in ALL.split(',') {
        let page = page(&found, reader);
        assert_eq!(elements(&page, "h1").len(), 1);
        assert!(elements(&page, "h2").len() >= 5, "{reader}");
        let tables = elements(&page, "table");
        assert!(tables.len() >= 3, "{reader}");
        for table in tables {
            assert!(
                table.contains("<caption>")
                    && table.contains("scope=\"col\"")
                    && table.contains("scope=\"row\"")
            );
        }
        let pictures = elements(&page, "figure");
        assert!(pictures.len() >= 4, "{reader}");
        for picture in pictures {
            assert!(
                picture.contains("<title id=")
                    && picture.contains("<desc id=")
                    && picture.contains("role=\"img\"")
            );
        }
    }
}

#[test]
fn names_cannot_break_a_page() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let scenario = "tests/fixtures/hostile.toml";
    udfald(["run", scenario, "--trials", "2_000", "--out", text(&out), "--report", ALL]).assert().code(0);
    udfald(["verify", text(&out)]).assert().code(0);
    let found = files(&out);
    let shown = found.iter().filter(|(name, _)| !name.starts_with("scenario"));
    let shown: Vec<_> =
        shown.filter(|(name, _)| name.extension().is_some_and(|e| e == "html" || e == "svg")).collect();
    assert!(shown.len() >= 9);
    for (name, bytes) in shown {
        let file = String::from_utf8(bytes.clone()).unwrap();
        let bare = file.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for bad in ["<script", "<img", "<b>", "http:", "src=\"", "url(", "@import", "\u{202e}"] {
            assert!(!bare.contains(bad), "{}: {bad}", name.display());
        }
        assert!(!bare.contains(&"W".repeat(100)), "a name of 300 letters stands in {}", name.display());
    }
    assert!(page(&found, "council").contains("&#60;script"), "the name is lost");
}

/// A row of exposure.csv by what it begins with.
fn row(files: &Files, keys: &str) -> Vec<String> {
    let csv = String::from_utf8(files[Path::new("exposure.csv")].clone()).unwrap();
    csv.lines().find(|row| row.starts_with(keys)).unwrap().split(',').map(str::to_owned).collect()
}

fn kroner(cell: &str) -> f64 {
    cell.parse().unwrap()
}

#[test]
fn the_page_says_what_the_files_say() {
    let place = tempfile::tempdir().unwrap();
    let run = |seed: &str| {
        let out = place.path().join(seed);
        let scenario = "scenarios/norddjurs.toml";
        let command = [
            "run",
            scenario,
            "--trials",
            "2_000",
            "--seed",
            seed,
            "--out",
            text(&out),
            "--report",
            "council",
        ];
        udfald(command).assert().code(0);
        files(&out)
    };
    let sentence = |files: &Files| {
        let row = row(files, "all,norddjurs,total,");
        let million = |column: usize| format!("{:.2}\u{a0}million\u{a0}DKK", kroner(&row[column]) / 1e6);
        let (mean, p90, most) = (million(3), million(7), million(8));
        format!(
            "pays {mean} on average in 2027-2029. In 9 of 10 trials it pays at most {p90}, and whatever happens never more than {most}."
        )
    };
    let found = run("1");
    assert!(page(&found, "council").contains(&sentence(&found)), "{}", sentence(&found));
    // A test of the test: another seed says something else.
    assert!(!page(&found, "council").contains(&sentence(&run("4"))));
}

#[test]
fn what_is_to_be_added_is_what_the_quantile_lacks() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &["--report", "finance"]));
    let lacks = ["2028", "2029", "total"].map(|year| {
        let row = row(&found, &format!("all,town,{year},"));
        (kroner(&row[7]) - kroner(&row[11])).max(0.0)
    });
    assert!(lacks[1] > 0.0, "nothing is to be added");
    let expected = lacks.map(|lacks| format!("<td>{:.0}</td>", lacks / 1e3)).concat();
    let page = page(&found, "finance");
    let told = page.split("to be added, for 9 of 10</th>").nth(1).unwrap().split("</tr>").next().unwrap();
    assert_eq!(told, expected);
}
