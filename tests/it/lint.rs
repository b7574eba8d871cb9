//! Every rule of the lint fires where it must, and nowhere else in a sound contract.

use std::fmt::Write as _;

use udfald::lint::{RULES, shown_with};

use crate::support::model;

/// A contract in which no rule finds anything: the return cap cuts, and the limits allow little more.
fn sound() -> String {
    let small = include_str!("../fixtures/small.toml");
    small.replace("{ balance = 0.08 }", "{ balance = 0.05 }")
}

/// A rule, what is replaced in the sound contract, and what is added at its end.
type Mistake = (&'static str, &'static [(&'static str, &'static str)], &'static str);

const MISTAKES: &[Mistake] = &[
    (
        "idle-limit",
        &[],
        "[limit.region-year]\npayer = \"region\"\nper = \"year\"\nat_most = 378_000\nexcess = \"lost\"\n",
    ),
    (
        "full-limit",
        &[],
        "[term.start]\nprice = 40_000\ndue = { on = 2027-07-01 }\npaid_by = \"town\"\n\
         [limit.start]\nterms = [\"start\"]\nper = \"contract\"\nat_most = 30_000\nexcess = \"lost\"\n",
    ),
    (
        "uncapped-payer",
        &[("return_cap = { balance = 0.05 }\n", "")],
        "[term.visit]\nof = \"enrolled\"\nat = \"12 months\"\nrate = \"rate\"\nprice = 100\npaid_by = \"charity\"\n",
    ),
    (
        "principal-out-of-reach",
        &[("amount     = 900_000", "amount     = 1_900_000"), ("return_cap = { balance = 0.05 }\n", "")],
        "",
    ),
    ("return-cap-idle", &[("{ balance = 0.05 }", "{ balance = 0.38 }")], ""),
    ("limits-above-return-cap", &[("{ balance = 0.05 }", "{ multiple = 1.0 }")], ""),
    (
        "independent-outcomes",
        &[("[term.job]", "[input.other]\nbeta = { a = 2, b = 2 }\n[term.job]")],
        "[term.visit]\nof = \"enrolled\"\nat = \"12 months\"\nrate = \"other\"\nprice = 100\npaid_by = \"town\"\n",
    ),
    (
        "dispersion-twice",
        &[
            ("beta = { a = 8, b = 8 }", "beta = { a = 8, b = 8 }\ndrawn = \"each intake\""),
            ("rate    = \"rate\"", "rate    = \"rate\"\nclustering = 0.05"),
        ],
        "",
    ),
    (
        "event-as-expectation",
        &[
            (
                "[term.job]",
                "[input.chance_of_cuts]\nvalue = 0.3\n\
                 [input.shrunk]\nformula = \"rate * (1 - 0.5 * chance_of_cuts)\"\n[term.job]",
            ),
            ("rate    = \"rate\"", "rate    = \"shrunk\""),
        ],
        "",
    ),
    ("other-denominator", &[("beta = { a = 8, b = 8 }", "beta = { a = 8, b = 8 }\nof = \"completed\"")], ""),
    (
        "cliff",
        &[("price   = 21_000", "measured = \"each intake\"\nprice   = [{ from = 20, pay = 550_000 }]")],
        "",
    ),
    (
        "few-people",
        &[
            (
                "price   = 21_000",
                "measured = \"each intake\"\nprice   = [{ from = 5, pay = 0, each = 42_000 }]",
            ),
            ("people  = 100", "people  = 40"),
        ],
        "",
    ),
    (
        "mean-times-price",
        &[],
        "[term.calm]\nof = \"enrolled\"\nat = \"12 months\"\nlevel = 0.4\nprice = 10_000\nmeasured = \"each intake\"\n\
         paid_by = \"town\"\n",
    ),
    ("after-horizon", &[("as_of       = 2026-01-01", "as_of       = 2026-01-01\nbudget_years = [2028]")], ""),
    ("before-as-of", &[("as_of       = 2026-01-01", "as_of       = 2029-01-01")], ""),
];

fn mistaken((_, replaced, added): &Mistake) -> String {
    let mut text = sound();
    for (from, to) in *replaced {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    text + added
}

/// What the rules find, as it is shown.
fn found(text: &str) -> (Vec<&'static str>, String) {
    let model = model(text);
    let shown = shown_with(&[], &model);
    (shown.list().iter().filter_map(|finding| finding.rule).collect(), shown.to_string())
}

#[test]
fn a_sound_contract_has_no_findings() {
    assert_eq!(found(&sound()).1, "");
}

#[test]
fn every_rule_finds_its_mistake_and_no_other_rule_does() {
    let tried: Vec<_> = MISTAKES.iter().map(|mistake| mistake.0).collect();
    let rules: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(tried, rules, "a mistake for each rule, in order");
    let mut shown = String::new();
    for mistake in MISTAKES {
        let (rules, text) = found(&mistaken(mistake));
        assert!(!rules.is_empty() && rules.iter().all(|rule| *rule == mistake.0), "{}: {text}", mistake.0);
        write!(shown, "{text}\n\n").unwrap();
    }
    insta::assert_snapshot!(shown);
}

/// A test of the rule on denominators: whom a point is measured of has several right names, and any other is told.
#[test]
fn evidence_of_the_same_people_is_no_finding() {
    let counted = |of: &str| {
        ("beta = { a = 8, b = 8 }".to_owned(), format!("beta = {{ a = 8, b = 8 }}\nof = \"{of}\""))
    };
    let told = |(from, to): (String, String), more: &str| {
        let text = sound().replace(&from, &to) + more;
        found(&text).0.iter().filter(|rule| **rule == "other-denominator").count()
    };
    assert_eq!(told(counted("enrolled"), ""), 0);
    // The same input is right for one outcome and wrong for another.
    let second = "[outcome.kept]\nof = \"job\"\nat = \"18 months\"\nrate = \"rate\"\n";
    assert_eq!(told(counted("enrolled"), second), 1);
    assert_eq!(told(counted("job"), second), 1);
    assert_eq!(told(counted("nobody_here"), second), 2);
    // On a ladder the first point is of everyone, the others of those before.
    let ladder = "[input.first]\nbeta = { a = 8, b = 8 }\nof = \"enrolled\"\n\
                  [input.second]\nbeta = { a = 9, b = 8 }\nof = \"home\"\n\
                  [outcome.home]\nof = \"enrolled\"\nat = [\"6 months\", \"12 months\"]\nladder = true\n";
    assert_eq!(told(counted("enrolled"), &format!("{ladder}rate = [\"first\", \"second\"]\n")), 0);
    assert_eq!(told(counted("enrolled"), &format!("{ladder}rate = [\"second\", \"first\"]\n")), 1);
    // A level, and a formula that brings the evidence to everyone, which says so itself.
    let level = "[outcome.calm]\nof = \"enrolled\"\nat = \"12 months\"\nlevel = \"rate\"\n";
    assert_eq!(told(counted("job"), level), 2);
    let brought = "[input.brought]\nformula = \"rate * 0.8\"\nof = \"enrolled\"\n\
                   [outcome.calm]\nof = \"enrolled\"\nat = \"12 months\"\nrate = \"brought\"\n";
    assert_eq!(told(counted("enrolled"), brought), 0);
}
