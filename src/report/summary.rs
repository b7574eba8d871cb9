//! `summary.csv`: every statistic of every flow of every cell, one figure a row.

use std::io::Write;

use rayon::prelude::*;

use super::ReportError;
use super::axes::{Axes, Member};
use super::figures::{Figures, Series};
use super::profile::Profile;
use super::sheet::{Encoded, Sheet};
use crate::engine::grid::{Cell, Flow};
use crate::engine::model::Model;
use crate::measure::{Estimate, Statistic, UnitKind};

/// The header of the file.
const HEADER: [&str; 9] =
    ["investment", "party", "flow", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// Parties of investments whose rows are made side by side, while those of the last ones are written: half a megabyte of text.
const TOGETHER: usize = 4;

/// What rows are made of, encoded once.
struct Labels<'a> {
    profile: Profile,
    investments: Vec<(&'a Member, Encoded)>,
    parties: Vec<(&'a Member, Encoded)>,
    flows: Vec<(Flow, Encoded)>,
    years: Vec<(&'a Member, Encoded)>,
    /// By position in [`Statistic::ALL`].
    statistics: Vec<Encoded>,
    share: Encoded,
    currency: Encoded,
    /// What follows the year in the rows of a flow that never falls in a cell, by statistic: most rows are of such.
    nothing: Vec<Vec<u8>>,
}

/// Writes the file: a dense grid in fixed order, made piece by piece and on the threads of the current pool.
///
/// # Errors
/// What the system says, and when memory runs out.
pub fn summary(
    figures: &Figures<'_>,
    profile: Profile,
    out: &mut (dyn Write + Send),
) -> Result<(), ReportError> {
    let axes = Axes::new(figures.results());
    let labels = Labels::new(&axes, figures, profile)?;
    out.write_all(&Sheet::new(profile, &HEADER)?.finish())?;
    let parties = |investment| labels.parties.iter().map(move |party| (investment, party));
    let all: Vec<_> = labels.investments.iter().flat_map(parties).collect();
    let mut made: Vec<Vec<u8>> = Vec::new();
    for some in all.chunks(TOGETHER) {
        let make = || some.par_iter().map(|(i, party)| labels.of_party(figures, i, party)).collect();
        let (next, written) = rayon::join(make, || made.iter().try_for_each(|text| out.write_all(text)));
        written?;
        made = next;
    }
    Ok(made.iter().try_for_each(|text| out.write_all(text))?)
}

impl<'a> Labels<'a> {
    fn new(axes: &'a Axes<'a>, figures: &Figures<'_>, profile: Profile) -> csv::Result<Self> {
        let sheet = Sheet::rows(profile);
        let members = |members: &'a [Member]| -> csv::Result<Vec<_>> {
            members.iter().map(|member| Ok((member, sheet.encode(&[&member.1])?))).collect()
        };
        let flows = figures.results().grid().flows().map(|flow| Ok((flow, sheet.encode(&[flow.name()])?)));
        let statistics = Statistic::ALL.iter().map(|s| sheet.encode(&[s.name()]));
        let mut labels = Self {
            profile,
            investments: members(&axes.investments)?,
            parties: members(&axes.parties)?,
            flows: flows.collect::<csv::Result<_>>()?,
            years: members(&axes.years)?,
            statistics: statistics.collect::<Result<_, _>>()?,
            share: sheet.encode(&["share"])?,
            currency: sheet.encode(&[&axes.currency()])?,
            nothing: Vec::new(),
        };
        labels.nothing = Statistic::ALL.map(|statistic| labels.of_nothing(figures, statistic)).into();
        Ok(labels)
    }

    fn of_nothing(&self, figures: &Figures<'_>, statistic: Statistic) -> Vec<u8> {
        let mut sheet = Sheet::rows(self.profile);
        self.figure(&mut sheet, statistic, figures.nothing().get(statistic));
        sheet.finish()
    }

    /// All rows of a party of an investment.
    fn of_party(
        &self,
        figures: &Figures<'_>,
        (investment, of): &(&Member, Encoded),
        (party, by): &(&Member, Encoded),
    ) -> Vec<u8> {
        let mut sheet = Sheet::rows(self.profile);
        for (flow, flow_name) in &self.flows {
            for (year, year_name) in &self.years {
                let cell = Cell { investment: investment.0, party: party.0, year: year.0 };
                let names = sheet.joined(&[of, by, flow_name, year_name]);
                self.rows(&mut sheet, figures, &names, cell, *flow);
            }
        }
        sheet.finish()
    }

    /// All statistics of a flow in a cell.
    fn rows(&self, sheet: &mut Sheet, figures: &Figures<'_>, names: &Encoded, cell: Cell, flow: Flow) {
        let series = figures.of(cell, flow);
        let is_nothing = std::ptr::eq(series, figures.nothing());
        for (statistic, nothing) in Statistic::ALL.into_iter().zip(&self.nothing) {
            sheet.begin(names);
            // These two are not read from the series.
            if is_nothing && !matches!(statistic, Statistic::ProbCut | Statistic::ContractMax) {
                sheet.rest(nothing);
            } else {
                self.figure(sheet, statistic, estimate(figures, series, cell, flow, statistic));
            }
        }
    }

    /// What follows the year in a row.
    fn figure(&self, sheet: &mut Sheet, statistic: Statistic, estimate: Option<Estimate>) {
        sheet.texts(&self.statistics[statistic as usize]);
        sheet.estimate(estimate, statistic.unit(), statistic == Statistic::Mean);
        sheet.texts(if statistic.unit() == UnitKind::Share { &self.share } else { &self.currency });
        sheet.end();
    }
}

/// Bytes of a row, most of which are of flows that a party cannot have.
const ROW: u64 = 50;

/// About how large the file of a scenario is, in bytes.
pub(crate) fn size(model: &Model) -> u64 {
    let (scenario, grid) = (model.scenario(), &model.compiled().grid);
    let axes = [scenario.investments.len(), scenario.parties.len(), grid.payment_years.len()];
    let cells: u64 = axes.into_iter().map(|members| members as u64 + 1).product();
    cells * grid.flows().count() as u64 * Statistic::ALL.len() as u64 * ROW
}

/// A statistic of a flow in a cell; what does not apply to the flow is undefined.
pub(super) fn estimate(
    figures: &Figures<'_>,
    series: &Series,
    cell: Cell,
    flow: Flow,
    statistic: Statistic,
) -> Option<Estimate> {
    match statistic {
        // Limits act on what is owed and paid; a donation or a receipt is not cut.
        Statistic::ProbCut => {
            matches!(flow, Flow::Earned | Flow::Cut | Flow::Payment).then(|| figures.cut(cell))
        }
        Statistic::ContractMax => {
            let most = figures.results().contract_max(cell, flow)?;
            Some(Estimate { value: most as f64, interval: None })
        }
        _ => series.get(statistic),
    }
}
