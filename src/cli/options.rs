//! Options that several commands share, and how their values are read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::explain::payer;
use super::failure::Failure;
use crate::draw::normal;
use crate::engine::block::Chance;
use crate::engine::model::Model;
use crate::engine::plan::largest::STACK;
use crate::engine::run::{Settings, Shard};
use crate::measure::MAX_TRIALS;
use crate::report::profile::Profile;
use crate::report::study::StudyReport;
use crate::report::text::Language;
use crate::report::trials::{TrialFile, columns};
use crate::report::wanted::{Report, Wanted};

/// More threads than this are refused: each has its own counts.
const MOST_THREADS: usize = 1024;

/// What every command that simulates takes.
#[derive(Clone, Debug, Args)]
pub(super) struct Simulation {
    /// Number of trials
    #[arg(long, value_name = "N", default_value = "100_000", value_parser = trials)]
    pub(super) trials: u64,
    /// Seed of the random numbers
    #[arg(long, value_name = "S", default_value = "1", value_parser = whole)]
    pub(super) seed: u64,
    #[command(flatten)]
    pub(super) threads: Threads,
    /// Where random numbers come from
    #[arg(long, value_name = "METHOD", default_value = "plain")]
    pub(super) sampler: Sampler,
}

/// The number of threads; it changes no figure.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Threads {
    /// Number of threads [default: all cores]
    #[arg(long, value_name = "T", value_parser = threads)]
    pub(super) threads: Option<usize>,
}

impl Threads {
    /// Makes the threads on which a scenario is compiled, trials run and results are read. It comes before all of these: who needs
    /// threads first makes as many as there are cores.
    pub(super) fn prepare(self) {
        // This thread is one of them: one less to start, and none to wake for what it can do itself. Fails only when it was
        // done before, and then nothing is left to do.
        let threads = self.threads.unwrap_or(0);
        let pool =
            rayon::ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).use_current_thread();
        let _ = pool.build_global();
        if rayon::current_num_threads() > 1 {
            // While the scenario is read: every run needs it.
            rayon::spawn(normal::prepare);
        }
    }
}

impl Simulation {
    pub(super) fn settings(&self) -> Settings {
        let chance = match self.sampler {
            Sampler::Plain => Chance::Inversion,
            Sampler::Lhs => Chance::Latin,
            Sampler::Sobol => Chance::Sobol,
            Sampler::Reference => Chance::Reference,
        };
        Settings { trials: self.trials, seed: self.seed, chance }
    }
}

/// Where random numbers come from.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Sampler {
    /// Independent trials by exact inversion
    #[value(alias = "inversion")]
    Plain,
    /// Latin hypercubes: each input spread evenly over the trials
    Lhs,
    /// Scrambled Sobol points: all inputs together spread evenly
    Sobol,
    /// Textbook draws, a second way to the same figures
    Reference,
}

/// How results are written.
#[derive(Clone, Debug, Args)]
pub(super) struct Format {
    /// Folder for the results: a new or an empty one, or one with earlier results, in which everything is replaced
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Language of the table and of pages
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    pub(super) lang: Language,
    /// Marks of CSV files
    #[arg(long, value_name = "PROFILE", default_value = "plain", value_parser = profile)]
    pub(super) csv: Profile,
}

/// What a study writes beside its CSV file.
#[derive(Clone, Debug, Args)]
pub(super) struct StudyReports {
    /// What to write into DIR beside the CSV file: a `page` for a browser, a `workbook` for spreadsheets; both with a comma
    /// between
    #[arg(long, value_name = "REPORT", value_delimiter = ',', value_parser = study_report, requires = "out")]
    pub(super) report: Vec<StudyReport>,
}

/// What is written beside the CSV files.
#[derive(Clone, Debug, Args)]
pub(super) struct Reports {
    /// What to write into DIR beside the CSV files: a page for `council`, `finance` or `analyst`; a `workbook` for
    /// spreadsheets; `json` for programs; `sipmath`, distributions for models. Several with a comma between
    #[arg(long, value_name = "REPORT", value_delimiter = ',', value_parser = report, requires = "out")]
    report: Vec<Report>,
    /// Whose reports they are: pages and workbook show this payer alone
    #[arg(long, value_name = "ID", requires = "report")]
    payer: Option<String>,
    /// Say in them what moves the payments, and write sensitivity.csv: takes as long as `udfald sensitivity`, some dozens of
    /// runs
    #[arg(long, requires = "report")]
    what_moves_it: bool,
    /// Figures to write trial by trial: `norddjurs:payment:total` (party, flow, year) or `youth:norddjurs:payment:*` (of one
    /// investment, every year); several with a comma between. Runs the trials once more
    #[arg(long, value_name = "COLUMN", value_delimiter = ',', requires = "out")]
    trial_columns: Vec<String>,
    /// File of the trials: trials.parquet, or trials.csv in the marks of --csv
    #[arg(long, value_name = "KIND", default_value = "parquet", value_parser = trial_file, requires = "trial_columns")]
    trial_file: TrialFile,
}

impl Reports {
    /// What goes into the folder.
    pub(super) fn wanted(&self, format: &Format) -> Wanted {
        let wanted = Wanted::csv(format.csv).with_reports(&self.report, format.lang);
        let wanted = wanted.with_more(self.payer.as_deref(), self.what_moves_it);
        wanted.with_trials(&self.trial_columns, self.trial_file)
    }

    /// Says before anything runs what does not exist.
    pub(super) fn check(&self, model: &Model) -> Result<(), Failure> {
        self.payer.as_deref().map(|id| payer(model, id)).transpose()?;
        columns(model, &self.trial_columns).map(|_| ()).map_err(Failure::invalid)
    }
}

fn study_report(text: &str) -> Result<StudyReport, String> {
    StudyReport::from_name(text).ok_or_else(|| "write `page` or `workbook`".to_owned())
}

fn trial_file(text: &str) -> Result<TrialFile, String> {
    TrialFile::from_name(text).ok_or_else(|| "write `parquet` or `csv`".to_owned())
}

fn report(text: &str) -> Result<Report, String> {
    Report::from_name(text)
        .ok_or_else(|| "write `council`, `finance`, `analyst`, `workbook`, `json` or `sipmath`".to_owned())
}

pub(super) fn language(text: &str) -> Result<Language, String> {
    Language::from_name(text).ok_or_else(|| "write `en` or `da`".to_owned())
}

pub(super) fn profile(text: &str) -> Result<Profile, String> {
    Profile::from_name(text).ok_or_else(|| "write `plain` or `excel-da`".to_owned())
}

/// A whole number; `_` may stand between digits.
pub(super) fn whole(text: &str) -> Result<u64, String> {
    let edges = text.starts_with('_') || text.ends_with('_') || text.starts_with('+');
    let digits: String = text.chars().filter(|letter| *letter != '_').collect();
    digits.parse().ok().filter(|_| !edges).ok_or_else(|| "write a whole number, such as 1_000_000".to_owned())
}

pub(super) fn trials(text: &str) -> Result<u64, String> {
    let found = whole(text)?;
    let possible = (1..=MAX_TRIALS).contains(&found);
    let help = "up to 2^40, where counts are exact; --precision KRONER runs as many as are needed";
    if possible { Ok(found) } else { Err(format!("a run has between 1 and {MAX_TRIALS} trials ({help})")) }
}

fn threads(text: &str) -> Result<usize, String> {
    let found = whole(text)? as usize;
    let possible = (1..=MOST_THREADS).contains(&found);
    if possible { Ok(found) } else { Err(format!("write a number of threads from 1 to {MOST_THREADS}")) }
}

/// `I/N`.
pub(super) fn shard(text: &str) -> Result<Shard, String> {
    let parts = text.split_once('/').ok_or("write I/N, such as 3/16")?;
    Shard::new(whole(parts.0)?, whole(parts.1)?).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_be_grouped() {
        assert_eq!(whole("1_000_000"), Ok(1_000_000));
        for text in ["", "_", "_1", "1_", "+1", "-1", "1.5", "1e6", "99999999999999999999"] {
            assert!(whole(text).is_err(), "{text}");
        }
        assert!(trials("0").is_err() && trials("1_099_511_627_777").is_err() && trials("1").is_ok());
        assert!(threads("0").is_err() && threads("1025").is_err() && threads("2").is_ok());
    }

    #[test]
    fn shards_count_from_one() {
        assert_eq!(shard("3/16").map(|shard| (shard.index(), shard.of())), Ok((3, 16)));
        for text in ["3", "0/3", "4/3", "a/3", "1/0", "1/2/3"] {
            assert!(shard(text).is_err(), "{text}");
        }
    }
}
