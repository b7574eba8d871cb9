//! Groups that will not do.

use insta::assert_snapshot;

use super::*;

fn with_groups(groups: &str) -> String {
    changed("people  = \"places\"", &format!("people  = \"places\"\ngroups  = {groups}"))
}

#[test]
fn groups_that_are_no_partition_or_share_a_name() {
    assert_snapshot!(refused_text(&with_groups("{ hard = 0.3, others = 0.6 }")), @r#"
    error: `groups` of the cohort adds up to 0.9, not to 1
      --> homes.toml:28:11
       |
    28 | groups  = { hard = 0.3, others = 0.6 }
       |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this value
       |
       = help: shares of one thing add up to exactly 1; write "rest" for the last, or `"1/3"` for a third
    "#);
    assert_snapshot!(refused_text(&with_groups("{ in_home = 0.3, others = \"rest\" }")), @r#"
    error: outcome `in_home` has the name of a group
      --> homes.toml:30:10
       |
    30 | [outcome.in_home]
       |          ^^^^^^^ here
       |
       = help: rename one: the group is people, the outcome what they reach
    "#);
    assert_snapshot!(refused_text(&with_groups("{ home_rate = 0.3, others = \"rest\" }")), @r#"
    error: `home_rate` is both an input and a group
      --> homes.toml:28:13
       |
    28 | groups  = { home_rate = 0.3, others = "rest" }
       |             ^^^^^^^^^ the second
       |
       = help: rename one: they may stand in the same places
    "#);
    assert_snapshot!(refused_text(&with_groups("{ enrolled = 0.3, Others = \"rest\" }")), @r#"
    error: a group cannot be called `enrolled`
      --> homes.toml:28:13
       |
    28 | groups  = { enrolled = 0.3, Others = "rest" }
       |             ^^^^^^^^ this name
       |
       = help: `enrolled` is everyone in the cohort

    error: `Others` is not a name: small letters a-z, digits and `_`, a letter first
      --> homes.toml:28:29
       |
    28 | groups  = { enrolled = 0.3, Others = "rest" }
       |                             ^^^^^^ this name
       |
       = help: write for example `others`; the Danish name goes in `name`
    "#);
}

#[test]
fn a_group_that_does_not_exist() {
    let text = with_groups("{ hard = 0.3, others = \"rest\" }");
    let text = text.replacen("of   = \"enrolled\"", "of   = \"other\"", 1);
    assert_snapshot!(refused_text(&text), @r#"
    error: `of` of outcome `in_home` names `other`, which is no outcome
      --> homes.toml:31:8
       |
    31 | of   = "other"
       |        ^^^^^^^ unknown
       |
       = help: did you mean `others`?
    "#);
}
