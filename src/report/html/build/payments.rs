//! What each payer may have to pay, by budget year: a picture of each payer, and the budget years with what is later.

use super::{Builder, MOST_PICTURES, section};
use crate::engine::grid::{Cell, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::html::picture::bars::{Bar, Bars, Sign};
use crate::report::html::view::{Block, Group, Picture, Row, Section, Table};

/// A column of the table of budget years.
pub(in crate::report) enum Column<'c> {
    /// One year; a budget year in which no payment can fall has no member.
    Year(String, Option<&'c Member>),
    /// Everything after the last budget year.
    Later(Vec<&'c Member>),
    Total(&'c Member),
}

impl Builder<'_> {
    pub(super) fn payments(&self) -> Result<Section, ReportError> {
        let mut blocks = Vec::new();
        if self.axes.payers.len() > 1 {
            blocks.push(Block::Pictures(self.payment_pictures()?));
            blocks.push(Block::Table(self.budget_view(Pick::All)?));
            blocks.push(Block::Paragraph(self.words.do_not_add()));
            if self.columns().iter().any(|column| matches!(column, Column::Later(years) if years.len() > 1)) {
                blocks.push(Block::Paragraph(self.words.later_blank()));
            }
        }
        Ok(section("payments", self.words.by_year(), blocks))
    }

    fn payment_pictures(&self) -> Result<Vec<Picture>, ReportError> {
        let payers = self.single_payers(Pick::All);
        let cells = payers.iter().flat_map(|payer| {
            self.single_years().map(|year| Cell { investment: Pick::All, party: payer.0, year: year.0 })
        });
        // Appropriations above everything else must fit as well.
        let needs = cells.map(|cell| self.most(cell).max(self.axes.appropriation(cell).unwrap_or(0) as f64));
        let most = needs.fold(0.0, f64::max);
        payers.into_iter().take(MOST_PICTURES).map(|payer| self.payment_picture(payer, most)).collect()
    }

    fn payment_picture(&self, payer: &Member, most: f64) -> Result<Picture, ReportError> {
        let cell = |year: &Member| Cell { investment: Pick::All, party: payer.0, year: year.0 };
        let years = self.single_years().filter(|year| self.can_be_paid(cell(year)));
        let rows = years.map(|year| self.bar(&year.1, cell(year))).collect::<Result<Vec<_>, _>>()?;
        let mut legend = vec![
            (Sign::Mean, self.words.legend_mean()),
            (Sign::Range, self.words.legend_range()),
            (Sign::Edge, self.words.legend_most()),
        ];
        if rows.iter().any(|row| row.signs.len() > 1) {
            legend.push((Sign::Diamond, self.words.legend_appropriation()));
        }
        let bars = Bars {
            name: format!("payments-{}", payer.1),
            title: self.words.by_year_of(&self.party(payer.0)),
            rows,
            legend,
            heading: self.party(payer.0),
            lead: self.words.by_year_in(&self.unit()),
            most,
        };
        Ok(bars.draw(self.money)?)
    }

    fn bar(&self, year: &str, cell: Cell) -> Result<Bar, ReportError> {
        let [mean, p10, p90] =
            [Statistic::Mean, Statistic::P10, Statistic::P90].map(|statistic| self.paid(cell, statistic));
        let most = self.most(cell);
        let mut signs = vec![(Sign::Edge, most)];
        let mut note = String::new();
        if let Some(over) = self.over(cell)? {
            signs.push((Sign::Diamond, over.appropriation as f64));
            note = self.words.over_note(&self.style.share(over.probability));
        }
        let [mean_text, p10_text, p90_text, most_text] =
            [mean, p10, p90, most].map(|amount| self.long(amount));
        Ok(Bar {
            head: year.to_owned(),
            label: self.words.bar_label(&self.money.short(mean), &self.money.short(p90)),
            note,
            spoken: self.words.bar_desc(year, &mean_text, &p10_text, &p90_text, &most_text),
            pieces: vec![(Sign::Mean, mean)],
            range: Some((p10, p90)),
            apart: false,
            signs,
        })
    }

    pub(in crate::report) fn columns(&self) -> Vec<Column<'_>> {
        let budget = self.axes.scenario.budget_years();
        let last = budget.last().copied();
        let year_of = |member: &Member| member.1.parse::<i16>().unwrap_or(i16::MAX);
        let (later, mut near): (Vec<_>, Vec<_>) =
            self.single_years().partition(|member| last.is_some_and(|last| year_of(member) > last));
        let mut years: Vec<i16> =
            budget.iter().copied().chain(near.iter().map(|member| year_of(member))).collect();
        years.sort_unstable();
        years.dedup();
        let mut columns = Vec::new();
        for year in years {
            let at = near.iter().position(|member| year_of(member) == year);
            columns.push(Column::Year(year.to_string(), at.map(|at| near.remove(at))));
        }
        if last.is_some() {
            columns.push(Column::Later(later));
        }
        columns.extend(self.axes.years.last().map(Column::Total));
        columns
    }

    /// The budget years of the scenario beside each other, what is later, and the total.
    pub(super) fn budget_view(&self, investment: Pick) -> Result<Table, ReportError> {
        let columns = self.columns();
        let mut head = vec![self.words.rows()];
        head.extend(columns.iter().map(|column| match column {
            Column::Year(year, _) => year.clone(),
            Column::Later(_) => self.words.later(),
            Column::Total(_) => self.style.text.total().to_owned(),
        }));
        let payers = self.payers_of(investment);
        let groups = payers.into_iter().map(|payer| self.budget_group(investment, payer, &columns));
        Ok(Table {
            caption: self.words.budget_view(&self.currency()),
            head,
            groups: groups.collect::<Result<_, _>>()?,
            folded: false,
            texts: false,
        })
    }

    fn budget_group(
        &self,
        investment: Pick,
        payer: &Member,
        columns: &[Column<'_>],
    ) -> Result<Group, ReportError> {
        let cell = |year: &Member| Cell { investment, party: payer.0, year: year.0 };
        let row = |name: String, of: &dyn Fn(Cell) -> f64, adds_up: bool| Row {
            name,
            cells: columns
                .iter()
                .map(|column| self.in_column(column, adds_up, &|year| of(cell(year))))
                .collect(),
        };
        let mut rows = vec![
            row(self.words.row_mean(), &|cell| self.paid(cell, Statistic::Mean), true),
            row(self.words.row_p90(), &|cell| self.paid(cell, Statistic::P90), false),
            row(self.words.row_most(), &|cell| self.most(cell), false),
        ];
        rows.extend(self.appropriation_rows(&cell, columns)?);
        Ok(Group { name: self.party(payer.0), rows })
    }

    /// An amount of a column; of several later years together only what adds up is known.
    fn in_column(&self, column: &Column<'_>, adds_up: bool, of: &dyn Fn(&Member) -> f64) -> String {
        match column {
            Column::Year(_, year) => self.style.amount(year.map_or(0.0, of)),
            Column::Total(year) => self.style.amount(of(year)),
            Column::Later(years) if years.len() < 2 || adds_up => {
                self.style.amount(years.iter().map(|year| of(year)).sum())
            }
            Column::Later(_) => String::new(),
        }
    }

    /// What is appropriated, how often it is exceeded, and what is missing then.
    fn appropriation_rows(
        &self,
        cell: &dyn Fn(&Member) -> Cell,
        columns: &[Column<'_>],
    ) -> Result<Vec<Row>, ReportError> {
        let mut found = Vec::new();
        for column in columns {
            found.push(match column {
                Column::Year(_, Some(year)) | Column::Total(year) => self.over(cell(year))?,
                Column::Later(years) => match years.as_slice() {
                    [year] => self.over(cell(year))?,
                    _ => None,
                },
                Column::Year(_, None) => None,
            });
        }
        if found.iter().all(Option::is_none) {
            return Ok(Vec::new());
        }
        let row = |name: String, text: &dyn Fn(&super::Over) -> String| Row {
            name,
            cells: found.iter().map(|over| over.as_ref().map_or_else(String::new, text)).collect(),
        };
        let missing = |over: &super::Over| {
            if over.probability > 0.0 {
                self.style.amount(over.mean / over.probability)
            } else {
                String::new()
            }
        };
        Ok(vec![
            row(self.words.row_appropriation(), &|over| self.style.amount(over.appropriation as f64)),
            row(self.words.row_over(), &|over| self.style.share(over.probability)),
            row(self.words.row_short(), &missing),
        ])
    }
}
