//! A hundred trials: how many pay nothing, all that is earned, or what a limit leaves.

use super::{Builder, MOST_PICTURES, section};
use crate::engine::grid::{Cell, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::html::picture::dots::{Dots, hundredths};
use crate::report::html::view::{Block, Group, Row, Section, Table};

impl Builder<'_> {
    pub(super) fn hundred(&self) -> Result<Section, ReportError> {
        let payers = self.single_payers(Pick::All);
        let dots: Vec<_> = payers.iter().map(|payer| self.dots(payer)).collect();
        let mut blocks = Vec::new();
        if !dots.is_empty() {
            let pictures = dots.iter().take(MOST_PICTURES).map(Dots::draw).collect::<Result<_, _>>()?;
            blocks = vec![
                Block::Pictures(pictures),
                Block::Paragraph(self.words.dots_legend()),
                Block::Table(self.dots_table(&payers, &dots)),
            ];
        }
        Ok(section("hundred", self.words.hundred(), blocks))
    }

    fn dots(&self, payer: &Member) -> Dots {
        let cell = Cell { investment: Pick::All, party: payer.0, year: Pick::All };
        let nothing = self.paid(cell, Statistic::ProbZero);
        // Where a limit leaves nothing, nothing is paid.
        let limit = self.figures.cut(cell).value.min(1.0 - nothing);
        let counts = hundredths([nothing, (1.0 - nothing - limit).max(0.0), limit]);
        let [none, part, cut] = counts.map(|count| count.to_string());
        let [first, second, third] = counts;
        Dots {
            name: format!("hundred-{}", payer.1),
            title: self.words.hundred_of(&self.party(payer.0)),
            heading: self.party(payer.0),
            lead: self.words.of_hundred(),
            description: self.words.dots_desc(&none, &part, &cut),
            parts: [
                (first, self.words.dot_nothing()),
                (second, self.words.dot_part()),
                (third, self.words.dot_limit()),
            ],
        }
    }

    fn dots_table(&self, payers: &[&Member], dots: &[Dots]) -> Table {
        let head =
            [self.words.payer(), self.words.dot_nothing(), self.words.dot_part(), self.words.dot_limit()];
        let rows = payers.iter().zip(dots).map(|(payer, dots)| Row {
            name: self.party(payer.0),
            cells: dots.parts.iter().map(|(count, _)| count.to_string()).collect(),
        });
        Table {
            caption: self.words.hundred_caption(),
            head: head.to_vec(),
            groups: vec![Group { name: String::new(), rows: rows.collect() }],
            folded: true,
            texts: false,
        }
    }
}
