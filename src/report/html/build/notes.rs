//! What the figures rest on, and how they were computed.

use super::{Builder, section};
use crate::digest::sha256_of_scenario;
use crate::report::html::audience::Audience;
use crate::report::html::view::{Block, Section};
use crate::report::text::{Ran, Sourced};
use crate::scenario::register::Class;

impl Builder<'_> {
    pub(super) fn rests_on(&self) -> Section {
        let text = self.style.text;
        let sentences = vec![
            text.sources(self.sourced()),
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
            let sources = &self.axes.scenario.sources;
            let (root, tree) = (sources.root(), sources.tree());
            let digest = sha256_of_scenario(&root, tree.iter().map(|(name, text)| (name.as_str(), *text)));
            sentences.extend([self.words.scenario_digest(&digest), self.words.bytes_note()]);
        }
        sentences.push(self.words.again());
        section("computed", self.words.computed(), vec![Block::List(sentences)])
    }

    fn sourced(&self) -> Sourced {
        let register = &self.axes.scenario.register;
        Sourced {
            stated: register.count(Class::Stated),
            derived: register.count(Class::Derived),
            assumed: register.count(Class::Assumed),
            unsourced: register.count(Class::None),
        }
    }
}
