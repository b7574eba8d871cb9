//! Cells by names, so that scenarios with other contracts, payers and years can be held against each other.

use std::collections::BTreeSet;

use crate::engine::grid::{Cell, Flow, Pick};
use crate::engine::model::Model;

/// Investment, party and year of a cell, as in files.
pub type Names = [String; 3];

/// Every cell that a payment can fall in, in any scenario.
pub(crate) fn names(models: &[&Model]) -> Vec<Names> {
    let (mut investments, mut parties, mut years) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for model in models {
        let (scenario, grid) = (model.scenario(), &model.compiled().grid);
        investments.extend(scenario.investments.iter().map(|i| i.id.to_string()));
        years.extend(grid.payment_years.iter().map(ToString::to_string));
        let payers = grid.cells.keys().filter(|(_, flow)| *flow == Flow::Payment);
        let ids: Vec<_> = scenario.parties.keys().collect();
        parties.extend(payers.filter_map(|(cell, _)| match cell.party {
            Pick::One(index) => ids.get(index).map(ToString::to_string),
            Pick::All => None,
        }));
    }
    let last = |members: BTreeSet<String>, all: &str| -> Vec<String> {
        members.into_iter().chain([all.to_owned()]).collect()
    };
    let (parties, years) = (last(parties, "all"), last(years, "total"));
    let mut names = Vec::new();
    for investment in last(investments, "all") {
        for party in &parties {
            names.extend(years.iter().map(|year| [investment.clone(), party.clone(), year.clone()]));
        }
    }
    names
}

/// The cell of a model with these names; `None` when it has no such investment, party or year.
pub(crate) fn cell(model: &Model, [investment, party, year]: &Names) -> Option<Cell> {
    let (scenario, grid) = (model.scenario(), &model.compiled().grid);
    let pick = |name: &str, all: &str, at: Option<usize>| {
        if name == all { Some(Pick::All) } else { at.map(Pick::One) }
    };
    let investments = &scenario.investments;
    Some(Cell {
        investment: pick(investment, "all", investments.iter().position(|i| i.id.as_str() == investment))?,
        party: pick(party, "all", scenario.parties.keys().position(|id| id.as_str() == party))?,
        year: pick(year, "total", grid.years.iter().position(|known| known.to_string() == *year))?,
    })
}
