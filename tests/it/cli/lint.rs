//! `check --explain` says what each rule of the lint looks for.

use super::{stdout, udfald};

#[test]
fn all_rules_stand_in_the_documentation_as_they_are_printed() {
    let printed = stdout(&udfald(["check", "--explain", "all"]).assert().code(0));
    let page = std::fs::read_to_string("docs/lint.md").unwrap();
    assert!(page.contains(&printed), "docs/lint.md holds what this prints:\n{printed}");
}

#[test]
fn one_rule_is_explained_by_its_id_and_an_unknown_one_is_refused() {
    let text = stdout(&udfald(["check", "--explain", "cliff"]).assert().code(0));
    assert!(text.starts_with("cliff\n  Looks for a price that jumps"), "{text}");
    let refused = udfald(["check", "--explain", "clif"]).assert().code(2);
    let message = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
    assert!(message.contains("no rule `clif`") && message.contains("cliff"), "{message}");
}
