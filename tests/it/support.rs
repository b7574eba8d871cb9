//! What the tests share: scenarios from text, figures by names, tests of hypotheses with fixed seeds.

use udfald::engine::block::Chance;
use udfald::engine::grid::Flow;
use udfald::engine::model::Model;
use udfald::engine::results::Results;
use udfald::engine::run::{Settings, Unwatched};
use udfald::measure::Summary;

/// The model of one file in memory.
pub fn model(text: &str) -> Model {
    model_of(&[("test.toml", text)], "test.toml")
}

/// The model of several files in memory.
pub fn model_of(files: &[(&str, &str)], root: &str) -> Model {
    let files: Vec<_> =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
    match udfald::scenario::load_from_memory(&files, root) {
        Ok((scenario, _)) => Model::new(scenario).unwrap_or_else(|error| panic!("{error}")),
        Err(error) => panic!("{error}\n{}", String::from_utf8_lossy(&files[0].1)),
    }
}

pub fn settings(trials: u64, seed: u64) -> Settings {
    Settings { trials, seed, chance: Chance::Inversion }
}

/// Runs on all cores.
pub fn run(model: &Model, trials: u64, seed: u64) -> Results<'_> {
    model.run(settings(trials, seed)).unwrap()
}

/// Runs on this thread alone, for many small runs.
pub fn run_here(model: &Model, trials: u64, seed: u64) -> Results<'_> {
    run_with(model, settings(trials, seed))
}

/// Runs with these settings on this thread alone.
pub fn run_with(model: &Model, settings: Settings) -> Results<'_> {
    model.run_watched(settings, Some(1), &Unwatched).unwrap()
}

/// The counts of a flow of a party over all years, in all investments.
pub fn total(results: &Results<'_>, party: &str, flow: Flow) -> Summary {
    year(results, party, "total", flow)
}

/// The counts of a flow of a party in a budget year, in all investments.
pub fn year(results: &Results<'_>, party: &str, year: &str, flow: Flow) -> Summary {
    let cell = results.cell("all", party, year).unwrap_or_else(|| panic!("no cell {party} {year}"));
    results.summary(cell, flow).unwrap()
}

/// What a limit did not let through, over all years.
pub fn excess(results: &Results<'_>, limit: &str) -> Summary {
    let limit = results.grid().limits().iter().find(|figures| figures.id() == limit).expect("a limit");
    results.summary_of(limit.year(None).expect("a total").excess()).unwrap()
}

/// The amounts that occurred with their counts.
pub fn counts(summary: &Summary) -> Vec<(i64, u64)> {
    summary.cells().iter().map(|cell| (cell.smallest, cell.count)).collect()
}

/// The share of trials with an amount of at most `ore`.
pub fn share_to(summary: &Summary, ore: i64) -> f64 {
    1.0 - summary.exceedance(ore).value
}

/// Standard scores of estimates against exact figures, by seed; judged together.
#[derive(Default)]
pub struct Scores(pub Vec<(String, f64)>);

impl Scores {
    pub fn add(&mut self, what: impl Into<String>, found: f64, exact: f64, standard_error: f64) {
        let what = what.into();
        let distance = found - exact;
        let same = distance.abs() <= 1e-9 * exact.abs();
        self.0.push((what, if same { 0.0 } else { distance / standard_error }));
    }

    /// The mean of a series in kroner.
    pub fn mean(&mut self, what: &str, summary: &Summary, exact: f64) {
        let sd = summary.standard_deviation().unwrap().value / 100.0;
        let error = sd / (summary.trials() as f64).sqrt();
        self.add(format!("mean of {what}"), summary.mean().value / 100.0, exact, error);
    }

    /// The standard deviation of a series in kroner; its error from the interval, that is the fourth moment.
    pub fn sd(&mut self, what: &str, summary: &Summary, exact: f64) {
        let sd = summary.standard_deviation().unwrap();
        let (low, high) = sd.interval.unwrap();
        let error = (high - low) / 2.0 / 1.96 / 100.0;
        self.add(format!("sd of {what}"), sd.value / 100.0, exact, error);
    }

    /// A probability found as a share of `trials`.
    pub fn share(&mut self, what: &str, found: f64, exact: f64, trials: u64) {
        let error = (exact * (1.0 - exact) / trials as f64).sqrt();
        self.add(format!("P({what})"), found, exact, error);
    }

    pub fn largest(&self) -> f64 {
        self.0.iter().map(|(_, z)| z.abs()).fold(0.0, f64::max)
    }

    /// Every score within 4.
    pub fn check(&self) {
        for (what, z) in &self.0 {
            assert!(z.abs() < 4.0, "{what}: z = {z:.2}");
        }
    }

    /// The scores of each figure over independent seeds: their sum of squares lies where a chi-square lies in all but
    /// one case in ten thousand.
    pub fn check_over_seeds(&self) {
        use statrs::distribution::{ChiSquared, ContinuousCDF};
        let mut squares: std::collections::BTreeMap<&str, Vec<f64>> = std::collections::BTreeMap::new();
        for (what, z) in &self.0 {
            squares.entry(what).or_default().push(z * z);
        }
        for (what, squares) in squares {
            let sum: f64 = squares.iter().sum();
            let below = ChiSquared::new(squares.len() as f64).unwrap().cdf(sum);
            assert!((5e-5..1.0 - 5e-5).contains(&below), "{what}: chi-square {sum:.2}");
        }
    }
}

/// The splitmix64 sequence (Steele, Lea and Flood 2014), for things made up from a seed.
pub struct Words(pub u64);

impl Words {
    pub fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.word() % (high - low + 1) as u64) as i64
    }

    pub fn one_in(&mut self, n: i64) -> bool {
        self.between(1, n) == 1
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.between(0, of.len() as i64 - 1) as usize].clone()
    }
}
