//! Single persons that will not do: composites, units of each, limits per person.

use super::*;

/// The good contract with tables added, and all that is said of it.
fn said(added: &str) -> String {
    match read_text(&format!("{GOOD}{added}")) {
        Ok((_, warnings)) => warnings.to_string(),
        Err(errors) => errors.to_string(),
    }
}

/// Each addition is answered by a title.
fn check(cases: &[(&str, &str)]) {
    for (added, title) in cases {
        let said = said(added);
        assert!(said.contains(title), "{added}\nshould say: {title}\n{said}");
    }
}

fn person(words: &str) -> String {
    format!("[limit.person]\nper = \"person\"\n{words}")
}

#[test]
fn limits_per_person_that_cannot_be_divided() {
    let capped = |words: &str| person(&format!("at_most = 10_000\nexcess = \"lost\"\n{words}"));
    let work = |price: &str| {
        format!(
            "[term.work]\nof = \"enrolled\"\nat = \"6 months\"\nrate = 0.5\npaid_by = \"town\"\n{price}\n{}",
            capped("terms = [\"work\"]\n")
        )
    };
    let second = "[limit.second]\nper = \"person\"\nterms = [\"home\"]\nat_most = 5\nexcess = \"lost\"\n";
    check(&[
        (
            &capped(""),
            "limit `person` is per person, but term `nights` pays for a measured number, which no person has",
        ),
        (&capped("terms = [\"home\"]\npayer = \"town\"\n"), "limit `person` is per person and names a payer"),
        (
            &person("terms = [\"home\"]\nat_most = 5\nexcess = \"rolls\"\n"),
            "limit `person` is per person and has an excess that is not lost",
        ),
        (&person("terms = [\"home\"]\nat_most = { 2027 = 5 }\nexcess = \"lost\"\n"), "differs by year"),
        (&work("price = 12.345"), "term `work` has a price below the øre"),
        (&work("price = \"places\""), "term `work` has an uncertain price"),
        (&work("price = 5\nwhole_kroner = true"), "term `work` rounds to whole kroner"),
        (&work("price = 5\nmeasured = \"at the end\""), "term `work` pools several measurements"),
        (
            &work("price = [{ from = 3, pay = 10 }]\nmeasured = \"each time\""),
            "term `work` is priced by rows",
        ),
        (
            &capped(&format!("terms = [\"home\"]\n{second}")),
            "limits `person` and `second` per person cover the same term",
        ),
        (&capped("terms = [\"home\"]\n"), "does not say how far the same people do well"),
    ]);
    let order = GOOD.replace("[payment]\n", "[payment]\norder = [\"town\", \"person\"]\n");
    let text = format!("{order}{}", capped("terms = [\"home\"]\n"));
    assert!(refused_text(&text).contains("limit `town` acts before `person`, which is per person"));
    let idle = changed("people  = \"places\"", "people  = \"places\"\nalike = 0.5");
    assert!(read_text(&idle).unwrap().1.to_string().contains("`alike` in the cohort has no effect"));
    assert!(
        refused("people  = \"places\"", "people  = \"places\"\nalike = 30").contains("did you mean 0.30?")
    );
}

#[test]
fn composites_that_say_nothing() {
    let with = |words: &str| {
        format!("[outcome.both]\nof = \"enrolled\"\nat = \"12 months\"\npeople_with = {words}\n")
    };
    let early =
        "[outcome.both]\nof = \"enrolled\"\nat = \"3 months\"\npeople_with = { all = [\"in_home\"] }\n";
    check(&[
        (&with("{}"), "asks for no outcome"),
        (&with("{ all = [] }"), "is an empty list"),
        (&with("{ all = [\"in_hom\"] }"), "did you mean `in_home`?"),
        (&with("{ all = [\"fewer_nights\"] }"), "nobody reaches it"),
        (&with("{ all = [\"both\"] }"), "is measured of itself: both"),
        (&with("{ at_least = 2 }"), "says only one of `at_least` and `of`"),
        (&with("{ at_least = 3, of = [\"in_home\"] }"), "must be a whole number from 1 to 1"),
        (early, "names `in_home`, which is not yet measured on"),
        (&with("{ all = [\"in_home\"] }\nrate = 0.5"), "says both `rate` and `people_with`"),
        (&with("{ all = [\"in_home\"] }\nnoise = { sd = 1 }"), "cannot stand beside `people_with`"),
    ]);
}

#[test]
fn units_that_cannot_be_drawn() {
    let each =
        |words: &str| format!("[outcome.days]\nof = \"enrolled\"\nat = \"12 months\"\neach = {words}\n");
    check(&[
        (&each("{}"), "has no distribution"),
        (&each("{ formula = \"places\" }"), "`formula` is no word of `each`"),
        (&each("{ pert = { low = 3, mode = 2, high = 5 } }"), "will not do"),
        (&each("\"max(0, in_home)\""), "names `in_home`, which has no units of each person"),
        (&each("\"2 / effect\""), "divides"),
        (&each("\"days + 1\""), "is measured of itself: days"),
        (&each("\"dayz + 1\""), "which is no outcome"),
        (
            &format!("{}[outcome.x]\nof = \"days\"\nat = \"12 months\"\nrate = 0.5\n", each("3")),
            "nobody reaches",
        ),
    ]);
}

#[test]
fn stays_that_do_not_fit() {
    let stays = |at: &str, words: &str| {
        format!(
            "[outcome.housed]\nof = \"enrolled\"\nat = {at}\nstays = {{ every = \"1 month\", for = 12, {words} }}\n"
        )
    };
    check(&[
        (&stays("[\"3 months\"]", "back = 0.1"), "has no `leave`"),
        (&stays("[\"3 months\"]", "leave = 5"), "did you mean 0.05?"),
        (&stays("[\"13 months\"]", "leave = 0.1"), "does not fit the steps"),
        (&stays("[\"90 days\"]", "leave = 0.1"), "does not fit the steps"),
        (&stays("[\"6 months\", \"3 months\"]", "leave = 0.1"), "does not ascend"),
        (&stays("[\"3 months\"]\nladder = true", "leave = 0.1"), "cannot stand beside `stays`"),
        (&stays("[\"3 months\"]\nclustering = 0.1", "leave = 0.1"), "cannot stand beside `stays`"),
        (&stays("[\"3 months\"]\nbias = 0.1", "leave = 0.1"), "cannot stand beside `stays`"),
        (&stays("[\"3 months\"]\nrate = 0.5", "leave = 0.1"), "says both `rate` and `stays`"),
        (&stays("[\"3 months\"]", "leave = 0.1, allowed = 2"), "is no word of"),
    ]);
}

#[test]
fn too_many_people_to_tell_apart() {
    let text = changed("people  = \"places\"", "people  = 31_000\nalike = 0");
    let text = format!("{text}{}", person("terms = [\"home\"]\nat_most = 10_000\nexcess = \"lost\"\n"));
    let (scenario, _) = read_text(&text).unwrap();
    let errors = crate::engine::model::Model::new(scenario).unwrap_err().to_string();
    assert!(
        errors.contains("needs single persons, and an intake can have 10333 of them: the most is 10000"),
        "{errors}"
    );
}
