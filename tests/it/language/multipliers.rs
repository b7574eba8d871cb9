//! `times` and `index`.

use super::paid;

/// Three people in each of two intakes, measured in 2026 and 2027.
const PEOPLE: &str = "[cohort]\npeople = 6\nintakes = { 2026-01-01 = 0.5, 2027-01-01 = \"rest\" }\n\
    [outcome.done]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 1\n";

#[test]
fn a_haircut_is_exact() {
    let price = |words: &str| paid::<2>(&format!("{PEOPLE}[term.a]\nfor = \"done\"\n{words}"));
    assert_eq!(price("price = 100\ntimes = 0.67"), [20_100, 20_100]);
    // A third of 100.00 for three people is 100.00, not 99.99.
    assert_eq!(price("price = 100\ntimes = \"1/3\""), [10_000, 10_000]);
    assert_eq!(price("price = 100\ntimes = [1, 1.5]"), [30_000, 45_000]);
    assert_eq!(price("price = 0.000001\ntimes = 1000"), [0, 0]);
}

#[test]
fn rows_and_fixed_amounts_are_multiplied_too() {
    let rows = "[term.a]\nfor = \"done\"\nmeasured = \"each intake\"\ntimes = \"1/3\"\n\
        price = [{ from = 2, pay = 100 }, { from = 3, pay = 200.01 }]\n";
    assert_eq!(paid::<2>(&format!("{PEOPLE}{rows}")), [6_667, 6_667]);
    let based = rows.replace("200.01", "2").replace("times", "base = [100, 50]\ntimes");
    assert_eq!(paid::<2>(&format!("{PEOPLE}{based}")), [6_667, 3_333]);
    let fixed = "[term.a]\nprice = [10, 20]\ndue = { on = [2026-06-30, 2027-06-30] }\ntimes = \"2/3\"\n";
    assert_eq!(paid::<2>(fixed), [667, 1_333]);
}

#[test]
fn an_index_follows_the_year_of_measuring() {
    let index =
        "[index]\ntable = { years = { 2026 = 1, 2027 = 1.025 } }\nrise = { yearly = 0.02, from = 2025 }\n";
    let term = |name: &str| {
        let term = format!("[term.a]\nfor = \"done\"\nprice = 100\nindex = \"{name}\"\n");
        // What falls due later is still priced by the year of measuring.
        paid::<3>(&format!("{PEOPLE}{index}{term}due = {{ after = \"12 months\" }}\n"))
    };
    assert_eq!(term("table"), [0, 30_000, 30_750]);
    assert_eq!(term("rise"), [0, 30_600, 31_212]);
}

#[test]
fn an_uncertain_multiplier_with_one_value_is_that_value() {
    let input = "[input]\nkept = { value = 0.75 }\n";
    let term = |words: &str| paid::<2>(&format!("{PEOPLE}{input}[term.a]\nfor = \"done\"\n{words}"));
    assert_eq!(term("price = 100\ntimes = \"kept\""), [22_500, 22_500]);
    assert_eq!(
        term("measured = \"each intake\"\nprice = [{ from = 3, pay = 10.01 }]\ntimes = \"kept\""),
        [751, 751]
    );
    let fixed = "[term.a]\nprice = 10.01\ndue = { on = 2026-06-30 }\ntimes = \"kept\"\n";
    assert_eq!(paid::<1>(&format!("{input}{fixed}")), [751]);
}
