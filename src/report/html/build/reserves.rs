//! What to set aside: amounts that are enough on average, in 8 and in 9 of 10 trials, beside what is appropriated.

use super::{Builder, section};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::axes::Member;
use crate::report::exposure::Over;
use crate::report::html::view::{Block, Group, Row, Section, Table};

/// What is set aside is enough in so many trials.
const LEVELS: [Statistic; 2] = [Statistic::P80, Statistic::P90];

impl Builder<'_> {
    pub(super) fn reserves(&self) -> Result<Section, ReportError> {
        let payers = self.single_payers(Pick::All);
        let groups = payers.iter().map(|payer| self.reserve_group(payer)).collect::<Result<Vec<_>, _>>()?;
        if groups.is_empty() {
            return Ok(section("reserves", self.words.reserves(), Vec::new()));
        }
        let mut head = vec![self.words.rows()];
        head.extend(self.axes.years.iter().map(|year| self.year(year)));
        let table = Table {
            caption: self.words.reserves_caption(&self.currency()),
            head,
            groups,
            folded: false,
            texts: false,
        };
        let blocks = vec![
            Block::Table(table),
            Block::Paragraph(self.words.reserves_note()),
            Block::Paragraph(self.words.reserves_period()),
        ];
        Ok(section("reserves", self.words.reserves(), blocks))
    }

    fn reserve_group(&self, payer: &Member) -> Result<Group, ReportError> {
        let cell = |year: &Member| Cell { investment: Pick::All, party: payer.0, year: year.0 };
        let cells: Vec<_> = self.axes.years.iter().map(cell).collect();
        let amounts = |name: String, statistic| Row {
            name,
            cells: cells.iter().map(|cell| self.style.amount(self.paid(*cell, statistic))).collect(),
        };
        let mut rows = vec![
            amounts(self.words.enough_on_average(), Statistic::Mean),
            amounts(self.words.enough_in_eight(), Statistic::P80),
            amounts(self.words.enough_in_nine(), Statistic::P90),
        ];
        let over = cells.iter().map(|cell| self.over(*cell)).collect::<Result<Vec<_>, _>>()?;
        if over.iter().any(Option::is_some) {
            rows.extend(self.held_rows(&cells, &over));
        }
        Ok(Group { name: self.party(payer.0), rows })
    }

    /// What is appropriated, how often it is exceeded, what is missing then, and what would have to be added.
    fn held_rows(&self, cells: &[Cell], over: &[Option<Over>]) -> Vec<Row> {
        let row = |name: String, text: &dyn Fn(&Over, Cell) -> String| {
            let pairs = over.iter().zip(cells);
            let texts =
                pairs.map(|(over, cell)| over.as_ref().map_or_else(String::new, |over| text(over, *cell)));
            Row { name, cells: texts.collect() }
        };
        let missing = |over: &Over, _| {
            if over.probability > 0.0 {
                self.style.amount(over.mean / over.probability)
            } else {
                String::new()
            }
        };
        let added = |statistic| {
            move |over: &Over, cell: Cell| {
                let amount =
                    self.figures.of(cell, Flow::Payment).value(statistic) - over.appropriation as f64;
                self.style.amount(amount.max(0.0))
            }
        };
        let [eight, nine] = LEVELS.map(added);
        vec![
            row(self.words.row_appropriation(), &|over, _| self.style.amount(over.appropriation as f64)),
            row(self.words.row_over(), &|over, _| self.style.share(over.probability)),
            row(self.words.row_short(), &missing),
            row(self.words.add_for_eight(), &eight),
            row(self.words.add_for_nine(), &nine),
        ]
    }
}
