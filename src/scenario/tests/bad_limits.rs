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

/// The limit of the small contract with another `at_most`, beside the limits it has.
fn limit(words: &str, wanted: &[&str]) {
    let to = format!("[limit.x]\n{words}\n[payment]\n");
    let from = "[payment]\n";
    says(from, &to, wanted);
}

#[test]
fn shares_of_other_terms() {
    let share = |terms: &str, at_most: &str, wanted: &[&str]| {
        limit(&format!("{terms}per = \"contract\"\nat_most = {at_most}\nexcess = \"lost\""), wanted);
    };
    let home = "terms = [\"home\"]\n";
    share(home, "{ share = 30, of = \"total\" }", &["not a share between 0 and 1", "did you mean 0.30?"]);
    share(home, "{ share = 0.3 }", &["has no `of`", "of = \"total\""]);
    share(home, "{ of = \"total\" }", &["has no `share`"]);
    share(
        home,
        "{ share = 0.3, of = [\"hme\"] }",
        &["names `hme`, which is no term", "did you mean `home`?"],
    );
    share(home, "{ share = 0.3, of = [\"home\"] }", &["names no other term"]);
    share("", "{ share = 0.3, of = [\"home\"] }", &["some of the limit's terms and not others"]);
    share(home, "{ share = 1, of = \"total\" }", &["is all of it"]);
    share(home, "{ share = 0.3, of = \"total\", from = 3 }", &["`from` is no word"]);
}

#[test]
fn hurdles_and_excess_that_passes() {
    let hurdle = |per: &str, at_most: &str, excess: &str, wanted: &[&str]| {
        limit(&format!("per = \"{per}\"\nat_most = {at_most}\nexcess = {excess}"), wanted);
    };
    let pass = "{ pass = 0.4 }";
    hurdle(
        "contract",
        "{ fund = \"lone\", balance = 0.05 }",
        pass,
        &["names `lone`, which is no fund", "`loan`"],
    );
    hurdle("contract", "{ fund = \"loan\" }", pass, &["does not say what is promised"]);
    hurdle("contract", "{ balance = 0.05 }", pass, &["has no `fund`"]);
    hurdle("year", "{ fund = \"loan\", balance = 0.05 }", pass, &["due at any time", "per = \"contract\""]);
    hurdle("contract", "{ fund = \"loan\", yearly = 0.05 }", pass, &["`yearly`", "they differ"]);
    hurdle("contract", "5", "{ pass = 40 }", &["not a share between 0 and 1", "did you mean 0.40?"]);
    hurdle("contract", "5", "{ pass = 1 }", &["is all or nothing"]);
    hurdle("contract", "5", "{}", &["says nothing", "`{ pass = 0.40 }`"]);
    hurdle("contract", "5", "{ pass = 0.4, payer = \"town\" }", &["says both `payer` and `pass`"]);
}

#[test]
fn floors() {
    let floor = |words: &str, wanted: &[&str]| limit(words, wanted);
    floor(
        "terms = [\"home\"]\nper = \"intake\"\nat_least = 5",
        &["an intake never closes", "per = \"contract\""],
    );
    floor("terms = [\"home\"]\nper = \"contract\"\nat_least = { 2028 = 5 }", &["differs by year"]);
    floor("terms = [\"home\"]\nper = \"contract\"\nat_least = -5", &["is negative"]);
    floor(
        "per = \"contract\"\nat_least = 5",
        &["does not say who pays what is missing", "with `payer = ...`"],
    );
    floor("payer = \"town\"\nper = \"contract\"\nat_least = 5\nexcess = \"lost\"", &["without `at_most`"]);
    floor(
        "payer = \"town\"\nper = \"contract\"\nat_least = 5\nat_most = 4\nexcess = \"lost\"",
        &["lets less through than must pass"],
    );
    let floor = "[limit.x]\npayer = \"town\"\nper = \"year\"\nat_least = 5\n";
    let later =
        "[limit.y]\nterms = [\"home\"]\npayer = \"town\"\nper = \"year\"\nat_most = 9\nexcess = \"lost\"\n";
    let order = "[payment]\norder = [\"x\", \"y\"]\n";
    says(
        "[payment]\n",
        &format!("{floor}{later}{order}"),
        &["`y` acts on a part of what `x` tops up", "order = [\"y\", \"x\"]"],
    );
}

#[test]
fn signs() {
    says("price   = 12_500", "price   = 12_500\ntwo_sided = 1", &["must be true or false"]);
    // Said so, a term may run both ways.
    for price in ["-12_500", "[-12_500, 12_500]"] {
        let text = changed("price   = 12_500", &format!("price = {price}\ntwo_sided = true"));
        assert!(read_text(&text).is_ok(), "{price}");
    }
    let level = "price    = [ { from = 0.03, pay = 0, rise_to = 1 }, { from = 0.11, pay = 1 } ]\nbase     = [100_000, 200_000]\n";
    let text = changed(level, "price = -5_000\ntwo_sided = true\n");
    assert!(read_text(&text).is_ok());
    says(level, "price = 5_000\n", &["can be below zero", "or `two_sided = true`"]);
    let rows = "price = [{ from = -0.1, pay = -1, rise_to = 1 }, { from = 0.1, pay = 1 }]\n";
    says(level, rows, &["is negative"]);
    let text = changed(level, &format!("{rows}two_sided = true\n"));
    assert!(read_text(&text).is_ok());
    says(
        level,
        "price = [{ from = 0, each = -1_000_000_000 }]\nbase = 1_000_000_000\ntwo_sided = true\n",
        &["pays more than can be computed"],
    );
}

/// A word of the loan.
fn loan(words: &str, wanted: &[&str]) {
    says("return_cap = { balance = 0.05 }", words, wanted);
}

#[test]
fn ranks_and_surplus() {
    let second = "[fund.second]\nparty = \"fund\"\namount = 5\nrank = 2";
    loan(&format!("rank = 1\n{second}"), &["takes everything, so that nothing comes to fund `second`"]);
    let returned = "return_cap = { balance = 0.05 }\nsurplus = \"returned\"";
    loan(&format!("{returned}\n{second}"), &["takes everything", "`return_cap` that cuts"]);
    loan("rank = 0", &["must be a whole number from 1 to 100"]);
    loan("surplus = \"returned\"", &["is of a fund without `return_cap`"]);
    loan("surplus = \"kept\"", &["cannot be \"kept\"", "\"cut\", \"returned\""]);
    loan("repaid = \"never\"\nrank = 2", &["`rank` of fund `loan` is of a donation"]);
}

#[test]
fn guarantees() {
    let guarantee = |words: &str, wanted: &[&str]| loan(&format!("guarantee = {words}"), wanted);
    guarantee("{ share = 0.75 }", &["has no `by`"]);
    guarantee("{ by = \"town\" }", &["does not say what is guaranteed"]);
    guarantee("{ share = 75, by = \"town\" }", &["did you mean 0.75?"]);
    guarantee("{ share = 0.75, by = \"twon\" }", &["names `twon`, which is no party"]);
    guarantee("{ share = 0.75, by = \"fund\" }", &["is given by the party whose fund it is"]);
    guarantee("{ share = 0.75, amount = 5, by = \"town\" }", &["says both `amount` and `share`"]);
    guarantee("{ yearly = 0.02, by = \"town\" }", &["`yearly`", "they differ"]);
}

#[test]
fn receivers_and_bases_of_funds() {
    says("price   = 12_500", "price   = 12_500\nto = \"loam\"", &["names `loam`, which is no party"]);
    let base = |words: &str, wanted: &[&str]| says("base     = [100_000, 200_000]", words, wanted);
    base("base = { principal = \"lone\" }", &["names `lone`, which is no fund"]);
    base("base = { interest = \"loan\", principal = \"loan\" }", &["says both `principal` and `interest`"]);
    base("base = {}", &["names no fund"]);
    base("base = { coupon = \"loan\" }", &["`coupon` is no word"]);
}

#[test]
fn limits_that_grow() {
    let grows = |words: &str, wanted: &[&str]| {
        let wages = "[index.wages]\nyears = { 2026 = 1, 2027 = 1.1, 2028 = 1.2, 2029 = 1.3 }";
        let old = "[index.old]\nyears = { 2026 = 1 }";
        limit(&format!("excess = \"lost\"\n{words}\n{wages}\n{old}"), wanted);
    };
    grows("per = \"contract\"\nat_most = 5\nindex = \"wages\"", &["goes by year", "`per = \"year\"`"]);
    grows("per = \"year\"\nat_most = 5\nindex = \"wage\"", &["names `wage`, which is no index", "`wages`"]);
    grows("per = \"year\"\nat_most = 5\nindex = \"old\"", &["has no number for 2027", "from 2026 to 2029"]);
    grows("per = \"year\"\nat_most = { 2027 = 5 }\nindex = \"wages\"", &["multiplies a single amount"]);
}

#[test]
fn an_index_makes_amounts_by_year_down_to_the_ore() {
    let limit = "[index.wages]\nyears = { 2026 = 1, 2027 = 1.001, 2028 = 1.2, 2029 = 1.3 }\n[limit.x]\npayer = \"town\"\n\
                 per = \"year\"\nat_most = 0.99\nindex = \"wages\"\nexcess = \"lost\"\n[payment]\n";
    let (scenario, _) = read_text(&changed("[payment]\n", limit)).unwrap();
    let limit = scenario.investments[0].limits.iter().find(|limit| limit.id.as_str() == "x").unwrap();
    let years = [(2025, 99), (2026, 99), (2027, 99), (2028, 118), (2029, 128), (2030, 128)];
    assert_eq!(limit.at_most, model::AtMost::ByYear(years.into_iter().collect()));
}
