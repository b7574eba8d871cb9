//! What a reader must know beside the figures: sources, simulation error, what was run.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::Page;
use super::layout::{paragraph, safe};
use crate::engine::block::Chance;
use crate::engine::grid::{Cell, Flow, Pick};
use crate::measure::{Estimate, RELATIVE_WIDTH, Statistic};
use crate::report::correlations;
use crate::report::text::{Ran, Sourced};
use crate::report::undefined::without_value;
use crate::scenario::model::Investment;
use crate::scenario::name::Id;

/// Up to this many due dates of an investment are told one by one.
const MOST_DATES: usize = 6;

impl Page<'_> {
    pub(super) fn notes(&self) -> String {
        let (style, text) = (self.style, self.style.text);
        let results = self.figures.results();
        let settings = results.settings();
        let trials = style.count(settings.trials);
        let mut lines =
            vec![text.savings().to_owned(), text.sources(Sourced::of(&self.axes.scenario.register))];
        lines.extend(self.due_dates());
        if let (Some(mean), Some(p90)) = (self.error_of(Statistic::Mean), self.error_of(Statistic::P90)) {
            lines.push(text.simulation_error(&self.in_units(mean), &self.in_units(p90)));
        }
        if self.cells().any(|cell| results.bucketed(results.grid().figure(cell, Flow::Payment))) {
            lines.push(text.bucketed(&style.bound(RELATIVE_WIDTH)));
        }
        lines.extend(correlations::sentences(self.figures.dependence(), style));
        lines.extend(without_value(self.figures.results(), self.style));
        lines.extend(self.booked());
        lines.push(text.accounts_closed(&trials));
        if settings.chance == Chance::Sobol {
            let dimensions = results.model().plan().dimensions();
            let (given, beyond) = (dimensions.given(), dimensions.beyond());
            lines.extend((beyond > 0).then(|| text.beyond_points(given, beyond)));
        }
        lines.push(text.ran(Ran { trials: &trials, seed: settings.seed, sampler: settings.chance.name() }));
        let lines: String = lines.iter().map(|line| paragraph(line)).collect();
        paragraph(text.notes_title()) + &lines
    }

    /// When amounts fall due, of each investment that is shown.
    fn due_dates(&self) -> impl Iterator<Item = String> {
        let scenario = self.axes.scenario;
        let single = scenario.investments.len() == 1;
        let shown = self.shown.iter().filter_map(move |(pick, _)| match pick {
            Pick::One(index) => scenario.investments.get(*index),
            Pick::All if single => scenario.investments.first(),
            Pick::All => None,
        });
        shown.filter_map(|investment| self.due_dates_of(investment))
    }

    fn due_dates_of(&self, investment: &Investment) -> Option<String> {
        let text = self.style.text;
        let dates: BTreeSet<Date> =
            investment.terms.iter().flat_map(|term| &term.readings).map(|reading| reading.due).collect();
        let (first, last) = (text.date(*dates.first()?), text.date(*dates.last()?));
        let id = investment.id.as_str();
        Some(if dates.len() > MOST_DATES {
            text.falls_due_between(id, dates.len(), &first, &last)
        } else {
            let dates: Vec<_> = dates.into_iter().map(|date| text.date(date)).collect();
            text.falls_due(id, &dates)
        })
    }

    /// Account labels, carried through from the budgets and the terms; nothing is computed with them.
    fn booked(&self) -> Vec<String> {
        let scenario = self.axes.scenario;
        let mut accounts: BTreeMap<&Id, BTreeSet<&str>> = BTreeMap::new();
        let budgets = scenario.investments.iter().flat_map(|i| &i.budgets).chain(&scenario.budgets);
        for (payer, account) in budgets.filter_map(|(payer, budget)| Some((payer, budget.account.as_ref()?)))
        {
            accounts.entry(payer).or_default().insert(account);
        }
        for term in scenario.investments.iter().flat_map(|i| &i.terms) {
            for (payer, account) in
                term.payers.iter().filter_map(|payer| Some((payer, term.account.as_ref()?)))
            {
                accounts.entry(payer).or_default().insert(account);
            }
        }
        let line = |(payer, accounts): (&Id, BTreeSet<&str>)| {
            let accounts: Vec<_> = accounts.into_iter().collect();
            self.style.text.booked_on(&safe(&scenario.parties[payer].name), &safe(&accounts.join(", ")))
        };
        accounts.into_iter().map(line).collect()
    }

    /// The cells of the table of payments.
    fn cells(&self) -> impl Iterator<Item = Cell> {
        self.shown.iter().flat_map(move |investment| {
            self.axes.payers.iter().flat_map(move |payer| {
                self.axes.years.iter().map(move |year| Cell {
                    investment: investment.0,
                    party: payer.0,
                    year: year.0,
                })
            })
        })
    }

    /// The largest half-width of the interval of a statistic in the table, in øre.
    fn error_of(&self, statistic: Statistic) -> Option<f64> {
        let estimates = self.cells().filter_map(|cell| self.figures.of(cell, Flow::Payment).get(statistic));
        estimates.filter_map(Estimate::within).reduce(f64::max)
    }

    /// Errors are small: they are told in units where amounts are in thousands.
    fn in_units(&self, ore: f64) -> String {
        let currency = self.style.text.currency(&self.axes.scenario.currency.code, false, None);
        format!("{}\u{a0}{currency}", self.style.units(ore))
    }
}
