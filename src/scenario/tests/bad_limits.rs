//! Splits, limits, funds and signs that will not do, each with the words that say so.

use super::*;

/// One line of the small contract changed: the message and the help it must give.
fn says(from: &str, to: &str, wanted: &[&str]) {
    let message = refused(from, to);
    for words in wanted {
        assert!(message.contains(words), "{to}\nlacks: {words}\n{message}");
    }
}

#[test]
fn splits_over_time() {
    let split = |to: &str, wanted: &[&str]| says("{ town = 0.75, region = 0.25 }", to, wanted);
    split("[]", &["is an empty list", "the last without end"]);
    split("[{ until = 2028-01-01, shares = \"town\" }]", &["later amounts have no payer", "without end"]);
    split("[{ shares = \"town\" }, { shares = \"region\" }]", &["number 1 of `paid_by`", "has no `until`"]);
    split(
        "[{ until = 2028-01-01, shares = \"town\" }, { until = 2027-01-01, shares = \"region\" }, { shares = \"town\" }]",
        &["number 2 of `paid_by`", "does not end after the one before it"],
    );
    split("[{ until = 2028-01-01, shares = { town = 0.5 } }, { shares = \"town\" }]", &["add up to"]);
    split(
        "[{ util = 2028-01-01, shares = \"town\" }, { shares = \"town\" }]",
        &["`util` is no word", "`until`"],
    );
}
