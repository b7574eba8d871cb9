//! Everything that must hold of one contract: in the library, and of the program that reads its file.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use udfald::engine::block::Chance;
use udfald::engine::explain::Ledgers;
use udfald::engine::model::{CASE, Model};
use udfald::engine::run::Settings;
use udfald::exact::Detail;
use udfald::lint::shown_with;

use super::contracts::MadeUp;
use crate::support::Words;
use crate::{accounts, ledger, mutated, oracle};

/// Trials whose ledgers are read.
const READ: u64 = 96;

/// How far a contract came.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum End {
    /// The program takes no such file.
    Refused,
    /// Amounts or counts may leave the range in which all is exact.
    OutOfRange,
    #[default]
    Run,
}

/// What became of a contract.
#[derive(Default)]
pub struct Tried {
    pub end: End,
    /// Standard scores of the simulation against the exact answer, where that is in reach.
    pub scores: Option<Vec<f64>>,
    /// Held against the scalar model.
    pub scalar: bool,
    /// What was changed in its results folder, if something was.
    pub tampered: bool,
    /// Run in parts as well.
    pub in_parts: bool,
    pub trials: u64,
}

/// Tries everything with contract `number`, in a folder of its own.
///
/// Whatever does not hold is an error or a panic.
pub fn tried(number: u64, made_up: &MadeUp, folder: &Path) -> Result<Tried, String> {
    let file = folder.join("contract.toml");
    fs::write(&file, &made_up.text).map_err(|error| error.to_string())?;
    let (scenario, warnings) = match udfald::scenario::load_with_warnings(&file) {
        Ok(loaded) => loaded,
        Err(errors) if errors.to_string().is_empty() => return Err("refused without a word".into()),
        Err(_) if made_up.plain.is_some() => return Err("refused, and the scalar model takes it".into()),
        Err(_) => return Ok(Tried { end: End::Refused, ..Tried::default() }),
    };
    let Ok(model) = Model::new(scenario) else {
        return Ok(Tried { end: End::OutOfRange, ..Tried::default() });
    };
    let _ = shown_with(warnings.list(), &model).to_string();
    let mut words = Words(number);
    let chance =
        words.pick(&[Chance::Inversion, Chance::Inversion, Chance::Latin, Chance::Sobol, Chance::Reference]);
    let trials = words.pick(&[READ as i64, 512, 700, 2_000, 4_096]) as u64;
    let settings = Settings { trials, seed: number, chance };
    mutated::run(&model, settings)?;
    for name in model.cases() {
        if let Ok(case) = model.case(&name) {
            mutated::run(&case, CASE)?;
        }
    }
    let mut found = Tried { trials, ..Tried::default() };
    ledgers(&model, Settings { trials: READ, ..settings })?;
    if let Some(contract) = &made_up.plain {
        accounts::compare(contract, contract, 256, number)?;
        found.scalar = true;
    }
    found.scores = exactly(&model, settings)?;
    let mut program = Program { folder, file: &file, settings, words };
    program.writes_and_verifies()?;
    found.in_parts = program.in_parts()?;
    program.explains()?;
    found.tampered = program.tampered()?;
    Ok(found)
}

/// The ledgers of some trials close, and add up to the figures of a run of these trials.
fn ledgers(model: &Model, settings: Settings) -> Result<(), String> {
    let ledgers = Ledgers::new(model, settings).map_err(|error| error.to_string())?;
    let results = crate::support::run_with(model, settings);
    ledger::same_figures(&ledgers, &results, settings.trials);
    ledger::read(&ledgers, settings.trials, |trial| {
        ledger::closes_by_date(trial);
        ledger::closes_by_line(trial);
    });
    Ok(())
}

fn exactly(model: &Model, settings: Settings) -> Result<Option<Vec<f64>>, String> {
    let Ok(answer) = oracle::exact(model.scenario(), Detail::Full) else { return Ok(None) };
    let beside = oracle::beside_with(&answer, model, Settings { trials: 4_000, ..settings });
    if let Some(impossible) = beside.impossible.first() {
        return Err(format!("cannot be: {impossible:?}"));
    }
    match beside.furthest() {
        Some(score) if score.z.is_some_and(|z| z.abs() > super::BOUND) => Err(format!("too far: {score}")),
        _ => Ok(Some(beside.scores.iter().filter_map(|score| score.z).collect())),
    }
}

/// The program with one file.
struct Program<'t> {
    folder: &'t Path,
    file: &'t Path,
    settings: Settings,
    words: Words,
}

impl Program<'_> {
    fn path(&self, name: &str) -> String {
        self.folder.join(name).display().to_string()
    }

    /// The options that decide the figures.
    fn simulation(&self) -> [String; 6] {
        let Settings { trials, seed, chance } = self.settings;
        [
            "--trials".into(),
            trials.to_string(),
            "--seed".into(),
            seed.to_string(),
            "--sampler".into(),
            chance.name().into(),
        ]
    }

    fn run(&self, more: &[&str]) -> Result<String, String> {
        let (file, simulation) = (self.file.display().to_string(), self.simulation());
        let simulation: Vec<_> = simulation.iter().map(String::as_str).collect();
        says(&[&["run", &file], &simulation[..], more].concat(), &[0])
    }

    fn writes_and_verifies(&mut self) -> Result<(), String> {
        let out = self.path("out");
        let reports: &[&str] = match self.words.between(1, 12) {
            1 => &["--report", "council,finance,analyst", "--lang", "da"],
            2 => &["--report", "workbook", "--csv", "excel-da"],
            3 => &["--report", "json,sipmath"],
            4 => &["--trial-columns", "alpha:payment:total", "--trial-file", "csv"],
            _ => &[],
        };
        self.run(&[&["--out", &out, "--threads", "1"], reports].concat())?;
        let said = says(&["verify", &out, "--threads", "2"], &[0])?;
        if said.lines().filter(|line| line.ends_with(": identical")).count() < 4 {
            return Err(format!("verify: {said}"));
        }
        says(&["check", &self.file.display().to_string(), "--plan"], &[0]).map(|_| ())
    }

    /// One in three is run in parts too, and merged to the same bytes; not where reports were asked for.
    fn in_parts(&mut self) -> Result<bool, String> {
        if !self.words.one_in(3) {
            return Ok(false);
        }
        let of = self.words.between(2, 5);
        let (whole, merged) = (self.path("whole"), self.path("merged"));
        self.run(&["--out", &whole])?;
        let parts: Vec<_> = (1..=of).map(|index| self.path(&format!("{index}.part"))).collect();
        for (index, part) in parts.iter().enumerate() {
            let shard = format!("{}/{of}", index + 1);
            self.run(&["--shard", &shard, "--part", part, "--threads", "1"])?;
        }
        let parts: Vec<_> = parts.iter().rev().map(String::as_str).collect();
        says(&[&["merge"], &parts[..], &["--out", &merged]].concat(), &[0])?;
        let below = |folder: &str| -> Vec<_> {
            let files = bytes(Path::new(folder)).into_iter();
            files.map(|(path, bytes)| (path.strip_prefix(folder).unwrap().to_owned(), bytes)).collect()
        };
        let same = below(&whole) == below(&merged);
        if same { Ok(true) } else { Err(format!("{of} parts give other files than the whole")) }
    }

    fn explains(&mut self) -> Result<(), String> {
        let (file, ledger) = (self.file.display().to_string(), self.path("ledger.csv"));
        let trial = self.words.between(0, 5_000).to_string();
        let mut arguments = vec!["explain", &file, "--trial", &trial, "--ledger", &ledger];
        let seed = self.settings.seed.to_string();
        arguments.extend(["--seed", &seed]);
        says(&arguments, &[0]).map(|_| ())
    }

    /// In one of two folders a byte is changed, or a file cut, taken away or added: `verify` must notice.
    fn tampered(&mut self) -> Result<bool, String> {
        if self.words.one_in(2) {
            return Ok(false);
        }
        let out = self.path("out");
        let files: Vec<_> = bytes(Path::new(&out));
        let (path, before) = self.words.pick(&files);
        let mut changed = before.clone();
        let at = self.words.between(0, before.len() as i64 - 1) as usize;
        let what = match self.words.between(1, 4) {
            1 => {
                changed.truncate(at);
                fs::write(&path, &changed)
            }
            2 => fs::remove_file(&path),
            3 => fs::write(path.with_file_name("more.csv"), "figure\n1\n"),
            _ => {
                changed[at] ^= 1 << self.words.between(0, 7);
                fs::write(&path, &changed)
            }
        };
        what.map_err(|error| error.to_string())?;
        let said = says(&["verify", &out], &[1, 2]);
        said.map(|_| true).map_err(|why| format!("{} at {at}: {why}", path.display()))
    }
}

/// Runs the program: its status must be one of these. What it printed.
fn says(arguments: &[&str], statuses: &[i32]) -> Result<String, String> {
    let output = watched(arguments).map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    match output.status.code() {
        Some(status) if statuses.contains(&status) && !said.contains("panicked") => Ok(said.into_owned()),
        status => Err(format!("{arguments:?} ended with {status:?}\n{said}")),
    }
}

/// The most memory that a program has had, in KiB.
pub static PEAK: AtomicU64 = AtomicU64::new(0);

/// What the system says of the memory of a process, at most: `VmHWM`, in KiB.
pub fn memory(process: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Runs the program, and looks at its memory all the while.
fn watched(arguments: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new(cargo_bin("udfald"));
    let child =
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let process = child.id().to_string();
    let watch = std::thread::spawn(move || {
        while let Some(memory) = memory(&process) {
            PEAK.fetch_max(memory, Ordering::Relaxed);
            std::thread::sleep(Duration::from_millis(2));
        }
    });
    let output = child.wait_with_output();
    // It ends with the process.
    watch.join().expect("it only looks");
    output
}

/// All files below a folder, ascending.
fn bytes(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            found.push((path.clone(), fs::read(&path).unwrap()));
        }
    }
    found.sort();
    found
}
