//! The shipped scenarios with mistakes in them: whatever is typed, the program answers, in time, and ends with 0 or 2.
//!
//! Mistake `n` is always the same. Of the ten thousand a part is tried each time and all with `UDFALD_MUTATED=all`;
//! `UDFALD_MUTATED=n` tries one of them and prints its file (with `-- --nocapture`).

mod edits;
mod places;

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use assert_cmd::Command;
use udfald::diff::{Change, Difference, differences};
use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::model::{CASE, Model};
use udfald::engine::run::{RunError, Settings, Unwatched};
use udfald::lint::shown_with;
use udfald::report::text::Language;

use crate::support::Words;
use edits::{EDITS, bytes_flipped};

/// So many files have mistakes.
const FILES: usize = 10_000;
/// Every so many is tried each time; no divisor in common with the number of shipped files or of kinds.
const STEP: usize = 7;
/// No file takes longer, in a build without the last optimisations.
const PATIENCE: Duration = Duration::from_secs(20);

/// The shipped scenarios by path below `scenarios`, in order.
struct Shipped(Vec<(String, Vec<u8>)>);

/// A shipped tree with one file mutated.
struct Mutated {
    what: String,
    files: Vec<(String, Vec<u8>)>,
    /// The file that was changed.
    changed: usize,
    /// The file that is loaded: the changed one, or one that is laid over it or includes it.
    root: String,
}

/// How far a file came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    Refused,
    OutOfRange,
    Ran,
}

impl Shipped {
    fn new() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
        let mut paths: Vec<PathBuf> = vec![root.clone()];
        let mut files = Vec::new();
        while let Some(path) = paths.pop() {
            if path.is_dir() {
                paths.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.push((name, std::fs::read(&path).unwrap()));
            }
        }
        files.sort();
        Self(files)
    }

    fn text(&self, file: usize) -> &str {
        std::str::from_utf8(&self.0[file].1).expect("shipped files are text")
    }

    /// A file that names another as its base or includes it.
    fn above(&self, file: usize) -> Option<&str> {
        let name = self.0[file].0.rsplit('/').next()?;
        let names = |text: &str| text.lines().any(|line| line.contains(name) && !line.starts_with('#'));
        let above = (0..self.0.len()).find(|other| *other != file && names(self.text(*other)));
        above.map(|other| self.0[other].0.as_str())
    }

    /// Mistake `number`: first every file without its end, at every hundredth; then all kinds in turn.
    fn mutated(&self, number: usize) -> Mutated {
        let mut words = Words(number as u64);
        let (changed, round) = (number % self.0.len(), number / self.0.len());
        let text = self.text(changed);
        let (what, bytes) = if round < 100 {
            let end = text.len() * round / 100;
            (format!("cut at {round} %"), text.as_bytes()[..end].to_vec())
        } else if round.is_multiple_of(8) {
            ("bytes flipped".to_owned(), bytes_flipped(&mut words, text))
        } else {
            let other = self.text(words.between(0, self.0.len() as i64 - 1) as usize);
            let mut kinds = Vec::new();
            let mut new = text.to_owned();
            for _ in 0..words.pick(&[1, 1, 1, 2, 3]) {
                let (kind, edit) = words.pick(&EDITS);
                new = edit(&mut words, &new, other);
                kinds.push(kind);
                if new.is_empty() {
                    break;
                }
            }
            (kinds.join(", "), new.into_bytes())
        };
        let mut files = self.0.clone();
        files[changed].1 = bytes;
        let above = if words.one_in(4) { self.above(changed) } else { None };
        let root = above.unwrap_or(&self.0[changed].0).to_owned();
        Mutated { what: format!("{number}: {root}: {what}"), files, changed, root }
    }
}

impl Mutated {
    /// As far as it goes: loaded, checked, compiled with its cases, run for ten trials with all accounts closed, its
    /// plan, its contractual maxima and its lint read.
    fn tried(&self) -> Result<End, String> {
        let (scenario, warnings) = match udfald::scenario::load_from_memory(&self.files, &self.root) {
            Ok(loaded) => loaded,
            Err(errors) if errors.to_string().is_empty() => return Err("refused without a word".to_owned()),
            Err(_) => return Ok(End::Refused),
        };
        let Ok(model) = Model::new(scenario) else { return Ok(End::OutOfRange) };
        let _ = shown_with(warnings.list(), &model).to_string();
        let settings = Settings { trials: 10, seed: 1, chance: Chance::Inversion };
        run(&model, settings)?;
        for name in model.cases() {
            match model.case(&name) {
                Ok(case) => run(&case, CASE)?,
                Err(_) => return Ok(End::OutOfRange),
            }
        }
        Ok(End::Ran)
    }
}

/// An account that does not close is the only way in which a run can fail here.
pub fn run(model: &Model, settings: Settings) -> Result<(), String> {
    let results =
        model.run_watched(settings, Some(1), &Unwatched).map_err(|error: RunError| error.to_string())?;
    let grid = results.grid();
    for ((cell, flow), figure) in grid.figures() {
        let summary = results.summary_of(figure).map_err(|error| error.to_string())?;
        if summary.trials() != settings.trials {
            return Err(format!("{flow:?} of {cell:?} was counted {} times", summary.trials()));
        }
        let bounded = matches!(flow, Flow::Payment | Flow::Receipt | Flow::Earned);
        let most = if bounded { results.contract_max(cell, flow) } else { None };
        if most.is_some_and(|most| summary.max() > most) {
            return Err(format!("{flow:?} of {cell:?}: {} is above the contractual maximum", summary.max()));
        }
    }
    Ok(())
}

pub fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

/// Which mistakes are asked for.
fn numbers() -> Vec<usize> {
    match std::env::var("UDFALD_MUTATED").as_deref() {
        Ok("all") => (0..FILES).collect(),
        Ok(one) => vec![one.parse().expect("`all` or a number")],
        Err(_) => (0..FILES).step_by(STEP).collect(),
    }
}

/// What came of a file, and after how long.
type Outcome = (String, Result<End, String>, Duration);

/// What is done with a file.
type Job = fn(&Mutated) -> Result<End, String>;

/// Tries files one after another on a thread of its own, whose silence is noticed.
fn worker(numbers: Vec<usize>, job: Job) -> mpsc::Receiver<Outcome> {
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let shipped = Shipped::new();
        for number in numbers {
            let mutated = shipped.mutated(number);
            let started = Instant::now();
            let end = catch_unwind(AssertUnwindSafe(|| job(&mutated)))
                .unwrap_or_else(|panic| Err(format!("panic: {}", message(&*panic))));
            if send.send((mutated.what, end, started.elapsed())).is_err() {
                return;
            }
        }
    });
    receive
}

/// What came of all files, on two threads.
fn outcomes(numbers: &[usize], job: Job, patience: Duration) -> Vec<Outcome> {
    let halves = [0, 1].map(|half| {
        let own: Vec<_> = numbers.iter().copied().skip(half).step_by(2).collect();
        (own.clone(), worker(own, job))
    });
    let mut found = Vec::new();
    for (own, receive) in halves {
        for number in own {
            let what = || Shipped::new().mutated(number).what;
            let answer = receive.recv_timeout(patience);
            let silent = answer.is_err();
            found.push(answer.unwrap_or_else(|_| (what(), Err("no answer".to_owned()), patience)));
            if silent {
                break;
            }
        }
    }
    found
}

#[test]
fn whatever_is_typed_is_answered_in_time_and_without_a_panic() {
    let numbers = numbers();
    let mut faults = Vec::new();
    let mut ends: BTreeMap<End, usize> = BTreeMap::new();
    let mut slowest = (Duration::ZERO, String::new());
    for (what, end, time) in outcomes(&numbers, Mutated::tried, PATIENCE) {
        match end {
            Ok(end) => *ends.entry(end).or_default() += 1,
            Err(fault) => faults.push(format!("{what}: {fault}")),
        }
        slowest = slowest.max((time, what));
    }
    println!("{} files: {ends:?}, slowest {slowest:?}", numbers.len());
    if let [only] = numbers.as_slice() {
        let Mutated { files, changed, .. } = Shipped::new().mutated(*only);
        println!("{}", String::from_utf8_lossy(&files[changed].1));
    }
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), numbers.len(), faults.join("\n"));
    // The mistakes are of every kind: some are none, most are refused, some are seen only when a plan is made.
    assert!(numbers.len() < 1_000 || (ends[&End::Ran] > 100 && ends[&End::Refused] > 500), "{ends:?}");
}

#[test]
fn a_panic_and_a_silence_would_be_noticed() {
    let panics = outcomes(&[1, 2], |mutated| panic!("{}", mutated.root), PATIENCE);
    assert!(
        panics.iter().all(|(_, end, _)| matches!(end, Err(fault) if fault.contains(".toml"))),
        "{panics:?}"
    );
    let sleeps = |_: &Mutated| {
        std::thread::sleep(Duration::from_secs(1));
        Ok(End::Ran)
    };
    let silent = outcomes(&[1, 2, 3], sleeps, Duration::from_millis(50));
    assert!(silent.iter().any(|(_, end, _)| *end == Err("no answer".to_owned())), "{silent:?}");
}

#[test]
fn the_program_ends_a_mutated_file_with_0_or_2() {
    let step = if std::env::var("UDFALD_MUTATED").is_ok() { 25 } else { 151 };
    let shipped = Shipped::new();
    let mut statuses: BTreeMap<i32, usize> = BTreeMap::new();
    for number in (0..FILES).step_by(step) {
        let mutated = shipped.mutated(number);
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &mutated.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let command: &[&str] = if number.is_multiple_of(2) { &["check"] } else { &["run", "--trials", "10"] };
        let output = Command::cargo_bin("udfald")
            .expect("the program is built")
            .args(command)
            .arg(folder.path().join(&mutated.root))
            .timeout(PATIENCE)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let status = output.status.code().unwrap_or(-1);
        assert!(
            status == 0 || (status == 2 && said.contains("error: ")),
            "{}: {status}\n{said}",
            mutated.what
        );
        *statuses.entry(status).or_default() += 1;
    }
    println!("{statuses:?}");
    assert!(statuses[&0] > 5 && statuses[&2] > 20, "{statuses:?}");
}

/// Whatever is changed in a file so that another plan runs is told by `diff`; what it does not tell changes no plan.
#[test]
fn what_changes_a_plan_is_told_as_a_difference() {
    let shipped = Shipped::new();
    let (mut told, mut alike) = (0, 0);
    for number in numbers().into_iter().filter(|number| number / shipped.0.len() >= 100) {
        let mutated = shipped.mutated(number);
        let Ok((changed, _)) = udfald::scenario::load_from_memory(&mutated.files, &mutated.root) else {
            continue;
        };
        let (original, _) = udfald::scenario::load_from_memory(&shipped.0, &mutated.root).unwrap();
        let [english, danish] =
            [Language::En, Language::Da].map(|language| differences(&original, &changed, language));
        assert_eq!(english.list.len(), danish.list.len(), "{}", mutated.what);
        if !english.is_empty() {
            assert!(english.list.iter().chain(&danish.list).all(visible), "{}", english.lines());
            told += 1;
            continue;
        }
        if let (Ok(first), Ok(second)) = (Model::new(original), Model::new(changed)) {
            let same = plans(&first) == plans(&second);
            assert!(same, "{}: {}", mutated.what, first_difference(&plans(&first), &plans(&second)));
            alike += 1;
        }
    }
    println!("{told} told, {alike} alike");
    assert!(numbers().len() < 1_000 || (told > 20 && alike > 50), "{told} told, {alike} alike");
}

/// Both sides of a change can be told apart.
fn visible(difference: &Difference) -> bool {
    match &difference.change {
        Change::Changed { before, after, .. } => before != after,
        Change::Added { .. } | Change::Removed { .. } => true,
    }
}

/// The plans of a model and its cases.
fn plans(model: &Model) -> String {
    let cases = model.cases().into_iter().filter_map(|name| model.case(&name).ok());
    cases.map(|case| case.plan().to_string()).fold(model.plan().to_string(), |all, case| all + &case)
}

fn first_difference(first: &str, second: &str) -> String {
    let pairs = first.lines().zip(second.lines());
    pairs.filter(|(a, b)| a != b).map(|(a, b)| format!("{a}\n{b}")).next().unwrap_or_default()
}
