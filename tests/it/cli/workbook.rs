//! The workbook, read back by another library: it says what the CSV files say, its formulas give what they state, and no
//! text of a scenario becomes a formula.

use std::io::Cursor;
use std::path::Path;

use calamine::{Data, Range, Reader as _, Xlsx, open_workbook_from_rs};

use super::{SMALL, files, results, text, udfald};

type Book = Xlsx<Cursor<Vec<u8>>>;

fn book(out: &Path) -> Book {
    open_workbook_from_rs(Cursor::new(std::fs::read(out.join("report.xlsx")).unwrap())).unwrap()
}

fn run(place: &Path, scenario: &str, options: &[&str]) -> std::path::PathBuf {
    let out = place.join("out");
    let command = ["run", scenario, "--trials", "2_000", "--out", text(&out), "--report", "workbook"];
    udfald(command).args(options).assert().code(0);
    out
}

/// The column and row of `B7`, from 0.
fn place_of(cell: &str) -> (u32, u32) {
    let letters = cell.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let column = letters.bytes().fold(0, |sum, letter| sum * 26 + u32::from(letter - b'A') + 1);
    (cell[letters.len()..].parse::<u32>().unwrap() - 1, column - 1)
}

/// A cell from the top left of the sheet.
fn at<'r>(range: &'r Range<Data>, cell: &str) -> &'r Data {
    range.get_value(place_of(cell)).unwrap_or(&Data::Empty)
}

fn number(range: &Range<Data>, cell: &str) -> f64 {
    match at(range, cell) {
        Data::Float(number) => *number,
        Data::Int(number) => *number as f64,
        Data::Empty => 0.0,
        other => panic!("{cell} is {other:?}"),
    }
}

/// The cells of `A1:B2`.
fn cells(area: &str) -> Vec<String> {
    let Some((from, to)) = area.split_once(':') else { return vec![area.to_owned()] };
    let ((top, left), (bottom, right)) = (place_of(from), place_of(to));
    let name = |row: u32, column: u32| format!("{}{}", char::from(b'A' + column as u8), row + 1);
    (top..=bottom).flat_map(|row| (left..=right).map(move |column| name(row, column))).collect()
}

/// What a formula of a workbook gives: sums, differences, counts.
fn value_of(formula: &str, range: &Range<Data>) -> f64 {
    if let Some(areas) = formula.strip_prefix("SUM(").and_then(|rest| rest.strip_suffix(')')) {
        return areas.split(',').flat_map(cells).map(|cell| number(range, &cell)).sum();
    }
    if let Some(rest) = formula.strip_prefix("COUNTIF(").and_then(|rest| rest.strip_suffix(')')) {
        let (area, wanted) = rest.split_once(',').unwrap();
        return cells(area).iter().filter(|cell| at(range, cell) == at(range, wanted)).count() as f64;
    }
    match (formula.split_once('-'), formula.split_once('+')) {
        (Some((a, b)), _) => number(range, a) - number(range, b),
        (_, Some((a, b))) => number(range, a) + number(range, b),
        _ => number(range, formula),
    }
}

/// Every formula of every sheet with its place.
fn formulas(book: &mut Book) -> Vec<(String, (u32, u32), String)> {
    let mut found = Vec::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_formula(&sheet).unwrap();
        let (top, left) = range.start().unwrap_or_default();
        let used = range.used_cells().filter(|cell| !cell.2.is_empty());
        let used = used.map(|(row, column, formula)| {
            (sheet.clone(), (top + row as u32, left + column as u32), formula.clone())
        });
        found.extend(used.collect::<Vec<_>>());
    }
    found
}

#[test]
fn a_workbook_is_of_the_run_and_verified_with_it() {
    let place = tempfile::tempdir().unwrap();
    for language in ["en", "da"] {
        let options = ["--report", "workbook,council", "--lang", language, "--threads"];
        let with = |threads| [&options[..], &[threads]].concat();
        let found = files(&results(place.path(), &with("1")));
        assert_eq!(found, files(&results(place.path(), &with("3"))));
        udfald(["verify", text(&place.path().join("results"))]).assert().code(0);
    }
}

#[test]
fn formulas_give_what_is_stated_and_only_averages_are_added() {
    let place = tempfile::tempdir().unwrap();
    let mut book = book(&run(place.path(), "scenarios/norddjurs.toml", &[]));
    let found = formulas(&mut book);
    assert!(found.len() > 60, "{}", found.len());
    for (sheet, (row, column), formula) in found {
        let range = book.worksheet_range(&sheet).unwrap();
        let Some(Data::Float(stated)) = range.get_value((row, column)) else {
            panic!("{sheet} {row} {column} {formula}")
        };
        let given = value_of(&formula, &range);
        assert!((given - stated).abs() <= 1e-6, "{sheet}: {formula} gives {given}, not {stated}");
        // Nothing but averages and what is known exactly is added up; on the first two sheets a row or column says so.
        if sheet == "Exposure" {
            assert_eq!(column, 3, "{formula}");
        }
        if sheet == "Summary" {
            assert_eq!(range.get_value((row, 0)), Some(&Data::String("average".to_owned())));
        }
    }
}

#[test]
fn the_exposure_is_that_of_the_file() {
    let place = tempfile::tempdir().unwrap();
    let out = run(place.path(), SMALL, &[]);
    let range = book(&out).worksheet_range("Exposure").unwrap();
    let csv = std::fs::read_to_string(out.join("exposure.csv")).unwrap();
    let mut compared = 0;
    for line in csv.lines().skip(1).filter(|line| line.starts_with("all,town")) {
        let cells: Vec<_> = line.split(',').collect();
        let row = range.rows().find(|row| {
            let year = match &row[2] {
                Data::Float(year) => year.to_string(),
                other => other.to_string(),
            };
            row[1] == "The town" && year == cells[2]
        });
        let row = row.unwrap_or_else(|| panic!("no row for {line}"));
        // Averages and amounts to the øre, shares to six digits; what is missing is told of the trials that exceed.
        for column in 3..13 {
            let Ok(expected) = cells[column].parse::<f64>() else {
                assert_eq!(row[column], Data::Empty, "{line}");
                continue;
            };
            let Data::Float(found) = row[column] else { panic!("{line}: {:?}", row[column]) };
            let slack = if matches!(column, 9 | 10 | 12) { 1e-5 } else { 0.005_001 };
            assert!((found - expected).abs() <= slack, "{line}: {found} instead of {expected}");
            compared += 1;
        }
    }
    assert!(compared >= 20, "{compared}");
}

#[test]
fn no_text_becomes_a_formula() {
    let place = tempfile::tempdir().unwrap();
    let mut book = book(&run(place.path(), "tests/fixtures/hostile.toml", &["--lang", "da"]));
    for (sheet, _, formula) in formulas(&mut book) {
        let ours = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
        assert!(
            formula.chars().all(|letter| ours(letter) || "():,+-".contains(letter)),
            "{sheet}: {formula}"
        );
        assert!(!formula.contains("1+1"), "{sheet}: {formula}");
    }
    let mut texts = String::new();
    for sheet in book.sheet_names() {
        let range = book.worksheet_range(&sheet).unwrap();
        range.used_cells().for_each(|(_, _, cell)| texts.push_str(&format!("{cell}\n")));
    }
    assert!(texts.contains("=1+1") && texts.contains("<script"), "{texts}");
    assert!(!texts.contains('\u{202e}') && !texts.contains(&"W".repeat(100)), "{texts}");
}
