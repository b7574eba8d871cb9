//! A soak: contracts made up one after another, each through load, compile, run, ledgers, the exact solver, the scalar
//! model, files, `verify`, parts and `explain`.
//!
//! The tests try some contracts. `UDFALD_SOAK=30m cargo test --test it soak -- --nocapture` goes on for that long (`s`, `m`
//! or `h`), on one thread, and says every minute how far it is; `UDFALD_SOAK=n` tries contract `n` alone. A contract that
//! fails is left in `target/tmp/soak`.

#![allow(clippy::print_stdout)] // whoever waits for half an hour wants to see how far it is

mod contracts;
mod inputs;
mod tried;

use std::fmt;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use contracts::contract;
use tried::{End, PEAK, Tried, memory, tried};

/// No score goes beyond. Of ten million comparisons with a normal distribution one does in 40,000 soaks; the means of
/// skewed amounts, in a few hundred.
const BOUND: f64 = 7.0;

/// So many are tried each time.
const FEW: u64 = 16;

/// What came of all.
#[derive(Default)]
struct Tally {
    contracts: u64,
    refused: u64,
    out_of_range: u64,
    exact: u64,
    scores: Vec<u64>,
    furthest: f64,
    scalar: u64,
    tampered: u64,
    in_parts: u64,
    trials: u64,
    failures: Vec<String>,
}

impl Tally {
    fn add(&mut self, tried: &Tried) {
        self.refused += u64::from(tried.end == End::Refused);
        self.out_of_range += u64::from(tried.end == End::OutOfRange);
        self.exact += u64::from(tried.scores.is_some());
        self.scalar += u64::from(tried.scalar);
        self.tampered += u64::from(tried.tampered);
        self.in_parts += u64::from(tried.in_parts);
        self.trials += tried.trials;
        self.scores.resize(8, 0);
        for z in tried.scores.iter().flatten() {
            self.scores[(z.abs() as usize).min(7)] += 1;
            self.furthest = self.furthest.max(z.abs());
        }
    }

    /// Contracts that were run.
    fn run(&self) -> u64 {
        self.contracts - self.refused - self.out_of_range
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores: u64 = self.scores.iter().sum();
        let far: u64 = self.scores.iter().skip(3).sum();
        write!(
            f,
            "{} contracts, {} refused, {} out of range, {} run ({} trials); {} against the scalar model; {} against the \
             exact answer ({} out of reach): {scores} scores, {far} beyond 3, furthest {:.2}; {} also in parts; {} of {} \
             changed folders noticed; {} failures; peak {}",
            self.contracts,
            self.refused,
            self.out_of_range,
            self.run(),
            self.trials,
            self.scalar,
            self.exact,
            self.run() - self.exact,
            self.furthest,
            self.in_parts,
            self.tampered,
            self.tampered,
            self.failures.len(),
            peak(),
        )
    }
}

/// The most memory that the test and the programs it started have had.
fn peak() -> String {
    let (own, program) = (memory("self").unwrap_or(0), PEAK.load(Ordering::Relaxed));
    format!("{} MiB here and {} MiB in a program", own / 1024, program / 1024)
}

/// Tries a contract; what failed is written down.
fn tried_and_noted(number: u64, tally: &mut Tally) {
    let made_up = contract(number);
    let folder = tempfile::tempdir().unwrap();
    let attempt = catch_unwind(AssertUnwindSafe(|| tried(number, &made_up, folder.path())));
    let outcome = attempt.unwrap_or_else(|panic| Err(format!("panic: {}", crate::mutated::message(&*panic))));
    tally.contracts += 1;
    match outcome {
        Ok(found) => tally.add(&found),
        Err(why) => {
            let place = Path::new(env!("CARGO_TARGET_TMPDIR")).join("soak");
            fs::create_dir_all(&place).unwrap();
            fs::write(place.join(format!("{number}.toml")), &made_up.text).unwrap();
            fs::write(place.join(format!("{number}.txt")), &why).unwrap();
            println!("contract {number}: {why}");
            tally.failures.push(format!("contract {number}: {why}"));
        }
    }
}

/// How long, from `90s`, `30m` or `2h`.
fn duration(text: &str) -> Option<Duration> {
    let seconds = [("s", 1), ("m", 60), ("h", 3600)];
    let (number, unit) = seconds.iter().find_map(|(unit, n)| Some((text.strip_suffix(unit)?, n)))?;
    Some(Duration::from_secs(number.parse::<u64>().ok()? * unit))
}

/// Contracts from `first` on, for so long.
fn soak(first: u64, time: Duration) -> Tally {
    let (mut tally, started, mut minute) = (Tally::default(), Instant::now(), 0);
    for number in first.. {
        tried_and_noted(number, &mut tally);
        let passed = started.elapsed();
        if passed.as_secs() / 60 > minute || passed >= time {
            minute = passed.as_secs() / 60;
            println!("{} s: {tally}", passed.as_secs());
        }
        if passed >= time {
            break;
        }
    }
    tally
}

#[test]
fn made_up_contracts_go_through_everything() {
    let tally = match std::env::var("UDFALD_SOAK") {
        Err(_) => {
            let mut tally = Tally::default();
            (0..FEW).for_each(|number| tried_and_noted(number, &mut tally));
            tally
        }
        Ok(text) => match (duration(&text), text.parse()) {
            // Other contracts than the few that are tried each time.
            (Some(time), _) => soak(FEW, time),
            (_, Ok(number)) => {
                let mut tally = Tally::default();
                println!("{}", contract(number).text);
                tried_and_noted(number, &mut tally);
                assert!(tally.failures.is_empty(), "{}", tally.failures.join("\n"));
                return;
            }
            _ => panic!("UDFALD_SOAK is a time such as 30m, or the number of a contract"),
        },
    };
    println!("{tally}");
    assert!(tally.failures.is_empty(), "{} failures:\n{}", tally.failures.len(), tally.failures.join("\n"));
    assert!(tally.run() * 10 > tally.contracts * 7, "too many are not run: {tally}");
    assert!(tally.exact > 0 && tally.scalar > 0 && tally.tampered > 0 && tally.in_parts > 0, "{tally}");
}
