//! `groups` of the cohort.

use super::paid;

const COHORT: &str = "[cohort]\npeople = 95\nintakes = { 2026-01-01 = 0.45, 2027-01-01 = \"rest\" }\n\
    groups = { hard = 0.3, others = \"rest\" }\n";

fn term(name: &str, of: &str, price: u32) -> String {
    format!("[term.{name}]\nof = \"{of}\"\nat = \"6 months\"\nrate = 1\nprice = {price}\n")
}

#[test]
fn each_intake_is_divided_into_whole_people() {
    // 43 and 52 people; a third less: 12.9 and 15.6 are 13 and 16 of the hard group.
    assert_eq!(paid::<2>(&format!("{COHORT}{}", term("a", "hard", 1))), [1_300, 1_600]);
    assert_eq!(paid::<2>(&format!("{COHORT}{}", term("a", "others", 1))), [3_000, 3_600]);
    let both = format!("{COHORT}{}{}", term("a", "hard", 1), term("b", "others", 1));
    assert_eq!(paid::<2>(&both), [4_300, 5_200]);
}

#[test]
fn an_outcome_of_a_group_is_a_population_too() {
    let chain = "[outcome.first]\nof = \"hard\"\nat = \"3 months\"\nrate = 1\n";
    assert_eq!(paid::<2>(&format!("{COHORT}{chain}{}", term("a", "first", 1))), [1_300, 1_600]);
    // The noise of a level of a group depends on the group's people; without spread there is none.
    let level = "[term.a]\nof = \"hard\"\nat = \"6 months\"\nlevel = 2.5\nnoise = { sd = 0, people = \"hard\" }\n\
        measured = \"each time\"\nprice = [{ from = 0, each = 10 }, { from = 9, pay = 90 }]\n";
    assert_eq!(paid::<2>(&format!("{COHORT}{level}")), [2_500, 2_500]);
}
