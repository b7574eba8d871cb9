//! Files that are no scenario at all, and words that do not belong.

use insta::assert_snapshot;

use super::*;

fn bytes_refused(bytes: &[u8]) -> String {
    load_from_memory(&[("homes.toml".to_owned(), bytes.to_vec())], "homes.toml").unwrap_err().to_string()
}

#[test]
fn what_is_no_text() {
    assert_snapshot!(bytes_refused(b""), @r"
    error: `homes.toml` is empty
     |
     = help: begin with one of the scenarios that ship, `scenarios/social-referrals.toml`
    ");
    assert_snapshot!(bytes_refused(b"udfald = 1\n# caf\xe9\n"), @r"
    error: `homes.toml` is not UTF-8 text: byte 16 in line 2 belongs to no character
     |
     = help: save it as UTF-8 in the editor
    ");
    assert_snapshot!(bytes_refused(&vec![b'#'; 50_000_000]), @r"
    error: `homes.toml` is larger than 16 MiB
     |
     = help: a scenario is text of a few pages; is this the right file?
    ");
}

#[test]
fn what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let told = |name: &str| {
        let told = load(&folder.path().join(name)).unwrap_err().to_string();
        told.replace(&folder.path().display().to_string(), "FOLDER")
    };
    assert_snapshot!(told("homes.toml"), @r"
    error: there is no file `FOLDER/homes.toml`
     |
     = help: paths are relative to the file that names them
    ");
    assert_snapshot!(told("."), @r"
    error: `FOLDER` is a folder, not a scenario file
     |
     = help: name a file in it
    ");
    assert_snapshot!(told("missing/homes.toml"), @"error: there is no file `FOLDER/missing/homes.toml`");
    std::fs::File::create(folder.path().join("large.toml")).unwrap().set_len(50_000_000).unwrap();
    assert_snapshot!(told("large.toml"), @r"
    error: `FOLDER/large.toml` is larger than 16 MiB
     |
     = help: a scenario is text of a few pages; is this the right file?
    ");
}

#[test]
fn what_is_no_toml() {
    assert_snapshot!(refused_text("udfald = 1\nends = 2029-12-\n"), @r"
    error: this is not TOML: invalid date, expected day
     --> homes.toml:2:8
      |
    2 | ends = 2029-12-
      |        ^^^^^^^^ here
    ");
    assert_snapshot!(refused_text("udfald = 1\n[party]\n[party]\n"), @r"
    error: this is not TOML: duplicate key
     --> homes.toml:3:2
      |
    3 | [party]
      |  ^^^^^ here
      |
      = help: a key stands once in a table, and a table once in a file
    ");
    let brackets = format!("udfald = {}", "[".repeat(20_000));
    assert_snapshot!(refused_text(&brackets).lines().next().unwrap(), @"error: this is not TOML: cannot recurse further; max recursion depth met");
}

#[test]
fn deep_dotted_keys_and_long_lines_do_no_harm() {
    let deep = format!("udfald = 1\n{}x = 1\n", "a.".repeat(20_000));
    assert!(!refused_text(&deep).is_empty());
    let long = format!("udfald = 1 # {}\nx = {}\n", "æ".repeat(200_000), "9".repeat(200_000));
    assert!(refused_text(&long).len() < 20_000);
}

#[test]
fn an_unknown_key() {
    assert_snapshot!(refused("price   = 12_500", "prise   = 12_500"), @r"
    error: `prise` is no word of term `home`
      --> homes.toml:40:1
       |
    40 | prise   = 12_500
       | ^^^^^ unknown
       |
       = help: did you mean `price`?
    ");
    assert_snapshot!(refused("[limit.town]", "[limits.town]"), @r"
    error: `limits` is no word of the file
      --> homes.toml:48:2
       |
    48 | [limits.town]
       |  ^^^^^^ unknown
       |
       = help: did you mean `limit`?
    ");
}

#[test]
fn a_word_reserved_for_later() {
    assert_snapshot!(refused("of   = \"enrolled\"", "of   = \"enrolled\"\nunit = 1"), @r"
    error: `unit` of outcome `in_home` is not built yet
      --> homes.toml:31:1
       |
    31 | unit = 1
       | ^^^^ a word reserved for later
       |
       = help: nearest: nothing: leave it out
    ");
    assert_snapshot!(refused("return_cap = { balance = 0.05 }", "return_cap = { yearly = 0.05 }"), @r"
    error: `yearly` of `return_cap` of fund `loan` is not built yet
      --> homes.toml:17:16
       |
    17 | return_cap = { yearly = 0.05 }
       |                ^^^^^^ a word reserved for later
       |
       = help: nearest: `balance` (compounding), `simple` or `average`: they differ, say which
    ");
}

#[test]
fn a_word_of_results_as_id() {
    assert_snapshot!(refused("investment = \"homes\"", "investment = \"total\""), @r#"
    error: `investment` of the file is no id: `total` is a reserved word
     --> homes.toml:2:14
      |
    2 | investment = "total"
      |              ^^^^^^^ this value
      |
      = help: `all`, `total`, `later` and `stated`, `derived`, `assumed` cannot be names; take another
    "#);
    assert_snapshot!(refused("investment = \"homes\"", "investment = \"Hjem til unge\""), @r#"
    error: `investment` of the file is no id: `Hjem til unge` is not an id: small letters a-z, digits and `-`, no `-` first
     --> homes.toml:2:14
      |
    2 | investment = "Hjem til unge"
      |              ^^^^^^^^^^^^^^^ this value
      |
      = help: write for example `hjem-til-unge`; the Danish name goes in `name`
    "#);
}

#[test]
fn a_list_of_tables() {
    assert_snapshot!(refused("[limit.town]", "[[limit]]"), @r"
    error: [limit] must hold tables by id, not a list
      --> homes.toml:48:3
       |
    48 | [[limit]]
       |   ^^^^^ here
       |
       = help: write `[limit.some-id]`; lists, `[[limit]]`, have no ids
    ");
}

#[test]
fn numbers_that_are_none() {
    assert_snapshot!(refused("price   = 12_500", "price   = nan"), @r"
    error: `nan` is not a number that a scenario can use
      --> homes.toml:40:11
       |
    40 | price   = nan
       |           ^^^ this number
       |
       = help: leave a limit out where there is none
    ");
    assert_snapshot!(refused("chance = 0.25", "chance = inf"), @r"
    error: `inf` is not a number that a scenario can use
      --> homes.toml:20:10
       |
    20 | chance = inf
       |          ^^^ this number
       |
       = help: leave a limit out where there is none
    ");
    assert_snapshot!(refused("price   = 12_500", "price   = \"12.500\""), @r#"
    error: `price` of term `home` is a text, `12.500`
      --> homes.toml:40:11
       |
    40 | price   = "12.500"
       |           ^^^^^^^^ this value
       |
       = help: numbers stand without quotes, with a point for decimals: `12_500`, `0.5`
    "#);
    assert_snapshot!(refused("amount     = 1_000_000", "amount     = \"1.0 m\""), @r#"
    error: `amount` of fund `loan` must be an amount, not a text
      --> homes.toml:15:14
       |
    15 | amount     = "1.0 m"
       |              ^^^^^^^ this value
       |
       = help: write for example `1_000_000`
    "#);
}

#[test]
fn sources_that_contradict_each_other() {
    let both = "price   = 12_500\nstated = { price = \"s1\" }\nassumed = { price = \"guess\" }";
    assert_snapshot!(refused("price   = 12_500", both), @r#"
    error: `price` in `home` is both `stated` and `assumed`
      --> homes.toml:42:13
       |
    42 | assumed = { price = "guess" }
       |             ^^^^^ the second source
       |
       = help: a number has one source
    "#);
    assert_snapshot!(refused("stated     = \"s1: annex 2\"", "stated     = \"s2: annex 2\""), @r#"
    error: `stated` names a document `s2` that is not in [documents]
     --> homes.toml:6:14
      |
    6 | stated     = "s2: annex 2"
      |              ^^^^^^^^^^^^^ begins with the id of a document: "s2: 1.0 m kr."
      |
      = help: did you mean `s1`?
    "#);
    assert_snapshot!(refused("price   = 12_500", "price   = 12_500\nassumed = { prise = \"guess\" }"), @r#"
    error: `assumed` names `prise`, which `home` does not have
      --> homes.toml:41:13
       |
    41 | assumed = { prise = "guess" }
       |             ^^^^^ no such key here
       |
       = help: did you mean `price`?
    "#);
}

#[test]
fn all_mistakes_of_meaning_are_told_at_once() {
    let text = changed("price   = 12_500", "price   = -12_500")
        .replace("payer   = \"town\"", "payer   = \"twon\"")
        .replace("sd = 0.7", "sd = -1");
    assert_eq!(read_text(&text).unwrap_err().list().len(), 3);
}

#[test]
fn ids_of_other_registers() {
    let ids =
        |ids: &str| changed("investment = \"homes\"\n", &format!("investment = \"homes\"\nids = {ids}\n"));
    for (wrong, said) in [
        ("{ indigo = \"0178\" }", "is no project of INDIGO: `0178`"),
        ("{ indigo = \"INDIGO-POJ-01x8\" }", "is no project of INDIGO"),
        ("{ cvr = 29189986 }", "`cvr` in `ids` must be a text, not a number"),
        ("{ CVR = \"29189986\" }", "is in no register: `CVR` is not a name"),
        ("{ cvr = \"\" }", "is empty or has spaces around it"),
        ("\"INDIGO-POJ-0178\"", "`ids` must be a table, not a text"),
    ] {
        let text = refused_text(&ids(wrong));
        assert!(text.contains(said), "{wrong}: {text}");
    }
    let text = ids("{ indigo = \"INDIGO-POJ-0178\" }")
        .replace("{ name = \"Town\" }", "{ ids = { cvr = \"29189986\" } }");
    let (scenario, _) = read_text(&text).unwrap_or_else(|errors| panic!("\n{errors}"));
    let found: Vec<_> =
        scenario.investments[0].ids().iter().map(|(path, id)| (path.as_str(), id.as_str())).collect();
    assert_eq!(found, [("ids.indigo", "INDIGO-POJ-0178"), ("party.town.ids.cvr", "29189986")]);
    // They are names, not numbers that need a source.
    let (without, _) = read_text(GOOD).unwrap();
    assert_eq!(scenario.register.entries().len(), without.register.entries().len());
}

#[test]
fn whom_evidence_counted_is_a_name() {
    let text = refused("beta = { a = 8, b = 8 }", "beta = { a = 8, b = 8 }, of = \"those who answered\"");
    assert!(text.contains("`of` of input `home_rate` is no name"), "{text}");
}
