//! The largest amounts of flows that the terms allow, found when they are first asked for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::compile::Compiled;
use super::grid::{Cell, Flow};
use super::plan::largest::{Known, Largest};
use crate::money::Ore;

/// Operations of a plan of some dozen contracts.
const MANY: usize = 4096;

/// The largest amounts of a model.
///
/// Payments are found apart, since a table asks for nothing else; and always before the others, which go on with what is
/// known of them. So no amount in a results folder depends on what is asked for.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    payments: OnceLock<Found>,
    others: OnceLock<Found>,
}

/// Which largest amounts will be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// Those of payments: by every table.
    Payments,
    /// Those of all flows: by the files of a results folder.
    All,
}

#[derive(Debug)]
struct Found {
    largest: BTreeMap<(Cell, Flow), Ore>,
    known: Known,
}

impl Bounds {
    /// The largest amount of a flow in a cell (øre); zero where nothing can fall, `None` where the terms bound nothing.
    pub(super) fn of(&self, compiled: &Compiled, cell: Cell, flow: Flow) -> Option<Ore> {
        let threads = rayon::current_num_threads();
        let payments = self.payments(compiled, threads);
        let found = match flow {
            Flow::Payment => payments,
            flow if is_bounded(flow) => self.others(compiled, threads),
            _ => return None,
        };
        Some(found.largest.get(&(cell, flow)).copied().unwrap_or(0))
    }

    /// Those of payments, looked for when they are first asked for.
    fn payments(&self, compiled: &Compiled, threads: usize) -> &Found {
        self.payments.get_or_init(|| find(compiled, Known::default(), threads, |flow| flow == Flow::Payment))
    }

    /// Those of other flows, looked for when they are first asked for.
    fn others(&self, compiled: &Compiled, threads: usize) -> &Found {
        let of = |flow| is_bounded(flow) && flow != Flow::Payment;
        let known = || self.payments(compiled, threads).known.clone();
        self.others.get_or_init(|| find(compiled, known(), threads, of))
    }

    /// Looks for those that will be asked for: on this thread, unless that would take seconds.
    pub(super) fn prepare(&self, compiled: &Compiled, asked: Asked) {
        let threads = if compiled.plan.ops.len() > MANY { rayon::current_num_threads() } else { 1 };
        match asked {
            Asked::Payments => self.payments(compiled, threads),
            Asked::All => self.others(compiled, threads),
        };
    }
}

/// The largest amounts of a flow in some cells (øre), without a look at any other. Of payers of exact shares whoever is asked
/// for first is solved for, so that an amount can be another one in the last øre.
pub(super) fn of_some(compiled: &Compiled, cells: &[Cell], flow: Flow) -> Vec<Ore> {
    let figures: Vec<_> = cells.iter().map(|cell| compiled.grid.figure(*cell, flow)).collect();
    Largest::new(&compiled.plan).of_all(&figures, rayon::current_num_threads())
}

/// What limits take and move is bounded only together with what is earned.
fn is_bounded(flow: Flow) -> bool {
    !matches!(flow, Flow::Cut | Flow::MovedIn | Flow::MovedOut | Flow::ToppedUp)
}

/// The largest amounts of some flows.
fn find(compiled: &Compiled, known: Known, threads: usize, flows: impl Fn(Flow) -> bool) -> Found {
    let mut largest = Largest::knowing(&compiled.plan, known);
    let cells = compiled.grid.cells.iter().filter(|((_, flow), _)| flows(*flow));
    let (cells, figures): (Vec<_>, Vec<_>) = cells.map(|(cell, figure)| (*cell, *figure)).unzip();
    let found = largest.of_all(&figures, threads);
    Found { largest: cells.into_iter().zip(found).collect(), known: largest.into_known() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::model::Model;

    /// Amounts of the shipped contracts do not depend on how many threads look, on what is asked for, or in which order.
    #[test]
    fn whoever_looks_finds_the_same() {
        for path in ["scenarios/norddjurs.toml", "scenarios/gallery/g1-quarterly-cap.toml"] {
            let model = Model::load(path).unwrap();
            let compiled = model.compiled();
            for flow in [Flow::Payment, Flow::Receipt, Flow::Earned] {
                let cells: Vec<_> =
                    compiled.grid.cells.keys().filter(|(_, f)| *f == flow).map(|(cell, _)| *cell).collect();
                let expected: Vec<_> =
                    cells.iter().map(|cell| model.contract_max(*cell, flow).unwrap()).collect();
                assert_eq!(of_some(compiled, &cells, flow), expected, "{path} {flow:?}");
                for threads in [1, 2, 7] {
                    let figures: Vec<_> =
                        cells.iter().rev().map(|cell| compiled.grid.figure(*cell, flow)).collect();
                    let mut found = Largest::new(&compiled.plan).of_all(&figures, threads);
                    found.reverse();
                    assert_eq!(found, expected, "{path} {flow:?} {threads}");
                }
            }
        }
    }
}
