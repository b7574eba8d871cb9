//! The grid of figures: investment × party × flow × budget year, each an integer of the plan.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::column::Whole;
use crate::money::Ore;
use crate::scenario::model::Span;
use crate::scenario::name::{Id, Name};

/// What kind of money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// What a payer would owe without limits.
    Earned,
    /// What limits took, and nobody pays.
    Cut,
    /// What came from another payer or another date.
    MovedIn,
    /// What went to another payer or another date.
    MovedOut,
    /// What floors added.
    ToppedUp,
    /// What a payer pays.
    Payment,
    /// What the investor gets, in the payer's budget year.
    Receipt,
    /// What the investor puts in.
    Drawdown,
    /// What is given and never repaid.
    Donation,
    /// What a guarantor pays on the contract's last day.
    Guarantee,
    /// What a payer gets back of a fund's surplus.
    Returned,
    /// What a party other than a fund gets of the payments.
    Fee,
}

impl Flow {
    /// All flows, in the order of the files.
    pub const ALL: [Self; 12] = [
        Self::Earned,
        Self::Cut,
        Self::MovedIn,
        Self::MovedOut,
        Self::ToppedUp,
        Self::Payment,
        Self::Receipt,
        Self::Drawdown,
        Self::Donation,
        Self::Guarantee,
        Self::Returned,
        Self::Fee,
    ];

    /// The name in files, the same in every language.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Earned => "earned",
            Self::Cut => "cut",
            Self::MovedIn => "moved_in",
            Self::MovedOut => "moved_out",
            Self::ToppedUp => "topped_up",
            Self::Payment => "payment",
            Self::Receipt => "receipt",
            Self::Drawdown => "drawdown",
            Self::Donation => "donation",
            Self::Guarantee => "guarantee",
            Self::Returned => "returned",
            Self::Fee => "fee",
        }
    }
}

/// One member of a dimension, or all of them together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pick {
    /// Index in the dimension's ascending order.
    One(usize),
    /// The sum over the dimension: `all`, or `total` for years.
    All,
}

/// A cell of the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// Which investment.
    pub investment: Pick,
    /// Which party.
    pub party: Pick,
    /// Which budget year.
    pub year: Pick,
}

/// Figures of one limit.
#[derive(Clone, Debug)]
pub struct LimitFigures {
    pub(crate) investment: usize,
    pub(crate) id: String,
    /// The window's word, or `return_cap`.
    pub(crate) scope: &'static str,
    /// The payer whose amounts it counts, or the fund's party; `None` for everyone.
    pub(crate) party: Option<usize>,
    /// By year, ascending, then the total under `None`.
    pub(crate) years: Vec<(Option<i16>, LimitYear)>,
    /// What arrives at it, by window; empty for a return cap, whose capacity moves.
    pub(crate) presented: Vec<Presented>,
    pub(crate) span: Span,
}

/// What arrives at one window of a limit.
#[derive(Clone, Debug)]
pub(crate) struct Presented {
    /// What the window lets through, in øre.
    pub(crate) capacity: Ore,
    /// The amounts that arrive.
    pub(crate) amounts: Vec<Whole>,
}

impl LimitFigures {
    /// Position of the investment it belongs to.
    #[must_use]
    pub fn investment(&self) -> usize {
        self.investment
    }

    /// Its id in the file; `return-cap` for that of the fund.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What it did in a year, or over all years (`None`). Nothing where nothing was presented to it.
    #[must_use]
    pub fn year(&self, year: Option<i16>) -> Option<LimitYear> {
        self.years.iter().find(|(found, _)| *found == year).map(|(_, figures)| *figures)
    }
}

/// What a limit did in a year.
#[derive(Clone, Copy, Debug)]
pub struct LimitYear {
    /// What it did not let through when it was first presented, in øre.
    pub(crate) excess: Whole,
    /// What nobody pays because of it; where amounts roll, what is left on the last day.
    pub(crate) lost: Whole,
    /// What it passed on to a later date or another payer.
    pub(crate) moved: Whole,
    /// Lost and moved together.
    pub(crate) taken: Whole,
    /// 1 when it was full at the end of a window.
    pub(crate) full: Whole,
}

impl LimitYear {
    /// What it did not let through when first presented, in øre.
    #[must_use]
    pub fn excess(&self) -> Whole {
        self.excess
    }

    /// 1 where it was full at the end of a window, else 0.
    #[must_use]
    pub fn full(&self) -> Whole {
        self.full
    }
}

/// All figures of a plan.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    pub(crate) years: Vec<i16>,
    /// The years in which a payment can fall.
    pub(crate) payment_years: BTreeSet<i16>,
    pub(crate) cells: BTreeMap<(Cell, Flow), Whole>,
    /// Cut plus moved out: what a payer was spared in a cell.
    pub(crate) spared: BTreeMap<Cell, Whole>,
    pub(crate) limits: Vec<LimitFigures>,
    pub(crate) undefined: Vec<Undefined>,
}

/// A formula of outcomes that has no value in some trials.
#[derive(Clone, Debug)]
pub struct Undefined {
    pub(crate) investment: Id,
    pub(crate) outcome: Name,
    /// 1 in the trials in which one of its readings has no value, else 0.
    pub(crate) flag: Whole,
}

impl Undefined {
    /// The investment and the outcome.
    #[must_use]
    pub fn outcome(&self) -> (&Id, &Name) {
        (&self.investment, &self.outcome)
    }

    /// 1 in the trials in which one of its readings has no value, else 0.
    #[must_use]
    pub fn flag(&self) -> Whole {
        self.flag
    }
}

impl Grid {
    /// A figure; zero where nothing can fall.
    #[must_use]
    pub fn figure(&self, cell: Cell, flow: Flow) -> Whole {
        self.cells.get(&(cell, flow)).copied().unwrap_or(Whole::ZERO)
    }

    /// The budget years, ascending.
    #[must_use]
    pub fn years(&self) -> &[i16] {
        &self.years
    }

    /// The flows of the files: those that every contract has, and of the others those that one of these can have.
    pub fn flows(&self) -> impl Iterator<Item = Flow> {
        let here: BTreeSet<Flow> = self.cells.keys().map(|(_, flow)| *flow).collect();
        Flow::ALL.into_iter().filter(move |flow| *flow <= Flow::Donation || here.contains(flow))
    }

    /// The figures of every limit, in the order in which limits act; the return cap last.
    #[must_use]
    pub fn limits(&self) -> &[LimitFigures] {
        &self.limits
    }

    /// Formulas of outcomes that may have no value, by investment and outcome.
    #[must_use]
    pub fn undefined(&self) -> &[Undefined] {
        &self.undefined
    }

    /// Every figure in which something can fall, in order.
    pub fn figures(&self) -> impl Iterator<Item = ((Cell, Flow), Whole)> {
        self.cells.iter().map(|(at, figure)| (*at, *figure))
    }

    /// Cut plus moved out of a cell.
    #[must_use]
    pub fn spared(&self, cell: Cell) -> Whole {
        self.spared.get(&cell).copied().unwrap_or(Whole::ZERO)
    }
}
