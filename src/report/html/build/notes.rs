//! What the figures rest on, and how they were computed.

use super::{Builder, section};
use crate::engine::grid::Flow;
use crate::measure::RELATIVE_WIDTH;
use crate::report::correlations;
use crate::report::html::audience::Audience;
use crate::report::html::view::{Block, Section};
use crate::report::text::{Ran, Sourced};
use crate::report::undefined::without_value;

impl Builder<'_> {
    pub(super) fn rests_on(&self) -> Section {
        let text = self.style.text;
        let sentences = vec![
            text.sources(Sourced::of(&self.axes.scenario.register)),
            self.words.not_known(),
            text.savings().to_owned(),
            self.words.left_out(),
        ];
        section("sources", self.words.rests_on(), vec![Block::List(sentences)])
    }

    pub(super) fn computed(&self) -> Section {
        let (text, results) = (self.style.text, self.figures.results());
        let settings = results.settings();
        let trials = self.style.count(settings.trials);
        let ran = Ran { trials: &trials, seed: settings.seed, sampler: settings.chance.name() };
        let mut sentences = vec![text.ran(ran), text.accounts_closed(&trials)];
        if self.audience != Audience::Council {
            sentences.extend([
                self.words.scenario_digest(&self.axes.scenario.sources.sha256()),
                self.words.bytes_note(),
            ]);
        }
        sentences.extend(self.caveats());
        sentences.push(self.words.again());
        section("computed", self.words.computed(), vec![Block::List(sentences)])
    }

    /// What must be known of the figures: amounts counted in steps, correlations, formulas without a value.
    pub(in crate::report) fn caveats(&self) -> Vec<String> {
        let steps = self.in_steps().into_iter();
        let together = correlations::sentences(self.figures.dependence(), self.style);
        steps.chain(together).chain(without_value(self.figures.results(), self.style)).collect()
    }

    /// That some amounts are counted in steps, where they are.
    fn in_steps(&self) -> Option<String> {
        let results = self.figures.results();
        let mut cells = self.axes.payer_cells();
        let any = cells.any(|(_, cell)| results.bucketed(results.grid().figure(cell, Flow::Payment)));
        any.then(|| self.style.text.bucketed(&self.style.bound(RELATIVE_WIDTH)))
    }
}
