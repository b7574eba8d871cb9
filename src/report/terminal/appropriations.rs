//! Payments held against what is appropriated for them.

use super::Page;
use super::layout::paragraph;
use crate::engine::grid::{Cell, Pick};
use crate::report::ReportError;
use crate::report::exposure::Over;

impl Page<'_> {
    pub(super) fn appropriations(&self) -> Result<String, ReportError> {
        let mut section = String::new();
        for investment in &self.shown {
            let text = self.appropriations_of(investment.0)?;
            if !text.is_empty() {
                section.push('\n');
                section.push_str(&self.heading(investment.0));
                section.push_str(&text);
            }
        }
        if section.is_empty() {
            return Ok(section);
        }
        Ok(paragraph(&self.style.text.appropriations_title(&self.currency())) + &section)
    }

    fn appropriations_of(&self, investment: Pick) -> Result<String, ReportError> {
        let mut text = String::new();
        for payer in &self.axes.payers {
            for year in &self.axes.years {
                let cell = Cell { investment, party: payer.0, year: year.0 };
                let Some(appropriation) = self.axes.appropriation(cell) else { continue };
                let over = Over::new(self.figures, cell, appropriation)?;
                let total = self.style.text.appropriations_total();
                let year = if year.0 == Pick::All { total } else { &year.1 };
                text.push_str(&paragraph(&self.held_against(&self.party(payer.0), year, &over)));
            }
        }
        Ok(text)
    }

    /// What is missing is told of the trials in which something is: over all trials it would look small where it is
    /// rare and large.
    fn held_against(&self, payer: &str, year: &str, over: &Over) -> String {
        let (style, text) = (self.style, self.style.text);
        let amount = style.amount(over.appropriation as f64);
        if over.probability > 0.0 {
            let short = style.amount(over.mean / over.probability);
            text.appropriation(payer, year, &amount, &style.share(over.probability), &short)
        } else {
            text.appropriation_enough(payer, year, &amount)
        }
    }
}
