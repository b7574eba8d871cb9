//! Files for programs: one JSON with everything, and a library of distributions.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::{results, text, udfald};

fn read(out: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(out.join(name)).unwrap()).unwrap()
}

/// Values of summary.csv by their keys.
fn stated(out: &Path) -> BTreeMap<String, String> {
    let csv = fs::read_to_string(out.join("summary.csv")).unwrap();
    let row = |line: &str| {
        let cells: Vec<_> = line.split(',').collect();
        (cells[..5].join(","), cells[5].to_owned())
    };
    csv.lines().skip(1).map(row).collect()
}

fn name<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap()
}

#[test]
fn the_json_says_what_the_csv_files_say() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--report", "json"]);
    let (json, stated) = (read(&out, "summary.json"), stated(&out));
    let figures = json["figures"].as_array().unwrap();
    assert!(figures.len() > 20, "{}", figures.len());
    for figure in figures {
        let keys = ["investment", "party", "flow", "year"].map(|key| name(figure, key)).join(",");
        for (statistic, found) in figure["statistics"].as_object().unwrap() {
            let cell = &stated[&format!("{keys},{statistic}")];
            let found = found.get("value").map(|value| value.as_f64().unwrap());
            assert_eq!(found, cell.parse().ok(), "{keys} {statistic}");
        }
    }
    // What is left out is nothing in every trial.
    let kept =
        |keys: &str| figures.iter().any(|f| keys == ["party", "flow", "year"].map(|k| name(f, k)).join(","));
    for (keys, value) in &stated {
        let parts: Vec<_> = keys.split(',').collect();
        if parts[0] == "all" && parts[4] == "max" && value != "0.00" {
            assert!(kept(&parts[1..4].join(",")), "{keys}");
        }
    }
    udfald(["verify", text(&out)]).assert().code(0);
}

#[test]
fn appropriations_are_told_with_what_is_missing_and_to_be_added() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--report", "json"]);
    let (json, stated) = (read(&out, "summary.json"), stated(&out));
    let all = json["appropriations"].as_array().unwrap();
    let town = all
        .iter()
        .find(|a| name(a, "party") == "town" && name(a, "year") == "2029" && name(a, "investment") == "all");
    let town = town.unwrap();
    let number = |key: &str| town[key].as_f64().unwrap();
    let paid =
        |statistic: &str| stated[&format!("all,town,payment,2029,{statistic}")].parse::<f64>().unwrap();
    assert!((number("appropriation") - 350_000.0).abs() < 1e-9);
    for (key, statistic) in [("to_add_p80", "p80"), ("to_add_p90", "p90")] {
        assert!((number(key) - (paid(statistic) - 350_000.0).max(0.0)).abs() < 0.005, "{key}");
    }
    assert!(number("to_add_p90") > 0.0 && number("prob_over") > 0.1);
    let product = number("mean_over_if_over") * number("prob_over");
    assert!((product - number("mean_over")).abs() < 1.0, "{product}");
}

#[test]
fn the_shape_is_documented() {
    let place = tempfile::tempdir().unwrap();
    let json = read(&results(place.path(), &["--report", "json"]), "summary.json");
    let page = include_str!("../../../docs/reports.md");
    let first = |key: &str| json[key][0].clone();
    let parts = [
        json.clone(),
        json["scenario"].clone(),
        json["run"].clone(),
        first("figures"),
        first("figures")["statistics"]["mean"].clone(),
        first("appropriations"),
        first("limits"),
        first("cases"),
    ];
    for part in parts {
        for key in part.as_object().unwrap().keys() {
            assert!(page.contains(&format!("`{key}`")), "docs/reports.md lacks {key}");
        }
    }
}

#[test]
fn the_library_of_distributions_is_whole_and_of_the_run() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--report", "sipmath"]);
    let (library, stated) = (read(&out, "sipmath.json"), stated(&out));
    assert_eq!(name(&library, "libraryType"), "SIPmath_3_0");
    let sips = library["sips"].as_array().unwrap();
    let matrix = library["globalVariables"][0]["value"]["matrix"].as_array().unwrap();
    assert_eq!(matrix.len(), sips.len() * (sips.len() + 1) / 2);
    assert_eq!(library["U01"]["rng"].as_array().unwrap().len(), sips.len());
    for (sip, keys) in
        [("town_payment_total", "town,payment,total"), ("investor_receipt_total", "investor,receipt,total")]
    {
        let found =
            sips.iter().find(|found| name(found, "name") == sip).unwrap_or_else(|| panic!("no {sip}"));
        let mean: f64 = stated[&format!("all,{keys},mean")].parse().unwrap();
        assert!((found["metadata"]["mean"].as_f64().unwrap() - mean).abs() < 0.01, "{sip}");
        assert!(found["arguments"]["aCoefficients"].as_array().unwrap().len() >= 2);
    }
    // What the payers pay the investor gets back: they go together.
    let pair = |a: &str, b: &str| matrix.iter().find(|c| [name(c, "row"), name(c, "col")] == [a, b]);
    let both = pair("investor_receipt_total", "all_payment_total")
        .or_else(|| pair("all_payment_total", "investor_receipt_total"));
    assert!(both.unwrap()["value"].as_f64().unwrap() > 0.8, "{both:?}");
    udfald(["verify", text(&out)]).assert().code(0);
}
