//! Rank correlations asked for and achieved: `correlations.csv`, and a sentence for each group.

use super::ReportError;
use super::profile::Profile;
use super::sheet::Sheet;
use super::text::{Style, Together};
use crate::measure::{Estimate, UnitKind};
use crate::study::dependence::{Dependence, Pair};

/// The name of the file.
pub const NAME: &str = "correlations.csv";

/// The header of the file.
const HEADER: [&str; 9] =
    ["investment", "correlation", "first", "second", "statistic", "value", "ci_low", "ci_high", "unit"];

/// Writes the file: for each pair what was asked, what a run has, and what this run had.
///
/// # Errors
/// Only when memory runs out.
pub fn correlations(dependence: &Dependence, profile: Profile) -> Result<Vec<u8>, ReportError> {
    let mut sheet = Sheet::new(profile, &HEADER)?;
    for pair in &dependence.pairs {
        let known = |value: f64| Some(Estimate { value, interval: None });
        let rows = [("asked", known(pair.asked)), ("used", known(pair.used)), ("achieved", pair.achieved)];
        for (statistic, estimate) in rows {
            let [first, second] = &pair.inputs;
            let texts = sheet.encode(&[&pair.investment, &pair.correlation, first, second, statistic])?;
            sheet.begin(&texts);
            sheet.estimate(estimate, UnitKind::Share, false);
            let unit = sheet.encode(&["rank correlation"])?;
            sheet.texts(&unit);
            sheet.end();
        }
    }
    Ok(sheet.finish())
}

/// A sentence for each group of inputs that hang together.
pub(crate) fn sentences(dependence: &Dependence, style: Style) -> Vec<String> {
    let groups =
        dependence.pairs.chunk_by(|a, b| (&a.investment, &a.correlation) == (&b.investment, &b.correlation));
    groups.filter_map(|pairs| sentence(pairs, style)).collect()
}

/// About the pair whose achieved correlation is furthest from that used.
fn sentence(pairs: &[Pair], style: Style) -> Option<String> {
    let apart = |pair: &Pair| pair.achieved.map_or(0.0, |found| (found.value - pair.used).abs());
    let worst = pairs.iter().max_by(|a, b| apart(a).total_cmp(&apart(b)))?;
    let achieved = worst.achieved?;
    let two = |value: f64| style.decimals(value, 2);
    let three = |value: f64| style.decimals(value, 3);
    let (low, high) = achieved.interval?;
    let repaired = pairs.iter().any(|pair| (pair.asked - pair.used).abs() > 0.005);
    Some(style.text.together(&Together {
        name: &worst.correlation,
        inputs: [&worst.inputs[0], &worst.inputs[1]],
        pairs: pairs.len(),
        asked: &two(worst.asked),
        used: repaired.then(|| two(worst.used)).as_deref(),
        achieved: [three(achieved.value), three(low), three(high)],
    }))
}
