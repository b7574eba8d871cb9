//! `udfald sources`: every number with the clause it comes from, and what no document states.

use std::fs;
use std::path::{Path, PathBuf};

use super::{stderr, stdout, text, udfald};

const PORTFOLIO: &str = "scenarios/norddjurs.toml";

/// Clauses of one document in the order of the file, an id that two contracts use for different documents, and numbers of
/// every kind.
fn clauses(place: &Path) -> PathBuf {
    let contract = |id: &str, title: &str| {
        format!(
            "udfald = 1\ninvestment = \"{id}\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2028-12-31\n\
             stated = \"s1 § 1: the term\"\n[documents]\ns1 = \"{title}\"\n[party]\ntown = {{}}\ninvestor = {{}}\n\
             [fund.loan]\nparty = \"investor\"\namount = 900_000\nassumed = \"-\"\n\
             [cohort]\npeople = 100\nstated = {{ people = \"s1 § 2.10: one hundred\" }}\n\
             [input.rate]\nbeta = {{ a = 8, b = 8, derived = \"a study of sixteen\" }}\n\
             [term.job]\nof = \"enrolled\"\nat = \"12 months\"\nrate = \"rate\"\nprice = 21_000\n\
             paid_by = \"town\"\nstated = {{ price = \"s1 § 2.9: =each\" }}\n\
             [limit.town]\nper = \"contract\"\nat_most = 700_000\nexcess = \"lost\"\n"
        )
        .replace("\nstated = \"s1 § 1: the term\"", "\nstated = { starts = \"s1 § 1: the term\", ends = \"s1 § 1: the term\" }")
    };
    for (id, title) in [("one", "The contract"), ("two", "Another contract")] {
        fs::write(place.join(format!("{id}.toml")), contract(id, title)).unwrap();
    }
    let path = place.join("both.toml");
    fs::write(&path, "udfald = 1\nportfolio = \"both\"\ninclude = [\"one.toml\", \"two.toml\"]\n").unwrap();
    path
}

#[test]
fn clauses_are_told_in_order_in_both_languages() {
    let place = tempfile::tempdir().unwrap();
    let path = clauses(place.path());
    for language in ["en", "da"] {
        let said = stdout(&udfald(["sources", text(&path), "--lang", language]).assert().code(0));
        insta::assert_snapshot!(said);
    }
}

#[test]
fn the_list_in_both_profiles() {
    let place = tempfile::tempdir().unwrap();
    let (path, list) = (clauses(place.path()), place.path().join("list.csv"));
    for profile in ["plain", "excel-da"] {
        udfald(["sources", text(&path), "--list", text(&list), "--csv", profile]).assert().code(0);
        insta::assert_snapshot!(fs::read_to_string(&list).unwrap());
        // One list replaces another, but nothing else.
        udfald(["sources", text(&path), "--list", text(&list), "--csv", profile]).assert().code(0);
        fs::remove_file(&list).unwrap();
    }
    fs::write(&list, "mine").unwrap();
    let refused = stderr(&udfald(["sources", text(&path), "--list", text(&list)]).assert().code(2));
    assert!(refused.contains("holds something else"), "{refused}");
}

#[test]
fn the_shipped_portfolio_in_danish() {
    insta::assert_snapshot!(stdout(&udfald(["sources", PORTFOLIO, "--lang", "da"]).assert().code(0)));
}

/// Each row of the list stands where it says, in every shipped scenario.
#[test]
fn every_number_stands_where_the_list_says() {
    let place = tempfile::tempdir().unwrap();
    let list = place.path().join("list.csv");
    let mut rows = 0;
    for folder in ["scenarios", "scenarios/gallery", "scenarios/variants", "scenarios/candidates"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            udfald(["sources", text(&path), "--list", text(&list)]).assert().code(0);
            let bytes = fs::read_to_string(&list).unwrap();
            let mut reader = csv_rows(&bytes);
            assert_eq!(reader.remove(0)[8], "file");
            for row in reader {
                let source = fs::read_to_string(path.with_file_name(&row[8])).unwrap();
                let line = source.lines().nth(row[9].parse::<usize>().unwrap() - 1).unwrap();
                let column = row[10].parse::<usize>().unwrap() - 1;
                let rest: String = line.chars().skip(column).filter(|c| *c != '_' && *c != '"').collect();
                let value = &row[6];
                let number = rest.split([',', ' ', '}', ']']).next().unwrap();
                let same = number
                    .parse::<f64>()
                    .ok()
                    .zip(value.parse::<f64>().ok())
                    .is_some_and(|(a, b)| a.to_bits() == b.to_bits());
                assert!(same || rest.starts_with(value.as_str()), "{}: {row:?}: {line}", path.display());
                rows += 1;
            }
        }
    }
    assert!(rows > 1_000, "{rows}");
}

fn csv_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut quoted = false;
    for letter in text.chars() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            letter => row.last_mut().unwrap().push(letter),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}
