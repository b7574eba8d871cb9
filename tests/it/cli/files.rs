//! The files of a results folder: their names, grids, marks, and that nothing but the run decides their bytes.

use std::collections::BTreeMap;
use std::path::Path;

use super::{SMALL, files, results, text, udfald};

fn names(files: &BTreeMap<std::path::PathBuf, Vec<u8>>) -> Vec<&str> {
    files.keys().map(|name| text(name)).collect()
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(bytes);
    reader.deserialize().collect::<Result<_, _>>().expect("rows of text")
}

#[test]
fn a_results_folder_holds_everything_to_run_again() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &[]));
    assert_eq!(
        names(&found),
        ["exposure.csv", "limits.csv", "passport.json", "scenario/small.toml", "summary.csv"]
    );
    assert_eq!(found[Path::new("scenario/small.toml")], std::fs::read(SMALL).unwrap());
}

#[test]
fn threads_do_not_change_a_byte() {
    let place = tempfile::tempdir().unwrap();
    let one = files(&results(place.path(), &["--threads", "1"]));
    for threads in ["2", "3", "7"] {
        assert_eq!(files(&results(place.path(), &["--threads", threads])), one, "{threads} threads");
    }
    // A test of the test: another seed changes the figures.
    assert_ne!(files(&results(place.path(), &["--seed", "2"])), one);
}

#[test]
fn the_language_changes_no_file() {
    let place = tempfile::tempdir().unwrap();
    let english = files(&results(place.path(), &[]));
    assert_eq!(files(&results(place.path(), &["--lang", "da"])), english);
}

#[test]
fn the_grid_is_dense_and_in_order() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &[]));
    let summary = rows(&found[Path::new("summary.csv")]);
    // 2 investments (with all), 5 parties, 9 flows, 3 years, 19 statistics.
    assert_eq!(summary.len(), 2 * 5 * 9 * 3 * 19);
    let column = |index: usize| {
        let mut seen: Vec<&str> = Vec::new();
        for row in &summary {
            if !seen.contains(&row[index].as_str()) {
                seen.push(&row[index]);
            }
        }
        seen.join(" ")
    };
    assert_eq!(column(0), "small all");
    assert_eq!(column(1), "charity investor region town all");
    assert_eq!(column(2), "earned cut moved_in moved_out topped_up payment receipt drawdown donation");
    assert_eq!(column(3), "2028 2029 total");
    assert_eq!(column(8), "DKK 2026 share");
}

#[test]
fn exposure_repeats_the_figures_of_the_summary() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &[]));
    let summary = rows(&found[Path::new("summary.csv")]);
    let figure = |investment: &str, party: &str, year: &str, statistic: &str| {
        let keys = [investment, party, "payment", year, statistic];
        summary.iter().find(|row| row[..5].iter().zip(keys).all(|(a, b)| a == b)).unwrap()[5].clone()
    };
    let exposure = rows(&found[Path::new("exposure.csv")]);
    assert_eq!(exposure.len(), 2 * 3 * 3);
    let statistics = ["mean", "p10", "p50", "p80", "p90", "contract_max", "prob_cut", "prob_zero"];
    for row in &exposure {
        for (cell, statistic) in row[3..].iter().zip(statistics) {
            assert_eq!(*cell, figure(&row[0], &row[1], &row[2], statistic), "{row:?} {statistic}");
        }
        let budgeted = row[1] == "town";
        assert_eq!(row[11..].iter().all(String::is_empty), !budgeted, "{row:?}");
    }
}

#[test]
fn intervals_of_means_are_symmetric_to_the_ore() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &[]));
    let ore = |cell: &String| cell.replace('.', "").parse::<i64>().unwrap();
    let mut seen = 0;
    for row in
        rows(&found[Path::new("summary.csv")]).iter().filter(|row| row[4] == "mean" && !row[6].is_empty())
    {
        assert_eq!(ore(&row[5]) - ore(&row[6]), ore(&row[7]) - ore(&row[5]), "{row:?}");
        seen += 1;
    }
    assert!(seen > 20);
}

#[test]
fn the_danish_profile_differs_in_marks_only() {
    let place = tempfile::tempdir().unwrap();
    let plain = files(&results(place.path(), &[]));
    let danish = files(&results(place.path(), &["--csv", "excel-da"]));
    for name in ["summary.csv", "exposure.csv", "limits.csv"] {
        let plain = String::from_utf8(plain[Path::new(name)].clone()).unwrap();
        let expected = plain.replace(',', ";").replace('.', ",").replace('\n', "\r\n");
        assert_eq!(
            String::from_utf8(danish[Path::new(name)].clone()).unwrap(),
            format!("\u{feff}{expected}"),
            "{name}"
        );
    }
}

#[test]
fn no_file_knows_where_or_when_it_was_made() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &["--threads", "2"]));
    let passport = String::from_utf8(found[Path::new("passport.json")].clone()).unwrap();
    for word in [text(place.path()), "tests/fixtures", "thread", "host"] {
        assert!(!passport.contains(word), "{word}: {passport}");
    }
}

#[test]
fn the_reference_sampler_is_recorded() {
    let place = tempfile::tempdir().unwrap();
    let found = files(&results(place.path(), &["--sampler", "reference"]));
    assert!(
        String::from_utf8_lossy(&found[Path::new("passport.json")]).contains("\"sampler\": \"reference\"")
    );
    udfald(["verify", text(&place.path().join("results"))]).assert().code(0);
}

/// What one of several limits takes in all can be one amount in every trial that no other figure has.
#[test]
fn a_contract_without_chance_is_written_too() {
    let place = tempfile::tempdir().unwrap();
    let (file, out) = (place.path().join("certain.toml"), place.path().join("out"));
    let tables = "[cohort]\npeople = 60\nintakes = { 2026-01-01 = 0.5, 2027-01-01 = \"rest\" }\n\
                  [term.job]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\nprice = 1_000\npaid_by = \"town\"\n\
                  [limit.each]\npayer = \"town\"\nper = \"payment\"\nat_most = 28_000\nexcess = \"lost\"\n\
                  [limit.yearly]\npayer = \"town\"\nper = \"year\"\nat_most = 11_000\nexcess = \"rolls\"\n";
    let head = "udfald = 1\ninvestment = \"certain\"\ncurrency = \"DKK\"\nstarts = 2026-01-01\nends = 2029-12-31\n\
                assumed = \"a test\"\n[party]\ntown = {}\n";
    std::fs::write(&file, format!("{head}{tables}")).unwrap();
    let run =
        udfald(["run", text(&file), "--trials", "10", "--out", text(&out), "--report", "workbook,json"]);
    { run }.assert().code(0);
    let limits = String::from_utf8(files(&out)[Path::new("limits.csv")].clone()).unwrap();
    assert!(limits.contains("certain,yearly,year,town,total,mean_cut,12000.00"), "{limits}");
    udfald(["verify", text(&out)]).assert().code(0);
}
