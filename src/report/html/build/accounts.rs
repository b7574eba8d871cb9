//! From what is earned to what is paid: the accounts of each payer, and what limits take.

use super::{Builder, MOST_PICTURES, section};
use crate::engine::grid::{Cell, Flow, LimitFigures, LimitYear, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::html::audience::Audience;
use crate::report::html::picture::bars::{Bar, Bars, Sign};
use crate::report::html::view::{Block, Group, Row, Section, Table};

/// The lines of an account, in the order in which they add up to the payment.
const LINES: [Flow; 6] =
    [Flow::Earned, Flow::MovedIn, Flow::ToppedUp, Flow::Cut, Flow::MovedOut, Flow::Payment];

impl Builder<'_> {
    pub(super) fn accounts(&self) -> Result<Section, ReportError> {
        let mut blocks = Vec::new();
        if self.axes.payers.len() > 1 {
            blocks.push(Block::Pictures(vec![self.accounts_picture().draw(self.money)?]));
            blocks.push(Block::Table(self.accounts_table()));
            blocks.push(Block::Paragraph(self.words.accounts_note()));
            let limits = self.limits_table();
            if !limits.groups.is_empty() {
                blocks.push(Block::Table(limits));
                blocks.push(Block::Paragraph(self.words.limits_note()));
            }
        }
        Ok(section("accounts", self.words.accounts(), blocks))
    }

    pub(in crate::report) fn mean(&self, cell: Cell, flow: Flow) -> f64 {
        self.figures.of(cell, flow).value(Statistic::Mean)
    }

    fn accounts_picture(&self) -> Bars {
        let payers = self.single_payers(Pick::All);
        let cell = |payer: &Member| Cell { investment: Pick::All, party: payer.0, year: Pick::All };
        let spared =
            |payer: &Member| self.mean(cell(payer), Flow::Cut) + self.mean(cell(payer), Flow::MovedOut);
        let both = |payer: &&Member| self.mean(cell(payer), Flow::Payment) + spared(payer);
        let most = payers.iter().map(both).fold(0.0, f64::max);
        let bar = |payer: &&Member| {
            let (paid, cut) = (self.mean(cell(payer), Flow::Payment), spared(payer));
            let label = self.words.paid_and_cut(&self.money.short(paid), &self.money.short(cut));
            let spoken = format!("{}: {label}.", self.party(payer.0));
            let pieces = vec![(Sign::Mean, paid), (Sign::Other, cut)];
            Bar { head: self.party(payer.0), label, spoken, pieces, ..Bar::default() }
        };
        Bars {
            name: "earned".to_owned(),
            title: self.words.earned_title(),
            rows: payers.iter().take(MOST_PICTURES).map(bar).collect(),
            legend: vec![(Sign::Mean, self.words.flow_paid()), (Sign::Other, self.words.flow_cut())],
            heading: self.words.earned_heading(),
            lead: self.words.earned_in(&self.unit()),
            most,
        }
    }

    /// The lines of accounts: those that are always told, and of the others those on which something happens.
    pub(in crate::report) fn account_lines(&self) -> Vec<Flow> {
        let whole = Cell { investment: Pick::All, party: Pick::All, year: Pick::All };
        let always = |flow: &Flow| matches!(flow, Flow::Earned | Flow::Cut | Flow::Payment);
        let happens = |flow: &Flow| self.figures.of(whole, *flow).value(Statistic::Max) > 0.0;
        LINES.into_iter().filter(|flow| always(flow) || happens(flow)).collect()
    }

    /// The name of a line of accounts.
    pub(in crate::report) fn line_name(&self, flow: Flow) -> String {
        match flow {
            Flow::Earned => self.words.flow_earned(),
            Flow::MovedIn => self.words.flow_moved_in(),
            Flow::ToppedUp => self.words.flow_topped_up(),
            Flow::Cut => self.words.flow_cut(),
            Flow::MovedOut => self.words.flow_moved_out(),
            _ => self.words.flow_paid(),
        }
    }

    fn accounts_table(&self) -> Table {
        let lines = self.account_lines();
        let mut head = vec![self.words.payer_and_year()];
        head.extend(lines.iter().map(|flow| self.line_name(*flow)));
        let row = |cell: Cell| {
            let amount = |flow: &Flow| match flow {
                Flow::Cut | Flow::MovedOut => self.style.amount(-self.mean(cell, *flow)),
                _ => self.style.amount(self.mean(cell, *flow)),
            };
            lines.iter().map(amount).collect()
        };
        let groups = self.year_groups(Pick::All, &row);
        Table {
            caption: self.words.accounts_caption(&self.currency()),
            head,
            groups,
            folded: false,
            texts: false,
        }
    }

    /// What each limit does, by year for analysts.
    fn limits_table(&self) -> Table {
        let head = [
            self.words.limit(),
            self.words.limit_cuts(),
            self.words.limit_full(),
            self.words.limit_takes(),
            self.words.limit_moves(),
        ];
        let grid = self.figures.results().grid();
        let investments = self.axes.scenario.investments.iter().enumerate();
        let groups = investments.map(|(index, investment)| {
            let limits = grid.limits().iter().filter(|limit| limit.investment() == index);
            let name = if self.axes.scenario.investments.len() == 1 {
                String::new()
            } else {
                super::shown(&investment.title)
            };
            Group { name, rows: limits.flat_map(|limit| self.limit_rows(limit)).collect() }
        });
        let groups = groups.filter(|group| !group.rows.is_empty()).collect();
        let caption = self.words.limits_caption(&self.currency());
        Table { caption, head: head.to_vec(), groups, folded: false, texts: false }
    }

    fn limit_rows(&self, limit: &LimitFigures) -> Vec<Row> {
        let years =
            limit.years.iter().filter(|(year, _)| year.is_none() || self.audience == Audience::Analyst);
        let row = |(year, acted): &(Option<i16>, LimitYear)| {
            let mean = |figure| self.style.amount(self.figures.series(figure).value(Statistic::Mean));
            let share = |figure| self.style.share(self.figures.series(figure).positive().value);
            let year = year.map_or_else(String::new, |year| format!(" {year}"));
            Row {
                name: format!("{}{year}", self.limit_name(limit)),
                cells: vec![share(acted.taken), share(acted.full), mean(acted.lost), mean(acted.moved)],
            }
        };
        years.map(row).collect()
    }

    pub(in crate::report) fn limit_name(&self, limit: &LimitFigures) -> String {
        let party = limit.party.map(|party| self.party(Pick::One(party)));
        match (limit.scope, party) {
            ("return_cap", Some(party)) => self.words.return_cap(&party),
            (_, Some(party)) => self.words.limit_of(limit.id(), &party),
            (_, None) => limit.id().to_owned(),
        }
    }
}
