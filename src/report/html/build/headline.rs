//! The answer in plain words: a sentence or two for each payer and each investor.

use super::{Builder, section};
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::Statistic;
use crate::report::ReportError;
use crate::report::html::view::{Block, Section};
use crate::report::returns::Returns;

impl Builder<'_> {
    pub(super) fn headline(&self) -> Result<Section, ReportError> {
        let trials = self.style.count(self.figures.results().settings().trials);
        let blocks = vec![Block::Lead(self.in_short()?), Block::Paragraph(self.words.trial(&trials))];
        Ok(section("short", self.words.in_short(), blocks))
    }

    /// Each payer and each investor in a sentence or two.
    pub(in crate::report) fn in_short(&self) -> Result<Vec<String>, ReportError> {
        let mut lead = Vec::new();
        for payer in self.payers_of(Pick::All).into_iter().filter(|(party, _)| *party != Pick::All) {
            lead.push(self.pays(payer.0)?);
        }
        if lead.is_empty() {
            lead.push(self.style.text.no_payments().to_owned());
        }
        let parties = || (0..self.axes.scenario.parties.len()).map(Pick::One);
        lead.extend(parties().filter_map(|party| self.gets_back(party)));
        lead.extend(parties().filter_map(|party| self.gives(party)));
        Ok(lead)
    }

    fn pays(&self, party: Pick) -> Result<String, ReportError> {
        let cell = |year| Cell { investment: Pick::All, party, year };
        let years: Vec<_> = self.single_years().filter(|year| self.can_be_paid(cell(year.0))).collect();
        let amounts = |year| {
            let [mean, p90] = [Statistic::Mean, Statistic::P90].map(|s| self.long(self.paid(cell(year), s)));
            (mean, p90)
        };
        let (name, (mean, p90)) = (self.party(party), amounts(Pick::All));
        let whole = cell(Pick::All);
        let most = self.long(self.most(whole));
        let mut sentences = match years.as_slice() {
            [] => return Ok(String::new()),
            [year] => vec![self.words.pays_in_year(&name, &mean, &year.1, &p90, &most)],
            [first, .., last] => {
                let span = self.words.between(&first.1, &last.1);
                let mean_in = |year: Pick| self.paid(cell(year), Statistic::Mean);
                let dearest =
                    years.iter().max_by(|a, b| mean_in(a.0).total_cmp(&mean_in(b.0))).unwrap_or(first);
                let (in_year, at_most) = amounts(dearest.0);
                let in_short = match self.chance_of_most(whole)? {
                    Some(share) if p90 == most => self.words.pays_up_to(&name, &mean, &span, &share, &most),
                    _ => self.words.pays(&name, &mean, &span, &p90, &most),
                };
                vec![in_short, self.words.dearest(&dearest.1, &in_year, &at_most)]
            }
        };
        sentences.extend(self.held_against(party)?);
        Ok(sentences.join(" "))
    }

    /// The share of trials in which the most is paid that the contract allows; nothing where it never happens.
    fn chance_of_most(&self, cell: Cell) -> Result<Option<String>, ReportError> {
        let summary = self.figures.results().summary(cell, Flow::Payment)?;
        let share = summary.exceedance(self.most(cell) as i64 - 1).value;
        Ok((share > 0.0).then(|| self.style.share(share)))
    }

    /// The year in which an appropriation is most often not enough.
    fn held_against(&self, party: Pick) -> Result<Option<String>, ReportError> {
        let mut worst = None;
        for year in self.single_years() {
            let Some(over) = self.over(Cell { investment: Pick::All, party, year: year.0 })? else {
                continue;
            };
            if worst
                .as_ref()
                .is_none_or(|(_, found): &(&str, super::Over)| over.probability > found.probability)
            {
                worst = Some((year.1.as_str(), over));
            }
        }
        Ok(worst.map(|(year, over)| {
            if over.probability <= 0.0 {
                return self.words.enough();
            }
            let (amount, short) =
                (self.long(over.appropriation as f64), self.long(over.mean / over.probability));
            self.words.not_enough(&amount, year, &self.style.share(over.probability), &short)
        }))
    }

    fn gets_back(&self, party: Pick) -> Option<String> {
        let returns = Returns::new(self.figures, Cell { investment: Pick::All, party, year: Pick::All })?;
        let (out, back) = (self.long(returns.drawdown), self.long(returns.mean));
        let share = self.style.share(returns.mean / returns.drawdown);
        let loss = self.style.share(returns.loss.unwrap_or(0.0));
        Some(self.words.investor(&self.party(party), &out, &back, &share, &loss))
    }

    fn gives(&self, party: Pick) -> Option<String> {
        let cell = Cell { investment: Pick::All, party, year: Pick::All };
        let given = self.figures.of(cell, Flow::Donation).value(Statistic::Max);
        (given > 0.0).then(|| self.words.gives(&self.party(party), &self.long(given)))
    }
}
