//! Accounts: the grid of figures, its sums, and the assertions that every account closes in every trial.

use std::collections::BTreeSet;

use super::super::grid::{Cell, Flow, Grid, Pick};
use super::super::plan::build::RangeError;
use super::super::plan::column::{Origin, Unit, Whole};
use super::Shared;
use super::flows::Flows;

/// Assembles the grid from the flows of all investments.
pub(super) fn assemble(shared: &mut Shared<'_>, flows: &[Flows]) -> Result<Grid, RangeError> {
    let years: BTreeSet<i16> =
        flows.iter().flat_map(Flows::all_cells).map(|(_, (_, year), _)| year).collect();
    let presented = [Flow::Earned, Flow::MovedIn, Flow::Payment, Flow::Guarantee, Flow::Returned];
    let payments = flows.iter().flat_map(|f| presented.iter().flat_map(|flow| f.cells(*flow)));
    let payments = payments.map(|((_, year), _)| year).collect();
    let mut grid = Grid {
        years: years.into_iter().collect(),
        payment_years: payments,
        limits: flows.iter().flat_map(|f| f.limits.clone()).collect(),
        ..Grid::default()
    };
    for (investment, flows) in flows.iter().enumerate() {
        close(shared, investment, flows);
        single_cells(shared, &mut grid, investment, flows)?;
    }
    for flow in Flow::ALL {
        add_sums(shared, &mut grid, flow)?;
    }
    spare(shared, &mut grid)?;
    Ok(grid)
}

/// `payment = earned − cut − moved out + moved in + topped up` by payer and year, moves cancel, receipts are payments.
fn close(shared: &mut Shared<'_>, investment: usize, flows: &Flows) {
    let name = shared.scenario.investments[investment].id.to_string();
    let cells: BTreeSet<_> =
        flows.all_cells().filter(|(flow, _, _)| *flow < Flow::Receipt).map(|(_, at, _)| at).collect();
    for at in cells {
        let side = |flows_of: &[Flow]| -> Vec<Whole> {
            flows_of.iter().flat_map(|flow| flows.amounts(*flow, at)).copied().collect()
        };
        let owed = side(&[Flow::Earned, Flow::MovedIn, Flow::ToppedUp]);
        let settled = side(&[Flow::Payment, Flow::Cut, Flow::MovedOut]);
        let payer = shared.scenario.parties.keys().nth(at.0).map(ToString::to_string).unwrap_or_default();
        shared.builder.close(&owed, &settled, format!("{name}, {payer}, {}", at.1));
    }
    let everything =
        |flow: Flow| -> Vec<Whole> { flows.cells(flow).flat_map(|(_, amounts)| amounts.to_vec()).collect() };
    shared.builder.close(&everything(Flow::MovedIn), &everything(Flow::MovedOut), format!("{name}, moves"));
    if flows.repaid {
        // Receipts = payments to funds + guarantees − what is given back.
        let paid = [Flow::Payment, Flow::Guarantee].into_iter().flat_map(everything).collect::<Vec<_>>();
        let fees = everything(Flow::Fee).into_iter().chain(flows.received.iter().copied());
        shared.builder.close(&paid, &fees.collect::<Vec<_>>(), format!("{name}, receipts"));
        let receipts = everything(Flow::Receipt);
        if receipts != flows.received {
            let kept: Vec<_> = receipts.into_iter().chain(flows.given_back.iter().copied()).collect();
            shared.builder.close(&kept, &flows.received, format!("{name}, what funds keep"));
        }
    }
}

fn single_cells(
    shared: &mut Shared<'_>,
    grid: &mut Grid,
    investment: usize,
    flows: &Flows,
) -> Result<(), RangeError> {
    for (flow, (party, year), amounts) in flows.all_cells() {
        let Ok(year) = grid.years.binary_search(&year) else { continue };
        let origin = origin(shared, flow, Some(investment), Some(party), Some(grid.years[year]));
        let figure = shared.builder.sum(amounts, Unit::Ore, origin)?;
        let cell = Cell { investment: Pick::One(investment), party: Pick::One(party), year: Pick::One(year) };
        grid.cells.insert((cell, flow), figure);
    }
    Ok(())
}

/// Sums over years, then over parties, then over investments: totals are computed, never added from quantiles.
fn add_sums(shared: &mut Shared<'_>, grid: &mut Grid, flow: Flow) -> Result<(), RangeError> {
    sum_over(shared, grid, flow, |cell| Cell { year: Pick::All, ..cell })?;
    sum_over(shared, grid, flow, |cell| Cell { party: Pick::All, ..cell })?;
    sum_over(shared, grid, flow, |cell| Cell { investment: Pick::All, ..cell })
}

fn sum_over(
    shared: &mut Shared<'_>,
    grid: &mut Grid,
    flow: Flow,
    target: impl Fn(Cell) -> Cell,
) -> Result<(), RangeError> {
    let mut sums: std::collections::BTreeMap<Cell, Vec<Whole>> = std::collections::BTreeMap::new();
    for ((cell, of), figure) in &grid.cells {
        if *of == flow {
            sums.entry(target(*cell)).or_default().push(*figure);
        }
    }
    for (cell, figures) in sums {
        let origin = cell_origin(shared, grid, flow, cell);
        let sum = shared.builder.sum(&figures, Unit::Ore, origin)?;
        grid.cells.insert((cell, flow), sum);
    }
    Ok(())
}

/// Cut plus moved out: the mark of a cell in which a limit took something.
fn spare(shared: &mut Shared<'_>, grid: &mut Grid) -> Result<(), RangeError> {
    let cells: BTreeSet<Cell> = grid
        .cells
        .keys()
        .filter(|(_, flow)| matches!(flow, Flow::Cut | Flow::MovedOut))
        .map(|(cell, _)| *cell)
        .collect();
    for cell in cells {
        let parts = [grid.figure(cell, Flow::Cut), grid.figure(cell, Flow::MovedOut)];
        let origin = cell_origin(shared, grid, Flow::Cut, cell);
        let spared = shared.builder.sum(&parts, Unit::Ore, origin)?;
        grid.spared.insert(cell, spared);
    }
    Ok(())
}

fn cell_origin(shared: &Shared<'_>, grid: &Grid, flow: Flow, cell: Cell) -> Origin {
    let one = |pick| match pick {
        Pick::One(index) => Some(index),
        Pick::All => None,
    };
    origin(shared, flow, one(cell.investment), one(cell.party), one(cell.year).map(|year| grid.years[year]))
}

fn origin(
    shared: &Shared<'_>,
    flow: Flow,
    investment: Option<usize>,
    party: Option<usize>,
    year: Option<i16>,
) -> Origin {
    let investment = investment.map_or("all", |index| shared.scenario.investments[index].id.as_str());
    let party =
        party.and_then(|index| shared.scenario.parties.keys().nth(index)).map_or("all", |id| id.as_str());
    let year = year.map_or_else(|| "total".to_owned(), |year| year.to_string());
    Origin::of(format!("{} of {party} in {investment}, {year}", flow.name()))
}
