//! Runs in legs: what is done is kept beside the target once a minute, so that a run that is cut short can go on.

use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::Failure;
use super::options::whole;
use super::progress::Progress;
use super::run::failure_of;
use crate::engine::model::Model;
use crate::engine::part::{Part, PartError};
use crate::engine::run::{RunError, Runner, Settings, Shard, Watch as _};
use crate::engine::spans::Span;
use crate::engine::total::Counts;
use crate::report::unfinished::Unfinished;

/// How a run or sweep that was cut short goes on.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Resume {
    /// Go on where a run into the same target was cut short; the files are those of an uninterrupted one
    #[arg(long)]
    pub(super) resume: bool,
    /// Keep what is done every so many seconds; what takes less keeps nothing
    #[arg(long, value_name = "SECONDS", default_value = "60", value_parser = seconds)]
    pub(super) keep_every: Duration,
}

fn seconds(text: &str) -> Result<Duration, String> {
    let parsed = text.parse().ok().or_else(|| whole(text).ok().map(|seconds| seconds as f64));
    let found = parsed.filter(|seconds| (0.01..=1e6).contains(seconds));
    found.map(Duration::from_secs_f64).ok_or_else(|| "write seconds, from 0.01 to 1000000".to_owned())
}

impl Resume {
    /// The pieces beside a target. Those of a run that was cut short are not thrown away by forgetting `--resume`.
    pub(super) fn beside(self, target: &Path) -> Result<Unfinished, Failure> {
        let unfinished = Unfinished::beside(target).map_err(Failure::invalid)?;
        let path = unfinished.path().display();
        if unfinished.exists() && !self.resume {
            return Err(Failure::invalid(anyhow!(
                "`{path}` holds the beginning of a run that was cut short; go on with --resume, or delete it"
            )));
        }
        Ok(unfinished)
    }
}

/// A run, or a part of one, in legs.
pub(super) struct Legs<'l> {
    pub(super) model: &'l Model,
    pub(super) settings: Settings,
    pub(super) shard: Shard,
    pub(super) threads: Option<usize>,
    pub(super) progress: &'l Progress,
    /// Where what is done is kept; nowhere without a target.
    pub(super) unfinished: Option<&'l Unfinished>,
}

impl Legs<'_> {
    /// Counts some spans, those first that were counted before, and hands the counts on one by one.
    pub(super) fn run(
        &self,
        spans: &[Span],
        console: &Console,
        take: &mut dyn FnMut(Counts) -> Result<(), RunError>,
    ) -> Result<(), Failure> {
        let mut done = Vec::new();
        for counts in self.kept(console)? {
            // Overlapping pieces are never written; what is there twice is run again rather than counted twice.
            if Span::without(&[counts.span], spans).is_empty()
                && Span::without(&[counts.span], &done) == [counts.span]
            {
                self.progress.advance(self.settings.trials_within(counts.span));
                done.push(counts.span);
                take(counts).map_err(failure_of)?;
            }
        }
        let plan = self.model.plan();
        let runner =
            Runner::new(plan, self.settings, &plan.dimensions(), self.threads).map_err(failure_of)?;
        for span in Span::without(spans, &done) {
            let mut rest = span;
            while rest.from < rest.to {
                let counts = runner.count(rest, self.progress).map_err(failure_of)?;
                rest.from = counts.span.to;
                take(self.keep(counts)?).map_err(failure_of)?;
                if self.progress.interrupted() {
                    return Err(self.cut_short());
                }
            }
        }
        Ok(())
    }

    /// Writes counts beside the target when it is time, and gives them back.
    fn keep(&self, counts: Counts) -> Result<Counts, Failure> {
        let Some(unfinished) = self.unfinished.filter(|_| self.progress.keeps()) else { return Ok(counts) };
        let Span { replicate, from, to } = counts.span;
        let part = Part::of(self.model, self.settings, self.shard, vec![counts]);
        let bytes = part.to_bytes().map_err(Failure::failed)?;
        unfinished.save(&format!("{replicate:02}-{from:012}-{to:012}"), &bytes).map_err(Failure::failed)?;
        self.progress.kept();
        let lost = || Failure::failed(anyhow!("a part of one span has no counts"));
        part.into_counts().pop().ok_or_else(lost)
    }

    /// The counts beside the target. One that is damaged is told of and run again; one of another run is refused.
    fn kept(&self, console: &Console) -> Result<Vec<Counts>, Failure> {
        let Some(unfinished) = self.unfinished else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        for (name, bytes) in unfinished.pieces().map_err(Failure::invalid)? {
            let name = unfinished.path().join(name).display().to_string();
            let part = match Part::from_bytes(&name, &bytes) {
                Err(other @ PartError::Engine(..)) => {
                    return Err(Failure::invalid(anyhow!("{other}; delete the folder to start again")));
                }
                Err(damaged) => {
                    console.note(&format!("{damaged}; its trials are run again"));
                    continue;
                }
                Ok(part) => part,
            };
            if let Some(what) = part.differs_from(self.model, self.settings, self.shard) {
                return Err(Failure::invalid(anyhow!(
                    "{name} is of another run: {what} differs; run that one, or delete the folder to start again"
                )));
            }
            match part.fitting(self.model.plan().shapes().len()) {
                Ok(counts) => all.extend(counts),
                Err(what) => console.note(&format!("{name}: {what}; its trials are run again")),
            }
        }
        Ok(all)
    }

    fn cut_short(&self) -> Failure {
        let kept = self.unfinished.map(|unfinished| unfinished.path().display().to_string());
        match kept {
            Some(path) => Failure::failed(anyhow!(
                "stopped before the last trial; what was done is kept in {path}: go on with --resume"
            )),
            None => Failure::failed(RunError::Stopped),
        }
    }
}
