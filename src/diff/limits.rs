//! Limits.

use std::collections::BTreeMap;

use super::facts::{Around, Thing};
use crate::contract::promise::Promise;
use crate::money::Ore;
use crate::report::text::{Aspect, Kind, Say};
use crate::scenario::model::{AtLeast, AtMost, Excess, Limit, TermIndex};

impl Around<'_> {
    pub(super) fn limit(&self, limit: &Limit) -> Thing {
        let Limit { id, terms, payer, per, at_most, excess, at_least, span } = limit;
        let mut thing = self.thing(Kind::Limit, id).table(format!("limit.{id}")).span(span);
        match at_most {
            AtMost::Open => {}
            AtMost::Amount(ore) => thing.says(Aspect::AtMost, "at_most", self.style.money(*ore)),
            AtMost::ByYear(years) => self.by_year(&mut thing, Aspect::AtMostIn, "at_most", years),
            AtMost::Due { fund, promise } => {
                let said = self.say(&Say::StillDue { fund: fund.as_str(), promise: &self.promise(*promise) });
                thing.says(Aspect::AtMost, "at_most", said);
            }
            AtMost::Share { share, of } => {
                let of = self.terms(of).swap_remove(0);
                let said = self.say(&Say::ShareOf { share: &self.style.share(*share), of: &of });
                thing.says(Aspect::AtMost, "at_most", said);
            }
        }
        match at_least {
            None => {}
            Some(AtLeast::Amount(ore)) => thing.says(Aspect::AtLeast, "at_least", self.style.money(*ore)),
            Some(AtLeast::ByYear(years)) => self.by_year(&mut thing, Aspect::AtLeastIn, "at_least", years),
        }
        thing.says(Aspect::Per, "per", self.say(&Say::Window(*per)));
        thing.may_say(Aspect::Payer, "payer", payer.as_ref().map(ToString::to_string));
        thing.says_of(Aspect::Covers, "", "terms", self.terms(terms));
        if *at_most != AtMost::Open {
            let said = match excess {
                Excess::Lost => self.say(&Say::Lost),
                Excess::Rolls => self.say(&Say::Rolls),
                Excess::FallsOn(payer) => self.say(&Say::FallsOn(payer.as_str())),
                Excess::Passes(share) => self.say(&Say::Passes(&self.style.share(*share))),
            };
            thing.says(Aspect::Excess, "excess", said);
        }
        thing
    }

    /// Amounts that are the same every year together, others each by itself.
    fn by_year(&self, thing: &mut Thing, aspect: Aspect, word: &str, years: &BTreeMap<i16, Ore>) {
        for (year, ore) in years {
            thing.says_of(aspect, &year.to_string(), &format!("{word}.{year}"), vec![self.style.money(*ore)]);
        }
    }

    /// Terms by id; all of them can be told in two ways.
    fn terms(&self, terms: &[TermIndex]) -> Vec<String> {
        let named = || {
            let ids = terms.iter().filter_map(|term| self.investment.terms.get(*term));
            ids.map(|term| term.id.to_string()).collect::<Vec<_>>().join(", ")
        };
        if terms.len() == self.investment.terms.len() {
            vec![self.say(&Say::AllTerms), named()]
        } else {
            vec![named()]
        }
    }

    /// What is still due to a fund.
    pub(super) fn promise(&self, promise: Promise) -> String {
        match promise {
            Promise::Amount(ore) => self.style.money(ore),
            Promise::Multiple(times) => self.say(&Say::Multiple(&self.style.fraction(times))),
            Promise::Balance(rate) => self.say(&Say::Balance(&self.style.percent(rate))),
            Promise::Simple(rate) => self.say(&Say::Simple(&self.style.percent(rate))),
            Promise::Average(rate) => self.say(&Say::Average(&self.style.percent(rate))),
        }
    }
}
