//! The named courses without chance beside the average of the trials.

use super::{Builder, section};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::results::Results;
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::html::audience::Audience;
use crate::report::html::view::{Block, Group, Row, Section, Table};

impl Builder<'_> {
    pub(super) fn cases(&self) -> Result<Section, ReportError> {
        let both = ["plan", "nothing"].into_iter().all(|name| self.set_by_all(name));
        let heading = if both { self.words.cases() } else { self.words.cases_named() };
        let mut blocks = Vec::new();
        if !self.cases.is_empty() && self.axes.payers.len() > 1 {
            blocks.push(Block::Table(self.cases_table()?));
            if self.plan_is_above()? {
                blocks.push(Block::Paragraph(self.words.plan_above_mean()));
            }
            if self.audience != Audience::Council {
                blocks.push(Block::Table(self.cases_by_year()?));
            }
            blocks.push(Block::Paragraph(self.style.text.cases_legend().to_owned()));
        }
        Ok(section("cases", heading, blocks))
    }

    /// What each payer pays over all years in each course.
    fn cases_table(&self) -> Result<Table, ReportError> {
        let mut head = vec![self.words.payer()];
        head.extend(self.cases.iter().map(|(name, _)| self.case_name(name.as_str())));
        head.push(self.words.average_of_trials());
        let mut rows = Vec::new();
        for payer in self.payers_of(Pick::All) {
            let mut cells = Vec::new();
            for (_, results) in &self.cases {
                cells.push(self.style.amount(paid_in(results, &payer.1, "total")?));
            }
            cells.push(self.style.amount(self.mean_of(payer)));
            rows.push(Row { name: self.party(payer.0), cells });
        }
        let groups = vec![Group { name: String::new(), rows }];
        Ok(Table {
            caption: self.words.cases_caption(&self.currency()),
            head,
            groups,
            folded: false,
            texts: false,
        })
    }

    fn cases_by_year(&self) -> Result<Table, ReportError> {
        let mut head = vec![self.words.case_and_payer()];
        head.extend(self.axes.years.iter().map(|year| self.year(year)));
        let mut groups = Vec::new();
        for (name, results) in &self.cases {
            let row = |payer: &Member| {
                let amounts = self.axes.years.iter().map(|year| paid_in(results, &payer.1, &year.1));
                let cells = amounts.map(|amount| amount.map(|amount| self.style.amount(amount)));
                Ok(Row { name: self.party(payer.0), cells: cells.collect::<Result<_, ReportError>>()? })
            };
            let rows = self.payers_of(Pick::All).into_iter().map(row).collect::<Result<_, ReportError>>()?;
            groups.push(Group { name: self.case_name(name.as_str()), rows });
        }
        Ok(Table {
            caption: self.words.cases_by_year(&self.currency()),
            head,
            groups,
            folded: false,
            texts: false,
        })
    }

    fn mean_of(&self, payer: &Member) -> f64 {
        self.paid(Cell { investment: Pick::All, party: payer.0, year: Pick::All }, Statistic::Mean)
    }

    /// Whether limits are why the average lies below the plan, as far as the figures tell.
    fn plan_is_above(&self) -> Result<bool, ReportError> {
        let Some((_, plan)) = self.cases.iter().find(|(name, _)| name.as_str() == "plan") else {
            return Ok(false);
        };
        let whole = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };
        let mean = self.paid(whole, Statistic::Mean);
        Ok(paid_in(plan, "all", "total")? > mean && self.figures.cut(whole).value > 0.0)
    }

    /// The name of a course; what it stands for is told where every contract sets it.
    pub(in crate::report) fn case_name(&self, name: &str) -> String {
        match name {
            "plan" if self.set_by_all(name) => format!("{name}: {}", self.words.case_plan()),
            "nothing" if self.set_by_all(name) => format!("{name}: {}", self.words.case_nothing()),
            _ => name.to_owned(),
        }
    }

    fn set_by_all(&self, name: &str) -> bool {
        let mut investments = self.axes.scenario.investments.iter();
        investments.all(|investment| investment.cases.keys().any(|known| known.as_str() == name))
    }
}

/// What is paid in a course, in øre. A course in which nothing can fall in a cell does not have it.
pub(in crate::report) fn paid_in(results: &Results<'_>, payer: &str, year: &str) -> Result<f64, ReportError> {
    let summary =
        results.cell("all", payer, year).map(|cell| results.summary(cell, Flow::Payment)).transpose()?;
    Ok(summary.map_or(0.0, |summary| summary.mean().value))
}
