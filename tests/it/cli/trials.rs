//! Columns of trials: the same trials as the run's, in two kinds of file, verified as they are made.

use std::fs::{self, File};
use std::path::Path;

use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use super::{SMALL, files, results, stderr, stdout, text, udfald};

const COLUMNS: &str = "town:payment:total,all:payment:*,investor:receipt:total";

/// The names of columns and the rows, as numbers.
fn parquet(out: &Path) -> (Vec<String>, Vec<Vec<f64>>) {
    let reader = SerializedFileReader::new(File::open(out.join("trials.parquet")).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr();
    let names = schema.columns().iter().map(|column| column.name().to_owned()).collect();
    let number = |field: &Field| match field {
        Field::Long(number) => *number as f64,
        Field::Double(number) => *number,
        other => panic!("{other:?}"),
    };
    let row = |row: parquet::record::Row| row.get_column_iter().map(|(_, field)| number(field)).collect();
    (names, reader.get_row_iter(None).unwrap().map(|found| row(found.unwrap())).collect())
}

/// The mean of a figure in summary.csv.
fn mean(out: &Path, keys: &str) -> f64 {
    let csv = fs::read_to_string(out.join("summary.csv")).unwrap();
    let row = csv.lines().find(|row| row.starts_with(keys)).unwrap_or_else(|| panic!("no {keys}"));
    row.split(',').nth(5).unwrap().parse().unwrap()
}

#[test]
fn sums_are_those_of_the_summary() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--trial-columns", COLUMNS]);
    let (names, rows) = parquet(&out);
    let expected = [
        "trial",
        "town:payment:total",
        "all:payment:2028",
        "all:payment:2029",
        "all:payment:total",
        "investor:receipt:total",
    ];
    assert_eq!(names, expected);
    assert_eq!(rows.len(), 5_000);
    assert!(rows.iter().enumerate().all(|(trial, row)| (row[0] - trial as f64).abs() < 1e-9));
    for (column, name) in names.iter().enumerate().skip(1) {
        let parts: Vec<_> = name.split(':').collect();
        let keys = format!("all,{},{},{},mean,", parts[0], parts[1], parts[2]);
        let found = rows.iter().map(|row| row[column]).sum::<f64>() / rows.len() as f64;
        assert!((found - mean(&out, &keys)).abs() <= 0.005_001, "{name}: {found}");
    }
    assert!(rows.iter().all(|row| (row[2] + row[3] - row[4]).abs() < 1e-6), "years do not add up");
}

#[test]
fn both_kinds_of_file_say_the_same_and_are_verified() {
    let place = tempfile::tempdir().unwrap();
    let options = |kind, threads| ["--trial-columns", COLUMNS, "--trial-file", kind, "--threads", threads];
    let out = results(place.path(), &options("csv", "1"));
    let single = files(&out);
    udfald(["verify", text(&out)]).assert().code(0);
    let csv = fs::read_to_string(out.join("trials.csv")).unwrap();
    assert_eq!(single, files(&results(place.path(), &options("csv", "3"))));
    let out = results(place.path(), &options("parquet", "3"));
    let (names, rows) = parquet(&out);
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap(), names.join(","));
    for (line, row) in lines.zip(&rows) {
        let numbers: Vec<f64> = line.split(',').map(|cell| cell.parse().unwrap()).collect();
        assert_eq!(numbers, *row);
    }
    let told = stdout(&udfald(["verify", text(&out)]).assert().code(0));
    assert!(told.contains("trials.parquet: identical"), "{told}");
}

#[test]
fn a_changed_or_missing_file_of_trials_is_found() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--trial-columns", COLUMNS]);
    let path = out.join("trials.parquet");
    let whole = fs::read(&path).unwrap();
    let mut changed = whole.clone();
    changed[1000] ^= 1;
    for (bytes, why) in [
        (&changed[..], "from byte 1000 on"),
        (&whole[..whole.len() - 1], "from byte"),
        (&[&whole[..], b"x"].concat(), "from byte"),
    ] {
        fs::write(&path, bytes).unwrap();
        let told = stdout(&udfald(["verify", text(&out)]).assert().code(1));
        let line = told.lines().find(|line| line.starts_with("trials.parquet")).unwrap();
        assert!(!line.contains("identical") && told.contains(why), "{told}");
    }
    fs::remove_file(&path).unwrap();
    let told = stdout(&udfald(["verify", text(&out)]).assert().code(1));
    assert!(told.contains("trials.parquet: missing"), "{told}");
}

#[test]
fn a_merged_run_writes_the_same_trials() {
    let place = tempfile::tempdir().unwrap();
    let single = files(&results(place.path(), &["--trial-columns", COLUMNS]));
    let part = place.path().join("1.part");
    udfald(["run", SMALL, "--trials", "5_000", "--shard", "1/1", "--part", text(&part)]).assert().code(0);
    let out = place.path().join("merged");
    udfald(["merge", text(&part), "--out", text(&out), "--trial-columns", COLUMNS]).assert().code(0);
    assert_eq!(files(&out), single);
}

#[test]
fn what_is_no_column_is_told_before_anything_runs() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let refused = |columns: &str| {
        let command = ["run", SMALL, "--out", text(&out), "--trial-columns", columns];
        stderr(&udfald(command).assert().code(2))
    };
    assert!(refused("twon:payment:total").contains("did you mean `town`?"));
    assert!(refused("town:payment").contains("PARTY:FLOW:YEAR"));
    assert!(!out.exists());
    let alone = stderr(&udfald(["run", SMALL, "--trial-columns", COLUMNS]).assert().code(2));
    assert!(alone.contains("--out"), "{alone}");
}
