//! What is too large is refused before it runs, with what it would take and what to type instead.

use super::{SMALL, stderr, stdout, text, udfald};

#[test]
fn more_trials_than_counts_can_hold_are_refused() {
    for command in ["run", "sensitivity"] {
        let refused = stderr(&udfald([command, SMALL, "--trials", "10_000_000_000_000"]).assert().code(2));
        assert!(refused.contains("1099511627776") && refused.contains("--precision"), "{refused}");
    }
}

/// As many trials of the shipped portfolio take days.
const MOST: &str = "1_000_000_000_000";

#[test]
fn more_than_a_day_is_refused() {
    let run = ["run", "scenarios/norddjurs.toml", "--trials", MOST, "--threads", "2"];
    let refused = stderr(&udfald(run).assert().code(2));
    for said in ["days on 2 cores", "take an hour", "--precision", "--shard", "--force"] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
}

#[test]
fn all_runs_of_a_sweep_count() {
    let values = (1..=60).map(|value| format!("{value}00_000")).collect::<Vec<_>>().join(",");
    let set = format!("small.limit.town.at_most={values}");
    let mut sweep = udfald(["sweep", SMALL, "--set", &set, "--trials", MOST, "--threads", "1"]);
    let refused = stderr(&sweep.assert().code(2));
    for said in
        ["120000000000000 trials would take about", "on 1 core;", "take an hour", "--trials", "--force"]
    {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    // A sweep has neither.
    assert!(!refused.contains("--shard") && !refused.contains("--precision"), "{refused}");
}

#[test]
fn of_a_part_its_own_trials_count() {
    let place = tempfile::tempdir().unwrap();
    let part = place.path().join("1.part");
    let run = |shard: &str| {
        let run = ["run", "scenarios/norddjurs.toml", "--trials", MOST, "--threads", "1"];
        udfald(run).args(["--shard", shard, "--part", text(&part)]).assert()
    };
    let refused = stderr(&run("1/2").code(2));
    for said in ["500000000000 trials", "days on 1 core;", "more parts", "--shard I/N", "--force"] {
        assert!(refused.contains(said), "{said}: {refused}");
    }
    assert!(!part.exists());
    run("1/1_000_000").code(0);
    assert!(part.exists());
}

#[test]
fn an_absurd_passport_is_refused_by_verify() {
    let place = tempfile::tempdir().unwrap();
    let options = ["--report", "council", "--what-moves-it"];
    let out = super::results(place.path(), &options);
    let path = out.join("passport.json");
    let passport = std::fs::read_to_string(&path).unwrap().replace("5000", "1099511627776");
    std::fs::write(&path, passport).unwrap();
    let refused = stderr(&udfald(["verify", text(&out), "--threads", "1"]).assert().code(2));
    assert!(refused.contains("would take about"), "{refused}");
}

#[test]
fn what_a_run_would_take_is_told_and_nothing_is_run() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    for (language, said) in [("en", "take about"), ("da", "tage omkring")] {
        let mut command =
            udfald(["run", SMALL, "--trials", "1_000_000_000", "--dry-run", "--lang", language]);
        let told = stdout(&command.args(["--out", text(&out)]).assert().code(0));
        assert!(told.contains(said) && told.lines().count() == 1, "{told}");
    }
    assert_eq!(std::fs::read_dir(place.path()).unwrap().count(), 0);
    for (language, said) in [("en", "take less than a second"), ("da", "tage under et sekund")] {
        let mut command = udfald(["run", SMALL, "--trials", "1000", "--dry-run", "--lang", language]);
        let told = stdout(&command.assert().code(0));
        assert!(told.contains(said), "{told}");
    }
}

#[cfg(target_os = "linux")]
mod memory {
    use std::path::{Path, PathBuf};
    use std::process::{Command, Stdio};

    use super::super::{SMALL, text};

    /// A portfolio of copies of the shipped contract of young people, which share its factor.
    fn portfolio(place: &Path, contracts: usize) -> PathBuf {
        let one = std::fs::read_to_string("scenarios/youth.toml").unwrap();
        let names: Vec<_> = (0..contracts).map(|index| format!("{index}.toml")).collect();
        for (index, name) in names.iter().enumerate() {
            let copy = one.replace("= \"youth\"", &format!("= \"youth-{index}\""));
            std::fs::write(place.join(name), copy).unwrap();
        }
        let path = place.join("all.toml");
        let head =
            "udfald = 1\nportfolio = \"many\"\nbudget_years = [2025, 2026, 2027, 2028, 2029]\ninclude = ";
        std::fs::write(&path, format!("{head}{names:?}\n")).unwrap();
        path
    }

    /// What a command says when it may take so many kilobytes of addresses.
    fn limited(kilobytes: u64, arguments: &[&str]) -> (Option<i32>, String) {
        let program = assert_cmd::cargo::cargo_bin("udfald");
        let line = format!("ulimit -v {kilobytes}; exec \"$0\" \"$@\"");
        let output = Command::new("sh").args(["-c", &line]).arg(program).args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }

    /// The estimate of memory in bytes.
    fn estimated(arguments: &[&str]) -> f64 {
        let program = assert_cmd::cargo::cargo_bin("udfald");
        let output = Command::new(program).args(arguments).arg("--dry-run").output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let rest = said.split("need about ").nth(1).unwrap_or_else(|| panic!("{said}"));
        let mut words = rest.split(' ');
        let number: f64 = words.next().unwrap().parse().unwrap();
        let unit = if words.next() == Some("GiB") { 1024.0 } else { 1.0 };
        number * unit * f64::from(1 << 20)
    }

    /// The most memory that a process held while it ran.
    fn measured(arguments: &[&str]) -> f64 {
        let program = assert_cmd::cargo::cargo_bin("udfald");
        let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).spawn().unwrap();
        let status = format!("/proc/{}/status", child.id());
        let mut most = 0.0;
        while child.try_wait().unwrap().is_none() {
            let text = std::fs::read_to_string(&status).unwrap_or_default();
            let peak = text
                .lines()
                .find(|line| line.starts_with("VmHWM:"))
                .and_then(|line| line.split_whitespace().nth(1));
            most = peak.map_or(most, |peak| peak.parse::<f64>().unwrap() * 1024.0);
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        most
    }

    fn assert_near(what: &str, arguments: &[&str]) {
        let (estimated, measured) = (estimated(arguments), measured(arguments));
        let ratio = estimated / measured;
        assert!((0.5..2.0).contains(&ratio), "{what}: estimated {estimated:.3e}, held {measured:.3e}");
    }

    #[test]
    fn estimates_are_within_a_factor_of_two_of_what_is_held() {
        let place = tempfile::tempdir().unwrap();
        let (out, many) = (place.path().join("out"), portfolio(place.path(), 20));
        let out = text(&out);
        for (scenario, trials) in [
            ("scenarios/gallery/g1-quarterly-cap.toml", "20_000"),
            ("scenarios/norddjurs.toml", "60_000"),
            (text(&many), "10_000"),
        ] {
            let table = ["run", scenario, "--trials", trials, "--threads", "2"];
            assert_near(&format!("{scenario}, table"), &table);
            assert_near(&format!("{scenario}, files"), &[&table[..], &["--out", out]].concat());
        }
    }

    /// Addresses are not memory: what a process needs to begin with differs from system to system. A limit at which it
    /// begins, and what is asked for does not fit.
    fn too_little(arguments: &[&str]) -> u64 {
        let limits = [50_000, 70_000, 90_000, 110_000, 130_000, 150_000, 200_000];
        let refused = limits.into_iter().find(|limit| limited(*limit, arguments).0 == Some(2));
        refused.expect("a limit at which it begins, and does not fit")
    }

    #[test]
    fn a_merge_that_does_not_fit_is_refused_and_can_be_forced() {
        let place = tempfile::tempdir().unwrap();
        let (part, out) = (place.path().join("1.part"), place.path().join("out"));
        let run = ["run", "scenarios/norddjurs.toml", "--trials", "100_000", "--shard", "1/1"];
        super::super::udfald(run).args(["--part", text(&part)]).assert().code(0);
        let merge = ["merge", text(&part), "--out", text(&out)];
        let limit = too_little(&merge);
        let (_, said) = limited(limit, &merge);
        assert!(said.contains("--force") && said.contains("without --out") && !out.exists(), "{said}");
        let (_, said) = limited(limit, &[&merge[..], &["--force"]].concat());
        assert!(!said.contains("needs about"), "{said}");
        assert_eq!(limited(4_000_000, &merge).0, Some(0));
    }

    #[test]
    fn what_fits_runs_and_what_does_not_can_be_forced() {
        let (status, said) = limited(4_000_000, &["run", SMALL, "--trials", "1_000", "--threads", "1"]);
        assert_eq!(status, Some(0), "{said}");
        let place = tempfile::tempdir().unwrap();
        let out = place.path().join("out");
        let out = text(&out);
        let portfolio =
            ["run", "scenarios/norddjurs.toml", "--trials", "100_000", "--threads", "1", "--out", out];
        let limit = too_little(&portfolio);
        let (_, said) = limited(limit, &portfolio);
        assert!(said.contains("--force") && said.contains("fewer contracts"), "{said}");
        let forced = [&portfolio[..], &["--force"]].concat();
        let (_, said) = limited(limit, &forced);
        assert!(!said.contains("needs about"), "{said}");
    }
}
