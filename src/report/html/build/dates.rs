//! When amounts fall due, on which account, and what stands open at 31 December.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::{Builder, section};
use crate::engine::grid::{Cell, Pick};
use crate::measure::Statistic;
use crate::report::axes::Member;
use crate::report::html::names::shown;
use crate::report::html::view::{Block, Group, Row, Section, Table};
use crate::scenario::model::{Booked, Investment, Term};

impl Builder<'_> {
    pub(super) fn dates(&self) -> Section {
        let mut blocks = Vec::new();
        let dues = self.dues();
        if !dues.is_empty() {
            let head =
                vec![self.words.term(), self.words.paid_by(), self.words.falls_due(), self.words.account()];
            let caption = self.words.dates_caption();
            blocks.push(Block::Table(Table { caption, head, groups: dues, folded: false, texts: true }));
            let open = self.open_table();
            if !open.groups.is_empty() {
                blocks.push(Block::Table(open));
                blocks.push(Block::Paragraph(self.words.open_note()));
            }
        }
        section("dates", self.words.dates(), blocks)
    }

    pub(in crate::report) fn dues(&self) -> Vec<Group> {
        let investments = self.axes.scenario.investments.iter();
        let group = |investment: &Investment| Group {
            name: shown(&investment.title),
            rows: investment.terms.iter().map(|term| self.due(term)).collect(),
        };
        investments.map(group).filter(|group| !group.rows.is_empty()).collect()
    }

    fn due(&self, term: &Term) -> Row {
        let parties = &self.axes.scenario.parties;
        let payer =
            |id| parties.keys().position(|known| known == id).map(|index| self.party(Pick::One(index)));
        let payers: Vec<_> = term.payers.iter().filter_map(payer).collect();
        let dates: BTreeSet<Date> = term.readings.iter().map(|reading| reading.paid).collect();
        let dates: Vec<_> = dates.into_iter().map(|date| self.style.text.date(date)).collect();
        let account = term.account.as_deref().map_or_else(String::new, shown);
        Row { name: term.id.to_string(), cells: vec![payers.join(", "), dates.join(", "), account] }
    }

    /// The years at whose end something stands open: from that before the first payment to that before the last.
    pub(in crate::report) fn year_ends(&self) -> Vec<i16> {
        let years: Vec<i16> = self.single_years().filter_map(|year| year.1.parse().ok()).collect();
        years.first().map_or_else(Vec::new, |first| (first - 1..years[years.len() - 1]).collect())
    }

    /// What falls due after the end of each year: measured by then, or still open.
    fn open_table(&self) -> Table {
        let ends = self.year_ends();
        let mut head = vec![self.words.payer_and_day()];
        head.extend([self.words.open_all(), self.words.open_measured(), self.words.open_rest()]);
        let group = |payer: &Member| Group {
            name: self.party(payer.0),
            rows: ends.iter().map(|year| self.open_row(payer, *year)).collect(),
        };
        let groups = if ends.is_empty() {
            Vec::new()
        } else {
            self.single_payers(Pick::All).into_iter().map(group).collect()
        };
        Table {
            caption: self.words.open_caption(&self.currency()),
            head,
            groups,
            folded: false,
            texts: false,
        }
    }

    fn open_row(&self, payer: &Member, year: i16) -> Row {
        let [measured, rest] = self.open_at(payer, year);
        let cells = [measured + rest, measured, rest].map(|amount| self.style.amount(amount));
        Row { name: self.style.text.date(date(year, 12, 31)), cells: cells.to_vec() }
    }

    /// What a payer pays after the end of a year, on average, in øre: what is measured by then, and the rest.
    pub(in crate::report) fn open_at(&self, payer: &Member, year: i16) -> [f64; 2] {
        let (mut measured, mut rest) = (0.0, 0.0);
        for index in 0..self.axes.scenario.investments.len() {
            for later in
                self.single_years().filter(|later| later.1.parse::<i16>().is_ok_and(|later| later > year))
            {
                let cell = Cell { investment: Pick::One(index), party: payer.0, year: later.0 };
                let amount = self.paid(cell, Statistic::Mean);
                let known = self.is_measured(index, payer, &later.1, date(year, 12, 31));
                *(if known { &mut measured } else { &mut rest }) += amount;
            }
        }
        [measured, rest]
    }

    /// Whether all that a payer can have to pay in a budget year of an investment is measured by a day.
    fn is_measured(&self, investment: usize, payer: &Member, year: &str, by: Date) -> bool {
        let Some((id, party)) = self.axes.scenario.parties.iter().find(|(id, _)| id.as_str() == payer.1)
        else {
            return false;
        };
        let terms = self.axes.scenario.investments[investment].terms.iter();
        let readings = terms.filter(|term| term.payers.contains(id)).flat_map(|term| &term.readings);
        let booked = |reading: &&crate::scenario::model::Reading| {
            let day = if party.booked == Booked::Due { reading.due } else { reading.paid };
            party.year_start.year_of(day).to_string() == year
        };
        readings.filter(booked).all(|reading| reading.measured <= by)
    }
}
