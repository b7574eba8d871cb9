//! The axes of the grid as files list them: ids ascending and then `all`, years ascending and then `total`.

use std::collections::BTreeSet;

use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::results::Results;
use crate::money::Ore;
use crate::scenario::model::{Budget, Scenario};

/// A member of an axis with its name in files.
pub(crate) type Member = (Pick, String);

/// The axes of a run.
#[derive(Debug)]
pub(crate) struct Axes<'r> {
    pub(crate) scenario: &'r Scenario,
    pub(crate) investments: Vec<Member>,
    pub(crate) parties: Vec<Member>,
    /// Parties that can pay, and all.
    pub(crate) payers: Vec<Member>,
    /// The budget years in which a payment can fall, and the total.
    pub(crate) years: Vec<Member>,
}

impl<'r> Axes<'r> {
    pub(crate) fn new(results: &Results<'r>) -> Self {
        let scenario = results.model().scenario();
        let grid = results.grid();
        let paying: BTreeSet<Pick> = grid
            .cells
            .keys()
            .filter(|(_, flow)| *flow == Flow::Payment)
            .map(|(cell, _)| cell.party)
            .collect();
        let parties = axis(scenario.parties.keys().map(ToString::to_string).enumerate(), "all");
        let years = grid.years.iter().enumerate().filter(|(_, year)| grid.payment_years.contains(year));
        Self {
            scenario,
            investments: axis(scenario.investments.iter().map(|i| i.id.to_string()).enumerate(), "all"),
            payers: parties
                .iter()
                .filter(|(pick, _)| *pick == Pick::All || paying.contains(pick))
                .cloned()
                .collect(),
            parties,
            years: axis(years.map(|(index, year)| (index, year.to_string())), "total"),
        }
    }

    /// Investment, party and year in the order of rows.
    pub(crate) fn payer_cells(&self) -> impl Iterator<Item = ([&str; 3], Cell)> {
        self.investments.iter().flat_map(move |investment| {
            self.payers.iter().flat_map(move |party| {
                self.years.iter().map(move |year| {
                    let cell = Cell { investment: investment.0, party: party.0, year: year.0 };
                    ([investment.1.as_str(), party.1.as_str(), year.1.as_str()], cell)
                })
            })
        })
    }

    /// What a payer has appropriated for a cell, in øre.
    ///
    /// A total has one only when every year in which a payment can fall has; all payers together have none.
    pub(crate) fn appropriation(&self, cell: Cell) -> Option<Ore> {
        let budget = self.budget(cell)?;
        if cell.year != Pick::All {
            return self.appropriated(budget, cell.year);
        }
        let years = self.years.iter().filter(|(pick, _)| *pick != Pick::All);
        years.map(|(pick, _)| self.appropriated(budget, *pick)).sum()
    }

    fn appropriated(&self, budget: &Budget, year: Pick) -> Option<Ore> {
        let (_, name) = self.years.iter().find(|(pick, _)| *pick == year)?;
        budget.appropriation.get(&name.parse::<i16>().ok()?).copied()
    }

    /// A scenario of one investment has one budget, wherever it is written.
    fn budget(&self, cell: Cell) -> Option<&Budget> {
        let Pick::One(party) = cell.party else { return None };
        let id = self.scenario.parties.keys().nth(party)?;
        let whole = self.scenario.budgets.get(id);
        let of = |index: usize| self.scenario.investments.get(index).and_then(|i| i.budgets.get(id));
        match (cell.investment, self.scenario.investments.len()) {
            (_, 1) => whole.or_else(|| of(0)),
            (Pick::All, _) => whole,
            (Pick::One(index), _) => of(index),
        }
    }

    /// The unit of amounts: the currency, with its price level where one is stated.
    pub(crate) fn currency(&self) -> String {
        self.scenario.currency.unit()
    }
}

fn axis(members: impl Iterator<Item = (usize, String)>, all: &str) -> Vec<Member> {
    let members = members.map(|(index, name)| (Pick::One(index), name));
    members.chain(std::iter::once((Pick::All, all.to_owned()))).collect()
}
