//! `verify` finds every byte that is not what the run wrote, says which figure, and tells kinds of tampering apart. What it
//! says of each stands in docs/verify.md, as it is printed here.

use std::fs;
use std::path::{Path, PathBuf};

use udfald::digest::sha256;

use super::{SMALL, results, stderr, stdout, text, udfald};

const PAGE: &str = "docs/verify.md";

/// Changes a file of a results folder.
fn change(folder: &Path, name: &str, from: &str, to: &str) {
    let path = folder.join(name);
    let before = fs::read_to_string(&path).expect("a text file");
    assert!(before.contains(from), "{name} has no {from}");
    fs::write(path, before.replacen(from, to, 1)).expect("it can be written");
}

fn finds(folder: &Path) -> String {
    stdout(&udfald(["verify", text(folder)]).assert().code(1))
}

/// Another run of the small contract, beside the folder.
fn another(folder: &Path, options: &[&str]) -> PathBuf {
    let out = folder.with_file_name("another");
    udfald(["run", SMALL, "--out", text(&out)]).args(options).assert().code(0);
    out
}

/// Replaces a file by the one of another run.
fn mix(folder: &Path, another: &Path, name: &str) {
    fs::copy(another.join(name), folder.join(name)).expect("copied");
}

/// Writes a P90 into a row of the payments, and gives the row as it was.
fn edit_p90(folder: &Path) -> String {
    let exposure = fs::read_to_string(folder.join("exposure.csv")).unwrap();
    let row = exposure.lines().find(|line| line.starts_with("small,town,2029")).unwrap().to_owned();
    let p90 = row.split(',').nth(7).unwrap();
    change(folder, "exposure.csv", &row, &row.replace(p90, "1.00"));
    row
}

/// Gives the passport the digest of a file as it is now.
fn reseal(folder: &Path, name: &str, before: &[u8]) {
    let now = sha256(&fs::read(folder.join(name)).unwrap());
    change(folder, "passport.json", &sha256(before), &now);
}

fn flip(folder: &Path, name: &str, at: usize, bit: u8) {
    let mut bytes = fs::read(folder.join(name)).unwrap();
    bytes[at] ^= bit;
    fs::write(folder.join(name), bytes).unwrap();
}

/// What is done to a folder of results, and how the run was made.
#[derive(Clone, Copy)]
struct Case {
    what: &'static str,
    options: &'static [&'static str],
    check: &'static [&'static str],
    done: fn(&Path),
    status: i32,
}

const NO_OPTIONS: &[&str] = &[];

/// A case of a run without options.
const fn case(what: &'static str, status: i32, done: fn(&Path)) -> Case {
    Case { what, options: NO_OPTIONS, check: NO_OPTIONS, done, status }
}

const fn with(options: &'static [&'static str], case: Case) -> Case {
    Case { options, ..case }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    Case { check: &["--threads", "1"], ..with(&["--threads", "2"], case("Nothing; run with two threads, verified with one", 0, |_| {})) },
    case("Nothing; run in two parts and merged", 0, |folder| {
        let parts = [1, 2].map(|index| folder.with_file_name(format!("{index}.part")));
        for (index, part) in (1..).zip(&parts) {
            udfald(["run", SMALL, "--trials", "5_000", "--shard", &format!("{index}/2"), "--part", text(part)]).assert().code(0);
        }
        udfald(["merge", text(&parts[1]), text(&parts[0]), "--out", text(folder)]).assert().code(0);
    }),
    case("A bit of `summary.csv` flipped", 1, |folder| flip(folder, "summary.csv", 4_000, 0x80)),
    case("`exposure.csv` cut in half", 1, |folder| {
        let bytes = fs::read(folder.join("exposure.csv")).unwrap();
        fs::write(folder.join("exposure.csv"), &bytes[..bytes.len() / 2]).unwrap();
    }),
    case("A figure edited by hand", 1, |folder| { edit_p90(folder); }),
    with(&["--csv", "excel-da"], case("A figure edited by hand, in the Danish profile", 1, |folder| {
        let exposure = fs::read_to_string(folder.join("exposure.csv")).unwrap();
        let row = exposure.lines().find(|line| line.starts_with("small;town;2029")).unwrap().to_owned();
        let p90 = row.split(';').nth(7).unwrap();
        change(folder, "exposure.csv", &row, &row.replace(p90, "1,00"));
    })),
    case("A figure edited, and its digest in `passport.json` too", 1, |folder| {
        let before = fs::read(folder.join("exposure.csv")).unwrap();
        edit_p90(folder);
        reseal(folder, "exposure.csv", &before);
    }),
    case("A digest in `passport.json` edited", 1, |folder| {
        change(folder, "passport.json", &sha256(&fs::read(folder.join("limits.csv")).unwrap()), "0");
    }),
    case("The seed in `passport.json` edited", 1, |folder| change(folder, "passport.json", "\"seed\": 1", "\"seed\": 2")),
    case("The copy of the scenario edited", 1, |folder| change(folder, "scenario/small.toml", "700_000", "710_000")),
    case("The copy of the scenario edited so that it cannot be run", 1, |folder| {
        change(folder, "scenario/small.toml", "700_000", "\"many\"");
    }),
    case("A remark added to the copy of the scenario", 1, |folder| {
        change(folder, "scenario/small.toml", "[party]\n", "# as agreed\n[party]\n");
    }),
    case("`summary.csv` of a run with another seed", 1, |folder| {
        mix(folder, &another(folder, &["--trials", "5_000", "--seed", "2"]), "summary.csv");
    }),
    case("`summary.csv` of a run with more trials", 1, |folder| {
        mix(folder, &another(folder, &["--trials", "7_001"]), "summary.csv");
    }),
    case("`exposure.csv` of another scenario", 1, |folder| {
        let out = folder.with_file_name("another");
        udfald(["run", "scenarios/norddjurs.toml", "--trials", "5_000", "--out", text(&out)]).assert().code(0);
        mix(folder, &out, "exposure.csv");
    }),
    case("`passport.json` of a run with another seed", 1, |folder| {
        mix(folder, &another(folder, &["--trials", "5_000", "--seed", "2"]), "passport.json");
    }),
    with(&["--report", "json"], case("`summary.json` of a run with another seed", 1, |folder| {
        let out = another(folder, &["--trials", "5_000", "--seed", "2", "--report", "json"]);
        mix(folder, &out, "summary.json");
    })),
    case("A file deleted", 1, |folder| fs::remove_file(folder.join("limits.csv")).unwrap()),
    case("A file added", 1, |folder| {
        fs::create_dir(folder.join("more")).unwrap();
        fs::write(folder.join("more/notes.txt"), "mine").unwrap();
    }),
    with(&["--report", "council,workbook,sipmath"], case("A word of a page, a byte of the workbook and one of the SIPmath library edited", 1, |folder| {
        change(folder, "report-council.html", "average", "mean");
        flip(folder, "report.xlsx", 1_000, 1);
        let name = if folder.join("sipmath.json").exists() { "sipmath.json" } else { "library.json" };
        change(folder, name, "\"name\": \"", "\"name\": \"x");
    })),
    with(&["--trial-columns", "town:payment:total", "--trial-file", "csv"], case("A trial edited in the columns of trials", 1, |folder| {
        flip(folder, "trials.csv", 2_000, 1);
    })),
    with(&["--report", "json,council"], case("Nothing; made by a version in which the sampler was called `inversion`", 0, |folder| {
        let before = fs::read(folder.join("summary.json")).unwrap();
        change(folder, "summary.json", "\"plain\"", "\"inversion\"");
        reseal(folder, "summary.json", &before);
        let before = fs::read(folder.join("report-council.html")).unwrap();
        change(folder, "report-council.html", "sampler plain", "sampler inversion");
        reseal(folder, "report-council.html", &before);
        change(folder, "passport.json", "\"plain\",\n  \"csv\"", "\"inversion\",\n  \"csv\"");
    })),
    case("Nothing; made by version 0.0.9, which gave the same figures", 0, older),
    case("Nothing; made by version 0.0.9, which gave other figures", 1, |folder| {
        older(folder);
        let before = fs::read(folder.join("exposure.csv")).unwrap();
        edit_p90(folder);
        reseal(folder, "exposure.csv", &before);
    }),
    case("Made by a newer version, with another format of `passport.json`", 2, |folder| {
        older(folder);
        change(folder, "passport.json", "0.0.9", "9.0.0");
        change(folder, "passport.json", "\"format\": 1", "\"format\": 2");
    }),
    case("`passport.json` damaged", 2, |folder| flip(folder, "passport.json", 100, 0x40)),
    case("`passport.json` deleted", 2, |folder| fs::remove_file(folder.join("passport.json")).unwrap()),
    case("A folder of `udfald sweep`", 2, |folder| {
        udfald(["sweep", SMALL, "--set", "small.limit.town.at_most=600_000,700_000", "--trials", "1_000", "--out", text(folder)]).assert().code(0);
    }),
];

/// Gives the passport another version.
fn older(folder: &Path) {
    change(
        folder,
        "passport.json",
        &format!("\"engine\": \"{}\"", env!("CARGO_PKG_VERSION")),
        "\"engine\": \"0.0.9\"",
    );
}

impl Case {
    /// What `verify` says, with the name of the folder in place of its path.
    fn said(&self, language: &str) -> String {
        let place = tempfile::tempdir().unwrap();
        let out = results(place.path(), self.options);
        (self.done)(&out);
        let mut command = udfald(["verify", text(&out), "--lang", language]);
        let assert = command.args(self.check).assert().code(self.status);
        let said = stdout(&assert) + &stderr(&assert);
        said.replace(&format!("{}/", text(place.path())), "")
    }

    /// Its row in the table of the page, and its part below.
    fn told(&self) -> [String; 2] {
        let (what, said) = (self.what, self.said("en"));
        let verdict = said.split_once("\n\n").map_or(said.as_str(), |(_, verdict)| verdict);
        let verdict: Vec<_> =
            verdict.lines().take_while(|line| !line.starts_with("error: `at_most`")).collect();
        let row = format!("| {what} | {} | {} |\n", self.status, verdict.join("<br>").replace('|', "\\|"));
        [row, format!("### {what}\n\nStatus {}.\n\n```text\n{said}```\n\n", self.status)]
    }
}

/// The page, from the first case on. `INSTA_UPDATE=always` writes it anew.
#[test]
fn the_page_says_what_is_printed_in_each_case() {
    let page = fs::read_to_string(PAGE).unwrap();
    let (begin, end) = ("<!-- cases: begin -->\n\n", "<!-- cases: end -->");
    let (head, rest) = page.split_once(begin).unwrap();
    let (written, tail) = rest.split_once(end).unwrap();
    let told: Vec<_> = CASES.iter().map(Case::told).collect();
    let rows: String = told.iter().map(|[row, _]| row.as_str()).collect();
    let sections: String = told.iter().map(|[_, section]| section.as_str()).collect();
    let sections =
        format!("| what was done | status | the last it says |\n|---|---|---|\n{rows}\n{sections}");
    if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(PAGE, format!("{head}{begin}{sections}{end}{tail}")).unwrap();
    } else {
        assert_eq!(written, sections, "run it with INSTA_UPDATE=always and read what changed");
    }
}

#[test]
fn every_kind_is_told_in_danish() {
    let said: String = CASES
        .iter()
        .fold(String::new(), |text, case| text + &format!("# {}\n\n{}\n", case.what, case.said("da")));
    insta::assert_snapshot!(said);
}

#[test]
fn what_was_not_changed_is_identical() {
    let place = tempfile::tempdir().unwrap();
    for profile in ["plain", "excel-da"] {
        let out = results(place.path(), &["--csv", profile]);
        let assert = udfald(["verify", text(&out), "--threads", "3"]).assert().code(0);
        let text = stdout(&assert);
        assert_eq!(text.matches(": identical\n").count(), 5, "{text}");
        assert_eq!(text.lines().count(), 7, "{text}");
    }
}

#[test]
fn one_altered_figure_is_named() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    let row = edit_p90(&out);
    let p90 = row.split(',').nth(7).unwrap();
    let by = 1.0 - p90.parse::<f64>().unwrap();
    let text = finds(&out);
    let expected = format!("  small, town, 2029: p90 is `1.00`, should be `{p90}` ({by:.2})\n");
    assert!(text.contains("exposure.csv: changed since the run") && text.contains(&expected), "{text}");
    assert!(text.contains("summary.csv: identical"), "{text}");
}

#[test]
fn an_altered_scenario_is_named_once() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    change(&out, "scenario/small.toml", "700_000", "710_000");
    let text = finds(&out);
    assert_eq!(text.lines().filter(|line| line.starts_with("scenario/small.toml: ")).count(), 1, "{text}");
    fs::write(out.join("scenario/more.toml"), "x = 1").unwrap();
    assert!(finds(&out).contains("scenario/more.toml: not part of what was run\n"));
    fs::remove_file(out.join("scenario/small.toml")).unwrap();
    assert!(finds(&out).contains("scenario/small.toml: missing; passport.json names it\n"));
}

#[test]
fn the_digest_of_the_scenario_is_part_of_the_passport() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    change(&out, "passport.json", "\"sha256\": \"", "\"sha256\": \"0");
    let text = finds(&out);
    assert!(text.contains("passport.json: does not fit the files\n  scenario.sha256 is"), "{text}");
}

#[test]
fn what_a_file_holds_cannot_steer_the_terminal() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &["--report", "council"]);
    change(&out, "exposure.csv", "small,town", "small,\u{1b}[2Jtown");
    change(&out, "report-council.html", "average", "\u{1b}[1A\u{202e}");
    fs::write(out.join("\u{1b}[2Jmore"), "x").unwrap();
    let text = finds(&out);
    assert!(text.lines().count() > 10 && !text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

#[cfg(unix)]
#[test]
fn a_link_in_place_of_a_file_is_found() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    let moved = place.path().join("elsewhere.csv");
    fs::rename(out.join("limits.csv"), &moved).unwrap();
    std::os::unix::fs::symlink(&moved, out.join("limits.csv")).unwrap();
    assert!(finds(&out).contains("limits.csv: a link or a device, and no file\n"));
}

#[test]
fn a_file_that_is_far_too_long_is_not_read() {
    let place = tempfile::tempdir().unwrap();
    let out = results(place.path(), &[]);
    let file = fs::File::options().write(true).open(out.join("limits.csv")).unwrap();
    file.set_len(1 << 40).unwrap();
    assert!(finds(&out).contains("1099511627776 bytes instead of"));
}

#[test]
fn the_folder_alone_is_enough() {
    let place = tempfile::tempdir().unwrap();
    let scenario = place.path().join("moved.toml");
    fs::copy(SMALL, &scenario).unwrap();
    let out = place.path().join("out");
    udfald(["run", text(&scenario), "--trials", "1_000", "--out", text(&out)]).assert().code(0);
    fs::remove_file(&scenario).unwrap();
    let elsewhere = place.path().join("elsewhere");
    fs::rename(&out, &elsewhere).unwrap();
    udfald(["verify", text(&elsewhere)]).assert().code(0);
}

#[test]
fn what_is_no_results_folder_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let refused = |path: &Path| stderr(&udfald(["verify", text(path)]).assert().code(2).stdout(""));
    assert!(refused(place.path()).contains("no results folder"));
    assert!(refused(&place.path().join("none")).contains("none"));
    assert!(refused(Path::new(SMALL)).contains(SMALL));
    fs::write(place.path().join("passport.json"), "{}").unwrap();
    assert!(refused(place.path()).contains("passport.json"));
}
