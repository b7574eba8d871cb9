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
                text.push_str(&paragraph(&self.style.text.appropriation(
                    &self.party(payer.0),
                    self.year(year),
                    &self.style.amount(appropriation as f64),
                    &self.style.share(over.probability),
                    &self.style.amount(over.mean),
                )));
            }
        }
        Ok(text)
    }
}
