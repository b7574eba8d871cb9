//! Differences are those of meaning, each in a sentence.

use super::*;
use crate::scenario::load_from_memory;

const EVERYTHING: &str = include_str!("../../tests/fixtures/everything.toml");

fn scenario(text: &str) -> Scenario {
    let files = [("x.toml".to_owned(), text.as_bytes().to_vec())];
    let (scenario, _) =
        load_from_memory(&files, "x.toml").unwrap_or_else(|errors| panic!("{text}\n{errors}"));
    scenario
}

/// What changes when texts are replaced by others, in both languages.
fn told(text: &str, changes: &[(&str, &str)]) -> [Vec<String>; 2] {
    let changed = changes.iter().fold(text.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` must stand once");
        text.replace(from, to)
    });
    let (before, after) = (scenario(text), scenario(&changed));
    [Language::En, Language::Da].map(|language| {
        let found = differences(&before, &after, language);
        found.list.iter().map(|one| one.sentence(language)).collect()
    })
}

fn one(changes: &[(&str, &str)]) -> [String; 2] {
    told(EVERYTHING, changes).map(|mut list| {
        assert_eq!(list.len(), 1, "{list:#?}");
        list.swap_remove(0)
    })
}

#[test]
fn a_file_written_in_another_way_has_no_differences() {
    let mut tables: Vec<String> = EVERYTHING.split("\n[").map(|table| format!("\n[{table}")).collect();
    let top = tables.remove(0).replacen("\n[", "", 1);
    tables.reverse();
    let other = format!("# a comment\n{top}{}", tables.concat())
        .replace("500_000", "500000")
        .replace("0.3, others = \"rest\"", "0.30, others = \"7/10\"")
        .replace("rate = 0.4", "rate = 4e-1")
        .replace("payer = \"town\"\nper = \"year\"", "per = \"year\"\npayer = \"town\"");
    let (before, after) = (scenario(EVERYTHING), scenario(&other));
    for (language, nothing) in
        [(Language::En, "no differences in meaning\n"), (Language::Da, "ingen forskelle i indhold\n")]
    {
        let found = differences(&before, &after, language);
        assert!(found.is_empty(), "{}", found.lines());
        assert_eq!(found.lines(), nothing);
    }
}

#[test]
fn another_source_is_counted_and_no_difference() {
    let other = EVERYTHING.replace("made up for tests", "somebody said so");
    let found = differences(&scenario(EVERYTHING), &scenario(&other), Language::En);
    assert!(found.is_empty() && found.sources > 20, "{found:?}");
    assert!(found.lines().starts_with("no differences in meaning\n"), "{}", found.lines());
}

#[test]
fn each_change_is_one_sentence_in_both_languages() {
    let cases: [(&str, &str, &str, &str); 14] = [
        (
            "at_most = 25_000",
            "at_most = 1_000_000.5",
            "limit person: at most 25,000 kr. -> 1,000,000.5 kr.",
            "loft person: højst 25.000 kr. -> 1.000.000,5 kr.",
        ),
        (
            "price = 30_000",
            "price = 13_000",
            "term job: price 30,000 kr. -> 13,000 kr.",
            "betaling job: pris 30.000 kr. -> 13.000 kr.",
        ),
        (
            "[10_000, 20_000]",
            "20_000",
            "term home: price 10,000 kr., 20,000 kr. -> 20,000 kr.",
            "betaling home: pris 10.000 kr., 20.000 kr. -> 20.000 kr.",
        ),
        (
            "rate = 0.4",
            "rate = 0.45",
            "outcome job: share who reach it 40% -> 45%",
            "resultat job: andel der når det 40\u{a0}% -> 45\u{a0}%",
        ),
        (
            "beta = { a = 8, b = 8 }",
            "range = { low = 0.4, mid = 0.55, high = 0.7 }",
            "input r: 34.2% to 65.8% (mean 50%) -> 40% to 70% (mid 55%)",
            "tal r: 34,2\u{a0}% til 65,8\u{a0}% (gennemsnit 50\u{a0}%) -> 40\u{a0}% til 70\u{a0}% (midt 55\u{a0}%)",
        ),
        (
            "{ simple = 0.05 }",
            "600_000",
            "fund loan: return cap 5% a year, simple -> 600,000 kr.",
            "indskud loan: afkastloft 5\u{a0}% om året uden rentes rente -> 600.000 kr.",
        ),
        (
            "excess = \"rolls\"",
            "excess = \"lost\"",
            "limit region: what is above is presented again later -> is lost",
            "loft region: det overskydende fremlægges igen senere -> bortfalder",
        ),
        (
            "times = 1.1",
            "times = 1.2",
            "term home: multiplied by 1.1 -> 1.2",
            "betaling home: ganges med 1,1 -> 1,2",
        ),
        (
            "at_least = 9",
            "above = 10",
            "term job: only when job (latest of the intake) at least 9 -> job (latest of the intake) above 10",
            "betaling job: kun når job (seneste for holdet) mindst 9 -> job (seneste for holdet) over 10",
        ),
        (
            "job = [9, 30]",
            "job = [9, 31]",
            "case actual: job 9, 30 -> 9, 31",
            "forløb actual: job 9, 30 -> 9, 31",
        ),
        (
            "when = \"enough\"",
            "two_sided = false",
            "term job: only when job (latest of the intake) at least 9 -> none",
            "betaling job: kun når job (seneste for holdet) mindst 9 -> intet",
        ),
        ("people = 60", "people = 1_200", "people: number 60 -> 1,200", "personer: antal 60 -> 1.200"),
        (
            "{ name = \"The town\" }",
            "{ name = \"The town\", budget_year = \"04-01\" }",
            "party town: budget year begins none -> 04-01",
            "part town: budgetår begynder intet -> 01-04",
        ),
        ("alike = 0", "alike = 0.25", "people: alike none -> 0.25", "personer: ens intet -> 0,25"),
    ];
    for (from, to, english, danish) in cases {
        assert_eq!(one(&[(from, to)]), [english, danish], "{from}");
    }
}

#[test]
fn what_is_new_and_what_is_gone_is_told_in_full() {
    let limit = "[limit.region]\npayer = \"region\"\nper = \"year\"\nat_most = 120_000\nexcess = \"rolls\"\n";
    let [english, danish] = one(&[(limit, "")]);
    let said = "at most 120,000 kr.; for each year; payer region; covers all terms; what is above is presented again later";
    assert_eq!(english, format!("limit region: removed: {said}"));
    assert!(
        danish.starts_with("loft region: fjernet: højst 120.000 kr.; for hvert år; betaler region"),
        "{danish}"
    );
    let [english, _] =
        one(&[(limit, &format!("{limit}[limit.new]\nper = \"contract\"\nat_most = 9\nexcess = \"lost\"\n"))]);
    assert_eq!(
        english,
        "limit new: added: at most 9 kr.; for the whole contract; covers all terms; what is above is lost"
    );
}

#[test]
fn one_changed_line_is_one_difference_even_where_other_dates_follow() {
    let moved =
        [("2026-01-01 = 0.5", "2026-04-01 = 0.5"), ("home = { 2026-01-01 =", "home = { 2026-04-01 =")];
    let [english, _] = told(EVERYTHING, &moved);
    let expected = "people: start 2026-01-01 50%, 2027-01-01 50% -> 2026-04-01 50%, 2027-01-01 50%";
    assert!(english.contains(&expected.to_owned()), "{english:?}");
    assert!(!english.iter().any(|line| line.contains("measured")), "{english:?}");
}

#[test]
fn places_are_the_lines_of_the_numbers_in_both_files() {
    let changed = EVERYTHING.replace("price = 30_000", "# why\nprice = 31_000");
    let found = differences(&scenario(EVERYTHING), &scenario(&changed), Language::En);
    let line = EVERYTHING.lines().position(|line| line == "price = 30_000").unwrap() + 1;
    assert!(found.lines().contains(&format!("x.toml:{line} -> x.toml:{}\n", line + 1)), "{}", found.lines());
}

#[test]
fn a_gap_below_what_words_show_is_still_told() {
    let [english, _] = one(&[("a = 8, b = 8", "a = 8.000001, b = 8")]);
    assert_eq!(english, "input r: beta 8 8 -> beta 8.000001 8");
}
