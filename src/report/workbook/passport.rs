//! How the figures were computed, and what they do not include.

use rust_xlsxwriter::Worksheet;

use super::Book;
use super::formats::Weight;
use super::paper::Value;
use crate::report::ReportError;
use crate::report::html::names::shown;
use crate::report::text::Sourced;

const WIDTHS: [f64; 2] = [30.0, 90.0];

impl Book<'_> {
    pub(super) fn passport(&self) -> Result<Worksheet, ReportError> {
        let words = self.builder.words;
        let mut paper = self.paper(&self.words.passport(), &words.computed(), &WIDTHS)?;
        let scenario = self.builder.axes.scenario;
        let settings = self.builder.figures.results().settings();
        let text = |text: String| Value::Text(text);
        let rows = [
            (self.words.program(), text(format!("udfald {}", env!("CARGO_PKG_VERSION")))),
            (self.words.scenario(), text(shown(&scenario.title))),
            (self.words.file(), text(shown(&scenario.sources.root()))),
            (self.words.digest(), text(self.builder.axes.scenario.sources.sha256())),
            (self.words.trials(), Value::Count(settings.trials)),
            (self.words.seed(), text(settings.seed.to_string())),
            (self.words.sampler(), text(settings.chance.name().to_owned())),
        ];
        for (name, value) in rows {
            paper.row(&[Value::Text(name), value], Weight::Plain)?;
        }
        paper.skip();
        paper.heading(&self.words.holds())?;
        let style = self.builder.style;
        let mut sentences = vec![
            style.text.accounts_closed(&style.count(settings.trials)),
            style.text.sources(Sourced::of(&self.builder.axes.scenario.register)),
            words.not_known(),
            style.text.savings().to_owned(),
            words.left_out(),
        ];
        sentences.extend(self.builder.caveats());
        sentences.extend([words.bytes_note(), self.words.again()]);
        for sentence in sentences {
            paper.prose(&sentence)?;
        }
        Ok(paper.finish()?)
    }
}
