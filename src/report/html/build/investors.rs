//! What each investor puts in and gets back, by year and over all years.

use super::{Builder, section};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::html::picture::bars::{Bar, Bars, Sign};
use crate::report::html::view::{Block, Group, Row, Section, Table};
use crate::report::returns::Returns;

impl Builder<'_> {
    pub(super) fn investors(&self) -> Result<Section, ReportError> {
        let mut blocks = Vec::new();
        let mut pictures = Vec::new();
        let mut groups = Vec::new();
        for party in (0..self.axes.scenario.parties.len()).map(Pick::One) {
            let cell = Cell { investment: Pick::All, party, year: Pick::All };
            let Some(returns) = Returns::new(self.figures, cell) else { continue };
            pictures.push(self.investor_picture(cell, returns).draw(self.money)?);
            groups.push(self.investor_group(cell));
            blocks.push(Block::Paragraph(self.in_words(cell, returns)));
        }
        if !groups.is_empty() {
            let head = vec![self.words.investor_and_year(), self.words.puts_in(), self.words.gets_back()];
            let caption = self.words.investor_caption(&self.currency());
            blocks.insert(0, Block::Pictures(pictures));
            blocks.push(Block::Table(Table { caption, head, groups, folded: false, texts: false }));
            blocks.push(Block::Paragraph(self.words.investor_note()));
        }
        Ok(section("investors", self.words.investors(), blocks))
    }

    /// Put in and got back of each year, on average, in øre.
    pub(in crate::report) fn flows(&self, cell: Cell) -> impl Iterator<Item = (i16, f64, f64)> {
        let years = self.figures.results().grid().years();
        years.iter().enumerate().filter_map(move |(index, year)| {
            let cell = Cell { year: Pick::One(index), ..cell };
            let mean = |flow| self.figures.of(cell, flow).value(Statistic::Mean);
            let (out, back) = (mean(Flow::Drawdown), mean(Flow::Receipt));
            (out > 0.0 || back > 0.0).then_some((*year, out, back))
        })
    }

    fn investor_picture(&self, cell: Cell, returns: Returns) -> Bars {
        let name = self.party(cell.party);
        let bar = |head: String, out: f64, back: f64| {
            let [out_text, back_text] = [out, back].map(|amount| self.money.short(amount));
            let label = if back <= 0.0 {
                self.words.only_out(&out_text)
            } else if out <= 0.0 {
                self.words.only_back(&back_text)
            } else {
                self.words.out_and_back(&out_text, &back_text)
            };
            let spoken = format!("{head}: {label}.");
            Bar { head, label, spoken, ..Bar::default() }
        };
        let mut rows: Vec<_> = self
            .flows(cell)
            .map(|(year, out, back)| Bar {
                pieces: [(Sign::Other, out), (Sign::Mean, back)]
                    .into_iter()
                    .filter(|piece| piece.1 > 0.0)
                    .collect(),
                apart: true,
                ..bar(year.to_string(), out, back)
            })
            .collect();
        rows.push(Bar {
            pieces: vec![(Sign::Mean, returns.mean)],
            range: Some((returns.p10, returns.p90)),
            signs: vec![(Sign::Edge, returns.drawdown)],
            ..bar(self.style.text.total().to_owned(), returns.drawdown, returns.mean)
        });
        let party = self.axes.parties.iter().find(|(pick, _)| *pick == cell.party);
        Bars {
            name: format!("investor-{}", party.map_or("all", |(_, id)| id.as_str())),
            title: self.words.investor_title(&name),
            rows,
            legend: vec![
                (Sign::Other, self.words.puts_in()),
                (Sign::Mean, self.words.gets_back()),
                (Sign::Range, self.words.legend_range()),
                (Sign::Edge, self.words.break_even()),
            ],
            heading: name,
            lead: self.words.out_and_back_in(&self.unit()),
            most: returns.drawdown.max(returns.p90),
        }
    }

    fn investor_group(&self, cell: Cell) -> Group {
        let row = |name: String, out: f64, back: f64| Row {
            name,
            cells: vec![self.style.amount(out), self.style.amount(back)],
        };
        let mut rows: Vec<_> =
            self.flows(cell).map(|(year, out, back)| row(year.to_string(), out, back)).collect();
        let mean = |flow| self.figures.of(cell, flow).value(Statistic::Mean);
        rows.push(row(self.style.text.total().to_owned(), mean(Flow::Drawdown), mean(Flow::Receipt)));
        Group { name: self.party(cell.party), rows }
    }

    pub(in crate::report) fn in_words(&self, cell: Cell, returns: Returns) -> String {
        let text = self.style.text;
        let share = self.style.share(returns.mean / returns.drawdown);
        let (out, back) = (self.long(returns.drawdown), self.long(returns.mean));
        let mut sentences = vec![
            self.words.investor(
                &self.party(cell.party),
                &out,
                &back,
                &share,
                &self.style.share(returns.loss.unwrap_or(0.0)),
            ),
            text.gets_between(&self.long(returns.p10), &self.long(returns.p90)),
        ];
        sentences.extend(returns.rate.map(|rate| text.annual_return(&self.style.rate(rate))));
        sentences.join(" ")
    }
}
