//! `sensitivity.csv`: what moves each payment, one figure a row.

use super::ReportError;
use super::profile::Profile;
use super::sheet::Sheet;
use crate::estimate::sobol::Indices;
use crate::estimate::split::Split;
use crate::measure::{Estimate, UnitKind};
use crate::study::sensitivity::{PaidEarned, Sensitivity, Target};

/// The name of the file.
pub const NAME: &str = "sensitivity.csv";

/// The header of the file.
const HEADER: [&str; 10] =
    ["party", "year", "flow", "kind", "item", "statistic", "value", "ci_low", "ci_high", "unit"];

/// What is paid, and what is earned before limits.
const FLOWS: [&str; 2] = ["payment", "earned"];

/// Writes the file: by payer and year the split of the variance, drivers, groups, and numbers that were held.
///
/// # Errors
/// Only when memory runs out.
pub fn sensitivity(study: &Sensitivity, currency: &str, profile: Profile) -> Result<Vec<u8>, ReportError> {
    let mut sheet = Sheet::new(profile, &HEADER)?;
    for target in &study.targets {
        let mut lines = Lines { sheet: &mut sheet, study, target, currency };
        lines.split()?;
        lines.drivers()?;
        for number in 0..study.numbers.len() {
            lines.number(number)?;
        }
    }
    noise(&mut sheet, study, currency)?;
    Ok(sheet.finish())
}

/// What is earned for noise of measurement, over all payers and years and before limits.
fn noise(sheet: &mut Sheet, study: &Sensitivity, currency: &str) -> Result<(), ReportError> {
    for term in &study.noise.terms {
        let item = format!("{}.{}", term.investment, term.term);
        let rows = [
            ("prob_no_effect", term.no_effect, UnitKind::Share),
            ("prob_earned_without_effect", term.earned_anyway, UnitKind::Share),
            ("mean_earned_without_effect", term.amount_anyway, UnitKind::Money),
            ("prob_effect_not_earned", term.missed, UnitKind::Share),
            ("mean_effect_not_earned", term.amount_missed, UnitKind::Money),
        ];
        for (statistic, estimate, form) in rows {
            let texts = sheet.encode(&["all", "total", "earned", "noise", &item, statistic])?;
            sheet.begin(&texts);
            sheet.estimate(Some(estimate), form, form == UnitKind::Money);
            let unit = sheet.encode(&[if form == UnitKind::Money { currency } else { "share" }])?;
            sheet.texts(&unit);
            sheet.end();
        }
    }
    Ok(())
}

struct Lines<'l> {
    sheet: &'l mut Sheet,
    study: &'l Sensitivity,
    target: &'l Target,
    currency: &'l str,
}

/// A figure about an item: flow, kind of item, item, statistic.
type About<'a> = [&'a str; 4];

impl Lines<'_> {
    fn split(&mut self) -> Result<(), ReportError> {
        for (flow, split) in FLOWS.into_iter().zip(self.target.split) {
            let Some(Split { chance, shock, ignorance }) = split else { continue };
            for (item, share) in [("chance", chance), ("shock", shock), ("ignorance", ignorance)] {
                self.share([flow, "class", item, "variance_share"], share)?;
            }
        }
        Ok(())
    }

    fn drivers(&mut self) -> Result<(), ReportError> {
        let (study, target) = (self.study, self.target);
        for (driver, indices) in study.drivers.iter().zip(&target.drivers) {
            self.indices(driver.origin.word(), &driver.name, *indices)?;
        }
        for (group, indices) in study.groups.iter().zip(&target.groups) {
            self.indices("group", &group.name, *indices)?;
        }
        Ok(())
    }

    fn indices(&mut self, kind: &str, item: &str, found: PaidEarned<Indices>) -> Result<(), ReportError> {
        for (flow, found) in FLOWS.into_iter().zip(found) {
            let Some(Indices { first, total }) = found else { continue };
            self.share([flow, kind, item, "first_order"], first)?;
            self.share([flow, kind, item, "total_order"], total)?;
        }
        Ok(())
    }

    fn number(&mut self, at: usize) -> Result<(), ReportError> {
        let number = &self.study.numbers[at];
        let (kind, item) = (number.origin.word(), number.name.as_str());
        for (flow, rank) in FLOWS.into_iter().zip(self.target.ranks[at]) {
            if let Some(rank) = rank {
                self.share([flow, kind, item, "rank_correlation"], rank)?;
            }
        }
        let known = |value: f64| Estimate { value, interval: None };
        for (name, value) in ["value_at_low", "value_at_high"].into_iter().zip(number.ends) {
            self.row(["payment", kind, item, name], known(value), UnitKind::Share, "number")?;
        }
        let swing = self.target.swings[at];
        for (end, ends) in ["at_low", "at_high"].into_iter().zip(swing.ends) {
            let money = [("mean", ends.mean), ("p50", ends.p50), ("p90", ends.p90)];
            for (name, value) in money {
                self.money(["payment", kind, item, &format!("{name}_{end}")], known(value))?;
            }
            self.share_without(["payment", kind, item, &format!("prob_cut_{end}")], ends.cut)?;
            self.money(["earned", kind, item, &format!("mean_{end}")], known(ends.earned))?;
        }
        for (name, estimate) in [("mean", swing.mean), ("p50", swing.p50), ("p90", swing.p90)] {
            self.money(["payment", kind, item, &format!("{name}_swing")], estimate)?;
        }
        self.share(["payment", kind, item, "prob_cut_swing"], swing.cut)?;
        self.money(["earned", kind, item, "mean_swing"], swing.earned)?;
        if let Some(turning) = self.target.turning[at] {
            self.row(["payment", kind, item, "value_at_half_cut"], turning.value, UnitKind::Share, "number")?;
        }
        Ok(())
    }

    fn share(&mut self, about: About<'_>, estimate: Estimate) -> Result<(), ReportError> {
        self.row(about, estimate, UnitKind::Share, "share")
    }

    fn share_without(&mut self, about: About<'_>, value: f64) -> Result<(), ReportError> {
        self.row(about, Estimate { value, interval: None }, UnitKind::Share, "share")
    }

    fn money(&mut self, about: About<'_>, estimate: Estimate) -> Result<(), ReportError> {
        self.row(about, estimate, UnitKind::Money, self.currency)
    }

    fn row(
        &mut self,
        [flow, kind, item, statistic]: About<'_>,
        estimate: Estimate,
        form: UnitKind,
        unit: &str,
    ) -> Result<(), ReportError> {
        let [_, party, year] = &self.target.names;
        let texts = self.sheet.encode(&[party, year, flow, kind, item, statistic])?;
        self.sheet.begin(&texts);
        self.sheet.estimate(Some(estimate), form, statistic.starts_with("mean"));
        let unit = self.sheet.encode(&[unit])?;
        self.sheet.texts(&unit);
        self.sheet.end();
        Ok(())
    }
}
