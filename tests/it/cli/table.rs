//! The table for people, in both languages.

use super::{SMALL, stdout, udfald};

fn table(language: &str) -> String {
    stdout(&udfald(["run", SMALL, "--trials", "10_000", "--lang", language]).assert().code(0))
}

#[test]
fn the_table_in_english() {
    insta::assert_snapshot!(table("en"));
}

#[test]
fn the_table_in_danish() {
    insta::assert_snapshot!(table("da"));
}

#[test]
fn the_table_fits_a_hundred_columns() {
    for language in ["en", "da"] {
        let text = table(language);
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        assert!(!text.contains("neutral"), "{text}");
    }
}
