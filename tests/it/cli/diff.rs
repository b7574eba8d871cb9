//! `diff` tells in words what differs between two scenarios.

use super::{SMALL, stderr, stdout, udfald};

fn diff(first: &str, second: &str, language: &str) -> String {
    stdout(&udfald(["diff", first, second, "--lang", language]).assert().code(0))
}

#[test]
fn the_shipped_variants_are_told_in_both_languages() {
    let pairs = [
        ("norddjurs", "norddjurs-appropriation"),
        ("norddjurs", "norddjurs-return-11"),
        ("social-referrals", "social-referrals-return-4.6"),
        ("youth", "youth-success-of-enrolled"),
    ];
    let told = |(first, second): &(&str, &str)| {
        let [first, second] =
            [format!("scenarios/{first}.toml"), format!("scenarios/variants/{second}.toml")];
        ["en", "da"].map(|language| diff(&first, &second, language)).join("\n")
    };
    insta::assert_snapshot!(pairs.iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn two_contracts_of_the_gallery_are_told_side_by_side() {
    let told = |first: &str, second: &str, language: &str| {
        diff(
            &format!("scenarios/gallery/{first}.toml"),
            &format!("scenarios/gallery/{second}.toml"),
            language,
        )
    };
    insta::assert_snapshot!(told("aarhus-homeless", "aarhus-job", "en"));
    insta::assert_snapshot!(told("nyc-able", "nyc-able-stopped", "da"));
}

#[test]
fn equal_files_end_with_0_as_different_ones_do_and_broken_ones_with_2() {
    assert!(diff(SMALL, SMALL, "en").ends_with("no differences in meaning\n"));
    assert!(diff(SMALL, "tests/fixtures/everything.toml", "en").contains(" removed\n"));
    let refused = udfald(["diff", SMALL, "tests/fixtures/missing.toml"]).assert().code(2);
    assert!(stderr(&refused).contains("missing.toml"));
}

/// What the page of the command shows is what its commands print.
#[test]
fn the_page_shows_what_is_printed() {
    let page = std::fs::read_to_string("docs/diff.md").unwrap();
    let mut printed = String::new();
    let mut compared = 0;
    for block in page.split("\n```").skip(1).step_by(2) {
        let (kind, text) = block.split_once('\n').unwrap();
        if kind == "sh" {
            let words: Vec<_> = text.split_whitespace().skip(1).collect();
            printed = stdout(&udfald([]).args(words).assert().code(0));
        } else {
            assert!(printed.contains(text), "{text}\n{printed}");
            compared += 1;
        }
    }
    assert_eq!(compared, 2);
}
