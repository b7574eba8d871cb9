//! `new` writes scenarios that check and run as they are, in both languages and from every contract of the gallery.

use std::path::Path;

use super::{files, stderr, stdout, text, udfald};

/// The ids that `--list` lists.
fn ids() -> Vec<String> {
    let listed = stdout(&udfald(["new", "--list"]).assert().code(0));
    listed.lines().skip(1).map(|line| line.split_whitespace().next().unwrap().to_owned()).collect()
}

/// What `check` says of a file that also runs.
fn checked(file: &Path) -> String {
    let said = stdout(&udfald(["check", text(file)]).assert().code(0));
    udfald(["run", text(file), "--trials", "1_000", "--threads", "1"]).assert().code(0);
    said
}

#[test]
fn the_starter_runs_and_nothing_in_it_is_suspicious() {
    for (language, said) in [("en", " is written."), ("da", " er skrevet.")] {
        let place = tempfile::tempdir().unwrap();
        let asked = udfald(["new", "--lang", language]).current_dir(place.path()).assert().code(0);
        assert!(stdout(&asked).starts_with(&format!("contract.toml{said}")), "{}", stdout(&asked));
        let file = place.path().join("contract.toml");
        let found = checked(&file);
        assert!(found.contains(": no errors\n") && !found.contains("warning"), "{found}");
        // The lines that a new user is told to type are true.
        for line in stdout(&asked).lines().skip(1) {
            let words: Vec<_> = line.split_whitespace().skip(1).collect();
            udfald([]).args(words).current_dir(place.path()).assert().code(0);
        }
        assert_eq!(files(place.path()).len(), 1, "nothing else is left behind");
    }
}

#[test]
fn every_contract_of_the_gallery_is_written_as_it_is_below_a_line_on_its_origin() {
    let place = tempfile::tempdir().unwrap();
    assert!(ids().len() >= 17, "{:?}", ids());
    for (id, language) in ids().iter().zip(["en", "da"].into_iter().cycle()) {
        let file = place.path().join(format!("{id}.toml"));
        udfald(["new", text(&file), "--from", id, "--lang", language]).assert().code(0);
        let shipped = std::fs::read_to_string(format!("scenarios/gallery/{id}.toml")).unwrap();
        let written = std::fs::read_to_string(&file).unwrap();
        let (first, rest) = written.split_once("\n#\n").unwrap();
        assert_eq!(rest, shipped);
        assert!(
            first.starts_with(if language == "en" { "# Begun from `" } else { "# Begyndt fra `" }),
            "{first}"
        );
        checked(&file);
    }
}

#[test]
fn nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("contract.toml");
    std::fs::write(&file, "mine").unwrap();
    let refused = udfald(["new", text(&file)]).assert().code(2);
    assert!(
        stderr(&refused).contains("exists and is left as it is; name another file"),
        "{}",
        stderr(&refused)
    );
    udfald(["new", text(place.path())]).assert().code(2);
    udfald(["new", text(&file.join("below.toml"))]).assert().code(2);
    assert_eq!(files(place.path()).into_values().collect::<Vec<_>>(), [b"mine".to_vec()]);
}

#[test]
fn a_dash_prints_it() {
    let place = tempfile::tempdir().unwrap();
    let printed = stdout(&udfald(["new", "-", "--lang", "da"]).current_dir(place.path()).assert().code(0));
    assert_eq!(printed, std::fs::read_to_string("scenarios/starter/da.toml").unwrap());
    assert!(files(place.path()).is_empty());
}

#[test]
fn an_unknown_contract_is_refused_with_the_nearest() {
    let refused = stderr(&udfald(["new", "-", "--from", "norfolck"]).assert().code(2));
    assert!(refused.contains("no contract `norfolck`; did you mean `norfolk`?"), "{refused}");
    let refused = stderr(&udfald(["new", "-", "--from", "paris"]).assert().code(2));
    assert!(refused.contains("no contract `paris`; `udfald new --list` lists them all"), "{refused}");
    udfald(["new", "--list", "--from", "norfolk"]).assert().code(2);
}

#[test]
fn the_list_speaks_both_languages() {
    let danish = stdout(&udfald(["new", "--list", "--lang", "da"]).assert().code(0));
    assert!(danish.starts_with("Kontrakter at begynde fra"), "{danish}");
    assert!(danish.contains("  norfolk                Stronger Families Norfolk\n"), "{danish}");
}
