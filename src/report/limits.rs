//! `limits.csv`: how often each limit cuts, how often it is full, and how much it takes.

use super::axes::Axes;
use super::figures::Figures;
use super::profile::Profile;
use super::sheet::Sheet;
use crate::engine::grid::{LimitFigures, LimitYear};
use crate::measure::{Estimate, Statistic, UnitKind};

/// The header of the file.
const HEADER: [&str; 10] =
    ["investment", "limit", "scope", "party", "year", "statistic", "value", "ci_low", "ci_high", "unit"];

/// Writes the file: investments ascending, limits in the order in which they act, years ascending and then the total.
///
/// # Errors
/// Only when memory runs out.
pub fn limits(figures: &Figures<'_>, profile: Profile) -> csv::Result<Vec<u8>> {
    let axes = Axes::new(figures.results());
    let currency = axes.currency();
    let mut sheet = Sheet::new(profile, &HEADER)?;
    let (share, currency) = (sheet.encode(&["share"])?, sheet.encode(&[&currency])?);
    for limit in &figures.results().grid().limits {
        for (year, acted) in &limit.years {
            let year = year.map_or_else(|| "total".to_owned(), |year| year.to_string());
            for (name, estimate, unit) in statistics(figures, acted) {
                let names = sheet.encode(&names(&axes, limit, &year, name))?;
                sheet.begin(&names);
                sheet.estimate(estimate, unit, unit == UnitKind::Money);
                sheet.texts(if unit == UnitKind::Share { &share } else { &currency });
                sheet.end();
            }
        }
    }
    Ok(sheet.finish())
}

fn names<'a>(axes: &'a Axes<'_>, limit: &'a LimitFigures, year: &'a str, statistic: &'a str) -> [&'a str; 6] {
    let party = limit.party.map_or("all", |party| axes.parties[party].1.as_str());
    [&axes.investments[limit.investment].1, &limit.id, limit.scope, party, year, statistic]
}

pub(super) fn statistics(
    figures: &Figures<'_>,
    acted: &LimitYear,
) -> [(&'static str, Option<Estimate>, UnitKind); 4] {
    let mean = |amount| figures.series(amount).get(Statistic::Mean);
    [
        ("prob_cut", Some(figures.series(acted.taken).positive()), UnitKind::Share),
        ("prob_at_limit", Some(figures.series(acted.full).positive()), UnitKind::Share),
        ("mean_cut", mean(acted.lost), UnitKind::Money),
        ("mean_moved", mean(acted.moved), UnitKind::Money),
    ]
}
