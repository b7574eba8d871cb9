//! `udfald explain`: the ledger of one trial, from people to kroner.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::load::Loaded;
use super::options::{Simulation, language, profile, whole};
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::explain::Ledgers;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::{CASE, Model};
use crate::engine::run::{Settings, Shard};
use crate::engine::select::Order;
use crate::measure::{Level, MAX_TRIALS};
use crate::report::folder::File;
use crate::report::ledger::{ledger as csv_of, mark};
use crate::report::profile::Profile;
use crate::report::terminal::ledger::{Chosen, View, ledger as table_of};
use crate::report::text::Language;
use crate::scenario::model::Scenario;
use crate::scenario::name::{Id, Name};
use crate::scenario::suggest;

/// Show the ledger of one trial or named course: people, amounts, what each limit takes, payments, to the øre
///
/// Any trial can be computed alone: it is the same however many are run, so I may lie beyond --trials, which only
/// --at reads.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The scenario file
    scenario: PathBuf,
    #[command(flatten)]
    which: Which,
    /// Narrow it to the part of one payer; with --at, order the trials by what that payer pays
    #[arg(long, value_name = "ID")]
    party: Option<String>,
    #[command(flatten)]
    simulation: Simulation,
    /// File for the whole ledger, every figure a row
    #[arg(long, value_name = "FILE")]
    ledger: Option<PathBuf>,
    /// Language of the table
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = language)]
    lang: Language,
    /// Marks of the CSV file
    #[arg(long, value_name = "PROFILE", default_value = "plain", value_parser = profile)]
    csv: Profile,
}

#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Which {
    /// The trial with this index; the first is 0
    #[arg(long, value_name = "I", value_parser = trial)]
    trial: Option<u64>,
    /// The trial at this quantile of what is paid in all, from P1 to P99
    #[arg(long, value_name = "P90", value_parser = percent)]
    at: Option<u32>,
    /// The course of this name, without chance
    #[arg(long, value_name = "NAME")]
    case: Option<String>,
}

impl Explain {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        let mut loaded = Loaded::from_disk(&self.scenario)?;
        loaded.mention_warnings(console, &self.scenario);
        let party = self.party.as_deref().map(|id| payer(&loaded.model, id)).transpose()?;
        let case = self.which.case.as_deref().map(|name| case(&mut loaded, name)).transpose()?;
        let mark = mark(self.csv).map_err(Failure::failed)?;
        let file = self.ledger.as_deref().map(|path| File::prepare(path, &mark)).transpose();
        let file = file.map_err(Failure::invalid)?;
        let model = case.as_ref().map_or(&loaded.model, |(_, model)| model);
        let settings = if case.is_some() { CASE } else { self.simulation.settings() };
        let trial = self.trial(model, settings, party)?;
        let ledgers = Ledgers::new(model, settings).map_err(Failure::invalid)?;
        let page = ledgers.page_of(trial).map_err(failure_of)?;
        let ledger =
            page.ledger(trial).ok_or_else(|| Failure::failed(anyhow!("trial {trial} is not there")))?;
        let scenario = model.scenario();
        let chosen = match (&case, self.which.at) {
            (Some((name, _)), _) => Chosen::Case(name),
            (None, Some(percent)) => Chosen::At(percent, settings.trials),
            (None, None) => Chosen::Trial,
        };
        let shown = match party {
            Some(party) => ledgers.behind_earned(party),
            None => vec![true; ledger.lines().len()],
        };
        let view = View { scenario, seed: settings.seed, chosen, party, shown, language: self.lang };
        if let Some(file) = file {
            let bytes = csv_of(scenario, &ledger, self.csv).map_err(Failure::failed)?;
            file.commit(&bytes).map_err(Failure::failed)?;
        }
        console.print(&table_of(&view, &ledger))?;
        Ok(Status::Done)
    }

    fn trial(&self, model: &Model, settings: Settings, party: Option<usize>) -> Result<u64, Failure> {
        let Some(percent) = self.which.at else { return Ok(self.which.trial.unwrap_or(0)) };
        let level = Level::new(percent, 100).map_err(Failure::invalid)?;
        let order = Order::new(model, settings, party).map_err(Failure::invalid)?;
        let progress = Progress::new(settings, Shard::WHOLE);
        let trial = order.trial_at(level, self.simulation.threads.threads, &progress);
        progress.finish();
        trial.map_err(failure_of)
    }
}

/// The position of a party that can pay.
pub(super) fn payer(model: &Model, id: &str) -> Result<usize, Failure> {
    let scenario = model.scenario();
    let pays = |party: usize| {
        let cell = Cell { investment: Pick::All, party: Pick::One(party), year: Pick::All };
        model.compiled().grid.cells.contains_key(&(cell, Flow::Payment))
    };
    let ids = scenario.parties.keys().map(Id::as_str).enumerate();
    let payers: Vec<(usize, &str)> = ids.filter(|(index, _)| pays(*index)).collect();
    let found = payers.iter().find(|(_, known)| *known == id);
    found.map(|(index, _)| *index).ok_or_else(|| {
        let why = if known(scenario, id) { "pays nothing" } else { "is no party" };
        let help = suggest::help(id, payers.iter().map(|(_, id)| *id)).unwrap_or_default();
        Failure::invalid(anyhow!("`{id}` {why} in this scenario; of payers {help}"))
    })
}

fn known(scenario: &Scenario, id: &str) -> bool {
    scenario.parties.keys().any(|known| known.as_str() == id)
}

/// A named case of the scenario, compiled.
fn case(loaded: &mut Loaded, name: &str) -> Result<(Name, Model), Failure> {
    let at = loaded.cases.iter().position(|(known, _)| known.as_str() == name);
    at.map(|index| loaded.cases.swap_remove(index)).ok_or_else(|| {
        let names: Vec<_> = loaded.cases.iter().map(|(name, _)| name.as_str()).collect();
        let help = suggest::help(name, names.iter().copied());
        let help = help.unwrap_or_else(|| "the scenario has no [case]".to_owned());
        Failure::invalid(anyhow!("there is no case `{name}`: {help}"))
    })
}

fn trial(text: &str) -> Result<u64, String> {
    let found = whole(text)?;
    let possible = found < MAX_TRIALS;
    if possible { Ok(found) } else { Err(format!("trials are numbered from 0 to {}", MAX_TRIALS - 1)) }
}

/// `P1` to `P99`.
fn percent(text: &str) -> Result<u32, String> {
    let help = "write P1 to P99, such as P90: in so many of 100 trials at most as much is paid";
    let digits = text.strip_prefix(['P', 'p']).ok_or(help)?;
    let digits = digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits).ok_or(help)?;
    digits.parse().ok().filter(|percent| (1..=99).contains(percent)).ok_or_else(|| help.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_go_from_p1_to_p99() {
        assert_eq!(["P1", "P50", "p90", "P99", "P05"].map(percent), [1, 50, 90, 99, 5].map(Ok));
        for text in ["P0", "P100", "90", "P", "P+9", "P9.5", "P-1", "Q90", "", "P90%"] {
            assert!(percent(text).is_err(), "{text}");
        }
    }

    #[test]
    fn trials_are_counted_from_zero() {
        assert_eq!(trial("81_234"), Ok(81_234));
        assert!(trial("1_099_511_627_776").is_err() && trial("-1").is_err());
    }
}
