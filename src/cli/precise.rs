//! `--precision`: as many trials as make the payers' totals known to within an amount.

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::legs::Legs;
use super::load::Loaded;
use super::options::{trials, whole};
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::precision::{FIRST, Widest, widest};
use crate::engine::results::Results;
use crate::engine::run::{Settings, Shard};
use crate::engine::spans::Span;
use crate::engine::total::{Total, Whole};
use crate::report::unfinished::Unfinished;

/// Øre of a krone.
const KRONE: f64 = 100.0;

/// What `--precision` takes.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Precise {
    /// Run until the mean and P90 of every payer's total are known to within so many kroner, instead of --trials
    #[arg(long, value_name = "KRONER", value_parser = kroner, conflicts_with_all = ["trials", "shard"])]
    pub(super) precision: Option<u64>,
    /// Give up when that takes more trials
    #[arg(long, value_name = "N", default_value = "134_217_728", value_parser = trials, requires = "precision")]
    pub(super) at_most: u64,
}

fn kroner(text: &str) -> Result<u64, String> {
    let found = whole(text)?;
    let possible = (1..=1_000_000_000).contains(&found);
    if possible { Ok(found) } else { Err("write whole kroner, such as 5000".to_owned()) }
}

/// A run whose trials are doubled.
pub(super) struct Doubling<'l, 'd> {
    pub(super) loaded: &'l Loaded,
    /// Of any number of trials.
    pub(super) settings: Settings,
    pub(super) threads: Option<usize>,
    pub(super) progress: &'d Progress,
    pub(super) unfinished: Option<&'d Unfinished>,
}

impl<'l> Doubling<'l, '_> {
    /// Doubles the trials until two rounds in a row are precise enough.
    pub(super) fn run(
        &self,
        precision: u64,
        at_most: u64,
        console: &Console,
    ) -> Result<Results<'l>, Failure> {
        let mut before = false;
        let mut trials = FIRST;
        let mut whole = None;
        let most = largest_round(at_most).ok_or_else(|| {
            Failure::invalid(anyhow!("a precision takes at least {} trials; raise --at-most", 2 * FIRST))
        })?;
        loop {
            let results = self.round(trials, most, whole.take(), console)?;
            let found = widest(&results).map_err(Failure::failed)?;
            let within = found.as_ref().map_or(0.0, |widest| widest.within / KRONE);
            let met = within <= precision as f64;
            if met && before {
                return Ok(results);
            }
            if trials == most {
                return Err(self.not_reached(precision, trials, found.as_ref()));
            }
            before = met;
            trials *= 2;
            whole = Some(results.into_whole());
        }
    }

    /// Results of so many trials. Independent trials are added to those of the round before; spread ones are placed anew,
    /// since the replicates of a round are not kept whole.
    fn round(
        &self,
        trials: u64,
        most: u64,
        before: Option<Whole>,
        console: &Console,
    ) -> Result<Results<'l>, Failure> {
        let model = &self.loaded.model;
        let settings = Settings { trials, ..self.settings };
        let adds = settings.chance.replicates() == 1;
        let run_as = if adds { Settings { trials: most, ..settings } } else { settings };
        let apart =
            self.unfinished.filter(|_| !adds).map(|unfinished| unfinished.within(&trials.to_string()));
        let unfinished = if adds { self.unfinished } else { apart.as_ref() };
        let (progress, threads) = (self.progress, self.threads);
        let legs = Legs { model, settings: run_as, shard: Shard::WHOLE, threads, progress, unfinished };
        let mut spans = Shard::WHOLE.spans(settings);
        let mut total = Total::new(model.plan(), settings).map_err(failure_of)?;
        if let Some(before) = before.filter(|_| adds) {
            let half = Shard::WHOLE.spans(Settings { trials: trials / 2, ..settings });
            spans = Span::without(&spans, &half);
            total = Total::of(before, settings);
        }
        progress.until(trials);
        legs.run(&spans, console, &mut |counts| total.add(counts))?;
        if let Some(apart) = apart {
            apart.remove().map_err(Failure::failed)?;
        }
        Ok(Results::new(model, settings, total.finish()))
    }

    fn not_reached(&self, precision: u64, trials: u64, found: Option<&Widest>) -> Failure {
        let parties: Vec<_> = self.loaded.model.scenario().parties.keys().collect();
        let what = found.map_or_else(String::new, |widest| {
            let (payer, name) = (parties[widest.party], widest.statistic.name());
            let within = (widest.within / KRONE).ceil();
            format!(": the {name} of the total of `{payer}` is known to within {within} kroner")
        });
        Failure::failed(anyhow!(
            "{precision} kroner are not reached with {trials} trials in two rounds{what}; ask for less precision, or raise \
             --at-most, or try --sampler sobol"
        ))
    }
}

/// The largest number of trials of a round up to a bound; none below the second round.
fn largest_round(at_most: u64) -> Option<u64> {
    let doublings = (at_most / FIRST).checked_ilog2()?;
    (doublings > 0).then_some(FIRST << doublings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_double_up_to_a_bound() {
        assert_eq!([0, 16_384, 32_767].map(largest_round), [None; 3]);
        assert_eq!(
            [32_768, 65_535, 1_000_000, 134_217_728].map(largest_round),
            [Some(32_768), Some(32_768), Some(524_288), Some(134_217_728)]
        );
    }
}
