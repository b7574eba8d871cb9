//! `--precision`: as many trials as it takes, the same on every machine, and run again by verify.

use super::{SMALL, files, stderr, stdout, text, udfald};

#[test]
fn trials_are_doubled_until_totals_are_known() {
    let place = tempfile::tempdir().unwrap();
    for sampler in ["plain", "sobol"] {
        let run = |threads: &str, name: &str| {
            let out = place.path().join(format!("{sampler}-{name}"));
            let arguments = ["--precision", "4_000", "--sampler", sampler, "--threads", threads];
            let run = udfald(["run", SMALL, "--out", text(&out)]).args(arguments).assert().code(0);
            (stdout(&run), files(&out), out)
        };
        let ((said, one, out), (_, three, _)) = (run("1", "one"), run("3", "three"));
        assert_eq!(one, three, "the same number of trials for any threads");
        let passport = String::from_utf8_lossy(&one[std::path::Path::new("passport.json")]).into_owned();
        assert!(passport.contains("\"precision\": 4000"), "{passport}");
        let trials = passport.split("\"trials\": ").nth(1).unwrap().split(',').next().unwrap();
        let trials: u64 = trials.parse().unwrap();
        assert!(trials >= 32_768 && trials.is_power_of_two(), "met twice in a row: {trials}");
        assert!(said.contains("known to within 4,000"), "{said}");
        udfald(["verify", text(&out)]).assert().code(0);
        // The same number asked for gives the same figures.
        let fixed = place.path().join(format!("{sampler}-fixed"));
        let arguments = ["--trials", &trials.to_string(), "--sampler", sampler];
        udfald(["run", SMALL, "--out", text(&fixed)]).args(arguments).assert().code(0);
        let summary = std::path::Path::new("summary.csv");
        assert_eq!(files(&fixed)[summary], one[summary]);
    }
}

#[test]
fn a_precision_out_of_reach_says_how_far_it_came() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("out");
    let arguments = ["--precision", "1", "--at-most", "40_000", "--out", text(&out)];
    let assert = udfald(["run", SMALL]).args(arguments).assert().code(1).stdout("");
    let said = stderr(&assert);
    assert!(said.contains("32768 trials") && said.contains("is known to within"), "{said}");
    assert!(!out.exists());
    for wrong in [["--precision", "0"], ["--precision", "5.5"], ["--at-most", "100"]] {
        udfald(["run", SMALL]).args(wrong).assert().code(2).stdout("");
    }
    let both = ["--precision", "5", "--trials", "1000"];
    udfald(["run", SMALL]).args(both).assert().code(2).stdout("");
}
