//! Every number of the scenario with its source, and how many are stated, derived and assumed.

use rust_xlsxwriter::Worksheet;
use rust_xlsxwriter::utility::row_col_to_cell;

use super::Book;
use super::formats::Weight;
use super::paper::{Paper, Value};
use crate::report::ReportError;
use crate::report::html::build::register::ORDER;
use crate::report::html::names::{prose, shown};
use crate::scenario::register::Entry;

/// Kind, contract, number, value, source.
const WIDTHS: [f64; 5] = [16.0, 26.0, 40.0, 22.0, 78.0];

impl Book<'_> {
    pub(super) fn assumptions(&self) -> Result<Worksheet, ReportError> {
        let words = self.builder.words;
        let mut paper = self.paper(&self.words.assumptions(), &words.register(), &WIDTHS)?;
        let register = &self.builder.axes.scenario.register;
        let entries = ORDER
            .iter()
            .flat_map(|class| register.entries().iter().filter(move |entry| entry.class == *class));
        let entries: Vec<_> = entries.collect();
        self.counts(&mut paper, entries.len() as u32)?;
        let mut head = vec![self.words.class(), self.words.contract(), words.number()];
        head.extend([words.value(), words.source()]);
        let head = paper.head(&head, 5)?;
        for entry in entries {
            paper.row(&self.entry(entry), Weight::Plain)?;
        }
        paper.filter(head)?;
        paper.keep_head(head, 0)?;
        paper.skip();
        for (id, text) in &self.builder.axes.scenario.documents {
            paper.prose(&format!("{}: {}", shown(id), prose(text)))?;
        }
        Ok(paper.finish()?)
    }

    /// How many numbers are of each kind, counted in the table below.
    fn counts(&self, paper: &mut Paper<'_>, entries: u32) -> Result<(), ReportError> {
        let register = &self.builder.axes.scenario.register;
        let classes: Vec<_> = ORDER.into_iter().filter(|class| register.count(*class) > 0).collect();
        let first = paper.next();
        // The total and an empty row stand between, then the head.
        let table = first + classes.len() as u32 + 3;
        let range = format!(
            "{}:{}",
            row_col_to_cell(table, 0),
            row_col_to_cell(table + entries.saturating_sub(1), 0)
        );
        for class in &classes {
            let name = row_col_to_cell(paper.next(), 0);
            let formula = format!("=COUNTIF({range},{name})");
            let count = Value::Counted(formula, register.count(*class) as u64);
            paper.row(&[Value::Text(self.builder.class(*class)), count], Weight::Plain)?;
        }
        let all = if classes.is_empty() {
            Value::Count(0)
        } else {
            let last = first + classes.len() as u32 - 1;
            Value::Counted(super::paper::sum_of_rows(first, last, 1), u64::from(entries))
        };
        paper.row(&[Value::Text(self.words.in_all()), all], Weight::Total)?;
        paper.skip();
        Ok(())
    }

    fn entry(&self, entry: &Entry) -> Vec<Value> {
        let scenario = self.builder.axes.scenario;
        let contract = entry.investment.as_ref().and_then(|id| {
            let index = scenario.investments.iter().position(|investment| investment.id() == id)?;
            Some(self.contract(index))
        });
        let shared = || self.builder.words.shared_numbers();
        let document = entry.cited().map(|document| format!("{}: ", shown(&document)));
        let texts = [
            self.builder.class(entry.class),
            contract.unwrap_or_else(shared),
            prose(&entry.path),
            prose(&entry.value),
            format!("{}{}", document.unwrap_or_default(), prose(&entry.reason)),
        ];
        texts.map(Value::Text).to_vec()
    }
}
