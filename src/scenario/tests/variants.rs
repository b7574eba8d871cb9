//! Files laid over a base, portfolios, and copies that load again.

use insta::assert_snapshot;

use super::*;
use crate::scenario::register::Class;

fn load_files(all: &[(&str, &str)]) -> Result<Scenario, String> {
    load_from_memory(&files(all), all[0].0).map(|(scenario, _)| scenario).map_err(|errors| errors.to_string())
}

const OVER: &str = "base = \"homes.toml\"\n";

#[test]
fn a_variant_changes_what_it_says_and_loses_the_source_of_it() {
    let over = "base = \"../homes.toml\"\n[limit.town]\nat_most = 400_000\n[input.places]\nvalue = 90\n";
    let scenario = load_files(&[("variants/x.toml", over), ("homes.toml", GOOD)]).unwrap();
    let entry = |path: &str| scenario.register.entries().iter().find(|e| e.path == path).unwrap().clone();
    assert_eq!(
        (entry("limit.town.at_most").class, entry("fund.loan.amount").class),
        (Class::None, Class::Stated)
    );
    assert_eq!(entry("limit.town.at_most").value, "400000");
    assert_eq!(scenario.sources.place(&entry("fund.loan.amount").span).to_string(), "../homes.toml:15:14");
    assert!(scenario.register.entries().iter().all(|e| !e.path.starts_with("input.places.pert")));
}

#[test]
fn a_variant_may_take_tables_out() {
    let over =
        format!("{OVER}remove = [\"limit.town\", \"term.home.paid_by\"]\n[term.home]\npaid_by = \"town\"\n");
    let scenario = load_files(&[("x.toml", &over), ("homes.toml", GOOD)]).unwrap();
    assert!(scenario.investments[0].limits.is_empty());
    assert_eq!(scenario.investments[0].terms[0].payers.len(), 1);
    let wrong = format!("{OVER}remove = [\"limit.twon\"]\n");
    assert_snapshot!(load_files(&[("x.toml", &wrong), ("homes.toml", GOOD)]).unwrap_err(), @r#"
    error: the base has no `limit.twon` to remove
     --> x.toml:2:11
      |
    2 | remove = ["limit.twon"]
      |           ^^^^^^^^^^^^ not there
      |
      = help: did you mean `town`?
    "#);
}

#[test]
fn bases_in_a_circle_show_the_chain() {
    let files = [
        ("a.toml", "base = \"b.toml\"\n"),
        ("b.toml", "base = \"c.toml\"\n"),
        ("c.toml", "base = \"b.toml\"\n"),
    ];
    assert_snapshot!(load_files(&files).unwrap_err(), @r#"
    error: files are laid over each other in a circle: b.toml -> c.toml -> b.toml
     --> c.toml:1:8
      |
    1 | base = "b.toml"
      |        ^^^^^^^^ leads back
      |
      = help: take `base` out of one of them
    "#);
}

#[test]
fn portfolios_in_a_circle_show_the_chain() {
    let portfolio =
        |id: &str, file: &str| format!("udfald = 1\nportfolio = \"{id}\"\ninclude = [\"{file}\"]\n");
    let (a, b) = (portfolio("a", "b.toml"), portfolio("b", "a.toml"));
    assert_snapshot!(load_files(&[("a.toml", &a), ("b.toml", &b)]).unwrap_err(), @r#"
    error: files include each other in a circle: a.toml -> b.toml -> a.toml
     --> a.toml:3:12
      |
    3 | include = ["b.toml"]
      |            ^^^^^^^^ this file
      |
      = help: include its investments one by one
    "#);
    let own = portfolio("a", "a.toml");
    assert_snapshot!(load_files(&[("a.toml", &own)]).unwrap_err(), @r#"
    error: a portfolio includes itself: a.toml -> a.toml
     --> a.toml:3:12
      |
    3 | include = ["a.toml"]
      |            ^^^^^^^^ this file
      |
      = help: include its investments one by one
    "#);
}

#[test]
fn a_missing_file_suggests_its_neighbour() {
    let over = "base = \"hoems.toml\"\n";
    assert_snapshot!(load_files(&[("x.toml", over), ("homes.toml", GOOD)]).unwrap_err(), @r#"
    error: there is no file `hoems.toml`
     --> x.toml:1:8
      |
    1 | base = "hoems.toml"
      |        ^^^^^^^^^^^^ named here
      |
      = help: did you mean `homes.toml`?
    "#);
}

#[test]
fn what_investments_share_must_agree() {
    let portfolio = "udfald = 1\nportfolio = \"p\"\ninclude = [\"homes.toml\", \"other.toml\"]\n";
    let other = GOOD
        .replace("\"homes\"", "\"other\"")
        .replace("chance = 0.25", "chance = 0.5")
        .replace("DKK", "SEK")
        .replace("\"Town\"", "\"City\"");
    assert_snapshot!(load_files(&[("p.toml", portfolio), ("homes.toml", GOOD), ("other.toml", &other)]).unwrap_err(), @r#"
    error: investment `other` defines party `town` otherwise than another investment of the portfolio
     --> other.toml:1:1
      |
    1 | udfald     = 1
      | ^ here
      |
      = help: define it alike in both, or give it another name

    error: amounts are in DKK and in SEK
     --> other.toml:3:14
      |
    3 | currency   = "SEK"
      |              ^^^^^ here
      |
      = help: one scenario has one currency and price level; there are no exchange rates

    error: investment `other` defines event `reform` otherwise than another investment of the portfolio
      --> other.toml:19:8
       |
    19 | [event.reform]
       |        ^^^^^^ here
       |
       = help: define it alike in both, or give it another name
    "#);
    let twice = portfolio.replace("other.toml", "homes.toml");
    assert_snapshot!(load_files(&[("p.toml", &twice), ("homes.toml", GOOD)]).unwrap_err(), @r"
    error: there are two investments `homes`
     --> homes.toml:1:1
      |
    1 | udfald     = 1
      | ^ the second
      |
      = help: give one of them another id
    ");
}

#[test]
fn a_copy_of_the_files_means_the_same() {
    let first = loaded("norddjurs.toml");
    let copy: Vec<_> = first.sources.tree().into_iter().map(|(name, bytes)| (name, bytes.to_vec())).collect();
    let (second, _) = load_from_memory(&copy, &first.sources.root()).unwrap();
    assert_eq!(format!("{first:#?}"), format!("{second:#?}"));
    assert_eq!(copy.len(), 3);
}

#[test]
fn every_shipped_scenario_loads() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                let (_, warnings) = load_with_warnings(&path).unwrap_or_else(|errors| panic!("\n{errors}"));
                assert!(warnings.is_empty(), "\n{warnings}");
                count += 1;
            }
        }
    }
    assert!(count >= 4);
}
