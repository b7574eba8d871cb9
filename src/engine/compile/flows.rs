//! Flows of one investment: what moved, by payer and budget year, collected while its limits are compiled.

use std::collections::BTreeMap;

use super::super::grid::{Flow, LimitFigures};
use super::super::ledger::Journal;
use super::super::plan::column::Whole;

/// Payer and budget year.
pub(super) type PayerYear = (usize, i16);

/// What moved in an investment. Several amounts may stand in one cell; they add up.
#[derive(Debug, Default)]
pub(super) struct Flows {
    by_flow: BTreeMap<Flow, BTreeMap<PayerYear, Vec<Whole>>>,
    /// What funds received and gave back, to hold against the payments.
    pub(super) received: Vec<Whole>,
    pub(super) given_back: Vec<Whole>,
    /// Whether anyone is repaid.
    pub(super) repaid: bool,
    pub(super) limits: Vec<LimitFigures>,
    /// What moved, line by line, when a ledger is asked for.
    pub(super) journal: Journal,
}

impl Flows {
    /// Nothing yet, for an investment of which someone is repaid or nobody.
    pub(super) fn new(repaid: bool, journal: Journal) -> Self {
        Self { repaid, journal, ..Self::default() }
    }

    /// Adds an amount to a cell; nothing is not recorded.
    pub(super) fn add(&mut self, flow: Flow, at: PayerYear, amount: Whole) {
        if amount != Whole::ZERO {
            self.journal.moves(flow, at.0, at.1, amount);
            self.by_flow.entry(flow).or_default().entry(at).or_default().push(amount);
        }
    }

    /// The amounts of a cell.
    pub(super) fn amounts(&self, flow: Flow, at: PayerYear) -> &[Whole] {
        self.by_flow.get(&flow).and_then(|cells| cells.get(&at)).map_or(&[], Vec::as_slice)
    }

    /// The cells in which something of a flow can fall.
    pub(super) fn cells(&self, flow: Flow) -> impl Iterator<Item = (PayerYear, &[Whole])> {
        self.by_flow.get(&flow).into_iter().flatten().map(|(at, amounts)| (*at, amounts.as_slice()))
    }

    /// All cells of all flows.
    pub(super) fn all_cells(&self) -> impl Iterator<Item = (Flow, PayerYear, &[Whole])> {
        self.by_flow.iter().flat_map(|(flow, cells)| cells.iter().map(|(at, a)| (*flow, *at, a.as_slice())))
    }
}
