//! Samplers that spread trials: the same bytes in any number of threads and parts, run again from the folder alone.

use super::{SMALL, files, stderr, stdout, text, udfald};

#[test]
fn spread_trials_are_the_same_in_threads_and_parts_and_verify() {
    let place = tempfile::tempdir().unwrap();
    for sampler in ["lhs", "sobol"] {
        let options = ["--trials", "40_000", "--sampler", sampler];
        let out = place.path().join(sampler);
        let run =
            udfald(["run", SMALL, "--threads", "1", "--out", text(&out)]).args(options).assert().code(0);
        assert!(stdout(&run).contains(&format!("sampler {sampler}")), "{}", stdout(&run));
        for of in [3, 40] {
            let merged = place.path().join(format!("{sampler}-{of}"));
            let parts: Vec<_> = (1..=of)
                .map(|index| {
                    let part = place.path().join(format!("{sampler}-{index}-of-{of}.part"));
                    let shard = format!("{index}/{of}");
                    let arguments = ["--shard", &shard, "--part", text(&part)];
                    udfald(["run", SMALL]).args(arguments).args(options).assert().code(0);
                    part
                })
                .collect();
            udfald(["merge", "--out", text(&merged)]).args(parts).assert().code(0);
            assert_eq!(files(&merged), files(&out), "{of} parts");
        }
        udfald(["verify", text(&out)]).assert().code(0);
    }
    assert_ne!(files(&place.path().join("lhs")), files(&place.path().join("sobol")));
}

/// A trial of the ledger is the trial of the run: that at the median pays the median.
#[test]
fn explain_computes_a_trial_under_its_sampler() {
    for sampler in ["lhs", "sobol"] {
        let options = ["--trials", "1_000", "--sampler", sampler];
        let at = stdout(&udfald(["explain", SMALL, "--at", "P50"]).args(options).assert().code(0));
        let trial =
            at.split("rial ").nth(1).and_then(|rest| rest.split(&[',', ' ', ':'][..]).next()).unwrap();
        let one = stdout(&udfald(["explain", SMALL, "--trial", trial]).args(options).assert().code(0));
        let tail = |text: &str| text[text.find("Drawn:").unwrap()..].to_owned();
        assert_eq!(tail(&at), tail(&one), "{at}");
    }
    let beyond = udfald(["explain", SMALL, "--trial", "100", "--trials", "100", "--sampler", "lhs"]);
    assert!(stderr(&{ beyond }.assert().code(2)).contains("trials"));
}

#[test]
fn studies_take_independent_trials() {
    for command in [["compare", SMALL].as_slice(), &["sensitivity"]] {
        let assert = udfald(["--"; 0])
            .args(command)
            .arg(SMALL)
            .args(["--trials", "1_000", "--sampler", "sobol"])
            .assert()
            .code(2);
        assert!(stderr(&assert).contains("--sampler plain"), "{}", stderr(&assert));
    }
}
