//! `udfald sweep`: one scenario under many values of one or two of its numbers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::anyhow;
use clap::Args;

use super::console::Console;
use super::failure::{Failure, Status};
use super::legs::Resume;
use super::load::Loaded;
use super::options::{Format, Simulation, StudyReports};
use super::progress::Progress;
use super::size::{Size, Wanted};
use super::study::{options, prepare, study_failure, write};
use crate::engine::run::{RunError, Watch as _};
use crate::report::record::Record;
use crate::report::study::Told;
use crate::report::study::sweep::sweep as table;
use crate::report::sweep;
use crate::report::unfinished::Unfinished;
use crate::scenario::load_with;
use crate::study::cells;
use crate::study::kept::{PieceError, Study};
use crate::study::sweep::{Parameter, Point, Variant, variants};

/// Run a scenario under many values of one or two of its numbers, on the same random numbers
///
/// The table shows the totals that the values change; sweep.csv has every investment, payer and year. Where the number is
/// the ceiling of a limit it also shows the price of the cap: what each krone more costs the payer and gives the investor.
#[derive(Debug, Args)]
pub(super) struct Sweep {
    /// The scenario file
    scenario: PathBuf,
    /// A number by its path in the file, and its values: `limit.norddjurs.at_most=800_000,1_000_000`; in a portfolio the
    /// path begins with the contract: `social-referrals.limit.norddjurs.at_most`
    #[arg(long, required = true, value_name = "PATH=V1,V2,...", value_parser = parameter)]
    set: Vec<Parameter>,
    #[command(flatten)]
    simulation: Simulation,
    #[command(flatten)]
    size: Size,
    #[command(flatten)]
    format: Format,
    #[command(flatten)]
    reports: StudyReports,
    #[command(flatten)]
    resume: Resume,
}

impl Sweep {
    pub(super) fn execute(&self, console: &mut Console) -> Result<Status, Failure> {
        if self.set.len() > 2 {
            return Err(Failure::invalid(anyhow!(
                "a sweep has one or two --set; fix the others in a variant"
            )));
        }
        if self.set.len() == 2 && self.set[0].path == self.set[1].path {
            let path = &self.set[0].path;
            return Err(Failure::invalid(anyhow!("`{path}` is set twice; write --set {path}=V1,V2,...")));
        }
        self.simulation.threads.prepare();
        let loaded = Loaded::from_disk(&self.scenario)?;
        loaded.mention_warnings(console, &self.scenario);
        let load = |sets: &[_]| load_with(&self.scenario, sets);
        let variants = variants(&self.set, &load).map_err(study_failure)?;
        let folder = prepare(&self.format, &[&self.scenario])?;
        let unfinished = self.format.out.as_deref().map(|out| self.resume.beside(out)).transpose()?;
        let settings = self.simulation.settings();
        let models: Vec<_> = variants.iter().map(Variant::model).collect();
        let names = cells::names(&models);
        let passes: u64 = variants.iter().map(Variant::passes).sum();
        let trials = passes.saturating_mul(settings.trials);
        self.size.check(&Wanted::study(&loaded.model, settings, trials, self.simulation.threads), console)?;
        let progress = Progress::over(trials).between(self.resume.keep_every);
        let own = self.set.iter().map(|p| format!("--set {}={}", p.path, p.values.join(",")));
        let own: Vec<String> = own.collect();
        let scenario = loaded.model.scenario();
        let study = Study::new(own.clone(), &scenario.sources, settings);
        let kept = unfinished.as_ref().map(|unfinished| kept(unfinished, &study, console)).transpose()?;
        let mut kept = kept.unwrap_or_default();
        let run = |(index, variant): (usize, &Variant)| {
            if let Some(point) = kept.remove(&index) {
                progress.advance(variant.passes().saturating_mul(settings.trials));
                return Ok(point);
            }
            let threads = self.simulation.threads.threads;
            let point =
                variant.run(&self.set, &names, settings, threads, &progress).map_err(study_failure)?;
            if let Some(unfinished) = unfinished.as_ref().filter(|_| progress.keeps()) {
                let bytes = study.piece(index, &point).map_err(Failure::failed)?;
                unfinished.save(&format!("{index:04}"), &bytes).map_err(Failure::failed)?;
            }
            Ok(point)
        };
        let points = variants.iter().enumerate().map(run).collect::<Result<Vec<_>, _>>();
        progress.finish();
        let points = points?;
        if progress.stopped() {
            return Err(Failure::failed(RunError::Stopped));
        }
        let told = Told::Sweep(scenario, &self.set, &points, settings);
        let csv = told.csv(self.format.csv).map_err(Failure::failed)?;
        let reports = told.reports(&self.reports.report, self.format.lang).map_err(Failure::failed)?;
        let options = options(own, &self.reports, &self.format);
        let record = Record::new("sweep", options, settings, self.format.csv);
        let sources = [("scenario".to_owned(), &scenario.sources)];
        write(folder, record, &sources, (sweep::NAME, &csv), &reports, &progress)?;
        if let Some(unfinished) = unfinished {
            unfinished.remove().map_err(Failure::failed)?;
        }
        console.print(&table(scenario, &self.set, &points, settings, self.format.lang))?;
        Ok(Status::Done)
    }
}

/// The variants that were run before, by position. One that is damaged is told of and run again.
fn kept(
    unfinished: &Unfinished,
    study: &Study,
    console: &Console,
) -> Result<BTreeMap<usize, Point>, Failure> {
    let mut points = BTreeMap::new();
    for (name, bytes) in unfinished.pieces().map_err(Failure::invalid)? {
        let name = unfinished.path().join(name).display().to_string();
        match study.read(&bytes) {
            Ok((index, point)) => drop(points.insert(index, point)),
            Err(PieceError::Other(what)) => {
                return Err(Failure::invalid(anyhow!(
                    "{name} is of another sweep: {what} differs; run that one, or delete the folder to start again"
                )));
            }
            Err(PieceError::Damaged(why)) => {
                console.note(&format!("{name}: {why}; its values are run again"));
            }
        }
    }
    Ok(points)
}

/// `PATH=V1,V2,...`; commas within brackets and quotes belong to a value.
fn parameter(text: &str) -> Result<Parameter, String> {
    let help = "write PATH=V1,V2,..., such as limit.norddjurs.at_most=800_000,1_000_000";
    let (path, list) = text.split_once('=').ok_or(help)?;
    let values = split(list);
    if path.trim().is_empty() || values.iter().any(String::is_empty) {
        return Err(help.to_owned());
    }
    Ok(Parameter { path: path.trim().to_owned(), values })
}

fn split(list: &str) -> Vec<String> {
    let (mut values, mut depth, mut quoted) = (vec![String::new()], 0, false);
    for letter in list.chars() {
        match letter {
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth -= 1,
            _ => {}
        }
        match values.last_mut() {
            Some(_) if letter == ',' && depth == 0 && !quoted => values.push(String::new()),
            Some(value) => value.push(letter),
            None => {}
        }
    }
    values.iter().map(|value| value.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_separated_by_commas_outside_brackets() {
        let found =
            parameter("fund.dsi.return_cap={ balance = 0.05 }, { simple = 0.04, x = [1, 2] }").unwrap();
        assert_eq!(found.path, "fund.dsi.return_cap");
        assert_eq!(found.values, ["{ balance = 0.05 }", "{ simple = 0.04, x = [1, 2] }"]);
        assert_eq!(parameter("a.b=1,\"x,y\"").unwrap().values, ["1", "\"x,y\""]);
        for text in ["a.b", "=1", "a.b=", "a.b=1,,2", "a.b=1,"] {
            assert!(parameter(text).is_err(), "{text}");
        }
    }
}
